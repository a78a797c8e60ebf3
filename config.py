"""Settings: from the environment, else from ``instance/config.toml``, else the default; and what start-up checks.

Every setting is a field of ``Settings``. ``DUBAN_`` and its name in capitals is the variable; the name itself is the
key of the file. ``HOST``, ``PORT`` and ``DATABASE_URL`` are read without the prefix too.
"""

from __future__ import annotations

import os
import re
import secrets
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from datetime import timedelta
from email.utils import parseaddr
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import click

ROOT = Path(__file__).resolve().parent
VENDOR = ROOT / "static" / "vendor"
FILES_OF_OTHERS = ("tabulator_esm.min.mjs", "tabulator_simple.min.css")
"""What `make install` copies there; pages that use them work as plain tables without."""
COUNTS = ("threads", "sweep_minutes", "session_minutes", "upload_megabytes", "backup_keep")
PLAIN_NAMES = ("host", "port", "database_url")
SECURITIES = ("starttls", "ssl", "none")
SENDER = re.compile(r"[\x21-\x7e]+@[A-Za-z0-9.-]+")


@dataclass(frozen=True)
class Fault:
    """What start-up found; ``id`` never changes, so that it can be searched for. Not every one ``stops`` us."""

    id: str
    hint: str
    way_out: str
    stops: bool = True

    def __str__(self) -> str:
        return f"{self.id}: {self.hint} 解决办法:{self.way_out}"


class Unusable(click.ClickException):
    """The settings cannot work; ``faults`` says why. A command prints them and ends."""

    def __init__(self, faults: list[Fault]) -> None:
        super().__init__("\n".join(map(str, faults)))
        self.faults = faults


def _setting(default: Any, text: str, *, secret: bool = False) -> Any:
    """A field of ``Settings``; a secret one is not shown when the settings are printed."""
    return field(default=default, repr=not secret, metadata={"help": text})


@dataclass(frozen=True)
class Settings:
    """Everything an installation may choose. The help of a field is its line in the manual."""

    instance: Path = field(metadata={"help": "where database, key and uploads live"})
    host: str = _setting("127.0.0.1", "address to listen on")
    port: int = _setting(8000, "port to listen on")
    database_url: str = _setting("", "empty: SQLite in the instance folder", secret=True)
    secret_key: str = _setting("", "empty: made at the first start, instance/secret_key", secret=True)
    public_url: str = _setting("", "address by which people reach the panel, for links in notices")
    organisation: str = _setting("", "name of the organisation, printed above the title of forms")
    procedures: str = _setting("P02", "shipped procedures put in force at the first start, by code, spaces between")
    behind_proxy: bool = _setting(False, "trust one reverse proxy's X-Forwarded-* headers")
    threads: int = _setting(8, "requests answered at once")
    scheduler: bool = _setting(True, "run the jobs in the web process too")
    sweep_minutes: int = _setting(5, "minutes between two sweeps for what is late")
    session_minutes: int = _setting(480, "minutes without a request after which a login ends")
    upload_megabytes: int = _setting(20, "largest upload")
    backup_keep: int = _setting(14, "daily backups kept under instance/backups")
    mail_server: str = _setting("", "server that takes the letters; empty: none leaves")
    mail_port: int = _setting(587, "its port: 587 with starttls, 465 with ssl, 25 with none")
    mail_security: str = _setting("starttls", "how the connection is encrypted: starttls, ssl or none")
    mail_user: str = _setting("", "login at the mail server; empty: without")
    mail_password: str = _setting("", "password at the mail server", secret=True)
    mail_from: str = _setting("", "address that letters come from, also as 督办台 <duban@example.com>")

    @property
    def database(self) -> str:
        """The address of the database with its driver named."""
        if not self.database_url:
            return f"sqlite:///{self.instance / 'duban.sqlite3'}"
        for short in ("postgres://", "postgresql://"):
            if self.database_url.startswith(short):
                return "postgresql+psycopg://" + self.database_url.removeprefix(short)
        return self.database_url

    @property
    def files(self) -> Path:
        """Where uploads are kept."""
        return self.instance / "files"

    @property
    def address(self) -> str:
        """What a person types into the browser."""
        return self.public_url or f"http://{self.host}:{self.port}/"

    def flask(self) -> dict[str, Any]:
        """The settings as Flask and its extensions spell them."""
        https = self.public_url.startswith("https://")
        engine: dict[str, Any] = {"hide_parameters": True}  # a failed statement is logged without names and phones
        if self.database.startswith("postgresql"):
            engine["pool_pre_ping"] = True
        return {
            "SECRET_KEY": self.secret_key,
            "SQLALCHEMY_DATABASE_URI": self.database,
            "SQLALCHEMY_ENGINE_OPTIONS": engine,
            "MAX_CONTENT_LENGTH": self.upload_megabytes * 1024 * 1024,
            "PERMANENT_SESSION_LIFETIME": timedelta(minutes=self.session_minutes),
            "SESSION_COOKIE_NAME": "duban",
            "SESSION_COOKIE_HTTPONLY": True,
            "SESSION_COOKIE_SAMESITE": "Lax",
            "SESSION_COOKIE_SECURE": https,
            "WTF_CSRF_TIME_LIMIT": None,
            "WTF_CSRF_SSL_STRICT": https,
            "UPLOADS": str(self.files),
            "DUBAN": self,
        }


def load(environ: Mapping[str, str] | None = None, instance: Path | None = None) -> Settings:
    """The settings of this installation; raises ``Unusable`` when a value cannot be read or cannot work."""
    environ = os.environ if environ is None else environ
    folder = instance or Path(environ.get("DUBAN_INSTANCE", ROOT / "instance"))
    written, faults = _read_file(folder / "config.toml")
    values: dict[str, Any] = {"instance": folder}
    for name, kind in _kinds().items():
        raw = _from_environment(environ, name)
        raw = written.pop(name, None) if raw is None else raw
        if raw is None:
            continue
        try:
            values[name] = _convert(raw, kind)
        except ValueError:
            faults.append(Fault("S01", f"设置 {name} 的值 {raw!r} 无法识别。", f"请填写{_WORDS[kind]}。"))
    faults += [
        Fault("S02", f"instance/config.toml 中的 {name} 不是设置。", "请对照 docs/settings.md 更正或删除。")
        for name in written
        if name not in _kinds()
    ]
    if not faults:
        settings = Settings(**values)
        faults = [fault for fault in check(settings) if fault.stops]
    if faults:
        raise Unusable(faults)
    return settings if settings.secret_key else Settings(**values, secret_key=_own_key(folder))


def check(settings: Settings) -> list[Fault]:
    """What is wrong with these settings on this machine, before anything is opened."""
    local = settings.host in ("127.0.0.1", "localhost", "::1")
    known = settings.database.split(":")[0] in ("sqlite", "postgresql+psycopg")
    key = settings.secret_key
    found = [
        (bool(key) and len(key) < 32, Fault("S03", "secret_key 太短,登录可被伪造。", "删除该设置,系统会自行生成。")),
        (
            not known,
            Fault("S04", "DATABASE_URL 不是 SQLite 或 PostgreSQL。", "例如 postgresql://用户:密码@主机/duban。"),
        ),
        *(
            (not 0 <= port <= 65535, Fault("S05", f"端口 {port} 不存在。", f"{name} 应在 1 至 65535 之间。"))
            for name, port in (("PORT", settings.port), ("mail_port", settings.mail_port))
        ),
        *(
            (getattr(settings, name) < 1, Fault("S06", f"设置 {name} 必须大于 0。", "请填写正整数。"))
            for name in COUNTS
        ),
        (
            not _writable(settings.instance),
            Fault("S07", f"无法写入 {settings.instance}。", "请授予写权限,或设置 DUBAN_INSTANCE。"),
        ),
        (not _has_zone(), Fault("S08", "缺少时区数据 Asia/Shanghai。", "运行 make install。")),
        (
            not (local and not settings.mail_server) and not settings.public_url,
            Fault(
                "S09", "对外监听或发邮件,但未设置 public_url,通知中没有链接。", "设置 DUBAN_PUBLIC_URL。", stops=False
            ),
        ),
        (
            not all((VENDOR / name).is_file() for name in FILES_OF_OTHERS),
            Fault(
                "S12",
                "缺少 static/vendor 下的前端文件,制度编辑器只有普通表格。",
                "联网运行 make install。",
                stops=False,
            ),
        ),
        *_mail_faults(settings),
    ]
    return [fault for wrong, fault in found if wrong]


def _mail_faults(settings: Settings) -> list[tuple[bool, Fault]]:
    """The same of the settings for letters. A password in clear is only told of: the server may be this machine."""
    security, sender = settings.mail_security, parseaddr(settings.mail_from)[1]
    sound = settings.mail_from.isprintable() and SENDER.fullmatch(sender)
    return [
        (
            security not in SECURITIES,
            Fault("S13", f"不认识 mail_security 的值 {security!r}。", f"写 {'、'.join(SECURITIES)} 之一。"),
        ),
        (
            bool(settings.mail_server) and not sound,
            Fault("S14", "设置了 mail_server,但 mail_from 不是电子邮件地址。", "例如 督办台 <duban@example.com>。"),
        ),
        (
            security == "none" and bool(settings.mail_user),
            Fault("S15", "邮件服务器的密码不加密传送。", "mail_security 改为 starttls 或 ssl。", stops=False),
        ),
    ]


_WORDS: dict[type, str] = {int: "整数", bool: "true 或 false", str: "文字"}


def _kinds() -> dict[str, type]:
    """Name and type of each setting; the type is that of the default."""
    return {item.name: type(item.default) for item in fields(Settings) if item.name != "instance"}


def _from_environment(environ: Mapping[str, str], name: str) -> str | None:
    """The variable of a setting; an empty one counts as absent."""
    plain = environ.get(name.upper()) if name in PLAIN_NAMES else None
    return environ.get(f"DUBAN_{name.upper()}") or plain or None


def _convert(raw: object, kind: type) -> object:
    """A written value as its type; ``ValueError`` when it is none."""
    if kind is bool and isinstance(raw, str):
        if raw.lower() not in ("1", "0", "true", "false", "yes", "no"):
            raise ValueError(raw)
        return raw.lower() in ("1", "true", "yes")
    if kind is int and isinstance(raw, str):
        return int(raw)
    if type(raw) is not kind:
        raise ValueError(raw)
    return raw


def _read_file(path: Path) -> tuple[dict[str, Any], list[Fault]]:
    """The keys of the file; none when there is no file."""
    if not path.exists():
        return {}, []
    try:
        return tomllib.loads(path.read_text(encoding="utf-8")), []
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as fault:
        return {}, [Fault("S10", f"{path} 无法读取:{fault}。", "请更正该行。")]


def _writable(folder: Path) -> bool:
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)  # every name and phone will lie in it
    except OSError:
        return False
    return os.access(folder, os.W_OK)


def _has_zone() -> bool:
    try:
        ZoneInfo("Asia/Shanghai")
    except ZoneInfoNotFoundError:
        return False
    return True


def _own_key(folder: Path) -> str:
    """The key of this installation, made at the first start, readable by its owner only."""
    path = folder / "secret_key"
    try:
        handle = os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
    except FileExistsError:
        return path.read_text(encoding="ascii").strip()
    with os.fdopen(handle, "w", encoding="ascii") as file:
        file.write(secrets.token_urlsafe(48))
    return path.read_text(encoding="ascii").strip()
