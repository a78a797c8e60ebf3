"""Requests that wait for a decision and fees that are due are found by an index: each page counts them.

Revision: 8e41b7c09d63
After: 5d1c7be20f93
"""

from alembic import op

revision = "8e41b7c09d63"
down_revision = "5d1c7be20f93"
branch_labels = None
depends_on = None

COLUMNS = (("extension_request", "decision"), ("pause_request", "decision"), ("work_order", "fee_state"))


def upgrade() -> None:
    for table, column in COLUMNS:
        op.create_index(op.f(f"ix_{table}_{column}"), table, [column])


def downgrade() -> None:
    for table, column in reversed(COLUMNS):
        op.drop_index(op.f(f"ix_{table}_{column}"), table)
