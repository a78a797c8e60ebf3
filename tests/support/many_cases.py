"""Stored cases of every kind that a query may meet: empty, half filled, at the edges of days and months, wrongly typed.

They are written as rows, not made by verbs: the database may hold what no verb of today would write.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from functools import partial
from random import Random
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from models import (
    Assessment,
    Assignment,
    Attachment,
    Citation,
    Clock,
    Complainant,
    Complaint,
    Coordination,
    CorrectiveAction,
    Department,
    Duty,
    FormDocument,
    Implementation,
    Investigation,
    JointReview,
    KnowledgeItem,
    Proposal,
    ResultFeedback,
    SiteVisit,
    Staff,
    SupervisionOrder,
    TeamMember,
    Visit,
    WorkOrder,
)
from rules.procedure import Procedure, build
from rules.values import kept
from tests.support.cast import furnish

STEPS = ("register", "dispatch", "form_team", "site_visit", "propose", "close", "open_work_order")
ASKED = {"methods": "has 现场", "external_units": "has 甲"}
DOCUMENT = {
    "procedure": {"code": "甲", "title": "各种登记项", "grades": ["一级", "二级"], "severity": {"一级": 2, "二级": 1}},
    "step": [
        {"verb": verb}
        for verb in ("register", "dispatch", "form_team", "site_visit", "propose", "close", "open_work_order")
    ],
    "rule": [
        {
            "id": "late",
            "stage": "warn",
            "when": {"late_clocks": "has 办理", "talks": "has 解释", "attachments": "has 录音", **ASKED},
            "then": "超期过",
            "because": "超期过",
            "cites": ["甲-1"],
        }
    ],
    "field": [
        {"key": "a_text", "label": "文字", "type": "text"},
        {"key": "a_choice", "label": "选项", "type": "choice", "values": ["甲", "乙", "丙"]},
        {"key": "a_flag", "label": "是否", "type": "bool"},
        {"key": "a_number", "label": "数", "type": "number"},
        {"key": "a_day", "label": "日", "type": "date"},
        {"key": "an_instant", "label": "时刻", "type": "instant"},
        {"key": "a_list", "label": "多选", "type": "list", "values": ["甲", "乙", "丙"]},
        {"key": "a_department", "label": "部门", "type": "department"},
        {"key": "a_person", "label": "人", "type": "person"},
    ],
}
NOW = datetime(2026, 6, 15, 4, tzinfo=UTC)
WORDS = (
    *("", "", " ", "\u3000\n", "甲", "乙", "丙", "甲 ", "a", "A", "é", "漏气", "100%", "a_b", "it's", '"甲"', '["甲"]'),
    *("3", "true", "是", "😀", "2026-05-13", "missing", "甲|乙", "客户服务中心", "客服甲", "工程维修部"),
)
NUMBERS = (0, 1, 2, 3, 3.0, -1, 10, 9, 10.5, 0.1, 0.25, -0.5, 99999999999, 1e6, 3.14159)
DAYS = tuple(
    date(2026, *day) for day in ((1, 1), (1, 31), (2, 28), (3, 1), (5, 12), (5, 13), (5, 31), (6, 1), (12, 31))
)
EDGES = (timedelta(0), timedelta(seconds=-1), timedelta(seconds=1), timedelta(hours=8), timedelta(hours=15, minutes=59))
INSTANTS = tuple(datetime(day.year, day.month, day.day, 16, tzinfo=UTC) + edge for day in DAYS for edge in EDGES)
TEXTS = (
    *("channel", "forwarder", "content", "demand", "place", "nature", "category", "compensation_sought", "state"),
    *("complained_person", "responsible_person", "founded", "satisfaction", "close_reason"),
)
WRONG = (None, "", 7, "七", True, ["甲"], [], {"甲": 1}, "2026-05-13", 2.5, "甲")


def document() -> Procedure:
    """A procedure with a field of every type."""
    return build(DOCUMENT)


def settle(session: Session) -> None:
    """The house, its people, and a procedure whose fields are of every type."""
    furnish(session)
    session.add_all([Staff(name="客服甲"), Department(name="无人部门", path="/x/")])


def field_value(random: Random, kind: str) -> Any:
    """What may stand in JSON under a field of that type; now and then something of another type."""
    if random.random() < 0.15:
        return random.choice(WRONG)
    if kind in ("text", "choice", "department", "person"):
        return random.choice(WORDS)
    if kind == "bool":
        return random.random() < 0.5
    if kind == "number":
        return random.choice(NUMBERS)
    if kind == "list":
        return random.sample(["甲", "乙", "丙", "a", "", "漏气"], random.randrange(4))
    return kept(random.choice(DAYS if kind == "date" else INSTANTS))


class Maker:
    """Writes cases into one database, the same for the same seed."""

    def __init__(self, session: Session, seed: int) -> None:
        self.session, self.random = session, Random(seed)
        self.people = list(session.scalars(select(Staff).order_by(Staff.id)))
        self.departments = list(session.scalars(select(Department).order_by(Department.id)))
        self.callers: list[Complainant] = []
        kept = {"title": "甲", "filed_on": NOW.date(), "at": NOW}
        self.library = [KnowledgeItem(kind=kind, **kept) for kind in ("录音", "手册", "手册")]

    def cases(self, count: int, procedure: Procedure) -> list[Complaint]:
        """So many cases, with their records."""
        found = [self.case(number, procedure) for number in range(count)]
        self.session.add_all(found)
        self.session.flush()
        for case in found:
            self.records(case)
        self.session.flush()
        return found

    def some(self, things: Any, nothing: float = 0.3) -> Any:
        return None if self.random.random() < nothing else self.random.choice(things)

    def word(self) -> str:
        return self.random.choice(WORDS)[:20]

    def caller(self) -> Complainant:
        """Somebody new, or somebody who has called before."""
        if self.callers and self.random.random() < 0.4:
            return self.random.choice(self.callers)
        random = self.random
        person = Complainant(
            name=self.word(), phone=self.word(), address=self.word(), anonymous=random.random() < 0.3, created_at=NOW
        )
        self.callers.append(person)
        return person

    def case(self, number: int, procedure: Procedure) -> Complaint:
        """One case without records."""
        random, at = self.random, self.random.choice(INSTANTS)
        department, person = partial(self.some, self.departments), partial(self.some, self.people)
        return Complaint(
            case_no=f"多{number:05d}",
            procedure_code=procedure.code,
            procedure_version=1,
            complainant=self.caller(),
            received_at=at,
            registered_at=at,
            accepted_at=self.some([at]),
            incident_at=self.some(INSTANTS),
            **{
                name: self.word()
                for name in ("channel", "forwarder", "content", "demand", "place", "nature", "category")
            },
            **{
                name: self.word()
                for name in ("compensation_sought", "complained_person", "responsible_person", "founded")
            },
            **{name: self.word() for name in ("state", "satisfaction", "close_reason")},
            grade=self.some(["一级", "二级", ""]),
            parties_count=random.choice([1, 2, 3, 9, 10]),
            severity=random.randrange(4),
            round=random.randrange(1, 4),
            grade_provisional=random.random() < 0.5,
            grade_by_hand=random.random() < 0.5,
            overdue=random.random() < 0.5,
            due_at=self.some(INSTANTS),
            flags=random.sample(["需通报", "甲", "漏气"], random.randrange(3)),
            fields={row.key: field_value(random, row.type) for row in procedure.fields if random.random() < 0.8},
            complained_department=department(),
            handling_department=department(),
            investigation_department=department(),
            responsible_department=department(),
            receiver=person(),
            investigator=person(),
            handler=person(),
            responsible_staff=person(),
            complained_staff=person(),
        )

    def records(self, case: Complaint) -> None:
        """Orders, answers, visits, documents, duties: some, several or none."""
        random, add = self.random, self.session.add
        for nth in range(random.choice([0, 0, 1, 2])):
            order = SupervisionOrder(
                order_no=f"单{case.id}-{nth}",
                complaint_id=case.id,
                customer_name="甲",
                phone="1",
                report_way="来访",
                reported_at=NOW,
                problem_content="甲",
                customer_request="乙",
                limit_kind="N日内",
                issued_at=NOW,
                handling_department_id=self.departments[0].id,
                state=random.choice(["已开具", "已签收", "已反馈"]),
            )
            add(order)
            self.session.flush()
            self.answer(case, order)
        for _ in range(random.choice([0, 0, 1, 3])):
            result = random.choice(["满意", "无法联系", "不满意"])
            add(Visit(complaint_id=case.id, at=random.choice(INSTANTS), result=result))
        for _ in range(random.choice([0, 1, 2])):
            add(FormDocument(complaint_id=case.id, kind=random.choice(["调查报告", "书面认识"]), created_at=NOW))
            done = random.choice([None, NOW])
            key = f"{case.id}-{random.random()}"
            add(
                Duty(
                    complaint_id=case.id,
                    title=random.choice(["确认影响", "例会通报"]),
                    key=key,
                    created_at=NOW,
                    done_at=done,
                )
            )
        for place in random.sample(self.departments, random.choice([0, 0, 1, 3])):
            stint = {"kind": random.choice(["承办", "协办"]), "returned": random.random() < 0.3}
            add(Assignment(complaint_id=case.id, department=place, started_at=NOW, ended_at=self.some([NOW]), **stint))
        for nth in range(random.choice([0, 0, 1, 2])):
            self.plan(case, nth)
        self.team(case)
        for _ in range(random.choice([0, 0, 1, 2])):
            times = dict.fromkeys(("started_at", "due_at", "original_due_at"), NOW)
            late = {"name": random.choice(["办理", "回访"]), "ever_late": random.random() < 0.5}
            add(Clock(complaint_id=case.id, limit={}, **times, **late))
        if random.random() < 0.4:
            way = random.choice(["", "现场", "询问"])
            add(Investigation(complaint_id=case.id, started_at=NOW, finished_at=random.choice([None, NOW]), method=way))
        self.work(case)
        if random.random() < 0.2:
            add(
                Assessment(
                    complaint_id=case.id, standard_no="1", subject_kind="责任人", month="2026-05", proposed_at=NOW
                )
            )

    def work(self, case: Complaint) -> None:
        """Work orders in some state, and other units that were asked."""
        random, add = self.random, self.session.add
        for nth in range(random.choice([0, 0, 1, 2])):
            order = {"paid": random.choice(["", "有偿", "无偿"]), "state": random.choice(["待派", "已返单", "取消"])}
            order |= {"quoted_amount": self.some([Decimal(80)]), "customer_consents": self.some([True, False])}
            order |= {"appointed_at": self.some(INSTANTS), "issued_at": NOW, "fault": "甲"}
            add(WorkOrder(order_no=f"修{case.id}-{nth}", complaint_id=case.id, **order))
        for _ in range(random.choice([0, 0, 1, 2])):
            times = {"contacted_at": NOW, "at": NOW}
            add(Coordination(complaint_id=case.id, unit=random.choice(["甲", "乙"]), **times))
        for _ in range(random.choice([0, 0, 1, 2])):
            add(Attachment(complaint_id=case.id, kind=random.choice(["录音", "照片"]), file_name="甲", uploaded_at=NOW))
        for item in random.sample(self.library, random.choice([0, 0, 1, 3])):
            add(Citation(complaint_id=case.id, item=item, at=NOW, taken_back_at=self.some([NOW])))

    def team(self, case: Complaint) -> None:
        """Some who belong to its team, some who did, and whether somebody was on the spot."""
        random, add = self.random, self.session.add
        for _ in range(random.choice([0, 0, 1, 3])):
            member = {"staff_id": random.choice(self.people).id, "department": self.some(self.departments)}
            member |= {"role": random.choice(["", "组长", "组员"]), "leader": random.random() < 0.4}
            add(TeamMember(complaint_id=case.id, since=NOW, until=self.some([NOW], nothing=0.7), **member))
        if random.random() < 0.4:
            add(SiteVisit(complaint_id=case.id, round=random.randrange(1, 4), arrived_at=NOW, at=NOW, findings="甲"))

    def plan(self, case: Complaint, nth: int) -> None:
        """A plan of some round, looked at by some, carried out or not."""
        random, here = self.random, {"complaint_id": case.id, "round": self.random.randrange(1, 4)}
        texts = {
            "plan": self.word() or "退款",
            "cause_explanation": self.word(),
            "state": random.choice(["草稿", "驳回"]),
        }
        plan = Proposal(number=nth + 1, created_at=NOW, **texts, **here)
        self.session.add(plan)
        self.session.flush()
        for party in random.sample(["甲", "乙", "丙"], random.randrange(3)):
            review = {"complaint_id": case.id, "proposal_id": plan.id, "party": party}
            self.session.add(JointReview(opinion="同意", at=NOW, **review))
        if random.random() < 0.5:
            self.session.add(Implementation(at=NOW, **here))
        if random.random() < 0.5:
            self.session.add(ResultFeedback(at=NOW, cause="甲", result="乙", **here))

    def answer(self, case: Complaint, order: SupervisionOrder) -> None:
        if self.random.random() < 0.5:
            return
        measures = self.random.choice(["", "无", "无。", " 暂无 ", "上门前一日电话确认", "没有."])
        self.session.add(
            CorrectiveAction(
                record_no=f"表{order.order_no}",
                complaint_id=case.id,
                order_id=order.id,
                address="",
                customer_name="甲",
                phone="1",
                problem_summary="甲",
                handling_status="乙",
                submitted_at=NOW,
                head_signed_at=NOW,
                corrective_measures=measures,
                effect_check=self.random.choice(["待检查", "通过", "未通过"]),
            )
        )
