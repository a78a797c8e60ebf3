"""发送邮件: the letters of the outbox leave one by one, each taken and marked in short transactions, sent between them.

When a sender dies after the server took the letter and before that is marked, it is sent again after its lease: with
the same Message-ID, by which mail programs know it for the same.
"""

from __future__ import annotations

import hashlib
import re
import smtplib
import ssl
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import datetime
from email.message import EmailMessage
from email.policy import SMTP as WIRE
from email.utils import format_datetime, parseaddr
from time import monotonic

import click
from sqlalchemy.orm import Session, sessionmaker

from config import Settings
from jobs.runner import Item, Job, unit_of_work
from models import Letter
from workflow import letters, outbox
from workflow.letters import Why

EVERY_SECONDS = 30
PATIENCE = 20
"""Seconds that the server may take for one answer."""
RUN = 300
"""Seconds after which a run takes no further letter: with the answers of the last one it is over before its lease."""
REST = 300
"""Seconds for which a server that cannot be used is left alone."""
LONGEST_REASON = 300
FOOT = "这封邮件由督办台自动发出,请不要回复。"


class Undelivered(click.ClickException):
    """It did not leave. ``for_good`` says that this letter never will, ``nobody`` that now no letter would."""

    def __init__(self, reason: str, *, for_good: bool = False, nobody: bool = False) -> None:
        super().__init__(reason)
        self.for_good, self.nobody = for_good, nobody


@dataclass
class Postman:
    """Who carries letters to the server of these settings, run after run."""

    settings: Settings
    run: datetime | None = None
    ends: float = 0
    rests: float = field(default=0)
    """Until when the server is left alone."""

    def find(self, session: Session, now: datetime) -> Iterable[Item]:
        """The letters that are to go; without a server those that have waited too long."""
        if monotonic() < self.rests:
            return []
        waiting = letters.due(session, now if self.settings.mail_server else now - letters.KEPT)
        return [Item("letter", key, at) for key, at in waiting]

    def carry(self, session_factory: sessionmaker[Session], item: Item, now: datetime) -> bool:
        """One letter; False when it did not leave: somebody else has it, or it is tried again later."""
        if now != self.run:
            self.run, self.ends = now, monotonic() + RUN
        if monotonic() > self.ends or monotonic() < self.rests:
            return False
        with unit_of_work(session_factory) as session:
            letter = letters.take(session, item.id, now)
        if letter is None:
            return False
        try:
            deliver(self.settings, message(self.settings, letter), letter.address)
        except Undelivered as fault:
            if fault.nobody:
                self.rests = monotonic() + REST
            with unit_of_work(session_factory) as session:
                letters.failed(session, letter, now, str(fault), for_good=fault.for_good)
            return False
        with unit_of_work(session_factory) as session:
            letters.sent(session, letter, now)
        return True


def not_at_once(_session: Session, _item: Item, _now: datetime) -> bool:
    """A letter never leaves within one transaction."""
    return False


def job(settings: Settings) -> Job:
    """The job with the server of these settings."""
    postman = Postman(settings)
    return Job("mailer", "发送邮件", postman.find, not_at_once, in_steps=postman.carry, often=True)


def message(settings: Settings, letter: Letter) -> EmailMessage:
    """What is sent: the notice with its address in the panel, and headers that answering machines respect."""
    address = settings.public_url.rstrip("/")
    link = f"{address}/notices/details/?id={letter.notice_id}" if address else ""
    name = f"letter-{letter.id}-{letter.since:%Y%m%dT%H%M%S}"  # a restored database gives the same numbers again
    written = blank(settings, letter.address, subject(letter), name, letter.since)
    written.set_content("\n\n".join(filter(None, (letter.text, link, FOOT))) + "\n", cte="base64")
    return written


def subject(letter: Letter) -> str:
    """What it is about, without a name: subjects stand in lists that others look at."""
    case = letter.notice.complaint
    return " ".join(["[督办台]", letter.notice.event, case.case_no if case else ""]).strip()


def blank(settings: Settings, address: str, subject: str, name: str, at: datetime) -> EmailMessage:
    """A message without text. What stands in its head is in one line each, whatever was typed."""
    _shown, sender = parseaddr(settings.mail_from)
    installation = hashlib.sha256(f"mail {settings.secret_key}".encode()).hexdigest()[:16]
    written = EmailMessage(policy=WIRE)
    written["From"] = settings.mail_from
    written["To"] = address
    written["Subject"] = " ".join(subject.split())
    written["Date"] = format_datetime(at)
    written["Message-ID"] = f"<{name}.{installation}@{sender.partition('@')[2]}>"
    written["Auto-Submitted"] = "auto-generated"
    written["X-Auto-Response-Suppress"] = "All"
    return written


def deliver(settings: Settings, written: EmailMessage, address: str) -> None:
    """Hand the message to the server; ``Undelivered`` says in words what it would not do."""
    try:
        with _connected(settings) as server:
            _hand_over(server, settings, written, address)
    except smtplib.SMTPAuthenticationError as fault:
        raise Undelivered(f"{Why.LOGIN}:{_answer(fault)}", nobody=True) from fault
    except smtplib.SMTPNotSupportedError as fault:
        raise Undelivered(Why.UNABLE, nobody=True) from fault
    except ssl.SSLError as fault:
        raise Undelivered(f"{Why.TRUST}:{fault.reason or fault}", nobody=True) from fault
    except smtplib.SMTPResponseException as fault:
        raise Undelivered(f"{Why.CLOSED}:{_answer(fault)}", nobody=True) from fault
    except (smtplib.SMTPException, OSError) as fault:
        raise Undelivered(f"{Why.UNREACHABLE}:{_short(str(fault) or type(fault).__name__)}", nobody=True) from fault


def _hand_over(server: smtplib.SMTP, settings: Settings, written: EmailMessage, address: str) -> None:
    _shown, sender = parseaddr(settings.mail_from)
    try:
        server.send_message(written, sender, [address])
    except smtplib.SMTPSenderRefused as fault:
        raise Undelivered(f"{Why.SENDER}:{_answer(fault)}", nobody=True) from fault
    except smtplib.SMTPRecipientsRefused as fault:
        code, said = fault.recipients[address]
        raise Undelivered(f"{Why.ADDRESS}:{code} {_short(said)}", for_good=code >= 500) from fault
    except smtplib.SMTPDataError as fault:
        raise Undelivered(f"{Why.LETTER}:{_answer(fault)}", for_good=fault.smtp_code >= 500) from fault


@contextmanager
def _connected(settings: Settings) -> Iterator[smtplib.SMTP]:
    """A connection, encrypted and signed in as the settings say; a farewell that goes wrong undoes nothing."""
    where = settings.mail_server, settings.mail_port
    if settings.mail_security == "ssl":
        server: smtplib.SMTP = smtplib.SMTP_SSL(*where, timeout=PATIENCE, context=ssl.create_default_context())
    else:
        server = smtplib.SMTP(*where, timeout=PATIENCE)
    try:
        if settings.mail_security == "starttls":
            server.starttls(context=ssl.create_default_context())
        if settings.mail_user:
            server.login(settings.mail_user, settings.mail_password)
        yield server
    finally:
        with suppress(smtplib.SMTPException, OSError):
            server.quit()
        server.close()


def _answer(fault: smtplib.SMTPResponseException) -> str:
    return f"{fault.smtp_code} {_short(fault.smtp_error)}"


def _short(said: str | bytes) -> str:
    text = said.decode("utf-8", "replace") if isinstance(said, bytes) else said
    return re.sub(r"[\s\x00-\x1f\x7f]+", " ", text).strip()[:LONGEST_REASON]


def trial(settings: Settings, address: str, now: datetime) -> Iterator[str]:
    """A letter to that address by these settings, and what became of it."""
    if not settings.mail_server:
        raise Undelivered("没有设置 mail_server,邮件都留着不发。见 docs/settings.md")
    if not outbox.usable(address):
        raise Undelivered(f"“{_short(address)}”不是电子邮件地址")
    yield f"{settings.mail_server}:{settings.mail_port}({settings.mail_security})→ {address}"
    written = blank(settings, address, "[督办台] 试发", f"trial-{now:%Y%m%dT%H%M%S%f}", now)
    written.set_content(f"收到这封邮件,说明督办台能够发邮件。\n\n{FOOT}\n", cte="base64")
    deliver(settings, written, address)
    yield "邮件服务器已经收下。没有收到时,请看看垃圾邮件,并核对 mail_from。"
