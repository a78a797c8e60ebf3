"""Photos without what the camera wrote beside the picture (where, when, with what): for reports without a name."""

from __future__ import annotations

import struct
from collections.abc import Callable, Iterator

from workflow.errors import Refused

KEPT_OF_JPEG = {0xE0: b"JFIF\0", 0xE2: b"ICC_PROFILE\0", 0xEE: b"Adobe"}
"""How the application segments begin that say how to draw the picture; every other and all comments go."""
KEPT_OF_PNG = {b"tRNS", b"gAMA", b"cHRM", b"sRGB", b"iCCP", b"sBIT", b"pHYs", b"bKGD"}
SCAN, END, COMMENT, FILL = 0xDA, 0xD9, 0xFE, 0xFF
BARE = {0x01, *range(0xD0, 0xD9)}
"""Markers of a JPEG that have no length."""


def without_metadata(content: bytes, media_type: str) -> bytes:
    """The same picture; refused when this kind of photo cannot be cleaned, or is not whole."""
    if media_type not in CLEANERS:
        return content
    try:
        return CLEANERS[media_type](content)
    except (IndexError, ValueError, struct.error) as fault:
        raise Refused("这张照片不完整,不能去掉拍摄信息", field="file") from fault


def _jpeg(content: bytes) -> bytes:
    return b"\xff\xd8" + b"".join(_segments(content)) + b"\xff\xd9"


def _segments(content: bytes) -> Iterator[bytes]:
    """The segments that make the picture, the data of each scan with it; nothing behind its end."""
    place = 2
    while (marker := _marker(content, place)) != END:
        if marker == FILL or marker in BARE:
            place += 1 if marker == FILL else 2
            continue
        end = place + 2 + struct.unpack_from(">H", content, place + 2)[0]
        if marker == SCAN:
            end = _end_of_scan(content, end)
        told = 0xE0 <= marker <= 0xEF or marker == COMMENT
        if not told or (marker in KEPT_OF_JPEG and content.startswith(KEPT_OF_JPEG[marker], place + 4)):
            yield content[place:end]
        place = end


def _marker(content: bytes, place: int) -> int:
    if content[place] != 0xFF:
        raise ValueError("no marker")
    return content[place + 1]


def _end_of_scan(content: bytes, place: int) -> int:
    """Where the next marker is that is neither a stuffed byte nor a restart."""
    while True:
        place = content.index(b"\xff", place)
        if content[place + 1] not in (0x00, 0xFF, *range(0xD0, 0xD8)):
            return place
        place += 1 if content[place + 1] == 0xFF else 2


def _png(content: bytes) -> bytes:
    kept, place, name = [content[:8]], 8, b""
    while name != b"IEND":
        length, name = struct.unpack_from(">I4s", content, place)
        end = place + 12 + length
        if end > len(content):
            raise ValueError("cut off")
        if name[:1].isupper() or name in KEPT_OF_PNG:
            kept.append(content[place:end])
        place = end
    return b"".join(kept)


def _webp(content: bytes) -> bytes:
    kept, place, last = [], 12, 8 + struct.unpack_from("<I", content, 4)[0]
    while place < last:
        name, length = struct.unpack_from("<4sI", content, place)
        end = place + 8 + length + length % 2
        chunk = content[place:end]
        if name == b"VP8X":
            chunk = chunk[:8] + bytes([chunk[8] & ~0x0C]) + chunk[9:]  # it says that EXIF and XMP follow
        if name not in (b"EXIF", b"XMP "):
            kept.append(chunk)
        place = end
    body = b"WEBP" + b"".join(kept)
    return b"RIFF" + struct.pack("<I", len(body)) + body


def _not_possible(_content: bytes) -> bytes:
    raise Refused("匿名件的照片要去掉拍摄信息,这种格式去不掉,请另存为 JPG 或 PNG 再上传", field="file")


CLEANERS: dict[str, Callable[[bytes], bytes]] = {
    "image/jpeg": _jpeg,
    "image/png": _png,
    "image/webp": _webp,
    "image/tiff": _not_possible,
    "image/heic": _not_possible,
}
