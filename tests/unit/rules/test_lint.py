"""What lint says: for each kind of finding a small document, the exact words, and the cell they belong to."""

import tomllib
from datetime import date

import pytest

from rules.faults import Finding, Place, ProcedureFault
from rules.lint import cell_findings, lint
from rules.procedure import build, shipped
from tests.unit.rules.shared import changed, p02, row


def grade(name: str, when: dict, then: str = "一级", **more) -> dict:
    return row(id=name, stage="grade", when=when, then=then, **more)


def limit(**cells) -> dict:
    usual = {
        "name": "办理",
        "unit": "自然日",
        "amount": 3,
        "starts": "register",
        "met": "close",
        "overdue_to": ["受理人"],
    }
    return {**usual, **cells}


def regrade(name: str, from_: str, to: str, **more) -> dict:
    return {"id": name, "at": "+0", "do": "定级", "grade": to, "when": {"grade": from_}, **more}


FIELDS = [
    {"key": "bought_on", "label": "购买日期", "type": "date"},
    {"key": "paid", "label": "已付金额", "type": "number"},
    {"key": "media", "label": "媒体曝光", "type": "bool"},
]
TWO_GRADES = {
    "procedure": {"grades": ["一级", "二级"], "severity": {"一级": 4, "二级": 3}},
}

CASES = {
    "unknown fact": (
        {"rule": [row(when={"chanel": "来电"})]},
        "错误 rule(r) when chanel:没有“chanel”这个事实(应为:channel?)",
    ),
    "value outside its list": (
        {"rule": [row(when={"channel": ["来电", "来店"]})]},
        "错误 rule(r) when channel:“来源”没有“来店”这个值(应为:来电?)",
    ),
    "department that does not exist": (
        {"rule": [row(when={"responsible_department": "客服部"})]},
        "错误 rule(r) when responsible_department:没有“客服部”这个部门(应为:客服?)",
    ),
    "role that does not exist": (
        {"rule": [row(when={"actor_roles": "not has 总裁"})]},
        "错误 rule(r) when actor_roles:没有“总裁”这个角色(应为:受理人、部门负责人)",
    ),
    "required document that no form defines": (
        {"rule": [row(stage="require", when={"verb": "close", "documents": "not has 调查报告"})]},
        "错误 rule(r) when documents:没有“调查报告”这种表单",
    ),
    "limit that no document meets": (
        {"limit": [limit(met=["close", "fill_document:回执"])]},
        "错误 limit(办理) met:没有“回执”这种表单",
    ),
    "limit that nothing meets": (
        {"limit": [limit(met="visit")]},
        "错误 limit(办理) met:没有动作能使它完成(应为:met 写本制度用到的动作)",
    ),
    "clock of no limit": (
        {"limit": [limit()], "rule": [row(when={"clock": "回访"})]},
        "错误 rule(r) when clock:没有“回访”这个时限(应为:办理)",
    ),
    "date that is none": (
        {"field": FIELDS, "rule": [row(when={"bought_on": "去年"})]},
        '错误 rule(r) when bought_on:“购买日期”是日期,“去年”不是(应为:"2026-10-01",或 ">= 2026-10-01")',
    ),
    "number that is none": (
        {"field": FIELDS, "rule": [row(when={"paid": ">= 2026-10-01"})]},
        '错误 rule(r) when paid:“已付金额”是数字,“2026-10-01”不是(应为:不加引号的数字,或 ">= 10")',
    ),
    "row that never holds": (
        {"rule": [row(when={"nature": "not 抱怨|投诉"})]},
        "错误 rule(r) when nature:“性质”不可能是“not 抱怨|投诉”,这一行永远不会成立(应为:改条件,或删去这一行)",
    ),
    "count between two counts": (
        {"rule": [row(when={"round": "(2..3)"})]},
        "错误 rule(r) when round:“处理轮次”不可能是“(2..3)”,这一行永远不会成立(应为:改条件,或删去这一行)",
    ),
    "limit whose tests never hold": (
        {"limit": [limit(when={"anonymous": "not 是|否"})]},
        "错误 limit(办理) when anonymous:“匿名”不可能是“not 是|否”,这一行永远不会成立(应为:改条件,或删去这一行)",
    ),
    "shadowed row": (
        {
            **TWO_GRADES,
            "rule": [grade("a", {"nature": "投诉"}), grade("b", {"nature": "投诉", "round": ">= 3"}, "二级")],
        },
        "错误 rule(b):轮不到它:它成立的情形,前面的 a 都已经成立(应为:移到它们前面,或删去)",
    ),
    "row shadowed by several together": (
        {
            **TWO_GRADES,
            "rule": [
                grade("a", {"nature": "投诉", "round": "< 3"}),
                grade("b", {"nature": "投诉", "round": [">= 3", "missing"]}),
                grade("c", {"nature": "投诉", "anonymous": True}, "二级"),
            ],
        },
        "错误 rule(c):轮不到它:它成立的情形,前面的 a、b 都已经成立(应为:移到它们前面,或删去)",
    ),
    "row that only says it again": (
        {"rule": [grade("a", {"nature": "投诉"}), grade("b", {"nature": "投诉", "round": ">= 3"})]},
        "提示 rule(b):轮不到它:它成立的情形,前面的 a 都已经成立,结果也一样(应为:删去这一行)",
    ),
    "row behind one without tests": (
        {**TWO_GRADES, "rule": [grade("a", {}), grade("b", {"nature": "投诉"}, "二级")]},
        "错误 rule(b):轮不到它:它成立的情形,前面的 a 都已经成立(应为:移到它们前面,或删去)",
    ),
    "overlap where one row only may hold": (
        {
            **TWO_GRADES,
            "stages": {"grade": "unique"},
            "rule": [
                grade("a", {"nature": "投诉"}),
                grade("b", {"round": ">= 3", "nature": "given"}, "二级"),
                grade("c", {}, default=True),
            ],
        },
        "错误 rule(b):与 a 同时成立,例如 性质=投诉、处理轮次=3"
        "(应为:改到两行不会同时成立,或让本环节用 first(先成立的为准))",
    ),
    "overlap of one priority": (
        {
            **TWO_GRADES,
            "stages": {"grade": "priority"},
            "rule": [
                grade("a", {"nature": "投诉"}, priority=1),
                grade("b", {"anonymous": True}, "二级", priority=1),
                grade("c", {}, default=True),
            ],
        },
        "提示 rule(b) priority:与 a 优先级相同又同时成立,例如 性质=投诉、匿名=是(应为:写不同的 priority)",
    ),
    "twin": (
        {"rule": [row(id="a", when={"round": "< 3"}), row(id="b", when={"round": "<= 2"})]},
        "提示 rule(b):与 a 条件相同,结果也相同(应为:删去其中一行)",
    ),
    "row within another": (
        {"rule": [row(id="a", when={"round": "< 2"}), row(id="b", when={"round": "< 3"})]},
        "提示 rule(a):多余:它成立时 b 也成立,结果也一样(应为:删去这一行)",
    ),
    "gap": (
        {
            "field": FIELDS,
            "rule": [
                grade("a", {"nature": "投诉", "media": True}),
                grade("b", {"nature": "投诉", "media": False, "round": ">= 2"}),
            ],
        },
        "提示 stages(grade):有的情形没有一行作出决定,例如 性质=投诉、媒体曝光=(未填)"
        "(应为:补一行,或加默认行(default = true))",
    ),
    "second default": (
        {"rule": [grade("a", {}, default=True), grade("b", {}, default=True)]},
        "错误 rule(b) default:本环节已有默认行 a(应为:只留一行)",
    ),
    "ladder that loops": (
        {**TWO_GRADES, "limit": [limit(ladder=[regrade("甲", "二级", "一级"), regrade("乙", "一级", "二级")])]},
        "错误 limit(办理) ladder:阶梯绕回原处:二级→一级→二级(应为:改其中一级的 grade 或 when)",
    ),
    "ladder without end": (
        {"limit": [limit(ladder=[regrade("甲", "missing", "一级", every="1天", times=0)])]},
        "错误 limit(办理) ladder:“甲”没完没了地定为一级(应为:写 times,或去掉 every)",
    ),
    "escalation that loops": (
        {
            **TWO_GRADES,
            "rule": [
                row(id="a", stage="escalate", when={"grade": "二级"}, then="一级"),
                row(id="b", stage="escalate", when={"grade": "一级"}, then="二级"),
            ],
        },
        "错误 stages(escalate):升级绕回原处:二级→一级→二级(应为:改其中一行的结果或条件)",
    ),
    "departments above one another": (
        {"procedure": {"departments": [{"name": "甲", "parent": "乙"}, {"name": "乙", "parent": "甲"}]}},
        "错误 procedure departments:上级部门绕成一圈:甲→乙→甲(应为:改其中一个的 parent)",
    ),
    "reviewers who are nobody": (
        {"procedure": {"reviewers": ["无人"]}},
        "错误 procedure reviewers:没有“无人”这个角色(应为:公司领导、受理人、审计、系统管理员、部门负责人)",
    ),
    "editors of a department that there is not": (
        {"procedure": {"editors": ["受理人@财务"]}},
        "错误 procedure editors:没有“财务”这个部门(应为:客服)",
    ),
    "everybody a role that there is not": (
        {"procedure": {"everybody": "员工"}},
        "错误 procedure everybody:没有“员工”这个角色(应为:受理人)",
    ),
    "everybody a head": (
        {"procedure": {"everybody": "部门负责人"}},
        "错误 procedure everybody:“部门负责人”不能人人都是(应为:受理人)",
    ),
    "category that does not exist": (
        {"rule": [row(stage="category", then="热线/等候", default=True)]},
        "错误 rule(r) then:没有“热线/等候”这个类别",
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_each_kind_of_finding_has_its_words(name):
    sections, words = CASES[name]
    assert [f"{finding.severity} {finding}" for finding in lint(changed(**sections))] == [words]


@pytest.mark.parametrize(
    ("sections", "spot"),
    [
        (CASES["unknown fact"][0], ("rule", "r", "when.chanel")),
        (CASES["limit that nothing meets"][0], ("limit", "办理", "met")),
        (CASES["shadowed row"][0], ("rule", "b", "")),
        (CASES["gap"][0], ("stages", "grade", "")),
        (CASES["departments above one another"][0], ("procedure", "", "departments")),
        (CASES["ladder that loops"][0], ("limit", "办理", "ladder")),
        ({"step": [{"verb": "visit", "who": ["总裁"]}]}, ("step", "visit", "who")),
    ],
)
def test_a_finding_says_beside_which_cell_it_belongs(sections, spot):
    (finding,) = lint(changed(**sections))
    assert (finding.section, finding.row, finding.cell) == spot


@pytest.mark.parametrize(
    ("sections", "spot"),
    [
        ({"rule": [row(when={"round": ">= 三"})]}, ("rule", "r", "when.round")),
        ({"rule": [row(then=3)]}, ("rule", "r", "")),
        ({"rule": [row(because="")]}, ("rule", "r", "because")),
        ({"rule": [row(default=True, when={"round": 3})]}, ("rule", "r", "")),
        ({"limit": [limit(unit="天")]}, ("limit", "办理", "unit")),
        ({"procedure": {"roles": "受理人"}}, ("procedure", "", "roles")),
        ({"vocabulary": {"natures": [3]}}, ("vocabulary", "natures", "0")),
        (
            {"assessment": [{"no": "5", "sub": "b", "category": "甲", "requirement": "乙"}]},
            ("assessment", "5b", "subjects"),
        ),
    ],
)
def test_a_document_that_cannot_be_read_says_it_beside_the_cell_too(sections, spot):
    with pytest.raises(ProcedureFault) as fault:
        changed(**sections)
    (finding,) = fault.value.findings
    assert (finding.section, finding.row, finding.cell) == spot


SILENT = {
    "rows of one nature leave the other alone": {"rule": [grade("a", {"nature": "投诉"})]},
    "a last row without tests leaves no gap": {"rule": [grade("a", {"round": 3}), grade("b", {})]},
    "a default row leaves no gap": {"rule": [grade("a", {}, default=True), grade("b", {"round": 3})]},
    "first takes the first of rows that overlap": {
        **TWO_GRADES,
        "rule": [grade("a", {"nature": "投诉", "round": 3}, "二级"), grade("b", {"nature": "投诉"})],
    },
    "a gap that registration refuses is none": {
        "rule": [
            row(stage="require", when={"verb": "register", "argument.channel": "missing"}),
            row(id="b", stage="route", when={"channel": "来电"}, then={"department": "客服"}),
        ],
    },
    "what is missing may be refused instead of decided": {
        "rule": [
            row(stage="require", when={"verb": "register", "grade": "missing"}),
            grade("a", {"round": 3}),
            grade("b", {"round": 4}),
        ],
    },
    "an argument that may be a number or a word": {
        "rule": [
            row(id=name, stage="approval", when={"argument.some": raw}, then={"role": "受理人"})
            for name, raw in (("a", "< 5"), ("b", ">= 5"), ("c", "given"))
        ],
    },
    "rows that say the same of different cases": {
        "rule": [row(id="a", when={"round": 2}), row(id="b", when={"anonymous": True})],
    },
    "an argument of which nobody knows the type": {
        "rule": [
            row(when={"argument.some_number": "< 1"}),
            row(id="b", when={"argument.some_number": ["甲", "< 3"]}, then="别的"),
        ],
    },
    "flags and lists and days": {
        "field": FIELDS,
        "rule": [
            row(when={"anonymous": "是", "bought_on": date(2026, 1, 1)}),
            row(id="b", when={"documents": "given", "bought_on": ">= 2026-01-01"}),
        ],
    },
    "a limit that begins with a stint": {
        "limit": [limit(starts=[], per="协办", until_from="argument.expected_finish_at")],
    },
}


@pytest.mark.parametrize("name", SILENT)
def test_lint_is_silent_where_nothing_is_wrong(name):
    assert list(map(str, lint(changed(**SILENT[name])))) == []


def test_one_cell_can_be_looked_at_before_it_is_stored():
    place = Place("rule", "grade-3", "when.nature")
    assert list(cell_findings(p02(), place, "nature", "投诉")) == []
    (finding,) = cell_findings(p02(), place, "nature", "表扬")
    assert finding == Finding(
        "rule(grade-3) when nature",
        "“性质”没有“表扬”这个值",
        "投诉、抱怨",
        section="rule",
        row="grade-3",
        cell="when.nature",
    )


def p02_with(change) -> list[str]:
    """What lint says of P02 after a change to its document."""
    document = tomllib.loads(shipped()["P02"])
    change(document)
    return [f"{finding.severity} {finding}" for finding in lint(build(document))]


def test_without_the_guard_that_asks_for_it_p02_leaves_the_nature_of_some_cases_open():
    def unguarded(document):
        document["rule"] = [rule for rule in document["rule"] if rule["id"] != "need-nature"]

    fill = "(应为:补一行,或加默认行(default = true))"
    assert p02_with(unguarded) == [
        "提示 stages(nature):有的情形没有一行作出决定,"
        f"例如 填写的性质=(未填)、动作=register、寻求补偿=(未填)、来源=来电{fill}",
        f"提示 stages(approval):有的情形没有一行作出决定,例如 审批事项=处分、性质=(未填){fill}",
    ]


def test_a_row_moved_behind_the_last_of_its_stage_is_found():
    def moved(document):
        (rule,) = [rule for rule in document["rule"] if rule["id"] == "grade-1-media"]
        document["rule"].remove(rule)
        document["rule"].append(rule)

    assert p02_with(moved) == [
        "错误 rule(grade-1-media):轮不到它:它成立的情形,前面的 grade-3 都已经成立(应为:移到它们前面,或删去)"
    ]


def test_without_its_last_row_p02_leaves_grades_open():
    def cut(document):
        document["rule"] = [rule for rule in document["rule"] if rule["id"] != "grade-3"]

    (words,) = p02_with(cut)
    assert words.startswith("提示 stages(grade):有的情形没有一行作出决定,例如 性质=投诉、")
