"""调查: what was found and whose fault it is; talks with the customer; evidence."""

from __future__ import annotations

from models import Communication, Investigation
from workflow import assessment, assignment
from workflow.act import Act
from workflow.arguments import Argument
from workflow.facts import newest
from workflow.notices import duties_by_rules, met
from workflow.registry import verb

METHODS = ("询问", "查阅资料", "现场", "查验收发记录", "调监控", "检测")
CONCLUSIONS = ("属实", "部分属实", "不属实", "待定")


def _conclusions(act: Act) -> list[str]:
    """The words in which this procedure says whether a complaint is founded."""
    return [*act.values("conclusions"), "待定"] if act.values("conclusions") else list(CONCLUSIONS)


@verb(
    "investigate",
    label="记录调查",
    group="调查",
    arguments=(
        Argument("method", "调查方式", "choice", options=METHODS),
        Argument("facts", "查明的事实", "long", required=True),
        Argument("conclusion", "结论", "choice", options=CONCLUSIONS, required=True),
        Argument("cause", "原因", "long"),
        Argument("responsible_party", "责任人", "name", default=lambda act: act.case.complained_person),
    ),
)
def investigate(act: Act) -> None:
    """调查记录: facts, conclusion, cause, who is responsible; confirmed cases bring duties and a draft of item 16."""
    record = newest(act, Investigation)
    if record is None or record.finished_at is not None:
        record = Investigation(complaint_id=act.case.id, started_at=act.now)
        act.session.add(record)
    record.investigator, record.finished_at = act.actor.staff, act.now
    record.method, record.facts = act.given("method", ""), act.arguments["facts"]
    record.conclusion, record.cause = act.arguments["conclusion"], act.given("cause", "")
    record.responsible_party = act.given("responsible_party", "")
    conclude(act, record.conclusion, record.responsible_party)
    act.say(f"{record.method} {record.facts[:80]}".strip())
    act.result = record


def conclude(act: Act, conclusion: str, responsible: str) -> None:
    """The case is founded or not, by this person's fault; what follows from it is drafted and owed."""
    case = act.case
    act.set(case, "founded", conclusion, "调查结论")
    if responsible:
        assignment.name_responsible(act, responsible)
    act.session.flush()
    assessment.draft_by_rules(act)
    duties_by_rules(act)


@verb(
    "judge",
    label="判定责任",
    group="调查",
    arguments=(
        Argument("founded", "是否属实", "choice", options=_conclusions, required=True),
        Argument("responsible_department", "责任部门", "department"),
        Argument("responsible_person", "责任人", "name"),
        Argument("reason", "依据", "long"),
    ),
)
def judge(act: Act) -> None:
    """Responsibility, said by itself."""
    if act.given("responsible_department"):
        act.set(act.case, "responsible_department", act.given("responsible_department"), "责任部门")
        if not act.given("responsible_person"):
            assignment.let_head_answer(act, act.case.responsible_department)
    conclude(act, act.arguments["founded"], str(act.given("responsible_person", "")))


@verb(
    "communicate",
    label="记录沟通",
    group="沟通",
    arguments=(
        Argument(
            "kind",
            "类型",
            "choice",
            required=True,
            options=lambda act: act.values("communication_kinds"),
            strict=False,
            longest=20,
        ),
        Argument(
            "way", "方式", "choice", required=True, options=("电话", "面谈", "书面", "邮件", "短信", "微信", "系统")
        ),
        Argument("person", "对象", "name", help="不填即反映人"),
        Argument("text", "内容", "long", required=True),
        Argument("direction", "方向", "choice", options=("去", "来")),
    ),
)
def communicate(act: Act) -> None:
    """One talk with the customer: calming, explaining, replying (P02-7.2)."""
    talk = Communication(
        complaint_id=act.case.id,
        direction=act.given("direction", "去"),
        way=act.arguments["way"],
        kind=act.arguments["kind"],
        person=act.given("person", act.case.complainant.name),
        text=act.arguments["text"],
        at=act.now,
        by_id=act.actor.id,
    )
    act.session.add(talk)
    act.say(f"{talk.kind}({talk.way}):{talk.text[:80]}")
    if talk.direction == "去":
        met(act, "communicate")
    act.result = talk
