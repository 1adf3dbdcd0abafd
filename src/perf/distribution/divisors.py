"""Highest averages: whole units handed out by divisors (Jefferson, Webster, Huntington–Hill). Integers only.

A claim that holds x units has the priority weight ÷ d(x) for the next one, with d(x) = x + 1 (Jefferson, D'Hondt),
x + ½ (Webster, Sainte-Laguë), √(x(x + 1)) (Huntington–Hill; the first unit comes before everything else).
"""

from collections.abc import Callable, Sequence
from fractions import Fraction
from heapq import heapify, heapreplace
from typing import Literal

Method = Literal["jefferson", "webster", "huntington_hill"]
METHODS: tuple[Method, ...] = ("jefferson", "webster", "huntington_hill")
_FULL = 2
_Rank = tuple[int, Fraction]
"""How good a claim's chance at its next unit is; the largest comes first."""


def by_highest_averages(
    method: Method,
    weights: Sequence[int],
    units: int,
    *,
    level: Fraction,
    low: Sequence[int],
    high: Sequence[int],
    ties: Sequence[tuple[int, str]],
) -> list[int]:
    """Hand out `units` so that no unit would rather stand with another claim.

    Args:
        weights: n whole numbers above 0.
        units: Whole units, sum(low) <= units <= sum(high).
        level: Units per weight that about use up `units` within the bounds: where to begin.
        low, high: Least and most units of each claim.
        ties: Keys of the claims; of equal priorities the smaller key comes first.
    Returns:
        n sizes within their bounds that sum to `units`.
    Source: Balinski and Young, Fair Representation (1982).

    The sizes at the common divisor 1 ÷ level are off by few units, which are then added or taken back one by one.
    """
    sizes = [
        min(max(_rounded(method, weight * level.numerator, level.denominator), least), most)
        for weight, least, most in zip(weights, low, high, strict=True)
    ]
    missing = units - sum(sizes)
    rank = _RANKS[method]
    if missing > 0:
        _move(sizes, missing, +1, lambda i, size: _key(rank(weights[i], size), ties[i], first=True), high)
    elif missing < 0:
        _move(sizes, -missing, -1, lambda i, size: _key(rank(weights[i], size - 1), ties[i], first=False), low)
    return sizes


def _move(
    sizes: list[int], count: int, step: int, key: Callable[[int, int], tuple[object, ...]], bounds: Sequence[int]
) -> None:
    """Add or take back `count` units, each where `key` is smallest and the bound leaves room."""
    queue = [(key(i, size), i) for i, size in enumerate(sizes) if size != bounds[i]]
    heapify(queue)
    for _ in range(count):
        _, i = queue[0]
        sizes[i] += step
        heapreplace(queue, ((_FULL,), i) if sizes[i] == bounds[i] else (key(i, sizes[i]), i))


def _key(rank: _Rank, tie: tuple[int, str], *, first: bool) -> tuple[object, ...]:
    """The smallest key is next: the best chance when units are added, the worst when they are taken back."""
    group, value = rank
    return (0, -group, -value, tie) if first else (0, group, value, _Last(tie))


class _Last:
    """A key that sorts the other way round: of equals the larger key gives a unit back first."""

    __slots__ = ("key",)

    def __init__(self, key: tuple[int, str]) -> None:
        self.key = key

    def __lt__(self, other: "_Last") -> bool:
        return other.key < self.key

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Last) and self.key == other.key

    __hash__ = None  # type: ignore[assignment]


def _rounded(method: Method, numerator: int, denominator: int) -> int:
    """A quota rounded as the method rounds it."""
    size, rest = divmod(numerator, denominator)
    if method == "jefferson":
        return size
    if method == "webster":
        return size + (2 * rest >= denominator)
    return size + (numerator * numerator > size * (size + 1) * denominator * denominator)


_RANKS: dict[Method, Callable[[int, int], _Rank]] = {
    "jefferson": lambda weight, size: (0, Fraction(weight, size + 1)),
    "webster": lambda weight, size: (0, Fraction(weight, 2 * size + 1)),
    "huntington_hill": lambda weight, size: (
        (0, Fraction(weight * weight, size * (size + 1))) if size else (1, Fraction(weight))
    ),
}
