"""Numbers: one series a prefix and day, and none of them twice (G-14)."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime

import pytest

from models import CorrectiveAction, NumberSeries, SupervisionOrder
from tests.support import cast, databases
from tests.support.cast import CALL, House
from tests.support.databases import Database
from workflow.access import SYSTEM
from workflow.act import Act
from workflow.numbers import next_number
from workflow.procedures import in_force


@pytest.mark.clause("G-14")
def test_numbers_run_on_within_the_day_and_begin_anew_on_the_next(house: House) -> None:
    numbers = [house.registered(at=at).case_no for at in ("2026-10-10 09:00", "2026-10-10 23:59", "2026-10-11 00:00")]
    assert numbers == ["TS-20261010-0001", "TS-20261010-0002", "TS-20261011-0001"]


@pytest.mark.clause("G-14")
def test_the_day_is_shanghai_s(house: House) -> None:
    assert house.registered(at="2026-10-10 00:30").case_no == "TS-20261010-0001"


@pytest.mark.clause("G-14")
def test_each_kind_of_document_has_its_own_series(house: House) -> None:
    house.registered()
    house.answered()
    measure = house.do(
        "add_measure", kind="预防措施", measure="培训", owner_department="客户营业部", due_on="2026-06-30"
    ).result
    assert house.newest(SupervisionOrder).order_no == "DB-20260513-0001"
    assert house.newest(CorrectiveAction).record_no == "CZ-20260513-0001"
    assert measure.measure_no == "GJ-20260513-0001"


@pytest.mark.clause("G-14", "T31")
def test_a_number_is_never_used_again_after_its_case_is_void(house: House) -> None:
    first = house.registered()
    house.do("void", by="系统管理员", reason="重复登记")
    assert (first.case_no, house.registered().case_no) == ("TS-20260513-0001", "TS-20260513-0002")


@pytest.mark.clause("G-14")
def test_a_refused_registration_uses_no_number(house: House) -> None:
    house.refused("register", **{**CALL, "phone": ""})
    assert house.registered().case_no == "TS-20260513-0001"


@pytest.mark.clause("G-14")
def test_more_than_ten_thousand_a_day_go_on_with_five_digits(house: House) -> None:
    now = cast.moment("2026-05-13 15:10")
    house.session.add(NumberSeries(prefix="TS", day=now.date(), last=9999))
    house.session.flush()
    assert house.registered().case_no == "TS-20260513-10000"


@pytest.mark.clause("G-14")
@pytest.mark.parametrize("kind", databases.BOTH)
def test_people_who_register_at_the_same_moment_get_different_numbers(kind: str) -> None:
    with databases.fresh(kind, cast.open_house) as database, ThreadPoolExecutor(4) as pool:
        numbers = [number for found in pool.map(_ten_numbers, [database] * 4) for number in found]
    assert sorted(numbers) == [f"TS-20260513-{count:04d}" for count in range(1, 41)]


def _ten_numbers(database: Database) -> list[str]:
    """Ten numbers taken in ten transactions."""
    now: datetime = cast.moment("2026-05-13 15:10")
    found = []
    for _ in range(10):
        with database.sessions() as session:
            session.connection(execution_options={"sqlite_begin": "IMMEDIATE"})
            found.append(next_number(Act(session, "register", None, SYSTEM, now, in_force(session, now)), "complaint"))
            session.commit()
    return found
