"""`solve` on a file of people: what uses up a budget within floors, caps and wanted ratios; nothing is stored."""

import csv
import io
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from pathlib import Path
from typing import Literal

from perf.appraisal.csv_rows import Row, read_rows
from perf.appraisal.file_hints import file_issue
from perf.distribution.apportion import BoundsConflict
from perf.distribution.change_task import Ratio
from perf.distribution.least_change import NoPlan, Plan, least_change
from perf.distribution.solving import OutOfReach, Tilt, UnitValue, solve_tilt, solve_unit_value
from perf.kernel.errors import InputRefused, WrongUse
from perf.kernel.issues import Issue
from perf.kernel.money import Money, money_from_yuan
from perf.kernel.text import Text
from perf.services.files import write_atomically
from perf.services.table_text import TableText, table_text

Kind = Literal["unit-value", "tilt", "least-change"]
Solved = UnitValue | Tilt | Plan | OutOfReach | NoPlan
SIZES: Mapping[Kind, str] = {"unit-value": "quantity", "tilt": "weight", "least-change": "last"}
"""The column that each kind works on."""
_TITLES = {"工号": "staff_no", "数量": "quantity", "权数": "weight", "上月": "last", "保底": "floor", "封顶": "cap"}
_TOTALS = ("合计", "总计", "小计")
_MONEY = ("last", "floor", "cap")
_NUMBER = re.compile(r"\d{1,15}(\.\d{1,10})?", re.ASCII)
_RATIO = re.compile(r"([^:=]+):([^:=]+)=(\d+(?:\.\d+)?)(?:\.\.(\d+(?:\.\d+)?))?", re.ASCII)


@dataclass(frozen=True, slots=True)
class People:
    """Sizes (units, weights or last month's yuan) and bounds by staff number, and who belongs to which group."""

    sizes: Mapping[str, Fraction]
    floors: Mapping[str, Money]
    caps: Mapping[str, Money]
    groups: Mapping[str, frozenset[str]]


@dataclass(frozen=True, slots=True)
class Wish:
    """`doctor:nurse=1.4..1.6`: the mean of the one group as a multiple of the mean of the other."""

    above: str
    below: str
    at_least: Fraction
    at_most: Fraction

    @property
    def name(self) -> str:
        """`doctor:nurse`."""
        return f"{self.above}:{self.below}"


@dataclass(frozen=True, slots=True)
class _Reading:
    table: TableText
    issues: list[Issue] = field(default_factory=list)

    def amount(self, row: Row, column: str) -> Fraction | None:
        """A number of a cell, None where it is empty or no number; told once."""
        text = row.cells.get(column, "")
        if not text:
            return None
        if not _NUMBER.fullmatch(text) or (column in _MONEY and (Fraction(text) * 100).denominator != 1):
            place = self.table.place(row.line, column)
            found = Text(f"{column} 列“{text}”", f"'{text}' in column {column}")
            expected = Text("不小于 0 的数(金额到分)", "a number from 0 on (amounts in whole fen)")
            self.issues.append(file_issue("not-a-number", place, found, expected))
            return None
        return Fraction(text)


def read_people(path: Path, kind: Kind, by: str) -> People:
    """People of a CSV with the columns `staff_no`, the size of `kind`, and `floor`, `cap` and `by` where given.

    Raises:
        InputRefused: a column that is missing, a cell that is no number, a person twice; all told at once.
    """
    size, table = SIZES[kind], _own_header(table_text(path))
    required = ["staff_no", size, *([by] if by else [])]
    rows, _, issues = read_rows(table.name, table.text, required=required, optional=None)
    reading = _Reading(table, table.placed(issues))
    sizes, floors, caps = dict[str, Fraction](), dict[str, Money](), dict[str, Money]()
    groups: dict[str, set[str]] = {}
    for row in rows:
        who, value = row.cells["staff_no"], reading.amount(row, size)
        place = table.place(row.line, "staff_no")
        if who in _TOTALS:
            found = Text(f"“{who}”不是工号", f"'{who}' is no staff number")
            expected = Text("每人一行,不要合计行", "one row a person, no totals")
            reading.issues.append(file_issue("subject-empty", place, found, expected))
            continue
        if not who or who in sizes:
            code = "subject-twice" if who else "subject-empty"
            found = Text(f"“{who}”第二次出现", f"'{who}' once more") if who else Text("没有工号", "no staff number")
            reading.issues.append(file_issue(code, place, found, Text("每人一行", "one row a person")))
            continue
        if value is None and not row.cells.get(size):
            found, expected = Text(f"{size} 列为空", f"column {size} is empty"), Text("一个数", "a number")
            reading.issues.append(file_issue("not-a-number", table.place(row.line, size), found, expected, subject=who))
        sizes[who] = value if value is not None else Fraction(0)
        for column, bounds in (("floor", floors), ("cap", caps)):
            bound = reading.amount(row, column)
            if bound is not None:
                bounds[who] = money_from_yuan(bound)
        if by:
            groups.setdefault(row.cells[by], set()).add(who)
    if reading.issues:
        raise InputRefused(Text("文件有错误", "the file has errors"), tuple(reading.issues))
    return People(sizes, floors, caps, {name: frozenset(who) for name, who in groups.items()})


def read_wish(text: str) -> Wish:
    """`doctor:nurse=1.5` or `doctor:nurse=1.4..1.6`.

    Raises:
        WrongUse: anything else.
    """
    match = _RATIO.fullmatch(text.strip())
    numbers = [one for one in match.groups()[2:] if one is not None] if match else []
    if match is None or not all(_NUMBER.fullmatch(one) and Fraction(one) > 0 for one in numbers):
        raise WrongUse(Text(f"“{text}”不是比例,例如 doctor:nurse=1.5", f"'{text}': write doctor:nurse=1.5"))
    least, most = Fraction(numbers[0]), Fraction(numbers[-1])
    if least > most:
        raise WrongUse(Text(f"“{text}”从大到小", f"'{text}' goes from the larger to the smaller"))
    return Wish(match[1].strip(), match[2].strip(), least, most)


def solve(people: People, kind: Kind, budget: Money, wishes: Sequence[Wish], digits: int) -> Solved:
    """What uses up `budget`; see the functions of `perf.distribution` that this calls.

    Raises:
        WrongUse: a wish about a group that nobody is in, or the wrong number of wishes.
        InputRefused: floors and caps that cannot be met together.
    """
    for wish in wishes:
        for name in (wish.above, wish.below):
            if name not in people.groups:
                known = "、".join(sorted(people.groups)) or "—"
                raise WrongUse(Text(f"没有组“{name}”(有:{known})", f"no group '{name}' (there are: {known})"))
    try:
        return _SOLVERS[kind](people, budget, wishes, digits)
    except BoundsConflict as clash:
        names = "、".join(clash.claims[:10])
        raise InputRefused(
            Text(f"保底或封顶与预算冲突:{names}", f"floors or caps against the budget: {names}")
        ) from clash
    except ValueError as error:
        raise InputRefused(Text(f"数据无法求解({error})", f"cannot be solved ({error})")) from error


def _unit_value(people: People, budget: Money, wishes: Sequence[Wish], digits: int) -> Solved:
    if wishes:
        raise WrongUse(Text("unit-value 不用 --ratio", "unit-value takes no --ratio"))
    return solve_unit_value(people.sizes, budget, floors=people.floors, caps=people.caps, digits=digits)


def _tilt(people: People, budget: Money, wishes: Sequence[Wish], digits: int) -> Solved:
    if len(wishes) != 1 or wishes[0].at_least != wishes[0].at_most:
        raise WrongUse(Text("tilt 要恰好一个 --ratio 甲:乙=数", "tilt takes exactly one --ratio A:B=NUMBER"))
    wish = wishes[0]
    return solve_tilt(
        budget,
        people.sizes,
        people.groups[wish.above],
        wish.at_least,
        other=people.groups[wish.below],
        floors=people.floors,
        caps=people.caps,
        digits=digits,
    )


def _least_change(people: People, budget: Money, wishes: Sequence[Wish], _digits: int) -> Solved:
    last = {who: money_from_yuan(size) for who, size in people.sizes.items()}
    ratios = [
        Ratio(wish.name, people.groups[wish.above], people.groups[wish.below], wish.at_least, wish.at_most)
        for wish in wishes
    ]
    return least_change(last, budget, floors=people.floors, caps=people.caps, ratios=ratios)


_SOLVERS: Mapping[Kind, Callable[[People, Money, Sequence[Wish], int], Solved]] = {
    "unit-value": _unit_value,
    "tilt": _tilt,
    "least-change": _least_change,
}


def write_amounts(path: Path, amounts: Mapping[str, Money]) -> None:
    """`staff_no,amount` by staff number, yuan with two decimals."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(["staff_no", "amount"])
    writer.writerows([who, amounts[who].text(grouped=False)] for who in sorted(amounts))
    write_atomically({path: out.getvalue()})


def _own_header(table: TableText) -> TableText:
    """The table with Chinese headings read as the columns they mean."""
    first, line_end, rest = table.text.removeprefix("\ufeff").partition("\n")
    cells = [_TITLES.get(cell.strip(), cell.strip()) for cell in first.rstrip("\r").split(",")]
    letters = {_TITLES.get(header, header): letter for header, letter in table.letters.items()}
    return replace(table, text=",".join(cells) + line_end + rest, letters=letters)
