"""Rows that are no rules, each as a sentence: limits, the rungs of their ladders, pauses, extensions, forms,
indicators, duties. What a rule says is told by views/rulewords.py."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from flask_babel import gettext as _

from rules import editing, lifecycle
from rules.document import DutyRow, ExtensionRow, FormRow, IndicatorRow, LimitRow, PauseRow
from rules.lengths import Offset
from rules.procedure import Procedure
from rules.rungs import Rung
from rules.take_rows import TakeRow
from rules.vocabulary import RungDeed, Unit
from views import cells, sheetoffers
from views.countwords import count_words
from views.rulewords import addressed, condition, fact_label
from views.said import said

DEEDS = {
    RungDeed.REMIND: "提醒 %(to)s",
    RungDeed.FLAG: "记为超期，告知 %(to)s",
    RungDeed.URGE: "催办 %(to)s",
    RungDeed.ESCALATE: "升级，告知 %(to)s",
    RungDeed.REGRADE: "定为 %(grade)s，告知 %(to)s",
}
OF_THESE = re.compile("^\u5176\u4e2d\u7684?")
"""How a count begins that is said in a list of counts; alone it says nothing."""
ALONE = {RungDeed.FLAG: "记为超期", RungDeed.ESCALATE: "升级", RungDeed.REGRADE: "定为 %(grade)s"}
"""The same where nobody is told."""


def rows_of(document: Procedure, raw: Mapping[str, Any], section: str) -> Mapping[str, Any]:
    """The rows of a section as the document means them, by the names by which they are known."""
    name = next(name for name, info in Procedure.model_fields.items() if (info.alias or name) == section)
    return dict(zip(editing.keys(section, raw.get(section, ())), getattr(document, name), strict=True))


def sentence(document: Procedure, section: str, row: Any) -> str:
    """The whole row as one sentence; nothing where a row of that section is none."""
    says = SAYS.get(section)
    if says is None or row is None:
        return ""
    parts = [part for part in says(document, row) if part]
    if cites := getattr(row, "cites", ()):
        parts.append(str(_("依据 %(cites)s", cites=_("、").join(cites))))
    return f"{_('；').join(parts)}{_('。')}"


def limit(document: Procedure, row: LimitRow) -> Iterable[str]:
    """What has to be done within what time, counted from when, and what happens before and after."""
    yield f"“{said(row.name)}”{_('：')}{when(document, row.when)}{promise(document, row)}"
    if row.cancelled_by:
        yield str(_("“%(verbs)s”就取消", verbs=deeds(row.cancelled_by)))
    if row.per:
        yield str(_("每段%(stint)s各计一个", stint=said(row.per)))
    settings = (
        (row.roll, _("到期遇休息日顺延")),
        (row.count_start_day, _("当天算第一天")),
        (row.from_open, _("下班后的从次日上班起算")),
        (row.carry_over, _("只在上班时间走")),
        (not row.pausable, _("不能暂停")),
        (not row.promise, _("超出不算超期")),
    )
    yield from (str(words) for says, words in settings if says)
    if row.ladder:
        yield from (_("，").join(filter(None, rung(document, one, row))) for one in row.ladder)
        return
    soon = percent(row.remind.share)
    if row.remind_to and row.remind.share:
        yield str(
            _("剩 %(share)s 时提醒 %(to)s（至少提前 %(least)s）", share=soon, least=said(row.remind.at_least),
              to=addressed(row.remind_to))
        )  # fmt: skip
    if row.overdue_to:
        yield str(_("超期告知 %(to)s", to=addressed(row.overdue_to)))
    if row.urge:
        yield str(_("超期后每 %(every)s催办 %(to)s", every=said(row.urge.every), to=addressed(row.urge_to)))


def promise(document: Procedure, row: LimitRow) -> str:
    """`2 自然小时内要“回复”，从“登记”起算`."""
    told = {"met": deeds(row.met_by) or str(_("办完")), "length": length(document, row)}
    if row.until_from and row.unit is not Unit.NAMED:
        named = fact_label(document, row.until_from)
        text = _("“%(met)s”以“%(named)s”为期，没有写明就是 %(length)s", named=named, **told)
    elif row.until_from:
        text = _("“%(met)s”以“%(named)s”为期", named=fact_label(document, row.until_from), met=told["met"])
    elif row.unit is Unit.NAMED:
        text = _("“%(met)s”以%(length)s为期", **told)
    else:
        text = _("%(length)s内要“%(met)s”", **told)
    starts = deeds(row.started_by)
    since = _("从“%(verbs)s”起算", verbs=starts) if starts else ""
    if row.trigger:
        fact = fact_label(document, row.trigger)
        since = _("“%(verbs)s”时开始计，从“%(fact)s”起算", verbs=starts, fact=fact)
    return _("，").join(filter(None, (str(text), str(since))))


def length(document: Procedure, row: LimitRow) -> str:
    """How long, in words; where it comes from when the case says it."""
    if row.amount is None and row.amount_from:
        what = said(sheetoffers.labels(document).get(row.amount_from, row.amount_from))
        return str(_("“%(what)s”所写的%(unit)s", what=what, unit=_(str(row.unit))))
    return str(said(str(row.limit())))


def rung(document: Procedure, row: Rung, of: LimitRow | None = None) -> Iterable[str]:
    """When a rung is climbed, what it does, whom it tells, how often."""
    to = addressed(of.recipients(row) if of else row.to)
    text = DEEDS[row.do] if to or row.do not in ALONE else ALONE[row.do]
    values = {"to": to or str(_("时限写明的人"))} if text == DEEDS[row.do] else {}
    yield f"{_at(row.offset, row.at_least)} {_(text, grade=said(row.grade), **values)}".strip()
    if row.every:
        again = _("共 %(n)s 次", n=row.times) if row.times else _("直到办完")
        yield str(_("之后每 %(every)s一次，%(again)s", every=said(row.every), again=again))
    if row.also_from and row.also_to:
        yield str(_("第 %(n)s 次起还告知 %(to)s", n=row.also_from, to=addressed(row.also_to)))
    if row.when:
        yield str(_("只在 %(tests)s 时", tests=tests(document, row.when)))
    yield from (str(words) for says, words in ((row.digest, _("并入当天汇总")), (row.anytime, _("夜间也发"))) if says)


def _at(offset: Offset, at_least: str) -> str:
    if offset.share is not None:
        words = str(_("剩 %(share)s 时", share=percent(offset.share)))
        return words + (str(_("（至少提前 %(least)s）", least=said(at_least))) if at_least else "")
    far = f"{offset.length.number} {_(str(offset.length.unit))}"
    if not offset.length.number:
        return str(_("到期时"))
    return str(_("到期前 %(far)s", far=far) if offset.before else _("到期后 %(far)s", far=far))


def pause(document: Procedure, row: PauseRow) -> Iterable[str]:
    """What standing still for a reason needs."""
    yield str(_("因“%(reason)s”暂停，最长 %(longest)s", reason=said(row.reason), longest=said(row.longest)))
    if row.by:
        yield str(_("由 %(who)s 批准", who=who([row.by])))
    if row.evidence:
        yield str(_("要附证据"))
    yield _of_limits(row.limits)
    if row.tell:
        yield str(_("要告知反映人"))


def extension(document: Procedure, row: ExtensionRow) -> Iterable[str]:
    """Up to how much longer, and who decides it."""
    more = _("延期合计不超过 %(more)s 的", more=said(row.up_to)) if row.up_to else _("延期不论多长")
    yield f"{more}{_('，')}{_('由 %(who)s 决定', who=who([row.by]))}"
    if row.times:
        yield str(_("最多 %(n)s 次", n=row.times))
    yield _of_limits(row.limits)
    if row.tell:
        yield str(_("要告知反映人"))


def form(document: Procedure, row: FormRow) -> Iterable[str]:
    """What the document is, who writes it, before what it must be there, what it holds."""
    title = said(row.title or row.kind)
    if row.made_by:
        yield str(_("“%(title)s”在“%(verb)s”时自动填写", title=title, verb=deeds([row.made_by])))
    else:
        yield str(_("“%(title)s”由 %(who)s 填写", title=title, who=who(row.who) if row.who else _("经办的人")))
    if row.before:
        yield str(_("没有它不能“%(verb)s”", verb=deeds([row.before])))
    must = [said(item.label) for item in row.fields if item.required]
    if must:
        yield str(_("必填 %(n)s 项：%(names)s", n=len(must), names=_("、").join(must)))
    if row.signatures:
        yield str(_("签名：%(names)s", names=_("、").join(said(one.label) for one in row.signatures)))
    if row.copies:
        yield str(_("一式 %(n)s 份：%(names)s", n=len(row.copies), names=_("、").join(map(said, row.copies))))


def indicator(document: Procedure, row: IndicatorRow) -> Iterable[str]:
    """What is divided by what, and what it has to reach."""
    above = counted(row.numerator)
    if row.denominator:
        below = counted(row.denominator)
        yield f"“{said(row.name)}” = {above} ÷ {below}"
    else:
        yield str(_("“%(name)s”数的是%(above)s", name=said(row.name), above=above))
    if row.target is not None:
        yield str(_("目标 %(target)s", target=percent(row.target)))
    if row.exclude_not_due:
        yield str(_("没有到期的不计入"))


def counted(name: str) -> str:
    """What a count of an indicator counts, said alone."""
    return OF_THESE.sub("", count_words(name))


def duty(document: Procedure, row: DutyRow) -> Iterable[str]:
    """Who owes what in each period, and when it is missed."""
    day, _blank, clock = row.at.partition(" ")
    owed = {"to": addressed([row.to]), "title": said(row.title), "n": row.times}
    if row.period == "year":
        at = _("每年 %(day)s %(at)s", day=day, at=clock)
        yield str(_("%(to)s每年要有“%(title)s” %(n)s 次", **owed))
    else:
        at = _("次月第一个工作日 %(at)s", at=clock)
        yield str(_("%(to)s每月要有“%(title)s” %(n)s 次", **owed))
    yield str(_("到%(at)s还没有就提醒", at=at))


def take(document: Procedure, row: TakeRow) -> Iterable[str]:
    """Which cases this document takes, and why."""
    because = said(row.because)
    if row.when:
        yield str(_("当 %(tests)s 时，由本制度受理", tests=tests(document, row.when)))
    else:
        yield str(_("什么件都由本制度受理"))
    yield str(_("因为%(because)s", because=because))


def _of_limits(names: Iterable[str]) -> str:
    shown = _("、").join(map(said, names))
    return str(_("只对 %(names)s", names=shown)) if shown else ""


def when(document: Procedure, asked: Mapping[str, Any]) -> str:
    """The tests of a row as the beginning of a sentence."""
    return str(_("当 %(tests)s 时，", tests=tests(document, asked))) if asked else ""


def tests(document: Procedure, asked: Mapping[str, Any]) -> str:
    return str(_(" 且 ")).join(condition(document, name, raw) for name, raw in asked.items())


def deeds(names: Iterable[str]) -> str:
    """Verbs in the words of their buttons, any of which will do."""
    return str(_(" 或 ")).join(map(cells.term, names))


def who(entries: Iterable[str]) -> str:
    """Entitlements in words."""
    return said(lifecycle.entitlement(tuple(entries), {})).replace("*", str(_("登录的人")))


def percent(share: float) -> str:
    return f"{share * 100:.4g}%"


SAYS: Mapping[str, Callable[[Procedure, Any], Iterable[str]]] = {
    "limit": limit,
    "ladder": rung,
    "pause": pause,
    "extension": extension,
    "form": form,
    "indicator": indicator,
    "duty": duty,
    "take": take,
}
