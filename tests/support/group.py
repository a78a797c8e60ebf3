"""The estate group at work: its people, and a case brought as far as a test needs it.

group.come(parties_count=3)                  # registered and informed; group.case is the case from now on
group.analysed(needs_legal=True)             # talked over with the complainant, split and category found
group.reach("submit")                        # everything before: dispatched, team, site, cause, plan, reviews
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from models import Complaint, Staff
from rules.procedure import shipped
from tests.support.cast import House, employ, under
from workflow.act import Done

OFFICER, CLERK, COLLEAGUE, ENGINEER = "专管员甲", "客服部甲", "客服部乙", "项目员甲"
DESK, SELLER, LEADER, COUNSEL, CENTRE, VICE = (
    "物业前台甲",
    "销售员甲",
    "区域领导甲",
    "法律顾问甲",
    "集团客服甲",
    "副总裁甲",
)
PEOPLE = {
    OFFICER: ("客户服务部", ["客服专管员(项目)"]),
    CLERK: ("客户服务部", []),
    COLLEAGUE: ("客户服务部", []),
    ENGINEER: ("项目部", ["承办人"]),
    SELLER: ("销售部", ["承办人"]),
    DESK: ("物业公司", ["受理人"]),
    LEADER: ("区域公司", ["区域公司领导层"]),
    COUNSEL: ("区域公司", ["法律顾问"]),
    CENTRE: ("集团客户服务中心", ["集团客户服务中心"]),
    VICE: ("集团", ["主管副总裁"]),
}
HEADS = ("客户服务部", "项目部", "销售部", "物业公司")
CALL = {
    "channel": "来电",
    "source_form": "口头",
    "kind": "业主",
    "name": "业主甲",
    "phone": "13800000701",
    "project": "甲苑",
    "room": "2-1102",
    "content": "阳台栏杆松动",
    "demand": "尽快修好",
}
DAY = "2026-05-13"
"""A Wednesday."""
FULL = (OFFICER, CLERK, ENGINEER, CENTRE, VICE)
GIVEN: dict[str, dict[str, Any]] = {
    "dispatch": {},
    "form_team": {"leader": CLERK, "members": [{"person": name} for name in FULL]},
    "site_visit": {"arrived_at": "2026-05-13 10:00", "findings": "锈断"},
    "investigate": {"method": "现场", "facts": "锈断", "conclusion": "属实", "cause": "未做防锈"},
    "propose": {"plan": "更换"},
    "implement": {"result": "已更换"},
}
"""What each step of the work is told, for a test that asks whether it may be done."""


class Group(House):
    """The people of the group. Every step is taken by who takes it in the procedure, a minute after the last one."""

    minute = 0

    def now(self) -> str:
        """A minute later, from ten o'clock on that Wednesday."""
        self.minute += 1
        return f"{DAY} {10 + self.minute // 60}:{self.minute % 60:02}"

    def act(self, verb: str, by: str = CLERK, at: str = "", **given: Any) -> Done:
        """The verb, done now."""
        return self.do(verb, by=by, at=at or self.now(), **given)

    def no(self, verb: str, by: str = CLERK, at: str = "", **given: Any) -> str:
        """What is answered when it is refused now."""
        return self.refused(verb, by=by, at=at or self.now(), **given)

    def come(self, by: str = DESK, at: str = "", **more: Any) -> Complaint:
        """A complaint is taken down."""
        self.case = self.do("register", by=by, at=at or self.now(), **{**CALL, **more}).thing
        return self.case

    def analysed(self, split: str = "质量类", category: str = "工程质量", **more: Any) -> Complaint:
        """The officer has talked with the complainant and found out what it is; registered when it was not."""
        if self.case is None:
            self.come()
        self.act("communicate", by=OFFICER, kind="安抚", way="电话", person="投诉人", text="核对问题与诉求")
        return self.act("update", by=OFFICER, split=split, category=category, **more).thing

    def reach(self, verb: str, **more: Any) -> None:
        """Everything that comes before this step; what is asked for is said of the case when it is analysed."""
        if self.case is None or not self.case.fields.get("split"):
            self.analysed(**more)
        for step, deed in COURSE.items():
            if step == verb:
                return
            deed(self)
        raise AssertionError(f"{verb} is no step of the course")

    def team(self, *names: str, leader: str = CLERK) -> Done:
        """The team of these people."""
        return self.act("form_team", leader=leader, members=[{"person": name} for name in names])

    def there(self, by: str = ENGINEER) -> Done:
        """Somebody has been on the spot."""
        at = self.now()
        return self.do("site_visit", by=by, at=at, arrived_at=at, people=[by], findings="锚固件锈断")

    def reviewed(self) -> None:
        """The opinions of every party that may be asked for."""
        self.act("review", by="项目部负责人", party="责任部门", opinion="可行")
        self.act("review", by=COUNSEL, party="法律顾问", opinion="注意留存书面材料")
        self.act("review", party="其他公司", opinion="兄弟公司有同样做法")

    @property
    def weighty(self) -> bool:
        """Whether the case needs a leader's approval."""
        return self.the_case().grade != "一般"


def _approve(group: Group) -> None:
    if group.weighty:
        group.act("approve", by=LEADER, opinion="同意")


def _submit(group: Group) -> None:
    if group.weighty:
        group.act("submit")


COURSE: dict[str, Callable[[Group], object]] = {
    "dispatch": lambda group: group.act("dispatch", by=OFFICER),
    "form_team": lambda group: group.team(*FULL),
    "site_visit": lambda group: group.there(),
    "investigate": lambda group: group.act(
        "investigate", method="现场", facts="锈断", conclusion="属实", cause="未做防锈"
    ),
    "propose": lambda group: group.act("propose", kind="整改", cause_explanation="未做防锈", plan="更换锚固件"),
    "review": Group.reviewed,
    "submit": _submit,
    "approve": _approve,
    "reply": lambda group: group.act("reply", way="电话", text="更换锚固件"),
    "record_acceptance": lambda group: group.act("record_acceptance", accepts="接受"),
    "implement": lambda group: group.act("implement", by=ENGINEER, construction_unit="总包单位", result="已更换"),
    "visit": lambda group: group.act("visit", by=COLLEAGUE, way="电话", result="满意"),
    "close": lambda group: group.act("close", by=COLLEAGUE, close_reason="解决"),
    "archive": lambda group: group.act("archive", by=COLLEAGUE),
    "": lambda group: None,
}
"""The steps in their order, each with how it is taken; the last one is the end."""


def move_in(house: House) -> Group:
    """The group's procedure alone in force, with its people and the heads of its departments."""
    under(house.session, shipped()["P03"])
    for name, (place, roles) in PEOPLE.items():
        employ(house.session, name, place, *roles, projects=["甲苑"] if name == OFFICER else [])
    for place in HEADS:
        department = house.department(place)
        department.head = Staff(name=f"{place}负责人", department=department)
    house.session.flush()
    return Group(house.session)


def grumble(group: Group, **more: object) -> None:
    """A case of the grumbling kind, with which a contact sheet has gone to the sellers."""
    group.analysed("抱怨类", "员工工作及服务", **more)
    group.act("dispatch", by=OFFICER, kind="工作联系单", to_dept="销售部")
