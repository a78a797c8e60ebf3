"""The material: a house, and as many cases as asked for, each a copy of one that the verbs made.

``n`` cases are open, a quarter as many more were closed in one month. Seven hundredths of the open ones are due
yesterday at midnight and look to be woken minute by minute (``Stock.batch``); all others are due within the next four
weeks. A block of a thousand is written by row, and the database repeats it as often as is asked for.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Engine, select
from sqlalchemy.orm import Session, sessionmaker

from bench import copies
from bench.copies import Rows
from models import Staff
from models.db import Base
from tests.support.cast import House, furnish
from workflow import passwords
from workflow.arguments import SHANGHAI

KEPT = ("complainant", "complaint", "supervision_order", "investigation", "corrective_action", "visit", "clock",
        "clock_entry", "event")  # fmt: skip
"""What is copied; of the events only the first, since a hundred thousand long histories measure the disk."""
DEPARTMENTS = ("客户营业部", "工程维修部", "安全技术部", "用户工程部")
PLACES = ("江滨路", "和平里", "北门小区", "三号楼", "新村二区", "长安街", "西园", "幸福家园")
MATTERS = (
    *("抄表员未按约上门", "维修后现场未清理", "电话长时间无人接听", "用气高峰压力不足", "开户资料反复索取"),
    *("收费明细说不清楚", "工单关闭前没有回访", "上门人员态度生硬", "约定时间一改再改", "停气没有提前通知"),
)
CHANNELS = ("来电", "公司领导转办", "来电", "来访", "来电", "市长公开电话", "来电", "来函")
IMPACTS = ("无", "一定不良", "重大不良")
RARE, EVERY = "漏气", 97
"""The word that is searched for, in one case of so many."""
PASSWORD = "correct-horse-7"
LEAD, LEADER = "工程维修部负责人", "公司领导"
ROUNDS = 5
BATCHES = ROUNDS + 2
"""One to see what is written, the rounds, and one whose memory is measured."""
BLOCK = 1_000


@dataclass(frozen=True)
class Stock:
    """A filled database and what a work has to know of it."""

    kind: str
    n: int
    engine: Engine
    now: datetime
    batch: int
    """How many clocks are woken at each of ``BATCHES`` minutes after ``due``."""

    @property
    def sessions(self) -> sessionmaker[Session]:
        """Sessions as jobs have them."""
        return sessionmaker(self.engine, expire_on_commit=False)

    @property
    def due(self) -> datetime:
        """Yesterday's last second: when the batches are due."""
        return _midnight(self.now) - timedelta(seconds=1)

    @property
    def month(self) -> datetime:
        """The fifteenth of the month in which the closed cases were taken down."""
        first = _midnight(self.now).replace(day=1)
        return (first - timedelta(days=40)).replace(day=15)


def _midnight(moment: datetime) -> datetime:
    return moment.astimezone(SHANGHAI).replace(hour=0, minute=0, second=0, microsecond=0)


def fill(kind: str, engine: Engine, n: int, now: datetime) -> Stock:
    """Make tables, house and cases: ``n`` of them where it is a multiple of a block, else as many whole blocks."""
    block = min(n, BLOCK)
    times = n // block
    stock = Stock(kind, block * times, engine, now, batch=_batch(block) * times)
    Base.metadata.create_all(engine)
    with stock.sessions() as session:
        session.connection(execution_options={"sqlite_begin": "IMMEDIATE"})
        _open_house(session)
        morning = _midnight(now) + timedelta(hours=9)
        opened = [_case(session, name, morning, closed=False) for name in DEPARTMENTS]
        closed = [_case(session, name, stock.month + timedelta(hours=9), closed=True) for name in DEPARTMENTS]
        before = copies.marks(session)
        copies.insert(session.connection(), _block(stock, block, opened, closed, before))
        session.commit()
    copies.multiply(engine, before, times)
    copies.count_on(engine)
    _analyse(engine)
    engine.dispose()  # the next connection has the product's settings, not those of the filling
    return stock


def _batch(block: int) -> int:
    """How many of a block are due in the same minute."""
    return max(1, block // 100)


def _open_house(session: Session) -> None:
    """The cast of the tests; two of them can sign in."""
    furnish(session)
    secret = passwords.HASHER.hash(PASSWORD)
    for person in session.scalars(select(Staff).where(Staff.name.in_([LEAD, LEADER]))):
        person.username, person.password_hash = person.name, secret
    session.flush()


def _case(session: Session, department: str, at: datetime, *, closed: bool) -> Rows:
    """One case made by the verbs: an order of thirty days was issued, or all was done and it is closed."""
    before, text, house = copies.marks(session), f"{at:%Y-%m-%d %H:%M}", House(session)
    case = house.registered(at=text, complained_department=department, phone=f"{before['complaint']:011d}")
    house.ordered(case, at=text, limit_days=30)
    if closed:
        head = f"{department}负责人"
        house.do("sign_order", by=head, at=text, case=case, handler=head)
        house.closed(case, at=text)
    written = copies.since(session, before)
    return {name: [row for row in written.get(name, []) if row.get("seq", 1) == 1] for name in KEPT}


def _block(stock: Stock, size: int, opened: list[Rows], closed: list[Rows], before: dict[str, int]) -> Rows:
    """So many open cases and a quarter as many closed ones, with keys that follow each other."""
    keys = {name: key + 1 for name, key in before.items()}
    late = _batch(size) * BATCHES
    cases = []
    for number in range(size + size // 4):
        is_open = number < size
        model = (opened if is_open else closed)[number % len(DEPARTMENTS)]
        days = 31 if number < late else number % 28
        later = timedelta(days=-days if is_open else number % 13 - 6, seconds=0 if is_open else number % 3600)
        rows = copies.copied(model, keys, later)
        for name, given in rows.items():
            keys[name] += len(given)
        _vary(rows, number)
        if is_open:
            _wait(rows, number // _batch(size))
        cases.append(rows)
    return copies.merged(cases)


def _vary(rows: Rows, number: int) -> None:
    """Other people, other matters."""
    case, person = rows["complaint"][0], rows["complainant"][0]
    place, matter = PLACES[number % len(PLACES)], MATTERS[number % len(MATTERS)]
    case["content"] = f"{place}{number % 311}号{matter},{RARE if number % EVERY == 0 else '请尽快处理'}并答复"
    case["channel"] = CHANNELS[number * 7 % len(CHANNELS)]
    case["parties_count"] = 1 + number % 50 // 40
    case["fields"] = {"to_leader": case["channel"] == CHANNELS[1], "other_media": number % 100 == 0} | (
        {"impact": IMPACTS[number % 3]} if number % 20 == 0 else {}
    )
    person["name"], person["phone"] = f"客户{number}", f"138{number:08d}"


def _wait(rows: Rows, batch: int) -> None:
    """Reminded already; the next to do is the overdue mark, of a batch in its minute."""
    for clock in rows["clock"]:
        clock["reminded_at"] = clock["started_at"]
        clock["wake_at"] = clock["due_at"] + timedelta(seconds=1, minutes=batch if batch < BATCHES else 0)


def _analyse(engine: Engine) -> None:
    """What a database knows of itself after a night: the planner's figures."""
    if engine.dialect.name == "sqlite":
        with engine.begin() as connection:
            connection.exec_driver_sql("ANALYZE")
        return
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.exec_driver_sql("VACUUM ANALYZE")
