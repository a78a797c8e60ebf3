"""制度: the versions of each procedure document, and the document itself in words that people can check."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, time, timedelta
from functools import partial
from typing import Any, ClassVar

from flask import g, url_for
from flask_babel import gettext as _
from sqlalchemy import ColumnElement
from sqlalchemy.orm import selectinload

from models import ProcedureActivation, ProcedureVersion, db
from models.queries import decisions
from rules import lifecycle
from rules.document import LimitRow
from rules.procedure import Procedure
from views import formats, permits, rowwords, versionlife
from views.base import EVERYBODY, me
from views.casefilters import distinct
from views.filters import Cases, Condition, Days, Filter, OneOf
from views.rulewords import addressed, fact_label, stage_tables
from views.said import said
from views.typography import laid_out
from views.versions import VersionPages, may_bring_in
from workflow import procedures
from workflow.registry import VERBS


def limit_line(document: Procedure, row: LimitRow) -> tuple[str, str, str, str, str, str]:
    """Name, how long, from when, until when, what happens before and after, why."""
    after = [str(_("超期告知 %(to)s", to=addressed(row.overdue_to)))] if row.overdue_to else []
    if row.urge:
        after.append(str(_("每 %(every)s催办", every=said(row.urge.every))))
    return (
        _(row.name),
        fact_label(document, row.until_from) if row.until_from else rowwords.length(document, row),
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


UNCOUNTED = ("require",)
"""Stages whose answers leave no row: a refused deed leaves its refusal alone."""


def uses_of(row: ProcedureVersion, document: Procedure) -> dict[str, tuple[int, str]]:
    """For each rule how often it decided in the last twelve months, by any version, and where that is listed."""
    since = formats.local(g.now).date() - timedelta(days=365)
    rules = [rule.id for rule in document.rules if rule.stage not in UNCOUNTED]
    start = datetime.combine(since, time(0), formats.SHANGHAI)
    found = decisions.uses(db.session(), row.code, rules, start)
    return {
        rule: (
            found.get(rule, 0),
            url_for("decisions.index_view", rule=rule, code=row.code, at=f"{since.isoformat()}.."),
        )
        for rule in rules
    }


def standing_is(word: str) -> Condition:
    """The versions that stand so now."""
    return ProcedureVersion.id.in_(versionlife.keys_with(word))


class RegulationView(VersionPages):
    """The documents by which cases are judged; everybody may read what was approved."""

    readers = EVERYBODY
    through = None
    details_template = "records/procedure.html"
    list_template = "versions/list.html"
    column_list = ("name", "title", "standing", "in_force_from", "author", "reviewer", "reason")
    optional = ("code", "number", "edited_at", "created_at", "sha256")
    column_labels: ClassVar = {
        "name": "版本",
        "title": "制度",
        "code": "代码",
        "number": "第几版",
        "standing": "状态",
        "in_force_from": "生效",
        "edited_at": "最后修改",
        "author": "起草人",
        "reviewer": "审核人",
        "reason": "为什么改",
        "created_at": "写于",
        "sha256": "校验值",
    }
    column_formatters: ClassVar = {
        "name": lambda _view, _context, row, _name: _("%(code)s 第 %(n)s 版", code=row.code, n=row.number),
        "standing": lambda _view, _context, row, _name: formats.term(versionlife.standing(row)),
        "reason": lambda _view, _context, row, _name: formats.line(laid_out(row.reason)),
    }
    terms = ("title",)
    numbers = ("number",)
    wide = ("title", "reason")
    head_lines = ("title",)
    sorts: ClassVar = {"name": ProcedureVersion.number}
    lead = ("standing",)
    views: ClassVar = {
        "全部": {},
        "在用": {"standing": "在用"},
        "将生效": {"standing": "将生效"},
        "待审": {"state": "待审"},
        "草稿": {"state": "草稿"},
    }
    order = (ProcedureVersion.code, ProcedureVersion.number.desc())
    searched = (ProcedureVersion.title, ProcedureVersion.code)
    loads = (selectinload(ProcedureVersion.author), selectinload(ProcedureVersion.reviewer))
    empty = ("还没有制度", "第一次启动时会把随附的制度生效。")
    filters: tuple[Filter, ...] = (
        Cases(
            "standing",
            "是否在用",
            cases={
                word: partial(standing_is, word)
                for word in (versionlife.IN_FORCE, versionlife.TO_COME, versionlife.PAST, versionlife.UNUSED)
            },
        ),
        OneOf("state", "状态", ProcedureVersion.state, options=versionlife.STATES),
        OneOf("code", "代码", ProcedureVersion.code, options=distinct(ProcedureVersion.code)),
        Days("from", "生效", ProcedureVersion.in_force_from),
    )
    offered = ()

    def scope(self) -> ColumnElement[bool]:
        """What was approved is everybody's; a draft is for its author, editors, reviewers and auditors."""
        if me().holds("系统管理员") or me().holds("审计"):
            return ProcedureVersion.id.is_not(None)
        return (
            (ProcedureVersion.state == procedures.APPROVED)
            | (ProcedureVersion.author_id == me().id)
            | ProcedureVersion.code.in_(versionlife.steward_of())
        )

    def waiting(self) -> list[tuple[ProcedureActivation, bool]]:
        """The requests about this person's procedures that wait, each with whether he may decide it."""
        return versionlife.waiting_requests()

    def may_bring_in(self) -> bool:
        """Whether the list offers to bring in a text."""
        return may_bring_in()

    def codes_edited(self) -> list[str]:
        """The procedures of which this person may begin a draft."""
        return [code for code in versionlife.steward_of() if permits.may("draft_procedure", code=code)]

    def case_behind(self, row: Any) -> None:
        """A document belongs to no single case."""

    def details_of(self, row: ProcedureVersion) -> dict[str, Any]:
        document = procedures.compiled(row.text, row.number)
        return {
            "parts": [],
            "document": document,
            "standing": versionlife.standing(row),
            "life": versionlife.life(row),
            "actions": versionlife.actions(row, url_for("procedures.details_view", id=row.id)),
            "stages": stage_tables(document),
            "uses": uses_of(row, document),
            "limits": [limit_line(document, limit) for limit in document.limits],
            "steps": step_lines(document),
            "shown_title": f"{row.code} {_(row.title)} {_('第 %(n)s 版', n=row.number)}",
            "hits": {
                "first": _("从上往下，第一条符合的算数"),
                "collect": _("符合的都算数"),
                "unique": _("最多一条符合"),
                "priority": _("符合的里面，最重的算数"),
            },
            "label": lambda key: formats.shown(fact_label(document, key)),
        }
