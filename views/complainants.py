"""反映人: who complained, as far as this person sees a case of theirs; contact data masked until a reason is given."""

from __future__ import annotations

from typing import Any, ClassVar

from flask import g
from flask_babel import gettext as _
from sqlalchemy import ColumnElement, func, select

from models import Complainant, Complaint, db
from views import formats
from views.base import me
from views.casefilters import distinct
from views.caserecords import CaseRecord, case_link, loaded
from views.filters import Days, Filter, Flag, Masked, OneOf
from workflow import access
from workflow.likeness import sealed


def cases_of(person: Complainant) -> list[Complaint]:
    """The complainant's cases that this person may see, newest first."""
    query = select(Complaint).where(Complaint.complainant_id == person.id, access.scope(me()))
    return list(db.session.scalars(query.order_by(Complaint.id.desc()).limit(50)).unique())


def _count(_view: Any, _context: Any, row: Complainant, _name: str) -> Any:
    """How many cases in scope somebody is behind; asked once for everybody on the page."""
    known: dict[int, int] = g.setdefault("cases_of", {})
    if row.id not in known:
        keys = loaded(Complainant) | {row.id}
        query = select(Complaint.complainant_id, func.count(Complaint.id)).group_by(Complaint.complainant_id)
        query = query.where(Complaint.complainant_id.in_(keys), access.scope(me()))
        known.update(dict.fromkeys(keys, 0))
        known.update((key, count) for key, count in db.session.execute(query))
    return known[row.id]


class ComplainantView(CaseRecord):
    """The people behind the cases in scope."""

    through = None
    column_list = ("name", "kind", "phone", "address", "cases", "value_grade", "secrecy", "created_at")
    optional = ("customer_no", "contact_person", "email", "anonymous")
    column_labels: ClassVar = {
        "name": "姓名",
        "kind": "类别",
        "phone": "电话",
        "address": "地址",
        "cases": "投诉件数",
        "value_grade": "客户等级",
        "secrecy": "公开程度",
        "created_at": "首次登记",
        "customer_no": "户号",
        "contact_person": "联系人",
        "email": "电子邮件",
        "anonymous": "匿名",
        "address_reason": "无地址的原因",
    }
    column_formatters: ClassVar = {"cases": _count}
    column_export_list = ("name", "kind", "phone", "address", "customer_no", "cases", "secrecy", "created_at")
    sections = (
        ("反映人", ("name", "kind", "phone", "email", "address", "address_reason", "contact_person", "customer_no")),
        ("档案", ("value_grade", "secrecy", "anonymous", "created_at")),
    )
    masked: ClassVar = {
        "name": formats.masked_name,
        "phone": formats.masked_phone,
        "address": formats.masked_address,
        "email": formats.masked_phone,
        "contact_person": formats.masked_name,
        "customer_no": formats.masked_phone,
    }
    terms = ("kind", "value_grade", "secrecy")
    wide = ("address",)
    numbers = ("cases",)
    order = (Complainant.created_at.desc(),)
    searched = (Complainant.name, Complainant.phone, Complainant.customer_no)
    empty = ("还没有反映人", "登记投诉时写下的姓名和电话，会出现在这里。")
    filters: tuple[Filter, ...] = (
        OneOf("kind", "类别", Complainant.kind, options=distinct(Complainant.kind)),
        OneOf("secrecy", "公开程度", Complainant.secrecy, options=distinct(Complainant.secrecy)),
        Flag("anonymous", "匿名", Complainant.anonymous),
        Masked("customer_no", "户号", Complainant.customer_no),
        Days("created", "首次登记", Complainant.created_at),
    )
    offered = ()

    def scope(self) -> ColumnElement[bool]:
        mine = select(Complaint.id).where(Complaint.complainant_id == Complainant.id, access.scope(me()))
        return mine.exists()

    def case_behind(self, row: Complainant) -> Complaint | None:
        """The newest case: in its history stands who looked. Where one of them is confidential, that one decides."""
        found = cases_of(row)
        return next(filter(sealed, found), found[0] if found else None)

    def details_of(self, row: Complainant) -> dict[str, Any]:
        title = row.name if self.is_open(row) else formats.masked_name(row.name)
        return {**super().details_of(row), "case": None, "shown_title": title}

    def tables(self, row: Complainant) -> list[dict[str, Any]]:
        return [
            {
                "title": "投诉件",
                "heads": ("编号", "反映时间", "反映内容", "状态", "客户满意度"),
                "rows": [
                    (
                        case_link(case, seen=True),
                        formats.shown(case.received_at),
                        case.content[:80],
                        formats.term(case.state),
                        formats.term(case.satisfaction) or _("—"),
                    )
                    for case in cases_of(row)
                ],
            }
        ]
