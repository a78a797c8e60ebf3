"""JSON for programs and scripts of the house: the same scope, the same verbs, the same refusals as the pages."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from flask import Blueprint, Flask, Response, abort, g, jsonify, request
from flask_babel import gettext as _
from sqlalchemy import select

from models import Complaint, Department, Staff, db
from models.db import Numbered
from views import casetime, guard, story
from views.base import attempt, me
from views.clocklines import lines_of
from views.complaints import late
from views.failures import status_of
from views.language import finding_text
from views.said import said
from views.verbs import Cautioned, caution, digest
from workflow import access, offers, timelines
from workflow.errors import Refused
from workflow.registry import VERBS

api = Blueprint("api", __name__, url_prefix="/api")
MOST = 200
SHOWN = (
    "id",
    "case_no",
    "state",
    "nature",
    "grade",
    "channel",
    "content",
    "demand",
    "category",
    "founded",
    "round",
    "flags",
    "received_at",
    "accepted_at",
    "due_at",
    "closed_at",
    "overdue",
    "investigation_department",
    "responsible_department",
    "handling_department",
    "handler",
    "investigator",
    "satisfaction",
    "version",
)


def init_app(app: Flask) -> None:
    """Put the API under ``/api/``."""
    app.register_blueprint(api)


def as_json(value: Any) -> Any:
    """A value of a row for JSON: instants in ISO with their offset, people and departments by name."""
    match value:
        case datetime():
            return value.isoformat()
        case date():
            return value.isoformat()
        case Department() | Staff():
            return value.name
        case _:
            return value


def case_json(case: Complaint) -> dict[str, Any]:
    """A case without the contact data of the complainant."""
    return {name: as_json(getattr(case, name)) for name in SHOWN} | {"fields": case.fields}


@api.get("/complaints")
def list_complaints() -> Response:
    """Cases in the caller's scope, newest first; ``after`` is the id to go on from."""
    guard.check_arguments({"state", "late", "limit", "after"})
    query = select(Complaint).where(access.scope(me()))
    if state := request.args.get("state"):
        query = query.where(Complaint.state == state[:20])
    if request.args.get("late") == "1":
        query = query.where(late())
    if after := guard.key_of(request.args.get("after")):
        query = query.where(Complaint.id < after)
    limit = guard.number_of(request.args.get("limit", 50), least=1, most=MOST, otherwise=50)
    rows = db.session.scalars(query.order_by(Complaint.id.desc()).limit(limit)).unique()
    return jsonify(complaints=[case_json(row) for row in rows])


@api.get("/complaints/<number>")
def one_complaint(number: str) -> Response:
    """A case with its clocks, its time line, its stints, its verbs and its story."""
    guard.check_arguments(())
    case = find(number)
    clocks = lines_of(timelines.clocks_of(db.session(), case), g.now)
    free, hindered = offers.weighed(db.session(), case, me(), g.now)
    return jsonify(
        case_json(case)
        | {
            "clocks": [
                {
                    "name": line.name,
                    "due_at": line.due_at.isoformat(),
                    "words": line.words.text,
                    "steps": line.steps,
                    "department": line.department,
                }
                for line in clocks
            ],
            **casetime.as_json(case, g.now),
            "verbs": [{"verb": offer.verb, "label": offer.label} for offer in free],
            "not_yet": [
                {"verb": one.verb, "label": one.label, "because": [finding_text(it) for it in one.findings]}
                for one in hindered
            ],
            "story": [
                {"at": line.at.isoformat(), "who": line.who, "text": f"{line.head} {line.rest}".strip()}
                for line in story.of(case)
            ],
        }
    )


@api.post("/complaints/<number>/<verb>")
def do_on_complaint(number: str, verb: str) -> Any:
    """Do a verb on a case; the body is a JSON object of its arguments."""
    guard.check_arguments({"accepted"})
    if verb not in VERBS or not VERBS[verb].needs_case:
        abort(404)
    return do(verb, find(number, verb))


@api.post("/do/<verb>")
def do_house(verb: str) -> Any:
    """Do a verb that needs no case, such as ``register``."""
    guard.check_arguments({"accepted"})
    if verb not in VERBS or (VERBS[verb].needs_case and not VERBS[verb].without_case):
        abort(404)
    return do(verb, None)


def do(verb: str, case: Complaint | None) -> Any:
    """One verb, answered with what was done or with each reason why not.

    What would be done with warnings waits until they are passed: the answer names them and the word by which the same
    call, sent again with ``?accepted=``, says that they were seen.
    """
    arguments = sent()
    try:
        done = attempt(verb, case, arguments, check=lambda done: caution(done, request.args.get("accepted", "")))
    except Cautioned as unseen:
        warnings = [said(text) for text in unseen.warnings]
        return jsonify(error="cautioned", warnings=warnings, accept=digest(unseen.warnings)), 422
    except Refused as refusal:
        findings = [
            {"field": finding.field, "rule": finding.rule, "text": finding_text(finding)}
            for finding in refusal.findings
        ]
        return jsonify(error="refused", findings=findings), status_of(refusal)
    thing = done.thing
    return jsonify(
        done=verb,
        warnings=[said(text) for text in done.warnings],
        complaint=case_json(thing) if shows(thing) else None,
        result=str(done.result) if done.result is not None else None,
        id=done.result.id if isinstance(done.result, Numbered) else None,
    )


def sent() -> dict[str, Any]:
    """The JSON object of the body; anything else, and what is nested beyond reading, is refused."""
    try:
        arguments = request.get_json(silent=True)
    except RecursionError:
        arguments = None
    if not isinstance(arguments, dict):
        abort(400, description=_("正文应是一个 JSON 对象"))
    nested = arguments.get("fields")
    for given in (*arguments.values(), *(nested.values() if isinstance(nested, dict) else ())):
        several = given if isinstance(given, list) else [given]
        if any(isinstance(one, dict) and "sha256" in one for one in several):
            abort(400, description=_("文件只能在页面上传，接口里只写文件名"))
    return arguments


def shows(thing: Any) -> bool:
    """Whether the answer may hold the case: not for whoever acts on it unseen, nor for whom it has just left."""
    return isinstance(thing, Complaint) and access.may_see(db.session(), me(), thing)


def find(number: str, verb: str = "") -> Complaint:
    """The case of that number, when the caller may see it."""
    query = select(Complaint).where(Complaint.case_no == number[:30])
    if not verb or VERBS[verb].knows is None:
        query = query.where(access.scope(me()))
    case = db.session.scalars(query).unique().one_or_none()
    if case is None:
        abort(404)
    return case
