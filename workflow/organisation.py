"""People and departments: made, given roles, passwords and substitutes; every change is an event."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from models import Department, Event, Membership, Role, Staff, Substitution
from workflow import outbox, passwords, procedures
from workflow.access import SEES_PROCEDURE
from workflow.act import Act
from workflow.arguments import Argument
from workflow.departments import ensure_department, place
from workflow.errors import Conflict, Refused
from workflow.registry import VERBS, verb

ADMIN = ("系统管理员",)
NOT_THE_OLD_ONE = "原密码不对"
HOUSE: dict[str, Any] = {"group": "设置", "needs_case": False, "guard": "never", "who": ADMIN}


def stored(table: Any, name: str, *, otherwise: Any = None) -> Callable[[Act], Any]:
    """What the form of an edit starts from: the row as it stands; for a new row ``otherwise``."""

    def value(act: Act) -> Any:
        key = str(act.given("id", ""))
        row = act.session.get(table, int(key)) if key.isascii() and key.isdigit() and len(key) < 16 else None
        return otherwise if row is None else getattr(row, name)

    return value


def _own_roles(act: Act) -> list[str]:
    """The roles that the person of the form holds in his own department."""
    memberships = stored(Staff, "memberships", otherwise=[])(act)
    return [m.role.name for m in memberships if m.department_id in (None, m.staff.department_id)]


def _seen(table: Any) -> Argument:
    """The state of the row that the form was filled from."""
    return Argument("version", "版次", "hidden", default=stored(table, "version"))


def check_seen(act: Act, version: int, name: str) -> None:
    """Refuse a form that was filled before somebody else changed what it is about."""
    seen = act.given("version")
    if seen is not None and seen != str(version):
        raise Conflict("您打开这张表之后，别人改过{name}，请重新打开，看过再改", name=name)


def _of_role(name: str) -> Callable[[Act], Any]:
    """What the form of a role starts from."""

    def value(act: Act) -> Any:
        role = act.session.scalar(select(Role).where(Role.name == str(act.given("name", ""))))
        return getattr(role, name) if role else None

    return value


def ensure_role(session: Session, name: str, *, sees: str = "部门") -> Role:
    """The role of that name, made when there is none."""
    role = session.scalar(select(Role).where(Role.name == name))
    if role is None:
        role = Role(name=name, verbs=[], sees=sees)
        session.add(role)
        session.flush()
    return role


def give_role(session: Session, person: Staff, name: str, department: Department | None) -> None:
    """The person holds the role there; twice is once."""
    role = ensure_role(session, name)
    held = select(Membership.id).where(
        Membership.staff_id == person.id,
        Membership.role_id == role.id,
        Membership.department_id == (department.id if department else None),
    )
    if session.scalar(held) is None:
        session.add(Membership(staff_id=person.id, role=role, department=department))
        session.flush()
        session.expire(person, ["memberships"])


@verb(
    "save_department",
    label="保存部门",
    **HOUSE,
    arguments=(
        Argument("id", "编号", "hidden"),
        _seen(Department),
        Argument("name", "名称", "name", required=True, default=stored(Department, "name")),
        Argument("kind", "类别", "text", longest=20, default=stored(Department, "kind")),
        Argument("parent", "上级部门", "department", default=stored(Department, "parent")),
        Argument("head", "负责人", "person", default=stored(Department, "head")),
        Argument("deputy", "副职", "person", default=stored(Department, "deputy")),
        Argument("active", "在用", "flag", default=stored(Department, "active", otherwise=True)),
    ),
)
def save_department(act: Act) -> None:
    """A new department, or changes to one; it never stands below itself."""
    given = act.arguments
    found = _existing(act, Department)
    other = act.session.scalar(select(Department).where(Department.name == given["name"]))
    if other is not None and (found is None or other.id != found.id):
        raise Refused("已有同名部门“{name}”", field="name", name=given["name"])
    department = found or Department(name=given["name"])
    parent = act.given("parent")
    if parent is not None and found is not None and parent.path.startswith(found.path):
        raise Refused("上级部门不能是它自己或它的下级", field="parent")
    for name in ("name", "kind", "parent", "head", "deputy", "active"):
        if name in given:
            value = given[name]
            empty = {"kind": "", "active": True}
            act.set(department, name, empty.get(name) if value is None else value, name)
    act.session.add(department)
    act.session.flush()
    place(department)
    act.say(department.name)
    act.result = department


def _existing(act: Act, table: Any) -> Any:
    key = str(act.given("id", ""))
    if not key:
        return None
    found = act.session.get(table, int(key)) if key.isascii() and key.isdigit() and len(key) < 16 else None
    if found is None:
        raise Refused("没有这条记录", field="id")
    check_seen(act, found.version, found.name)
    return found


@verb(
    "save_staff",
    label="保存人员",
    **HOUSE,
    arguments=(
        Argument("id", "编号", "hidden"),
        _seen(Staff),
        Argument("name", "姓名", "name", required=True, longest=40, default=stored(Staff, "name")),
        Argument("staff_no", "工号", "text", longest=40, default=stored(Staff, "staff_no")),
        Argument("username", "登录名", "text", longest=60, default=stored(Staff, "username")),
        Argument("department", "部门", "department", default=stored(Staff, "department")),
        Argument("phone", "电话", "text", longest=40, default=stored(Staff, "phone")),
        Argument("email", "电子邮件", "text", longest=120, default=stored(Staff, "email")),
        Argument("city", "城市", "text", longest=40, default=stored(Staff, "city")),
        Argument("projects", "负责的项目", "multi", default=stored(Staff, "projects"), help="一行一个"),
        Argument("skills", "专长", "multi", default=stored(Staff, "skills"), help="一行一个，写投诉类别的名称"),
        Argument("active", "在职", "flag", default=stored(Staff, "active", otherwise=True)),
        Argument(
            "roles",
            "角色",
            "multi",
            options=lambda act: list(act.session.scalars(select(Role.name).order_by(Role.id))),
            default=_own_roles,
        ),
    ),
)
def save_staff(act: Act) -> None:
    """A new person, or changes to one; his roles in his department become those given."""
    person = _existing(act, Staff) or Staff(name=act.arguments["name"], session_epoch=1, active=True)
    for column in ("username", "staff_no"):
        value = act.given(column)
        taken = act.session.scalar(select(Staff).where(getattr(Staff, column) == value)) if value else None
        if taken is not None and taken.id != person.id:
            raise Refused("{value} 已被{name}使用", field=column, value=value, name=taken.name)
    if (email := act.given("email")) and not outbox.usable(email):
        raise Refused("“{email}”不是电子邮件地址", field="email", email=email)
    for name in ("name", "staff_no", "username", "department", "phone", "email", "city", "active"):
        if name in act.arguments:
            value = act.arguments[name]
            empty: Any = None if name in ("staff_no", "username", "department") else name == "active" or ""
            act.set(person, name, empty if value is None else value, name)
    for name, label in (("projects", "负责的项目"), ("skills", "专长")):
        if name in act.arguments:
            act.set(person, name, list(dict.fromkeys(act.given(name, []))), label)
    if act.arguments.get("active") is False:
        person.session_epoch += 1
    act.session.add(person)
    act.session.flush()
    if "roles" in act.arguments:
        _set_roles(act, person, act.given("roles", []))
    act.say(person.name)
    act.result = person


def _set_roles(act: Act, person: Staff, names: list[str]) -> None:
    """Roles in his own department as given; roles that he holds elsewhere stay."""
    own = [m for m in person.memberships if m.department_id in (None, person.department_id)]
    before = sorted(m.role.name for m in own)
    if before != sorted(names):
        act.changed("角色", before, sorted(names))
    for membership in own:
        if membership.role.name not in names:
            act.session.delete(membership)
    act.session.flush()
    for name in names:
        if name not in before:
            give_role(act.session, person, name, person.department)
    act.session.expire(person, ["memberships"])


@verb(
    "narrow_role",
    label="限定角色",
    **HOUSE,
    arguments=(
        Argument("name", "角色", "text", required=True, longest=40),
        Argument(
            "verbs",
            "可办事项",
            "multi",
            options=lambda _act: verb_labels(),
            default=lambda act: [VERBS[name].label for name in _of_role("verbs")(act) or () if name in VERBS],
            strict=False,
            help="一个也不选：按制度给这个角色的事项；选了就只能办选中的",
        ),
        Argument("sees", "可见范围", "choice", options=lambda act: _widths(act), default=_of_role("sees")),
        Argument("note", "说明", "text", default=_of_role("note")),
        Argument("version", "版次", "hidden", default=_of_role("version")),
    ),
)
def narrow_role(act: Act) -> None:
    """A role is a set of verbs: an empty set is whatever the procedure gives it, anything else narrows it."""
    role = ensure_role(act.session, act.arguments["name"])
    check_seen(act, role.version, role.name)
    act.set(role, "verbs", _verb_names(act.given("verbs", [])), "可办事项")
    act.set(role, "sees", act.given("sees", role.sees), "可见范围")
    act.set(role, "note", act.given("note", role.note), "说明")
    act.say(role.name)
    act.result = role


def _widths(act: Act) -> list[str]:
    """How far a role may see: everything, its department, itself, or every case of one procedure."""
    codes = procedures.codes_in_force(act.session, act.now)
    return ["全部", "部门", "本人", *(f"{SEES_PROCEDURE}{code}" for code in codes)]


def verb_labels() -> list[str]:
    """The verbs that people do, as they read them."""
    return list(dict.fromkeys(found.label for found in VERBS.values() if found.group != "系统"))


def _verb_names(given: list[str]) -> list[str]:
    """The verbs by name, whether they were given by name or as people read them."""
    by_label: dict[str, list[str]] = {}
    for name, found in VERBS.items():
        by_label.setdefault(found.label, []).append(name)
    unknown = [text for text in given if text not in VERBS and text not in by_label]
    if unknown:
        raise Refused("没有“{verb}”这个操作", field="verbs", verb=unknown[0][:60])
    return list(dict.fromkeys(name for text in given for name in ([text] if text in VERBS else by_label[text])))


@verb("set_password", label="重设密码", **HOUSE, arguments=(Argument("id", "编号", "hidden", required=True),))
def set_password(act: Act) -> None:
    """A new one-time password, shown once; every session of the person ends, and he must choose his own."""
    person = _existing(act, Staff)
    password = passwords.random_password()
    passwords.set_for(person, password, must_change=True)
    act.say(person.name)
    act.result = password


@verb(
    "change_password",
    label="修改密码",
    group="我的",
    needs_case=False,
    guard="never",
    who=("*",),
    arguments=(Argument("old", "原密码", "text", required=True), Argument("new", "新密码", "text", required=True)),
)
def change_password(act: Act) -> None:
    """One's own password, after the old one; every other session ends."""
    person = act.actor.staff
    if person is None or _guesses(act) >= passwords.MOST_GUESSES:
        raise Refused("原密码连续多次不对,请 {minutes} 分钟后再试", field="old", minutes=passwords.WAIT_MINUTES)
    if not passwords.matches(person, str(act.arguments["old"])):
        raise Refused(NOT_THE_OLD_ONE, field="old")
    passwords.check_strength(str(act.arguments["new"]))
    passwords.set_for(person, str(act.arguments["new"]), must_change=False)


def _guesses(act: Act) -> int:
    """How often this person typed a wrong old password lately: refusals stay in the history, so they can be counted."""
    query = select(func.count(Event.id)).where(
        Event.verb == "change_password",
        Event.at > act.now - timedelta(minutes=passwords.WAIT_MINUTES),
        Event.actor_id == act.actor.id,
        Event.reason == NOT_THE_OLD_ONE,
    )
    return act.session.scalar(query) or 0


@verb(
    "substitute",
    label="设置代理",
    group="我的",
    needs_case=False,
    guard="never",
    who=("*",),
    arguments=(
        Argument("staff", "被代理人", "person"),
        Argument("substitute", "代理人", "person", required=True),
        Argument("starts_at", "自", "instant", required=True),
        Argument("ends_at", "至", "instant", required=True),
        Argument("reason", "原因", "text"),
    ),
)
def substitute(act: Act) -> None:
    """Somebody stands in for a person for a period: arranged by himself, or by an administrator for anybody."""
    person = act.given("staff") or act.actor.staff
    other = act.arguments["substitute"]
    if person is not act.actor.staff and not act.actor.holds("系统管理员"):
        raise Refused("只能为自己设置代理", field="staff")
    if person is None or other.id == person.id:
        raise Refused("不能由本人代理本人", field="substitute")
    if act.arguments["ends_at"] <= act.arguments["starts_at"]:
        raise Refused("结束时间须晚于开始时间", field="ends_at")
    found = Substitution(
        staff=person,
        substitute=other,
        starts_at=act.arguments["starts_at"],
        ends_at=act.arguments["ends_at"],
        reason=act.given("reason", ""),
    )
    act.session.add(found)
    act.say(f"{other} 代理 {person}")
    act.result = found


__all__ = ["ensure_department", "ensure_role", "give_role"]
