"""The form that puts a team together holds whom the grade still needs before anybody types."""

from datetime import timedelta

from rules.procedure import shipped
from workflow import organisation, procedures
from workflow.access import SYSTEM

PEOPLE = {"专管甲": ("客户服务部", "客服专管员(项目)"), "项目甲": ("项目部", "承办人")}
CALL = {
    "channel": "来函", "source_form": "书面", "kind": "业主", "name": "客户九", "phone": "13800000999",
    "project": "甲苑", "content": "外墙渗水", "demand": "整改", "promised_feedback_reason": "来函",
}  # fmt: skip


def test_the_form_of_a_team_begins_with_somebody_for_each_place(office):
    with office.session() as session:
        procedures.put_in_force(session, shipped()["P03"], actor=SYSTEM, now=office.now - timedelta(days=30))
        for name, (department, role) in PEOPLE.items():
            given = {"name": name, "username": name, "department": department, "roles": [role]}
            person = organisation.save_staff(session, arguments=given, actor=SYSTEM, now=office.now).result
            person.password_hash = session.query(type(person)).filter_by(name="王敏").one().password_hash
    key = office.do("register", None, "专管甲", **CALL)
    office.do("communicate", key, "专管甲", kind="安抚", way="电话", text="已沟通")
    office.do("update", key, "专管甲", split="质量类", category="工程质量")
    answer = office.client("专管甲").get(f"/do/form_team/{key}")
    assert answer.status_code == 200
    page = answer.get_data(as_text=True)
    assert "项目甲、项目部" in page.partition('name="members"')[2].partition("</textarea>")[0]
    assert 'data-shown="专管甲"' in page.partition('id="a-leader"')[2].partition(">")[0]
