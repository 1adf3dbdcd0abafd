"""Troubles of the file: the same small table in every format, in other encodings, under wrong endings."""

import io
import re
import zipfile

from tests.workbooks.awkward_building import blank, page, saved, trouble
from tests.workbooks.format_writers import as_html, as_ods, as_text, as_xls, as_xlsx

ROWS = (
    ("2025年6月工作量", None, None, None),
    ("工号", "姓名", "出院人次", "满意度(%)"),
    ("000203", "张三", 12, 95),
    ("000303", "𬱖㛃", 8, "87.5%"),
    ("合计", None, 20, None),
)


@trouble("xlsx", "工作量.xlsx")
def format_xlsx() -> bytes:
    return as_xlsx(ROWS)


@trouble("xlsm:带宏的工作簿", "工作量.xlsm")
def format_xlsm() -> bytes:
    return with_parts(as_xlsx(ROWS), {"xl/vbaProject.bin": b"\xd0\xcf\x11\xe0"})


@trouble("“严格的 Open XML”(另一套命名空间)", "工作量.xlsx")
def format_strict() -> bytes:
    return with_names(as_xlsx(ROWS), TRANSITIONAL_TO_STRICT)


@trouble("xls:Excel 97–2003", "工作量.xls")
def format_xls() -> bytes:
    return as_xls(ROWS)


@trouble("ods:WPS、LibreOffice 的表格", "工作量.ods")
def format_ods() -> bytes:
    return as_ods(ROWS)


@trouble("csv:UTF-8", "工作量.csv")
def format_csv_utf8() -> bytes:
    return as_text(ROWS)


@trouble("csv:UTF-8,带 BOM(Excel 另存为)", "工作量.csv")
def format_csv_utf8_with_mark() -> bytes:
    return as_text(ROWS, "utf-8-sig")


@trouble("csv:GB18030(中文 Windows 的默认编码),有生僻字", "工作量.csv")
def format_csv_gb18030() -> bytes:
    return as_text(ROWS, "gb18030")


@trouble("txt:制表符分隔,UTF-16(Excel 的“Unicode 文本”)", "工作量.txt")
def format_txt_utf16() -> bytes:
    return as_text(ROWS, "utf-16", "\t")


@trouble("txt:分号分隔", "工作量.txt")
def format_txt_semicolons() -> bytes:
    return as_text(ROWS, "gb18030", ";")


@trouble("系统导出的网页,扩展名是 .xls", "工作量.xls")
def format_html() -> bytes:
    return as_html(ROWS)


@trouble("扩展名是 .xls,内容是 xlsx", "工作量.xls")
def xlsx_called_xls() -> bytes:
    return as_xlsx(ROWS)


@trouble("扩展名是 .xlsx,内容是 csv", "工作量.xlsx")
def csv_called_xlsx() -> bytes:
    return as_text(ROWS, "gb18030")


@trouble("csv 里的工号在 Excel 里打开过一次:前导零没有了", "2025-06 工作量.csv")
def csv_without_zeros() -> bytes:
    return as_text([("工号", "姓名", "出院人次"), ("203", "张三", "12"), ("12", "", "3")], "gb18030")


@trouble("csv 里数字带千分位,放在引号里", "2025-06 工作量.csv")
def csv_with_quotes() -> bytes:
    return '工号,姓名,门诊收入(元)\r\n000203,"张三","1,234.50"\r\n000204,"李""四",￥800\r\n'.encode("gb18030")


@trouble("空文件", "工作量.xlsx")
def empty_file() -> bytes:
    return b""


@trouble("没有内容的工作簿", "工作量.xlsx")
def empty_workbook() -> bytes:
    book = blank()
    page(book, [], "Sheet1")
    return saved(book)


@trouble("设了打开密码的工作簿", "工作量.xlsx")
def encrypted() -> bytes:
    return bytes.fromhex("d0cf11e0a1b11ae1") + bytes(504) + "EncryptedPackage".encode("utf-16-le") + bytes(504)


@trouble("传了一半的文件", "工作量.xlsx")
def truncated() -> bytes:
    content = as_xlsx(ROWS)
    return content[: len(content) // 2]


@trouble("把照片当成表格传上来", "工作量.xlsx")
def picture() -> bytes:
    return b"\x89PNG\r\n\x1a\n" + bytes(100)


@trouble("不是报表的表格(食堂菜单)", "六月菜单.xlsx")
def no_table() -> bytes:
    return as_xlsx([("菜", "价"), ("红烧肉", 18)])


TRANSITIONAL_TO_STRICT = {
    b"http://schemas.openxmlformats.org/spreadsheetml/2006/main": b"http://purl.oclc.org/ooxml/spreadsheetml/main",
    b"http://schemas.openxmlformats.org/officeDocument/2006/relationships": b"http://purl.oclc.org/ooxml/officeDocument/relationships",
}


def with_parts(content: bytes, parts: dict[str, bytes]) -> bytes:
    """The package with further parts."""
    buffer = io.BytesIO(content)
    with zipfile.ZipFile(buffer, "a") as package:
        for name, part in parts.items():
            package.writestr(name, part)
    return buffer.getvalue()


def with_names(content: bytes, names: dict[bytes, bytes]) -> bytes:
    """The package with other namespaces in all of its parts."""
    buffer = io.BytesIO()
    wanted = re.compile(b"|".join(map(re.escape, names)))
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as new:
        for entry in old.infolist():
            new.writestr(entry.filename, wanted.sub(lambda match: names[match[0]], old.read(entry)))
    return buffer.getvalue()
