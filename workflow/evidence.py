"""证据: the files of a case, added by themselves or with a form."""

from __future__ import annotations

import re
from typing import Any

from models import Attachment
from workflow.act import Act
from workflow.arguments import Argument
from workflow.errors import Refused
from workflow.registry import verb

KINDS = ("交易记录", "监控录像", "现场照片", "录音", "视频", "截图", "工资条", "检测报告", "客户回复", "合同", "其他")
EXECUTABLE = re.compile(r"\.(exe|bat|cmd|com|msi|scr|ps1|vbs|js|jar|sh|html?|svg|xhtml|hta|lnk|dll)$", re.IGNORECASE)
LARGEST = 2**31 - 1


@verb(
    "attach",
    label="添加附件",
    group="沟通",
    arguments=(
        Argument("kind", "种类", "choice", options=lambda act: act.values("evidence_kinds") or list(KINDS)),
        Argument("file", "文件", "file", required=True),
        Argument("confidential", "保密", "flag"),
        Argument("note", "说明", "long"),
    ),
)
def attach(act: Act) -> None:
    """A file joins the case. ``file`` is a name, or name, type, size and SHA-256 of what the door has stored."""
    act.result = keep(
        act,
        act.arguments["file"],
        kind=act.given("kind", "其他"),
        note=act.given("note", ""),
        confidential=bool(act.given("confidential", False)),
    )
    act.say(f"{act.result.kind} {act.result.file_name}")


def keep(act: Act, given: Any, *, kind: str, note: str = "", confidential: bool = False) -> Attachment:
    """The attachment of what a door has stored, or of a file that is known by its name alone."""
    file = Attachment(
        **stored(given),
        complaint_id=act.case.id,
        kind=kind,
        confidential=confidential,
        note=note,
        uploaded_by_id=act.actor.id,
        uploaded_at=act.now,
    )
    act.session.add(file)
    return file


def stored(given: Any, field: str = "file") -> dict[str, Any]:
    """The columns of a stored file: of what a door has stored, or of a file that is known by its name alone."""
    known = given if isinstance(given, dict) else {"file_name": str(given)}
    return {
        "file_name": _file_name(known, field),
        "media_type": str(known.get("media_type", ""))[:100],
        "size": _size(known, field),
        "sha256": _fingerprint(known, field),
    }


def _file_name(known: dict[str, Any], field: str) -> str:
    """The bare name; neither a path, nor a program, nor a page that a browser would run."""
    name = str(known.get("file_name", "")).replace("\\", "/").rsplit("/", 1)[-1].strip()[:200]
    if not name.strip(".") or "\x00" in name or EXECUTABLE.search(name):
        raise Refused("不接受这种文件:{name}", field=field, name=name.replace("\x00", "") or "—")
    return name


def _size(known: dict[str, Any], field: str) -> int:
    size = known.get("size", 0)
    if isinstance(size, bool) or not isinstance(size, int) or not 0 <= size <= LARGEST:
        raise Refused("文件大小不对", field=field)
    return size


def _fingerprint(known: dict[str, Any], field: str) -> str:
    """The SHA-256 of the stored content; a file known by its name alone has none."""
    digest = known.get("sha256", "")
    if not isinstance(digest, str) or not re.fullmatch(r"([0-9a-f]{64})?", digest):
        raise Refused("文件摘要不对", field=field)
    return digest
