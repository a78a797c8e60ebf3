"""资料库: what is kept for all cases of a project, in editions, and the very edition that a case cites.

An edition is never rewritten: a new one replaces it and leaves it as it was. What a case cites counts as evidence of
its kind (``attachments``), until it is taken back.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sqlalchemy import case, exists, or_, select
from sqlalchemy.orm import Session, aliased, selectinload

from models import Citation, Complaint, KnowledgeFile, KnowledgeItem, Staff
from workflow import evidence
from workflow.act import Act
from workflow.arguments import SHANGHAI, Argument
from workflow.errors import NotFound, Refused
from workflow.facts import all_of
from workflow.registry import verb

MOST = 200
"""So many editions are offered to a case, the nearest first."""
MOST_FILES = MOST_TAGS = 20
NUMBER = Argument("item", "资料", "hidden", required=True)


def item_of(session: Session, raw: Any) -> KnowledgeItem | None:
    """The edition of that id, if there is one."""
    text = str(raw).strip()
    return session.get(KnowledgeItem, int(text)) if text.isascii() and text.isdigit() and len(text) < 16 else None


def _meant(act: Act) -> KnowledgeItem:
    found = item_of(act.session, act.arguments.get("item"))
    if found is None:
        raise NotFound("没有这份资料")
    return found


def _told(act: Act, name: str) -> Any:
    """What the edition that is to be replaced says, as the beginning of what the new one says."""
    found = item_of(act.session, act.arguments.get("item"))
    return getattr(found, name) if found else None


def projects(session: Session) -> list[str]:
    """The projects that the library or somebody on the staff list looks after."""
    kept = session.scalars(select(KnowledgeItem.project).distinct())
    of_staff = (name for names in session.scalars(select(Staff.projects)) for name in names)
    return sorted({str(name) for name in (*kept, *of_staff) if name})


def _project_of_case(act: Act) -> str | None:
    """The project that a field of the case names, where it is a known one."""
    known = set(projects(act.session)) if act.complaint else set()
    return next((name for name in said_by(act.complaint) if name in known), None) if act.complaint else None


def said_by(complaint: Complaint) -> list[str]:
    """What the case records in words of its own: among them is its project, whatever its procedure calls that."""
    return [value for value in (*complaint.fields.values(), complaint.place) if isinstance(value, str) and value]


CONTENTS = (
    Argument("filed_on", "归档日期", "date", default=lambda act: act.now.astimezone(SHANGHAI).date()),
    Argument("text", "内容", "long", default=lambda act: _told(act, "text")),
    Argument("files", "文件", "files", help="可以选几个"),
    Argument(
        "tags", "标签", "multi", strict=False, longest=40, default=lambda act: _told(act, "tags"), help="一行一个"
    ),
)


@verb(
    "file_item",
    label="归档资料",
    group="资料",
    without_case=True,
    arguments=(
        Argument("kind", "种类", "choice", required=True, options=lambda act: act.values("library_kinds"), longest=40),
        Argument("title", "名称", "text", required=True),
        Argument("edition", "版次", "text", longest=40, help="如 第2版"),
        Argument(
            "project",
            "项目",
            "choice",
            options=lambda act: projects(act.session),
            default=_project_of_case,
            strict=False,
            longest=100,
            help="不填即各项目通用",
        ),
        Argument(
            "category",
            "类别",
            "choice",
            options=lambda act: act.values("categories"),
            default=lambda act: act.complaint.category if act.complaint else None,
            strict=False,
            longest=100,
        ),
        *CONTENTS,
    ),
)
def file_item(act: Act) -> None:
    """A piece for the library, for one project or for all; out of a closed case it is what that case has taught."""
    item = KnowledgeItem(
        kind=act.arguments["kind"],
        title=act.arguments["title"],
        edition=act.given("edition", ""),
        project=act.given("project", ""),
        category=act.given("category", ""),
        text="",
        tags=[],
        source_id=act.complaint.id if act.complaint else None,
    )
    _keep(act, item)


@verb(
    "replace_item",
    label="换新版",
    group="资料",
    needs_case=False,
    arguments=(
        NUMBER,
        Argument("edition", "版次", "text", required=True, longest=40, help="如 第2版"),
        Argument("title", "名称", "text", default=lambda act: _told(act, "title")),
        *CONTENTS,
    ),
)
def replace_item(act: Act) -> None:
    """A new edition takes the place of the one before, which stays as it was and may still be cited unless it was
    withdrawn; what is not said anew is taken over from it, its files are not."""
    old = _meant(act)
    if old.replaced_by is not None:
        raise Refused("“{item}”已经换过新版,请从最新的一版换", field="item", item=str(old))
    if act.arguments["edition"] in {one.edition for one in editions(act.session, old)}:
        raise Refused("新版的版次要与原来的不同", field="edition")
    item = KnowledgeItem(
        kind=old.kind,
        title=act.given("title", old.title),
        edition=act.arguments["edition"],
        project=old.project,
        category=old.category,
        text=old.text,
        tags=old.tags,
        replaces=old,
    )
    _keep(act, item)


def _keep(act: Act, item: KnowledgeItem) -> None:
    """The edition with what it consists of, and what the history says of it."""
    item.filed_on = act.given("filed_on", act.now.astimezone(SHANGHAI).date())
    if item.filed_on > act.now.astimezone(SHANGHAI).date():
        raise Refused("归档日期不能晚于今天", field="filed_on")
    before = item.text
    if "text" in act.arguments:
        item.text = act.given("text", "")
    if "tags" in act.arguments:
        item.tags = list(dict.fromkeys(act.given("tags", [])))
    item.files = [KnowledgeFile(**evidence.stored(given, "files")) for given in _files(act)]
    if len(item.tags) > MOST_TAGS:
        raise Refused("标签最多{most}个", field="tags", most=MOST_TAGS)
    if not item.files and item.text in ("", before):
        raise Refused("请上传文件,或写下内容", field="files")
    item.by_id, item.at = act.actor.id, act.now
    act.session.add(item)
    act.session.flush()
    act.say(f"{item.kind} {item}({item.filed_on} 归档)")
    act.say(item.project)
    act.result = item


def _files(act: Act) -> list[Any]:
    given = act.given("files", [])
    files = given if isinstance(given, list) else [given]
    if len(files) > MOST_FILES:
        raise Refused("一次最多{most}个文件", field="files", most=MOST_FILES)
    return files


@verb(
    "withdraw_item",
    label="撤下资料",
    group="资料",
    needs_case=False,
    danger=True,
    arguments=(NUMBER, Argument("reason", "理由", "long", required=True)),
)
def withdraw_item(act: Act) -> None:
    """No case may cite the edition any more; those that do keep it, and it stays readable."""
    item = _meant(act)
    if item.withdrawn_at is not None:
        raise Refused("“{item}”已经撤下", field="item", item=str(item))
    item.withdrawn_at, item.withdrawn_by_id = act.now, act.actor.id
    item.withdrawn_because = act.arguments["reason"]
    act.say(f"{item.kind} {item}({item.filed_on} 归档)")
    act.result = item


def editions(session: Session, item: KnowledgeItem) -> list[KnowledgeItem]:
    """Every edition of the piece, the newest first."""
    one = select(KnowledgeItem.id, KnowledgeItem.replaces_id)
    chain = one.where(KnowledgeItem.id == item.id).cte("chain", recursive=True)
    beside = or_(KnowledgeItem.replaces_id == chain.c.id, KnowledgeItem.id == chain.c.replaces_id)
    chain = chain.union(one.join(chain, beside))
    query = select(KnowledgeItem).where(KnowledgeItem.id.in_(select(chain.c.id))).order_by(KnowledgeItem.id.desc())
    return list(session.scalars(query.options(selectinload(KnowledgeItem.by))))


def named(item: KnowledgeItem) -> str:
    """An edition as the history and papers name it."""
    return f"{item}({item.filed_on} 归档)"


# ---------------------------------------------------------------------------------------------------------------------
# what a case relies on


def standing(session: Session, complaint: Complaint) -> list[Citation]:
    """What the case cites, oldest first; what was taken back is told by its history."""
    query = select(Citation).where(Citation.complaint_id == complaint.id, Citation.taken_back_at.is_(None))
    loads = selectinload(Citation.item).options(
        selectinload(KnowledgeItem.files), selectinload(KnowledgeItem.replaced_by)
    )
    return list(session.scalars(query.options(loads).order_by(Citation.id)))


def _anything(act: Act) -> bool:
    """Whether the library holds anything that a case may cite."""
    query = select(KnowledgeItem.id).where(KnowledgeItem.withdrawn_at.is_(None)).limit(1)
    return act.session.scalar(query) is not None


def offered(act: Act) -> list[KnowledgeItem]:
    """The editions that the case may cite: those of its project first, then those for all; among them what is of its
    category or bears a word that the case says, then the newest."""
    if act.complaint is None:
        return []
    later = aliased(KnowledgeItem)
    said = said_by(act.case)
    place = case((KnowledgeItem.project.in_(said), 0), (KnowledgeItem.project == "", 1), else_=2)
    cited = exists().where(
        Citation.complaint_id == act.case.id,
        Citation.item_id == KnowledgeItem.id,
        Citation.taken_back_at.is_(None),
    )
    replaced = exists().where(later.replaces_id == KnowledgeItem.id)
    query = (
        select(KnowledgeItem)
        .where(KnowledgeItem.withdrawn_at.is_(None), ~cited)
        .order_by(place, replaced, KnowledgeItem.filed_on.desc(), KnowledgeItem.id.desc())
        .options(selectinload(KnowledgeItem.replaced_by))
        .limit(MOST)
    )
    items = act.session.scalars(query).all()
    first = dict.fromkeys(said, 0) | {"": 1}
    return sorted(items, key=lambda item: _distance(item, first.get(item.project, 2), act.case))


def _distance(item: KnowledgeItem, place: int, complaint: Complaint) -> tuple[int, bool, int]:
    same = bool(item.category) and item.category == complaint.category
    return place, item.replaced_by is not None, -same - sum(str(tag) in complaint.content for tag in item.tags)


def _called(items: Iterable[KnowledgeItem]) -> dict[str, str]:
    """The editions by their ids, as a form offers them."""
    return {str(item.id): _as_offered(item) for item in items}


def _as_offered(item: KnowledgeItem) -> str:
    name, kind, on = str(item), item.kind, item.filed_on
    text = f"{kind} {name}({on} 归档,已有新版)" if item.replaced_by else f"{kind} {name}({on} 归档)"
    return f"{item.project}:{text}" if item.project else text


def _to_cite(act: Act) -> tuple[Argument, ...]:
    titles = _called(offered(act))
    return (
        Argument("item", "资料", "choice", required=True, options=tuple(titles), titles=titles),
        Argument("note", "说明", "text", help="如 第3页 交付标准"),
    )


@verb("cite_item", label="引用资料", group="资料", ready=_anything, arguments=_to_cite)
def cite_item(act: Act) -> None:
    """The case relies on that very edition of the library; it counts as evidence of its kind."""
    item = _meant(act)
    if item.withdrawn_at is not None:
        raise Refused("“{item}”已经撤下", field="item", item=str(item))
    if any(row.item_id == item.id for row in standing(act.session, act.case)):
        raise Refused("本件已经引用了“{item}”", field="item", item=str(item))
    cited = Citation(complaint_id=act.case.id, item=item, note=act.given("note", ""), by_id=act.actor.id, at=act.now)
    act.session.add(cited)
    act.session.flush()
    act.say(f"{item}({item.filed_on} 归档)")
    act.say(cited.note)
    act.result = cited


def _to_take_back(act: Act) -> tuple[Argument, ...]:
    rows = standing(act.session, act.complaint) if act.complaint else []
    titles = {str(row.id): f"{row.item.kind} {named(row.item)}" for row in rows}
    return (
        Argument("citation", "引用的资料", "choice", required=True, options=tuple(titles), titles=titles),
        Argument("reason", "理由", "long", required=True),
    )


def _cites(act: Act) -> bool:
    return bool(all_of(act, Citation, Citation.taken_back_at.is_(None)))


@verb("uncite_item", label="取消引用", group="资料", ready=_cites, arguments=_to_take_back)
def uncite_item(act: Act) -> None:
    """The case no longer relies on it; who cited it, who took it back and why stay on record."""
    rows = standing(act.session, act.case)
    row = next((row for row in rows if str(row.id) == act.arguments["citation"]), None)
    if row is None:
        raise Refused("本件没有引用这份资料", field="citation")
    row.taken_back_at, row.taken_back_by_id = act.now, act.actor.id
    row.taken_back_because = act.arguments["reason"]
    act.say(f"{row.item}({row.item.filed_on} 归档)")
    act.result = row
