"""经过 and 后台: every event of the house with its chain, every run of the machine, and what it could not do."""

from __future__ import annotations

from datetime import timedelta
from typing import Any, ClassVar

from flask import current_app, g
from flask_babel import gettext as _
from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import selectinload

from jobs import scheduler
from models import Clock, Event, JobRun, ParkedItem, Staff, db
from views import formats, story
from views.casefilters import distinct
from views.caserecords import CaseRecord, not_about_me
from views.filters import Between, Cases, Contains, Days, Filter, Named, OneOf
from views.typography import laid_out
from workflow import history
from workflow.reading import HOUSE_READERS
from workflow.registry import VERBS

OTHER_ACTS = {"export": "导出", "activate": "制度生效", "sweep": "到期扫描", "login": "登录"}
"""What stands in the history without being a verb that people press."""


def verb_word(_view: Any, _context: Any, row: Event, _name: str) -> str:
    """The verb as people read it."""
    return _(VERBS[row.verb].label if row.verb in VERBS else OTHER_ACTS.get(row.verb, row.verb))


def chain_word(_view: Any, _context: Any, row: Event, _name: str) -> Any:
    """Whether this line still is what was written; the page of an event checks its whole case."""
    if not row.hash:
        return ""
    whole = row.hash == history.digest(row)
    return formats.Markup('<span class="state {}">{}</span>').format(
        "done" if whole else "late", _("完好") if whole else _("被改动")
    )


class EventView(CaseRecord):
    """The history of everything, for those who audit it."""

    readers = HOUSE_READERS
    unseen_cases = True
    column_list = ("at", "text", "verb", "outcome", "actor", "chain", "case")
    optional = ("reason", "on_behalf_of", "seq")
    column_labels: ClassVar = {
        "at": "时间",
        "text": "经过",
        "verb": "操作",
        "outcome": "结果",
        "actor": "谁",
        "chain": "链",
        "reason": "原因",
        "on_behalf_of": "代谁",
        "seq": "序号",
        "changes": "改动",
        "warnings": "提醒",
        "hash": "校验值",
        "previous_hash": "上一条的校验值",
    }
    column_formatters: ClassVar = {
        "text": lambda _view, _context, row, _name: formats.line(laid_out(row.text)),
        "reason": lambda _view, _context, row, _name: formats.line(row.reason),
        "verb": verb_word,
        "chain": chain_word,
        "actor": lambda _view, _context, row, _name: row.actor.name if row.actor else _("系统"),
    }
    column_formatters_detail: ClassVar = {
        **column_formatters,
        "changes": lambda _view, _context, row, _name: "；".join(
            f"{_(label)} {pair[0]} → {pair[1]}" for label, pair in row.changes.items() if len(pair) == 2
        ),
    }
    column_export_list = ("at", "case", "seq", "verb", "outcome", "actor", "on_behalf_of", "text", "reason", "hash")
    sections = (
        ("经过", ("at", "actor", "on_behalf_of", "verb", "outcome", "text", "reason", "changes", "warnings")),
        ("防改动的链", ("seq", "chain", "hash", "previous_hash")),
    )
    terms = ("outcome",)
    wide = ("text", "reason", "hash", "previous_hash")
    numbers = ("seq",)
    lead = ("outcome",)
    head_lines = ("text",)
    order = (Event.at.desc(),)
    searched = (Event.text, Event.reason)
    loads = (selectinload(Event.complaint), selectinload(Event.actor))
    views: ClassVar = {
        "全部": {},
        "被拒绝的": {"outcome": "拒绝"},
        "看过保密内容": {"outcome": "查看"},
        "导出": {"verb": "export"},
    }
    empty = ("还没有经过", "每做一件事，这里就多一行；写下的不能改，也不能删。")
    filters: tuple[Filter, ...] = (
        OneOf("outcome", "结果", Event.outcome, options=("完成", "拒绝", "查看")),
        OneOf("verb", "操作", Event.verb, options=distinct(Event.verb, "export")),
        Named("actor", "谁", Event.actor_id, model=Staff),
        Cases(
            "by", "由谁", cases={"人员": lambda: Event.actor_id.is_not(None), "系统": lambda: Event.actor_id.is_(None)}
        ),
        Contains("text", "内容", Event.text),
        Days("at", "时间", Event.at),
    )
    offered = ()

    def scope(self) -> ColumnElement[bool]:
        return not_about_me(Event.complaint)

    def details_of(self, row: Event) -> dict[str, Any]:
        broken = history.broken_links(db.session(), row.complaint_id) if row.complaint_id else []
        line = story.line_of(row)
        words = _("本件的链完好") if not broken else _("本件的链在第 %(n)s 条断开", n="、".join(map(str, broken[:20])))
        return {
            **super().details_of(row),
            "shown_title": verb_word(self, None, row, ""),
            "note": words if row.complaint_id else "",
            "lines": [line] if line.reasons or line.warnings else [],
        }


class JobRunView(CaseRecord):
    """What the machine did, what waits for it, and when it wakes next."""

    readers = HOUSE_READERS
    through = None
    list_template = "records/jobruns.html"
    can_view_details = False
    column_list = ("name", "started_at", "took", "done", "parked", "late", "error", "host")
    optional = ("as_of",)
    column_labels: ClassVar = {
        "name": "任务",
        "started_at": "开始",
        "took": "用时",
        "done": "办完",
        "parked": "搁置",
        "late": "最迟晚了",
        "error": "差错",
        "host": "主机",
        "as_of": "以何时为准",
    }
    column_formatters: ClassVar = {
        "name": lambda view, _context, row, _name: _(view.labels().get(row.name, row.name)),
        "took": lambda _view, _context, row, _name: took_words(row),
        "late": lambda _view, _context, row, _name: seconds_words(row.latest_by_seconds),
        "error": lambda _view, _context, row, _name: formats.line(row.error),
    }
    numbers = ("done", "parked")
    wide = ("error",)
    order = (JobRun.started_at.desc(),)
    searched = (JobRun.error, JobRun.host)
    views: ClassVar = {"全部": {}, "做了事的": {"done": "1.."}, "出了差错": {"went": "出了差错"}}
    empty = ("后台还没有运行过", "服务启动后，到期检查每几分钟运行一次，每次运行在这里留一行。")
    filters: tuple[Filter, ...] = (
        OneOf("name", "任务", JobRun.name, options=distinct(JobRun.name)),
        Cases(
            "went",
            "结果",
            cases={
                "顺利": lambda: (JobRun.error == "") & JobRun.finished_at.is_not(None),
                "出了差错": lambda: JobRun.error != "",
                "没有结束": lambda: JobRun.finished_at.is_(None),
            },
        ),
        Between("done", "办完", JobRun.done),
        Days("started", "开始", JobRun.started_at),
    )
    offered = ()

    def scope(self) -> ColumnElement[bool]:
        return JobRun.id.is_not(None)

    def labels(self) -> dict[str, str]:
        """The names of the jobs as people read them."""
        return {name: job.label for name, (job, _trigger) in scheduler.jobs(current_app.config["DUBAN"]).items()}

    @property
    def backlog(self) -> int:
        """How many clocks have something to do now that nobody has done yet."""
        waiting = select(Clock.id).where(Clock.wake_at <= g.now).limit(10_001).subquery()
        return db.session.scalar(select(func.count()).select_from(waiting)) or 0

    @property
    def parked_count(self) -> int:
        """How many items are put aside."""
        return db.session.scalar(select(func.count(ParkedItem.id))) or 0

    @property
    def next_wake(self) -> Any:
        """When the next clock has something to do."""
        return db.session.scalar(select(func.min(Clock.wake_at)))

    @property
    def next_runs(self) -> list[tuple[str, Any]]:
        """Each job with the moment of its next run."""
        labels, found = self.labels(), scheduler.next_runs(current_app.config["DUBAN"], g.now)
        return [(_(labels[name]), at) for name, at in found.items()]


def took_words(row: JobRun) -> str:
    """How long the run took, or that it never ended."""
    if row.finished_at is None:
        return str(_("没有结束"))
    return str(_("%(n)s 秒", n=f"{(row.finished_at - row.started_at).total_seconds():.1f}"))


def seconds_words(seconds: int) -> str:
    """A lateness: nothing, seconds, or larger units."""
    if seconds <= 0:
        return ""
    return str(_("%(n)s 秒", n=seconds)) if seconds < 60 else formats.span(timedelta(seconds=seconds))


class ParkedView(CaseRecord):
    """What the machine put aside, with the reason; it tries again by itself."""

    readers = HOUSE_READERS
    through = None
    can_view_details = False
    column_list = ("job", "error", "table", "item_id", "attempts", "first_at", "retry_at")
    column_labels: ClassVar = {
        "job": "任务",
        "error": "原因",
        "table": "哪张表",
        "item_id": "哪一行",
        "attempts": "试过",
        "first_at": "第一次",
        "retry_at": "下次再试",
    }
    column_formatters: ClassVar = {"error": lambda _view, _context, row, _name: formats.line(row.error)}
    numbers = ("attempts", "item_id")
    wide = ("error",)
    head_lines = ("error",)
    order = (ParkedItem.retry_at,)
    searched = (ParkedItem.error, ParkedItem.job)
    empty = ("没有搁置的", "后台办不了的会连同原因放在这里，过一会儿自己再试，别的照常办。")
    filters: tuple[Filter, ...] = (
        OneOf("job", "任务", ParkedItem.job, options=distinct(ParkedItem.job)),
        Days("first", "第一次", ParkedItem.first_at),
    )
    offered = ()

    def scope(self) -> ColumnElement[bool]:
        return ParkedItem.id.is_not(None)
