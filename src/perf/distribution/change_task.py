"""What least change is asked: pay of last month, bounds, ratios; and what is decided about it exactly, in whole fen."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import floor

import numpy as np
from numpy.typing import NDArray

from perf.distribution.exact_program import Row, feasible_point, whole_point
from perf.kernel.money import Money

Floats = NDArray[np.float64]
_TRIES = 200
"""Branches that are looked at for a split in whole fen at the very edge of a ratio."""


@dataclass(frozen=True, slots=True)
class Ratio:
    """The mean of `above` is from `at_least` to `at_most` times the mean of `below`."""

    name: str
    above: frozenset[str]
    below: frozenset[str]
    at_least: Fraction
    at_most: Fraction

    def holds(self, amounts: Mapping[str, Money]) -> bool:
        """Whether it is kept, in whole fen."""
        upper = sum(amounts[who].fen for who in self.above) * len(self.below)
        lower = sum(amounts[who].fen for who in self.below) * len(self.above)
        return self.at_least * lower <= upper <= self.at_most * lower

    def reached(self, amounts: Mapping[str, Money]) -> Fraction | None:
        """The ratio of the means; None over nothing."""
        upper = sum(amounts[who].fen for who in self.above) * len(self.below)
        lower = sum(amounts[who].fen for who in self.below) * len(self.above)
        return Fraction(upper, lower) if lower else None


@dataclass(frozen=True, slots=True)
class Task:
    """Amounts in fen, whole numbers all of them; `cells`: who is in the same groups."""

    people: tuple[str, ...]
    last: Floats
    low: Floats
    high: Floats
    budget: int
    ratios: tuple[Ratio, ...]
    cells: tuple[tuple[int, ...], ...]


def task_of(
    last: Mapping[str, Money],
    budget: Money,
    floors: Mapping[str, Money],
    caps: Mapping[str, Money],
    ratios: tuple[Ratio, ...],
) -> Task:
    """People in order of their ids, so that the order of the input does not matter; cells: who is in the same groups."""
    people = tuple(sorted(last))
    cells: dict[tuple[bool, ...], list[int]] = {}
    for i, who in enumerate(people):
        member = tuple(who in group for ratio in ratios for group in (ratio.above, ratio.below))
        cells.setdefault(member, []).append(i)
    return Task(
        people,
        np.array([last[who].fen for who in people], np.float64),
        np.array([max(floors[who].fen, 0) if who in floors else 0 for who in people], np.float64),
        np.array([caps[who].fen if who in caps else max(budget.fen, 0) for who in people], np.float64),
        budget.fen,
        ratios,
        tuple(tuple(cell) for cell in cells.values()),
    )


def is_possible(task: Task) -> bool:
    """Whether fractions of a fen could keep every wish: decided exactly, over the totals of the cells."""
    if (task.low > task.high).any():
        return False
    return feasible_point(len(task.cells), _cell_rows(task)) is not None


def edge_amounts(task: Task) -> dict[str, Money] | None:
    """Amounts at the very edge of the wishes: whole totals of the cells, each handed on by one shift of all of them."""
    found = whole_point(len(task.cells), _cell_rows(task), tries=_TRIES)
    if found is None:
        return None
    amounts: dict[str, Money] = {}
    for cell, extra in zip(task.cells, found, strict=True):
        low, high, last = ([int(bounds[i]) for i in cell] for bounds in (task.low, task.high, task.last))
        shifted = _shifted(last, low, high, sum(low) + extra)
        amounts |= {task.people[i]: Money(fen) for i, fen in zip(cell, shifted, strict=True)}
    return amounts


def _cell_rows(task: Task) -> list[Row]:
    """The wishes over what each cell gets above its floors: any whole total between floors and caps can be handed on."""
    low = [sum(int(task.low[i]) for i in cell) for cell in task.cells]
    width = [sum(int(task.high[i]) for i in cell) - least for cell, least in zip(task.cells, low, strict=True)]
    ones = [Fraction(1)] * len(low)
    spare = Fraction(task.budget - sum(low))
    rows = [Row(tuple(ones), spare), Row(tuple(-one for one in ones), -spare)]
    rows += [Row(tuple(Fraction(n == at) for n in range(len(low))), Fraction(most)) for at, most in enumerate(width)]
    for ratio in task.ratios:
        for sign, bound in ((1, ratio.at_most), (-1, ratio.at_least)):
            people = [task.people[cell[0]] for cell in task.cells]
            upper, lower = len(ratio.below), bound * len(ratio.above)
            sizes = [Fraction(sign * (upper * (who in ratio.above) - lower * (who in ratio.below))) for who in people]
            rows.append(
                Row(tuple(sizes), -sum((size * least for size, least in zip(sizes, low, strict=True)), Fraction(0)))
            )
    return rows


def _shifted(last: Sequence[int], low: Sequence[int], high: Sequence[int], total: int) -> list[int]:
    """Whole amounts within their bounds that sum to `total`, everybody moved by the same or held at a bound."""

    def moved(by: int) -> list[int]:
        return [min(max(was + by, least), most) for was, least, most in zip(last, low, high, strict=True)]

    down, up = -max(last) - 1, max(*high, total) + 1  # at `down` all at their floors, at `up` all at their caps
    while up - down > 1:
        middle = (down + up) // 2
        down, up = (middle, up) if sum(moved(middle)) <= total else (down, middle)
    amounts, more = moved(down), moved(up)
    missing = total - sum(amounts)
    for i, (now, then) in enumerate(zip(amounts, more, strict=True)):
        if missing and then > now:
            amounts[i], missing = then, missing - 1
    return amounts


def to_the_fen(task: Task, found: Floats) -> dict[str, Money]:
    """Whole fen: cells by largest remainder of the budget, then persons by largest remainder of their cell."""
    bounds = zip(found, task.low, task.high, strict=True)
    sizes = [min(max(Fraction(x), Fraction(int(low))), Fraction(int(high))) for x, low, high in bounds]
    parts = [sum((sizes[i] for i in cell), Fraction(0)) for cell in task.cells]
    amounts = [0] * len(sizes)
    for cell, units in zip(task.cells, _rounded(parts, task.budget, None), strict=True):
        own = _rounded([sizes[i] for i in cell], units, [int(task.high[i]) for i in cell])
        for i, fen in zip(cell, own, strict=True):
            amounts[i] = fen
    return {who: Money(fen) for who, fen in zip(task.people, amounts, strict=True)}


def _rounded(sizes: Sequence[Fraction], units: int, most: Sequence[int] | None) -> list[int]:
    """Whole numbers that sum to `units`: rounded down, then one more where most was lost and there is room."""
    given = [floor(size) for size in sizes]
    order = sorted(range(len(sizes)), key=lambda i: (given[i] - sizes[i], i))
    missing = units - sum(given)
    while missing:
        step, before = (1 if missing > 0 else -1), missing
        for i in order if step > 0 else reversed(order):
            if not missing:
                break
            if (step > 0 and (most is None or given[i] < most[i])) or (step < 0 and given[i] > 0):
                given[i] += step
                missing -= step
        if missing == before:  # no room at all: the check finds it
            break
    return given


def keeps(task: Task, amounts: Mapping[str, Money]) -> bool:
    """Every wish, in whole fen."""
    within = all(
        low <= amounts[who].fen <= high for who, low, high in zip(task.people, task.low, task.high, strict=True)
    )
    return (
        within
        and sum(amount.fen for amount in amounts.values()) == task.budget
        and all(ratio.holds(amounts) for ratio in task.ratios)
    )
