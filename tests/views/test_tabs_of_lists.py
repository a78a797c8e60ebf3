"""The tabs over a list are filters that the list knows, also while nothing in it is so."""

from flask import url_for

from tests.views.test_figures_of_several import text_of
from views.records import RecordView


def tabs(office):
    """The address of each tab of each list."""
    views = [view for view in office.app.extensions["panel"]._views if isinstance(view, RecordView)]
    with office.app.test_request_context():
        return [
            url_for(f"{view.endpoint}.index_view", **chosen)
            for view in views
            for chosen in view.views.values()
            if chosen
        ]


def test_each_tab_is_a_filter_of_its_list(office):
    client = office.client("管理员")
    addresses = tabs(office)
    assert len(addresses) > 20
    pages = {address: text_of(client.get(address)) for address in addresses}
    assert [address for address, page in pages.items() if "没有这样的值" in page] == []


def test_the_address_of_the_drafts_leads_to_the_drafts(office):
    office.do("draft_procedure", None, "孙伟", code="P02")
    page = text_of(office.client("管理员").get("/drafts/", follow_redirects=True))
    assert "P02 第 2 版" in page and "P02 第 1 版" not in page
