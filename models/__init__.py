"""The tables, one subject a file. Importing the package registers every mapper."""

from models.assessment import Assessment
from models.assignment import Assignment
from models.clock import Clock, ClockEntry, ClockRung, ExtensionRequest, PauseRequest
from models.complaint import Complainant, Complaint, ComplaintLink, Handover, NumberSeries, SharedMark
from models.correction import CorrectiveAction, Measure
from models.db import Base, db
from models.decision import CaseDecision, FactSnapshot
from models.document import Attachment, FormDocument
from models.history import Event
from models.inspection import Inspection, NonConformity
from models.jobrun import JobRun, ParkedItem
from models.knowledge import Citation, KnowledgeFile, KnowledgeItem
from models.letter import Letter
from models.notice import Duty, Notice
from models.organisation import (
    CalendarDay,
    CalendarVersion,
    Department,
    LoginAttempt,
    Membership,
    Role,
    ShownColumns,
    Staff,
    Substitution,
)
from models.procedure import ProcedureActivation, ProcedureEdit, ProcedureVersion
from models.replay import Replay, ReplayDifference
from models.report import Circular, PeriodicReport
from models.sentform import SentForm
from models.solution import Approval, Implementation, JointReview, Proposal, ResultFeedback
from models.supervision import Investigation, SupervisionOrder, Urge
from models.team import SiteVisit, TeamMember
from models.training import Training, TrainingAttendance
from models.visit import Communication, Visit
from models.workorder import Coordination, FeeLine, PriceItem, WorkOrder

__all__ = [
    "Approval",
    "Assessment",
    "Assignment",
    "Attachment",
    "Base",
    "CalendarDay",
    "CalendarVersion",
    "CaseDecision",
    "Circular",
    "Citation",
    "Clock",
    "ClockEntry",
    "ClockRung",
    "Communication",
    "Complainant",
    "Complaint",
    "ComplaintLink",
    "Coordination",
    "CorrectiveAction",
    "Department",
    "Duty",
    "Event",
    "ExtensionRequest",
    "FactSnapshot",
    "FeeLine",
    "FormDocument",
    "Handover",
    "Implementation",
    "Inspection",
    "Investigation",
    "JobRun",
    "JointReview",
    "KnowledgeFile",
    "KnowledgeItem",
    "Letter",
    "LoginAttempt",
    "Measure",
    "Membership",
    "NonConformity",
    "Notice",
    "NumberSeries",
    "ParkedItem",
    "PauseRequest",
    "PeriodicReport",
    "PriceItem",
    "ProcedureActivation",
    "ProcedureEdit",
    "ProcedureVersion",
    "Proposal",
    "Replay",
    "ReplayDifference",
    "ResultFeedback",
    "Role",
    "SentForm",
    "SharedMark",
    "ShownColumns",
    "SiteVisit",
    "Staff",
    "Substitution",
    "SupervisionOrder",
    "TeamMember",
    "Training",
    "TrainingAttendance",
    "Urge",
    "Visit",
    "WorkOrder",
    "db",
]
