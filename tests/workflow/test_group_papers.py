"""The papers, reports and figures of the estate group: one sheet with every stage of a case, and what is counted."""

from __future__ import annotations

import pytest

from models import FormDocument
from tests.support.group import CLERK, COLLEAGUE, COUNSEL, DESK, ENGINEER, FULL, LEADER, OFFICER, Group
from workflow.onpaper import Sheet


def _sheet(group: Group, kind: str) -> Sheet:
    (sheet,) = group.act("print", by=OFFICER, at="2026-05-20 10:00", kind=kind).result
    return sheet


def _row(sheet: Sheet, label: str) -> str:
    (value,) = [entry.value for entry in sheet.rows if entry.label == label]
    return value


def _all_stages(group: Group) -> None:
    """Grumbling first, then quality; a plan refused, another approved, carried out, not content, once more."""
    group.come(at="2026-05-12 18:40", promised_feedback_reason="来电中断", region="华东")
    group.act("communicate", by=DESK, kind="知会", way="电话", person=OFFICER, text="栏杆松动")
    group.analysed("抱怨类", "客户服务", cause_kind="失误")
    group.act("dispatch", by=OFFICER, kind="工作联系单", to_dept="物业公司", note="请先围挡")
    group.act("record_acceptance", accepts="不接受", opinion="围挡不算解决")
    group.act("coordinate", by=OFFICER, unit="总包总部", explanation_to_customer="已催厂家")
    group.analysed(needs_legal=True, needs_other_company="经验支持", media_exposure="可能", lawsuit="无")
    group.reach("reply")
    group.act("reject", by=LEADER, opinion="应覆盖全部住户") if group.the_case().state == "待审批" else None
    group.act("reply", way="面谈", text="更换")
    group.act("record_acceptance", accepts="不接受", opinion="要求补偿")
    plan = {"plan": "更换并补偿", "basis": "合同第十四条", "cost": "2600", "compensation": "800"}
    group.act("propose", kind="补偿", **plan)
    group.reviewed()
    group.act("submit")
    group.act("reject", by=LEADER, opinion="补偿须签协议")
    group.act("propose", kind="补偿", **plan)
    group.reviewed()
    group.act("submit")
    group.act("approve", by=LEADER, opinion="可以")
    group.act("reply", way="面谈", text="更换并补偿")
    group.act("record_acceptance", accepts="接受", opinion="一周内完成")
    done = {"construction_unit": "总包单位", "started_at": "2026-05-13 10:00", "result": "拉拔合格", "amount": "800"}
    group.act("implement", by=ENGINEER, action="整改", **done)
    group.act("visit", by=COLLEAGUE, way="电话", result="满意", comment="感谢")
    group.act("attach", by=OFFICER, kind="楼盘销售信息资料", file="售楼书.pdf")
    group.act("attach", by=OFFICER, kind="专业意见", file="结构意见.pdf")
    group.act("attach", by=OFFICER, kind="录音", file="来电.wav")
    group.act("close", by=COLLEAGUE, close_reason="解决")


STAGES = {
    "投诉人": ["业主甲"],
    "区域": ["华东"],
    "项目": ["甲苑"],
    "楼栋房号": ["2-1102"],
    "接收人": [DESK],
    "接收部门": ["物业公司"],
    "接收时间": ["2026-05-12 18:40"],
    "工作时间接到": ["否"],
    "已告知的反馈时间": ["来电中断"],
    "涉及人数": ["1"],
    "投诉内容": ["阳台栏杆松动"],
    "抱怨类或质量类": ["质量类"],
    "类别": ["工程质量"],
    "原因性质": ["失误"],
    "重要程度": ["热点"],
    "法律诉讼": ["无"],
    "媒体曝光": ["可能"],
    "需法律支持": ["是"],
    "需其他公司协助": ["经验支持"],
    "责任部门": ["项目部"],
    "责任人": ["项目部负责人"],
    "级别变化": ["专管员甲 一般 → 热点"],
    "知会与沟通": [f"知会 电话 {OFFICER} 栏杆松动", "安抚"],
    "工作联系单": ["联系单-202605-0001"],
    "投诉人意见": ["客户未认可", "抱怨未认可,按级别转入处理小组", "方案 1 客户不接受", "方案 3 客户接受"],
    "外部协调": ["总包总部"],
    "处理小组": [f"{CLERK} 客户服务部 组长", "集团客服甲 集团客户服务中心", "副总裁甲 集团 主管副总裁"],
    "现场确认": ["锚固件锈断"],
    "原因分析": ["未做防锈"],
    "处理方案": ["方案 1", "方案 2", "方案 3", "合同第十四条 费用 2600.00 元 补偿 800.00 元", "客户接受"],
    "联合审核": ["方案 1 责任部门 项目部负责人", f"方案 3 法律顾问 {COUNSEL}", "其他公司"],
    "审批": [f"方案 1 区域公司领导层 {LEADER} 同意", "驳回 补偿须签协议", "方案 3 区域公司领导层 区域领导甲 同意 可以"],
    "实施": ["2026-05-13 10:00 – ", "总包单位 800.00 元 拉拔合格"],
    "回访验证": ["电话 满意 感谢"],
    "资料": ["售楼书.pdf", "来电.wav"],
    "结案原因": ["解决"],
}


@pytest.mark.clause("P03-3.1", "P03-3.2", "P03-12.1", "P03-15.1", "P03-6.2", "P03-7.13")
def test_one_sheet_tells_every_stage_of_a_case_in_its_order(group: Group) -> None:
    _all_stages(group)
    sheet = _sheet(group, "客户投诉处理档案表")
    for label, texts in STAGES.items():
        for text in texts:
            assert text in _row(sheet, label), label
    labels = [entry.label for entry in sheet.rows]
    in_order = [label for label in STAGES if label in labels[labels.index("知会与沟通") :]]
    assert in_order == sorted(in_order, key=labels.index)
    assert sheet.number == group.the_case().case_no


@pytest.mark.clause("P03-3.1", "P03-12.2")
def test_the_statement_of_the_complaint_has_a_line_for_the_customer_to_sign(group: Group) -> None:
    group.come()
    sheet = _sheet(group, "客户投诉书")
    assert [_row(sheet, label) for label in ("投诉人", "投诉内容", "要求")] == ["业主甲", "阳台栏杆松动", "尽快修好"]
    assert [(line.label, line.name) for line in sheet.signatures] == [("投诉人签名", ""), ("接收人签名", "")]


@pytest.mark.clause("P03-12.3", "P03-3.4")
def test_what_a_case_has_brought_forth_is_listed_by_its_four_kinds(group: Group) -> None:
    _all_stages(group)
    sheet = _sheet(group, "输出物")
    assert [entry.label for entry in sheet.rows] == ["投诉信息相关资料", "楼盘销售信息资料", "专业意见", "处理方案"]
    assert _row(sheet, "投诉信息相关资料") == "录音 来电.wav"
    assert "售楼书.pdf" in _row(sheet, "楼盘销售信息资料")
    assert "结构意见.pdf" in _row(sheet, "专业意见")
    assert "责任部门 项目部负责人" in _row(sheet, "专业意见")


@pytest.mark.clause("P03-7.5", "P03-12.4")
def test_the_contact_sheet_says_to_whom_what_and_by_when_and_is_numbered_by_the_month(group: Group) -> None:
    group.analysed("抱怨类", "客户服务")
    task = {"kind": "工作联系单", "to_dept": "物业公司", "note": "请先围挡"}
    group.act("dispatch", by=OFFICER, expected_finish_at="2026-05-15 18:00", **task)
    sheet = _sheet(group, "工作联系单")
    found = [_row(sheet, label) for label in ("发往部门", "投诉内容", "投诉人要求", "要求完成时间", "处理任务")]
    assert found == ["物业公司", "阳台栏杆松动", "尽快修好", "2026-05-15 18:00", "请先围挡"]
    assert [line.label for line in sheet.signatures] == ["填写人", "接收部门签收"]
    group.do("dispatch", by=OFFICER, at="2026-05-31 17:00", **task)
    group.do("dispatch", by=OFFICER, at="2026-06-01 10:00", **task)
    assert [paper.no for paper in group.all(FormDocument)] == [
        "联系单-202605-0001",
        "联系单-202605-0002",
        "联系单-202606-0001",
    ]
    assert group.all(FormDocument)[0].author is not None


@pytest.mark.clause("P03-6.1", "P03-13.1", "P03-13.2")
def test_the_month_is_counted_by_kind_and_weight_and_what_is_weighty_is_listed(group: Group) -> None:
    for facts in (
        {"category": "工程质量"},
        {"category": "工程质量", "needs_legal": True},
        {"category": "工程质量", "parties_count": 3},
        {"category": "物业管理", "parties_count": 10},
        {"category": "物业管理"},
    ):
        group.come(**facts)
    given = {"by": LEADER, "at": "2026-06-01 10:00", "period": "2026-05"}
    table = group.do("report", kind="投诉分类统计", **given).result
    assert tuple(table.columns) == ("类别", "重大", "热点", "重要", "一般", "合计")
    assert [tuple(map(str, row)) for row in table.rows] == [
        ("工程质量", "0", "1", "1", "1", "3"),
        ("物业管理", "1", "0", "0", "1", "2"),
        ("合计", "1", "1", "1", "2", "5"),
    ]
    ledger = group.do("report", kind="投诉台账", **given).result
    assert len(ledger.rows) == 5
    weighty = group.do("report", kind="重要热点重大投诉", **given).result
    place = list(weighty.columns).index("重要程度")
    assert sorted(row[place] for row in weighty.rows) == ["热点", "重大", "重要"]


@pytest.mark.clause("P03-16.1", "G-17")
def test_of_sixty_cases_fifty_seven_told_in_time_are_ninety_five_per_cent(group: Group) -> None:
    for number in range(60):
        group.come(at="2026-05-13 10:00", name=f"业主{number}")
        told = "2026-05-13 11:00" if number < 57 else "2026-05-13 11:01"
        group.do("communicate", by=DESK, at=told, kind="知会", way="电话", person=OFFICER, text="告知")
    report = group.do("report", by=LEADER, at="2026-06-01 10:00", kind="月分析", period="2026-05", look=True).result
    (kpi,) = [kpi for share in report.shares for kpi in share.kpis if kpi.name == "1小时知会及时率"]
    assert (kpi.numerator, kpi.denominator, kpi.value) == (57, 60, "95.00%")


@pytest.mark.clause("P03-13.2", "P03-6.1")
def test_what_was_reported_once_is_not_owed_again_in_the_second_round_and_a_full_team_is_full(group: Group) -> None:
    group.reach("visit", parties_count=10)
    group.act("communicate", by=CLERK, kind="上报", way="书面", text="已上报")
    group.act("visit", by=COLLEAGUE, way="电话", result="不满意")
    group.act("update", by=OFFICER, demand="尽快")
    assert group.the_case().round == 2
    assert [title for title in group.duties() if "上报" in title or "小组" in title] == []
    told = [event.text for event in group.events(verb="update") if "上报" in event.text]
    assert told == []
    assert {str(member.staff) for member in group.team(*FULL).result} == set(FULL)


@pytest.mark.clause("P03-6.7", "P03-12.3")
def test_the_legal_adviser_alone_gives_his_opinion_under_a_number_of_its_own(group: Group) -> None:
    group.reach("review")
    asked = {"question": "栏杆脱落伤人的责任", "opinion": "开发商先行赔付"}
    assert group.no("fill_document", by=OFFICER, kind="法律意见", fields=asked)
    assert "法律意见" in group.no("fill_document", by=COUNSEL, kind="法律意见", fields={"question": "责任"})
    given = group.act("fill_document", by=COUNSEL, kind="法律意见", fields=asked).result
    assert (given.state, given.no.partition("-")[0]) == ("已出具", "法务")
    sheet = _sheet(group, "法律意见")
    assert _row(sheet, "法律意见") == "开发商先行赔付"
    assert "法律顾问签名" in [line.label for line in sheet.signatures]
