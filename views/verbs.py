"""The one mechanism by which people do things: a verb's form, for a case, for several, or for none.

Every verb has an address of its own. With scripts it opens in a sheet above the page; without them it is a page.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from hashlib import sha256
from typing import Any

from flask import Response, abort, flash, g, make_response, redirect, request, url_for
from flask_admin import expose
from flask_babel import gettext as _
from sqlalchemy import func, select

from models import Complaint, Event, ProcedureVersion, db
from views import files, guard, once, versionlife
from views.base import EVERYBODY, Room, attempt, begin_writing, me, unit_of_work
from views.beside import beside
from views.forms import verb_form
from views.forms.verb_form import VerbForm
from views.guard import key_of
from views.language import sentence
from views.once import Resent
from views.said import said
from workflow import access, library, registry
from workflow.act import Done
from workflow.errors import Conflict, NotFound, Refused
from workflow.masking import MASKS
from workflow.registry import VERBS

KEY = "int(max=9223372036854775807)"
MOST_CASES = 200
HANGING = {
    "register": ("procedure", "channel", "nature"),
    "update": ("channel", "nature"),
    "propose_assessment": ("standard_no", "standard", "subject_kind"),
    "fill_document": ("kind",),
}
FIXED = {
    "draft_procedure": ("code", "based_on"),
    "activate": ("code", "number"),
    "retire_procedure": ("code",),
    "report": ("kind", "period", "procedure", "export", "look", "reason"),
}
"""What a page has settled when it offers a verb: it is said above the form instead of being asked."""


class Cautioned(Exception):
    """The verb would be done, with warnings that nobody has seen yet: nothing is kept until they are passed."""

    def __init__(self, warnings: tuple[str, ...]) -> None:
        super().__init__(";".join(warnings))
        self.warnings = warnings


class VerbRoom(Room):
    """The pages of the verbs. Who may do what is asked of the permission table, verb by verb."""

    readers = EVERYBODY

    def is_visible(self) -> bool:
        return False

    def arguments_of(self, name: str) -> set[str]:
        """An address may fill in the verb's own arguments beforehand; ``form_for`` knows which those are."""
        if (request.view_args or {}).get("verb", "register") not in VERBS:
            abort(404)
        return set(request.args)

    @expose("/")
    def index(self) -> Any:
        return redirect(url_for("admin.index"))

    @expose("/<verb>", methods=("GET", "POST"))
    def house(self, verb: str) -> Any:
        """A verb that needs no case."""
        if verb == "change_password":
            return redirect(url_for("me.password"))
        if verb == "set_password" or (VERBS[verb].needs_case and not VERBS[verb].without_case):
            abort(404)  # whoever resets a password reads the new one once, on the page of the person
        return self._page(verb, None)

    @expose(f"/<verb>/<{KEY}:case>", methods=("GET", "POST"))
    def case(self, verb: str, case: int) -> Any:
        """A verb on one case."""
        if not VERBS[verb].needs_case:
            abort(404)
        return self._page(verb, the_case(case, verb))

    @expose("/<verb>/several", methods=("GET", "POST"))
    def several(self, verb: str) -> Any:
        """The same verb on several cases: one form, one unit of work for each case, and what became of each."""
        cases = the_cases(request.values.get("ids", ""))
        if not cases or not VERBS[verb].needs_case:
            abort(404)
        form = form_for(verb, cases[0], sent())
        if request.method == "POST" and "again" not in request.form:
            unit_of_work(once.claim)
            outcomes = do_each(form, cases)
            return self.render(
                "verbs/several_done.html",
                outcomes=outcomes,
                verb=VERBS[verb],
                return_url=back(None),
                page_title=_(VERBS[verb].label),
            )
        return self._answer(form, cases[0], cases=cases)

    def _page(self, verb: str, case: Complaint | None) -> Any:
        form = form_for(verb, case, sent())
        if request.method == "POST" and "again" not in request.form:
            try:
                return self._done(form, case, carry_out(form, case))
            except Cautioned as caution:
                form.warnings = list(caution.warnings)
            except Resent as resent:
                return self._done_before(resent, case)
            except Refused as refusal:
                if isinstance(refusal, NotFound):
                    raise
                form = form_for(verb, case, sent())
                form.refuse(refusal)
        return self._answer(form, case)

    def _done(self, form: VerbForm, case: Complaint | None, done: Done) -> Any:
        """Say what was done, and go to where the person came from."""
        number = getattr(done.thing, "case_no", "") or ""
        flash(_("“%(verb)s”已完成 %(number)s", verb=_(form.verb.label), number=number).strip(), "success")
        for warning in done.warnings:
            flash(said(warning), "warning")
        return self._lead(
            next_page(form.verb.name, done) or back(done.thing if isinstance(done.thing, Complaint) else case)
        )

    def _done_before(self, resent: Resent, case: Complaint | None) -> Any:
        """A form that came twice was done once; the second sending leads to the same place."""
        flash(_("这张表已经提交过了，只办了一次"), "warning")
        found = case or (db.session.get(Complaint, resent.case) if resent.case else None)
        return self._lead(back(found))

    def _lead(self, target: str) -> Any:
        if request.headers.get("X-Sheet"):
            return Response(status=204, headers={"X-Go-To": target})
        return redirect(target)

    def _answer(self, form: VerbForm, case: Complaint | None, cases: list[Complaint] | None = None) -> Any:
        template = "verbs/sheet.html" if request.headers.get("X-Sheet") else "verbs/page.html"
        page = self.render(
            template,
            form=form,
            case=case,
            sees=case is not None and access.may_see(db.session(), me(), case),
            cases=cases or [],
            beside=beside(form.act, typed_so_far(form)) if form.verb.name == "register" else None,
            seen=last_event(case),
            return_url=back(case),
            form_id=once.form_id(),
            page_title=_(form.verb.label),
            accepted=digest(form.warnings),
            about=versionlife.about(form.verb.name, request.args) or settled(form) if case is None else [],
        )
        answer = make_response(page, 422 if form.findings and request.method == "POST" else 200)
        if request.headers.get("X-Sheet"):
            answer.headers["X-Sheet"] = "1"
        return answer


def typed_so_far(form: VerbForm) -> dict[str, list[str]]:
    """Every answer by its name, those that are not asked any more among them."""
    return {item.name: item.values for item in form.fields} | {one.name: one.values for one in form.aside}


def settled(form: VerbForm) -> list[str]:
    """What report or what edition is meant, where the page that offers the verb has settled it."""
    items = (library.item_of(db.session(), item.value) for item in form.hidden if item.name == "item")
    if item := next(items, None):
        return [str(item)]
    said_of = [item.value for item in form.hidden if item.name in FIXED["report"][:3] and item.value]
    return [" ".join(map(str, map(said, said_of)))] if form.verb.name == "report" and said_of else []


def next_page(verb: str, done: Done) -> str:
    """Where something new is gone on with: a draft that was begun opens in the editor."""
    begun = verb in ("draft_procedure", "adopt_procedure") and isinstance(done.result, ProcedureVersion)
    return url_for("editor.draft", draft=done.result.id) if begun else ""


def the_case(key: int, verb: str = "") -> Complaint:
    """The case, when the person may see it (or the verb is one for those who may not), else 404."""
    query = select(Complaint).where(Complaint.id == key)
    if not verb or VERBS[verb].knows is None:
        query = query.where(access.scope(me()))
    case = db.session.scalars(query).unique().one_or_none()
    if case is None:
        abort(404)
    return case


def the_cases(ids: str) -> list[Complaint]:
    """The cases of a bulk form that the person may see."""
    keys = [key for key in map(key_of, ids[:4000].split(",")) if key is not None][:MOST_CASES]
    query = select(Complaint).where(Complaint.id.in_(keys), access.scope(me())).order_by(Complaint.id)
    return list(db.session.scalars(query).unique())


def sent() -> dict[str, list[str]] | None:
    """What was typed, when the form came back."""
    return verb_form.typed_of(request.form) if request.method == "POST" else None


def form_for(verb: str, case: Complaint | None, typed: dict[str, list[str]] | None) -> VerbForm:
    """The form of a verb at this point of this case; refused when the person may not do it now."""
    beforehand: dict[str, Any] = {name: values for name, values in request.args.lists() if name not in ("url", "ids")}
    given = {name: values[0] for name, values in (typed or beforehand).items() if values and values[0]}
    definition, act, arguments = registry.arguments_for(db.session(), verb, case, actor=me(), now=g.now, given=given)
    form_fields = {argument.name for argument in verb_form.expanded(act, arguments)}
    guard.check_arguments(form_fields | {"url", "ids"})
    known, veiled = known_of(verb, act) | beforehand, veiled_in(verb, act)
    arguments = [
        replace(one, kind="hidden") if one.name in FIXED.get(verb, ()) and one.name in beforehand else one
        for one in arguments
    ]
    arguments = [replace(one, help=veiled[one.name]) if one.name in veiled else one for one in arguments]
    return verb_form.build(definition, act, arguments, typed, known, HANGING.get(verb, ()))


def known_of(verb: str, act: Any) -> dict[str, Any]:
    """What an edit starts from: the case as it stands, with empty fields for what pages mask."""
    if verb != "update" or act.complaint is None:
        return {}
    case, person = act.complaint, act.complaint.complainant
    names = {argument.name for argument in VERBS[verb].asks(act)} - {"reason", "flags"}
    found = {name: getattr(case, name) for name in names if hasattr(case, name)}
    found |= {name: getattr(person, name) for name in names if name not in found and hasattr(person, name)}
    found |= {name: case.fields.get(name) for name in names if name not in found}
    return found | dict.fromkeys(veiled_in(verb, act), "")


def veiled_in(verb: str, act: Any) -> dict[str, str]:
    """The contact data that an edit does not show, with what is said in their place: a form is no way past the mask."""
    if verb != "update" or act.complaint is None:
        return {}
    stored = {name: getattr(act.complaint.complainant, name, "") for name in MASKS}
    return {
        name: _("现在是 %(masked)s，不填则不改", masked=MASKS[name](value)) for name, value in stored.items() if value
    }


def given_in(form: VerbForm) -> dict[str, Any]:
    """What the verb is given by the form: an edit only what was changed in it."""
    same = verb_form.unchanged(form, known_of(form.verb.name, form.act))
    return {name: value for name, value in verb_form.answers(form).items() if name not in same}


def carry_out(form: VerbForm, case: Complaint | None) -> Done:
    """Do the verb once: not when the case went on meanwhile, not twice from one form, not over unseen warnings."""
    name = form.verb.name
    sent_form = once.claim()
    check_fresh(case)
    given = given_in(form)
    nameless = given.get("anonymous") == "是" or (case is not None and case.complainant.anonymous)
    for item in form.fields:
        if item.argument.kind in verb_form.UPLOADED:
            kept = [files.store(one, nameless=nameless) for one in request.files.getlist(item.name)]
            chosen = [one for one in kept if one]
            verb_form.put(given, item.name, chosen if item.argument.kind == "files" else next(iter(chosen), None))

    def keep(result: Done) -> None:
        caution(result, request.form.get("accepted", ""))
        if sent_form is not None and isinstance(result.thing, Complaint):
            sent_form.complaint_id = result.thing.id

    return attempt(name, case, given, check=keep)


def caution(done: Done, accepted: str) -> None:
    """Stop before the commit when there are warnings that the person has not seen."""
    passed = accepted.split(".")
    if any(digest([warning]) not in passed for warning in done.warnings):
        raise Cautioned(done.warnings)


def digest(warnings: Iterable[str]) -> str:
    """Short names of warnings: what is passed is what was seen, or less."""
    return ".".join(sha256(warning.encode()).hexdigest()[:16] for warning in warnings)


def last_event(case: Complaint | None) -> int:
    """The number of the newest line of the case's history, as the form saw it."""
    if case is None:
        return 0
    query = select(func.max(Event.seq)).where(Event.complaint_id == case.id, Event.outcome == "完成")
    return db.session.scalar(query) or 0


def check_fresh(case: Complaint | None) -> None:
    """Refuse a form that was filled before somebody else (or the same form) changed the case; say what happened."""
    if case is None:
        return
    seen = key_of(request.form.get("seen", ""))
    newest = last_event(case)
    if seen is not None and seen != newest:
        query = select(Event).where(Event.complaint_id == case.id, Event.seq > seen, Event.outcome == "完成")
        lines = [
            f"{event.actor or '系统'}:{event.text}" for event in db.session.scalars(query.order_by(Event.seq).limit(5))
        ]
        if not access.may_see(db.session(), me(), case):
            raise Conflict("您打开这张表之后，这一件有了新的经过，请重新打开再提交")
        raise Conflict("您打开这张表之后，这一件有了新的经过，请看过再提交——{news}", news=" / ".join(lines)[:800])


def do_each(form: VerbForm, cases: list[Complaint]) -> list[tuple[str, int, bool, str]]:
    """Number, id, whether it was done, and the sentence, for each case."""
    given, outcomes = given_in(form), []
    for key, number in [(case.id, case.case_no) for case in cases]:
        try:
            begin_writing()
            attempt(form.verb.name, the_case(key), given, check=lambda done: caution(done, ""))
            outcomes.append((number, key, True, ""))
        except Cautioned as unseen:
            told = _("；").join(said(text) for text in unseen.warnings)
            outcomes.append((number, key, False, _("请留意：%(told)s。请打开这一件，看过再办。", told=told)))
        except Refused as refusal:
            outcomes.append((number, key, False, sentence(refusal)))
    return outcomes


def back(case: Complaint | None) -> str:
    """Where the person came from, else the case, else the desk."""
    if address := request.values.get("url"):
        return str(address)
    if case is not None and db.session.scalar(select(Complaint.id).where(Complaint.id == case.id, access.scope(me()))):
        return url_for("complaints.details_view", id=case.id)
    return url_for("admin.index")
