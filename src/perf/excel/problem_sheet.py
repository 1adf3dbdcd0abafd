"""The sheet 问题清单 of a marked workbook: every problem with a link to its cell and, where there is one, a value."""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from perf.excel.cells import Sheet, column_letters
from perf.excel.package_xml import xml_text
from perf.kernel.identity import without_numbers
from perf.kernel.issues import Issue, Severity
from perf.kernel.text import Lang, Text

PROBLEM_SHEET = "问题清单"
LISTED_MAX = 20_000
COMMENTS_MAX = 2_000
_MARK = "问题清单(perf-pay)"
_FILE = re.compile(r"原文件 original file: (.+)")
_CELL = re.compile(r"[A-Z]{1,3}[1-9][0-9]{0,6}")
_HEADER_ROW = 5
_WORDS: dict[Severity, Text] = {
    "error": Text("错误", "error"),
    "warning": Text("提醒", "warning"),
    "info": Text("说明", "info"),
}
_COLUMNS = (
    (Text("序号", "no."), 6),
    (Text("程度", "severity"), 8),
    (Text("工作表", "sheet"), 14),
    (Text("单元格", "cell"), 10),
    (Text("工号或编码", "subject"), 14),
    (Text("发现", "found"), 40),
    (Text("应为", "expected"), 36),
    (Text("建议", "hint"), 40),
    (Text("建议值", "suggested value"), 18),
    (Text("代码", "code"), 22),
)


class Looks(NamedTuple):
    """Numbers of the cell formats that the sheet uses: heading, header row, wrapped text, link."""

    heading: int
    header: int
    text: int
    link: int


def is_problem_sheet(sheet: Sheet) -> bool:
    """Whether the sheet is one that a marked workbook was given; such a one holds no data."""
    first = sheet.rows.get(1, {}).get(1)
    return first is not None and first.value.startswith(_MARK)


def original_name(sheet: Sheet) -> str:
    """The name of the file that was marked, as its problem sheet says; empty where it does not."""
    record = sheet.rows.get(2, {}).get(1)
    match = _FILE.match(record.value) if record is not None else None
    return without_numbers(match[1]) if match else ""


def is_cell(name: str) -> bool:
    """Whether a place's cell is one that can be marked (`F17`)."""
    return _CELL.fullmatch(name) is not None


def severest_first(issues: Sequence[Issue]) -> list[Issue]:
    """Errors, then warnings, then what is only to be known; each in the order given."""
    order = list(_WORDS)
    return sorted(issues, key=lambda issue: order.index(issue.severity))


def problem_sheet_xml(
    issues: Sequence[Issue],
    titles: Mapping[str, str],
    *,
    file: str,
    notes: Sequence[Text],
    namespace: str,
    looks: Looks,
    lang: Lang,
) -> str:
    """The sheet's XML.

    Args:
        issues: In the order in which they are listed; the first `LISTED_MAX` are.
        titles: Sheet of a place -> name of the sheet in this workbook; others get no link.
        file: Name of the file that was marked.
        notes: What there is to say about the copy, a line for each at the end of the heading.
    """
    listed = issues[:LISTED_MAX]
    rows = list(_heading(issues, file, notes, looks, lang))
    links: list[str] = []
    for number, issue in enumerate(listed, 1):
        row = _HEADER_ROW + number
        place = issue.place
        values = (
            str(number),
            _WORDS[issue.severity].in_lang(lang),
            place.sheet,
            place.cell,
            issue.subject,
            issue.found.in_lang(lang),
            issue.expected.in_lang(lang),
            issue.hint.in_lang(lang),
            issue.suggested,
            issue.code,
        )
        title = titles.get(place.sheet)
        is_linked = title is not None and (is_cell(place.cell) or not place.cell)
        if title is not None and is_linked:
            target = "'" + title.replace("'", "''") + "'!" + (place.cell or "A1")
            links.append(f'<hyperlink ref="D{row}" location="{xml_text(target)}" display="{xml_text(place.cell)}"/>')
        styles = [looks.link if is_linked and column == 3 else looks.text for column in range(len(values))]
        rows.append(_row(row, values, styles))
    last = _HEADER_ROW + max(len(listed), 1)
    widths = "".join(
        f'<col min="{n}" max="{n}" width="{width}" customWidth="1"/>' for n, (_, width) in enumerate(_COLUMNS, 1)
    )
    area = f"A{_HEADER_ROW}:{column_letters(len(_COLUMNS))}{last}"
    return (
        f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n<worksheet xmlns="{namespace}">'
        '<sheetPr><tabColor rgb="FFC00000"/><pageSetUpPr fitToPage="1"/></sheetPr>'
        f'<sheetViews><sheetView workbookViewId="0"><pane ySplit="{_HEADER_ROW}" topLeftCell="A{_HEADER_ROW + 1}" '
        'activePane="bottomLeft" state="frozen"/></sheetView></sheetViews>'
        f"<cols>{widths}</cols><sheetData>{''.join(rows)}</sheetData>"
        f'<autoFilter ref="{area}"/>'
        + (f"<hyperlinks>{''.join(links)}</hyperlinks>" if links else "")
        + '<pageMargins left="0.5" right="0.5" top="0.6" bottom="0.6" header="0.3" footer="0.3"/>'
        '<pageSetup paperSize="9" orientation="landscape" fitToHeight="0"/></worksheet>'
    )


def _heading(issues: Sequence[Issue], file: str, notes: Sequence[Text], looks: Looks, lang: Lang) -> Iterator[str]:
    counts = {word: sum(issue.severity == severity for issue in issues) for severity, word in _WORDS.items()}
    said = " · ".join(f"{word.in_lang(lang)} {count}" for word, count in counts.items() if count)
    yield _row(1, [f"{_MARK}  {said}"], [looks.heading])
    yield _row(2, [f"原文件 original file: {file}"], [looks.heading])
    use = Text(
        "单击“单元格”跳到出错处(红:错误,黄:提醒),在原处改正,保存后直接重新上传本文件;本表不会被读取,可不删除。",
        "Click a cell's name to go there (red: error, yellow: warning), mend it there, save, and send this file "
        "again; this sheet is not read and may stay.",
    )
    more = list(notes)
    if len(issues) > LISTED_MAX:
        rest = len(issues) - LISTED_MAX
        more.append(
            Text(
                f"只列出前 {LISTED_MAX} 条,另有 {rest} 条。", f"The first {LISTED_MAX} are listed, {rest} more are not."
            )
        )
    yield _row(3, [" ".join(text.in_lang(lang) for text in (use, *more))], [looks.heading])
    yield _row(_HEADER_ROW, [title.in_lang(lang) for title, _ in _COLUMNS], [looks.header] * len(_COLUMNS))


def _row(number: int, values: Sequence[str], styles: Sequence[int]) -> str:
    cells = "".join(
        f'<c r="{column_letters(column)}{number}" s="{style}" t="inlineStr"><is>'
        f'<t xml:space="preserve">{xml_text(value)}</t></is></c>'
        for column, (value, style) in enumerate(zip(values, styles, strict=True), 1)
        if value
    )
    return f'<row r="{number}">{cells}</row>'
