"""The product as a person meets it: signed in, with every statement that a page sends to the database written down."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine, event

import config
from app import create_app
from bench.stock import PASSWORD, Stock
from models import db


@dataclass(frozen=True)
class Statement:
    """What was sent, as the driver got it."""

    text: str
    values: Any

    @property
    def is_page(self) -> bool:
        """Whether it fetches a page of cases, or all of them in their order."""
        return "FROM complaint" in self.text and "ORDER BY" in self.text and "content" in self.text


class Desk:
    """One application on one stock."""

    def __init__(self, stock: Stock, folder: Path) -> None:
        address = stock.engine.url.render_as_string(hide_password=False)
        self.app: Flask = create_app(config.load({"DATABASE_URL": address, "DUBAN_SCHEDULER": "false"}, folder))
        self.app.config["WTF_CSRF_ENABLED"] = False
        self.app.testing = True
        with self.app.app_context():
            self.engine: Engine = db.engine

    def signed_in(self, name: str) -> FlaskClient:
        """A browser of that person."""
        client = self.app.test_client()
        answer = client.post("/login", data={"username": name, "password": PASSWORD})
        if answer.status_code != 302:
            raise RuntimeError(f"{name} cannot sign in: {answer.status_code}")
        return client

    def close(self) -> None:
        """Give the connections back."""
        self.engine.dispose()


@contextmanager
def desk(stock: Stock) -> Iterator[Desk]:
    """The application on a stock, for as long as the block lasts."""
    with tempfile.TemporaryDirectory(prefix="duban-bench-") as folder:
        made = Desk(stock, Path(folder))
        try:
            yield made
        finally:
            made.close()


def page(client: FlaskClient, address: str) -> bytes:
    """The page, read to its end; anything but a page is a fault of the benchmark."""
    answer = client.get(address)
    body = answer.get_data()
    answer.close()
    if answer.status_code != 200:
        raise RuntimeError(f"{address}: {answer.status_code}")
    return body


@contextmanager
def recorded(engine: Engine) -> Iterator[list[Statement]]:
    """The statements that are sent while the block lasts."""
    seen: list[Statement] = []

    def note(_connection: Any, _cursor: Any, text: str, values: Any, _context: Any, _many: bool) -> None:
        seen.append(Statement(text, values))

    event.listen(engine, "before_cursor_execute", note)
    try:
        yield seen
    finally:
        event.remove(engine, "before_cursor_execute", note)


def rows_of(engine: Engine, statement: Statement) -> list[Any]:
    """All rows of a statement, by the driver alone."""
    connection = engine.raw_connection()
    try:
        cursor = connection.cursor()
        cursor.execute(statement.text, statement.values)
        found = list(cursor.fetchall())
        cursor.close()
        return found
    finally:
        connection.close()
