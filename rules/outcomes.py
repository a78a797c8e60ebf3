"""What the `then` of a rule may be, stage by stage."""

from collections.abc import Mapping
from dataclasses import dataclass

STAGES: dict[str, str] = {
    "preset": "collect",
    "nature": "first",
    "category": "first",
    "grade": "first",
    "route": "first",
    "dispatch": "first",
    "limits": "collect",
    "team": "collect",
    "approval": "first",
    "require": "collect",
    "warn": "collect",
    "notify": "collect",
    "duty": "collect",
    "escalate": "first",
    "assess": "collect",
}


@dataclass(frozen=True)
class Shape:
    """The parts of an outcome. `text` is the part that a plain text stands for; a stage without one takes no text."""

    right: str
    text: str = ""
    needed: tuple[str, ...] = ()
    may: tuple[str, ...] = ()
    lists: tuple[str, ...] = ()
    """Parts that hold several values."""
    any_of: tuple[str, ...] = ()
    """Parts, of those it may have, of which at least one is there."""
    open: bool = False
    """Whether the parts are the procedure's own fields, whichever they are."""

    def fits(self, then: object) -> bool:
        if isinstance(then, str):
            return bool(self.text) and bool(then.strip())
        if not isinstance(then, Mapping):
            return False
        if self.open:
            return bool(then)
        if self.any_of:
            return not then.keys().isdisjoint(self.any_of) and set(then) <= set(self.may)
        listed = all(isinstance(then[part], list | tuple) for part in self.lists if part in then)
        return bool(self.needed) and set(self.needed) <= set(then) <= {*self.needed, *self.may} and listed


_MESSAGE = Shape('"说明" 或 { text = "说明", field = "字段" }', "text", ("text",), ("field",))
SHAPES: Mapping[str, Shape] = {
    "preset": Shape("{ 字段 = 值 }", open=True),
    "nature": Shape('"投诉"', "nature"),
    "category": Shape('"大类/小类"', "category"),
    "grade": Shape('"一级投诉" 或 { grade = "二级投诉", provisional = true }', "grade", ("grade",), ("provisional",)),
    "route": Shape('{ department = "部门" }', needed=("department",), may=("role", "person", "also", "match")),
    "dispatch": Shape(
        '{ department = "部门" } 或 { person = "专席" }',
        may=("department", "role", "person", "also", "warn"),
        any_of=("department", "role", "person"),
    ),
    "approval": Shape('{ role = "部门负责人", department = "部门" }', needed=("role",), may=("department", "relation")),
    "require": _MESSAGE,
    "warn": _MESSAGE,
    "notify": Shape('{ to = ["收件人"], event = "事件", text = "…" }', needed=("to", "event", "text"), lists=("to",)),
    "duty": Shape(
        '{ title = "…", to = "收件人", met_by = "document:书面认识" }',
        needed=("title", "to", "met_by"),
        may=("text", "once"),
    ),
    "assess": Shape('{ standard = "16", subject_kind = "部门负责人" }', needed=("standard", "subject_kind")),
}
"""Stages that are not named here take any outcome."""


def misshapen(stage: str, then: object) -> str | None:
    """What would be right, when `then` is not what the stage gives; None when it fits."""
    shape = SHAPES.get(stage)
    return None if shape is None or shape.fits(then) else shape.right
