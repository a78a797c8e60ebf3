"""What the tests of rules share: P02 as shipped, the official calendar, moments as they are said."""

import tomllib
from datetime import UTC, datetime
from functools import cache

from rules.lifecycle import Hat
from rules.procedure import Procedure, build, parse, shipped
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


SMALL = """
[procedure]
code = "X"
title = "试"
grades = ["一级"]
severity = { "一级" = 4 }
roles = ["受理人", "部门负责人"]
departments = [{ name = "客服" }]

[vocabulary]
natures = ["抱怨", "投诉"]
channels = ["来电"]

[[step]]
verb = "register"

[[step]]
verb = "close"

[[rule]]
id = "n"
stage = "nature"
when = { channel = "来电" }
then = "抱怨"
because = "试"
cites = ["X-1"]
"""


def changed(**sections) -> Procedure:
    """The small document with rows added to sections, or settings changed."""
    document = tomllib.loads(SMALL)
    for name, rows in sections.items():
        if isinstance(rows, dict):
            document[name] = {**document.get(name, {}), **rows}
        else:
            document.setdefault(name, []).extend(rows)
    return build(document)


def row(**cells) -> dict:
    return {"id": "r", "stage": "warn", "when": {}, "then": "说明", "because": "试", "cites": ["X-1"], **cells}
