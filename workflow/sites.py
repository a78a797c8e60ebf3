"""现场: what was seen on the spot, by whom and when."""

from __future__ import annotations

from models import SiteVisit
from workflow.act import Act, shown
from workflow.arguments import Argument
from workflow.errors import Refused
from workflow.registry import verb


@verb(
    "site_visit",
    label="现场查看",
    group="调查",
    arguments=(
        Argument("arrived_at", "到场时间", "instant", required=True),
        Argument("left_at", "离场时间", "instant"),
        Argument("planned_at", "约定时间", "instant"),
        Argument("people", "到场人员", "multi", strict=False, help="一行一个姓名"),
        Argument("findings", "查看结果", "long", required=True),
        Argument("scene_kept", "保护了现场", "flag"),
    ),
)
def site_visit(act: Act) -> None:
    """A visit to the spot: who was there and what they found."""
    arrived, left = act.arguments["arrived_at"], act.given("left_at")
    if arrived > act.now:
        raise Refused("到场时间不能晚于现在", field="arrived_at")
    if left is not None and not arrived <= left <= act.now:
        raise Refused("离场时间应在到场之后,且不能晚于现在", field="left_at")
    visit = SiteVisit(
        complaint_id=act.case.id,
        round=act.case.round,
        planned_at=act.given("planned_at"),
        arrived_at=arrived,
        left_at=left,
        people=list(act.given("people", [])) or [act.actor.name],
        findings=act.arguments["findings"],
        scene_kept=bool(act.given("scene_kept")),
        by_id=act.actor.id,
        at=act.now,
    )
    act.session.add(visit)
    act.session.flush()
    act.say(f"{shown(arrived)} 到场,{'、'.join(map(str, visit.people))}:{visit.findings[:80]}")
    act.result = visit
