"""Chromium from the distribution, driven by Playwright; nothing is downloaded."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import Browser, expect, sync_playwright

INSTALL = "apt-get install chromium fonts-noto-cjk"
PATIENCE = 90_000
"""Milliseconds after which what is waited for on a page will not come: a busy machine needs a fraction of it."""


def executable() -> str:
    """The browser's path; fails with the command that installs it."""
    for name in ("chromium", "chromium-browser", "google-chrome"):
        if found := shutil.which(name):
            return found
    raise RuntimeError(f"Chromium is missing: the browser tests need it. Way out: {INSTALL}")


@contextmanager
def chromium() -> Iterator[Browser]:
    """A running browser without a window; root may not use Chromium's own sandbox."""
    arguments = ["--disable-dev-shm-usage", *(["--no-sandbox"] if os.geteuid() == 0 else [])]
    expect.set_options(timeout=PATIENCE)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=executable(), args=arguments, timeout=PATIENCE)
        yield browser
        browser.close()
