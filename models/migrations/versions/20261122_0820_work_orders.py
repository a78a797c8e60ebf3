"""Work orders with their price list and fees, other units that were asked, and measures that hang on no case.

Revision: 61bb6bb9a1c2
After: 4f0d2b6c81ae
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "61bb6bb9a1c2"
down_revision = "4f0d2b6c81ae"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "price_item",
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("unit", sa.String(length=20), nullable=False),
        sa.Column("price", sa.Numeric(precision=12, scale=2), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_price_item")),
    )
    with op.batch_alter_table("price_item", schema=None) as batch_op:
        batch_op.create_index("ix_price_item_name_valid", ["name", "valid_from"], unique=False)

    op.create_table(
        "coordination",
        sa.Column("complaint_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("unit", sa.String(length=100), nullable=False),
        sa.Column("contact", sa.String(length=100), nullable=False),
        sa.Column("contacted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("explanation_to_customer", sa.Text(), nullable=False),
        sa.Column("reply", sa.Text(), nullable=False),
        sa.Column("replied_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(["by_id"], ["staff.id"], name=op.f("fk_coordination_by_id_staff")),
        sa.ForeignKeyConstraint(
            ["complaint_id"], ["complaint.id"], name=op.f("fk_coordination_complaint_id_complaint")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_coordination")),
    )
    with op.batch_alter_table("coordination", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_coordination_complaint_id"), ["complaint_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_coordination_unit"), ["unit"], unique=False)

    op.create_table(
        "work_order",
        sa.Column("order_no", sa.String(length=30), nullable=False),
        sa.Column("complaint_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("place", sa.String(length=20), nullable=False),
        sa.Column("equipment", sa.String(length=100), nullable=False),
        sa.Column("model", sa.String(length=100), nullable=False),
        sa.Column("fault", sa.Text(), nullable=False),
        sa.Column("paid", sa.String(length=10), nullable=False),
        sa.Column("price_items", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("quoted_amount", sa.Numeric(precision=12, scale=2), nullable=True),
        sa.Column("customer_consents", sa.Boolean(), nullable=True),
        sa.Column("consented_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("appointed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("issued_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("issued_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("dispatched_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("accepted_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("accepted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("team", sa.String(length=60), nullable=False),
        sa.Column("technician_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("arrived_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("finished_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("parts", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("final_amount", sa.Numeric(precision=12, scale=2), nullable=True),
        sa.Column("fee_told", sa.Boolean(), nullable=False),
        sa.Column("customer_signed_by", sa.String(length=60), nullable=False),
        sa.Column("customer_signed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("rating_quality", sa.String(length=10), nullable=False),
        sa.Column("rating_attitude", sa.String(length=10), nullable=False),
        sa.Column("returned_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("verified_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("verified_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("copies", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("fee_way", sa.String(length=20), nullable=False),
        sa.Column("fee_state", sa.String(length=10), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(["accepted_by_id"], ["staff.id"], name=op.f("fk_work_order_accepted_by_id_staff")),
        sa.ForeignKeyConstraint(["complaint_id"], ["complaint.id"], name=op.f("fk_work_order_complaint_id_complaint")),
        sa.ForeignKeyConstraint(["finished_by_id"], ["staff.id"], name=op.f("fk_work_order_finished_by_id_staff")),
        sa.ForeignKeyConstraint(["issued_by_id"], ["staff.id"], name=op.f("fk_work_order_issued_by_id_staff")),
        sa.ForeignKeyConstraint(["technician_id"], ["staff.id"], name=op.f("fk_work_order_technician_id_staff")),
        sa.ForeignKeyConstraint(["verified_by_id"], ["staff.id"], name=op.f("fk_work_order_verified_by_id_staff")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_work_order")),
        sa.UniqueConstraint("order_no", name=op.f("uq_work_order_order_no")),
    )
    with op.batch_alter_table("work_order", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_work_order_complaint_id"), ["complaint_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_work_order_state"), ["state"], unique=False)
        batch_op.create_index(batch_op.f("ix_work_order_technician_id"), ["technician_id"], unique=False)

    op.create_table(
        "fee_line",
        sa.Column("complaint_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("work_order_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("customer", sa.String(length=60), nullable=False),
        sa.Column("amount", sa.Numeric(precision=12, scale=2), nullable=False),
        sa.Column("period", sa.String(length=7), nullable=False),
        sa.Column("way", sa.String(length=20), nullable=False),
        sa.Column("department_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("charged_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("charged_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(["charged_by_id"], ["staff.id"], name=op.f("fk_fee_line_charged_by_id_staff")),
        sa.ForeignKeyConstraint(["complaint_id"], ["complaint.id"], name=op.f("fk_fee_line_complaint_id_complaint")),
        sa.ForeignKeyConstraint(
            ["department_id"], ["department.id"], name=op.f("fk_fee_line_department_id_department")
        ),
        sa.ForeignKeyConstraint(
            ["work_order_id"], ["work_order.id"], name=op.f("fk_fee_line_work_order_id_work_order")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_fee_line")),
        sa.UniqueConstraint("work_order_id", name=op.f("uq_fee_line_work_order_id")),
    )
    with op.batch_alter_table("fee_line", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_fee_line_complaint_id"), ["complaint_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_fee_line_period"), ["period"], unique=False)

    for name, length in (("procedure_code", 20), ("source", 200)):
        op.add_column("measure", sa.Column(name, sa.String(length=length), nullable=False, server_default=""))
    with op.batch_alter_table("measure", reflect_kwargs={"resolve_fks": False}) as batch_op:
        batch_op.alter_column("procedure_code", server_default=None)
        batch_op.alter_column("source", server_default=None)


def downgrade() -> None:
    with op.batch_alter_table("measure", reflect_kwargs={"resolve_fks": False}) as batch_op:
        batch_op.drop_column("source")
        batch_op.drop_column("procedure_code")

    with op.batch_alter_table("fee_line", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_fee_line_period"))
        batch_op.drop_index(batch_op.f("ix_fee_line_complaint_id"))

    op.drop_table("fee_line")
    with op.batch_alter_table("work_order", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_work_order_technician_id"))
        batch_op.drop_index(batch_op.f("ix_work_order_state"))
        batch_op.drop_index(batch_op.f("ix_work_order_complaint_id"))

    op.drop_table("work_order")
    with op.batch_alter_table("coordination", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_coordination_unit"))
        batch_op.drop_index(batch_op.f("ix_coordination_complaint_id"))

    op.drop_table("coordination")
    with op.batch_alter_table("price_item", schema=None) as batch_op:
        batch_op.drop_index("ix_price_item_name_valid")

    op.drop_table("price_item")
