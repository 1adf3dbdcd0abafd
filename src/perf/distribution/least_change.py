"""Pay that changes least from last month within a budget, floors, caps and wanted ratios: linear programs (HiGHS).

The programs only propose: their answer is rounded to the fen exactly and held against every wish in whole numbers, and
whether there is a solution at all is decided in fractions (`change_task`), never by them.
scipy is loaded when a program is solved, never before.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from types import MappingProxyType
from typing import Any, Final, Literal, NamedTuple

import numpy as np

from perf.distribution.change_task import Floats, Ratio, Task, edge_amounts, is_possible, keeps, task_of, to_the_fen
from perf.kernel.money import Money

Real = np.float64 | int
WishKind = Literal["floors", "caps", "ratio"]
_HALVINGS = 16
"""Of the distance between a wished ratio and the one that is reached without it."""
_SLACK_FEN: Final = np.float64(Fraction(1, 1000))
"""Room for the arithmetic of the solver; what comes of it is checked in whole fen."""
_NO_BOUNDS: Mapping[str, Money] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Plan:
    """Amounts that keep every wish; `largest_change` of one person, `changed` persons, `moved` yuan in all."""

    amounts: Mapping[str, Money]
    largest_change: Money
    changed: int
    moved: Money


@dataclass(frozen=True, slots=True)
class Relaxation:
    """A wish that, given up as far as this and no further (but for the fen of the rounding), lets all others be kept.

    Attributes:
        kind: `floors`, `caps` or `ratio`; `name`: of the ratio.
        by: Floors and caps: yuan by which they are missed, all together.
        reached: Ratio: what it comes to instead; None over nothing.
        amounts: The pay that shows it.
    """

    kind: WishKind
    name: str
    by: Money
    reached: Fraction | None
    amounts: Mapping[str, Money]


@dataclass(frozen=True, slots=True)
class NoPlan:
    """The wishes contradict each other; `ways`: every single wish that is enough to give up, the smallest step of each.

    Empty: at least two must be given up. `in_fractions`: fractions of a fen would keep every wish; only the whole fen stand in
    the way.
    """

    ways: tuple[Relaxation, ...]
    in_fractions: bool = False


class _Rows(NamedTuple):
    """Ratios as rows: coefficients × amounts <= limits (fen)."""

    left: Floats
    right: Floats


def least_change(
    last: Mapping[str, Money],
    budget: Money,
    *,
    floors: Mapping[str, Money] = _NO_BOUNDS,
    caps: Mapping[str, Money] = _NO_BOUNDS,
    ratios: Sequence[Ratio] = (),
) -> Plan | NoPlan:
    """Find pay for everybody that is as close to `last` as the wishes let it be.

    Args:
        last: Person -> last month's amount, not negative.
        budget: What the amounts must sum to, to the fen.
        floors, caps: Person -> least and most; without an entry: 0 and no cap.
        ratios: Wished ratios between the means of groups; a group needs somebody.
    Returns:
        A plan whose largest change of one person is smallest and, among those, whose changes together are smallest (to
        within the fen that rounding takes), checked in whole fen; or NoPlan with each single wish that may give way.
    Raises:
        ValueError: nobody, an amount or the budget below zero, a ratio over nobody or reversed, a person that `last`
            does not name.

    Source: linear programming by HiGHS (`scipy.optimize.linprog`); thousands of people take seconds.
    """
    _require(last, budget, ratios)
    task = task_of(last, budget, floors, caps, tuple(ratios))
    amounts = _solved(task)
    if amounts is None:
        return NoPlan(tuple(_ways(task)), in_fractions=is_possible(task))
    return _plan(task, amounts, last)


def _plan(task: Task, amounts: Mapping[str, Money], last: Mapping[str, Money]) -> Plan:
    changes = [abs(amounts[who].fen - last[who].fen) for who in task.people]
    return Plan(amounts, Money(max(changes)), sum(1 for change in changes if change), Money(sum(changes)))


def _solved(task: Task) -> dict[str, Money] | None:
    """Exact amounts that keep every wish; None: there are none, or none that whole fen can keep."""
    if not is_possible(task):
        return None
    for margin in (0, 1):  # at the very edge of a ratio the fen of the rounding need room
        found = _nearest(task, _rows(task, margin))
        amounts = to_the_fen(task, found) if found is not None else None
        if amounts is not None and keeps(task, amounts):
            return amounts
    at_edge = edge_amounts(task)
    return at_edge if at_edge is not None and keeps(task, at_edge) else None


def _nearest(task: Task, rows: _Rows) -> Floats | None:
    """First the smallest largest change, then the smallest sum of changes within it; None: infeasible."""
    n, one = len(task.people), _identity(len(task.people))
    column = -np.ones((n, 1))
    first = _program(
        cost=np.concatenate([np.zeros(n), [1]]),
        left=[[one, column], [-one, column], [rows.left, None]],
        right=np.concatenate([task.last, -task.last, rows.right]),
        equal=np.concatenate([np.ones(n), [0]]),
        total=task.budget,
        bounds=[*zip(task.low, task.high, strict=True), (0, None)],
    )
    if first is None:
        return None
    most = first[n] + _SLACK_FEN
    low, high = np.maximum(task.low, task.last - most), np.minimum(task.high, task.last + most)
    more = [(max(least - was, 0), max(top - was, 0)) for least, top, was in zip(low, high, task.last, strict=True)]
    less = [(max(was - top, 0), max(was - least, 0)) for least, top, was in zip(low, high, task.last, strict=True)]
    second = _program(
        cost=np.ones(2 * n),
        left=[[rows.left, -rows.left]],
        right=rows.right - rows.left @ task.last,
        equal=np.concatenate([np.ones(n), -np.ones(n)]),
        total=task.budget - task.last.sum(),
        bounds=[*more, *less],
    )
    return first[:n] if second is None else task.last + second[:n] - second[n:]


def _identity(size: int) -> Any:
    from scipy.sparse import identity  # loaded when it is needed

    return identity(size, format="csr")


def _program(
    *,
    cost: Floats,
    left: list[list[Any]],
    right: Floats,
    equal: Floats,
    total: Real,
    bounds: Sequence[tuple[Real, Real | None]],
) -> Floats | None:
    """Minimise cost × x where left × x <= right, equal × x = total and x is within its bounds; None: infeasible."""
    from scipy.optimize import linprog  # loaded when it is needed
    from scipy.sparse import block_array, csr_array

    blocks = [[None if part is None else csr_array(part) for part in row] for row in left if row[0].shape[0]]
    rows = block_array(blocks, format="csr") if blocks else None
    found = linprog(
        cost,
        A_ub=rows,
        b_ub=right if rows is not None else None,
        A_eq=csr_array(equal.reshape(1, -1)),
        b_eq=[total],
        bounds=bounds,
        method="highs",
    )
    return np.asarray(found.x, np.float64) if found.status == 0 else None


def _rows(task: Task, margin: int) -> _Rows:
    """Both sides of every ratio; `margin`: fen of each cell that rounding may take."""
    left, right = list[Floats](), list[Real]()
    for ratio in task.ratios:
        for sign, bound in ((1, ratio.at_most), (-1, ratio.at_least)):
            upper, lower = len(ratio.below), np.float64(bound) * len(ratio.above)
            left.append(
                np.array([sign * (upper * (who in ratio.above) - lower * (who in ratio.below)) for who in task.people])
            )
            right.append(-margin * len(task.cells) * (upper + lower))
    made = np.array(left) if left else np.zeros((0, len(task.people)))
    return _Rows(made, np.array(right))


# ---------------------------------------------------------------- what may give way


def _ways(task: Task) -> list[Relaxation]:
    """Each single wish that is enough, relaxed as little as possible."""
    ways = [_bounds_give_way(task, "floors"), _bounds_give_way(task, "caps")]
    ways += [_ratio_gives_way(task, number) for number in range(len(task.ratios))]
    return [way for way in ways if way is not None]


def _bounds_give_way(task: Task, kind: Literal["floors", "caps"]) -> Relaxation | None:
    """All floors (or all caps) elastic: the smallest sum of what they are missed by."""
    is_floor = kind == "floors"
    low = np.zeros_like(task.low) if is_floor else task.low
    high = task.high if is_floor else np.full_like(task.high, max(task.budget, 0))
    if (low > high).any():
        return None
    bound = task.low if is_floor else task.high
    loose = Task(task.people, bound, low, high, task.budget, task.ratios, task.cells)
    proposed = (_elastic(loose, -1 if is_floor else 1, margin) for margin in (0, 1))
    rounded = (to_the_fen(loose, found) for found in proposed if found is not None)
    amounts = next((one for one in rounded if keeps(loose, one)), None)
    if amounts is None and is_possible(loose):
        amounts = edge_amounts(loose)
    if amounts is None:
        return None
    gaps = [
        (limit - amounts[who].fen) if is_floor else (amounts[who].fen - limit)
        for who, limit in zip(task.people, bound, strict=True)
    ]
    by = sum(int(gap) for gap in gaps if gap > 0)
    return Relaxation(kind, "", Money(by), None, amounts) if by else None


def _elastic(task: Task, sign: int, margin: int) -> Floats | None:
    """Amounts with the smallest Σ max(0, sign × (amount − last)); `last` holds the bounds that give way."""
    n, one, rows = len(task.people), _identity(len(task.people)), _rows(task, margin)
    found = _program(
        cost=np.concatenate([np.zeros(n), np.ones(n)]),
        left=[[sign * one, -one], [rows.left, None]],
        right=np.concatenate([sign * task.last, rows.right]),
        equal=np.concatenate([np.ones(n), np.zeros(n)]),
        total=task.budget,
        bounds=[*zip(task.low, task.high, strict=True), *[(0, None)] * n],
    )
    return None if found is None else found[:n]


def _ratio_gives_way(task: Task, number: int) -> Relaxation | None:
    """The ratio nearest to the wished one that the other wishes allow, found by halving on its bound."""
    ratio = task.ratios[number]
    free = Task(task.people, task.last, task.low, task.high, task.budget, _others(task.ratios, number), task.cells)
    amounts = _solved(free)
    if amounts is None:
        return None
    reached = ratio.reached(amounts)
    if reached is None:  # nothing over nothing: there is no nearer one
        return Relaxation("ratio", ratio.name, Money(0), None, amounts)
    wished = ratio.at_most if reached > ratio.at_most else ratio.at_least
    far, near = reached, wished
    for _ in range(_HALVINGS):
        middle = ((far + near) / 2).limit_denominator(10_000)
        if middle in (far, near):
            break
        bound = (Fraction(0), middle) if far > wished else (middle, Fraction(10**6))
        tried = _solved(
            Task(
                task.people, task.last, task.low, task.high, task.budget,
                (*free.ratios, Ratio(ratio.name, ratio.above, ratio.below, *bound)), task.cells,
            )
        )  # fmt: skip
        if tried is None:
            near = middle
        else:
            far, amounts = middle, tried
    return Relaxation("ratio", ratio.name, Money(0), ratio.reached(amounts), amounts)


def _others(ratios: tuple[Ratio, ...], number: int) -> tuple[Ratio, ...]:
    return tuple(ratio for i, ratio in enumerate(ratios) if i != number)


def _require(last: Mapping[str, Money], budget: Money, ratios: Sequence[Ratio]) -> None:
    if not last or budget.fen < 0 or any(amount.fen < 0 for amount in last.values()):
        raise ValueError("somebody to pay, and no amount below zero")
    for ratio in ratios:
        if not ratio.above or not ratio.below or ratio.above & ratio.below:
            raise ValueError("a ratio of two groups, neither of them empty")
        if not (ratio.above | ratio.below) <= last.keys() or not 0 < ratio.at_least <= ratio.at_most:
            raise ValueError("a ratio of people with pay, from the smaller to the larger")
