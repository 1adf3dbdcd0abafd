"""Rows of a sheet's XML that are written as spreadsheet programs write them, read many at a time into columns.

A row is plain if its cells stand in order, each with its place, at most a formula, and one value. What is not plain is
left to the parser that reads tag by tag; both give the same cells. Whether the XML is well-formed is not seen here.
"""

import re
from bisect import bisect_left
from collections.abc import Callable, Iterator, Sequence
from functools import lru_cache
from itertools import pairwise

from perf.excel.cell_blocks import BlockColumn, CellBlock
from perf.excel.cells import CellKind, column_letters, column_number
from perf.excel.guard import Limits, too_long
from perf.excel.stored_values import StoredValues

Kinds = CellKind | list[CellKind]
_Read = tuple[list[str | None], Kinds, list[str] | None]
_COLUMNS_MAX = 256
_GROUPS = 3
_HEADING_ROWS_MAX = 64
_KNOWN_MAX = 4_096  # types and styles of cells; a person has made some dozens
_PLACES = re.compile(r'<c r="([A-Z]{1,3})[1-9]')
_ATTRIBUTES = re.compile(r'(?: [\w:.]+="[^"&]*")*/?', re.ASCII)
_STYLE = re.compile(r' s="(\d{1,6})"', re.ASCII)
_TYPE = re.compile(r' t="(\w+)"', re.ASCII)
_HIDDEN = re.compile(r' hidden="(?:1|true)"')
_FORMULA = re.compile(r"<f[^<>]*>([^<]*)</f>")
_REFERENCE = re.compile(r"&(?:#(\d{1,7})|#x([0-9A-Fa-f]{1,6})|(lt|gt|amp|quot|apos));")
_NAMED = {"lt": "<", "gt": ">", "amp": "&", "quot": '"', "apos": "'"}
_NUMBERS = re.compile(r"(?:-?(?:\d{1,15}|\d{1,9}\.\d{0,5}[1-9])\n)*+", re.ASCII)  # as `decimal_text` leaves them


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
    """A column as it grows."""

    def __init__(self, number: int) -> None:
        self.number = number
        self.values: list[str | None] = []
        self.kinds: Kinds = "blank"
        self.formulas: list[str] | None = None

    def add(self, values: Sequence[str | None], kinds: Kinds, formulas: list[str] | None) -> None:
        before, count = len(self.values), len(values)
        if not before or (self.kinds == "blank" and isinstance(kinds, str)):
            self.kinds = kinds
        elif kinds not in ("blank", self.kinds) or not isinstance(kinds, str):
            every = [self.kinds] * before if isinstance(self.kinds, str) else self.kinds
            every += [kinds] * count if isinstance(kinds, str) else kinds
            self.kinds = every
        elif not isinstance(self.kinds, str):
            self.kinds += [kinds] * count
        if formulas is not None or self.formulas is not None:
            self.formulas = (self.formulas or [""] * before) + (formulas or [""] * count)
        self.values += values

    def heading(self) -> int:
        """How many of the first rows are of another kind than all the others; 0 where there is no such line."""
        if isinstance(self.kinds, str):
            return 0
        below = self._kinds_in(_HEADING_ROWS_MAX, len(self.values))
        if len(below) != 1:
            return 0
        other = (n for n in range(_HEADING_ROWS_MAX - 1, -1, -1) if self.values[n] is not None)
        return next((n + 1 for n in other if self.kinds[n] not in below), 0)

    def part(self, first: int, end: int) -> BlockColumn:
        """The column in some of the rows."""
        kinds = self.kinds
        if not isinstance(kinds, str):
            several = self._kinds_in(first, end)
            kinds = several.pop() if len(several) == 1 else kinds[first:end]
        formulas = self.formulas[first:end] if self.formulas is not None else None
        return BlockColumn(self.number, self.values[first:end], kinds, formulas if formulas and any(formulas) else None)

    def _kinds_in(self, first: int, end: int) -> set[CellKind]:
        if isinstance(self.kinds, str):
            return {self.kinds}
        filled = zip(self.values[first:end], self.kinds[first:end], strict=False)
        return {kind for value, kind in filled if value is not None}


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
        self._numbers: list[int] = []
        self._columns: list[_Column] = []
        self._known: dict[str, _Known] = {}
        self._pending: list[tuple[str | None, ...]] = []

    def matches(self, text: str, start: int) -> Iterator[re.Match[str]]:
        """The rows of `text` from `start` that look plain, those that do not left out."""
        first = text.find("</row>", start)
        self._widen(text, start, first)
        pattern = _row_pattern(self._width) if self._width else None
        if pattern is not None:
            found = pattern.match(text, start)
            if found is None:  # is there a further column somewhere?
                self._widen(text, start, len(text))
                pattern = _row_pattern(self._width)
            yield from pattern.finditer(text, start)

    def _widen(self, text: str, start: int, end: int) -> None:
        letters = set(_PLACES.findall(text, start, max(end, start)))
        self._width = min(max(map(column_number, letters), default=self._width), _COLUMNS_MAX, self._limits.columns)

    def take(self, match: re.Match[str]) -> bool:
        """Keep a row until `settle`; False where it cannot be one of these."""
        number = int(match[1])
        if number <= self.last_row or number > self._limits.rows or not _ATTRIBUTES.fullmatch(match[2]):
            return False
        if match[2] and _HIDDEN.search(match[2]):
            self.hidden.add(number)
        self.last_row = number
        self._pending.append(match.groups())
        return True

    def holds(self, row: int) -> bool:
        """Whether the row of that number was read here."""
        index = bisect_left(self._numbers, row)
        return index < len(self._numbers) and self._numbers[index] == row

    def settle(self) -> None:
        """Read the rows that were taken.

        Raises:
            NotPlainError: one of them has to be read tag by tag, so all of them have; none is kept.
            WorkbookRefusedError: damaged, or a text that is too long.
        """
        pending, self._pending = self._pending, []
        if not pending:
            return
        before = self.characters
        try:
            self._keep(pending)
        except NotPlainError:
            self.characters = before
            raise

    def _keep(self, pending: list[tuple[str | None, ...]]) -> None:
        self.last_column = next(
            (n // _GROUPS for n in range(len(pending[-1]) - 3, 1, -_GROUPS) if pending[-1][n] is not None), 0
        )
        by_group = list(zip(*pending, strict=True))
        read = [self._read(*by_group[start : start + _GROUPS]) for start in range(2, len(by_group), _GROUPS)]
        rows = range(len(pending))
        empty = [n for n in rows if all(values[n] is None for values, _, _ in read)] if self._has_empty(read) else []
        if empty:  # rows without a value are no rows
            gone = set(empty)
            kept = [n for n in rows if n not in gone]
            read = [_chosen(column, kept) for column in read]
            pending = [pending[n] for n in kept]
        count = len(self._numbers)
        while len(self._columns) < len(read):
            column = _Column(len(self._columns) + 1)
            column.values = [None] * count
            self._columns.append(column)
        self._numbers += [int(row[0] or 0) for row in pending]
        blank: _Read = [None] * len(pending), "blank", None
        for column, found in zip(self._columns, [*read, *[blank] * len(self._columns)], strict=False):
            column.add(*found)

    @staticmethod
    def _has_empty(read: Sequence[tuple[list[str | None], object, object]]) -> bool:
        return not any(None not in values for values, _, _ in read)

    def _read(
        self, attributes: Sequence[str | None], formulas: Sequence[str | None], raws: Sequence[str | None]
    ) -> _Read:
        written = set(attributes) - {None}
        kinds: Kinds
        values: list[str | None]
        if len(written) == 1 and None not in raws:
            values, kinds = self._of_one_kind(self._known_as(written.pop() or ""), raws)
        else:
            for attribute in written:
                self._known_as(attribute or "")
            known = self._known
            pairs: list[tuple[str, CellKind]] = [
                ("", "blank") if raw is None else known[attribute or ""][raw]
                for attribute, raw in zip(attributes, raws, strict=True)
            ]
            values = [value or None for value, _ in pairs]
            several = {kind for value, kind in pairs if value}
            kinds = several.pop() if len(several) == 1 else [kind for _, kind in pairs] if several else "blank"
        texts = [value for value in values if value is not None]
        self.characters += sum(map(len, texts))
        if max(map(len, texts), default=0) > self._limits.text_length:
            raise too_long()
        said = [_formula(formula) for formula in formulas] if any(formulas) else None
        if said is not None and any(f and value is None for f, value in zip(said, values, strict=True)):
            raise NotPlainError  # a formula without its value, or one that shows nothing
        return values, kinds, said

    def _of_one_kind(self, known: _Known, raws: Sequence[str | None]) -> tuple[list[str | None], Kinds]:
        filled = [raw for raw in raws if raw is not None]
        if known.stored == "n" and known.shown != "date":
            lines = "\n".join(filled) + "\n"
            is_one_each = lines.count("\n") == len(filled)
            if is_one_each and _NUMBERS.fullmatch(lines):
                return list(raws), known.shown
            lines = lines.replace(".0\n", "\n")  # a program that counts in floats writes 5 so
            if is_one_each and _NUMBERS.fullmatch(lines) and "-0\n" not in lines:
                return list(lines.split("\n")[:-1]), known.shown
        pairs = [known[raw] for raw in filled]
        several = {kind for value, kind in pairs if value}
        values = [value or None for value, _ in pairs]
        if len(several) > 1:
            return values, [kind for _, kind in pairs]
        return values, several.pop() if several else "blank"

    def _known_as(self, attributes: str) -> _Known:
        known = self._known.get(attributes)
        if known is None:
            if len(self._known) >= _KNOWN_MAX or not _ATTRIBUTES.fullmatch(attributes):
                raise NotPlainError
            style, stored = _STYLE.findall(attributes), _TYPE.findall(attributes)
            if len(style) != attributes.count(" s=") or len(stored) != attributes.count(" t="):
                raise NotPlainError
            known = _Known(self._stored, stored[0] if stored else "n", int(style[0]) if style else 0)
            self._known[attributes] = known
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


def resolved(raw: str) -> str:
    """A text with its character references as the characters they stand for.

    Raises:
        ValueError: a reference that cannot be told here.
    """
    if "&" not in raw:
        return raw
    text = _REFERENCE.sub(_character, raw)
    if len(_REFERENCE.findall(raw)) != raw.count("&"):
        raise ValueError("reference")
    return text


def _character(match: re.Match[str]) -> str:
    if match[3]:
        return _NAMED[match[3]]
    return chr(int(match[1]) if match[1] else int(match[2], 16))


def _formula(element: str | None) -> str:
    if element is None:
        return ""
    match = _FORMULA.fullmatch(element)
    try:
        return (resolved(match[1]) if match else "") or "…"
    except ValueError as error:
        raise NotPlainError from error


def _chosen(column: _Read, kept: Sequence[int]) -> _Read:
    values, kinds, formulas = column
    return (
        [values[n] for n in kept],
        kinds if isinstance(kinds, str) else [kinds[n] for n in kept],
        formulas if formulas is None else [formulas[n] for n in kept],
    )


@lru_cache(maxsize=64)
def _row_pattern(width: int) -> re.Pattern[str]:
    """A row of at most `width` cells: its number and attributes, then attributes, formula and content of each column."""
    cells = "".join(
        rf'(?:<c r="{column_letters(column)}\1"([^<>]*)(?:(?<=/)>|(?<!/)>(<f[^<>]*(?:(?<=/)>|(?<!/)>[^<\r]*</f>))?+'
        r"(?:<(?:v|is><t(?: xml:space=\"preserve\")?)>([^<\r]*)</(?:v|t></is)>)?+</c>))?+"
        for column in range(1, width + 1)
    )
    return re.compile(rf'<row r="([1-9]\d{{0,6}})"([^<>]*)(?<!/)>{cells}</row>', re.ASCII)
