"""Limits, ladders, forms, indicators and duties read as sentences, in both languages, where rules are read too."""

from __future__ import annotations

import re

import pytest
from flask_babel import force_locale

from rules.document import DutyRow, ExtensionRow, FormRow, IndicatorRow, LimitRow, PauseRow
from rules.procedure import parse, shipped
from rules.rungs import Rung
from rules.take_rows import TakeRow
from tests.views.conftest import Office
from views import rowwords

P02 = parse(shipped()["P02"])
SECTIONS = {"limit": "limits", "pause": "pauses", "extension": "extensions", "form": "forms", "indicator": "indicators"}


@pytest.fixture(autouse=True)
def _request(office: Office):
    with office.app.test_request_context("/"):
        yield


def said(section: str, row: object) -> str:
    return rowwords.sentence(P02, section, row)


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ({}, "“回复”：2个工作日内要“回访”，从“登记”起算。"),
        (
            {"trigger": "received_at", "when": {"grade": "一级投诉"}},
            "“回复”：当 级别 是 一级投诉 时，2个工作日内要“回访”，“登记”时开始计，从“接到时间”起算。",
        ),
        ({"cancelled": ["void", "withdraw"]}, "“回复”：2个工作日内要“回访”，从“登记”起算；“作废 或 撤诉”就取消。"),
        (
            {"roll": True, "pausable": False, "promise": False, "per": "承办"},
            "“回复”：2个工作日内要“回访”，从“登记”起算；每段承办各计一个；到期遇休息日顺延；不能暂停；超出不算超期。",
        ),
        (
            {
                "remind_to": ["承办人"],
                "overdue_to": ["承办部门负责人"],
                "urge": {"every": "24小时"},
                "urge_to": ["承办人"],
            },
            "“回复”：2个工作日内要“回访”，从“登记”起算；剩 20% 时提醒 承办人（至少提前 30分钟）；"
            "超期告知 承办部门负责人；"
            "超期后每 24小时催办 承办人。",
        ),
        ({"amount": None, "amount_from": "limit_days"}, "“回复”：“办理天数”所写的工作日内要“回访”，从“登记”起算。"),
        ({"until_from": "appointed_at"}, "“回复”：“回访”以“预约时间”为期，没有写明就是 2个工作日，从“登记”起算。"),
        (
            {
                "ladder": [
                    {"id": "soon", "at": "-2工作日", "do": "提醒", "to": ["承办人"]},
                    {"id": "late", "at": "+0", "do": "超期"},
                ]
            },
            "“回复”：2个工作日内要“回访”，从“登记”起算；到期前 2 工作日 提醒 承办人；到期时 记为超期。",
        ),
    ],
)
def test_a_limit_is_said(more: dict[str, object], words: str) -> None:
    row = {"name": "回复", "amount": 2, "unit": "工作日", "starts": "register", "met": "visit", **more}
    assert said("limit", LimitRow.model_validate(row)) == words


@pytest.mark.parametrize(
    ("more", "words"),
    [
        (
            {"at": "-20%", "at_least": "30分钟", "do": "提醒", "to": ["承办人"]},
            "剩 20% 时（至少提前 30分钟） 提醒 承办人。",
        ),
        ({"at": "+0", "do": "超期", "to": ["公司领导"]}, "到期时 记为超期，告知 公司领导。"),
        ({"at": "+0", "do": "提醒"}, "到期时 提醒 时限写明的人。"),
        (
            {"at": "+24小时", "do": "催办", "to": ["承办人"], "every": "24小时", "times": 3}
            | {"also_from": 2, "also_to": ["公司领导"]},
            "到期后 24 自然小时 催办 承办人；之后每 24小时一次，共 3 次；第 2 次起还告知 公司领导。",
        ),
        (
            {"at": "+3工作日", "do": "定级", "grade": "一级投诉", "when": {"nature": "投诉"}},
            "到期后 3 工作日 定为 一级投诉；只在 性质 是 投诉 时。",
        ),
    ],
)
def test_a_rung_is_said(more: dict[str, object], words: str) -> None:
    assert said("ladder", Rung.model_validate({"id": "a", **more})) == words


def test_the_other_rows_are_said() -> None:
    fields = ({"key": "a", "label": "事实", "required": True}, {"key": "b", "label": "备注"})
    rows = {
        "pause": PauseRow(reason="客户原因", by="公司领导", evidence=True, limits=("办理",), tell=True),
        "extension": ExtensionRow(id="short", up_to="50%", by="部门负责人@调查部门", times=2, tell=False),
        "form": FormRow.model_validate(
            {
                "kind": "调查报告",
                "title": "调查报告",
                "who": ["调查处理人"],
                "before": "close",
                "field": fields,
                "cites": ["X-1"],
            }
        ),
        "indicator": IndicatorRow(name="满意率", numerator="satisfied", denominator="visited", target=0.95),
        "duty": DutyRow(id="month", title="月报", to="department:客户服务中心", kind="月报"),
        "take": TakeRow(id="calls", when={"channel": "来电"}, because="来电归总部", cites=("X-2",)),
    }
    assert {section: said(section, row) for section, row in rows.items()} == {
        "pause": "因“客户原因”暂停，最长 30天；由 公司领导 批准；要附证据；只对 办理；要告知反映人。",
        "extension": "延期合计不超过 50% 的，由 调查部门的部门负责人 决定；最多 2 次。",
        "form": "“调查报告”由 调查处理人 填写；没有它不能“结案”；必填 1 项：事实；依据 X-1。",
        "indicator": "“满意率” = 最近一次回访为满意或基本满意的 ÷ 回访过的案件；目标 95%。",
        "duty": "客户服务中心每月要有“月报” 1 次；到次月第一个工作日 09:00还没有就提醒。",
        "take": "当 来源 是 来电 时，由本制度受理；因为来电归总部；依据 X-2。",
    }


def test_a_row_of_another_kind_is_no_sentence() -> None:
    assert (said("field", P02.fields[0]), said("limit", None)) == ("", "")


@pytest.mark.parametrize("code", shipped())
def test_every_row_of_the_shipped_documents_is_said_in_english_too(office: Office, code: str) -> None:
    document = parse(shipped()[code])
    rows = [(section, row) for section, name in SECTIONS.items() for row in getattr(document, name)]
    rows += [("ladder", rung) for row in document.limits for rung in row.ladder]
    rows += [("duty", row) for row in document.duties]
    with force_locale("en"):
        for section, row in rows:
            words = rowwords.sentence(document, section, row)
            assert words.rstrip().endswith("."), words
            assert not re.search("[\u4e00-\u9fff]", words), words
