"""A procedure's own field that is a length of time: written down as it is said, kept, judged by, counted, shown."""

from __future__ import annotations

from datetime import timedelta

import pytest

from rules.procedure import shipped
from tests.support.cast import MORNING, House, moment
from tests.workflow.test_replay import with_first
from tests.workflow.test_replay_unknown import with_field
from workflow import matching, procedures
from workflow.access import SYSTEM
from workflow.act import Act
from workflow.facts import facts_of

FIELD = '[[field]]\nkey = "outage"\nlabel = "停水多久"\ntype = "duration"\n'
RULE = """[[rule]]
id = "grade-outage"
stage = "grade"
when = { nature = "投诉", outage = ">= 2小时" }
then = "二级投诉"
because = "停水太久"
cites = ["P02-5.2"]"""


@pytest.fixture
def house(house: House) -> House:
    """The house under a procedure that asks how long the water was away."""
    text = with_first(RULE, "grade-1-media")(with_field(FIELD)(shipped()["P02"]))
    procedures.put_in_force(house.session, text, actor=SYSTEM, now=moment("2026-05-01 09:00"))
    return house


@pytest.mark.parametrize(
    ("said", "kept", "grade"),
    [
        ("2小时", 7200, "二级投诉"),
        ("1小时59分钟", 7140, "三级投诉"),
        (" 1天 2小时 ", 93600, "二级投诉"),
        ("2 h 30 min", 9000, "二级投诉"),
        ("2 hours 30 minutes", 9000, "二级投诉"),
        ("", None, "三级投诉"),
    ],
)
def test_it_is_kept_and_judged_by(house: House, said: str, kept: int | None, grade: str) -> None:
    case = house.complaint(outage=said)
    assert (case.fields.get("outage"), case.grade) == (kept, grade)


@pytest.mark.parametrize("said", ["两小时", "2", "-2小时", "2个工作日", "2026-05-13"])
def test_what_is_no_length_of_time_is_refused_beside_it(house: House, said: str) -> None:
    assert "停水多久应为一段时间,如 2小时30分钟" in house.refused("register", outage=said, content="停水")


def house_document(house: House) -> procedures.Procedure:
    return procedures.in_force(house.session, moment(MORNING))


def test_rules_read_it_as_a_length_of_time(house: House) -> None:
    act = Act(house.session, "", house.complaint(outage="90分钟"), SYSTEM, moment(MORNING), house_document(house))
    assert facts_of(act)["outage"] == timedelta(minutes=90)


def test_a_changed_one_is_in_the_history_as_it_is_said_and_is_judged_anew(house: House) -> None:
    house.complaint(outage="90分钟")
    house.do("update", by=house.investigator(), outage="3小时")
    assert house.events(verb="update")[-1].changes["停水多久"] == ["1小时30分钟", "3小时"]
    assert house.the_case().grade == "二级投诉"


def test_the_same_one_again_is_no_change(house: House) -> None:
    house.complaint(outage="90分钟")
    house.do("update", by=house.investigator(), outage="1小时30分钟", impact="一定不良")
    assert "停水多久" not in house.events(verb="update")[-1].changes


@pytest.mark.parametrize(("test", "number"), [(">= 2小时", 1), ("[1小时..2小时)", 1), ("missing", 1), ("90分钟", 1)])
def test_a_row_that_asks_it_counts_what_is_stored(house: House, test: str, number: int) -> None:
    for said in ("3小时", "90分钟", ""):
        house.complaint(outage=said, content=f"停水 {said}")
    document = house_document(house)
    found = matching.matches(house.session, document, {"outage": test}, actor=SYSTEM, now=moment("2026-06-01 09:00"))
    assert (found.number, found.uncounted) == (number, ())


FORM = """
[[form]]
kind = "停水单"
title = "停水单"
field = [{ key = "outage", label = "停水多久", type = "duration" }, { key = "where", label = "哪里" }]
"""


@pytest.mark.parametrize(
    ("said", "kept"), [("2 h 30 min", "2小时30分钟"), (" 90分钟 ", "1小时30分钟"), ("", ""), (None, None)]
)
def test_in_a_form_too_it_is_kept_as_the_house_writes_it(house: House, said: str | None, kept: str | None) -> None:
    procedures.put_in_force(house.session, shipped()["P02"] + FORM, actor=SYSTEM, now=moment("2026-05-02 09:00"))
    house.registered()
    given = {"outage": said, "where": "2 h 30 min"}
    document = house.do("fill_document", kind="停水单", fields=given).result
    assert (document.fields["outage"], document.fields["where"]) == (kept, "2 h 30 min")


def test_in_a_form_too_what_is_no_length_of_time_is_refused_beside_it(house: House) -> None:
    procedures.put_in_force(house.session, shipped()["P02"] + FORM, actor=SYSTEM, now=moment("2026-05-02 09:00"))
    house.registered()
    refusal = house.refusal("fill_document", kind="停水单", fields={"outage": "很久"})
    assert [(one.field, str(one)) for one in refusal.findings] == [
        ("fields.outage", "停水多久应为一段时间,如 2小时30分钟")
    ]
