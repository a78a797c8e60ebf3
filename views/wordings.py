"""The words that rows may bear: those of every version that ever was in force, by procedure, each once.

A case keeps the words of the version that judged it. So a filter that offered the words of the first procedure only, or
of the newest version, would lack the value of a row that is shown.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from flask import g
from sqlalchemy import select

from models import ProcedureActivation, ProcedureVersion, db
from rules.procedure import Procedure
from workflow import procedures, report_cases
from workflow.procedures import AGREED

SHARED = "各制度通用"
"""The heading of what more than one procedure says."""


@dataclass(frozen=True)
class Wording:
    """What a list needs to know of one version."""

    code: str
    words: Mapping[str, tuple[str, ...]]
    fields: tuple[tuple[str, str], ...] = ()
    """Key and label of the fields by which cases are looked for."""


_read: dict[str, Wording] = {}
"""By the digest of the text, which never changes: a document is read once in a process."""


def known() -> Mapping[str, str]:
    """Code and title of the procedures that there are rows of, or will be; asked once a request."""
    if "procedures_known" not in g:
        g.procedures_known = report_cases.known(db.session(), g.now)
    found: Mapping[str, str] = g.procedures_known
    return found


def offered(name: str) -> Callable[[], Mapping[str, Sequence[str]]]:
    """The words of that list in every document, under the title of their procedure."""
    return lambda: by_procedure(name)


def by_procedure(*names: str) -> Mapping[str, Sequence[str]]:
    """Title to the words of these lists, what several procedures say first; no titles where there is one procedure."""
    titles, words = known(), {code: _words(code, names) for code in known()}
    if len(titles) < 2:
        return {"": [word for found in words.values() for word in found]}
    times = Counter(word for found in words.values() for word in found)
    shared = [word for word, count in times.items() if count > 1]
    own = {titles[code]: [word for word in found if times[word] == 1] for code, found in words.items()}
    return {heading: found for heading, found in {SHARED: shared, **own}.items() if found}


def fields() -> Mapping[str, str]:
    """Key and label of the fields by which cases are looked for, in any version; the newest label."""
    found: dict[str, str] = {}
    for one in _wordings():
        for key, label in one.fields:
            found.setdefault(key, label)
    return found


def _words(code: str, names: Sequence[str]) -> list[str]:
    """The words of all its versions, the newest first."""
    own = [one.words for one in _wordings() if one.code == code]
    return list(dict.fromkeys(word for name in names for words in own for word in words[name]))


def _wordings() -> list[Wording]:
    """Every version that ever came into force, the newest first; asked once a request."""
    if "wordings" not in g:
        begun = select(ProcedureActivation.code, ProcedureActivation.number).where(
            ProcedureActivation.decision == AGREED, ProcedureActivation.from_at <= g.now
        )
        query = select(ProcedureVersion.code, ProcedureVersion.number, ProcedureVersion.sha256)
        rows = db.session.execute(query.order_by(ProcedureVersion.code, ProcedureVersion.number.desc())).all()
        pairs = {(code, number) for code, number in db.session.execute(begun)}
        g.wordings = [_wording(code, number, mark) for code, number, mark in rows if (code, number) in pairs]
    found: list[Wording] = g.wordings
    return found


def _wording(code: str, number: int, mark: str) -> Wording:
    key = f"{code}:{mark}"
    if key not in _read:
        document = procedures.version(db.session(), code, number)
        fields = tuple((field.key, field.label) for field in document.fields if field.filtered)
        _read[key] = Wording(code, words_of(document), fields)
    return _read[key]


def words_of(document: Procedure) -> Mapping[str, tuple[str, ...]]:
    """The lists that filters offer."""
    return {
        "natures": document.vocabulary.natures,
        "channels": document.vocabulary.channels,
        "grades": document.grades,
        "standards": tuple(dict.fromkeys(row.no for row in document.standards)),
        "forms": tuple(form.kind for form in document.forms if form.table == "document"),
    }
