"""The steps of a clock are read from its ledger, not kept beside it; a rung keeps whom it told.

Revision: c3d7a1e0b542
After: 61bb6bb9a1c2
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "c3d7a1e0b542"
down_revision = "61bb6bb9a1c2"
branch_labels = None
depends_on = None

JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")


def upgrade() -> None:
    op.drop_column("clock", "steps")
    op.add_column("clock_rung", sa.Column("told", JSON, nullable=True))


def downgrade() -> None:
    op.drop_column("clock_rung", "told")
    op.add_column("clock", sa.Column("steps", JSON, nullable=False, server_default="[]"))
    with op.batch_alter_table("clock", reflect_kwargs={"resolve_fks": False}) as batch_op:
        batch_op.alter_column("steps", server_default=None)
