"""Lint of whole tables, reckoned on the exact sets of their cells: overlap, rows never reached, twins, gaps."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache, reduce

from rules.boxes import Sides, Space, TooLarge
from rules.cells import Cell, Unknowable, cell, full
from rules.facts import ARGUMENT, Fact, FactType
from rules.faults import Finding, Place
from rules.known import fact_of, is_closed
from rules.outcomes import STAGES
from rules.procedure import Procedure
from rules.quantities import is_number, written
from rules.table import Hit, Row
from rules.unary import AnyOf, Given, Has, Is, Not, Range, Test

EXPECTED = {
    "nature": "nature",
    "category": "category",
    "grade": "grade",
    "route": "investigation_department",
    "approval": "",
}
"""The stages that owe every case an answer, and the fact that the answer becomes."""
Findings = Iterator[Finding]


@dataclass(frozen=True)
class Line:
    """A row as lint sees it: what it is called, its tests, what it gives, when it is asked."""

    id: str
    tests: tuple[tuple[str, Test], ...]
    then: str
    default: bool
    priority: int


@dataclass(frozen=True)
class Sheet:
    """A table as lint sees it; the same sheet is judged once. `sure` are the facts that every case has."""

    stage: str
    hit: Hit
    lines: tuple[Line, ...]
    facts: tuple[Fact, ...]
    sure: frozenset[str]
    expected: bool


def lint_tables(procedure: Procedure) -> Findings:
    """What is wrong with the tables of a procedure, stage by stage."""
    for stage in STAGES:
        if procedure.tables[stage].rows:
            yield from judged(sheet_of(procedure, stage))


def sheet_of(procedure: Procedure, stage: str) -> Sheet:
    """The table of a stage in the order in which it is asked, with all that its verdict depends on."""
    table = procedure.tables[stage]
    names = dict.fromkeys(name for row in table.rows for name in row.when)
    facts = tuple(fact for name in names if (fact := fact_of(procedure, name)))
    return Sheet(
        stage,
        table.hit,
        tuple(_line(row) for row in table.asked),
        facts,
        _sure(procedure),
        stage in EXPECTED and not _refused_without(procedure, EXPECTED[stage]),
    )


def _line(row: Row) -> Line:
    return Line(row.id, tuple(row.when.items()), repr(row.then), row.default, row.priority)


def _sure(procedure: Procedure) -> frozenset[str]:
    """The facts without which no case can be registered."""
    found = set()
    for row in procedure.tables["require"].rows:
        others = [name for name in row.when if name != "verb"]
        verb = row.when.get("verb")
        if len(others) == 1 and verb and verb.holds("register") and row.when[others[0]] == Given(False):
            found.add(others[0].removeprefix(ARGUMENT))
    return frozenset(found)


def _refused_without(procedure: Procedure, name: str) -> bool:
    """Whether a rule refuses to go on while the answer of a stage is missing: then no gap is left open."""
    rows = procedure.tables["require"].rows
    return any(name in row.when and row.when[name].holds(None) is True for row in rows)


@lru_cache(maxsize=512)
def judged(sheet: Sheet) -> tuple[Finding, ...]:
    """Everything that is wrong with a table."""
    judge = _Judge(sheet)
    checks = [judge.never_reached, judge.overlaps, judge.twins, judge.gaps]
    return tuple(finding for check in checks for finding in check())


class _Judge:
    """The boxes of one table."""

    def __init__(self, sheet: Sheet) -> None:
        self.sheet = sheet
        self.facts = {fact.name: fact for fact in sheet.facts}
        self.space = Space({name: self._whole(fact) for name, fact in self.facts.items()})
        self.boxes = [(line, box) for line in sheet.lines if (box := self._box(line)) is not None]
        self.vague = {line.id for line, _box in self.boxes if any(self._side(*test) is None for test in line.tests)}

    def _whole(self, fact: Fact) -> Cell:
        """What the fact can be; an argument that is no fact of the case is of the type that its tests speak of."""
        if fact.name.startswith(ARGUMENT) and fact.type is FactType.TEXT:
            leaves = [
                leaf
                for line in self.sheet.lines
                for name, test in line.tests
                if name == fact.name
                for leaf in _leaves(test)
            ]
            fact = Fact(fact.name, fact.label, _spoken_of(leaves))
        return full(fact, closed=is_closed(fact))

    def _side(self, name: str, test: Test) -> Cell | None:
        """The set of a cell; None where it cannot be told."""
        try:
            return cell(test, self.space.whole[name]) if name in self.space.whole else None
        except Unknowable:
            return None

    def _box(self, line: Line) -> Sides | None:
        """The box of a row, as large as it may be; None for a row that never holds."""
        sides = {name: side for name, test in line.tests if (side := self._side(name, test)) is not None}
        return None if any(side.is_empty() for side in sides.values()) else sides

    def never_reached(self) -> Findings:
        """Rows that lie wholly in what the rows before them have decided."""
        if self.sheet.hit not in (Hit.FIRST, Hit.PRIORITY):
            return
        for place, (line, box) in enumerate(self.boxes):
            before = [(other, its) for other, its in self.boxes[:place] if other.id not in self.vague]
            if not line.tests and not any(not other.tests for other, _box in before):
                continue  # what is left over when all is said is nobody's fault
            before = [(other, its) for other, its in before if self.space.meet(box, its) is not None]
            yield from self._shadow(line, box, before)

    def _shadow(self, line: Line, box: Sides, before: list[tuple[Line, Sides]]) -> Findings:
        place = Place("rule", line.id)
        try:
            if not before or self.space.left_of(box, [its for _other, its in before]):
                return
        except TooLarge:
            yield place.may("条件太多,算不清它会不会被前面的行全部挡住", "试算几件,或把这一行拆开")
            return
        alone = [other for other, its in before if not self.space.minus(box, its)]
        names = _named(alone[:1] or [other for other, _its in before])
        if all(other.then == line.then for other in alone[:1] or [other for other, _its in before]):
            yield place.may(f"轮不到它:它成立的情形,前面的 {names} 都已经成立,结果也一样", "删去这一行")
        else:
            yield place.has(f"轮不到它:它成立的情形,前面的 {names} 都已经成立", "移到它们前面,或删去")

    def overlaps(self) -> Findings:
        """Rows that hold together where only one may."""
        if self.sheet.hit not in (Hit.UNIQUE, Hit.PRIORITY):
            return
        boxes = [(line, box) for line, box in self.boxes if line.id not in self.vague and not line.default]
        for place, (line, box) in enumerate(boxes):
            for other, its in boxes[place + 1 :]:
                both = self.space.meet(box, its)
                if both is not None:
                    yield from self._overlap(line, other, both)

    def _overlap(self, line: Line, other: Line, both: Sides) -> Findings:
        place = Place("rule", other.id)
        if self.sheet.hit is Hit.UNIQUE:
            wrong = f"与 {line.id} 同时成立,{self._example(both)}"
            yield place.has(wrong, "改到两行不会同时成立,或让本环节用 first(先成立的为准)")
        elif line.priority == other.priority and line.then != other.then:
            wrong = f"与 {line.id} 优先级相同又同时成立,{self._example(both)}"
            yield place.at("priority").may(wrong, "写不同的 priority")

    def twins(self) -> Findings:
        """Where every row counts: rows that only say again what another says."""
        if self.sheet.hit is not Hit.COLLECT:
            return
        clear = [(line, box) for line, box in self.boxes if line.id not in self.vague and not line.default]
        for place, (line, box) in enumerate(clear):
            for other, its in clear[place + 1 :]:
                if line.then == other.then:
                    yield from self._twin(line, box, other, its)

    def _twin(self, line: Line, box: Sides, other: Line, its: Sides) -> Findings:
        wider, narrower = not self.space.minus(its, box), not self.space.minus(box, its)
        if wider and narrower:
            yield Place("rule", other.id).may(f"与 {line.id} 条件相同,结果也相同", "删去其中一行")
        elif wider or narrower:
            more, less = (line, other) if wider else (other, line)
            yield Place("rule", less.id).may(f"多余:它成立时 {more.id} 也成立,结果也一样", "删去这一行")

    def gaps(self) -> Findings:
        """A case that no row decides, where every case is owed an answer."""
        if not self.sheet.expected or any(not line.tests for line in self.sheet.lines):
            return
        place = Place("stages", self.sheet.stage)
        try:
            left = self.space.left_of(self._scope(), [box for _line, box in self.boxes])
        except TooLarge:
            yield place.may("条件太多,算不清有没有漏下的情形", "加一行默认行(default = true)")
            return
        if left:
            simplest = min(left, key=lambda box: len(self.space.told(box)))
            yield place.may(f"有的情形没有一行作出决定,{self._example(simplest)}", "补一行,或加默认行(default = true)")

    def _scope(self) -> Sides:
        """What the table is about: where every row tests a fact, only the values that one of them names; and no case
        without the facts that registration demands."""
        scope = {}
        for name, whole in self.space.whole.items():
            side = _given(whole) if name in self.sheet.sure else whole
            tested = [box[name] for _line, box in self.boxes if name in box]
            if len(tested) == len(self.boxes) and tested:
                side = side.meet(reduce(Cell.join, tested))
            scope[name] = side
        return scope

    def _example(self, box: Sides) -> str:
        case = self.space.told(box)
        if not case:
            return "任何情形都是"
        return "例如 " + "、".join(f"{self.facts[name].label}={in_words(value)}" for name, value in case.items())


def _given(side: Cell) -> Cell:
    """The set without the missing value."""
    return Cell(False, side.body)


def in_words(value: object) -> str:
    """A value as an example shows it."""
    match value:
        case None:
            return "(未填)"
        case bool():
            return "是" if value else "否"
        case list():
            return "、".join(value) or "(空)"
    return written(value)


def _named(lines: Iterable[Line]) -> str:
    names = [line.id for line in lines]
    return "、".join(names[:3]) + ("等" if len(names) > 3 else "")


def _leaves(test: Test) -> Iterator[Test]:
    match test:
        case AnyOf(tests):
            for inner in tests:
                yield from _leaves(inner)
        case Not(inner):
            yield from _leaves(inner)
        case _:
            yield test


def _spoken_of(leaves: Iterable[Test]) -> FactType:
    """The type of which tests speak, when the fact says nothing of it."""
    for leaf in leaves:
        match leaf:
            case Has():
                return FactType.LIST
            case Is(bool()):
                return FactType.FLAG
            case Is(value) | Range(None, value) | Range(value, _) if is_number(value):
                return FactType.NUMBER
    return FactType.TEXT
