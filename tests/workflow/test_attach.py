"""添加附件: a file joins the case; what could run on somebody's machine does not."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from models import Attachment
from tests.support.cast import House

PHOTO = {"file_name": "现场.jpg", "media_type": "image/jpeg", "size": 1200, "sha256": "ab" * 32}


def test_a_file_is_kept_with_kind_size_and_fingerprint(house: House) -> None:
    house.registered()
    kept = house.do("attach", kind="现场照片", file=PHOTO, confidential=True).result
    assert (kept.kind, kept.file_name, kept.size, kept.sha256) == ("现场照片", "现场.jpg", 1200, "ab" * 32)
    assert kept.confidential
    assert "现场照片 现场.jpg" in house.story()


def test_a_path_is_cut_down_to_the_name(house: House) -> None:
    house.registered()
    for given in ("../../etc/合同.pdf", "C:\\资料\\合同.pdf"):
        assert house.do("attach", file=given).result.file_name == "合同.pdf"


@pytest.mark.parametrize("name", ["a.exe", "a.pdf.BAT", "a.html", "a.svg", "..", "/", " "])
def test_programs_pages_and_nameless_files_are_refused(house: House, name: str) -> None:
    house.registered()
    house.refused("attach", file=name)
    assert house.all(Attachment) == []


def test_the_handling_department_may_add_evidence_too(house: House) -> None:
    house.registered()
    house.signed(handler="抄表班长甲")
    assert house.do("attach", by="抄表班长甲", file="整改照片.jpg").result.file_name == "整改照片.jpg"


@pytest.mark.parametrize("by", ["工程维修部负责人", "审计员", "公司领导"])
def test_others_add_nothing(house: House, by: str) -> None:
    house.registered()
    house.refused("attach", by=by, file="现场.jpg")
    assert house.all(Attachment) == []


@pytest.mark.parametrize("size", ["much", None, -1, 10**30])
def test_a_size_that_is_none_is_refused(house: House, size: object) -> None:
    house.registered()
    house.refused("attach", file={**PHOTO, "size": size})
    assert house.all(Attachment) == []


def test_an_archived_case_takes_no_more_files(house: House) -> None:
    house.registered()
    house.closed()
    house.do("attach", file="补充.pdf")
    house.do("archive")
    assert "已归档" in house.refused("attach", file="太晚.pdf")


def test_a_file_uploaded_with_a_form_becomes_an_attachment_of_the_case(house):
    house.registered(complained_department="工程维修部", complained_person="维修员甲")
    stored = {"file_name": "书面认识.pdf", "media_type": "application/pdf", "size": 12, "sha256": "a" * 64}
    house.do("fill_document", by="维修员甲", kind="书面认识", fields={"text": "今后逐项自查", "file": stored})
    kept = house.session.scalars(select(Attachment)).one()
    assert (kept.file_name, kept.sha256, kept.complaint_id) == ("书面认识.pdf", "a" * 64, house.case.id)
