"""The rooms of the panel and the doors in them, in the order of the work."""

from __future__ import annotations

from flask import Flask
from flask_admin import Admin
from flask_admin.theme import Bootstrap4Theme

from models import Complaint, db
from views import headers
from views.analyses import MonthRoom
from views.beside import BesideRoom
from views.complaints import ComplaintView
from views.definedreports import DefinedRoom
from views.desk import Desk
from views.editor import EditorRoom
from views.figures import AppliedRoom, LedgerRoom
from views.lookup import Lookup
from views.me import MeRoom
from views.printing import PrintRoom
from views.replays import ReplayRoom
from views.rooms import add_records
from views.verbs import VerbRoom
from workflow.verbs import VERBS

COMPLAINTS, ORDERS, MEASURES, FIGURES, PROCEDURES, SETTINGS = "投诉", "督办", "整改", "统计", "制度", "设置"


def init_app(app: Flask) -> Admin:
    """The Flask-Admin of the panel: our templates, our look, every door in its room."""
    assert_verbs_known()
    admin = Admin(
        app,
        name="督办台",
        url="/",
        index_view=Desk(name="待办", url="/", endpoint="admin"),
        theme=Bootstrap4Theme(base_template="admin/base.html"),
        csp_nonce_generator=headers.nonce,
    )
    admin.add_view(
        ComplaintView(Complaint, db, name="投诉件", category=COMPLAINTS, endpoint="complaints", url="/complaints")
    )
    add_records(admin)
    admin.add_view(LedgerRoom(name="台账", category=FIGURES, endpoint="ledger", url="/figures/ledger"))
    admin.add_view(MonthRoom(name="月分析", category=FIGURES, endpoint="month", url="/figures/month"))
    admin.add_view(DefinedRoom(name="报表", category=FIGURES, endpoint="reports", url="/figures/reports"))
    admin.add_view(AppliedRoom(name="考核统计", category=FIGURES, endpoint="applied", url="/figures/standards"))
    admin.add_view(EditorRoom(name="制度草稿", category=PROCEDURES, endpoint="editor", url="/drafts"))
    admin.add_view(ReplayRoom(name="重放", category=PROCEDURES, endpoint="replays", url="/replays"))
    admin.add_view(VerbRoom(name="办理", endpoint="verbs", url="/do"))
    admin.add_view(BesideRoom(name="相似", endpoint="beside", url="/beside"))
    admin.add_view(PrintRoom(name="打印", endpoint="printing", url="/print"))
    admin.add_view(Lookup(name="查找", endpoint="lookup", url="/find"))
    admin.add_view(MeRoom(name="我的", endpoint="me", url="/me"))
    return admin


def assert_verbs_known() -> None:
    """Importing the list of verbs registers them; a panel without verbs would be a panel without doors."""
    if not VERBS:
        raise RuntimeError("no verbs are registered")
