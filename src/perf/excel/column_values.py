"""A whole column of cells as values of its measure: what is plainly right at once, everything else cell by cell."""

import re
from collections.abc import Collection, Iterator, Sequence
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache
from typing import NamedTuple, cast

from perf.excel.cells import CellKind, CellRecord
from perf.excel.values import WRITTEN, Column, ValueReading, read_value
from perf.kernel.figures import exact_text
from perf.specs.models import Measure

_NUMBERS = ("number", "score")
_TEXTS = ("rating", "text")
_DIGITS_MAX = 15
_ZEROS_BEHIND = re.compile(r"(\.[0-9]*[1-9])0+$|\.0+$", re.MULTILINE)


class ColumnReading(NamedTuple):
    """What a column gives.

    Args:
        texts: A value for each cell in the form of stored facts; None where there is none, or it is not plainly right.
        doubtful: The indices of the cells of which there is something to say.
    """

    texts: list[str | None]
    doubtful: list[int]
    is_text: bool


def read_column(
    texts: Sequence[str | None], kinds: CellKind | Sequence[CellKind], column: Column, *, knows_kinds: bool = True
) -> ColumnReading:
    """Read the cells of a column.

    Args:
        texts: As `CellRecord.value`; None where no cell stands.
        kinds: The kind of all, or of each.
        knows_kinds: Whether there is something to say of a number that is a text.
    """
    if not knows_kinds and kinds == "text" and _decimals("number", column) is not None:
        return _of_texts(texts, column)
    if isinstance(kinds, str) and (limit := _decimals(kinds, column)) is not None:
        where: Sequence[int] = range(len(texts))
        said = [text for text in texts if text is not None] if None in texts else cast("Sequence[str]", texts)
        if len(said) != len(texts):
            where = [n for n, text in enumerate(texts) if text is not None]
        lines = "\n".join(said) + "\n"
        doubtful = set(_not_plain(lines, where, limit))
        doubtful.update(_outside(lines, where, doubtful, column.measure))
        found = list(texts)
        for index in doubtful:
            found[index] = None
        return ColumnReading(found, sorted(doubtful), is_text=False)
    return _by_text(texts, kinds, column, knows_kinds=knows_kinds)


def _of_texts(texts: Sequence[str | None], column: Column) -> ColumnReading:
    """Numbers that stand in texts: those written plainly at once, each of the others once."""
    filled = [text for text in texts if text is not None]
    lines = "\n".join(filled) + "\n"
    if lines.count("\n") != max(len(filled), 1):
        return _by_text(texts, "text", column, knows_kinds=False)
    bare = iter(_ZEROS_BEHIND.sub(r"\1", lines).split("\n"))
    found, _, _ = read_column([None if text is None else next(bare) for text in texts], "number", column)
    left = [index for index, text in enumerate(texts) if text is not None and found[index] is None]
    others = _by_text([texts[index] for index in left], "text", column, knows_kinds=False)
    for index, text in zip(left, others.texts, strict=True):
        found[index] = text
    return ColumnReading(found, [left[at] for at in others.doubtful], is_text=False)


def _decimals(kind: CellKind, column: Column) -> int | None:
    """How many decimals a number may have that is taken as it stands; None where it is not."""
    measure = column.measure
    if measure.answers not in _NUMBERS:
        return None
    written = measure.unit in WRITTEN
    is_right = (kind == "number" and not written and column.is_own_unit) or (
        kind == "percent" and measure.unit != "percentage_points" and (written or measure.unit == "ratio")
    )
    if not is_right:
        return None
    return _DIGITS_MAX if measure.digits == "exact" else min(measure.digits, _DIGITS_MAX)


def _not_plain(lines: str, where: Sequence[int], limit: int) -> Iterator[int]:
    """The cells whose text, a line each, is not that of a stored fact with at most so many decimals."""
    if lines.count("\n") != max(len(where), 1):  # texts of several lines are no numbers
        yield from where
        return
    pattern, start, line = _plain(limit), 0, 0
    while line < len(where):
        match = pattern.match(lines, start)
        end = match.end() if match is not None else start
        line += lines.count("\n", start, end)
        if line < len(where):
            yield where[line]
            line += 1
            start = lines.index("\n", end) + 1


@lru_cache(maxsize=32)
def _plain(limit: int) -> re.Pattern[str]:
    part = rf"-?(?:0|[1-9]\d{{0,14}})\.\d{{0,{limit - 1}}}[1-9]" if limit else "(?!)"
    return re.compile(rf"(?:(?:{part}|0|-?[1-9]\d{{0,14}})\n)*+", re.ASCII)


def _outside(lines: str, where: Sequence[int], left_out: Collection[int], measure: Measure) -> list[int]:
    """The cells whose number is below or above what the measure takes; exact."""
    low, high = measure.minimum, measure.maximum
    if low is not None and low <= 0 and "-" not in lines:
        low = None
    if low is None and high is None:
        return []
    texts = zip(where, lines.split("\n"), strict=False)
    numbers = [(index, Decimal(text)) for index, text in texts if index not in left_out]
    if not numbers:
        return []
    every = [number for _, number in numbers]
    if (low is None or Fraction(min(every)) >= low) and (high is None or Fraction(max(every)) <= high):
        return []
    return [
        index
        for index, number in numbers
        if (low is not None and Fraction(number) < low) or (high is not None and Fraction(number) > high)
    ]


def _by_text(
    texts: Sequence[str | None], kinds: CellKind | Sequence[CellKind], column: Column, *, knows_kinds: bool
) -> ColumnReading:
    """Every text once, whatever the number of cells that hold it."""
    known: dict[tuple[CellKind, str], ValueReading] = {}
    shown: dict[tuple[CellKind, str], str | None] = {}
    found: list[str | None] = []
    doubtful: list[int] = []
    is_text = column.measure.answers in _TEXTS
    for index, text in enumerate(texts):
        if text is None:
            found.append(None)
            continue
        key = (kinds if isinstance(kinds, str) else kinds[index], text)
        reading = known.get(key)
        if reading is None:
            reading = known[key] = read_value(CellRecord("", 0, 0, text, key[0]), column)
            shown[key] = _text_of(reading.value)
        is_other = reading.value is not None and isinstance(reading.value, str) != is_text
        is_said = any(knows_kinds or finding.code != "number-as-text" for finding in reading.findings)
        if is_said or is_other:
            doubtful.append(index)
            found.append(None)
        else:
            found.append(shown[key])
    return ColumnReading(found, doubtful, is_text)


def _text_of(value: Fraction | str | None) -> str | None:
    if value is None:
        return None
    return value if isinstance(value, str) else exact_text(value)
