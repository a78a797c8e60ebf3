"""English is complete: every text has its English with the same blanks to fill in, and no entry outlives its text."""

import pytest

from tests.support import msgids
from views import language


def test_every_text_that_can_be_shown_has_its_english():
    assert msgids.missing() == {}, "python -m tests.support.msgids prints the entries to fill in"


def test_the_english_fills_in_what_the_chinese_fills_in():
    wrong = [
        (msgids.chinese(entry), text)
        for entry in msgids.english()
        if entry.id
        for text in msgids.forms(entry)
        if msgids.placeholders(text) != msgids.placeholders(msgids.chinese(entry))
    ]
    assert wrong == []


def test_the_english_speaks_no_chinese_but_for_what_is_typed_as_such():
    typed = ("“未提供”", "“无”", "中文")
    left = []
    for entry in msgids.english():
        for text in msgids.forms(entry) if entry.id else ():
            for word in typed:
                text = text.replace(word, "")
            left += [text] if msgids.CHINESE.search(text) else []
    assert left == []


def test_no_entry_of_the_catalogue_has_outlived_its_text():
    assert msgids.dead() == []


def test_no_template_shows_chinese_without_asking_the_catalogue():
    assert msgids.untranslatable() == []


def test_the_catalogue_is_compiled_whenever_it_is_newer(tmp_path):
    source = tmp_path / "en" / "LC_MESSAGES" / "messages.po"
    source.parent.mkdir(parents=True)
    source.write_text(
        'msgid ""\nmsgstr "Content-Type: text/plain; charset=utf-8\\n"\n\nmsgid "投诉"\nmsgstr "Complaint"\n'
    )
    assert [path.name for path in language.compile_catalogues(tmp_path)] == ["messages.mo"]
    assert language.compile_catalogues(tmp_path) == []


@pytest.mark.parametrize("text", ["超期 %(num)d 天", "%(num)d 小时"])
def test_numbers_have_a_singular_and_a_plural(text):
    entry = msgids.english().get(text)
    assert len(set(msgids.forms(entry))) == 2
