r"""How a row is written in a sheet's XML: the form of any plain row, and narrower ones learned from rows that were read.

A row is plain if its cells stand in order, each with its place, at most a formula, and one value. What has such a form is
well-formed, whatever stands in it, but for its attributes and references: `attributes_of` and `resolved` see to those.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from typing import NamedTuple

from perf.excel.cells import column_letters

_WRITTEN_MAX = 4  # ways in which the cells of one column are written, beyond which a narrow form is none
_LENGTH_MAX = 1000
_TEXT = r"[^<>\r\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]*"
_FORMULA = rf"(<f[^<>]*(?:(?<=/)>|(?<!/)>{_TEXT}</f>))?+"
_INLINE = r'<is><t(?: xml:space="preserve")?>'
_ATTRIBUTE = re.compile(r' ([A-Za-z_:][\w:.-]*)="([^"&<>\x00-\x1f\ufffe\uffff]*)"', re.ASCII)
_TAG = re.compile(r"""<[^<>"']*(?:(?:"[^<"]*"|'[^<']*')[^<>"']*)*>\s*""")
_REFERENCE = re.compile(r"&(?:#(\d{1,7})|#x([0-9A-Fa-f]{1,6})|(lt|gt|amp|quot|apos));")
_NAMED = {"lt": "<", "gt": ">", "amp": "&", "quot": '"', "apos": "'"}
_NO_CHARACTER = re.compile("[^\t\n\r -\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


class CellForm(NamedTuple):
    """Where a row of a form holds a cell: by the number of the group, 0 where there is none.

    Args:
        attributes: Its attributes; the text of all of them where they are alike.
        inline: Something, where the value is a text that stands in the cell.
    """

    attributes: int | str
    formula: int
    inline: int
    content: int


class RowForm(NamedTuple):
    """A pattern of rows: their number, their attributes, then what `cells` say."""

    pattern: re.Pattern[str]
    cells: tuple[CellForm, ...]


class Habit(NamedTuple):
    """How the cells of a column have been written."""

    attributes: frozenset[str] = frozenset()
    has_formulas: bool = False
    has_inline: bool = False
    has_values: bool = False

    def also(self, attributes: Iterable[str], *, has_formulas: bool, has_inline: bool, has_values: bool) -> "Habit":
        """Both this and what was seen further; attributes of empty cells are those of others."""
        return Habit(
            self.attributes.union(one.removesuffix("/") for one in attributes),
            self.has_formulas or has_formulas,
            self.has_inline or has_inline,
            self.has_values or has_values,
        )


class Run(NamedTuple):
    """A stretch of a text.

    Args:
        rows: The groups of each row that stands there; empty where it has not this form.
    """

    start: int
    end: int
    rows: Sequence[tuple[str | None, ...]]


def runs_of(form: RowForm, text: str, start: int, end: int) -> Iterator[Run]:
    """The text from `start` to `end` in order, each stretch as long as it can be."""
    rows: list[tuple[str | None, ...]] = []
    first = here = start
    for match in form.pattern.finditer(text, start, end):
        began = match.start()
        if began != here:
            if rows:
                yield Run(first, here, rows)
                rows = []
            yield Run(here, began, ())
            first = began
        rows.append(match.groups())
        here = match.end()
    if rows:
        yield Run(first, here, rows)
    if here < end:
        yield Run(here, end, ())


@lru_cache(maxsize=64)
def row_form(habits: tuple[Habit | None, ...]) -> RowForm:
    """The form of rows of at most so many cells; of a column without a habit, cells in any plain form."""
    written: list[str] = []
    cells: list[CellForm] = []
    group = 2
    for column, habit in enumerate(habits, 1):
        pattern, cell, group = _cell(column_letters(column), habit, group)
        written.append(pattern)
        cells.append(cell)
    pattern = rf'<row r="([1-9]\d{{0,6}})"([^<>]*)(?:(?<=/)>|(?<!/)>{"".join(written)}</row>)[ \t\r\n]*+'
    return RowForm(re.compile(pattern, re.ASCII), tuple(cells))


def _cell(letters: str, habit: Habit | None, group: int) -> tuple[str, CellForm, int]:
    """The pattern of a cell that may be there; where its parts are found, and the number of the last group."""
    start = rf'(?:<c r="{letters}\1"'
    if habit is None or not 0 < len(habit.attributes) <= _WRITTEN_MAX:
        content = rf"(?:(?:<v>|({_INLINE}))({_TEXT})(?({group + 3})</t></is>|</v>))?+"
        pattern = rf"{start}([^<>]*)(?:(?<=/)>|(?<!/)>{_FORMULA}{content}</c>))?+"
        return pattern, CellForm(group + 1, group + 2, group + 3, group + 4), group + 4
    attributes: int | str = ""
    formula = inline = 0
    known = sorted(habit.attributes)
    if len(known) > 1:
        attributes = group = group + 1
        start += f"({'|'.join(map(re.escape, known))})"
    else:
        attributes = known[0]
        start += re.escape(attributes)
    if habit.has_formulas:
        formula = group = group + 1
    if habit.has_inline and habit.has_values:
        inline = group = group + 1
        content = rf"(?:<v>|({_INLINE}))({_TEXT})(?({inline})</t></is>|</v>)"
    else:
        content = rf"{_INLINE}({_TEXT})</t></is>" if habit.has_inline else rf"<v>({_TEXT})</v>"
    group += 1
    pattern = rf"{start}(?:/>|>{_FORMULA if formula else ''}(?:{content})?+</c>))?+"
    return pattern, CellForm(attributes, formula, inline, group), group


@lru_cache(maxsize=4096)
def attributes_of(written: str) -> Mapping[str, str] | None:
    """Attributes behind the place of a cell or row, by name; None where they are not plainly well-formed."""
    if len(written) > _LENGTH_MAX:
        return None
    found = [(match[1], match[2], match.end() - match.start()) for match in _ATTRIBUTE.finditer(written)]
    named = {name: value for name, value, _ in found}
    is_whole = sum(length for *_, length in found) == len(written)
    return named if is_whole and len(named) == len(found) and "r" not in named else None


def ends_with_tag(text: str, start: int = 0) -> bool:
    """Whether a stretch of XML that a parser takes ends behind a whole tag, white space left aside.

    Args:
        start: From where on it must hold neither comments, CDATA nor instructions.
    """
    if "<!" in text or text.find("<?", start) >= 0:
        return False
    last = text.rfind("<")
    return text.isspace() if last < 0 else _TAG.fullmatch(text, last) is not None


def resolved(raw: str) -> str:
    """A text with its character references as the characters they stand for.

    Raises:
        ValueError: a reference that cannot be told here, or stands for nothing that XML may hold.
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
    found = chr(int(match[1]) if match[1] else int(match[2], 16))
    if _NO_CHARACTER.match(found):
        raise ValueError("character")
    return found
