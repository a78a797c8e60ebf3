"""An invented procedure of estates: cases that are alike, who looks after an estate, limits that only measure."""

ESTATES = """
[procedure]
code = "EST"
title = "小区来件试用制度"
grades = ["上等", "中等", "下等"]
roles = ["受理人", "管家", "主任", "部门负责人", "系统管理员", "员工"]
everybody = "员工"
sees_all = ["主任", "系统管理员"]
head_answers = true
departments = [{ name = "服务部" }, { name = "工程部" }]

[procedure.severity]
"上等" = 3
"中等" = 2
"下等" = 1

[procedure.number_prefixes]
complaint = "TS"
sheet = "派单"

[vocabulary]
channels = ["来电"]
natures = ["投诉"]
categories = [{ name = "设施" }, { name = "态度" }]
close_reasons = ["解决"]
pause_reasons = ["客户原因"]
communication_kinds = ["知会", "安抚"]
dispatch_kinds = ["派单纸"]
evidence_kinds = ["录音", "照片"]

[[field]]
key = "estate"
label = "小区"
required_at = ["register"]

[[field]]
key = "issue"
label = "问题"

[[field]]
key = "again"
label = "再次"
type = "bool"

[[count]]
key = "others"
label = "一个月内的人数"
same = ["estate", "issue"]
within = "1个自然月"
reach = "任何一段"
distinct = "complainant"
itself = true

[[count]]
key = "closed_before"
label = "结案后十天内"
same = ["name", "phone", "issue"]
within = "10天"
since = "closed_at"
cases = "已结"
link = "二次投诉"

[[rule]]
id = "preset-again"
stage = "preset"
when = { closed_before = ">= 1" }
then = { again = true }
because = "结案后又来"
cites = ["1"]

[[rule]]
id = "nature"
stage = "nature"
then = "投诉"
because = "只有投诉"
cites = ["1"]

[[rule]]
id = "grade-long"
stage = "grade"
when = { late_clocks = "has 三天" }
then = "上等"
because = "三天没有解决"
cites = ["2"]

[[rule]]
id = "grade-many"
stage = "grade"
when = { others = ">= 2" }
then = "中等"
because = "两个人说同一件事"
cites = ["2"]

[[rule]]
id = "grade-again"
stage = "grade"
when = { again = true }
then = "中等"
because = "再次投诉"
cites = ["2"]

[[rule]]
id = "grade-usual"
stage = "grade"
then = "下等"
because = "其余"
cites = ["2"]

[[rule]]
id = "route"
stage = "route"
then = { department = "服务部", role = "管家", match = "estate" }
because = "归小区的管家"
cites = ["3"]

[[rule]]
id = "lower"
stage = "approval"
when = { object = "降级" }
then = { role = "主任" }
because = "降级由主任同意"
cites = ["4"]

[[rule]]
id = "not-while-it-holds"
stage = "require"
when = { verb = "change_grade", lowers_grade = true }
then = "条件还在,不能降"
because = "条件还在"
cites = ["4"]

[[rule]]
id = "talk-first"
stage = "require"
when = { verb = "update", "argument.category" = "given", talks = "not has 安抚" }
then = "请先沟通"
because = "先沟通"
cites = ["5"]

[[rule]]
id = "warn-recording"
stage = "warn"
when = { verb = "update", attachments = "not has 录音" }
then = "还没有录音"
because = "要有录音"
cites = ["5"]

[[rule]]
id = "promise-at-night"
stage = "require"
when = { verb = "register", received_in_hours = false, promised_feedback_at = "missing" }
then = "请告知反馈时间"
because = "下班后要告知"
cites = ["5"]

[[rule]]
id = "inform"
stage = "duty"
when = { verb = "register" }
then = { title = "知会", to = "登记人", met_by = "communicate:知会" }
because = "要知会"
cites = ["5"]

[[rule]]
id = "escalate"
stage = "escalate"
when = { "argument.accepts" = "不接受" }
then = "没有认可"
because = "没有认可就升级"
cites = ["6"]

[[limit]]
name = "三天"
amount = 3
unit = "自然日"
starts = "register"
met = "close"
pausable = false
promise = false
overdue_to = ["调查部门"]
ladder = [{ id = "late", at = "+0", do = "超期" }]

[[step]]
verb = "register"
who = ["*"]
to = "已受理"

[[step]]
verb = "update"
who = ["员工@服务部"]

[[step]]
verb = "communicate"
who = ["*"]

[[step]]
verb = "attach"
who = ["员工@服务部"]

[[step]]
verb = "dispatch"
who = ["员工@服务部"]
to = "处理中"

[[step]]
verb = "record_acceptance"
who = ["员工@服务部"]
without_plan = true
to_when = { "认可" = "待回访", "未认可" = "处理中" }

[[step]]
verb = "change_grade"
who = ["员工@服务部"]

[[step]]
verb = "approve"
who = ["主任"]

[[step]]
verb = "reject"
who = ["主任"]

[[step]]
verb = "pause"
who = ["员工@服务部"]

[[step]]
verb = "resume"
who = ["员工@服务部"]

[[step]]
verb = "link"
who = ["员工@服务部"]

[[step]]
verb = "void"
who = ["员工@服务部"]

[[step]]
verb = "close"
who = ["员工@服务部"]

[[step]]
verb = "report"

[[step]]
verb = "print"

[[form]]
kind = "派单纸"
title = "派单纸"
prefix = "sheet"
numbered = "month"
field = [{ key = "to_dept", label = "部门" }, { key = "content", label = "内容" }]

[[form]]
kind = "档案"
title = "档案"
table = "complaint"
field = [{ key = "case_no", label = "编号" }, { key = "records.talks", label = "沟通" }]

[[report]]
kind = "分布"
makes = "cross"
cross = ["category", "grade"]

[[indicator]]
name = "再次投诉率"
numerator = "linked:二次投诉"
denominator = "cases"
"""
