"""How an expectation of a scripted case is held against what was seen."""

from __future__ import annotations

from typing import Any

import pytest

from workflow.rehearsal_match import compare, matches

SEEN: dict[str, Any] = {
    "ok": True,
    "refused": ["扣分不低于 10 分"],
    "warns": ["截止日是休息日(国庆节),时限不顺延"],
    "history": ["登记;TS-20261010-0001", "级别 三级投诉 → 一级投诉"],
    "because": ["grade-1-media", "P02-5.1", "P02-7.13"],
    "output": ["客户姓名:客户一", "联系电话:13800000401"],
    "duties": ["例会通报(工程维修部负责人)"],
    "notices": [{"to": "工程维修部负责人", "event": "超期", "text": "已超期 1 天"}],
    "notice_count": 1,
    "case": {
        "state": "处理中",
        "grade": None,
        "flags": ["超期", "需通报"],
        "round": 2,
        "satisfaction": "满意/基本满意",
    },
    "clocks": {"办理": {"status": "超期", "days_overdue": 1, "provisional": False}},
    "documents": {"调查记录": {"conclusion": "属实"}},
    "assessments": [{"standard_no": "16", "points_min": 5, "sanctions": ["警告", "记过"]}],
    "options": {"sanction": ["警告", "记过"]},
    "kpi": {"满意率": {"value": "95.00%", "met": None}},
    "table": {"columns": ("序号", "结果"), "rows": (("1", "满意"), ("2", ""))},
    "distinct": {"case_no": True},
    "links": [{"kind": "二次投诉", "other": "甲"}],
}


def holds(**expected: Any) -> bool:
    return compare(expected, SEEN) == []


@pytest.mark.parametrize(
    "expected",
    [
        {"refused": ["10|下限|至少"]},
        {"refused": ["下限|10"]},
        {"warns": ["休息日|放假"]},
        {"history": ["TS-20261010", "三级投诉 → 一级投诉"]},
        {"output": ["客户姓名", "13800000401"]},
        {"duties": ["例会通报", "例会通报(工程维修部负责人)"]},
        {"because": ["grade-1-media", "P02-5.1"]},
        {"notices": [{"event": "超"}, {"to": "工程维修部负责人"}]},
        {"notices": [{"to": "客服甲|工程维修部负责人"}]},
        {"case": {"state": "处理中|已反馈", "grade": None, "flags": ["超期"], "round": 2}},
        {"case": {"round": "2"}},
        {"case": {"satisfaction": "满意"}},
        {"case": {"case_no": None}},
        {"clocks": {"办理": {"status": "超期"}, "回访": None}},
        {"documents": {"调查记录": {}, "情况表": None}},
        {"assessments": [{"standard_no": 16, "points_min": 5, "sanctions": ["记过"]}]},
        {"options": {"sanction": ["警告", "记过"]}},
        {"kpi": {"满意率": {"value": "95.00 %", "met": None}}},
        {"table": {"columns": ["序号", "结果"], "rows": [{"结果": "满意"}, {"结果": None}]}},
        {"distinct": ["case_no"]},
        {"links": [{"kind": "二次投诉", "other": "甲"}]},
        {"lacks": ["客户二", "13900000000|住址"]},
        {"notice_count": 1},
        {"notice_count": 1.0},
        {"ok": True},
    ],
    ids=str,
)
def test_an_expectation_holds(expected: dict[str, Any]) -> None:
    assert holds(**expected)


@pytest.mark.parametrize(
    "expected",
    [
        {"refused": ["10", "下限"]},
        {"warns": ["国庆", "春节|元旦"]},
        {"history": ["客户二"]},
        {"output": ["客户二"]},
        {"duties": ["书面认识"]},
        {"because": ["P02-7.1"]},
        {"notices": [{"to": "工程维修部", "event": "超期"}]},
        {"notices": [{"to": "工程维修部负责人", "event": "催办"}]},
        {"case": {"state": "处理"}},
        {"case": {"state": None}},
        {"case": {"flags": ["升级中"]}},
        {"case": {"round": 3}},
        {"clocks": {"办理": None}},
        {"clocks": {"办理": {"provisional": True}}},
        {"clocks": {"办理": {"provisional": 0}}},
        {"documents": {"情况表": {}}},
        {"assessments": [{"standard_no": 16, "points_min": 10}]},
        {"assessments": [{"standard_no": 16, "sanctions": ["记大过"]}]},
        {"options": {"sanction": ["警告"]}},
        {"options": {"sanction": ["记过", "警告"]}},
        {"kpi": {"满意率": {"met": False}}},
        {"table": {"columns": ["结果", "序号"]}},
        {"table": {"columns": ["序号", "结果"], "rows": [{"结果": "满意"}]}},
        {"table": {"columns": ["序号", "结果"], "rows": [{"结果": "不满意"}, {}]}},
        {"distinct": ["phone"]},
        {"links": [{"kind": "同一问题", "other": "甲"}]},
        {"lacks": ["客户一"]},
        {"lacks": ["客户二|客户姓名"]},
        {"notice_count": 0},
        {"ok": False},
    ],
    ids=str,
)
def test_an_expectation_does_not_hold(expected: dict[str, Any]) -> None:
    assert not holds(**expected)


@pytest.mark.parametrize(
    ("forbidden", "held"),
    [
        ({"warns": ["暂算"]}, True),
        ({"warns": ["暂算", "休息日"]}, False),
        ({"notices": [{"to": "客服甲", "event": "超期"}]}, True),
        ({"notices": [{"to": "客服甲"}, {"to": "工程维修部负责人"}]}, False),
        ({"case": {"state": "已结案", "grade": "一级投诉"}}, True),
        ({"case": {"state": "已结案", "round": 2}}, False),
        ({"clocks": {"办理": {"status": "暂停", "days_overdue": 1}}}, False),
        ({"clocks": {"办理": {"status": "暂停", "days_overdue": 2}}}, True),
        ({"notice_count": 1}, False),
        ({"output": ["客户二"], "duties": ["书面认识"]}, True),
    ],
    ids=str,
)
def test_not_holds_when_nothing_named_in_it_is_found(forbidden: dict[str, Any], held: bool) -> None:
    assert holds(**{"not": forbidden}) is held


def test_a_mismatch_says_where_what_was_expected_and_what_was_there() -> None:
    (found,) = compare({"case": {"state": "已结案", "round": 2}}, SEEN)
    assert str(found) == "case.state: 期望 '已结案',实际 '处理中'"


def test_empty_is_nothing_an_empty_text_and_an_empty_list() -> None:
    assert all(matches(None, empty) for empty in (None, "", []))
    assert not any(matches(None, full) for full in (0, False, "无", ["无"]))


def test_true_is_not_the_number_one() -> None:
    assert not matches(True, 1)
    assert not matches(1, True)
