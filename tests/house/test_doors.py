"""Only the doors commit and read the clock."""

import re

import pytest

from tests.support import source

DOORS = ("views/base.py", "jobs/runner.py", "app.py")
COMMIT = re.compile(r"(^|\.)commit$")
CLOCK = re.compile(
    r"(^|\.)(datetime\.(now|utcnow|today)|date\.today|time\.(time|time_ns|localtime|gmtime)|func\.(now|current_timestamp))$"
)


@pytest.mark.parametrize(("what", "pattern"), [("commits", COMMIT), ("reads the clock", CLOCK)])
def test_only_the_doors_commit_and_read_the_clock(what, pattern):
    found = [
        f"{path}:{line} {what}: {name}"
        for path in source.product()
        if path not in DOORS
        for line, name in source.attributes(path)
        if pattern.search(name)
    ]
    assert found == []


def test_only_the_mailer_speaks_to_a_mail_server():
    found = [
        path for path in source.product() if re.search(r"^\s*(import|from) smtplib\b", source.text(path), re.MULTILINE)
    ]
    assert found == ["jobs/mailer.py"]


def test_the_law_would_see_a_clock_and_a_commit():
    assert CLOCK.search("dt.datetime.now")
    assert CLOCK.search("date.today")
    assert COMMIT.search("db.session.commit")
    assert not CLOCK.search("act.now")


def test_the_application_file_stays_small():
    assert len(source.text("app.py").splitlines()) <= 150
