"""Workbooks of facts: from a file to facts under their keys, with every problem of the file in one pass."""

import re
from collections.abc import Mapping, Sequence

from perf.excel.adjustment_rows import holds_adjustments
from perf.excel.cells import CellRecord, Sheet, Workbook, cell_name
from perf.excel.codes import Finding, quoted
from perf.excel.collecting import Collector
from perf.excel.guard import LIMITS, Limits
from perf.excel.headers import ROLES, Vocabulary, header_key, plain, split_unit
from perf.excel.layouts import NO_REMEMBERED, Remembered, TableLayout, layout_headers, sender_in, sender_of
from perf.excel.months import bare_month, impossible_month, periods_agree, periods_in_text
from perf.excel.opening import read_workbook
from perf.excel.reading import Coverage, ImportReading
from perf.excel.recognise import Table, recognise
from perf.excel.said import NotReadToEndError, require_few_tables
from perf.excel.table_import import Told, read_table
from perf.excel.template_tag import is_tag_sheet, tag_of
from perf.kernel.facts import Fact
from perf.kernel.issues import Place, by_place
from perf.kernel.periods import Period
from perf.kernel.subjects import Roster
from perf.kernel.text import Text
from perf.specs.models import RuleBook

_OWNER = re.compile(r"(?:填报|报送|上报|所在|被考核)?(?:机构|单位)\s*:\s*([^\s:]+)")
_ACROSS_MIN = 2  # names of institutions in one row
_TEMPLATE, _FILE_NAME = "模板", "文件名"
_ENGLISH = {
    _TEMPLATE: "template",
    "标题": "title",
    "工作表名": "sheet name",
    _FILE_NAME: "file name",
    "--period": "option --period",
}
_INSTRUCTIONS = re.compile(r"(填报|填表|填写|使用)?(说明|须知|目录|封面|数据字典)")


def read_facts(
    name: str,
    content: bytes,
    book: RuleBook,
    roster: Roster | None,
    *,
    period: Period | None = None,
    mapping: Mapping[str, str] | None = None,
    remembered: Remembered = NO_REMEMBERED,
    sender: str = "",
    limits: Limits = LIMITS,
) -> ImportReading:
    """Read a workbook of facts; nothing is stored and nothing is raised for what a person can mend.

    Args:
        name: File name; a month in it counts where the sheet does not say one.
        content: The bytes as they were sent.
        book: The measures (and item lists) that columns may name.
        roster: Subjects to look up; None: codes are taken as they stand, and a warning says so.
        period: The month that the user says the file is about.
        mapping: Header → measure code or role of the column (`perf.excel.headers.ROLES`).
        remembered: What was answered before, by sender and layout; `mapping` goes before it.
        sender: The department that sends it, where the file does not say.
    Returns:
        Facts in the order of their keys (ratios as ratios), issues by place, coverage; none of the facts where the
        errors are too many to be listed.
    """
    workbook = read_workbook(name, content, limits)
    return facts_of(workbook, book, roster, period=period, mapping=mapping, remembered=remembered, sender=sender)


def facts_of(
    workbook: Workbook,
    book: RuleBook,
    roster: Roster | None,
    *,
    period: Period | None = None,
    mapping: Mapping[str, str] | None = None,
    remembered: Remembered = NO_REMEMBERED,
    sender: str = "",
) -> ImportReading:
    """The same as `read_facts`, of a workbook that was read already."""
    into = Collector(workbook, book, roster, sender)
    layouts: tuple[TableLayout, ...] = ()
    rows: Sequence[Fact] = ()
    is_elsewhere = False
    if not workbook.is_refused:
        file = _FileImport(workbook, into, mapping or {}, remembered, period)
        try:
            layouts, is_elsewhere = file.read(), file.has_adjustments
            rows = into.settle()
        except NotReadToEndError as ended:
            into.say_of_file(ended.finding)
            nothing = Coverage(into.sender, (), (), (), ())
            return ImportReading(workbook.name, workbook.sha256, (), tuple(by_place(into.said.all())), nothing)
    is_told = is_elsewhere or any(i.is_error or i.code == "sheet-unknown" for i in into.issues)
    if not rows and not is_told and not into.withheld:
        into.say_of_file(_no_figures())
    issues = tuple(by_place(into.said.all()))
    withheld = tuple(sorted(into.withheld))
    return ImportReading(workbook.name, workbook.sha256, rows, issues, into.coverage(), withheld, layouts)


class _FileImport:
    """The sheets of one file, and what stands around their tables."""

    def __init__(
        self,
        workbook: Workbook,
        into: Collector,
        mapping: Mapping[str, str],
        remembered: Remembered,
        asked: Period | None,
    ) -> None:
        self.workbook = workbook
        self.into = into
        self.mapping = mapping
        self.asked = asked
        self.vocabulary = Vocabulary(into.book, mapping)
        self.has_adjustments = False
        self.tag = tag_of(workbook)
        said = into.sender or (self.tag.sender if self.tag is not None else "")
        self.sender = said or sender_of(workbook)
        self.remembered = {layout: said for (sender, layout), said in remembered.items() if sender == self.sender}

    def read(self) -> tuple[TableLayout, ...]:
        if self.tag is not None:
            self.into.sender = self.into.sender or self.tag.sender
        tables = [table for sheet in self.workbook.sheets for table in self._tables(sheet)]
        require_few_tables(len(tables))
        self._check_mapping(tables)
        for table in tables:
            if self._lies_on_its_side(table):
                self._say_it_lies(table)
                continue
            read_table(table, self._told(table), self.vocabulary, self.into)
        if not tables and not self.has_adjustments:
            self.into.say_of_file(_no_table())
        elif tables and self.into.roster is None:
            self.into.say_of_file(_no_roster())
        layouts = [self._layout(table) for table in tables]
        return tuple(dict.fromkeys(layout for layout in layouts if layout.answers))

    def _layout(self, table: Table) -> TableLayout:
        """The table's headers, and what the mapping says of them, or of the measures that its rows name."""
        headers, column = layout_headers(table.headers), table.column("measure")
        named = {header_key(text) for text in table.texts(column)} if column is not None and self.mapping else set()
        words = {form for word in (*headers, *named) for form in (word, split_unit(word)[0])}
        answers = [(header, to) for header, to in sorted(self.vocabulary.mapping.items()) if header in words]
        return TableLayout(self.sender, headers, tuple(answers))

    def _tables(self, sheet: Sheet) -> tuple[Table, ...]:
        if not sheet.rows or _INSTRUCTIONS.fullmatch(plain(sheet.name)) or is_tag_sheet(sheet):
            return ()
        if sheet.state == "visible" and holds_adjustments(sheet):
            self.has_adjustments = True
            self.into.say_of_file(_adjustments(), sheet.name)
            return ()
        found = recognise(sheet, self.vocabulary, self.into.book, self.workbook.name, self.remembered)
        if sheet.state == "hidden":
            if found.tables:
                self.into.say_of_file(_hidden_sheet(), sheet.name)
            return ()
        self.into.issues.extend(found.issues)
        if not found.tables:
            self.into.say_of_file(_unknown_sheet(), sheet.name)
        return found.tables

    def _say_it_lies(self, table: Table) -> None:
        """One problem instead of one for each institution's column."""
        name = table.sheet.name
        self.into.issues[:] = [i for i in self.into.issues if i.place.sheet != name or i.code != "column-unknown"]
        self.into.say_of_file(_turned_table(), name, cell_name(table.header_row, 1))

    def _lies_on_its_side(self, table: Table) -> bool:
        """Whether measures go down and institutions across."""
        named = sum(len(self.into.subjects.named(header)) == 1 for header in table.headers)
        return table.column("measure") is not None and table.column("value") is None and named >= _ACROSS_MIN

    def _check_mapping(self, tables: list[Table]) -> None:
        if not self.mapping:
            return
        texts = {
            header_key(text) for sheet in self.workbook.sheets for row in sheet.rows.values() for text in _texts(row)
        }
        texts |= {header_key(header) for table in tables for header in table.headers}  # 累计/出院人次 of two rows
        headers = texts | {split_unit(text)[0] for text in texts}
        for header, target in self.mapping.items():
            if target not in ROLES and target not in self.into.book.measures:
                found = Text(
                    f"对照表把{quoted(header)}指为{quoted(target)}",
                    f"the mapping says {quoted(header)} is {quoted(target)}",
                )
                expected = Text("数据项编码,或 " + "、".join(ROLES), "a measure's code, or " + ", ".join(ROLES))
                hint = Text(
                    "改正 --map 或 --mapping;数据项编码见规则书(perf-pay specs docs)",
                    "Correct --map or --mapping; codes stand in the rule book (perf-pay specs docs)",
                )
                self.into.say_of_file(Finding("mapping-unknown", found, expected, hint))
            elif tables and header_key(header) not in headers:
                found = Text(f"对照表中的{quoted(header)}", f"{quoted(header)} of the mapping")
                expected = Text("文件中有的表头", "a header that the file has")
                hint = Text(
                    "没有用上;照文件里的写法写全表头,或去掉这一条",
                    "Not used; write the header as in the file, or drop it",
                )
                self.into.say_of_file(Finding("mapping-unused", found, expected, hint, "warning"))

    def _told(self, table: Table) -> Told:
        """The period and the institution that surround a table; those that contradict each other are reported."""
        self.into.sender = self.into.sender or sender_in(table.title)
        if no_month := impossible_month(table.title) or impossible_month(table.sheet.name):
            self.into.say_of_file(_impossible(no_month), table.sheet.name, _cell_of_title(table))
        sources: list[tuple[str, set[Period]]] = [
            (_TEMPLATE, {self.tag.period} if self.tag is not None else set()),
            ("标题", periods_in_text(table.title) or _before(table)),
            ("工作表名", periods_in_text(table.sheet.name)),
            (_FILE_NAME, self._periods_in_name()),
            ("--period", {self.asked} if self.asked else set()),
        ]
        said = [(where, next(iter(found))) for where, found in sources if len(found) == 1]
        years = {p.year for _, found in sources for p in found}
        year = years.pop() if len(years) == 1 else None
        month = bare_month(table.sheet.name) or bare_month(table.title)
        if (
            month is not None
            and year is not None
            and not any(p.kind == "month" for _, p in said[: 2 + (self.tag is not None)])
        ):
            said.insert(0, ("工作表名", Period(year, "month", month)))
        period: Period | None = None
        first = ""
        for where, other in said:
            if period is None:
                period, first = other, where
            elif not periods_agree(period, other) and first == _TEMPLATE and where == _FILE_NAME:
                renamed = _renamed(period, other).at(Place(self.workbook.name))
                self.into.issues.extend([renamed] if renamed not in self.into.issues else [])
            elif not periods_agree(period, other):
                found = Text(
                    f"{first}说是 {period},{where}说是 {other}",
                    f"the {_ENGLISH[first]} says {period}, the {_ENGLISH[where]} says {other}",
                )
                expected = Text("同一个期间", "one period")
                hint = Text("改正标题、工作表名或文件名", "Correct the title, the sheet's name or the file's name")
                finding = Finding("period-contradicts", found, expected, hint)
                self.into.say_of_file(finding, table.sheet.name, _cell_of_title(table))
            elif periods_agree(period, other) and other.days < period.days:
                period, first = other, where
        several = next((tuple(sorted(found)) for _, found in sources if len(found) > 1), ())
        return Told(period, year, self._owner(table), several, bool(no_month))

    def _periods_in_name(self) -> set[Period]:
        """Those of the file's name; of a marked workbook that came back without one, of the name it had before."""
        names = (self.workbook.name, self.workbook.original)
        return next((p for name in names if (p := periods_in_text(name.rpartition(".")[0] or name))), set())

    def _owner(self, table: Table) -> str | None:
        """The one institution that the title's tag names (`机构:泥河镇卫生院(X203)`), else title or file name."""
        if self.tag is not None and self.into.subjects.level(self.tag.institution) not in (None, "person"):
            return self.tag.institution
        tags = " ".join(match[1] for match in _OWNER.finditer(table.title))
        places = (tags, table.title, table.sheet.name, self.workbook.name, self.workbook.original)
        named = [found for text in places if (found := self._named(text))]
        if named:
            others = [other for other in named[1:] if self._contradicts(named[0], other)]
            if others:
                finding = _two_institutions(*(self.into.subjects.names_of([code]) for code in (named[0], others[0])))
                self.into.say_of_file(finding, table.sheet.name, _cell_of_title(table))
            return named[0]
        if self.into.roster is None and (match := re.search(r"\(([0-9A-Za-z_-]+)\)", tags)):
            return match[1]
        return None

    def _named(self, text: str) -> str:
        """The one unit above persons that a text names by its code in brackets or by its name, empty otherwise."""
        level = self.into.subjects.level
        codes = {c for c in re.findall(r"\(([0-9A-Za-z_-]+)\)", text) if level(c) not in (None, "person")}
        found = codes or self.into.subjects.named_in(text)
        return next(iter(found)) if len(found) == 1 else ""

    def _contradicts(self, one: str, other: str) -> bool:
        """Two institutions; a consortium and one of its members do not contradict each other."""
        level = self.into.subjects.level
        return one != other and level(one) == level(other) == "institution"


def _before(table: Table) -> set[Period]:
    """The months over the tables before this one on its sheet; years and quarters where they name none."""
    months = {period for period in table.earlier if period.kind == "month"}
    return months or set(table.earlier)


def _cell_of_title(table: Table) -> str:
    """Where the title over a table says its month; the first cell of its header where no title does."""
    for (row, column), cell in sorted(table.filled.items()):
        text = cell.value if isinstance(cell.value, str) else ""
        if row < table.header_row and (periods_in_text(text) or impossible_month(text) or bare_month(text)):
            return cell_name(row, column)
    return cell_name(table.header_row, 1)


def _two_institutions(said: str, other: str) -> Finding:
    return Finding(
        "institution-contradicts",
        Text(f"标题或表名说是 {said},别处(文件名)说是 {other}", f"the title says {said}, the file name says {other}"),
        Text("同一家机构", "one institution"),
        Text("已按标题读取;核对是不是交错了文件", "The title was taken; check whether it is the wrong file"),
        "warning",
    )


def _renamed(period: Period, other: Period) -> Finding:
    return Finding(
        "period-contradicts",
        Text(f"模板是 {period} 的,文件名说是 {other}", f"a template of {period}, but the file name says {other}"),
        Text("同一个期间", "one period"),
        Text(
            f"已按模板当作 {period} 的数据;要报 {other},请用 {other} 的模板",
            f"It was read as {period}, as the template says; for {other} use a template of {other}",
        ),
        "warning",
    )


def _impossible(month: str) -> Finding:
    return Finding(
        "period-invalid",
        Text(f"标题中的{quoted(month)}", f"{quoted(month)} in the title"),
        Text("1 到 12 月", "a month from 1 to 12"),
        Text("改正标题后重新上传", "Correct the title and upload it again"),
    )


def _texts(row: Mapping[int, CellRecord]) -> list[str]:
    return [record.value for record in row.values() if record.kind == "text"]


def _no_table() -> Finding:
    return Finding(
        "no-table",
        Text("没有找到数据表", "no table was found"),
        Text("有“工号”或“机构编码”列和数据项列的表头", "a header row with 工号 or 机构编码 and measures"),
        Text(
            "用 perf-pay template 生成的模板填报;或把表头改成这样,或用 --map '表头=编码' 指明各列",
            "Use a template of perf-pay template, mend the header, or say --map 'HEADER=CODE'",
        ),
    )


def _no_figures() -> Finding:
    return Finding(
        "no-figures",
        Text("没有读到一个数", "not one figure was found"),
        Text("填好的表", "a sheet that is filled in"),
        Text(
            "核对是不是交了空表;确实没有数据可不管",
            "Check whether it is an empty form; ignore this if there is no data",
        ),
        "warning",
    )


def _no_roster() -> Finding:
    return Finding(
        "roster-not-given",
        Text("没有给出花名册", "no roster was given"),
        Text("--subjects 花名册", "--subjects ROSTER"),
        Text("工号和机构没有核对", "Staff numbers and institutions were not looked up"),
        "warning",
    )


def _hidden_sheet() -> Finding:
    return Finding(
        "sheet-hidden",
        Text("隐藏的工作表里有数据表", "a hidden sheet holds a table"),
        Text("要填报的工作表都可见", "visible sheets"),
        Text("没有读取;需要时取消隐藏后重新上传", "It was not read; unhide it if it is needed"),
        "warning",
    )


def _adjustments() -> Finding:
    return Finding(
        "sheet-unknown",
        Text("这张表是一次性项目与扣发", "this sheet holds adjustments of single people"),
        Text("各科室上报的数据", "figures that departments report"),
        Text("没有读取;用 perf-pay adjust import 录入它", "It was not read; perf-pay adjust import takes it"),
        "warning",
    )


def _turned_table() -> Finding:
    return Finding(
        "sheet-unknown",
        Text("各机构为列,指标为行", "institutions as columns, measures as rows"),
        Text("每家机构一行,每个数据项一列", "a row for each institution, a column for each measure"),
        Text(
            "没有读取;复制整个表,选择性粘贴→转置,左上角写“机构名称”后重新上传",
            "It was not read; copy it, paste special → transpose, write 机构名称 into its first cell, upload again",
        ),
    )


def _unknown_sheet() -> Finding:
    return Finding(
        "sheet-unknown",
        Text("工作表中没有认识的表头", "no known header row on this sheet"),
        Text("有“工号”或“机构编码”列和数据项列的表头", "a header row with 工号 or 机构编码 and measures"),
        Text("没有读取;不是数据可不管", "It was not read; ignore this if it holds no data"),
        "warning",
    )
