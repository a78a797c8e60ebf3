"""The columns that a person chose for a list are there again wherever he signs in, and only for him."""

import re

from models import ShownColumns
from tests.views.test_figures_of_several import text_of


def heads(page):
    return [re.sub(r"<[^>]+>", "", head).strip() for head in re.findall(r"<th[^>]*>(.*?)</th>", page, re.DOTALL)]


def shown(client, path="/complaints/"):
    """The headings of the list."""
    return [head for head in heads(text_of(client.get(path))) if head]


def test_they_stay_with_the_person_wherever_he_signs_in(office):
    office.case()
    before = shown(office.client("王敏"))
    text_of(office.client("王敏").get("/complaints/?columns=case_no,nature,round"))
    assert shown(office.client("王敏")) == ["编号", "性质", "轮次"] != before


def test_they_are_nobody_elses_and_of_no_other_list(office):
    office.case()
    others, visits = shown(office.client("刘洋")), shown(office.client("王敏"), "/visits/")
    office.client("王敏").get("/complaints/?columns=case_no,nature")
    assert shown(office.client("刘洋")) == others
    assert shown(office.client("王敏"), "/visits/") == visits


def test_the_last_choice_counts_and_is_kept_once(office):
    office.case()
    client = office.client("王敏")
    for _ in range(2):
        client.get("/complaints/?columns=case_no,nature")
    client.get("/complaints/?columns=case_no,state")
    assert shown(client) == ["编号", "状态"]
    assert office.count(ShownColumns) == 1


def test_what_the_list_does_not_have_is_not_kept(office):
    office.case()
    client = office.client("王敏")
    before = shown(client)
    client.get("/complaints/?columns=password_hash,__class__")
    assert shown(client) == before
    assert office.count(ShownColumns) == 0


def test_a_column_that_a_list_has_no_more_is_passed_over(office):
    office.case()
    key = office.staff("王敏").id
    with office.session() as session:
        session.add(ShownColumns(staff_id=key, place="complaints", columns=["gone", "nature"]))
    assert shown(office.client("王敏")) == ["性质"]


def test_looking_at_a_list_writes_nothing(office):
    office.case()
    office.client("王敏").get("/complaints/?open=在办")
    assert office.count(ShownColumns) == 0
