"""What a rehearsal sees after a step: the case, its clocks, documents, notices, duties, history, reasons and output."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session, class_mapper

from models import (
    Assessment,
    Assignment,
    Attachment,
    Circular,
    Clock,
    Complaint,
    ComplaintLink,
    CorrectiveAction,
    Duty,
    Event,
    FormDocument,
    Inspection,
    Investigation,
    Measure,
    Notice,
    Proposal,
    SupervisionOrder,
    Visit,
    WorkOrder,
)
from models.assignment import HELPING
from rules import clocks as ledger
from workflow import procedures, registry, timekeeping
from workflow.access import Actor
from workflow.act import Done, shown
from workflow.calendars import States
from workflow.errors import Refused
from workflow.onpaper import Sheet
from workflow.report_shapes import Report

TABLES: dict[str, Any] = {
    "督办处理单": SupervisionOrder,
    "情况表": CorrectiveAction,
    "调查记录": Investigation,
    "回访": Visit,
    "改进措施": Measure,
    "处理方案": Proposal,
    "维修单": WorkOrder,
    "附件": Attachment,
}
WHOLE = ("departments", "flags", "items", "sanctions")


class Look:
    """Marks where the tables stand before a step, and reads what the step added."""

    def __init__(self, session: Session, code: str, now: datetime, labels: dict[str, int]) -> None:
        self.session, self.code, self.now, self.labels = session, code, now, labels
        self.marks: dict[Any, int] = {}

    def mark(self, _case: Complaint | None) -> None:
        """Remember the newest rows."""
        for table in (Event, Notice, Duty):
            self.marks[table] = self.session.scalar(select(func.max(table.id))) or 0

    def _new(self, table: Any) -> list[Any]:
        return list(self.session.scalars(select(table).where(table.id > self.marks[table]).order_by(table.id)))

    def observe(
        self,
        case: Complaint | None,
        step: Mapping[str, Any],
        done: Done | list[Done] | None,
        message: str,
        actor: Actor,
    ) -> dict[str, Any]:
        """Everything that an expectation may name."""
        label = step.get("case", "")
        case = case or (self.session.get(Complaint, self.labels[label]) if label in self.labels else None)
        single = done if isinstance(done, Done) else None
        all_done = done if isinstance(done, list) else [done] if done else []
        notices = self._new(Notice)
        events = self._new(Event)
        return {
            "refused": [message],
            "notice_count": len(notices),
            "notices": [{"to": notice.recipient, "event": notice.event, "text": notice.text} for notice in notices],
            "warns": self._warnings(step, events, notices),
            "history": [event.text for event in events],
            "because": [
                mark for each in all_done for decision in each.decisions for mark in (decision.rule_id, *decision.cites)
            ],
            "case": self._case(case) if case else None,
            "clocks": self._clocks(case) if case else {},
            "documents": self._documents(case),
            "duties": self._duties(case),
            "assessments": [self._values(row) for row in self._rows(Assessment, case)],
            "links": self._links(case),
            "distinct": self._distinct(case),
            "options": self._options(step, case, actor, single) if step.get("expect", {}).get("options") else {},
            **self._result(single.result if single else None),
        }

    def _warnings(self, step: Mapping[str, Any], events: list[Event], notices: list[Notice]) -> list[str]:
        warnings = [text for event in events for text in event.warnings]
        if step["do"] == "sweep":
            warnings += [notice.text for notice in notices] + [duty.title for duty in self._new(Duty)]
        return warnings

    def _rows(self, table: Any, case: Complaint | None) -> list[Any]:
        query = select(table).order_by(table.id)
        return list(self.session.scalars(query.where(table.complaint_id == case.id))) if case else []

    def _values(self, row: Any) -> dict[str, Any]:
        """The row's columns as the format shows them; a relation by its name under the name without ``_id``."""
        mapper = class_mapper(type(row))
        found = {column.key: plain(getattr(row, column.key)) for column in mapper.column_attrs}
        for relation in mapper.relationships:
            if not relation.uselist:
                found[relation.key] = plain(getattr(row, relation.key))
        return found

    def _case(self, case: Complaint) -> dict[str, Any]:
        found = self._values(case.complainant) | self._values(case) | dict(case.fields)
        handling = shown(case.handling_department) if case.handling_department else None
        responsible = shown(case.responsible_department) if case.responsible_department else None
        return found | {
            "department": plain(case.investigation_department),
            "handling_department": handling or responsible,
            "responsible_department": responsible or handling,
            "flags": list(case.flags),
            "coop_departments": self._helping(case),
            "grade": case.grade,
        }

    def _helping(self, case: Complaint) -> list[str]:
        """The departments that help, in the order in which they came."""
        query = select(Assignment).where(
            Assignment.complaint_id == case.id, Assignment.kind == HELPING, Assignment.ended_at.is_(None)
        )
        return [str(stint.department) for stint in self.session.scalars(query.order_by(Assignment.id))]

    def _clocks(self, case: Complaint) -> dict[str, Any]:
        document = procedures.version(self.session, case.procedure_code, case.procedure_version)
        states = States(self.session, document)
        found: dict[str, Any] = {}
        for clock in self.session.scalars(select(Clock).where(Clock.complaint_id == case.id).order_by(Clock.id)):
            reading = timekeeping.read(clock, states)
            found[clock.name] = {
                "due_at": plain(clock.due_at),
                "original_due_at": plain(clock.original_due_at),
                "status": str(ledger.status(reading, self.now)),
                "provisional": clock.provisional,
                "days_overdue": ledger.days_overdue(reading, self.now),
                "done_at": plain(clock.done_at),
            }
        return found

    def _documents(self, case: Complaint | None) -> dict[str, Any]:
        """The newest of each kind, of the case or without one."""
        found: dict[str, Any] = {}
        for kind, table in TABLES.items():
            rows = self._rows(table, case)
            if rows:
                found[kind] = self._values(rows[-1])
        if "处理方案" in found:
            found["处理方案"]["version"] = found["处理方案"]["number"]
        for document in self._rows(FormDocument, case):
            found[document.kind] = self._values(document) | dict(document.fields)
        without_case: tuple[Any, ...] = (Circular, Inspection)
        for table in without_case:
            for row in self.session.scalars(select(table).order_by(table.id)):
                found[row.kind] = self._values(row)
        return found

    def _duties(self, case: Complaint | None) -> list[str]:
        query = select(Duty).where(Duty.done_at.is_(None)).order_by(Duty.id)
        query = query.where(Duty.complaint_id == case.id) if case else query
        return [f"{duty.title}({duty.owner})" for duty in self.session.scalars(query)]

    def _links(self, case: Complaint | None) -> list[dict[str, Any]]:
        names = {key: label for label, key in self.labels.items()}
        rows = self._rows(ComplaintLink, case)
        return [{"kind": row.kind, "other": names.get(row.other_id)} for row in rows]

    def _distinct(self, case: Complaint | None) -> dict[str, bool]:
        if case is None:
            return {}
        same = select(func.count()).select_from(Complaint).where(Complaint.case_no == case.case_no)
        return {"case_no": self.session.scalar(same) == 1}

    def _options(
        self, step: Mapping[str, Any], case: Complaint | None, actor: Actor, done: Done | None
    ) -> dict[str, Any]:
        try:
            _, act, arguments = registry.arguments_for(
                self.session, step["do"], case, actor=actor, now=self.now, given=step.get("with", {})
            )
        except Refused:
            return {}
        return {argument.name: argument.choices(act) for argument in arguments}

    def _result(self, result: Any) -> dict[str, Any]:
        if isinstance(result, Report):
            kpis = {
                kpi.name: {
                    "value": kpi.value,
                    "numerator": kpi.numerator,
                    "denominator": kpi.denominator,
                    "met": kpi.met,
                }
                for kpi in result.kpis
            }
            return {"output": [result.text], "kpi": kpis, "table": {"columns": result.columns, "rows": result.rows}}
        if isinstance(result, list) and result and isinstance(result[0], Sheet):
            return {"output": [sheet.text for sheet in result]}
        return {"output": [result]} if isinstance(result, str) else {}


def plain(value: Any) -> Any:
    """A value as the format writes it: moments in Shanghai, rows by name, the rest as it is."""
    match value:
        case datetime() | date():
            return shown(value)
        case None | bool() | int() | float() | str() | list() | dict():
            return value
        case _:
            return str(value)
