"""Taking down what was taken down before: the similar cases come while one types, and are linked by a tick."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect
from sqlalchemy import select

from models import ComplaintLink, db

pytestmark = [pytest.mark.browser, pytest.mark.slow]
FIRST = {"content": "三号楼电梯停在五层没有人来修", "name": "客户一", "phone": "13800000401"}
SAME = {"content": "三号楼电梯停了一直没有人来修", "name": "客户二", "phone": "13800000402"}
COMMON = {"address": "三号楼", "channel": "来电", "demand": "来修", "complained_department": "工程维修部"}


def _typed(clerk, **answers):
    """The register form in the browser, filled in."""
    clerk.open("/do/register")
    form = clerk.page.locator("form.paper")
    clerk.fill(form, compensation_sought="无", **COMMON, **answers)
    return form


def test_a_case_that_is_typed_again_is_offered_beside_the_form_and_linked(staffed, person):
    clerk = person("客服甲")
    _typed(clerk, **FIRST)
    clerk.finish()
    form = _typed(clerk, **SAME)
    near = form.locator("[data-near] li")
    expect(near).to_have_count(1)
    expect(form.locator(".beside [role=status]")).to_contain_text("共 1 件")
    expect(form.locator("[name=content]")).to_have_value(SAME["content"])
    near.scroll_into_view_if_needed()
    clerk.shot("beside")
    box = near.get_by_label("同一问题")
    box.focus()
    clerk.page.keyboard.press("Space")
    expect(box).to_be_checked()
    form.locator("[name=demand]").fill("马上来修")
    form.locator("[name=content]").fill("说的是另一句话,完全不同的内容")
    expect(box).to_be_checked()
    near.get_by_label("重复").check()
    expect(box).not_to_be_checked()
    clerk.finish()
    with staffed.app_context():
        link = db.session.scalars(select(ComplaintLink)).one()
        assert link.kind == "合并"
