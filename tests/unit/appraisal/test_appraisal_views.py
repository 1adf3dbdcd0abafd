"""Statements and scorecards as printed: what stands there can be redone with a pocket calculator."""

import re

import pytest
from tests.unit.appraisal.appraisal_county import JUNE, SEGMENTS, county_book, county_facts, segment
from tests.unit.appraisal.redoing import calculated, holds, printed
from tests.unit.appraisal.statement_text import statement_text

from perf.appraisal import run_appraisal
from perf.appraisal.statement_view import PersonHistory, RunHeader, Statements
from perf.appraisal.views import TrendPoint
from perf.distribution.wording import QUOTA_DIGITS
from perf.kernel.facts import Facts
from perf.kernel.money import Money
from perf.kernel.rounding import round_to
from perf.kernel.subjects import Roster

HEADER = RunHeader("G:2025-06#1", "draft", "1", "", "G")
PEOPLE = [f"p{n}" for n in range(1, 9)]


def statements(segments=SEGMENTS, facts=None, **histories):
    roster = Roster(segments)
    found = run_appraisal(county_book(), roster, Facts(county_facts() if facts is None else facts), JUNE, "G")
    return Statements(county_book(), roster, JUNE, found.scores, found.ledger, HEADER, histories)


def view(staff_no, **histories):
    return statements(**histories).view(staff_no)


def lines_of(found):
    return [line for card in found.scorecards for block in card.dimensions for line in block.lines]


def test_nobody_on_the_roster_has_no_statement():
    assert view("p99") is None


def test_somebody_who_left_before_the_month_still_has_a_statement_that_says_so():
    gone = segment("p0", "person", "doctor", "h1", last=JUNE.previous().last_day, name="去者")
    found = statements([*SEGMENTS, gone]).view("p0")
    assert (found.name, found.pay, found.total_pay) == ("去者", (), Money(0))
    assert [note.zh for note in found.notes] == ["本月没有参加分配。", "任职到2025年5月31日为止。"]


def test_everybody_of_the_month_is_listed_once_in_order():
    assert statements().subjects() == PEOPLE
    assert statements().subjects("institution") == ["h1", "h2"]


def test_a_mover_has_both_houses_on_one_statement():
    found = view("p3")
    assert [(block.owner, block.total) for block in found.pay] == [("h1", Money(153000)), ("h2", Money(127862))]
    assert found.institution == "h2"
    assert [card.subject for card in found.institution_scorecards] == ["h2", "h1"]
    assert [note.zh for note in found.notes] == ["本月有 2 段任职，按各段天数计算。"]


def test_the_held_are_told_why_and_their_money_is_not_in_the_pay():
    found = view("p5")
    assert (found.total_pay, found.held) == (Money(0), Money(521312))
    assert found.notes[0].zh == "有金额暂存，待数据补齐后发放。"
    card = found.scorecards[0]
    assert (card.total, card.status, card.grade, card.rank) == ("—", "blocked", "", "")
    assert card.reason.zh == "待补数据：工作质量"


def test_the_vetoed_read_the_reason_and_get_nothing():
    found = view("p6")
    assert found.total_pay == Money(0)
    assert {line.how.zh for block in found.pay for line in block.lines if line.title.zh != "年终预留"} == {
        "夜班费：0.00 元（一票否决，取消本次绩效）",
        "doctor 13,023.95 元 × 0 ÷ 2.4983 = 0.00 元，得 0.00 元（一票否决，取消本次绩效）",
    }


@pytest.mark.parametrize("staff_no", PEOPLE)
def test_the_printed_parts_add_up_to_the_printed_total(staff_no):
    for card in view(staff_no).scorecards:
        if card.total == "—":
            continue
        parts = [block.score for block in card.dimensions] + [line.score for line in card.extra]
        assert sum(map(printed, parts)) + printed(card.rounding_difference) == printed(card.total)
        assert holds(card.sum_line.zh)
        for block in card.dimensions:
            inside = sum(printed(line.score) for line in block.lines)
            assert inside == printed(block.points)
            assert inside / printed(block.out_of) * printed(block.weight) == printed(block.score)


@pytest.mark.parametrize("staff_no", PEOPLE)
def test_every_printed_score_can_be_redone(staff_no):
    for line in lines_of(view(staff_no)):
        if line.status != "scored":
            continue
        if " = " in line.how_score.zh:
            assert holds(line.how_score.zh)
        else:
            assert calculated(line.how_score.zh) == printed(line.score)


@pytest.mark.parametrize("staff_no", PEOPLE)
def test_pay_lines_add_up_to_blocks_and_blocks_to_the_pay(staff_no):
    found = view(staff_no)
    for block in found.pay:
        assert sum(line.amount.fen for line in block.lines if line.status == "paid") == block.total.fen
    assert sum(block.total.fen for block in found.pay) == found.total_pay.fen


@pytest.mark.parametrize("staff_no", PEOPLE)
def test_the_way_of_the_fund_has_no_gap(staff_no):
    for block in view(staff_no).pay:
        for step in block.path[1:]:
            assert step.before - step.out == step.after


@pytest.mark.parametrize("staff_no", PEOPLE)
def test_every_share_can_be_redone_to_the_fen(staff_no):
    shares = 0
    for block in view(staff_no).pay:
        for line in block.lines:
            for text in line.steps:
                if re.match(r"[\d,.]+ × ", text.zh):
                    left, sign, right = re.fullmatch(r"(.*) ([=≈]) (\S+)", text.zh).groups()
                    exact = calculated(left)
                    assert (exact if sign == "=" else round_to(exact, QUOTA_DIGITS)) == printed(right)
                    quota = exact * 100
                    assert line.amount.fen == quota.numerator // quota.denominator + line.odd_fen
                    shares += 1
                if text.zh.startswith("我的分配权：") and "否决" not in text.zh:
                    equation = text.zh.removeprefix("我的分配权：")
                    if (" = " in equation or "→" in equation) and "“" not in equation:
                        assert holds(equation)
    assert shares or staff_no in ("p6", "p7")


def test_history_gives_trend_year_to_date_and_the_month_before():
    trend = tuple(TrendPoint(f"2025-0{n}", f"{n}月", None, None) for n in range(1, 6))
    found = view("p1", p1=PersonHistory(trend, Money(100), Money(40), "88.00"))
    assert found.year_to_date == found.total_pay + Money(100)
    assert (found.previous_pay, found.previous_total) == (Money(40), "88.00")
    assert found.trend == (*trend, TrendPoint("2025-06", "6月", "97.68", found.total_pay))


def test_sources_name_file_sheet_and_cell():
    sources = {line.code: line.sources for line in lines_of(view("p1"))}
    assert sources["work"] == ("2025-06 数据.xlsx!work_score!B2",)


def test_what_is_not_reported_and_what_is_uncertain_is_noted():
    notes = {line.code: line.note.zh for line in lines_of(view("p3"))}
    assert {line.code for line in lines_of(view("p3")) if line.is_unconfirmed} == {"record_quality"}
    assert notes == {"work": "", "record_quality": "不适用 · 未报：病历评级", "seen_much": ""}


@pytest.mark.parametrize("staff_no", ["p3", "p4", "p5", "p6", "p7"])
def test_nothing_english_is_empty_where_chinese_is_not(staff_no):
    found = view(staff_no)
    texts = [text for line in lines_of(found) for text in (line.how, line.how_points, line.how_score, line.note)]
    texts += [line.how for block in found.pay for line in block.lines] + [*found.notes]
    texts += [text for block in found.pay for line in block.lines for text in line.steps]
    assert [text.zh for text in texts if text.zh and not text.en] == []


def test_english_texts_hold_no_chinese_but_names():
    english = statement_text(view("p1"), "en")
    known = "赵一县医院示范医共体数据试行办法第一二三四五六七八条始月职工绩效年终预留夜班费结存优秀合格分配系数"
    left = {c for c in english if "一" <= c <= "鿿"} - set(known)
    assert left == set()
