"""The editor by plain forms and by the grid's addresses: every change is one verb, a refusal changes nothing."""

from __future__ import annotations

import re
import tomllib
from html import unescape
from html.parser import HTMLParser

import pytest
from sqlalchemy import func, select
from werkzeug.datastructures import MultiDict

from models import Event, ProcedureEdit, ProcedureVersion

GRID = {"X-Editor": "1"}
SHEET = {"X-Sheet": "1"}


@pytest.fixture
def draft(office) -> int:
    """A draft of P02, begun by the head of a department; its key."""
    office.do("draft_procedure", None, "孙伟", code="P02")
    return office.one(select(ProcedureVersion.id).where(ProcedureVersion.state == "草稿"))


@pytest.fixture
def client(office):
    return office.client("孙伟")


def document(office, draft):
    """The draft as it is stored now."""
    return tomllib.loads(office.one(select(ProcedureVersion.text).where(ProcedureVersion.id == draft)))


def rule(office, draft, key):
    return next(rule for rule in document(office, draft)["rule"] if rule["id"] == key)


def ids(office, draft, stage):
    return [rule["id"] for rule in document(office, draft)["rule"] if rule["stage"] == stage]


def field(form, label):
    """The start of the names that the column of that label has in a row's form."""
    return "c" + re.search(rf'id="cell-(\d+)-label">{label}', form).group(1)


def test_the_sheet_of_a_stage_reads_as_language_with_a_sentence_for_each_row(client, draft):
    page = client.get(f"/drafts/{draft}/?sheet=grade").get_data(as_text=True)
    assert "一定不良 或 重大不良" in page
    assert "当 性质 是 投诉 且 主流媒体曝光 且 社会影响 是 重大不良 时，定为 一级投诉，依据 P02-5.1" in page
    assert "从上往下" in page


@pytest.mark.parametrize(
    ("sheet", "words"),
    [
        ("limit", "从“开具督办处理单”起算"),
        ("form", "没有它不能“提交情况表”"),
        ("indicator", "“回访率” = 回访过的案件 ÷ 期内受理的案件"),
        ("duty-list", "客户服务中心每月要有“月度服务质量检查通报” 1 次"),
    ],
)
def test_rows_that_are_no_rules_are_read_in_the_same_place(client, draft, sheet, words):
    rows = client.get(f"/drafts/{draft}/rows?sheet={sheet}").get_json()["rows"]
    assert any(words in row["sentence"] for row in rows)
    assert words in client.get(f"/drafts/{draft}/?sheet={sheet}").get_data(as_text=True).replace("&#34;", '"')


def test_the_rungs_of_a_ladder_are_read_on_their_own_sheet(office, client, draft):
    ladder = [{"id": "soon", "at": "-2工作日", "do": "提醒", "to": ["承办人"]}]
    change = {"section": "limit", "row": "工程结算", "kind": "改", "value": {"cell": "ladder", "value": ladder}}
    office.do("edit_procedure", None, "孙伟", draft=draft, **change)
    (row,) = client.get(f"/drafts/{draft}/rows?sheet=limit/工程结算/ladder").get_json()["rows"]
    assert row["sentence"] == "到期前 2 工作日 提醒 承办人。"


def test_without_scripts_a_row_is_put_below_the_one_that_was_chosen(office, client, draft):
    page = client.get(f"/drafts/{draft}/?sheet=grade").get_data(as_text=True)
    before = ids(office, draft, "grade")
    doors = [unescape(door) for door in re.findall(r'href="(row\?[^"]+before=[^"]*)"', page)]
    assert len(doors) == len(before)
    form = client.get(f"/drafts/{draft}/{doors[0]}").get_data(as_text=True)
    assert f'name="before" value="{before[1]}"' in form
    assert 'name="before" value=""' in client.get(f"/drafts/{draft}/{doors[-1]}").get_data(as_text=True)


def test_every_sheet_opens_with_every_sheet_within_it(client, draft):
    page = client.get(f"/drafts/{draft}/").get_data(as_text=True)
    addresses = sorted(set(re.findall(rf'href="(/drafts/{draft}/\?sheet=[^"]+)"', page)))
    assert len(addresses) > 25
    inner = []
    for address in addresses:
        answer = client.get(address.replace("&amp;", "&"))
        assert answer.status_code == 200, address
        text = answer.get_data(as_text=True)
        inner += re.findall(rf'<a href="(/drafts/{draft}/\?sheet=[^"]*(?:/|%2F)[^"]*)"', text)[:3]
    assert len(inner) > 10
    for address in inner:
        assert client.get(address.replace("&amp;", "&")).status_code == 200, address


def test_a_cell_is_changed_by_its_plain_form(office, client, draft):
    place = {"sheet": "grade", "row": "grade-3", "cell": "when.impact"}
    form = client.get(f"/drafts/{draft}/cell", query_string=place).get_data(as_text=True)
    assert "重大不良" in form and 'name="op"' in form
    answer = client.post(f"/drafts/{draft}/cell", data={**place, "op": "is", "value": ["无", "一定不良"]})
    assert answer.status_code == 302 and "row=grade-3" in answer.location
    assert rule(office, draft, "grade-3")["when"]["impact"] == ["无", "一定不良"]


def test_a_part_of_an_outcome_is_changed_as_the_outcome_that_it_is(office, client, draft):
    place = {"sheet": "grade", "row": "grade-3", "cell": "then.provisional", "op": "yes"}
    client.post(f"/drafts/{draft}/cell", data=place)
    assert rule(office, draft, "grade-3")["then"] == {"grade": "三级投诉", "provisional": True}


def test_a_row_is_added_moved_copied_and_deleted_by_plain_forms(office, client, draft):
    before = ids(office, draft, "route")
    form = client.get(f"/drafts/{draft}/row?sheet=route").get_data(as_text=True)
    assert "必填" in form
    nature, department, because, cites = (field(form, label) for label in ("性质", "部门", "因为", "依据"))
    given = {"sheet": "route", "row": "", "before": before[0], f"{nature}-op": "is", f"{nature}-value": ["投诉"]}
    given |= {f"{department}-value": ["客户服务中心"], f"{because}-text": "试行", f"{cites}-text": "P02-9.1"}
    answer = client.post(f"/drafts/{draft}/row", data=given)
    assert answer.status_code == 302, answer.get_data(as_text=True)
    new = ids(office, draft, "route")[0]
    first = {"id": new, "stage": "route", "when": {"nature": "投诉"}, "then": {"department": "客户服务中心"}}
    assert rule(office, draft, new) == first | {"because": "试行", "cites": ["P02-9.1"]}
    client.post(f"/drafts/{draft}/deed?sheet=route", data={"down": new})
    assert ids(office, draft, "route")[:2] == [before[0], new]
    client.post(f"/drafts/{draft}/deed?sheet=route", data={"duplicate": new})
    assert ids(office, draft, "route")[:3] == [before[0], new, "route-3"]
    client.post(f"/drafts/{draft}/deed?sheet=route", data={"delete": new})
    client.post(f"/drafts/{draft}/undo?sheet=route")
    assert new in ids(office, draft, "route")
    client.post(f"/drafts/{draft}/redo?sheet=route")
    assert new not in ids(office, draft, "route")


class Form(HTMLParser):
    """The fields of the page's form that is posted, as a browser would send them."""

    def __init__(self, page):
        super().__init__()
        self.sent, self.select, self.area, self.inside = MultiDict(), "", "", False
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        given = dict(attrs)
        if tag == "form":
            self.inside = given.get("action", "").endswith("/row")
        elif not self.inside:
            return
        elif tag == "input" and given.get("type") not in ("radio", "checkbox"):
            self.sent.add(given["name"], given.get("value") or "")
        elif tag == "input" and "checked" in given:
            self.sent.add(given["name"], given["value"])
        elif tag == "select":
            self.select = given["name"]
        elif tag == "option" and self.select and "selected" in given:
            self.sent.add(self.select, given["value"])
        elif tag == "textarea":
            self.area = given["name"]
            self.sent.add(self.area, "")

    def handle_data(self, data):
        if self.area:
            self.sent[self.area] += data

    def handle_endtag(self, tag):
        self.select = "" if tag == "select" else self.select
        self.area = "" if tag == "textarea" else self.area


ROWS = (
    *(
        ("grade", "grade-1-media-provisional"),
        ("limit", "办理"),
        ("step", "visit"),
        ("form", "调查报告"),
        ("notify", ""),
    ),
    *(("assessment", "4"), ("form/调查记录/field", "2"), ("procedure", "intervals")),
)


@pytest.mark.parametrize(("sheet", "row"), ROWS)
def test_the_form_of_a_row_sent_back_as_it_came_changes_nothing(office, client, draft, sheet, row):
    row = row or next(key for key in ids(office, draft, sheet))
    page = client.get(f"/drafts/{draft}/row", query_string={"sheet": sheet, "row": row}).get_data(as_text=True)
    before = document(office, draft)
    answer = client.post(f"/drafts/{draft}/row", data=Form(page).sent)
    assert answer.status_code == 302, answer.get_data(as_text=True)
    assert document(office, draft) == before
    assert office.count(ProcedureEdit) == 0


def test_a_whole_row_is_changed_by_one_form_each_cell_an_edit_of_its_own(office, client, draft):
    page = client.get(f"/drafts/{draft}/row?sheet=grade&row=grade-3").get_data(as_text=True)
    sent = Form(page).sent
    because = next(name for name, value in sent.items() if value == "够不上一级、二级的其余投诉")
    cites = next(name for name, value in sent.items() if "P02-5.3" in value)
    sent[because], sent[cites] = "其余投诉", "P02-5.3"
    answer = client.post(f"/drafts/{draft}/row", data=sent, headers=SHEET)
    assert (answer.status_code, "row=grade-3" in answer.headers["X-Go-To"]) == (204, True)
    assert rule(office, draft, "grade-3")["because"] == "其余投诉"
    assert rule(office, draft, "grade-3")["cites"] == ["P02-5.3"]
    assert office.count(ProcedureEdit) == 2


def test_a_bad_cell_is_refused_beside_the_cell_and_keeps_what_was_typed(office, client, draft):
    place = {"sheet": "grade", "row": "grade-3", "cell": "when.impact", "op": "is"}
    answer = client.post(f"/drafts/{draft}/cell", data=place)
    assert answer.status_code == 422 and "至少选一个" in answer.get_data(as_text=True)
    typed = {**place, "op": "text", "text": "[9..3]"}
    answer = client.post(f"/drafts/{draft}/cell", data=typed)
    assert answer.status_code == 422 and "[9..3]" in answer.get_data(as_text=True)
    assert "impact" not in rule(office, draft, "grade-3")["when"]


def test_the_grid_is_answered_with_the_sheet_as_it_is_now(client, draft):
    place = {"sheet": "grade", "row": "grade-3", "cell": "because", "typed": "其余的投诉", "since": "0"}
    answer = client.post(f"/drafts/{draft}/cell", data=place, headers=GRID).get_json()
    row = next(row for row in answer["rows"] if row["key"] == "grade-3")
    assert row["cells"]["because"] == "其余的投诉"
    assert answer["at"] == "grade-3" and answer["undo"] and not answer["redo"]
    assert re.fullmatch(r"已保存 \d\d:\d\d", answer["saved"])


def test_what_is_pasted_is_read_in_the_words_in_which_it_is_shown(office, client, draft):
    place = {"sheet": "grade", "row": "grade-3", "cell": "when.impact", "typed": "不是 无"}
    assert client.post(f"/drafts/{draft}/cell", data=place, headers=GRID).status_code == 200
    assert rule(office, draft, "grade-3")["when"]["impact"] == "not 无"


def test_the_grid_is_told_what_is_wrong_and_what_would_be_right(office, client, draft):
    place = {"sheet": "limit", "row": "办理", "cell": "unit", "typed": "星期"}
    answer = client.post(f"/drafts/{draft}/cell", data=place, headers=GRID)
    assert answer.status_code == 422
    assert "星期" in answer.get_json()["refused"] and "工作日" in answer.get_json()["refused"]
    assert office.count(ProcedureEdit) == 0


def test_a_name_that_is_taken_is_refused_by_the_verb_and_said_at_the_cell(client, draft):
    place = {"sheet": "grade", "row": "grade-3", "cell": "id", "typed": "grade-1-media"}
    answer = client.post(f"/drafts/{draft}/cell", data=place, headers=GRID)
    assert answer.status_code == 422 and answer.get_json()["cell"] == "id"


def test_a_row_that_is_renamed_is_found_under_its_new_name(client, draft):
    place = {"sheet": "grade", "row": "grade-3", "cell": "id", "typed": "grade-rest"}
    answer = client.post(f"/drafts/{draft}/cell", data=place, headers=GRID).get_json()
    assert answer["at"] == "grade-rest"


def test_two_people_are_told_of_each_other(office, client, draft):
    other = office.client("吴磊")
    mine = client.get(f"/drafts/{draft}/rows?sheet=grade").get_json()["since"]
    place = {"sheet": "grade", "row": "grade-3", "cell": "because", "since": str(mine)}
    assert other.post(f"/drafts/{draft}/cell", data={**place, "typed": "吴磊写的"}, headers=GRID).status_code == 200
    told = client.get(f"/drafts/{draft}/news?since={mine}").get_json()
    assert re.fullmatch(r"吴磊 \d\d:\d\d 改了 grade-3", told["news"][0])
    answer = client.post(f"/drafts/{draft}/cell", data={**place, "typed": "孙伟写的"}, headers=GRID)
    assert answer.status_code == 409 and "吴磊" in answer.get_json()["refused"]
    assert rule(office, draft, "grade-3")["because"] == "吴磊写的"
    seen = {**place, "since": str(told["since"]), "typed": "孙伟写的"}
    assert client.post(f"/drafts/{draft}/cell", data=seen, headers=GRID).status_code == 200


def test_only_editors_find_the_draft(office, draft):
    for name, status in (("孙伟", 200), ("吴磊", 200), ("管理员", 200), ("王敏", 404), ("周杰", 404), ("高总", 404)):
        client = office.client(name)
        for address in ("", "rows?sheet=grade", "cell?sheet=grade&row=grade-3&cell=because", "row?sheet=grade", "news"):
            assert client.get(f"/drafts/{draft}/{address}").status_code == status, (name, address)
        for address, data in (("deed?sheet=grade", {"delete": "grade-3"}), ("undo", {}), ("cell", {"sheet": "grade"})):
            if status == 404:
                assert client.post(f"/drafts/{draft}/{address}", data=data).status_code == 404, (name, address)
    assert len(ids(office, draft, "grade")) == 16


def test_who_comes_back_to_what_is_no_draft_any_more_is_led_to_its_page(office, client, draft):
    office.do("give_up_draft", None, "孙伟", draft=str(draft))
    answer = client.get(f"/drafts/{draft}/")
    assert answer.status_code == 302 and answer.location.endswith(f"/procedures/details/?id={draft}")
    in_force = office.one(
        select(ProcedureVersion.id).where(ProcedureVersion.code == "P02", ProcedureVersion.number == 1)
    )
    assert client.get(f"/drafts/{in_force}/").location.endswith(f"/procedures/details/?id={in_force}")


@pytest.mark.parametrize(
    ("address", "status"),
    [
        ("?sheet=nothing", 404),
        ("?sheet=form%2F没有%2Ffield", 404),
        ("?sheet=grade&facts=nonsense", 200),
        ("?sheet=grade&bad=1", 400),
        ("cell?sheet=grade&row=grade-3&cell=nothing", 404),
        ("cell?sheet=grade&row=nothing&cell=because", 404),
        ("cell?sheet=procedure&row=title&cell=name", 404),
        ("row?sheet=procedure", 404),
        ("news?since=99999999999999999999", 200),
        ("try?sheet=limit", 404),
        ("try?sheet=grade&fact.impact=无", 200),
        ("try?sheet=grade&fact.nothing=无", 400),
    ],
)
def test_odd_addresses_are_answered(client, draft, address, status):
    assert client.get(f"/drafts/{draft}/{address}").status_code == status


def test_a_deed_on_a_row_that_is_gone_is_said_and_changes_nothing(office, client, draft):
    for what in ("delete", "up", "duplicate"):
        answer = client.post(f"/drafts/{draft}/deed?sheet=grade", data={what: "gone"}, follow_redirects=True)
        assert "已经不在" in answer.get_data(as_text=True)
    assert office.count(ProcedureEdit) == 0


def test_a_try_out_says_what_the_draft_decides_which_row_what_nearly_held_and_writes_nothing(office, client, draft):
    events = office.count(Event)
    asked = {"sheet": "grade", "fact.nature": "投诉", "fact.mainstream_media": "是", "fact.impact": "一定不良"}
    told = client.get(f"/drafts/{draft}/try", query_string=asked).get_data(as_text=True)
    assert 'data-row="grade-2-media-some"' in told
    assert "定为 二级投诉，因为" in told
    assert "差一点定为 一级投诉：社会影响 是 一定不良" in told
    assert office.count(Event) == events


def test_a_try_out_takes_the_facts_of_a_case_from_history(office, client, draft):
    key = office.case(department="抄表班", compensation_sought="物质", demand="赔偿")
    number = office.find(key).case_no
    told = office.client("管理员").get(f"/drafts/{draft}/try", query_string={"sheet": "grade", "case": number})
    assert 'data-row="grade-3"' in told.get_data(as_text=True)
    missing = client.get(f"/drafts/{draft}/try", query_string={"sheet": "grade", "case": "TS-00000000-0000"})
    assert "没有编号是" in missing.get_data(as_text=True)


def test_the_editor_speaks_english_too(office, draft):
    client = office.client("孙伟")
    client.post("/language", data={"language": "en", "next": "/"})
    page = client.get(f"/drafts/{draft}/?sheet=grade").get_data(as_text=True)
    assert "When " in page or "draft" in page.lower()


def test_edits_leave_the_number_of_events_alone_but_are_kept_one_by_one(office, client, draft):
    place = {"sheet": "grade", "row": "grade-3", "cell": "because"}
    for text in ("一", "二", "三"):
        client.post(f"/drafts/{draft}/cell", data={**place, "typed": text}, headers=GRID)
    assert office.one(select(func.count(ProcedureEdit.id))) == 3


def test_a_try_out_does_not_say_how_somebody_is_reached(office, draft):
    number = office.find(office.case(department="抄表班")).case_no
    asked = {"sheet": "grade", "case": number, "facts": "phone,name,address"}
    page = office.client("管理员").get(f"/drafts/{draft}/", query_string=asked).get_data(as_text=True)
    assert f'value="{number}"' in page and 'name="fact.phone"' in page
    assert "13812345678" not in page


def test_which_cases_a_document_takes_has_a_sheet_of_its_own(office, client, draft):
    row = {"id": "calls", "when": {"channel": "来电"}, "because": "来电归总部"}
    office.do(
        "edit_procedure", None, "孙伟", draft=draft, section="take", row="", kind="增", value={"row": row, "before": ""}
    )
    page = client.get(f"/drafts/{draft}/?sheet=take").get_data(as_text=True)
    assert "受理哪些件" in page
    assert "当 来源 是 来电 时，由本制度受理；因为来电归总部。" in unescape(page)
    edits = {"section": "take", "row": "calls", "kind": "改", "value": {"cell": "when.channel", "value": "来访"}}
    office.do("edit_procedure", None, "孙伟", draft=draft, **edits)
    assert document(office, draft)["take"][-1]["when"] == {"channel": "来访"}
    whole = client.get(f"/procedures/details/?id={draft}").get_data(as_text=True)
    assert 'id="r-calls"' in whole, "the history leads to this row"
