"""The fixed cast with passwords, and the few moves with which a test works the panel as a person would."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import Browser, BrowserContext, Locator, Page, Response
from sqlalchemy import select
from sqlalchemy.orm import Session

from models import Staff, db
from rules.procedure import shipped
from tests.support import cast
from tests.support.browser import PATIENCE
from workflow import passwords, procedures
from workflow.access import SYSTEM

PASSWORD = "correct-horse-7"
SHOWN = Path(__file__).resolve().parents[2] / "docs" / "screens"
KEEP = os.environ.get("SCREENS") == "1"
"""`SCREENS=1` renews the pictures of the manual; otherwise they go to the test's own folder."""
A_PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"
DESK, PHONE = {"width": 1366, "height": 768}, {"width": 390, "height": 844}


@pytest.fixture
def staffed(app: Flask) -> Flask:
    """The application with P02 in force and the cast able to sign in under their own names."""
    with furnishing(app) as session:
        cast.furnish(session)
    return app


@contextmanager
def furnishing(app: Flask, code: str = "") -> Iterator[Session]:
    """A session for what a test begins with, this shipped procedure in force; kept at the end, when everybody there is
    able to sign in under his own name."""
    with app.app_context():
        session = db.session()
        session.connection(execution_options={"sqlite_begin": "IMMEDIATE"})
        if code:
            procedures.put_in_force(session, shipped()[code], actor=SYSTEM, now=cast.OPENING)
        yield session
        session.flush()
        stored = passwords.HASHER.hash(PASSWORD)
        for person in session.scalars(select(Staff)):
            person.username, person.password_hash = person.name, stored
        session.commit()


def _of_form(answer: Response) -> bool:
    """Whether it answers a form that was sent; what is listed beside a form is asked for in the same manner."""
    return answer.request.method == "POST" and "/beside/" not in answer.url


class Person:
    """One member of staff at his own browser."""

    def __init__(self, context: BrowserContext, address: str, name: str, pictures: Path) -> None:
        self.page: Page = context.new_page()
        self.address, self.name, self.pictures = address, name, pictures
        self.complaints: list[str] = []
        self.page.on("console", lambda message: self._note(message.type, message.text))
        self.page.on("pageerror", lambda fault: self._note("error", str(fault)))
        self.page.on("response", lambda answer: self._note("status", str(answer.status), answer.url))
        self.sign_in()

    def _note(self, kind: str, text: str, where: str = "") -> None:
        """What a person would not see but must not happen: script errors, refused styles, failing addresses."""
        broken = kind == "status" and text.startswith("5")
        if kind == "error" and "422" not in text and "404" not in text and "403" not in text:
            broken = True
        if broken:
            self.complaints.append(f"{kind} {text} {where}")

    def sign_in(self) -> None:
        self.page.goto(f"{self.address}/login")
        self.page.fill("#username", self.name)
        self.page.fill("#password", PASSWORD)
        self.page.locator("button.main").click()
        self.page.wait_for_url(lambda url: "/login" not in url)

    def open(self, path: str) -> None:
        self.page.goto(self.address + path)

    def reached(self, address: str) -> re.Match[str]:
        """Wait for a page whose address looks like that, as after a click; the match."""
        self.page.wait_for_url(re.compile(address))
        found = re.search(address, self.page.url)
        assert found
        return found

    def shot(self, name: str) -> None:
        """A picture at the desk's width and at the phone's."""
        for width, size in ((1366, DESK), (390, PHONE)):
            self.page.set_viewport_size(size)
            self.page.screenshot(path=self.pictures / f"{name}-{width}.png")
        self.page.set_viewport_size(DESK)

    def begin(self, verb: str) -> Locator:
        """Open a verb's form from its button on the page that is open; the sheet."""
        button = self.page.locator(f'a[href*="/do/{verb}"]').first
        button.wait_for(state="attached")  # a click on a link returns before the page behind it is there
        self.page.wait_for_load_state()  # and the page before the script that opens the sheet
        if not button.is_visible():
            self.page.locator("details.more-verbs summary").click()
        button.click()
        sheet = self.page.locator("#sheet[open]")
        sheet.wait_for()
        return sheet

    def do(self, verb: str, **answers: str) -> None:
        """Carry a verb out from its button, past the warnings, back to the page it came from."""
        self.fill(self.begin(verb), **answers)
        self.finish()

    def fill(self, form: Locator, **answers: str) -> None:
        """Answer the form's questions, whatever each looks like."""
        for name, value in answers.items():
            name = name.replace("__", ".")
            asked = form.locator(f'.asked:has([name="{name}"])')
            radio = asked.locator(f'input[type=radio][value="{value}"]')
            if asked.locator("[role=combobox]").count():
                self._find(asked, value)
            elif radio.count():
                self._choose(asked, radio.is_checked(), radio.check)
            elif asked.locator("input[type=file]").count():
                file = {"name": value, "mimeType": "application/pdf", "buffer": A_PDF}
                asked.locator("input[type=file]").set_input_files(file)
            elif asked.locator("select").count():
                chosen = asked.locator("select")
                self._choose(
                    asked, chosen.input_value() == value, lambda chosen=chosen, value=value: chosen.select_option(value)
                )
            else:
                asked.locator(f'[name="{name}"]').fill(value)

    def _choose(self, asked: Locator, already: bool, choose: Callable[[], object]) -> None:
        """Choose an answer; where others hang on it the form is fetched anew: the next answers go there."""
        if already or asked.get_attribute("data-again") is None:
            choose()
            return
        asked.evaluate("(place) => { place.closest('form').dataset.old = '1'; }")
        choose()
        self.page.locator("form[data-old]").wait_for(state="detached")
        self.page.wait_for_load_state()

    def _find(self, asked: Locator, name: str) -> None:
        asked.locator("[role=combobox]").fill(name)
        asked.locator("[role=option]", has_text=name).first.click()

    def press(self) -> None:
        """The form's main button."""
        self.page.locator("form.paper button.main").click()

    def finish(self) -> None:
        """Send the form; a warning is read and passed; the sheet is gone afterwards."""
        form = self.page.locator("form.paper")
        with self.page.expect_response(_of_form) as first:
            self.press()
        if first.value.status == 200:
            self.page.locator(".summary.warns").wait_for()
            with self.page.expect_response(_of_form):
                self.press()
        assert first.value.status != 422, self.page.locator("[data-summary]").inner_text()
        form.wait_for(state="detached")
        self.page.wait_for_load_state()

    def reads(self) -> str:
        """What the page says that is open. After a click somebody must have waited for the page behind it."""
        return self.page.locator("main, body").first.inner_text()


@pytest.fixture
def pictures(tmp_path: Path) -> Path:
    """Where screenshots go: the manual's folder when they are to be renewed, else the test's own."""
    folder = SHOWN if KEEP else tmp_path / "screens"
    folder.mkdir(parents=True, exist_ok=True)
    return folder


@pytest.fixture
def person(staffed: Flask, server: str, browser: Browser, pictures: Path) -> Iterator[Callable[[str], Person]]:
    """``person("客服甲")``: that person at a browser of his own; at the end nothing may have broken behind the page."""
    people: dict[str, Person] = {}
    contexts: list[BrowserContext] = []

    def come(name: str, language: str = "zh-CN") -> Person:
        if name not in people:
            context = browser.new_context(
                viewport=DESK, locale=language, timezone_id="Asia/Shanghai", reduced_motion="reduce"
            )
            context.set_default_timeout(PATIENCE)
            contexts.append(context)
            people[name] = Person(context, server, name, pictures)
        return people[name]

    yield come
    for context in contexts:
        context.close()
    assert [text for one in people.values() for text in one.complaints] == []
