"""Procedure documents at the command line: looked over, written out as TOML, and taken in as drafts."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from pathlib import Path

import click
from flask.cli import AppGroup
from sqlalchemy import select
from sqlalchemy.orm import Session

import workflow.verbs  # noqa: F401 - a verb is known once its module is imported
from jobs import runner
from models import ProcedureVersion, db
from rules.faults import Finding, ProcedureFault, Severity
from rules.lint import lint
from rules.procedure import parse, shipped
from workflow import drafts, procedures
from workflow.access import SYSTEM
from workflow.errors import NotFound, Refused

GIVEN = click.Path(path_type=Path, dir_okay=False, exists=True)
commands = AppGroup("procedures", help="The procedure documents.")


@commands.command("check")
@click.argument("files", nargs=-1, type=GIVEN)
def check(files: tuple[Path, ...]) -> None:
    """Look the documents over, shipped or given; one line a finding."""
    found = list(look_over(files))
    for name, finding in found:
        click.echo(f"{name} {finding.severity} {finding}")
    raise SystemExit(1 if any(is_fault(finding) for _name, finding in found) else 0)


@commands.command("export")
@click.argument("code")
@click.option("--number", type=click.IntRange(min=1), help="That version; without it the one in force now.")
def export(code: str, number: int | None) -> None:
    """Write a version of a procedure as TOML, comments included."""
    with runner.unit_of_work(runner.sessions(db.engine), writes=False) as session:
        try:
            text = text_of(session, code, number, runner.utc_now())
        except Refused as refusal:
            raise click.ClickException(str(refusal)) from refusal
    click.echo(text, nl=False)


@commands.command("import")
@click.argument("file", type=GIVEN)
def take_in(file: Path) -> None:
    """Make a draft of a document; somebody else reviews it before it judges anything."""
    with runner.unit_of_work(runner.sessions(db.engine)) as session:
        try:
            said = bring_in(session, file.read_bytes(), runner.utc_now())
        except Refused as refusal:
            raise click.ClickException(str(refusal)) from refusal
    for line in said:
        click.echo(line)


def look_over(paths: Sequence[Path]) -> Iterator[tuple[str, Finding]]:
    """Name of the document and finding, for the given documents, else for all that are shipped."""
    texts = {path.name: path.read_text(encoding="utf-8") for path in paths} or shipped()
    for name, text in texts.items():
        try:
            found = lint(parse(text))
        except ProcedureFault as fault:
            found = list(fault.findings)
        for finding in found:
            yield name, finding


def is_fault(finding: Finding) -> bool:
    """Whether the document cannot be put in force with it; a hint only asks for a second look."""
    return finding.severity == Severity.ERROR


def text_of(session: Session, code: str, number: int | None, now: datetime) -> str:
    """The text of that version, drafts too; without a number of the one in force."""
    known = number or procedures.number_in_force(session, code, now)
    query = select(ProcedureVersion.text).where(ProcedureVersion.code == code, ProcedureVersion.number == known)
    text = session.scalar(query)
    if text is None:
        raise NotFound("没有制度 {code} 的第 {number} 版", code=code, number=known or "—")
    return text


def bring_in(session: Session, content: bytes, now: datetime) -> list[str]:
    """What a document has become as a draft, and what is doubtful in it, one line each."""
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as fault:
        raise Refused("文件应为 UTF-8 编码") from fault
    done = drafts.import_procedure(session, arguments={"text": text}, actor=SYSTEM, now=now)
    draft = done.result
    findings = lint(procedures.compiled(draft.text, draft.number))
    return [f"{draft} {draft.state}", *done.warnings, *(f"{found.severity} {found}" for found in findings)]
