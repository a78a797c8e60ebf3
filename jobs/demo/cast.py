"""Who works in the gas utility of the demo: eight departments, three crews, twenty-five people, all invented."""

from __future__ import annotations

from dataclasses import dataclass

SERVICE, PERSONNEL, LEADERS = "客户服务中心", "人力资源行政部", "公司领导"
INVESTIGATES = ("受理人", "调查处理人")
HANDLES = ("承办人",)


@dataclass(frozen=True)
class Person:
    """One member of staff."""

    name: str
    username: str
    department: str
    roles: tuple[str, ...] = ()
    office: str = ""
    """``head`` or ``deputy`` of the department."""


CAST = (
    Person("周启明", "zhouqiming", LEADERS, ("公司领导",), "head"),
    Person("梁静宜", "liangjingyi", LEADERS, ("公司领导",), "deputy"),
    Person("范晓", "fanxiao", LEADERS, ("审计",)),
    Person("许文静", "xuwenjing", SERVICE, (), "head"),
    Person("陶建华", "taojianhua", SERVICE, INVESTIGATES, "deputy"),
    Person("林晓雨", "linxiaoyu", SERVICE, INVESTIGATES),
    Person("何佳", "hejia", SERVICE, (*INVESTIGATES, *HANDLES)),
    Person("秦岚", "qinlan", PERSONNEL, (), "head"),
    Person("顾志强", "guzhiqiang", PERSONNEL, HANDLES, "deputy"),
    Person("沈亦凡", "shenyifan", PERSONNEL, ("调查处理人",)),
    Person("白璐", "bailu", PERSONNEL, ("调查处理人",)),
    Person("曹国栋", "caoguodong", "客户营业部", (), "head"),
    Person("邓秀英", "dengxiuying", "客户营业部", HANDLES, "deputy"),
    Person("田野", "tianye", "抄表班", HANDLES),
    Person("罗成", "luocheng", "换表班", HANDLES),
    Person("唐婉", "tangwan", "营业厅", HANDLES),
    Person("韩雪", "hanxue", "营业厅", HANDLES),
    Person("石磊", "shilei", "工程维修部", (), "head"),
    Person("丁强", "dingqiang", "工程维修部", HANDLES),
    Person("江涛", "jiangtao", "工程维修部", HANDLES),
    Person("方正", "fangzheng", "安全技术部", (), "head"),
    Person("孟凡", "mengfan", "安全技术部", HANDLES),
    Person("尹志远", "yinzhiyuan", "用户工程部", (), "head"),
    Person("卢俊", "lujun", "用户工程部", HANDLES),
    Person("苏倩", "suqian", "市场发展部", HANDLES, "head"),
)
NEW_DEPARTMENT = "市场发展部"
CREWS = {"抄表班": "客户营业部", "换表班": "客户营业部", "营业厅": "客户营业部"}
CLERKS = ("林晓雨", "何佳", "陶建华")
INVESTIGATORS = {SERVICE: ("林晓雨", "何佳", "陶建华"), PERSONNEL: ("沈亦凡", "白璐")}
LEADER = "周启明"
TO_TRY = (("客服(受理、调查处理)", "林晓雨"), ("部门负责人(工程维修部)", "石磊"), ("公司领导", LEADER))
"""The three logins that the command prints."""


def answering(unit: str) -> str:
    """The department that answers for a unit: the one above a crew."""
    return CREWS.get(unit, unit)


def head_of(department: str) -> str:
    """The head of a department; a crew's is that of the department above."""
    found = answering(department)
    return next(person.name for person in CAST if person.department == found and person.office == "head")


def workers_of(unit: str) -> list[str]:
    """Those of a unit about whom people complain: not its head, not its deputy."""
    return [person.name for person in CAST if person.department == unit and not person.office]


def handlers_of(unit: str) -> list[str]:
    """Those who may be named as 承办人 for a unit: its own people and those of the department above."""
    departments = (unit, answering(unit))
    return [person.name for person in CAST if person.department in departments and "承办人" in person.roles]
