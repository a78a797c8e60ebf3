"""培训: recorded with those who took part, whose qualification it prolongs."""

from __future__ import annotations

from models import Staff, Training, TrainingAttendance
from workflow.act import Act
from workflow.arguments import SHANGHAI, Argument, find_person
from workflow.errors import Finding, Refused
from workflow.registry import verb


def _kinds(act: Act) -> list[str]:
    return act.values("training_kinds")


@verb(
    "train",
    label="登记培训",
    group="人员",
    needs_case=False,
    arguments=(
        Argument("topic", "主题", "text", required=True),
        Argument("kind", "种类", "choice", options=_kinds, strict=False, longest=20),
        Argument("on", "日期", "date", required=True),
        Argument("trainers", "讲师", "multi", strict=False),
        Argument("attendees", "参加人", "multi", required=True, strict=False, help="一行一个姓名"),
        Argument("valid_until", "有效期至", "date"),
    ),
)
def train(act: Act) -> None:
    """A training with those who took part; where it counts until a day, it prolongs their qualification."""
    held, until = act.arguments["on"], act.given("valid_until")
    if held > act.now.astimezone(SHANGHAI).date():
        raise Refused("培训日期不能晚于今天", field="on")
    if until is not None and until < held:
        raise Refused("有效期早于培训日期", field="valid_until")
    training = Training(
        topic=act.arguments["topic"],
        kind=act.given("kind", ""),
        held_on=held,
        valid_until=until,
        trainers=list(act.given("trainers", [])),
        recorded_at=act.now,
        recorded_by_id=act.actor.id,
        attendance=[TrainingAttendance(staff=person) for person in _people(act)],
    )
    act.session.add(training)
    for one in training.attendance:
        if until is not None and until > (one.staff.training_valid_until or held):
            one.staff.training_valid_until = until
    act.session.flush()
    act.say(f"{training.topic} {held} {'、'.join(str(one) for one in training.attendance)}")
    act.result = training


def _people(act: Act) -> list[Staff]:
    """Those who took part, each once; a name that nobody bears is named."""
    names = list(dict.fromkeys(act.arguments["attendees"]))
    found = {name: find_person(act.session, name) for name in names}
    unknown = [name for name, person in found.items() if person is None]
    if unknown:
        raise Refused(findings=[Finding("没有“{name}”这个人", "attendees", values={"name": name}) for name in unknown])
    return [person for person in found.values() if person is not None]
