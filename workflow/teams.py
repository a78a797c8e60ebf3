"""处理小组: formed anew as a whole; whether it is complete for the grade is the procedure's to say."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import select

from models import Department, Staff, TeamMember
from workflow import access, candidates, lines
from workflow.act import Act
from workflow.arguments import Argument, find_department, find_person
from workflow.errors import Finding, Refused
from workflow.notices import send
from workflow.registry import verb

MOST = 50


def team_of(act: Act) -> list[TeamMember]:
    """The present team, the leader first."""
    query = select(TeamMember).where(TeamMember.complaint_id == act.case.id, TeamMember.until.is_(None))
    return list(act.session.scalars(query.order_by(TeamMember.leader.desc(), TeamMember.id)))


@verb(
    "form_team",
    label="组成处理小组",
    group="分派",
    guard="after",
    arguments=(
        Argument("leader", "组长", "person", required=True, default=candidates.leader),
        Argument(
            "members", "成员", "json", required=True, default=candidates.members, help="每行一人:姓名、部门、角色"
        ),
    ),
)
def form_team(act: Act) -> None:
    """The team that handles the case from now on; the one before stays on record, members are told."""
    leader: Staff = act.arguments["leader"]
    places = _places(act)
    if leader.id not in [person.id for person, _, _ in places]:
        places.insert(0, (leader, leader.department, ""))
    before = {member.staff_id for member in team_of(act)}
    for member in team_of(act):
        member.until = act.now
    formed = [
        TeamMember(
            complaint_id=act.case.id,
            staff_id=person.id,
            department_id=department.id if department else None,
            role=role,
            leader=person.id == leader.id,
            since=act.now,
        )
        for person, department, role in places
    ]
    act.session.add_all(formed)
    act.session.flush()
    for person, _, _ in places:
        if person.id not in before and person.id != act.actor.id:
            send(act, person, "处理小组", f"{act.case.case_no} 请参加处理小组,组长{leader}")
    act.say(f"组长{leader},成员{'、'.join(str(person) for person, _, _ in places)}")
    act.result = sorted(formed, key=lambda member: not member.leader)


def _places(act: Act) -> list[tuple[Staff, Department | None, str]]:
    """The members as asked for, each once; every fault is named at once."""
    given = lines.rows(act.arguments["members"], "person", "department", "role")
    if not isinstance(given, list) or len(given) > MOST:
        raise Refused("成员应为名单,每行一人", field="members")
    found: dict[int, tuple[Staff, Department | None, str]] = {}
    findings = []
    for row in given:
        spec: Mapping[str, Any] = row if isinstance(row, Mapping) else {"person": row}
        person = find_person(act.session, spec.get("person"))
        place = find_department(act.session, spec["department"]) if spec.get("department") else None
        if person is None:
            name = str(spec.get("person"))[:60]
            findings.append(Finding("没有“{name}”这个人", "members", values={"name": name}))
        elif spec.get("department") and place is None:
            name = str(spec["department"])[:60]
            findings.append(Finding("没有“{name}”这个部门", "members", values={"name": name}))
        else:
            place, role, untrue = _as_he_is(act, person, place, str(spec.get("role") or "")[:40])
            findings += untrue
            found.setdefault(person.id, (person, place, role))
    if findings:
        raise Refused(findings=findings)
    return list(found.values())


def _as_he_is(
    act: Act, person: Staff, place: Department | None, role: str
) -> tuple[Department | None, str, list[Finding]]:
    """Where he comes from and as what: whether a team is complete is judged by it, so that nobody is made more than he
    is. What is left out is his own department, and the first of the procedure's roles that somebody gave him."""
    hats = access.actor_of(act.session, person, act.now).hats
    places, held = {hat.department_id for hat in hats}, {hat.role for hat in hats}
    untrue = []
    if place and person.department and place.id != person.department_id and place.id not in places:
        untrue.append(Finding("{name}不在{place}", "members", values={"name": person.name, "place": place.name}))
    if role in act.procedure.head.roles and role not in held:
        untrue.append(Finding("{name}没有担任{role}", "members", values={"name": person.name, "role": role}))
    given = (name for name in act.procedure.head.roles if name in held and name != act.procedure.head.everybody)
    return place or person.department, role or next(given, ""), untrue
