"""Lint: names that lead nowhere, values that never hold, promises nobody keeps; decided on the document alone."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from difflib import get_close_matches
from typing import Any

from rules.facts import CORE, Fact, FactType, lookup
from rules.faults import Finding, Severity
from rules.indicators import COUNTS, OF_LIMIT
from rules.lifecycle import ANYBODY, NEUTRAL, PERSONS, RELATIONS, SELF, SYSTEM
from rules.procedure import Procedure
from rules.unary import AnyOf, Given, Has, Is, Not, Range, Test, parse_test
from rules.worktime import BadInterval, parse_intervals

RECIPIENTS = (
    *("承办部门负责人", "责任部门负责人", "调查部门负责人", "调查处理人", "承办人", "责任人", "受理人"),
    *("承办部门", "责任部门", "投诉责任部门", "调查部门"),
)
MEETINGS = ("field", "document", "circulate")


def lint(procedure: Procedure) -> list[Finding]:
    """Everything that is doubtful in a document that can be read; errors first."""
    findings = [finding for check in _CHECKS for finding in check(procedure)]
    return sorted(findings, key=lambda finding: finding.severity is not Severity.ERROR)


def errors(procedure: Procedure) -> list[Finding]:
    """Only what must not be put in force."""
    return [finding for finding in lint(procedure) if finding.severity is Severity.ERROR]


Findings = Iterator[Finding]


def _head(procedure: Procedure) -> Findings:
    head = procedure.head
    try:
        parse_intervals(head.intervals)
    except BadInterval as fault:
        wrong, _, right = str(fault).partition("|")
        yield Finding("procedure intervals", wrong, right)
    for grade in procedure.grades:
        if grade not in head.severity:
            yield Finding("procedure severity", f"级别“{grade}”没有对应的严重程度", f'"{grade}" = 1 到 4')
    names = {row.name for row in head.departments}
    for row in head.departments:
        if row.parent and row.parent not in names:
            yield Finding(
                f"procedure departments({row.name})", f"没有上级部门“{row.parent}”", _nearest(row.parent, names)
            )


def _duplicates(procedure: Procedure) -> Findings:
    kinds: Mapping[str, Iterable[str]] = {
        "rule id": (rule.id for rule in procedure.rules),
        "step verb": (step.verb for step in procedure.steps),
        "form kind": (form.kind for form in procedure.forms),
        "field key": (field.key for field in procedure.fields),
        "duty id": (duty.id for duty in procedure.duties),
        "indicator name": (indicator.name for indicator in procedure.indicators),
        "assessment no": (item.no + item.sub for item in procedure.standards),
        "procedure departments": (row.name for row in procedure.head.departments),
    }
    for where, names in kinds.items():
        for name, times in Counter(names).items():
            if times > 1:
                yield Finding(f"{where}({name})", f"出现了 {times} 次", "每个只写一次")


def _tests(procedure: Procedure) -> Findings:
    rows = [("rule", rule.id, rule.when) for rule in procedure.rules]
    rows += [("limit", limit.name, limit.when) for limit in procedure.limits]
    for section, name, when in rows:
        for fact_name, raw in when.items():
            where = f"{section}({name}) when {fact_name}"
            fact = lookup(fact_name, procedure.facts)
            if fact is None:
                yield Finding(where, f"没有“{fact_name}”这个事实", _nearest(fact_name, _fact_names(procedure)))
            else:
                yield from _fits(where, parse_test(raw), _valued(procedure, fact))


def _fact_names(procedure: Procedure) -> set[str]:
    return {*CORE, *procedure.facts}


def _valued(procedure: Procedure, fact: Fact) -> Fact:
    """The fact with the values that this procedure's lists give it."""
    words = procedure.vocabulary
    lists: Mapping[str, tuple[str, ...]] = {
        "nature": words.natures,
        "channel": words.channels,
        "compensation_sought": words.compensation,
        "grade": procedure.grades,
        "grade_by_facts": procedure.grades,
        "founded": (*words.conclusions, "待定") if words.conclusions else (),
        "close_reason": words.close_reasons,
        "argument.close_reason": words.close_reasons,
        "verb": tuple(NEUTRAL),
    }
    values = lists.get(fact.name) or lists.get(fact.name.removeprefix("argument.")) or fact.values
    return Fact(fact.name, fact.label, fact.type, fact.unit, values)


def _fits(where: str, test: Test, fact: Fact) -> Findings:
    """Whether a test can hold for a fact of that type and those values."""
    match test:
        case AnyOf(tests):
            for inner in tests:
                yield from _fits(where, inner, fact)
        case Not(inner):
            yield from _fits(where, inner, fact)
        case Given():
            return
        case Has() if fact.type is not FactType.LIST and not fact.name.startswith("argument."):
            yield Finding(where, f"“{fact.label}”不是列表", "用等于、列表或区间")
        case Is(wanted):
            yield from _value_fits(where, wanted, fact)
        case Range() if fact.type in (FactType.CHOICE, FactType.FLAG, FactType.LIST):
            yield Finding(where, f"“{fact.label}”不能比较大小", "用等于或列表")


def _value_fits(where: str, wanted: object, fact: Fact) -> Findings:
    if fact.values and isinstance(wanted, str) and wanted not in fact.values:
        yield Finding(where, f"“{fact.label}”没有“{wanted}”这个值", _nearest(wanted, fact.values))
    elif fact.type is FactType.FLAG and not isinstance(wanted, bool):
        yield Finding(where, f"“{fact.label}”只有是与否", "true 或 false")
    elif fact.type is FactType.NUMBER and isinstance(wanted, str):
        yield Finding(where, f"“{fact.label}”是数字", '不加引号的数字,或 ">= 10"')


def _outcomes(procedure: Procedure) -> Findings:
    checks: Mapping[str, Callable[[Procedure, str, Any], Findings]] = {
        "nature": lambda p, where, then: _known(where, then, p.vocabulary.natures, "性质"),
        "grade": _grade_outcome,
        "route": lambda p, where, then: _department(p, where, then["department"]),
        "dispatch": lambda p, where, then: _department(p, where, then["department"]),
        "preset": _preset_outcome,
        "notify": lambda p, where, then: _recipients(p, where, then["to"]),
        "duty": _duty_outcome,
        "assess": _assess_outcome,
        "approval": _approval_outcome,
    }
    for rule in procedure.rules:
        if rule.stage in checks:
            yield from checks[rule.stage](procedure, f"rule({rule.id}) then", rule.then)


def _grade_outcome(procedure: Procedure, where: str, then: Any) -> Findings:
    grade = then["grade"] if isinstance(then, Mapping) else then
    yield from _known(where, grade, procedure.grades, "级别")


def _preset_outcome(procedure: Procedure, where: str, then: Any) -> Findings:
    for key in then:
        yield from _known(where, key, _fact_names(procedure), "字段")


def _duty_outcome(procedure: Procedure, where: str, then: Any) -> Findings:
    yield from _recipients(procedure, where, [then["to"]])
    kind, _, what = str(then["met_by"]).partition(":")
    yield from _known(where, kind, MEETINGS, "完成方式")
    if kind == "document" and not procedure.form(what):
        yield Finding(where, f"没有“{what}”这种表单", _nearest(what, [form.kind for form in procedure.forms]))
    if kind == "field":
        yield from _known(where, what, _fact_names(procedure), "字段")
    if kind == "circulate":
        yield from _known(where, what, procedure.vocabulary.circular_kinds, "通报种类")


def _assess_outcome(procedure: Procedure, where: str, then: Any) -> Findings:
    item = procedure.standard(then["standard"])
    if item is None:
        yield Finding(where, f"没有第“{then['standard']}”项考核标准", "、".join(row.no for row in procedure.standards))
    elif then["subject_kind"] not in [subject.kind.value for subject in item.subjects]:
        yield Finding(where, f"这一项不考核{then['subject_kind']}", "、".join(s.kind.value for s in item.subjects))


def _approval_outcome(procedure: Procedure, where: str, then: Any) -> Findings:
    yield from _known(where, then["role"], procedure.head.roles, "角色")
    if "department" in then:
        yield from _department(procedure, where, then["department"])
    if "relation" in then:
        yield from _known(where, then["relation"], RELATIONS, "部门关系")


def _steps(procedure: Procedure) -> Findings:
    for step in procedure.steps:
        where = f"step({step.verb})"
        yield from _known(where, step.verb, NEUTRAL, "动作")
        yield from _who(procedure, where, step.who or ())
    if not procedure.steps:
        yield Finding("step", "没有任何步骤,什么也办不了", "至少写 register、close")


def _who(procedure: Procedure, where: str, who: Iterable[str]) -> Findings:
    for entry in who:
        if entry in (ANYBODY, SYSTEM):
            continue
        if entry.endswith(SELF):
            yield from _known(where, entry.removesuffix(SELF), PERSONS, "人员关系")
            continue
        role, _, place = entry.partition("@")
        yield from _known(where, role, procedure.head.roles, "角色")
        if place and place not in RELATIONS:
            yield from _department(procedure, where, place)


def _forms(procedure: Procedure) -> Findings:
    for form in procedure.forms:
        where = f"form({form.kind})"
        yield from _who(procedure, where, form.who)
        yield from _who(procedure, where, [signature.by for signature in form.signatures])
        if form.before:
            yield from _known(where, form.before, NEUTRAL, "动作")
        for key in form.state_when:
            yield from _known(where, key, [field.key for field in form.fields], "表单项")


def _limits(procedure: Procedure) -> Findings:
    used = {step.verb for step in procedure.steps}
    for limit in procedure.limits:
        where = f"limit({limit.name})"
        for deed in (*limit.started_by, *limit.met_by, *limit.cancelled_by):
            yield from _known(where, deed.partition(":")[0], NEUTRAL, "动作")
        yield from _recipients(procedure, where, [*limit.overdue_to, *limit.urge_to, *limit.remind_to])
        if not used & {deed.partition(":")[0] for deed in limit.met_by}:
            yield Finding(where, "没有动作能使它完成", "met 写本制度用到的动作")
        if not used & set(limit.started_by):
            yield Finding(where, "没有动作会启动它", "starts 写本制度用到的动作", Severity.WARNING)
        if not limit.overdue_to:
            yield Finding(where, "超期了没有人知道", "overdue_to 写收件人", Severity.WARNING)


def _assessments(procedure: Procedure) -> Findings:
    for item in procedure.standards:
        where = f"assessment({item.no}{item.sub})"
        if item.complaint == "by_severity" and not item.severity:
            yield Finding(where, "按情节处分,却没有可选的处分", "severity 写处分")
        if item.complaint == "by_grade" and set(procedure.grades) - set(procedure.sanctions):
            yield Finding(where, "按级别处分,有的级别没有处分", "[sanctions] 写全各级")
        if item.complaint == "by_grade" and any(subject.points is None for subject in item.subjects):
            yield Finding(where, "没有每次最低扣分", "subjects 写 points")


def _indicators(procedure: Procedure) -> Findings:
    for row in procedure.indicators:
        for name in filter(None, (row.numerator, row.denominator)):
            yield from _known(f"indicator({row.name})", name, _counts(procedure), "计数")


def _counts(procedure: Procedure) -> list[str]:
    """Every count that an indicator of this procedure may name."""
    return [*COUNTS, *(f"{kind}:{limit.name}" for kind in OF_LIMIT for limit in procedure.limits)]


def _duties(procedure: Procedure) -> Findings:
    for duty in procedure.duties:
        yield from _recipients(procedure, f"duty({duty.id})", [duty.to])


_CHECKS: tuple[Callable[[Procedure], Findings], ...] = (
    *(_head, _duplicates, _tests, _outcomes, _steps, _forms, _limits, _assessments, _indicators, _duties),
)


def _known(where: str, name: object, names: Iterable[str], what: str) -> Findings:
    names = list(names)
    if name not in names:
        yield Finding(where, f"没有“{name}”这个{what}", _nearest(str(name), names))


def _department(procedure: Procedure, where: str, name: str) -> Findings:
    yield from _known(where, name, [row.name for row in procedure.head.departments], "部门")


def _recipients(procedure: Procedure, where: str, names: Iterable[str]) -> Findings:
    for name in names:
        kind, _, what = name.partition(":")
        if kind == "department" and what:
            yield from _department(procedure, where, what)
        elif kind == "role" and what:
            yield from _known(where, what, procedure.head.roles, "角色")
        else:
            yield from _known(where, name, RECIPIENTS, "收件人")


def _nearest(name: str, names: Iterable[str]) -> str:
    """The likeliest of the known names; a few of them when none is alike."""
    known = sorted(names)
    alike = get_close_matches(name, known, n=1, cutoff=0.5)
    if alike:
        return f"{alike[0]}?"
    return "、".join(known[:8]) + ("…" if len(known) > 8 else "")
