"""What the product imports is pinned in requirements.txt, and what is pinned is what is installed."""

import ast
import re
import sys
from importlib import metadata

from tests.support import source

OWN = {*source.ROOMS, "app", "config", "tests", "bench"}
PIN = re.compile(r"^([a-z0-9-]+)(?:\[[a-z0-9,]+\])?==(\S+)$", re.MULTILINE)


def pins(path):
    return dict(PIN.findall(source.text(path)))


def name_of(distribution):
    return re.sub(r"[-_.]+", "-", distribution).lower()


def imported():
    """The top-level modules of others that the product imports."""
    for path in source.product():
        for node in ast.walk(source.tree(path)):
            if isinstance(node, ast.Import):
                yield from (name.name.partition(".")[0] for name in node.names)
            elif isinstance(node, ast.ImportFrom) and not node.level:
                yield str(node.module).partition(".")[0]


def test_every_import_of_the_product_is_pinned():
    homes, pinned = metadata.packages_distributions(), pins("requirements.txt")
    foreign = set(imported()) - OWN - set(sys.stdlib_module_names) - {"__future__"}
    assert [name for name in sorted(foreign) if not {name_of(home) for home in homes.get(name, [])} & set(pinned)] == []


def test_what_is_installed_is_what_is_pinned():
    wanted = pins("requirements.txt") | pins("requirements-dev.txt")
    assert len(wanted) > 50
    installed = {name_of(found.name): found.version for found in metadata.distributions()}
    assert {name: installed.get(name) for name, version in wanted.items() if installed.get(name) != version} == {}


def test_every_requirement_is_pinned_to_one_version():
    lines = [*source.text("requirements.txt").splitlines(), *source.text("requirements-dev.txt").splitlines()]
    loose = [line for line in lines if line and not line.startswith(("#", "-r ")) and not PIN.match(line)]
    assert loose == []
