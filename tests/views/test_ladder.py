"""The page of a case tells how each due instant was counted, whom its ladder tells, and when; so do API and paper."""


def test_the_case_page_shows_what_happened_on_the_ladder_and_what_will(office):
    case = office.ordered()
    page = office.client("王敏").get(f"/complaints/details/?id={case}").get_data(as_text=True)
    assert "什么时候告知谁？" in page
    assert "怎么算的？" in page
    assert "将做" in page
    assert "起算" in page
