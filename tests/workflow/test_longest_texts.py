"""Every text may be as long as its question allows, on both databases; one character more is refused by its field."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.support.cast import ANSWER, CALL, ORDER, House, moment
from workflow import registry
from workflow.act import Act
from workflow.arguments import LONGEST, Argument
from workflow.errors import Refused

MEASURE = {
    "kind": "预防措施",
    "measure": "短信提醒",
    "owner_department": "客户营业部",
    "due_on": "2026-07-31",
}
Scene = tuple[str, str, Callable[[House], Any] | None, dict[str, Any]]
SCENES: list[Scene] = [
    ("register", "客服甲", None, dict(CALL)),
    ("update", "客服甲", House.registered, {"address_reason": "不愿"}),
    ("communicate", "客服甲", House.registered, {"kind": "安抚", "way": "电话", "text": "致歉"}),
    ("attach", "客服甲", House.registered, {"file": "现场.jpg"}),
    ("issue_order", "客服甲", House.registered, dict(ORDER)),
    ("investigate", "客服甲", House.registered, {"facts": "属实", "conclusion": "属实"}),
    ("judge", "客服甲", House.registered, {"founded": "属实"}),
    ("transfer", "客服甲", House.registered, {"to_dept": "人力资源行政部", "reason": "移交"}),
    ("urge", "客服甲", House.ordered, {}),
    ("submit_correction", "客户营业部负责人", House.signed, dict(ANSWER)),
    ("check_effect", "客服甲", House.answered, {"result": "通过"}),
    ("visit", "客服甲", House.effective, {"result": "满意"}),
    ("close", "客服甲", House.visited, {"close_reason": "解决"}),
    ("add_measure", "客服甲", House.registered, dict(MEASURE)),
    ("propose_assessment", "客服甲", House.confirmed, {"standard_no": "14"}),
    ("inspect", "客服甲", None, {"kind": "日常督查", "department": "客户营业部"}),
    ("circulate", "客服甲", None, {"kind": "月度服务质量检查通报", "period": "2026-04"}),
    ("save_department", "系统管理员", None, {"name": "新部门"}),
    ("save_staff", "系统管理员", None, {"name": "新人"}),
    ("narrow_role", "系统管理员", None, {"name": "新角色"}),
    ("set_calendar", "系统管理员", None, {"day": "2026-12-31", "what": "休息"}),
    ("substitute", "客服甲", None, {"substitute": "客服乙", "starts_at": "2026-05-13", "ends_at": "2026-05-14"}),
]
FIXED = {"month", "period", "id", "sanction", "intervals"}
"""Texts with a form of their own, which no long text has."""
FIXED_IN = {"save_staff": {"email"}}
"""The same by verb: what a customer gives as his address is written down as he says it, a colleague's is written to."""


def _texts(house: House, verb: str, by: str) -> list[Argument]:
    act = Act(house.session, verb, house.case, house.actor(by), moment("2026-05-13 16:00"), _document(house))
    asked = registry.VERBS[verb].asks(act)
    return [item for item in asked if _is_free(item) and item.name not in FIXED | FIXED_IN.get(verb, set())]


def _is_free(item: Argument) -> bool:
    """Whether one may write what one likes."""
    return item.kind in ("text", "long", "name") or (item.kind == "choice" and not item.strict)


def _document(house: House) -> Any:
    from workflow import procedures

    return procedures.in_force(house.session, moment("2026-05-13 16:00"))


@pytest.mark.parametrize(("verb", "by", "lead", "given"), SCENES, ids=[scene[0] for scene in SCENES])
def test_texts_of_the_greatest_length_are_kept(
    house: House, verb: str, by: str, lead: Callable[[House], Any] | None, given: dict[str, Any]
) -> None:
    if lead is not None:
        house.registered()
        if lead is not House.registered:
            lead(house)
    longest = {item.name: "甲" * longest_of(item) for item in _texts(house, verb, by)}
    house.do(verb, by=by, **{**given, **longest})


def longest_of(item: Argument) -> int:
    """How many characters the question takes."""
    return item.longest or LONGEST.get(item.kind, 200)


@pytest.mark.parametrize("field", ["name", "phone", "address", "forwarder", "content"])
def test_one_character_more_is_refused_by_its_field(house: House, field: str) -> None:
    (item,) = (item for item in _texts(house, "register", "客服甲") if item.name == field)
    with pytest.raises(Refused, match="最多") as refusal:
        house.registered(**{field: "甲" * (longest_of(item) + 1)})
    assert [finding.field for finding in refusal.value.findings] == [field]
