"""Which statements reach the database meanwhile."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from flask import Flask
from sqlalchemy import Connection, Engine, event

from models import db


@contextmanager
def sent(bind: Engine | Connection, wanted: Callable[[str], bool] = bool) -> Iterator[list[str]]:
    """The statements that are sent there meanwhile, as far as they are wanted."""
    seen: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_more: Any) -> None:
        if wanted(statement):
            seen.append(statement)

    event.listen(bind, "before_cursor_execute", note)
    try:
        yield seen
    finally:
        event.remove(bind, "before_cursor_execute", note)


def _of_no_clock(statement: str) -> bool:
    return "clock" not in statement


@contextmanager
def counted(app: Flask, wanted: Callable[[str], bool] = _of_no_clock) -> Iterator[list[str]]:
    """The statements that the application sends, those of the clocks aside: each limit is read from its own ledger."""
    with app.app_context():
        engine = db.engine
    with sent(engine, wanted) as seen:
        yield seen
