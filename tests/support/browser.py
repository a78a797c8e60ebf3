"""Chromium from the distribution, driven by Playwright; nothing is downloaded."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import Browser, sync_playwright

INSTALL = "apt-get install chromium fonts-noto-cjk"


def executable() -> str:
    """The browser's path; fails with the command that installs it."""
    for name in ("chromium", "chromium-browser", "google-chrome"):
        if found := shutil.which(name):
            return found
    raise RuntimeError(f"Chromium is missing: the browser tests need it. Way out: {INSTALL}")


@contextmanager
def chromium() -> Iterator[Browser]:
    """A running browser without a window; root may not use Chromium's own sandbox."""
    arguments = ["--no-sandbox"] if os.geteuid() == 0 else []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=executable(), args=arguments)
        yield browser
        browser.close()
