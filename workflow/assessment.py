"""考核: what a standard allows for this case, who proposes, who decides, and what the system drafts (附件4)."""

from __future__ import annotations

import re
from typing import Any

from models import Assessment, Department, Staff
from rules import assessment as standards
from rules.assessment import Allowance
from workflow import batches
from workflow.act import Act
from workflow.arguments import SHANGHAI, Argument, find_person
from workflow.departments import answering, ensure_department
from workflow.errors import Finding, Forbidden, Refused
from workflow.facts import all_of, rows
from workflow.notices import send
from workflow.registry import verb

PERSON, HEAD = "责任人", "部门负责人"


def _standards(act: Act) -> list[str]:
    return list(dict.fromkeys(standard.no for standard in act.procedure.standards))


def allowance(act: Act, subject_kind: str | None) -> Allowance:
    """What the standard named in the arguments allows for this case and this kind of subject."""
    number = str(act.given("standard_no", ""))
    return standards.allowance(act.procedure, number, act.case.nature, act.case.grade, subject_kind)


def _sanctions(act: Act) -> list[str]:
    if not act.given("standard_no"):
        return sorted({s for row in act.procedure.sanctions.values() for s in row})
    return list(allowance(act, act.given("subject_kind")).sanctions)


PROPOSAL = (
    Argument("standard_no", "考核项目", "choice", options=_standards, required=True, longest=60),
    Argument("subject_kind", "考核对象", "choice", options=(PERSON, HEAD)),
    Argument("subject", "被考核人", "name"),
    Argument("occurrences", "次数", "number", minimum=1, maximum=999),
    Argument("points", "扣分", "number", minimum=0, maximum=100000),
    Argument("sanction", "处分", "choice", options=_sanctions, strict=False, longest=60),
    Argument(
        "month",
        "绩效月份",
        "text",
        help="如 2026-03",
        default=lambda act: act.now.astimezone(SHANGHAI).strftime("%Y-%m"),
    ),
    Argument("note", "说明", "long"),
)


@verb("propose_assessment", label="提出处理意见", group="考核", arguments=PROPOSAL)
def propose_assessment(act: Act) -> None:
    """处理意见 for a confirmed case: at least the standard's points, or a sanction that the grade allows (P02-17.*)."""
    _check_proposer(act)
    kind = act.given("subject_kind")
    kinds = [kind] if kind else list(allowance(act, None).subjects) or [PERSON]
    act.result = [_propose(act, each) for each in kinds]


def _check_proposer(act: Act) -> None:
    """The department that investigated proposes, no other (P02-11.3, 11.4)."""
    department = act.case.investigation_department
    if department and not any(hat.department_id == department.id for hat in act.actor.hats):
        raise Forbidden("处理意见须由{department}提出", rule="P02-11.4", department=department.name)


def _propose(act: Act, kind: str) -> Assessment:
    allowed = allowance(act, kind)
    number, times = str(act.arguments["standard_no"]), int(act.given("occurrences", 1))
    points, sanction = _measure(act, allowed, kind, times)
    month = str(act.given("month", act.now.astimezone(SHANGHAI).strftime("%Y-%m")))
    if not re.fullmatch(r"20\d\d-(0[1-9]|1[0-2])", month):
        raise Refused("绩效月份应为年-月,如 2026-03", field="month")
    proposal = _draft_for(act, number, kind) or Assessment(
        complaint_id=act.case.id, standard_no=number, subject_kind=kind
    )
    subject = str(act.given("subject") or _subject(act, kind))
    person = find_person(act.session, subject) if subject else None
    approver = _approver(act)
    for name, value in {
        "subject": subject,
        "subject_staff": person,
        "subject_department": _department(act),
        "occurrences": times,
        "points_min": None if allowed.points_min is None else allowed.points_min * times,
        "points": points,
        "sanctions": list(allowed.sanctions),
        "sanction": sanction,
        "month": month,
        "note": act.given("note", ""),
        "proposer": act.actor.staff,
        "proposed_at": act.now,
        "approver_role": approver[0],
        "approver_department": approver[1],
        "state": "已报",
    }.items():
        setattr(proposal, name, value)
    act.session.add(proposal)
    act.session.flush()
    measure = "、".join(filter(None, (sanction, f"{points} 分" if points is not None else "")))
    if allowed.by_hand:
        act.say(f"{number}:{kind} {subject} {measure},报{_to(approver)}")
    else:
        act.say(f"第 {number} 项({area(act, number)}){kind} {subject} {measure},报{_to(approver)}")
    return proposal


def area(act: Act, number: str) -> str:
    """The service area of a standard, as the categories write it: ``上门服务/抄表业务``."""
    found = next((standard for standard in act.procedure.standards if standard.no == number), None)
    if found is None:
        return number
    return f"{found.category}/{found.subcategory}" if found.subcategory and not found.sub else found.category


def _measure(act: Act, allowed: Allowance, kind: str, times: int) -> tuple[int | None, str]:
    """Points and sanction, within what the standard allows; points left empty are the least that it allows (F-17)."""
    points, sanction = act.given("points", allowed.least(times)), str(act.given("sanction", ""))
    wrong = standards.objections(
        allowed, subject_kind=kind, occurrences=times, points=points, sanction=sanction, nature=act.case.nature
    )
    if wrong:
        rule = f"standard-{act.arguments['standard_no']}"
        raise Refused(findings=[Finding(each.text, each.field, rule, dict(each.values)) for each in wrong])
    return points, sanction


def _subject(act: Act, kind: str) -> str:
    if kind == PERSON:
        return act.case.responsible_person or act.case.complained_person
    department = _department(act)
    return str(department.head or "") if department else ""


def _department(act: Act) -> Department | None:
    """The department whose head answers: the responsible one, or before an order names it the one complained about."""
    case = act.case
    found = case.responsible_department or case.handling_department or case.complained_department
    return answering(found) if found else None


def _draft_for(act: Act, number: str, kind: str) -> Assessment | None:
    """The draft that the system made for this, if one waits."""
    drafts = all_of(
        act, Assessment, Assessment.standard_no == number, Assessment.subject_kind == kind, Assessment.state == "草稿"
    )
    return drafts[0] if drafts else None


def _approver(act: Act) -> tuple[str, Department | None]:
    """Who decides: a role, in a department where the procedure names one (stage ``approval``)."""
    decision = act.decide("approval", object="处分")
    if decision is None:
        raise Refused("制度没有规定处理意见由谁审批")
    spec = decision.outcome
    department = spec.get("department")
    return spec["role"], ensure_department(act.session, department) if department else None


def _to(approver: tuple[str, Department | None]) -> str:
    return f"{approver[1] or ''}{approver[0]}"


def draft_by_rules(act: Act, **more: Any) -> None:
    """Drafts that the ``assess`` rows ask for; a person proposes or drops them (F-16)."""
    for decision in act.collect("assess", **more):
        spec = decision.outcome
        allowed = standards.allowance(
            act.procedure, str(spec["standard"]), act.case.nature, act.case.grade, spec["subject_kind"]
        )
        asked = (str(spec["standard"]), spec["subject_kind"], "草稿")
        if any((row.standard_no, row.subject_kind, row.state) == asked for row in rows(act, Assessment)):
            continue
        subject = _subject(act, spec["subject_kind"])
        person = find_person(act.session, subject) if subject else None
        batches.write(
            act.session,
            Assessment,
            complaint_id=act.case.id,
            standard_no=str(spec["standard"]),
            subject_kind=spec["subject_kind"],
            subject=subject,
            subject_staff=person,
            subject_department=_department(act),
            occurrences=1,
            points_min=allowed.points_min,
            points=allowed.points_min,
            sanctions=list(allowed.sanctions),
            proposed_at=act.now,
            state="草稿",
            month=act.now.astimezone(SHANGHAI).strftime("%Y-%m"),
            note=decision.because,
        )
        act.session.flush()
        act.say(f"拟考核第 {spec['standard']} 项({spec['subject_kind']})")


def _something_to_decide(act: Act) -> bool:
    """Whether a proposal waits for this person."""
    waiting = all_of(act, Assessment, Assessment.state == "已报")
    return any(act.actor.holds(row.approver_role, row.approver_department_id) for row in waiting)


@verb(
    "decide_assessment",
    ready=_something_to_decide,
    label="审批处理意见",
    group="考核",
    arguments=(
        Argument("standard_no", "考核项目", "choice", options=_standards),
        Argument("assessment", "处理意见", "hidden"),
        Argument("decision", "决定", "choice", options=("同意", "驳回"), required=True),
        Argument("opinion", "意见", "long"),
    ),
)
def decide_assessment(act: Act) -> None:
    """The approver named by the procedure agrees or sends back; never the proposer himself (G-15)."""
    proposal = _waiting(act)
    _check_approver(act, proposal)
    proposal.state, proposal.decided_by, proposal.decided_at = act.arguments["decision"], act.actor.staff, act.now
    proposal.opinion = act.given("opinion", "")
    act.say(
        f"第 {proposal.standard_no} 项 {proposal.subject} {proposal.state}"
        + (f":{proposal.opinion}" if proposal.opinion else "")
    )
    if isinstance(proposal.proposer, Staff):
        send(
            act,
            proposal.proposer,
            "考核结果",
            f"{act.case.case_no} 第 {proposal.standard_no} 项处理意见{proposal.state}",
            occasion=f"assessment:{proposal.id}:{proposal.state}",
        )
    act.result = proposal


def _waiting(act: Act) -> Assessment:
    conditions = [Assessment.state == "已报"]
    if act.given("standard_no"):
        conditions.append(Assessment.standard_no == str(act.given("standard_no")))
    if act.given("assessment"):
        key = str(act.given("assessment"))
        conditions.append(Assessment.id == (int(key) if key.isascii() and key.isdigit() and len(key) < 16 else -1))
    waiting = all_of(act, Assessment, *conditions)
    if not waiting:
        raise Refused("没有待审的处理意见", field="standard_no")
    return waiting[-1]


def _check_approver(act: Act, proposal: Assessment) -> None:
    if not act.actor.holds(proposal.approver_role, proposal.approver_department_id):
        to = _to((proposal.approver_role, proposal.approver_department))
        raise Forbidden("处理意见须由{approver}审批", rule="approval", approver=to)
    if proposal.proposer_id == act.actor.id:
        raise Forbidden("提出人不能审批自己的处理意见", rule="G-15")
    if proposal.subject_staff_id == act.actor.id:
        raise Forbidden("被考核人不能审批自己的处理意见", rule="G-15")
