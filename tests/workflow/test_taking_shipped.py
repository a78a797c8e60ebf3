"""The documents that come with the product, any two in force: the obvious case goes by its own, the rest is asked."""

from __future__ import annotations

from collections import defaultdict
from itertools import combinations

import pytest

from rules.procedure import Procedure, parse, shipped
from tests.support.cast import CALL, OPENING, House, employ, moment, retire
from workflow import procedures, taking
from workflow.access import SYSTEM

NOW = moment("2026-05-13 15:10")
ASKED = {name: CALL[name] for name in ("channel", "content", "name", "phone", "address", "demand")}
"""What every form asks for."""
DOCUMENTS = {code: parse(text) for code, text in shipped().items()}
EVERY = tuple(DOCUMENTS)


def categories(document: Procedure) -> list[str]:
    """The leaves of its tree, as a case names them."""
    return [
        f"{row.name}/{child}" if child else row.name
        for row in document.vocabulary.categories
        for child in row.children or ("",)
    ]


def told_apart() -> dict[str, list[tuple[str, str]]]:
    """Code -> what only its document has: kinds of complainants, of case, natures. A rest called 其他 tells nothing."""
    owners: dict[tuple[str, str], list[str]] = defaultdict(list)
    for code, document in DOCUMENTS.items():
        words = document.vocabulary
        for name, values in (
            ("kind", words.complainant_kinds),
            ("category", categories(document)),
            ("nature", words.natures),
        ):
            for value in values:
                owners[name, value].append(code)
    alone: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for told, codes in owners.items():
        if len(codes) == 1 and told[1] != "其他":
            alone[codes[0]].append(told)
    return alone


ALONE = told_apart()


def in_force(house: House, *codes: str) -> None:
    """These documents and no others."""
    for code in set(codes) - {"P02"}:
        procedures.put_in_force(house.session, shipped()[code], actor=SYSTEM, now=OPENING)
    if "P02" not in codes:
        retire(house.session, "P02")


def codes(house: House, **given: str) -> list[str]:
    """Who takes what is typed."""
    return [one.procedure for one in taking.takers(house.session, given, house.actor("客服甲"), NOW)]


@pytest.mark.parametrize("pair", [*combinations(EVERY, 2), EVERY], ids="+".join)
def test_what_only_one_of_them_has_chooses_it_alone(house: House, pair: tuple[str, ...]) -> None:
    in_force(house, *pair)
    for code in pair:
        for name, value in ALONE[code]:
            assert codes(house, **{name: value}) == [code], (name, value)


@pytest.mark.parametrize(
    ("pair", "given", "takers"),
    [
        ("P00a P00b", {"kind": "商户"}, ["P00a", "P00b"]),
        ("P00a P00b", {"kind": "商户", "nature": "报修"}, ["P00b"]),
        ("P00a P00b", {"kind": "商户", "category": "商品质量"}, ["P00a"]),
        ("P00a P00b", {"kind": "商户", "category": "公共环境/清洁"}, ["P00b"]),
        ("P00a P00b", {"kind": "商户", "category": "服务态度"}, ["P00a"]),
        ("P00a P01", {"kind": "商户"}, ["P00a"]),
        ("P00a P01", {"category": "服务态度"}, []),
        ("P00a P01", {"category": "服务态度", "kind": "消费者"}, ["P00a"]),
        ("P00a P01", {"category": "服务态度", "kind": "监护人"}, ["P01"]),
        ("P00a P01", {"category": "服务态度", "is_minor": "1"}, ["P01"]),
        ("P00b P02", {"nature": "投诉", "channel": "来电"}, []),
        ("P00b P02", {"kind": "商户", "category": "抄表"}, []),
        ("P00b P02", {"complained_department": "抄表班"}, ["P02"]),
        ("P01 P02", {"category": "其他"}, []),
        ("P00b P03", {"project": "甲苑", "channel": "来访"}, ["P03"]),
        ("P00b P03", {"kind": "业主", "nature": "报修"}, ["P00b", "P03"]),
    ],
    ids=str,
)
def test_what_several_have_is_told_by_what_else_is_known_or_asked(
    house: House, pair: str, given: dict[str, str], takers: list[str]
) -> None:
    in_force(house, *pair.split())
    assert codes(house, **given) == takers


@pytest.mark.parametrize(
    ("given", "code", "because"),
    [
        ({"nature": "报修", "kind": "商户", "place": "一楼"}, "P00b", "报修和有偿服务需求由本规程办理"),
        ({"category": "商品质量", "kind": "消费者"}, "P00a", "商品质量、环境设施的投诉由本规程办理"),
    ],
    ids=["a repair", "goods"],
)
def test_the_plaza_registers_by_the_one_of_its_two_that_takes_it(
    house: House, given: dict[str, str], code: str, because: str
) -> None:
    in_force(house, "P00a", "P00b")
    employ(house.session, "广场客服", "客服部", "受理人")
    done = house.do("register", by="广场客服", **{**ASKED, **given})
    assert done.thing.procedure_code == code
    assert f"按《{DOCUMENTS[code].title}》办理,因为{because}" in done.event.text
    assert not [text for text in done.warnings if "受理" in text or "按内容" in text]


def test_what_both_of_the_plaza_take_is_asked(house: House) -> None:
    in_force(house, "P00a", "P00b")
    employ(house.session, "广场客服", "客服部", "受理人")
    form = house.form("register", by="广场客服")
    assert form["procedure"] == ["P00a", "P00b"]
    done = house.do("register", by="广场客服", **{**ASKED, "kind": "商户"})
    titles = "、".join(DOCUMENTS[code].title for code in ("P00a", "P00b"))
    assert any(text.startswith(f"{titles}都受理这样的件") for text in done.warnings)
