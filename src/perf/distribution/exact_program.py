"""Whether linear conditions can be kept at all, decided in fractions: phase one of the simplex method, by Bland's rule."""

from collections.abc import Sequence
from fractions import Fraction
from math import ceil, floor
from typing import NamedTuple

_ZERO, _ONE = Fraction(0), Fraction(1)


class Row(NamedTuple):
    """coefficients × y <= limit."""

    coefficients: tuple[Fraction, ...]
    limit: Fraction


def feasible_point(count: int, rows: Sequence[Row]) -> tuple[Fraction, ...] | None:
    """Some y >= 0 of `count` numbers that keeps every row; None: there is none, for certain.

    Source: two-phase simplex; Bland's rule ends without cycling.
    """
    if not rows:
        return (_ZERO,) * count
    table, basis, artificial = _opened(count, rows)
    cost = [_ZERO] * len(table[0])
    for row, at in zip(table, basis, strict=True):
        if at >= artificial:
            cost = [was - one for was, one in zip(cost, row, strict=True)]
    for at in range(artificial, len(cost) - 1):
        cost[at] = _ZERO
    while (entering := next((n for n in range(artificial) if cost[n] < 0), None)) is not None:
        leaving = _leaving(table, basis, entering)
        cost = _pivoted(table, basis, cost, leaving, entering)
    if cost[-1] != 0:  # the artificial numbers cannot all be zero
        return None
    values = [_ZERO] * count
    for row, at in zip(table, basis, strict=True):
        if at < count:
            values[at] = row[-1]
    return tuple(values)


def whole_point(count: int, rows: Sequence[Row], *, tries: int) -> tuple[int, ...] | None:
    """Some y >= 0 in whole numbers that keeps every row, by branch and bound; None: none found in so many tries."""
    queue: list[tuple[Row, ...]] = [()]
    for _ in range(tries):
        if not queue:
            break
        branch = queue.pop()
        point = feasible_point(count, [*rows, *branch])
        if point is None:
            continue
        at = next((n for n, value in enumerate(point) if value.denominator != 1), None)
        if at is None:
            return tuple(map(int, point))
        unit = tuple(_ONE if n == at else _ZERO for n in range(count))
        below = Row(unit, Fraction(floor(point[at])))
        above = Row(tuple(-one for one in unit), Fraction(-ceil(point[at])))
        queue += [(*branch, above), (*branch, below)]
    return None


def _opened(count: int, rows: Sequence[Row]) -> tuple[list[list[Fraction]], list[int], int]:
    """The table with a slack in each row, and an artificial number where the slack alone would be below zero."""
    slacks = count + len(rows)
    needing = [n for n, row in enumerate(rows) if row.limit < 0]
    width = slacks + len(needing) + 1
    table: list[list[Fraction]] = []
    basis: list[int] = []
    for n, row in enumerate(rows):
        line = [*row.coefficients, *[_ZERO] * (width - count)]
        line[count + n], line[-1] = _ONE, row.limit
        if row.limit < 0:
            line = [-one for one in line]
            line[slacks + needing.index(n)] = _ONE
            basis.append(slacks + needing.index(n))
        else:
            basis.append(count + n)
        table.append(line)
    return table, basis, slacks


def _leaving(table: list[list[Fraction]], basis: list[int], entering: int) -> int:
    """The row of the smallest ratio; of several the one whose number comes first."""
    ratios = [
        (row[-1] / row[entering], at, n)
        for n, (row, at) in enumerate(zip(table, basis, strict=True))
        if row[entering] > 0
    ]
    return min(ratios)[2]  # phase one is bounded below: there is one


def _pivoted(
    table: list[list[Fraction]], basis: list[int], cost: list[Fraction], leaving: int, entering: int
) -> list[Fraction]:
    pivot = table[leaving][entering]
    row = table[leaving] = [one / pivot for one in table[leaving]]
    basis[leaving] = entering
    for n, other in enumerate(table):
        if n != leaving and other[entering]:
            factor = other[entering]
            table[n] = [was - factor * one for was, one in zip(other, row, strict=True)]
    factor = cost[entering]
    return [was - factor * one for was, one in zip(cost, row, strict=True)]
