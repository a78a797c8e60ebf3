"""The team of a case and what was seen on the spot, as facts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import exists, select

from models import SiteVisit, TeamMember

if TYPE_CHECKING:
    from workflow.act import Act


def of_team(act: Act) -> dict[str, Any]:
    """Departments and roles of the present members, and where the leader comes from; nothing without a team."""
    query = select(TeamMember).where(TeamMember.complaint_id == act.case.id, TeamMember.until.is_(None))
    members = list(act.session.scalars(query.order_by(TeamMember.id)))
    leader = next((member for member in members if member.leader), None)
    return {
        "team_departments": sorted({str(member.department) for member in members if member.department}),
        "team_roles": sorted({member.role for member in members if member.role}),
        "team_leader_department": str(leader.department) if leader and leader.department else None,
    }


def of_sites(act: Act) -> dict[str, Any]:
    """Whether somebody was on the spot in this round."""
    here = exists().where(SiteVisit.complaint_id == act.case.id, SiteVisit.round == act.case.round)
    return {"site_visited": bool(act.session.scalar(select(here)))}
