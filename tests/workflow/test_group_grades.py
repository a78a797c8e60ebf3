"""How weighty a complaint of the estate group is, by each fact that says so, and who is told and owes what."""

from __future__ import annotations

import pytest

from models import ComplaintLink, Notice
from tests.support.group import CLERK, COLLEAGUE, FULL, LEADER, OFFICER, Group

LEADERS = "区域公司领导层"
FACTS = [
    pytest.param({"lawsuit": "已发生"}, "重大", marks=pytest.mark.clause("P03-5.1", "P03-10.2")),
    pytest.param({"media_exposure": "已发生"}, "重大", marks=pytest.mark.clause("P03-5.1", "P03-10.2")),
    pytest.param({"parties_count": 10}, "重大", marks=pytest.mark.clause("P03-5.1", "P03-10.5", "G-09")),
    pytest.param({"parties_count": 9}, "热点", marks=pytest.mark.clause("P03-5.1", "P03-10.5", "G-09")),
    pytest.param({"lawsuit": "可能"}, "热点", marks=pytest.mark.clause("P03-5.2", "P03-10.2")),
    pytest.param({"media_exposure": "可能"}, "热点", marks=pytest.mark.clause("P03-5.2", "P03-10.2")),
    pytest.param({"parties_count": 3}, "热点", marks=pytest.mark.clause("P03-5.2", "P03-10.5", "G-09")),
    pytest.param({"parties_count": 2}, "一般", marks=pytest.mark.clause("P03-5.2", "P03-10.5", "G-09")),
    pytest.param({"repeat": True}, "重要", marks=pytest.mark.clause("P03-5.3", "P03-10.6")),
    pytest.param({"needs_legal": True}, "重要", marks=pytest.mark.clause("P03-5.3")),
    pytest.param({"needs_other_company": "协助"}, "重要", marks=pytest.mark.clause("P03-5.3")),
    pytest.param({"needs_other_company": "经验支持"}, "重要", marks=pytest.mark.clause("P03-5.3")),
    pytest.param(
        {"lawsuit": "无", "media_exposure": "无", "needs_legal": False, "needs_other_company": "否", "repeat": False},
        "一般",
        marks=pytest.mark.clause("P03-3.2", "P03-5.4"),
    ),
    pytest.param({"repeat": True, "media_exposure": "可能"}, "热点", marks=pytest.mark.clause("P03-5.5", "F-12")),
    pytest.param({"needs_legal": True, "lawsuit": "已发生", "parties_count": 3}, "重大",
                 marks=pytest.mark.clause("P03-5.5", "F-12")),
]  # fmt: skip


WEIGHTY = [({"needs_legal": True}, "重要"), ({"parties_count": 3}, "热点"), ({"parties_count": 10}, "重大")]


@pytest.mark.parametrize(("facts", "grade"), FACTS)
def test_the_worst_that_a_fact_says_is_the_grade(group: Group, facts: dict[str, object], grade: str) -> None:
    group.come()
    assert group.the_case().grade == "一般"
    group.act("update", by=OFFICER, **facts)
    assert group.the_case().grade == grade
    assert (f"级别 一般 → {grade}" in group.story()) == (grade != "一般")


@pytest.mark.parametrize("facts", [{"parties_count": 10}, {"lawsuit": "已发生"}, {"media_exposure": "已发生"}])
@pytest.mark.clause("P03-5.1")
def test_it_is_as_weighty_when_it_is_known_from_the_first_call(group: Group, facts: dict[str, object]) -> None:
    assert group.come(**facts).grade == "重大"


@pytest.mark.clause("P03-10.2", "G-13", "G-16")
def test_a_case_that_may_reach_the_press_and_does_rises_twice_and_both_are_told(group: Group) -> None:
    group.come()
    group.act("update", by=OFFICER, media_exposure="可能")
    group.act("update", by=OFFICER, media_exposure="已发生")
    assert [event.changes["级别"] for event in group.events(verb="update")] == [["一般", "热点"], ["热点", "重大"]]


@pytest.mark.clause("P03-10.5")
def test_a_joint_letter_that_grows_from_eight_to_eleven_rises(group: Group) -> None:
    assert group.come(channel="来函", source_form="书面", parties_count=8).grade == "热点"
    group.act("update", by=OFFICER, parties_count=11)
    assert group.the_case().grade == "重大"


@pytest.mark.parametrize(("facts", "grade"), WEIGHTY)
@pytest.mark.clause("P03-6.1", "P03-13.2", "F-18")
def test_what_is_more_than_ordinary_is_reported_at_once_and_owed_to_the_leaders(
    group: Group, facts: dict[str, object], grade: str
) -> None:
    group.come(**facts)
    (notice,) = group.notices("上报", to=LEADERS)
    assert notice.text.endswith(f"定为{grade}投诉")
    assert f"上报{grade}投诉" in group.duties()
    group.act("communicate", by=CLERK, kind="上报", way="书面", person="区域公司领导", text="已上报")
    assert f"上报{grade}投诉" not in group.duties()


@pytest.mark.parametrize(("facts", "grade"), WEIGHTY)
@pytest.mark.clause("P03-6.1", "P03-13.2")
def test_a_case_that_rises_is_reported_when_it_does(group: Group, facts: dict[str, object], grade: str) -> None:
    group.come()
    assert group.notices(to=LEADERS) == []
    group.act("update", by=OFFICER, **facts)
    assert [notice.text.rpartition(" ")[2] for notice in group.notices("升级", to=LEADERS)] == [f"升为{grade}投诉"]
    assert f"上报{grade}投诉" in group.duties()


@pytest.mark.clause("P03-13.2", "P03-5.4")
def test_an_ordinary_case_is_reported_to_nobody(group: Group) -> None:
    group.analysed()
    assert group.notices(to=LEADERS) == []
    assert [title for title in group.duties() if "上报" in title] == []


@pytest.mark.parametrize("raised", [False, True])
@pytest.mark.clause("P03-6.5", "P03-7.9")
def test_the_centre_and_the_vice_president_are_asked_once_to_join_a_major_case(group: Group, raised: bool) -> None:
    group.come(parties_count=9 if raised else 10)
    if raised:
        group.act("update", by=OFFICER, parties_count=10)
    assert "请集团客户服务中心和主管副总裁参加处理小组" in group.duties()
    group.analysed()
    group.act("dispatch", by=OFFICER)
    asked = [notice.recipient for notice in group.notices("重大投诉")]
    assert sorted(asked) == ["主管副总裁", "集团客户服务中心"]
    group.team(*FULL)
    assert "请集团客户服务中心和主管副总裁参加处理小组" not in group.duties()


@pytest.mark.clause("P03-6.5")
def test_a_hot_case_asks_neither_the_centre_nor_the_vice_president(group: Group) -> None:
    group.come(parties_count=9)
    assert group.notices("重大投诉") == []


# by time ------------------------------------------------------------------------------------------------------------

TIMES = [
    ("半月", "2026-04-01 10:00", "2026-04-16 23:59:59", "2026-04-17 00:00", "热点"),
    ("一个月", "2026-01-31 10:00", "2026-02-28 23:59:59", "2026-03-01 00:00", "重大"),
]


@pytest.mark.parametrize(("limit", "received", "last", "after", "grade"), TIMES)
@pytest.mark.clause("P03-5.1", "P03-5.2", "P03-8.3", "P03-8.4", "P03-10.3", "G-08")
def test_unsolved_for_our_reasons_it_rises_with_the_first_second_after(
    group: Group, limit: str, received: str, last: str, after: str, grade: str
) -> None:
    group.come(at=received, promised_feedback_at="2026-04-02 12:00")
    group.do("update", by=OFFICER, at=received, unresolved_by="我方")
    assert group.due(limit) == last
    group.sweep(last)
    assert group.the_case().grade == ("一般" if limit == "半月" else "热点")
    group.sweep(after)
    assert group.the_case().grade == grade


@pytest.mark.parametrize("side", ["客户", "第三方"])
@pytest.mark.clause("P03-10.3", "F-11")
def test_unsolved_for_the_reasons_of_others_it_stays_and_the_history_says_whose(group: Group, side: str) -> None:
    group.come(at="2026-04-01 10:00")
    group.do("update", by=OFFICER, at="2026-04-01 10:05", unresolved_by=side)
    group.sweep("2026-04-17 00:00")
    assert group.story().count(f"{side}原因,不升级") == 1
    group.sweep("2026-05-02 00:00")
    assert group.the_case().grade == "一般"
    assert group.story().count(f"{side}原因,不升级") == 2
    assert [text for text in group.story().splitlines() if "客户原因" in text and side != "客户"] == []


@pytest.mark.parametrize("said", [{}, {"unresolved_by": "未定"}])
@pytest.mark.clause("P03-10.3", "F-11")
def test_whose_reason_it_is_not_being_known_it_rises_and_somebody_has_to_find_out(
    group: Group, said: dict[str, str]
) -> None:
    group.come(at="2026-04-01 10:00")
    group.do("update", by=OFFICER, at="2026-04-01 10:05", category="工程质量", **said)
    group.sweep("2026-04-16 23:59")
    assert "请确认原因方" not in group.duties()
    group.sweep("2026-04-17 00:00")
    assert group.the_case().grade == "热点"
    assert "请确认原因方" in group.duties()
    group.do("update", by=OFFICER, at="2026-04-17 09:00", unresolved_by="客户")
    assert "请确认原因方" not in group.duties()
    assert group.the_case().grade == "热点", "it does not fall by itself"


@pytest.mark.parametrize(
    ("day", "text"),
    [("2026-04-15 00:00", "临近半月,未解决将升为热点投诉"), ("2026-04-30 00:00", "临近一个月,未解决将升为重大投诉")],
)
@pytest.mark.clause("P03-18.4")
def test_two_days_before_it_rises_the_officer_and_the_head_are_warned(group: Group, day: str, text: str) -> None:
    group.come(at="2026-04-01 10:00")
    group.sweep("2026-04-14 23:59" if "半月" in text else "2026-04-29 23:59")
    assert text not in group.story()
    group.sweep(day)
    told = [notice.recipient for notice in group.notices() if text in notice.text]
    assert sorted(told) == [OFFICER, "客户服务部负责人"]


@pytest.mark.clause("P03-8.3", "P03-8.4", "F-37")
def test_a_case_that_is_suspended_rises_all_the_same(group: Group) -> None:
    group.come(at="2026-04-01 10:00")
    group.do("pause", by=OFFICER, at="2026-04-02 09:00", reason="等待外部单位")
    group.sweep("2026-04-17 00:00")
    assert group.the_case().grade == "热点"


@pytest.mark.parametrize("verb", ["withdraw", "void"])
@pytest.mark.clause("P03-8.3", "P03-8.4")
def test_a_case_that_is_withdrawn_or_void_rises_no_more(group: Group, verb: str) -> None:
    group.come(at="2026-04-01 10:00")
    group.do(verb, by=CLERK if verb == "withdraw" else "系统管理员", at="2026-04-02 09:00", reason="误录")
    group.sweep("2026-05-02 00:00")
    assert group.the_case().grade == "一般"


# by number of the same ----------------------------------------------------------------------------------------------

SAME = {"category": "工程质量", "same_issue_key": "外墙渗水"}


def _three(group: Group, last: str, names: tuple[str, str, str] = ("甲", "乙", "丙"), **third: object) -> list[str]:
    """Three complaints of the same matter; the grades of all of them after the third."""
    cases = []
    for at, name in zip(("2026-03-10 09:00", "2026-03-25 09:00", last), names, strict=True):
        more = third if at == last else {}
        promised = {"promised_feedback_at": "2026-04-13 12:00"} if at == last else {}
        person = {"name": f"业主{name}", "phone": f"1380000{ord(name) % 10000:04}"}
        cases.append(group.come(at=at, **{**SAME, **promised, **person, "unresolved_by": "客户", **more}))
    return [case.grade for case in cases]


@pytest.mark.clause("P03-5.2", "P03-5.6", "P03-8.5", "P03-10.4", "F-08")
def test_the_third_who_says_the_same_within_a_month_makes_all_of_them_hot(group: Group) -> None:
    assert _three(group, "2026-04-10 23:50") == ["热点", "热点", "热点"]


@pytest.mark.clause("P03-5.6", "P03-8.5", "F-08")
def test_a_quarter_of_an_hour_later_the_first_is_more_than_a_month_ago(group: Group) -> None:
    assert _three(group, "2026-04-11 00:05") == ["一般", "一般", "一般"]


@pytest.mark.clause("P03-10.4")
def test_the_same_person_three_times_is_one_complainant(group: Group) -> None:
    assert set(_three(group, "2026-04-10 10:00", ("甲", "甲", "甲"))) == {"一般"}


@pytest.mark.parametrize("other", [{"project": "乙苑"}, {"category": "维修服务"}, {"same_issue_key": "地下室积水"}])
@pytest.mark.clause("P03-5.6", "F-08")
def test_another_estate_another_kind_or_another_matter_is_not_the_same(group: Group, other: dict[str, str]) -> None:
    assert _three(group, "2026-04-10 10:00", **other) == ["一般", "一般", "一般"]


# what cannot be made less -------------------------------------------------------------------------------------------


@pytest.mark.clause("P03-18.5", "G-13")
def test_a_grade_is_lowered_by_hand_only_when_no_fact_forbids_it_with_a_reason_and_a_leaders_consent(
    group: Group,
) -> None:
    group.come(lawsuit="已发生")
    assert "按现有事实应为重大" in group.no("change_grade", by=OFFICER, grade="一般", reason="影响不大")
    group.act("update", by=OFFICER, lawsuit="无")
    assert group.the_case().grade == "重大", "it does not fall by itself"
    assert "请写明调整级别的理由" in group.no("change_grade", by=OFFICER, grade="一般")
    group.act("change_grade", by=OFFICER, grade="一般", reason="误录")
    assert group.the_case().grade == "重大", "it waits for the leader"
    assert "区域公司领导层" in group.no("approve", by=COLLEAGUE, object="降级")
    group.act("approve", by=LEADER, object="降级", opinion="同意")
    assert group.the_case().grade == "一般"


@pytest.mark.clause("P03-18.5")
def test_a_lower_grade_that_the_leader_does_not_agree_to_stays_what_it_was(group: Group) -> None:
    group.come(lawsuit="已发生")
    group.act("update", by=OFFICER, lawsuit="无")
    group.act("change_grade", by=OFFICER, grade="一般", reason="误录")
    group.act("reject", by=LEADER, object="降级", opinion="继续观察")
    assert group.the_case().grade == "重大"


# the second complaint -----------------------------------------------------------------------------------------------


def _again(group: Group, at: str, **more: object) -> tuple[str | None, list[str]]:
    """Closed once; who complains then: the grade of the new case, and what it is linked with."""
    group.come(same_issue_key="栏杆松动")
    group.reach("")
    first = group.the_case()
    assert first.state == "已归档"
    case = group.come(at=at, **{"same_issue_key": "栏杆松动", "promised_feedback_at": "2027-01-04 12:00", **more})
    found = [link.kind for link in group.all(ComplaintLink) if link.other_id == first.id]
    return case.grade, found


@pytest.mark.clause("P03-7.15", "P03-10.6", "P03-14.2", "F-23")
@pytest.mark.parametrize(
    ("at", "more", "grade", "links"),
    [
        ("2026-05-20 10:00", {}, "重要", ["二次投诉"]),
        ("2026-11-09 10:00", {}, "重要", ["二次投诉"]),
        ("2026-11-10 10:00", {}, "一般", []),
        ("2026-05-20 10:00", {"same_issue_key": "电梯异响"}, "一般", []),
        ("2026-05-20 10:00", {"name": "业主乙"}, "一般", []),
        ("2026-05-20 10:00", {"project": "乙苑"}, "一般", []),
    ],
)
def test_the_same_matter_from_the_same_person_within_180_days_of_closing_is_a_second_complaint(
    group: Group, at: str, more: dict[str, str], grade: str, links: list[str]
) -> None:
    assert _again(group, at, **more) == (grade, links)


@pytest.mark.clause("P03-14.2", "F-23")
def test_dissatisfied_before_it_was_closed_is_the_same_case_once_more_and_no_second_complaint(group: Group) -> None:
    group.reach("visit")
    group.act("visit", by=COLLEAGUE, way="电话", result="不满意")
    case = group.the_case()
    assert (case.state, case.round, case.fields.get("repeat"), case.grade) == ("重新处理", 2, None, "一般")


@pytest.mark.clause("G-10", "P03-13.2")
def test_the_leaders_are_told_of_a_rise_by_time_once_however_often_it_is_swept(group: Group) -> None:
    group.come(at="2026-04-01 10:00")
    group.sweep("2026-04-17 00:00")
    told = group.session.query(Notice).count()
    group.sweep("2026-04-17 00:05")
    assert group.session.query(Notice).count() == told
    assert len(group.notices("升级", to=LEADERS)) == 1
