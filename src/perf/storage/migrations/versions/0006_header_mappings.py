"""header mappings: what headers mean, remembered by sender and layout

Revision ID: 0006
Revises: 0005
"""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "header_mapping",
        sa.Column("consortium", sa.String(length=80), nullable=False),
        sa.Column("sender", sa.String(), nullable=False),
        sa.Column("layout", sa.String(length=64), nullable=False),
        sa.Column("header", sa.String(), nullable=False),
        sa.Column("n", sa.Integer(), nullable=False),
        sa.Column("target", sa.String(length=80), nullable=False),
        sa.Column("headers", sa.String(), nullable=False),
        sa.Column("import_id", sa.BigInteger(), nullable=True),
        sa.Column("decided_by", sa.String(), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["import_id"], ["import.id"], name=op.f("fk_header_mapping_import_id_import")),
        sa.PrimaryKeyConstraint("consortium", "sender", "layout", "header", "n", name=op.f("pk_header_mapping")),
    )


def downgrade() -> None:
    op.drop_table("header_mapping")
