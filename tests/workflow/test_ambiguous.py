"""A table that may have one answer and has two: nothing is decided, and the refusal names both rows."""

from __future__ import annotations

import tomllib

import pytest
import tomli_w
from sqlalchemy import select

from models import ProcedureVersion
from tests.support.cast import CALL, House
from workflow.errors import Refused


def test_two_rules_that_hold_where_only_one_may_are_both_named_in_the_refusal(house: House) -> None:
    version = house.session.scalars(select(ProcedureVersion).where(ProcedureVersion.code == "P02")).one()
    document = {**tomllib.loads(version.text), "stages": {"route": "unique"}}
    version.text = tomli_w.dumps(document)
    house.session.flush()
    with pytest.raises(Refused) as refusal:
        house.do("register", **{**CALL, "channel": "市长信箱", "nature": "投诉"})
    (finding,) = refusal.value.findings
    assert str(finding) == "制度的规则 route-forwarded-complaint 与 route-complaint 同时成立,无法决定,请修改制度后再办"
    assert finding.rule == "route-forwarded-complaint"
