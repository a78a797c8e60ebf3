"""Every hit policy and every way to write a cell that the manual shows is one that the rules read."""

import re

import pytest

from rules.table import Hit
from rules.unary import parse_test
from tests.support import source

MANUAL = source.text("docs/tables.md")
CELLS = [
    cell.replace("\\|", "|")
    for row in re.findall(r"^\| (`.+?) \| .+? \| .+? \|$", MANUAL.partition("## 哪一行")[0], re.MULTILINE)
    for cell in re.findall(r"`([^`]+)`", row)
    if not cell.startswith('["')
]


@pytest.mark.parametrize("cell", CELLS)
def test_every_cell_in_the_manual_is_read_and_printed_as_it_stands(cell):
    assert str(parse_test(cell)) in (cell, cell.strip('"'))


def test_every_hit_policy_is_in_the_manual():
    table = MANUAL.partition("## 哪一行")[2].partition("## ")[0]
    assert set(re.findall(r"^\| `([a-z]+)` \|", table, re.MULTILINE)) == set(Hit)
