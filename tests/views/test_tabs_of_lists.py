"""The tabs over a list are filters that the list knows, also while nothing in it is so."""

from flask import url_for

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
    pages = {address: client.get(address).get_data(as_text=True) for address in addresses}
    assert [address for address, page in pages.items() if "没有这样的值" in page] == []


def test_the_address_of_the_drafts_leads_to_the_drafts(office):
    page = office.client("管理员").get("/drafts/", follow_redirects=True).get_data(as_text=True)
    assert "没有这样的值" not in page and "P02 第 1 版" not in page
