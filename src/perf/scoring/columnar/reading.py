"""Formulas over columns: the same tree as the exact evaluator walks, many rows at a time, in exact whole numbers."""

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Protocol

import numpy as np

from perf.formulas import Formula, Node
from perf.formulas.nodes import Absent
from perf.formulas.periods import shifted_period
from perf.formulas.tree import Binary, Call, Name, Number, Of, Quoted, Score, Shifts, Table, Tree, Unary, Within
from perf.kernel.figures import exact_text
from perf.kernel.irrational import BITS_MAX
from perf.kernel.periods import Period
from perf.kernel.rounding import Rounding
from perf.scoring.columnar.cells import (
    HERE,
    MISSING,
    NOT_ALLOWED,
    REASONS,
    ZERO_BELOW,
    Cell,
    Words,
    as_numbers,
    assumed_of,
    branch_of,
    chosen_words,
    gone_of,
    nowhere,
    number_cell,
    rows_of,
    same_words,
    where_absent,
)
from perf.scoring.columnar.columns import Column, Columns, Numbers, Unfit
from perf.scoring.columnar.named import called
from perf.scoring.columnar.ratios import (
    Array,
    Mask,
    Ratio,
    absolute,
    add,
    choose,
    constant,
    divide,
    larger,
    multiply,
    negative,
    rounded,
    sign_of,
    smaller,
    subtract,
    to_whole,
)
from perf.scoring.columnar.support import NotColumnar
from perf.specs.models import Measure, NamedCurve


class Meanings(Protocol):
    """What plain names mean, and what the rule brings along; the same for all rows."""

    def parameter(self, code: str, period: Period) -> Node | None:
        """The dated parameter of that name, or None."""
        ...

    def measure(self, code: str) -> Measure | None:
        """The measure of that code or title, or None."""
        ...

    def attribute(self, code: str) -> str | None:
        """The attribute of that code or title, or None."""
        ...

    @property
    def assume(self) -> Mapping[str, Fraction]:
        """Measure -> what is assumed where nobody reported it."""
        ...

    @property
    def tables(self) -> Mapping[str, Mapping[str, Fraction]]:
        """Table -> key -> number."""
        ...

    @property
    def curves(self) -> Mapping[str, NamedCurve]:
        """Named curves."""
        ...


@dataclass(frozen=True, slots=True)
class Reader:
    """Some rows of `columns`, seen with the meanings of one rule."""

    columns: Columns
    rows: slice
    meanings: Meanings

    @property
    def count(self) -> int:
        """How many rows."""
        return self.rows.stop - self.rows.start  # type: ignore[no-any-return]  # made by us, always with both

    def cell(self, tree: Tree) -> Cell:
        """The value of `tree` in every row.

        Raises:
            NotColumnar: a shape that only the exact evaluator knows; figures that it may give up as too long.
        """
        found = self._cell(tree)
        if isinstance(found.figure, Ratio) and max(found.figure.above_max, found.figure.below_max) >> BITS_MAX:
            raise NotColumnar("long figures")
        return found

    def _cell(self, tree: Tree) -> Cell:
        match tree:
            case Number():
                return number_cell(tree.value)
            case Quoted():
                return self._word(tree.text)
            case Name():
                return self._name(tree.code, tree.shifts)
            case Binary():
                return self._binary(tree)
            case Unary():
                return self._unary(tree)
            case Within():
                return self._within(tree)
            case Call():
                return self._call(tree)
            case Table():
                return self._table(tree)
            case Of() | Score():
                return self._above(tree)
            case _:
                raise NotColumnar(type(tree).__name__)

    def _above(self, tree: Of | Score) -> Cell:
        """What stands above the subject or comes from another scheme; the rule's own parameters and assumptions hold there too."""
        cell, code = self.columns.above.get(tree), tree.code if isinstance(tree, Of) else ""
        if cell is None or self.meanings.assume or self.meanings.parameter(code, self.columns.period) is not None:
            raise NotColumnar("above")
        return rows_of(cell, self.rows)

    def numbers(self, tree: Tree) -> tuple[Ratio, Cell]:
        """The value of `tree` read as numbers; in the cell why rows have none."""
        found = self.cell(tree)
        ratio, gone = as_numbers(found, self.count)
        return ratio, Cell(ratio, gone, found.assumed)

    def _word(self, text: str) -> Cell:
        return Cell(Words(np.zeros(self.count, dtype=np.int8), (text,)))

    def _knows(self, code: str) -> bool:
        known = self.meanings
        if known.parameter(code, self.columns.period) is not None:
            return True
        return known.measure(code) is not None or known.attribute(code) is not None

    def _name(self, code: str, shifts: Shifts) -> Cell:
        """A parameter, a measure or an attribute, in this order."""
        if any(shift.kind == "year_to_date" for shift in shifts) or code == "value":
            raise NotColumnar(code)
        period = shifted_period(self.columns.period, shifts)
        parameter = self.meanings.parameter(code, period)
        if parameter is not None:
            return self._constant(parameter)
        measure = self.meanings.measure(code)
        if measure is None:
            return self._attribute(code, period)
        column = self.columns.measures.get((measure.code, period))
        found = nowhere(self.count, MISSING) if column is None else self._column(column)
        return self._assumed(measure, found) if self.meanings.assume else found

    def _constant(self, node: Node) -> Cell:
        value = node.value
        if isinstance(value, Absent):
            return nowhere(self.count, REASONS.index(value.reason))
        if not isinstance(value, Fraction):
            raise NotColumnar("parameter")
        return number_cell(value)

    def _attribute(self, name: str, period: Period) -> Cell:
        code = self.meanings.attribute(name)
        if code is None:
            return nowhere(self.count, NOT_ALLOWED)
        if period != self.columns.period:
            raise NotColumnar(name)
        column = self.columns.attributes.get(code)
        if column is None and code == "in_post":
            raise NotColumnar(code)  # a share of the days, whatever the roster says
        return nowhere(self.count, MISSING) if column is None else self._column(column)

    def _column(self, column: Column) -> Cell:
        rows = self.rows
        if isinstance(column, Numbers):
            present = column.present[rows] if column.present is not None else None
            return Cell(column.ratio(rows), None if present is None else where_absent(present))
        if isinstance(column, Unfit):
            raise NotColumnar("column")
        codes = column.codes[rows]
        here = codes >= 0
        return Cell(Words(codes, column.words), None if here.all() else where_absent(here))

    def _assumed(self, measure: Measure, found: Cell) -> Cell:
        amount = self.meanings.assume.get(measure.code)
        if amount is None or found.gone is None:
            return found
        reasons = found.gone
        missing = np.asarray(reasons == MISSING)
        if not isinstance(found.figure, Ratio):
            if not missing.all():
                raise NotColumnar(measure.code)
            found = Cell(constant(Fraction(0)), reasons)
        assert isinstance(found.figure, Ratio)  # noqa: S101 - just seen to
        if measure.unit == "wan_yuan":
            amount = amount * 10_000
        gone = np.where(missing, np.uint8(HERE), reasons)
        filled = choose(missing, constant(amount), found.figure)
        return Cell(filled, None if (gone == HERE).all() else gone, missing)

    def _binary(self, tree: Binary) -> Cell:
        if tree.op in ("==", "!="):
            return self._equality(tree)
        if tree.op in ("and", "or"):
            return self._logic(tree)
        (left, one), (right, other) = self.numbers(tree.left), self.numbers(tree.right)
        gone, assumed = gone_of((one, other)), assumed_of((one, other))
        match tree.op:
            case "+":
                return Cell(add(left, right), gone, assumed)
            case "-":
                return Cell(subtract(left, right), gone, assumed)
            case "*":
                return Cell(multiply(left, right), gone, assumed)
            case "/":
                return self._divided(left, right, gone, assumed)
            case _:
                return Cell(self._all_rows(_holds(tree.op, sign_of(left, right))), gone, assumed)

    def _divided(self, left: Ratio, right: Ratio, gone: Array | None, assumed: Mask | None) -> Cell:
        """A quotient; what is divided by zero is gone for that."""
        if isinstance(right.above, int):
            if right.above:
                return Cell(divide(left, right), gone, assumed)
            zero = np.arange(self.count)
            right = right._replace(above=1, above_max=1)
        else:
            zero = np.flatnonzero(right.above == 0)
            if not zero.size:
                return Cell(divide(left, right), gone, assumed)
            above = right.above.copy()
            above[zero] = 1
            right = right._replace(above=above, above_max=max(right.above_max, 1))
        reason = np.full(self.count, HERE, dtype=np.uint8) if gone is None else gone.copy()
        reason[zero[reason[zero] == HERE]] = ZERO_BELOW
        return Cell(divide(left, right), reason, assumed)

    def _all_rows(self, holds: object) -> Mask:
        return np.broadcast_to(np.asarray(holds, dtype=np.bool_), (self.count,))

    def _equality(self, tree: Binary) -> Cell:
        one, other = self._sides(tree.left, tree.right)
        same = self._same(one, other)
        gone = gone_of((one, other))
        return Cell(same if tree.op == "==" else ~same, gone, assumed_of((one, other)))

    def _sides(self, left: Tree, right: Tree) -> tuple[Cell, Cell]:
        """Both sides of `==`; a bare word that is no name is text beside anything but a number or a truth."""
        left_word, right_word = _bare_word(left), _bare_word(right)
        if left_word and not self._knows(left_word) and (not right_word or self._knows(right_word)):
            other = self.cell(right)
            return self._beside(left, left_word, other), other
        one = self.cell(left)
        return one, self._beside(right, right_word, one)

    def _beside(self, tree: Tree, word: str, other: Cell) -> Cell:
        if not word or self._knows(word):
            return self.cell(tree)
        if isinstance(other.figure, Words):
            return self._word(word)
        if other.gone is not None and bool((other.gone != HERE).all()):
            return self._word(word)
        if other.gone is not None:
            raise NotColumnar(word)
        return self.cell(tree)

    def _same(self, one: Cell, other: Cell) -> Mask:
        left, right = one.figure, other.figure
        if isinstance(left, Ratio) and isinstance(right, Ratio):
            return self._all_rows(_holds("==", sign_of(left, right)))
        if isinstance(left, Words) and isinstance(right, Words):
            return same_words(left, right)
        if isinstance(left, Words) and isinstance(right, Ratio):
            left, right = right, left
        if isinstance(left, Ratio) and isinstance(right, Words):
            ratio, readable = right.numbers()
            return self._all_rows(_holds("==", sign_of(left, ratio))) & readable
        if isinstance(left, Ratio | Words) or isinstance(right, Ratio | Words):
            raise NotColumnar("truth beside something else")
        return np.asarray(left == right)

    def _within(self, tree: Within) -> Cell:
        one = self.cell(tree.left)
        others = [self._beside(option, _bare_word(option), one) for option in tree.options]
        found = self._all_rows(holds=False)
        for other in others:
            found = found | self._same(one, other)
        cells = (one, *others)
        return Cell(~found if tree.negated else found, gone_of(cells), assumed_of(cells))

    def _truth(self, tree: Tree) -> Cell:
        found = self.cell(tree)
        if isinstance(found.figure, Ratio | Words):
            if found.gone is None or (found.gone == HERE).any():
                raise NotColumnar("condition")
            return Cell(self._all_rows(holds=False), found.gone, found.assumed)
        return found

    def _logic(self, tree: Binary) -> Cell:
        one, other = self._truth(tree.left), self._truth(tree.right)
        assert not isinstance(one.figure, Ratio | Words)  # noqa: S101 - seen to by _truth
        assert not isinstance(other.figure, Ratio | Words)  # noqa: S101
        both = one.figure & other.figure if tree.op == "and" else one.figure | other.figure
        return Cell(both, gone_of((one, other)), assumed_of((one, other)))

    def _unary(self, tree: Unary) -> Cell:
        if tree.op == "not":
            found = self._truth(tree.arg)
            assert not isinstance(found.figure, Ratio | Words)  # noqa: S101
            return Cell(~found.figure, found.gone, found.assumed)
        ratio, found = self.numbers(tree.arg)
        return Cell(negative(ratio) if tree.op == "-" else ratio, found.gone, found.assumed)

    def _table(self, tree: Table) -> Cell:
        """A named curve at a number, or the row of a table for a key; a key without a row is not allowed."""
        curve = self.meanings.curves.get(tree.table)
        if curve is not None:
            return called(curve, self.numbers(tree.key)[1], self.count, self._one_number)
        if tree.table not in self.meanings.tables:
            raise NotColumnar(tree.table)
        key = self.cell(tree.key)
        if not isinstance(key.figure, Words):
            return self._table_of_number(tree, key)
        rows = self.meanings.tables.get(tree.table, {})
        figures = [rows.get(word) for word in (*key.figure.words, "")]
        column = Numbers.exactly([one if one is not None else Fraction(0) for one in figures])
        listed = np.array([one is not None for one in figures])[key.figure.codes]
        found = column.ratio(slice(None)).take(key.figure.codes)
        wrong = np.where(listed, np.uint8(HERE), np.uint8(NOT_ALLOWED))
        gone = wrong if key.gone is None else np.where(key.gone == HERE, wrong, key.gone)
        return Cell(found, None if (gone == HERE).all() else gone, key.assumed)

    def _one_number(self, formula: Formula) -> Fraction:
        """The value of a formula that is one number for all rows."""
        found = self.cell(formula.tree)
        figure = found.figure
        is_single = isinstance(figure, Ratio) and isinstance(figure.above, int) and isinstance(figure.below, int)
        if not is_single or found.gone is not None or found.assumed is not None:
            raise NotColumnar(formula.text)
        assert isinstance(figure, Ratio)  # noqa: S101 - just seen to
        return figure.fraction(0)

    def _table_of_number(self, tree: Table, key: Cell) -> Cell:
        """A key that is one number for all rows."""
        if not isinstance(key.figure, Ratio) or not isinstance(key.figure.above, int) or key.gone is not None:
            raise NotColumnar("table")
        number = self.meanings.tables.get(tree.table, {}).get(exact_text(key.figure.fraction(0)))
        return nowhere(self.count, NOT_ALLOWED) if number is None else number_cell(number)

    def _call(self, tree: Call) -> Cell:
        function, args = tree.function, tree.args
        if function == "if":
            return self._choice(args)
        if function in ("abs", "round", "floor", "ceil"):
            return self._of_one(tree)
        if function == "count":
            cells = [self.cell(arg) for arg in args]
            return self._counted(cells)
        if function not in ("min", "max", "sum", "mean"):
            raise NotColumnar(function)
        found = [self.numbers(arg) for arg in args]
        cells = [cell for _, cell in found]
        result = found[0][0]
        for ratio, _ in found[1:]:
            result = {"min": smaller, "max": larger}.get(function, add)(result, ratio)
        if function == "mean":
            result = divide(result, constant(Fraction(len(found))))
        return Cell(result, gone_of(cells), assumed_of(cells))

    def _counted(self, cells: list[Cell]) -> Cell:
        present = np.zeros(self.count, dtype=np.int64)
        for cell in cells:
            present += 1 if cell.gone is None else cell.gone == HERE
        return Cell(Ratio(present, 1, len(cells), 1, signed=False), None, assumed_of(cells))

    def _of_one(self, tree: Call) -> Cell:
        ratio, found = self.numbers(tree.args[0])
        match tree.function:
            case "abs":
                result = absolute(ratio)
            case "round":
                digits = self.cell(tree.args[1]).figure if len(tree.args) == 2 else constant(Fraction(0))
                assert isinstance(digits, Ratio)  # noqa: S101 - the check of formulas allows a number only
                result = rounded(ratio, int(digits.fraction(0)), Rounding.HALF_AWAY)
            case _:
                result = to_whole(ratio, up=tree.function == "ceil")
        return Cell(result, found.gone, found.assumed)

    def _choice(self, args: tuple[Tree, ...]) -> Cell:
        asked, yes, no = self._truth(args[0]), self.cell(args[1]), self.cell(args[2])
        mask = asked.figure
        assert not isinstance(mask, Ratio | Words)  # noqa: S101 - seen to by _truth
        figure: Ratio | Words | Mask
        if isinstance(yes.figure, Ratio) and isinstance(no.figure, Ratio):
            figure = choose(mask, yes.figure, no.figure)
        elif isinstance(yes.figure, Words) and isinstance(no.figure, Words):
            figure = chosen_words(mask, yes.figure, no.figure)
        else:
            raise NotColumnar("if")
        gone = asked.gone
        branch = branch_of(mask, yes.gone, no.gone)
        if branch is not None:
            gone = branch if gone is None else np.where(gone == HERE, branch, gone)
        assumed = asked.assumed
        if yes.assumed is not None or no.assumed is not None:
            taken = np.where(
                mask, yes.assumed if yes.assumed is not None else False, no.assumed if no.assumed is not None else False
            )
            assumed = taken if assumed is None else assumed | taken
        return Cell(figure, gone, assumed)


def _bare_word(tree: Tree) -> str:
    return tree.code if isinstance(tree, Name) and not tree.shifts else ""


def _holds(op: str, signs: Array | int) -> object:
    match op:
        case "==":
            return np.equal(signs, 0)
        case "<":
            return np.less(signs, 0)
        case "<=":
            return np.less_equal(signs, 0)
        case ">":
            return np.greater(signs, 0)
        case _:
            return np.greater_equal(signs, 0)
