"""设置 · 人员: who works here, in which departments, in which roles, and who stands in for whom."""

from __future__ import annotations

from typing import Any, ClassVar

from flask import abort, g, make_response, redirect, request, url_for
from flask_admin import expose
from flask_babel import gettext as _
from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import selectinload

from models import CalendarDay, CalendarVersion, Department, Membership, Role, Staff, Substitution, db
from views import calendarpage, formats, permits
from views.base import EVERYBODY, attempt, begin_writing, me
from views.caserecords import CaseRecord
from views.filters import Cases, Days, Filter, Flag, Named, OneOf
from workflow import calendar_days
from workflow.errors import Refused
from workflow.reading import HOUSE_READERS
from workflow.registry import VERBS


class HouseRecord(CaseRecord):
    """A table of the house: read by administrators and auditors, changed by a verb of the house."""

    readers: tuple[str, ...] = HOUSE_READERS
    through = None
    offered = ()
    can_edit = True

    @property
    def can_create(self) -> bool:  # type: ignore[override]
        """Whether the button stands above the list."""
        return bool(self.create_verb and permits.may(self.create_verb))

    def url_of(self, row: Any) -> str | None:
        """Where the first column leads: to the row's page, or straight to its form where it has no page."""
        if self.can_view_details or not (self.can_edit and self.may_write):
            return super().url_of(row)
        return url_for(f"{self.endpoint}.edit_view", id=row.id)

    def scope(self) -> ColumnElement[bool]:
        found: ColumnElement[bool] = self.key.is_not(None)
        return found

    def case_behind(self, row: Any) -> None:
        """What belongs to the house belongs to no case."""

    @property
    def may_write(self) -> bool:
        """Whether this person may make and change these."""
        return bool(self.edit_verb and permits.may(self.edit_verb))

    def handed_to_edit(self, row: Any) -> dict[str, Any]:
        """What the edit form is handed of the row."""
        return {"id": row.id}

    @expose("/edit/", methods=("GET", "POST"))
    def edit_view(self) -> Any:
        row = self.get_one(request.args.get("id"))
        if not (self.edit_verb and self.can_edit):
            abort(404)
        back = url_for(f"{self.endpoint}.details_view", id=row.id) if self.can_view_details else self.back()
        return redirect(url_for("verbs.house", verb=self.edit_verb, **self.handed_to_edit(row), url=back))

    @expose("/new/", methods=("GET", "POST"))
    def create_view(self) -> Any:
        if not self.create_verb:
            abort(404)
        if not self.can_create:
            abort(403)
        return redirect(url_for("verbs.house", verb=self.create_verb, url=self.back()))

    def details_of(self, row: Any) -> dict[str, Any]:
        edit = url_for(f"{self.endpoint}.edit_view", id=row.id) if self.may_write else None
        return {**super().details_of(row), "edit_address": edit}


def _headed() -> dict[int, list[str]]:
    """Whoever heads departments, or deputises, with their names; asked once a page."""
    if "headed" not in g:
        g.headed = {}
        for name, *offices in db.session.execute(select(Department.name, Department.head_id, Department.deputy_id)):
            for key in {*offices} - {None}:
                g.headed.setdefault(key, []).append(name)
    found: dict[int, list[str]] = g.headed
    return found


def _roles(_view: Any, _context: Any, row: Staff, _name: str) -> str:
    headed = _headed().get(row.id, [])
    found = [
        _(m.role.name)
        if m.department is None or m.department_id == row.department_id
        else _("%(where)s的%(role)s", where=_(m.department.name), role=_(m.role.name))
        for m in row.memberships
    ]
    return _("、").join([*found, *(_("%(where)s负责人", where=_(name)) for name in headed)])


class StaffView(HouseRecord):
    """People, with what they may do."""

    edit_verb = create_verb = "save_staff"
    create_label = "人员"
    details_template = "records/staff.html"
    column_list = ("name", "department", "roles", "username", "staff_no", "phone", "active")
    optional = ("email", "city", "must_change_password")
    column_labels: ClassVar = {
        "name": "姓名",
        "department": "部门",
        "roles": "角色",
        "username": "登录名",
        "staff_no": "工号",
        "phone": "电话",
        "active": "在职",
        "skills": "专长",
        "email": "电子邮件",
        "city": "城市",
        "must_change_password": "须改密码",
        "language": "语言",
    }
    column_formatters: ClassVar = {
        "roles": _roles,
        "active": lambda _view, _context, row, _name: (
            _("在职") if row.active else formats.Markup('<span class="state void">{}</span>').format(_("离职"))
        ),
    }
    sections = (
        ("人员", ("name", "staff_no", "department", "roles", "skills", "active")),
        ("联系", ("phone", "email", "city")),
        ("登录", ("username", "must_change_password")),
    )
    wide = ("roles",)
    lead = ("active",)
    sorts: ClassVar = {"department": Staff.department_id}
    order = (Staff.active.desc(), Staff.department_id.asc().nulls_first(), Staff.id)
    searched = (Staff.name, Staff.staff_no, Staff.username)
    loads = (selectinload(Staff.department), selectinload(Staff.memberships))
    empty = ("还没有人员", "按“+ 人员”登记同事，选部门和角色，再给他一个一次性密码。")
    filters: tuple[Filter, ...] = (
        Named("department", "部门", Staff.department_id, model=Department, branch=True),
        Cases(
            "login",
            "登录",
            cases={
                "能登录": lambda: Staff.password_hash.is_not(None),
                "还没有密码": lambda: Staff.password_hash.is_(None),
            },
        ),
        Flag("active", "在职", Staff.active),
    )
    takes: ClassVar = {"password": {"id"}}

    def export_value(self, row: Staff, name: str) -> Any:
        """The contact data of colleagues leaves the house masked too."""
        masks = {"phone": formats.masked_phone, "email": formats.masked_phone}
        if name in masks:
            return masks[name](getattr(row, name))
        return _roles(self, None, row, name) if name == "roles" else super().export_value(row, name)

    @expose("/password/", methods=("POST",))
    def password(self) -> Any:
        """A one-time password, shown on this page once and never again."""
        begin_writing()
        row = self.get_one(request.args.get("id"))
        try:
            done = attempt("set_password", None, {"id": str(row.id)})
        except Refused as refusal:
            self.say(refusal)
            return redirect(url_for("staff.details_view", id=row.id))
        page = self.render("records/password.html", person=row, password=done.result, page_title=_("一次性密码"))
        return make_response(page, 200, {"Cache-Control": "no-store"})


class DepartmentView(HouseRecord):
    """The tree of departments."""

    edit_verb = create_verb = "save_department"
    create_label = "部门"
    column_list = ("name", "kind", "parent", "head", "deputy", "people", "active")
    column_labels: ClassVar = {
        "name": "名称",
        "kind": "类别",
        "parent": "上级",
        "head": "负责人",
        "deputy": "副职",
        "people": "人数",
        "active": "在用",
    }
    column_formatters: ClassVar = {
        "name": lambda _view, _context, row, _name: "\u3000" * max(row.path.count("/") - 2, 0) + _(row.name),
        "kind": lambda _view, _context, row, _name: _(row.kind) if row.kind else "",
        "people": lambda _view, _context, row, _name: db.session.scalar(
            select(func.count(Staff.id)).where(Staff.department_id == row.id, Staff.active.is_(True))
        ),
        "active": lambda _view, _context, row, _name: (
            _("在用") if row.active else formats.Markup('<span class="state void">{}</span>').format(_("停用"))
        ),
    }
    sections = (("部门", ("name", "kind", "parent", "head", "deputy", "active")),)
    numbers = ("people",)
    page_size = 200
    order = (Department.path, Department.id)
    searched = (Department.name, Department.kind)
    loads = (selectinload(Department.parent), selectinload(Department.head), selectinload(Department.deputy))
    empty = ("还没有部门", "制度生效时会建好它提到的部门；其余的按“+ 部门”登记。")
    filters: tuple[Filter, ...] = (
        Named("branch", "所属", Department.id, model=Department, branch=True),
        Flag("active", "在用", Department.active),
    )

    def export_value(self, row: Department, name: str) -> Any:
        return row.name if name == "name" else super().export_value(row, name)

    def tables(self, row: Department) -> list[dict[str, Any]]:
        people = db.session.scalars(
            select(Staff).where(Staff.department_id == row.id).order_by(Staff.active.desc(), Staff.id)
        )
        return [
            {
                "title": "下级部门",
                "heads": ("名称", "负责人"),
                "empty": "没有下级部门。",
                "rows": [
                    (
                        formats.Markup('<a href="{}">{}</a>').format(
                            url_for("departments.details_view", id=one.id), one.name
                        ),
                        one.head or "—",
                    )
                    for one in row.children
                ],
            },
            {
                "title": "人员",
                "heads": ("姓名", "角色", "在职"),
                "empty": "这个部门还没有人。",
                "rows": [
                    (
                        formats.Markup('<a href="{}">{}</a>').format(
                            url_for("staff.details_view", id=one.id), one.name
                        ),
                        _roles(self, None, one, ""),
                        formats.shown(one.active),
                    )
                    for one in people
                ],
            },
        ]


class RoleView(HouseRecord):
    """Roles: what each may do beyond, or less than, what the procedure gives it."""

    edit_verb = "narrow_role"
    create_verb = None
    column_list = ("name", "sees", "verbs", "people", "note")
    column_labels: ClassVar = {
        "name": "角色",
        "sees": "看得到",
        "verbs": "能办的事",
        "people": "人数",
        "note": "说明",
    }
    column_formatters: ClassVar = {
        "verbs": lambda _view, _context, row, _name: (
            "、".join(_(VERBS[name].label) for name in row.verbs if name in VERBS) or str(_("按制度"))
        ),
        "people": lambda _view, _context, row, _name: db.session.scalar(
            select(func.count(func.distinct(Membership.staff_id))).where(Membership.role_id == row.id)
        ),
    }
    terms = ("name", "sees")
    numbers = ("people",)
    order = (Role.id,)
    searched = (Role.name, Role.note)
    empty = ("还没有角色", "制度生效时会建好它提到的角色。")
    filters: tuple[Filter, ...] = (OneOf("sees", "看得到", Role.sees, options=("全部", "部门", "本人")),)

    def handed_to_edit(self, row: Role) -> dict[str, Any]:
        return {"name": row.name}

    def tables(self, row: Role) -> list[dict[str, Any]]:
        held = db.session.scalars(
            select(Membership).where(Membership.role_id == row.id).order_by(Membership.id).limit(200)
        )
        return [
            {
                "title": "谁有这个角色",
                "heads": ("姓名", "部门"),
                "empty": "还没有人。",
                "rows": [(one.staff.name, one.department or one.staff.department or "—") for one in held],
            }
        ]


class SubstitutionView(HouseRecord):
    """Who stands in for whom: everybody sees his own, administrators and auditors all."""

    readers = EVERYBODY
    create_verb = "substitute"
    create_label = "设置代理"
    edit_verb = None
    can_edit = False
    can_view_details = False
    column_list = ("staff", "substitute", "starts_at", "ends_at", "now", "reason")
    column_labels: ClassVar = {
        "staff": "被代理人",
        "substitute": "代理人",
        "starts_at": "自",
        "ends_at": "至",
        "now": "现在",
        "reason": "原因",
    }
    column_formatters: ClassVar = {"now": lambda _view, _context, row, _name: standing(row)}
    lead = ("now",)
    order = (Substitution.ends_at.desc(),)
    searched = (Substitution.reason,)
    loads = (selectinload(Substitution.staff), selectinload(Substitution.substitute))
    empty = ("没有代理", "请假或出差前按“+ 设置代理”，那段时间里代理人能办您的事，经过里会写明是代您办的。")
    filters: tuple[Filter, ...] = (
        Named("staff", "被代理人", Substitution.staff_id, model=Staff),
        Named("substitute", "代理人", Substitution.substitute_id, model=Staff),
        Days("starts", "自", Substitution.starts_at),
    )

    def scope(self) -> ColumnElement[bool]:
        actor = me()
        if any(actor.holds(role) for role in HOUSE_READERS):
            return Substitution.id.is_not(None)
        return or_(Substitution.staff_id == actor.id, Substitution.substitute_id == actor.id)


def standing(row: Substitution) -> Any:
    """正在代理, 还没开始 or 已经结束."""
    if row.starts_at <= g.now < row.ends_at:
        return formats.Markup('<span class="state done">{}</span>').format(_("正在代理"))
    word = _("还没开始") if row.starts_at > g.now else _("已经结束")
    return formats.Markup('<span class="quiet">{}</span>').format(word)


class CalendarView(HouseRecord):
    """Days on which the organisation works or rests otherwise than the official calendar says."""

    create_verb = edit_verb = "set_calendar"
    create_label = "登记一天"
    can_view_details = False
    list_template = "records/calendar.html"
    column_list = ("day", "is_workday", "intervals", "name", "source")
    column_labels: ClassVar = {
        "day": "日期",
        "is_workday": "这一天",
        "intervals": "工作时段",
        "name": "名称",
        "source": "来源",
    }
    column_formatters: ClassVar = {
        "is_workday": lambda _view, _context, row, _name: _("上班") if row.is_workday else _("休息"),
        "intervals": lambda _view, _context, row, _name: "、".join(row.intervals),
    }
    order = (CalendarDay.day.desc(),)
    searched = (CalendarDay.name,)
    empty = ("没有另外登记的日子", "法定节假日和调休已经在国家日历里。企业自己的休息日或加班日，按“+ 登记一天”。")
    filters: tuple[Filter, ...] = (
        Flag("work", "上班", CalendarDay.is_workday),
        Days("day", "日期", CalendarDay.day, is_date=True),
    )

    @property
    def boards(self) -> list[calendarpage.YearBoard]:
        """This year and the next at a glance."""
        return list(calendarpage.boards(formats.local(g.now).year, g.now))

    @property
    def versions(self) -> list[CalendarVersion]:
        """The newest states of the calendar."""
        return calendarpage.versions()

    @property
    def new_years(self) -> list[int]:
        """Official years that have come and wait to be taken."""
        return calendar_days.new_years(db.session())

    def handed_to_edit(self, row: CalendarDay) -> dict[str, Any]:
        return {"day": row.day.isoformat()}
