"""A list asks the database a fixed number of times, however many rows it shows."""

from tests.support.statements import counted

LISTS = (
    *("/", "/complaints/", "/orders/", "/corrections/", "/measures/", "/assessments/", "/documents/"),
    *("/duties/", "/notices/", "/complainants/", "/communications/", "/visits/", "/history/", "/staff/", "/decisions/"),
)


def work(office, number):
    """A case with something on it, of somebody new, and one more member of staff."""
    key = office.ordered(name=f"客户{number}", phone=f"1380000000{number}")
    office.do("communicate", key, "王敏", kind="进度", way="电话", text="已安排")
    office.do(
        "add_measure", key, "王敏", kind="纠正措施", measure="电话确认", owner_department="客户营业部",
        due_on=f"{office.today}",
    )  # fmt: skip
    office.do("save_staff", None, "管理员", name=f"新人{number}", department="抄表班", roles=["承办人"])


def test_more_rows_ask_no_more_statements(office):
    client, few, more = office.client("管理员"), {}, {}
    for number in (1, 2):
        work(office, number)
    for address in LISTS:
        client.get(address)
        with counted(office.app) as asked:
            assert client.get(address).status_code == 200
        few[address] = len(asked)
    for number in (3, 4, 5):
        work(office, number)
    for address in LISTS:
        with counted(office.app) as asked:
            client.get(address)
        if len(asked) > few[address]:
            more[address] = (few[address], len(asked))
    assert more == {}
