"""Chinese first, English complete: which language a request speaks, and the catalogue compiled when it is older."""

from __future__ import annotations

import os
from io import BytesIO
from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from flask import Flask, request, session
from flask_babel import Babel, get_locale, pgettext
from flask_babel import gettext as _
from flask_login import current_user

from views.said import said
from workflow.errors import Refused

LANGUAGES = {"zh_Hans_CN": "中文", "en": "English"}
TAGS = {"zh_Hans_CN": "zh-CN", "en": "en"}
CATALOGUES = Path(__file__).resolve().parent.parent / "translations"


def init_app(app: Flask) -> None:
    """Babel for the application, with catalogues that are up to date."""
    compile_catalogues()
    Babel(
        app,
        default_locale="zh_Hans_CN",
        default_timezone="Asia/Shanghai",
        default_translation_directories=str(CATALOGUES),
        locale_selector=language,
    )


def language() -> str:
    """What the person chose here, else what his record says, else the house's language."""
    if not request:
        return "zh_Hans_CN"
    for choice in (session.get("language"), getattr(current_user, "language", None)):
        if choice in LANGUAGES:
            return str(choice)
    return "zh_Hans_CN"


def language_tag() -> str:
    """The page's ``lang``."""
    return TAGS.get(str(get_locale()), "zh-CN")


def door(name: str) -> str:
    """The name over a room or a list: English has a plural there."""
    return str(pgettext("door", name))


def compile_catalogues(folder: Path = CATALOGUES) -> list[Path]:
    """Make each ``.mo`` that is missing or older than its ``.po``; returns those made. Read-only folders stay as is."""
    made = []
    for source in folder.glob("*/LC_MESSAGES/messages.po"):
        target = source.with_suffix(".mo")
        if target.exists() and target.stat().st_mtime >= source.stat().st_mtime:
            continue
        content = BytesIO()
        with source.open("rb") as file:
            write_mo(content, read_po(file, locale=source.parent.parent.name))
        draft = target.with_suffix(f".{os.getpid()}.tmp")
        try:
            draft.write_bytes(content.getvalue())
            draft.replace(target)
        except OSError:
            continue
        made.append(target)
    return made


def sentence(refusal: Refused) -> str:
    """A refusal in the language of the request."""
    between = "; " if str(get_locale()) == "en" else ";"
    return between.join(finding_text(finding) for finding in refusal.findings)


def finding_text(finding: object) -> str:
    """One finding in the language of the request; its values that are terms are translated too."""
    text, values = getattr(finding, "text", ""), getattr(finding, "values", {})
    if not values:
        return str(said(text))
    return str(_(text).format(**{name: said(value) for name, value in values.items()}))
