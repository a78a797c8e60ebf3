"""A filter that offers the values of a column offers every one of them."""

from datetime import timedelta

import pytest

from models import JobRun
from rules.procedure import shipped
from workflow import procedures
from workflow.access import SYSTEM


def test_the_value_of_every_row_can_be_filtered_for_however_many_there_are(office):
    names = [f"job-{number:02}" for number in range(45)]
    with office.session() as session:
        for name in names:
            session.add(JobRun(name=name, started_at=office.now, as_of=office.now))
    client = office.client("管理员")
    page = client.get("/jobruns/").get_data(as_text=True)
    assert all(f'value="{name}"' in page for name in names)
    found = client.get("/jobruns/?name=job-44").get_data(as_text=True)
    assert '<span class="count">1</span>' in found


@pytest.fixture
def shops(office):
    """Two procedures in force; one records the shop, and two shops have called."""
    with office.session() as session:
        procedures.put_in_force(session, shipped()["P00b"], actor=SYSTEM, now=office.now - timedelta(days=30))
    asked = {"channel": "来电", "kind": "商户", "name": "客户甲", "phone": "13800000301", "content": "过道积水"}
    return {
        shop: office.do("register", None, "王敏", procedure="P00b", shop_no=shop, category="公共环境/清洁", **asked)
        for shop in ("B1-023", "B1-0231")
    }


@pytest.mark.clause("P00b-1.3")
def test_the_cases_of_one_shop_are_listed_by_its_number(office, shops):
    client = office.client("王敏")
    page = client.get("/complaints/?field_shop_no=B1-023").get_data(as_text=True)
    listed = {key for key in shops.values() if f"details/?id={key}" in page}
    assert listed == {shops["B1-023"]}
    assert "铺位号" in page
    assert "B1-023" in page


@pytest.mark.clause("P00b-1.3")
def test_a_part_of_a_shops_number_finds_nothing(office, shops):
    page = office.client("王敏").get("/complaints/?field_shop_no=B1-02").get_data(as_text=True)
    assert not [key for key in shops.values() if f"details/?id={key}" in page]


def test_the_list_offers_no_field_that_no_procedure_looks_for(office):
    page = office.client("王敏").get("/complaints/").get_data(as_text=True)
    assert "field_" not in page
