"""What is particular to a procedure is data: no code names one of the documents, or asks which of them it follows."""

import re

import pytest

from rules.procedure import parse, shipped
from tests.support import source

CODE = re.compile(r"\bP[0-9]{2}[ab]?(?:-[0-9]{2})?\b(?!-?[0-9])")
"""A procedure's code; a clause (P02-5.1) that tells where a rule comes from is none."""
CLAUSE = re.compile(r"\bP[0-9]{2}[ab]?(?:-[0-9]{2})?-[0-9]+(?:\.[0-9*]+|\.)")


def files(*rooms):
    return [path for path in source.product() if path.startswith(rooms)]


@pytest.mark.parametrize("room", ["models/", "workflow/", "views/"])
def test_no_code_names_a_procedure(room):
    named = []
    for path in files(room):
        for number, line in enumerate(CLAUSE.sub("", source.text(path)).splitlines(), 1):
            named += [f"{path}:{number} {found}" for found in CODE.findall(line)]
    assert named == []


def test_no_code_knows_a_procedure_by_its_title():
    titles = {parse(text).title for text in shipped().values()}
    found = [path for path in files("models/", "workflow/", "views/") for title in titles if title in source.text(path)]
    assert len(titles) >= 5
    assert found == []
