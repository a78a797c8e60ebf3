"""What the tests of rules share: P02 as shipped, the official calendar, moments as they are said."""

from datetime import UTC, datetime
from functools import cache

from rules.lifecycle import Hat
from rules.procedure import Procedure, parse, shipped
from rules.worktime import SHANGHAI, Calendar, official


@cache
def p02() -> Procedure:
    return parse(shipped()["P02"])


def calendar() -> Calendar:
    return official()


def at(text: str) -> datetime:
    """A moment of Shanghai, as UTC."""
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI).astimezone(UTC)


def said(instant: datetime | None) -> str | None:
    """The moment as it is said in Shanghai."""
    return instant.astimezone(SHANGHAI).strftime("%Y-%m-%d %H:%M:%S") if instant else None


HANDLERS, INVESTIGATORS, STAFF_DEPARTMENT = 1, 2, 3
RELATIONS = {
    "承办部门": ((HANDLERS,), ("工程维修部",)),
    "责任部门": ((HANDLERS,), ("工程维修部",)),
    "调查部门": ((INVESTIGATORS,), ("客户服务中心",)),
    "登记人": ((21,), ("客服甲",)),
    "责任人": ((11,), ("维修员甲",)),
}
HEAD = Hat("部门负责人", HANDLERS, "工程维修部")
CREW = Hat("承办人", HANDLERS, "工程维修部")
INVESTIGATOR = Hat("调查处理人", INVESTIGATORS, "客户服务中心")
HR = Hat("调查处理人", STAFF_DEPARTMENT, "人力资源行政部")
HR_HEAD = Hat("部门负责人", STAFF_DEPARTMENT, "人力资源行政部")
LEADER = Hat("公司领导", 4, "公司领导")
ADMINISTRATOR = Hat("系统管理员")
