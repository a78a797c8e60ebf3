"""定期事项: what a procedure owes every month, reminded once on the first workday when it is missing (G-21)."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from models import Circular, Duty, PeriodicReport, ProcedureVersion
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


def last_month(now: datetime) -> date:
    """The first day of the month before this one."""
    return (now.astimezone(SHANGHAI).date().replace(day=1) - timedelta(days=1)).replace(day=1)


def missing(session: Session, now: datetime) -> list[tuple[str, str, str]]:
    """(procedure code, duty id, period) of every obligation that is due for a reminder now and has had none."""
    found = []
    for code in procedures.codes_in_force(session, now):
        document = procedures.in_force(session, now, code)
        for row in document.duties:
            period = last_month(now)
            if (
                now >= _remind_at(session, document, row, now)
                and _in_force_during(session, code, period)
                and not _done(session, row, period)
                and not _reminded(session, code, row, period)
            ):
                found.append((code, row.id, f"{period:%Y-%m}"))
    return found


def _remind_at(session: Session, document: Procedure, row: DutyRow, now: datetime) -> datetime:
    """The first workday of this month, at the hour that the document says."""
    today = now.astimezone(SHANGHAI)
    first = calendar_of(session, document).first_workday(today.year, today.month)
    hour, minute = row.at.split()[1].split(":")
    return datetime.combine(first, time(int(hour), int(minute)), SHANGHAI)


def _in_force_during(session: Session, code: str, period: date) -> bool:
    """Whether the procedure was already in force when the period ended: nothing is owed for before."""
    end = datetime.combine((period + timedelta(days=32)).replace(day=1), time(0), SHANGHAI)
    query = select(ProcedureVersion.id).where(ProcedureVersion.code == code, ProcedureVersion.in_force_from < end)
    return session.scalar(query.limit(1)) is not None


def _done(session: Session, row: DutyRow, period: date) -> bool:
    circular = select(Circular.id).where(Circular.kind == row.kind, Circular.period == f"{period:%Y-%m}")
    report = select(PeriodicReport.id).where(
        PeriodicReport.kind == row.kind, PeriodicReport.period == f"{period:%Y-%m}"
    )
    return session.scalar(circular.limit(1)) is not None or session.scalar(report.limit(1)) is not None


def _key(code: str, duty: str, period: str) -> str:
    return f"obligation|{code}|{duty}|{period}"


def _reminded(session: Session, code: str, row: DutyRow, period: date) -> bool:
    return session.scalar(select(Duty.id).where(Duty.key == _key(code, row.id, f"{period:%Y-%m}"))) is not None


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
    """Somebody owes last month's circular: one duty and one notice for each period (P02-8.6)."""
    document = procedures.in_force(act.session, act.now, act.arguments["code"])
    row = next((row for row in document.duties if row.id == act.arguments["duty"]), None)
    if row is None:
        raise Refused("制度没有这个定期事项", field="duty")
    period = act.arguments["period"]
    to = recipients(act, row.to)
    owe(
        act,
        row.title,
        to[0] if to else None,
        f"circulate:{row.kind}",
        period=period,
        key=_key(document.code, row.id, period),
    )
    for recipient in to:
        send(
            act, recipient, "定期事项", f"{period} 的{row.title}还没有办", occasion=_key(document.code, row.id, period)
        )
    act.say(f"{period} {row.title}")
