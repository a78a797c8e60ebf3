"""附件3, the ledger: thirteen columns, a line a case, there for good (blocks 12, 15)."""

from __future__ import annotations

import pytest

from tests.support.cast import House
from workflow.report_shapes import Report
from workflow.reports import LEDGER

COLUMNS = (
    "序号",
    "受理人",
    "受理时间",
    "客户姓名",
    "客户电话",
    "客户地址",
    "服务质量问题内容",
    "被抱怨/投诉部门、人员",
    "承办部门",
    "处理时限",
    "处理结果",
    "客户满意度(回访)",
    "备注",
)


def ledger(house: House, by: str = "客服甲", period: str = "2026-05") -> Report:
    return house.do("report", by=by, kind=LEDGER, period=period).result


def lines(house: House, by: str = "客服甲", period: str = "2026-05") -> list[dict[str, str]]:
    found = ledger(house, by, period)
    return [dict(zip(found.columns, row, strict=True)) for row in found.rows]


@pytest.mark.clause("P02-12.3")
def test_the_ledger_has_its_thirteen_columns_in_order(house: House) -> None:
    assert ledger(house).columns == COLUMNS


@pytest.mark.clause("P02-12.5", "P02-12.6", "P02-7.8", "P02-14.1")
def test_a_line_tells_the_whole_case(house: House) -> None:
    house.registered(at="2026-05-13 09:20", complained_person="抄表员甲")
    house.closed(at="2026-05-14 10:00")
    (line,) = lines(house)
    assert line == {
        "序号": "1",
        "受理人": "客服甲",
        "受理时间": "2026-05-13 09:20",
        "客户姓名": "客户一",
        "客户电话": "13800000401",
        "客户地址": "一号楼",
        "服务质量问题内容": "约定上午抄表,下午才到",
        "被抱怨/投诉部门、人员": "客户营业部、抄表员甲",
        "承办部门": "客户营业部",
        "处理时限": "3 日内",
        "处理结果": "已结案(解决)",
        "客户满意度(回访)": "满意",
        "备注": "",
    }


@pytest.mark.clause("P02-12.5")
def test_the_numbers_follow_the_time_of_acceptance(house: House) -> None:
    for at, name in (("2026-05-20 09:00", "客户丙"), ("2026-05-04 09:00", "客户甲"), ("2026-05-12 23:59", "客户乙")):
        house.registered(at=at, name=name)
    assert [(line["序号"], line["客户姓名"]) for line in lines(house)] == [
        ("1", "客户甲"),
        ("2", "客户乙"),
        ("3", "客户丙"),
    ]


@pytest.mark.clause("P02-12.5", "G-18")
def test_a_case_belongs_to_the_month_in_which_it_was_accepted(house: House) -> None:
    house.registered(at="2026-05-31 23:59:59", name="客户甲")
    house.registered(at="2026-06-01 00:00", name="客户乙")
    assert [line["客户姓名"] for line in lines(house, period="2026-05")] == ["客户甲"]
    assert [line["客户姓名"] for line in lines(house, period="2026-06")] == ["客户乙"]
    assert len(lines(house, period="2026-Q2")) == len(lines(house, period="2026-H1")) == 2
    assert lines(house, period="2026-Q3") == []


@pytest.mark.clause("P02-12.6")
@pytest.mark.parametrize("result", ["满意", "基本满意", "不满意", "无法联系"])
def test_the_ledger_shows_what_the_visit_found(house: House, result: str) -> None:
    house.registered()
    house.visited(result)
    assert lines(house)[0]["客户满意度(回访)"] == result


@pytest.mark.clause("P02-12.6", "P02-8.2")
def test_the_limit_of_an_order_for_the_same_day_reads_so(house: House) -> None:
    house.ordered(limit_kind="当天", limit_days=None)
    assert lines(house)[0]["处理时限"] == "当天"


@pytest.mark.clause("P02-12.6", "G-11")
def test_the_remarks_keep_that_it_was_late(house: House) -> None:
    house.ordered(limit_kind="当天", limit_days=None)
    house.answered(at="2026-05-14 00:00")
    assert lines(house)[0]["备注"] == "曾超期"


@pytest.mark.clause("P02-12.3", "P02-6.3")
def test_the_ledger_shows_only_what_its_reader_may_know_of(house: House) -> None:
    house.registered()
    assert len(lines(house)) == 1
    assert lines(house, by="工程维修部负责人") == []
    assert len(lines(house, by="审计员")) == 1


@pytest.mark.clause("P02-12.3", "G-16")
def test_an_exported_ledger_is_recorded(house: House) -> None:
    house.registered()
    done = house.do("report", kind=LEDGER, period="2026-05", export=True)
    assert f"导出{LEDGER} 2026-05 1 行" in done.event.text


@pytest.mark.clause("P02-12.3")
@pytest.mark.parametrize("period", ["", "2026-13", "五月", "2026-Q5", "1999-05"])
def test_a_period_that_is_none_is_refused(house: House, period: str) -> None:
    assert "期间" in house.refused("report", kind=LEDGER, period=period)


@pytest.mark.clause("P02-15.1", "P02-7.8")
def test_a_closed_case_stays_in_the_ledger_for_good(house: House) -> None:
    house.registered()
    house.closed()
    before = lines(house)
    house.do("archive")
    after = lines(house)
    assert len(before) == len(after) == 1
    assert {k: v for k, v in before[0].items() if k != "处理结果"} == {
        k: v for k, v in after[0].items() if k != "处理结果"
    }


CHANGES = {
    "update": {"content": "改写"},
    "issue_order": {"limit_kind": "当天"},
    "investigate": {"facts": "再查", "conclusion": "属实"},
    "judge": {"founded": "不属实"},
    "check_effect": {"result": "通过"},
    "visit": {"result": "满意"},
    "communicate": {"kind": "解释", "way": "电话", "text": "再联系"},
    "change_grade": {"grade": "三级投诉", "reason": "更正"},
    "transfer": {"to_dept": "人力资源行政部", "reason": "更正"},
    "pause": {"reason": "客户原因"},
    "withdraw": {"reason": "客户要求"},
    "reopen": {"reason": "客户又来电"},
    "close": {"close_reason": "解决"},
    "accept": {},
    "urge": {},
}


@pytest.mark.clause("P02-15.1")
@pytest.mark.parametrize("verb", CHANGES)
def test_a_closed_case_is_read_only(house: House, verb: str) -> None:
    case = house.registered()
    house.closed()
    version, state = case.version, case.state
    text = house.refused(verb, **CHANGES[verb])
    assert "已结案" in text
    assert (case.version, case.state) == (version, state)


@pytest.mark.clause("P02-15.1")
@pytest.mark.parametrize("verb", [*CHANGES, "attach", "link"])
def test_an_archived_case_is_locked_altogether(house: House, verb: str) -> None:
    other = house.registered(name="客户二")
    house.registered()
    house.closed()
    house.do("archive")
    given = {**CHANGES, "attach": {"file": "照片.jpg"}, "link": {"kind": "同一问题", "other": other.case_no}}[verb]
    assert "已归档" in house.refused(verb, **given)


@pytest.mark.clause("P02-15.1", "G-14", "G-16")
def test_a_void_case_leaves_the_ledger_and_keeps_its_number(house: House) -> None:
    first = house.registered()
    house.do("void", by="系统管理员", reason="重复登记")
    assert lines(house) == []
    assert house.registered(name="客户二").case_no != first.case_no
