"""Tables for drafts, requests to put in force, replays and searchable decisions; the ledger of time grows.

When a version is in force was a date on the version; here it becomes agreed requests, so that an older one can come back.

Revision: 9645a923df02
After: f80c1bf250c2
"""

from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any

import sqlalchemy as sa
from alembic import op
from alembic.operations import BatchOperations
from sqlalchemy.dialects import postgresql

revision = "9645a923df02"
down_revision = "f80c1bf250c2"
branch_labels = None
depends_on = None


JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")
KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MATCHED = (
    *("procedure_code", "accepted_at", "nature", "channel", "grade", "category", "compensation_sought"),
    *("complained_department_id", "responsible_department_id", "parties_count"),
)
APPEND_ONLY = ("fact_snapshot", "case_decision", "near_miss", "calendar_version", "clock_rung")


def _grow(table: str, *columns: sa.Column[Any], then: Callable[[BatchOperations], Any] | None = None) -> None:
    """Add columns to a table that may be filled: a default fills the rows that are there, and does not stay."""
    for column in columns:
        op.add_column(table, column)
    with _rebuilt(table) as batch:
        for column in columns:
            if column.server_default is not None:
                batch.alter_column(column.name, server_default=None)
        if then is not None:
            then(batch)


def _shrink(table: str, *columns: str) -> None:
    with _rebuilt(table) as batch:
        for column in columns:
            batch.drop_column(column)


def _rebuilt(table: str) -> AbstractContextManager[BatchOperations]:
    # the keys of other tables are none of its business: reading those would meet an index on an expression
    return op.batch_alter_table(table, reflect_kwargs={"resolve_fks": False})


def _belong_to_a_stint(clock: BatchOperations) -> None:
    clock.create_index(clock.f("ix_clock_assignment_id"), ["assignment_id"], unique=False)
    clock.create_foreign_key(clock.f("fk_clock_assignment_id_assignment"), "assignment", ["assignment_id"], ["id"])


def _belong_to_no_stint(clock: BatchOperations) -> None:
    clock.drop_constraint(clock.f("fk_clock_assignment_id_assignment"), type_="foreignkey")
    clock.drop_index(clock.f("ix_clock_assignment_id"))


def _ask_for_what_is_in_force() -> None:
    """Each date on a version becomes an agreed request; then one more where the requests alone would say another version.

    Before, the highest number that was 有效 was in force, whatever the order of the dates; a version that was 停用 was not.
    """
    op.execute(
        "INSERT INTO procedure_activation (code, number, from_at, reason, asked_by_id, asked_at, decision, "
        "decided_by_id, decided_at, opinion, unreplayed, version) "
        "SELECT code, number, in_force_from, reason, author_id, created_at, '同意', "
        "coalesce(reviewer_id, author_id), created_at, '', '', 1 FROM procedure_version "
        "WHERE in_force_from IS NOT NULL AND state IN ('有效', '停用') ORDER BY code, in_force_from, number"
    )
    op.execute(
        "INSERT INTO procedure_activation (code, number, from_at, reason, asked_at, decision, decided_at, opinion, unreplayed, version) "
        "SELECT last.code, kept.number, last.from_at, '', last.asked_at, '同意', last.decided_at, '', '', 1 "
        "FROM procedure_activation AS last LEFT JOIN ("
        "SELECT code, max(number) AS number FROM procedure_version "
        "WHERE state = '有效' AND in_force_from IS NOT NULL GROUP BY code) AS kept ON kept.code = last.code "
        "WHERE last.id = (SELECT max(id) FROM procedure_activation AS any_of WHERE any_of.code = last.code) "
        "AND (kept.number IS NULL OR kept.number <> last.number)"
    )
    op.execute("UPDATE procedure_version SET state = '有效' WHERE state = '停用'")


def _write_down_the_calendar() -> None:
    """The days of one's own become the first state of the calendar, by which the clocks that there are were counted."""
    day = sa.table("calendar_day", *(sa.column(name) for name in ("is_workday", "name")), sa.column("day", sa.Date()))
    found = op.get_bind().execute(sa.select(day.c.day, day.c.is_workday, day.c.name).order_by(day.c.day)).all()
    if not found:
        return
    days = {
        each.day.isoformat(): {"is_workday": bool(each.is_workday), "name": each.name, "intervals": []}
        for each in found
    }
    state = sa.table("calendar_version", *(sa.column(name) for name in ("id", "at", "reason")), sa.column("years", JSON),
                     sa.column("days", JSON))  # fmt: skip
    now = sa.func.current_timestamp()
    op.execute(state.insert().values(at=now, reason="", years=[2024, 2025, 2026], days=days))
    op.execute("UPDATE clock SET calendar_version = (SELECT max(id) FROM calendar_version)")


def _guard() -> None:
    """Refuse every change and deletion of what is kept as evidence."""
    for table in APPEND_ONLY:
        if op.get_bind().dialect.name == "sqlite":
            for verb in ("UPDATE", "DELETE"):
                op.execute(
                    f"CREATE TRIGGER {table}_no_{verb.lower()} BEFORE {verb} ON {table} "
                    f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
                )
        else:
            op.execute(
                f"CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE ON {table} "
                "FOR EACH ROW EXECUTE FUNCTION refuse_change()"
            )


def upgrade() -> None:
    op.create_table(
        "calendar_version",
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("reason", sa.String(length=200), nullable=False),
        sa.Column("years", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("days", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(["by_id"], ["staff.id"], name=op.f("fk_calendar_version_by_id_staff")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_calendar_version")),
    )
    op.create_table(
        "procedure_edit",
        sa.Column("draft_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("section", sa.String(length=30), nullable=False),
        sa.Column("row", sa.String(length=120), nullable=False),
        sa.Column("before", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=True),
        sa.Column("after", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=True),
        sa.Column("undone", sa.Boolean(), nullable=False),
        sa.Column("overtaken", sa.Boolean(), nullable=False),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(["by_id"], ["staff.id"], name=op.f("fk_procedure_edit_by_id_staff")),
        sa.ForeignKeyConstraint(
            ["draft_id"], ["procedure_version.id"], name=op.f("fk_procedure_edit_draft_id_procedure_version")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_procedure_edit")),
    )
    with op.batch_alter_table("procedure_edit", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_procedure_edit_draft_id"), ["draft_id"], unique=False)

    op.create_table(
        "replay",
        sa.Column("draft_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("stop_asked", sa.Boolean(), nullable=False),
        sa.Column("asked_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("total", sa.Integer(), nullable=False),
        sa.Column("done", sa.Integer(), nullable=False),
        sa.Column("position", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("summary", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("error", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(["asked_by_id"], ["staff.id"], name=op.f("fk_replay_asked_by_id_staff")),
        sa.ForeignKeyConstraint(
            ["draft_id"], ["procedure_version.id"], name=op.f("fk_replay_draft_id_procedure_version")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_replay")),
    )
    with op.batch_alter_table("replay", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_replay_draft_id"), ["draft_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_replay_state"), ["state"], unique=False)

    op.create_table(
        "fact_snapshot",
        sa.Column("complaint_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("event_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("verb", sa.String(length=40), nullable=False),
        sa.Column("facts", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(
            ["complaint_id"], ["complaint.id"], name=op.f("fk_fact_snapshot_complaint_id_complaint")
        ),
        sa.ForeignKeyConstraint(["event_id"], ["event.id"], name=op.f("fk_fact_snapshot_event_id_event")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_fact_snapshot")),
    )
    with op.batch_alter_table("fact_snapshot", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_fact_snapshot_complaint_id"), ["complaint_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_fact_snapshot_event_id"), ["event_id"], unique=False)

    op.create_table(
        "pause_request",
        sa.Column("complaint_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("clock_name", sa.String(length=30), nullable=False),
        sa.Column("cause", sa.String(length=40), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("evidence_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("level", sa.String(length=40), nullable=False),
        sa.Column("asked_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decision", sa.String(length=10), nullable=False),
        sa.Column("decided_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("opinion", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(["asked_by_id"], ["staff.id"], name=op.f("fk_pause_request_asked_by_id_staff")),
        sa.ForeignKeyConstraint(
            ["complaint_id"], ["complaint.id"], name=op.f("fk_pause_request_complaint_id_complaint")
        ),
        sa.ForeignKeyConstraint(["decided_by_id"], ["staff.id"], name=op.f("fk_pause_request_decided_by_id_staff")),
        sa.ForeignKeyConstraint(
            ["evidence_id"], ["attachment.id"], name=op.f("fk_pause_request_evidence_id_attachment")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pause_request")),
    )
    with op.batch_alter_table("pause_request", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_pause_request_complaint_id"), ["complaint_id"], unique=False)

    op.create_table(
        "procedure_activation",
        sa.Column("code", sa.String(length=20), nullable=False),
        sa.Column("number", sa.Integer(), nullable=True),
        sa.Column("from_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("asked_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("replay_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("unreplayed", sa.Text(), nullable=False),
        sa.Column("decision", sa.String(length=10), nullable=False),
        sa.Column("decided_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("opinion", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(["asked_by_id"], ["staff.id"], name=op.f("fk_procedure_activation_asked_by_id_staff")),
        sa.ForeignKeyConstraint(
            ["decided_by_id"], ["staff.id"], name=op.f("fk_procedure_activation_decided_by_id_staff")
        ),
        sa.ForeignKeyConstraint(["replay_id"], ["replay.id"], name=op.f("fk_procedure_activation_replay_id_replay")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_procedure_activation")),
    )
    with op.batch_alter_table("procedure_activation", schema=None) as batch_op:
        batch_op.create_index("ix_procedure_activation_code_from", ["code", "from_at", "id"], unique=False)
        batch_op.create_index(batch_op.f("ix_procedure_activation_decision"), ["decision"], unique=False)

    op.create_table(
        "replay_difference",
        sa.Column("replay_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("complaint_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("stage", sa.String(length=20), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("old_outcome", sa.String(length=200), nullable=False),
        sa.Column("new_outcome", sa.String(length=200), nullable=False),
        sa.Column("old", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=True),
        sa.Column("new", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=True),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(
            ["complaint_id"], ["complaint.id"], name=op.f("fk_replay_difference_complaint_id_complaint")
        ),
        sa.ForeignKeyConstraint(
            ["replay_id"], ["replay.id"], name=op.f("fk_replay_difference_replay_id_replay"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_replay_difference")),
    )
    with op.batch_alter_table("replay_difference", schema=None) as batch_op:
        batch_op.create_index("ix_replay_difference_replay_kind", ["replay_id", "kind", "id"], unique=False)

    op.create_table(
        "case_decision",
        sa.Column("complaint_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("event_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("verb", sa.String(length=40), nullable=False),
        sa.Column("stage", sa.String(length=20), nullable=False),
        sa.Column("rule_id", sa.String(length=80), nullable=False),
        sa.Column("outcome", sa.String(length=200), nullable=False),
        sa.Column("procedure_code", sa.String(length=20), nullable=False),
        sa.Column("procedure_version", sa.Integer(), nullable=False),
        sa.Column("snapshot_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("changed", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("detail", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(
            ["complaint_id"], ["complaint.id"], name=op.f("fk_case_decision_complaint_id_complaint")
        ),
        sa.ForeignKeyConstraint(["event_id"], ["event.id"], name=op.f("fk_case_decision_event_id_event")),
        sa.ForeignKeyConstraint(
            ["snapshot_id"], ["fact_snapshot.id"], name=op.f("fk_case_decision_snapshot_id_fact_snapshot")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_case_decision")),
    )
    with op.batch_alter_table("case_decision", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_case_decision_at"), ["at"], unique=False)
        batch_op.create_index("ix_case_decision_complaint", ["complaint_id", "id"], unique=False)
        batch_op.create_index(batch_op.f("ix_case_decision_event_id"), ["event_id"], unique=False)
        batch_op.create_index("ix_case_decision_rule_at", ["rule_id", "at", "procedure_code"], unique=False)
        batch_op.create_index("ix_case_decision_stage_at", ["stage", "at"], unique=False)

    op.create_table(
        "near_miss",
        sa.Column("decision_id", KEY, nullable=False),
        sa.Column("rule_id", sa.String(length=80), nullable=False),
        sa.Column("fact", sa.String(length=80), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", KEY, nullable=False),
        sa.ForeignKeyConstraint(
            ["decision_id"], ["case_decision.id"], name=op.f("fk_near_miss_decision_id_case_decision")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_near_miss")),
    )
    with op.batch_alter_table("near_miss", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_near_miss_decision_id"), ["decision_id"], unique=False)
        batch_op.create_index("ix_near_miss_rule_at", ["rule_id", "at"], unique=False)
    op.create_index("ix_event_verb_at", "event", ["verb", "at"], unique=False)
    op.drop_index("ix_complaint_procedure_code", "complaint")
    own = ["flags", "fields"] if op.get_bind().dialect.name == "sqlite" else []
    op.create_index("ix_complaint_match", "complaint", [*MATCHED, *own], unique=False)
    op.create_index("ix_complaint_category_received", "complaint", ["category", "received_at"], unique=False)
    op.create_index("ix_complaint_place_received", "complaint", ["place", "received_at"], unique=False)

    op.create_table(
        "clock_rung",
        sa.Column("clock_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("cycle", sa.Integer(), nullable=False),
        sa.Column("rung", sa.String(length=40), nullable=False),
        sa.Column("nth", sa.Integer(), nullable=False),
        sa.Column("planned_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("fired_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(["clock_id"], ["clock.id"], name=op.f("fk_clock_rung_clock_id_clock")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_clock_rung")),
        sa.UniqueConstraint("clock_id", "cycle", "rung", "nth", name=op.f("uq_clock_rung_clock_id_cycle_rung_nth")),
    )

    _grow("calendar_day", sa.Column("intervals", JSON, nullable=False, server_default="[]"))
    _grow(
        "clock",
        sa.Column("assignment_id", KEY, nullable=True),
        sa.Column("calendar_version", sa.Integer(), nullable=False, server_default="0"),
        sa.Column("transferred_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("unextended_due_at", sa.DateTime(timezone=True), nullable=True),
        then=_belong_to_a_stint,
    )
    _write_down_the_calendar()
    _grow(
        "extension_request",
        sa.Column("level", sa.String(length=40), nullable=False, server_default=""),
        sa.Column("told_at", sa.DateTime(timezone=True), nullable=True),
    )
    _grow(
        "notice",
        sa.Column("deliver_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("digest", sa.Boolean(), nullable=False, server_default=sa.false()),
    )
    gathered = sa.text("digest AND read_at IS NULL")
    op.create_index("ix_notice_gathered", "notice", ["deliver_at"], sqlite_where=gathered, postgresql_where=gathered)
    _grow("staff", sa.Column("digest", sa.Boolean(), nullable=False, server_default=sa.false()))
    _ask_for_what_is_in_force()
    _grow(
        "procedure_version",
        sa.Column("based_on", sa.Integer(), nullable=True),
        sa.Column("edited_at", sa.DateTime(timezone=True), nullable=True),
        then=lambda batch: batch.drop_column("in_force_from"),
    )
    _guard()


def downgrade() -> None:
    for index in ("ix_complaint_place_received", "ix_complaint_category_received", "ix_complaint_match"):
        op.drop_index(index, "complaint")
    op.create_index("ix_complaint_procedure_code", "complaint", ["procedure_code"], unique=False)
    op.drop_index("ix_event_verb_at", "event")
    _grow("procedure_version", sa.Column("in_force_from", sa.DateTime(timezone=True), nullable=True))
    op.execute(
        "UPDATE procedure_version SET in_force_from = (SELECT min(from_at) FROM procedure_activation AS asked "
        "WHERE asked.code = procedure_version.code AND asked.number = procedure_version.number "
        "AND asked.decision = '同意')"
    )
    for table in (
        "clock_rung",
        "near_miss",
        "case_decision",
        "replay_difference",
        "procedure_activation",
        "pause_request",
        "fact_snapshot",
        "replay",
        "procedure_edit",
        "calendar_version",
    ):
        op.drop_table(table)
    _shrink("procedure_version", "edited_at", "based_on")
    _shrink("staff", "digest")
    op.drop_index("ix_notice_gathered", "notice")
    _shrink("notice", "digest", "deliver_at")
    _shrink("extension_request", "told_at", "level")
    with _rebuilt("clock") as batch:
        _belong_to_no_stint(batch)
    _shrink("clock", "unextended_due_at", "transferred_at", "calendar_version", "assignment_id")
    _shrink("calendar_day", "intervals")
