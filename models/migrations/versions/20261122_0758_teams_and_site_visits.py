"""Teams (处理小组) and site visits; a role that everybody holds in his own department.

Revision: 75aa526439d0
After: 335bae8432a0
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "75aa526439d0"
down_revision = "335bae8432a0"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "site_visit",
        sa.Column("complaint_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("planned_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("arrived_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("left_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("people", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("findings", sa.Text(), nullable=False),
        sa.Column("scene_kept", sa.Boolean(), nullable=False),
        sa.Column("by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(["by_id"], ["staff.id"], name=op.f("fk_site_visit_by_id_staff")),
        sa.ForeignKeyConstraint(["complaint_id"], ["complaint.id"], name=op.f("fk_site_visit_complaint_id_complaint")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_site_visit")),
    )
    with op.batch_alter_table("site_visit", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_site_visit_complaint_id"), ["complaint_id"], unique=False)

    op.create_table(
        "team_member",
        sa.Column("complaint_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("staff_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("department_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("role", sa.String(length=40), nullable=False),
        sa.Column("leader", sa.Boolean(), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(["complaint_id"], ["complaint.id"], name=op.f("fk_team_member_complaint_id_complaint")),
        sa.ForeignKeyConstraint(
            ["department_id"], ["department.id"], name=op.f("fk_team_member_department_id_department")
        ),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_team_member_staff_id_staff")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_team_member")),
    )
    with op.batch_alter_table("team_member", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_team_member_complaint_id"), ["complaint_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_team_member_staff_id"), ["staff_id"], unique=False)

    op.add_column("role", sa.Column("everybody", sa.Boolean(), nullable=False, server_default=sa.false()))
    with op.batch_alter_table("role", reflect_kwargs={"resolve_fks": False}) as batch_op:
        batch_op.alter_column("everybody", server_default=None)


def downgrade() -> None:
    with op.batch_alter_table("role", reflect_kwargs={"resolve_fks": False}) as batch_op:
        batch_op.drop_column("everybody")

    with op.batch_alter_table("team_member", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_team_member_staff_id"))
        batch_op.drop_index(batch_op.f("ix_team_member_complaint_id"))

    op.drop_table("team_member")
    with op.batch_alter_table("site_visit", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_site_visit_complaint_id"))

    op.drop_table("site_visit")
