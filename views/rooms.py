"""Which record stands in which room of the left navigation, in the order in which people meet them."""

from __future__ import annotations

from typing import Any

from flask_admin import Admin

from models import (
    Approval,
    Assessment,
    Attachment,
    CalendarDay,
    CaseDecision,
    Circular,
    Communication,
    Complainant,
    Coordination,
    CorrectiveAction,
    Department,
    Duty,
    Event,
    FormDocument,
    Inspection,
    Investigation,
    JobRun,
    KnowledgeItem,
    Letter,
    Measure,
    Notice,
    ParkedItem,
    PriceItem,
    ProcedureVersion,
    Proposal,
    Role,
    Staff,
    Substitution,
    SupervisionOrder,
    Training,
    Visit,
    WorkOrder,
    db,
)
from views.assessments import AssessmentView, StandardsRoom
from views.attachments import AttachmentView
from views.bulletins import CircularView, InspectionView
from views.complainants import ComplainantView
from views.decisions import DecisionView
from views.errands import DutyView, NoticeView
from views.letters import LetterView
from views.library import LibraryView
from views.measures import MeasureView
from views.orders import CorrectionView, OrderView
from views.papers import DocumentView
from views.people import CalendarView, DepartmentView, RoleView, StaffView, SubstitutionView
from views.plans import ApprovalView, PlanView, TrainingView
from views.regulations import RegulationView
from views.talks import CommunicationView, InvestigationView, VisitView
from views.traces import EventView, JobRunView, ParkedView
from views.works import CoordinationView, PriceView, WorkOrderView

DESK, CASES, ORDERS, MEASURES, FIGURES, PROCEDURES, SETTINGS = "待办", "投诉", "督办", "整改", "统计", "制度", "设置"

RECORDS: tuple[tuple[str, str, str, type, Any], ...] = (
    (DESK, "duties", "待办事项", DutyView, Duty),
    (DESK, "notices", "通知", NoticeView, Notice),
    (CASES, "complainants", "反映人", ComplainantView, Complainant),
    (CASES, "communications", "沟通", CommunicationView, Communication),
    (CASES, "visits", "回访", VisitView, Visit),
    (CASES, "plans", "方案", PlanView, Proposal),
    (CASES, "approvals", "审批", ApprovalView, Approval),
    (CASES, "coordinations", "外部协调", CoordinationView, Coordination),
    (CASES, "attachments", "附件", AttachmentView, Attachment),
    (CASES, "library", "资料库", LibraryView, KnowledgeItem),
    (ORDERS, "orders", "督办处理单", OrderView, SupervisionOrder),
    (ORDERS, "workorders", "维修单", WorkOrderView, WorkOrder),
    (ORDERS, "investigations", "调查", InvestigationView, Investigation),
    (ORDERS, "documents", "文书", DocumentView, FormDocument),
    (MEASURES, "corrections", "情况表", CorrectionView, CorrectiveAction),
    (MEASURES, "measures", "改进措施", MeasureView, Measure),
    (MEASURES, "inspections", "检查", InspectionView, Inspection),
    (MEASURES, "circulars", "通报", CircularView, Circular),
    (MEASURES, "assessments", "考核", AssessmentView, Assessment),
    (PROCEDURES, "procedures", "制度", RegulationView, ProcedureVersion),
    (PROCEDURES, "decisions", "判定", DecisionView, CaseDecision),
    (SETTINGS, "staff", "人员", StaffView, Staff),
    (SETTINGS, "trainings", "培训", TrainingView, Training),
    (SETTINGS, "prices", "收费标准", PriceView, PriceItem),
    (SETTINGS, "departments", "部门", DepartmentView, Department),
    (SETTINGS, "roles", "角色", RoleView, Role),
    (SETTINGS, "substitutions", "代理", SubstitutionView, Substitution),
    (SETTINGS, "calendar", "工作日历", CalendarView, CalendarDay),
    (SETTINGS, "history", "全部经过", EventView, Event),
    (SETTINGS, "jobruns", "后台任务", JobRunView, JobRun),
    (SETTINGS, "parked", "搁置", ParkedView, ParkedItem),
    (SETTINGS, "letters", "邮件", LetterView, Letter),
)
"""Room, endpoint, name, view, table."""


def add_records(admin: Admin) -> None:
    """Put every record's door into its room."""
    for room, endpoint, name, view, table in RECORDS:
        admin.add_view(view(table, db, name=name, category=room, endpoint=endpoint, url=f"/{endpoint}"))
    admin.add_view(StandardsRoom(name="考核标准", category=PROCEDURES, endpoint="standards", url="/standards"))
