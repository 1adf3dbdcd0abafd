"""Arithmetic between the columns of a table: a 合计 is the sum of its parts, a 占比 or 率 is one column over another.

Which columns belong together is proposed by their titles and places, and believed only where the rows bear it out: an
identity that holds in most rows is one, and the rows in which it does not hold are told. Nothing is refused for it.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from itertools import permutations
from typing import NamedTuple

from perf.excel.cells import CellRecord
from perf.excel.codes import Finding, quoted
from perf.excel.headers import plain, split_unit
from perf.excel.numbers import plain_number, read_number
from perf.excel.recognise import Table
from perf.kernel.figures import exact_text
from perf.kernel.rounding import round_to
from perf.kernel.text import Text

HOLDS_MIN = 3  # rows in which an identity holds before it is believed
HOLDS_SHARE = Fraction(3, 4)  # of the rows that have its figures
A_COLUMN_MAX = 10  # warnings of one column; the others are counted
_COLUMNS_MAX = 40
_ROWS_TRIED = 60
_TOTAL = re.compile(r"(?:合计|小计|总计|共计|总数|total)$|^(?:合计|小计|总计|共计)", re.IGNORECASE)
_SHARE = re.compile(r"(?:占比|比例|构成比|比重|率)$")
_DECIMALS = re.compile("[.\uff0e]([0-9]+)")
_IS_PERCENT = re.compile("[%\uff05]\\s*$")
_PERCENT, _WHOLE = Fraction(1, 100), Fraction(1)

Figures = Mapping[int, Mapping[int, Fraction]]


class Broken(NamedTuple):
    """A row in which an identity does not hold: its place, and what there is to say."""

    row: int
    column: int
    finding: Finding


class _Sum(NamedTuple):
    total: int
    parts: tuple[int, ...]


class _Share(NamedTuple):
    share: int
    part: int
    whole: int
    scale: Fraction


def broken_identities(table: Table) -> Iterator[Broken]:
    """The rows in which an identity of the table's columns does not hold; at most `A_COLUMN_MAX` a column, then a count."""
    titles = _titles(table)
    sums = [c for c, (_, title) in titles.items() if _TOTAL.search(_bare(title))]
    shares = [c for c, (_, title) in titles.items() if _SHARE.search(_bare(title))]
    if not (sums or shares) or len(titles) > _COLUMNS_MAX or len(table.rows) < HOLDS_MIN:
        return
    figures = _figures(table, titles)
    columns = [c for c in titles if figures[c]]
    for total in sums:
        identity = _sum_of(total, columns, titles, figures, table.rows)
        if identity is not None:
            yield from _few(list(_broken_sums(identity, titles, figures)))
    for share in shares:
        ratio = _share_of(share, columns, figures, table)
        if ratio is not None:
            yield from _few(list(_broken_shares(ratio, titles, figures, table)))


def _titles(table: Table) -> dict[int, tuple[str, str]]:
    """Column → the heading over it where there is one, and its own."""
    sheet, row = table.sheet, table.header_row
    keys = {column.number for column in table.columns if column.role is not None}
    titles = {
        c: ("", record.value)
        for c, record in sheet.rows.get(row, {}).items()
        if record.kind == "text" and c not in keys
    }
    for area in table.areas.get(row - 1, ()):
        above = sheet.rows.get(area.top, {}).get(area.left)
        if above is not None and area.right != area.left and area.bottom == row - 1:
            for column in range(area.left, min(area.right, area.left + _COLUMNS_MAX) + 1):
                if column in titles:
                    titles[column] = (above.value, titles[column][1])
    for area in table.areas.get(row, ()):  # a heading of its own over both levels
        above = sheet.rows.get(area.top, {}).get(area.left)
        if above is not None and above.kind == "text" and area.top < row <= area.bottom and area.left not in keys:
            titles.setdefault(area.left, ("", above.value))
    return dict(sorted(titles.items()))


def _figures(table: Table, titles: Mapping[int, tuple[str, str]]) -> dict[int, dict[int, Fraction]]:
    found: dict[int, dict[int, Fraction]] = {column: {} for column in titles}
    for row in table.rows:
        cells = table.sheet.rows[row]
        for column, figures in found.items():
            record = cells.get(column)
            number = _number(record) if record is not None else None
            if number is not None:
                figures[row] = number
    return found


def _number(record: CellRecord) -> Fraction | None:
    if not record.cached or not record.value:
        return None
    if record.kind in ("number", "percent"):
        return plain_number(record.value)
    read = read_number(record.value) if record.kind == "text" else None
    if read is None:
        return None
    return read.number * _PERCENT if read.mark == "%" else read.number if not read.mark else None


def _sum_of(
    total: int,
    columns: Sequence[int],
    titles: Mapping[int, tuple[str, str]],
    figures: Figures,
    rows: Sequence[int],
) -> _Sum | None:
    """The first of the possible sets of parts that most rows bear out."""
    for parts in _possible_parts(total, columns, titles):
        identity = _Sum(total, parts)
        tried = [row for row in rows if row in figures[total] and any(row in figures[p] for p in parts)]
        holding = [row for row in tried if figures[total][row] == _added(identity, figures, row)]
        telling = {figures[total][row] for row in holding if figures[total][row]}
        if len(telling) >= HOLDS_MIN and len(holding) >= HOLDS_SHARE * len(tried):
            return identity
    return None


def _possible_parts(
    total: int, columns: Sequence[int], titles: Mapping[int, tuple[str, str]]
) -> Iterator[tuple[int, ...]]:
    group = titles[total][0]
    plainly = [c for c in columns if not _TOTAL.search(_bare(titles[c][1])) and not _SHARE.search(_bare(titles[c][1]))]
    if group:
        together = tuple(c for c in plainly if titles[c][0] == group)
        if len(together) > 1:
            yield together
    left, right = [c for c in plainly if c < total], [c for c in plainly if c > total]
    others = [c for c in columns if c != total and _TOTAL.search(_bare(titles[c][1]))]
    since = max((c for c in others if c < total), default=0)
    until = min((c for c in others if c > total), default=_COLUMNS_MAX * 1000)
    for run in ([c for c in left if c > since], [c for c in right if c < until], left):
        for size in range(len(run), 1, -1):
            yield tuple(run[-size:] if run is not right and run[-1] < total else run[:size])
    if len(others) > 1:
        yield tuple(c for c in others if c < total)  # a total of subtotals


def _added(identity: _Sum, figures: Figures, row: int) -> Fraction:
    return sum((figures[part].get(row, Fraction(0)) for part in identity.parts), Fraction(0))


def _broken_sums(
    identity: _Sum, titles: Mapping[int, tuple[str, str]], figures: Figures
) -> Iterator[tuple[int, int, Finding]]:
    title = titles[identity.total][1]
    for row, found in figures[identity.total].items():
        added = _added(identity, figures, row)
        if found == added or not any(row in figures[part] for part in identity.parts):
            continue
        parts = " + ".join(f"{titles[p][1]} {exact_text(figures[p].get(row, Fraction(0)))}" for p in identity.parts)
        finding = Finding(
            "total-differs",
            Text(f"{quoted(title)} {exact_text(found)}", f"{quoted(title)} {exact_text(found)}"),
            Text(f"{exact_text(added)} = {parts}", f"{exact_text(added)} = {parts}"),
            Text(
                f"多数行等于各项之和,这一行相差 {exact_text(found - added)};核对合计和各项",
                f"Most rows add up, this one is off by {exact_text(found - added)}; check the total and its parts",
            ),
            "warning",
        )
        yield row, identity.total, finding


def _share_of(share: int, columns: Sequence[int], figures: Figures, table: Table) -> _Share | None:
    """The pair of columns whose quotient the share is in most rows; a first look at some rows leaves few pairs."""
    rows = [row for row in table.rows if row in figures[share]][:_ROWS_TRIED]
    for part, whole in permutations([c for c in columns if c != share], 2):
        for scale in (_WHOLE, _PERCENT):
            ratio = _Share(share, part, whole, scale)
            tried = [row for row in rows if row in figures[part] and figures[whole].get(row)]
            if len(tried) < HOLDS_MIN or not any(_holds(ratio, figures, table, row) for row in tried[:4]):
                continue
            holding = [row for row in tried if _holds(ratio, figures, table, row)]
            telling = {figures[share][row] for row in holding if figures[part][row] not in (0, figures[whole][row])}
            if len(telling) >= HOLDS_MIN and len(holding) >= HOLDS_SHARE * len(tried):
                return ratio
    return None


def _holds(ratio: _Share, figures: Figures, table: Table, row: int) -> bool:
    """Whether the share is the quotient, to one unit of the last digit that is written."""
    record = table.sheet.rows[row][ratio.share]
    written = _DECIMALS.search(record.value)
    unit = Fraction(1, 10 ** len(written[1])) if written else _WHOLE
    if record.kind == "text" and _IS_PERCENT.search(record.value):
        unit *= _PERCENT
    exact = figures[ratio.part][row] / figures[ratio.whole][row]
    return abs(figures[ratio.share][row] * ratio.scale - exact) <= unit * ratio.scale


def _broken_shares(
    ratio: _Share, titles: Mapping[int, tuple[str, str]], figures: Figures, table: Table
) -> Iterator[tuple[int, int, Finding]]:
    title, part, whole = (titles[c][1] for c in ratio[:3])
    for row, value in figures[ratio.share].items():
        if row not in figures[ratio.part] or not figures[ratio.whole].get(row) or _holds(ratio, figures, table, row):
            continue
        above, below = figures[ratio.part][row], figures[ratio.whole][row]
        right, found = _percent(above / below), _percent(value * ratio.scale)
        finding = Finding(
            "share-differs",
            Text(f"{quoted(title)} {found}", f"{quoted(title)} {found}"),
            Text(
                f"{right} = {part} {exact_text(above)} ÷ {whole} {exact_text(below)}",
                f"{right} = {part} {exact_text(above)} ÷ {whole} {exact_text(below)}",
            ),
            Text("多数行相符;核对这一行的三个数", "Most rows agree; check the three figures of this one"),
            "warning",
        )
        yield row, ratio.share, finding


def _percent(number: Fraction) -> str:
    return exact_text(round_to(number * 100, 2)) + "%"


def _few(broken: list[tuple[int, int, Finding]]) -> Iterator[Broken]:
    for row, column, finding in broken[:A_COLUMN_MAX]:
        yield Broken(row, column, finding)
    if len(broken) > A_COLUMN_MAX:
        row, column, finding = broken[A_COLUMN_MAX]
        rest = len(broken) - A_COLUMN_MAX
        more = Text(f"{finding.found.zh} 等 {rest} 行", f"{finding.found.in_lang('en')} and {rest - 1} more rows")
        yield Broken(row, column, finding._replace(found=more))


def _bare(title: str) -> str:
    return split_unit(plain(title))[0]
