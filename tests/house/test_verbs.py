"""One verb, one function, one home; and none that leaves no trace."""

import ast
import importlib

from tests.support import source
from tests.support.recording import performed
from workflow import registry

WATCHING = {"view", "unmask", "print", "report", "sweep", "tick", "replay", "export"}
"""Verbs that read: they leave an event only when they have something to say."""
TRACED = {"edit_procedure", "undo_edit", "redo_edit"}
"""Edits of a draft: each is a row of ``procedure_edit`` with what stood there before; what comes of them, an event."""


def declared():
    """Verb name, file and function of every decorated function."""
    for path in source.product():
        for node in ast.walk(source.tree(path)):
            if isinstance(node, ast.FunctionDef):
                for mark in node.decorator_list:
                    if isinstance(mark, ast.Call) and ast.unparse(mark.func).endswith("verb"):
                        yield ast.literal_eval(mark.args[0]), path, node


def load():
    for path in {path for _, path, _ in declared()}:
        importlib.import_module(path.removesuffix(".py").replace("/", "."))


def test_every_verb_lives_in_the_workflow_once():
    found = list(declared())
    names = [name for name, _, _ in found]
    assert len(names) > 20
    assert sorted({name for name in names if names.count(name) > 1}) == []
    assert {path.partition("/")[0] for _, path, _ in found} == {"workflow"}


def test_every_verb_says_what_comes_of_it():
    assert [name for name, _, node in declared() if not ast.get_docstring(node)] == []


def test_only_verbs_that_read_may_be_silent():
    load()
    assert {name for name, verb in registry.VERBS.items() if verb.silent} <= WATCHING | TRACED


EVENTS = {"Event", "models.Event", "history.Event"}


def handed_to_write(call):
    """The tables whose rows a sweep's batch is told to write."""
    return [ast.unparse(given) for given in call.args] if ast.unparse(call.func).endswith("write") else []


def test_history_is_written_in_one_place():
    writing = [
        path
        for path in source.product()
        for node in ast.walk(source.tree(path))
        if isinstance(node, ast.Call) and EVENTS & {ast.unparse(node.func), *handed_to_write(node)}
    ]
    assert writing == ["workflow/history.py"]


def test_a_verb_that_was_performed_without_an_event_is_seen():
    class Done:
        event = None

    assert performed("register", Done(), silent=False) == "register was performed and recorded nothing"
    assert performed("view", Done(), silent=True) is None
