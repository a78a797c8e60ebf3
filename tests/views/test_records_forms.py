"""What people do from the pages of the records: unmask, read, upload, answer a duty, look after people and days."""

from __future__ import annotations

import io
import re
from datetime import timedelta

import pytest
from sqlalchemy import select

from models import (
    Attachment,
    CalendarDay,
    Complaint,
    Department,
    Event,
    FormDocument,
    Measure,
    Notice,
    Role,
    Staff,
    SupervisionOrder,
)
from views.formats import local


def text(answer):
    return answer.get_data(as_text=True)


def details(client, endpoint, key):
    return text(client.get(f"/{endpoint}/details/?id={key}"))


def order_of(office, case):
    return office.one(select(SupervisionOrder).where(SupervisionOrder.complaint_id == case))


def test_the_order_shows_the_eleven_fields_of_its_paper_form_with_contact_data_masked(office):
    key = order_of(office, office.ordered("抄表班")).id
    page = details(office.client("王敏"), "orders", key)
    labels = (
        "客户姓名 联系电话 反映方式 反映时间 客户反映的服务质量问题内容 客户要求 调查处理人 承办部门 承办人 办理时限"
    )
    for label in [*labels.split(), "承办部门负责人签字"]:
        assert f"<dt>{label}</dt>" in page
    assert "138****5678" in page
    assert "13812345678" not in page


def test_an_order_in_full_needs_a_reason_is_shown_once_and_stays_in_the_history(office):
    case = office.ordered("抄表班")
    key = order_of(office, case).id
    client = office.client("王敏")
    client.post(f"/orders/unmask/?id={key}", data={"reason": ""})
    assert "13812345678" not in details(client, "orders", key)
    client.post(f"/orders/unmask/?id={key}", data={"reason": "联系客户"})
    assert "13812345678" in details(client, "orders", key)
    assert "13812345678" not in details(client, "orders", key)
    assert office.count(Event, Event.complaint_id == case, Event.verb == "unmask", Event.reason == "联系客户") == 1


def test_the_head_signs_from_the_page_of_the_order(office):
    case = office.ordered("抄表班")
    head = office.client("孙伟")
    page = details(head, "orders", order_of(office, case).id)
    assert f"/do/sign_order/{case}?url=" in page
    head.post(f"/do/sign_order/{case}", data={"handler": str(office.staff("周杰").id)})
    assert order_of(office, case).state == "已签收"


def test_each_measure_has_its_own_buttons(office):
    case = office.ordered("抄表班")
    due = (local(office.now) + timedelta(days=9)).date().isoformat()
    for words in ("先做的", "后做的"):
        office.do(
            "add_measure", case, "王敏", kind="纠正措施", measure=words, owner_department="客户营业部", due_on=due
        )
    first, second = (office.one(select(Measure).where(Measure.measure == words)) for words in ("先做的", "后做的"))
    client = office.client("孙伟")
    page = details(client, "measures", first.id)
    assert f"/do/implement_measure/{case}?measure_no={first.measure_no}" in page
    assert "verify_measure" not in page
    answer = client.post(
        f"/do/implement_measure/{case}?measure_no={first.measure_no}",
        data={"measure_no": first.measure_no, "result": "做完了"},
    )
    assert answer.status_code == 302
    assert office.one(select(Measure).where(Measure.id == first.id)).state == "待验证"
    assert office.one(select(Measure).where(Measure.id == second.id)).state == "实施中"


def test_the_accused_writes_his_reflection_from_his_duty_without_seeing_the_case(office):
    case = office.case("抄表班", complained_person="周杰", compensation_sought="物质", content="秘密的内容")
    number = office.find(case).case_no
    office.do("issue_order", case, "刘洋", limit_kind="N日内", limit_days=3)
    office.do("investigate", case, "刘洋", facts="查明的秘密", conclusion="属实", responsible_party="周杰")
    client = office.client("周杰")
    for page in (text(client.get("/duties/")), text(client.get("/"))):
        assert "书面认识" in page
        assert "秘密" not in page
        assert f"/complaints/details/?id={case}" not in page
    address = f"/do/fill_document/{case}?kind=书面认识"
    form = text(client.get(address))
    assert number in form
    assert "秘密" not in form
    assert 'name="fields.text"' in form
    paper = (io.BytesIO(b"%PDF-1.4\n%%EOF\n"), "认识.pdf")
    answer = client.post(address, data={"kind": "书面认识", "fields.text": "认识到错误", "fields.file": paper})
    assert answer.status_code == 302
    assert answer.location == "/"
    written = office.one(select(FormDocument).where(FormDocument.complaint_id == case))
    assert "认识到错误" in details(client, "documents", written.id)
    assert client.get(f"/complaints/details/?id={case}").status_code == 404


def test_a_stranger_to_the_case_is_offered_no_form_of_it(office):
    case = office.case("抄表班")
    answer = office.client("吴磊").get(f"/do/fill_document/{case}")
    assert answer.status_code == 404


def test_a_notice_is_read_by_whom_it_is_addressed_to_and_by_nobody_else(office):
    office.ordered("抄表班")
    notice = office.one(select(Notice).order_by(Notice.id).limit(1))
    other, head = office.client("吴磊"), office.client("孙伟")
    other.post("/notices/read/", data={"notice": str(notice.id)})
    assert office.one(select(Notice).where(Notice.id == notice.id)).read_at is None
    assert "全部已阅" in text(head.get("/notices/"))
    head.post("/notices/read/", data={"notice": str(notice.id)})
    assert office.one(select(Notice).where(Notice.id == notice.id)).read_by_id == office.staff("孙伟").id


PICTURE = b"\x89PNG\r\n\x1a\n" + b"\x00" * 40


def upload(office, name, content):
    case = office.case()
    client = office.client("王敏")
    data = {"kind": "其他", "file": (io.BytesIO(content), name)}
    return client, client.post(f"/do/attach/{case}", data=data, content_type="multipart/form-data")


def test_a_file_keeps_its_chinese_name_and_comes_back_as_a_download(office):
    client, answer = upload(office, "现场照片.png", PICTURE)
    assert answer.status_code == 302
    kept = office.one(select(Attachment))
    assert (kept.file_name, kept.media_type, kept.size) == ("现场照片.png", "image/png", len(PICTURE))
    back = client.get(f"/attachments/download/?id={kept.id}")
    assert back.get_data() == PICTURE
    back.close()
    assert back.headers["X-Content-Type-Options"] == "nosniff"
    assert back.headers["Content-Disposition"].startswith("attachment;")
    assert office.client("吴磊").get(f"/attachments/download/?id={kept.id}").status_code == 404


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("照片.jpg", b"MZ\x90\x00"),
        ("说明.txt", b"<html><script>alert(1)</script>"),
        ("照片.png", b"%PDF-1.7"),
        ("工具.exe", b"MZ"),
        ("表.xlsx", b"PK\x03\x04 no archive"),
        ("空.txt", b""),
        ("没有后缀", b"text"),
    ],
)
def test_a_file_is_told_by_its_content_and_not_only_by_its_name(office, name, content):
    _, answer = upload(office, name, content)
    assert answer.status_code == 422
    assert office.count(Attachment) == 0


def test_an_administrator_makes_a_person_and_hands_over_a_password_that_is_shown_once(office):
    admin = office.client("管理员")
    typed = {
        "name": "钱多",
        "username": "qianduo",
        "department": str(office.staff("吴磊").department_id),
        "roles": ["承办人"],
    }
    assert admin.post("/do/save_staff", data=typed).status_code == 302
    person = office.staff("钱多")
    page = admin.post(f"/staff/password/?id={person.id}")
    assert "no-store" in page.headers["Cache-Control"]
    password = re.search(r'class="one-time"><code>([^<]+)<', text(page)).group(1)
    assert password not in details(admin, "staff", person.id)
    newcomer = office.app.test_client()
    answer = newcomer.post("/login", data={"username": "qianduo", "password": password})
    assert answer.status_code == 302
    assert newcomer.get("/").location == "/me/password"
    assert office.client("王敏").post(f"/staff/password/?id={person.id}").status_code == 403


def test_the_form_of_an_edit_starts_from_what_is_stored_and_an_emptied_field_is_emptied(office):
    admin = office.client("管理员")
    person = office.staff("周杰")
    address = admin.get(f"/staff/edit/?id={person.id}").location
    form = text(admin.get(address))
    assert 'value="周杰"' in form
    assert re.search(r'value="承办人"\s+checked', form)
    kept = {"id": str(person.id), "name": "周杰", "username": "周杰", "department": str(person.department_id)}
    admin.post("/do/save_staff", data={**kept, "phone": "13800001111", "active": "是", "roles": ["承办人"]})
    assert office.staff("周杰").phone == "13800001111"
    admin.post("/do/save_staff", data={**kept, "phone": "", "active": "是", "roles": ["承办人", "受理人"]})
    assert office.staff("周杰").phone == ""


def test_departments_form_a_tree_and_none_stands_below_itself(office):
    admin = office.client("管理员")
    parent = office.one(select(Department).where(Department.name == "客户营业部"))
    crew = office.one(select(Department).where(Department.name == "抄表班"))
    page = text(admin.get("/departments/"))
    assert page.index("客户营业部") < page.index("\u3000抄表班")
    answer = admin.post(
        "/do/save_department", data={"id": str(parent.id), "name": "客户营业部", "parent": str(crew.id)}
    )
    assert answer.status_code == 422
    assert "上级部门不能是它自己或它的下级" in text(answer)


def test_a_role_is_narrowed_in_the_words_that_people_read(office):
    admin = office.client("管理员")
    role = office.one(select(Role).where(Role.name == "承办人"))
    form = text(admin.get(admin.get(f"/roles/edit/?id={role.id}").location))
    assert 'value="记录沟通"' in form
    admin.post("/do/narrow_role", data={"name": "承办人", "verbs": ["记录沟通", "添加附件"], "sees": "部门"})
    assert office.one(select(Role).where(Role.name == "承办人")).verbs == ["communicate", "attach"]


def test_a_day_of_the_organisation_is_entered_and_taken_back(office):
    admin = office.client("管理员")
    admin.post("/do/set_calendar", data={"day": "2026-06-18", "what": "休息", "name": "公司成立日"})
    day = office.one(select(CalendarDay))
    assert (day.is_workday, day.name) == (False, "公司成立日")
    assert "公司成立日" in text(admin.get("/calendar/"))
    admin.post("/do/set_calendar", data={"day": "2026-06-18", "what": "按国家日历"})
    assert office.count(CalendarDay) == 0
    assert office.client("王敏").get("/do/set_calendar").status_code == 403


def test_everybody_reads_the_procedure_and_finds_each_rule_with_its_reason_and_clause(office):
    client = office.client("周杰")
    page = details(client, "procedures", 1)
    for words in ("是抱怨还是投诉", "定级", "缺了就不能办", "主流媒体", "P02-5.1", "督办处理单", "办理"):
        assert words in page
    assert "argument." not in page
    standards = text(client.get("/standards/"))
    assert standards.count("<tr data-row>") >= 19


def test_the_page_of_the_jobs_says_what_waits_and_when_it_runs_next(office):
    page = text(office.client("管理员").get("/jobruns/"))
    for words in ("等着处理的时限", "下次", "超期扫描", "搁置"):
        assert words in page


def test_a_line_of_history_that_was_changed_is_seen(office):
    case = office.case()
    office.do("communicate", case, "王敏", way="电话", kind="安抚", text="已说明")
    line = office.one(select(Event).where(Event.complaint_id == case, Event.verb == "communicate"))
    admin = office.client("管理员")
    assert "本件的链完好" in details(admin, "history", line.id)


def test_the_name_of_a_complainant_is_masked_on_his_page_and_his_cases_are_listed(office):
    case = office.find(office.case())
    page = details(office.client("王敏"), "complainants", case.complainant_id)
    assert case.case_no in page
    assert "李梅" not in page
    assert office.count(Complaint) == 1
    assert office.count(Staff) > 5
