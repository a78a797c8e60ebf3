"""What is masked cannot be tried out: contact data is found by its whole value, and no list is sorted by it."""

from __future__ import annotations

import pytest
from flask.testing import FlaskClient

from views.filters import Contains
from views.records import RecordView

PHONE, NAME = "13812345678", "欧阳小梅"


@pytest.fixture
def client(office) -> FlaskClient:
    office.ordered(name=NAME, phone=PHONE, customer_no="H-20260001")
    return office.client("王敏")


def count(client: FlaskClient, path: str, **arguments: str) -> int:
    """How many rows the list says that it has."""
    page = client.get(path, query_string=arguments).get_data(as_text=True)
    return int(page.partition('<span class="count">')[2].partition("<")[0])


@pytest.mark.parametrize("path", ["/complaints/", "/complainants/"])
@pytest.mark.parametrize(("part", "whole"), [(PHONE[:6], PHONE), (NAME[:2], NAME)])
def test_a_part_of_a_phone_or_name_finds_nothing_and_the_whole_finds_its_row(client, path, part, whole):
    assert count(client, path) == 1
    assert count(client, path, search=part) == 0
    assert count(client, path, search=whole) == 1


@pytest.mark.parametrize("path", ["/complaints/", "/complainants/"])
@pytest.mark.parametrize(("shown", "hidden"), [(PHONE[-4:], PHONE[-5:]), (PHONE[-4:], PHONE[3:7]), (NAME[0], NAME[1])])
def test_what_the_mask_shows_finds_and_what_it_hides_does_not(client, path, shown, hidden):
    assert count(client, path, search=shown) == 1
    assert count(client, path, search=hidden) == 0


def test_the_customer_of_an_order_is_found_by_the_whole_name(client):
    assert count(client, "/orders/", search=NAME[1:]) == 0
    assert count(client, "/orders/", search=NAME) == 1


def test_what_is_not_masked_is_still_found_by_any_part(client):
    assert count(client, "/complaints/", search="未按约") == 1
    assert count(client, "/complaints/", search="抄表员 上门") == 1
    assert count(client, "/complaints/", search="抄表员 供暖") == 0


@pytest.mark.parametrize(("typed", "found"), [("H-2026", 0), ("H-20260001", 1)])
def test_a_customer_number_is_filtered_for_as_a_whole(client, typed, found):
    assert count(client, "/complainants/", customer_no=typed) == found


def test_no_list_is_sorted_by_or_looks_into_the_parts_of_what_it_masks(office):
    with office.app.test_request_context():
        rooms = [room for room in office.app.extensions["admin"][0]._views if isinstance(room, RecordView)]
    assert any(room.masked for room in rooms)
    for room in rooms:
        hidden = {getattr(room.model, name) for name in room.masked}
        assert not hidden & {*room._sortable_columns.values()}, room.endpoint
        assert not hidden & {item.column for item in room.filters if isinstance(item, Contains)}, room.endpoint
