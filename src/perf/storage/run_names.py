"""Runs by name, without anything of the database."""

from typing import NamedTuple

_MONTH_LENGTH = len("2025-06")


class RunName(NamedTuple):
    """A run by name, its state and whether it is sealed."""

    id: str
    consortium: str
    period: str
    number: int
    state: str
    digest: str | None

    @property
    def precedence(self) -> tuple[bool, str, bool, int]:
        """Months stand before longer periods, later before earlier, published before drafts, later drafts before."""
        return len(self.period) == _MONTH_LENGTH, self.period, self.digest is not None, self.number
