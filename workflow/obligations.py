"""定期事项: what a procedure owes every month or year, reminded of once when it is missing (G-21)."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from models import Circular, Duty, PeriodicReport, ProcedureVersion
from rules import engine
from rules.document import DutyRow
from rules.procedure import Procedure
from workflow import procedures
from workflow.access import SYSTEM
from workflow.act import Act, Done
from workflow.arguments import SHANGHAI, Argument
from workflow.calendars import calendar_of
from workflow.errors import Refused
from workflow.notices import owe, recipients, send
from workflow.registry import perform, verb


@dataclass(frozen=True)
class Owed:
    """An obligation of a period: of which procedure, which row, and for when."""

    code: str
    row: DutyRow
    period: str
    first: date
    """The first day of the period."""
    after: date
    """The first day after it."""
    missed_at: datetime
    """From when on its lack is reminded of."""

    @property
    def key(self) -> str:
        return f"obligation|{self.code}|{self.row.id}|{self.period}"


def missing(session: Session, now: datetime) -> list[tuple[str, str, str]]:
    """(procedure code, duty id, period) of every obligation that is due for a reminder now and has had none."""
    found = []
    for code in procedures.codes_in_force(session, now):
        document = procedures.in_force(session, now, code)
        for row in document.duties:
            owed = owed_now(session, document, row, now)
            if (
                now >= owed.missed_at
                and _in_force_during(session, owed)
                and done(session, owed) < row.times
                and not _reminded(session, owed)
            ):
                found.append((code, row.id, owed.period))
    return found


def owed_now(session: Session, document: Procedure, row: DutyRow, now: datetime) -> Owed:
    """What the row asks for at this moment: last month's, or this year's from its day on."""
    today = now.astimezone(SHANGHAI).date()
    when, _, clock = row.at.partition(" ")
    hour = time.fromisoformat(clock)
    if row.period == "year":
        month, day = map(int, when.split("-"))
        first, after = date(today.year, 1, 1), date(today.year + 1, 1, 1)
        missed = datetime.combine(date(today.year, month, day), hour, SHANGHAI)
        return Owed(document.code, row, f"{today.year}", first, after, missed)
    after = today.replace(day=1)
    first = (after - timedelta(days=1)).replace(day=1)
    workday = calendar_of(session, document).first_workday(today.year, today.month)
    return Owed(document.code, row, f"{first:%Y-%m}", first, after, datetime.combine(workday, hour, SHANGHAI))


def _in_force_during(session: Session, owed: Owed) -> bool:
    """Whether the procedure was already in force when the period ended: nothing is owed for before."""
    end = datetime.combine(owed.after, time(0), SHANGHAI)
    query = select(ProcedureVersion.id).where(ProcedureVersion.code == owed.code, ProcedureVersion.in_force_from < end)
    return session.scalar(query.limit(1)) is not None


def done(session: Session, owed: Owed) -> int:
    """How many circulars or reports of that kind were made for the period or a part of it."""
    count = 0
    for table in (Circular, PeriodicReport):
        made = select(func.count()).select_from(table).where(table.kind == owed.row.kind)
        if table is PeriodicReport:  # another procedure may owe a report of the same kind
            made = made.where(PeriodicReport.procedure_code.in_((owed.code, "")))
        period = table.period == owed.period
        if owed.row.period == "year":
            period = period | table.period.startswith(f"{owed.period}-")
        count += session.scalar(made.where(period)) or 0
    return count


def _reminded(session: Session, owed: Owed) -> bool:
    return session.scalar(select(Duty.id).where(Duty.key == owed.key)) is not None


def reported(act: Act, kind: str) -> None:
    """What was owed of this kind of report is done, once as many were kept as the procedure asks for."""
    for row in (row for row in act.procedure.duties if row.kind == kind):
        owed = owed_now(act.session, act.procedure, row, act.now)
        of_row = Duty.key.startswith(owed.key.removesuffix(owed.period), autoescape=True)
        for duty in act.session.scalars(select(Duty).where(of_row, Duty.done_at.is_(None))):
            if done(act.session, replace(owed, period=duty.period)) >= row.times:
                duty.done_at, duty.done_by_id = act.now, act.actor.id
                act.say(f"{duty.title}已完成")


def remind_all(session: Session, now: datetime) -> list[Done]:
    """Remind of every missing obligation once."""
    return [remind_of(session, code, duty, period, now) for code, duty, period in missing(session, now)]


def remind_of(session: Session, code: str, duty: str, period: str, now: datetime) -> Done:
    """Remind of one."""
    arguments = {"code": code, "duty": duty, "period": period}
    return perform(session, "remind_obligation", None, arguments=arguments, actor=SYSTEM, now=now)


@verb(
    "remind_obligation",
    label="定期事项提醒",
    group="系统",
    needs_case=False,
    guard="never",
    who=("系统",),
    arguments=(
        Argument("code", "制度", required=True),
        Argument("duty", "事项", required=True),
        Argument("period", "期间", required=True),
    ),
)
def remind_obligation(act: Act) -> None:
    """Somebody owes a circular or a report of the period: one duty and one notice for each period (P02-8.6)."""
    document = procedures.in_force(act.session, act.now, act.arguments["code"])
    row = next((row for row in document.duties if row.id == act.arguments["duty"]), None)
    if row is None:
        raise Refused("制度没有这个定期事项", field="duty")
    owed = replace(owed_now(act.session, document, row, act.now), period=act.arguments["period"])
    made = done(act.session, owed)
    to = recipients(act, row.to)
    owe(act, row.title, to[0] if to else None, f"circulate:{row.kind}", period=owed.period, key=owed.key)
    lack = engine.fill(row.text, {"period": owed.period, "done": made, "times": row.times}) if row.text else ""
    for recipient in to:
        send(act, recipient, "定期事项", lack or f"{owed.period} 的{row.title}还没有办", occasion=owed.key)
    act.say(f"{owed.period} {row.title}")
