"""Pages of versions beside the list: the text as a file, a text brought in, two versions side by side, the review."""

from __future__ import annotations

from collections import Counter
from typing import Any, ClassVar

from flask import Response, abort, flash, g, redirect, request, url_for
from flask_admin import expose
from flask_babel import gettext as _

from models import ProcedureActivation, ProcedureVersion, db
from rules import lint
from rules.faults import Finding
from views import changes, exports, once, permits, replays, versionlife
from views.base import attempt, me
from views.caserecords import CaseRecord
from views.guard import key_of
from views.language import finding_text
from views.said import said
from workflow import case_migration, procedures
from workflow.errors import NotFound, Refused

LIMITS = (case_migration.KEEP, case_migration.ANEW)
LARGEST = 400_000
"""Bytes of a document that is brought in; the shipped ones have a sixth of it."""


class VersionPages(CaseRecord):
    """Of the view of the versions the pages beside list and details; its scope says what a person may read."""

    takes: ClassVar = {
        "toml": {"id"},
        "bring_in": {"url"},
        "compare": {"id", "than"},
        "review": {"id"},
        "migrate": {"id", "limits"},
    }

    @expose("/toml/")
    def toml(self) -> Response:
        """The document as it stands, comments included."""
        row: ProcedureVersion = self.get_one(request.args.get("id"))
        return exports.download(row.text, f"{row.code}-v{row.number}.toml", "application/toml; charset=utf-8")

    @expose("/import/", methods=("GET", "POST"))
    def bring_in(self) -> Any:
        """A document from a file (or pasted) becomes a draft; a faulty one is refused with all its faults."""
        if not may_bring_in():
            abort(403)
        text, findings = "", []
        if request.method == "POST":
            try:
                text = sent_text()
                once.claim()
                draft = attempt("import_procedure", None, {"text": text}).result
                flash(_("已导入为草稿：%(name)s", name=str(draft)), "success")
                return redirect(url_for("procedures.details_view", id=draft.id))
            except NotFound:
                raise
            except Refused as refusal:
                findings = [finding_text(found) for found in refusal.findings]
        page = self.render(
            "versions/import.html",
            page_title=_("导入制度"),
            text=text,
            findings=findings,
            form_id=once.form_id(),
            return_url=self.back(),
        )
        return page, 422 if findings else 200

    @expose("/compare/")
    def compare(self) -> Any:
        """What one version has otherwise than another: by default than the one that it was drafted from."""
        new: ProcedureVersion = self.get_one(request.args.get("id"))
        old = self.get_one(request.args["than"]) if request.args.get("than") else versionlife.before(new)
        if old is not None and old.code != new.code:
            abort(404)
        groups = changes.between(old, new) if old is not None else []
        same = self.get_query().filter(ProcedureVersion.code == new.code).order_by(ProcedureVersion.number.desc())
        return self.render(
            "versions/compare.html",
            page_title=_("%(code)s 的改动", code=new.code),
            old=old,
            new=new,
            groups=groups,
            number=changes.count(groups),
            versions=[(one, _(versionlife.standing(one))) for one in same],
        )

    @expose("/review/")
    def review(self) -> Any:
        """What waits for a second person: why, what changes, what it would have done, and the two answers."""
        asked = request_of(request.args.get("id"))
        version = versionlife.version_of(asked.code, asked.number)
        base = versionlife.compared_with(asked, version)
        return self.render(
            "versions/review.html",
            page_title=_("审核 %(name)s", name=versionlife.named(asked)),
            asked=asked,
            version=version,
            why_not=versionlife.why_not_review(asked),
            editors=people_of(version),
            warnings=warnings_of(version),
            replay=asked.replay,
            shown=replays.may_read(asked.replay),
            opening=replays.opening(asked.replay) if asked.replay else "",
            parts=replays.parts(asked.replay) if asked.replay else [],
            base=base,
            groups=changes.between(base, version) if version is not None and base is not None else [],
            back=url_for("procedures.index_view"),
            here=url_for("procedures.review", id=asked.id),
        )

    @expose("/migrate/", methods=("GET", "POST"))
    def migrate(self) -> Any:
        """Running cases of other versions: what moving would change in each, then the ones chosen are moved."""
        row: ProcedureVersion = self.get_one(request.values.get("id"))
        if not permits.may("migrate_cases", code=row.code):
            abort(403)
        given = {"code": row.code, "number": row.number}
        limits = request.values.get("limits", "")
        limits = limits if limits in LIMITS else case_migration.KEEP
        findings: list[str] = []
        if request.method == "POST":
            chosen = [key for key in map(key_of, request.form.getlist("rowid")[: case_migration.MOST]) if key]
            given |= {"cases": chosen, "limits": limits, "reason": request.form.get("reason", "")}
            try:
                once.claim()
                if not chosen:
                    raise Refused("请先选中至少一行", field="cases")
                done = attempt("migrate_cases", None, given)
                flash(_("已转移 %(n)s 件", n=len(done.result)), "success")
                for warning in done.warnings:
                    flash(said(warning), "warning")
                return redirect(url_for("procedures.migrate", id=row.id))
            except NotFound:
                raise
            except Refused as refusal:
                findings = [finding_text(found) for found in refusal.findings]
        shown = case_migration.preview(db.session(), row.code, row.number, actor=me(), now=g.now, limits=limits)
        page = self.render(
            "versions/migrate.html",
            page_title=_("把在办投诉转到 %(name)s", name=_("%(code)s 第 %(n)s 版", code=row.code, n=row.number)),
            row=row,
            effects=sorted(shown.effects, key=weight),
            counts=Counter(map(weight, shown.effects)),
            total=shown.total,
            limits=limits,
            ways=LIMITS,
            findings=findings,
            reason=request.form.get("reason", ""),
            words=finding_text,
            form_id=once.form_id(),
        )
        return page, 422 if findings else 200


def weight(effect: case_migration.Effect) -> int:
    """What changes most is read first: 0 for a case that would be treated otherwise, 2 for one that cannot be moved."""
    if effect.blocked is not None:
        return 2
    return 1 if len(effect.changes) < 2 and not effect.notes else 0


def request_of(raw: Any) -> ProcedureActivation:
    """The request, for those who look after its procedure or audit it; for everybody else there is none."""
    key = key_of(raw)
    found = db.session.get(ProcedureActivation, key) if key is not None else None
    if found is None or (found.code not in versionlife.steward_of() and not versionlife.reads_all()):
        abort(404)
    return found


def may_bring_in() -> bool:
    """Whether this person may bring in a text at all; which procedure it is about is only known when it is read."""
    return me().holds("系统管理员") or bool(versionlife.steward_of())


def sent_text() -> str:
    """The text of the form: of the file where one was chosen, else what was pasted. Raises Refused."""
    chosen = request.files.get("file")
    if chosen is None or not chosen.filename:
        return request.form.get("text", "")
    with chosen.stream as stream:
        raw = stream.read(LARGEST + 1)
    if len(raw) > LARGEST:
        raise Refused("文件太大:一部制度最多 {most} KB", field="file", most=LARGEST // 1000)
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as fault:
        raise Refused("文件不是 UTF-8 编码的文字,请另存为 UTF-8 再导入", field="file") from fault


def people_of(version: ProcedureVersion | None) -> list[tuple[str, int]]:
    """Who drafted and edited it, each with the number of changes."""
    if version is None:
        return []
    found: dict[str, int] = {str(version.author or _("系统")): 0}
    for edit in version.edits:
        if not edit.undone:
            name = str(edit.by or _("系统"))
            found[name] = found.get(name, 0) + 1
    return list(found.items())


def warnings_of(version: ProcedureVersion | None) -> list[Finding]:
    """What the check of the document has to say beside faults."""
    return lint.lint(procedures.compiled(version.text, version.number)) if version is not None else []
