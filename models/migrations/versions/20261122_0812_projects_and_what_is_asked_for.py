"""The projects that a person looks after; what an approval was asked for.

Revision: 4f0d2b6c81ae
After: 75aa526439d0
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "4f0d2b6c81ae"
down_revision = "75aa526439d0"
branch_labels = None
depends_on = None


def upgrade() -> None:
    kind = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")
    op.add_column("staff", sa.Column("projects", kind, nullable=False, server_default="[]"))
    with op.batch_alter_table("staff", reflect_kwargs={"resolve_fks": False}) as batch_op:
        batch_op.alter_column("projects", server_default=None)
    op.add_column("approval", sa.Column("wanted", sa.String(length=40), nullable=False, server_default=""))
    with op.batch_alter_table("approval", reflect_kwargs={"resolve_fks": False}) as batch_op:
        batch_op.alter_column("wanted", server_default=None)


def downgrade() -> None:
    with op.batch_alter_table("approval", reflect_kwargs={"resolve_fks": False}) as batch_op:
        batch_op.drop_column("wanted")
    with op.batch_alter_table("staff", reflect_kwargs={"resolve_fks": False}) as batch_op:
        batch_op.drop_column("projects")
