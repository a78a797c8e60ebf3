"""制度: the versions of each procedure document, and the document itself in words that people can check."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from flask_babel import gettext as _
from sqlalchemy import ColumnElement
from sqlalchemy.orm import selectinload

from models import ProcedureVersion
from rules import lifecycle
from rules.document import LimitRow, RuleRow
from rules.facts import CORE
from rules.outcomes import STAGES
from rules.procedure import Procedure
from views import formats
from views.base import EVERYBODY
from views.casefilters import distinct
from views.caserecords import CaseRecord
from views.filters import Days, Filter, OneOf
from views.said import said
from workflow import procedures
from workflow.registry import VERBS

STAGE_WORDS = {
    "preset": "登记时先填上",
    "nature": "是抱怨还是投诉",
    "category": "服务类别",
    "grade": "定级",
    "route": "由谁调查处理",
    "limits": "时限",
    "team": "处理小组",
    "approval": "由谁审批",
    "require": "缺了就不能办",
    "warn": "提醒",
    "notify": "通知谁",
    "duty": "谁还欠什么",
    "escalate": "升级",
    "assess": "拟考核",
}
COMPARED = {">=": "≥", "<=": "≤", ">": ">", "<": "<"}
PLAIN = {"given": "已经填写", "missing": "没有填写"}
EVENTS = {"event": "事件", "verb": "操作", "object": "对象", "clock": "时限"}


@dataclass(frozen=True)
class RuleLine:
    """A rule as a row of its table."""

    id: str
    tests: tuple[tuple[str, str], ...]
    outcome: str
    because: str
    cites: tuple[str, ...]


def test_words(raw: Any) -> str:
    """A cell of a decision table in words: 主流媒体 或 行风评议, ≥ 10, 不是 投诉, 没有填写."""
    match raw:
        case bool():
            return str(_("是") if raw else _("否"))
        case list() | tuple():
            return str(_(" 或 ")).join(test_words(item) for item in raw)
        case str():
            return _cell_words(raw.strip())
        case _:
            return str(raw)


def _cell_words(text: str) -> str:
    if text in PLAIN:
        return str(_(PLAIN[text]))
    first, _space, rest = text.partition(" ")
    if first in COMPARED:
        return f"{COMPARED[first]} {rest}"
    if first == "not":
        return str(_("不是 %(what)s", what=test_words(rest)))
    if first == "has":
        return str(_("含有 %(what)s", what=test_words(rest)))
    if text[:1] in "[(" and ".." in text:
        low, _dots, high = text[1:-1].partition("..")
        return str(_("%(low)s 至 %(high)s", low=low, high=high))
    if "|" in text:
        return test_words(text.split("|"))
    return str(said(VERBS[text].label if text in VERBS else text))


def outcome_words(document: Procedure, then: Any) -> str:
    """What a rule decides, in words."""
    if not isinstance(then, Mapping):
        return str(said(str(then)))
    to = then.get("to", ())
    told = _addressed([to] if isinstance(to, str) else to)
    if "event" in then:
        return str(_("通知 %(to)s：%(text)s", to=told, text=said(then.get("text", ""))))
    if "met_by" in then:
        return str(_("%(to)s要办：%(title)s", to=told, title=said(then["title"])))
    if "standard" in then:
        return str(_("按第 %(no)s 项拟考核%(who)s", no=then["standard"], who=said(then["subject_kind"])))
    if "role" in then:
        place = then.get("department") or then.get("relation")
        return str(said(f"{place}的{then['role']}" if place else then["role"]))
    if "grade" in then:
        return str(said(then["grade"])) + (str(_("（暂定）")) if then.get("provisional") else "")
    return str(
        said(then.get("text") or then.get("department"))
        or _("；").join(f"{fact_label(document, key)} {test_words(value)}" for key, value in then.items())
    )


def fact_label(document: Procedure, name: str) -> str:
    """The label of a fact; of an argument that is asked for, the same without its prefix."""
    plain = name.removeprefix("argument.")
    facts = {**CORE, **document.facts}
    label = said(facts[plain].label if plain in facts else EVENTS.get(plain, plain))
    return str(_("填写的%(what)s", what=label)) if plain != name else label


def stage_tables(document: Procedure) -> list[tuple[str, str, str, list[RuleLine]]]:
    """Stage, its name, how its rows are read, and the rows; a stage without rows is left out."""
    found = []
    for stage in STAGES:
        rows = [rule_line(document, rule) for rule in document.rules if rule.stage == stage]
        if rows:
            found.append((stage, STAGE_WORDS[stage], str(document.hit(stage)), rows))
    return found


def rule_line(document: Procedure, rule: RuleRow) -> RuleLine:
    """One rule as people read it."""
    tests = tuple((fact_label(document, name), test_words(raw)) for name, raw in rule.when.items())
    return RuleLine(rule.id, tests, outcome_words(document, rule.then), rule.because, rule.cites)


def limit_line(document: Procedure, row: LimitRow) -> tuple[str, str, str, str, str, str]:
    """Name, how long, from when, until when, what happens before and after, why."""
    asked = CORE[row.amount_from].label if row.amount_from in CORE else row.amount_from
    amount = (
        f"{row.amount} {_(str(row.unit))}"
        if row.amount is not None
        else str(_("由“%(what)s”决定，%(unit)s", what=said(asked or ""), unit=_(str(row.unit))))
    )
    after = [str(_("超期告知 %(to)s", to=_addressed(row.overdue_to)))] if row.overdue_to else []
    if row.urge:
        after.append(str(_("每 %(every)s催办", every=said(row.urge.every))))
    return (
        _(row.name),
        amount,
        _verbs(row.started_by),
        _verbs(row.met_by),
        _("；").join(after),
        _("、").join(row.cites),
    )


def _verbs(names: tuple[str, ...]) -> str:
    shown = []
    for name in names:
        verb, _colon, kind = name.partition(":")
        label = said(VERBS[verb].label if verb in VERBS else verb)
        shown.append(_("%(what)s（%(kind)s）", what=label, kind=said(kind)) if kind else label)
    return _("、").join(shown)


def _addressed(to: Iterable[str]) -> str:
    """Whom a rule tells; the address itself (``department:``, ``role:``) is left out."""
    return _("、").join(said(name.rpartition(":")[2]) for name in to)


def _states(states: Iterable[Any]) -> str:
    return _("、").join(dict.fromkeys(said(str(state)) for state in states))


def step_lines(document: Procedure) -> list[tuple[str, str, str, str, str]]:
    """What may be done: verb, from which states, to which, who, by which clause."""
    found = []
    for row in document.steps:
        step = lifecycle.step_for(document, row.verb)
        if step is None or row.verb not in VERBS:
            continue
        to = (
            _("、").join(
                dict.fromkeys(
                    [said(str(step.to))] if step.to else (said(str(state)) for state in step.to_when.values())
                )
            )
            or "—"
        )
        states = _("、").join(map(said, map(str, step.from_states))) if len(step.from_states) <= 6 else str(_("未办结"))
        who = said(lifecycle.entitlement(step.who, {})).replace("*", str(_("登录的人")))
        found.append((_(VERBS[row.verb].label), states or "—", to, who, _("、").join(row.cites)))
    return found


class RegulationView(CaseRecord):
    """The documents by which cases are judged; everybody may read them."""

    readers = EVERYBODY
    through = None
    details_template = "records/procedure.html"
    column_list = ("title", "code", "number", "state", "in_force_from", "author", "reviewer")
    optional = ("reason", "created_at", "sha256")
    column_labels: ClassVar = {
        "title": "制度",
        "code": "代码",
        "number": "第几版",
        "state": "状态",
        "in_force_from": "生效",
        "author": "起草人",
        "reviewer": "审核人",
        "reason": "为什么改",
        "created_at": "写于",
        "sha256": "校验值",
    }
    terms = ("state", "title")
    numbers = ("number",)
    lead = ("state",)
    order = (ProcedureVersion.code, ProcedureVersion.number.desc())
    searched = (ProcedureVersion.title, ProcedureVersion.code)
    loads = (selectinload(ProcedureVersion.author), selectinload(ProcedureVersion.reviewer))
    empty = ("还没有制度", "第一次启动时会把随附的制度生效。")
    filters: tuple[Filter, ...] = (
        OneOf("state", "状态", ProcedureVersion.state, options=distinct(ProcedureVersion.state)),
        OneOf("code", "代码", ProcedureVersion.code, options=distinct(ProcedureVersion.code)),
        Days("from", "生效", ProcedureVersion.in_force_from),
    )
    offered = ()

    def scope(self) -> ColumnElement[bool]:
        """Drafts are their authors' and the administrators' business; what is or was in force is everybody's."""
        from views.base import me

        known = ProcedureVersion.state == procedures.APPROVED
        return (
            ProcedureVersion.id.is_not(None)
            if me().holds("系统管理员")
            else known | (ProcedureVersion.author_id == me().id)
        )

    def case_behind(self, row: Any) -> None:
        """A document belongs to no single case."""

    def details_of(self, row: ProcedureVersion) -> dict[str, Any]:
        document = procedures.compiled(row.text, row.number)
        return {
            "parts": [],
            "document": document,
            "stages": stage_tables(document),
            "limits": [limit_line(document, limit) for limit in document.limits],
            "steps": step_lines(document),
            "shown_title": f"{row.code} {_(row.title)}",
            "hits": {
                "first": _("从上往下，第一条符合的算数"),
                "collect": _("符合的都算数"),
                "unique": _("最多一条符合"),
                "priority": _("符合的里面，最重的算数"),
            },
            "label": lambda key: formats.shown(fact_label(document, key)),
        }
