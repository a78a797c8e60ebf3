"""What complaints are made of: people who complain, where they live, what they say, and the files they send."""

from __future__ import annotations

import struct
import tomllib
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from importlib.resources import files
from pathlib import Path
from random import Random
from typing import Any

SURNAMES = "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦尤许何吕施张孔曹严华金魏陶姜"
GIVEN = (
    "建国",
    "秀兰",
    "志明",
    "丽华",
    "海燕",
    "俊杰",
    "桂英",
    "文博",
    "小梅",
    "国强",
    "雨晴",
    "立新",
    "晓东",
    "玉珍",
    "子涵",
)
PLACES = (
    "春晖花园", "锦绣江南", "望湖小区", "梧桐里", "星河湾北区", "和平新村", "滨河家园", "金桂苑",
    "东风小区", "玉泉山庄", "新华里", "临江公寓",
)  # fmt: skip
SHOPS = ("老街面馆", "朝阳早点铺", "湖滨酒楼", "悦来招待所", "晨光幼儿园食堂")
DAYS = ("今天上午", "今天下午", "昨天", "前天", "上周六", "上周", "这个月初", "前几天")
KINDS = {"现场照片": "png", "录音": "txt", "交易记录": "csv", "其他": "txt"}


@dataclass(frozen=True)
class Unit:
    """A department with one service category: what people say of it, and how it answers."""

    department: str
    category: str
    standard: str
    texts: Sequence[str]
    demands: Sequence[str]
    found: Sequence[str]
    causes: Sequence[str]
    done: Sequence[str]
    measures: Sequence[str]


def units() -> list[Unit]:
    """The units as ``contents.toml`` has them."""
    text = files("jobs.demo").joinpath("contents.toml").read_text(encoding="utf-8")
    return [Unit(**row) for row in tomllib.loads(text)["unit"]]


def complainant(chance: Random) -> dict[str, Any]:
    """Name, phone and address of somebody who does not exist."""
    person: dict[str, Any] = {
        "name": chance.choice(SURNAMES) + chance.choice(GIVEN),
        "phone": f"1380000{chance.randrange(10_000):04d}",
        "customer_no": f"RQ{chance.randrange(10**7):07d}" if chance.random() < 0.6 else "",
    }
    if chance.random() < 0.05:
        return person | {"address": "未提供", "address_reason": chance.choice(("客户不愿透露", "只愿电话联系"))}
    if chance.random() < 0.08:
        return person | {"address": f"新华路{chance.randrange(1, 300)}号{chance.choice(SHOPS)}"}
    block, stair, floor = chance.randrange(1, 25), chance.randrange(1, 4), chance.randrange(1, 19)
    return person | {"address": f"{chance.choice(PLACES)}{block}幢{stair}单元{floor}0{chance.randrange(1, 4)}"}


def said(chance: Random, texts: Sequence[str], worker: str) -> str:
    """One of the texts with its blanks filled."""
    number = chance.choice((2, 3, 4, 5, 6, 8, 12, 18, 26, 35, 60, 120))
    return chance.choice(texts).format(day=chance.choice(DAYS), n=number, worker=worker)


def keep(folder: Path, kind: str, case_no: str, at: datetime) -> dict[str, Any]:
    """Make a small file, put it where uploads lie, and return what the verb keeps of it."""
    ending = KINDS[kind]
    content = _picture(case_no) if ending == "png" else _text(kind, case_no, at)
    digest = sha256(content).hexdigest()
    path = folder / digest[:2] / digest
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    media = {"png": "image/png", "txt": "text/plain", "csv": "text/csv"}[ending]
    name = f"{kind}-{at:%m%d%H%M}.{ending}"
    return {"file_name": name, "media_type": media, "size": len(content), "sha256": digest}


def _text(kind: str, case_no: str, at: datetime) -> bytes:
    if kind == "交易记录":
        return f"\ufeff日期,事项,金额\r\n{at:%Y-%m-%d},{case_no} 更正,18.60\r\n".encode()
    return f"{case_no} {kind}(文字稿)\n示例文件,内容为编造。\n".encode()


def _picture(seed: str) -> bytes:
    """A small PNG: two tones, other ones for each case."""
    tone = zlib.crc32(seed.encode())
    top, bottom = tone.to_bytes(4, "big")[:3], (tone ^ 0xFFFFFFFF).to_bytes(4, "big")[:3]
    rows = b"".join(b"\0" + (top if line < 40 else bottom) * 96 for line in range(72))
    header = struct.pack(">IIBBBBB", 96, 72, 8, 2, 0, 0, 0)
    chunks = ((b"IHDR", header), (b"IDAT", zlib.compress(rows)), (b"IEND", b""))
    body = b"".join(
        struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data)) for name, data in chunks
    )
    return b"\x89PNG\r\n\x1a\n" + body
