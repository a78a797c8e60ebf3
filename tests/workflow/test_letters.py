"""Which notices are letters too: those that the procedure mails, that a deed sends so, that somebody wishes."""

from __future__ import annotations

import ast

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from models import Complaint, FormDocument, Letter, Staff
from rules import mailing
from rules.procedure import parse, shipped
from tests.support import source
from tests.support.cast import MORNING, OPENING, House, employ, moment, shanghai
from workflow import batches, digests, notices, outbox, procedures, wakeups
from workflow.access import SYSTEM
from workflow.act import Act

HEAD = "客户营业部负责人"
LATE = "2026-06-10 00:05"
MAILED = shipped()["P02"].replace("[procedure]\n", '[procedure]\nmailed = ["超期", "督办处理单"]\n', 1)


def letters(house: House) -> list[Letter]:
    """All of them, oldest first."""
    return list(house.session.scalars(select(Letter).order_by(Letter.id)))


def told(house: House) -> list[tuple[str, str]]:
    """What each letter is about, and where it goes."""
    return [(letter.notice.event, letter.address) for letter in letters(house)]


def deed(session: Session, case: Complaint) -> Act:
    """Something that the machine does on this case."""
    now = moment(MORNING)
    return Act(session, "update", case, SYSTEM, now, procedures.of(session, case, now))


def reachable(house: House, name: str, address: str = "tou@example.com") -> None:
    """That person's address is known."""
    house.person(name).email = address
    house.session.flush()


@pytest.fixture
def mailing_house(house: House) -> House:
    """The house under a version that mails what is late, and the head of 客户营业部 with an address."""
    procedures.put_in_force(house.session, MAILED, actor=SYSTEM, now=OPENING)
    reachable(house, HEAD)
    return house


@pytest.fixture
def homes(house: House) -> House:
    """The house under the procedure of real estate: who looks after the project, a head of sales with an address."""
    procedures.put_in_force(house.session, shipped()["P03"], actor=SYSTEM, now=OPENING)
    employ(house.session, "专管员甲", "客户服务部", "客服专管员(项目)", projects=["甲苑"])
    employ(house.session, "销售头", "销售部", email="sales@example.com")
    house.department("销售部").head = house.person("销售头")
    house.session.flush()
    return house


def grumble(homes: House) -> Complaint:
    """A grumble about sales, judged to be one by whoever looks after the project."""
    given = {"channel": "来电", "source_form": "口头", "kind": "业主", "name": "客户二", "phone": "13800000502"}
    given |= {"project": "甲苑", "room": "1-101", "content": "样板间赠送家电未兑现", "demand": "尽快解决"}
    homes.case = homes.do("register", by="专管员甲", procedure="P03", **given).thing
    homes.do("communicate", by="专管员甲", kind="安抚", way="电话", person="投诉人", text="核对问题与诉求")
    homes.do("update", by="专管员甲", split="抱怨类", category="销售管理", responsible_department="销售部")
    return homes.case


@pytest.mark.clause("P03-7.5", "P03-12.4")
def test_a_grumble_is_sent_on_by_a_contact_sheet_with_its_number_and_a_letter_is_queued(homes: House) -> None:
    case = grumble(homes)
    homes.do("dispatch", by="专管员甲", at="2026-05-13 16:00", kind="工作联系单", to_dept="销售部")
    (sheet,) = homes.all(FormDocument)
    assert (sheet.kind, sheet.no) == ("工作联系单", "联系单-202605-0001")
    (letter,) = letters(homes)
    assert (letter.address, letter.state) == ("sales@example.com", "待发")
    assert (letter.notice.event, letter.notice.complaint) == ("派单", case)
    assert (letter.text, shanghai(letter.next_at)) == (f"{case.case_no} 派给销售部", "2026-05-13 16:00:00")


@pytest.mark.clause("P03-7.5", "P03-12.4")
def test_a_grumble_is_sent_on_by_mail_alone_and_its_story_says_to_whom(homes: House) -> None:
    grumble(homes)
    asked = {"kind": "邮件", "to_dept": "销售部", "expected_finish_at": "2026-05-14 18:00"}
    done = homes.do("dispatch", by="专管员甲", **asked)
    assert (told(homes), homes.all(FormDocument), done.warnings) == ([("派单", "sales@example.com")], [], ())
    assert letters(homes)[0].text.endswith(" 派给销售部,2026-05-14 18:00 前完成")
    assert "邮件发给销售头" in homes.story()


@pytest.mark.clause("P03-7.5")
def test_a_task_sent_by_mail_to_whom_nobody_can_write_says_so(homes: House) -> None:
    grumble(homes)
    reachable(homes, "销售头", "")
    done = homes.do("dispatch", by="专管员甲", kind="邮件", to_dept="销售部")
    assert done.warnings == ("销售头没有登记电子邮件,邮件发不出,只在系统里通知",)
    assert (letters(homes), len(homes.notices("派单", to="销售头"))) == ([], 1)


def test_what_the_procedure_does_not_mail_stays_in_the_house(house: House) -> None:
    reachable(house, HEAD)
    house.ordered(limit_days=1)
    assert (len(house.notices(to=HEAD)), letters(house)) == (1, [])


def test_each_notice_that_the_procedure_mails_has_one_letter_also_when_it_is_swept(mailing_house: House) -> None:
    house = mailing_house
    house.registered(at="2026-06-08 09:00")
    house.ordered(limit_days=1, at="2026-06-08 09:00")
    house.sweep(LATE)
    house.sweep(LATE)
    mailed = [notice for notice in house.notices(to=HEAD) if notice.event in ("超期", "督办处理单")]
    assert [letter.notice for letter in letters(house)] == mailed
    assert len(mailed) == 2


def test_a_sweep_of_many_writes_the_letters_of_one_by_one(mailing_house: House) -> None:
    house = mailing_house
    for _ in range(3):
        house.case = None
        house.registered(at="2026-06-08 09:00")
        house.ordered(limit_days=1, at="2026-06-08 09:00")
    before = len(letters(house))
    house.session.commit()
    with batches.Together(house.session.connection(), join_transaction_mode="create_savepoint") as session:
        done, alone = wakeups.wake_many(session, wakeups.due(session, moment(LATE)), moment(LATE))
        session.commit()
    assert (len(done), alone) == (3, set())
    late = letters(house)[before:]
    assert [letter.notice.event for letter in late] == ["超期"] * 3
    assert {letter.address for letter in late} == {"tou@example.com"}
    assert len({letter.notice.complaint_id for letter in late}) == 3


def test_a_batch_writes_no_letter_of_what_was_told_before(mailing_house: House) -> None:
    house = mailing_house
    case = house.registered()
    house.session.commit()
    for _ in range(2):
        with batches.Together(house.session.connection(), join_transaction_mode="create_savepoint") as session:
            with batches.together(session, [case.id], ()):
                act = deed(session, session.get_one(Complaint, case.id))
                act.occasion = "第一次"
                notices.send(act, session.get_one(Staff, house.person(HEAD).id), "超期", "超期 1 天")
            session.commit()
    assert [(letter.notice.text, letter.text) for letter in letters(house)] == [("超期 1 天", "超期 1 天")]


def test_who_wishes_it_gets_every_notice_to_himself_by_mail(house: House) -> None:
    reachable(house, HEAD)
    house.do("wish_digest", by=HEAD, case=None, mail=True)
    house.ordered(limit_days=1)
    assert told(house) == [("督办处理单", "tou@example.com")]
    house.do("wish_digest", by=HEAD, case=None, digest=True)
    assert house.person(HEAD).mail_all
    house.do("wish_digest", by=HEAD, case=None, mail=False)
    assert not house.person(HEAD).mail_all


def test_what_is_gathered_goes_by_mail_with_the_summary(mailing_house: House) -> None:
    house = mailing_house
    house.do("wish_digest", by=HEAD, case=None, digest=True)
    house.registered(at="2026-06-08 09:00")
    house.ordered(limit_days=1, at="2026-06-08 09:00")
    house.sweep(LATE)
    assert letters(house) == []
    for whose in digests.due(house.session, moment("2026-06-10 09:00")):
        digests.send_one(house.session, whose, moment("2026-06-10 09:00"))
    (letter,) = letters(house)
    assert (letter.notice.event, letter.address) == ("每日汇总", "tou@example.com")
    assert "超期 1 条" in letter.text


def test_a_letter_names_the_customer_no_more_than_a_list_does(house: House) -> None:
    reachable(house, "客服乙")
    house.do("wish_digest", by="客服乙", case=None, mail=True)
    case = house.registered(name="欧阳美丽", phone="13800000401", address="一号楼二单元三〇一室")
    text = "欧阳美丽(13800000401,一号楼二单元三〇一室)请尽快回电"
    notices.send(deed(house.session, case), house.person("客服乙"), "升级", text)
    (letter,) = letters(house)
    assert [hidden in letter.text for hidden in ("欧阳美丽", "13800000401", "三〇一室")] == [False] * 3
    assert "请尽快回电" in letter.text
    assert letter.notice.text == text


def test_a_head_whom_the_case_accuses_gets_no_letter_of_his_department(mailing_house: House) -> None:
    house = mailing_house
    place = house.department("客户营业部")
    case = house.registered(complained_person=HEAD)
    assert case.complained_staff is house.person(HEAD)
    notices.send(deed(house.session, case), place, "超期", "超期 1 天")
    assert letters(house) == []
    place.deputy = employ(house.session, "副职甲", "客户营业部", email="fu@example.com")
    notices.send(deed(house.session, case), place, "超期", "超期 2 天")
    assert told(house) == [("超期", "fu@example.com")]


def test_nobody_without_an_address_and_nobody_who_left_is_written_to(mailing_house: House) -> None:
    house = mailing_house
    place = house.department("客户营业部")
    deputy = employ(house.session, "副职甲", "客户营业部", email="fu@example.com")
    assert outbox.reader(place) is house.person(HEAD)
    place.deputy, house.person(HEAD).active = deputy, False
    assert outbox.reader(place) is deputy
    deputy.email = "不是地址"
    assert outbox.reader(place) is None
    assert outbox.reader("公司领导") is None


TOO_LONG = "a" * 60 + "@" + "b" * 60
NO_ADDRESSES = [
    "",
    "a",
    "a@",
    "@b",
    "a b@c.d",
    "a@b.c\nBcc: d@e.f",
    "a@b.c,d@e.f",
    "甲@b.c",
    "<a@b.c>",
    "a@b..c",
    TOO_LONG,
]


@pytest.mark.parametrize("address", NO_ADDRESSES)
def test_what_is_no_single_address_is_not_written_to(address: str) -> None:
    assert not outbox.usable(address)


@pytest.mark.parametrize("address", ["a@b", "chu.mou+ts@mail.example.com", "o'neil@example.com"])
def test_a_plain_address_is_written_to(address: str) -> None:
    assert outbox.usable(address)


def test_what_cannot_be_written_to_is_refused_where_it_is_typed(house: House) -> None:
    given = {"name": "新人", "email": "xin@@example.com"}
    refusal = house.refusal("save_staff", by="系统管理员", case=None, **given)
    assert [finding.field for finding in refusal.findings] == ["email"]
    house.do("save_staff", by="系统管理员", case=None, **{**given, "email": " xin@example.com "})
    assert house.person("新人").email == "xin@example.com"


def given_up(house: House) -> Letter:
    """A letter that the mailer gave up."""
    house.ordered(limit_days=1)
    letter = letters(house)[0]
    letter.next_at, letter.attempts, letter.error = None, 4, "邮件服务器不收这个地址:550 no"
    house.session.flush()
    return letter


def test_what_was_given_up_goes_again_to_the_address_that_is_known_now(mailing_house: House) -> None:
    house = mailing_house
    letter = given_up(house)
    reachable(house, HEAD, "new@example.com")
    house.do("resend", by="系统管理员", at="2026-05-20 10:00", case=None, id=letter.id)
    assert (letter.state, letter.address, letter.attempts, letter.error) == ("待发", "new@example.com", 0, "")
    assert shanghai(letter.next_at) == shanghai(letter.since) == "2026-05-20 10:00:00"
    assert "待发" in house.refused("resend", by="系统管理员", case=None, id=letter.id)


def test_only_an_administrator_sends_again_and_only_to_somebody_who_can_be_reached(mailing_house: House) -> None:
    house = mailing_house
    letter = given_up(house)
    house.refused("resend", by="审计员", case=None, id=letter.id)
    reachable(house, HEAD, "")
    assert HEAD in house.refused("resend", by="系统管理员", case=None, id=letter.id)
    assert "没有这封邮件" in house.refused("resend", by="系统管理员", case=None, id="0")
    assert "没有这封邮件" in house.refused("resend", by="系统管理员", case=None, id="x")


def _sent_by_deeds() -> set[str]:
    """The kinds of notices that the verbs send by name."""
    found = set()
    for path in source.product():
        if not path.startswith("workflow/"):
            continue
        for node in ast.walk(source.tree(path)):
            if isinstance(node, ast.Call) and ast.unparse(node.func).endswith("send") and len(node.args) > 2:
                kind = node.args[2]
                found |= {kind.value} if isinstance(kind, ast.Constant) else set()
    return found


def test_every_notice_of_a_deed_can_be_mailed_by_its_name() -> None:
    document = parse(shipped()["P02"])
    assert _sent_by_deeds() - {*mailing.kinds(document)} == {"每日汇总"}
