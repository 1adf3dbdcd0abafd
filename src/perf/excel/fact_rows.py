"""Very many facts in columns: the rows of a table that are sound, kept by row and measure, each made when it is looked at.

Everything is in the order of keys, so nothing depends on how the table was laid out.
"""

import hashlib
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from itertools import accumulate, product
from operator import itemgetter
from typing import Any, NamedTuple, overload

import numpy as np
import numpy.typing as npt

from perf.excel.cells import cell_name, column_number
from perf.excel.near_figures import NearFigures, chosen, joined, near_figures, nearest
from perf.excel.numbers import plain_number
from perf.kernel.facts import Fact, FactKey, FactSource
from perf.kernel.figures import exact_text, read_exact
from perf.kernel.periods import Period

Indices = npt.NDArray[np.int64]
Codes = npt.NDArray[Any]
_CODES_MAX = 1 << 62
_SUBJECT_OF, _MEASURE_OF, _PERIOD_OF, _DETAIL_OF = itemgetter(0), itemgetter(1), itemgetter(2), itemgetter(3, 4)
_PERIOD = FactKey._fields.index("period")


class FactColumn(NamedTuple):
    """The values of one measure, one for each row of its block.

    Args:
        measure: Its code.
        column: Number of the sheet's column.
        texts: Exact texts as `exact_text` writes them (texts of ratings as they are); None where there is no fact.
        is_text: Whether the values are texts and no numbers.
    """

    measure: str
    column: int
    texts: Sequence[str | None]
    is_text: bool


@dataclass(frozen=True, slots=True)
class FactBlock:
    """Facts of rows of one table.

    Attributes:
        table: Which table of its file, in reading order.
        bases: The key of each row, without a measure.
        numbers: The number of each row on its sheet.
    """

    table: int
    file: str
    sheet: str
    sender: str
    bases: Sequence[FactKey]
    numbers: Sequence[int]
    columns: tuple[FactColumn, ...]

    def fact(self, row: int, column: int) -> Fact:
        """The fact of a row (by its index) and a column (by its index)."""
        measure, number, texts, is_text = self.columns[column]
        subject, _, period, item, counterparty = self.bases[row]
        source = FactSource(self.file, self.sheet, cell_name(self.numbers[row], number), self.sender)
        text = texts[row]
        assert text is not None  # noqa: S101
        return Fact(FactKey(subject, measure, period, item, counterparty), text if is_text else number_of(text), source)


class Line(NamedTuple):
    """A fact as it is stored: its key, its value as text, and where it stands."""

    subject: str
    measure: str
    period: Period
    item: str
    counterparty: str
    text: str
    is_text: bool
    sheet: str
    cell: str
    sender: str


class KeyColumns(NamedTuple):
    """Keys by column: for each position which of the names it has; `details` are items with counterparties."""

    subjects: Sequence[str]
    measures: Sequence[str]
    periods: Sequence[Period]
    details: Sequence[tuple[str, str]]
    subject: Indices
    measure: Indices
    period: Indices
    detail: Indices


class _Ranks:
    """Every part of a key by its rank, so that keys are compared as whole numbers."""

    def __init__(self, keys: Iterable[Sequence[FactKey]], measures: Iterable[str]) -> None:
        subjects: set[str] = set()
        periods: set[Period] = set()
        details: set[tuple[str, str]] = set()
        named: set[str] = set(measures)
        for some in keys:
            subjects.update(map(_SUBJECT_OF, some))
            periods.update(map(_PERIOD_OF, some))
            details.update(map(_DETAIL_OF, some))
            named.update(map(_MEASURE_OF, some))
        named.discard("")
        self.subjects = {one: rank for rank, one in enumerate(sorted(subjects))}
        self.measures = {one: rank for rank, one in enumerate(sorted(named))}
        self.periods = {one: rank for rank, one in enumerate(sorted(periods))}
        self.details = {one: rank for rank, one in enumerate(sorted(details))}
        self.of_period = len(details)
        self.of_measure = self.of_period * len(periods)
        self.of_subject = self.of_measure * len(named)
        self.kind: type[Any] = np.int64 if self.of_subject * len(subjects) < _CODES_MAX else object

    def codes(self, keys: Sequence[FactKey]) -> Codes:
        """The places of keys, all of whose parts are among these."""

        def ranked(ranks: Mapping[Any, int], part: Callable[[FactKey], object]) -> Codes:
            found = np.fromiter(map(ranks.__getitem__, map(part, keys)), dtype=np.int64, count=len(keys))
            return found.astype(self.kind, copy=False)

        found: Codes = (
            ranked(self.subjects, _SUBJECT_OF) * self.of_subject
            + ranked({"": 0, **self.measures}, _MEASURE_OF) * self.of_measure
            + ranked(self.periods, _PERIOD_OF) * self.of_period
            + ranked(self.details, _DETAIL_OF)
        )
        return found

    def code(self, key: FactKey) -> int:
        """The key's place among all keys.

        Raises:
            KeyError: a part that is not among these.
        """
        subject, measure, period, item, counterparty = key
        rank = self.measures[measure] if measure else 0
        return (
            self.subjects[subject] * self.of_subject
            + rank * self.of_measure
            + self.periods[period] * self.of_period
            + self.details[item, counterparty]
        )


class FactRows(Sequence[Fact]):
    """Facts in the order of their keys, each key once."""

    def __init__(self, single: Sequence[Fact], blocks: Sequence[FactBlock]) -> None:
        """All of them; where a key stands several times, all its facts are here until `without` takes some away."""
        self._single = single
        self._blocks = blocks
        sizes = (len(block.bases) * len(block.columns) for block in blocks)
        self._starts = list(accumulate(sizes, initial=len(single)))
        measures = {column.measure for block in blocks for column in block.columns}
        keys = [fact.key for fact in single]
        self._ranks = _Ranks([keys, *(block.bases for block in blocks)], measures)
        self._about: AbstractSet[tuple[str, Period]] | None = None
        self._counts: dict[tuple[str, Period], int] | None = None
        codes, names = self._coded(keys)
        order = np.argsort(codes, kind="stable")
        self._codes, self._names = codes[order], names[order]

    @classmethod
    def of(cls, facts: Sequence[Fact]) -> "FactRows":
        """The facts as such rows."""
        return facts if isinstance(facts, FactRows) else cls(facts, ())

    def _coded(self, keys: Sequence[FactKey]) -> tuple[Codes, Indices]:
        ranks = self._ranks
        codes = [ranks.codes(keys)]
        names: list[Indices] = [np.arange(len(self._single), dtype=np.int64)]
        start = len(self._single)
        for block in self._blocks:
            rows = ranks.codes(block.bases)
            numbers = np.arange(len(rows), dtype=np.int64) * len(block.columns) + start
            for index, column in enumerate(block.columns):
                code = rows + ranks.measures[column.measure] * ranks.of_measure
                name = numbers + index
                if None in column.texts:
                    there = np.array([text is not None for text in column.texts], dtype=bool)
                    code, name = code[there], name[there]
                codes.append(code)
                names.append(name)
            start += len(rows) * len(block.columns)
        return np.concatenate(codes), np.concatenate(names)

    def _place(self, name: int) -> tuple[FactBlock | None, int, int]:
        """The block, row and column of a name; a single fact has no block."""
        if name < len(self._single):
            return None, name, 0
        which = bisect_right(self._starts, name) - 1
        block = self._blocks[which]
        row, column = divmod(name - self._starts[which], len(block.columns))
        return block, row, column

    def _fact(self, name: int) -> Fact:
        block, row, column = self._place(name)
        return self._single[row] if block is None else block.fact(row, column)

    def __len__(self) -> int:
        return len(self._names)

    @overload
    def __getitem__(self, index: int) -> Fact: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[Fact]: ...
    def __getitem__(self, index: int | slice) -> Fact | Sequence[Fact]:
        if isinstance(index, slice):
            return tuple(self._fact(int(name)) for name in self._names[index])
        return self._fact(int(self._names[index]))

    def __iter__(self) -> Iterator[Fact]:
        return (self._fact(name) for name in self._listed())

    def _listed(self) -> Iterator[int]:
        for start in range(0, len(self._names), 1 << 14):
            yield from self._names[start : start + (1 << 14)].tolist()

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Sequence):
            return NotImplemented
        return len(self) == len(other) and all(one == two for one, two in zip(self, other, strict=True))

    __hash__ = None  # type: ignore[assignment]

    def repeated(self) -> list[list[int]]:
        """The positions of the facts that stand under one key, for every key with several; within each as they were read."""
        same = np.flatnonzero(self._codes[1:] == self._codes[:-1])
        groups: list[list[int]] = []
        for index in same.tolist():
            if groups and groups[-1][-1] == index:
                groups[-1].append(index + 1)
            else:
                groups.append([index, index + 1])
        return groups

    def table_of(self, position: int, of_single: Sequence[int]) -> int:
        """The table that a fact stands in; of the single ones `of_single` tells it."""
        block, index, _ = self._place(int(self._names[position]))
        return block.table if block is not None else of_single[index]

    def without(self, positions: Collection[int]) -> "FactRows":
        """The same without the facts at these positions."""
        if not positions:
            return self
        kept = np.ones(len(self._names), dtype=bool)
        kept[np.fromiter(positions, dtype=np.int64, count=len(positions))] = False
        found = object.__new__(FactRows)
        found._single, found._blocks, found._ranks = self._single, self._blocks, self._ranks
        found._starts = self._starts
        found._about = found._counts = None
        found._codes, found._names = self._codes[kept], self._names[kept]
        return found

    def find(self, keys: Iterable[FactKey]) -> list[int | None]:
        """The positions of the facts under these keys, None where there is none."""
        codes: list[int] = []
        for key in keys:
            try:
                codes.append(self._ranks.code(key))
            except KeyError:
                codes.append(-1)
        if not len(self._codes):
            return [None] * len(codes)
        wanted = np.array(codes, dtype=self._ranks.kind)
        places = np.minimum(np.searchsorted(self._codes, wanted), len(self._codes) - 1)
        there = (self._codes[places] == wanted).tolist()
        return [place if is_there else None for place, is_there in zip(places.tolist(), there, strict=True)]

    def value(self, position: int) -> tuple[str, bool]:
        """The value as text, and whether it is one."""
        block, row, column = self._place(int(self._names[position]))
        if block is None:
            found = self._single[row].value
            return (found, True) if isinstance(found, str) else (exact_text(found), False)
        chosen = block.columns[column]
        return chosen.texts[row] or "", chosen.is_text

    def counts(self) -> dict[tuple[str, Period], int]:
        """Measure and period → how many facts are of them."""
        if self._counts is None:
            ranks = self._ranks
            size = max(1, len(ranks.periods) * len(ranks.measures))
            counts = np.bincount(((self._codes // max(1, ranks.of_period)) % size).astype(np.int64), minlength=size)
            pairs = product(ranks.measures, ranks.periods)
            self._counts = {pair: count for pair, count in zip(pairs, counts.tolist(), strict=False) if count}
        return self._counts

    def measures(self) -> dict[str, int]:
        """Measure → how many facts are of it."""
        found: dict[str, int] = {}
        for (measure, _), count in self.counts().items():
            found[measure] = found.get(measure, 0) + count
        return found

    def key_columns(self) -> KeyColumns:
        """Subject, measure, period and detail of every position."""
        ranks = self._ranks
        rest, detail = np.divmod(self._codes, max(ranks.of_period, 1))
        rest, period = np.divmod(rest, max(len(ranks.periods), 1))
        subject, measure = np.divmod(rest, max(len(ranks.measures), 1))
        columns = (part.astype(np.int64) for part in (subject, measure, period, detail))
        return KeyColumns(
            tuple(ranks.subjects), tuple(ranks.measures), tuple(ranks.periods), tuple(ranks.details), *columns
        )

    def figures(self) -> NearFigures:
        """The value of every position; none where it is a text."""
        numbers = [value if isinstance(value, Fraction) else None for _, value, _ in self._single]
        floats = np.array([np.nan if number is None else nearest(number) for number in numbers], dtype=np.float64)
        parts = [NearFigures(floats, {at: number for at, number in enumerate(numbers) if number is not None})]
        for block in self._blocks:
            width = len(block.columns)
            table = np.full((len(block.bases), width), np.nan)
            others: dict[int, Fraction] = {}
            for index, column in enumerate(block.columns):
                if not column.is_text:
                    near = near_figures(column.texts)
                    table[:, index] = near.floats
                    others.update((row * width + index, number) for row, number in near.others.items())
            parts.append(NearFigures(table.reshape(-1), others))
        return chosen(joined(parts), self._names)

    def column_at(self, position: int) -> tuple[str, int]:
        """The sheet and the number of the column that a fact stands in."""
        block, row, column = self._place(int(self._names[position]))
        if block is not None:
            return block.sheet, block.columns[column].column
        source = self._single[row].source
        return source.sheet, column_number(source.cell.rstrip("0123456789"))

    def who(self) -> list[str]:
        """Who reports, sorted."""
        who = list(self._ranks.subjects)
        found = np.unique((self._codes // max(1, self._ranks.of_subject)).astype(np.int64))
        return [who[code] for code in found.tolist()]

    def subjects(self) -> AbstractSet[tuple[str, Period]]:
        """Who reports for which period."""
        if self._about is None:
            self._about = frozenset(self._who_and_when())
        return self._about

    def _who_and_when(self) -> Iterator[tuple[str, Period]]:
        ranks = self._ranks
        if not len(self._codes):
            return
        periods = (self._codes // ranks.of_period) % len(ranks.periods)
        both = np.unique(((self._codes // ranks.of_subject) * len(ranks.periods) + periods).astype(np.int64))
        who, when = list(ranks.subjects), list(ranks.periods)
        for code in both.tolist():
            yield who[code // len(when)], when[code % len(when)]

    def at_cells(self, cells: Collection[tuple[str, str]]) -> list[int]:
        """The positions of the facts that stand in these cells (sheet, cell)."""
        if not cells:
            return []
        names = [n for n, fact in enumerate(self._single) if (fact.source.sheet, fact.source.cell) in cells]
        start = len(self._single)
        for block in self._blocks:
            columns = {column.column: index for index, column in enumerate(block.columns)}
            for sheet, cell in cells:
                letters = cell.rstrip("0123456789")
                row = bisect_left(block.numbers, int(cell[len(letters) :] or 0))
                is_there = sheet == block.sheet and row < len(block.numbers)
                index = columns.get(column_number(letters)) if is_there else None
                if index is not None and cell_name(block.numbers[row], block.columns[index].column) == cell:
                    names.append(start + row * len(block.columns) + index)
            start += len(block.bases) * len(block.columns)
        found: list[int] = np.flatnonzero(np.isin(self._names, np.array(names, dtype=np.int64))).tolist()
        return found

    def digest(self) -> bytes:
        """32 bytes that stand for these facts: others as soon as a key, a value, a sender, or which facts they are differ.

        It goes by columns, so the same facts laid out otherwise have another one.
        """
        found = hashlib.sha256()
        keys, values, sources = zip(*self._single, strict=True) if self._single else ((), (), ())
        texts = [value if isinstance(value, str) else exact_text(value) for value in values]
        kinds = ["text" if isinstance(value, str) else "" for value in values]
        for part in (*_key_parts(keys), texts, kinds, [source.sender for source in sources]):
            _take(found, part)
        for block in self._blocks:
            _take(found, [block.sender, *(f"{column.measure} {column.is_text}" for column in block.columns)])
            for part in _key_parts(block.bases):
                _take(found, part)
            for column in block.columns:
                _take(found, [text or "" for text in column.texts] if None in column.texts else column.texts)
        found.update(self._names.tobytes())
        return found.digest()

    def lines(self) -> Iterator[Line]:
        """All facts as they are stored, in order."""
        for name in self._listed():
            block, row, column = self._place(name)
            if block is None:
                key, value, source = self._single[row]
                is_text = isinstance(value, str)
                text = value if isinstance(value, str) else exact_text(value)
                yield Line(*key, text, is_text, source.sheet, source.cell, source.sender)
                continue
            measure, number, texts, is_text = block.columns[column]
            subject, _, period, item, counterparty = block.bases[row]
            cell = cell_name(block.numbers[row], number)
            text = texts[row] or ""
            yield Line(subject, measure, period, item, counterparty, text, is_text, block.sheet, cell, block.sender)


def _key_parts(keys: Sequence[FactKey]) -> Iterator[Sequence[str]]:
    """Subjects, measures, periods, items and counterparties of keys."""
    for index, part in enumerate(zip(*keys, strict=True)):
        yield list(map({one: str(one) for one in set(part)}.__getitem__, part)) if index == _PERIOD else part


def _take(digest: "hashlib._Hash", texts: Sequence[Any]) -> None:
    """Texts into a digest, so that no other texts give the same bytes: with their lengths where a line break is in one."""
    joined = "\n".join(texts)
    lengths = b"" if joined.count("\n") < len(texts) else np.fromiter(map(len, texts), np.int64).tobytes()
    raw = joined.encode("utf-8", "surrogatepass")
    digest.update(b"%d %d %d\n" % (len(texts), len(lengths), len(raw)) + lengths)
    digest.update(raw)


@lru_cache(maxsize=1 << 16)
def number_of(text: str) -> Fraction:
    """The number that an exact text stands for."""
    return read_exact(text) if "/" in text else plain_number(text)
