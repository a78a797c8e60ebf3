"""重放: what a version would have made of past cases, as a sentence whose every number opens its list.

The numbers count every case of the period. The lists show those of them that the person may see, and say how many there
are beside.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar

from flask import Response, abort, flash, g, jsonify, redirect, request, url_for
from flask_admin import expose
from flask_babel import gettext as _
from sqlalchemy import ColumnElement, Select, and_, func, or_, select, true
from sqlalchemy.orm import Session, joinedload

from models import Complaint, ProcedureVersion, Replay, ReplayDifference, db
from views import exports, formats, permits, reasons, versionlife
from views.assets import asset
from views.base import EVERYBODY, Room, attempt, begin_writing, me, unit_of_work
from views.guard import key_of, number_of
from views.language import sentence as refusal_sentence
from views.rulewords import fact_label
from views.said import said
from workflow import access, history, procedures, replay, replay_starts
from workflow.errors import NotFound, Refused
from workflow.replay_batch import KINDS, WITHOUT_FACTS

KEY = "int(max=9223372036854775807)"
PAGE = 50
RECENT = 50
PARTS: Mapping[str, str] = {
    "性质不同": "%(n)s 件会定为别的性质",
    "类别不同": "%(n)s 件会归到别的类别",
    "级别升高": "%(n)s 件级别会升高",
    "级别降低": "%(n)s 件级别会降低",
    "级别不同": "%(n)s 件会定为别的级别",
    "去向不同": "%(n)s 件会送到别的部门",
    "派单不同": "%(n)s 件会派给别的部门",
    "审批不同": "%(n)s 件会由别人审批",
    "会超期": "%(n)s 件会超期",
    "不再超期": "%(n)s 件不会超期了",
    "截止更早": "%(n)s 件截止会更早",
    "截止更晚": "%(n)s 件截止会更晚",
    "不再计时": "%(n)s 件不再计时",
    "规则冲突": "%(n)s 件有两条规则同时成立，定不下来",
}
"""Kind of difference to what the sentence says of so many cases."""


@dataclass(frozen=True)
class Part:
    """One number of the sentence, and the list behind it."""

    kind: str
    words: str
    number: int
    address: str


@dataclass(frozen=True)
class Side:
    """What came out on one side: the outcome in words, and why."""

    outcome: str
    reason: reasons.Reason | None
    clocks: tuple[Mapping[str, Any], ...] = ()
    clash: str = ""


def opening(row: Replay) -> str:
    """Of how many cases the sentence speaks."""
    since = formats.short_day(formats.local(row.since).date())
    if row.telling and row.asked_by is not None:
        who = row.asked_by.name
        return _("自 %(since)s起受理、%(who)s看得到的 %(n)s 件中", since=f"{since} ", who=who, n=f"{row.done:,}")
    return _("自 %(since)s起受理的 %(n)s 件中", since=f"{since} ", n=f"{row.done:,}")


def parts(row: Replay) -> list[Part]:
    """The numbers of a replay, in their order; kinds of which there is none are left out."""
    return [
        Part(kind, _(PARTS[kind], n=f"{number:,}"), number, url_for("replays.cases", replay=row.id, kind=kind))
        for kind in KINDS
        if (number := row.summary.get(kind, 0))
    ]


def sentence(row: Replay) -> str:
    """The whole result as one sentence, for pages that only mention it."""
    told = _("，").join(part.words for part in parts(row)) or _("没有一件会不同")
    return f"{opening(row)}{_('，')}{told}{_('。')}"


def progress_words(row: Replay, now: datetime) -> str:
    """How far it is, and how long it will still take."""
    if row.state == replay.QUEUED:
        return _("正在等后台开始")
    far = _("已重放 %(done)s / %(total)s 件", done=f"{row.done:,}", total=f"{row.total:,}")
    if row.state != replay.RUNNING or not row.done or row.started_at is None:
        return far
    left = (now - row.started_at).total_seconds() / row.done * (row.total - row.done)
    return _("%(far)s，还要约 %(seconds)s 秒", far=far, seconds=f"{max(1, round(left)):,}")


def unkept(row: Replay) -> list[tuple[str, int]]:
    """The facts that only the version asks, and of how many cases they were not kept; those of as many together."""
    document, found = procedures.compiled(row.draft.text, row.draft.number), defaultdict(list)
    for name, number in row.unkept.items():
        found[number].append(fact_label(document, name))
    return [(_("、").join(labels), number) for number, labels in found.items()]


def unstarted(row: Replay) -> list[str]:
    """The limits that are new and that could not be counted for past cases."""
    known = versionlife.in_force(row.draft.code)
    if known is None or known.id == row.draft_id:
        return []
    old, new = (procedures.compiled(one.text, one.number) for one in (known, row.draft))
    return [said(name) for name in replay_starts.uncounted(old, new)]


def readable() -> ColumnElement[bool]:
    """The replays that this person may read: of the procedures that he looks after; one that could tell of a single
    case only by who asked for it, and by who sees every case anyway."""
    drafts = select(ProcedureVersion.id).where(ProcedureVersion.code.in_(versionlife.steward_of()))
    mine = true() if versionlife.reads_all() else Replay.draft_id.in_(drafts)
    own = true() if me().sees_all else or_(Replay.telling.is_(False), Replay.asked_by_id == me().id)
    return and_(mine, own)


def may_read(row: Replay | None) -> bool:
    """Whether this person may read that replay."""
    return row is not None and db.session.scalar(select(Replay.id).where(Replay.id == row.id, readable())) is not None


class ReplayRoom(Room):
    """Replays: ask for one, watch it, read what it found."""

    readers = EVERYBODY
    takes: ClassVar = {
        "index": {"draft"},
        "start": {"draft", "since", "until"},
        "cases": {"kind", "page"},
        "export": {"kind"},
    }

    @property
    def extra_css(self) -> list[str]:
        """The look of the reasons, and of the two sides beside each other."""
        return [asset("css/case.css"), asset("css/records.css"), asset("css/replay.css")]

    def is_accessible(self) -> bool:
        """Whoever looks after a procedure, and those who read all of them."""
        return super().is_accessible() and (versionlife.reads_all() or bool(versionlife.steward_of()))

    @expose("/")
    def index(self) -> Any:
        """The newest replays."""
        query = select(Replay).options(joinedload(Replay.draft), joinedload(Replay.asked_by)).where(readable())
        if key := key_of(request.args.get("draft", "")):
            query = query.where(Replay.draft_id == key)
        rows = list(db.session.scalars(query.order_by(Replay.id.desc()).limit(RECENT)))
        return self.render("replays/list.html", rows=rows, sentence=sentence, progress=progress_words, now=g.now)

    @expose("/start/", methods=("GET", "POST"))
    def start(self) -> Any:
        """The form: which version, over which cases."""
        versions = self.versions()
        if not versions:
            abort(403)
        given = {name: request.values.get(name, "")[:40] for name in ("draft", "since", "until")}
        findings: list[tuple[str, str]] = []
        if request.method == "POST":
            try:
                row = attempt("start_replay", None, {name: value for name, value in given.items() if value}).result
                return redirect(url_for(".one", replay=row.id))
            except Refused as refusal:
                findings = [(found.field, refusal_sentence(Refused(findings=[found]))) for found in refusal.findings]
        today = formats.local(g.now).date()
        since = given["since"] or replay.months_back(today, replay.MONTHS).isoformat()
        return self.render(
            "replays/start.html",
            page_title=_("重放制度"),
            versions=versions,
            standing=versionlife.standing,
            given={**given, "since": since},
            findings=findings,
        )

    def versions(self) -> list[ProcedureVersion]:
        """The versions that this person may replay, drafts and what waits for review first."""
        waits = ProcedureVersion.state.in_(("草稿", "待审"))
        query = select(ProcedureVersion).where(ProcedureVersion.state != "弃用")
        found = db.session.scalars(query.order_by(waits.desc(), ProcedureVersion.id.desc()).limit(100))
        return [version for version in found if permits.may("start_replay", draft=version.id)]

    @expose(f"/<{KEY}:replay>/")
    def one(self, replay: int) -> Any:
        """What it found so far, and how far it is."""
        row = self.the(replay)
        return self.render(
            "replays/one.html",
            page_title=_("重放：%(what)s", what=said(str(row.draft))),
            row=row,
            parts=parts(row),
            opening=opening(row),
            progress=progress_words(row, g.now),
            running=row.state in ("排队", "进行"),
            without_facts=row.summary.get(WITHOUT_FACTS, 0),
            unkept=unkept(row),
            unstarted=unstarted(row),
            edited=row.draft.sha256 != row.sha256,
            may_start=permits.may("start_replay", draft=row.draft_id),
            drafted=row.draft.state == "草稿" and permits.may("edit_procedure", draft=row.draft_id),
        )

    @expose(f"/<{KEY}:replay>/progress/")
    def progress(self, replay: int) -> Response:
        """The same for the script that watches."""
        row = self.the(replay)
        running = row.state in ("排队", "进行")
        return jsonify(done=row.done, total=row.total, running=running, words=progress_words(row, g.now))

    @expose(f"/<{KEY}:replay>/stop/", methods=("POST",))
    def stop(self, replay: int) -> Any:
        """Stop it; what it found stays."""
        try:
            attempt("stop_replay", None, {"replay": replay})
            flash(_("已停止。找到的都还在。"), "success")
        except NotFound:
            abort(404)
        except Refused as refusal:
            flash(refusal_sentence(refusal), "error")
        return redirect(url_for(".one", replay=replay))

    @expose(f"/<{KEY}:replay>/cases/")
    def cases(self, replay: int) -> Any:
        """The cases behind one number, old and new decision side by side."""
        row, kind = self.the(replay), self.kind()
        seen = db.session.scalar(select(func.count()).select_from(self.found(row, kind).subquery())) or 0
        last = max(seen - 1, 0) // PAGE
        page = number_of(request.args.get("page", 0), least=0, most=last, otherwise=0)
        query = self.found(row, kind).options(joinedload(ReplayDifference.complaint)).order_by(ReplayDifference.id)
        found = list(db.session.scalars(query.limit(PAGE).offset(page * PAGE)).unique())
        return self.render(
            "replays/cases.html",
            page_title=_(kind),
            row=row,
            kind=kind,
            words=_(PARTS[kind], n=f"{row.summary.get(kind, 0):,}"),
            lines=[(each, side(each.old, each.old_outcome), side(each.new, each.new_outcome)) for each in found],
            hidden=max(row.summary.get(kind, 0) - seen, 0),
            start=page * PAGE,
            seen=seen,
            page=page,
            last_page=last,
        )

    @expose(f"/<{KEY}:replay>/export/<export_type>/")
    def export(self, replay: int, export_type: str) -> Response:
        """The list of one kind as a file, recorded in the history; without a kind all of them."""
        if export_type not in ("xlsx", "csv"):
            abort(404)
        row, kind = self.the(replay), request.args.get("kind", "")
        if kind and kind not in KINDS:
            abort(404)
        text = f"导出 重放 {row.draft}:{kind or '全部'}"
        begin_writing()
        unit_of_work(lambda: history.record(db.session(), None, verb="export", text=text, actor=me(), now=g.now))
        row = self.the(replay)
        name = f"{_('重放')}-{row.draft.code}-{row.draft.number}-{formats.local(g.now):%Y%m%d-%H%M}.{export_type}"
        lines = _file(self.found(row, kind))
        if export_type == "csv":
            return exports.download("".join(exports.csv_lines(lines)), name, "text/csv; charset=utf-8")
        return exports.download(exports.workbook(lines, _("重放")), name, exports.XLSX)

    def the(self, key: int) -> Replay:
        """The replay of that key, when this person may read it, or 404."""
        row = db.session.scalar(select(Replay).where(Replay.id == key, readable()))
        if row is None:
            abort(404)
        return row

    def kind(self) -> str:
        """The kind that the address names, or 404."""
        kind = request.args.get("kind", "")
        if kind not in KINDS:
            abort(404)
        return kind

    def found(self, row: Replay, kind: str) -> Select[Any]:
        """The differences of that kind on cases that this person may see."""
        query = select(ReplayDifference).join(ReplayDifference.complaint).where(ReplayDifference.replay_id == row.id)
        query = query.where(access.scope(me()))
        return query.where(ReplayDifference.kind == kind) if kind else query


def side(kept: Any, outcome: str) -> Side:
    """One side of a difference as people read it."""
    kept = kept if isinstance(kept, Mapping) else {}
    clocks = tuple(
        {**clock, "due": datetime.fromisoformat(clock["due_at"])} for clock in kept.get("clocks", ()) if clock
    )
    return Side(outcome, reasons.reason_of(kept) if kept.get("stage") else None, clocks, str(kept.get("clash", "")))


def _file(question: Select[Any]) -> Iterator[list[Any]]:
    """Heading and rows, in the order of the cases."""
    heads = ("编号", "受理时间", "不同之处", "当时的结果", "当时的规则", "重放的结果", "重放的规则", "因为")
    yield [_(head) for head in heads]
    with Session(db.engine) as own:
        query = question.options(joinedload(ReplayDifference.complaint)).order_by(ReplayDifference.id)
        for each in own.scalars(query.limit(exports.MOST_ROWS)).unique():
            case: Complaint = each.complaint
            old, new = each.old or {}, each.new or {}
            rules = [side_.get("rule_id") or side_.get("clash") or "" for side_ in (old, new)]
            yield [
                *(case.case_no, case.accepted_at, _(each.kind), said(each.old_outcome), rules[0]),
                *(said(each.new_outcome), rules[1], said(str(new.get("because") or ""))),
            ]
