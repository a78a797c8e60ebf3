"""``intake``: cases registered by the verb; the limit writes the same rows by bare SQL in one transaction."""

from __future__ import annotations

from collections.abc import Iterator

from bench import copies
from bench.stock import ROUNDS, Stock
from bench.timing import Result, in_turn
from tests.support.cast import House
from workflow import access, registry

CASES = 50
FAR = 2 * 10**9


def measure(large: Stock, _small: Stock) -> Iterator[Result]:
    """Fifty cases a round, all in one transaction on either side."""

    def register(start: int) -> None:
        with large.sessions() as session:
            session.connection(execution_options={"sqlite_begin": "IMMEDIATE"})
            actor = access.actor_of(session, House(session).person("客服甲"), large.now)
            for number in range(start, start + CASES):
                registry.perform(session, "register", arguments=_call(number), actor=actor, now=large.now)
            session.commit()

    with large.sessions() as session:
        before = copies.marks(session)
    register(0)
    with large.sessions() as session:
        written = copies.since(session, before)
    again = {
        number: copies.copied(written, dict.fromkeys(written, FAR + number * 10**6)) for number in range(-1, ROUNDS)
    }

    def limit(number: int) -> None:
        with large.engine.connect().execution_options(sqlite_begin="IMMEDIATE") as connection, connection.begin():
            copies.insert(connection, again[number])

    times = in_turn(lambda number: register((number + 2) * CASES), limit, ROUNDS)
    for kept in (times.ours, times.limit):
        kept[:] = [value / CASES for value in kept]
    count = sum(map(len, written.values()))
    note = f"one case of {CASES} registered in one transaction; limit: the same {count} rows by one INSERT a table"
    yield times.result("intake", large.n, large.kind, note)


def _call(number: int) -> dict[str, object]:
    return {
        "channel": "来电",
        "content": f"第{number}次约定上午抄表,下午才到",
        "name": "客户",
        "phone": f"137{number:08d}",
        "address": "一号楼",
        "demand": "按约定时间上门",
        "compensation_sought": "无",
        "complained_department": "客户营业部",
    }
