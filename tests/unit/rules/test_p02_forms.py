"""P02's forms: the fields of the annexes, in order."""

import pytest

from tests.unit.rules.shared import p02

ANNEX = {
    "督办处理单": """客户姓名 联系电话 反映方式 反映时间 客户反映的服务质量问题内容 客户要求
        调查处理人 承办部门 承办人 办理时限 承办部门负责人签字""",
    "情况表": """客户姓名 客户电话 客户地址 服务质量问题摘要 服务质量问题处理情况 服务质量问题纠正措施
        备注 承办部门负责人签名""",
    "台账": """序号 受理人 受理时间 客户姓名 客户电话 客户地址 服务质量问题内容 被抱怨/投诉部门、人员
        承办部门 处理时限 处理结果 客户满意度(回访) 备注""",
}
TITLES = {
    "督办处理单": "服务质量问题督办处理单",
    "情况表": "服务质量问题处理及纠正措施情况表",
    "台账": "服务质量问题处理管理台账",
}


@pytest.mark.clause("P02-12.1", "P02-12.2", "P02-12.3", "P02-12.5", "P02-12.6")
@pytest.mark.parametrize("kind", ANNEX)
def test_an_annex_has_its_fields_in_order(kind):
    form = p02().form(kind)
    assert [field.label for field in form.fields] == ANNEX[kind].split()
    assert form.title == TITLES[kind]
    assert p02().form(TITLES[kind]) is form


@pytest.mark.clause("P02-12.1", "P02-12.2")
@pytest.mark.parametrize(
    ("kind", "optional"),
    [("督办处理单", ["承办人", "承办部门负责人签字"]), ("情况表", ["备注"])],
)
def test_all_but_these_fields_are_required_when_the_form_is_made(kind, optional):
    assert [field.label for field in p02().form(kind).fields if not field.required] == optional


@pytest.mark.clause("P02-13.1")
def test_an_investigation_report_once_handed_in_is_with_the_company():
    assert p02().form("调查报告").state_when == {"reported_at": "已报公司"}


@pytest.mark.clause("G-14")
def test_the_number_prefixes():
    assert p02().head.number_prefixes == {"complaint": "TS", "order": "DB", "correction": "CZ", "measure": "GJ"}
