"""No form is a way past the mask: contact data are typed anew or stay as they are."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from models import Communication, CorrectiveAction
from tests.views.test_races import fields
from workflow.registry import VERBS

PRIVATE = {"name": "欧阳小梅", "phone": "13812345678", "address": "江滨路一号二单元", "customer_no": "H-20260001"}


@pytest.mark.parametrize("who", ["王敏", "孙伟", "周杰"])
def test_no_form_on_a_case_shows_contact_data(office, who):
    key = office.ordered(**PRIVATE)
    office.do("sign_order", key, "孙伟", handler="周杰")
    client, opened = office.client(who), 0
    for verb in VERBS:
        answer = client.get(f"/do/{verb}/{key}")
        opened += answer.status_code == 200
        text = answer.get_data(as_text=True)
        assert not [value for value in PRIVATE.values() if value in text], verb
    assert opened > 3


def test_an_edit_says_them_masked_and_writes_only_what_is_typed(office):
    key = office.case(**PRIVATE)
    client = office.client("王敏")
    form = client.get(f"/do/update/{key}")
    assert "138****5678" in form.get_data(as_text=True)
    sent = {**fields(form), "phone": "", "name": "欧阳晓梅", "demand": "当面道歉", "reason": "客户更正"}
    assert client.post(f"/do/update/{key}", data=sent).status_code == 302
    case = office.find(key)
    person = case.complainant
    assert (case.demand, person.name) == ("当面道歉", "欧阳晓梅")
    assert (person.phone, person.address, person.customer_no) == tuple(
        PRIVATE[n] for n in ("phone", "address", "customer_no")
    )


def test_what_is_left_empty_in_a_record_is_the_complainant_s(office):
    key = office.ordered(**PRIVATE)
    office.do("sign_order", key, "孙伟", handler="周杰")
    client = office.client("孙伟")
    done = {"problem_summary": "未按约上门", "handling_status": "已上门", "corrective_measures": "电话确认"}
    sent = fields(client.get(f"/do/submit_correction/{key}")) | done
    assert client.post(f"/do/submit_correction/{key}", data=sent).status_code == 302
    record = office.one(select(CorrectiveAction))
    assert (record.customer_name, record.phone, record.address) == tuple(
        PRIVATE[n] for n in ("name", "phone", "address")
    )
    talk = {"kind": "安抚", "way": "电话", "text": "已致歉", "person": ""}
    assert office.client("王敏").post(f"/do/communicate/{key}", data=talk).status_code == 302
    assert office.one(select(Communication)).person == PRIVATE["name"]
