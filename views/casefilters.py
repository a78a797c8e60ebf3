"""Filters of a case's records that look at the case itself."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from models import Complaint, Department, db
from models.queries import json_fields
from rules.vocabulary import State
from views import wordings
from views.filters import Condition, Filter, Named, OneOf
from views.filters import raw as raw  # the address says an inner value as it would say its own


@dataclass(frozen=True)
class OfCase(Filter):
    """Another filter, asked of the case that the row belongs to. ``column`` is the relationship."""

    inner: Any = None

    @property
    def kind(self) -> str:  # type: ignore[override]
        return str(self.inner.kind)

    def grouped(self) -> dict[str, list[str]]:
        """The terms that the inner filter offers."""
        found: dict[str, list[str]] = self.inner.grouped()
        return found

    def term(self, value: str) -> str:
        """A term as people read it."""
        return str(self.inner.term(value))

    def read(self, values: Any) -> Any:
        return self.inner.read(values)

    def condition(self, value: Any) -> Condition:
        found: Condition = self.column.has(self.inner.condition(value))
        return found

    def words(self, value: Any) -> str:
        return str(self.inner.words(value))


def of_case(relation: Any) -> tuple[Filter, ...]:
    """The usual ones: state, grade and departments of the case."""
    found = (
        OneOf("case_state", "投诉状态", Complaint.state, options=states),
        OneOf("grade", "等级", Complaint.grade, options=wordings.offered("grades")),
        Named("handling", "承办部门", Complaint.handling_department_id, model=Department, branch=True),
        Named("investigation", "调查处理部门", Complaint.investigation_department_id, model=Department, branch=True),
    )
    return tuple(OfCase(item.key, item.label, relation, inner=item) for item in found)


@dataclass(frozen=True)
class OfField(Filter):
    """A field that a procedure adds, by its whole text: by parts of it a number of a person could be tried out."""

    name: str = ""

    def condition(self, value: Any) -> Condition:
        return json_fields.text_is(Complaint.__table__.c.fields, self.name, [value])


def of_fields() -> tuple[Filter, ...]:
    """One for each field that a procedure says is looked for."""
    return tuple(OfField(f"field_{key}", label, name=key) for key, label in wordings.fields().items())


def states() -> list[str]:
    """The states in which there are cases: one look into the index each, however many cases there are."""
    seen = [db.select(Complaint.id).where(Complaint.state == state).exists() for state in State]
    return [str(state) for state, found in zip(State, db.session.execute(db.select(*seen)).one(), strict=True) if found]


def distinct(column: Any, *always: str) -> Any:
    """The values that a column has, asked at each request: all of them, so that none of a shown row is missing; and
    those that a tab over the list asks for, which may be in no row yet."""

    def options() -> list[str]:
        query = db.select(column).distinct().order_by(column)
        found = [str(value) for value in db.session.scalars(query) if value]
        return [*found, *(value for value in always if value not in found)]

    return options
