"""The words that are stored: states, outcomes and verbs. Chinese terms are the values, English names are for code."""

from enum import StrEnum


class State(StrEnum):
    """Where a case is. A procedure uses some of them; what it skips leads to the next."""

    DRAFT = "草稿"
    REGISTERED = "已登记"
    ACCEPTED = "已受理"
    DECLINED = "不予受理"
    GRADED = "已分级"
    DISPATCHED = "待接单"
    HANDLING = "处理中"
    JUDGED = "责任已判定"
    PLANNING = "方案制定"
    AWAITING_APPROVAL = "待审批"
    NEGOTIATING = "方案沟通"
    IMPLEMENTING = "实施中"
    REPORTED_BACK = "已反馈"
    AWAITING_VISIT = "待回访"
    AWAITING_CONFIRMATION = "待确认"
    CLOSED = "已结案"
    ARCHIVED = "已归档"
    SUSPENDED = "挂起"
    REDOING = "重新处理"
    WITHDRAWN = "已撤诉"
    TRANSFERRED_OUT = "已转出"
    VOID = "已作废"


ENDED = (State.DECLINED, State.CLOSED, State.ARCHIVED, State.WITHDRAWN, State.TRANSFERRED_OUT, State.VOID)
OPEN = tuple(state for state in State if state not in ENDED)


class OrderState(StrEnum):
    """Where a supervision order (督办处理单) is."""

    DRAFT = "草稿"
    ISSUED = "已开具"
    SIGNED = "已签收"
    HANDLING = "办理中"
    REPORTED_BACK = "已反馈"
    RETURNED = "退回整改"
    EFFECTIVE = "效果确认通过"
    CLOSED = "已关闭"
    VOID = "已作废"


class WorkOrderState(StrEnum):
    """Where a work order (维修单) is."""

    WRITTEN = "待派"
    DISPATCHED = "待接单"
    ACCEPTED = "已接单"
    WORKING = "处理中"
    FINISHED = "完工待签"
    RETURNED = "已返单"
    VERIFIED = "已验证"
    ARCHIVED = "已归档"
    CANCELLED = "取消"


class EffectCheck(StrEnum):
    PENDING = "待检查"
    PASSED = "通过"
    FAILED = "未通过"


class ClockStatus(StrEnum):
    RUNNING = "进行中"
    MET = "按期完成"
    OVERDUE = "超期"
    MET_LATE = "超期完成"
    CANCELLED = "取消"
    PAUSED = "暂停"
    TRANSFERRED = "移交"


class Unit(StrEnum):
    """What the number of a limit counts."""

    MINUTES = "分钟"
    HOURS = "自然小时"
    WORKING_HOURS = "工作小时"
    DAYS = "自然日"
    WORKDAYS = "工作日"
    MONTHS = "自然月"
    HALF_MONTHS = "半月"
    NAMED = "指定时间"


class DayEnd(StrEnum):
    """When the last day of a limit ends: at 23:59:59, with working time, or at the hour at which it started."""

    END_OF_DAY = "日终"
    CLOSE_OF_BUSINESS = "下班"
    SAME_TIME = "原时刻"


class Month(StrEnum):
    """What a month is: to the same day number of the next one (or its last), or thirty days."""

    CALENDAR = "自然月"
    THIRTY_DAYS = "30天"


class HalfMonth(StrEnum):
    """What half a month is: fifteen days, or from one half of the calendar month to the same place of the next half."""

    FIFTEEN_DAYS = "15天"
    CALENDAR = "半个自然月"


class RungDeed(StrEnum):
    """What is done on a rung of a limit's ladder."""

    REMIND = "提醒"
    FLAG = "超期"
    URGE = "催办"
    ESCALATE = "升级"
    REGRADE = "定级"


class Conclusion(StrEnum):
    """What an investigation found."""

    FOUNDED = "属实"
    PARTLY = "部分属实"
    UNFOUNDED = "不属实"
    PENDING = "待定"


class VisitResult(StrEnum):
    SATISFIED = "满意"
    FAIRLY = "基本满意"
    DISSATISFIED = "不满意"
    UNREACHABLE = "无法联系"


SATISFIED = (VisitResult.SATISFIED, VisitResult.FAIRLY)


class ProposalState(StrEnum):
    """Where a plan (处理方案) is."""

    DRAFT = "草稿"
    REVIEWING = "联合审核"
    AWAITING = "待审批"
    APPROVED = "已批准"
    REFUSED = "驳回"
    REPLIED = "已回复客户"
    ACCEPTED = "客户接受"
    DECLINED = "客户不接受"
    VOID = "作废"


NO_MEASURES = frozenset({"", "无", "没有", "暂无"})
"""What stands in the field of the corrective measures when there are none."""


class HelpState(StrEnum):
    """How the help of a department (协办) stands; one is left undone when the case ended before it."""

    ASKED = "待接"
    HELPING = "协办中"
    DONE = "已完成"
    RETURNED = "已退回"
    CANCELLED = "已取消"
    UNDONE = "未完成"


class MeasureState(StrEnum):
    DRAFT = "草稿"
    AWAITING_APPROVAL = "待审批"
    IMPLEMENTING = "实施中"
    AWAITING_VERIFICATION = "待验证"
    CLOSED = "关闭"
    OVERDUE = "超期"


class SubjectKind(StrEnum):
    """Whom an assessment is about."""

    PERSON = "责任人"
    HEAD = "部门负责人"


class Event(StrEnum):
    """Events that the clock or a rule gives rise to, beside the verbs themselves."""

    REMINDER = "临期"
    OVERDUE = "超期"
    URGE = "催办"
    ESCALATION = "升级"
    PAUSED_TOO_LONG = "挂起超期"
    OBLIGATION = "定期事项"
    MEASURE_OVERDUE = "措施超期"


# fmt: off
VERBS: tuple[str, ...] = (
    "register", "accept", "decline", "update", "verify_identity", "link",
    "dispatch", "sign_for", "return_dispatch", "transfer", "rejudge", "add_codepartment", "form_team",
    "sign_help", "finish_help", "return_help", "cancel_help",
    "file_item", "replace_item", "withdraw_item", "cite_item", "uncite_item",
    "investigate", "attach", "site_visit", "judge", "communicate", "coordinate",
    "propose", "review", "submit", "approve", "reject", "reply", "record_acceptance",
    "implement", "feedback", "compensate", "decide",
    "issue_order", "sign_order", "submit_correction", "check_effect", "urge",
    "add_measure", "approve_measure", "implement_measure", "verify_measure",
    "open_work_order", "quote", "consent", "assign_crew", "finish_work", "sign_work",
    "verify_work", "charge", "return_work",
    "visit", "confirm", "close", "archive", "reopen", "withdraw", "void",
    "pause", "decide_pause", "resume", "request_extension", "decide_extension", "escalate",
    "change_grade", "start_clock",
    "fill_document", "sign_document", "issue_receipt",
    "propose_assessment", "decide_assessment",
    "inspect", "add_nonconformity", "recheck",
    "survey", "train", "praise", "circulate", "report",
    "view", "print", "save_customer", "receive_visitor", "set_calendar", "activate",
    "sweep", "track",
)
# fmt: on
