"""Names that no column could keep are found before the document is in force, wherever they are written."""

import pytest

from models.db import Base
from rules.lint import errors
from rules.lint_lengths import LONGEST, too_long
from rules.procedure import parse, shipped

P02 = shipped()["P02"]
RULE = """
[[rule]]
id = "{key}"
stage = "{stage}"
when = {{ round = 9 }}
then = {{ {then} }}
because = "x"
cites = ["x"]
"""
LIMIT = '\n[[limit]]\nname = "{name}"\namount = 1\nunit = "自然小时"\nstarts = "accept"\nmet = "close"\n'
LADDER = '[[limit.ladder]]\nid = "a"\nat = "+0"\ndo = "升级"\nto = ["公司领导"]\nevent = "{event}"\n'


def told(event, key="x"):
    """P02 with one notice more."""
    then = f'to = ["公司领导"], text = "x", event = "{event}"'
    return P02 + RULE.format(key=key, stage="notify", then=then)


def owed(title="x", met_by="field:impact"):
    """P02 with one duty more."""
    then = f'to = "公司领导", title = "{title}", met_by = "{met_by}"'
    return P02 + RULE.format(key="x", stage="duty", then=then)


@pytest.mark.parametrize(
    ("written", "longest", "cell"),
    [
        (lambda name: told(event=name), 20, "then.event"),
        (lambda name: told(event="x", key=name), 80, "id"),
        (lambda name: owed(title=name), 60, "then.title"),
        (lambda name: owed(met_by=f"x:{name[2:]}"), 80, "then.met_by"),
        (lambda name: P02 + LIMIT.format(name=name), 30, "name"),
        (lambda name: P02 + LIMIT.format(name="x") + LADDER.format(event=name), 20, "ladder.0.event"),
        (lambda name: P02.replace("\nchannels = [", f'\nchannels = ["{name}", ', 1), 20, "channels"),
        (lambda name: P02.replace("\ngrades = [", f'\ngrades = ["{name}", ', 1), 20, "grades"),
        (lambda name: P02 + f'\n[[form]]\nkind = "{name}"\ntitle = "x"\n', 40, "kind"),
    ],
)
def test_one_character_more_than_the_column_takes_is_an_error_at_its_cell(written, longest, cell):
    assert list(too_long(parse(written("甲" * longest)))) == []
    (fault,) = [fault for fault in errors(parse(written("甲" * (longest + 1)))) if "太长" in fault.wrong]
    assert fault.cell == cell
    assert f"最多{longest}个字" in fault.wrong


def test_a_small_category_counts_with_the_large_one_before_it():
    def written(name):
        rows = f'{{ name = "大类", children = ["{name}"] }},'
        return parse(P02.replace("\ncategories = [", f"\ncategories = [{rows}", 1))

    assert list(too_long(written("甲" * 97))) == []
    (fault,) = too_long(written("甲" * 98))
    assert (fault.place.cell, len(fault.name), fault.longest) == ("categories", 101, 100)


@pytest.mark.parametrize("code", shipped())
def test_no_name_of_a_shipped_document_is_too_long(code):
    assert list(too_long(parse(shipped()[code]))) == []


@pytest.mark.parametrize("column", LONGEST)
def test_the_lengths_are_those_of_the_columns(column):
    table, _, name = column.partition(".")
    assert Base.metadata.tables[table].columns[name].type.length == LONGEST[column]
