"""What a case said by itself, where it bears the marks of the matter that it was linked with.

Revision: 7c15e0a94d36
After: 2cb80fc11274
"""

import sqlalchemy as sa
from alembic import op

revision = "7c15e0a94d36"
down_revision = "2cb80fc11274"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "shared_mark",
        sa.Column("complaint_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("key", sa.String(length=60), nullable=False),
        sa.Column("own", sa.Text(), nullable=False),
        sa.Column("taken", sa.Text(), nullable=False),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(["complaint_id"], ["complaint.id"], name=op.f("fk_shared_mark_complaint_id_complaint")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_shared_mark")),
        sa.UniqueConstraint("complaint_id", "key", name=op.f("uq_shared_mark_complaint_id_key")),
    )


def downgrade() -> None:
    op.drop_table("shared_mark")
