"""What a formula gives for many subjects at once: numbers, words or truths, and why some have none."""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import lcm

import numpy as np

from perf.formulas import Node, as_number
from perf.formulas.nodes import AbsenceReason
from perf.scoring.columnar.ratios import Array, Mask, Ratio, constant

REASONS: tuple[AbsenceReason, ...] = ("missing", "blocked", "not_allowed", "denominator_zero", "not_applicable")
"""By number, in the order in which one absence wins over another (`perf.formulas.values.absence`)."""
MISSING, BLOCKED, NOT_ALLOWED, ZERO_BELOW, NOT_APPLICABLE = range(5)
HERE = 255


@dataclass(frozen=True, slots=True)
class Words:
    """Text of every row by its place in `words`; −1: a row that is absent and means nothing."""

    codes: Array
    words: tuple[str, ...]

    def equal(self, word: str) -> Mask:
        """The rows that hold `word`."""
        if word not in self.words:
            return np.zeros(len(self.codes), dtype=np.bool_)
        return np.asarray(self.codes == self.words.index(word))

    def numbers(self) -> tuple[Ratio, Mask]:
        """The words read as numbers, as formulas read them, and which rows are numbers."""
        read = [as_number(Node("text", word)).value for word in self.words]
        figures = [one if isinstance(one, Fraction) else None for one in (*read, None)]
        below = lcm(*(one.denominator for one in figures if one is not None))
        above = [int(one * below) if one is not None else 0 for one in figures]
        largest = max(map(abs, above))
        kind = np.int64 if largest < 1 << 62 else object
        values = np.array(above, dtype=kind)[self.codes]
        readable = np.array([one is not None for one in figures])[self.codes]
        return Ratio(values, below, largest, below), readable


Figure = Ratio | Words | Mask


@dataclass(frozen=True, slots=True)
class Cell:
    """Values of one step of a formula.

    Attributes:
        figure: Numbers, words or truths; what stands in a row that is gone means nothing.
        gone: `HERE`, or the number of the reason why the row has no value; None: every row has one.
        assumed: Rows in whose value something was assumed; None: none.
    """

    figure: Figure
    gone: Array | None = None
    assumed: Mask | None = None


def number_cell(number: Fraction) -> Cell:
    """One number for all rows."""
    return Cell(constant(number))


def nowhere(rows: int, reason: int) -> Cell:
    """No row has a value, all for one reason."""
    return Cell(constant(Fraction(0)), np.full(rows, reason, dtype=np.uint8))


def gone_of(cells: Sequence[Cell]) -> Array | None:
    """Why a row has no value when all of `cells` are needed: the gravest of their reasons."""
    found: Array | None = None
    for cell in cells:
        if cell.gone is not None:
            found = cell.gone if found is None else np.minimum(found, cell.gone)
    return found


def assumed_of(cells: Sequence[Cell]) -> Mask | None:
    """The rows in which any of `cells` was assumed."""
    found: Mask | None = None
    for cell in cells:
        if cell.assumed is not None:
            found = cell.assumed if found is None else found | cell.assumed
    return found


def as_numbers(cell: Cell, rows: int) -> tuple[Ratio, Array | None]:
    """The cell as numbers; words that are none, and truths, are not allowed."""
    figure = cell.figure
    if isinstance(figure, Ratio):
        return figure, cell.gone
    if isinstance(figure, Words):
        ratio, readable = figure.numbers()
        wrong = np.where(readable, np.uint8(HERE), np.uint8(NOT_ALLOWED))
        return ratio, wrong if cell.gone is None else np.where(cell.gone == HERE, wrong, cell.gone)
    wrong = np.full(rows, NOT_ALLOWED, dtype=np.uint8)
    return constant(Fraction(0)), wrong if cell.gone is None else np.where(cell.gone == HERE, wrong, cell.gone)


def same_words(left: Words, right: Words) -> Mask:
    """The rows that hold the same word."""
    shared = [right.words.index(word) if word in right.words else -2 for word in left.words]
    return np.asarray(np.array([*shared, -3])[left.codes] == right.codes)


def chosen_words(mask: Mask, yes: Words, no: Words) -> Words:
    """`yes` where the mask holds, else `no`."""
    words = (*yes.words, *no.words)
    moved = np.where(no.codes >= 0, no.codes.astype(np.int64) + len(yes.words), -1)
    return Words(np.where(mask, yes.codes, moved), words)


def branch_of(mask: Mask, yes: Array | None, no: Array | None) -> Array | None:
    """Why the branch that is taken has no value."""
    if yes is None and no is None:
        return None
    here = np.full(len(mask), HERE, dtype=np.uint8)
    return np.where(mask, here if yes is None else yes, here if no is None else no)


def where_absent(present: Mask) -> Array:
    """Why a row has no value: nobody reported it, where it is not present."""
    return np.where(present, np.uint8(HERE), np.uint8(MISSING))


def rows_of(cell: Cell, rows: slice) -> Cell:
    """Some rows of a cell of numbers or words."""
    figure, gone = cell.figure, None if cell.gone is None else cell.gone[rows]
    if isinstance(figure, Words):
        return Cell(Words(figure.codes[rows], figure.words), gone)
    return Cell(figure.take(rows) if isinstance(figure, Ratio) else figure[rows], gone)
