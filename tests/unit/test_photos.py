"""A photo of a report without a name tells nothing but the picture."""

import struct
import zlib

import pytest

from views.photos import without_metadata
from workflow.errors import Refused

SECRET = b"Exif\x00\x00 31.2304N 121.4737E"


def segment(marker, content):
    return bytes((0xFF, marker)) + struct.pack(">H", len(content) + 2) + content


JFIF, TABLE, FRAME = segment(0xE0, b"JFIF\x00\x01"), segment(0xDB, b"\x10" * 20), segment(0xC2, b"\x08\x00\x01\x00\x01")
SCANS = (
    segment(0xDA, b"\x01\x01\x00") + b"\x12\xff\x00\x34\xff\xd0\x56",
    segment(0xDA, b"\x01\x01\x01") + b"\x78\xff\x00",
)
PICTURE = (JFIF, TABLE, FRAME, *SCANS)
HIDDEN = (segment(0xE1, SECRET), segment(0xED, SECRET), segment(0xFE, SECRET))


def jpeg(*segments):
    return b"\xff\xd8" + b"".join(segments) + b"\xff\xd9"


def test_of_a_jpeg_the_picture_stays_byte_for_byte_and_the_camera_s_words_go():
    photo = jpeg(JFIF, *HIDDEN, TABLE, FRAME, SCANS[0], HIDDEN[2], SCANS[1]) + SECRET
    assert without_metadata(photo, "image/jpeg") == jpeg(*PICTURE)


def test_what_uses_the_segment_of_a_colour_profile_for_something_else_goes():
    profile = segment(0xE2, b"ICC_PROFILE\x00\x01\x01 sRGB")
    others = (segment(0xE0, b"JFXX\x00" + SECRET), segment(0xE2, b"FPXR\x00" + SECRET), segment(0xEE, SECRET))
    photo = jpeg(JFIF, profile, *others, TABLE, FRAME, *SCANS)
    assert without_metadata(photo, "image/jpeg") == jpeg(JFIF, profile, TABLE, FRAME, *SCANS)


def test_a_clean_picture_stays_as_it_is():
    assert without_metadata(jpeg(*PICTURE), "image/jpeg") == jpeg(*PICTURE)


def chunk(name, content):
    return struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))


def test_of_a_png_only_what_makes_the_picture_stays():
    head, data, end = chunk(b"IHDR", b"\x00" * 13), chunk(b"IDAT", zlib.compress(b"\x00")), chunk(b"IEND", b"")
    hidden = [chunk(name, SECRET) for name in (b"eXIf", b"tEXt", b"iTXt", b"zTXt", b"tIME")]
    start = b"\x89PNG\r\n\x1a\n"
    photo = start + head + b"".join(hidden) + data + hidden[0] + end + SECRET
    assert without_metadata(photo, "image/png") == start + head + data + end


def riff(*chunks):
    body = b"WEBP" + b"".join(
        name + struct.pack("<I", len(content)) + content + b"\x00" * (len(content) % 2) for name, content in chunks
    )
    return b"RIFF" + struct.pack("<I", len(body)) + body


def test_of_a_webp_the_chunks_and_the_word_that_they_follow_go():
    picture = (b"VP8 ", b"\x01\x02\x03")
    photo = riff((b"VP8X", b"\x2c" + b"\x00" * 9), picture, (b"EXIF", SECRET), (b"XMP ", SECRET))
    assert without_metadata(photo, "image/webp") == riff((b"VP8X", b"\x20" + b"\x00" * 9), picture)


@pytest.mark.parametrize("kind", ["image/tiff", "image/heic"])
def test_a_kind_that_cannot_be_cleaned_is_refused_with_the_way_out(kind):
    with pytest.raises(Refused, match="JPG"):
        without_metadata(SECRET, kind)


@pytest.mark.parametrize("cut", [3, 10, 30, -2])
@pytest.mark.parametrize("kind", ["image/jpeg", "image/png", "image/webp"])
def test_a_photo_that_is_not_whole_is_refused_or_cleaned(kind, cut):
    whole = {
        "image/jpeg": jpeg(JFIF, *HIDDEN, TABLE, FRAME, *SCANS),
        "image/png": b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", b"\x00" * 13) + chunk(b"eXIf", SECRET) + chunk(b"IEND", b""),
        "image/webp": riff((b"EXIF", SECRET), (b"VP8 ", b"\x01\x02")),
    }[kind]
    try:
        assert b"31.2304N" not in without_metadata(whole[:cut], kind)
    except Refused as refusal:
        assert "不完整" in str(refusal)


def test_what_is_no_photo_stays_as_it_is():
    assert without_metadata(b"%PDF-1.7", "application/pdf") == b"%PDF-1.7"
