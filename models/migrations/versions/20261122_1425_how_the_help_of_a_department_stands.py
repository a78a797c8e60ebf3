"""The help of a department has a result; a department helps with a case once at a time.

Revision: a7d2e94c81f6
After: 5c45a5813c29
"""

import sqlalchemy as sa
from alembic import op

revision = "a7d2e94c81f6"
down_revision = "5c45a5813c29"
branch_labels = None
depends_on = None

STILL_HELPS = sa.text("kind = '协办' AND ended_at IS NULL")


def upgrade() -> None:
    op.add_column("assignment", sa.Column("cancelled", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.add_column("assignment", sa.Column("result", sa.Text(), nullable=False, server_default=""))
    with op.batch_alter_table("assignment", reflect_kwargs={"resolve_fks": False}) as batch_op:
        batch_op.alter_column("cancelled", server_default=None)
        batch_op.alter_column("result", server_default=None)
    op.drop_index("ix_assignment_department_id", "assignment")
    op.create_index("ix_assignment_department_kind", "assignment", ["department_id", "kind"])
    op.create_index("ix_assignment_person_kind", "assignment", ["person_id", "kind"])
    op.create_index(
        "uq_assignment_complaint_id_department_id",
        "assignment",
        ["complaint_id", "department_id"],
        unique=True,
        sqlite_where=STILL_HELPS,
        postgresql_where=STILL_HELPS,
    )


def downgrade() -> None:
    for name in (
        "uq_assignment_complaint_id_department_id",
        "ix_assignment_person_kind",
        "ix_assignment_department_kind",
    ):
        op.drop_index(name, "assignment")
    op.create_index("ix_assignment_department_id", "assignment", ["department_id"])
    op.drop_column("assignment", "result")
    op.drop_column("assignment", "cancelled")
