"""Formulas that would start a program or fetch something if Excel calculated them; here they are only told."""

import re
from collections.abc import Iterable, Iterator
from heapq import merge
from operator import itemgetter
from typing import Final

from perf.excel.cell_blocks import CellBlock, blocks_of, single_rows
from perf.excel.cells import CellRecord, Sheet
from perf.excel.codes import Finding, quoted
from perf.kernel.issues import Issue, Place
from perf.kernel.text import Text

_LENGTH: Final = 8192  # characters of a formula, at most
_LITERAL: Final = re.compile(r'"[^"]*"')
_OUT: Final = re.compile(
    r"(?<![\w.])(?:_xl\w+\.)*(?:WEBSERVICE|FILTERXML|IMAGE|IMPORT(?:DATA|XML|HTML|FEED|RANGE)|RTD|DDE|CALL|REGISTER(?:\.ID)?|EXEC"
    r"|SQL\.REQUEST)\s*\(|[\w']\s*\|",
    re.IGNORECASE,
)
_LINK: Final = re.compile(r"(?<![\w.])HYPERLINK\s*\(", re.IGNORECASE)
_SIGNS: Final = ("=", "+", "-", "@")


def reaching_issues(name: str, sheets: Iterable[Sheet], *, knows_kinds: bool) -> Iterator[Issue]:
    """One issue for each sheet with such formulas, at the first of them.

    Args:
        knows_kinds: False where a formula is a text that begins with a sign.
    """
    for sheet in sheets:
        out: list[CellRecord] = []
        links: list[CellRecord] = []
        for cell in _suspects(sheet, knows_kinds=knows_kinds):
            formula = cell.formula if knows_kinds or cell.formula else _typed(cell)
            if not formula:
                continue
            bare = _LITERAL.sub('""', formula[:_LENGTH])
            if _OUT.search(bare):
                out.append(cell)
            elif _LINK.search(bare):
                links.append(cell)
        if out:
            yield _finding(out, "warning").at(Place(name, sheet.name, out[0].cell))
        if links:
            yield _finding(links, "info").at(Place(name, sheet.name, links[0].cell))


def _suspects(sheet: Sheet, *, knows_kinds: bool) -> Iterator[CellRecord]:
    """The cells in reading order, but for rows of blocks in which no formula stands that could do anything but calculate."""
    with_formulas = [
        (block.numbers[index], block.row(index))
        for block in blocks_of(sheet.rows)
        for index in _rows_with_formulas(block, knows_kinds=knows_kinds)
    ]
    single = single_rows(sheet.rows)
    for _, row in merge(single.items(), with_formulas, key=itemgetter(0)) if with_formulas else single.items():
        yield from row.values()


def _rows_with_formulas(block: CellBlock, *, knows_kinds: bool) -> list[int]:
    """The rows whose formulas, or texts where these may be formulas, could do anything but calculate."""
    found: set[int] = set()
    for column in block.columns:
        texts = column.formulas if knows_kinds else column.values
        if texts is not None:
            signs = "" if knows_kinds else _SIGNS
            doubtful = {t for t in set(texts) if t and ("(" in t or "|" in t) and t.startswith(signs)}
            found.update(index for index, text in enumerate(texts) if text in doubtful)
    return sorted(found)


def _typed(cell: CellRecord) -> str:
    return cell.value[1:] if cell.value.startswith(_SIGNS) else ""


def _finding(cells: list[CellRecord], severity: str) -> Finding:
    first = quoted(f"={cells[0].formula}" if cells[0].formula else cells[0].value)
    more = (f",共 {len(cells)} 处", f", {len(cells)} of them") if len(cells) > 1 else ("", "")
    expected = Text("本表内的数值", "values inside this file")
    if severity == "info":
        found = Text(f"公式带网址:{first}{more[0]}", f"a formula with a link: {first}{more[1]}")
        return Finding("formula-reaches-out", found, expected, Text("没有打开网址", "No address was opened"), "info")
    found = Text(
        f"公式要启动别的程序或访问网络:{first}{more[0]}",
        f"a formula that would start a program or use the network: {first}{more[1]}",
    )
    hint = Text(
        "没有执行,也没有访问;用的是文件里存下的值,请核对来源,并“选择性粘贴为数值”",
        "It was neither run nor fetched; the value stored in the file was taken. Check where it comes from, paste values",
    )
    return Finding("formula-reaches-out", found, expected, hint, "warning")
