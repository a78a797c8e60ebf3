"""我的: who I am here, my notices, my substitute, my password, my language, and the way out."""

from __future__ import annotations

from typing import Any

from flask import flash, g, redirect, request, session, url_for
from flask_admin import expose
from flask_babel import gettext as _
from flask_login import login_user
from sqlalchemy import select
from sqlalchemy.orm import selectinload

from models import Notice, Staff, db
from views.base import EVERYBODY, Room, attempt, me
from views.language import finding_text
from workflow.digests import delivered
from workflow.errors import Finding, Refused
from workflow.reading import addressed_to

RECENT = 30


class MeRoom(Room):
    """The page under one's own name."""

    readers = EVERYBODY

    def is_visible(self) -> bool:
        return False

    @expose("/")
    def index(self) -> Any:
        actor = me()
        query = select(Notice).where(addressed_to(actor, Notice), delivered(g.now))
        query = query.options(selectinload(Notice.complaint))
        notices = db.session.scalars(query.order_by(Notice.id.desc()).limit(RECENT))
        return self.render("me.html", actor=actor, notices=list(notices), page_title=_("我的"))

    @expose("/password", methods=("GET", "POST"))
    def password(self) -> Any:
        """One's own password; the session that changed it goes on, all others end."""
        findings: list[tuple[str, str]] = []
        if request.method == "POST":
            try:
                return self._change()
            except Refused as refusal:
                findings = [(finding.field, finding_text(finding)) for finding in refusal.findings]
        staff = me().staff
        page = self.render(
            "password.html",
            findings=findings,
            must=bool(staff and staff.must_change_password),
            page_title=_("修改密码"),
        )
        return page, 422 if findings else 200

    def _change(self) -> Any:
        if request.form.get("new", "") != request.form.get("again", ""):
            raise Refused(findings=[Finding("两次输入的新密码不一样", field="again")])
        attempt("change_password", None, {name: request.form.get(name, "")[:200] for name in ("old", "new")})
        staff = db.session.get(Staff, me().id)
        language = session.get("language")
        session.clear()
        session.permanent = True
        if language:
            session["language"] = language
        login_user(staff)
        flash(_("密码已经修改，别处的登录都已退出。"), "success")
        return redirect(url_for("admin.index"))
