"""Every setting of a limit, a rung, a pause and an extension is in the manual, and nothing that no longer exists."""

import re

import pytest

from rules.rungs import Rung
from rules.time_rows import ExtensionRow, LimitRow, PauseRow
from tests.support import source

MANUAL = source.text("docs/limits.md")
ELSEWHERE = {"name", "amount_from", "starts", "met", "cancelled", "because", "cites", "remind_to", "urge_to", "reason"}
"""What is no way of counting, or is in docs/tables.md with every other row."""


@pytest.mark.parametrize("row", [LimitRow, Rung, PauseRow, ExtensionRow])
def test_every_setting_of_time_is_in_the_manual(row):
    told = set(re.findall(r"`([a-z_]+)`", MANUAL)) | {"ladder"}
    assert set(row.model_fields) - ELSEWHERE - {"id"} <= told


@pytest.mark.parametrize(
    "word", ["自然月", "半个自然月", "30天", "日终", "下班", "原时刻", "提醒", "超期", "催办", "升级", "定级"]
)
def test_every_value_is_in_the_manual(word):
    assert word in MANUAL


def test_the_manual_speaks_of_no_setting_that_does_not_exist():
    known = {name for row in (LimitRow, Rung, PauseRow, ExtensionRow) for name in row.model_fields}
    head = {"calendar", "intervals", "delivery", "digest_at"}
    facts = {"received_at", "accepted_at", "registered_at", "incident_at"}
    assert set(re.findall(r"`([a-z_]+)`", MANUAL)) <= known | head | facts
