"""Workbooks with one trouble each, of the demonstration county's June 2025; what is to be found stands in fixtures/dirty."""

import io
import zipfile
import zlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

from openpyxl import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from perf.services.county import plan
from perf.services.county.people import Person, people_of
from perf.services.county.roster_book import roster_workbook

_TOWN = "LJ02"
_SHEET = "xl/worksheets/sheet1.xml"
_GIBIBYTE = 1 << 30
_PIECE = 1 << 20
_OLE = bytes.fromhex("d0cf11e0a1b11ae1")
_HEADERS = ("工号", "姓名", "所在单位", "完成工作量点数(分)", "目标工作量点数(分)", "医疗质量考核得分(分)")
_RATES = ("机构名称", "居民电子健康档案建档率(%)")
_FIRST = 4  # the first data row: title, sender and headers stand above

Line = list[plan.Cell | None]
Files = dict[str, bytes]


@dataclass(frozen=True, slots=True)
class Trouble:
    """A trouble and the files that have it, in the order of upload."""

    name: str
    title: str
    files: Files


@dataclass(frozen=True, slots=True)
class Setting:
    """The county that the troubled files are about: some doctors of one township hospital.

    Args:
        roster: A sound roster workbook of the consortium.
        doctors: Six of the town's doctors, none of them with a namesake among them.
        namesake: A name that several people of the consortium have.
    """

    roster: bytes
    doctors: tuple[Person, ...]
    namesake: str
    towns: tuple[str, ...]


def setting_of(data: Path) -> Setting:
    """The setting, from the CSV of the demonstration county."""
    county = plan.load_county(data)
    people = people_of(county)
    town = [p for p in people if p.stints[-1].institution == _TOWN and len(p.stints) == 1]
    doctors = [p for p in town if p.stints[0].category == "doctor" and not p.stints[0].is_head]
    sound = tuple(p for p in doctors if p.stints[0].last_day is None)[:6]
    towns = tuple(i.name for i in county.members("G1") if i.is_town)
    return Setting(roster_workbook(county, county.consortia[0], people), sound, county.names["double"][0], towns)


def troubles(setting: Setting) -> list[Trouble]:
    """Every trouble but the two hostile packages of `hostile`, which are made on demand."""
    return [*_of_values(setting), *_of_subjects(setting), *_of_tables(setting), *_of_files(), *_of_uploads(setting)]


def hostile() -> list[Trouble]:
    """A gibibyte of zeros in some kilobytes, and a sheet whose only cells are at its two far corners."""
    return [
        Trouble("zip_bomb", "解压后 1 GiB", {"超大.xlsx": _zip_bomb()}),
        Trouble("far_cell", "单元格在 XFD1048576", {"远处单元格.xlsx": _far_cell()}),
    ]


def write_dirty(out: Path, data: Path) -> list[Path]:
    """Write all of them below `out`, a folder each; the paths."""
    setting = setting_of(data)
    written: list[Path] = []
    for trouble in (*troubles(setting), *hostile()):
        for name, content in trouble.files.items():
            path = out / trouble.name / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
            written.append(path)
    return written


def _of_values(setting: Setting) -> list[Trouble]:
    return [
        _changed(setting, "score_in_words", "得分写成“八十八”", lambda s: _text(s, "F5", "八十八")),
        _changed(setting, "score_130_of_100", "满分 100 的得分填 130", lambda s: _number(s, "F5", 130)),
        _changed(setting, "full_width_digits", "全角数字", lambda s: _text(s, "F5", "８８．５")),
        _changed(setting, "numbers_as_text", "数字存成文本", _all_as_text),
        _changed(setting, "formula_not_calculated", "公式没有计算结果", lambda s: _number(s, "F6", "=85+3")),
        _changed(setting, "error_cell", "错误值", lambda s: _error(s, "F7", "#DIV/0!")),
        Trouble("percent_text", "百分数的各种写法", {"2025-06 公卫科.xlsx": _percentages(setting)}),
    ]


def _of_subjects(setting: Setting) -> list[Trouble]:
    def without_number(sheet: Worksheet) -> None:
        _text(sheet, "A6", "")
        _text(sheet, "B6", setting.namesake)
        _text(sheet, "C6", "")

    def lost_zeros(sheet: Worksheet) -> None:
        for row, doctor in enumerate(setting.doctors, _FIRST):
            _number(sheet, f"A{row}", int(doctor.number))

    def unknown(sheet: Worksheet) -> None:
        _text(sheet, "A5", "099999")
        _text(sheet, "B5", "查无此人")

    return [
        _changed(setting, "unknown_staff_number", "花名册中没有的工号", unknown),
        _changed(setting, "lost_zeros", "工号丢失前导零", lost_zeros),
        _changed(setting, "same_name_without_number", "同名而没有工号", without_number),
        Trouble("staff_without_post", "职工没有岗位", {"2025-06 花名册补充.xlsx": _without_post()}),
    ]


def _of_tables(setting: Setting) -> list[Trouble]:
    rows = _lines(setting)
    doubled: list[Line] = [*rows, [*rows[1][:5], Decimal("70.5")], list(rows[2])]
    totals: list[Line] = [*rows, ["合计", None, None, *(sum(_whole(row[n]) for row in rows) for n in (3, 4)), None]]
    blank: list[Line] = [*rows[:2], [], [], *rows[2:4], [None, None, ""], *rows[4:]]
    month: list[Line] = [[*row, "2025-06"] for row in rows]
    month[2][-1] = "2025-13"
    return [
        Trouble("duplicate_row", "同一人两行", {_name(): _book(doubled)}),
        Trouble("totals_row", "合计行", {_name(): _book(totals)}),
        Trouble("blank_lines", "空行", {_name(): _book(blank)}),
        Trouble("month_13", "13 月", {"医务科 工作量.xlsx": _book(month, headers=(*_HEADERS, "月份"), month="")}),
    ]


def _of_files() -> list[Trouble]:
    words = "这不是工作簿,是一段文字。".encode()
    padding = bytes(504)
    encrypted = _OLE + padding + "EncryptedPackage".encode("utf-16-le") + padding
    return [
        Trouble("not_a_workbook", "不是工作簿", {"说明.xlsx": words}),
        Trouble("empty_file", "空文件", {"空.xlsx": b""}),
        Trouble("encrypted", "加密的工作簿", {"加密.xlsx": encrypted}),
        Trouble("empty_workbook", "没有内容的工作簿", {"空表.xlsx": _saved(Workbook())}),
    ]


def _of_uploads(setting: Setting) -> list[Trouble]:
    rows = _lines(setting)
    second: list[Line] = [rows[0], rows[2], rows[3], rows[4], rows[5]]
    second.insert(1, [rows[5][0], rows[5][1], rows[5][2], 390, 400, Decimal(91)])
    second.pop()
    other: list[Line] = [[*row[:5], Decimal(60)] for row in rows[:1]]
    return [
        Trouble(
            "two_senders",
            "两个科室报同一数据",
            {_name(): _book(rows), "2025-06 质控办 医疗质量.xlsx": _book(other, sender="质控办")},
        ),
        Trouble(
            "row_inserted_and_dropped",
            "第二次上传多一行、少一行",
            {_name(): _book(rows[:5]), "2025-06 医务科 工作量(改).xlsx": _book(second)},
        ),
    ]


def _name() -> str:
    return "2025-06 医务科 工作量.xlsx"


def _lines(setting: Setting) -> list[Line]:
    """Six sound rows."""
    place = setting.towns[0]
    scores = ("88", "92.5", "79", "85.5", "90", "60")
    return [
        [doctor.number, doctor.name, place, 380 + 10 * n, 400, Decimal(score)]
        for n, (doctor, score) in enumerate(zip(setting.doctors, scores, strict=True))
    ]


def _book(
    rows: Sequence[Line], *, headers: Sequence[str] = _HEADERS, sender: str = "医务科", month: str = "2025年6月"
) -> bytes:
    return _saved(_workbook(rows, headers=headers, sender=sender, month=month))


def _workbook(rows: Sequence[Line], *, headers: Sequence[str], sender: str, month: str) -> Workbook:
    workbook = Workbook()
    sheet = _sheet(workbook)
    sheet.append([f"庐江县人民医院医共体{month}医师工作量与质量考核表"])
    sheet.append([f"填报科室:{sender}"])
    sheet.append(list(headers))
    for row in rows:
        sheet.append(row)
    return workbook


def _changed(setting: Setting, name: str, title: str, change: Callable[[Worksheet], None]) -> Trouble:
    """A sound workbook with one change."""
    workbook = _workbook(_lines(setting), headers=_HEADERS, sender="医务科", month="2025年6月")
    change(_sheet(workbook))
    return Trouble(name, title, {_name(): _saved(workbook)})


def _percentages(setting: Setting) -> bytes:
    """Text with a sign, a percent format, a number in a percent column, text without a sign, and 0.9, which may be two."""
    values: Line = ["87.5%", 0, 76, "81.25", 0]
    rows: list[Line] = [[town, value] for town, value in zip(setting.towns, values, strict=False)]
    workbook = _workbook(rows, headers=_RATES, sender="公卫科", month="2025年6月")
    sheet = _sheet(workbook)
    _number(sheet, "B5", Decimal("0.875"))
    sheet["B5"].number_format = "0.0%"
    _number(sheet, "B8", Decimal("0.9"))
    return _saved(workbook)


def _without_post() -> bytes:
    workbook = Workbook()
    sheet = _sheet(workbook)
    sheet.append(
        ["工号", "姓名", "机构编码", "科室", "岗位", "人员类别", "岗位系数", "折算人数", "是否负责人", "起始日期"]
    )
    common = [_TOWN, "住院部"]
    sheet.append(["002901", "束新来", *common, "护士", "护士", 1, 1, "否", "2025-06-01"])
    sheet.append(["002902", "宛无岗", *common, None, "护士", 1, 1, "否", "2025-06-01"])
    return _saved(workbook)


def _all_as_text(sheet: Worksheet) -> None:
    for row in range(_FIRST, sheet.max_row + 1):
        for column in "DEF":
            _text(sheet, f"{column}{row}", str(sheet[f"{column}{row}"].value))


def _text(sheet: Worksheet, cell: str, text: str) -> None:
    sheet[cell].value = text or None
    if text:
        sheet[cell].data_type = "s"


def _number(sheet: Worksheet, cell: str, value: plan.Cell) -> None:
    sheet[cell].value = value


def _error(sheet: Worksheet, cell: str, text: str) -> None:
    sheet[cell].value = text
    sheet[cell].data_type = "e"


def _whole(cell: plan.Cell | None) -> int:
    return cell if isinstance(cell, int) else 0


def _sheet(workbook: Workbook) -> Worksheet:
    sheet = workbook.worksheets[0]
    assert isinstance(sheet, Worksheet)  # noqa: S101
    return sheet


def _saved(workbook: Workbook) -> bytes:
    buffer = io.BytesIO()
    workbook.save(buffer)
    return buffer.getvalue()


def _far_cell() -> bytes:
    """Two cells, but a sheet of 17 thousand million between them."""
    workbook = Workbook()
    sheet = _sheet(workbook)
    sheet["A1"].value = "工号"
    sheet["XFD1048576"].value = 1
    return _saved(workbook)


def _zip_bomb() -> bytes:
    """A sheet that inflates to 1 GiB, made without ever holding it: one deflated block, repeated."""
    squeezer = zlib.compressobj(9, zlib.DEFLATED, -zlib.MAX_WBITS)
    first = squeezer.compress(bytes(_PIECE)) + squeezer.flush(zlib.Z_FULL_FLUSH)
    again = squeezer.compress(bytes(_PIECE)) + squeezer.flush(zlib.Z_FULL_FLUSH)
    data = first + again * (_GIBIBYTE // _PIECE - 1) + squeezer.flush()
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_STORED) as package:
        package.writestr("[Content_Types].xml", b"<Types/>")
        package.writestr("xl/workbook.xml", b"<workbook/>")
        package.writestr(_SHEET, data)
    return _as_deflated(bytearray(buffer.getvalue()))


def _as_deflated(raw: bytearray) -> bytes:
    """The stored sheet declared as deflated, with its inflated size, in its own header and in the directory."""
    name, start = _SHEET.encode(), 0
    while (at := raw.find(name, start)) >= 0:
        start = at + 1
        for signature, length, method, size in ((b"PK\x03\x04", 30, 8, 22), (b"PK\x01\x02", 46, 10, 24)):
            head = at - length
            if raw[head : head + 4] == signature:
                raw[head + method : head + method + 2] = (8).to_bytes(2, "little")
                raw[head + size : head + size + 4] = _GIBIBYTE.to_bytes(4, "little")
    return bytes(raw)
