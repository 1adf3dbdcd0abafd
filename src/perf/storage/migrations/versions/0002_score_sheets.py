"""score sheets

Revision ID: 0002
Revises: 0001
"""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

SHEET_KEY = ["consortium", "period", "scheme", "number"]


def upgrade() -> None:
    op.create_table(
        "score_sheet",
        sa.Column("consortium", sa.String(length=80), nullable=False),
        sa.Column("period", sa.String(length=7), nullable=False),
        sa.Column("scheme", sa.String(length=80), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("origin", sa.String(length=100), nullable=False),
        sa.Column("engine", sa.String(), nullable=False),
        sa.Column("rules", sa.String(), nullable=False),
        sa.Column("subjects", sa.Integer(), nullable=False),
        sa.Column("tiers", sa.String(), nullable=False),
        sa.Column("made_by", sa.String(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("inputs_digest", sa.String(length=64), nullable=False),
        sa.Column("results_digest", sa.String(length=64), nullable=False),
        sa.Column("inputs", sa.LargeBinary(), nullable=False),
        sa.Column("results", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint(*SHEET_KEY, name=op.f("pk_score_sheet")),
    )
    op.create_table(
        "score_total",
        sa.Column("consortium", sa.String(length=80), nullable=False),
        sa.Column("period", sa.String(length=7), nullable=False),
        sa.Column("scheme", sa.String(length=80), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("subject", sa.String(length=80), nullable=False),
        sa.Column("total_scaled", sa.BigInteger(), nullable=True),
        sa.Column("total_digits", sa.Integer(), nullable=True),
        sa.Column("grade", sa.String(), nullable=False),
        sa.Column("rank", sa.Integer(), nullable=True),
        sa.Column("rank_of", sa.Integer(), nullable=True),
        sa.Column("coefficient_scaled", sa.BigInteger(), nullable=True),
        sa.Column("coefficient_digits", sa.Integer(), nullable=True),
        sa.Column("status", sa.String(length=20), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        *(
            sa.CheckConstraint(
                f"({name}_scaled is null) = ({name}_digits is null)",
                name=op.f(f"ck_score_total_{name}_one_form"),
            )
            for name in ("total", "coefficient")
        ),
        sa.ForeignKeyConstraint(
            SHEET_KEY, [f"score_sheet.{name}" for name in SHEET_KEY], name=op.f("fk_score_total_score_sheet")
        ),
        sa.PrimaryKeyConstraint(*SHEET_KEY, "subject", name=op.f("pk_score_total")),
    )


def downgrade() -> None:
    op.drop_table("score_total")
    op.drop_table("score_sheet")
