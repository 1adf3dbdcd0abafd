"""Claims that hang on the others' claims, and pools that a head splits: parts of the steps `apportion` and `entered`."""

from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

from perf.formulas import Formula
from perf.kernel.issues import Place

Prorate = Literal["period", "posts", "here"]
"""What a claim of one post counts for: its days of the whole period · its part of all posts of the claimant in the
period, by days × FTE · its part of those here."""
SpreadOf = Literal["max_min", "max_mean"]


@dataclass(frozen=True, slots=True)
class Derived:
    """For posts in which `where` holds the claim is `by`, in which `claims` are the claims of all others of the step.

    The others are those to whom no `derived` row applies, so that nothing goes round in a circle.
    """

    where: Formula
    by: Formula
    place: Place


@dataclass(frozen=True, slots=True)
class Spread:
    """How far the amounts must or may lie apart: a ratio of the largest to the smallest or to the mean."""

    of: SpreadOf
    at_least: Fraction | None
    at_most: Fraction | None
    place: Place


@dataclass(frozen=True, slots=True)
class Own:
    """Who does not enter an amount for himself: where `where` holds, the amount (or points) is `gets`."""

    where: Formula
    gets: Formula
    place: Place
