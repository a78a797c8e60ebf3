"""What a document calls itself is text on every page: its signs are no markup, and its per cent no blank."""

import pytest
from sqlalchemy import select

from models import ProcedureVersion

TITLE = '<img src=x>"100%s规定'


@pytest.mark.parametrize("address", ["compare", "details", "migrate"])
def test_a_title_with_signs_is_shown_as_it_is(office, address):
    office.do("draft_procedure", None, "孙伟", code="P02")
    key = office.one(select(ProcedureVersion.id).where(ProcedureVersion.state == "草稿"))
    edit = {"section": "procedure", "row": "", "kind": "改", "value": {"cell": "title", "value": TITLE}}
    office.do("edit_procedure", None, "孙伟", draft=key, **edit)
    answer = office.client("孙伟").get(f"/procedures/{address}/?id={key}")
    assert answer.status_code < 500
    assert "<img src=x>" not in answer.get_data(as_text=True)
