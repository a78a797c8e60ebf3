"""Reports where several procedures are in force or were: each case counts under its own, retired or not."""

from __future__ import annotations

import pytest

from models import Complaint, PeriodicReport
from rules.procedure import shipped
from tests.support.cast import MORNING, OPENING, House, moment, retire
from workflow import procedures
from workflow.access import SYSTEM
from workflow.month import MONTHLY
from workflow.rehearsal_bulk import make_cases
from workflow.report_shapes import Report
from workflow.reports import CASES, LEDGER, LEDGER_COLUMNS

CODES = ("P00a", "P00b", "P01", "P02", "P03")
CASE = {"count": 1, "outcome": "按期办结", "received_at": "2026-05-06 09:00", "closed_at": "2026-05-08 09:00"}
WITH = {"name": "客户", "channel": "来电", "nature": "投诉"}
JUNE = "2026-06-01 09:00"


@pytest.fixture
def five(house: House) -> House:
    """Five procedures in force, with one case of May each, and two of the second."""
    for code in CODES:
        if code != "P02":
            procedures.put_in_force(house.session, shipped()[code], actor=SYSTEM, now=OPENING)
        make_cases(house.session, code, [{**CASE, "count": 1 + (code == "P00b"), "with": WITH}], {})
    return house


def made(house: House, kind: str, procedure: str | None = None, **given: object) -> Report:
    asked = {"procedure": procedure} if procedure else {}
    return house.do("report", by="公司领导", at=JUNE, kind=kind, period="2026-05", **asked, **given).result


def test_a_report_of_all_procedures_has_the_cases_of_each(five: House) -> None:
    ledger = made(five, LEDGER, "全部")
    assert ledger.columns == (*LEDGER_COLUMNS, "制度")
    assert sorted(row[-1] for row in ledger.rows) == ["P00a", "P00b", "P00b", "P01", "P02", "P03"]
    assert [row[0] for row in ledger.rows] == ["1", "2", "3", "4", "5", "6"]


def test_the_ledger_of_one_procedure_keeps_to_its_thirteen_columns(five: House) -> None:
    ledger = made(five, LEDGER, "P00b")
    assert (ledger.columns, len(ledger.rows)) == (LEDGER_COLUMNS, 2)


def test_the_month_of_all_procedures_has_the_indicators_of_each_over_its_own_cases(five: House) -> None:
    month = made(five, MONTHLY, "全部")
    assert [share.code for share in month.shares] == list(CODES)
    for share in month.shares:
        alone = made(five, MONTHLY, share.code)
        assert [(kpi.name, kpi.value, kpi.numerator, kpi.denominator) for kpi in share.kpis] == [
            (kpi.name, kpi.value, kpi.numerator, kpi.denominator) for kpi in alone.kpis
        ]
        assert share.notes == alone.shares[0].notes


def test_what_has_no_common_meaning_is_not_added_up(five: House) -> None:
    month = made(five, MONTHLY, "全部")
    assert month.columns == ("分组", "名称", "件数", "曾超期")
    assert {row[0] for row in month.rows} == {"制度", "承办部门", "来源", "状态"}
    assert {row[1]: row[2] for row in month.rows if row[0] == "制度"} == dict.fromkeys(CODES, "1") | {"P00b": "2"}


def test_columns_count_the_natures_of_the_procedure(five: House) -> None:
    assert made(five, MONTHLY, "P02").columns == ("分组", "名称", "件数", "抱怨", "投诉", "曾超期")
    assert made(five, MONTHLY, "P00b").columns == ("分组", "名称", "件数", "投诉", "报修", "有偿服务需求", "曾超期")
    assert made(five, MONTHLY, "P03").columns == ("分组", "名称", "件数", "曾超期")


@pytest.mark.parametrize("kind", [LEDGER, MONTHLY, CASES])
def test_retiring_takes_no_case_out_of_a_report(five: House, kind: str) -> None:
    before = {code: made(five, kind, code).text for code in (*CODES, "全部")}
    retire(five.session, "P00a", "P00b", "P01", "P03", at=moment(MORNING))
    assert {code: made(five, kind, code).text for code in (*CODES, "全部")} == before


def test_with_one_left_in_force_the_report_still_asks_which(five: House) -> None:
    retire(five.session, "P00a", "P00b", "P01", "P03", at=moment(MORNING))
    assert five.form("report", by="公司领导", at=JUNE)["procedure"] == ["全部", *CODES]
    assert "procedure" not in five.form("register", at=JUNE)
    assert "procedure" in five.refused("register", at=JUNE, procedure="P03")


def test_a_retired_procedure_without_cases_is_not_offered(five: House) -> None:
    five.session.query(Complaint).filter(Complaint.procedure_code == "P03").delete()
    retire(five.session, "P03", at=moment(MORNING))
    assert "P03" not in five.form("report", by="公司领导", at=JUNE)["procedure"]


def test_the_registers_of_a_retired_procedure_are_still_made(five: House) -> None:
    retire(five.session, "P03", at=moment(MORNING))
    assert len(made(five, "投诉台账", "P03").rows) == 1


def test_a_conclusion_belongs_to_one_procedure(five: House) -> None:
    assert "选定制度" in five.refused(
        "report", by="公司领导", at=JUNE, kind=MONTHLY, period="2026-05", procedure="全部", summary="平稳"
    )
    made(five, MONTHLY, "P03", summary="平稳")
    assert five.session.query(PeriodicReport).one().procedure_code == "P03"


@pytest.mark.parametrize("procedure", ["P99", 7, ["P01"]])
def test_a_procedure_that_there_is_not_is_refused(five: House, procedure: object) -> None:
    assert five.refused("report", by="公司领导", at=JUNE, kind=LEDGER, period="2026-05", procedure=procedure)


def test_a_blank_behind_what_was_typed_is_no_fault(five: House) -> None:
    assert len(made(five, LEDGER, "全部 ").rows) == 6


def test_a_look_tells_nobody_and_takes_no_conclusion(five: House) -> None:
    given = {"kind": "年度评估", "period": "2026-05", "procedure": "P00a"}
    assert "结论" in five.refused("report", by="公司领导", at=JUNE, **given)
    looked = five.do("report", by="公司领导", at=JUNE, look=True, **given)
    assert (looked.result.kind, looked.event, looked.notices) == ("年度评估", None, ())
