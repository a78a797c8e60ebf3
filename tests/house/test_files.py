"""What the repository holds, and what it must not."""

import re

from tests.support import source

THIRD_PARTY = re.compile(
    r"(\.min\.(js|css)$|(^|/)(node_modules|vendor|site-packages)/|(jquery|bootstrap|echarts|tabulator|select2)[^/]*\.(js|css)$)"
    r"|\.(woff2?|ttf|otf|eot|whl|jar)$"
)
ELSEWHERE = re.compile(r"""(?:https?:)?//(?!www\.w3\.org/)[a-z0-9-]+(?:\.[a-z0-9-]+)+""", re.IGNORECASE)
SCREENS = "docs/screens/"
LARGEST = 400_000


def test_no_file_of_others_is_kept():
    assert [path for path in source.files() if THIRD_PARTY.search(path)] == []


def test_no_file_carries_the_licence_of_others():
    texts = [path for path in source.files() if path.endswith((".py", ".js", ".css", ".html"))]
    marks = re.compile(r"@license|\(c\) 20\d\d|copyright 20\d\d", re.IGNORECASE)
    mine = __file__.removeprefix(f"{source.ROOT}/")
    assert [path for path in texts if path != mine and marks.search(source.text(path))] == []


def test_files_are_small_but_for_screenshots():
    large = [path for path in source.files() if (source.ROOT / path).stat().st_size > LARGEST]
    assert [path for path in large if not path.startswith(SCREENS)] == []


def test_pages_load_nothing_from_elsewhere():
    served = [
        path
        for path in source.files()
        if path.startswith(("templates/", "static/")) and path.endswith((".html", ".js", ".css", ".svg"))
    ]
    assert served
    assert [f"{path}: {found}" for path in served for found in ELSEWHERE.findall(source.text(path))] == []


def test_every_clause_of_the_requirements_is_in_the_list_that_travels_with_the_tests():
    from tests import matrix

    listed = matrix.LIST.read_text(encoding="utf-8").split()
    assert len(listed) == len(set(listed)) == 827
    assert listed == matrix.known()
