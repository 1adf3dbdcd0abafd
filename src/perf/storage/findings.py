"""What a check of stored things found: the table, the key, and what is the matter. Never a figure of pay."""

from dataclasses import dataclass
from typing import Literal

Matter = Literal["changed", "missing", "added", "not after the entry before it", "differs when computed again"]


@dataclass(frozen=True, slots=True, order=True)
class Finding:
    """One difference between what was sealed and what is there."""

    table: str
    key: str
    matter: Matter

    def __str__(self) -> str:
        return f"{self.table} [{self.key}]: {self.matter}"
