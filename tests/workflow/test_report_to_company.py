"""需通报: an event for a circular needs the investigation report of human resources before it is closed."""

from __future__ import annotations

import pytest

from models import FormDocument
from tests.support.cast import House

REPORT = {"kind": "调查报告", "fields": {"text": "经查属实,已整改"}}


def _ready_to_close(house: House) -> None:
    house.complaint(by="人事甲", impact="无", flags=["需通报"])
    house.confirmed()
    house.visited("满意")


@pytest.mark.clause("P02-7.9")
def test_without_the_report_it_is_not_closed(house: House) -> None:
    _ready_to_close(house)
    assert "调查报告" in house.refused("close", by="人事甲", close_reason="解决")
    house.do("fill_document", by="人事甲", **REPORT)
    assert house.do("close", by="人事甲", close_reason="解决").thing.state == "已结案"


@pytest.mark.clause("P02-7.9")
def test_a_case_without_a_circular_needs_no_report(house: House) -> None:
    house.complaint()
    assert house.closed().state == "已结案"


@pytest.mark.clause("P02-7.9")
@pytest.mark.parametrize("by", ["客服甲", "客服乙", "客户服务中心负责人", "客户营业部负责人"])
def test_nobody_but_human_resources_writes_the_report(house: House, by: str) -> None:
    house.complaint(flags=["需通报"])
    house.refused("fill_document", by=by, **REPORT)
    assert house.all(FormDocument) == []


@pytest.mark.clause("P02-7.9")
@pytest.mark.parametrize("where", ["register", "update"])
def test_marking_it_for_a_circular_makes_human_resources_owe_the_report(house: House, where: str) -> None:
    if where == "register":
        house.complaint(by="人事甲", impact="无", flags=["需通报"])
    else:
        house.complaint()
        house.do("update", by="人事甲", flags=["需通报"])
    assert house.duties() == ["调查报告"]
    house.do("fill_document", by="人事甲", **REPORT)
    assert house.duties() == []


@pytest.mark.clause("P02-7.9")
def test_a_report_without_a_word_in_it_is_refused(house: House) -> None:
    house.complaint(flags=["需通报"])
    refusal = house.refusal("fill_document", by="人事甲", kind="调查报告", fields={})
    assert [finding.field for finding in refusal.findings] == ["fields.text"]
