"""The explanation on a case: each decision as a sentence with rule, version, facts, near misses, and who changed it."""

import re

import pytest
from flask import g

from models import Event
from tests.support.msgids import CHINESE
from views import reasons

DECISION = {
    "stage": "grade",
    "outcome": "三级投诉",
    "rule_id": "grade-3",
    "because": "够不上一级、二级的其余投诉",
    "cites": ["P02-5.3"],
    "seen": {"nature": "投诉", "mainstream_media": False, "impact": None, "parties_count": 3, "verb": "register"},
    "near_misses": [
        {
            "rule_id": "grade-2-leader",
            "outcome": "二级投诉",
            "fact": "impact",
            "wanted": "一定不良|重大不良",
            "seen": "无",
        },
        {"rule_id": "grade-3-other", "outcome": "三级投诉", "fact": "impact", "wanted": "missing", "seen": "无"},
    ],
    "not_reached": ["grade-4"],
    "procedure": "P02",
    "version": 1,
}


@pytest.fixture
def words(office):
    """The words of a stored decision, as a page of today says them."""

    def of(**more):
        with office.app.test_request_context("/"):
            g.now = office.now
            return reasons.reason_of({**DECISION, **more})

    return of


def page(office, key, name="王敏"):
    """What stands on the page of a case, without its mark-up."""
    found = office.client(name).get(f"/complaints/details/?id={key}").get_data(as_text=True)
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", "", found.partition("<main")[2]))


def test_a_decision_is_a_sentence_with_its_reason_clause_rule_and_version(office):
    shown = page(office, office.case(compensation_sought="物质"))
    assert (
        "定为 三级投诉，因为 够不上一级、二级的其余投诉。依据 P02-5.3、P02-3.4、F-13（规则 grade-3，第 1 版）。"
        in shown
    )


def test_what_nearly_came_out_is_said_with_the_one_fact_that_kept_it(office):
    key = office.case(channel="公司领导转办", forwarder="总经办", to_leader=True)
    office.do("update", key, "刘洋", impact="无")
    assert "差一点：二级投诉（社会影响 是 无，要 一定不良 或 重大不良）。" in page(office, key)


def test_a_rule_leads_to_its_own_row_on_the_page_of_the_version_that_decided(office):
    client, key = office.client("王敏"), office.case(compensation_sought="物质")
    found = client.get(f"/complaints/details/?id={key}").get_data(as_text=True)
    address, row = re.search(r'href="(/procedures/details/\?id=\d+)#(r-grade-3)"', found).groups()
    assert f'id="{row}"' in client.get(address).get_data(as_text=True)


def test_every_fact_that_was_seen_is_named_with_its_value_and_unit(words):
    assert words().seen == (
        ("性质", "投诉"),
        ("主流媒体曝光", "否"),
        ("社会影响", "未填写"),
        ("涉及人数", "3 人"),
        ("动作", "登记"),
    )


def test_a_near_miss_that_comes_to_the_same_is_kept_for_the_details(words):
    reason = words()
    assert [near.rule for near in reason.near] == ["grade-2-leader", "grade-3-other"]
    assert [near.rule for near in reason.nearest] == ["grade-2-leader"]


def test_a_fact_that_nobody_filled_in_is_said_to_be_missing(words):
    miss = {**DECISION["near_misses"][0], "seen": None}
    assert words(near_misses=[miss]).nearest[0].words == "社会影响没有填写，要 一定不良 或 重大不良"


def test_of_several_rules_that_nearly_came_to_the_same_one_is_said(words):
    misses = [{**DECISION["near_misses"][0], "rule_id": f"r{n}"} for n in range(5)]
    assert [near.rule for near in words(near_misses=misses).nearest] == ["r0"]


def test_rows_that_were_not_asked_any_more_lead_to_the_table_too(words):
    assert [rule for rule, address in words().not_reached] == ["grade-4"]
    assert all(address.endswith("#r-grade-4") for _rule, address in words().not_reached)


def test_where_no_row_held_and_where_only_somebody_is_told_there_is_no_sentence(words):
    assert words(outcome=None) is None
    assert words(stage="notify", outcome={"to": ["承办部门"], "event": "x", "text": "y"}) is None


def test_a_version_that_is_gone_leaves_the_sentence_readable(words):
    reason = words(procedure="P99", version=7)
    assert (reason.head, reason.address, reason.outcome) == ("三级投诉", "", "三级投诉")


def test_a_grade_by_hand_says_what_the_rules_had_come_to_who_changed_it_and_why(office):
    key = office.case(compensation_sought="物质")
    office.do("change_grade", key, "刘洋", grade="二级投诉", reason="涉及老人,影响较大")
    shown = page(office, key)
    assert shown.count("手工改为 二级投诉（规则定的是 三级投诉），由 刘洋，理由：涉及老人，影响较大") == 2
    assert "按规则：定为 三级投诉，因为" in shown


def test_a_transfer_against_the_route_is_a_change_by_hand(office):
    key = office.case()
    office.do("transfer", key, "王敏", to_dept="工程维修部", reason="由对方统一调查")
    assert "手工改为 工程维修部（规则定的是 客户服务中心），由 王敏，理由：由对方统一调查" in page(office, key)


def test_going_back_to_what_the_rules_say_is_no_change_by_hand(office):
    key = office.case(compensation_sought="物质")
    office.do("change_grade", key, "刘洋", grade="二级投诉", reason="影响较大")
    office.do("change_grade", key, "刘洋", grade="三级投诉", reason="核实后影响不大")
    why = page(office, key).partition("为什么这样办")[2].partition("文书和记录")[0].partition("经过")[0]
    assert "手工改为" not in why


def test_a_decision_that_was_not_followed_says_what_the_case_is_nevertheless(office):
    key = office.case(channel="公司领导转办", forwarder="总经办", to_leader=True)
    office.do("update", key, "刘洋", impact="一定不良")
    office.do("update", key, "刘洋", impact="无")
    assert "现为 二级投诉，规则的结果没有自动改过去。" in page(office, key)


def test_an_answer_that_did_not_change_is_not_said_again(office):
    key = office.case(compensation_sought="物质")
    office.do("update", key, "王敏", demand="请尽快改进")
    story = page(office, key).partition("为什么这样办")[2].partition("经过")[2]
    assert story.count("定为 三级投诉") == 1


def test_in_english_the_sentence_is_english_but_for_what_people_wrote(office):
    key = office.case(compensation_sought="物质", content="x")
    client = office.client("王敏")
    client.post("/language", data={"language": "en", "url": "/"})
    found = client.get(f"/complaints/details/?id={key}").get_data(as_text=True)
    block = re.sub(r"<[^>]+>", "", found.partition('class="block why-so"')[2].partition("</section>")[0])
    assert "(rule grade-3, version 1)" in block
    assert CHINESE.findall(block) == []


@pytest.mark.parametrize("changes", [{}, {"级别": ["三级投诉"]}, {"别的": ["a", "b"]}])
def test_a_deed_by_hand_that_changed_nothing_is_no_change(changes):
    event = Event(id=1, verb="change_grade", outcome="完成", changes=changes, decisions=[], reason="", text="")
    assert reasons.changed_by_hand([event]) == {}
