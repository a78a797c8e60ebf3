"""Every setting, every fault of start-up and every command is in the manual, and nothing that no longer exists."""

import re
from dataclasses import fields

import click

import config
from tests.support import source

SETTINGS = source.text("docs/settings.md")
COMMANDS = source.text("docs/commands.md")


def test_every_setting_is_in_the_manual_with_its_default():
    table = dict(re.findall(r"^\| `([a-z_]+)` \| `?([^`|]+)`? \|", SETTINGS, re.MULTILINE))
    settings = {item.name: item.default for item in fields(config.Settings) if item.name != "instance"}
    assert {name: said.replace("空", "") for name, said in table.items()} == {
        name: str(default).lower() if isinstance(default, bool) else str(default) for name, default in settings.items()
    }


def test_every_fault_of_start_up_is_in_the_manual():
    raised = set(re.findall(r'Fault\(\s*"(S\d\d)"', source.text("config.py") + source.text("jobs/serving.py")))
    assert raised == set(re.findall(r"^\| (S\d\d) \|", SETTINGS, re.MULTILINE))


def test_every_setting_is_read_somewhere():
    text = "".join(source.text(path) for path in source.product())
    names = [item.name for item in fields(config.Settings)]
    assert [name for name in names if not re.search(rf"(self|settings(\(\))?|\[\"DUBAN\"\])\.{name}\b", text)] == []


def test_every_make_target_is_in_the_manual():
    targets = set(re.findall(r"^([a-z]+):", source.text("Makefile"), re.MULTILINE)) - {"system"}
    assert targets == set(re.findall(r"^\| `make ([a-z]+)` \|", COMMANDS, re.MULTILINE))


def test_every_command_is_in_the_manual():
    table = COMMANDS.partition("## flask")[2]
    name = r"[a-z]+(?: (?:run|check|export|import))?"
    assert set(_names()) == set(re.findall(rf"^\| `({name})[ A-Z…\[\]]*` \|", table, re.MULTILINE))


def _names():
    """The commands and their subcommands, as they are typed."""
    from app import commands

    for name, command in commands.commands.items():
        if isinstance(command, click.Group):
            yield from (f"{name} {under}" for under in command.commands)
            if not command.invoke_without_command:
                continue
        yield name
