"""Assessment: whom an item falls on, the least points, the sanctions to choose from, what is wrong with a proposal."""

from collections.abc import Mapping
from dataclasses import dataclass

from rules.document import Standard
from rules.procedure import Procedure

GRUMBLE = "抱怨"
COMPLAINT = "投诉"


class UnknownStandard(LookupError):
    """An assessment item that the procedure does not have."""


@dataclass(frozen=True)
class Allowance:
    """What an item allows for this nature and grade. `points_min` is for one occurrence; None means that points are not
    the measure here. An item without sanctions takes points only."""

    subjects: tuple[str, ...]
    points_min: int | None
    sanctions: tuple[str, ...]
    needs_sanction: bool
    by_hand: bool = False
    """The procedure has no items at all: whoever proposes writes what it is about, and what follows (P01-17.1)."""

    def least(self, occurrences: int) -> int | None:
        """The least points for so many breaches."""
        return None if self.points_min is None else self.points_min * occurrences


@dataclass(frozen=True)
class Objection:
    """Why a proposal cannot stand: the field, and a sentence with its values."""

    field: str
    text: str
    values: Mapping[str, object]

    def __str__(self) -> str:
        return self.text.format(**self.values)


def allowance(
    procedure: Procedure, standard_no: object, nature: str | None, grade: str | None, subject_kind: str | None = None
) -> Allowance:
    """What the item allows. With `subject_kind` the points are that subject's. Raises UnknownStandard."""
    if not procedure.standards:
        return Allowance((), None, (), needs_sanction=False, by_hand=True)
    item = _standard(procedure, standard_no)
    subjects = tuple(subject.kind.value for subject in item.subjects)
    if item.complaint == "by_severity":
        return Allowance(subjects, None, item.severity, needs_sanction=True)
    if nature == COMPLAINT:
        return Allowance(subjects, None, procedure.sanctions.get(grade or "", ()), needs_sanction=True)
    return Allowance(subjects, _points(item, subject_kind), (), needs_sanction=False)


def proposals(procedure: Procedure, standard_no: object, nature: str | None) -> tuple[tuple[str, int | None], ...]:
    """The rows an item gives when nobody in particular is named: subject kind and least points each."""
    item = _standard(procedure, standard_no)
    scored = nature != COMPLAINT
    return tuple((subject.kind.value, subject.points if scored else None) for subject in item.subjects)


def objections(
    allowed: Allowance,
    *,
    subject_kind: str | None,
    occurrences: int,
    points: int | None,
    sanction: str | None,
    nature: str | None,
) -> list[Objection]:
    """Everything that is wrong with a proposal; an empty list when it stands."""
    found = []
    if subject_kind is not None and not allowed.by_hand and subject_kind not in allowed.subjects:
        found.append(Objection("subject_kind", "这一项的考核对象是{who}", {"who": "、".join(allowed.subjects)}))
    if occurrences < 1:
        found.append(Objection("occurrences", "次数须不小于 1", {}))
    if allowed.by_hand and not sanction and points is None:
        found.append(Objection("sanction", "请写明处分或扣分", {}))
    found += _sanction_objections(allowed, sanction, nature)
    found += _point_objections(allowed, max(occurrences, 1), points)
    return found


def _sanction_objections(allowed: Allowance, sanction: str | None, nature: str | None) -> list[Objection]:
    if allowed.by_hand:
        return []
    choices = {"choices": "、".join(allowed.sanctions)}
    if allowed.needs_sanction and not sanction:
        return [Objection("sanction", "这一项须给予处分,可选:{choices}", choices)]
    if sanction and not allowed.sanctions:
        text = "抱怨的这一项只扣绩效分,不能给予处分" if nature == GRUMBLE else "尚未定级,不能给予处分"
        return [Objection("sanction", text, {})]
    if sanction and sanction not in allowed.sanctions:
        return [Objection("sanction", "不能给予{sanction},可选处分:{choices}", {**choices, "sanction": sanction})]
    return []


def _point_objections(allowed: Allowance, occurrences: int, points: int | None) -> list[Objection]:
    least = allowed.least(occurrences)
    if least is None:
        return [] if points is None or points >= 0 else [Objection("points", "扣分不能小于 0", {})]
    if points is None:
        return [Objection("points", "请填写扣分,不低于 {least} 分", {"least": least})]
    if points < least:
        text = "扣分不低于 {least} 分(每次至少 {each} 分,共 {times} 次)"
        return [Objection("points", text, {"least": least, "each": allowed.points_min, "times": occurrences})]
    return []


def _standard(procedure: Procedure, standard_no: object) -> Standard:
    item = procedure.standard(standard_no)
    if item is None:
        raise UnknownStandard(str(standard_no))
    return item


def _points(item: Standard, subject_kind: str | None) -> int | None:
    for subject in item.subjects:
        if subject_kind in (None, subject.kind.value):
            return subject.points
    return item.subjects[0].points
