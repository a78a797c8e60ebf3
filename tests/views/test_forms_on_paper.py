"""The forms of a shipped procedure as one PDF: each with its title, its fields and its lines to sign on."""

import pytest
from flask import g
from flask_login import login_user
from sqlalchemy import select

from models import Staff
from rules.procedure import parse, shipped
from tests.views.test_printing import words
from views import printing
from workflow.onpaper import Entry, Sheet, Signed

VALUE = '某值 #"*_<$'


def sheet(form):
    """The form with something in every field."""
    fields = [item for item in form.fields if item.type != "signature"]
    signatures = [item.label for item in form.fields if item.type == "signature"]
    signatures += [line.label for line in form.signatures]
    rows = tuple(Entry(item.key, item.label, VALUE, item.type == "long", ()) for item in fields)
    title = form.title or form.kind
    return Sheet(form.kind, title, "", rows, tuple(Signed(label) for label in dict.fromkeys(signatures)), clear=True)


@pytest.mark.parametrize("code", sorted(shipped()))
def test_every_form_of_a_procedure_comes_on_paper_with_all_it_asks(office, code):
    sheets = [sheet(form) for form in parse(shipped()[code]).forms]
    with office.app.test_request_context("/"), office.session() as session:
        g.now = office.now
        login_user(session.scalar(select(Staff).where(Staff.name == "王敏")))
        text = words(printing.forms(sheets))
    for one in sheets:
        wanted = [one.title, *(entry.label for entry in one.rows), *(line.label for line in one.signatures)]
        assert [word for word in wanted if word.replace(" ", "") not in text] == [], one.kind
    assert text.count(VALUE.replace(" ", "")) == sum(len(one.rows) for one in sheets)
