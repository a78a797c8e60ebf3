"""演练: walk a scripted case through the real verbs on a database of its own, and compare with what it expects.

The aliases and the matching of the format live here and nowhere else; no verb knows that it is being rehearsed.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, create_engine, inspect, select
from sqlalchemy.orm import Session
from sqlalchemy.pool import StaticPool

import workflow.verbs  # noqa: F401 - a verb is known once its module is imported
from models import Base, Complaint, Department, PriceItem, Staff
from rules.procedure import shipped
from workflow import access, obligations, organisation, procedures, registry, wakeups
from workflow.access import SYSTEM, Actor
from workflow.act import Done
from workflow.arguments import SHANGHAI
from workflow.errors import Refused
from workflow.rehearsal_activate import activate
from workflow.rehearsal_bulk import make_cases
from workflow.rehearsal_look import Look
from workflow.rehearsal_match import Mismatch, compare
from workflow.rehearsal_setup import with_setup

BEFORE_ALL = datetime(2020, 1, 1, tzinfo=UTC)
HEAD = "负责人"
DATES = ("training_valid_until",)
NAMES = {"管理员": "系统管理员"}


@dataclass
class Step:
    """One step as observed."""

    number: int
    at: str
    who: str
    verb: str
    label: str
    ok: bool
    message: str = ""
    warnings: list[str] = field(default_factory=list)
    mismatches: list[Mismatch] = field(default_factory=list)
    seen: dict[str, Any] = field(default_factory=dict)

    @property
    def holds(self) -> bool:
        return not self.mismatches

    def as_json(self) -> dict[str, Any]:
        """The full observation."""
        return {
            "step": self.number,
            "at": self.at,
            "as": self.who,
            "do": self.verb,
            "case": self.label,
            "ok": self.ok,
            "message": self.message,
            "warns": self.warnings,
            "holds": self.holds,
            "mismatches": [str(mismatch) for mismatch in self.mismatches],
            "seen": self.seen,
        }


def with_keys(given: Mapping[str, Any], keys: Mapping[str, str]) -> dict[str, Any]:
    """The values under the keys of the procedure's fields, where they were given under their labels; boxes with ticks
    as the list of those that are ticked."""
    return {keys.get(name, name): _ticked(value) for name, value in given.items()}


def _ticked(value: Any) -> Any:
    boxes = isinstance(value, Mapping) and value and all(isinstance(tick, bool) for tick in value.values())
    return [name for name, tick in value.items() if tick] if boxes else value


def moment(text: str) -> datetime:
    """A time of the file: Shanghai, seconds optional."""
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)


def rehearse(path: Path) -> list[Step]:
    """Every step of the file as observed, on a fresh in-memory database."""
    script = json.loads(path.read_text(encoding="utf-8"))
    engine = create_engine("sqlite://", poolclass=StaticPool, connect_args={"check_same_thread": False})
    try:
        return list(play(script, engine))
    finally:
        engine.dispose()


def play(script: Mapping[str, Any], engine: Engine) -> Iterator[Step]:
    """The steps one by one, on a database without tables or without rows; nothing stays there when it is over."""
    if not inspect(engine).has_table("complaint"):
        Base.metadata.create_all(engine)
    with Session(engine, expire_on_commit=False) as session:
        stage = Stage(session, script)
        stage.set_up()
        for number, step in enumerate(script["steps"], 1):
            yield stage.take(number, step)


class Stage:
    """The rehearsal's own state: the labels of its cases, and who is who."""

    def __init__(self, session: Session, script: Mapping[str, Any]) -> None:
        self.session, self.script = session, script
        self.code = script["procedure"]
        self.labels: dict[str, int] = {}

    def set_up(self) -> None:
        """Put the procedure in force, and make the departments, people and past cases that the file adds."""
        setup = self.script.get("setup", {})
        text = with_setup(shipped()[self.code], setup)
        procedures.put_in_force(self.session, text, actor=SYSTEM, now=BEFORE_ALL)
        for row in setup.get("departments", []):
            department = organisation.ensure_department(
                self.session, row["name"], kind=row.get("kind", ""), parent=row.get("parent", "")
            )
            for office in ("head", "deputy"):
                if row.get(office):
                    setattr(department, office, self._staff(row[office], department))
        for row in setup.get("staff", []):
            department = organisation.ensure_department(self.session, row["department"])
            person = self._staff(row["name"], department)
            for role in row.get("roles", []):
                organisation.give_role(self.session, person, NAMES.get(role, role), department)
            for name in row.keys() - {"name", "department", "roles"}:
                setattr(person, name, date.fromisoformat(row[name]) if name in DATES else row[name])
        self.session.flush()
        for row in setup.get("prices", []):
            days = {name: date.fromisoformat(row[name]) for name in ("valid_from", "valid_to") if row.get(name)}
            self.session.add(
                PriceItem(name=row["name"], unit=row.get("unit", ""), price=Decimal(str(row["price"])), **days)
            )
        make_cases(self.session, self.code, setup.get("cases", []), self.labels)

    def _staff(self, name: str, department: Department | None) -> Staff:
        found = self.session.scalar(select(Staff).where(Staff.name == name))
        if found is None:
            found = Staff(name=name, department=department)
            self.session.add(found)
            self.session.flush()
        elif found.department is None:
            found.department = department
        return found

    def actor(self, name: str | None, now: datetime) -> Actor:
        """The person named in ``as``; one whom nobody has set up gets the office that bears his name."""
        if not name:
            return SYSTEM
        person = self.session.scalar(select(Staff).where(Staff.name == name))
        if person is None:
            person = self._newcomer(name)
        return access.actor_of(self.session, person, now)

    def _newcomer(self, name: str) -> Staff:
        if name.endswith(HEAD) and name != HEAD:
            department = organisation.ensure_department(self.session, name.removesuffix(HEAD))
            person = self._staff(name, department)
            if department.head is None:
                department.head = person
        else:
            person = self._staff(name, None)
            organisation.give_role(self.session, person, NAMES.get(name, name), None)
        self.session.flush()
        return person

    def take(self, number: int, step: Mapping[str, Any]) -> Step:
        """Do one step and compare what is seen with what is expected."""
        now = moment(step["at"])
        label = step.get("case", "")
        actor = self.actor(step.get("as"), now)
        look = Look(self.session, self.code, now, self.labels)
        look.mark(self._case(label))
        done, refusal = self._do(step, actor, now, label)
        message = str(refusal) if refusal else ""
        seen = look.observe(self._case(label), step, done, message, actor)
        warnings = seen["warns"]
        found = Step(number, step["at"], actor.name, step["do"], label, refusal is None, message, warnings, seen=seen)
        if "ok" in step.get("expect", {}):
            expect = dict(step["expect"])
            if isinstance(expect.get("case"), Mapping):
                expect["case"] = with_keys(expect["case"], self.keys(self._case(label), now))
            found.mismatches = compare(expect, {**seen, "ok": refusal is None})
        return found

    def _do(
        self, step: Mapping[str, Any], actor: Actor, now: datetime, label: str
    ) -> tuple[Done | list[Done] | None, Refused | None]:
        complaint = self._case(label)
        try:
            with self.session.begin_nested():
                done = self._sweep(now) if step["do"] == "sweep" else self._perform(step, complaint, actor, now)
            if isinstance(done, Done) and step["do"] == "register" and label:
                self.labels[label] = done.thing.id
            return done, None
        except Refused as refusal:
            complaint = self._case(label)
            registry.refused(self.session, step["do"], complaint, refusal, actor=actor, now=now)
            return None, refusal

    def _perform(self, step: Mapping[str, Any], complaint: Complaint | None, actor: Actor, now: datetime) -> Done:
        arguments = with_keys(step.get("with", {}), self.keys(complaint, now))
        if step["do"] == "activate":
            return activate(self.session, self.code, arguments, now)
        case = None if step["do"] == "register" else complaint
        return registry.perform(self.session, step["do"], case, arguments=arguments, actor=actor, now=now)

    def keys(self, complaint: Complaint | None, now: datetime) -> dict[str, str]:
        """The labels of the procedure's own fields, each with its key: a file may say either."""
        document = procedures.in_force(self.session, now, complaint.procedure_code if complaint else self.code)
        return {field.label: field.key for field in document.fields}

    def _sweep(self, now: datetime) -> list[Done]:
        """Everything that a wake-up would do at this moment, until nothing is left."""
        done = []
        while found := wakeups.due(self.session, now):
            done += [each for each in (wakeups.wake(self.session, clock, now) for clock in found) if each]
        return done + obligations.remind_all(self.session, now)

    def _case(self, label: str) -> Complaint | None:
        key = self.labels.get(label)
        return self.session.get(Complaint, key) if key else None
