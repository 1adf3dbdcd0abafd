"""Files that cost much to read, made to: what `perf-pay import FILE --marked OUT` takes over each, refused or read.

Processor time and peak memory are those of the command in a process of its own, its children's with it; the time it takes over
a small file is given first. Names of files may be given to run only these; nothing fails on a time.
"""

import io
import os
import resource
import sys
import tempfile
import time
import traceback
import zipfile
from collections.abc import Callable, Iterator, Mapping
from itertools import pairwise
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))
sys.path.insert(0, str(Path(__file__).parent))

from import_workbook import HR, NOW, database
from openpyxl import Workbook
from rich.console import Console
from tests.workbooks.format_writers import as_xls

from perf.cli.output import print_issues
from perf.excel import read_workbook
from perf.excel.facts_import import facts_of
from perf.excel.marking import marked_workbook
from perf.services.collector_pause import collector_paused
from perf.services.import_differences import changes_of, preview_workbook
from perf.services.known_roster import KnownRoster
from perf.services.rules import readable_book
from perf.services.workbooks import WorkbookRequest, import_reading
from perf.storage.store import open_store

PROMISED = 2.0
MOST = 60
PEOPLE = 8_400  # times twelve months: a row for each of 100,000
NAMESPACE = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
HEADER = ("工号", "月份", "门诊收入(元)", "出院人次")
RULES = """\
attributes: {name: {zh: 姓名, en: Name}}
---
measure: income
title: {zh: 门诊收入, en: Income}
answers: number
unit: yuan
digits: 2
level: person
roll_up: sum
---
measure: discharges
title: {zh: 出院人次, en: Discharges}
answers: number
unit: person-times
digits: 0
level: person
roll_up: sum
"""


def package(parts: Mapping[str, str | bytes]) -> bytes:
    source, out, base = io.BytesIO(), io.BytesIO(), Workbook()
    base.active.append(["工号"])
    base.save(source)
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            if name not in parts:
                new.writestr(name, old.read(name))
        for name, content in parts.items():
            new.writestr(name, content)
    return out.getvalue()


def letters(column: int) -> str:
    found = ""
    while column:
        column, digit = divmod(column - 1, 26)
        found = chr(65 + digit) + found
    return found


def cell(row: int, column: int, value: object, extra: str = "") -> str:
    place = f"{letters(column)}{row}"
    if isinstance(value, str):
        return f'<c r="{place}"{extra} t="inlineStr"><is><t>{value}</t></is></c>'
    return f'<c r="{place}"{extra}><v>{value}</v></c>'


def sheet(rows: Iterator[str], before: str = "", after: str = "") -> str:
    return f'<worksheet xmlns="{NAMESPACE}">{before}<sheetData>{"".join(rows)}</sheetData>{after}</worksheet>'


def one_sheet(rows: Iterator[str], before: str = "", after: str = "", **parts: str) -> bytes:
    more = {name.replace("__", "/"): content for name, content in parts.items()}
    return package({"xl/worksheets/sheet1.xml": sheet(rows, before, after), **more})


def row(number: int, values: tuple[object, ...], extra: str = "") -> str:
    return f'<row r="{number}">{"".join(cell(number, c, v, extra) for c, v in enumerate(values, 1))}</row>'


def figures(number: int) -> tuple[object, ...]:
    return f"{number % PEOPLE:06d}", f"2025-{number // PEOPLE % 12 + 1:02d}", number, number % 97


def table(count: int, extra: str = "", header: tuple[object, ...] = HEADER) -> Iterator[str]:
    yield row(1, header)
    for n in range(count):
        yield row(n + 2, figures(n), extra)


def numbers(rows: int, columns: int, write: Callable[[int, int], str]) -> Iterator[str]:
    for n in range(1, rows + 1):
        yield f'<row r="{n}">' + "".join(write(n, c) for c in range(1, columns + 1)) + "</row>"


def backwards(rows: int, columns: int) -> Iterator[str]:
    for n in range(1, rows + 1):
        yield f'<row r="{n}">' + "".join(cell(n, c, n) for c in range(columns, 0, -1)) + "</row>"


def twice(rows: int, columns: int) -> Iterator[str]:
    for _ in range(2):
        yield from numbers(rows, columns, lambda n, c: cell(n, c, n))


def many_sheets(count: int, rows: int) -> bytes:
    names = range(1, count + 1)
    content = sheet(table(rows))
    relations = "".join(
        f'<Relationship Id="r{n}" Type="{OFFICE}/worksheet" Target="worksheets/sheet{n}.xml"/>' for n in names
    )
    return package(
        {
            "xl/workbook.xml": f'<workbook xmlns="{NAMESPACE}" xmlns:r="{OFFICE}"><sheets>'
            + "".join(f'<sheet name="{n}" sheetId="{n}" r:id="r{n}"/>' for n in names)
            + "</sheets></workbook>",
            "xl/_rels/workbook.xml.rels": f"<Relationships>{relations}</Relationships>",
            **{f"xl/worksheets/sheet{n}.xml": content for n in names},
        }
    )


def strings(count: int, text: Callable[[int], str], rows: int) -> bytes:
    items = "".join(f"<si><t>{text(n)}</t></si>" for n in range(count))
    cells = numbers(rows, 4, lambda n, c: f'<c r="{letters(c)}{n}" t="s"><v>{(n * 4 + c) % count}</v></c>')
    return one_sheet(cells, xl__sharedStrings_xml="", **{"xl/sharedStrings.xml": f"<sst>{items}</sst>"})


def styles(count: int) -> bytes:
    formats = "".join(f'<numFmt numFmtId="{200 + n}" formatCode="{"[" * 200}0{n}"/>' for n in range(count))
    used = "".join(f'<xf numFmtId="{200 + n}"/>' for n in range(count))
    part = f'<styleSheet xmlns="{NAMESPACE}"><numFmts>{formats}</numFmts><cellXfs>{used}</cellXfs></styleSheet>'
    rows = numbers(count // 10, 10, lambda n, c: f'<c r="{letters(c)}{n}" s="{(n - 1) * 10 + c - 1}"><v>1</v></c>')
    return one_sheet(rows, **{"xl/styles.xml": part})


def names_defined(count: int) -> bytes:
    names = "".join(f'<definedName name="n{n}">Sheet!$A${n + 1}</definedName>' for n in range(count))
    return package(
        {
            "xl/workbook.xml": f'<workbook xmlns="{NAMESPACE}" xmlns:r="{OFFICE}"><sheets>'
            f'<sheet name="a" sheetId="1" r:id="rId1"/></sheets><definedNames>{names}</definedNames></workbook>',
            "xl/worksheets/sheet1.xml": sheet(table(50)),
        }
    )


def merged(count: int, tall: int = 2) -> str:
    areas = "".join(f'<mergeCell ref="A{n}:B{n + tall - 1}"/>' for n in range(2, 2 + count))
    return f"<mergeCells>{areas}</mergeCells>"


def noted(count: int) -> bytes:
    """A table with comments of its own on every row, and an error in each, so that marking lays notes over notes."""
    kinds = {
        "comments": (
            "xl/comments1.xml",
            "".join(
                f'<comment ref="C{n + 2}" authorId="0"><text><r><t>x</t></r></text></comment>' for n in range(count)
            ),
        ),
        "vml": (
            "xl/drawings/vmlDrawing1.vml",
            "".join(
                f'<v:shape id="s{n}" type="#t" style="visibility:hidden"><x:ClientData ObjectType="Note"><x:Row>{n + 1}</x:Row>'
                "<x:Column>2</x:Column></x:ClientData></v:shape>"
                for n in range(count)
            ),
        ),
    }
    return package(
        {
            "xl/worksheets/sheet1.xml": sheet(
                (row(n + 1, values) for n, values in enumerate([HEADER, *(("999", "2025-06", "x", "y"),) * count])),
                after=f'<legacyDrawing xmlns:r="{OFFICE}" r:id="rId1"/>',
            ),
            "xl/worksheets/_rels/sheet1.xml.rels": '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
            f'<Relationship Id="rId1" Type="{OFFICE}/vmlDrawing" Target="../drawings/vmlDrawing1.vml"/>'
            f'<Relationship Id="rId2" Type="{OFFICE}/comments" Target="../comments1.xml"/></Relationships>',
            kinds["comments"][0]: f'<comments xmlns="{NAMESPACE}"><authors><author>a</author></authors><commentList>'
            f"{kinds['comments'][1]}</commentList></comments>",
            kinds["vml"][
                0
            ]: '<xml xmlns:v="urn:schemas-microsoft-com:vml" xmlns:o="urn:schemas-microsoft-com:office:office" '
            f'xmlns:x="urn:schemas-microsoft-com:office:excel">{kinds["vml"][1]}</xml>',
        }
    )


def csv(count: int, values: Callable[[int], str], header: str = ",".join(HEADER)) -> bytes:
    return (header + "\n" + "\n".join(values(n) for n in range(count))).encode()


def text_of(number: int) -> str:
    return ",".join(map(str, figures(number)))


def page(count: int, values: Callable[[int], str]) -> bytes:
    body = "".join(f"<tr>{values(n)}</tr>" for n in range(count))
    head = "".join(f"<th>{title}</th>" for title in HEADER)
    return f"<html><body><table><tr>{head}</tr>{body}</table></body></html>".encode()


def ods(body: str) -> bytes:
    out = io.BytesIO()
    about = (
        'xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
        'xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"'
    )
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        new.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet", zipfile.ZIP_STORED)
        new.writestr(
            "content.xml",
            f"<office:document-content {about}><office:body><office:spreadsheet>{body}"
            "</office:spreadsheet></office:body></office:document-content>",
        )
    return out.getvalue()


def ods_cell(value: object, extra: str = "") -> str:
    if isinstance(value, str):
        kind = 'office:value-type="string"'
        return f"<table:table-cell {kind}{extra}><text:p>{value}</text:p></table:table-cell>"
    kind = f'office:value-type="float" office:value="{value}"'
    return f"<table:table-cell {kind}{extra}><text:p>{value}</text:p></table:table-cell>"


def ods_row(values: tuple[object, ...], extra: str = "") -> str:
    return f"<table:table-row{extra}>{''.join(map(ods_cell, values))}</table:table-row>"


def ods_table(rows: str, name: str = "a") -> str:
    return f'<table:table table:name="{name}">{ods_row(HEADER)}{rows}</table:table>'


UNKNOWN = tuple(f"从没见过的数据项第{n}号(元)" for n in range(690))
FILES: dict[str, Callable[[], bytes]] = {
    "a small table.xlsx": lambda: one_sheet(table(50)),
    "100,000 rows.xlsx": lambda: one_sheet(table(100_000)),
    "600,000 cells of odd attributes.xlsx": lambda: one_sheet(
        numbers(60_000, 10, lambda n, c: cell(n, c, n, " x='1'"))
    ),
    "1,000,000 cells of odd attributes.xlsx": lambda: one_sheet(
        numbers(100_000, 10, lambda n, c: cell(n, c, n, " x='1'"))
    ),
    "1,000,000 cells from right to left.xlsx": lambda: one_sheet(backwards(100_000, 10)),
    "600,000 cells from right to left.xlsx": lambda: one_sheet(backwards(60_000, 10)),
    "300,000 cells from right to left.xlsx": lambda: one_sheet(backwards(30_000, 10)),
    "200,000 cells from right to left.xlsx": lambda: one_sheet(backwards(20_000, 10)),
    "250,000 cells, each row twice.xlsx": lambda: one_sheet(twice(25_000, 10)),
    "500,000 cells, each row twice.xlsx": lambda: one_sheet(twice(50_000, 10)),
    "cells and comments in turn.xlsx": lambda: one_sheet(numbers(50_000, 10, lambda n, c: "<!-- -->" + cell(n, c, n))),
    "a comment in the last row of 1,000,000 cells.xlsx": lambda: one_sheet(
        numbers(100_000, 10, lambda n, c: ("<!-- -->" if n == 100_000 else "") + cell(n, c, n))
    ),
    "the last row of 1,000,000 cells comes again.xlsx": lambda: one_sheet(
        iter([*numbers(100_000, 10, lambda n, c: cell(n, c, n)), row(5, (1, 2, 3))])
    ),
    "every second row odd.xlsx": lambda: one_sheet(
        numbers(59_000, 20, lambda n, c: cell(n, c, n, " x='1'" if n % 2 else ""))
    ),
    "styles that change at each cell.xlsx": lambda: one_sheet(
        numbers(100_000, 10, lambda n, c: cell(n, c, n, f' s="{(n * 7 + c) % 99_999}"'))
    ),
    "types that change at each cell.xlsx": lambda: one_sheet(
        numbers(100_000, 10, lambda n, c: cell(n, c, n, ' t="str"' if (n + c) % 2 else ""))
    ),
    "attributes that are all different.xlsx": lambda: one_sheet(
        numbers(100_000, 10, lambda n, c: cell(n, c, n, f' y="{n}{c}"'))
    ),
    "numbers of 15 digits, all different.xlsx": lambda: one_sheet(
        numbers(100_000, 10, lambda n, c: cell(n, c, f"{n * 10 + c}.{n:09d}".replace('"', ""), ""))
    ),
    "dates, all different.xlsx": lambda: one_sheet(
        numbers(100_000, 10, lambda n, c: f'<c r="{letters(c)}{n}" s="1"><v>{n % 60_000}.{n * 10 + c}</v></c>'),
        **{
            "xl/styles.xml": f'<styleSheet xmlns="{NAMESPACE}"><cellXfs><xf numFmtId="0"/><xf numFmtId="22"/></cellXfs></styleSheet>'
        },
    ),
    "numbers with exponents.xlsx": lambda: one_sheet(
        numbers(100_000, 10, lambda n, c: f'<c r="{letters(c)}{n}"><v>{n}{c}.5E-{n % 300}</v></c>')
    ),
    "numbers of 30,000 digits.xlsx": lambda: one_sheet(
        numbers(300, 10, lambda n, c: f'<c r="{letters(c)}{n}"><v>{n}{"7" * 30_000}</v></c>')
    ),
    "numbers of 9,000,000 digits.xlsx": lambda: one_sheet(
        numbers(1, 9, lambda n, c: f'<c r="{letters(c)}{n}"><v>{n}{"7" * 9_000_000}</v></c>')
    ),
    "formulas, all different.xlsx": lambda: one_sheet(
        numbers(60_000, 10, lambda n, c: f'<c r="{letters(c)}{n}"><f>SUM(A{n}:B{n})+{c}</f><v>{n}</v></c>')
    ),
    "two million tags without a cell.xlsx": lambda: one_sheet(numbers(1, 2_000_000, lambda n, c: "<x/>")),  # noqa: ARG005
    "ten million tags without a cell.xlsx": lambda: one_sheet(iter(["<x/>" * 10_000_000])),
    "200,000 empty rows.xlsx": lambda: one_sheet(f'<row r="{n}"/>' for n in range(1, 200_001)),
    "2,000,000 empty rows.xlsx": lambda: one_sheet(f'<row r="{n}"/>' for n in range(1, 2_000_001)),
    "1,000,000 empty cells.xlsx": lambda: one_sheet(
        numbers(100_000, 10, lambda n, c: f'<c r="{letters(c)}{n}" s="1"/>')
    ),
    "nested 100,000 deep.xlsx": lambda: one_sheet(iter(["<a>" * 100_000 + "</a>" * 100_000])),
    "nested 1,000,000 deep.xlsx": lambda: one_sheet(iter(["<a>" * 1_000_000 + "</a>" * 1_000_000])),
    "a tag of 100,000 attributes.xlsx": lambda: one_sheet(
        iter(["<row " + " ".join(f'a{n}="1"' for n in range(80_000)) + "/>"])
    ),
    "100 tags of 50,000 attributes.xlsx": lambda: one_sheet(
        iter(["<row " + " ".join(f'a{n}="1"' for n in range(50_000)) + "/>"] * 100)
    ),
    "2,000,000 short strings.xlsx": lambda: strings(2_000_000, str, 10),
    "1,000,000 short strings.xlsx": lambda: strings(1_000_000, str, 10),
    "600,000 short strings.xlsx": lambda: strings(600_000, str, 10),
    "100,000 strings, each used.xlsx": lambda: strings(100_000, lambda n: f"名{n}", 25_000),
    "strings of 32,000 letters.xlsx": lambda: strings(2_500, lambda n: f"{n}" + "长" * 10_000, 20_000),
    "a string of runs.xlsx": lambda: one_sheet(
        table(50), **{"xl/sharedStrings.xml": "<sst><si>" + "<r><t>a</t></r>" * 800_000 + "</si></sst>"}
    ),
    "100,000 styles.xlsx": lambda: styles(100_000),
    "400,000 names defined.xlsx": lambda: names_defined(400_000),
    "20,000 merged areas.xlsx": lambda: one_sheet(table(20_000), after=merged(20_000)),
    "20,000 merged areas of 200 rows.xlsx": lambda: one_sheet(table(20_000), after=merged(20_000, 200)),
    "20,000 merged areas of the same rows.xlsx": lambda: one_sheet(
        table(20_000), after="<mergeCells>" + '<mergeCell ref="A2:B201"/>' * 20_000 + "</mergeCells>"
    ),
    "200,000 links.xlsx": lambda: one_sheet(
        table(20_000),
        after="<hyperlinks>"
        + "".join(f'<hyperlink ref="A{n}" location="a"/>' for n in range(1, 200_001))
        + "</hyperlinks>",
    ),
    "200,000 hidden columns.xlsx": lambda: one_sheet(
        table(50),
        before="<cols>" + "".join('<col min="1" max="700" hidden="1"/>' for n in range(200_000)) + "</cols>",
    ),
    "100 sheets of 1,000 rows.xlsx": lambda: many_sheets(100, 1_000),
    "20,000 headers.xlsx": lambda: one_sheet(row(n, HEADER) for n in range(1, 20_001)),
    "50,000 headers and a row each.xlsx": lambda: one_sheet(
        row(n, HEADER if n % 2 else figures(n)) for n in range(1, 100_001)
    ),
    "50,000 headers, not quite.xlsx": lambda: one_sheet(
        row(n, ("工号", f"门诊{n}收入", f"出院{n}人次", "x")) for n in range(1, 50_001)
    ),
    "20,000 headers and a total each.xlsx": lambda: one_sheet(
        row(n, (HEADER, figures(n), ("合计", "", 5, 6))[n % 3]) for n in range(1, 60_001)
    ),
    "702 columns that nobody knows.xlsx": lambda: one_sheet(
        iter(
            [row(1, ("工号", "月份", *UNKNOWN)), *(row(n, (f"{n:06d}", "2025-06", *[n] * 690)) for n in range(2, 800))]
        )
    ),
    "702 columns of long headers.xlsx": lambda: one_sheet(
        iter(
            [
                row(1, ("工号", "月份", "门诊收入(元)", *(f"{n}" + "门诊收入" * 7_000 for n in range(690)))),
                *(row(n, (f"{n:06d}", "2025-06", *[n] * 690)) for n in range(2, 50)),
            ]
        )
    ),
    "702 columns under each other's names.xlsx": lambda: one_sheet(
        iter(
            [
                row(n, ("工号", *(f"甲{n}门诊收入{c}" for c in range(600)))) if n % 2 else row(n, (*[n] * 600,))
                for n in range(1, 900)
            ]
        )
    ),
    "100,000 names that nobody knows.xlsx": lambda: one_sheet(
        iter(
            [
                row(1, ("工号", "姓名", "月份", "门诊收入(元)")),
                *(row(n, (f"A{n:06d}", f"甲乙{n}", "2025-06", n)) for n in range(2, 100_000)),
            ]
        )
    ),
    "100,000 names without numbers.xlsx": lambda: one_sheet(
        iter(
            [
                row(1, ("姓名", "月份", "门诊收入(元)")),
                *(row(n, (f"职{n}工", "2025-06", n)) for n in range(2, 100_000)),
            ]
        )
    ),
    "100,000 institutions that nobody knows.xlsx": lambda: one_sheet(
        iter(
            [
                row(1, ("机构名称", "月份", "门诊收入(元)", "出院人次")),
                *(row(n, (f"泥河{n}镇卫生院", "2025-06", n, 1)) for n in range(2, 100_000)),
            ]
        )
    ),
    "100,000 measures that nobody knows.xlsx": lambda: one_sheet(
        iter(
            [
                row(1, ("工号", "月份", "数据项", "数值")),
                *(row(n, (f"{n % 5000:06d}", "2025-06", f"门诊{n}收入", n)) for n in range(2, 100_000)),
            ]
        )
    ),
    "100,000 wrong values.xlsx": lambda: one_sheet(
        iter([row(1, HEADER), *(row(n, (f"{n % 5000:06d}", "2025-06", f"壹{n}", f"x{n}")) for n in range(2, 100_000))])
    ),
    "100,000 wrong months.xlsx": lambda: one_sheet(
        iter([row(1, HEADER), *(row(n, (f"{n % 5000:06d}", f"二零{n}年", n, n)) for n in range(2, 100_000))])
    ),
    "100,000 times the same row.xlsx": lambda: one_sheet(
        iter([row(1, HEADER), *(row(n, ("000001", "2025-06", n, n)) for n in range(2, 100_000))])
    ),
    "100,000 notes.xlsx": lambda: one_sheet(
        iter([row(1, HEADER), *(row(n, (f"备注{n}", "x")) for n in range(2, 100_000))])
    ),
    "20,000 comments and errors.xlsx": lambda: noted(20_000),
    "100,000 formulas that reach out.xlsx": lambda: one_sheet(
        iter(
            [
                row(1, HEADER),
                *(
                    f'<row r="{n}"><c r="A{n}"><v>{n}</v></c><c r="C{n}"><f>WEBSERVICE("http://x/{n}")</f><v>1</v></c></row>'
                    for n in range(2, 100_000)
                ),
            ]
        )
    ),
    "formulas of 8,000 letters.xlsx": lambda: one_sheet(
        numbers(300, 10, lambda n, c: f'<c r="{letters(c)}{n}"><f>{"_xlfn." * 1_300}{n}(</f><v>{n}</v></c>')
    ),
    "a title of 32,000 letters, often.xlsx": lambda: one_sheet(
        iter([*(row(n, ("机构2025年" * 4_000,)) for n in range(1, 300)), *(row(n, HEADER) for n in range(300, 301))])
    ),
    "100,000 rows.csv": lambda: csv(100_000, text_of),
    "a million columns.csv": lambda: csv(1, lambda _: ",".join(map(str, range(1_000_000)))),
    "a million empty columns, 30 times.csv": lambda: csv(30, lambda _: "," * 1_000_000),
    "ten million quotes.csv": lambda: csv(1, lambda _: '"' * 10_000_000),
    "quotes in pairs.csv": lambda: csv(150_000, lambda n: f'"a""{n}""b","2025-06","1","""{n}"""'),
    "2,000,000 lines.csv": lambda: b"a,b\n" + b"\n" * 1_900_000 + b"1,2",
    "150,000 lines of one quote.csv": lambda: csv(150_000, lambda n: f'{n},"'),
    "600,000 cells.csv": lambda: csv(60_000, lambda n: ",".join(str(n + c) for c in range(10))),
    "100,000 wrong values.csv": lambda: csv(100_000, lambda n: f"{n % 5000:06d},2025-06,壹{n},x{n}"),
    "30 MB of nothing.txt": lambda: b"x" * 30_000_000,
    "30 MB of Chinese without a line.txt": lambda: "门诊收入".encode("gb18030") * 3_700_000,
    "30 MB of broken characters.txt": lambda: "门诊,".encode() * 3_000_000 + b"\xff" * 3_000_000,
    "30 MB of controls.txt": lambda: b"a,b\x01\n" * 5_000_000,
    "UTF-16 without its half.csv": lambda: b"\xff\xfe" + "门诊收入,".encode("utf-16-le") * 3_000_000 + b"\x00\xd8",
    "100,000 rows.html": lambda: page(100_000, lambda n: "".join(f"<td>{v}</td>" for v in figures(n))),
    "two million tags.html": lambda: page(250_000, lambda _: "<td></td>" * 4),
    "a million tags of no table.html": lambda: (
        b"<html><body><table>" + b"<b></b>" * 500_000 + b"</table></body></html>"
    ),
    "two million tags of no table.html": lambda: b"<html><body><table>" + b"<b>" * 2_000_000,
    "attributes.html": lambda: b"<html><table>" + (b"<td " + b"a=1 " * 200_000 + b">x</td>") * 10,
    "2,000,000 references.html": lambda: b"<html><table><tr><td>" + b"&amp;" * 5_000_000 + b"</td></tr></table></html>",
    "letters beside tags.html": lambda: b"<html><table><tr><td>" + b"< " * 2_400_000 + b"</td></tr></table></html>",
    "one endless comment.html": lambda: b"<html><!--" + b"-" * 30_000_000,
    "comments.html": lambda: b"<html><table>" + b"<!---->" * 2_000_000,
    "style sheets.html": lambda: b"<html><table>" + b"<style></style>" * 1_000_000,
    "declarations.html": lambda: b"<html><table>" + b"<!x>" * 2_000_000,
    "cells that span 200,000 rows.html": lambda: page(40_000, lambda n: "<td rowspan=200000 colspan=50>x</td>"),  # noqa: ARG005
    "tables in tables.html": lambda: b"<html>" + b"<table><tr><td>" * 500_000,
    "100,000 rows.ods": lambda: ods(ods_table("".join(ods_row(figures(n)) for n in range(100_000)))),
    "1,000,000 cells.ods": lambda: ods(ods_table("".join(ods_row((*figures(n), *[n] * 6)) for n in range(100_000)))),
    "a cell 1,000,000,000 times.ods": lambda: ods(
        ods_table(
            ods_row((1,)).replace("<table:table-cell", '<table:table-cell table:number-columns-repeated="999999999"')
        )
    ),
    "600 cells 1,000 times, a row.ods": lambda: ods(
        ods_table(
            ods_row((5,), ' table:number-rows-repeated="1000"').replace(
                "<table:table-cell", '<table:table-cell table:number-columns-repeated="600"'
            )
        )
    ),
    "500,000 columns.ods": lambda: ods(ods_table("<table:table-column table:visibility='collapse'/>" * 500_000)),
    "500,000 hidden rows of 200,000.ods": lambda: ods(
        ods_table('<table:table-row table:visibility="collapse" table:number-rows-repeated="200000"/>' * 1_000)
    ),
    "cells of paragraphs.ods": lambda: ods(
        ods_table(
            "<table:table-row><table:table-cell>"
            + "<text:p>a</text:p>" * 1_000_000
            + "</table:table-cell></table:table-row>"
        )
    ),
    "spaces.ods": lambda: ods(
        ods_table(
            "<table:table-row><table:table-cell><text:p>"
            + '<text:s text:c="999999999"/>' * 10
            + "</text:p></table:table-cell></table:table-row>"
        )
    ),
    "tags of no table.ods": lambda: ods("<x/>" * 2_400_000),
    "60,000 rows.xls": lambda: as_xls([HEADER, *(figures(n) for n in range(60_000))]),
    "600,000 cells.xls": lambda: as_xls([[f"a{n}", n] * 5 for n in range(60_000)]),
    "zeros.xls": lambda: bytes.fromhex("d0cf11e0a1b11ae1") + bytes(30_000_000),
}


def stages(folder: Path, file: Path, code: int) -> None:
    """What the command does with one file, in this process; each stage's time is written to `code`."""
    store = open_store(f"sqlite:///{folder / 'perf.db'}")
    book, known, request = readable_book(folder / "rules"), KnownRoster(), WorkbookRequest(judges_values=True)
    with store.read() as connection:
        roster = known.roster(connection, HR.viewer)
    at = [time.process_time()]

    def passed() -> None:
        at.append(time.process_time())

    said = []
    with collector_paused():
        workbook = read_workbook(file.name, file.read_bytes())
        passed()
        if workbook.is_refused:
            said = [workbook.issues[0].code]
        else:
            reading = facts_of(workbook, book, roster)
            passed()
    if not workbook.is_refused:
        plan = import_reading(
            store, file, reading, actor=HR, now=NOW, request=request, known=known, measures=book.measures
        )
        list(changes_of(plan, {}))
        said = [f"{len(plan.new)} new, {len(plan.issues)} issues"]
        passed()
        marked = marked_workbook(workbook, file.read_bytes(), plan.issues)
        passed()
        preview = preview_workbook(plan, {}, plan.issues)
        passed()
        said.append(f"{len(marked.content) >> 10} kB marked, {len(preview) >> 10} kB preview")
        text = io.StringIO()
        print_issues(Console(file=text), plan.issues)
        passed()
        said.append(f"{len(text.getvalue()) >> 10} kB said")
    times = " ".join(f"{after - before:6.2f}" for before, after in pairwise(at))
    os.write(code, f"{times} | {', '.join(said)}".encode())


def measured(folder: Path, file: Path) -> tuple[float, int, str]:
    """Seconds of the processor and MB at most, of a process that does it and of its children, and what it says."""
    ours, theirs = os.pipe()
    started = os.times()
    child = os.fork()
    if not child:
        os.close(ours)
        resource.setrlimit(resource.RLIMIT_CPU, (MOST, MOST))
        try:
            stages(folder, file, theirs)
        except BaseException:  # noqa: BLE001 - told by the parent
            os.write(theirs, traceback.format_exc()[-1500:].encode())
        finally:
            os._exit(0)
    os.close(theirs)
    said = b""
    while piece := os.read(ours, 1 << 16):
        said += piece
    os.close(ours)
    _, status, used = os.wait4(child, 0)
    del started
    if status:
        said += b" ended by the system"
    return used.ru_utime + used.ru_stime, used.ru_maxrss >> 10, said.decode()


def main() -> None:
    only = sys.argv[1:]
    with tempfile.TemporaryDirectory() as root:
        folder = Path(root)
        database(folder, PEOPLE).close()
        rules = folder / "rules"
        rules.mkdir()
        (rules / "measures.yaml").write_text(RULES, encoding="utf-8")
        print(f"{'':50} {'cpu':>6} {'MB':>5} {'sent':>7}  read, facts, plan, marked, preview, screen")
        for title, make in FILES.items():
            if only and not any(word in title for word in only):
                continue
            file = folder / f"2025年 {title}"
            made = make()
            file.write_bytes(made)
            cpu, most, said = measured(folder, file)
            over = "over" if cpu > PROMISED else ""
            print(f"{title:50} {cpu:6.2f} {most:5} {len(made) >> 10:5}kB {over:4} {said}", flush=True)
            file.unlink()


if __name__ == "__main__":
    main()
