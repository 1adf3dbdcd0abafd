"""What reading a roster workbook gives, as the import needs it."""

from collections.abc import Sequence
from typing import Protocol

from perf.kernel.issues import Issue
from perf.kernel.subjects import Segment


class RosterReading(Protocol):
    """A roster workbook that was read."""

    @property
    def name(self) -> str:
        """File name, without folders."""
        ...

    @property
    def sha256(self) -> str:
        """Digest of the bytes."""
        ...

    @property
    def segments(self) -> Sequence[Segment]:
        """The dated segments that were read."""
        ...

    @property
    def issues(self) -> Sequence[Issue]:
        """Every problem with its cell."""
        ...
