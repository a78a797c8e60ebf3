"""What a desk asks for all day: the first page of the cases, the same among few, and a search for two characters."""

from __future__ import annotations

from collections.abc import Iterator

from flask.testing import FlaskClient
from sqlalchemy import Engine

from bench.desk import Statement, desk, page, recorded, rows_of
from bench.stock import LEAD, LEADER, RARE, Stock
from bench.timing import Result, in_turn

QUEUE = "/complaints/?open=在办"
SEARCH = f"/complaints/?search={RARE}"
ROUNDS = 15


def measure(large: Stock, small: Stock) -> Iterator[Result]:
    """Through the door: the time of a page includes everything but the network."""
    with desk(large) as many, desk(small) as few:
        lead, lead_of_few, leader = many.signed_in(LEAD), few.signed_in(LEAD), many.signed_in(LEADER)
        asked, sent = _asked(lead, QUEUE, many.engine)
        times = in_turn(lambda _: page(lead, QUEUE), lambda _: rows_of(many.engine, asked), ROUNDS)
        note = f"a department lead's open cases, {sent} statements a page; limit: the page's SELECT by the driver"
        yield times.result("queue_first_page", large.n, large.kind, note)

        times = in_turn(lambda _: page(lead, QUEUE), lambda _: page(lead_of_few, QUEUE), ROUNDS)
        note = f"the same page; limit: the same among {small.n:,} cases"
        yield times.result("queue_first_page_growth", large.n, large.kind, note)

        asked, sent = _asked(leader, SEARCH, many.engine)
        times = in_turn(lambda _: page(leader, SEARCH), lambda _: rows_of(many.engine, asked), 7)
        note = f"“{RARE}” among all cases, {sent} statements a page; limit: the page's SELECT by the driver"
        yield times.result("search_two_characters", large.n, large.kind, note)


def _asked(client: FlaskClient, address: str, engine: Engine) -> tuple[Statement, int]:
    """The statement that fetches the rows of a page, and how many are sent for the page in all."""
    page(client, address)
    with recorded(engine) as seen:
        page(client, address)
    pages = [statement for statement in seen if statement.is_page]
    if len(pages) != 1:
        raise RuntimeError(f"{address}: {len(pages)} statements fetch the page")
    return pages[0], len(seen)
