"""Lint of whole tables, reckoned on the exact sets of their cells: overlap, rows never reached, twins, gaps."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache, reduce
from itertools import combinations
from operator import or_

from rules.boxes import Box, Sides, Space, TooLarge, meet, within
from rules.cells import Cell, Unknowable, Words, cell, full
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
    """A table as lint sees it; the same sheet is judged once.

    `sure` are the facts that every case has, `recorded` those that a case may record or not, as the document says.
    """

    stage: str
    hit: Hit
    lines: tuple[Line, ...]
    facts: tuple[Fact, ...]
    sure: frozenset[str]
    recorded: frozenset[str]
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
        frozenset(procedure.facts),
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
    try:
        judge = Judge(sheet)
    except TooLarge:
        return (Place("stages", sheet.stage).may("条件太多,算不清各行是否互相挡住", "拆成几行简单的"),)
    checks = [judge.never_reached, judge.overlaps, judge.twins, judge.gaps]
    return tuple(finding for check in checks for finding in check())


class Judge:
    """The boxes of one table."""

    def __init__(self, sheet: Sheet) -> None:
        self.sheet = sheet
        self.facts = {fact.name: fact for fact in sheet.facts}
        self.whole = {fact.name: self._whole(fact) for fact in sheet.facts}
        sides = [(line, its) for line in sheet.lines if (its := self._sides(line)) is not None]
        self.space = Space(self.whole, [its for _line, its in sides])
        self.boxes = [(line, self.space.box(its)) for line, its in sides]
        self.vague = {line.id for line, its in sides if len(its) < len(line.tests)}

    def _whole(self, fact: Fact) -> Cell:
        """What the fact can be; an argument that is no fact of the case is of the type that its tests speak of."""
        if _of_any_type(fact):
            tests = [test for line in self.sheet.lines for name, test in line.tests if name == fact.name]
            fact = Fact(fact.name, fact.label, _spoken_of(leaf for test in tests for leaf in _leaves(test)))
        return full(fact, closed=is_closed(fact))

    def _side(self, name: str, test: Test) -> Cell | None:
        """The set of a cell; None where it cannot be told, as of a test that values of several types may pass."""
        whole = self.whole.get(name)
        if whole is None or (_of_any_type(self.facts[name]) and not _is_text(whole) and _lets_others_in(test)):
            return None
        try:
            return cell(test, whole)
        except Unknowable:
            return None

    def _sides(self, line: Line) -> Sides | None:
        """The sides of a row, as wide as they may be; None for a row that never holds."""
        sides = {name: side for name, test in line.tests if (side := self._side(name, test)) is not None}
        return None if any(side.is_empty() for side in sides.values()) else sides

    def never_reached(self) -> Findings:
        """Rows that lie wholly in what the rows before them have decided."""
        if self.sheet.hit not in (Hit.FIRST, Hit.PRIORITY):
            return
        unclear = []
        for place, (line, box) in enumerate(self.boxes):
            before = self._before(place)
            left_over = not line.tests and all(other.tests or other.default for other, _its in before)
            if not before or left_over:  # what is left when all is said is nobody's fault
                continue
            try:
                if self.space.uncovered(box, [its for _other, its in before]) is None:
                    yield self._shadow(line, box, before)
            except TooLarge:
                unclear.append(line)
        if unclear:
            wrong = f"条件太多,算不清 {_named(unclear)} 会不会被前面的行全部挡住"
            yield Place("stages", self.sheet.stage).may(wrong, "试算几件,或把行拆简单")

    def _before(self, place: int) -> list[tuple[Line, Box]]:
        """The rows asked before one that surely decide some of its cases."""
        box = self.boxes[place][1]
        known = [(other, its) for other, its in self.boxes[:place] if other.id not in self.vague]
        return [(other, its) for other, its in known if meet(box, its) is not None]

    def case_for(self, rule_id: str) -> dict[str, object] | None:
        """A case that this row decides and none before it; None when there is none. Raises TooLarge."""
        for place, (line, box) in enumerate(self.boxes):
            if line.id == rule_id:
                left = self.space.uncovered(box, [its for _other, its in self._before(place)])
                return None if left is None else self.space.told(left)
        return None

    def _shadow(self, line: Line, box: Box, before: list[tuple[Line, Box]]) -> Finding:
        place = Place("rule", line.id)
        alone = [other for other, its in before if within(box, its)][:1]
        hiding = alone or [other for other, _its in before]
        wrong = f"轮不到它:它成立的情形,前面的 {_named(hiding)} 都已经成立"
        if all(other.then == line.then for other in hiding):
            return place.may(f"{wrong},结果也一样", "删去这一行")
        return place.has(wrong, "移到它们前面,或删去")

    def overlaps(self) -> Findings:
        """Rows that hold together where only one may."""
        if self.sheet.hit not in (Hit.UNIQUE, Hit.PRIORITY):
            return
        for (line, box), (other, its) in self._pairs():
            if (both := meet(box, its)) is None:
                continue
            place, example = Place("rule", other.id), self._example(self.space.told(both))
            if self.sheet.hit is Hit.UNIQUE:
                wrong = f"与 {line.id} 同时成立,{example}"
                yield place.has(wrong, "改到两行不会同时成立,或让本环节用 first(先成立的为准)")
            elif line.priority == other.priority and line.then != other.then:
                wrong = f"与 {line.id} 优先级相同又同时成立,{example}"
                yield place.at("priority").may(wrong, "写不同的 priority")

    def twins(self) -> Findings:
        """Where every row counts: rows that only say again what another says."""
        if self.sheet.hit is not Hit.COLLECT:
            return
        for (line, box), (other, its) in self._pairs():
            if line.then != other.then:
                continue
            if box == its:
                yield Place("rule", other.id).may(f"与 {line.id} 条件相同,结果也相同", "删去其中一行")
            elif within(its, box) or within(box, its):
                more, less = (line, other) if within(its, box) else (other, line)
                yield Place("rule", less.id).may(f"多余:它成立时 {more.id} 也成立,结果也一样", "删去这一行")

    def _pairs(self) -> Iterator[tuple[tuple[Line, Box], tuple[Line, Box]]]:
        """The rows whose boxes are known, two by two, without the default."""
        return combinations([(it, box) for it, box in self.boxes if it.id not in self.vague and not it.default], 2)

    def gaps(self) -> Findings:
        """A case that no row decides, where every case is owed an answer."""
        if not self.sheet.expected or any(not line.tests for line in self.sheet.lines):
            return
        place = Place("stages", self.sheet.stage)
        try:
            case = self.undecided()
        except TooLarge:
            yield place.may("条件太多,算不清有没有漏下的情形", "加一行默认行(default = true)")
            return
        if case is not None:
            yield place.may(f"有的情形没有一行作出决定,{self._example(case)}", "补一行,或加默认行(default = true)")

    def undecided(self) -> dict[str, object] | None:
        """A case that no row decides, as short to tell as may be; None when there is none. Raises TooLarge."""
        scope, boxes = self._scope(), [box for _line, box in self.boxes]
        left = self.space.uncovered(scope, boxes) if all(scope) else None
        return None if left is None else self.space.told(self.space.simplest(left, scope, boxes))

    def _scope(self) -> Box:
        """What the table is about: where every row tests a fact, only the values that one of them names; and no case
        without the facts that registration demands. What a case may leave open is always part of it."""
        boxes = [box for _line, box in self.boxes]
        scope = []
        for place, name in enumerate(self.space.names):
            everything = self.space.everything[place]
            missing = sum(1 << bit for bit, piece in enumerate(self.space.pieces[place]) if piece.missing)
            side = everything
            if boxes and all(box[place] != everything for box in boxes):
                side = reduce(or_, (box[place] for box in boxes)) | (missing if name in self.sheet.recorded else 0)
            scope.append(side & ~missing if name in self.sheet.sure else side)
        return tuple(scope)

    def _example(self, case: Mapping[str, object]) -> str:
        if not case:
            return "任何情形都是"
        return "例如 " + "、".join(f"{self._label(name)}={in_words(value)}" for name, value in case.items())

    def _label(self, name: str) -> str:
        return ("填写的" if name.startswith(ARGUMENT) else "") + self.facts[name].label


def _of_any_type(fact: Fact | None) -> bool:
    return fact is not None and fact.name.startswith(ARGUMENT) and fact.type is FactType.TEXT


def _is_text(whole: Cell) -> bool:
    return isinstance(whole.body, Words) and not whole.body.closed


def _lets_others_in(test: Test) -> bool:
    """Whether values of another type than the test speaks of may pass it."""
    if isinstance(test, AnyOf):
        return any(map(_lets_others_in, test.tests))
    return isinstance(test, Not) or test == Given(True)


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
