"""附件: what proves a case. A file is only ever given back as a download, and only to whoever sees the case."""

from __future__ import annotations

from typing import Any, ClassVar

from flask import request, url_for
from flask_admin import expose
from sqlalchemy.orm import selectinload

from models import Attachment, Staff
from views import files, formats
from views.casefilters import distinct, of_case
from views.caserecords import CaseRecord
from views.filters import Contains, Days, Filter, Flag, Named, OneOf


def size_words(size: int) -> str:
    """1.4 MB, 320 KB, 12 B."""
    for unit, step in (("MB", 1 << 20), ("KB", 1 << 10)):
        if size >= step:
            return f"{size / step:.1f} {unit}"
    return f"{size} B"


class AttachmentView(CaseRecord):
    """The files of the cases that this person sees."""

    column_list = ("file_name", "kind", "size", "uploaded_by", "uploaded_at", "confidential", "case")
    optional = ("media_type", "note", "sha256")
    column_labels: ClassVar = {
        "file_name": "文件",
        "kind": "种类",
        "size": "大小",
        "uploaded_by": "上传人",
        "uploaded_at": "上传时间",
        "confidential": "保密",
        "media_type": "类型",
        "note": "说明",
        "sha256": "校验值",
        "download": "下载",
    }
    column_formatters: ClassVar = {
        "size": lambda _view, _context, row, _name: size_words(row.size) if row.sha256 else "",
        "download": lambda _view, _context, row, _name: (
            formats.Markup('<a href="{}">{}</a>').format(url_for("attachments.download", id=row.id), row.file_name)
            if row.sha256
            else ""
        ),
    }
    sections = (
        ("文件", ("download", "kind", "size", "media_type", "confidential", "note", "sha256")),
        ("来源", ("uploaded_by", "uploaded_at", "case")),
    )
    terms = ("kind",)
    wide = ("note",)
    numbers = ("size",)
    order = (Attachment.uploaded_at.desc(),)
    searched = (Attachment.file_name, Attachment.note)
    loads = (selectinload(Attachment.complaint), selectinload(Attachment.uploaded_by))
    empty = ("还没有附件", "照片、录音、合同等证据，在投诉件上按“添加附件”上传。")
    filters: tuple[Filter, ...] = (
        Contains("name", "文件名", Attachment.file_name),
        OneOf("kind", "种类", Attachment.kind, options=distinct(Attachment.kind)),
        Flag("confidential", "保密", Attachment.confidential),
        Named("by", "上传人", Attachment.uploaded_by_id, model=Staff),
        Days("at", "上传时间", Attachment.uploaded_at),
        *of_case(Attachment.complaint),
    )
    offered = ("attach",)
    takes: ClassVar = {"download": {"id"}}

    @expose("/download/")
    def download(self) -> Any:
        """The file under its own name."""
        return files.answer(self.get_one(request.args.get("id")))
