"""What a verb asks for: typed arguments, read from a form, an API call or a rehearsal by one parser."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, Any, Literal
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from models import Department, Staff
from rules.quantities import length
from workflow import batches
from workflow.errors import Finding, Refused

if TYPE_CHECKING:
    from workflow.act import Act

SHANGHAI = ZoneInfo("Asia/Shanghai")
Kind = Literal[
    "text",
    "long",
    "choice",
    "multi",
    "flag",
    "number",
    "money",
    "date",
    "instant",
    "length",
    "person",
    "name",
    "department",
    "departments",
    "file",
    "files",
    "json",
    "hidden",
    "beside",
]
UNSTORABLE = re.compile("[\x00\ud800-\udfff]")
DEEPEST = 20
MOST_MONEY = Decimal(10**9)
LONGEST = {"text": 200, "long": 20000, "name": 60, "hidden": 200}


@dataclass(frozen=True)
class Argument:
    """One thing that a verb asks for. ``name`` kinds are persons who need not be on the staff list; ``beside`` are
    several texts that are chosen beside the form, not in it."""

    name: str
    label: str
    kind: Kind = "text"
    required: bool = False
    options: tuple[str, ...] | Callable[[Act], Sequence[str]] = ()
    default: Callable[[Act], Any] | None = None
    help: str = ""
    section: str = ""
    minimum: float | None = None
    maximum: float | None = None
    strict: bool = True
    """Whether a choice outside the options is refused."""
    nothing: str = ""
    """A word that says that there is nothing to fill in; why is asked elsewhere."""
    titles: Mapping[str, str] = field(default_factory=dict, hash=False)
    """What the options of a choice are called, where that is not what they are; one of them is always chosen."""
    among: bool = False
    """Whether a form asks only where there is something to choose; who sends it by himself is not refused."""
    longest: int | None = None
    """How many characters there is room for, where it is less than its kind allows."""

    def choices(self, act: Act) -> list[str]:
        """The values offered at this point."""
        return list(self.options(act) if callable(self.options) else self.options)


def parse(act: Act, arguments: Sequence[Argument], raw: Mapping[str, Any]) -> dict[str, Any]:
    """The given arguments as typed values; every fault is named at once. Arguments not given are left out."""
    known = {argument.name: argument for argument in arguments}
    findings = [_unknown(name) for name in raw if name not in known]
    values: dict[str, Any] = {}
    for argument in arguments:
        try:
            value = _read(act, argument, raw.get(argument.name))
        except Refused as refusal:
            findings += refusal.findings
            continue
        if value is None and argument.required:
            findings.append(Finding("请填写{label}", field=argument.name, values={"label": argument.label}))
        if argument.name in raw:
            values[argument.name] = value
    if findings:
        raise Refused(findings=findings)
    return values


def _unknown(name: object) -> Finding:
    shown = UNSTORABLE.sub("�", str(name))[:60]
    return Finding("不认识的参数 {name}", field=shown, values={"name": shown})


def _storable(raw: Any, depth: int = 0) -> bool:
    """Whether both databases can keep every text in it: no NUL, no half of a character, no endless nesting."""
    if isinstance(raw, str):
        return not UNSTORABLE.search(raw)
    if isinstance(raw, Mapping):
        raw = [*raw.keys(), *raw.values()]
    if isinstance(raw, list | tuple):
        return depth < DEEPEST and all(_storable(item, depth + 1) for item in raw)
    return not isinstance(raw, float) or math.isfinite(raw)


def _read(act: Act, argument: Argument, raw: Any) -> Any:
    if not _storable(raw):
        raise _wrong(argument, "{label}含有不能保存的字符")
    if isinstance(raw, str):
        raw = raw.strip()
    if raw is None or raw == "" or raw == [] or (argument.nothing and raw == argument.nothing):
        return None
    return READERS[argument.kind](act, argument, raw)


def _wrong(argument: Argument, text: str, **values: Any) -> Refused:
    return Refused(text, field=argument.name, label=argument.label, **values)


def _text(act: Act, argument: Argument, raw: Any) -> str:
    if not isinstance(raw, str | int | float) or isinstance(raw, bool):
        raise _wrong(argument, "{label}应为文字")
    longest = argument.longest or LONGEST.get(argument.kind, 200)
    if len(str(raw)) > longest:
        raise _wrong(argument, "{label}最多{longest}个字", longest=longest)
    return str(raw)


def _choice(act: Act, argument: Argument, raw: Any) -> str:
    value = _text(act, argument, raw)
    options = argument.choices(act)
    if argument.titles and argument.strict and value not in options:
        raise _wrong(argument, "{label}没有“{value}”这一项,请重新选择", value=value[:60])
    if argument.strict and options and value not in options:
        raise _wrong(
            argument, "{label}没有“{value}”这一项,可选:{options}", value=value[:60], options="、".join(options)
        )
    return value


def _multi(act: Act, argument: Argument, raw: Any) -> list[str]:
    values = raw if isinstance(raw, list | tuple) else [raw]
    if not argument.options:
        # typed, one a line
        lines = (value.splitlines() if isinstance(value, str) else [value] for value in values)
        values = [line for each in lines for line in each if not isinstance(line, str) or line.strip()]
    return [_choice(act, argument, value.strip() if isinstance(value, str) else value) for value in values]


def _flag(act: Act, argument: Argument, raw: Any) -> bool:
    if isinstance(raw, bool):
        return raw
    known = {"是": True, "true": True, "on": True, "1": True, "y": True, "否": False, "false": False, "0": False}
    if str(raw).lower() not in known:
        raise _wrong(argument, "{label}应为是或否")
    return known[str(raw).lower()]


def _number(act: Act, argument: Argument, raw: Any) -> int:
    try:
        if isinstance(raw, bool) or len(str(raw)) > 12:
            raise ValueError
        value = int(str(raw))
    except ValueError:
        raise _wrong(argument, "{label}应为整数") from None
    if argument.minimum is not None and value < argument.minimum:
        raise _wrong(argument, "{label}不能小于{minimum}", minimum=int(argument.minimum))
    if argument.maximum is not None and value > argument.maximum:
        raise _wrong(argument, "{label}不能大于{maximum}", maximum=int(argument.maximum))
    return value


def _money(act: Act, argument: Argument, raw: Any) -> Decimal:
    """An amount in yuan, rounded to nothing: more than two decimals are refused."""
    try:
        if isinstance(raw, bool) or len(str(raw)) > 14:
            raise InvalidOperation
        value = Decimal(str(raw))
        exact = value.quantize(Decimal("0.01"))
    except InvalidOperation:
        raise _wrong(argument, "{label}应为金额,如 80.00") from None
    if value != exact or not MOST_MONEY.copy_negate() < value < MOST_MONEY:
        raise _wrong(argument, "{label}应为金额,如 80.00")
    if argument.minimum is not None and value < Decimal(str(argument.minimum)):
        raise _wrong(argument, "{label}不能小于{minimum}", minimum=int(argument.minimum))
    return exact


def _date(act: Act, argument: Argument, raw: Any) -> date:
    if isinstance(raw, datetime):
        return raw.astimezone(SHANGHAI).date()
    if isinstance(raw, date):
        return raw
    return _instant(act, argument, raw).astimezone(SHANGHAI).date()


def _instant(act: Act, argument: Argument, raw: Any) -> datetime:
    """A moment as typed in Shanghai; without seconds means second 00 (G-01)."""
    if isinstance(raw, datetime):
        return raw if raw.tzinfo else raw.replace(tzinfo=SHANGHAI)
    try:
        value = datetime.fromisoformat(str(raw)[:40])
    except ValueError:
        raise _wrong(argument, "{label}应为日期或时间,如 2026-10-12 09:30") from None
    if not 1990 <= value.year <= 2100:
        raise _wrong(argument, "{label}超出范围")
    if len(str(raw)) <= 10:
        value = datetime.combine(value.date(), time(0))
    return value if value.tzinfo else value.replace(tzinfo=SHANGHAI)


def _length(act: Act, argument: Argument, raw: Any) -> timedelta:
    """A length of time as it is said: 2小时30分钟."""
    found = raw if isinstance(raw, timedelta) else length(raw) if isinstance(raw, str) else None
    if found is None:
        raise _wrong(argument, "{label}应为一段时间,如 2小时30分钟")
    return found


def _person(act: Act, argument: Argument, raw: Any) -> Staff:
    found = find_person(act.session, raw)
    if found is None:
        raise _wrong(argument, "{label}:没有“{value}”这个人", value=str(raw)[:60])
    return found


def _department(act: Act, argument: Argument, raw: Any) -> Department:
    found = find_department(act.session, raw)
    if found is None:
        raise _wrong(argument, "{label}:没有“{value}”这个部门", value=str(raw)[:60])
    return found


def _departments(act: Act, argument: Argument, raw: Any) -> list[Department]:
    return [_department(act, argument, value) for value in (raw if isinstance(raw, list | tuple) else [raw])]


def _json(act: Act, argument: Argument, raw: Any) -> Any:
    return raw


def _key(raw: Any) -> int | None:
    """The row id in what a form or API sent, or nothing when it is a name."""
    text = str(raw)
    return (
        int(text)
        if isinstance(raw, int | str)
        and not isinstance(raw, bool)
        and text.isascii()
        and text.isdigit()
        and len(text) < 16
        else None
    )


def find_person(session: Session, raw: Any) -> Staff | None:
    """A member of staff by id or by name; of two with one name the one that still works here and came first."""
    if isinstance(raw, Staff):
        return raw
    if (key := _key(raw)) is not None:
        return session.get(Staff, key)
    return batches.once(session, ("person", str(raw)), lambda: _person_called(session, str(raw)))


def _person_called(session: Session, name: str) -> Staff | None:
    query = select(Staff).where(Staff.name == name).order_by(Staff.active.desc(), Staff.id).limit(1)
    return session.scalar(query)


def find_department(session: Session, raw: Any) -> Department | None:
    """A department by id or by name."""
    if isinstance(raw, Department):
        return raw
    if (key := _key(raw)) is not None:
        return session.get(Department, key)
    return session.scalar(select(Department).where(Department.name == str(raw)).limit(1))


READERS: dict[str, Callable[[Any, Argument, Any], Any]] = {
    "text": _text,
    "long": _text,
    "name": _text,
    "hidden": _text,
    "choice": _choice,
    "multi": _multi,
    "beside": _multi,
    "flag": _flag,
    "number": _number,
    "money": _money,
    "date": _date,
    "instant": _instant,
    "length": _length,
    "person": _person,
    "department": _department,
    "departments": _departments,
    "file": _json,
    "files": _json,
    "json": _json,
}
