"""我的: what I was told, and nothing about a case that accuses me (回避)."""

from sqlalchemy import select

from models import Notice


def test_what_a_department_was_told_of_a_case_is_kept_from_the_member_whom_it_accuses(office):
    number = office.find(office.case("人力资源行政部", complained_person="刘洋", compensation_sought="物质")).case_no
    clear = office.find(office.case("抄表班", compensation_sought="物质")).case_no
    page = office.client("刘洋").get("/me/").get_data(as_text=True)
    assert clear in page
    assert number not in page


def test_the_accused_does_not_mark_as_read_what_he_may_not_read(office):
    key = office.case("人力资源行政部", complained_person="刘洋", compensation_sought="物质")
    told = office.one(select(Notice).where(Notice.complaint_id == key, Notice.to_department_id.is_not(None)))
    office.client("刘洋").post("/notices/read/", data={"notice": str(told.id)})
    assert office.one(select(Notice).where(Notice.id == told.id)).read_at is None
