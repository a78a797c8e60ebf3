"""Every verb, by importing every module that has one."""

from workflow import (
    assessment,
    assignment,
    calendar_days,
    clocks,
    documents,
    evidence,
    followup,
    grading,
    inspection,
    intake,
    investigation,
    links,
    measures,
    obligations,
    organisation,
    reading,
    reports,
    supervision,
    viewing,
    wakeups,
)
from workflow.registry import VERBS

MODULES = (
    assessment,
    assignment,
    calendar_days,
    clocks,
    documents,
    evidence,
    evidence,
    followup,
    grading,
    inspection,
    intake,
    investigation,
    links,
    measures,
    obligations,
    organisation,
    reading,
    reports,
    supervision,
    viewing,
    wakeups,
)

__all__ = ["MODULES", "VERBS"]
