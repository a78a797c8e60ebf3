"""A past case judged by another version: what it would have come to, and what a person decided in between."""

from datetime import UTC, datetime

from rules import judging, replaying
from rules.procedure import parse, shipped
from rules.replaying import Answer, Moment, Version
from rules.table import Decision

AT = datetime(2026, 5, 13, tzinfo=UTC)
MONEY = """[[rule]]
id = "nature-money"
stage = "nature"
when = { compensation_sought = "物质" }
then = "抱怨"
because = "要钱不算投诉"
cites = ["P02-4.1"]

[[rule]]
id = "nature-chosen-complaint\""""
OLD = parse(shipped()["P02"])
NEW = parse(shipped()["P02"].replace('[[rule]]\nid = "nature-chosen-complaint"', MONEY))
BY = Version.of(OLD)


def asked(number, verb, facts, **options):
    """A deed as it was recorded under the old version, and the facts that it left."""
    made = judging.judge(OLD, {"verb": verb, **facts}, anew=verb == "register", **options)
    answers = {
        question.stage: Answer(question.stage, tuple(decision.rule_id for decision in question.answers))
        for question in made.questions
        if question.answers or question.stage not in judging.COLLECTING
    }
    return Moment(number, AT, verb, {"verb": verb, **facts}, answers, BY), made.facts


def differences(*moments, new=NEW):
    return [(found.kind, found.old_outcome, found.new_outcome) for found in replaying.replay(new, moments)]


def test_the_same_version_makes_no_difference():
    moment, _ = asked(1, "register", {"channel": "公司领导转办"})
    assert differences(moment, new=OLD) == []


def test_what_the_new_version_made_of_a_case_is_what_it_sees_at_the_next_deed():
    first, left = asked(1, "register", {"compensation_sought": "物质", "channel": "来电"})
    second, _ = asked(2, "update", {**left, "compensation_sought": "精神"}, with_nature=False)
    assert differences(first, second) == [
        ("性质不同", "投诉", "抱怨"),
        ("级别降低", "三级投诉", ""),
        ("去向不同", "人力资源行政部", "客户服务中心"),
    ]


def test_what_a_person_changed_in_between_stands():
    first, left = asked(1, "register", {"compensation_sought": "物质", "channel": "来电"})
    second, _ = asked(2, "update", {**left, "nature": "抱怨", "compensation_sought": "无"}, with_nature=False)
    assert differences(first, second) == []


def test_a_grade_chosen_by_a_person_counts_whatever_the_rules_say():
    first, left = asked(1, "register", {"compensation_sought": "精神", "channel": "来电"})
    facts = {**left, "verb": "change_grade", "argument.grade": "一级投诉"}
    chosen = Moment(2, AT, "change_grade", facts, {"grade": Answer("grade", ("grade-3",))}, BY)
    milder = parse(shipped()["P02"].replace('then = "三级投诉"', 'then = "二级投诉"'))
    assert differences(first, new=milder) == [("级别升高", "三级投诉", "二级投诉")]
    assert differences(first, chosen, new=milder) == []


def test_a_deed_that_asked_for_the_grade_alone_is_asked_for_nothing_else():
    first, left = asked(1, "register", {"compensation_sought": "精神", "channel": "来电"})
    again = Moment(2, AT, "flag_overdue", left, {"grade": Answer("grade", ("grade-3",))}, BY)
    _before, after, _ = replaying.courses(NEW, [first, again])
    assert {stage: moment.event for stage, (moment, _) in after.last.items()}["grade"] == 2
    assert after.last["route"][0].event == 1


def test_a_stage_asked_by_itself_is_compared_by_itself():
    facts = {"verb": "propose_assessment", "object": "处分", "nature": "抱怨"}
    moment = Moment(1, AT, "propose_assessment", facts, {"approval": Answer("approval", ("approval-grumble",))}, BY)
    text = shipped()["P02"]
    head, tail = text.split('id = "approval-grumble"')
    elsewhere = parse(head + 'id = "approval-grumble"' + tail.replace("人力资源行政部", "客户营业部", 1))
    assert differences(moment, new=OLD) == []
    assert [kind for kind, _, _ in differences(moment, new=elsewhere)] == ["审批不同"]


def test_both_sides_carry_their_decisions():
    moment, _ = asked(1, "register", {"compensation_sought": "物质", "channel": "来电"})
    found = next(each for each in replaying.replay(NEW, [moment]) if each.kind == "性质不同")
    assert (found.old.rule_id, found.new.rule_id, found.event) == ("nature-compensation", "nature-money", 1)
    assert isinstance(found.new, Decision)
