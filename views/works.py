"""维修单 and what belongs to them: work orders, the price list, other units that were asked."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Any, ClassVar

from flask import g
from flask_babel import gettext as _
from sqlalchemy import ColumnElement, and_, or_
from sqlalchemy.orm import selectinload

from models import Coordination, PriceItem, Staff, WorkOrder, db
from rules.vocabulary import WorkOrderState
from views import formats, permits
from views.base import EVERYBODY, me
from views.casefilters import distinct, of_case
from views.caserecords import CaseRecord, in_one_line, not_about_me, procedure_of
from views.filters import Days, Filter, Named, OneOf
from views.people import HouseRecord
from views.plans import amount
from workflow import documents, workorders
from workflow.offers import Offer
from workflow.registry import VERBS


def _prices(item: dict[str, str]) -> tuple[Decimal, Decimal]:
    return Decimal(item["price"]), Decimal(item["amount"])


def _parts(_view: Any, _context: Any, row: WorkOrder, _name: str) -> str:
    """What was used, in a row."""
    return _("、").join(map(str, row.parts))


class WorkOrderView(CaseRecord):
    """Work orders: of the cases that this person sees, and those whose fee he collects."""

    unseen_cases = True
    works_by = ("open_work_order",)
    column_list = ("order_no", "state", "fault", "appointed_at", "place", "paid", "final_amount", "technician", "case")
    optional = (
        *("equipment", "model", "quoted_amount", "customer_consents", "issued_by", "issued_at", "accepted_by"),
        *("accepted_at", "team", "finished_at", "rating_quality", "rating_attitude", "verified_by", "verified_at"),
        *("fee_way", "fee_state"),
    )
    column_labels: ClassVar = {
        "order_no": "编号",
        "state": "状态",
        "place": "位置",
        "equipment": "设备",
        "model": "型号",
        "fault": "故障描述",
        "paid": "有偿/无偿",
        "quoted_amount": "报价",
        "customer_consents": "客户认可",
        "consented_at": "认可时间",
        "appointed_at": "预约时间",
        "issued_by": "开单人",
        "issued_at": "开单时间",
        "dispatched_at": "派单时间",
        "accepted_by": "接单人",
        "accepted_at": "接单时间",
        "team": "班组",
        "technician": "维修人员",
        "arrived_at": "到场时间",
        "finished_at": "完工时间",
        "parts": "用料",
        "final_amount": "费用",
        "customer_signed_by": "客户签名",
        "customer_signed_at": "签名时间",
        "rating_quality": "服务质量",
        "rating_attitude": "服务态度",
        "returned_at": "返单时间",
        "verified_by": "验证人",
        "verified_at": "验证时间",
        "fee_way": "收费方式",
        "fee_state": "收费",
    }
    column_formatters: ClassVar = {
        "fault": in_one_line,
        "parts": _parts,
        "quoted_amount": amount("quoted_amount"),
        "final_amount": amount("final_amount"),
    }
    sections = (
        ("维修", ("order_no", "state", "place", "equipment", "model", "fault", "appointed_at")),
        (
            "费用",
            ("paid", "quoted_amount", "customer_consents", "consented_at", "final_amount", "fee_way", "fee_state"),
        ),
        ("办理", ("issued_by", "issued_at", "dispatched_at", "accepted_by", "accepted_at", "team", "technician")),
        ("完工", ("arrived_at", "finished_at", "parts", "customer_signed_by", "customer_signed_at")),
        ("验证", ("rating_quality", "rating_attitude", "returned_at", "verified_by", "verified_at")),
    )
    masked: ClassVar = {"customer_signed_by": formats.masked_name}
    terms = ("state", "place", "paid", "rating_quality", "rating_attitude", "fee_way", "fee_state")
    wide = ("fault",)
    numbers = ("quoted_amount", "final_amount")
    lead = ("state",)
    head_lines = ("fault",)
    order = (WorkOrder.appointed_at.desc(), WorkOrder.id.desc())
    searched = (WorkOrder.order_no, WorkOrder.fault, WorkOrder.equipment)
    loads = tuple(
        selectinload(relation)
        for relation in (
            *(WorkOrder.complaint, WorkOrder.technician, WorkOrder.issued_by, WorkOrder.accepted_by),
            WorkOrder.verified_by,
        )
    )
    views: ClassVar = {
        "全部": {},
        "待接单": {"state": "待接单"},
        "处理中": {"state": "处理中"},
        "待验证": {"state": "已返单"},
        "待收费": {"fee_state": "待收"},
    }
    empty = ("还没有维修单", "在投诉件上按“开维修单”，写明位置、故障和客户预约的时间。")
    filters: tuple[Filter, ...] = (
        OneOf("state", "状态", WorkOrder.state, options=tuple(WorkOrderState)),
        OneOf("paid", "有偿/无偿", WorkOrder.paid, options=("有偿", "无偿")),
        OneOf("fee_state", "收费", WorkOrder.fee_state, options=("无", "待收", "已收")),
        OneOf("team", "班组", WorkOrder.team, options=distinct(WorkOrder.team)),
        Named("technician", "维修人员", WorkOrder.technician_id, model=Staff),
        Days("appointed", "预约时间", WorkOrder.appointed_at),
        *of_case(WorkOrder.complaint),
    )
    bulk_verbs = ("print",)
    printed = "维修单"
    timed = ("finish_work", "assign_crew", "sign_for")
    offered = (
        *("quote", "consent", "assign_crew", "finish_work", "sign_work", "return_work", "verify_work", "charge"),
    )

    def scope(self) -> ColumnElement[bool]:
        """Whoever collects fees sees the paid orders that are done, also of cases that he does not see."""
        seen = super().scope()
        if not workorders.collects(db.session(), me(), g.now):
            return seen
        done = WorkOrder.state.in_(workorders.DONE)
        return or_(seen, and_(done, WorkOrder.paid == "有偿", not_about_me(WorkOrder.complaint)))

    def details_of(self, row: WorkOrder) -> dict[str, Any]:
        found = super().details_of(row)
        paper = documents.kind_of(procedure_of(row.complaint), WorkOrder)
        return {**found, "print_kind": paper} if found["case"] else {**found, "offers": self._to_collect(row)}

    def tables(self, row: WorkOrder) -> list[dict[str, Any]]:
        """What is charged, and where the copies lie; nothing of what is not there yet."""
        charged = [
            (item["name"], " ".join(filter(None, (item["qty"], item["unit"]))), *map(formats.money, _prices(item)))
            for item in row.price_items
        ]
        copies = [
            (_(copy["copy"]), formats.money(Decimal(copy["amount"])), formats.shown(datetime.fromisoformat(copy["at"])))
            for copy in row.copies
        ]
        found = (
            {"title": "收费项目", "heads": ("名称", "数量", "单价", "小计"), "rows": charged},
            {"title": "各联去向", "heads": ("联", "费用", "时间"), "rows": copies},
        )
        return [table for table in found if table["rows"]]

    def _to_collect(self, row: WorkOrder) -> list[Offer]:
        """Whoever collects the fee of a case that he does not see finds that one deed here."""
        owed = row.fee_state == workorders.OWED and permits.may("charge", row.complaint)
        return [Offer.of(VERBS["charge"])] if owed else []


class CoordinationView(CaseRecord):
    """Other units that had to act: what they were asked, what the complainant was told, what they answered."""

    works_by = ("coordinate",)
    column_list = ("contacted_at", "unit", "contact", "explanation_to_customer", "reply", "replied_at", "by", "case")
    column_labels: ClassVar = {
        "contacted_at": "联系时间",
        "unit": "外部单位",
        "contact": "联系人",
        "explanation_to_customer": "向投诉人的解释",
        "reply": "答复",
        "replied_at": "答复时间",
        "by": "经办人",
    }
    column_formatters: ClassVar = {"explanation_to_customer": in_one_line, "reply": in_one_line}
    sections = (
        ("联系", ("unit", "contact", "contacted_at", "by")),
        ("解释和答复", ("explanation_to_customer", "reply", "replied_at")),
    )
    wide = ("explanation_to_customer", "reply")
    lead = ("unit",)
    head_lines = ("unit",)
    order = (Coordination.contacted_at.desc(), Coordination.id.desc())
    searched = (Coordination.unit, Coordination.explanation_to_customer, Coordination.reply)
    loads = (selectinload(Coordination.complaint), selectinload(Coordination.by))
    empty = ("没有外部协调", "涉及其他单位的，在投诉件上按“外部协调”，记下联系和向投诉人的解释。")
    filters: tuple[Filter, ...] = (
        Days("contacted", "联系时间", Coordination.contacted_at),
        *of_case(Coordination.complaint),
    )
    offered = ("coordinate",)


class PriceView(HouseRecord):
    """The price list: what paid work costs, from when till when; everybody may look it up."""

    readers = EVERYBODY
    works_by = ("quote",)
    create_verb = "set_price"
    create_label = "定价"
    can_edit = False
    column_list = ("name", "unit", "price", "valid_from", "valid_to")
    column_labels: ClassVar = {
        "name": "收费项目",
        "unit": "单位",
        "price": "单价",
        "valid_from": "自",
        "valid_to": "至",
    }
    column_formatters: ClassVar = {"price": amount("price")}
    sections: Any = (("价格", ("name", "unit", "price", "valid_from", "valid_to")),)
    numbers = ("price",)
    lead = ("name",)
    head_lines = ("name",)
    order = (PriceItem.name, PriceItem.valid_from.desc())
    searched = (PriceItem.name,)
    empty = ("还没有收费标准", "按“定价”，写下项目、单位、单价和从哪天起。")
    filters: tuple[Filter, ...] = (Days("from", "自", PriceItem.valid_from, is_date=True),)
