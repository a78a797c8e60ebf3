"""No row crosses a department by any door: every endpoint of the application x every person x own and foreign rows.

An endpoint that stands in no list here fails the run. What a person may read is written in tests/support/two_cases.
"""

from __future__ import annotations

import io
import zipfile

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

import config
from models import Attachment, Complainant, Complaint, Event, Staff
from tests.support import databases, two_cases
from tests.support.two_cases import HOUSE, IDENTITY, SEES, WORDS, row_of
from views.base import PUBLIC
from views.rooms import RECORDS
from workflow.registry import VERBS

OF_CASES = {endpoint: table for _, endpoint, _, _, table in RECORDS if hasattr(table, "complaint_id")}
OF_CASES |= {"complainants": Complainant, "complaints": Complaint}
OF_HOUSE = ("staff", "departments", "roles", "calendar", "history", "jobruns", "parked", "letters")
READABLE = ("library", "trainings", "prices", "procedures", "substitutions", "inspections")
LISTS = (*OF_CASES, *OF_HOUSE, *READABLE)
DOORS = {
    name
    for endpoint in {*LISTS}
    for name in (
        f"{endpoint}.{door}"
        for door in (
            "index_view", "details_view", "export", "edit_view", "create_view", "delete_view", "action_view",
            "ajax_update", "ajax_lookup", "unmask",
        )
    )
}  # fmt: skip
BY_ID = ("details_view", "edit_view", "unmask")
MORE_BY_ID = {
    "attachments.download": Attachment,
    "complaints.attachment": Attachment,
    "complaints.time": Complaint,
    "staff.password": None,
    "letters.resend": None,
}
OF_A_CASE = {"verbs.case": "/do/{verb}/{case}", "printing.case": "/print/case/{case}"}
PAGES = (
    "admin.index",
    "me.index",
    "standards.index",
    "ledger.index",
    "month.index",
    "reports.index",
    "applied.index",
    "lookup.people",
    "lookup.departments",
    "lookup.index",
    "api.list_complaints",
)
ELSEWHERE = {
    *("me.password", "login.sign_out", "verbs.index", "verbs.house", "verbs.several", "notices.read"),
    *("beside.index", "library.download"),
    *("printing.index", "printing.several", "ledger.export", "month.export", "applied.export", "ledger.unmask"),
    *("month.unmask", "applied.unmask", "month.cases", "measures.cases"),
    *("reports.export", "reports.unmask", "reports.cases"),
    *("replays.index", "replays.start", "replays.one", "replays.progress", "replays.stop", "replays.cases"),
    *("replays.export",),
    *(f"procedures.{door}" for door in ("toml", "compare", "review", "migrate", "bring_in")),
    *("api.one_complaint", "api.do_house", "api.do_on_complaint"),
    *(f"editor.{door}" for door in ("index", "draft", "rows", "cell", "row", "deed")),
    *(f"editor.{door}" for door in ("step", "matches", "trying", "news")),
}
"""Proved by tests of their own: verbs, replays, printing, figures, editor, scope, sessions."""


@pytest.fixture(scope="module", params=databases.BOTH)
def world(request, tmp_path_factory):
    """The application on a database that holds both cases."""
    from app import create_app

    tmp_path = tmp_path_factory.mktemp("world")
    with databases.fresh(request.param, two_cases.fill) as own:
        made = create_app(config.load({"DATABASE_URL": own.url, "DUBAN_SCHEDULER": "false"}, tmp_path / "instance"))
        made.testing = True
        made.config["WTF_CSRF_ENABLED"] = False
        yield World(made, own)
        with made.app_context():
            made.extensions["sqlalchemy"].engine.dispose()


class World:
    """The application, its database, and browsers that are signed in."""

    def __init__(self, app, database):
        self.app, self.database = app, database

    def client(self, name):
        client = self.app.test_client()
        with Session(self.database.engine) as session, client.session_transaction() as kept:
            kept["_user_id"] = session.scalars(select(Staff).where(Staff.name == name)).one().get_id()
            kept["_fresh"] = True
        return client

    def key(self, table, word):
        with Session(self.database.engine) as session:
            return row_of(session, table, word).id

    def deeds(self):
        with Session(self.database.engine) as session:
            return session.scalar(select(func.count(Event.id)).where(Event.outcome == "完成"))


def text_of(answer):
    """Everything readable in an answer, the cells of a workbook included."""
    data = answer.get_data()
    if data[:2] == b"PK":
        with zipfile.ZipFile(io.BytesIO(data)) as book:
            data = b"".join(book.read(name) for name in book.namelist())
    return data.decode("utf-8", "replace")


def leaks(name, answer):
    """The words in an answer that this person must not read; who complained stands nowhere in full."""
    page = text_of(answer)
    return [word for word in (*(word for word in WORDS if word not in SEES[name]), *IDENTITY) if word in page]


def test_every_endpoint_stands_in_a_list_of_this_matrix(world):
    known = DOORS | {*MORE_BY_ID, *OF_A_CASE, *PAGES, *PUBLIC} | ELSEWHERE
    there = {rule.endpoint for rule in world.app.url_map.iter_rules() if not rule.endpoint.endswith(".static")}
    assert sorted(there - known) == []
    assert sorted(known - there - DOORS - PUBLIC) == []


@pytest.mark.parametrize("name", SEES)
def test_no_list_file_or_page_shows_a_row_of_others(world, name):
    client = world.client(name)
    wrong = []
    for endpoint in LISTS:
        for door in ("", "export/csv/", "?search=林", *(("export/xlsx/",) if name in XLSX else ())):
            answer = client.get(f"/{endpoint}/{door}")
            may = endpoint not in OF_HOUSE or name in HOUSE
            if answer.status_code != (200 if may else 403) or leaks(name, answer):
                wrong.append(f"/{endpoint}/{door} {answer.status_code} {leaks(name, answer)}")
    for endpoint in PAGES:
        with world.app.test_request_context():
            if endpoint not in world.app.view_functions:
                continue
            address = world.app.url_for(endpoint)
        answer = client.get(address)
        if answer.status_code != 200 or leaks(name, answer):
            wrong.append(f"{address} {answer.status_code} {leaks(name, answer)}")
    assert wrong == []


@pytest.mark.parametrize("name", SEES)
def test_lists_show_the_rows_that_are_ones_own(world, name):
    client = world.client(name)
    for endpoint in ("orders", "corrections", "measures", "visits", "communications", "investigations"):
        page = text_of(client.get(f"/{endpoint}/export/csv/"))
        assert [word for word in WORDS if word in page] == list(SEES[name]), endpoint


MUST = (
    "complaints",
    "complainants",
    "orders",
    "corrections",
    "measures",
    "visits",
    "communications",
    "investigations",
    "attachments",
)
"""Whose page opens for whoever sees the case."""
OWN_TOO = ("duties", "notices", "documents")
"""Rows that may be one's own although one does not see the case: they open, and show nothing of it."""
PATHS = {"details_view": "details/", "edit_view": "edit/", "unmask": "unmask/", "": ""}


@pytest.mark.parametrize("name", SEES)
def test_a_row_of_others_is_not_found_by_its_id(world, name):
    client, wrong = world.client(name), []
    tables = {**OF_CASES, **{key: table for key, table in MORE_BY_ID.items() if table}}
    for endpoint, table in tables.items():
        for word in WORDS:
            key = world.key(table, word)
            for door in ("",) if "." in endpoint else BY_ID:
                address = f"/{endpoint.replace('.', '/')}/{PATHS[door]}?id={key}"
                method = "POST" if door == "unmask" else "GET"
                answer = client.open(address, method=method, data={"reason": ""})
                found = leaks(name, answer)
                shut = answer.status_code in (403, 404)
                if found or (word not in SEES[name] and not shut and endpoint not in OWN_TOO):
                    wrong.append(f"{address} {word} {answer.status_code} {found}")
                if word in SEES[name] and shut and door == "details_view" and endpoint in MUST:
                    wrong.append(f"{address} {word} {answer.status_code}: own row refused")
    assert wrong == []


@pytest.mark.parametrize("name", SEES)
def test_no_verb_reaches_a_case_of_others(world, name):
    client, wrong, before = world.client(name), [], world.deeds()
    for word in (word for word in WORDS if word not in SEES[name]):
        case = world.key(Complaint, word)
        for verb in (name for name, verb in VERBS.items() if verb.needs_case):
            for method in ("GET", "POST"):
                answer = client.open(
                    f"/do/{verb}/{case}", method=method, data={"reason": "看看", "text": "x", "note": "x"}
                )
                own_form = verb == "fill_document" and name in ("维修员甲", "抄表员甲")
                if leaks(name, answer) or (answer.status_code not in (403, 404) and not own_form):
                    wrong.append(f"{method} {verb} {answer.status_code} {leaks(name, answer)}")
    assert wrong == []
    assert world.deeds() == before


XLSX = ("工程维修部负责人", "审计员")
SHUT = {"delete/": "POST", "ajax/update/": "POST", "ajax/lookup/?name=x": "GET", "action/": "POST"}


@pytest.mark.parametrize("name", SEES)
def test_the_write_doors_of_the_stock_panel_are_shut_in_every_list(world, name):
    client, before, wrong = world.client(name), world.deeds(), []
    typed = {"id": "1", "action": "delete", "rowid": "1"}
    for endpoint in LISTS:
        for door, method in SHUT.items():
            answer = client.open(f"/{endpoint}/{door}", method=method, data=typed)
            if answer.status_code not in (403, 404):
                wrong.append(f"{endpoint}/{door} {answer.status_code}")
    assert wrong == []
    assert world.deeds() == before


HOSTILE = (
    "page=-1",
    "page=100000000000000000000",
    "page_size=99999999999",
    "id=1,2",
    "id=abc",
    "id=-1",
    "id=%00",
    "id=999999999999999999999999",
    "_method=POST",
    "endpoint=x",
    "sort=__class__",
    "desc=x",
    "columns=a,b",
    "search=%25%5C_",
    "state=x",
    "handling=abc",
    "due=2026-99-99",
    "url=http:evil.example",
    "at=..",
    "done=x..y",
)


ON_EVERY_DOOR = ("id=1,2", "id=-1", "id=%00", "id=999999999999999999999999", "_method=POST", "url=http:evil.example")


def test_hostile_input_on_any_door_is_answered_and_never_fails(world):
    client, wrong = world.client("系统管理员"), []
    rules = [rule for rule in world.app.url_map.iter_rules() if not rule.arguments and "GET" in rule.methods]
    asked = [(rule.rule, argument) for rule in rules for argument in ON_EVERY_DOOR if rule.endpoint not in PUBLIC]
    asked += [(f"/{endpoint}/", argument) for endpoint in LISTS for argument in HOSTILE]
    asked += [(f"/{endpoint}/export/{kind}/", "page=-1") for endpoint in LISTS[:4] for kind in ("csv", "exe", "%00")]
    for path, argument in asked:
        answer = client.get(f"{path}?{argument}")
        if answer.status_code >= 500:
            wrong.append(f"{path}?{argument} {answer.status_code}")
    assert wrong == []
