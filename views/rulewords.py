"""A decision table in words: its tests, its outcomes, and each rule as one sentence. The one home of these words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from flask_babel import gettext as _

from rules.document import RuleRow
from rules.facts import ARGUMENTS, CORE, Fact, lookup
from rules.outcomes import STAGES
from rules.procedure import Procedure
from rules.quantities import written
from rules.table import Hit
from rules.unary import AnyOf, Given, Has, Is, Not, Range, Test, TestFault, parse_test
from views.said import said
from workflow.registry import VERBS

STAGE_WORDS = {
    "preset": "登记时先填上",
    "nature": "是抱怨还是投诉",
    "category": "服务类别",
    "grade": "定级",
    "route": "由谁调查处理",
    "dispatch": "派给谁承办",
    "limits": "时限",
    "team": "处理小组",
    "approval": "由谁审批",
    "require": "缺了就不能办",
    "warn": "提醒",
    "notify": "通知谁",
    "duty": "谁还欠什么",
    "escalate": "升级",
    "assess": "拟考核",
}
COMPARED = {">=": "≥", "<=": "≤", ">": ">", "<": "<"}
PLAIN = {"given": "已经填写", "missing": "没有填写"}
EVENTS = {"event": "事件", "verb": "操作", "object": "对象", "clock": "时限"}


@dataclass(frozen=True)
class RuleLine:
    """A rule as a row of its table."""

    id: str
    tests: tuple[tuple[str, str], ...]
    outcome: str
    because: str
    cites: tuple[str, ...]


def test_words(raw: Any) -> str:
    """A cell of a decision table in words: 主流媒体 或 行风评议, ≥ 10, 不是 投诉, 2小时 至 3天, 没有填写."""
    try:
        return _words(parse_test(raw))
    except TestFault:
        return str(raw)


def with_unit(words: str, unit: str) -> str:
    """An interval with the unit behind its numbers: 1 至 5 人（不含 5）."""
    before, paren, without = words.partition(str(_("（不含 %(what)s）", what="\0")).partition("\0")[0])
    return f"{before} {unit}{paren}{without}"


def _words(test: Test) -> str:
    match test:
        case Given():
            return str(_(PLAIN[str(test)]))
        case AnyOf(tests):
            # "not A or B" would read as "not (A or B)": where a part has a scope of its own the joint is a wider one
            joint = _("，或 ") if any(isinstance(inner, Not | Has | AnyOf) for inner in tests) else _(" 或 ")
            return str(joint).join(map(_words, tests))
        case Not(inner):
            return str(_("不是 %(what)s", what=_words(inner)))
        case Has(wanted):
            return str(_("含有 %(what)s", what=str(_(" 或 ")).join(map(_named, wanted))))
        case Range():
            return _range_words(test)
        case Is(bool() as wanted):
            return str(_("是") if wanted else _("否"))
        case Is(str() as wanted):
            return _named(wanted)
        case Is(wanted):
            return _quantity(wanted)
    return str(test)


def _named(text: str) -> str:
    return str(said(VERBS[text].label if text in VERBS else text))


def _quantity(value: object) -> str:
    """A number, a day, an instant; a length of time in the reader's language."""
    return str(said(written(value))) if isinstance(value, timedelta) else written(value)


def _range_words(test: Range) -> str:
    """An interval; an end that does not count is named."""
    if test.low is None or test.high is None:
        sign = str(test).partition(" ")[0]
        return f"{COMPARED[sign]} {_quantity(test.low if test.high is None else test.high)}"
    low, high = _quantity(test.low), _quantity(test.high)
    without = [end for end, counts in ((low, test.low_in), (high, test.high_in)) if not counts]
    words = str(_("%(low)s 至 %(high)s", low=low, high=high))
    return words + (str(_("（不含 %(what)s）", what=_("、").join(without))) if without else "")


def outcome_words(document: Procedure, then: Any) -> str:
    """What a rule decides, in words."""
    if not isinstance(then, Mapping):
        return str(said(str(then)))
    to = then.get("to", ())
    told = addressed([to] if isinstance(to, str) else to)
    if "event" in then:
        return str(_("通知 %(to)s：%(text)s", to=told, text=said(then.get("text", ""))))
    if "met_by" in then:
        return str(_("%(to)s要办：%(title)s", to=told, title=said(then["title"])))
    if "standard" in then:
        return str(_("按第 %(no)s 项拟考核%(who)s", no=then["standard"], who=said(then["subject_kind"])))
    if "role" in then:
        place = then.get("department") or then.get("relation")
        return str(said(f"{place}的{then['role']}" if place else then["role"]))
    if "grade" in then:
        return str(said(then["grade"])) + (str(_("（暂定）")) if then.get("provisional") else "")
    if "person" in then:
        return " ".join(str(said(then[name])) for name in ("department", "person") if then.get(name))
    return str(
        said(then.get("text") or then.get("department"))
        or _("；").join(f"{fact_label(document, key)} {_filled_in(document, value)}" for key, value in then.items())
    )


def _filled_in(document: Procedure, value: Any) -> str:
    """What a preset fills in; of ``{receiver}`` the name of the fact that is taken over."""
    if isinstance(value, str) and value.startswith("{") and value.endswith("}"):
        return fact_label(document, value[1:-1])
    return test_words(value)


def fact_label(document: Procedure, name: str) -> str:
    """The label of a fact; of an argument that is asked for, the same without its prefix."""
    plain = name.removeprefix("argument.")
    facts = {**(ARGUMENTS if plain != name else {}), **CORE, **document.facts}
    label = said(facts[plain].label if plain in facts else EVENTS.get(plain, plain))
    return str(_("填写的%(what)s", what=label)) if plain != name else label


def condition(document: Procedure, name: str, raw: Any) -> str:
    """One test of a row as part of a sentence: 性质 是 投诉, 涉及人数 ≥ 10 人, 没有填写 社会影响."""
    fact = fact_of(document, name)
    label = fact_label(document, name)
    words = test_words(raw)
    if isinstance(raw, bool):
        return label if raw else str(_("不是%(what)s", what=label))
    if isinstance(raw, str) and raw.strip() in PLAIN:
        return str(_("%(what)s已经填写", what=label) if raw.strip() == "given" else _("%(what)s没有填写", what=label))
    if isinstance(raw, str) and (raw.startswith(("not ", "has ", "[", "(")) or raw[:1] in "<>≥≤"):
        if fact and fact.unit and raw[:1] in "[(<>≥≤":
            words = with_unit(words, said(fact.unit))
        return f"{label} {words}"
    return str(_("%(what)s 是 %(value)s", what=label, value=words))


def fact_of(document: Procedure, name: str) -> Fact | None:
    """The fact of that name, its label and type; nothing when the document knows none."""
    return lookup(name, document.facts)


def conclusion(document: Procedure, stage: str, then: Any) -> str:
    """What follows, as the end of a sentence: 定为 一级投诉, 由 人力资源行政部 调查处理."""
    what = outcome_words(document, then)
    return {
        "preset": lambda: _("先填上 %(what)s", what=what),
        "nature": lambda: _("算作 %(what)s", what=what),
        "category": lambda: _("归入 %(what)s", what=what),
        "grade": lambda: _("定为 %(what)s", what=what),
        "route": lambda: _("由 %(what)s 调查处理", what=what),
        "dispatch": lambda: _("派给 %(what)s 承办", what=what),
        "approval": lambda: _("由 %(what)s 审批", what=what),
        "require": lambda: _("不能办，并说“%(what)s”", what=what),
        "warn": lambda: _("提醒“%(what)s”", what=what),
        "take": lambda: _("按《%(what)s》办理", what=what),
    }.get(stage, lambda: what)()


def sentence(document: Procedure, rule: RuleRow) -> str:
    """The whole row: 当 曝光 是 主流媒体 且 影响 是 重大 时，定为 一级投诉，依据 P02-5.1。"""
    tests = str(_(" 且 ")).join(condition(document, name, raw) for name, raw in rule.when.items())
    end, cites = conclusion(document, rule.stage, rule.then), _("、").join(rule.cites)
    if not tests:
        return str(_("其余情形，%(end)s，依据 %(cites)s。", end=end, cites=cites))
    return str(_("当 %(tests)s 时，%(end)s，依据 %(cites)s。", tests=tests, end=end, cites=cites))


def stage_tables(document: Procedure) -> list[tuple[str, str, str, list[RuleLine]]]:
    """Stage, its name, how its rows are read, and the rows; a stage without rows is left out. What the document takes
    comes first."""
    takes = [
        RuleLine(row.id, _tests(document, row.when), str(_("由本制度受理")), row.because, row.cites)
        for row in document.takes
    ]
    found = [("take", "受理哪些件", str(Hit.FIRST), takes)] if takes else []
    for stage in STAGES:
        rows = [rule_line(document, rule) for rule in document.rules if rule.stage == stage]
        if rows:
            found.append((stage, STAGE_WORDS[stage], str(document.hit(stage)), rows))
    return found


def rule_line(document: Procedure, rule: RuleRow) -> RuleLine:
    """One rule as people read it."""
    return RuleLine(rule.id, _tests(document, rule.when), outcome_words(document, rule.then), rule.because, rule.cites)


def _tests(document: Procedure, when: Mapping[str, Any]) -> tuple[tuple[str, str], ...]:
    return tuple((fact_label(document, name), test_words(raw)) for name, raw in when.items())


def addressed(to: Iterable[str]) -> str:
    """Whom a rule tells; the address itself (``department:``, ``role:``) is left out."""
    return _("、").join(said(name.rpartition(":")[2]) for name in to)
