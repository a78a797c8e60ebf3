"""One past case judged again by another version: what it would have come to, beside what it came to.

The facts are those that were kept when each decision was taken. What the other version made of the case earlier on goes
into what it sees later, as it would have lived; where a person had his say in between, his word stands.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from rules import judging
from rules.engine import text_of
from rules.facts import ARGUMENT, Facts
from rules.judging import Ask, Judgement, Question
from rules.kept import unkept, without
from rules.procedure import Procedure
from rules.table import Ambiguous, Decision

NATURE, CATEGORY, RAISED, LOWERED, GRADE = "性质不同", "类别不同", "级别升高", "级别降低", "级别不同"
ELSEWHERE, DISPATCH, APPROVAL, CLASH = "去向不同", "派单不同", "审批不同", "规则冲突"
REGRADING = "change_grade"
REGISTRATION = "register"
CHOSEN = f"{ARGUMENT}grade"
ALONE = {"dispatch": DISPATCH, "approval": APPROVAL}
"""Stages that are asked by themselves, each with the name of a difference in it."""


@dataclass(frozen=True)
class Answer:
    """What a stage answered then: the rules that decided (none where no row held), and what it saw beyond the rest."""

    stage: str
    rules: tuple[str, ...]
    changed: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True)
class Version:
    """A version of a procedure with what each of its rows gives, by stage and id."""

    procedure: Procedure
    rows: Mapping[tuple[str, str], Decision]
    asked_by: dict[int, tuple[Procedure, frozenset[str], Ask]] = field(default_factory=dict, repr=False)
    """What other versions ask of its cases, by their identity: worked out once for many cases."""

    @classmethod
    def of(cls, procedure: Procedure) -> "Version":
        """The version, its rows looked up once."""
        rows = {
            (stage, row.id): Decision(stage, row.then, row.id, row.because, row.cites).made_by(
                procedure.code, procedure.version
            )
            for stage, table in procedure.tables.items()
            for row in table.rows
        }
        return cls(procedure, rows)

    def unkept(self, new: Procedure) -> frozenset[str]:
        """The facts that the other version asks and that were not kept of the cases of this one."""
        return self._asked(new)[1]

    def answering(self, new: Procedure) -> Ask:
        """The other version's tables, less the rows that ask what was not kept."""
        return self._asked(new)[2]

    def _asked(self, new: Procedure) -> tuple[Procedure, frozenset[str], Ask]:
        if id(new) not in self.asked_by:
            missing = unkept(new, self.procedure)
            self.asked_by[id(new)] = (new, missing, judging.tables_of(new, without(new.tables, missing)))
        return self.asked_by[id(new)]


@dataclass(frozen=True)
class Moment:
    """One deed in which the case was judged, as it was recorded, and the version that judged it."""

    event: int
    at: datetime
    verb: str
    facts: Facts
    answers: Mapping[str, Answer]
    by: Version


@dataclass(frozen=True)
class Difference:
    """Where the other version comes to something else; a side that decided nothing has no decision."""

    kind: str
    stage: str
    at: datetime
    event: int
    old_outcome: str
    new_outcome: str
    old: Decision | None
    new: Decision | None
    clash: str = ""
    """The two rows that hold at once, where the other version cannot decide."""


@dataclass
class Course:
    """How a case went under one version: what became of it, and the last answer of each stage."""

    facts: dict[str, object] = field(default_factory=dict)
    """As the last judging left them."""
    last: dict[str, tuple[Moment, Question]] = field(default_factory=dict)
    left: list[tuple[datetime, Facts]] = field(default_factory=list)
    """What each judging left the case as, oldest first."""
    destination: str | None = None

    def keep(self, moment: Moment, made: Judgement) -> None:
        """Remember what this moment made of the case."""
        self.facts = made.facts
        self.left.append((moment.at, made.facts))
        if any(question.stage == "route" for question in made.questions):
            self.destination = made.destination
        for question in made.questions:
            self.last[question.stage] = (moment, question)

    def facts_at(self, at: datetime) -> Facts:
        """What was known of the case at an instant; before its first judging, what that one left."""
        known = [facts for when, facts in self.left if when <= at]
        return known[-1] if known else self.left[0][1] if self.left else {}

    def answer(self, stage: str) -> Decision | None:
        """What the stage answered last."""
        found = self.last.get(stage)
        return next(iter(found[1].answers), None) if found else None


def replay(new: Procedure, moments: Sequence[Moment]) -> list[Difference]:
    """What would have been otherwise: each recorded moment is judged again, and what counted last is compared."""
    before, after, found = courses(new, moments)
    return [*found, *compared(before, after, new)]


def courses(new: Procedure, moments: Sequence[Moment]) -> tuple[Course, Course, list[Difference]]:
    """Both ways of the case, as it went and as it would have gone, and where the other version could not decide."""
    before, after = Course(), Course()
    for moment in moments:
        facts = _as_it_would_have_been(moment, before, after)
        try:
            made = _judged(new, moment, facts, after.destination, moment.by.answering(new))
        except Ambiguous as fault:
            return before, after, [_clash(moment, fault)]
        before.keep(moment, _judged(moment.by.procedure, moment, moment.facts, before.destination, recorded(moment)))
        after.keep(moment, made)
    return before, after, []


def _as_it_would_have_been(moment: Moment, before: Course, after: Course) -> Facts:
    """The facts of the moment, with what the other version had made of the case where nobody has changed it since."""
    facts = moment.facts
    if before.facts == after.facts:
        return facts
    made = {
        name: after.facts.get(name)
        for name in {**before.facts, **after.facts}
        if before.facts.get(name) != after.facts.get(name) and facts.get(name) == before.facts.get(name)
    }
    return {**facts, **made} if made else facts


def _judged(procedure: Procedure, moment: Moment, facts: Facts, led_to: str | None, ask: Ask) -> Judgement:
    """The moment once more, by whoever answers."""
    if moment.verb == REGRADING and facts.get(CHOSEN):
        return judging.regrade(procedure, facts, str(facts[CHOSEN]), ask=ask)
    if "grade" in moment.answers and "route" not in moment.answers:
        return judging.grade_again(procedure, facts, ask=ask)
    if "grade" in moment.answers:
        anew, with_nature = moment.verb == REGISTRATION, "nature" in moment.answers
        return judging.judge(procedure, facts, anew=anew, with_nature=with_nature, led_to=led_to, ask=ask)
    return _alone(procedure, moment, facts, ask)


def _alone(procedure: Procedure, moment: Moment, facts: Facts, ask: Ask) -> Judgement:
    """Stages that were asked by themselves, such as who approves."""
    made = Judgement(procedure, dict(facts), ask)
    for stage, answer in moment.answers.items():
        made.facts = {**facts, **answer.changed}
        made.answers(stage)
    made.facts = dict(facts)
    return made


def recorded(moment: Moment) -> Ask:
    """What was decided then answers, instead of the tables."""
    rows = moment.by.rows

    def ask(stage: str, facts: Facts) -> tuple[Decision, ...]:
        answer = moment.answers.get(stage)
        found = [rows.get((stage, rule)) for rule in answer.rules] if answer else []
        return tuple(decision for decision in found if decision is not None)

    return ask


def compared(before: Course, after: Course, new: Procedure) -> Iterable[Difference]:
    """Where the two ways lead to something else; nothing where the case was never judged."""
    if not before.last:
        return
    old, would = before.facts, after.facts
    for stage, kind in (("nature", NATURE), ("category", CATEGORY)):
        if (old.get(stage) or "") != (would.get(stage) or ""):
            yield _difference(kind, stage, before, after, old.get(stage), would.get(stage))
    if (old.get("grade") or "") != (would.get("grade") or ""):
        kind = _direction(new, old.get("grade"), would.get("grade"))
        yield _difference(kind, "grade", before, after, old.get("grade"), would.get("grade"))
    if (before.destination or "") != (after.destination or ""):
        yield _difference(ELSEWHERE, "route", before, after, before.destination, after.destination)
    for stage, kind in ALONE.items():
        one, other = before.answer(stage), after.answer(stage)
        if stage in before.last and (one and one.outcome) != (other and other.outcome):
            yield _difference(kind, stage, before, after, _words(one), _words(other))


def _direction(procedure: Procedure, old: object, new: object) -> str:
    """Whether the other grade is worse, milder, or neither, by the weights of the other version."""
    if judging.worse(procedure, new, old):
        return RAISED
    return LOWERED if judging.worse(procedure, old, new) else GRADE


def _difference(kind: str, stage: str, before: Course, after: Course, old: Any, new: Any) -> Difference:
    moment = (before.last.get(stage) or after.last.get(stage) or next(iter(before.last.values())))[0]
    return Difference(
        kind, stage, moment.at, moment.event, str(old or ""), str(new or ""), before.answer(stage), after.answer(stage)
    )


def _clash(moment: Moment, fault: Ambiguous) -> Difference:
    asked = recorded(moment)(fault.stage, moment.facts)
    decision = next(iter(asked), None)
    return Difference(
        CLASH, fault.stage, moment.at, moment.event, _words(decision), "", decision, None, "、".join(fault.rules)
    )


def _words(decision: Decision | None) -> str:
    if decision is None:
        return ""
    spec = decision.outcome
    if isinstance(spec, Mapping):
        return " ".join(str(spec[name]) for name in ("grade", "department", "role") if spec.get(name)) or text_of(spec)
    return str(spec)
