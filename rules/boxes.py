"""Rows of a table as boxes: a side a fact, each side an exact set. A search finds what no box of a list covers.

Each fact is cut once into the pieces that the cells of its column tell apart; a side is then a set of pieces, kept as
the bits of a number, and the search reckons with numbers alone.
"""

from collections.abc import Iterable, Mapping, Sequence
from functools import reduce

from rules.cells import Cell

MOST_PIECES = 512
MOST_STEPS = 1_500
MOST_STEPS_OF_A_TABLE = 12_000
Sides = Mapping[str, Cell]
"""What some facts may be; a fact that is not named may be anything."""
Box = tuple[int, ...]
"""A side for every fact of the space, as bits."""
Tested = tuple[tuple[int, int], ...]
"""The sides of a box that are not the whole fact, by place."""


class TooLarge(Exception):
    """So much to search that the answer is not worth the time."""


class Space:
    """What the facts of a table can be at all, cut where its cells cut them."""

    def __init__(self, whole: Sides, boxes: Iterable[Sides]) -> None:
        boxes = list(boxes)
        self.names = tuple(whole)
        self.pieces = [_pieces(whole[name], [box[name] for box in boxes if name in box]) for name in self.names]
        self.everything: Box = tuple((1 << len(pieces)) - 1 for pieces in self.pieces)
        self.steps = 0

    def box(self, sides: Sides) -> Box:
        """The box with these sides, which must be made of the cells that cut the space."""
        return tuple(
            sum(1 << place for place, piece in enumerate(pieces) if not piece.meet(sides[name]).is_empty())
            if name in sides
            else everything
            for name, pieces, everything in zip(self.names, self.pieces, self.everything, strict=True)
        )

    def tested(self, box: Box) -> Tested:
        return tuple((place, side) for place, side in enumerate(box) if side != self.everything[place])

    def uncovered(self, box: Box, others: Iterable[Box]) -> Box | None:
        """A part of a box that no other meets; None when together they cover it. Raises TooLarge."""
        self._most = min(self.steps + MOST_STEPS, MOST_STEPS_OF_A_TABLE)
        return self._search(box, [self.tested(other) for other in others])

    def _search(self, box: Box, others: Sequence[Tested]) -> Box | None:
        self.steps += 1
        if self.steps > self._most:
            raise TooLarge
        near: list[Tested] = []
        narrowest: Tested = ()
        fewest = len(box) + 1
        for other in others:
            outside = _outside(box, other)
            if outside == 0:
                return None
            if outside > 0:
                near.append(other)
                if outside < fewest:
                    narrowest, fewest = other, outside
        if not near:
            return box
        return self._beside(box, narrowest, near)

    def _beside(self, box: Box, other: Tested, others: Sequence[Tested]) -> Box | None:
        """Search what is left of a box beside another, piece by piece."""
        inside = list(box)
        for place, side in other:
            if beyond := inside[place] & ~side:
                found = self._search((*inside[:place], beyond, *inside[place + 1 :]), others)
                if found is not None:
                    return found
                inside[place] &= side
        return None

    def simplest(self, box: Box, within: Box, others: Iterable[Box]) -> Box:
        """The box that no other meets, with every side as wide as it may be without meeting one."""
        tested = [self.tested(other) for other in others]
        for place in range(len(box)):
            wider = (*box[:place], within[place], *box[place + 1 :])
            if all(_outside(wider, other) < 0 for other in tested):
                box = wider
        return box

    def told(self, box: Box) -> dict[str, object]:
        """A case of the box: the facts that matter, each with a value."""
        found = {}
        for place, side in self.tested(box):
            chosen = [piece for bit, piece in enumerate(self.pieces[place]) if side >> bit & 1]
            found[self.names[place]] = reduce(Cell.join, chosen).sample()
        return found


def _outside(box: Box, other: Tested) -> int:
    """By how many sides a box reaches out of another; -1 when they do not meet at all."""
    reaches = 0
    for place, side in other:
        here = box[place]
        if not here & side:
            return -1
        if here & ~side:
            reaches += 1
    return reaches


def meet(one: Box, other: Box) -> Box | None:
    """What is in both boxes; None when nothing is."""
    found = tuple(a & b for a, b in zip(one, other, strict=True))
    return found if all(found) else None


def within(inner: Box, outer: Box) -> bool:
    """Whether one box lies wholly in another."""
    return not any(a & ~b for a, b in zip(inner, outer, strict=True))


def _pieces(whole: Cell, cells: Iterable[Cell]) -> list[Cell]:
    """The whole cut by each of the cells; what is missing is always a piece of its own. Raises TooLarge."""
    pieces = [whole]
    nothing = Cell(True, whole.body.meet(whole.body.complement()))
    for cell in dict.fromkeys([nothing, *cells]):
        cut = [part for piece in pieces for part in (piece.meet(cell), piece.minus(cell))]
        pieces = [part for part in cut if not part.is_empty()]
        if len(pieces) > MOST_PIECES:
            raise TooLarge
    return pieces
