"""The one way in which a case is judged: preset, nature, category, grade, route; each sees what those before it made.

A live case and a replayed one go through ``judge``; only who answers differs: the tables of a procedure, or what was
decided at the time (``Ask``). Nothing is changed here: facts in, decisions and what follows from them out.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from rules import engine
from rules.facts import ARGUMENT, Facts
from rules.procedure import Procedure
from rules.table import Decision, Table

Ask = Callable[[str, Facts], tuple[Decision, ...]]
"""Who answers a stage: at most one decision, or several where it collects."""

COLLECTING = frozenset({"preset", "limits", "team"})
"""Of the stages of which facts are kept, those that may give several answers."""
JUDGED = ("preset", "nature", "category", "grade", "route", "dispatch", "limits", "team", "approval", "escalate")
"""The stages whose decisions are kept with the facts that they saw, so that they can be taken again."""
NATURE_HANGS_ON = frozenset({"nature", "compensation_sought", "channel"})
"""What is typed that bears on the nature of a case."""
DERIVED = frozenset(
    {"nature", "category", "grade", "provisional_grade", "grade_by_hand", "severity", "investigation_department"}
)
"""The facts that judging makes, beside the presets."""
BY_HAND, DOES_NOT_FALL = "手工", "不降"


@dataclass(frozen=True)
class Question:
    """One stage asked once: what it saw and what it answered; no answer where no row held."""

    stage: str
    facts: Facts
    answers: tuple[Decision, ...]


@dataclass(frozen=True)
class Grading:
    """What becomes of the grade, once what the rules say has met what the case already has (G-13)."""

    grade: str | None
    provisional: bool = False
    by_hand: bool = False
    raised: bool = False
    stays: str = ""
    """Why it stays against the rules: ``BY_HAND`` or ``DOES_NOT_FALL``; empty where it becomes ``grade``."""
    by_rules: str | None = None
    severity: int = 0


@dataclass
class Judgement:
    """What judging came to. ``facts`` are those of the case as they are afterwards."""

    procedure: Procedure
    facts: dict[str, object]
    ask: Ask
    questions: list[Question] = field(default_factory=list)
    presets: dict[str, Any] = field(default_factory=dict)
    nature: str | None = None
    category: str | None = None
    grading: Grading | None = None
    destination: str | None = None
    """Where the case is sent; nothing where no rule says so."""
    moves: bool = False
    """Whether it is to be handed over: not when the facts led there before."""

    def answers(self, stage: str) -> tuple[Decision, ...]:
        """Ask a stage, and keep what it saw."""
        question = Question(stage, dict(self.facts), self.ask(stage, self.facts))
        self.questions.append(question)
        return question.answers

    def answer(self, stage: str) -> Decision | None:
        """Ask a stage that gives one answer."""
        return next(iter(self.answers(stage)), None)

    def decision(self, stage: str) -> Decision | None:
        """The answer that the stage gave here."""
        return next((found for each in self.questions if each.stage == stage for found in each.answers), None)


def tables_of(procedure: Procedure, tables: Mapping[str, Table] | None = None) -> Ask:
    """The procedure's own tables answer, or these in their stead."""
    asked = procedure.tables if tables is None else tables

    def ask(stage: str, facts: Facts) -> tuple[Decision, ...]:
        table = asked.get(stage)
        if table is None:
            return ()
        if stage in COLLECTING:
            found = table.decide_all(facts)
        else:
            decision = table.decide(facts)
            found = [decision] if decision else []
        return tuple(decision.made_by(procedure.code, procedure.version) for decision in found)

    return ask


def judge(
    procedure: Procedure,
    facts: Facts,
    *,
    anew: bool,
    with_nature: bool = True,
    led_to: str | None = None,
    ask: Ask | None = None,
) -> Judgement:
    """Judge the case. ``anew`` is its registration; later on what is known already is not preset again.

    ``led_to`` is where the facts led until now: while they still lead there, the case stays with whoever has it.
    """
    made = Judgement(procedure, dict(facts), ask or tables_of(procedure))
    _preset(made, only_missing=not anew)
    if with_nature:
        _nature(made)
    _category(made)
    _grade(made)
    _route(made, led_to)
    return made


def regrade(procedure: Procedure, facts: Facts, chosen: str, *, ask: Ask | None = None) -> Judgement:
    """Another grade than the facts give, chosen by a person; what the rules say of it is asked, and kept beside it."""
    made = Judgement(procedure, dict(facts), ask or tables_of(procedure))
    by_rules, _provisional = graded(made.answer("grade"))
    raised = worse(procedure, chosen, facts.get("grade"))
    severity = procedure.head.severity.get(chosen, 0)
    _become(made, Grading(chosen, by_hand=True, raised=raised, by_rules=by_rules, severity=severity))
    return made


def grade_again(procedure: Procedure, facts: Facts, *, ask: Ask | None = None) -> Judgement:
    """Only the grade, because a fact that bears on it has changed by itself: a limit has run out."""
    made = Judgement(procedure, dict(facts), ask or tables_of(procedure))
    _grade(made)
    return made


def raised_to(procedure: Procedure, grade: str) -> Grading:
    """A grade that was reached by time alone."""
    return Grading(grade, raised=True, by_rules=grade, severity=procedure.head.severity.get(grade, 0))


def destination(procedure: Procedure, facts: Facts) -> str | None:
    """The department to which these facts lead; asking decides nothing."""
    return named(engine.decide(procedure, "route", facts))


def named(decision: Decision | None) -> str | None:
    """The department that a route names."""
    if decision is None:
        return None
    spec = decision.outcome
    return str(spec["department"] if isinstance(spec, Mapping) else spec)


def graded(decision: Decision | None) -> tuple[str | None, bool]:
    """The grade that a decision gives, and whether it is only provisional."""
    if decision is None or not decision.outcome:
        return None, False
    if isinstance(decision.outcome, Mapping):
        return decision.outcome.get("grade"), bool(decision.outcome.get("provisional"))
    return str(decision.outcome), False


def worse(procedure: Procedure, one: object, other: object) -> bool:
    """Whether the first grade weighs more than the second; no grade weighs nothing."""
    severity = procedure.head.severity
    return severity.get(str(one or ""), 0) > severity.get(str(other or ""), 0)


def _preset(made: Judgement, *, only_missing: bool) -> None:
    """What the channel tells by itself; what a person said explicitly stays."""
    for decision in made.answers("preset"):
        for key, value in decision.outcome.items():
            said = made.facts.get(f"{ARGUMENT}{key}") is not None
            if not said and not (only_missing and made.facts.get(key) is not None):
                made.facts[key] = made.presets[key] = _taken_over(value, made.facts)


def _taken_over(value: Any, facts: Facts) -> Any:
    """The value itself; `{receiver}` is what that fact says at this moment."""
    if isinstance(value, str) and value.startswith("{") and value.endswith("}"):
        return facts.get(value[1:-1])
    return value


def _nature(made: Judgement) -> None:
    decision = made.answer("nature")
    if decision is not None:
        made.facts["nature"] = made.nature = str(decision.outcome)


def _category(made: Judgement) -> None:
    """Only where nobody chose one, and the procedure has rules for it."""
    table = made.procedure.tables.get("category")
    if made.facts.get("category") or table is None or not table.rows:
        return
    decision = made.answer("category")
    if decision is not None:
        made.facts["category"] = made.category = str(decision.outcome)


def _grade(made: Judgement) -> None:
    """It rises by itself; it falls by itself only when it was provisional; by hand it stays until it must be worse."""
    has, head = made.facts.get("grade"), made.procedure.head
    new, provisional = graded(made.answer("grade"))
    rises = worse(made.procedure, new, has)
    if made.facts.get("grade_by_hand") and not rises:
        stays = BY_HAND
    elif has and new and not made.facts.get("provisional_grade") and worse(made.procedure, has, new):
        stays = DOES_NOT_FALL
    else:
        severity = head.severity.get(new or str(made.facts.get("nature") or ""), 0)
        _become(made, Grading(new, provisional, raised=bool(has) and rises, by_rules=new, severity=severity))
        return
    made.grading = Grading(str(has) if has else None, stays=stays, by_rules=new)


def _become(made: Judgement, grading: Grading) -> None:
    made.grading = grading
    made.facts |= {
        "grade": grading.grade,
        "provisional_grade": grading.provisional,
        "grade_by_hand": grading.by_hand,
        "severity": grading.severity,
    }


def _route(made: Judgement, led_to: str | None) -> None:
    """A change of route is a hand-over; a case that somebody handed on stays there while the facts lead as before."""
    made.destination = named(made.answer("route"))
    made.moves = made.destination is not None and made.destination != led_to
    if made.moves:
        made.facts["investigation_department"] = made.destination
