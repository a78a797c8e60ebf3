"""Stored Chinese sentences as a page sets them."""

from datetime import UTC, datetime

import pytest
from flask import g, render_template_string

from views.typography import laid_out


@pytest.fixture
def page(app):
    with app.test_request_context("/"):
        g.now = datetime(2026, 11, 22, 6, tzinfo=UTC)
        yield


@pytest.mark.parametrize(
    ("stored", "shown"),
    [
        (
            "办理超期,截止 2026-11-15 23:59:59;拟考核第 17 项(部门负责人)",
            "办理超期，截止 11-15 周日 23:59；拟考核第 17 项（部门负责人）",
        ),
        ("延至 2027-01-04 18:00:00:配件缺货", "延至 2027-01-04 周一 18:00：配件缺货"),
        ("电话打不通。;级别 — → 三级投诉", "电话打不通；级别 — → 三级投诉"),
        ("金额 1,200 元,比例 3:2", "金额 1,200 元，比例 3:2"),
        ("2026-13-40 10:00 不是日子", "2026-13-40 10:00 不是日子"),
        ("DB-20261113-0001 (v2), done", "DB-20261113-0001 (v2), done"),
    ],
)
def test_signs_between_chinese_words_are_wide_and_instants_are_the_houses(page, stored, shown):
    assert laid_out(stored) == shown


def test_what_is_no_text_stays_as_it_is(page):
    assert laid_out(None) is None
    assert laid_out(12) == 12


def test_a_refusal_is_set_like_every_other_sentence_in_the_summary_and_at_its_field(office):
    page = (
        office.client("王敏").post("/do/register", data={"name": "李梅", "channel": "公共媒体"}).get_data(as_text=True)
    )
    assert page.count("来源为公共媒体的，须选明是主流媒体还是其他媒体") == 2


def test_what_a_template_says_is_set_too_with_its_signs_kept_from_being_markup(page):
    shown = render_template_string("{{ _(text) }} {{ _(text)|laid }}", text="甲,乙;丙&丁(戊)<b>")
    assert shown == " ".join(["甲，乙；丙&amp;丁（戊）&lt;b&gt;"] * 2)
