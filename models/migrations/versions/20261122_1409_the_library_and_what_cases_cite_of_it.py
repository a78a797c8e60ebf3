"""What is kept for all cases of a project, in editions, and which edition a case relies on.

Revision: 5c45a5813c29
After: c3d95a60e7b1
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "5c45a5813c29"
down_revision = "c3d95a60e7b1"
branch_labels = None
depends_on = None

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
JSON = sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), "postgresql")
INSTANT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "knowledge_item",
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("edition", sa.String(length=40), nullable=False),
        sa.Column("project", sa.String(length=100), nullable=False),
        sa.Column("category", sa.String(length=100), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("tags", JSON, nullable=False),
        sa.Column("filed_on", sa.Date(), nullable=False),
        sa.Column("replaces_id", KEY, nullable=True),
        sa.Column("source_id", KEY, nullable=True),
        sa.Column("by_id", KEY, nullable=True),
        sa.Column("at", INSTANT, nullable=False),
        sa.Column("withdrawn_at", INSTANT, nullable=True),
        sa.Column("withdrawn_by_id", KEY, nullable=True),
        sa.Column("withdrawn_because", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("id", KEY, nullable=False),
        sa.ForeignKeyConstraint(["by_id"], ["staff.id"], name="fk_knowledge_item_by_id_staff"),
        sa.ForeignKeyConstraint(
            ["replaces_id"], ["knowledge_item.id"], name="fk_knowledge_item_replaces_id_knowledge_item"
        ),
        sa.ForeignKeyConstraint(["source_id"], ["complaint.id"], name="fk_knowledge_item_source_id_complaint"),
        sa.ForeignKeyConstraint(["withdrawn_by_id"], ["staff.id"], name="fk_knowledge_item_withdrawn_by_id_staff"),
        sa.PrimaryKeyConstraint("id", name="pk_knowledge_item"),
        sa.UniqueConstraint("replaces_id", name="uq_knowledge_item_replaces_id"),
    )
    for column in ("kind", "project", "source_id"):
        op.create_index(f"ix_knowledge_item_{column}", "knowledge_item", [column])
    op.create_table(
        "knowledge_file",
        sa.Column("item_id", KEY, nullable=False),
        sa.Column("file_name", sa.String(length=200), nullable=False),
        sa.Column("media_type", sa.String(length=100), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("id", KEY, nullable=False),
        sa.ForeignKeyConstraint(["item_id"], ["knowledge_item.id"], name="fk_knowledge_file_item_id_knowledge_item"),
        sa.PrimaryKeyConstraint("id", name="pk_knowledge_file"),
    )
    op.create_index("ix_knowledge_file_item_id", "knowledge_file", ["item_id"])
    _citations()


def _citations() -> None:
    op.create_table(
        "citation",
        sa.Column("complaint_id", KEY, nullable=False),
        sa.Column("item_id", KEY, nullable=False),
        sa.Column("note", sa.String(length=200), nullable=False),
        sa.Column("by_id", KEY, nullable=True),
        sa.Column("at", INSTANT, nullable=False),
        sa.Column("taken_back_at", INSTANT, nullable=True),
        sa.Column("taken_back_by_id", KEY, nullable=True),
        sa.Column("taken_back_because", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("id", KEY, nullable=False),
        sa.ForeignKeyConstraint(["by_id"], ["staff.id"], name="fk_citation_by_id_staff"),
        sa.ForeignKeyConstraint(["complaint_id"], ["complaint.id"], name="fk_citation_complaint_id_complaint"),
        sa.ForeignKeyConstraint(["item_id"], ["knowledge_item.id"], name="fk_citation_item_id_knowledge_item"),
        sa.ForeignKeyConstraint(["taken_back_by_id"], ["staff.id"], name="fk_citation_taken_back_by_id_staff"),
        sa.PrimaryKeyConstraint("id", name="pk_citation"),
    )
    op.create_index("ix_citation_complaint_id", "citation", ["complaint_id"])
    op.create_index("ix_citation_item_id", "citation", ["item_id"])
    standing = sa.text("taken_back_at IS NULL")
    op.create_index(
        "uq_citation_complaint_id_item_id",
        "citation",
        ["complaint_id", "item_id"],
        unique=True,
        sqlite_where=standing,
        postgresql_where=standing,
    )


def downgrade() -> None:
    for table in ("citation", "knowledge_file", "knowledge_item"):
        op.drop_table(table)
