"""payroll: accepted payrolls, withholdings, tax records

Revision ID: 0005
Revises: 0004
"""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

AMOUNTS = (
    *("gross", "deductions", "tax", "net", "income", "tax_free", "contributions", "other"),
    *("income_tax", "bonus", "bonus_tax"),
)
FIGURES = ("income", "tax_free", "contributions", "special", "other", "relief", "withheld")


def fen(names: tuple[str, ...]) -> list[sa.Column[int]]:
    return [sa.Column(f"{name}_fen", sa.BigInteger(), nullable=False) for name in names]


def upgrade() -> None:
    op.create_table(
        "payroll",
        sa.Column("id", sa.String(length=100), nullable=False),
        sa.Column("consortium", sa.String(length=80), nullable=False),
        sa.Column("pay_month", sa.String(length=7), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("runs", sa.String(), nullable=False),
        sa.Column("rule", sa.String(length=80), nullable=False),
        sa.Column("version", sa.String(length=20), nullable=False),
        sa.Column("rule_digest", sa.String(length=64), nullable=False),
        sa.Column("engine", sa.String(), nullable=False),
        sa.Column("made_by", sa.String(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("withdrawn_by", sa.String(), nullable=True),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("withdrawn_reason", sa.String(), nullable=True),
        sa.CheckConstraint(
            "(withdrawn_at is null) = (withdrawn_by is null) and (withdrawn_at is null) = (withdrawn_reason is null)",
            name=op.f("ck_payroll_withdrawn_whole"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_payroll")),
        sa.UniqueConstraint("consortium", "pay_month", "number", name=op.f("uq_payroll_consortium_pay_month_number")),
    )
    op.create_table(
        "withholding",
        sa.Column("payroll_id", sa.String(length=100), nullable=False),
        sa.Column("person", sa.String(length=80), nullable=False),
        sa.Column("consortium", sa.String(length=80), nullable=False),
        sa.Column("employer", sa.String(length=80), nullable=False),
        *fen(AMOUNTS),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.CheckConstraint("net_fen = gross_fen - deductions_fen - tax_fen", name=op.f("ck_withholding_adds_up")),
        sa.CheckConstraint("net_fen >= 0 and tax_fen >= 0", name=op.f("ck_withholding_not_negative")),
        sa.ForeignKeyConstraint(["payroll_id"], ["payroll.id"], name=op.f("fk_withholding_payroll_id_payroll")),
        sa.PrimaryKeyConstraint("payroll_id", "person", name=op.f("pk_withholding")),
    )
    op.create_index(op.f("ix_withholding_consortium_person"), "withholding", ["consortium", "person"])
    op.create_table(
        "tax_opening",
        sa.Column("consortium", sa.String(length=80), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("person", sa.String(length=80), nullable=False),
        sa.Column("employer", sa.String(length=80), nullable=False),
        sa.Column("n", sa.Integer(), nullable=False),
        sa.Column("through", sa.Integer(), nullable=False),
        sa.Column("months", sa.Integer(), nullable=False),
        sa.Column("basis", sa.String(length=20), nullable=False),
        *fen(FIGURES),
        sa.Column("made_by", sa.String(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("source", sa.String(), nullable=False),
        sa.CheckConstraint("basis in ('standard', 'first_job', 'whole_year')", name=op.f("ck_tax_opening_basis_known")),
        sa.CheckConstraint(
            "through between 0 and 12 and months between 0 and through", name=op.f("ck_tax_opening_months_sound")
        ),
        sa.PrimaryKeyConstraint("consortium", "year", "person", "employer", "n", name=op.f("pk_tax_opening")),
    )


def downgrade() -> None:
    op.drop_table("tax_opening")
    op.drop_index(op.f("ix_withholding_consortium_person"), table_name="withholding")
    op.drop_table("withholding")
    op.drop_table("payroll")
