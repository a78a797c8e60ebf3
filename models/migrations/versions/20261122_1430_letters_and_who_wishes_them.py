"""What leaves the house by mail: one letter for a notice; who wishes all of his by mail.

Revision: 6e2b4c8a91f7
After: a7d2e94c81f6
"""

import sqlalchemy as sa
from alembic import op

revision = "6e2b4c8a91f7"
down_revision = "a7d2e94c81f6"
branch_labels = None
depends_on = None

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
INSTANT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "letter",
        sa.Column("notice_id", KEY, nullable=False),
        sa.Column("to_staff_id", KEY, nullable=False),
        sa.Column("address", sa.String(length=120), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("since", INSTANT, nullable=False),
        sa.Column("next_at", INSTANT, nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("sent_at", INSTANT, nullable=True),
        sa.Column("error", sa.Text(), nullable=False),
        sa.Column("id", KEY, nullable=False),
        sa.ForeignKeyConstraint(["notice_id"], ["notice.id"], name="fk_letter_notice_id_notice"),
        sa.ForeignKeyConstraint(["to_staff_id"], ["staff.id"], name="fk_letter_to_staff_id_staff"),
        sa.PrimaryKeyConstraint("id", name="pk_letter"),
        sa.UniqueConstraint("notice_id", name="uq_letter_notice_id"),
    )
    op.create_index("ix_letter_to_staff_id", "letter", ["to_staff_id"])
    waiting = sa.text("next_at IS NOT NULL")
    op.create_index("ix_letter_waiting", "letter", ["next_at", "id"], sqlite_where=waiting, postgresql_where=waiting)
    op.add_column("staff", sa.Column("mail_all", sa.Boolean(), nullable=False, server_default=sa.false()))
    with op.batch_alter_table("staff", reflect_kwargs={"resolve_fks": False}) as batch_op:
        batch_op.alter_column("mail_all", server_default=None)


def downgrade() -> None:
    op.drop_column("staff", "mail_all")
    op.drop_table("letter")
