"""Lint of names: outcomes, steps, forms, limits and duties that speak of what the document does not have."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from rules.faults import Finding, Place
from rules.indicators import COUNTS, OF_GRADE, OF_LIMIT, OF_LINK, OF_PAPER
from rules.known import categories, departments, fact_names
from rules.lifecycle import ANYBODY, NEUTRAL, PERSONS, PLACES, RELATIONS, SELF, SYSTEM
from rules.lint_cells import nearest
from rules.procedure import Procedure
from rules.report_rows import NUMBERED, OF_FEES, OF_PAPERS, ReportRow

RECIPIENTS = (
    *("承办部门负责人", "责任部门负责人", "调查部门负责人", "调查处理人", "承办人", "责任人", "受理人", "登记人"),
    *("承办部门", "责任部门", "投诉责任部门", "调查部门"),
)
MEETINGS = ("field", "document", "circulate")
USUAL = ("受理人", "调查处理人", "承办人", "公司领导", "审计")
"""Roles that may have another name in a document; heads and administrators are made by the house."""
OF_THE_HOUSE = ("部门负责人", "公司领导", "审计", "系统管理员")
"""Roles that every house has: somebody is made one, never everybody."""
Findings = Iterator[Finding]


def lint_names(procedure: Procedure) -> Findings:
    """Every name that leads nowhere."""
    for check in (_stewards, _outcomes, _steps, _forms, _limits, _indicators, _duties, _reports, _pauses, _extensions):
        yield from check(procedure)


def _stewards(procedure: Procedure) -> Findings:
    """Who looks after the document, and who everybody is: a name that leads nowhere would shut everybody out."""
    head, place = procedure.head, Place("procedure")
    for usual, names in head.called.items():
        yield from _known(place.at("called"), usual, USUAL, "常用角色")
        for name in names or ("",):
            yield from _known(place.at("called"), name, head.roles, "角色")
    for cell, who in (("editors", head.editors), ("reviewers", head.reviewers)):
        for entry in who:
            role, _, where = entry.partition("@")
            yield from _known(place.at(cell), role, dict.fromkeys((*head.roles, *OF_THE_HOUSE)), "角色")
            if where:
                yield from _department(procedure, place.at(cell), where)
    if head.everybody:
        mine = [role for role in head.roles if role not in (*OF_THE_HOUSE, *head.sees_all)]
        if head.everybody in head.roles and head.everybody not in mine:
            yield place.at("everybody").has(f"“{head.everybody}”不能人人都是", nearest(head.everybody, mine))
        else:
            yield from _known(place.at("everybody"), head.everybody, mine, "角色")


def _outcomes(procedure: Procedure) -> Findings:
    checks: Mapping[str, Callable[[Procedure, Place, Any], Findings]] = {
        "nature": lambda p, place, then: _known(place, then, p.vocabulary.natures, "性质"),
        "category": lambda p, place, then: _known(place, then, categories(p), "类别"),
        "grade": _grade_outcome,
        "route": _route_outcome,
        "dispatch": _dispatch_outcome,
        "preset": _preset_outcome,
        "notify": lambda p, place, then: _recipients(p, place, then["to"]),
        "duty": _duty_outcome,
        "assess": _assess_outcome,
        "approval": _approval_outcome,
    }
    for rule in procedure.rules:
        if rule.stage in checks:
            yield from checks[rule.stage](procedure, Place("rule", rule.id, "then"), rule.then)


def _grade_outcome(procedure: Procedure, place: Place, then: Any) -> Findings:
    grade = then["grade"] if isinstance(then, Mapping) else then
    yield from _known(place, grade, procedure.grades, "级别")


def _route_outcome(procedure: Procedure, place: Place, then: Any) -> Findings:
    yield from _department(procedure, place, then["department"])
    if "role" in then:
        yield from _known(place, then["role"], procedure.head.roles, "角色")
    if "match" in then:
        yield from _known(place, then["match"], fact_names(procedure), "字段")


def _dispatch_outcome(procedure: Procedure, place: Place, then: Any) -> Findings:
    if "department" in then:
        yield from _department(procedure, place, then["department"])
    if "role" in then:
        yield from _known(place, then["role"], procedure.head.roles, "角色")


def _preset_outcome(procedure: Procedure, place: Place, then: Any) -> Findings:
    for key in then:
        yield from _known(place, key, fact_names(procedure), "字段")


def _duty_outcome(procedure: Procedure, place: Place, then: Any) -> Findings:
    yield from _recipients(procedure, place, [then["to"]])
    kind, _, what = str(then["met_by"]).partition(":")
    yield from _known(place, kind, (*MEETINGS, *NEUTRAL), "完成方式")
    if kind == "document":
        yield from _form(procedure, place, what)
    if kind == "field":
        yield from _known(place, what, fact_names(procedure), "字段")
    if kind == "circulate":
        yield from _known(place, what, procedure.vocabulary.circular_kinds, "通报种类")


def _assess_outcome(procedure: Procedure, place: Place, then: Any) -> Findings:
    item = procedure.standard(then["standard"])
    if item is None:
        yield place.has(f"没有第“{then['standard']}”项考核标准", "、".join(row.no for row in procedure.standards))
    elif then["subject_kind"] not in [subject.kind.value for subject in item.subjects]:
        yield place.has(f"这一项不考核{then['subject_kind']}", "、".join(s.kind.value for s in item.subjects))


def _approval_outcome(procedure: Procedure, place: Place, then: Any) -> Findings:
    yield from _known(place, then["role"], procedure.head.roles, "角色")
    if "department" in then:
        yield from _department(procedure, place, then["department"])
    if "relation" in then:
        yield from _known(place, then["relation"], RELATIONS, "部门关系")


def _steps(procedure: Procedure) -> Findings:
    for step in procedure.steps:
        place = Place("step", step.verb)
        yield from _known(place.at("verb"), step.verb, NEUTRAL, "动作")
        yield from _who(procedure, place.at("who"), step.who or ())
    if not procedure.steps:
        yield Place("step").has("没有任何步骤,什么也办不了", "至少写 register、close")


def _who(procedure: Procedure, place: Place, who: Iterable[str]) -> Findings:
    for entry in who:
        if entry in (ANYBODY, SYSTEM):
            continue
        if entry.endswith(SELF):
            yield from _known(place, entry.removesuffix(SELF), PERSONS, "人员关系")
            continue
        role, _, where = entry.partition("@")
        yield from _known(place, role, procedure.head.roles, "角色")
        if where and where not in PLACES:
            yield from _department(procedure, place, where)


def _forms(procedure: Procedure) -> Findings:
    for form in procedure.forms:
        place = Place("form", form.kind)
        yield from _who(procedure, place.at("who"), form.who)
        yield from _who(procedure, place.at("signatures"), [signature.by for signature in form.signatures])
        if form.before:
            yield from _known(place.at("before"), form.before, NEUTRAL, "动作")
        for key in form.state_when:
            yield from _known(place.at("state_when"), key, [field.key for field in form.fields], "表单项")


def _limits(procedure: Procedure) -> Findings:
    used = {step.verb for step in procedure.steps}
    for limit in procedure.limits:
        place = Place("limit", limit.name)
        for cell, deeds in (("starts", limit.started_by), ("met", limit.met_by), ("cancelled", limit.cancelled_by)):
            for deed in deeds:
                yield from _deed(procedure, place.at(cell), deed)
        for cell, names in (
            ("overdue_to", limit.overdue_to),
            ("urge_to", limit.urge_to),
            ("remind_to", limit.remind_to),
        ):
            yield from _recipients(procedure, place.at(cell), names)
        for rung in limit.ladder:
            yield from _recipients(procedure, place.at("ladder"), [*rung.to, *rung.also_to])
            if rung.grade:
                yield from _known(place.at("ladder"), rung.grade, procedure.grades, "级别")
        if not used & {deed.partition(":")[0] for deed in limit.met_by}:
            yield place.at("met").has("没有动作能使它完成", "met 写本制度用到的动作")
        if not limit.per and not used & {deed.partition(":")[0] for deed in limit.started_by}:
            yield place.at("starts").may("没有动作会启动它", "starts 写本制度用到的动作")
        if not limit.overdue_to and not any(rung.to for rung in limit.ladder):
            yield place.at("overdue_to").may("超期了没有人知道", "overdue_to 写收件人")


def _deed(procedure: Procedure, place: Place, deed: str) -> Findings:
    """A verb, or a verb and the kind of what it makes."""
    verb, _, kind = deed.partition(":")
    yield from _known(place, verb, NEUTRAL, "动作")
    if kind and verb in ("fill_document", "sign_document"):
        yield from _form(procedure, place, kind)
    if kind and verb == "circulate":
        yield from _known(place, kind, procedure.vocabulary.circular_kinds, "通报种类")


def _indicators(procedure: Procedure) -> Findings:
    for row in procedure.indicators:
        for cell, name in (("numerator", row.numerator), ("denominator", row.denominator)):
            if name:
                yield from _known(Place("indicator", row.name, cell), name, _counts(procedure), "计数")
        for name in row.among:
            yield from _known(Place("indicator", row.name, "among"), name, _counts(procedure), "计数")


def _counts(procedure: Procedure) -> list[str]:
    """Every count that an indicator of this procedure may name."""
    links = dict.fromkeys(count.link for count in procedure.counts if count.link)
    of_limits = (f"{kind}:{limit.name}" for kind in OF_LIMIT for limit in procedure.limits)
    of_papers = (f"{kind}:{form.kind}" for kind in OF_PAPER for form in procedure.forms)
    of_grades = (f"{kind}:{grade}" for kind in OF_GRADE for grade in procedure.grades)
    return [*COUNTS, *of_grades, *of_limits, *of_papers, *(f"{kind}:{link}" for kind in OF_LINK for link in links)]


def _duties(procedure: Procedure) -> Findings:
    for duty in procedure.duties:
        yield from _recipients(procedure, Place("duty", duty.id, "to"), [duty.to])


def _reports(procedure: Procedure) -> Findings:
    """A register shows facts of the case: of its columns each is one."""
    for row in procedure.reports:
        place = Place("report", row.kind)
        if row.makes == "register" and not row.columns:
            yield place.at("column").has("没有列", "至少写一列")
        if (row.makes == "cross") != (len(row.cross) == 2):
            yield place.at("cross").has("交叉表要两个事实", 'makes = "cross",cross = ["category", "grade"]')
        if row.makes == "papers":
            yield from _paper_columns(procedure, place, row)
        for name in row.cross:
            yield from _known(place.at("cross"), name, fact_names(procedure), "事实")
        for column in row.columns:
            if row.makes == "papers":
                continue
            known = list(OF_FEES) if row.over == "fees" else list(fact_names(procedure))
            if column.source != NUMBERED and column.source not in known:
                yield place.at("column").has(f"没有“{column.source}”这个事实", nearest(column.source, known))


def _paper_columns(procedure: Procedure, place: Place, row: ReportRow) -> Findings:
    """A register of documents shows the fields of their form and what is known of the paper itself."""
    yield from _form(procedure, place.at("form"), row.form)
    form = procedure.form(row.form)
    known = [*OF_PAPERS, *(item.key for item in form.fields)] if form else list(OF_PAPERS)
    for column in row.columns:
        yield from _known(place.at("column"), column.source, known, "列")


def _pauses(procedure: Procedure) -> Findings:
    for row in procedure.pauses:
        place = Place("pause", row.reason)
        yield from _named_limits(procedure, place, row.limits)
        yield from _who(procedure, place.at("by"), [row.by] if row.by else [])


def _extensions(procedure: Procedure) -> Findings:
    for row in procedure.extensions:
        place = Place("extension", row.id)
        yield from _named_limits(procedure, place, row.limits)
        yield from _who(procedure, place.at("by"), [row.by])


def _named_limits(procedure: Procedure, place: Place, names: Iterable[str]) -> Findings:
    for name in names:
        yield from _known(place.at("limits"), name, [limit.name for limit in procedure.limits], "时限")


def _known(place: Place, name: object, names: Iterable[str], what: str) -> Findings:
    names = list(names)
    if name not in names:
        yield place.has(f"没有“{name}”这个{what}", nearest(str(name), names))


def _form(procedure: Procedure, place: Place, kind: str) -> Findings:
    if not procedure.form(kind):
        yield place.has(f"没有“{kind}”这种表单", nearest(kind, [form.kind for form in procedure.forms]))


def _department(procedure: Procedure, place: Place, name: str) -> Findings:
    yield from _known(place, name, departments(procedure), "部门")


def _recipients(procedure: Procedure, place: Place, names: Iterable[str]) -> Findings:
    for name in names:
        kind, _, what = name.partition(":")
        if kind == "department" and what:
            yield from _department(procedure, place, what)
        elif kind == "role" and what:
            yield from _known(place, what, procedure.head.roles, "角色")
        else:
            yield from _known(place, name, RECIPIENTS, "收件人")
