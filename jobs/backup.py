"""One file with every row and every upload, taken while people work.

The file is a zip: ``manifest.json`` (step of the schema, row count and hash of each table, hash of each upload),
``rows/<table>.jsonl`` and ``files/…``. It does not depend on the kind of database: what was saved from SQLite can be
restored into PostgreSQL.
"""

from __future__ import annotations

import hashlib
import json
import os
import zipfile
from collections.abc import Iterable, Iterator
from contextlib import suppress
from datetime import datetime, timedelta
from pathlib import Path
from typing import IO, Any

import click
from sqlalchemy import Connection, Engine
from sqlalchemy.orm import Session

from config import Settings
from jobs import archive
from jobs.runner import Item, Job
from models import migrations

MANIFEST = "manifest.json"
NAMED = "%Y%m%dT%H%M%SZ.zip"


class Unfit(click.ClickException):
    """The file or the place cannot be used; the message says why. A command prints it and ends."""


def save(engine: Engine, files: Path, target: Path) -> dict[str, Any]:
    """Write the backup, read it again, put it in its place; returns the manifest. Only its owner can read the file."""
    draft = target.with_name(f"{target.name}.{os.getpid()}.draft")
    target.parent.mkdir(parents=True, exist_ok=True)
    try:
        with _private(draft) as file, zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as packed:
            with engine.connect() as connection:
                saved = _save_rows(_snapshot(connection), packed)
            manifest = {"schema": migrations.current(engine), "tables": saved, "files": _save_files(files, packed)}
            packed.writestr(MANIFEST, json.dumps(manifest, ensure_ascii=False, indent=1))
        verify(draft)
        draft.replace(target)
    finally:
        draft.unlink(missing_ok=True)
    return manifest


def _private(path: Path) -> IO[bytes]:
    """A new file that nobody else may open: it holds every name, phone and password hash."""
    return os.fdopen(os.open(path, os.O_CREAT | os.O_TRUNC | os.O_RDWR, 0o600), "w+b")


def verify(source: Path) -> dict[str, Any]:
    """The manifest, after every table and file was read and found to be what it says; else ``Unfit``."""
    with opened(source) as packed:
        manifest: dict[str, Any] = json.loads(packed.read(MANIFEST))
        for name, said in manifest["tables"].items():
            with packed.open(f"rows/{name}.jsonl") as lines:
                if archive.summed(lines) != said:
                    raise Unfit(f"表 {name} 与备份清单不符")
        for name, said in manifest["files"].items():
            if _hash_of(packed.open(f"files/{name}")) != said:
                raise Unfit(f"文件 {name} 与备份清单不符")
    return manifest


def opened(source: Path) -> zipfile.ZipFile:
    """The file, if it is one of ours."""
    try:
        packed = zipfile.ZipFile(source)
        packed.getinfo(MANIFEST)
    except (OSError, zipfile.BadZipFile, KeyError) as fault:
        raise Unfit(f"{source} 不是本系统的备份文件") from fault
    return packed


def report(manifest: dict[str, Any]) -> Iterator[str]:
    """One line a table: its rows and their hash; then the uploads."""
    for name, said in manifest["tables"].items():
        yield f"{name:24} {said['rows']:>9} {said['sha256'][:16]}"
    yield f"{'files':24} {len(manifest['files']):>9}"


def job(settings: Settings) -> Job:
    """The nightly backup under ``instance/backups``; the oldest go when there are enough."""
    folder = settings.instance / "backups"

    def find(_session: Session, now: datetime) -> Iterable[Item]:
        # another process of this house may have been quicker
        recent = f"{now - timedelta(hours=1):{NAMED}}"
        return [] if any(path.name > recent for path in folder.glob("*.zip")) else [Item("backup", 0)]

    def do(session: Session, _item: Item, now: datetime) -> None:
        session.rollback()  # the runner began a writing transaction; nobody shall wait for a backup
        bind = session.get_bind()
        _clear(folder, now)
        save(bind.engine, settings.files, folder / f"{now:{NAMED}}")
        for old in sorted(folder.glob("*.zip"))[: -settings.backup_keep]:
            old.unlink()

    return Job("backup", "每日备份", find, do)


def _clear(folder: Path, now: datetime) -> None:
    """Take away what a process that was killed midway has left: drafts that nobody has written to for a day."""
    for draft in folder.glob("*.draft"):
        with suppress(FileNotFoundError):  # another process may just have finished its own
            if draft.stat().st_mtime < (now - timedelta(days=1)).timestamp():
                draft.unlink()


def _snapshot(connection: Connection) -> Connection:
    """A connection that sees every table at one moment; SQLite's readers always do."""
    if connection.dialect.name == "postgresql":
        return connection.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
    return connection


def _save_rows(connection: Connection, packed: zipfile.ZipFile) -> dict[str, archive.Sum]:
    saved = {}
    for table in archive.tables(connection):
        with packed.open(f"rows/{table.name}.jsonl", "w", force_zip64=True) as file:
            saved[table.name] = archive.summed(_written(file, archive.rows(connection, table)))
    return saved


def _written(file: IO[bytes], lines: Iterable[bytes]) -> Iterator[bytes]:
    """Each line, once it is in the file."""
    for line in lines:
        file.write(line)
        yield line


def _save_files(files: Path, packed: zipfile.ZipFile) -> dict[str, str]:
    saved = {}
    for path in sorted(path for path in files.rglob("*") if path.is_file()):
        name = path.relative_to(files).as_posix()
        packed.write(path, f"files/{name}")
        saved[name] = _hash_of(packed.open(f"files/{name}"))
    return saved


def _hash_of(file: IO[bytes]) -> str:
    with file:
        return hashlib.file_digest(file, "sha256").hexdigest()  # type: ignore[arg-type]
