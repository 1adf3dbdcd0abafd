"""A workbook marked up: the user's own file with wrong cells coloured, a comment on each, and a sheet of problems.

Nothing of the file is evaluated, and what is not marked keeps every byte: formats, formulas with the values saved
last, other sheets, merged cells, charts. Colours are a conditional format of their own, so that no cell's format
changes and a second marking can take the first away.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from perf.excel.cells import Workbook, cell_name, column_number
from perf.excel.edited_package import STYLES_PART, TYPES_PART, WORKBOOK_PART, EditedPackage
from perf.excel.formats import format_of
from perf.excel.mark_comments import Notes, new_notes, with_comments
from perf.excel.mark_formats import SHADES, with_formats
from perf.excel.package_xml import (
    Child,
    UnfamiliarPackageError,
    attributes_of,
    children_of,
    end_tag,
    place_before,
    prefix_of,
    resolved,
    root_of,
)
from perf.excel.plain_package import plain_package, sheet_titles
from perf.excel.problem_sheet import (
    COMMENTS_MAX,
    PROBLEM_SHEET,
    Looks,
    is_cell,
    problem_sheet_xml,
    severest_first,
)
from perf.kernel.issues import Issue
from perf.kernel.text import Lang, Text

_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml"
_VML = "application/vnd.openxmlformats-officedocument.vmlDrawing"
_OURS = "perf-pay:"
_AREAS_TOGETHER = 400
_BEHIND_NOTES = frozenset(
    (
        "legacyDrawingHF",
        "drawingHF",
        "picture",
        "oleObjects",
        "controls",
        "webPublishItems",
        "tableParts",
        "extLst",
        "AlternateContent",
    )
)
_BEHIND_COLOURS = _BEHIND_NOTES | {
    "conditionalFormatting",
    "dataValidations",
    "hyperlinks",
    "printOptions",
    "pageMargins",
    "pageSetup",
    "headerFooter",
    "rowBreaks",
    "colBreaks",
    "customProperties",
    "cellWatches",
    "ignoredErrors",
    "smartTags",
    "drawing",
    "legacyDrawing",
}


class Marked(NamedTuple):
    """The bytes of a marked workbook, and what there is to say about it."""

    content: bytes
    notes: tuple[Text, ...]


def marked_workbook(workbook: Workbook, content: bytes, issues: Sequence[Issue], lang: Lang = "zh") -> Marked:
    """The file with its problems marked; for another format than .xlsx or .xlsm, a copy as .xlsx.

    Args:
        workbook: The file as it was read, which was not refused.
        content: Its bytes.
        issues: What is to be marked; places name sheets and cells of the file.
    """
    listed = severest_first(issues)
    notes = [*_more_than_commented(listed)]
    if format_of(content) == "xlsx":
        titles = {sheet.name: sheet.title or sheet.name for sheet in workbook.sheets}
        try:
            return _Marking(content, workbook, titles, listed, notes, lang).done()
        except UnfamiliarPackageError:
            notes.append(
                Text(
                    "原文件不是常见软件保存的,格式没有保留,这是只含数值的副本。",
                    "The file is not built as common programs build it; this is a copy of its values only.",
                )
            )
    else:
        notes.append(
            Text(
                "原文件不是 xlsx,这是只含数值的 xlsx 副本。", "The file is no xlsx; this is an xlsx copy of its values."
            )
        )
    titles = sheet_titles(workbook)
    return _Marking(plain_package(workbook), workbook, titles, listed, notes, lang).done()


def _more_than_commented(issues: Sequence[Issue]) -> Iterable[Text]:
    cells = len({(i.place.sheet, i.place.cell) for i in issues if i.severity != "info" and is_cell(i.place.cell)})
    if cells > COMMENTS_MAX:
        yield Text(
            f"批注只加在前 {COMMENTS_MAX} 个单元格上,其余 {cells - COMMENTS_MAX} 个只着色、列在下面。",
            f"The first {COMMENTS_MAX} cells have a comment, the other {cells - COMMENTS_MAX} are coloured and listed.",
        )


class _Entry(NamedTuple):
    """A sheet of the package."""

    name: str
    part: str


class _Marking:
    """One package on its way to be marked: parts that change are kept here as text, all others are copied."""

    def __init__(
        self,
        content: bytes,
        workbook: Workbook,
        titles: Mapping[str, str],
        issues: Sequence[Issue],
        notes: Sequence[Text],
        lang: Lang,
    ) -> None:
        self.package = EditedPackage(content)
        self.workbook = workbook
        self.titles = titles
        self.issues = issues
        self.notes = list(notes)
        self.lang: Lang = lang

    def done(self) -> Marked:
        entries = self._entries()
        self._drop_macros()
        formats, shades, looks = with_formats(self.package.text(STYLES_PART))
        self.package.changed[STYLES_PART] = formats
        by_title: dict[str, dict[str, list[Issue]]] = {}
        for issue in self.issues:
            title = self.titles.get(issue.place.sheet)
            if title is not None and issue.severity != "info" and is_cell(issue.place.cell):
                by_title.setdefault(title, {}).setdefault(issue.place.cell, []).append(issue)
        room = COMMENTS_MAX
        ours = self.workbook.problem_sheet
        for entry in entries:
            if ours is not None and entry.name == ours.name:
                continue
            cells = by_title.get(entry.name, {})
            commented = dict(list(cells.items())[: max(room, 0)])
            room -= len(commented)
            self._mark_sheet(entry, cells, commented, shades)
        self._add_problem_sheet(entries, looks)
        return Marked(self.package.written(), tuple(self.notes))

    def _entries(self) -> list[_Entry]:
        text = self.package.text(WORKBOOK_PART)
        _, known = self.package.relations(WORKBOOK_PART)
        targets = {one.get("Id", ""): resolved(WORKBOOK_PART, one.get("Target", "")) for one in known}
        found: list[_Entry] = []
        for tag in re.findall(r"<(?:\w+:)?sheet\b[^>]*>", text):
            about = attributes_of(tag)
            key = next((value for name, value in about.items() if name.endswith(":id")), "")
            if key in targets:
                found.append(_Entry(about.get("name", ""), targets[key]))
        return found

    def _drop_macros(self) -> None:
        text = self.package.text(TYPES_PART)
        plain = re.sub(
            r"application/vnd\.ms-excel\.(?:sheet|template)\.macroEnabled\.main\+xml",
            f"{_TYPE}.sheet.main+xml",
            text,
            flags=re.IGNORECASE,
        )
        macros = [
            name for lower, name in self.package.names.items() if "vbaproject" in lower or lower.endswith("vbadata.xml")
        ]
        if plain != text or macros:
            plain = re.sub(r"<(?:\w+:)?Override\b[^>]*vba(?:Project|Data)[^>]*/>", "", plain)
            plain = plain.replace("application/vnd.ms-office.vbaProject", f"{_TYPE}.printerSettings")
            self.package.changed[TYPES_PART] = plain
            self.package.dropped.update(macros)
            where, _ = self.package.relations(WORKBOOK_PART)
            pattern = r"<(?:\w+:)?Relationship\b[^>]*vbaProject[^>]*/>"
            self.package.changed[where] = re.sub(pattern, "", self.package.text(where))
            self.notes.append(Text("原文件的宏没有带过来。", "The macros of the file were left out."))

    def _add_problem_sheet(self, entries: Sequence[_Entry], looks: Looks) -> None:
        ours = self.workbook.problem_sheet
        part = next((entry.part for entry in entries if ours is not None and entry.name == ours.name), "")
        file = self.workbook.original or self.workbook.name
        xml = problem_sheet_xml(
            self.issues,
            self.titles,
            file=file,
            notes=self.notes,
            namespace=self.package.namespace,
            looks=looks,
            lang=self.lang,
        )
        if part:
            self.package.changed[part] = xml
            return
        part = self.package.free("xl/worksheets/problems{}.xml")
        self.package.changed[part] = xml
        self.package.declare(part, f"{_TYPE}.worksheet+xml")
        key = self.package.relate(WORKBOOK_PART, "worksheet", part.removeprefix("xl/"))
        text = self.package.text(WORKBOOK_PART)
        ids = [int(n) for n in re.findall(r'\bsheetId="(\d+)"', text)]
        title, number = PROBLEM_SHEET, 1
        while title in {entry.name for entry in entries}:
            number += 1
            title = f"{PROBLEM_SHEET}({number})"
        prefix = prefix_of(text)
        added = f'<{prefix}sheet name="{title}" sheetId="{max(ids, default=0) + 1}" xmlns:rp="{self.package.office}" rp:id="{key}"/>'
        cut = end_tag(text, f"{prefix}sheets")
        self.package.changed[WORKBOOK_PART] = text[:cut] + added + text[cut:]

    def _mark_sheet(
        self,
        entry: _Entry,
        cells: Mapping[str, list[Issue]],
        commented: Mapping[str, list[Issue]],
        shades: Mapping[str, int],
    ) -> None:
        if not cells and self.workbook.problem_sheet is None:
            return
        text = self.package.text(entry.part)
        prefix = prefix_of(text)
        data = f"</{prefix}sheetData>"
        cut = text.rfind(data) + len(data)
        if cut < len(data):
            empty = re.search(rf"<{prefix}sheetData\s*/>", text)
            if empty is None:
                raise UnfamiliarPackageError(entry.part)
            cut = empty.end()
        tail = self._coloured(root_of(text)[0], text[cut:], prefix, cells, shades)
        tail = self._commented(entry, root_of(text)[0], tail, prefix, commented)
        self.package.changed[entry.part] = text[:cut] + tail

    def _coloured(
        self, root: str, tail: str, prefix: str, cells: Mapping[str, list[Issue]], shades: Mapping[str, int]
    ) -> str:
        ours = [
            c
            for c in _tail_children(root, tail)
            if c.name == "conditionalFormatting" and _OURS in tail[c.start : c.end]
        ]
        for child in reversed(ours):
            tail = tail[: child.start] + tail[child.end :]
        if not cells:
            return tail
        tail = re.sub(
            r'(<(?:\w+:)?cfRule\b[^>]*?\bpriority=")(\d+)"', lambda m: f'{m[1]}{int(m[2]) + len(SHADES)}"', tail
        )
        added = ""
        for priority, (severity, _, _) in enumerate(SHADES, 1):
            named = [
                c for c, found in cells.items() if min(i.severity != "error" for i in found) == (severity != "error")
            ]
            areas = _areas(named)
            for start in range(0, len(areas), _AREAS_TOGETHER):
                added += (
                    f'<{prefix}conditionalFormatting sqref="{" ".join(areas[start : start + _AREAS_TOGETHER])}">'
                    f'<{prefix}cfRule type="expression" dxfId="{shades[severity]}" priority="{priority}">'
                    f'<{prefix}formula>ISTEXT("{_OURS}{severity}")</{prefix}formula></{prefix}cfRule>'
                    f"</{prefix}conditionalFormatting>"
                )
        at = place_before(tail, _tail_children(root, tail), _BEHIND_COLOURS)
        return tail[:at] + added + tail[at:]

    def _commented(self, entry: _Entry, root: str, tail: str, prefix: str, commented: Mapping[str, list[Issue]]) -> str:
        _, known = self.package.relations(entry.part)
        targets = {one.get("Type", "").rpartition("/")[2]: one for one in known}
        comments = resolved(entry.part, targets["comments"].get("Target", "")) if "comments" in targets else ""
        if not commented and not comments:
            return tail
        legacy = next((c for c in _tail_children(root, tail) if c.name == "legacyDrawing"), None)
        drawing = ""
        if legacy is not None:
            about = attributes_of(tail[legacy.start : legacy.end])
            key = next((value for name, value in about.items() if name.endswith(":id")), "")
            target = next((one.get("Target", "") for one in known if one.get("Id") == key), "")
            drawing = resolved(entry.part, target)
            if not self.package.has(drawing):
                raise UnfamiliarPackageError(drawing)
        fresh = new_notes(self.package.namespace)
        before = Notes(
            self.package.text(comments) if comments else fresh.comments,
            self.package.text(drawing) if drawing else fresh.drawing,
        )
        after = with_comments(before, {cell: _comment(issues, self.lang) for cell, issues in commented.items()})
        if not comments:
            comments = self.package.free("xl/commentsPerf{}.xml")
            self.package.declare(comments, f"{_TYPE}.comments+xml")
            self.package.relate(entry.part, "comments", f"/{comments}")
        if not drawing:
            drawing = self.package.free("xl/drawings/vmlDrawingPerf{}.vml")
            types = self.package.text(TYPES_PART)
            if not re.search(r'Extension="vml"', types, re.IGNORECASE):
                head = root_of(types).end()
                default = f'<{prefix_of(types)}Default Extension="vml" ContentType="{_VML}"/>'
                self.package.changed[TYPES_PART] = types[:head] + default + types[head:]
            key = self.package.relate(entry.part, "vmlDrawing", f"/{drawing}")
            at = place_before(tail, _tail_children(root, tail), _BEHIND_NOTES)
            tail = f'{tail[:at]}<{prefix}legacyDrawing xmlns:rp="{self.package.office}" rp:id="{key}"/>{tail[at:]}'
        self.package.changed[comments], self.package.changed[drawing] = after
        return tail


def _tail_children(root: str, tail: str) -> list[Child]:
    """The children of a sheet that stand behind its cells, with their places in `tail`."""
    found = children_of(root + tail)
    return [Child(child.name, child.start - len(root), child.end - len(root)) for child in found]


def _areas(cells: Iterable[str]) -> list[str]:
    """Cells as areas: those that stand under one another in a column are one."""
    by_column: dict[str, list[int]] = {}
    for cell in cells:
        letters = cell.rstrip("0123456789")
        by_column.setdefault(letters, []).append(int(cell[len(letters) :]))
    areas: list[str] = []
    for letters, rows in sorted(by_column.items(), key=lambda item: column_number(item[0])):
        number = column_number(letters)
        start = previous = 0
        for row in (*sorted(rows), 0):
            if row == previous + 1 and start:
                previous = row
                continue
            if start:
                first, last = cell_name(start, number), cell_name(previous, number)
                areas.append(first if start == previous else f"{first}:{last}")
            start = previous = row
    return areas


def _comment(issues: Sequence[Issue], lang: Lang) -> str:
    labels = (
        Text("发现", "found"),
        Text("应为", "expected"),
        Text("建议", "hint"),
    )
    blocks = []
    for issue in issues:
        texts = (issue.found, issue.expected, issue.hint)
        lines = [f"{label.in_lang(lang)}: {t.in_lang(lang)}" for label, t in zip(labels, texts, strict=True) if t.zh]
        if issue.suggested:
            lines.append(f"{Text('建议值', 'suggested value').in_lang(lang)}: {issue.suggested}")
        blocks.append("\n".join(lines))
    return "\n\n".join(blocks)
