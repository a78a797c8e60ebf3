"""What the `then` of a rule may be, stage by stage."""

from collections.abc import Callable, Mapping

STAGES: dict[str, str] = {
    "preset": "collect",
    "nature": "first",
    "category": "first",
    "grade": "first",
    "route": "first",
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


def _text(then: object) -> bool:
    return isinstance(then, str) and bool(then.strip())


def _table(*needed: str, may: tuple[str, ...] = ()) -> Callable[[object], bool]:
    def fits(then: object) -> bool:
        return isinstance(then, Mapping) and set(needed) <= set(then) <= {*needed, *may}

    return fits


def _either(*kinds: Callable[[object], bool]) -> Callable[[object], bool]:
    return lambda then: any(kind(then) for kind in kinds)


def _notice(then: object) -> bool:
    return _table("to", "event", "text")(then) and isinstance(then, Mapping) and isinstance(then["to"], list | tuple)


_MESSAGE = (_either(_text, _table("text", may=("field",))), '"说明" 或 { text = "说明", field = "字段" }')
_SHAPES: dict[str, tuple[Callable[[object], bool], str]] = {
    "preset": (lambda then: isinstance(then, Mapping) and bool(then), "{ 字段 = 值 }"),
    "nature": (_text, '"投诉"'),
    "category": (_text, '"大类/小类"'),
    "grade": (
        _either(_text, _table("grade", may=("provisional",))),
        '"一级投诉" 或 { grade = "二级投诉", provisional = true }',
    ),
    "route": (_table("department", may=("role", "person", "also")), '{ department = "部门" }'),
    "approval": (_table("role", may=("department", "relation")), '{ role = "部门负责人", department = "部门" }'),
    "require": _MESSAGE,
    "warn": _MESSAGE,
    "notify": (_notice, '{ to = ["收件人"], event = "事件", text = "…" }'),
    "duty": (
        _table("title", "to", "met_by", may=("text",)),
        '{ title = "…", to = "收件人", met_by = "document:书面认识" }',
    ),
    "assess": (_table("standard", "subject_kind"), '{ standard = "16", subject_kind = "部门负责人" }'),
}


def misshapen(stage: str, then: object) -> str | None:
    """What would be right, when `then` is not what the stage gives; None when it fits."""
    fits, right = _SHAPES.get(stage, (lambda _: True, ""))
    return None if fits(then) else right
