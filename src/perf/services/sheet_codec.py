"""Columns and scores of columns as bytes: a line of JSON that says what follows, then the arrays as they are.

Little-endian, each array in the narrowest whole-number type that holds it; the same columns give the same bytes.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import lcm
from typing import Any

import numpy as np
from numpy.typing import NDArray

from perf.kernel.figures import exact_text, parse_number
from perf.kernel.periods import parse_period
from perf.scoring.columnar import Columns, ColumnScores, Numbers
from perf.scoring.columnar.cells import Words
from perf.scoring.columnar.columns import Column
from perf.storage.canonical import canonical_json

Array = NDArray[Any]
_DIGITS_MAX = 9
_WIDTHS = (np.int8, np.int16, np.int32, np.int64)


@dataclass(frozen=True, slots=True)
class StoredPlace:
    """An indicator of a scheme as it was scored: its dimension (or `extra`), full points, digits of its points."""

    parent: str
    indicator: str
    out_of: Fraction
    digits: int


@dataclass(frozen=True, slots=True)
class StoredScores:
    """Points and outcomes of every subject, in the order of the columns they were made from.

    Attributes:
        points: One array a place, in units of the last digit; meaningless where the outcome gives none.
        outcomes: One array a place: index of `named`.
        named: (status, reason) by number.
    """

    places: tuple[StoredPlace, ...]
    points: tuple[Array, ...]
    outcomes: tuple[Array, ...]
    named: tuple[tuple[str, str], ...]

    def points_of(self, place: int, row: int) -> Fraction | None:
        """The declared points of one row; None where there are none."""
        if self.named[int(self.outcomes[place][row])][0] not in ("scored", "filled"):
            return None
        return Fraction(int(self.points[place][row]), 10 ** self.places[place].digits)


def write_columns(columns: Columns) -> bytes:
    """The bytes of what was scored.

    Raises:
        ValueError: a column of several kinds, or of figures beyond 64 bits.
    """
    arrays: list[Array] = []
    told = {
        "subjects": list(columns.subjects),
        "period": str(columns.period),
        "measures": [
            [code, str(period), _tell(column, arrays)] for (code, period), column in sorted(columns.measures.items())
        ],
        "attributes": [[name, _tell(column, arrays)] for name, column in sorted(columns.attributes.items())],
        "groups": None if columns.groups is None else _keep(columns.groups, arrays),
    }
    return _joined(told, arrays)


def read_columns(content: bytes) -> Columns:
    """The columns that `write_columns` wrote."""
    told, arrays = _parted(content)
    rows = len(told["subjects"])
    measures = {(code, parse_period(at)): _column(one, arrays, rows) for code, at, one in told["measures"]}
    attributes = {name: _column(one, arrays, rows) for name, one in told["attributes"]}
    groups = None if told["groups"] is None else arrays[told["groups"]].astype(np.int64)
    return Columns(tuple(told["subjects"]), parse_period(told["period"]), measures, attributes, groups)


def write_scores(scores: ColumnScores) -> bytes:
    """The bytes of points and outcomes; totals are rows of their own.

    Raises:
        ValueError: points that no whole number of at most 9 decimals can say.
    """
    arrays: list[Array] = []
    rows = len(scores.columns)
    whole = [whole_figures(one[:rows], p.digits) for one, p in zip(scores.points, scores.places, strict=True)]
    told = {
        "places": [
            [p.parent, p.indicator, exact_text(p.out_of), digits]
            for p, (_, digits) in zip(scores.places, whole, strict=True)
        ],
        "points": [_keep(one, arrays) for one, _ in whole],
        "outcomes": [_keep(one[:rows], arrays) for one in scores.outcomes],
        "named": [list(scores.known.named(number)) for number in range(len(scores.known))],
    }
    return _joined(told, arrays)


def whole_figures(column: Array, digits: int | None) -> tuple[Array, int]:
    """Figures in units of their last digit, with their digits; fractions (digits None) get as many as they need.

    Raises:
        ValueError: a figure that needs more than 9 decimals, or 64 bits.
    """
    if digits is not None:
        return column, digits
    figures = [one if isinstance(one, Fraction) else Fraction(0) for one in column.tolist()]
    below = lcm(*(one.denominator for one in figures))
    found = next((d for d in range(_DIGITS_MAX + 1) if 10**d % below == 0), None)
    if found is None:
        raise ValueError("figures that are no decimals")
    return np.array([int(one * 10**found) for one in figures], dtype=np.int64), found


def read_scores(content: bytes) -> StoredScores:
    """The points and outcomes that `write_scores` wrote."""
    told, arrays = _parted(content)
    places = tuple(StoredPlace(a, b, parse_number(out_of), digits) for a, b, out_of, digits in told["places"])
    points, outcomes = (tuple(arrays[k] for k in told[name]) for name in ("points", "outcomes"))
    return StoredScores(places, points, outcomes, tuple((status, reason) for status, reason in told["named"]))


def _tell(column: Column, arrays: list[Array]) -> Mapping[str, Any]:
    match column:
        case Numbers():
            present = None if column.present is None else _keep(column.present, arrays)
            return {"above": _keep(column.above, arrays), "below": column.below, "present": present}
        case Words():
            return {"codes": _keep(column.codes, arrays), "words": list(column.words)}
        case _:
            raise ValueError("a column of several kinds of values")


def _column(told: Mapping[str, Any], arrays: Sequence[Array], rows: int) -> Column:
    if "words" in told:
        return Words(arrays[told["codes"]].astype(np.int32), tuple(told["words"]))
    present = None if told["present"] is None else arrays[told["present"]].astype(np.bool_)
    above = arrays[told["above"]].astype(np.int64)
    if len(above) != rows:
        raise ValueError("a column of another length")
    return Numbers.of(above, told["below"], present)


def _keep(array: Array, arrays: list[Array]) -> int:
    """Put an array behind the others; its place among them."""
    if array.dtype == object:
        raise ValueError("figures beyond 64 bits")
    low, high = (int(array.min()), int(array.max())) if len(array) else (0, 0)
    width = next(one for one in _WIDTHS if np.iinfo(one).min <= low and high <= np.iinfo(one).max)
    arrays.append(np.ascontiguousarray(array, dtype=np.dtype(width).newbyteorder("<")))
    return len(arrays) - 1


def _joined(told: Mapping[str, Any], arrays: Sequence[Array]) -> bytes:
    shapes = [[array.dtype.itemsize, len(array)] for array in arrays]
    head = canonical_json({**told, "arrays": shapes}).encode()
    return b"".join([head, b"\n", *(array.tobytes() for array in arrays)])


def _parted(content: bytes) -> tuple[dict[str, Any], list[Array]]:
    head, _, rest = content.partition(b"\n")
    told: dict[str, Any] = json.loads(head)
    arrays: list[Array] = []
    at = 0
    for size, count in told["arrays"]:
        arrays.append(np.frombuffer(rest, dtype=f"<i{size}", count=count, offset=at))
        at += size * count
    if at != len(rest):
        raise ValueError("bytes are missing or added")
    return told, arrays
