"""Whoever stays in one place is looked up once for all periods; the reading is the same as when each row is looked up by itself."""

from datetime import date, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.unit.excel.excel_building import BOOK, person, place, sheet_bytes

from perf.excel import read_facts
from perf.excel.reading import ImportReading
from perf.kernel.periods import Period
from perf.kernel.subjects import Roster, Segment
from perf.services.consortium_of import ConsortiumFinder

PEOPLE = ("000203", "000204", "000205", "12", "0012")
NAMES = ("张三", "李四", "王芳")
PLACES = {"X203": "泥河镇卫生院", "X204": "白湖镇卫生院"}
MONTHS = ("2025-01", "2025年2月", "2025-03", "2025-12", "2024-12", "13月", "")
FIRSTS = st.sampled_from([date.min, date(2025, 1, 1), date(2025, 2, 15), date(2025, 3, 1)])
LASTS = st.sampled_from([date.max, date.max, date(2025, 1, 31), date(2025, 3, 15)])


@st.composite
def segments(draw: st.DrawFn) -> list[Segment]:
    found = [place("C1", "县人民医院医共体", "consortium", ""), place("C2", "市医院医共体", "consortium", "")]
    for code, name in PLACES.items():
        first = draw(FIRSTS)
        found.append(Segment(code, "institution", "hospital", "C1", first, attributes={"name": name}))
        if first > date.min and draw(st.booleans()):
            above = draw(st.sampled_from(["C2", "C9"]))
            found.append(
                Segment(
                    code, "institution", "hospital", above, last_day=first - timedelta(1), attributes={"name": name}
                )
            )
    for number in PEOPLE:
        name = draw(st.sampled_from(NAMES))
        for _ in range(draw(st.integers(1, 2))):
            found.append(person(number, name, draw(st.sampled_from(sorted(PLACES))), draw(FIRSTS), draw(LASTS)))
    return found


COLUMNS = {
    "工号": st.sampled_from([*PEOPLE, *PEOPLE, "203", "9", ""]),
    "姓名": st.sampled_from([*NAMES, ""]),
    "机构名称": st.sampled_from([*PLACES.values(), "泥河", ""]),
    "月份": st.sampled_from(MONTHS),
    "对方单位": st.sampled_from(["", *PLACES]),
}


@st.composite
def tables(draw: st.DrawFn) -> list[list[object]]:
    who = draw(st.sampled_from([["工号"], ["姓名"], ["工号", "姓名"], ["机构名称", "姓名"], ["工号", "机构名称"]]))
    headers = [*who, "月份", *draw(st.sampled_from([[], ["对方单位"]]))]
    rows: list[list[object]] = [[*headers, "出院人次", "门诊收入"]]
    for _ in range(draw(st.integers(2, 12))):
        rows.append([*(draw(COLUMNS[header]) or None for header in headers), draw(st.integers(0, 3)), 1.5])
    return rows


def told(reading: ImportReading) -> tuple[object, ...]:
    return tuple(reading.rows), reading.issues, reading.coverage, reading.withheld


@settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(segments(), tables())
def test_who_stays_in_one_place_is_read_as_row_by_row(roster: list[Segment], table: list[list[object]]) -> None:
    content = sheet_bytes(table)
    at_once = read_facts("数据.xlsx", content, BOOK, Roster(roster))
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(Roster, "is_steady", lambda *_: False)
        by_row = read_facts("数据.xlsx", content, BOOK, Roster(roster))
    assert told(at_once) == told(by_row)


@settings(max_examples=100, deadline=None)
@given(segments())
def test_a_steady_subject_has_the_same_segments_and_the_same_above_it_every_month(found: list[Segment]) -> None:
    roster, finder = Roster(found), ConsortiumFinder(found)
    months = [Period(2025, "month", number) for number in range(1, 5)]
    for subject in roster.ids():
        above = [(roster.segments(subject, m), roster.ancestor(subject, "consortium", m)) for m in months]
        if roster.is_steady(subject, months[0].first_day, months[-1].last_day):
            assert all(one == above[0] for one in above)
        elif len({str(one) for one in above}) == 1:  # it changes within a month, or above somebody of two posts
            rows = [s for one in (subject, *PLACES) for s in roster.all_segments(one)]
            assert any(s.first_day > months[0].first_day or s.last_day < months[-1].last_day for s in rows)
        consortia = [finder.of_subject(subject, month) for month in months]
        assert None not in consortia or finder.may_be_unknown(subject)
    assert finder.may_be_unknown("9")
