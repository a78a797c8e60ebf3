"""The columns that people chose for their lists.

Revision: 5d1c7be20f93
After: 0b96d7f2c4a1
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "5d1c7be20f93"
down_revision = "0b96d7f2c4a1"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "shown_columns",
        sa.Column("staff_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("place", sa.String(length=40), nullable=False),
        sa.Column("columns", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_shown_columns_staff_id_staff")),
        sa.PrimaryKeyConstraint("staff_id", "place", name=op.f("pk_shown_columns")),
    )


def downgrade() -> None:
    op.drop_table("shown_columns")
