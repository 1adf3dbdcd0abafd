"""Variance before approval: against the month before, who moved and why, and the causes add up to the fen."""

import csv
import io
import json
from dataclasses import replace
from datetime import date
from fractions import Fraction

import pytest
from corrections_county import JULY, MAY, SETTLE, book_with, corrected, june_released, run
from services_county import HR, JUNE, RULES, SEGMENTS, month_facts, take, with_roster
from services_released import released

from perf.appraisal.variance_view import Limits
from perf.cli.app import run as command
from perf.kernel.money import Money, total
from perf.services.variance import as_csv, as_json, compare_run


def june_of(store):
    """May published, June run: 001 falls, 002 gets another share, 003 leaves, 004 comes, 005 scores nothing."""
    segments = []
    for one in SEGMENTS:
        match one.subject:
            case "002":
                segments.append(replace(one, last_day=date(2025, 5, 31)))
                segments.append(replace(one, first_day=date(2025, 6, 1), attributes={**one.attributes, "share": "1.5"}))
            case "003":
                segments.append(replace(one, last_day=date(2025, 5, 31)))
            case "004":
                segments.append(replace(one, first_day=date(2025, 6, 1)))
            case _:
                segments.append(one)
    with_roster(store, tuple(segments))
    april = MAY.shift(-1)
    take(store, month_facts(april), name="四月.xlsx")
    take(store, month_facts(MAY), name="五月.xlsx")
    take(store, month_facts(JUNE, scores=("46", "88", "71.5", "60", "0")), name="六月.xlsx")
    book = book_with()
    released(store, run(store, MAY, book).run.id)
    return run(store, JUNE, book).run.id


@pytest.fixture
def june(store):
    return june_of(store)


def compared(store, june, **limits):
    before, last_year = compare_run(store, run=june, actor=HR, limits=Limits(**limits))
    assert last_year.variance is None
    assert str(last_year.period) == "2024-06"
    return before.variance


def test_who_moved_most_stands_first_with_reasons_that_add_up_to_the_difference(store, june):
    found = compared(store, june)
    sizes = [abs(row.difference.fen) for row in found.moved]
    assert sizes == sorted(sizes, reverse=True)
    assert {"001", "002", "005"} == {row.staff_no for row in found.moved}
    for row in found.moved:
        assert total(c.amount for c in row.causes if c.amount is not None) == row.difference


def test_the_reasons_name_the_points_with_the_cell_the_post_and_the_parts_of_the_share(store, june):
    rows = {row.staff_no: row for row in compared(store, june).moved}
    told = [cause.text.zh for cause in rows["001"].causes]
    assert "职工考核 总分 92.35 → 46" in told
    assert any(text.startswith("工作完成 得分 92.35 → 46(数值 92.35 → 46;六月.xlsx") for text in told)
    assert {"claim", "claims", "score", "fact"} <= {cause.kind for cause in rows["001"].causes}
    assert "share 1.2 → 1.5" in [cause.text.zh for cause in rows["002"].causes]


def test_what_a_correction_books_is_a_reason_of_its_own_beside_the_line_of_the_month(store):
    book = book_with(SETTLE + "mode: rebalance\n")
    first = june_released(store, book)
    take(store, month_facts(JUNE, scores=("80", "88", "71.5", "60", "85.55")), name="六月更正.xlsx")
    second = corrected(store, book, first)
    take(store, month_facts(JULY, scores=("92.35", "40", "71.5", "60", "85.55")), name="七月更正.xlsx")
    july = run(store, JULY, book).run.id
    found = compare_run(store, run=july, actor=HR, limits=Limits(Fraction(0)))[0].variance
    rows = {row.staff_no: row for row in found.moved}
    for row in found.moved:
        assert total(c.amount for c in row.causes if c.amount is not None) == row.difference
    told = [cause.text for cause in rows["001"].causes]
    assert any("更正差额 绩效(2025-06) 0.00 → -" in one.zh and f"{second} 更正 {first}" in one.zh for one in told)
    assert any("correction of 绩效 (2025-06) 0.00 → -" in one.en for one in told)
    assert {"claims", "line"} <= {cause.kind for cause in rows["001"].causes}
    assert "rule" not in {cause.kind for cause in rows["001"].causes}


def test_a_rule_that_says_something_else_under_the_same_version_is_a_reason(store):
    first = june_released(store, book_with())
    (name,) = [name for name, text in RULES.items() if "share * score / 100" in text]
    book = book_with(**{name: RULES[name].replace("share * score / 100", "share * share * score / 100")})
    found = compare_run(store, run=run(store, JULY, book).run.id, actor=HR, limits=Limits(Fraction(0)))[0].variance
    assert found.against == first
    told = {cause.text.zh for row in found.moved for cause in row.causes if cause.kind == "rule"}
    assert len(told) == 1
    (text,) = told
    assert text.startswith("规则 pay ")
    assert "内容变了(版本名没有变)" in text
    assert "share * score / 100 → share * share * score / 100" in text


def test_newcomers_leavers_and_people_without_pay_are_lists_of_their_own(store, june):
    found = compared(store, june)
    assert [row.staff_no for row in found.newcomers] == ["004"]
    assert [row.staff_no for row in found.leavers] == ["003"]
    assert found.newcomers[0].old is None
    assert found.leavers[0].new is None


def test_limits_decide_who_is_told(store, june):
    assert compared(store, june, amount=Money(10**9)).moved == ()
    assert compared(store, june, share=Fraction(5)).moved == ()
    assert [row.staff_no for row in compared(store, june, cap=Money(5_000_000)).capped]
    assert compared(store, june).capped == ()


def test_groups_add_up_to_all(store, june):
    found = compared(store, june)
    (whole,) = [group for group in found.groups if group.by == "all"]
    for by in ("institution", "category"):
        assert sum(g.new.fen for g in found.groups if g.by == by) == whole.new.fen
        assert sum(g.old.fen for g in found.groups if g.by == by) == whole.old.fen
    assert {g.name for g in found.groups if g.by == "institution"} >= {"县人民医院", "泥河镇卫生院"}


def test_files_hold_every_list(store, june):
    comparisons = compare_run(store, run=june, actor=HR, limits=Limits())
    rows = list(csv.DictReader(io.StringIO(as_csv(comparisons, "zh"))))
    assert {"moved", "newcomers", "leavers"} <= {row["list"] for row in rows}
    assert {row["subject"] for row in rows if row["list"] == "leavers"} == {"003"}
    (first, second) = as_json(comparisons, "en")
    assert first["earlier_run"] == "A:2025-05#1"
    assert second["run"] is None
    assert first["moved"][0]["causes"][0]["text"]


def test_the_command_tells_it(sqlite_store, sqlite_url, tmp_path, capsys):
    june, database_url = june_of(sqlite_store), sqlite_url
    out = tmp_path / "变动.csv"
    assert command(["variance", june, "--db", database_url, "-o", str(out)]) == 0
    said = capsys.readouterr().out
    for word in ("变动最大", "新增 1 人", "减少 1 人", "001 赵一", "没有已发布的核算"):
        assert word in said
    assert out.read_text(encoding="utf-8").startswith("run,against,list,")
    assert command(["variance", june, "--db", database_url, "--json"]) == 0
    assert json.loads(capsys.readouterr().out)[0]["against"] == "2025-05"


@pytest.mark.parametrize("wrong", [["--share", "20"], ["--share", "x%"], ["--yuan", "1.005"], ["--cap", "many"]])
def test_limits_that_cannot_be_read_are_refused(wrong):
    assert command(["variance", "A:2025-06#1", *wrong]) == 2
