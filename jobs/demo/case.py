"""A case as those who tell its story hold it: who has it, what it is now, and when things are done."""

from __future__ import annotations

from datetime import UTC, datetime
from random import Random
from typing import Any

from sqlalchemy import select

from jobs.demo import cast, material
from jobs.demo.diary import Diary
from jobs.demo.hours import Hours
from jobs.demo.plans import STANDING, Plan
from models import Complaint, SupervisionOrder

STILL = {row[0] for row in STANDING}
NEVER = datetime.max.replace(tzinfo=UTC)


class Case:
    """One plan on its way."""

    def __init__(self, diary: Diary, hours: Hours, chance: Random, plan: Plan) -> None:
        self.diary, self.hours, self.chance, self.plan = diary, hours, chance, plan
        self.id = 0
        self.rounds = 1
        self.department = ""
        self.investigator = ""
        self.handler = ""
        self.head = cast.head_of(plan.unit.department)

    @property
    def row(self) -> Complaint:
        """The case as it is now."""
        return self.diary.session.get_one(Complaint, self.id)

    def do(self, verb: str, who: str, **arguments: Any) -> Any:
        """A deed on this case."""
        return self.diary.do(verb, who, self.id, **arguments).result

    def wait(self, low: float, high: float) -> datetime:
        """Some hours on, in office hours."""
        return self.hours.after(self.diary.at, low, high)

    def maybe(self, share: float) -> bool:
        """True in that share of the cases."""
        return self.chance.random() < share

    def pick(self, texts: Any) -> str:
        """One of the texts, blanks filled."""
        return material.said(self.chance, texts, self.plan.accused or "当事人")

    def soon(self) -> datetime:
        """Before the order is due, where that can be; whoever stands still now did the first steps at once."""
        later, due = self.wait(0.3, 5), self.due()
        if later < due and (self.plan.fate in STILL or self.maybe(0.5)):
            return later
        return self.hours.before(self.diary.at, due) if self.diary.at < due else later

    def due(self) -> datetime:
        """When the order is due."""
        query = select(SupervisionOrder.due_at).where(SupervisionOrder.complaint_id == self.id)
        found = self.diary.session.scalar(query.order_by(SupervisionOrder.id.desc()).limit(1))
        return found or self.diary.at

    def take_hands(self) -> None:
        """Who investigates: somebody of the department to which the case went."""
        department = self.row.investigation_department
        self.department = department.name if department else cast.SERVICE
        people = [name for name in cast.INVESTIGATORS[self.department] if name != self.plan.accused]
        if self.investigator not in people:
            self.investigator = self.chance.choice(people)

    def talk(self, kind: str, text: str) -> None:
        """A call to the customer."""
        self.do("communicate", self.investigator, kind=kind, way="电话", text=text, direction="去")
