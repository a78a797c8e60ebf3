"""The clocks of a department's stint: each starts its own, takes them along, or ends them with the case elsewhere."""

from __future__ import annotations

from models import Assignment, Department
from rules.clocks import Entry, EntryKind
from workflow.act import Act
from workflow.timekeeping import begin, clocks_of, refresh, states_for, touch, write


def hand_on(act: Act, stint: Assignment, target: Department) -> None:
    """The stint ends with the case at another department: its clocks end, and what was late stays with them."""
    for clock in clocks_of(act.session, act.case):
        if clock.assignment_id == stint.id and not clock.ended_at:
            write(act, clock, Entry(EntryKind.TRANSFER, act.now, to=target.name))
            refresh(act.session, clock, states_for(act))
            act.say(f"{clock.name}随案移交{target.name}")
    touch(act)


def go_along(act: Act, old: Assignment, new: Assignment) -> None:
    """The same department goes on in another stint: its clocks run on."""
    for clock in clocks_of(act.session, act.case):
        if clock.assignment_id == old.id and not clock.ended_at:
            clock.assignment = new


def begin_stint(act: Act, stint: Assignment) -> None:
    """The clocks that each stint of this kind has for itself, unless it took them along."""
    running = {clock.name for clock in clocks_of(act.session, act.case) if clock.assignment is stint}
    for limit in act.procedure.limits:
        if limit.per != stint.kind or limit.amount is None or limit.name in running:
            continue
        if act.procedure.holds(limit.when, act.facts()):
            begin(act, limit.name, stint=stint, row=limit)
