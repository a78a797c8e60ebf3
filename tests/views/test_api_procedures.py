"""A program changes a procedure by the same verbs: drafted, edited, submitted, agreed to by another person."""

from __future__ import annotations

from typing import Any

import pytest

from workflow.verbs import VERBS

EDIT = {"section": "rule", "row": "grade-3", "kind": "改", "value": {"cell": "because", "value": "其余投诉"}}
WHY = {"reason": "说清楚", "unreplayed": "只改了文字"}


@pytest.fixture
def do(office) -> Any:
    clients = {name: office.client(name) for name in ("孙伟", "高总", "王敏")}

    def post(by: str, verb: str, **sent: Any) -> Any:
        return clients[by].post(f"/api/do/{verb}", json=sent)

    return post


def test_two_people_bring_a_version_into_force(do) -> None:
    draft = do("孙伟", "draft_procedure", code="P02").get_json()
    assert draft["result"].endswith("第 2 版")
    assert do("孙伟", "edit_procedure", draft=draft["id"], **EDIT).status_code == 200
    asked = do("孙伟", "submit_procedure", draft=draft["id"], **WHY).get_json()
    own = do("孙伟", "review_procedure", activation=asked["id"], decision="同意")
    assert (own.status_code, own.get_json()["findings"][0]["rule"]) == (403, "G-15")
    done = do("高总", "review_procedure", activation=asked["id"], decision="同意")
    assert (done.status_code, done.get_json()["result"]) == (200, "P02 第 2 版")


def test_a_bad_cell_is_named_and_nothing_is_stored(do) -> None:
    draft = do("孙伟", "draft_procedure", code="P02").get_json()["id"]
    answer = do("孙伟", "edit_procedure", draft=draft, **{**EDIT, "value": {"cell": "when.round", "value": "甲"}})
    assert answer.status_code == 422
    assert answer.get_json()["findings"][0]["field"] == "when.round"
    assert do("孙伟", "undo_edit", draft=draft).get_json()["findings"][0]["text"] == "没有可以撤销的修改"


def test_whoever_is_no_editor_is_forbidden(do) -> None:
    assert do("王敏", "draft_procedure", code="P02").status_code == 403
    assert do("王敏", "migrate_cases", code="P02", number=1, reason="试").status_code == 403


JUNK = (None, [], {}, True, 1.5, "x" * 300, {"a": [1]}, -1)


def test_whatever_is_sent_is_refused_in_words(do) -> None:
    for verb in ("draft_procedure", "import_procedure", "edit_procedure", "activate", "migrate_cases"):
        names = [argument.name for argument in VERBS[verb].arguments]
        for junk in JUNK:
            answer = do("孙伟", verb, **dict.fromkeys(names, junk))
            assert answer.status_code in (403, 404, 422), (verb, junk)
            assert answer.get_json()["findings"], (verb, junk)
