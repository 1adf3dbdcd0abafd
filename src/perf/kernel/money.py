"""Money: integer fen. Nothing else is money."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction
from functools import total_ordering

from perf.kernel.ratios import ratio
from perf.kernel.rounding import Rounding, round_ratio

_YUAN = re.compile(r"-?\d{1,16}(\.\d{1,2})?", re.ASCII)
FEN_PER_YUAN = 100


@total_ordering
@dataclass(frozen=True, slots=True)
class Money:
    """An amount in whole fen. Adds, subtracts, negates, compares; multiplying money by money has no meaning."""

    fen: int

    def __post_init__(self) -> None:
        if type(self.fen) is not int:
            raise TypeError("money is counted in whole fen (int)")

    def __add__(self, other: "Money") -> "Money":
        return Money(self.fen + other.fen)

    def __sub__(self, other: "Money") -> "Money":
        return Money(self.fen - other.fen)

    def __neg__(self) -> "Money":
        return Money(-self.fen)

    def __lt__(self, other: "Money") -> bool:
        return self.fen < other.fen

    def __bool__(self) -> bool:
        return self.fen != 0

    @property
    def yuan(self) -> Fraction:
        """The exact amount in yuan."""
        return ratio(self.fen, FEN_PER_YUAN)

    def text(self, *, grouped: bool = True) -> str:
        """`1,234.50` (or `1234.50`)."""
        yuan, fen = divmod(abs(self.fen), FEN_PER_YUAN)
        return f"{'-' if self.fen < 0 else ''}{yuan:{',' if grouped else ''}}.{fen:02d}"

    def __str__(self) -> str:
        return self.text()


ZERO = Money(0)


def money_from_yuan(yuan: Fraction | int, mode: Rounding = Rounding.HALF_AWAY) -> Money:
    """Round an exact amount of yuan to the fen, once."""
    above, below = yuan.as_integer_ratio()
    return Money(round_ratio(above * FEN_PER_YUAN, below, mode))


def parse_yuan(text: str) -> Money:
    """Read `1234.5` or `-0.01` yuan.

    Raises:
        ValueError: more than two decimals, or not a plain number.
    """
    if not _YUAN.fullmatch(text):
        raise ValueError("not an amount in yuan with at most two decimals")
    return Money(int(Fraction(text) * FEN_PER_YUAN))


def total(amounts: Iterable[Money]) -> Money:
    """The sum; zero of nothing."""
    return Money(sum(amount.fen for amount in amounts))
