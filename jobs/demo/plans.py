"""What becomes of each of the month's cases: drawn beforehand, so that every state has some."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from random import Random
from typing import Any

from jobs.demo import cast, material
from jobs.demo.hours import ZONE
from jobs.demo.material import Unit

CASES = 400
FATES = {
    "plain": 187, "second_round": 28, "dissatisfied": 20, "third_round": 7, "late": 34, "extended": 18, "refused": 6,
    "paused": 14, "unreachable": 9, "unfounded": 14, "not_ours": 8, "anonymous": 8, "withdrawn": 9, "void": 6,
    "transferred": 8, "reclassified": 10, "reported": 8, "escalated": 6,
}  # fmt: skip
STANDING = (
    ("stuck", 14, timedelta(days=10), timedelta(days=4)),
    ("paused_now", 7, timedelta(days=12), timedelta(hours=30)),
    ("asked_now", 5, timedelta(days=6), timedelta(hours=20)),
    ("redone", 5, timedelta(days=9), timedelta(days=4)),
    ("today", 10, timedelta(days=4), timedelta(hours=12)),
    ("unsigned", 6, timedelta(days=2), timedelta(hours=6)),
)
"""Cases that stand still now: fate, how many, and between which ages."""
BY_GRUMBLE = {"来电": 60, "来访": 12, "来人": 4, "回访": 8, "日常服务督查": 6, "年度满意度调查": 5, "其它": 3}
BY_COMPLAINT = {
    "来电": 38, "来访": 12, "来函": 7, "公司领导转办": 9, "市长公开电话": 14, "市长信箱": 6, "政府有关部门": 5,
    "其它组织转达": 4, "公共媒体": 5,
}  # fmt: skip
SOUGHT = {"物质": 60, "精神": 25, "物质+精神": 15}
DAYS = {0: 10, 1: 12, 2: 22, 3: 28, 5: 20, 7: 8}
"""How many days an order allows, and how often."""


@dataclass(frozen=True)
class Plan:
    """One case before it happens."""

    arrives: datetime
    fate: str
    unit: Unit
    nature: str
    channel: str
    sought: str
    person: dict[str, Any]
    content: str
    demand: str
    accused: str
    clerk: str
    days: int


def plans(chance: Random, arrivals: Sequence[datetime], now: datetime) -> list[Plan]:
    """A plan for each arrival, of which there are as many as fates or fewer."""
    units = material.units()
    fates = [fate for fate, count in FATES.items() for _ in range(count)]
    chance.shuffle(fates)
    drawn = [_plan(chance, units, at, fate) for at, fate in zip(arrivals, fates, strict=False)]
    return _standing(chance, drawn, now)


def _plan(chance: Random, units: Sequence[Unit], at: datetime, fate: str) -> Plan:
    unit = chance.choices(units, [len(unit.texts) for unit in units])[0]
    nature = _nature(chance, fate)
    channels = BY_COMPLAINT if nature == "投诉" else BY_GRUMBLE
    channel = chance.choices([*channels], [*channels.values()])[0]
    if fate in ("reported", "escalated"):
        channel = chance.choice(("公司领导转办", "市长公开电话", "公共媒体"))
    workers = cast.workers_of(unit.department)
    accused = chance.choice(workers) if workers and chance.random() < 0.45 else ""
    named = accused or "小" + chance.choice(material.SURNAMES)
    sought = chance.choices([*SOUGHT], [*SOUGHT.values()])[0] if nature == "投诉" else "无"
    return Plan(
        arrives=at,
        fate=fate,
        unit=unit,
        nature=nature,
        channel=channel,
        sought=sought,
        person={"anonymous": True} if fate == "anonymous" else material.complainant(chance),
        content=material.said(chance, unit.texts, named),
        demand=chance.choice(unit.demands),
        accused=accused,
        clerk=chance.choice([clerk for clerk in cast.CLERKS if clerk != accused]),
        days=chance.choices([*DAYS], [*DAYS.values()])[0],
    )


def _nature(chance: Random, fate: str) -> str:
    if fate in ("reported", "escalated"):
        return "投诉"
    return "抱怨" if fate in ("reclassified", "anonymous") or chance.random() < 0.66 else "投诉"


def _standing(chance: Random, drawn: list[Plan], now: datetime) -> list[Plan]:
    """Let some of the recent ones stand where they are now: late, paused, waiting, due today."""
    for fate, count, oldest, youngest in STANDING:
        chosen = [
            number
            for number, plan in enumerate(drawn)
            if now - oldest <= plan.arrives <= now - youngest and plan.fate in ("plain", "late", "second_round")
        ]
        for number in chance.sample(chosen, min(count, len(chosen))):
            drawn[number] = replace(drawn[number], fate=fate, days=_days_for(chance, fate, drawn[number], now))
    return drawn


def _days_for(chance: Random, fate: str, plan: Plan, now: datetime) -> int:
    """The limit that makes it late now, or due today, or not yet due."""
    age = (now.astimezone(ZONE).date() - plan.arrives.astimezone(ZONE).date()).days
    if fate == "today":
        return age
    if fate == "redone":
        return 1
    return min(age - 1, chance.choice((1, 2, 3))) if fate == "stuck" else age + chance.randrange(2, 6)
