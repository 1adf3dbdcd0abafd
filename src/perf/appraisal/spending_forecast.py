"""What a fund will have spent by the end of the year, from the months so far: exact, by a method that is said in a sentence."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

from perf.kernel.text import Text

Method = Literal["seasonal", "straight"]
Way = Literal["low", "expected", "high"]
MONTHS = range(1, 13)


@dataclass(frozen=True, slots=True)
class MonthSpent:
    """One month of the year, yuan. `spent` None: expected, not known; then `low`, `expected`, `high` say how much."""

    month: int
    last_year: Fraction | None
    spent: Fraction | None
    low: Fraction
    expected: Fraction
    high: Fraction


@dataclass(frozen=True, slots=True)
class SpendingForecast:
    """The year.

    Attributes:
        gaps: Months up to `through` that nobody reported: expected like those to come.
        growth: This year ÷ last year over the known months (seasonal only).
        has_range: Whether at least two months show how far months deviate; else low = expected = high.
        assumed: What is assumed, in sentences.
    """

    method: Method
    through: int
    months: tuple[MonthSpent, ...]
    gaps: tuple[int, ...]
    growth: Fraction | None
    has_range: bool
    assumed: tuple[Text, ...]

    @property
    def spent(self) -> Fraction:
        """What is known to be spent so far."""
        return sum((one.spent for one in self.months if one.spent is not None), Fraction(0))

    def whole(self, which: Way) -> Fraction:
        """The whole year."""
        return sum((getattr(one, which) for one in self.months), Fraction(0))


def forecast_spending(
    this_year: Mapping[int, Fraction], last_year: Mapping[int, Fraction], through: int
) -> SpendingForecast:
    """Expect the months that are not known.

    Args:
        this_year: Month (1 to 12) -> yuan; months after `through` are left aside.
        last_year: The same of the year before.
        through: The last month that is over.
    Returns:
        Where all twelve months of last year are known and the months to compare with are above zero: last year's month
        × the growth of the months so far, from × the lowest to × the highest growth of a single month. Else: the mean of
        the months so far, from the lowest to the highest of them.
    Raises:
        ValueError: no month is known up to `through`, or `through` is no month.
    """
    known = {month: this_year[month] for month in MONTHS if month <= through and month in this_year}
    if not known or through not in MONTHS:
        raise ValueError("no month is known")
    gaps = tuple(month for month in MONTHS if month <= through and month not in known)
    is_seasonal = all(month in last_year for month in MONTHS) and all(last_year[month] > 0 for month in known)
    if is_seasonal:
        growth = sum(known.values(), Fraction(0)) / sum((last_year[month] for month in known), Fraction(0))
        single = [known[month] / last_year[month] for month in known]
    else:
        growth, single = None, list(known.values())
    low, middle, high = min(single), growth if growth is not None else _mean(single), max(single)
    months = []
    for month in MONTHS:
        base = last_year[month] if is_seasonal else Fraction(1)
        spent = known.get(month)
        bounds = (base * low, base * middle, base * high) if spent is None else (spent, spent, spent)
        months.append(MonthSpent(month, last_year.get(month), spent, *bounds))
    return SpendingForecast(
        method="seasonal" if is_seasonal else "straight",
        through=through,
        months=tuple(months),
        gaps=gaps,
        growth=growth,
        has_range=len(known) > 1,
        assumed=tuple(_assumed(last_year, known, gaps, is_seasonal=is_seasonal)),
    )


def _mean(values: Sequence[Fraction]) -> Fraction:
    return sum(values, Fraction(0)) / len(values)


def _assumed(
    last_year: Mapping[int, Fraction], known: Mapping[int, Fraction], gaps: tuple[int, ...], *, is_seasonal: bool
) -> list[Text]:
    if is_seasonal:
        told = [
            Text(
                "其余各月按去年同月 × 今年已知各月合计 ÷ 去年同月合计估计;下限、上限取已知各月同比的最低、最高",
                "the other months: last year's month × this year's known months ÷ the same months of last year; "
                "low and high: the lowest and highest ratio of a known month",
            )
        ]
    else:
        told = [
            Text(
                "其余各月按今年已知各月的平均估计,不分季节;下限、上限取已知各月的最低、最高",
                "the other months: the mean of this year's known months, no seasons; low and high: the lowest and "
                "highest known month",
            )
        ]
        lacking = [str(month) for month in MONTHS if month not in last_year]
        if lacking:
            named = "、".join(lacking), ", ".join(lacking)
            why = Text(f"去年缺 {named[0]} 月,不能按季节", f"last year lacks months {named[1]}: no seasons")
        else:
            why = Text("去年同月有的不大于 0,不能按季节", "a month of last year is not above zero: no seasons")
        told.append(why)
    if gaps:
        named = "、".join(map(str, gaps)), ", ".join(map(str, gaps))
        told.append(Text(f"{named[0]} 月没有报,按估计数计", f"months {named[1]} were not reported: expected figures"))
    if len(known) == 1:
        told.append(Text("只知道一个月,看不出波动,不给范围", "one known month shows no deviation: no range"))
    return told
