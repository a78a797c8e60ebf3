"""One deed in the making: what a verb reads, decides, changes and says, until it becomes an event."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy.orm import Session

from models import Assignment, Complaint, Department, Event, Measure, Notice, Staff, SupervisionOrder
from rules import engine
from rules.document import CategoryRow
from rules.facts import Facts
from rules.judging import JUDGED, Question
from rules.procedure import Procedure
from rules.quantities import written
from rules.table import Decision
from workflow.access import Actor
from workflow.arguments import SHANGHAI
from workflow.errors import Finding, Refused
from workflow.facts import facts_with


@dataclass
class Act:
    """The working state of one verb. It knows the case, the person, the moment and the procedure in force for it."""

    session: Session
    verb: str
    complaint: Complaint | None
    actor: Actor
    now: datetime
    procedure: Procedure
    arguments: dict[str, Any] = field(default_factory=dict)
    lines: list[str] = field(default_factory=list)
    reason: str = ""
    changes: dict[str, list[str]] = field(default_factory=dict)
    warnings: list[str] = field(default_factory=list)
    decisions: list[Decision] = field(default_factory=list)
    asked: list[Question] = field(default_factory=list)
    """The judged stages that were asked, each with the facts that it saw (workflow/decisions.py keeps them)."""
    notices: list[Notice] = field(default_factory=list)
    relations: Mapping[str, tuple[tuple[int, ...], tuple[str, ...]]] | None = None
    """Whom the relations of a step mean here; nothing where only the case can say."""
    among: Mapping[str, str] = field(default_factory=dict)
    """Code and title of the procedures of which the deed may choose one."""
    order: SupervisionOrder | None = None
    measure: Measure | None = None
    stint: Assignment | None = None
    """What the deed is about, where it is more than the case: its clocks are started and met with it."""
    stays: bool = False
    """The case stays in its state whatever the step says: what was asked for waits for somebody's consent."""
    deliver_at: datetime | None = None
    """Not before then do its notices reach people: the opening of the delivery window."""
    then: list[tuple[str, Mapping[str, Any]]] = field(default_factory=list)
    """Deeds on the same case that follow this one in the same unit of work, by the same person."""
    occasion: str = ""
    """What its notices are about, where the same is told to each once only, however often the deed is done."""
    looks: bool = False
    """It is only looked at, as a page does: nobody is told that it was done."""
    plain: bool = False
    """Its notices are told at once and each by itself, whatever the recipient wishes: they are the summary."""
    digest: bool = False
    """Whether its notices are gathered for the recipients' summary of the day."""
    outcome: str | None = None
    """What the verb came to (通过, 满意 …), where the next state hangs on it."""
    extra_facts: dict[str, Any] = field(default_factory=dict)
    result: Any = None
    based: tuple[Any, dict[Any, dict[str, Any]]] | None = None
    """Within a batch: the parts of the facts that were asked for, and what the case was like then."""
    records: tuple[tuple[int, int], dict[str, Any]] | None = None
    """What ``workflow.facts`` has read of the case's records, and when that was."""
    counts: tuple[tuple[int, int], dict[str, Any]] | None = None
    """What ``workflow.counting`` has counted, and when that was."""

    @property
    def case(self) -> Complaint:
        """The complaint; a verb that needs one is never called without."""
        if self.complaint is None:
            raise Refused("请指明投诉")
        return self.complaint

    def given(self, name: str, otherwise: Any = None) -> Any:
        """The argument, or something else when it was not given or left empty."""
        value = self.arguments.get(name)
        return otherwise if value is None else value

    def values(self, name: str) -> list[str]:
        """A value list of the procedure's vocabulary; a tree of categories as ``大类/小类``."""
        found = getattr(self.procedure.vocabulary, name)
        return [text for row in found for text in ([row] if isinstance(row, str) else _flat(row))]

    def say(self, text: str) -> None:
        """Add a line to what the history will tell."""
        self.lines.append(text)

    def set(self, thing: Any, name: str, value: Any, label: str = "") -> bool:
        """Change a field; remember old and new as shown when ``label`` names it. True when it did change."""
        old = getattr(thing, name)
        if old == value:
            return False
        setattr(thing, name, value)
        if label:
            self.changed(label, old, value)
        return True

    def changed(self, label: str, old: Any, new: Any) -> None:
        """Remember a change for the history."""
        first = self.changes[label][0] if label in self.changes else shown(old)
        self.changes[label] = [first, shown(new)]

    def warn(self, text: str) -> None:
        """Something the person should know; the deed is done and the warning is kept."""
        if text not in self.warnings:
            self.warnings.append(text)

    def facts(self, **more: Any) -> Mapping[str, Any]:
        """The whole case as facts, never a delta, with what this deed adds."""
        return facts_with(self, {**self.extra_facts, **more})

    def decide(self, stage: str, **more: Any) -> Decision | None:
        """The decision of a stage that has one outcome; it goes into the history with its reasons."""
        facts = self.facts(**more)
        decision = engine.decide(self.procedure, stage, facts)
        self.take([Question(stage, facts, (decision,) if decision else ())])
        return decision

    def collect(self, stage: str, **more: Any) -> tuple[Decision, ...]:
        """Every decision of a stage that collects."""
        return self.collect_of(stage, self.facts(**more))

    def collect_of(self, stage: str, facts: Facts) -> tuple[Decision, ...]:
        """The same of facts that are known already."""
        decisions = engine.collect(self.procedure, stage, facts)
        self.take([Question(stage, facts, decisions)])
        return decisions

    def take(self, questions: Iterable[Question]) -> None:
        """Let what was asked and answered be part of this deed."""
        for question in questions:
            self.decisions.extend(question.answers)
            if question.stage in JUDGED:
                self.asked.append(replace(question, facts=dict(question.facts)))

    def guard(self, **more: Any) -> None:
        """Refuse the deed when the procedure's ``require`` rows say so; every broken one is named."""
        facts = self.facts(**more)
        if decisions := engine.collect(self.procedure, "require", facts):
            self.decisions.extend(decisions)
            raise Refused(findings=[finding_of(decision, facts) for decision in decisions])

    def caution(self, **more: Any) -> None:
        """Add the warnings of the procedure's ``warn`` rows."""
        facts = self.facts(**more)
        for decision in engine.collect(self.procedure, "warn", facts):
            text = filled(engine.text_of(decision.outcome), facts)
            self.decisions.append(replace(decision, outcome=text))
            self.warn(text)


def _flat(row: CategoryRow) -> list[str]:
    return [f"{row.name}/{child}" for child in row.children] or [row.name]


def finding_of(decision: Decision, facts: Mapping[str, Any] | None = None) -> Finding:
    """A broken ``require`` row as the person reads it, with the facts that its text names."""
    text, known = engine.text_of(decision.outcome), decision.seen if facts is None else facts
    values = {name: shown(known.get(name)) for name in engine.blanks(text)}
    if not all(map(str.isidentifier, values)) or set("{}") & set(engine.fill(text, dict.fromkeys(values, "-"))):
        text, values = filled(text, known), {}  # it has braces that a translation could not fill
    return Finding(text, engine.field_of(decision.outcome) or "", decision.rule_id, dict(values))


def shown(value: Any) -> str:
    """A value as the history shows it: names, Shanghai time, 是 and 否, a dash for nothing."""
    match value:
        case None | "" | []:
            return "—"
        case bool():
            return "是" if value else "否"
        case datetime():
            return value.astimezone(SHANGHAI).strftime("%Y-%m-%d %H:%M:%S")
        case date():
            return value.isoformat()
        case timedelta():
            return written(value)
        case Department() | Staff():
            return value.name
        case list() | tuple():
            return "、".join(shown(item) for item in value)
        case _:
            return str(value)


class _Shown(Mapping[str, Any]):
    """Facts as the history shows them, each only when it is asked for."""

    def __init__(self, facts: Mapping[str, Any]) -> None:
        self.facts = facts

    def __getitem__(self, name: str) -> str:
        return shown(self.facts[name])

    def __iter__(self) -> Iterator[str]:
        return iter(self.facts)

    def __len__(self) -> int:
        return len(self.facts)


def filled(text: str, facts: Mapping[str, Any]) -> str:
    """A text of the procedure with the facts that it names, as the history shows them."""
    return engine.fill(text, _Shown(facts))


def minute(moment: datetime | None) -> str:
    """An instant as paper and tables show it, to the minute; nothing for none."""
    return moment.astimezone(SHANGHAI).strftime("%Y-%m-%d %H:%M") if moment else ""


@dataclass(frozen=True)
class Done:
    """What a verb did: the thing, its event, and what was said, decided and sent on the way."""

    thing: Any
    event: Event | None
    warnings: tuple[str, ...] = ()
    notices: tuple[Notice, ...] = ()
    decisions: tuple[Decision, ...] = ()
    result: Any = None
    """What a report or a print gives back."""

    def and_then(self, following: Done) -> Done:
        """This deed with what the one that followed it said, sent and decided."""
        return replace(
            self,
            warnings=(*self.warnings, *following.warnings),
            notices=(*self.notices, *following.notices),
            decisions=(*self.decisions, *following.decisions),
        )
