"""Files of cases and of the library: stored under the hash of their content, given back only as a download."""

from __future__ import annotations

import os
import shutil
from hashlib import sha256
from io import BytesIO
from pathlib import Path
from threading import get_ident
from typing import IO, Any

from flask import abort, current_app, send_file
from werkzeug.datastructures import FileStorage
from werkzeug.wrappers import Response

from models.document import StoredFile
from views import filetypes, photos

BLOCK = 1 << 20


def place(digest: str) -> Path:
    """Where the content of that hash lies."""
    return Path(current_app.config["UPLOADS"]) / digest[:2] / digest


def store(file: FileStorage | None, *, nameless: bool = False) -> dict[str, Any] | None:
    """Put an upload into the store; returns what the verb keeps of it, nothing when no file was chosen.

    What belongs to a report without a name keeps nothing of where and by what camera it was taken.
    """
    if file is None or not file.filename:
        return None
    media_type = filetypes.check(file.filename, file.stream)
    stream: IO[bytes] = file.stream
    if nameless:
        stream = BytesIO(photos.without_metadata(stream.read(), media_type))
    content = sha256()
    size = 0
    while block := stream.read(BLOCK):
        content.update(block)
        size += len(block)
    stream.seek(0)
    target = place(content.hexdigest())
    if not target.exists():
        target.parent.mkdir(parents=True, exist_ok=True)
        draft = target.with_suffix(f".{os.getpid()}.{get_ident()}.part")
        with draft.open("wb") as copy:
            shutil.copyfileobj(stream, copy, BLOCK)
        draft.replace(target)
    return {"file_name": file.filename, "media_type": media_type, "size": size, "sha256": content.hexdigest()}


def answer(file: StoredFile) -> Response:
    """The file as a download; a browser never shows it as a page of this site."""
    path = place(file.sha256) if file.sha256 else None
    if path is None or not path.is_file():
        abort(404)
    response = send_file(path, mimetype="application/octet-stream", as_attachment=True, download_name=file.file_name)
    response.headers["Content-Security-Policy"] = "sandbox; default-src 'none'"
    return response
