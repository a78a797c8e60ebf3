"""What lint says of limits, ladders, pauses and extensions."""

import pytest

from rules.lint_time import lint_time
from rules.procedure import build, parse, shipped

HEAD = {"code": "T", "title": "试", "words": {"立即": "30分钟"}}
LIMIT = {"name": "办理", "unit": "自然日", "amount": 3}
LATE = {"id": "late", "at": "+0", "do": "超期"}
FIELD = {"key": "described_at", "label": "描述清楚时间", "type": "instant"}


def said(**sections) -> list[str]:
    limits = sections.pop("limit", [])
    document = {"procedure": HEAD, "field": [FIELD], "limit": [{**LIMIT, **row} for row in limits], **sections}
    return [f"{finding.severity} {finding}" for finding in lint_time(build(document))]


@pytest.mark.parametrize(
    ("row", "finding"),
    [
        ({"rolling_hours": True}, "提示 limit(办理) rolling_hours:按自然日计的时限用不到它(应为:工作日)"),
        ({"carry_over": True}, "提示 limit(办理) carry_over:按自然日计的时限用不到它(应为:分钟、自然小时)"),
        ({"month": "30天"}, "提示 limit(办理) month:按自然日计的时限用不到它(应为:自然月)"),
        (
            {"half_month": "半个自然月", "unit": "自然月"},
            "提示 limit(办理) half_month:按自然月计的时限用不到它(应为:半月)",
        ),
        (
            {"end": "下班", "unit": "自然小时"},
            "提示 limit(办理) end:按自然小时计的时限用不到它(应为:自然日、工作日、自然月、半月、指定时间)",
        ),
        (
            {"rolling_hours": True, "count_start_day": True, "unit": "工作日"},
            "提示 limit(办理) count_start_day:按小时滚动的时限用不到它(应为:二者只留一个)",
        ),
        (
            {"max_named": "5工作日"},
            "提示 limit(办理) max_named:没有指定的时间,用不到它(应为:写 until_from,或改用指定时间)",
        ),
        (
            {"pausable": False, "longest_pause": "5天"},
            "提示 limit(办理) longest_pause:这个时限不会停(应为:pausable = true,或去掉它)",
        ),
        ({"word": "立刻"}, "错误 limit(办理) word:没有“立刻”这个时间用语(应为:立即?)"),
        ({"trigger": "recieved_at"}, "错误 limit(办理) trigger:没有“recieved_at”这个事实(应为:received_at?)"),
        (
            {"until_from": "content"},
            "错误 limit(办理) until_from:“反映内容”不是日期或时间(应为:类型为 date 或 instant 的登记项)",
        ),
        (
            {"ladder": [LATE, {"id": "soon", "at": "-3天", "do": "提醒"}]},
            "提示 limit(办理) ladder:“soon”在时限开始之前(应为:短于时限的提前量,或百分比)",
        ),
        (
            {"ladder": [LATE, {"id": "urge", "at": "+0", "do": "催办", "also_to": ["承办部门负责人"]}]},
            "提示 limit(办理) ladder:“urge”的 also_to 没有说从第几次起(应为:also_from = 3)",
        ),
    ],
)
def test_a_doubtful_limit_is_found(row, finding):
    assert said(limit=[row]) == [finding]


@pytest.mark.parametrize(
    "row",
    [
        {},
        {"unit": "工作日", "rolling_hours": True},
        {"unit": "自然小时", "from_open": True, "carry_over": True},
        {"unit": "自然月", "month": "30天", "end": "原时刻"},
        {"unit": "指定时间", "amount": None, "end": "下班", "max_named": "5工作日"},
        {"until_from": "described_at", "max_named": "5工作日"},
        {"trigger": "described_at"},
        {"trigger": "accepted_at"},
        {"word": "立即", "amount": None, "amount_from": "limit"},
        {"ladder": [LATE, {"id": "soon", "at": "-2天", "do": "提醒"}, {"id": "share", "at": "-50%", "do": "提醒"}]},
    ],
)
def test_a_limit_that_can_be_kept_is_not_found_fault_with(row):
    assert said(limit=[row]) == []


def test_a_word_that_is_no_length_is_found():
    head = {**HEAD, "words": {"立即": "马上"}}
    assert said(procedure=head) == [
        "错误 procedure words:“立即”的“马上”不是一段时间(应为:30分钟、24小时、3天、5工作日)",
    ]


@pytest.mark.parametrize(
    ("first", "second", "found"),
    [
        ({"up_to": "5天"}, {"up_to": "3天"}, True),
        ({"up_to": ""}, {"up_to": "3天"}, True),
        ({"up_to": "3天"}, {"up_to": "5天"}, False),
        ({"up_to": "5天", "times": 2}, {"up_to": "3天"}, False),
        ({"up_to": "5天", "limits": ["办理"]}, {"up_to": "3天"}, False),
        ({"up_to": "5天", "limits": ["办理"]}, {"up_to": "3天", "limits": ["办理"]}, True),
        ({"up_to": "5天"}, {"up_to": "3工作日"}, False),
    ],
)
def test_an_extension_that_an_earlier_row_always_decides_is_found(first, second, found):
    rows = [{"id": "先", "by": "公司领导", **first}, {"id": "后", "by": "公司领导", **second}]
    expected = ["提示 extension(后) up_to:轮不到它:前面的行已经全部决定(应为:由短到长排列)"] if found else []
    assert said(extension=rows, limit=[{}]) == expected


@pytest.mark.parametrize("code", sorted(shipped()))
def test_the_shipped_documents_have_no_doubtful_time(code):
    assert list(lint_time(parse(shipped()[code]))) == []
