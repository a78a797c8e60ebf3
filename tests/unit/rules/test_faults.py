"""Bad documents: each fault is named by row and cell, with what would be right."""

import pytest

from rules.faults import ProcedureFault, Severity
from rules.lint import errors, lint
from rules.procedure import parse
from tests.unit.rules.shared import SMALL, changed, p02, row


def rule(**cells: str) -> str:
    """The small document with one more rule, its cells as written in TOML."""
    usual = {"id": '"r"', "stage": '"warn"', "when": "{}", "then": '"说明"', "because": '"试"', "cites": '["X-1"]'}
    written = {**usual, **cells}
    return SMALL + "\n[[rule]]\n" + "\n".join(f"{name} = {cell}" for name, cell in written.items() if cell)


def refused(text: str) -> ProcedureFault:
    with pytest.raises(ProcedureFault) as fault:
        parse(text)
    return fault.value


def test_the_small_document_is_sound():
    assert lint(parse(SMALL)) == []


@pytest.mark.parametrize(
    ("text", "where", "wrong", "right"),
    [
        ("[procedure", "文件", "不是 TOML", "行号"),
        ('[procedure]\ntitle = "试"', "procedure code", "缺少", "补上"),
        (SMALL + "\n[misc]\na = 1", "misc", "没有这一项", "删去"),
        (rule(because=""), "rule 第2行(r) because", "缺少", "补上"),
        (rule(cites="[]"), "rule 第2行(r) cites", "太少", "至少 1 个"),
        (rule(stage='"warning"'), "rule 第2行(r)", "没有“warning”这个环节", "warn"),
        (rule(then="3"), "rule 第2行(r)", "then 的写法不合环节 warn", "text"),
        (
            rule(stage='"notify"', then='{ to = "客服", event = "甲", text = "乙" }'),
            "rule 第2行(r)",
            "then 的写法",
            "to =",
        ),
        (rule(stage='"duty"', then='{ title = "甲" }'), "rule 第2行(r)", "then 的写法", "met_by"),
        (rule(when='{ round = ">= 三" }'), "rule 第2行(r) when round", "不是数字", ">= 10"),
        (rule(when='{ round = "[9..3]" }'), "rule 第2行(r) when round", "下限大于上限", "[3..9]"),
        (rule(when="{ channel = [] }"), "rule 第2行(r) when channel", "空列表", "至少写一个值"),
        (SMALL + '\n[[limit]]\nname = "办理"\nunit = "天"', "limit 第1行(办理) unit", "不认识的值“天”", "自然日"),
        (SMALL + '\n[[limit]]\nname = "办理"\nunit = "自然日"', "limit 第1行(办理)", "没有数量", "amount"),
        (
            SMALL + '\n[[limit]]\nname = "办理"\nunit = "自然日"\namount = "三"',
            "limit 第1行(办理) amount",
            "不是整数",
            "整数",
        ),
        (SMALL + '\n[[step]]\nverb = "visit"\nfrom = ["结了"]', "step 第3行(visit) from", "不认识的值“结了”", "已结案"),
        (SMALL + '\n[[field]]\nkey = "影响"\nlabel = "影响"', "field 第1行(影响) key", "写法不对", "a-z"),
        (
            SMALL + '\n[[assessment]]\nno = "1"\ncategory = "甲"\nrequirement = "乙"\nsubjects = []',
            "subjects",
            "太少",
            "1",
        ),
    ],
)
def test_a_document_that_cannot_be_carried_out_is_refused_where_it_is_wrong(text, where, wrong, right):
    finding = next(found for found in refused(text).findings if where in found.where)
    assert wrong in finding.wrong
    assert right in finding.right


def test_every_fault_is_listed_not_only_the_first():
    assert len(refused(rule(because="", cites="[]", stage='"warn"', when="{}")).findings) == 2


@pytest.mark.parametrize(
    ("sections", "where", "wrong", "right"),
    [
        ({"rule": [row(id="n")]}, "rule(n) id", "2 次", "一次"),
        ({"rule": [row(when={"chanel": "来电"})]}, "when chanel", "没有“chanel”这个事实", "channel?"),
        ({"rule": [row(when={"channel": "来店"})]}, "when channel", "没有“来店”这个值", "来电"),
        ({"rule": [row(when={"verb": "registr"})]}, "when verb", "没有“registr”这个动作", "register?"),
        ({"rule": [row(when={"state": "not 结了"})]}, "when state", "没有“结了”这个值", ""),
        ({"rule": [row(when={"anonymous": "也许"})]}, "when anonymous", "只有是与否", "true"),
        ({"rule": [row(when={"round": "二"})]}, "when round", "是数字", ">= 10"),
        ({"rule": [row(when={"nature": ">= 3"})]}, "when nature", "不能比较大小", "列表"),
        ({"rule": [row(when={"nature": "has 抱怨"})]}, "when nature", "不是列表", "等于"),
        ({"rule": [row(stage="nature", then="牢骚")]}, "rule(r) then", "没有“牢骚”这个性质", "抱怨"),
        ({"rule": [row(stage="grade", then="二级")]}, "rule(r) then", "没有“二级”这个级别", "一级?"),
        (
            {"rule": [row(stage="route", then={"department": "客服部"})]},
            "rule(r) then",
            "没有“客服部”这个部门",
            "客服?",
        ),
        (
            {"rule": [row(stage="notify", then={"to": ["role:总裁"], "event": "甲", "text": "乙"})]},
            "rule(r) then",
            "没有“总裁”这个角色",
            "受理人",
        ),
        (
            {"rule": [row(stage="duty", then={"title": "甲", "to": "受理人", "met_by": "document:报告"})]},
            "rule(r) then",
            "没有“报告”这种表单",
            "",
        ),
        (
            {"rule": [row(stage="assess", then={"standard": "9", "subject_kind": "责任人"})]},
            "rule(r)",
            "没有第“9”项",
            "",
        ),
        ({"step": [{"verb": "fly"}]}, "step(fly)", "没有“fly”这个动作", ""),
        ({"step": [{"verb": "visit", "who": ["总裁@客服"]}]}, "step(visit)", "没有“总裁”这个角色", "受理人"),
        ({"step": [{"verb": "visit", "who": ["受理人@客户部"]}]}, "step(visit)", "没有“客户部”这个部门", "客服"),
        ({"step": [{"verb": "visit", "who": ["路人本人"]}]}, "step(visit)", "没有“路人”这个人员关系", "责任人"),
        (
            {
                "limit": [
                    {
                        "name": "办理",
                        "unit": "自然日",
                        "amount": 3,
                        "starts": "register",
                        "met": "visit",
                        "overdue_to": ["受理人"],
                    }
                ]
            },
            "limit(办理)",
            "没有动作能使它完成",
            "met",
        ),
        (
            {"indicator": [{"name": "率", "numerator": "orders_intime"}]},
            "indicator(率)",
            "没有“orders_intime”",
            "orders_in_time?",
        ),
        ({"form": [{"kind": "单", "title": "单", "before": "end"}]}, "form(单)", "没有“end”这个动作", ""),
    ],
)
def test_a_name_that_leads_nowhere_is_found(sections, where, wrong, right):
    found = errors(changed(**sections))
    finding = next(finding for finding in found if where in finding.where)
    assert wrong in finding.wrong
    assert right in finding.right


def test_a_limit_that_nobody_hears_about_is_only_doubtful():
    document = changed(limit=[{"name": "办理", "unit": "自然日", "amount": 3, "starts": "register", "met": "close"}])
    assert [finding.severity for finding in lint(document)] == [Severity.WARNING]


def test_every_shipped_document_is_without_a_doubt():
    assert lint(p02()) == []


def test_a_finding_is_one_line_whatever_is_in_the_cell():
    (finding,) = refused(rule(when='{ round = ">= 三\\n四" }')).findings
    assert str(finding).startswith("rule 第2行(r) when round:“三 四”不是数字")
