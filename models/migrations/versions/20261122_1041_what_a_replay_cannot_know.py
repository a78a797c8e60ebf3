"""what a replay cannot know, and whom it tells

Revision: 2cb80fc11274
After: c3d7a1e0b542
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "2cb80fc11274"
down_revision = "c3d7a1e0b542"
branch_labels = None
depends_on = None


def upgrade() -> None:
    json = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")
    op.add_column("replay", sa.Column("unkept", json, nullable=False, server_default="{}"))
    op.add_column("replay", sa.Column("telling", sa.Boolean(), nullable=False, server_default=sa.false()))
    with op.batch_alter_table("replay", reflect_kwargs={"resolve_fks": False}) as batch_op:
        batch_op.alter_column("unkept", server_default=None)
        batch_op.alter_column("telling", server_default=None)


def downgrade() -> None:
    with op.batch_alter_table("replay", reflect_kwargs={"resolve_fks": False}) as batch_op:
        batch_op.drop_column("telling")
        batch_op.drop_column("unkept")
