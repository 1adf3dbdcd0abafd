"""The tables of payroll: accepted payrolls, what each withheld of whom, tax records brought from elsewhere."""

from datetime import datetime

import sqlalchemy as sa
from sqlmodel import Field

from perf.storage.tables import METADATA, Table


class PayrollRow(Table, table=True):
    """An accepted payroll of a consortium and month of payment; only its withdrawal is ever added to it."""

    __tablename__ = "payroll"
    __table_args__ = (
        sa.UniqueConstraint("consortium", "pay_month", "number"),
        sa.CheckConstraint(
            "(withdrawn_at is null) = (withdrawn_by is null) and (withdrawn_at is null) = (withdrawn_reason is null)",
            name="withdrawn_whole",
        ),
    )
    id: str = Field(primary_key=True, max_length=100)
    consortium: str = Field(max_length=80)
    pay_month: str = Field(max_length=7)
    number: int
    runs: str
    rule: str = Field(max_length=80)
    version: str = Field(max_length=20)
    rule_digest: str = Field(max_length=64)
    engine: str
    made_by: str
    made_at: datetime
    reason: str
    digest: str = Field(max_length=64)
    withdrawn_by: str | None = None
    withdrawn_at: datetime | None = None
    withdrawn_reason: str | None = None


class WithholdingRow(Table, table=True):
    """What an accepted payroll paid and withheld of one person, in fen; `content`: lines and working, compressed JSON."""

    __tablename__ = "withholding"
    __table_args__ = (
        sa.CheckConstraint("net_fen = gross_fen - deductions_fen - tax_fen", name="adds_up"),
        sa.CheckConstraint("net_fen >= 0 and tax_fen >= 0", name="not_negative"),
        sa.Index(None, "consortium", "person"),
    )
    payroll_id: str = Field(primary_key=True, foreign_key="payroll.id", max_length=100)
    person: str = Field(primary_key=True, max_length=80)
    consortium: str = Field(max_length=80)
    employer: str = Field(max_length=80)
    gross_fen: int = Field(sa_type=sa.BigInteger)
    deductions_fen: int = Field(sa_type=sa.BigInteger)
    tax_fen: int = Field(sa_type=sa.BigInteger)
    net_fen: int = Field(sa_type=sa.BigInteger)
    income_fen: int = Field(sa_type=sa.BigInteger)
    tax_free_fen: int = Field(sa_type=sa.BigInteger)
    contributions_fen: int = Field(sa_type=sa.BigInteger)
    other_fen: int = Field(sa_type=sa.BigInteger)
    income_tax_fen: int = Field(sa_type=sa.BigInteger)
    bonus_fen: int = Field(sa_type=sa.BigInteger)
    bonus_tax_fen: int = Field(sa_type=sa.BigInteger)
    content: bytes = Field(sa_type=sa.LargeBinary)


class TaxOpeningRow(Table, table=True):
    """A version of a tax record of a person, employer and year; the newest counts. Never updated, never deleted."""

    __tablename__ = "tax_opening"
    __table_args__ = (
        sa.CheckConstraint("basis in ('standard', 'first_job', 'whole_year')", name="basis_known"),
        sa.CheckConstraint("through between 0 and 12 and months between 0 and through", name="months_sound"),
    )
    consortium: str = Field(primary_key=True, max_length=80)
    year: int = Field(primary_key=True)
    person: str = Field(primary_key=True, max_length=80)
    employer: str = Field(primary_key=True, max_length=80)
    n: int = Field(primary_key=True)
    through: int
    months: int
    basis: str = Field(max_length=20)
    income_fen: int = Field(sa_type=sa.BigInteger)
    tax_free_fen: int = Field(sa_type=sa.BigInteger)
    contributions_fen: int = Field(sa_type=sa.BigInteger)
    special_fen: int = Field(sa_type=sa.BigInteger)
    other_fen: int = Field(sa_type=sa.BigInteger)
    relief_fen: int = Field(sa_type=sa.BigInteger)
    withheld_fen: int = Field(sa_type=sa.BigInteger)
    made_by: str
    made_at: datetime
    source: str


__all__ = ["METADATA", "PAYROLL", "TAX_OPENING", "WITHHOLDING"]
PAYROLL, WITHHOLDING, TAX_OPENING = (METADATA.tables[name] for name in ("payroll", "withholding", "tax_opening"))
