"""附件1, 附件2, 附件4: the labels in the order of the paper, and what stands beside them (block 12)."""

from __future__ import annotations

import re
from typing import Any

import pytest

from tests.support.cast import House
from tests.support.paper import ORDER, RECORD
from workflow import procedures
from workflow.onpaper import Sheet
from workflow.report_shapes import Report
from workflow.reports import LEDGER
from workflow.standards import STANDARDS

POINTS = {**dict.fromkeys(["1", "2", *map(str, range(5, 16)), "17", "18"], 10), "3": 20, "16": 5}


def printed(house: House, kind: str, by: str = "客服甲") -> Sheet:
    (sheet,) = house.do("print", by=by, kind=kind).result
    return sheet


def labels(sheet: Sheet) -> list[str]:
    return [entry.label for entry in sheet.rows] + [line.label for line in sheet.signatures]


def cells(sheet: Sheet) -> dict[str, str]:
    return {entry.label: entry.value for entry in sheet.rows}


@pytest.mark.clause("P02-12.1")
def test_the_order_has_its_eleven_fields_in_order(house: House) -> None:
    house.ordered()
    sheet = printed(house, "督办处理单")
    assert sheet.title == "服务质量问题督办处理单"
    assert labels(sheet) == ORDER


@pytest.mark.clause("P02-12.1", "P02-2.5", "P02-3.2")
def test_the_order_says_what_the_case_says(house: House) -> None:
    house.registered(at="2026-05-13 09:20")
    house.signed(at="2026-05-13 15:10")
    sheet = printed(house, "督办处理单")
    assert sheet.number == "DB-20260513-0001"
    assert cells(sheet) == {
        "客户姓名": "客户一",
        "联系电话": "13800000401",
        "反映方式": "来电",
        "反映时间": "2026-05-13 09:20",
        "客户反映的服务质量问题内容": "约定上午抄表,下午才到",
        "客户要求": "按约定时间上门",
        "调查处理人": "客服甲",
        "承办部门": "客户营业部",
        "承办人": "抄表班长甲",
        "办理时限": "3 日内",
    }
    (line,) = sheet.signatures
    assert (line.name, line.at) == ("客户营业部负责人", "2026-05-13 15:10")


@pytest.mark.clause("P02-12.1")
def test_an_unsigned_order_leaves_the_line_to_sign_on_empty(house: House) -> None:
    house.ordered(limit_kind="当天", limit_days=None)
    sheet = printed(house, "督办处理单")
    assert cells(sheet)["办理时限"] == "当天"
    assert sheet.signatures[0].name == ""


@pytest.mark.clause("P02-12.1", "P02-2.5", "F-43")
@pytest.mark.parametrize(
    ("channel", "way", "other"),
    [("来访", "来访", ""), ("来人", "来访", ""), ("来电", "来电", ""), ("市长信箱", "其它", "市长信箱")],
)
def test_the_way_of_the_paper_is_ticked_and_any_other_is_written_out(
    house: House, channel: str, way: str, other: str
) -> None:
    house.registered(channel=channel)
    order = house.ordered()
    assert (order.report_way, order.other_text) == (way, other)
    assert other in printed(house, "督办处理单", by=house.investigator()).text


@pytest.mark.clause("P02-12.3", "P02-12.6")
def test_the_ledger_of_one_case_says_what_its_row_of_the_ledger_says(house: House) -> None:
    house.registered(complained_person="抄表员甲")
    house.visited()
    house.do("close", at="2026-05-20 09:00", close_reason="解决")
    row = house.do("report", kind=LEDGER, period="2026-05").result
    own = cells(printed(house, "台账"))
    said = dict(zip(row.columns, row.rows[0], strict=True))
    assert own.pop("序号") == "", "its place is given by the ledger that it is put into"
    assert {name: re.split("[ 、()]+", text.rstrip(")")) for name, text in own.items() if name != "受理时间"} == {
        name: re.split("[ 、()]+", said[name].rstrip(")")) for name in own if name != "受理时间"
    }
    assert own["受理时间"] == said["受理时间"]
    assert own["处理时限"] == "3 日内"


@pytest.mark.clause("P02-12.2")
def test_the_record_has_its_eight_fields_in_order(house: House) -> None:
    house.answered(remark="客户已谅解")
    sheet = printed(house, "情况表")
    assert sheet.title == "服务质量问题处理及纠正措施情况表"
    assert labels(sheet) == RECORD
    assert sheet.number == "CZ-20260513-0001"
    assert cells(sheet) == {
        "客户姓名": "客户一",
        "客户电话": "13800000401",
        "客户地址": "一号楼",
        "服务质量问题摘要": "未按约上门",
        "服务质量问题处理情况": "已当面致歉并抄表",
        "服务质量问题纠正措施": "上门前一日电话确认",
        "备注": "客户已谅解",
    }
    assert sheet.signatures[0].name == "客户营业部负责人"


@pytest.mark.clause("P02-12.2")
@pytest.mark.parametrize("left_out", ["problem_summary", "handling_status", "corrective_measures"])
def test_the_record_needs_each_of_its_texts(house: House, left_out: str) -> None:
    given = {"problem_summary": "迟到", "handling_status": "已致歉", "corrective_measures": "提前电话"}
    house.signed()
    given[left_out] = ""
    labels = {"problem_summary": "摘要", "handling_status": "处理情况", "corrective_measures": "纠正措施"}
    assert labels[left_out] in house.refused("submit_correction", by="客户营业部负责人", **given)


@pytest.mark.clause("P02-12.1", "P02-12.2")
@pytest.mark.parametrize("kind", ["督办处理单", "情况表"])
def test_a_form_that_is_not_there_yet_is_not_printed(house: House, kind: str) -> None:
    house.registered()
    assert "还没有" in house.refused("print", kind=kind)


@pytest.mark.clause("P02-12.1", "P02-12.2")
def test_without_a_kind_every_form_of_the_case_is_printed(house: House) -> None:
    house.answered()
    assert [sheet.kind for sheet in house.do("print").result] == ["督办处理单", "情况表"]


def standards(house: House) -> Report:
    return house.do("report", kind=STANDARDS).result


@pytest.mark.clause("P02-12.4")
def test_there_are_eighteen_standards_and_one_for_the_rest(house: House) -> None:
    numbers = [row[0] for row in standards(house).rows]
    assert numbers == ["1", "2", "3", "4", "5a", "5b", "6a", "6b", *map(str, range(7, 19)), "其他"]


@pytest.mark.clause("P02-12.4", "P02-17.1", "P02-17.2", "P02-17.7", "P02-17.8", "P02-17.9")
def test_each_standard_has_its_least_points(house: House) -> None:

    document = procedures.in_force(house.session, house.registered().accepted_at, "P02")
    points: dict[str, set[Any]] = {}
    for item in document.standards:
        points.setdefault(item.no, set()).update(subject.points for subject in item.subjects)
    assert points == {**{no: {least} for no, least in POINTS.items()}, "4": {None}, "其他": {10, 5}}


@pytest.mark.clause("P02-12.4", "P02-17.3", "P02-17.4", "P02-17.5", "P02-17.6", "P02-17.10")
def test_the_printed_standards_say_points_and_sanctions(house: House) -> None:
    rows = {row[0]: row for row in standards(house).rows}
    graded = "一级投诉:记大过、解除劳动合同;二级投诉:警告、记过、记大过;三级投诉:通报批评、警告、记过"
    assert rows["1"][4:] == ("责任人不低于 10 分", graded)
    assert rows["3"][4:] == ("责任人不低于 20 分", graded)
    assert rows["4"][4:] == ("视情节:警告、记过、记大过、解除劳动合同",) * 2
    assert rows["16"][4:] == ("部门负责人不低于 5 分", graded)
    assert rows["其他"][4:] == ("责任人不低于 10 分;部门负责人不低于 5 分", graded)


@pytest.mark.clause("P02-12.4", "P02-4.3")
def test_each_standard_says_what_it_is_about(house: House) -> None:
    rows = {row[0]: row for row in standards(house).rows}
    assert rows["14"][1:3] == ("上门服务", "抄表业务")
    assert all(row[1] and row[3] for row in rows.values())
