"""受理: register a case, accept it, change its facts; each time nature, grade and route are judged anew."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import select

from models import Complainant, Complaint
from rules import engine, lifecycle
from rules.values import kept, seen
from workflow import alike, assignment, choices, classification, likeness, links, procedures, taking
from workflow.act import Act, finding_of
from workflow.arguments import Argument, Kind, find_person
from workflow.classification import CLASSIFYING
from workflow.errors import Finding, Refused
from workflow.masking import MASKS
from workflow.notices import duties_by_rules, met
from workflow.numbers import next_number
from workflow.registry import verb

PERSON = ("name", "kind", "phone", "address", "address_reason", "email", "contact_person", "customer_no", "anonymous")
CASE = (
    "channel",
    "forwarder",
    "received_at",
    "promised_feedback_at",
    "content",
    "demand",
    "compensation_sought",
    "incident_at",
    "place",
    "parties_count",
    "complained_department",
    "complained_person",
    "category",
)
LABELS: dict[str, str] = {}


def _values(name: str) -> Any:
    return lambda act: act.values(name)


def _channels(act: Act) -> list[str]:
    """The sources that the chosen nature has, and the one already chosen: a preset may be changed with a reason."""
    every = act.values("channels")
    own = act.procedure.vocabulary.channels_by_nature.get(str(act.given("nature", "")), every)
    return [name for name in every if name in own or name == act.given("channel")]


def _kinds(act: Act) -> list[str]:
    return act.values("complainant_kinds")


def core_arguments() -> list[Argument]:
    """What every procedure records at intake, in the order of the paper form."""
    return [
        Argument("name", "反映人姓名", "name", section="反映人"),
        Argument("kind", "反映人类型", "choice", options=_kinds, strict=False, longest=20, section="反映人"),
        Argument("phone", "联系电话", "text", longest=40, section="反映人"),
        Argument("address", "联系地址", "text", section="反映人", help="不愿提供时填“未提供”并说明原因"),
        Argument("address_reason", "未提供地址的原因", "text", section="反映人"),
        Argument("anonymous", "匿名", "flag", section="反映人"),
        Argument("email", "电子邮件", "text", longest=120, section="反映人"),
        Argument("contact_person", "联系人", "name", section="反映人"),
        Argument("customer_no", "客户编号", "text", longest=40, section="反映人"),
        Argument("channel", "来源", "choice", options=_channels, section="反映"),
        Argument("forwarder", "转办人或转办单位", "text", longest=100, section="反映"),
        Argument("received_at", "反映时间", "instant", section="反映", help="不填即现在"),
        Argument("content", "反映内容", "long", section="反映"),
        Argument("demand", "客户诉求", "long", section="反映"),
        Argument(
            "compensation_sought", "寻求补偿", "choice", options=_values("compensation"), among=True, section="反映"
        ),
        Argument("complained_department", "被抱怨/投诉部门", "department", section="反映"),
        Argument("complained_person", "被抱怨/投诉人员", "name", section="反映"),
        Argument("incident_at", "发生时间", "instant", section="反映"),
        Argument("place", "发生地点", "choice", options=_values("places"), strict=False, longest=200, section="反映"),
        Argument("parties_count", "涉及人数", "number", minimum=1, maximum=100000, section="反映"),
        Argument("promised_feedback_at", "已告知的反馈时间", "instant", section="反映", nothing="无法告知"),
        Argument("nature", "问题性质", "choice", options=_values("natures"), section="认定", help="不填则由规则认定"),
        Argument(
            "category", "服务类别", "choice", options=_values("categories"), strict=False, longest=100, section="认定"
        ),
        Argument("flags", "标记", "multi", section="认定", options=_values("flags"), strict=False),
        Argument("reason", "理由", "long", section="认定", help="改变预置的性质时须说明"),
    ]


LABELS.update({argument.name: argument.label for argument in core_arguments()})
BESIDE = (
    Argument("links", "关联", "beside", help="相似的投诉中与这一件同一问题或重复的,写作“同一问题 编号”"),
    Argument("looked_at", "看过的相似投诉", "beside"),
)
"""What is chosen among the cases that are shown beside the intake form because they are like the new one."""
KINDS: dict[str, Kind] = {
    "text": "text",
    "long": "long",
    "choice": "choice",
    "bool": "flag",
    "number": "number",
    "date": "date",
    "instant": "instant",
    "duration": "length",
    "person": "person",
    "department": "department",
    "list": "multi",
}


def procedure_arguments(act: Act) -> list[Argument]:
    """The fields that the procedure's document adds."""
    return [
        Argument(
            field.key,
            field.label,
            KINDS[field.type],
            options=tuple(field.values),
            help=field.help,
            section=field.section or "认定",
        )
        for field in act.procedure.fields
        if field.key not in LABELS
    ]


def _chosen_grade(act: Act) -> list[Argument]:
    """The grade, where the procedure lets whoever registers choose it; its rules see what was chosen."""
    if not act.procedure.head.grade_at_intake:
        return []
    return [Argument("grade", "级别", "choice", options=_grades, section="认定")]


def _grades(act: Act) -> list[str]:
    """The everyday grade first, the worst last."""
    return list(reversed(act.procedure.grades))


def register_arguments(act: Act) -> Sequence[Argument]:
    """The intake form: the core and what the procedure adds."""
    asked = [*choices.of_procedure(act), *core_arguments(), *_chosen_grade(act), *procedure_arguments(act)]
    return [*asked, *BESIDE] if act.procedure.step("link") else asked


def update_arguments(act: Act) -> Sequence[Argument]:
    """The same, with the responsible person, who may become known later."""
    more = [
        Argument("responsible_department", "责任部门", "department", section="认定"),
        Argument("responsible_person", "责任人", "name", section="认定"),
    ]
    if act.procedure.step("dispatch"):
        more.append(Argument("handler", "承办人", "person", section="认定"))
    return [*core_arguments(), *more, *_chosen_grade(act), *procedure_arguments(act)]


@verb(
    "register",
    label="登记",
    arguments=register_arguments,
    needs_case=False,
    guard="after",
    group="受理",
    chooses=procedures.titles,
    leads=taking.chosen,
)
def register(act: Act) -> None:
    """A new case: recorded, judged and sent on; saved means accepted where the procedure says so (P02-7.1)."""
    document = act.procedure
    act.complaint = Complaint(
        procedure_code=document.code,
        procedure_version=document.version,
        state="已登记",
        fields={},
        flags=[],
        received_at=act.given("received_at", act.now),
        registered_at=act.now,
        accepted_at=act.now,
        receiver=act.actor.staff,
        receiver_department=act.actor.staff.department if act.actor.staff else None,
        complainant=_complainant(act),
        round=1,
        parties_count=1,
        founded="待定",
        nature="",
        channel="",
        version=1,
        content="",
        demand="",
        compensation_sought="",
        category="",
        complained_person="",
        responsible_person="",
        forwarder="",
        place="",
        satisfaction="",
        close_reason="",
        summary="",
        severity=0,
    )
    _take(act, CASE)
    require_fields(act, "register")
    act.complaint.case_no = next_number(act, "complaint")
    act.session.add(act.complaint)
    act.session.flush()
    act.changes.clear()
    taking.explain(act)
    classification.classify(act, anew=True)
    act.say(f"{act.complaint.case_no} {act.complaint.channel}:{act.complaint.content[:60]}")
    act.result = act.complaint
    duties_by_rules(act)
    alike.follow(act)
    belongs = links.chosen(act)
    likeness.offer(act, seen=[*act.given("looked_at", []), *belongs])
    act.then = [("link", {"kind": kind, "other": number}) for number, kind in belongs.items()]


def _complainant(act: Act) -> Complainant:
    """The complainant on file with the same name and phone, or a new one."""
    given = {name: act.given(name) for name in PERSON if act.given(name) is not None}
    if given.get("name") and given.get("phone"):
        query = select(Complainant).where(Complainant.name == given["name"], Complainant.phone == given["phone"])
        found = act.session.scalars(query.order_by(Complainant.id.desc()).limit(1)).first()
        if found is not None and all(getattr(found, name) == value for name, value in given.items()):
            return found
    return Complainant(
        created_at=act.now,
        **{"name": "", "phone": "", "address": "", "address_reason": "", "anonymous": False, **given},
    )


def require_fields(act: Act, at: str) -> None:
    """Refuse when a field that the procedure demands at this verb is empty; each is named by its label."""
    facts = act.facts()
    missing = [
        field for field in act.procedure.fields if at in field.required_at and facts.get(field.key) in (None, "", [])
    ]
    if missing:
        raise Refused(
            findings=[Finding("请填写{label}", field=field.key, values={"label": field.label}) for field in missing]
        )


def _take(act: Act, names: Sequence[str]) -> None:
    """Put the given arguments into the case, the procedure's own fields included."""
    case = act.case
    for name in names:
        if name in act.arguments and not (name == "received_at" and act.arguments[name] is None):
            value = act.arguments[name]
            empty = (
                None
                if name.endswith("_at") or name == "complained_department"
                else 1
                if name == "parties_count"
                else ""
            )
            act.set(case, name, empty if value is None else value, LABELS.get(name, name))
    if "complained_person" in act.arguments:
        case.complained_staff = (
            find_person(act.session, act.given("complained_person", "")) if act.given("complained_person") else None
        )
    for field in act.procedure.fields:
        if field.key in act.arguments and field.key not in LABELS:
            value, old = act.arguments[field.key], case.fields.get(field.key)
            if old != kept(value):
                case.fields = {**case.fields, field.key: kept(value)}
                act.changed(field.label, seen(old, field.fact.type), value)
    for flag in act.given("flags", []):
        if flag not in case.flags:
            case.flags = [*case.flags, flag]
            act.changed("标记", "", flag)


def _leads_on(act: Act) -> bool:
    """Whether the procedure has a state of its own for what was taken on, and the case is not there yet."""
    step = lifecycle.step_for(act.procedure, "accept")
    return step is not None and step.target(act.case.state) is not None


@verb(
    "accept",
    label="受理",
    ready=lambda act: act.case.accepted_at is None or _leads_on(act),
    arguments=(Argument("note", "备注", "long"),),
    group="受理",
)
def accept(act: Act) -> None:
    """The receiving department confirms; under a procedure where saved means accepted nothing is left to change."""
    if act.case.accepted_at is None:
        act.set(act.case, "accepted_at", act.now, "受理时间")
    if act.given("note"):
        act.say(str(act.given("note")))


@verb("update", label="修改", arguments=update_arguments, guard="after", group="受理")
def update(act: Act) -> None:
    """Facts change: nature, grade and route are judged anew, and the case moves when the route does (P02-9.5)."""
    case, led_to = act.case, classification.destination(act)
    person = {name: act.arguments[name] for name in PERSON if name in act.arguments}
    _have_own_complainant(act, person)
    for name, value in person.items():
        empty: object = False if name == "anonymous" else ""
        _set_of_person(act, name, empty if value is None else value)
    _take(act, CASE)
    if act.given("responsible_department"):
        act.set(case, "responsible_department", act.given("responsible_department"), "责任部门")
        if not act.given("responsible_person"):
            assignment.let_head_answer(act, case.responsible_department)
    if "handler" in act.arguments:
        act.set(case, "handler", act.given("handler"), "承办人")
    if "responsible_person" in act.arguments:
        assignment.name_responsible(act, str(act.given("responsible_person", "")))
    require_fields(act, "register")
    _stay_complete(act)
    if CLASSIFYING & act.arguments.keys() or any(field.key in act.arguments for field in act.procedure.fields):
        classification.classify(act, anew=False, led_to=led_to)
    for key in act.arguments:
        met(act, f"field:{key}")
    duties_by_rules(act)
    alike.follow(act)


def _set_of_person(act: Act, name: str, value: object) -> None:
    """Change the complainant; the history, which nobody can take anything out of, says old and new masked."""
    person = act.case.complainant
    old = getattr(person, name)
    if act.set(person, name, value):
        act.changed(LABELS[name], *(MASKS[name](str(text)) if name in MASKS else text for text in (old, value)))


def _have_own_complainant(act: Act, changes: Mapping[str, Any]) -> None:
    """Before the person changes in this case, part from the entry that other cases were closed with (P02-15.1)."""
    case, old = act.case, act.case.complainant
    shared = select(Complaint.id).where(Complaint.complainant_id == old.id, Complaint.id != case.id).limit(1)
    differs = any(getattr(old, name) != (value or type(getattr(old, name))()) for name, value in changes.items())
    if differs and act.session.scalar(shared) is not None:
        columns = [column.key for column in Complainant.__mapper__.column_attrs if column.key not in ("id", "version")]
        case.complainant = Complainant(**{name: getattr(old, name) for name in columns})


def _stay_complete(act: Act) -> None:
    """What registration demands cannot be emptied afterwards; what was never there is not asked for now."""
    facts, known = dict(act.facts()), (*PERSON, *CASE)
    facts |= {"verb": "register", **{f"argument.{name}": facts.get(name) for name in known}}
    touched = {f"argument.{name}" for name in known if name in act.arguments}
    broken = [d for d in engine.collect(act.procedure, "require", facts) if touched & d.seen.keys()]
    findings = [finding for finding in map(finding_of, broken) if finding.field in known]
    if findings:
        raise Refused(findings=findings)
