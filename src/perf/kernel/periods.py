"""Periods: a year, a quarter or a month, with their shifts. No clock."""

import calendar
import re
from collections.abc import Iterable
from datetime import date, timedelta
from functools import lru_cache
from typing import Literal, NamedTuple

PeriodKind = Literal["month", "quarter", "year"]
_FORM = re.compile(r"(\d{4})(?:-(?:Q([1-4])|(0[1-9]|1[0-2])))?", re.ASCII)
_MONTHS: dict[PeriodKind, int] = {"month": 1, "quarter": 3, "year": 12}


class Period(NamedTuple):
    """`year` and the 1-based `number` of the month or quarter in it (1 for a year)."""

    year: int
    kind: PeriodKind
    number: int = 1

    def __str__(self) -> str:
        if self.kind == "year":
            return f"{self.year:04d}"
        return f"{self.year:04d}-Q{self.number}" if self.kind == "quarter" else f"{self.year:04d}-{self.number:02d}"

    @property
    def first_month(self) -> int:
        """Months since year 0 of the first month: 12 · year + month − 1."""
        return self.year * 12 + (self.number - 1) * _MONTHS[self.kind]

    @property
    def first_day(self) -> date:
        """The first day of the period."""
        return _span(self)[0]

    @property
    def last_day(self) -> date:
        """The last day of the period."""
        return _span(self)[1]

    @property
    def days(self) -> int:
        """Number of calendar days."""
        return (self.last_day - self.first_day + timedelta(days=1)).days

    def shift(self, count: int) -> "Period":
        """The period `count` periods of the same length later (negative: earlier)."""
        return _from_month(self.first_month + count * _MONTHS[self.kind], self.kind)

    def previous(self) -> "Period":
        """The period before, of the same length (环比)."""
        return self.shift(-1)

    def last_year(self, years: int = 1) -> "Period":
        """The same period `years` years earlier (同比)."""
        return _from_month(self.first_month - 12 * years, self.kind)

    def months(self) -> tuple["Period", ...]:
        """The months of the period, in order."""
        return tuple(_from_month(self.first_month + n, "month") for n in range(_MONTHS[self.kind]))

    def year_to_date(self) -> tuple["Period", ...]:
        """The periods of the same length from the start of the year up to and with this one."""
        return tuple(self.shift(n) for n in range(1 - self.number, 1))

    def within(self, kind: PeriodKind) -> "Period":
        """The longer period of `kind` that this one lies in (a month in its quarter or year)."""
        return _from_month(self.first_month - self.first_month % _MONTHS[kind], kind)

    def zh(self) -> str:
        """`2025年6月`, `2025年第2季度`, `2025年`."""
        if self.kind == "year":
            return f"{self.year}年"
        return f"{self.year}年第{self.number}季度" if self.kind == "quarter" else f"{self.year}年{self.number}月"


@lru_cache(maxsize=4096)
def _span(period: Period) -> tuple[date, date]:
    year, month = divmod(period.first_month, 12)
    last_year, last_month = divmod(period.first_month + _MONTHS[period.kind] - 1, 12)
    last_day = calendar.monthrange(last_year, last_month + 1)[1]
    return date(year, month + 1, 1), date(last_year, last_month + 1, last_day)


def _from_month(number: int, kind: PeriodKind) -> Period:
    year, month = divmod(number, 12)
    return Period(year, kind, month // _MONTHS[kind] + 1)


def hull(periods: Iterable[Period]) -> tuple[date, date]:
    """The first day of the earliest and the last day of the latest; all time where there is none."""
    every = tuple(periods)
    first = min((period.first_day for period in every), default=date.min)
    return first, max((period.last_day for period in every), default=date.max)


def parse_period(text: str) -> Period:
    """Read `2025`, `2025-Q2` or `2025-06`.

    Raises:
        ValueError: anything else, such as month 13.
    """
    match = _FORM.fullmatch(text)
    if match is None or match[1] == "0000":
        raise ValueError("a period is written 2025, 2025-Q2 or 2025-06")
    year = int(match[1])
    if match[2]:
        return Period(year, "quarter", int(match[2]))
    return Period(year, "month", int(match[3])) if match[3] else Period(year, "year")
