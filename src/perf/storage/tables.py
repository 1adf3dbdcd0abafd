"""The tables. Their rows never leave `perf.storage`; amounts are BIGINT fen, no column is a float or a decimal."""

from datetime import date, datetime
from typing import Any, ClassVar

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}
SEALED_STATES = ("published", "paid", "closed")
METADATA = sa.MetaData(naming_convention=NAMING)


class Table(SQLModel):
    """What all tables share: our own metadata, with every constraint named."""

    metadata: ClassVar[sa.MetaData] = METADATA


class CounterRow(Table, table=True):
    """Running numbers. Global: the audit chain and the numbers of imports run over all consortia."""

    __tablename__ = "counter"
    name: str = Field(primary_key=True, max_length=120)
    value: int = Field(sa_type=sa.BigInteger)


class ConsortiumRow(Table, table=True):
    """A consortium, known from the roster."""

    __tablename__ = "consortium"
    code: str = Field(primary_key=True, max_length=80)
    title: str


class ImportRow(Table, table=True):
    """An accepted file: who sent it, who took it, its bytes. `consortium` is `*` where it concerns several."""

    __tablename__ = "import"
    __table_args__ = (
        sa.Index(None, "sha256", "kind"),
        sa.CheckConstraint("kind in ('facts', 'roster')", name="kind_known"),
        sa.CheckConstraint("state in ('accepted', 'accepted_clean')", name="state_known"),
    )
    id: int = Field(primary_key=True, sa_type=sa.BigInteger, sa_column_kwargs={"autoincrement": False})
    consortium: str = Field(max_length=80)
    kind: str = Field(max_length=10)
    name: str
    sha256: str = Field(max_length=64)
    sender: str
    made_by: str
    made_at: datetime
    state: str = Field(max_length=20)
    reason: str
    counts: str
    coverage: str
    issues: str
    content: bytes = Field(sa_type=sa.LargeBinary)


class FactRow(Table, table=True):
    """A version of a fact; the newest import that has the key counts. Never updated, never deleted."""

    __tablename__ = "fact"
    __table_args__ = (
        sa.Index(None, "consortium", "period", "measure"),
        sa.CheckConstraint("(value is null) = withdrawn", name="withdrawn_has_no_value"),
    )
    import_id: int = Field(primary_key=True, sa_type=sa.BigInteger, foreign_key="import.id")
    n: int = Field(primary_key=True)
    consortium: str = Field(max_length=80)
    subject: str = Field(max_length=80)
    measure: str = Field(max_length=80)
    period: str = Field(max_length=7)
    item: str
    counterparty: str
    value: str | None
    is_text: bool
    withdrawn: bool
    sheet: str
    cell: str
    sender: str


class SegmentRow(Table, table=True):
    """A version of a dated segment of a subject; its key is subject, parent, first day and post."""

    __tablename__ = "segment"
    __table_args__ = (sa.Index(None, "consortium"), sa.Index(None, "subject"))
    import_id: int = Field(primary_key=True, sa_type=sa.BigInteger, foreign_key="import.id")
    n: int = Field(primary_key=True)
    consortium: str = Field(max_length=80)
    subject: str = Field(max_length=80)
    level: str = Field(max_length=20)
    kind: str
    parent: str = Field(max_length=80)
    first_day: date
    last_day: date
    attributes: str
    withdrawn: bool
    sheet: str
    cell: str


class RuleTextRow(Table, table=True):
    """A rule file by content. Global: a text is the same text for everybody and holds nobody's figures."""

    __tablename__ = "rule_text"
    digest: str = Field(primary_key=True, max_length=64)
    content: str


class RunRow(Table, table=True):
    """A run: scorecards and ledger of one consortium and period, from pinned inputs."""

    __tablename__ = "run"
    __table_args__ = (
        sa.UniqueConstraint("consortium", "period", "number"),
        sa.CheckConstraint(
            "state in ('draft', 'in_review', 'public_notice', 'approved', 'published', 'paid', 'closed')",
            name="state_known",
        ),
        sa.CheckConstraint(
            "(digest is not null) = (state in ('published', 'paid', 'closed'))", name="sealed_when_published"
        ),
        sa.Index(
            "uq_run_one_published",
            "consortium",
            "period",
            unique=True,
            sqlite_where=sa.text("digest is not null and corrects is null"),
            postgresql_where=sa.text("digest is not null and corrects is null"),
        ),
    )
    id: str = Field(primary_key=True, max_length=100)
    consortium: str = Field(max_length=80)
    period: str = Field(max_length=7)
    number: int
    state: str = Field(max_length=20)
    engine: str
    corrects: str | None = Field(default=None, foreign_key="run.id")
    made_by: str
    made_at: datetime
    reason: str
    parts: str
    counts: str
    digest: str | None = Field(default=None, max_length=64)
    pay_month: str | None = Field(default=None, max_length=7)


class RunStepRow(Table, table=True):
    """One change of a run's state."""

    __tablename__ = "run_step"
    run_id: str = Field(primary_key=True, foreign_key="run.id", max_length=100)
    n: int = Field(primary_key=True)
    consortium: str = Field(max_length=80)
    state_from: str = Field(max_length=20)
    state_to: str = Field(max_length=20)
    made_by: str
    made_at: datetime
    reason: str


class RunPinRow(Table, table=True):
    """An input of a run as it was: facts, roster, what earlier runs left, and the digest of every rule file."""

    __tablename__ = "run_pin"
    run_id: str = Field(primary_key=True, foreign_key="run.id", max_length=100)
    kind: str = Field(primary_key=True, max_length=10)
    name: str = Field(primary_key=True)
    consortium: str = Field(max_length=80)
    digest: str = Field(max_length=64)
    content: bytes | None = Field(default=None, sa_type=sa.LargeBinary)


def _figure_checks(*names: str) -> tuple[Any, ...]:
    """A figure is a scaled integer with its digits, or an exact fraction as text, or nothing."""
    return tuple(
        sa.CheckConstraint(
            f"({name}_scaled is null) = ({name}_digits is null) and ({name}_scaled is null or {name}_exact is null)",
            name=f"{name}_one_form",
        )
        for name in names
    )


class ScorecardRow(Table, table=True):
    """One row of a scorecard: indicator, dimension or total."""

    __tablename__ = "scorecard_row"
    __table_args__ = (*_figure_checks("points", "score", "coefficient"), sa.Index(None, "run_id", "subject"))
    run_id: str = Field(primary_key=True, foreign_key="run.id", max_length=100)
    n: int = Field(primary_key=True)
    consortium: str = Field(max_length=80)
    scheme: str = Field(max_length=80)
    subject: str = Field(max_length=80)
    period: str = Field(max_length=7)
    type: str = Field(max_length=10)
    item: str = Field(max_length=80)
    parent: str = Field(max_length=80)
    value: str | None
    points_scaled: int | None = Field(sa_type=sa.BigInteger)
    points_digits: int | None
    points_exact: str | None
    weight: str | None
    score_scaled: int | None = Field(sa_type=sa.BigInteger)
    score_digits: int | None
    score_exact: str | None
    grade: str
    rank: int | None
    rank_of: int | None
    coefficient_scaled: int | None = Field(sa_type=sa.BigInteger)
    coefficient_digits: int | None
    coefficient_exact: str | None
    status: str = Field(max_length=20)
    reason: str


class LedgerEntryRow(Table, table=True):
    """One entry of a run's ledger, from one account to another; never negative."""

    __tablename__ = "ledger_entry"
    __table_args__ = (
        sa.CheckConstraint("amount_fen >= 0", name="amount_not_negative"),
        sa.CheckConstraint("source <> target", name="two_accounts"),
        sa.Index(None, "run_id", "target"),
    )
    run_id: str = Field(primary_key=True, foreign_key="run.id", max_length=100)
    number: int = Field(primary_key=True)
    consortium: str = Field(max_length=80)
    period: str = Field(max_length=7)
    distribution: str = Field(max_length=80)
    owner: str = Field(max_length=80)
    step: str
    line: str
    source: str
    target: str
    amount_fen: int = Field(sa_type=sa.BigInteger)
    explanation: str
    explanation_en: str
    claimant: str = Field(max_length=80)
    odd_fen: int
    status: str = Field(max_length=20)


class BalanceRow(Table, table=True):
    """The closing balance of an account in a run."""

    __tablename__ = "balance"
    run_id: str = Field(primary_key=True, foreign_key="run.id", max_length=100)
    account: str = Field(primary_key=True)
    consortium: str = Field(max_length=80)
    amount_fen: int = Field(sa_type=sa.BigInteger)


class RunDocumentRow(Table, table=True):
    """All that a run says about one subject, explained: compressed canonical JSON. No subject: the run itself."""

    __tablename__ = "run_document"
    run_id: str = Field(primary_key=True, foreign_key="run.id", max_length=100)
    subject: str = Field(primary_key=True, max_length=80)
    consortium: str = Field(max_length=80)
    digest: str = Field(max_length=64)
    content: bytes = Field(sa_type=sa.LargeBinary)


ADJUSTMENT_KEY = ["consortium", "period", "number"]
SHEET_KEY = ["consortium", "period", "scheme", "kind", "number"]


class ScoreSheetRow(Table, table=True):
    """Many subjects scored at once under one scheme: inputs and results as packed columns, in the order of `subjects`.

    `kind`: `files` or `run`; `origin`: the run it was made from, or `files`; `rules`: names and digests of the rule files as JSON;
    `tiers`: how many figures each tier settled.
    """

    __tablename__ = "score_sheet"
    __table_args__ = (sa.CheckConstraint("kind in ('files', 'run')", name="kind_known"),)
    consortium: str = Field(primary_key=True, max_length=80)
    period: str = Field(primary_key=True, max_length=7)
    scheme: str = Field(primary_key=True, max_length=80)
    kind: str = Field(primary_key=True, max_length=10)
    number: int = Field(primary_key=True)
    origin: str = Field(max_length=100)
    engine: str
    rules: str
    subjects: int
    tiers: str
    made_by: str
    made_at: datetime
    inputs_digest: str = Field(max_length=64)
    results_digest: str = Field(max_length=64)
    inputs: bytes = Field(sa_type=sa.LargeBinary)
    results: bytes = Field(sa_type=sa.LargeBinary)


class ScoreTotalRow(Table, table=True):
    """The declared total of one subject of a score sheet, for queries."""

    __tablename__ = "score_total"
    __table_args__ = (
        sa.ForeignKeyConstraint(
            SHEET_KEY,
            [f"score_sheet.{name}" for name in SHEET_KEY],
            name="fk_score_total_score_sheet",
        ),
        *(
            sa.CheckConstraint(f"({name}_scaled is null) = ({name}_digits is null)", name=f"{name}_one_form")
            for name in ("total", "coefficient")
        ),
    )
    consortium: str = Field(primary_key=True, max_length=80)
    period: str = Field(primary_key=True, max_length=7)
    scheme: str = Field(primary_key=True, max_length=80)
    kind: str = Field(primary_key=True, max_length=10)
    number: int = Field(primary_key=True)
    subject: str = Field(primary_key=True, max_length=80)
    total_scaled: int | None = Field(sa_type=sa.BigInteger)
    total_digits: int | None
    grade: str
    rank: int | None
    rank_of: int | None
    coefficient_scaled: int | None = Field(sa_type=sa.BigInteger)
    coefficient_digits: int | None
    status: str = Field(max_length=20)
    reason: str


class AdjustmentRow(Table, table=True):
    """A change of one person's pay, entered by somebody or left by a correction. Never updated, never deleted.

    `number`: within consortium and period; `amount_fen` empty: all there is; `at_most`: share of the pay, exact text.
    """

    __tablename__ = "adjustment"
    __table_args__ = (
        sa.CheckConstraint(
            "kind in ('pay', 'deduct', 'hold', 'stop', 'release', 'return', 'collect', 'write_off')",
            name="kind_known",
        ),
        sa.CheckConstraint(
            "(amount_fen is not null or kind in ('hold', 'stop', 'release', 'collect', 'write_off'))"
            " and (amount_fen is null or amount_fen > 0)",
            name="amount_given",
        ),
        sa.CheckConstraint("reason <> '' and entered_by <> '' and line <> ''", name="told"),
        sa.Index(None, "consortium", "subject"),
    )
    consortium: str = Field(primary_key=True, max_length=80)
    period: str = Field(primary_key=True, max_length=7)
    number: int = Field(primary_key=True)
    kind: str = Field(max_length=10)
    subject: str = Field(max_length=80)
    amount_fen: int | None = Field(sa_type=sa.BigInteger)
    line: str
    account: str
    reason: str
    document: str
    at_most: str
    entered_by: str
    entered_at: datetime
    source: str


class AdjustmentWithdrawalRow(Table, table=True):
    """An adjustment that is not to be booked any more: who withdrew it, when, why."""

    __tablename__ = "adjustment_withdrawal"
    __table_args__ = (
        sa.ForeignKeyConstraint(
            ADJUSTMENT_KEY,
            [f"adjustment.{name}" for name in ADJUSTMENT_KEY],
            name="fk_adjustment_withdrawal_adjustment",
        ),
        sa.CheckConstraint("reason <> '' and withdrawn_by <> ''", name="told"),
    )
    consortium: str = Field(primary_key=True, max_length=80)
    period: str = Field(primary_key=True, max_length=7)
    number: int = Field(primary_key=True)
    withdrawn_by: str
    withdrawn_at: datetime
    reason: str


class AuditRow(Table, table=True):
    """One thing that was done; each entry holds the hash of the one before it."""

    __tablename__ = "audit"
    seq: int = Field(primary_key=True, sa_type=sa.BigInteger, sa_column_kwargs={"autoincrement": False})
    consortium: str = Field(max_length=80)
    at: str = Field(max_length=40)
    actor: str
    action: str = Field(max_length=40)
    target: str
    reason: str
    details: str
    previous: str = Field(max_length=64)
    hash: str = Field(max_length=64)


class JournalRow(Table, table=True):
    """A job of several steps, written down before it starts, so that a kill is seen afterwards."""

    __tablename__ = "journal"
    __table_args__ = (
        sa.CheckConstraint("outcome in ('started', 'done', 'refused', 'interrupted')", name="outcome_known"),
        sa.Index(None, "outcome"),
    )
    id: int = Field(primary_key=True, sa_type=sa.BigInteger, sa_column_kwargs={"autoincrement": False})
    consortium: str = Field(max_length=80)
    job: str = Field(max_length=20)
    target: str
    actor: str
    host: str
    process: int
    started_at: datetime
    finished_at: datetime | None = None
    outcome: str = Field(max_length=20)


COUNTER, CONSORTIUM, IMPORT, FACT, SEGMENT, RULE_TEXT, RUN, RUN_STEP, RUN_PIN = (
    METADATA.tables[name]
    for name in ("counter", "consortium", "import", "fact", "segment", "rule_text", "run", "run_step", "run_pin")
)
SCORE_SHEET, SCORE_TOTAL = METADATA.tables["score_sheet"], METADATA.tables["score_total"]
ADJUSTMENT, WITHDRAWAL = METADATA.tables["adjustment"], METADATA.tables["adjustment_withdrawal"]
SCORECARD, LEDGER, BALANCE, DOCUMENT, AUDIT, JOURNAL = (
    METADATA.tables[name] for name in ("scorecard_row", "ledger_entry", "balance", "run_document", "audit", "journal")
)
