"""Two cases of two departments, each with a record of every kind, whose texts carry a word of their own.

凤凰木 is the word of the case of 工程维修部 (about 维修员甲), 白桦林 that of 客户营业部 (about 抄表员甲).
Whoever reads one of these words where he must not has been shown a row of another department.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from models import Approval, Complaint, Coordination, Proposal, WorkOrder
from tests.support import cast
from tests.support.cast import House, moment

OURS, THEIRS = "凤凰木", "白桦林"
WORDS = (OURS, THEIRS)
SEES: dict[str, tuple[str, ...]] = {
    "客服甲": (OURS,),
    "人事甲": WORDS,  # his department decides the assessment of the other case
    "工程维修部负责人": (OURS,),
    "维修班长甲": (OURS,),
    "客户营业部负责人": (THEIRS,),
    "抄表班长甲": (THEIRS,),
    "安全技术部负责人": (),
    "公司领导": WORDS,
    "审计员": WORDS,
    "系统管理员": WORDS,
    "维修员甲": (),
    "抄表员甲": (),
}
"""Who may read which word. Written down here, not asked of the code that is tested."""
HOUSE = ("审计员", "系统管理员")
"""Who reads what belongs to the house."""
PHONES = ("13811110001", "13922220002")
IDENTITY = tuple(text for word in WORDS for text in (f"客户{word}", f"路边的{word}小区")) + PHONES
"""Who complained: in no list, page or file until somebody asks with a reason."""
AT = "2026-05-13 15:10"


def fill(engine: Engine) -> None:
    """The furnished house with both cases: what the template of these databases holds."""
    cast.open_house(engine)
    with Session(engine, expire_on_commit=False) as session:
        house = House(session)
        ours = house.registered(
            **_call(OURS, PHONES[0], "工程维修部", "维修员甲"), demand=f"改进{OURS}", compensation_sought="无"
        )
        _live(house, ours, OURS, "客服甲", "工程维修部", "维修班长甲")
        theirs = house.registered(
            by="人事甲",
            **_call(THEIRS, PHONES[1], "客户营业部", "抄表员甲"),
            demand=f"赔偿{THEIRS}",
            compensation_sought="物质",
        )
        _live(house, theirs, THEIRS, "人事甲", "客户营业部", "抄表班长甲")
        house.sweep("2026-07-01 09:00")
        session.commit()


def _call(word: str, phone: str, department: str, person: str) -> dict[str, Any]:
    return {
        "content": f"{word}的问题",
        "name": f"客户{word}",
        "phone": phone,
        "address": f"路边的{word}小区一号楼",
        "complained_department": department,
        "complained_person": person,
    }


def _live(house: House, case: Complaint, word: str, desk: str, department: str, crew: str) -> None:
    """A record of every kind, each with the word."""
    head = f"{department}负责人"
    house.do("communicate", by=desk, case=case, way="电话", kind="安抚", text=f"谈到{word}")
    house.ordered(case=case, by=desk)
    house.do("sign_order", by=head, case=case, handler=crew)
    house.do("urge", by=desk, case=case, text=f"催{word}")
    house.do("attach", by=desk, case=case, file=f"{word}.txt", kind="其他", note=word)
    house.confirmed(case, by=desk, facts=f"查明{word}", cause=f"因为{word}")
    answer = {"problem_summary": f"摘要{word}", "handling_status": f"办了{word}"}
    house.answered(case, **answer, corrective_measures=f"纠正{word}")
    measure = {"kind": "纠正措施", "measure": f"改{word}", "cause": word, "due_on": "2026-06-01"}
    house.do("add_measure", by=desk, case=case, owner_department=department, **measure)
    author = house.person(desk)
    texts = {"plan": f"方案{word}", "answer": f"答复{word}"}
    plan = Proposal(complaint_id=case.id, number=1, created_at=moment(AT), author=author, **texts)
    house.session.add(plan)
    asked = {"object": "方案", "role": "公司领导", "asked_at": moment(AT), "opinion": f"批{word}"}
    house.session.add(Approval(complaint_id=case.id, proposal=plan, asked_by=author, **asked))
    job = {"order_no": f"WX-{case.id}", "fault": f"修{word}", "state": "待派", "issued_at": moment(AT)}
    house.session.add(WorkOrder(complaint_id=case.id, **job))
    told = {"explanation_to_customer": f"解释{word}", "contacted_at": moment(AT), "at": moment(AT)}
    house.session.add(Coordination(complaint_id=case.id, unit=f"单位{word}", **told))
    house.effective(case)
    house.do("visit", by=desk, case=case, result="满意", comment=f"客户说{word}")
    amount = {"points": 40} if case.nature == "抱怨" else {"sanction": "通报批评"}
    proposal = {"standard_no": "16", "subject_kind": "部门负责人", "note": f"考核{word}", **amount}
    house.do("propose_assessment", by=desk, case=case, **proposal)
    reflection = {"text": f"认识{word}", "file": f"{word}.txt"}
    house.do("fill_document", by=head, case=case, kind="书面认识", fields=reflection)
    circular = {"kind": "投诉通报", "period": "2026-05", "departments": [department], "text": f"通报{word}"}
    house.do("circulate", by=head, case=case, **circular)
    if word == OURS:
        house.do("inspect", by="客服甲", kind="日常督查", department=department, note=f"检查{word}")


def row_of(session: Session, table: Any, word: str) -> Any:
    """The newest row of that table that belongs to the case of the word."""
    case = select(Complaint.id).where(Complaint.content.contains(word)).scalar_subquery()
    if table is Complaint:
        return session.scalars(select(Complaint).where(Complaint.id == case)).unique().one()
    if not hasattr(table, "complaint_id"):
        case_row = session.scalars(select(Complaint).where(Complaint.id == case)).unique().one()
        return case_row.complainant
    return session.scalars(select(table).where(table.complaint_id == case).order_by(table.id.desc()).limit(1)).first()
