"""A replay watched in a real browser: it is asked for, moves, can be stopped, and its numbers open their lists."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from flask import Flask
from playwright.sync_api import expect
from sqlalchemy.orm import Session

from models import db
from tests.support.cast import House
from tests.support.drafts import stricter
from workflow import replay
from workflow.arguments import SHANGHAI

pytestmark = [pytest.mark.browser]
MOMENT = "%Y-%m-%d %H:%M"


def in_the_background(app: Flask, work: Callable[[Session], Any]) -> Any:
    """What happens meanwhile, beside the browser."""
    with app.app_context():
        session = db.session()
        session.connection(execution_options={"sqlite_begin": "IMMEDIATE"})
        found = work(session)
        session.commit()
        return found


def prepared(session: Session) -> int:
    """Three cases, and a draft by which two of them are graded higher."""
    house, now = House(session), datetime.now(SHANGHAI).strftime(MOMENT)
    house.complaint(at=now, content="抄表员上门时踩坏花盆,要求赔偿 200 元")
    house.complaint(at=now, content="维修后地板有划痕,要求赔偿")
    house.registered(at=now)
    return stricter(session, title="客户服务质量问题管理规定", now=datetime.now(UTC))


def test_a_lead_watches_a_replay_and_opens_what_it_found(staffed: Flask, person: Any) -> None:
    draft = in_the_background(staffed, prepared)
    lead = person("公司领导")
    lead.open(f"/replays/start/?draft={draft}")
    lead.shot("replay-start")
    lead.press()
    key = int(lead.reached(r"/replays/(\d+)/$")[1])
    in_the_background(staffed, lambda session: replay.advance(session, key, datetime.now(UTC), 1))
    lead.page.get_by_text("已重放 1 / 3 件").wait_for()
    lead.shot("replay-running")
    in_the_background(staffed, lambda session: replay.advance(session, key, datetime.now(UTC), 5))
    lead.page.get_by_text("2 件级别会升高").wait_for()
    lead.shot("replay-result")
    lead.page.get_by_text("2 件级别会升高").click()
    expect(lead.page.locator("main")).to_contain_text("要钱的从严")
    expect(lead.page.locator("main")).to_contain_text("定为 三级投诉")
    lead.shot("replay-cases")


def test_a_running_replay_is_stopped_by_its_button(staffed: Flask, person: Any) -> None:
    draft = in_the_background(staffed, prepared)
    lead = person("公司领导")
    lead.open(f"/replays/start/?draft={draft}")
    lead.press()
    key = int(lead.reached(r"/replays/(\d+)/$")[1])
    in_the_background(staffed, lambda session: replay.advance(session, key, datetime.now(UTC), 1))
    lead.page.get_by_role("button", name="停止").click()
    lead.page.get_by_text("停在 1 / 3 件").wait_for()
    assert not in_the_background(staffed, lambda session: replay.advance(session, key, datetime.now(UTC), 5))
