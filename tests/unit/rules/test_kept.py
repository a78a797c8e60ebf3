"""What was not kept of past cases, and the tables without it."""

import pytest

from rules.kept import unkept, without
from rules.procedure import parse, shipped

P02 = shipped()["P02"]
OLD = parse(P02)
FIELD = '[[field]]\nkey = "deposit"\nlabel = "押金"\ntype = "{type}"\n\n'
COUNT = '[[count]]\nkey = "again"\nlabel = "再次"\nsame = ["phone"]\nwithin = "{within}"\n\n'
RULE = """[[rule]]
id = "grade-new"
stage = "{stage}"
when = {{ {when} }}
then = "一级投诉"
because = "试"
cites = ["P02-5.2"]

[[rule]]
id = "grade-1-media\""""


def document(when, *, before="", stage="grade"):
    rule = RULE.format(when=when, stage=stage)
    return parse(P02.replace('[[rule]]\nid = "grade-1-media"', rule, 1).replace("[[field]]", before + "[[field]]", 1))


@pytest.mark.parametrize(
    ("when", "before", "missing"),
    [
        ('place = "一号楼"', "", set()),
        ('deposit = ">= 1"', FIELD.format(type="number"), {"deposit"}),
        ('late_clocks = "has 办理"', "", {"late_clocks"}),
        ('again = ">= 1"', COUNT.format(within="30天"), {"again"}),
    ],
)
def test_what_the_other_document_never_asked_for_was_not_kept(when, before, missing):
    assert unkept(document(when, before=before), OLD) == missing


def test_what_only_warns_is_judged_by_nobody_later_and_misses_nothing():
    new = document('deposit = ">= 1"', before=FIELD.format(type="number"), stage="warn")
    assert unkept(new, OLD) == frozenset()


def test_a_count_that_nobody_asked_was_not_kept_though_it_was_written():
    asked, written = (document(when, before=COUNT.format(within="30天")) for when in ('again = ">= 1"', 'place = "甲"'))
    assert (unkept(asked, written), unkept(asked, asked)) == ({"again"}, frozenset())


def test_what_both_ask_was_kept_unless_it_means_something_else_now():
    number, text = (document('deposit = "5"', before=FIELD.format(type=kind)) for kind in ("number", "text"))
    assert (unkept(number, number), unkept(text, number)) == (set(), {"deposit"})
    month, year = (document('again = ">= 1"', before=COUNT.format(within=within)) for within in ("30天", "365天"))
    assert (unkept(month, month), unkept(year, month)) == (set(), {"again"})
    assert unkept(document('late_clocks = "given"'), document('late_clocks = "missing"')) == set()


def test_a_row_that_asks_what_was_not_kept_is_left_out_and_no_other():
    new = document('deposit = "missing"', before=FIELD.format(type="number"))
    tables = without(new.tables, unkept(new, OLD))
    gone = {(stage, row.id) for stage, table in new.tables.items() for row in table.rows} - {
        (stage, row.id) for stage, table in tables.items() for row in table.rows
    }
    assert gone == {("grade", "grade-new")}
    assert without(new.tables, frozenset()) is new.tables
