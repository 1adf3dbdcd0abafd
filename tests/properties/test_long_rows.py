"""Long tables are taken by measure where there is nothing to say of a row; the reading is the same as row by row."""

from collections.abc import Mapping

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.unit.excel.excel_building import BOOK, MEASURES, ROSTER, sheet_bytes

from perf.excel import read_facts
from perf.excel.fact_rows import FactRows
from perf.excel.long_rows import LongRows
from perf.excel.reading import ImportReading
from perf.kernel.subjects import Roster

TITLES = [measure.title.zh for measure in MEASURES]
NAMED = [
    *TITLES,
    *TITLES,
    "出院人数",
    "income",
    "门诊收入(万元)",
    "开放床日数",
    "本月出院人次",
    "出院人次数",
    "出院人次(元)",
    "合计",
    "别的",
    "",
]
FIGURES = st.one_of(
    st.integers(-2, 120),
    st.sampled_from([1.5, 88.25, 0.1, 12.345, "5", "12%", "无", " ", "B", "D", "是", "1,234.50", "=1+1", "八十", ""]),
    st.sampled_from([3, 3, 3]),
)
COLUMNS = {
    "工号": st.sampled_from(["000203", "000203", "000204", "000205", "000208", "000209", "203", "9", "12", 204, ""]),
    "姓名": st.sampled_from(["张三", "张三", "李四", "王芳", "两岗", "无人", ""]),
    "机构编码": st.sampled_from(["X203", "X203", "X204", "C1", "X9", ""]),
    "机构名称": st.sampled_from(["泥河镇卫生院", "白湖镇卫生院", "泥河", ""]),
    "月份": st.sampled_from(["2025-06", "2025-06", "2025-05", "2025年", "13月", "6月", "2024-06", ""]),
    "单位": st.sampled_from(["", "元", "元", "万元", "人次", "%", "斤", "天"]),
    "明细项": st.sampled_from(["", "", "ecg", "别的"]),
    "对方单位": st.sampled_from(["", "", "X203", "白湖镇卫生院", "无处"]),
    "数据项": st.sampled_from(NAMED),
    "数值": FIGURES,
    "备注": st.sampled_from(["", "无"]),
}
WHO = [["工号"], ["工号", "姓名"], ["机构编码", "姓名"], ["机构编码"], ["机构名称"], ["工号", "机构编码"]]


@st.composite
def tables(draw: st.DrawFn) -> tuple[list[list[object]], list[str], dict[str, str]]:
    more = [name for name in ("月份", "单位", "明细项", "对方单位", "备注") if draw(st.booleans())]
    headers = draw(st.permutations([*draw(st.sampled_from(WHO)), *more, "数据项", "数值"]))
    title = draw(st.sampled_from([None, "单位:万元"]))
    rows: list[list[object]] = [[title]] if title else []
    rows.append(list(headers))
    is_plain = draw(st.booleans())  # half of the tables have rows that are alike, so that many stand in one block
    plain = {name: draw(values) for name, values in COLUMNS.items()}
    free = draw(st.sets(st.sampled_from(headers))) if is_plain else set(headers)
    for _ in range(draw(st.integers(2, 14))):
        line = {name: draw(COLUMNS[name]) if name in free else plain[name] for name in headers}
        rows.append([value if (value := line[name]) != "" else None for name in headers])
    merge = []
    if draw(st.integers(0, 5)) == 0:
        column, row = draw(st.sampled_from("ABC")), len(rows) - 1
        merge.append(f"{column}{row}:{column}{row + 1}")
    cells = [f"{'ABCDEFGHIJK'[headers.index('数值')]}{number}" for number in range(2, len(rows) + 1)]
    return rows, merge, dict.fromkeys(cells, "0.0%") if draw(st.integers(0, 3)) == 0 else {}


def told(reading: ImportReading) -> tuple[object, ...]:
    rows = FactRows.of(reading.rows)
    return tuple(rows), tuple(rows.lines()), reading.issues, reading.coverage, reading.withheld, reading.layouts


def row_by_row(name: str, content: bytes, roster: Roster | None) -> ImportReading:
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(LongRows, "take", lambda *_: set())
        return read_facts(name, content, BOOK, roster)


def as_csv(rows: list[list[object]]) -> bytes:
    return "\n".join("\t".join("" if value is None else str(value) for value in row) for row in rows).encode()


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    tables(), st.sampled_from(["2025-06 数据.xlsx", "2025.xlsx", "数据.xlsx"]), st.sampled_from([ROSTER, ROSTER, None])
)
def test_a_long_table_is_read_by_measure_as_row_by_row(
    table: tuple[list[list[object]], list[str], dict[str, str]], name: str, roster: Roster | None
) -> None:
    rows, merge, formats = table
    content = sheet_bytes(rows, merge=merge, formats=formats)
    assert told(read_facts(name, content, BOOK, roster)) == told(row_by_row(name, content, roster))


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(tables(), st.sampled_from(["2025-06 数据.txt", "2025.txt"]))
def test_a_long_text_file_is_read_by_measure_as_row_by_row(
    table: tuple[list[list[object]], list[str], dict[str, str]], name: str
) -> None:
    content = as_csv(table[0])
    assert told(read_facts(name, content, BOOK, ROSTER)) == told(row_by_row(name, content, ROSTER))


def test_sound_rows_of_a_long_table_are_taken_by_measure(monkeypatch: pytest.MonkeyPatch) -> None:
    """The others are read by themselves, and only they."""
    rows: list[list[object]] = [["工号", "月份", "数据项", "数值", "单位"]]
    rows += [["000203", f"2025-{month:02d}", "门诊收入", month + 0.5, "元"] for month in range(1, 10)]
    rows += [["000204", f"2025-{month:02d}", "出院人次", month, None] for month in range(1, 10)]
    rows += [["000205", "2025-06", "门诊收入", -5, "元"], ["000205", "2025-06", "没有的", 1, "元"]]
    taken: list[set[int]] = []
    take = LongRows.take

    def noted(rows: LongRows, merged: Mapping[int, object]) -> set[int]:
        taken.append(take(rows, merged))
        return taken[-1]

    monkeypatch.setattr(LongRows, "take", noted)
    reading = read_facts("2025.xlsx", sheet_bytes(rows), BOOK, ROSTER)
    assert taken == [set(range(2, 20))]
    assert len(reading.rows) == 18
    assert [(issue.place.cell, issue.code) for issue in reading.issues] == [
        ("D20", "out-of-range"),
        ("C21", "measure-unknown"),
    ]
    assert {row.source.cell for row in reading.rows} == {f"D{number}" for number in range(2, 20)}
