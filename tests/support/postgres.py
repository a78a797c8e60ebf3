"""A private PostgreSQL for one run of the tests: the distribution's server on a socket in a folder of its own."""

from __future__ import annotations

import atexit
import os
import pwd
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path

from tests.support.waiting import until

INSTALL = "apt-get install postgresql"
ROOM = 2 * 2**30
"""Bytes that the databases of one process never come near; a container may have much less of its memory as files."""
# Nothing that a test writes must survive it, so nothing waits for a disk.
FAST = (
    "listen_addresses=",
    "fsync=off",
    "synchronous_commit=off",
    "full_page_writes=off",
    "wal_level=minimal",
    "max_wal_senders=0",
    "autovacuum=off",
    "shared_buffers=64MB",
    "max_connections=60",
    "timezone=UTC",
)


def binary(name: str) -> str:
    """The path of a server program; fails with the command that installs it."""
    folders = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: int(path.parent.name))
    found = shutil.which(name, path=os.pathsep.join(map(str, reversed(folders)))) or shutil.which(name)
    if not found:
        raise RuntimeError(f"PostgreSQL is missing: the tests run on both databases. Way out: {INSTALL}")
    return str(Path(found).resolve())


def account() -> dict[str, object]:
    """How to start a server program: root must lend it the account postgres, since it refuses to be root."""
    if os.geteuid() != 0:
        return {}
    owner = pwd.getpwnam("postgres")
    return {"user": owner.pw_uid, "group": owner.pw_gid, "extra_groups": []}


@lru_cache(maxsize=1)
def scratch() -> Path:
    """A folder for this process, in memory where the system has such a place, gone at the end."""
    memory = Path("/dev/shm")
    roomy = os.access(memory, os.W_OK) and shutil.disk_usage(memory).free > ROOM
    folder = Path(tempfile.mkdtemp(prefix="duban-", dir=memory if roomy else None))
    folder.chmod(0o711)
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return folder


@lru_cache(maxsize=1)
def server() -> str:
    """Start the cluster (once in a process) and return the address of its maintenance database."""
    folder = scratch() / "postgresql"
    folder.mkdir()
    lent = account()
    if lent:
        os.chown(folder, int(str(lent["user"])), int(str(lent["group"])))
    data = folder / "data"
    _run(
        [
            binary("initdb"),
            "-D",
            str(data),
            "-U",
            "duban",
            "-A",
            "trust",
            "-E",
            "UTF8",
            "--locale=C.UTF-8",
            "--no-sync",
            "--no-instructions",
        ],
        lent,
    )
    options = [part for option in FAST for part in ("-c", option)]
    command = [binary("postgres"), "-D", str(data), "-k", str(folder), *options]
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen(command, stdout=log, stderr=log, cwd=folder, **lent)  # type: ignore[call-overload]
    atexit.register(_stop, process)
    _await(folder, process)
    return f"postgresql+psycopg://duban@/postgres?host={folder}"


def _run(command: Sequence[str], lent: dict[str, object]) -> None:
    done = subprocess.run(command, capture_output=True, text=True, cwd="/", **lent)  # type: ignore[call-overload]
    if done.returncode:
        raise RuntimeError(f"{command[0]} failed: {done.stderr}")


def _await(folder: Path, process: subprocess.Popen[bytes]) -> None:
    """Until the server answers on its socket; a server that died says why in its log."""
    import psycopg

    def there() -> bool:
        if process.poll() is not None:
            raise RuntimeError(f"PostgreSQL did not start: {(folder / 'log').read_text()[-2000:]}")
        try:
            psycopg.connect(f"host={folder} user=duban dbname=postgres").close()
        except psycopg.OperationalError:
            return False
        return True

    until(there, every=0.05)


def _stop(process: subprocess.Popen[bytes]) -> None:
    process.send_signal(signal.SIGQUIT)
    try:
        process.wait(10)
    except subprocess.TimeoutExpired:
        process.kill()
