"""The county's CSV: institutions, clinics, posts, magnitudes, seasons, stories."""

import csv
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path

from perf.kernel.periods import Period, parse_period

Cell = int | Decimal | str
FIRST_MONTH = Period(2024, "month", 1)
LAST_MONTH = Period(2025, "month", 6)


@dataclass(frozen=True, slots=True)
class Institution:
    """A row of institutions.csv; of a consortium only code, name and monthly pool count.

    Args:
        vigour: How much better or worse than its like it does, in thousandths, so that some thrive and some struggle.
    """

    code: str
    name: str
    kind: str
    tier: str
    parent: str
    staff: int
    population: int
    beds: int
    pool_yuan: int
    short: str
    vigour: int = 0

    @property
    def is_town(self) -> bool:
        """Whether it is a township hospital."""
        return self.tier == "town"


@dataclass(frozen=True, slots=True)
class Clinic:
    """A village clinic; its doctors stand on the roster of `township`."""

    code: str
    name: str
    township: str
    doctors: int
    population: int


@dataclass(frozen=True, slots=True)
class Post:
    """A post of a kind of institution and how many of a thousand people hold it."""

    kind: str
    department: str
    post: str
    title: str
    category: str
    pay_group: str
    coefficient: str
    per_mille: int


@dataclass(frozen=True, slots=True)
class Magnitude:
    """A base level with its spread over institutions and its growth from 2024 to 2025, in thousandths."""

    base: int
    spread: int
    growth: int


@dataclass(frozen=True, slots=True)
class Story:
    """Something that happens to one institution from month to month: `set` a figure, `scale` it, or leave it `missing`."""

    story: str
    subject: str
    first: Period
    last: Period
    measure: str
    value: str


@dataclass(frozen=True, slots=True)
class Fund:
    """A consortium's insurance fund in one year, in 万元."""

    consortium: str
    year: int
    financing: Decimal
    serious_illness: Decimal
    spending: Decimal


@dataclass(frozen=True, slots=True)
class Package:
    """A consortium's insurance package in one year: 万元 added in mid-year and why, how the use of the fund was appraised.

    Args:
        per_head: Yuan of an insured head, where the package is paid by heads.
        growth: Of the members' claims over 2024, in thousandths.
    """

    consortium: str
    year: int
    adjustment: Decimal
    reason: str
    fund_score: Decimal
    per_head: Decimal | None
    growth: int


@dataclass(frozen=True, slots=True)
class ServicePlan:
    """An item of the internal market: who renders it (`county`: the lead hospital, `town`: the township hospital).

    Args:
        per_10k: Tenths of a unit a month for 10,000 people of the township.
        spread: Over towns, in thousandths.
    """

    item: str
    from_tier: str
    per_10k: int
    spread: int


@dataclass(frozen=True, slots=True)
class Dispute:
    """A count on which two members disagree at first: what the receiver misses, until it reports again."""

    period: Period
    provider: str
    receiver: str
    item: str
    less: int


@dataclass(frozen=True, slots=True)
class Way:
    """How a place pays: its staff, its pool of the month (of a consortium), those sent down to it; its class."""

    pay_way: str
    pool_way: str
    sent_way: str
    place_class: str


@dataclass(frozen=True, slots=True)
class Unit:
    """A department or team with money of its own; `departments` of the roster that stand in it, `head` who splits it."""

    code: str
    name: str
    level: str
    parent: str
    departments: tuple[str, ...]
    pay_way: str
    head: str


@dataclass(frozen=True, slots=True)
class County:
    """Everything that the CSV files say."""

    consortia: tuple[Institution, ...]
    institutions: tuple[Institution, ...]
    clinics: tuple[Clinic, ...]
    posts: tuple[Post, ...]
    names: dict[str, tuple[str, ...]]
    magnitudes: dict[tuple[str, str], Magnitude]
    seasons: dict[str, tuple[int, ...]]
    stories: tuple[Story, ...]
    funds: tuple[Fund, ...]
    market: tuple[ServicePlan, ...] = ()
    ways: Mapping[str, Way] = field(default_factory=dict)
    units: tuple[Unit, ...] = ()
    disputes: tuple[Dispute, ...] = ()
    packages: tuple[Package, ...] = ()

    def members(self, consortium: str) -> tuple[Institution, ...]:
        """County and township hospitals of a consortium."""
        return tuple(i for i in self.institutions if i.parent == consortium)

    def clinics_of(self, consortium: str) -> tuple[Clinic, ...]:
        """Village clinics whose township hospital belongs to the consortium."""
        towns = {i.code for i in self.members(consortium)}
        return tuple(c for c in self.clinics if c.township in towns)


def months() -> tuple[Period, ...]:
    """The months that are reported."""
    count = LAST_MONTH.first_month - FIRST_MONTH.first_month + 1
    return tuple(FIRST_MONTH.shift(n) for n in range(count))


def load_county(data: Path) -> County:
    """Read the CSV files of `data`."""
    places = [_institution(row) for row in _rows(data / "institutions.csv")]
    return County(
        consortia=tuple(p for p in places if p.kind == "consortium"),
        institutions=tuple(p for p in places if p.kind != "consortium"),
        clinics=tuple(
            Clinic(r["code"], r["name"], r["township"], int(r["doctors"]), int(r["population"]))
            for r in _rows(data / "clinics.csv")
        ),
        posts=tuple(
            Post(
                r["kind"],
                r["department"],
                r["post"],
                r["title"],
                r["category"],
                r["pay_group"],
                r["coefficient"],
                int(r["per_mille"]),
            )
            for r in _rows(data / "posts.csv")
        ),
        names={r["part"]: tuple(r["texts"].split()) for r in _rows(data / "names.csv")},
        magnitudes={
            (r["measure"], r["kind"]): Magnitude(
                int(r["base"]), int(r["spread_per_mille"]), int(r["growth_2025_per_mille"])
            )
            for r in _rows(data / "magnitudes.csv")
        },
        seasons={
            r["group"]: tuple(int(r[f"m{month:02d}"]) for month in range(1, 13)) for r in _rows(data / "seasons.csv")
        },
        stories=tuple(
            Story(r["story"], r["subject"], parse_period(r["from"]), parse_period(r["to"]), r["measure"], r["value"])
            for r in _rows(data / "events.csv")
        ),
        market=tuple(
            ServicePlan(r["item"], r["from_tier"], int(r["per_10k_monthly"]), int(r["spread_per_mille"]))
            for r in _rows(data / "market.csv")
        ),
        ways={r["place"]: _way(r) for r in _rows(data / "ways.csv")},
        disputes=tuple(
            Dispute(parse_period(r["period"]), r["provider"], r["receiver"], r["item"], int(r["received_less"]))
            for r in _rows(data / "disputes.csv")
        ),
        units=tuple(_unit(r) for r in _rows(data / "units.csv")),
        packages=tuple(_package(row) for row in _rows(data / "package.csv")),
        funds=tuple(
            Fund(
                r["consortium"],
                int(r["year"]),
                Decimal(r["financing_wan"]),
                Decimal(r["serious_illness_wan"]),
                Decimal(r["spending_wan"]),
            )
            for r in _rows(data / "fund.csv")
        ),
    )


def _institution(row: dict[str, str]) -> Institution:
    return Institution(
        row["code"],
        row["name"],
        row["kind"],
        row["tier"],
        row["parent"],
        int(row["staff"] or 0),
        int(row["population"] or 0),
        int(row["beds"] or 0),
        int(row["pool_yuan"] or 0),
        row["short"],
        int(row["vigour_per_mille"] or 0),
    )


def _way(row: dict[str, str]) -> Way:
    return Way(row["pay_way"] or "系列", row["pool_way"] or "切块", row["sent_way"] or "增量", row["class"])


def _unit(row: dict[str, str]) -> Unit:
    names = tuple(row["departments"].split())
    return Unit(row["code"], row["name"], row["level"], row["parent"], names, row["pay_way"], row["head"])


def _package(row: dict[str, str]) -> Package:
    return Package(
        row["consortium"],
        int(row["year"]),
        Decimal(row["adjustment_wan"]),
        row["reason"],
        Decimal(row["fund_score"]),
        Decimal(row["per_head_yuan"]) if row["per_head_yuan"] else None,
        int(row["growth_per_mille"]),
    )


def _rows(path: Path) -> Iterator[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)
