"""Every address of the panel and of its API is in the manual, and none that is gone."""

import re

from tests.support import source

TEXT = source.text("docs/pages.md")
COMMON = {part.removeprefix("./") for part in re.findall(r"^\| `([^`]+)` \| [^|`]+ \|$", TEXT, re.MULTILINE)}
ROWS = re.findall(r"^\| [^|]+ \| (?:`([^`]*)`)? ?\| ?([^|]*)\|$", TEXT.partition("## 各页")[2], re.MULTILINE)


def _written() -> tuple[set[str], set[str]]:
    """What the manual names outright, and what it names as common to the lists it names."""
    own = {base + part for base, more in ROWS for part in re.findall(r"`([^`]+)`", more)} | {
        base for base, _ in ROWS if base
    }
    return own, {base + part for base, _ in ROWS if base for part in COMMON}


def _served(app) -> set[str]:
    """The addresses, with a placeholder by its name alone."""
    rules = {rule.rule for rule in app.url_map.iter_rules() if not rule.endpoint.endswith("static")}
    return {re.sub(r"<[^>]*:(\w+)>", r"<\1>", rule) for rule in rules}


def test_every_address_is_in_the_manual(app):
    own, shared = _written()
    assert sorted(_served(app) - own - shared) == []


def test_the_manual_names_no_address_that_is_gone(app):
    own, _ = _written()
    assert sorted(own - _served(app)) == []
