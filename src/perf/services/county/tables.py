"""The demonstration's readable CSV: institutions, clinics, posts, names, magnitudes, seasons, stories."""

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import blake2b
from pathlib import Path

from perf.kernel.periods import Period, parse_period

Row = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class CountyTables:
    """The CSV as rows, in the order of the files."""

    institutions: tuple[Row, ...]
    clinics: tuple[Row, ...]
    posts: tuple[Row, ...]
    names: Mapping[str, tuple[str, ...]]
    magnitudes: Mapping[tuple[str, str], tuple[int, int, int]]
    seasons: Mapping[str, tuple[int, ...]]
    events: tuple[Row, ...]
    fund: tuple[Row, ...]

    @property
    def consortia(self) -> list[Row]:
        """The consortia."""
        return [row for row in self.institutions if row["kind"] == "consortium"]

    def members(self, consortium: str) -> list[Row]:
        """The hospitals and township hospitals of a consortium."""
        return [row for row in self.institutions if row["parent"] == consortium]

    def clinics_of(self, consortium: str) -> list[Row]:
        """The village clinics of a consortium."""
        towns = {row["code"] for row in self.members(consortium)}
        return [row for row in self.clinics if row["township"] in towns]


def read_tables(folder: Path) -> CountyTables:
    """Read `*.csv` of the demonstration county."""
    names = {row["part"]: tuple(row["texts"].split()) for row in _rows(folder / "names.csv")}
    magnitudes = {
        (row["measure"], row["kind"]): (
            int(row["base"]),
            int(row["spread_per_mille"]),
            int(row["growth_2025_per_mille"]),
        )
        for row in _rows(folder / "magnitudes.csv")
    }
    seasons = {
        row["group"]: tuple(int(row[f"m{month:02d}"]) for month in range(1, 13))
        for row in _rows(folder / "seasons.csv")
    }
    return CountyTables(
        institutions=_rows(folder / "institutions.csv"),
        clinics=_rows(folder / "clinics.csv"),
        posts=_rows(folder / "posts.csv"),
        names=names,
        magnitudes=magnitudes,
        seasons=seasons,
        events=_rows(folder / "events.csv"),
        fund=_rows(folder / "fund.csv"),
    )


def _rows(path: Path) -> tuple[Row, ...]:
    with path.open(encoding="utf-8", newline="") as file:
        return tuple(csv.DictReader(file))


def draw(*key: object, below: int) -> int:
    """A number from 0 to `below` − 1 that depends on the key alone: the same on every machine and in every order."""
    digest = blake2b("|".join(map(str, key)).encode(), digest_size=8).digest()
    return int.from_bytes(digest, "big") % below


def wobble(amount: int, per_mille: int, *key: object) -> int:
    """`amount` up or down by at most `per_mille`."""
    if not per_mille:
        return amount
    return amount * (1000 - per_mille + draw(*key, below=2 * per_mille + 1)) // 1000


MONTHS: tuple[Period, ...] = tuple(parse_period("2024-01").shift(n) for n in range(18))
YEARS: tuple[Period, ...] = (parse_period("2023"), parse_period("2024"), parse_period("2025"))
