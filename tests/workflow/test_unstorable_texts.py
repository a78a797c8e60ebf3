"""Texts that a database cannot keep are refused by their field, however deep they are hidden, on both databases."""

from __future__ import annotations

from typing import Any

import pytest

from models import FormDocument
from tests.support.cast import House

NUL, HALF = "甲\x00乙", "甲\ud800"


@pytest.mark.parametrize("text", [NUL, HALF], ids=["nul", "half a character"])
@pytest.mark.parametrize("field", ["content", "name", "channel", "complained_department"])
def test_in_a_field_of_the_form(house: House, field: str, text: str) -> None:
    refusal = house.refusal("register", **{"compensation_sought": "无", field: text})
    assert field in [finding.field for finding in refusal.findings]


@pytest.mark.parametrize("text", [NUL, HALF], ids=["nul", "half a character"])
def test_in_the_name_of_a_field_that_nobody_asked_for(house: House, text: str) -> None:
    assert "不认识的参数" in house.refused("register", **{text: "1"})


@pytest.mark.parametrize(
    "fields",
    [{"text": NUL}, {"text": HALF}, {NUL: "1"}, {"text": "写明", "more": [{"a": [HALF]}]}, {"text": float("nan")}],
    ids=["value", "half a character", "key", "nested", "no number"],
)
def test_inside_a_document(house: House, fields: dict[str, Any]) -> None:
    house.complaint()
    house.refused("fill_document", by="人事甲", kind="调查报告", fields=fields)
    assert house.all(FormDocument) == []


def test_endless_nesting(house: House) -> None:
    nested: list[Any] = []
    for _ in range(500):
        nested = [nested]
    house.refused("inspect", kind="日常督查", department="客户营业部", items=nested)


@pytest.mark.parametrize("text", ["{name}", "{0.__class__}", "%s %d", "' or 1=1 --", "<script>", "a\nb", "🀄"])
def test_what_only_looks_dangerous_is_kept_as_it_is(house: House, text: str) -> None:
    assert house.registered(content=text).content == text
    assert text in house.refused("link", kind="合并", other=text)
