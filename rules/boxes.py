"""Rows of a table as boxes: a side a fact, each side an exact set; what is left of one when others are taken away."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from rules.cells import Cell

MOST_PIECES = 2000
Sides = Mapping[str, Cell]
"""The facts that matter, and what each may be; a fact that is not named may be anything."""


class TooLarge(Exception):
    """So many pieces that the answer is not worth the time."""


@dataclass(frozen=True)
class Space:
    """What every fact can be at all: without tests a row holds for all of it."""

    whole: Sides

    def side(self, box: Sides, name: str) -> Cell:
        return box.get(name, self.whole[name])

    def meet(self, one: Sides, other: Sides) -> Sides | None:
        """What is in both; None when nothing is."""
        found = dict(one)
        for name, side in other.items():
            found[name] = self.side(one, name).meet(side)
            if found[name].is_empty():
                return None
        return found

    def minus(self, box: Sides, taken: Sides) -> list[Sides]:
        """What is left of a box, in boxes that do not meet."""
        if self.meet(box, taken) is None:
            return [box]
        left: list[Sides] = []
        inside = dict(box)
        for name, side in taken.items():
            here = self.side(inside, name)
            outside = here.minus(side)
            if not outside.is_empty():
                left.append({**inside, name: outside})
                inside[name] = here.meet(side)
        return left

    def left_of(self, box: Sides, taken: Iterable[Sides]) -> list[Sides]:
        """What is left of a box when others are taken away. Raises TooLarge."""
        pieces = [box]
        for other in taken:
            pieces = [rest for piece in pieces for rest in self.minus(piece, other)]
            if len(pieces) > MOST_PIECES:
                raise TooLarge
            if not pieces:
                break
        return pieces

    def told(self, box: Sides) -> dict[str, object]:
        """A case of the box: the facts that matter, each with a value."""
        return {name: side.sample() for name, side in box.items() if not self.whole[name].minus(side).is_empty()}
