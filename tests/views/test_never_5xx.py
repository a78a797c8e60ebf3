"""Whatever is sent to any address: it is answered, and what is refused is refused in words and has changed nothing.

Addresses and arguments are asked of the application itself, so that a new page is tried without being named here.
"""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

from flask import g
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, literal, select, union_all

from models.db import Base
from tests.views import test_records_matrix as matrix
from workflow.registry import VERBS

world = matrix.world
PEOPLE = ("系统管理员", "客服甲", "人事甲", "客户营业部负责人", "公司领导", "审计员", "抄表员甲")
UNCOUNTED = ("event", "login_attempt")
"""Refusals and looks are kept there."""
TEXTS = (
    *("", " ", "0", "-1", "1", "2", "3", "9" * 19, "9223372036854775808", "9" * 40, "1,2", "1:2", "٣", "1e999", "NaN"),
    *("2026-02-30", "9999-12-31", "0001-01-01..9999-12-31", "..", "2026-13", "0000-01", "2026-Q5", "2026-05", "2026"),
    *("2026-05-13T10:00:00+99:99", "{name}", "{0.__class__}", "%s", "%", "_", "\\", "' or 1=1 --", "../../etc/passwd"),
    *(
        "🀄" * 30,
        "\u202eabc",
        "\u2028",
        "a\nb\r\nc",
        "true",
        "是",
        "null",
        "[]",
        "{}",
        "P02",
        "客服甲",
        "客户营业部",
        "超期",
    ),
    *("甲" * 500, "x" * 3_000, "http:evil.example", "//evil.example", "/complaints/", "TS-20260513-0001", "register"),
)
UNSTORABLE = ("\x00", "甲\x00乙", "x" * 5_000)
VALUES = (
    *(None, True, 0, -1, 10**12, -(10**30), 3.7, 1e308, [], [[]], [None], {}, {"a": {"b": ["\x00"]}}, [1, "\x00", [2]]),
    *({"file_name": ["x"], "size": "x"}, {"file_name": "a.txt", "size": 10**30, "sha256": "z"}, [{"item": "\x00"}]),
    *({"text": "\ud800"}, ["a"] * 300, {"cell": "because", "value": None}, [{"name": 1, "qty": "x"}]),
    *([{"person": "客服甲", "department": {}, "role": []}], {"limit_kind": {}}),
)
BODIES = (b"", b"null", b"[]", b"{", b"[" * 50_000, b'{"a":1e999}', b"\xff\xfe", b"nonsense")
KINDS = ("application/json", "text/plain", "multipart/form-data", "multipart/form-data; boundary=", "text/xml")
COMMON = (
    "ids",
    "rowid",
    "action",
    "accepted",
    "seen",
    "form_id",
    "url",
    "again",
    "reason",
    "id",
    "notice",
    "row",
    "cell",
)
NOW = datetime(2099, 1, 1, tzinfo=UTC)
"""When every procedure of the house has begun."""
texts = st.sampled_from(TEXTS + UNSTORABLE) | st.text(max_size=20)
QUICK = settings(max_examples=150, suppress_health_check=list(HealthCheck))


def rules(app, method):
    """Every address that takes this method, in a stable order; signing out would end the browser's session."""
    found = [rule for rule in app.url_map.iter_rules() if method in rule.methods and rule.endpoint != "login.sign_out"]
    return sorted((rule for rule in found if not rule.endpoint.endswith("static")), key=lambda rule: rule.rule)


def filled(data, rule):
    """The address with something in the place of each argument."""
    values: dict[str, Any] = {}
    for name in sorted(rule.arguments):
        converter = rule._converters[name]
        if name == "verb":
            values[name] = data.draw(st.sampled_from(sorted(VERBS)))
        elif "Integer" in type(converter).__name__:
            values[name] = data.draw(st.sampled_from((1, 2, 3, 2**63 - 1)))
        elif own := sorted(getattr(converter, "items", ())):
            values[name] = data.draw(st.sampled_from(own))
        else:
            likely = ("csv", "xlsx", "TS-20260513-0001", "TS-20260513-0002")
            values[name] = data.draw(st.sampled_from(likely) | texts.filter(bool))
    return values


def some_address(data, app, method):
    """A rule that takes this method, what stands in the place of its arguments, and the address of both."""
    rule = data.draw(st.sampled_from(rules(app, method)))
    values = filled(data, rule)
    with app.test_request_context():
        return rule, values, app.url_for(rule.endpoint, **values)


def arguments(app, rule, values):
    """The names that this address knows."""
    if verb := VERBS.get(values.get("verb", "")):
        return [argument.name for argument in verb.arguments] if isinstance(verb.arguments, tuple) else ["name", "kind"]
    room, _dot, method = rule.endpoint.partition(".")
    views = {view.endpoint: view for view in app.extensions["admin"][0]._views}
    with app.test_request_context():
        g.now = NOW
        return sorted(views[room].arguments_of(method)) if room in views else []


def sent(data, names):
    """Some of them with some text."""
    return {name: data.draw(texts).encode("utf-8", "replace").decode() for name in data.draw(some(names))}


def some(names):
    return st.lists(st.sampled_from(names), max_size=4, unique=True) if names else st.just([])


def rows(world):
    """How many rows each table has."""
    counted = [table for name, table in Base.metadata.tables.items() if name not in UNCOUNTED]
    each = union_all(*(select(literal(table.name), func.count()).select_from(table) for table in counted))
    with world.database.engine.connect() as connection:
        return dict(connection.execute(each).all())


@QUICK
@given(data=st.data())
def test_every_page_answers_whatever_its_address_says(world, data):
    rule, values, address = some_address(data, world.app, "GET")
    query = sent(data, [*arguments(world.app, rule, values), "_x", "endpoint", "id"])
    answer = world.client(data.draw(st.sampled_from(PEOPLE))).get(address, query_string=query)
    answer.get_data()
    assert answer.status_code < 500


@QUICK
@given(data=st.data())
def test_every_form_and_call_answers_whatever_it_is_sent_and_a_refusal_changes_nothing(world, data):
    rule, values, address = some_address(data, world.app, "POST")
    names = arguments(world.app, rule, values)
    body: dict[str, Any] = {"data": sent(data, [*names, *COMMON])}
    if rule.endpoint.startswith("api."):
        given = {name: data.draw(st.sampled_from(VALUES) | texts) for name in data.draw(some(names))}
        body = {"data": json.dumps(given), "content_type": "application/json"}
    if data.draw(st.integers(0, 9)) == 0:
        body = {"data": data.draw(st.sampled_from(BODIES)), "content_type": data.draw(st.sampled_from(KINDS))}
    before = rows(world)
    answer = world.client(data.draw(st.sampled_from(PEOPLE))).post(address, **body)
    assert answer.status_code < 500
    if answer.status_code >= 400:
        assert rows(world) == before
        if answer.is_json:
            said = answer.get_json()
            assert said.get("findings") or said.get("reason") or said.get("warnings")
        else:
            assert "<h1" in answer.get_data(as_text=True)
