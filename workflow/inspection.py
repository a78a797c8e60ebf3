"""检查 and 通报: what an inspection found, and what every department is told."""

from __future__ import annotations

import re
from typing import Any

from models import Circular, Inspection
from workflow.access import HEAD
from workflow.act import Act
from workflow.arguments import Argument
from workflow.errors import Forbidden, Refused
from workflow.notices import met, send
from workflow.registry import verb

AT_MEETING = "部门例会通报"
MONTHLY = "月度服务质量检查通报"
CIRCULARS = (AT_MEETING, MONTHLY, "投诉通报", "通报表扬", "通报批评")
PERIOD = re.compile(r"20\d\d-(0[1-9]|1[0-2])")


@verb(
    "inspect",
    label="登记检查",
    group="检查",
    needs_case=False,
    arguments=(
        Argument(
            "kind",
            "种类",
            "choice",
            options=("月度服务质量检查", "日常督查", "自检", "质检", "经理巡检"),
            required=True,
        ),
        Argument("department", "被检查部门", "department", required=True),
        Argument("at", "检查时间", "instant"),
        Argument("standard", "检查依据", "text", longest=100),
        Argument("items", "检查项目", "json", help="每行一项:项目 | 结果 | 说明"),
        Argument("note", "说明", "long"),
    ),
)
def inspect(act: Act) -> None:
    """One inspection of one department with its items (P02-7.13)."""
    found = Inspection(
        kind=act.arguments["kind"],
        department=act.arguments["department"],
        inspector_id=act.actor.id,
        at=act.given("at", act.now),
        standard=act.given("standard", ""),
        items=_items(act.given("items", [])),
        note=act.given("note", ""),
    )
    act.session.add(found)
    act.session.flush()
    act.say(f"{found.kind} {found.department} {len(found.items)} 项")
    act.result = found


def _items(given: Any) -> list[dict[str, str]]:
    """Items as given by a program, or typed one a line as ``项目 | 结果 | 说明``."""
    if isinstance(given, str):
        lines = [line.split("|") for line in given.splitlines() if line.strip()]
        given = [dict(zip(("item", "result", "note"), map(str.strip, line), strict=False)) for line in lines]
    if not isinstance(given, list) or len(given) > 500 or not all(isinstance(item, dict) for item in given):
        raise Refused("检查项目应每行一项", field="items")
    return [{str(key)[:20]: str(value)[:2000] for key, value in item.items()} for item in given]


def _check_meeting(act: Act) -> None:
    """A department's meeting is about one case, and is recorded by the head of the department that it concerns."""
    if act.complaint is None:
        raise Refused("部门例会通报须指明投诉", field="kind")
    case = act.complaint
    concerned = [case.handling_department, case.responsible_department, case.complained_department]
    own = [department for department in concerned if department is not None]
    if not act.actor.is_system and not any(act.actor.holds(HEAD, department.id) for department in own):
        names = "、".join(dict.fromkeys(department.name for department in own)) or "责任部门"
        raise Forbidden("部门例会通报须由{department}的负责人记录", field="kind", department=names)


@verb(
    "circulate",
    label="通报",
    group="检查",
    needs_case=False,
    arguments=(
        Argument("kind", "种类", "choice", options=CIRCULARS, required=True),
        Argument("period", "月份", "text", help="如 2026-04"),
        Argument("departments", "发往部门", "departments"),
        Argument("held_on", "例会时间", "instant"),
        Argument("text", "内容", "long"),
        Argument("praise", "通报表扬", "long"),
        Argument("criticism", "通报批评", "long"),
    ),
)
def circulate(act: Act) -> None:
    """A circular: one case at the department's meeting, or the month's praise and criticism (P02-7.10, 7.13)."""
    period = str(act.given("period", ""))
    if not PERIOD.fullmatch(period):
        raise Refused("月份应为年-月,如 2026-04", field="period")
    if not any(act.given(name) for name in ("text", "praise", "criticism")):
        raise Refused("请填写通报内容", field="text")
    if act.arguments["kind"] == AT_MEETING:
        _check_meeting(act)
    departments = act.given("departments", [])
    circular = Circular(
        kind=act.arguments["kind"],
        period=period,
        complaint_id=act.complaint.id if act.complaint else None,
        department_id=act.actor.staff.department_id if act.actor.staff else None,
        departments=[department.name for department in departments],
        held_on=act.given("held_on"),
        text=act.given("text", ""),
        praise=act.given("praise", ""),
        criticism=act.given("criticism", ""),
        published_at=act.now,
        published_by_id=act.actor.id,
    )
    act.session.add(circular)
    act.session.flush()
    for department in departments:
        send(act, department, "通报", f"{circular.kind} {period}", occasion=f"circular:{circular.id}")
    met(act, f"circulate:{circular.kind}", period=period)
    act.say(f"{circular.kind} {period}")
    act.result = circular
