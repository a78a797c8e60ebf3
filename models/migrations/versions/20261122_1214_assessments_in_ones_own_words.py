"""Where a procedure prints no standards, item and consequence of an assessment are written in words.

Revision: 8e4f1b7ad260
After: 8e41b7c09d63
"""

import sqlalchemy as sa
from alembic import op

revision = "8e4f1b7ad260"
down_revision = "8e41b7c09d63"
branch_labels = None
depends_on = None

SHORT = {"standard_no": 10, "sanction": 20}
ROOM = 60


def upgrade() -> None:
    with op.batch_alter_table("assessment", reflect_kwargs={"resolve_fks": False}) as batch_op:
        for name, length in SHORT.items():
            batch_op.alter_column(name, existing_type=sa.String(length), type_=sa.String(ROOM))


def downgrade() -> None:
    assessment = sa.table("assessment", *map(sa.column, SHORT))
    op.execute(
        sa.update(assessment).values({name: sa.func.substr(assessment.c[name], 1, SHORT[name]) for name in SHORT})
    )
    with op.batch_alter_table("assessment", reflect_kwargs={"resolve_fks": False}) as batch_op:
        for name, length in SHORT.items():
            batch_op.alter_column(name, existing_type=sa.String(ROOM), type_=sa.String(length))
