"""外部协调: another unit has to act; it is asked, and the complainant is told why it takes time."""

from __future__ import annotations

from models import Coordination
from workflow.act import Act, shown
from workflow.arguments import Argument
from workflow.errors import Refused
from workflow.registry import verb


@verb(
    "coordinate",
    label="外部协调",
    group="沟通",
    arguments=(
        Argument(
            "unit",
            "外部单位",
            "text",
            required=True,
            longest=100,
            default=lambda act: act.case.fields.get("external_unit_name"),
        ),
        Argument("contact", "联系人", "text", longest=100),
        Argument("contacted_at", "联系时间", "instant", help="不填即现在"),
        Argument("explanation_to_customer", "向投诉人的解释", "long", required=True),
        Argument("reply", "答复", "long"),
        Argument("replied_at", "答复时间", "instant"),
    ),
)
def coordinate(act: Act) -> None:
    """One contact with another unit: what the complainant was told of it, and what came of it."""
    contacted, replied = act.given("contacted_at", act.now), act.given("replied_at")
    if contacted > act.now:
        raise Refused("联系时间不能晚于现在", field="contacted_at")
    if replied is not None and replied > act.now:
        raise Refused("答复时间不能晚于现在", field="replied_at")
    asked = Coordination(
        complaint_id=act.case.id,
        unit=act.arguments["unit"],
        contact=act.given("contact", ""),
        contacted_at=contacted,
        explanation_to_customer=act.arguments["explanation_to_customer"],
        reply=act.given("reply", ""),
        replied_at=replied or (act.now if act.given("reply") else None),
        by_id=act.actor.id,
        at=act.now,
    )
    act.session.add(asked)
    act.session.flush()
    act.say(f"{asked.unit} {asked.contact} {shown(contacted)}".strip())
    if asked.reply:
        act.say(f"答复:{asked.reply[:80]}")
    act.result = asked
