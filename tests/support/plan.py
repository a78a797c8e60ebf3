"""An invented procedure in which plans are reviewed, approved, told, accepted and done: for tests of these verbs."""

from __future__ import annotations

from sqlalchemy.orm import Session

from tests.support.cast import employ, under

PLANS = """
[procedure]
code = "PLAN"
title = "方案办理试用制度"
grades = ["要件", "常件"]
grade_at_intake = true
roles = ["受理人", "调查处理人", "承办人", "部门负责人", "公司领导", "系统管理员", "员工"]
everybody = "员工"
departments = [{ name = "服务部" }, { name = "工程部" }]

[procedure.severity]
"要件" = 3
"常件" = 1

[procedure.number_prefixes]
complaint = "TS"

[vocabulary]
channels = ["来电"]
natures = ["投诉"]
conclusions = ["成立", "不成立"]
solution_kinds = ["维修", "退款"]
close_reasons = ["解决"]
complainant_kinds = ["住户", "商户"]
categories = [{ name = "设施" }, { name = "态度" }]
training_kinds = ["投诉处理"]

[[field]]
key = "weighty"
label = "重要"
type = "bool"

[[rule]]
id = "nature"
stage = "nature"
then = "投诉"
because = "只有投诉"
cites = ["1"]

[[rule]]
id = "grade-weighty"
stage = "grade"
when = { weighty = true }
then = "要件"
because = "重要的是要件"
cites = ["2"]

[[rule]]
id = "grade-chosen"
stage = "grade"
when = { "argument.grade" = "要件" }
then = "要件"
because = "登记时选了要件"
cites = ["2"]

[[rule]]
id = "grade-stays"
stage = "grade"
when = { grade = "要件" }
then = "要件"
because = "已经是要件"
cites = ["2"]

[[rule]]
id = "grade-usual"
stage = "grade"
then = "常件"
because = "其余是常件"
cites = ["2"]

[[rule]]
id = "route"
stage = "route"
then = { department = "服务部" }
because = "归服务部"
cites = ["3"]

[[rule]]
id = "dispatch-facilities"
stage = "dispatch"
when = { category = "设施" }
then = { department = "工程部" }
because = "设施归工程部"
cites = ["3"]

[[rule]]
id = "warn-untrained"
stage = "warn"
when = { verb = "update", "argument.handler" = "given", handler_trained = [false, "missing"] }
then = "未见{handler}的培训记录"
because = "承办人须受过培训"
cites = ["6"]

[[rule]]
id = "approval-plan"
stage = "approval"
when = { object = "方案", grade = "要件" }
then = { role = "公司领导" }
because = "要件的方案由公司领导审批"
cites = ["4"]

[[rule]]
id = "no-reply-before-approval"
stage = "require"
when = { verb = "reply", grade = "要件", proposal_state = "not 已批准" }
then = "方案还没有批准,不能回复客户"
because = "批准之后才回复"
cites = ["4"]

[[rule]]
id = "no-work-before-acceptance"
stage = "require"
when = { verb = "implement", proposal_state = ["missing", "not 客户接受"] }
then = "客户还没有接受方案"
because = "接受之后才实施"
cites = ["5"]

[[rule]]
id = "team-with-engineers"
stage = "require"
when = { verb = "form_team", grade = "要件", team_departments = "not has 工程部" }
then = "要件的处理小组须有工程部参加"
because = "要件要工程部参加"
cites = ["7"]

[[rule]]
id = "see-before-planning"
stage = "require"
when = { verb = "propose", weighty = true, site_visited = false }
then = "请先到现场查看"
because = "看过现场再定方案"
cites = ["7"]

[[rule]]
id = "review-first"
stage = "require"
when = { verb = "submit", reviewed_by = "not has 责任部门" }
then = "请先由责任部门审核"
because = "审核之后才报批"
cites = ["4"]

[[step]]
verb = "register"
to = "已受理"

[[step]]
verb = "update"

[[step]]
verb = "dispatch"

[[step]]
verb = "sign_for"

[[step]]
verb = "return_dispatch"

[[step]]
verb = "add_codepartment"

[[step]]
verb = "sign_help"

[[step]]
verb = "finish_help"

[[step]]
verb = "return_help"

[[step]]
verb = "cancel_help"

[[step]]
verb = "judge"

[[step]]
verb = "form_team"
who = ["员工@服务部"]

[[step]]
verb = "site_visit"
who = ["员工"]

[[step]]
verb = "train"

[[step]]
verb = "propose"
to = "方案制定"

[[step]]
verb = "review"

[[step]]
verb = "submit"
to = "待审批"

[[step]]
verb = "approve"
to = "方案沟通"

[[step]]
verb = "reject"
to = "方案制定"

[[step]]
verb = "reply"
to = "方案沟通"

[[step]]
verb = "record_acceptance"
to_when = { "接受" = "实施中", "不接受" = "方案制定" }

[[step]]
verb = "implement"
to_when = { "实施中" = "已反馈" }

[[step]]
verb = "feedback"

[[step]]
verb = "visit"
to_when = { "满意" = "待确认", "不满意" = "重新处理" }

[[step]]
verb = "close"

[[step]]
verb = "withdraw"

[[step]]
verb = "report"

[[report]]
kind = "设施登记表"
when = { category = "设施" }
column = [
    { label = "序号", source = "序号" },
    { label = "内容", source = "content" },
    { label = "部门", source = "complained_department" },
    { label = "涉及人数", source = "parties_count" },
]

[[report]]
kind = "半年评估"
makes = "figures"
summary = true

[[duty]]
id = "evaluation"
title = "评估"
to = "department:服务部"
kind = "半年评估"
period = "year"
times = 2
at = "12-01 09:00"
text = "本年度仅完成{done}次评估,应≥{times}次"
"""

TIMED = (
    PLANS.replace('close_reasons = ["解决"]', 'close_reasons = ["解决"]\npause_reasons = ["客户原因", "不可抗力"]')
    + """
[[step]]
verb = "transfer"

[[step]]
verb = "pause"
to = "挂起"

[[step]]
verb = "resume"

[[step]]
verb = "request_extension"

[[step]]
verb = "decide_extension"

[[limit]]
name = "初步回应"
amount = 4
unit = "工作小时"
starts = "register"
trigger = "received_at"
met = ["reply", "feedback"]
cancelled = "withdraw"

[[limit]]
name = "调查期"
amount = 3
unit = "自然日"
per = "调查"
met = "propose"
overdue_to = ["调查部门负责人"]

[[limit]]
name = "处置"
amount = 2
unit = "工作日"
per = "承办"
met = "implement"
overdue_to = ["承办部门负责人"]

[[limit]]
name = "审批"
amount = 1
unit = "工作日"
starts = "submit"
every_time = true
met = ["approve", "reject"]
cancelled = "withdraw"

[[limit]]
name = "回复"
amount = 24
unit = "自然小时"
starts = "approve"
every_time = true
met = "reply"
cancelled = "withdraw"

[[limit]]
name = "一个月"
amount = 1
unit = "自然月"
starts = "register"
trigger = "received_at"
met = "close"
pausable = false
promise = false
ladder = [{ id = "soon", at = "-2天", do = "升级", to = ["role:公司领导"] }, { id = "late", at = "+0", do = "超期" }]
"""
)
"""The same with promises of several kinds: of the case, of each stint of a department, of each version of a plan."""


def move_in(session: Session, text: str = PLANS) -> None:
    """The house under this procedure: two clerks who propose, a leader who approves."""
    under(session, text)
    for name in ("服务甲", "服务乙"):
        employ(session, name, "服务部", "受理人", "调查处理人")
