"""kinds of score sheets

Revision ID: 0003
Revises: 0002
"""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

TABLES = ("score_total", "score_sheet")
OLD_KEY = ["consortium", "period", "scheme", "number"]
KEY = ["consortium", "period", "scheme", "kind", "number"]
PARENT = "fk_score_total_score_sheet"
KIND_KNOWN = "ck_score_sheet_kind_known"


def upgrade() -> None:
    for table in TABLES:
        op.add_column(table, sa.Column("kind", sa.String(length=10), nullable=False, server_default="run"))
    op.execute("update score_sheet set kind = 'files' where origin = 'files'")
    op.execute(
        "update score_total set kind = 'files' where exists (select 1 from score_sheet s where s.origin = 'files'"
        " and s.consortium = score_total.consortium and s.period = score_total.period"
        " and s.scheme = score_total.scheme and s.number = score_total.number)"
    )
    _keyed(KEY)
    op.execute("delete from counter where name like 'sheet %'")
    op.execute(
        "insert into counter (name, value)"
        " select 'sheet ' || kind || ' ' || consortium || ':' || period || ':' || scheme, max(number)"
        " from score_sheet group by kind, consortium, period, scheme"
    )


def downgrade() -> None:
    op.execute("delete from score_total where kind = 'run'")  # made from runs when asked for; they are made again
    op.execute("delete from score_sheet where kind = 'run'")
    _keyed(OLD_KEY)
    op.execute("delete from counter where name like 'sheet %'")
    op.execute(
        "insert into counter (name, value)"
        " select 'sheet ' || consortium || ':' || period || ':' || scheme, max(number)"
        " from score_sheet group by consortium, period, scheme"
    )


def _keyed(key: list[str]) -> None:
    """Give both tables `key` as what tells their rows apart, with the column `kind` or without it."""
    with_kind = "kind" in key
    with op.batch_alter_table("score_total") as batch_op:
        batch_op.drop_constraint(op.f(PARENT), type_="foreignkey")
        batch_op.drop_constraint(op.f("pk_score_total"), type_="primary")
        if not with_kind:
            batch_op.drop_column("kind")
        else:
            batch_op.alter_column("kind", server_default=None)
        batch_op.create_primary_key(op.f("pk_score_total"), [*key, "subject"])
    with op.batch_alter_table("score_sheet") as batch_op:
        if not with_kind:
            batch_op.drop_constraint(op.f(KIND_KNOWN), type_="check")
        batch_op.drop_constraint(op.f("pk_score_sheet"), type_="primary")
        if not with_kind:
            batch_op.drop_column("kind")
        else:
            batch_op.alter_column("kind", server_default=None)
            batch_op.create_check_constraint(op.f(KIND_KNOWN), "kind in ('files', 'run')")
        batch_op.create_primary_key(op.f("pk_score_sheet"), key)
    with op.batch_alter_table("score_total") as batch_op:
        batch_op.create_foreign_key(op.f(PARENT), "score_sheet", key, key)
