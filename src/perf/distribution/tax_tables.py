"""Income tax by a table: the row of an amount, its tax, the yearly bonus taxed alone, and where a yuan more costs more."""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache

from perf.kernel.money import FEN_PER_YUAN, ZERO, Money, money_from_yuan
from perf.kernel.rounding import Rounding
from perf.specs.payroll_models import TaxRow

MONTHS = 12


@dataclass(frozen=True, slots=True)
class Cliff:
    """Just above `limit` a bonus leaves less after tax than `limit` itself, up to and with `last`.

    Attributes:
        limit: The largest bonus of the lower row.
        last: The largest bonus that still leaves less than `limit` does.
    """

    limit: Money
    last: Money


def row_of(rows: Sequence[TaxRow], yuan: Fraction) -> TaxRow:
    """The row an amount falls in; upper limits are included (不超过); zero and below fall in the first."""
    return next(row for row in rows if row.to is None or yuan <= row.to)


def tax_on(rows: Sequence[TaxRow], taxable: Money, rounding: Rounding = Rounding.HALF_AWAY) -> tuple[Money, TaxRow]:
    """Tax on a taxable amount, rounded once to the fen, and the row that gave it; nothing on zero and below."""
    row = row_of(rows, taxable.yuan)
    if taxable <= ZERO:
        return ZERO, row
    return money_from_yuan(taxable.yuan * row.rate - row.quick, rounding), row


def tax_on_bonus(rows: Sequence[TaxRow], bonus: Money, rounding: Rounding = Rounding.HALF_AWAY) -> tuple[Money, TaxRow]:
    """Tax on a yearly bonus by itself: the row by bonus ÷ 12, its rate on the whole bonus, its quick deduction once.

    Source: 财政部 税务总局公告2023年第30号.
    """
    row = row_of(rows, bonus.yuan / MONTHS)
    if bonus <= ZERO:
        return ZERO, row
    return money_from_yuan(bonus.yuan * row.rate - row.quick, rounding), row


def cliffs(rows: Sequence[TaxRow], rounding: Rounding = Rounding.HALF_AWAY) -> tuple[Cliff, ...]:
    """The dead zones of a bonus table, in order of amount; searched once for each table."""
    return _cliffs(tuple(rows), rounding)


@lru_cache(maxsize=64)
def _cliffs(rows: tuple[TaxRow, ...], rounding: Rounding) -> tuple[Cliff, ...]:
    found: list[Cliff] = []
    for row in rows[:-1]:
        assert row.to is not None  # noqa: S101 - only the last row is open
        limit = money_from_yuan(row.to * MONTHS, Rounding.DOWN)
        last = _last_below(rows, limit, rounding)
        if last > limit:
            found.append(Cliff(limit, last))
    return tuple(found)


def cliff_of(rows: Sequence[TaxRow], bonus: Money, rounding: Rounding = Rounding.HALF_AWAY) -> Cliff | None:
    """The dead zone a bonus lies in, if it lies in one."""
    return next((one for one in cliffs(rows, rounding) if one.limit < bonus <= one.last), None)


def left_of_bonus(rows: Sequence[TaxRow], bonus: Money, rounding: Rounding = Rounding.HALF_AWAY) -> Money:
    """What a bonus leaves after its tax."""
    return bonus - tax_on_bonus(rows, bonus, rounding)[0]


def _last_below(rows: Sequence[TaxRow], limit: Money, rounding: Rounding) -> Money:
    """The largest bonus above `limit` that leaves less; in each row what is left rises with the bonus, so one search a row."""
    wanted = left_of_bonus(rows, limit, rounding)
    last = limit
    for row in rows:
        if row.to is not None and money_from_yuan(row.to * MONTHS, Rounding.DOWN) <= limit:
            continue
        low = max(limit.fen, _first_of(row).fen)
        if left_of_bonus(rows, Money(low + 1), rounding) >= wanted:
            return last
        high = _highest(row, low, wanted)
        while high - low > 1:
            middle = (low + high) // 2
            if left_of_bonus(rows, Money(middle), rounding) < wanted:
                low = middle
            else:
                high = middle
        last = Money(low)
        if row.to is None or last < money_from_yuan(row.to * MONTHS, Rounding.DOWN):
            return last
    return last


def _first_of(row: TaxRow) -> Money:
    """The largest bonus of the rows before."""
    return money_from_yuan(row.over * MONTHS, Rounding.DOWN)


def _highest(row: TaxRow, low: int, wanted: Money) -> int:
    """A bonus, in fen, behind everything in this row that could leave less than `wanted`."""
    if row.to is not None:
        return money_from_yuan(row.to * MONTHS, Rounding.DOWN).fen + 1
    enough = (wanted.yuan - row.quick) / (1 - row.rate)
    return max(money_from_yuan(enough, Rounding.UP).fen + FEN_PER_YUAN, low + 1)
