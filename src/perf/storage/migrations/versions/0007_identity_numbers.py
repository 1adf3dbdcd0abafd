"""identity numbers: encrypted numbers of people and institutions, and the keys in use

Revision ID: 0007
Revises: 0006
"""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "cipher_key",
        sa.Column("n", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("fingerprint", sa.String(length=16), nullable=False),
        sa.Column("made_by", sa.String(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("n", name=op.f("pk_cipher_key")),
    )
    op.create_table(
        "identity_number",
        sa.Column("import_id", sa.BigInteger(), nullable=False),
        sa.Column("subject", sa.String(length=80), nullable=False),
        sa.Column("field", sa.String(length=20), nullable=False),
        sa.Column("consortium", sa.String(length=80), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=True),
        sa.Column("search", sa.String(length=64), nullable=True),
        sa.Column("sheet", sa.String(), nullable=False),
        sa.Column("cell", sa.String(), nullable=False),
        sa.CheckConstraint("(sealed is null) = (search is null)", name=op.f("ck_identity_number_sealed_and_found")),
        sa.ForeignKeyConstraint(["import_id"], ["import.id"], name=op.f("fk_identity_number_import_id_import")),
        sa.PrimaryKeyConstraint("import_id", "subject", "field", name=op.f("pk_identity_number")),
    )
    op.create_index(op.f("ix_identity_number_field_search"), "identity_number", ["field", "search"])
    op.create_index(op.f("ix_identity_number_subject_field"), "identity_number", ["subject", "field"])


def downgrade() -> None:
    op.drop_table("identity_number")
    op.drop_table("cipher_key")
