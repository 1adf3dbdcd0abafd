"""The values of a peer group, sorted once and looked up by every member; groups that compare nothing are refused."""

from collections.abc import Sequence
from fractions import Fraction
from functools import cached_property
from math import lcm
from typing import Literal

from perf.formulas.arithmetic import RuleFailed
from perf.kernel.irrational import sqrt
from perf.kernel.subjects import Level
from perf.kernel.text import Text

NO_NOUN = Text("个", "")
_NOUNS: dict[Level, Text] = {"institution": Text("家", ""), "person": Text("人", "")}


def noun_of(level: Level) -> Text:
    """How subjects of a level are counted in Chinese: 家, 人, 个."""
    return _NOUNS.get(level, NO_NOUN)


class PeerFigures:
    """The values of those peers that have one, itself included.

    Args:
        values: In any order.
        better: Which side is better.
        noun: How members are counted (家, 人).
    """

    def __init__(self, values: Sequence[Fraction], better: Literal["higher", "lower"], noun: Text = NO_NOUN) -> None:
        self._ordered = sorted(values)
        self.is_higher = better == "higher"
        self.noun = noun
        self._spans: dict[Fraction, tuple[int, int, int]] = {}
        start = distinct = 0
        for end in range(1, len(self._ordered) + 1):
            if end == len(self._ordered) or self._ordered[end] != self._ordered[start]:
                self._spans[self._ordered[start]] = (start, end, distinct)
                start, distinct = end, distinct + 1

    @property
    def size(self) -> int:
        """How many have a value."""
        return len(self._ordered)

    @property
    def lowest(self) -> Fraction:
        """The smallest value."""
        return self._ordered[0]

    @property
    def highest(self) -> Fraction:
        """The greatest value."""
        return self._ordered[-1]

    @property
    def best(self) -> Fraction:
        """The greatest value, the smallest where lower is better."""
        return self.highest if self.is_higher else self.lowest

    @property
    def are_equal(self) -> bool:
        """Whether all have one value."""
        return self.lowest == self.highest

    def worse(self, value: Fraction) -> int:
        """How many have a worse value."""
        first, end, _ = self._span(value)
        return first if self.is_higher else self.size - end

    def equal(self, value: Fraction) -> int:
        """How many have this value, itself included."""
        first, end, _ = self._span(value)
        return end - first

    def place(self, value: Fraction, ties: Literal["competition", "dense", "mean"]) -> Fraction:
        """The place from the best on, 1 for the best; equal values share the first of their places, or its mean."""
        first, end, distinct = self._span(value)
        if ties == "dense":
            return Fraction(len(self._spans) - distinct if self.is_higher else distinct + 1)
        ahead = self.size - end if self.is_higher else first
        return Fraction(2 * ahead + end - first + 1, 2) if ties == "mean" else Fraction(ahead + 1)

    @cached_property
    def mean(self) -> Fraction:
        """The arithmetic mean."""
        return Fraction(self._sums[1], self.size * self._sums[0])

    def deviation(self, kind: Literal["population", "sample"]) -> Fraction:
        """The standard deviation, over n or n − 1 (two values or more): 50 significant digits where irrational."""
        return self._population if kind == "population" else self._sample

    @cached_property
    def _sums(self) -> tuple[int, int, int]:
        """A common denominator, the sum of the values above it, and that of their squares."""
        below = lcm(*[value.denominator for value in self._ordered])
        above = [value.numerator * (below // value.denominator) for value in self._ordered]
        return below, sum(above), sum(one * one for one in above)

    @cached_property
    def _population(self) -> Fraction:
        below, total, squares = self._sums
        return sqrt(Fraction(self.size * squares - total * total, (self.size * below) ** 2))

    @cached_property
    def _sample(self) -> Fraction:
        below, total, squares = self._sums
        return sqrt(Fraction(self.size * squares - total * total, self.size * (self.size - 1) * below**2))

    def _span(self, value: Fraction) -> tuple[int, int, int]:
        found = self._spans.get(value)
        if found is None:
            raise RuleFailed(Text("该对象不在自己的同组之中", "the subject is not among its own peers"))
        return found
