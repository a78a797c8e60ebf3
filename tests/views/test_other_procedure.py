"""Registering where several procedures are in force: what was typed stays when another one is chosen, or is said."""

import re

from models import Complaint
from tests.views.test_figures_of_several import text_of

TYPED = {"name": "李梅", "phone": "13812345678", "content": "灯不亮", "channel": "来电", "category": "照明"}


def again(client, procedure, **typed):
    """The form as it comes back when that procedure is chosen; with what it carries along out of sight."""
    data = {**TYPED, **typed, "procedure": procedure, "again": "1"}
    return text_of(client.post("/do/register", data=data))


def value_of(page, name):
    """What stands in a field of the page."""
    found = re.search(rf'<(?:input|textarea) id="a-{name}"[^>]*?(?:value="([^"]*)"|>([^<]*)<)', page)
    return (found[1] or found[2] or "") if found else None


def chosen(page, name):
    """What is ticked or selected."""
    ticked, selected = rf'name="{name}" value="([^"]+)" checked', rf'id="a-{name}".*?<option value="([^"]+)" selected'
    return re.findall(ticked, page) or re.findall(selected, page.partition("</select>")[0], re.DOTALL)


def carried(page):
    """What the form carries along."""
    return dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)">', page))


def told(page):
    """What the page says that is of no use here."""
    box = page.partition('role="status">')[2].partition("</ul>")[0] if "用不上" in page else ""
    return re.findall(r"<li>([^<]*)</li>", box)


def test_what_both_ask_stays(five):
    page = again(five.client("王敏"), "P00b")
    for name in ("name", "phone", "content"):
        assert value_of(page, name) == TYPED[name]
    assert told(page) == []


def test_what_only_the_first_asks_is_said_and_comes_back(five):
    client = five.client("王敏")
    page = again(client, "P03", shop_no="A12")
    assert told(page) == ["铺位号：A12"]
    assert value_of(page, "shop_no") is None
    back = again(client, "P00b", **carried(page))
    assert told(back) == []
    assert value_of(back, "shop_no") == "A12"


def test_a_choice_that_is_not_offered_there_is_said_and_comes_back(five):
    client = five.client("王敏")
    page = again(client, "P00b", channel="电子邮件")
    assert told(page) == ["来源：电子邮件"]
    assert not chosen(page, "channel")
    assert carried(page)["kept:channel"] == "电子邮件"
    back = again(client, "P00a", **{**carried(page), "channel": ""})
    assert chosen(back, "channel") == ["电子邮件"]
    assert told(back) == []


def test_a_new_choice_takes_the_place_of_the_one_that_was_carried(five):
    client = five.client("王敏")
    page = again(client, "P00b", **{"kept:channel": "电子邮件", "channel": "来访"})
    assert told(page) == []
    assert "kept:channel" not in carried(page)


def test_what_is_carried_along_is_not_registered(five):
    client = five.client("王敏")
    given = {"demand": "修好", "compensation_sought": "无", "complained_department": "抄表班", "address": "一号楼"}
    before = five.count(Complaint)
    data = {**TYPED, **given, "procedure": "P02", "shop_no": "A12", "kept:channel": "来函"}
    assert client.post("/do/register", data=data).status_code == 302
    assert five.count(Complaint) == before + 1
    with five.session() as session:
        case = session.query(Complaint).order_by(Complaint.id.desc()).first()
        assert (case.procedure_code, case.channel, case.fields.get("shop_no")) == ("P02", "来电", None)


def test_nothing_that_no_procedure_asks_for_is_carried(five):
    page = again(five.client("王敏"), "P02", invented="甲", **{"kept:invented": "乙"})
    assert "invented" not in page


def test_the_procedures_are_named_by_their_titles_and_one_of_them_is_always_chosen(five):
    page = text_of(five.client("王敏").get("/do/register"))
    asked = page.partition('name="procedure"')[2].partition('class="help"')[0]
    assert chosen(page, "procedure") == ["P02"]
    assert "客户投诉处理流程" in asked
    assert "不填" not in asked
    assert page.index('name="procedure"') < page.index('name="name"') < page.index('name="nature"')
