"""Where the stocks stand: a SQLite file with the product's own settings, and a private PostgreSQL when there is one."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import datetime
from pathlib import Path

from sqlalchemy import NullPool, create_engine

from bench import stock
from bench.stock import Stock
from tests.support import postgres

SMALL = 1_000


@contextmanager
def stocks(kind: str, n: int, now: datetime) -> Iterator[tuple[Stock, Stock]]:
    """The large stock and the small one, gone when the block ends."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="duban-bench-")))
        made = []
        for name, size in (("large", n), ("small", min(SMALL, n))):
            engine = create_engine(_address(kind, folder, name))
            stack.callback(engine.dispose)
            made.append(stock.fill(kind, engine, size, now))
        yield made[0], made[1]


def _address(kind: str, folder: Path, name: str) -> str:
    if kind == "sqlite":
        return f"sqlite:///{folder / name}.sqlite3"
    server = create_engine(postgres.server(), isolation_level="AUTOCOMMIT", poolclass=NullPool)
    with server.connect() as connection:
        connection.exec_driver_sql(f"CREATE DATABASE bench_{name}")
    return postgres.server().replace("/postgres?", f"/bench_{name}?")


def postgresql_fault() -> str:
    """Why no PostgreSQL can be started here; nothing when one runs."""
    try:
        postgres.server()
    except Exception as fault:  # noqa: BLE001 - whatever stands in the way is told beside the figures
        return str(fault).splitlines()[0]
    return ""
