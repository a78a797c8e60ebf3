"""A measure that came from a figure of a report keeps which cases were counted in it.

Revision: c3d95a60e7b1
After: 8e4f1b7ad260
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "c3d95a60e7b1"
down_revision = "8e4f1b7ad260"
branch_labels = None
depends_on = None

JSON = sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), "postgresql")


def upgrade() -> None:
    op.add_column("measure", sa.Column("counted", JSON, nullable=False, server_default="{}"))
    with op.batch_alter_table("measure", reflect_kwargs={"resolve_fks": False}) as batch_op:
        batch_op.alter_column("counted", server_default=None)


def downgrade() -> None:
    op.drop_column("measure", "counted")
