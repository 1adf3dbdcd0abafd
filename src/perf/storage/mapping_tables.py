"""The table of remembered headers."""

from datetime import datetime

import sqlalchemy as sa
from sqlmodel import Field

from perf.storage.payroll_tables import METADATA
from perf.storage.tables import Table


class HeaderMappingRow(Table, table=True):
    """A version of what a header of a sender's layout means; the newest counts, an empty target takes it back.

    Never updated, never deleted. `layout` is the digest of `headers`, a JSON list of all headers of the table.
    """

    __tablename__ = "header_mapping"
    consortium: str = Field(primary_key=True, max_length=80)
    sender: str = Field(primary_key=True)
    layout: str = Field(primary_key=True, max_length=64)
    header: str = Field(primary_key=True)
    n: int = Field(primary_key=True)
    target: str = Field(max_length=80)
    headers: str
    import_id: int | None = Field(default=None, sa_type=sa.BigInteger, foreign_key="import.id")
    decided_by: str
    decided_at: datetime


__all__ = ["HEADER_MAPPING", "METADATA"]
HEADER_MAPPING = METADATA.tables["header_mapping"]
