"""The counts that indicators are made of, over a period's cases."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.clock import Clock
from models.complaint import Complaint, ComplaintLink
from models.document import FormDocument
from models.visit import Visit
from models.workorder import WorkOrder

RATINGS = ("满意", "基本满意", "不满意")
SATISFIED = ("满意", "基本满意")
DISSATISFIED = "不满意"
NOT_COUNTED = ("已撤诉", "不予受理", "已作废")


def members(
    cases: Iterable[Complaint],
    clocks: Mapping[int, list[Clock]],
    visits: Mapping[int, Visit],
    now: datetime,
    links: Mapping[int, Collection[str]] | None = None,
    papers: Mapping[str, Collection[int]] | None = None,
    ratings: Mapping[int, Sequence[str]] | None = None,
) -> dict[str, list[Complaint]]:
    """Name of a count (rules/indicators.py says what each counts) to the case of each thing counted."""
    counted = [case for case in cases if case.state not in NOT_COUNTED]
    orders = [
        (case, clock) for case in counted for clock in clocks.get(case.id, ()) if clock.order_id and _counts(clock)
    ]
    visited = [case for case in counted if case.id in visits]
    rated = [case for case in counted if case.satisfaction in RATINGS]
    work_rated = [(case, rating) for case in counted for rating in (ratings or {}).get(case.id, ())]
    closed = [case for case in counted if case.closed_at is not None]
    in_time = [case for case in counted if case.closed_at is not None and not case.was_overdue]
    not_due = [case for case in counted if case.closed_at is None and not case.overdue and _before_due(case, now)]
    return {
        "cases": counted,
        "grumbles": [case for case in counted if case.nature == "抱怨"],
        "complaints": [case for case in counted if case.nature == "投诉"],
        "closed": closed,
        "solved": [case for case in closed if case.satisfaction != DISSATISFIED],
        "orders": [case for case, _ in orders],
        "orders_done": [case for case, clock in orders if clock.done_at is not None],
        "orders_in_time": [case for case, clock in orders if clock.done_at is not None and not clock.ever_late],
        "orders_not_due": [case for case, clock in orders if clock.done_at is None and now <= clock.due_at],
        "in_time": in_time,
        "not_due": not_due,
        "cases_due": [case for case in counted if case not in not_due],
        "rated": rated,
        "rated_satisfied": [case for case in rated if case.satisfaction in SATISFIED],
        "work_rated": [case for case, _ in work_rated],
        "work_satisfied": [case for case, rating in work_rated if rating in SATISFIED],
        "visited": visited,
        "satisfied": [case for case in visited if visits[case.id].result in SATISFIED],
        **_of_grades(counted),
        **_of_limits(counted, clocks, now),
        **_of_papers(counted, in_time, papers or {}),
        **_of_links(counted, links or {}),
    }


def links_of(session: Session, ids: Sequence[int]) -> dict[int, set[str]]:
    """The kinds of link that each of the cases has to an earlier one."""
    found: dict[int, set[str]] = {}
    for start in range(0, len(ids), 500):
        query = select(ComplaintLink).where(ComplaintLink.complaint_id.in_(ids[start : start + 500]))
        for link in session.scalars(query):
            found.setdefault(link.complaint_id, set()).add(link.kind)
    return found


def ratings_of(session: Session, ids: Sequence[int]) -> dict[int, list[str]]:
    """What customers said of the work at each of the cases: one word for its quality, one for the manner (F-48)."""
    found: dict[int, list[str]] = {}
    for start in range(0, len(ids), 500):
        query = select(WorkOrder.complaint_id, WorkOrder.rating_quality, WorkOrder.rating_attitude).where(
            WorkOrder.complaint_id.in_(ids[start : start + 500])
        )
        for case, *said in session.execute(query):
            found.setdefault(case, []).extend(rating for rating in said if rating in RATINGS)
    return found


def _of_links(cases: Iterable[Complaint], links: Mapping[int, Collection[str]]) -> dict[str, list[Complaint]]:
    """``linked:KIND`` for every kind of link that one of the cases has to an earlier one."""
    found: dict[str, list[Complaint]] = {}
    for case in cases:
        for kind in links.get(case.id, ()):
            found.setdefault(f"linked:{kind}", []).append(case)
    return found


def _of_grades(cases: Iterable[Complaint]) -> dict[str, list[Complaint]]:
    """``graded:GRADE`` for every grade that one of the cases has."""
    found: dict[str, list[Complaint]] = {}
    for case in cases:
        if case.grade:
            found.setdefault(f"graded:{case.grade}", []).append(case)
    return found


def _before_due(case: Complaint, now: datetime) -> bool:
    return case.due_at is None or now <= case.due_at


def _of_papers(
    cases: Iterable[Complaint], in_time: Iterable[Complaint], papers: Mapping[str, Collection[int]]
) -> dict[str, list[Complaint]]:
    """``in_time_with:KIND`` and ``without:KIND`` for every kind of paper, by the cases that have it."""
    found: dict[str, list[Complaint]] = {}
    for kind, having in papers.items():
        found[f"in_time_with:{kind}"] = [case for case in in_time if case.id in having]
        found[f"without:{kind}"] = [case for case in cases if case.id not in having]
    return found


def papers_of(session: Session, kinds: Iterable[str], cases: Sequence[int]) -> dict[str, set[int]]:
    """Kind of paper to the ids of those of the cases that have one."""
    found: dict[str, set[int]] = {kind: set() for kind in kinds}
    for start in range(0, len(cases), 500):
        query = select(FormDocument.kind, FormDocument.complaint_id).where(
            FormDocument.complaint_id.in_(cases[start : start + 500]), FormDocument.kind.in_(found)
        )
        for kind, case in session.execute(query):
            if case is not None:
                found[kind].add(case)
    return found


def _counts(clock: Clock) -> bool:
    """Whether the promise is this clock's own: one that was handed on in time is the next department's."""
    return clock.cancelled_at is None and (clock.transferred_at is None or clock.ever_late)


def _of_limits(
    cases: Iterable[Complaint], clocks: Mapping[int, list[Clock]], now: datetime
) -> dict[str, list[Complaint]]:
    """``promised:NAME``, ``kept:NAME`` … for every limit that ran on one of the cases, once for each clock."""
    found: dict[str, list[Complaint]] = {}
    for case in cases:
        for clock in filter(_counts, clocks.get(case.id, ())):
            for count, told in _of_clock(clock, now).items():
                found.setdefault(f"{count}:{clock.name}", []).extend([case] * told)
    return found


def _of_clock(clock: Clock, now: datetime) -> dict[str, bool]:
    """What a clock is counted as."""
    done = clock.done_at
    kept = done is not None and not clock.ever_late
    return {
        "promised": True,
        "promised_due": done is not None or clock.ever_late or now > clock.due_at,
        "kept": kept,
        "kept_without_extension": kept and done is not None and done <= (clock.unextended_due_at or clock.due_at),
        "extended": clock.unextended_due_at is not None,
    }
