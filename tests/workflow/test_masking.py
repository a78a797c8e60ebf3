"""Personal data is shown in full only to whoever works on the case."""

import pytest

from models import Coordination, CorrectiveAction, FeeLine, FormDocument, Proposal, WorkOrder
from rules.procedure import parse, shipped
from workflow.onpaper import sheet_from


@pytest.mark.parametrize("who", ["公司领导", "审计员", "系统管理员"])
def test_whoever_only_watches_reads_the_page_with_masked_contact_data(house, who):
    house.registered(name="李小梅", phone="13812345678", address="江滨路一号二单元")
    text = house.do("view", by=who).result
    assert "13812345678" not in text and "李小梅" not in text and "138****5678" in text


def test_whoever_works_on_the_case_reads_it_in_full(house):
    house.registered(name="李小梅", phone="13812345678", address="江滨路一号二单元")
    assert "李小梅 13812345678" in house.do("view", by="客服甲").result


def test_no_form_of_any_procedure_tells_who_complained_to_whoever_only_watches(house):
    case = house.registered(
        name="李小梅", phone="13812345678", address="江滨路一号二单元", content="请打 13812345678 找李小梅"
    )
    house.do("communicate", kind="安抚", way="电话", text="李小梅说可以")
    private, seen = ("李小梅", "13812345678", "江滨路一号二单元"), 0
    for text in shipped().values():
        for form in parse(text).forms:
            rows = {
                "complaint": case,
                "order": house.order() or house.ordered(),
                "correction": CorrectiveAction(
                    complaint=case, customer_name="王大力", phone=private[1], address=private[2]
                ),
                "proposal": Proposal(complaint=case, plan="答复李小梅"),
                "workorder": WorkOrder(complaint=case, customer_signed_by=private[0], fault="见 13812345678"),
                "fee": FeeLine(
                    complaint=case, customer="王大力", work_order=WorkOrder(complaint=case, fault=private[0])
                ),
                "coordination": Coordination(complaint=case, unit="环卫所", reply=f"已回复{private[0]}"),
                "document": FormDocument(
                    complaint=case, signatures=[], fields={item.key: "；".join(private) for item in form.fields}
                ),
            }
            sheet, full = (sheet_from(form, rows[form.table], clear=clear) for clear in (False, True))
            assert [word for word in (*private, "王大力") if word in sheet.text] == [], form.kind
            seen += any(word in full.text for word in private)
    assert seen > 10
