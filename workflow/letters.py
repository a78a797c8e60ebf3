"""What becomes of a letter (邮件): taken by one sender, sent, tried again later or given up, sent once more by hand."""

from __future__ import annotations

from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import ColumnElement, Connection, select, update
from sqlalchemy.orm import Session, joinedload

from models import Letter, Notice
from workflow import outbox
from workflow.access import unconcerned
from workflow.act import Act
from workflow.arguments import Argument
from workflow.errors import NotFound, Refused
from workflow.registry import verb

KEPT = timedelta(days=3)
"""How long a letter waits for a server that takes it; a later one would only surprise."""
LEASE = timedelta(minutes=15)
"""How long it belongs to whoever took it: longer than any sender may take over all of his letters."""
RETRY_FIRST = timedelta(minutes=1)
RETRY_LAST = timedelta(days=1)
AT_ONCE = 100


class Why(StrEnum):
    """What keeps a letter from leaving; what the server said, or what had kept it before, follows it."""

    OLD = "超过 3 天没有发出"
    NOBODY = "收件人已停用或没有可用的地址"
    ACCUSED = "投诉的就是收件人"
    RESTORED = "从备份恢复,可能已经发出"
    LOGIN = "邮件服务器拒绝登录"
    UNABLE = "邮件服务器不支持所设的加密或登录方式"
    TRUST = "与邮件服务器的加密连接失败"
    CLOSED = "邮件服务器不接受"
    UNREACHABLE = "连不上邮件服务器"
    SENDER = "邮件服务器不接受发件人"
    ADDRESS = "邮件服务器不收这个地址"
    LETTER = "邮件服务器不收这封邮件"


def due(session: Session, now: datetime) -> list[tuple[int, datetime]]:
    """The next letters that are to be tried, those that wait longest first."""
    query = select(Letter.id, Letter.next_at).where(Letter.next_at <= now).order_by(Letter.next_at, Letter.id)
    return [(key, at) for key, at in session.execute(query.limit(AT_ONCE)) if at is not None]


def take(session: Session, key: int, now: datetime) -> Letter | None:
    """The letter, for this sender alone until the lease is over, to the address that is known now; nothing when
    somebody else has it, or when it is to go no more: then it is given up."""
    mine = Letter.id == key, Letter.next_at <= now
    values = {"next_at": now + LEASE, "attempts": Letter.attempts + 1}
    if not _changes(session, *mine, **values):
        return None
    whole = joinedload(Letter.notice).joinedload(Notice.complaint), joinedload(Letter.to_staff)
    letter = session.get_one(Letter, key, options=whole, populate_existing=True)
    reason = _too_late_for(letter, now)
    if reason is None:
        letter.address = letter.to_staff.email.strip()
        return letter
    letter.next_at, letter.attempts = None, letter.attempts - 1
    letter.error = f"{reason}:{letter.error}" if letter.error else reason
    return None


def _too_late_for(letter: Letter, now: datetime) -> Why | None:
    """What has happened since it was written that lets it go no more: hours pass before a notice of the night is
    delivered, and days before a server takes it."""
    person, notice = letter.to_staff, letter.notice
    if now - letter.since >= KEPT:
        return Why.OLD
    if not outbox.can_be_reached(person):
        return Why.NOBODY
    for_himself = notice.to_staff_id == person.id
    if not for_himself and notice.complaint is not None and not unconcerned(notice.complaint, person):
        return Why.ACCUSED
    return None


def give_up_restored(connection: Connection) -> None:
    """What waited when a backup was taken may have left since: nothing of it goes again by itself."""
    connection.execute(update(Letter).where(Letter.next_at.is_not(None)).values(next_at=None, error=Why.RESTORED))


def sent(session: Session, letter: Letter, now: datetime) -> None:
    """It is under way; also when another sender thinks that he has it now."""
    _changes(session, Letter.id == letter.id, next_at=None, sent_at=now, error="")


def failed(session: Session, letter: Letter, now: datetime, reason: str, *, for_good: bool) -> None:
    """It is tried again after a wait that doubles up to a day, or given up; unless it is another sender's by now."""
    wait = min(RETRY_FIRST * 2 ** min(letter.attempts - 1, 20), RETRY_LAST)
    mine = Letter.id == letter.id, Letter.next_at == letter.next_at
    _changes(session, *mine, next_at=None if for_good else now + wait, error=reason)


def _changes(session: Session, *conditions: ColumnElement[bool], **values: object) -> bool:
    return session.connection().execute(update(Letter).where(*conditions).values(**values)).rowcount == 1


@verb(
    "resend",
    label="再发",
    group="设置",
    needs_case=False,
    guard="never",
    who=("系统管理员",),
    arguments=(Argument("id", "编号", "hidden", required=True),),
)
def resend(act: Act) -> None:
    """A letter that was given up goes out again, to the address that the person has now."""
    text = str(act.arguments["id"])
    key = int(text) if text.isascii() and text.isdigit() and len(text) < 16 else 0
    letter = act.session.get(Letter, key)
    if letter is None:
        raise NotFound("没有这封邮件")
    if letter.state != "未发出":
        raise Refused("这封邮件{state},不用再发", state=letter.state)
    person = letter.to_staff
    if not outbox.can_be_reached(person):
        raise Refused("{name}没有可用的电子邮件地址,请先在“人员”里登记", name=person.name)
    letter.address, letter.since, letter.next_at = person.email.strip(), act.now, act.now
    letter.attempts, letter.error = 0, ""
    act.say(f"{letter.notice.event} → {person}")
    act.result = letter
