"""邮件: which notices there are that can go by mail too, and the lint of those that a document names."""

from collections.abc import Iterator

from rules.faults import Finding, Place
from rules.lint_cells import nearest
from rules.procedure import Procedure
from rules.vocabulary import Event

BY_MAIL = "邮件"
"""The way of sending a task on (`dispatch_kinds`) whose notice is a letter too, whatever the document mails."""
TOLD: tuple[str, ...] = (
    *("移交", "派单", "退单", "处理小组", "派工", "返单", "改进措施", "通报"),
    *("协办", "接受协办", "退回协办", "完成协办", "取消协办"),
    *("方案待审批", "降级待审批", "审批结果", "考核结果"),
    *("挂起待审", "挂起结果", "延期待审", "延期结果", "截止提前"),
    *("制度待审", "制度审核", "工作日历"),
)
"""The notices of the deeds themselves; those of limits and of the document's own rules come on top."""


def kinds(procedure: Procedure) -> tuple[str, ...]:
    """Every kind of notice under this document."""
    rules = (str(rule.then["event"]) for rule in procedure.rules if rule.stage == "notify")
    rungs = (rung.name_of_event for limit in procedure.limits for rung in limit.ladder)
    return tuple(dict.fromkeys((*TOLD, *rules, *map(str, Event), *rungs)))


def lint_mailing(procedure: Procedure) -> Iterator[Finding]:
    """A notice that nobody ever gets would never be mailed."""
    known = kinds(procedure)
    for name in procedure.head.mailed:
        if name not in known:
            yield Place("procedure", "", "mailed").has(f"没有“{name}”这种通知", nearest(name, known))
