"""What a file is, told by its content: its name must not say otherwise, and programs and web pages are not taken."""

from __future__ import annotations

import zipfile
from io import BytesIO
from typing import IO

from workflow.errors import Refused

HEAD = 4096
BEGINNINGS: tuple[tuple[bytes, int, str], ...] = (
    (b"%PDF-", 0, "pdf"),
    (b"\xff\xd8\xff", 0, "jpg"),
    (b"\x89PNG\r\n\x1a\n", 0, "png"),
    (b"GIF8", 0, "gif"),
    (b"WEBP", 8, "webp"),
    (b"BM", 0, "bmp"),
    (b"II*\x00", 0, "tif"),
    (b"MM\x00*", 0, "tif"),
    (b"PK\x03\x04", 0, "zip"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", 0, "ole"),
    (b"Rar!\x1a\x07", 0, "rar"),
    (b"7z\xbc\xaf\x27\x1c", 0, "7z"),
    (b"ID3", 0, "mp3"),
    (b"\xff\xfb", 0, "mp3"),
    (b"\xff\xf3", 0, "mp3"),
    (b"WAVE", 8, "wav"),
    (b"AVI ", 8, "avi"),
    (b"#!AMR", 0, "amr"),
    (b"OggS", 0, "ogg"),
    (b"ftyp", 4, "mp4"),
    (b"\x1aE\xdf\xa3", 0, "mkv"),
)
PROGRAMS = (b"MZ", b"\x7fELF", b"\xca\xfe\xba\xbe", b"\xcf\xfa\xed\xfe", b"\xce\xfa\xed\xfe", b"#!/")
PAGES = (b"<!doctype html", b"<html", b"<script", b"<svg", b"<?xml", b"<?php")
SAID = {
    "pdf": ("pdf",),
    "jpg": ("jpg",),
    "jpeg": ("jpg",),
    "png": ("png",),
    "gif": ("gif",),
    "webp": ("webp",),
    "bmp": ("bmp",),
    "tif": ("tif",),
    "tiff": ("tif",),
    "zip": ("zip",),
    "docx": ("zip",),
    "xlsx": ("zip",),
    "pptx": ("zip",),
    "ofd": ("zip",),
    "doc": ("ole",),
    "xls": ("ole",),
    "ppt": ("ole",),
    "wps": ("ole", "zip"),
    "et": ("ole", "zip"),
    "rar": ("rar",),
    "7z": ("7z",),
    "mp3": ("mp3",),
    "wav": ("wav",),
    "avi": ("avi",),
    "amr": ("amr",),
    "ogg": ("ogg",),
    "mp4": ("mp4",),
    "m4a": ("mp4",),
    "mov": ("mp4",),
    "heic": ("mp4",),
    "mkv": ("mkv",),
    "webm": ("mkv",),
    "txt": ("text",),
    "csv": ("text",),
    "eml": ("text",),
}
"""What the ending of a name promises."""
MEDIA = {
    "pdf": "application/pdf",
    "jpg": "image/jpeg",
    "png": "image/png",
    "gif": "image/gif",
    "webp": "image/webp",
    "bmp": "image/bmp",
    "tif": "image/tiff",
    "zip": "application/zip",
    "mp3": "audio/mpeg",
    "wav": "audio/wav",
    "mp4": "video/mp4",
    "avi": "video/x-msvideo",
    "text": "text/plain",
    "ogg": "audio/ogg",
    "amr": "audio/amr",
}


def check(name: str, stream: IO[bytes]) -> str:
    """The media type that the content shows; refused when it is a program, a web page, empty or not what it says."""
    head = stream.read(HEAD)
    stream.seek(0)
    ending = name.rpartition(".")[2].lower() if "." in name else ""
    if not head:
        raise Refused("这个文件是空的", field="file")
    if head.startswith(PROGRAMS) or head.lstrip().lower().startswith(PAGES):
        raise Refused("不接受程序和网页文件", field="file")
    if ending not in SAID:
        raise Refused(
            "不接受这种文件:{ending};可以上传照片、录音、录像、PDF、Office 文件、文本和压缩包",
            field="file",
            ending=ending or "没有后缀",
        )
    found = kind_of(head)
    if found not in SAID[ending] or (ending in ("docx", "xlsx", "pptx") and not _is_office(stream)):
        raise Refused("文件的内容与后缀 .{ending} 不符", field="file", ending=ending)
    return "image/heic" if ending == "heic" else MEDIA.get(found, "application/octet-stream")


def kind_of(head: bytes) -> str:
    """The kind that the first bytes show: a known one, plain text, or nothing."""
    for mark, place, kind in BEGINNINGS:
        if head[place : place + len(mark)] == mark:
            return kind
    return "text" if _is_text(head) else ""


def _is_text(head: bytes) -> bool:
    if b"\x00" in head:
        return False
    for encoding in ("utf-8", "gb18030"):
        for cut in range(4):
            # the last character may be cut in two by the length that is looked at
            try:
                head[: len(head) - cut].decode(encoding)
            except UnicodeDecodeError:
                continue
            return True
    return False


def _is_office(stream: IO[bytes]) -> bool:
    """Whether the archive is an Office file without macros."""
    content = stream.read()
    stream.seek(0)
    try:
        names = zipfile.ZipFile(BytesIO(content)).namelist()
    except zipfile.BadZipFile:
        return False
    return "[Content_Types].xml" in names and not any(name.endswith("vbaProject.bin") for name in names)
