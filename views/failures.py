"""What goes wrong, in words: pages for each status, and constraints of the database as a field's message."""

from __future__ import annotations

import logging
from typing import Any

from flask import Flask, Response, jsonify, render_template, request
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import IntegrityError, OperationalError, SQLAlchemyError
from sqlalchemy.orm.exc import StaleDataError
from werkzeug.exceptions import HTTPException

from models import db
from views.language import sentence
from workflow.errors import Conflict, Forbidden, NotFound, Refused

log = logging.getLogger(__name__)

WORDS = {
    400: (_l("这个地址或表单看不懂"), _l("请从页面上的按钮或链接再来一次。")),
    401: (_l("请先登录"), _l("登录之后会回到这一页。")),
    403: (_l("您不能做这件事"), _l("如果这是您的工作，请让系统管理员在“人员”里给您相应的角色。")),
    404: (_l("没有这一页，或者它不在您的范围内"), _l("编号可能写错了，或者这件事由别的部门办理。")),
    405: (_l("不能这样打开这个地址"), _l("请从页面上的按钮再来一次。")),
    409: (_l("别人刚刚改过"), _l("请看一眼新的内容，再决定要不要继续。")),
    413: (_l("文件太大"), _l("请把文件压缩或分开，再上传。")),
    429: (_l("太频繁了"), _l("请过一会儿再试。")),
    500: (_l("系统出了差错"), _l("什么都没有改动。请再试一次；如果还是这样，请把下面的时间告诉系统管理员。")),
    503: (_l("现在很忙"), _l("什么都没有改动。请过一会儿再试。")),
}

CONSTRAINTS = {
    "uq_staff_username": ("username", _l("这个用户名已经有人用了")),
    "uq_staff_staff_no": ("staff_no", _l("这个工号已经有人用了")),
    "uq_department_name": ("name", _l("已经有这个名称的部门")),
    "uq_role_name": ("name", _l("已经有这个名称的角色")),
    "uq_calendar_day_day": ("day", _l("这一天已经登记过")),
    "uq_assignment_complaint_id_department_id": ("to_dept", _l("这个部门已经在协办")),
    "uq_membership_staff_id_role_id_department_id": ("role", _l("这个人在这个部门已经有这个角色")),
    "ck_substitution_period": ("ends_at", _l("结束时间要晚于开始时间")),
}


def init_app(app: Flask) -> None:
    """Answer every failure in the look of the panel, and as JSON under ``/api/``."""
    app.register_error_handler(CSRFError, _stale_form)
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(Refused, _refused)
    app.register_error_handler(OperationalError, _busy)
    app.register_error_handler(Exception, _unexpected)


def answer(status: int, reason: str = "") -> Response:
    """The page (or the JSON) for a status, with the reason of this very case when there is one."""
    db.session.rollback()
    title, advice = WORDS.get(status, WORDS[400 if status < 500 else 500])
    if request.path.startswith("/api/"):
        response = jsonify(error=str(title), reason=reason or str(advice))
    else:
        response = Response(
            render_template("errors/error.html", status=status, title=title, reason=reason, advice=advice)
        )
    response.status_code = status
    return response


def status_of(refusal: Refused) -> int:
    """The HTTP status that a refusal means."""
    for kind, status in ((NotFound, 404), (Conflict, 409), (Forbidden, 403)):
        if isinstance(refusal, kind):
            return status
    return 422


def as_refusal(fault: SQLAlchemyError) -> Refused:
    """A constraint that was broken, as a refusal that names the field; never the statement or its values.

    What nobody typed (the number of an event, the key of a notice) is only ever taken by somebody who was quicker.
    """
    if isinstance(fault, StaleDataError):
        return Conflict("别人刚刚改过这一条，请看过新的内容再保存")
    text = _constraint_text(fault)
    for name, (field, words) in CONSTRAINTS.items():
        if name in text:
            return Refused(str(words), field=field)
    if text.startswith("uq_"):
        return Conflict("别人刚刚改过这一条，请看过新的内容再保存")
    log.warning("constraint without words: %s", text[:200])
    return Refused("这些内容与已有的记录冲突，没有保存")


def _constraint_text(fault: SQLAlchemyError) -> str:
    """The constraint's name; SQLite only tells table and columns of a unique one, so it is put together from them."""
    origin: Any = getattr(fault, "orig", None)
    name = getattr(getattr(origin, "diag", None), "constraint_name", None)
    if name:
        return str(name)
    text = str(origin).split(": ", 1)
    if len(text) == 2 and text[0].startswith("UNIQUE"):
        columns = [part.strip().split(".") for part in text[1].split(",")]
        return "_".join(["uq", columns[0][0], *(column[-1] for column in columns)])
    return text[-1]


def _stale_form(fault: CSRFError) -> Response:
    return answer(400, _("这个表单已经失效：登录过期，或者在别处重新登录过。请返回、刷新再提交。"))


def _http(fault: HTTPException) -> Response:
    if fault.response is not None or (fault.code or 500) < 400:
        return fault.get_response(request.environ)  # type: ignore[return-value]
    own = fault.description != type(fault).description
    return answer(fault.code or 500, str(fault.description) if own and fault.description else "")


def _refused(refusal: Refused) -> Response:
    return answer(status_of(refusal), sentence(refusal))


def _busy(fault: OperationalError) -> Response:
    log.exception("database busy or gone: %s %s", request.method, request.path)
    return answer(503)


def _unexpected(fault: Exception) -> Response:
    if isinstance(fault, IntegrityError | StaleDataError):
        refusal = as_refusal(fault)
        return answer(409, sentence(refusal))
    log.exception("%s %s failed", request.method, request.path)
    return answer(500)
