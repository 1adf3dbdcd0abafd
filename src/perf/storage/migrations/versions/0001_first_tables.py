"""the first tables"""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "audit",
        sa.Column("seq", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("consortium", sa.String(length=80), nullable=False),
        sa.Column("at", sa.String(length=40), nullable=False),
        sa.Column("actor", sa.String(), nullable=False),
        sa.Column("action", sa.String(length=40), nullable=False),
        sa.Column("target", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("details", sa.String(), nullable=False),
        sa.Column("previous", sa.String(length=64), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_audit")),
    )
    op.create_table(
        "consortium",
        sa.Column("code", sa.String(length=80), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_consortium")),
    )
    op.create_table(
        "counter",
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("value", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_counter")),
    )
    op.create_table(
        "import",
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("consortium", sa.String(length=80), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("sender", sa.String(), nullable=False),
        sa.Column("made_by", sa.String(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("counts", sa.String(), nullable=False),
        sa.Column("coverage", sa.String(), nullable=False),
        sa.Column("issues", sa.String(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.CheckConstraint("kind in ('facts', 'roster')", name=op.f("ck_import_kind_known")),
        sa.CheckConstraint("state in ('accepted', 'accepted_clean')", name=op.f("ck_import_state_known")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_import")),
    )
    with op.batch_alter_table("import", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_import_sha256_kind"), ["sha256", "kind"], unique=False)

    op.create_table(
        "journal",
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("consortium", sa.String(length=80), nullable=False),
        sa.Column("job", sa.String(length=20), nullable=False),
        sa.Column("target", sa.String(), nullable=False),
        sa.Column("actor", sa.String(), nullable=False),
        sa.Column("host", sa.String(), nullable=False),
        sa.Column("process", sa.Integer(), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("outcome", sa.String(length=20), nullable=False),
        sa.CheckConstraint(
            "outcome in ('started', 'done', 'refused', 'interrupted')", name=op.f("ck_journal_outcome_known")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_journal")),
    )
    with op.batch_alter_table("journal", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_journal_outcome"), ["outcome"], unique=False)

    op.create_table(
        "rule_text",
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("content", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_rule_text")),
    )
    op.create_table(
        "run",
        sa.Column("id", sa.String(length=100), nullable=False),
        sa.Column("consortium", sa.String(length=80), nullable=False),
        sa.Column("period", sa.String(length=7), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("engine", sa.String(), nullable=False),
        sa.Column("corrects", sa.String(), nullable=True),
        sa.Column("made_by", sa.String(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("parts", sa.String(), nullable=False),
        sa.Column("counts", sa.String(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=True),
        sa.Column("pay_month", sa.String(length=7), nullable=True),
        sa.CheckConstraint(
            "(digest is not null) = (state in ('published', 'paid', 'closed'))",
            name=op.f("ck_run_sealed_when_published"),
        ),
        sa.CheckConstraint(
            "state in ('draft', 'in_review', 'public_notice', 'approved', 'published', 'paid', 'closed')",
            name=op.f("ck_run_state_known"),
        ),
        sa.ForeignKeyConstraint(["corrects"], ["run.id"], name=op.f("fk_run_corrects_run")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_run")),
        sa.UniqueConstraint("consortium", "period", "number", name=op.f("uq_run_consortium_period_number")),
    )
    with op.batch_alter_table("run", schema=None) as batch_op:
        batch_op.create_index(
            "uq_run_one_published",
            ["consortium", "period"],
            unique=True,
            sqlite_where=sa.text("digest is not null and corrects is null"),
            postgresql_where=sa.text("digest is not null and corrects is null"),
        )

    op.create_table(
        "balance",
        sa.Column("run_id", sa.String(length=100), nullable=False),
        sa.Column("account", sa.String(), nullable=False),
        sa.Column("consortium", sa.String(length=80), nullable=False),
        sa.Column("amount_fen", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["run_id"], ["run.id"], name=op.f("fk_balance_run_id_run")),
        sa.PrimaryKeyConstraint("run_id", "account", name=op.f("pk_balance")),
    )
    op.create_table(
        "fact",
        sa.Column("import_id", sa.BigInteger(), nullable=False),
        sa.Column("n", sa.Integer(), nullable=False),
        sa.Column("consortium", sa.String(length=80), nullable=False),
        sa.Column("subject", sa.String(length=80), nullable=False),
        sa.Column("measure", sa.String(length=80), nullable=False),
        sa.Column("period", sa.String(length=7), nullable=False),
        sa.Column("item", sa.String(), nullable=False),
        sa.Column("counterparty", sa.String(), nullable=False),
        sa.Column("value", sa.String(), nullable=True),
        sa.Column("is_text", sa.Boolean(), nullable=False),
        sa.Column("withdrawn", sa.Boolean(), nullable=False),
        sa.Column("sheet", sa.String(), nullable=False),
        sa.Column("cell", sa.String(), nullable=False),
        sa.Column("sender", sa.String(), nullable=False),
        sa.CheckConstraint("(value is null) = withdrawn", name=op.f("ck_fact_withdrawn_has_no_value")),
        sa.ForeignKeyConstraint(["import_id"], ["import.id"], name=op.f("fk_fact_import_id_import")),
        sa.PrimaryKeyConstraint("import_id", "n", name=op.f("pk_fact")),
    )
    with op.batch_alter_table("fact", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_fact_consortium_period_measure"), ["consortium", "period", "measure"], unique=False
        )

    op.create_table(
        "ledger_entry",
        sa.Column("run_id", sa.String(length=100), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("consortium", sa.String(length=80), nullable=False),
        sa.Column("period", sa.String(length=7), nullable=False),
        sa.Column("distribution", sa.String(length=80), nullable=False),
        sa.Column("owner", sa.String(length=80), nullable=False),
        sa.Column("step", sa.String(), nullable=False),
        sa.Column("line", sa.String(), nullable=False),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("target", sa.String(), nullable=False),
        sa.Column("amount_fen", sa.BigInteger(), nullable=False),
        sa.Column("explanation", sa.String(), nullable=False),
        sa.Column("explanation_en", sa.String(), nullable=False),
        sa.Column("claimant", sa.String(length=80), nullable=False),
        sa.Column("odd_fen", sa.Integer(), nullable=False),
        sa.Column("status", sa.String(length=20), nullable=False),
        sa.CheckConstraint("amount_fen >= 0", name=op.f("ck_ledger_entry_amount_not_negative")),
        sa.CheckConstraint("source <> target", name=op.f("ck_ledger_entry_two_accounts")),
        sa.ForeignKeyConstraint(["run_id"], ["run.id"], name=op.f("fk_ledger_entry_run_id_run")),
        sa.PrimaryKeyConstraint("run_id", "number", name=op.f("pk_ledger_entry")),
    )
    with op.batch_alter_table("ledger_entry", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_ledger_entry_run_id_target"), ["run_id", "target"], unique=False)

    op.create_table(
        "run_document",
        sa.Column("run_id", sa.String(length=100), nullable=False),
        sa.Column("subject", sa.String(length=80), nullable=False),
        sa.Column("consortium", sa.String(length=80), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["run_id"], ["run.id"], name=op.f("fk_run_document_run_id_run")),
        sa.PrimaryKeyConstraint("run_id", "subject", name=op.f("pk_run_document")),
    )
    op.create_table(
        "run_pin",
        sa.Column("run_id", sa.String(length=100), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("consortium", sa.String(length=80), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=True),
        sa.ForeignKeyConstraint(["run_id"], ["run.id"], name=op.f("fk_run_pin_run_id_run")),
        sa.PrimaryKeyConstraint("run_id", "kind", "name", name=op.f("pk_run_pin")),
    )
    op.create_table(
        "run_step",
        sa.Column("run_id", sa.String(length=100), nullable=False),
        sa.Column("n", sa.Integer(), nullable=False),
        sa.Column("consortium", sa.String(length=80), nullable=False),
        sa.Column("state_from", sa.String(length=20), nullable=False),
        sa.Column("state_to", sa.String(length=20), nullable=False),
        sa.Column("made_by", sa.String(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["run_id"], ["run.id"], name=op.f("fk_run_step_run_id_run")),
        sa.PrimaryKeyConstraint("run_id", "n", name=op.f("pk_run_step")),
    )
    op.create_table(
        "scorecard_row",
        sa.Column("run_id", sa.String(length=100), nullable=False),
        sa.Column("n", sa.Integer(), nullable=False),
        sa.Column("consortium", sa.String(length=80), nullable=False),
        sa.Column("scheme", sa.String(length=80), nullable=False),
        sa.Column("subject", sa.String(length=80), nullable=False),
        sa.Column("period", sa.String(length=7), nullable=False),
        sa.Column("type", sa.String(length=10), nullable=False),
        sa.Column("item", sa.String(length=80), nullable=False),
        sa.Column("parent", sa.String(length=80), nullable=False),
        sa.Column("value", sa.String(), nullable=True),
        sa.Column("points_scaled", sa.BigInteger(), nullable=True),
        sa.Column("points_digits", sa.Integer(), nullable=True),
        sa.Column("points_exact", sa.String(), nullable=True),
        sa.Column("weight", sa.String(), nullable=True),
        sa.Column("score_scaled", sa.BigInteger(), nullable=True),
        sa.Column("score_digits", sa.Integer(), nullable=True),
        sa.Column("score_exact", sa.String(), nullable=True),
        sa.Column("grade", sa.String(), nullable=False),
        sa.Column("rank", sa.Integer(), nullable=True),
        sa.Column("rank_of", sa.Integer(), nullable=True),
        sa.Column("coefficient_scaled", sa.BigInteger(), nullable=True),
        sa.Column("coefficient_digits", sa.Integer(), nullable=True),
        sa.Column("coefficient_exact", sa.String(), nullable=True),
        sa.Column("status", sa.String(length=20), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.CheckConstraint(
            "(coefficient_scaled is null) = (coefficient_digits is null) and (coefficient_scaled is null or coefficient_exact is null)",
            name=op.f("ck_scorecard_row_coefficient_one_form"),
        ),
        sa.CheckConstraint(
            "(points_scaled is null) = (points_digits is null) and (points_scaled is null or points_exact is null)",
            name=op.f("ck_scorecard_row_points_one_form"),
        ),
        sa.CheckConstraint(
            "(score_scaled is null) = (score_digits is null) and (score_scaled is null or score_exact is null)",
            name=op.f("ck_scorecard_row_score_one_form"),
        ),
        sa.ForeignKeyConstraint(["run_id"], ["run.id"], name=op.f("fk_scorecard_row_run_id_run")),
        sa.PrimaryKeyConstraint("run_id", "n", name=op.f("pk_scorecard_row")),
    )
    with op.batch_alter_table("scorecard_row", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_scorecard_row_run_id_subject"), ["run_id", "subject"], unique=False)

    op.create_table(
        "segment",
        sa.Column("import_id", sa.BigInteger(), nullable=False),
        sa.Column("n", sa.Integer(), nullable=False),
        sa.Column("consortium", sa.String(length=80), nullable=False),
        sa.Column("subject", sa.String(length=80), nullable=False),
        sa.Column("level", sa.String(length=20), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("parent", sa.String(length=80), nullable=False),
        sa.Column("first_day", sa.Date(), nullable=False),
        sa.Column("last_day", sa.Date(), nullable=False),
        sa.Column("attributes", sa.String(), nullable=False),
        sa.Column("withdrawn", sa.Boolean(), nullable=False),
        sa.Column("sheet", sa.String(), nullable=False),
        sa.Column("cell", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["import_id"], ["import.id"], name=op.f("fk_segment_import_id_import")),
        sa.PrimaryKeyConstraint("import_id", "n", name=op.f("pk_segment")),
    )
    with op.batch_alter_table("segment", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_segment_consortium"), ["consortium"], unique=False)
        batch_op.create_index(batch_op.f("ix_segment_subject"), ["subject"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("segment", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_segment_subject"))
        batch_op.drop_index(batch_op.f("ix_segment_consortium"))

    op.drop_table("segment")
    with op.batch_alter_table("scorecard_row", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_scorecard_row_run_id_subject"))

    op.drop_table("scorecard_row")
    op.drop_table("run_step")
    op.drop_table("run_pin")
    op.drop_table("run_document")
    with op.batch_alter_table("ledger_entry", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_ledger_entry_run_id_target"))

    op.drop_table("ledger_entry")
    with op.batch_alter_table("fact", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_fact_consortium_period_measure"))

    op.drop_table("fact")
    op.drop_table("balance")
    with op.batch_alter_table("run", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_run_one_published",
            sqlite_where=sa.text("digest is not null and corrects is null"),
            postgresql_where=sa.text("digest is not null and corrects is null"),
        )

    op.drop_table("run")
    op.drop_table("rule_text")
    with op.batch_alter_table("journal", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_journal_outcome"))

    op.drop_table("journal")
    with op.batch_alter_table("import", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_import_sha256_kind"))

    op.drop_table("import")
    op.drop_table("counter")
    op.drop_table("consortium")
    op.drop_table("audit")
