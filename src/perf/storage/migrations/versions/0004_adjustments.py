"""adjustments of single people

Revision ID: 0004
Revises: 0003
"""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

KEY = ["consortium", "period", "number"]


def upgrade() -> None:
    op.create_table(
        "adjustment",
        sa.Column("consortium", sa.String(length=80), nullable=False),
        sa.Column("period", sa.String(length=7), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("subject", sa.String(length=80), nullable=False),
        sa.Column("amount_fen", sa.BigInteger(), nullable=True),
        sa.Column("line", sa.String(), nullable=False),
        sa.Column("account", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("document", sa.String(), nullable=False),
        sa.Column("at_most", sa.String(), nullable=False),
        sa.Column("entered_by", sa.String(), nullable=False),
        sa.Column("entered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("source", sa.String(), nullable=False),
        sa.CheckConstraint(
            "kind in ('pay', 'deduct', 'hold', 'stop', 'release', 'return', 'collect', 'write_off')",
            name=op.f("ck_adjustment_kind_known"),
        ),
        sa.CheckConstraint(
            "(amount_fen is not null or kind in ('hold', 'stop', 'release', 'collect', 'write_off'))"
            " and (amount_fen is null or amount_fen > 0)",
            name=op.f("ck_adjustment_amount_given"),
        ),
        sa.CheckConstraint(
            "reason <> '' and entered_by <> '' and line <> ''",
            name=op.f("ck_adjustment_told"),
        ),
        sa.PrimaryKeyConstraint(*KEY, name=op.f("pk_adjustment")),
    )
    op.create_index(op.f("ix_adjustment_consortium_subject"), "adjustment", ["consortium", "subject"])
    op.create_table(
        "adjustment_withdrawal",
        sa.Column("consortium", sa.String(length=80), nullable=False),
        sa.Column("period", sa.String(length=7), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("withdrawn_by", sa.String(), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.CheckConstraint("reason <> '' and withdrawn_by <> ''", name=op.f("ck_adjustment_withdrawal_told")),
        sa.ForeignKeyConstraint(
            KEY, [f"adjustment.{name}" for name in KEY], name=op.f("fk_adjustment_withdrawal_adjustment")
        ),
        sa.PrimaryKeyConstraint(*KEY, name=op.f("pk_adjustment_withdrawal")),
    )


def downgrade() -> None:
    op.drop_table("adjustment_withdrawal")
    op.drop_index(op.f("ix_adjustment_consortium_subject"), table_name="adjustment")
    op.drop_table("adjustment")
