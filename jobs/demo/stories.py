"""One case from the call to the archive, as people and procedure make it. Each ``yield`` waits for an hour."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select

from jobs.demo import aftermath, cast, material
from jobs.demo.case import NEVER, Case
from jobs.demo.hours import ZONE
from models import Measure

MEDIA = "公共媒体"
UPLOADED = ("现场照片", "录音", "交易记录", "其他")


class Story(Case):
    """The case's own way."""

    def told(self) -> Iterator[datetime]:
        """The whole case."""
        yield self.plan.arrives
        self.register()
        yield from self.before_the_order()
        if self.row.closed_at:
            return
        yield self.wait(0.3, 5)
        self.issue()
        if self.plan.fate == "unsigned":
            return
        yield from self.handled()
        if not self.row.closed_at:
            yield from self.closed()

    def register(self) -> None:
        plan = self.plan
        arguments: dict[str, Any] = {
            **plan.person, "channel": plan.channel, "content": plan.content, "demand": plan.demand,
            "compensation_sought": plan.sought, "complained_department": plan.unit.department,
            "category": plan.unit.category, "nature": plan.nature,
        }  # fmt: skip
        if plan.accused:
            arguments["complained_person"] = plan.accused
        if plan.channel == MEDIA:
            arguments["mainstream_media" if plan.fate == "reported" else "other_media"] = True
        if plan.channel in ("公司领导转办", "其它组织转达", "政府有关部门"):
            arguments["forwarder"] = self.chance.choice(("梁静宜", "区消费者协会", "住建局热线办", "街道办事处"))
        self.id = self.diary.do("register", plan.clerk, **arguments).thing.id
        self.take_hands()

    def before_the_order(self) -> Iterator[datetime]:
        """What can happen before anybody is asked to handle it."""
        fate = self.plan.fate
        if fate == "void":
            yield self.wait(0.5, 6)
            self.do("void", "系统管理员", reason=self.chance.choice(("与另一件重复登记", "测试录入，误存")))
            return
        if self.maybe(0.75):
            yield self.wait(0.2, 2)
            calmed = ("已向客户致歉，说明由专人跟进。", "客户情绪平稳，同意等待处理结果。")
            self.talk("安抚", self.chance.choice(calmed))
        if fate == "reclassified":
            yield self.wait(1, 8)
            self.do("update", self.investigator, nature="投诉", compensation_sought="物质", reason="客户补充要求赔偿")
            self.take_hands()
        if fate == "transferred":
            yield self.wait(1, 6)
            to = cast.SERVICE if self.department == cast.PERSONNEL else cast.PERSONNEL
            self.do("transfer", self.investigator, to_dept=to, reason="涉及两个部门的流程，由对方统一调查")
            self.take_hands()
        yield from self.weighed()
        if fate == "withdrawn" and self.maybe(0.5):
            yield from self.withdrawn()

    def weighed(self) -> Iterator[datetime]:
        """The social impact of what came by leaders, authorities or media is judged, and may raise the grade."""
        if self.row.nature != "投诉":
            return
        if self.row.grade_provisional and self.department == cast.PERSONNEL and self.maybe(0.85):
            yield self.wait(1, 10)
            worst = self.row.grade == "一级投诉"
            odds = (30, 70, 0) if not worst else (0, 25, 75)
            impact = self.chance.choices(("无", "一定不良", "重大不良"), odds)[0]
            given: dict[str, Any] = {"impact": impact}
            if self.plan.fate == "reported":
                given["flags"] = ["需通报"]
            self.do("update", self.investigator, **given)
        if self.plan.fate == "escalated" and self.department == cast.PERSONNEL:
            yield self.wait(0.5, 3)
            if self.row.grade == "三级投诉":
                self.do("change_grade", self.investigator, grade="二级投诉", reason="同一小区多户联名，影响面较大")
            self.do("escalate", self.investigator, reason="客户表示将向媒体反映，请领导协调")

    def withdrawn(self) -> Iterator[datetime]:
        yield self.wait(1, 20)
        self.do("withdraw", self.investigator, reason=self.chance.choice(("客户来电称误会已解除", "客户表示不再追究")))

    def issue(self) -> None:
        """督办处理单 to the department."""
        people = [name for name in cast.handlers_of(self.plan.unit.department) if name != self.plan.accused]
        people = [name for name in people if name != self.investigator] or [self.head]
        self.handler = self.chance.choice(people)
        days = self.plan.days
        limit = {"limit_kind": "N日内", "limit_days": days} if days else {"limit_kind": "当天"}
        named = {"handler": self.handler} if self.maybe(0.5) else {}
        self.do("issue_order", self.investigator, investigator=self.investigator, **limit, **named)

    def handled(self) -> Iterator[datetime]:
        """Signed, investigated, corrected: in time, late, or not yet."""
        fate = self.plan.fate
        yield self.soon()
        self.do("sign_order", self.head, handler=self.handler)
        if fate == "withdrawn":
            yield from self.withdrawn()
            return
        yield self.soon()
        if self.maybe(0.06):
            self.diary.in_vain("close", self.investigator, self.id, close_reason="解决")
        self.find_out()
        if fate == "not_ours":
            yield self.wait(2, 20)
            self.talk("解释", "经查属于物业维护范围，已向客户说明并协助联系物业。")
            boss = cast.head_of(self.department)
            self.do("close", boss, close_reason="非我方责任已解释", summary="故障点在物业维护范围内，客户理解")
            return
        if fate in ("stuck", "today"):
            if fate == "stuck" and self.maybe(0.6):
                yield self.hours.after(self.due(), 1, 30)
                self.do("urge", self.investigator, text="已超过办理时限，请今天反馈进展")
            yield NEVER
        yield from self.held_up()
        yield from self.corrected(late=fate == "late")

    def held_up(self) -> Iterator[datetime]:
        """Pauses and extensions, asked while there is time."""
        fate = self.plan.fate
        if fate in ("paused", "paused_now") and self.diary.at < self.due():
            why = self.chance.choice(("客户原因", "等待外部单位", "不可抗力"))
            self.do(
                "pause",
                self.investigator,
                reason=why,
                note="客户出差，约定回来后再上门" if why == "客户原因" else "等待配合",
            )
            yield NEVER if fate == "paused_now" else self.wait(20, 90)
            self.do("resume", self.investigator, note="条件具备，继续办理")
        if fate in ("extended", "refused", "asked_now") and self.diary.at < self.due():
            wanted = self.due() + timedelta(days=self.chance.choice((2, 3)))
            self.do(
                "request_extension",
                self.head,
                name="办理",
                due_at=wanted,
                reason=self.chance.choice(("配件缺货，预计后天到货", "需与物业协调停气时间")),
            )
            yield NEVER if fate == "asked_now" else self.wait(0.5, 5)
            decision, opinion = (
                ("同意", "同意，请告知客户") if fate == "extended" else ("驳回", "材料可从邻近站点调拨，按期完成")
            )
            self.do("decide_extension", cast.head_of(self.department), decision=decision, opinion=opinion)

    def find_out(self) -> None:
        """调查记录, evidence, and what follows for people."""
        plan, chance = self.plan, self.chance
        founded = chance.choices(("属实", "部分属实"), (70, 30))[0]
        if plan.fate in ("unfounded", "not_ours"):
            founded = "不属实"
        named = {"responsible_party": plan.accused} if plan.accused else {}
        self.do(
            "investigate", self.investigator, facts=self.pick(plan.unit.found), conclusion=founded,
            method=chance.choice(("询问", "查阅资料", "现场", "调监控")), cause=self.pick(plan.unit.causes), **named,
        )  # fmt: skip
        for kind in chance.sample(UPLOADED, chance.choice((0, 0, 1, 1, 2))):
            file = material.keep(self.diary.files, kind, self.row.case_no, self.diary.at.astimezone(ZONE))
            self.do("attach", self.investigator, kind=kind, file=file)
        if founded != "不属实":
            self.diary.add(aftermath.owed(self))
            self.diary.add(aftermath.assessed(self))
        if "工程已经竣工" in plan.content:
            self.do(
                "start_clock",
                self.investigator,
                name="工程结算",
                trigger_at=self.diary.at - timedelta(days=chance.randrange(3, 20)),
            )

    def corrected(self, *, late: bool = False) -> Iterator[datetime]:
        """情况表, and whether it had the effect."""
        due = self.due()
        if late or self.diary.at >= due:
            yield self.hours.after(max(due, self.diary.at), 3, 60)
        else:
            yield self.hours.before(self.diary.at, due)
        by_head = self.maybe(0.6)
        measure = self.pick(self.plan.unit.measures)
        self.do(
            "submit_correction", self.head if by_head else self.handler, problem_summary=self.plan.content[:60],
            handling_status=self.pick(self.plan.unit.done), corrective_measures=measure,
            **({} if by_head else {"head_signed_by": self.head}),
        )  # fmt: skip
        yield self.wait(1, 20)
        if self.plan.fate in ("second_round", "third_round") and self.rounds == 1:
            self.rounds += 1
            self.do(
                "check_effect", self.investigator, result="未通过", effect_note="措施没有落实到人，请补充", limit_days=2
            )
            yield from self.corrected()
            return
        self.do("check_effect", self.investigator, result="通过")
        if measure != "无" and self.maybe(0.3):
            self.diary.add(aftermath.improved(self, measure))

    def closed(self) -> Iterator[datetime]:
        """Return visit, closing, archive."""
        fate, plan = self.plan.fate, self.plan
        if fate == "anonymous":
            yield self.wait(1, 20)
            self.do(
                "close", self.investigator, close_reason="匿名无法回访", summary="未留联系方式，已在公示栏公布处理结果"
            )
            yield from self.put_away()
            return
        tries = 3 if fate == "unreachable" else 1
        for _ in range(tries):
            yield self.wait(18, 30) if tries > 1 else self.wait(2, 30)
            if tries > 1:
                self.do("visit", self.investigator, result="无法联系", way="电话", comment="无人接听")
        if tries > 1:
            yield self.wait(1, 5)
            self.do("close", self.investigator, close_reason="无法联系", summary="三天三次均无人接听")
            yield from self.put_away()
            return
        if fate == "redone":
            self.do("visit", self.investigator, result="不满意", comment="同样的问题又出现了")
            yield NEVER
        if fate in ("dissatisfied", "third_round"):
            yield from self.again()
            if self.row.closed_at:
                return
        result = self.chance.choices(("满意", "基本满意"), (68, 32))[0]
        self.do(
            "visit",
            self.investigator,
            result=result,
            way=self.chance.choice(("电话", "电话", "面谈", "短信")),
            comment="认可处理结果",
        )
        yield self.wait(0.3, 40)
        if self.maybe(0.2):
            self.do("confirm", self.investigator, result=result, signed=True)
        if "需通报" in self.row.flags:
            self.do("fill_document", "秦岚", kind="调查报告", fields={
                "text": f"{self.row.case_no} 调查情况:{self.pick(plan.unit.found)}。", "reported_to": "公司领导",
                "reported_at": self.diary.at.astimezone(ZONE).isoformat()})  # fmt: skip
        reason = "不属实" if self.row.founded == "不属实" else self.chance.choice(("解决", "解决", "解释接受"))
        self.do("close", self.investigator, close_reason=reason, summary="客户认可")
        yield from self.put_away()

    def again(self) -> Iterator[datetime]:
        """The customer is not satisfied: another round, and after two of them the leader decides."""
        self.do("visit", self.investigator, result="不满意", comment="问题没有彻底解决")
        yield from self.corrected()
        yield self.wait(2, 24)
        if self.plan.fate == "third_round":
            self.do("visit", self.investigator, result="不满意", comment="对赔偿金额仍不认可")
            yield self.wait(2, 30)
            why = "已按规定办理，客户要求超出标准，批准结案"
            self.do("close", cast.LEADER, close_reason="两轮后仍不满意", summary=why)
            yield from self.put_away()

    def put_away(self) -> Iterator[datetime]:
        """Archived some days later, unless a measure still runs."""
        yield self.wait(72, 240)
        query = select(Measure.id).where(Measure.complaint_id == self.id, Measure.state != "关闭")
        if self.diary.session.scalar(query.limit(1)) is None and self.maybe(0.9):
            self.do("archive", self.investigator)
