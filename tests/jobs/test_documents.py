"""Procedures at the command line: a version written out is taken in again as the same text, as a draft."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import Result
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from models import ProcedureVersion
from rules.procedure import shipped
from tests.support import cast


@pytest.fixture
def house(app: Flask, session: Session) -> Flask:
    cast.furnish(session)
    session.commit()
    return app


def told(app: Flask, *words: str) -> Result:
    return app.test_cli_runner().invoke(args=["procedures", *words])


def test_the_version_in_force_is_written_as_it_is_stored(house: Flask) -> None:
    found = told(house, "export", "P02")
    assert (found.exit_code, found.output) == (0, shipped()["P02"])


def test_what_was_written_out_comes_back_as_a_draft(house: Flask, session: Session, tmp_path: Path) -> None:
    file = tmp_path / "P02.toml"
    file.write_text(told(house, "export", "P02", "--number", "1").output + "# 新的一行\n", encoding="utf-8")
    found = told(house, "import", str(file))
    assert (found.exit_code, found.output.splitlines()[0]) == (0, "P02 第 2 版 草稿")
    session.expire_all()
    draft = session.scalars(select(ProcedureVersion).where(ProcedureVersion.number == 2)).one()
    assert (draft.state, draft.based_on, draft.text) == ("草稿", 1, file.read_text(encoding="utf-8"))
    assert told(house, "export", "P02", "--number", "2").output == draft.text
    assert told(house, "export", "P02").output == shipped()["P02"]


def test_a_version_that_does_not_exist_is_named(house: Flask) -> None:
    assert "没有制度 P02 的第 7 版" in told(house, "export", "P02", "--number", "7").output
    found = told(house, "export", "P77")
    assert (found.exit_code, "没有制度 P77" in found.output) == (1, True)


@pytest.mark.parametrize(
    ("content", "words"), [(b"[procedure", "TOML"), (b"[procedure]\ncode = 'P1'\n", "title"), (b"\xff\xfe", "UTF-8")]
)
def test_a_file_that_is_no_procedure_changes_nothing(
    house: Flask, session: Session, tmp_path: Path, content: bytes, words: str
) -> None:
    file = tmp_path / "faulty.toml"
    file.write_bytes(content)
    found = told(house, "import", str(file))
    assert (found.exit_code, words in found.output) == (1, True)
    assert len(session.scalars(select(ProcedureVersion)).all()) == 1
