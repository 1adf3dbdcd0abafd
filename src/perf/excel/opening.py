"""Any file that holds a table, opened: what it is is found by its content, and all formats give the same `Workbook`."""

import hashlib

from perf.excel.bounds import bounded
from perf.excel.cells import Sheet, Workbook
from perf.excel.codes import Finding
from perf.excel.formats import ENDINGS, OLE, TITLES, FileFormat, damage_of, decoded, format_of
from perf.excel.guard import (
    ENCRYPTED,
    LIMITS,
    Limits,
    WorkbookRefusedError,
    damaged_text,
    encrypted,
    not_a_workbook,
    require_size,
)
from perf.excel.problem_sheet import is_problem_sheet, original_name
from perf.excel.reaching import reaching_issues
from perf.excel.reader import package_sheets
from perf.kernel.issues import Issue, Place
from perf.kernel.text import Text


def read_workbook(name: str, content: bytes, limits: Limits = LIMITS) -> Workbook:
    """Read every sheet of a file, or say why not.

    Args:
        name: File name, for places; an ending that the content belies is told.
        content: The bytes as they were sent: xlsx, xlsm, xls, ods, delimited text in UTF-8, UTF-16 or GB18030, or a
            web page with tables.
    Returns:
        The sheets in their order. A refused file has none, and one issue with the reason; memory and time are
        bounded by `limits`. Nothing of a file is ever run or fetched.
    """
    place = Place(name)
    digest = hashlib.sha256(content).hexdigest()
    try:
        require_size(content, limits)
        kind = format_of(content)
        with bounded(limits):
            sheets, issues = _sheets(kind, name, content, limits)
    except WorkbookRefusedError as refusal:
        return Workbook(name, digest, (), (refusal.finding.at(place),))
    problems = next((sheet for sheet in sheets if is_problem_sheet(sheet)), None)
    kept = tuple(sheet for sheet in sheets if sheet is not problems)
    knows_kinds = kind not in ("text", "html")
    return Workbook(
        name,
        digest,
        kept,
        (*issues, *_ending_told(name, kind), *reaching_issues(name, kept, knows_kinds=knows_kinds)),
        knows_kinds=knows_kinds,
        problem_sheet=problems,
        original=original_name(problems) if problems is not None else "",
    )


def text_workbook(name: str, text: str, limits: Limits = LIMITS) -> Workbook:
    """A delimited text that was decoded already, as a workbook of one sheet."""
    return read_workbook(name, text.encode(), limits)


def _sheets(kind: FileFormat, name: str, content: bytes, limits: Limits) -> tuple[tuple[Sheet, ...], tuple[Issue, ...]]:
    if kind == "xlsx":
        return package_sheets(name, content, limits)
    if kind == "ods":
        from perf.excel.open_document import document_sheets

        return document_sheets(name, content, limits)
    if kind == "xls":
        if content.startswith(OLE) and ENCRYPTED in content:
            raise WorkbookRefusedError(encrypted())
        from perf.excel.old_workbook import old_sheets

        return old_sheets(name, content, limits)
    if kind == "unknown":
        broken = damage_of(content)
        raise damaged_text(*broken) if broken is not None else not_a_workbook()
    return (_text_sheet(kind, content, limits),), ()


def _text_sheet(kind: FileFormat, content: bytes, limits: Limits) -> Sheet:
    text = decoded(content)
    if text is None:
        broken = damage_of(content)
        raise damaged_text(*broken) if broken is not None else not_a_workbook()
    if kind == "html":
        from perf.excel.html_table import html_sheet

        return html_sheet(text, limits)
    from perf.excel.delimited import text_sheet

    return text_sheet(text, limits)


def _ending_told(name: str, kind: FileFormat) -> list[Issue]:
    ending = name.rpartition(".")[2].lower() if "." in name else ""
    if kind not in ENDINGS or not ending or ending in ENDINGS[kind]:
        return []
    found = Text(f"扩展名 .{ending},内容是{TITLES[kind][0]}", f"named .{ending}, but it is {TITLES[kind][1]}")
    expected = Text(f"扩展名 .{ENDINGS[kind][0]}", f"the ending .{ENDINGS[kind][0]}")
    hint = Text("已按内容读取;下次另存为 .xlsx 更稳妥", "It was read by its content; saving it as .xlsx is safer")
    return [Finding("workbook-ending", found, expected, hint, "info").at(Place(name))]
