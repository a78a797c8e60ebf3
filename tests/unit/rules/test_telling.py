"""Which tests can mean one single case, and whether a draft asks such a thing newly."""

from dataclasses import replace

import pytest

from rules.facts import FactType, lookup
from rules.procedure import parse, shipped
from rules.telling import is_telling, newly_telling
from rules.unary import parse_test

P02 = shipped()["P02"]
PLAIN = parse(P02)


def tells_of(name, raw):
    fact = lookup(name, {})
    return is_telling(name, fact, parse_test(raw, fact))


@pytest.mark.parametrize(
    ("name", "raw", "tells"),
    [
        ("name", "王女士", True),
        ("phone", "not 13800000000", True),
        ("complained_person", ["营业甲", "客服甲"], True),
        ("received_at", ">= 2026-05-13", True),
        ("argument.name", "王女士", True),
        ("name", "given", False),
        ("complained_person", "missing", False),
        ("category", "服务类/态度", False),
        ("grade", "一级投诉", False),
        ("parties_count", ">= 3", False),
        ("complained_department", "客户营业部", False),
    ],
)
def test_a_test_tells_when_it_can_mean_one_case(name, raw, tells):
    assert tells_of(name, raw) is tells


def test_a_field_of_that_name_says_no_less_for_being_called_a_choice():
    fact = lookup("name", {})
    assert fact is not None and fact.type is FactType.TEXT
    assert is_telling("name", replace(fact, type=FactType.CHOICE), parse_test("王女士"))


def with_rule(rule):
    return parse(P02.replace("[[rule]]", f"{rule}\n\n[[rule]]", 1))


ROW = """[[rule]]
id = "new"
stage = "{stage}"
when = {{ {when} }}
then = {then}
because = "试"
cites = ["P02-5.2"]"""
GRADE = '"一级投诉"'


@pytest.mark.parametrize(
    ("stage", "when", "then", "tells"),
    [
        ("grade", 'name = "王女士"', GRADE, True),
        ("grade", 'name = "given"', GRADE, False),
        ("preset", 'channel = "来电"', '{ impact = "{name}" }', True),
        ("preset", 'channel = "来电"', '{ impact = "重大" }', False),
        ("require", 'name = "王女士"', '{ text = "不行", field = "name" }', False),
    ],
)
def test_a_draft_tells_by_a_row_that_a_replay_asks(stage, when, then, tells):
    draft = with_rule(ROW.format(stage=stage, when=when, then=then))
    assert newly_telling(draft, PLAIN) is tells
    assert newly_telling(PLAIN, draft) is tells, "taking it out tells as much"
    assert newly_telling(draft, draft) is False


def test_without_a_version_in_force_every_such_row_is_new():
    assert newly_telling(with_rule(ROW.format(stage="grade", when='name = "王女士"', then=GRADE)), None)


@pytest.mark.parametrize(("when", "tells"), [('{ name = "王女士" }', True), ('{ channel = "来电" }', False)])
def test_a_limit_tells_only_by_what_it_asks(when, tells):
    limit = f'[[limit]]\nname = "另"\namount = 2\nunit = "自然日"\nstarts = "register"\nmet = "close"\nwhen = {when}\n'
    draft = parse(P02.replace("[[limit]]", f'{limit}cites = ["P02-5.2"]\n\n[[limit]]', 1))
    assert newly_telling(draft, PLAIN) is tells
