"""Every template parses, and none brings an inline handler that the browser's policy would silence."""

import re

import pytest

from tests.support import source

TEMPLATES = [path for path in source.files() if path.startswith("templates/") and path.endswith(".html")]
INLINE = re.compile(r"""<[^>]*\s(on[a-z]+|style)\s*=\s*["']|javascript:""", re.IGNORECASE)
BARE_SCRIPT = re.compile(r"<script(?![^>]*\b(nonce|src)=)", re.IGNORECASE)


def test_every_template_compiles(app):
    assert TEMPLATES
    for path in TEMPLATES:
        app.jinja_env.get_template(path.removeprefix("templates/"))


@pytest.mark.parametrize("path", TEMPLATES)
def test_a_template_has_no_inline_handler_and_no_bare_script(path):
    text = source.text(path)
    assert [found.group(0) for pattern in (INLINE, BARE_SCRIPT) for found in pattern.finditer(text)] == []
