"""The tables of encrypted numbers, and of the keys that encrypted them (their fingerprints only)."""

from datetime import datetime

import sqlalchemy as sa
from sqlmodel import Field

from perf.storage.mapping_tables import METADATA
from perf.storage.tables import Table


class IdentityNumberRow(Table, table=True):
    """A version of one field of one subject; the newest import counts. Rewritten only when the key is changed.

    `sealed` and `search` empty: taken back. `sealed` opens only for this import, subject and field.
    """

    __tablename__ = "identity_number"
    __table_args__ = (
        sa.Index(None, "subject", "field"),
        sa.Index(None, "field", "search"),
        sa.CheckConstraint("(sealed is null) = (search is null)", name="sealed_and_found"),
    )
    import_id: int = Field(primary_key=True, sa_type=sa.BigInteger, foreign_key="import.id")
    subject: str = Field(primary_key=True, max_length=80)
    field: str = Field(primary_key=True, max_length=20)
    consortium: str = Field(max_length=80)
    sealed: bytes | None = Field(default=None, sa_type=sa.LargeBinary)
    search: str | None = Field(default=None, max_length=64)
    sheet: str
    cell: str


class CipherKeyRow(Table, table=True):
    """A key that was in use from a moment on, by its fingerprint; the last one is in use. Global: it is of no consortium."""

    __tablename__ = "cipher_key"
    n: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    fingerprint: str = Field(max_length=16)
    made_by: str
    made_at: datetime


__all__ = ["CIPHER_KEY", "IDENTITY_NUMBER", "METADATA"]
IDENTITY_NUMBER = METADATA.tables["identity_number"]
CIPHER_KEY = METADATA.tables["cipher_key"]
