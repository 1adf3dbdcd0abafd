"""Rows of a sheet's XML that are written as spreadsheet programs write them, read many at a time into columns.

What is not plain is left to the parser that reads tag by tag; both give the same cells.
"""

import re
from bisect import bisect_left
from collections.abc import Callable, Iterator, Sequence
from itertools import pairwise
from operator import lt

from perf.excel.cell_blocks import BlockColumn, CellBlock
from perf.excel.cells import CellKind, column_number
from perf.excel.guard import Limits, too_long
from perf.excel.row_forms import CellForm, Habit, RowForm, Run, attributes_of, resolved, row_form, runs_of
from perf.excel.stored_values import StoredValues, rounded_text

Kinds = CellKind | list[CellKind]
_Read = tuple[list[str | None], Kinds, list[str] | None]
_COLUMNS_MAX = 256
_HEADING_ROWS_MAX = 64
_KNOWN_MAX = 4_096  # types and styles of cells; a person has made some dozens
_FORMS_MAX = 6
_STRAYS_MAX = 200
_PLACES = re.compile(r'<c r="([A-Z]{1,3})[1-9]')
_STYLE = re.compile(r"\d{1,6}", re.ASCII)
_TYPE = re.compile(r"\w+", re.ASCII)
_FORMULA = re.compile(r"<f([^<>]*?)(?:/>|>([^<]*)</f>)")
_NUMBERS = re.compile(  # as they are kept, or 5.0
    r"(?:-?(?:\d{1,15}|\d{1,9}\.\d{0,5}[1-9]|(?:0|[1-9]\d{0,12})\.(?:0|\d{5,29}[1-9]))\n)*+", re.ASCII
)
_EXACT_MAX = 15  # characters of a number that has no digits to be rounded


class NotPlainError(Exception):
    """These rows have to be read tag by tag."""


class _Known(dict[str, tuple[str, CellKind]]):
    """What the cells of one type and style mean, by what they hold."""

    def __init__(self, values: StoredValues, stored: str, style: int) -> None:
        super().__init__()
        self.stored = stored
        self.shown = values.shown(style)
        self._read: Callable[[str], tuple[str, CellKind]] = lambda raw: values.read(stored, style, raw)

    def __missing__(self, raw: str) -> tuple[str, CellKind]:
        try:
            found = self[raw] = self._read(resolved(raw))
        except ValueError as error:
            raise NotPlainError from error
        return found


class _Column:
    """A column as it grows; `kinds` with the row from which on they hold."""

    def __init__(self, number: int, rows: int) -> None:
        self.number = number
        self.values: list[str | None] = [None] * rows
        self.kinds: list[tuple[int, Kinds]] = [(0, "blank")]
        self.formulas: list[str] | None = None

    def add(self, values: Sequence[str | None], kinds: Kinds, formulas: list[str] | None) -> None:
        before, count = len(self.values), len(values)
        if kinds != self.kinds[-1][1] or not isinstance(kinds, str):
            self.kinds.append((before, kinds))
        if formulas is not None or self.formulas is not None:
            self.formulas = (self.formulas or [""] * before) + (formulas or [""] * count)
        self.values += values

    def heading(self) -> int:
        """How many of the first rows are of another kind than all the others; 0 where there is no such line."""
        below = self._kinds_in(_HEADING_ROWS_MAX, len(self.values))
        if len(below) != 1:
            return 0
        other = (n for n in range(min(_HEADING_ROWS_MAX, len(self.values)) - 1, -1, -1) if self.values[n] is not None)
        return next((n + 1 for n in other if self._kinds_in(n, n + 1) != below), 0)

    def part(self, first: int, end: int) -> BlockColumn:
        """The column in some of the rows."""
        several = self._kinds_in(first, end)
        kinds: Kinds = several.pop() if len(several) == 1 else [*self._kinds_of(first, end)] if several else "blank"
        formulas = self.formulas[first:end] if self.formulas is not None else None
        return BlockColumn(self.number, self.values[first:end], kinds, formulas if formulas and any(formulas) else None)

    def _stretches(self, first: int, end: int) -> Iterator[tuple[int, int, Kinds]]:
        """The kinds from row `first` to `end`, and from where to where they hold."""
        ends = [start for start, _ in self.kinds[1:]] + [len(self.values)]
        for (start, kinds), stop in zip(self.kinds, ends, strict=True):
            low, high = max(start, first), min(stop, end)
            if low < high:
                yield low, high, kinds if isinstance(kinds, str) else kinds[low - start : high - start]

    def _kinds_of(self, first: int, end: int) -> Iterator[CellKind]:
        for low, high, kinds in self._stretches(first, end):
            yield from [kinds] * (high - low) if isinstance(kinds, str) else kinds

    def _kinds_in(self, first: int, end: int) -> set[CellKind]:
        """The kinds of the values."""
        found: set[CellKind] = set()
        for low, high, kinds in self._stretches(first, end):
            values = self.values[low:high]
            if not isinstance(kinds, str):
                found.update(kind for value, kind in zip(values, kinds, strict=True) if value is not None)
            elif kinds not in found and any(value is not None for value in values):
                found.add(kinds)
        return found


class PlainRows:
    """Gathers the plain rows of one sheet."""

    def __init__(self, sheet: str, values: StoredValues, limits: Limits) -> None:
        self.hidden: set[int] = set()
        self.characters = 0
        self.last_row = self.last_column = 0
        self._sheet = sheet
        self._stored = values
        self._limits = limits
        self._width = 0
        self._habits: list[Habit] = []
        self._narrow: RowForm | None = None
        self._narrow_of: tuple[Habit, ...] = ()
        self._forms = self._strays = 0
        self._numbers: list[int] = []
        self._columns: list[_Column] = []
        self._known: dict[str, _Known] = {}

    def runs(self, text: str, start: int) -> Iterator[tuple[Run, RowForm]]:
        """The text from `start` in order: rows that look plain, many at a time, and what stands between them.

        Whoever looks through them gives those with rows to `keep` before the next.
        """
        narrow = self._learned()
        if narrow is None:
            yield from self._in_any_form(text, start, len(text))
            return
        for run in runs_of(narrow, text, start, len(text)):
            if run.rows:
                yield run, narrow
            else:
                self._strays += 1
                yield from self._in_any_form(text, run.start, run.end)

    def _learned(self) -> RowForm | None:
        """The form of rows like those before; None where nothing is known, or too many were of another."""
        habits = tuple(self._habits)
        if self._strays > _STRAYS_MAX or not habits:
            return None
        if self._narrow_of != habits and self._forms < _FORMS_MAX:
            self._forms += 1
            self._narrow, self._narrow_of = row_form(habits), habits
        return self._narrow

    def _in_any_form(self, text: str, start: int, end: int) -> Iterator[tuple[Run, RowForm]]:
        form = row_form((None,) * self._width)
        for run in runs_of(form, text, start, end):
            if run.rows or not self._widens(text, run.start, run.end):
                yield run, form
            else:
                yield from self._in_any_form(text, run.start, run.end)

    def _widens(self, text: str, start: int, end: int) -> bool:
        """Whether there are cells in a further column."""
        before = self._width
        widest = max(map(column_number, set(_PLACES.findall(text, start, end))), default=0)
        self._width = max(before, min(widest, _COLUMNS_MAX, self._limits.columns))
        return self._width > before

    def holds(self, row: int) -> bool:
        """Whether the row of that number was read here."""
        index = bisect_left(self._numbers, row)
        return index < len(self._numbers) and self._numbers[index] == row

    def keep(self, text: str, run: Run, form: RowForm) -> None:
        """Read the rows of a run of `text`.

        Raises:
            NotPlainError: one of them has to be read tag by tag, so all of them have; none is kept.
            WorkbookRefusedError: damaged, or a text that is too long.
        """
        before = self.characters
        try:
            self._keep(list(zip(*run.rows, strict=True)), form)
            self.last_column = _last_column(text, run)
        except NotPlainError:
            self.characters = before
            raise

    def _keep(self, groups: list[tuple[str | None, ...]], form: RowForm) -> None:
        numbers = list(map(int, groups[0]))  # type: ignore[arg-type]
        is_in_order = all(map(lt, numbers, numbers[1:]))
        if not (self.last_row < numbers[0] and is_in_order and numbers[-1] <= self._limits.rows):
            raise NotPlainError
        hidden = _hidden(numbers, groups[1])
        read = [self._read(*_parts(cell, groups)) for cell in form.cells]
        self.last_row = numbers[-1]
        self.hidden |= hidden
        if form is not self._narrow and self._forms < _FORMS_MAX:
            self._learn(form, groups, len(numbers) // 2)
        if self._has_empty(read):  # rows without a value are no rows
            kept = [n for n in range(len(numbers)) if any(values[n] is not None for values, _, _ in read)]
            read = [_chosen(column, kept) for column in read]
            numbers = [numbers[n] for n in kept]
        count = len(self._numbers)
        while len(self._columns) < len(read):
            self._columns.append(_Column(len(self._columns) + 1, count))
        self._numbers += numbers
        blank: _Read = [None] * len(numbers), "blank", None
        for column, found in zip(self._columns, [*read, *[blank] * len(self._columns)], strict=False):
            column.add(*found)

    def _learn(self, form: RowForm, groups: Sequence[Sequence[str | None]], first: int) -> None:
        """How the cells of the rows from `first` on are written; headers stand before them."""
        self._habits += [Habit()] * (len(form.cells) - len(self._habits))
        for column, (attributes, formula, inline, content) in enumerate(form.cells):
            seen = groups[attributes - 1][first:] if isinstance(attributes, int) else ()
            if written := {one for one in seen if one is not None}:
                texts = zip(groups[inline - 1][first:], groups[content - 1][first:], strict=True)
                forms = {mark is not None for mark, text in texts if text is not None}
                has_formulas = any(groups[formula - 1][first:])
                habit = self._habits[column]
                self._habits[column] = habit.also(
                    written, has_formulas=has_formulas, has_inline=True in forms, has_values=False in forms
                )

    @staticmethod
    def _has_empty(read: Sequence[tuple[list[str | None], object, object]]) -> bool:
        return not any(None not in values for values, _, _ in read)

    def _read(
        self, attributes: str | Sequence[str | None], formulas: Sequence[str | None], raws: Sequence[str | None]
    ) -> _Read:
        written = {attributes} if isinstance(attributes, str) else set(attributes) - {None}
        for one in written:
            self._known_as(one or "")
        values: list[str | None]
        if len(written) == 1:
            values, kinds = self._of_one_kind(self._known[written.pop() or ""], raws)
        else:
            pairs: list[tuple[str, CellKind]] = [
                ("", "blank") if raw is None else self._known[attribute or ""][raw]
                for attribute, raw in zip(attributes, raws, strict=True)
            ]
            values, kinds = _kept(pairs)
        texts = [value for value in values if value is not None]
        lengths = sum(map(len, texts))
        if lengths > self._limits.text_length and max(map(len, texts)) > self._limits.text_length:
            raise too_long()
        self.characters += lengths
        said = [_formula(formula) for formula in formulas] if any(formulas) else None
        if said is not None and any(f and value is None for f, value in zip(said, values, strict=True)):
            raise NotPlainError  # a formula without its value, or one that shows nothing
        return values, kinds, said

    @staticmethod
    def _of_one_kind(known: _Known, raws: Sequence[str | None]) -> tuple[list[str | None], Kinds]:
        is_number = known.stored == "n" and known.shown != "date"
        if is_number and (numbers := _numbers([raw for raw in raws if raw is not None])) is not None:
            kind: CellKind = known.shown if numbers else "blank"
            if len(numbers) == len(raws):
                return [*numbers], kind
            found = iter(numbers)
            return [None if raw is None else next(found) for raw in raws], kind
        return _kept([("", "blank") if raw is None else known[raw] for raw in raws])

    def _known_as(self, attributes: str) -> _Known:
        known = self._known.get(attributes)
        if known is None:
            named = attributes_of(attributes.removesuffix("/"))
            if named is None or len(self._known) >= _KNOWN_MAX:
                raise NotPlainError
            style, stored = named.get("s", "0"), named.get("t", "n")
            if not _STYLE.fullmatch(style) or not _TYPE.fullmatch(stored):
                raise NotPlainError
            known = self._known[attributes] = _Known(self._stored, stored, int(style))
        return known

    def blocks(self) -> tuple[CellBlock, ...]:
        """What was gathered."""
        count = len(self._numbers)
        heading = max((column.heading() for column in self._columns), default=0)
        cuts = [0, heading, count] if 0 < heading < count else [0, count]
        return tuple(self._block(first, end) for first, end in pairwise(cuts) if first < end)

    def _block(self, first: int, end: int) -> CellBlock:
        parts = (column.part(first, end) for column in self._columns)
        columns = tuple(part for part in parts if any(value is not None for value in part.values))
        return CellBlock(self._sheet, self._numbers[first:end], columns)


def _hidden(numbers: Sequence[int], attributes: Sequence[str | None]) -> set[int]:
    """The numbers of the rows that are hidden."""
    hiding: set[str | None] = set()
    for written in set(attributes):
        named = attributes_of((written or "").removesuffix("/"))
        if named is None:
            raise NotPlainError
        if named.get("hidden") in ("1", "true"):
            hiding.add(written)
    return (
        {number for number, written in zip(numbers, attributes, strict=True) if written in hiding} if hiding else set()
    )


def _last_column(text: str, run: Run) -> int:
    places = _PLACES.findall(text, text.rindex("<row ", run.start, run.end), run.end)
    return column_number(places[-1]) if places else 0


def _numbers(raws: Sequence[str]) -> Sequence[str] | None:
    """Numbers as `decimal_text` gives them; None where one of them has to be looked at by itself."""
    if not raws:
        return raws
    numbers = raws
    try:
        if max(map(len, raws)) > _EXACT_MAX:
            numbers = [rounded_text(raw) if len(raw) > _EXACT_MAX else raw for raw in raws]
    except ValueError:
        return None
    lines = "\n".join(numbers) + "\n"
    if lines.count("\n") != len(numbers) or not _NUMBERS.fullmatch(lines):
        return None
    if ".0\n" in lines:  # a program that counts in floats writes 5 so
        lines = lines.replace(".0\n", "\n")
        return lines.split("\n")[:-1] if "-0\n" not in lines else None
    return numbers


def _kept(pairs: Sequence[tuple[str, CellKind]]) -> tuple[list[str | None], Kinds]:
    several = {kind for value, kind in pairs if value}
    values = [value or None for value, _ in pairs]
    if len(several) > 1:
        return values, [kind for _, kind in pairs]
    return values, several.pop() if several else "blank"


def _parts(
    cell: CellForm, groups: Sequence[Sequence[str | None]]
) -> tuple[str | Sequence[str | None], Sequence[str | None], Sequence[str | None]]:
    """Attributes, formulas and contents of a column."""
    attributes = cell.attributes if isinstance(cell.attributes, str) else groups[cell.attributes - 1]
    return attributes, groups[cell.formula - 1] if cell.formula else (), groups[cell.content - 1]


def _formula(element: str | None) -> str:
    if element is None:
        return ""
    match = _FORMULA.fullmatch(element)
    if match is None or attributes_of(match[1]) is None:
        raise NotPlainError
    try:
        return resolved(match[2] or "") or "…"
    except ValueError as error:
        raise NotPlainError from error


def _chosen(column: _Read, kept: Sequence[int]) -> _Read:
    values, kinds, formulas = column
    return (
        [values[n] for n in kept],
        kinds if isinstance(kinds, str) else [kinds[n] for n in kept],
        formulas if formulas is None else [formulas[n] for n in kept],
    )
