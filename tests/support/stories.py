"""The sentences with which the verbs write into the history: what stands in every `act.say`, with numbered blanks."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from itertools import product
from pathlib import Path

WORKFLOW = Path(__file__).resolve().parents[2] / "workflow"
BLANK = "\0"
"""Stands where something is filled in, until the blanks are counted."""

Named = Mapping[str, ast.expr]


def of_verbs() -> Iterator[tuple[str, str]]:
    """File and sentence, one for each way in which its conditions may turn out; nothing but a blank is none."""
    for path in sorted(WORKFLOW.glob("*.py")):
        for sentence in of(path.read_text("utf-8")):
            yield f"workflow/{path.name}", sentence


def of(source: str) -> Iterator[str]:
    """The sentences of one module."""
    for function in ast.walk(ast.parse(source)):
        if isinstance(function, ast.FunctionDef):
            named = _named(function)
            for node in ast.walk(function):
                for told in _told(node):
                    yield from (_numbered(text) for text in _ways(told, named) if text.strip(BLANK))


def _told(node: ast.AST) -> Iterator[ast.expr]:
    match node:
        case ast.Call(func=ast.Attribute(attr="say"), args=[told]):
            yield told
        case ast.Call(func=ast.Attribute(value=ast.Name(id="lines"), attr="append"), args=[told]):
            yield told


def _named(function: ast.FunctionDef) -> Named:
    """What its names stand for, where that is a text."""
    return {
        node.targets[0].id: node.value
        for node in ast.walk(function)
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name) and _is_text(node.value)
    }


def _is_text(tree: ast.expr) -> bool:
    match tree:
        case ast.JoinedStr() | ast.Constant(value=str()):
            return True
        case ast.IfExp(body=body, orelse=other):
            return _is_text(body) and _is_text(other)
    return False


def _ways(tree: ast.expr, named: Named) -> list[str]:
    match tree:
        case ast.Constant(value=str(text)):
            return [text]
        case ast.JoinedStr(values=parts):
            return ["".join(way) for way in product(*(_ways(part, named) for part in parts))]
        case ast.FormattedValue(value=ast.Name(id=name)) if name in named:
            return _ways(named[name], named)
        case ast.FormattedValue(value=value) if _is_text(value):
            return _ways(value, named)
        case ast.BinOp(left=left, op=ast.Add(), right=right):
            return ["".join(way) for way in product(_ways(left, named), _ways(right, named))]
        case ast.IfExp(body=body, orelse=other):
            return [*_ways(body, named), *_ways(other, named)]
        case ast.Call(func=ast.Attribute(value=inner, attr="strip")):
            return [way.strip() for way in _ways(inner, named)]
        case ast.Name(id=name) if name in named:
            return _ways(named[name], named)
    return [BLANK]


def _numbered(text: str) -> str:
    first, *rest = text.split(BLANK)
    return first + "".join(f"{{{number}}}{part}" for number, part in enumerate(rest, 1))
