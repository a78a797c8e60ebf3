"""``rehearse``: a table for people, JSON lines for programs, and an exit code that says whether all of it held."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result
from flask import Flask

import config
from app import create_app

REGISTER = {
    "at": "2026-03-04 10:20",
    "as": "客服甲",
    "do": "register",
    "case": "甲",
    "with": {
        "channel": "来电",
        "content": "约定上午维修,下午才到",
        "name": "客户一",
        "phone": "13800000401",
        "address": "三号楼",
        "demand": "尽快改进",
        "compensation_sought": "无",
        "complained_department": "工程维修部",
    },
}
SETUP = {"staff": [{"name": "客服甲", "department": "客户服务中心", "roles": ["受理人", "调查处理人"]}]}


@pytest.fixture
def app(tmp_path: Path) -> Flask:
    """An application of its own; a rehearsal never opens its database."""
    url = f"sqlite:///{tmp_path}/none.sqlite3"
    return create_app(config.load({"DATABASE_URL": url, "DUBAN_SCHEDULER": "false"}, tmp_path / "instance"))


@pytest.fixture
def script(tmp_path: Path) -> Path:
    """A case of one step that is as expected and one that is not."""
    steps: list[dict[str, Any]] = [
        {**REGISTER, "expect": {"ok": True, "case": {"nature": "抱怨"}}},
        {**REGISTER, "case": "乙", "expect": {"ok": True, "case": {"nature": "投诉"}}},
    ]
    path = tmp_path / "script.json"
    path.write_text(json.dumps({"procedure": "P02", "setup": SETUP, "steps": steps}), encoding="utf-8")
    return path


def rehearse(app: Flask, *words: str) -> Result:
    return app.test_cli_runner().invoke(args=["rehearse", *words])


def test_a_script_that_holds_ends_well(app: Flask) -> None:
    found = rehearse(app, str(Path(__file__).parent / "P02-order-due-days.json"))
    assert (found.exit_code, found.output.splitlines()[0]) == (0, "P02-order-due-days.json: 20/20")


def test_a_script_that_does_not_hold_fails_and_says_where(app: Flask, script: Path) -> None:
    found = rehearse(app, str(script))
    assert found.exit_code == 1
    first, one, two, why = found.output.splitlines()
    assert first == "script.json: 1/2"
    assert one.split()[:2] == ["=", "1"]
    assert two.split()[:2] == ["≠", "2"]
    assert why.strip() == "case.nature: 期望 '投诉',实际 '抱怨'"


def test_one_file_of_two_that_fails_fails_the_whole(app: Flask, script: Path) -> None:
    assert rehearse(app, str(Path(__file__).parent / "P02-order-due-days.json"), str(script)).exit_code == 1


def test_json_lines_hold_the_full_observation_of_each_step(app: Flask, script: Path) -> None:
    found = rehearse(app, "--json", str(script))
    lines = [json.loads(line) for line in found.output.splitlines()]
    assert found.exit_code == 1
    assert [(line["file"], line["step"], line["ok"], line["holds"]) for line in lines] == [
        ("script.json", 1, True, True),
        ("script.json", 2, True, False),
    ]
    assert lines[0]["seen"]["case"]["department"] == "客户服务中心"


def test_a_refusal_is_shown_with_its_reason(app: Flask, tmp_path: Path) -> None:
    step = {**REGISTER, "with": {**REGISTER["with"], "phone": ""}, "expect": {"ok": False, "refused": ["联系电话"]}}
    path = tmp_path / "refused.json"
    path.write_text(json.dumps({"procedure": "P02", "setup": SETUP, "steps": [step]}), encoding="utf-8")
    found = rehearse(app, str(path))
    assert found.exit_code == 0
    assert "拒绝:请填写联系电话" in found.output


def test_a_file_that_is_not_there_is_named(app: Flask) -> None:
    found = rehearse(app, "nowhere.json")
    assert found.exit_code == 2
    assert "nowhere.json" in found.output


def test_a_rehearsal_leaves_the_own_database_alone(app: Flask, tmp_path: Path) -> None:
    rehearse(app, str(Path(__file__).parent / "P02-order-due-days.json"))
    assert not (tmp_path / "none.sqlite3").exists()
