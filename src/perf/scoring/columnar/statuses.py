"""Status and reason of totals, from those of their rows: the order of `perf.scoring.totals` and `dimensions`."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from perf.scoring.columnar.outcomes import SCORED, Outcome, Outcomes
from perf.scoring.columnar.ratios import Array

_TROUBLED = ("failed", "missing", "blocked")
_NOT_APPLICABLE = Outcome("not_applicable", "not_applicable")


@dataclass(frozen=True, slots=True)
class Shape:
    """Which items count where: indices of the counted items of each dimension, and of the extras."""

    dimensions: tuple[tuple[int, ...], ...]
    extras: tuple[int, ...]


def statuses(
    shape: Shape,
    outcomes: Sequence[Array],
    gone: Sequence[Array],
    applies: Sequence[Array | None],
    vetoes: Array | None,
    known: Outcomes,
    rows: int,
) -> Array:
    """The outcome of the total of every row of a block.

    Args:
        shape: Of the scheme.
        outcomes, gone: Index -> outcomes of the rows, and the rows without points.
        applies: Dimension -> rows with enough items; None: all.
        vetoes: What the vetoes alone make of each row, `SCORED` where none holds; None: there are none.
        known: Numbers of outcomes.
        rows: How many.
    """
    found = np.full(rows, SCORED, dtype=np.uint8) if vetoes is None else vetoes.copy()
    none_applies = np.ones(rows, dtype=np.bool_) if shape.dimensions else np.zeros(rows, dtype=np.bool_)
    for one in applies:
        none_applies &= False if one is None else ~one
    looked_at = none_applies
    counted = [index for own in shape.dimensions for index in own] + list(shape.extras)
    stops = np.array([known.named(number).status in _TROUBLED for number in range(len(known))])
    for index in counted:
        outcome = outcomes[index]
        bad = gone[index]
        if bad.size and stops[outcome[bad]].any():
            looked_at[bad[stops[outcome[bad]]]] = True
    rest = np.flatnonzero(looked_at)
    if not rest.size:
        return found
    beside = np.array(
        [applied[rest] if applied is not None else np.ones(len(rest), np.bool_) for applied in applies], dtype=np.uint8
    )
    table = np.array([outcomes[index][rest] for index in counted] or np.zeros((0, len(rest))), dtype=np.uint8)
    patterns = np.vstack([table, beside.reshape(len(applies), len(rest)), found[rest][None, :]])
    different, where = np.unique(patterns, axis=1, return_inverse=True)
    answers = [_settled(shape, counted, column, known) for column in different.T.tolist()]
    found[rest] = np.array(answers, dtype=np.uint8)[where.ravel()]
    return found


def _settled(shape: Shape, counted: Sequence[int], pattern: Sequence[int], known: Outcomes) -> int:
    """One pattern: outcomes of the counted items, which dimensions apply, what the vetoes say."""
    own = {index: known.named(pattern[k]) for k, index in enumerate(counted)}
    applies = pattern[len(counted) : len(counted) + len(shape.dimensions)]
    vetoed = known.named(pattern[-1])
    rows = [
        _dimension([own[i] for i in items], applied=bool(a)) for items, a in zip(shape.dimensions, applies, strict=True)
    ]
    everything = [*rows, *(own[index] for index in shape.extras)]
    failed = next((one for one in everything if one.status == "failed"), None)
    if failed is not None:
        return known.number(Outcome("failed", failed.reason))
    if vetoed.status == "failed":
        return pattern[-1]
    stopped = next((one for one in everything if one.status in ("blocked", "missing")), None)
    if stopped is not None:
        return known.number(Outcome("blocked", stopped.reason))
    if vetoed.status == "blocked":
        return pattern[-1]
    if rows and all(one.status == "not_applicable" for one in rows):
        return known.number(_NOT_APPLICABLE)
    return pattern[-1]


def _dimension(items: Sequence[Outcome], *, applied: bool) -> Outcome:
    """Of a dimension: what failed first, then what is missing, then whether enough is present."""
    troubled = [one for one in items if one.status in _TROUBLED]
    if troubled:
        stop = next((one for one in troubled if one.status == "failed"), troubled[0])
        return Outcome("failed" if stop.status == "failed" else "blocked", stop.reason)
    return Outcome("scored") if applied else _NOT_APPLICABLE
