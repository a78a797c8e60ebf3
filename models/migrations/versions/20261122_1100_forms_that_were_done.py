"""The words of the forms that were done, so that none is done twice.

Revision: 0b96d7f2c4a1
After: 7c15e0a94d36
"""

import sqlalchemy as sa
from alembic import op

revision = "0b96d7f2c4a1"
down_revision = "7c15e0a94d36"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "sent_form",
        sa.Column("word", sa.String(length=20), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("complaint_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.ForeignKeyConstraint(["complaint_id"], ["complaint.id"], name=op.f("fk_sent_form_complaint_id_complaint")),
        sa.PrimaryKeyConstraint("word", name=op.f("pk_sent_form")),
    )
    op.create_index(op.f("ix_sent_form_at"), "sent_form", ["at"])


def downgrade() -> None:
    op.drop_index(op.f("ix_sent_form_at"), table_name="sent_form")
    op.drop_table("sent_form")
