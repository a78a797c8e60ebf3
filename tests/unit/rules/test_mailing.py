"""Which notices a document may send by mail: those that somebody gets."""

import pytest

from rules.lint import errors
from rules.mailing import TOLD, kinds
from rules.procedure import parse, shipped
from views.sheetoffers import OFFERS

P02 = shipped()["P02"]


def mailing(*names):
    listed = ", ".join(f'"{name}"' for name in names)
    return parse(P02.replace("[procedure]\n", f"[procedure]\nmailed = [{listed}]\n", 1))


def test_notices_of_deeds_of_limits_and_of_the_documents_own_rules_can_be_mailed():
    assert {"派单", "临期", "超期", "督办处理单"} <= {*kinds(parse(P02))}
    assert [fault for fault in errors(mailing("派单", "超期", "督办处理单")) if "mailed" in str(fault)] == []


@pytest.mark.parametrize(("name", "meant"), [("超其", "超期"), ("督办处理", "督办处理单")])
def test_a_notice_that_nobody_ever_gets_is_named_with_the_nearest_that_there_is(name, meant):
    (fault,) = [fault for fault in errors(mailing("派单", name)) if "mailed" in str(fault)]
    assert f"没有“{name}”这种通知" in str(fault)
    assert meant in str(fault)


def test_the_editor_offers_what_can_be_mailed():
    assert set(OFFERS["mailed"](parse(P02))) >= {*TOLD}
