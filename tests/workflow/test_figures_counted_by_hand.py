"""Every indicator of the five procedures against a count by hand, over random cases and random periods."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from fractions import Fraction
from random import Random
from typing import Any

import pytest
from sqlalchemy import select

from models import Clock, Complaint, ComplaintLink, WorkOrder
from rules import indicators
from rules.procedure import shipped
from tests.support.cast import OPENING, House, moment
from workflow import procedures
from workflow.access import SYSTEM
from workflow.periods import bounds
from workflow.rehearsal_bulk import LIMIT, make_cases
from workflow.report_shapes import Report

CODES = ("P00a", "P00b", "P01", "P02", "P03")
NOW = "2026-07-01 09:00"
PERIODS = ("2026-03", "2026-04", "2026-05", "2026-Q1", "2026-Q2", "2026-H1", "2026", "2026-01")
PAPER = "投诉处理单"
LIMITS = {"P00a": ("初步回应", "方案"), "P03": ("知会", "审批")}
GRADES = {"P01": "重大疑难热点"}
ENDS = ("按期办结", "按期办结", "按期办结", "超期办结", "在办", "在办", "撤诉", "不予受理", "作废")
DUE = (None, moment("2026-08-01 09:00"), moment("2026-06-01 09:00"))
SAID = ("", "满意", "基本满意", "不满意")
RATINGS = (None, None, "满意", "基本满意", "不满意", "无法联系")


@dataclass
class Told:
    """A case as it was made up: what the count by hand is made of."""

    code: str
    accepted: datetime
    outcome: str
    rating: str | None = None
    nature: str = "投诉"
    grade: str | None = None
    ordered: bool = False
    paper: bool = False
    again: bool = False
    due: datetime | None = None
    work: tuple[str, str] | None = None
    """What the customer said of the work's quality and of the manner; "" where nothing was said."""
    clocks: dict[str, str] = field(default_factory=dict)
    """Limit to what became of it: 及时, 延期后及时, 超期, 未到期, 转出 or 取消."""
    id: int = 0

    @property
    def counts(self) -> bool:
        return self.outcome not in ("撤诉", "不予受理", "作废")

    @property
    def closed(self) -> bool:
        return self.outcome in ("按期办结", "超期办结")

    @property
    def satisfied(self) -> bool:
        return self.rating in ("满意", "基本满意")


def make_up(random: Random) -> Told:
    """A case of one of the procedures, accepted somewhere from March to May, at the edges of months too."""
    code = random.choice(CODES)
    edges = ("2026-03-01 00:00:00", "2026-03-31 23:59:59", "2026-04-01 00:00:00", "2026-04-30 23:59:59")
    accepted = moment(random.choice(edges))
    if random.random() < 0.8:
        accepted = moment("2026-03-01 00:00") + timedelta(minutes=random.randrange(92 * 24 * 60))
    outcome = random.choice(ENDS)
    states = ("及时", "延期后及时", "超期", "未到期", "转出", "取消")
    return Told(
        code,
        accepted,
        outcome,
        rating=random.choice(RATINGS) if outcome in ("按期办结", "超期办结") else None,
        nature=random.choice(("抱怨", "投诉")) if code == "P02" else "投诉",
        grade=GRADES.get(code) if random.random() < 0.4 else None,
        ordered=code == "P02" and random.random() < 0.7,
        paper=random.random() < 0.6,
        again=code == "P03" and random.random() < 0.3,
        due=random.choice(DUE) if outcome == "在办" else None,
        clocks={name: random.choice(states) for name in LIMITS.get(code, ()) if random.random() < 0.8},
    )


def keep(house: House, told: Told, earlier: int | None) -> None:
    """The same as rows."""
    given: dict[str, Any] = {"name": "客户", "channel": "来电", "nature": told.nature, "grade": told.grade}
    if told.ordered:
        given["handling_department"] = "工程维修部"
    row: dict[str, Any] = {
        "outcome": told.outcome,
        "received_at": told.accepted.isoformat()[:19],
        "documents": [PAPER] if told.paper else [],
        "with": given,
    }
    if told.closed:
        row |= {"closed_at": (told.accepted + timedelta(days=2)).isoformat()[:19], "visit_result": told.rating or ""}
    if told.due:
        row["due_at"] = told.due.isoformat()[:19]
    labels: dict[str, int] = {}
    make_cases(house.session, told.code, [{**row, "case": "it"}], labels)
    told.id = labels["it"]
    for name, became in told.clocks.items():
        house.session.add(clock(told, name, became))
    if told.work:
        house.session.add(work_order(told))
    if told.again and earlier:
        at = told.accepted
        house.session.add(ComplaintLink(complaint_id=told.id, other_id=earlier, kind="二次投诉", at=at))
    house.session.flush()


def work_order(told: Told) -> WorkOrder:
    """The work order that the customer rated."""
    quality, manner = told.work or ("", "")
    return WorkOrder(
        order_no=f"WX-{told.id}",
        complaint_id=told.id,
        fault="水管漏水",
        issued_at=told.accepted,
        state="已完工",
        rating_quality=quality,
        rating_attitude=manner,
    )


def clock(told: Told, name: str, became: str) -> Clock:
    """A clock of which that became."""
    due = moment("2026-08-01 09:00") if became == "未到期" else told.accepted + timedelta(hours=24)
    ended = {"及时": -1, "延期后及时": -1, "超期": 5}.get(became)
    return Clock(
        complaint_id=told.id,
        name=name,
        limit=LIMIT,
        started_at=told.accepted,
        due_at=due,
        original_due_at=due,
        done_at=due + timedelta(hours=ended) if ended else None,
        ever_late=became == "超期",
        cancelled_at=due if became == "取消" else None,
        transferred_at=due - timedelta(hours=2) if became == "转出" else None,
        unextended_due_at=due - timedelta(hours=12) if became == "延期后及时" else None,
    )


Count = Callable[[list[Told]], int]


def number(test: Callable[[Told], object]) -> Count:
    return lambda cases: sum(bool(test(case)) for case in cases)


def promised(name: str, *became: str) -> Count:
    return number(lambda case: case.clocks.get(name) in became)


ALL = number(lambda case: True)
SATISFIED = (number(lambda case: case.satisfied), number(lambda case: case.rating))
KEPT = ("及时", "延期后及时")
OWN = (*KEPT, "超期", "未到期")
BY_HAND: dict[str, dict[str, tuple[Count, Count | None]]] = {
    "P00a": {
        "投诉解决率": (number(lambda case: case.closed and case.rating != "不满意"), ALL),
        "初步回应及时率": (promised("初步回应", *KEPT), promised("初步回应", *OWN)),
        "方案及时率": (promised("方案", *KEPT), promised("方案", *OWN)),
        "满意率": SATISFIED,
    },
    "P00b": {
        "投诉处理及时率": (number(lambda case: case.outcome == "按期办结" and case.paper), ALL),
        "满意率": (
            number(lambda case: case.satisfied),
            number(lambda case: case.rating in ("满意", "基本满意", "不满意")),
        ),
        "维修满意率": (
            lambda cases: sum(said in ("满意", "基本满意") for case in cases for said in case.work or ()),
            lambda cases: sum(said != "" for case in cases for said in case.work or ()),
        ),
    },
    "P01": {
        "投诉量": (ALL, None),
        "重大疑难热点": (number(lambda case: case.grade == "重大疑难热点"), None),
        "满意率": SATISFIED,
    },
    "P02": {
        "督办单按期办结率": (
            number(lambda case: case.ordered and case.outcome == "按期办结"),
            number(lambda case: case.ordered),
        ),
        "回访率": (number(lambda case: case.rating), ALL),
        "满意率": SATISFIED,
        "抱怨件数": (number(lambda case: case.nature == "抱怨"), None),
        "投诉件数": (number(lambda case: case.nature == "投诉"), None),
    },
    "P03": {
        "1小时知会及时率": (promised("知会", *KEPT), promised("知会", *OWN)),
        "方案审批及时率": (promised("审批", *KEPT), promised("审批", *OWN)),
        "二次投诉率": (number(lambda case: case.again), ALL),
        "满意率": SATISFIED,
    },
}
NOT_DUE = number(lambda case: case.outcome == "在办" and (case.due is None or case.due > moment(NOW)))
OTHERWISE: dict[tuple[str, str, str], tuple[Count, Count]] = {
    ("P00b", "投诉处理及时率", "不计未到期"): (
        BY_HAND["P00b"]["投诉处理及时率"][0],
        lambda cases: ALL(cases) - NOT_DUE(cases),
    ),
    ("P00b", "投诉处理及时率", "不问缺单"): (number(lambda case: case.outcome == "按期办结"), ALL),
    ("P00a", "初步回应及时率", "不计延期"): (promised("初步回应", "及时"), promised("初步回应", *OWN)),
    ("P00a", "初步回应及时率", "不计未到期"): (promised("初步回应", *KEPT), promised("初步回应", *KEPT, "超期")),
    ("P02", "督办单按期办结率", "只计已办结"): (
        BY_HAND["P02"]["督办单按期办结率"][0],
        number(lambda case: case.ordered and case.closed),
    ),
}


@pytest.fixture(params=[1, 2])
def world(house: House, request: pytest.FixtureRequest) -> tuple[House, list[Told]]:
    """The five procedures with random cases, the same for the same number."""
    for code in CODES:
        if code != "P02":
            procedures.put_in_force(house.session, shipped()[code], actor=SYSTEM, now=OPENING)
    random = Random(request.param)
    cases = [make_up(random) for _ in range(180)]
    for told in cases:
        if told.code == "P00b" and random.random() < 0.7:
            told.work = random.choice(SAID), random.choice(SAID)
    for place, told in enumerate(cases):
        earlier = next((other.id for other in reversed(cases[:place]) if other.code == told.code), None)
        told.again = told.again and earlier is not None
        keep(house, told, earlier)
    return house, cases


def within(cases: Iterable[Told], period: str, code: str) -> list[Told]:
    start, end = bounds(period)
    return [case for case in cases if case.counts and case.code == code and start <= case.accepted < end]


def made(house: House, period: str, procedure: str) -> Report:
    given = {"kind": "月分析", "period": period, "procedure": procedure, "look": True}
    return house.do("report", by="公司领导", at=NOW, **given).result


def ratio(numerator: int, denominator: int | None) -> str:
    """As people would write it: two decimals of a percentage, half up; a dash where there is nothing to divide by."""
    if denominator is None:
        return str(numerator)
    if denominator == 0:
        return "—"
    hundredths = (Fraction(numerator, denominator) * 10_000 + Fraction(1, 2)) // 1
    return f"{hundredths // 100}.{hundredths % 100:02}%"


@pytest.mark.clause("P00a-16.1", "P00a-16.2", "P00b-16.1", "P00b-16.2", "P01-13.1")
@pytest.mark.clause("P02-16.1", "P03-16.1", "F-19", "F-48", "G-18")
def test_every_indicator_is_what_counting_by_hand_gives(world: tuple[House, list[Told]]) -> None:
    house, cases = world
    seen = set()
    for period in PERIODS:
        report = made(house, period, "全部")
        alone = {code: made(house, period, code).shares[0] for code in CODES}
        for share in (*report.shares, *alone.values()):
            own = within(cases, period, share.code)
            assert [kpi.name for kpi in share.kpis] == list(BY_HAND[share.code])
            for kpi in share.kpis:
                above, below = BY_HAND[share.code][kpi.name]
                expected = (above(own), below(own) if below else None)
                assert (kpi.numerator, kpi.denominator, kpi.value) == (*expected, ratio(*expected)), (
                    period,
                    share.code,
                )
                seen.add((share.code, kpi.name, bool(kpi.numerator)))
    assert {name[:2] for name in seen} == {(code, name) for code, found in BY_HAND.items() for name in found}
    assert {name[:2] for name in seen if name[2]} == {name[:2] for name in seen}, "each was more than nought once"


@pytest.mark.clause("F-19", "G-12", "P00b-16.1")
def test_an_indicator_reckoned_otherwise_is_what_counting_by_hand_gives(world: tuple[House, list[Told]]) -> None:
    house, cases = world
    seen = set()
    for period in PERIODS:
        for share in made(house, period, "全部").shares:
            own = within(cases, period, share.code)
            for kpi in share.kpis:
                for other in kpi.otherwise:
                    key = (share.code, kpi.name, other.name)
                    if key in OTHERWISE:
                        expected = tuple(count(own) for count in OTHERWISE[key])
                        assert (other.numerator, other.denominator) == expected, (period, key)
                        assert (other.numerator, other.denominator) != (kpi.numerator, kpi.denominator)
                        assert other.met is None, "only the procedure's own way is judged"
                        seen.add(key)
    assert seen == set(OTHERWISE)


def test_each_number_opens_as_many_cases_and_none_of_another_procedure_or_period(
    world: tuple[House, list[Told]],
) -> None:
    house, cases = world
    by_id = {case.id: case for case in cases}
    for period in PERIODS:
        start, end = bounds(period)
        for procedure in ("全部", *CODES):
            report = made(house, period, procedure)
            for share in report.shares:
                for kpi in (one for shown in share.kpis for one in (shown, *shown.otherwise)):
                    for name, count in zip(kpi.counts, (kpi.numerator, kpi.denominator), strict=True):
                        if not name:
                            continue
                        behind = report.behind.get(name, ())
                        assert report.totals.get(name, 0) == count
                        assert len(behind) == len(set(behind)) <= count
                        assert bool(behind) == bool(count)
                        assert all(
                            by_id[key].code == share.code and start <= by_id[key].accepted < end for key in behind
                        )
            for group, item, number_of, *_ in report.rows:
                assert len(report.behind[f"{group}/{item}"]) == int(number_of)


def test_a_row_of_figures_by_department_opens_as_many_cases(world: tuple[House, list[Told]]) -> None:
    house, _cases = world
    given = {"kind": "内部评价", "period": "2026-H1", "procedure": "P00b"}
    report = house.do("report", by="公司领导", at=NOW, **given).result
    assert report.rows
    assert all(len(report.behind[f"{report.columns[0]}/{row[0]}"]) == int(row[1]) for row in report.rows)


def test_nothing_is_lost_between_the_months_and_their_quarter(world: tuple[House, list[Told]]) -> None:
    house, cases = world
    void = {case.id for case in cases if case.outcome == "作废"}

    def listed(period: str) -> set[int]:
        given = {"kind": "服务质量问题处理管理台账", "period": period, "procedure": "全部", "look": True}
        return set(house.do("report", by="公司领导", at=NOW, **given).result.keys)

    months = [listed(f"2026-{month:02}") for month in range(1, 7)]
    assert set.union(*months) == listed("2026-H1") == listed("2026")
    assert sum(map(len, months)) == len(cases) - len(void)
    assert listed("2026") == set(house.session.scalars(select(Complaint.id))) - void


@pytest.mark.clause("P00a-16.1", "G-17")
@pytest.mark.parametrize(
    ("closed", "cases", "shown", "met"),
    [(95, 100, "95.00%", True), (19, 20, "95.00%", True), (968, 1019, "95.00%", False), (0, 0, "—", None)],
)
def test_a_target_is_met_by_what_it_is_and_not_by_what_is_shown(
    closed: int, cases: int, shown: str, met: bool | None
) -> None:
    found = indicators.Ratio(closed, cases)
    assert (found.text, found.met(0.95)) == (shown, met)
