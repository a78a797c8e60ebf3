"""Assessment under P02: every item of 附件4, for grumbles and for complaints of each grade."""

import pytest
from hypothesis import given
from hypothesis import strategies as some

from rules.assessment import UnknownStandard, allowance, objections, proposals
from tests.unit.rules.shared import p02

SEVERITY = ("警告", "记过", "记大过", "解除劳动合同")
BY_GRADE = {
    "一级投诉": ("记大过", "解除劳动合同"),
    "二级投诉": ("警告", "记过", "记大过"),
    "三级投诉": ("通报批评", "警告", "记过"),
}
PERSON, HEAD = "责任人", "部门负责人"
# item -> whom it falls on, least points of one breach
ITEMS = {str(number): (PERSON, 10) for number in range(1, 16)} | {
    "3": (PERSON, 20),
    "4": (PERSON, None),
    "16": (HEAD, 5),
    "17": (HEAD, 10),
    "18": (HEAD, 10),
}


@pytest.mark.clause("P02-12.4")
def test_there_are_eighteen_items_and_the_fallback():
    numbers = [item.no + item.sub for item in p02().standards]
    assert numbers == [*"1234", "5a", "5b", "6a", "6b", *map(str, range(7, 19)), "其他"]


@pytest.mark.clause("P02-4.3", "P02-8.5")
def test_the_service_areas_and_the_three_rings_are_named():
    said = " ".join(item.category + item.subcategory + item.requirement for item in p02().standards)
    for term in (
        "仪容仪表",
        "举止仪态",
        "服务态度",
        "工程踏勘业务",
        "通气点火业务",
        "入户安检业务",
        "抄表业务",
        "换表业务",
        "及时性",
        "有效性",
        "唱收唱付",
        "15个工作日",
        "安全用气告知书",
    ):
        assert term in said
    assert all("三声" in p02().standard(number).requirement for number in ("2", "6b"))
    assert (p02().standard("14").category, p02().standard("14").subcategory) == ("上门服务", "抄表业务")


@pytest.mark.clause("P02-17.1", "P02-17.2", "P02-17.7", "P02-17.8", "P02-17.9")
@pytest.mark.parametrize("number", [number for number in ITEMS if number != "4"])
def test_a_grumble_costs_points_and_no_sanction(number):
    subject, points = ITEMS[number]
    allowed = allowance(p02(), number, "抱怨", None)
    assert (allowed.subjects, allowed.points_min, allowed.sanctions, allowed.needs_sanction) == (
        (subject,),
        points,
        (),
        False,
    )


@pytest.mark.clause("P02-17.4", "P02-17.5", "P02-17.6")
@pytest.mark.parametrize("number", [number for number in ITEMS if number != "4"])
@pytest.mark.parametrize("grade", BY_GRADE)
def test_a_complaint_is_sanctioned_by_its_grade(number, grade):
    allowed = allowance(p02(), int(number), "投诉", grade)
    assert (allowed.sanctions, allowed.needs_sanction) == (BY_GRADE[grade], True)
    assert allowed.subjects == (ITEMS[number][0],)


@pytest.mark.clause("P02-17.3")
@pytest.mark.parametrize(("nature", "grade"), [("抱怨", None), *(("投诉", grade) for grade in BY_GRADE)])
def test_item_four_goes_by_severity_whatever_nature_and_grade(nature, grade):
    allowed = allowance(p02(), 4, nature, grade)
    assert (allowed.points_min, allowed.sanctions, allowed.needs_sanction) == (None, SEVERITY, True)


@pytest.mark.clause("P02-17.10")
def test_the_fallback_gives_two_rows_for_a_grumble():
    assert proposals(p02(), "其他", "抱怨") == ((PERSON, 10), (HEAD, 5))
    assert allowance(p02(), "其他", "抱怨", None, HEAD).points_min == 5


@pytest.mark.clause("P02-17.11")
@pytest.mark.parametrize("grade", BY_GRADE)
def test_the_fallback_goes_by_grade_for_a_complaint(grade):
    assert allowance(p02(), "其他", "投诉", grade, PERSON).sanctions == BY_GRADE[grade]


@pytest.mark.parametrize("number", ["5", "5a", "5b", "6", "6a", "6b"])
def test_an_item_with_parts_is_found_by_number_and_by_part(number):
    assert allowance(p02(), number, "抱怨", None).points_min == 10


def test_an_item_that_does_not_exist_is_no_item():
    with pytest.raises(UnknownStandard):
        allowance(p02(), 19, "抱怨", None)


def said(number, nature, grade=None, *, kind=PERSON, times=1, points=None, sanction=None) -> str:
    allowed = allowance(p02(), number, nature, grade, kind)
    found = objections(allowed, subject_kind=kind, occurrences=times, points=points, sanction=sanction, nature=nature)
    return ";".join(map(str, found))


@pytest.mark.clause(
    "P02-8.5", "P02-17.1", "P02-17.2", "P02-17.3", "P02-17.4", "P02-17.5", "P02-17.6", "P02-17.7", "P02-17.8"
)
@pytest.mark.parametrize(
    ("number", "nature", "grade", "more"),
    [
        (6, "抱怨", None, {"points": 10}),
        (2, "抱怨", None, {"points": 30, "times": 3}),
        (3, "抱怨", None, {"points": 120, "times": 3}),
        (4, "抱怨", None, {"sanction": "记大过"}),
        (16, "抱怨", None, {"points": 5, "kind": HEAD}),
        (17, "抱怨", None, {"points": 10, "kind": HEAD}),
        (9, "投诉", "三级投诉", {"sanction": "通报批评"}),
        (7, "投诉", "二级投诉", {"sanction": "记过"}),
        (8, "投诉", "一级投诉", {"sanction": "记大过"}),
        (17, "投诉", "三级投诉", {"sanction": "警告", "kind": HEAD}),
    ],
)
def test_a_proposal_within_the_standard_stands(number, nature, grade, more):
    assert said(number, nature, grade, **more) == ""


@pytest.mark.clause(
    "P02-18.3",
    "P02-17.1",
    "P02-17.2",
    "P02-17.3",
    "P02-17.4",
    "P02-17.5",
    "P02-17.6",
    "P02-17.7",
    "P02-17.8",
    "P02-17.9",
)
@pytest.mark.parametrize(
    ("number", "nature", "grade", "more", "words"),
    [
        (14, "抱怨", None, {"points": 8}, "不低于 10 分"),
        (14, "抱怨", None, {"points": 19, "times": 2}, "不低于 20 分"),
        (3, "抱怨", None, {"points": 15}, "不低于 20 分"),
        (3, "抱怨", None, {}, "不低于 20 分"),
        (16, "抱怨", None, {"points": 4, "kind": HEAD}, "不低于 5 分"),
        (16, "抱怨", None, {"points": 5}, "部门负责人"),
        (17, "抱怨", None, {"points": 5, "kind": HEAD}, "不低于 10 分"),
        (18, "抱怨", None, {"points": 9, "kind": HEAD}, "不低于 10 分"),
        (5, "抱怨", None, {"points": 10, "sanction": "警告"}, "只扣绩效分"),
        (4, "抱怨", None, {"points": 10}, "警告、记过、记大过、解除劳动合同"),
        (8, "投诉", "一级投诉", {"sanction": "警告"}, "记大过、解除劳动合同"),
        (7, "投诉", "二级投诉", {"sanction": "通报批评"}, "警告、记过、记大过"),
        (7, "投诉", "二级投诉", {"sanction": "解除劳动合同"}, "警告、记过、记大过"),
        (9, "投诉", "三级投诉", {"sanction": "记大过"}, "通报批评、警告、记过"),
        (9, "投诉", "三级投诉", {"points": 10}, "须给予处分"),
        (9, "投诉", None, {"sanction": "警告"}, "尚未定级"),
        (6, "抱怨", None, {"points": 10, "times": 0}, "次数"),
    ],
)
def test_a_proposal_outside_the_standard_is_told_what_is_allowed(number, nature, grade, more, words):
    assert words in said(number, nature, grade, **more)


@pytest.mark.clause("F-16", "F-17")
@given(some.sampled_from([n for n in ITEMS if n != "4"]), some.integers(1, 50), some.integers(0, 5000))
def test_points_stand_exactly_from_the_minimum_of_all_breaches_upward(number, times, points):
    subject, least = ITEMS[number]
    assert (said(number, "抱怨", kind=subject, times=times, points=points) == "") is (points >= least * times)
