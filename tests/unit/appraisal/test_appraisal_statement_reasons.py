"""Why a month's pay is another than last month's, how far the next step is, and the peers: told without anybody else's figure."""

from dataclasses import replace
from fractions import Fraction

import pytest
from tests.unit.appraisal.appraisal_county import JUNE, SEGMENTS, county_book, county_facts, segment
from tests.unit.appraisal.test_appraisal_views import HEADER, statements

from perf.appraisal import run_appraisal
from perf.appraisal.change_reasons import SHOWN_MAX, MonthBefore, change_text, reasons, score_change_text
from perf.appraisal.peer_standing import PEERS_MIN, PeerStanding, points_of
from perf.appraisal.revalued import revalued
from perf.appraisal.statement_view import PersonHistory, Statements
from perf.formulas.nodes import Node
from perf.kernel.facts import Fact, FactKey, Facts
from perf.kernel.money import ZERO, Money
from perf.kernel.subjects import Roster
from perf.specs.models import PeerRule

PEOPLE = [f"p{n}" for n in range(1, 9)]


def month(rows):
    return run_appraisal(county_book(), Roster(SEGMENTS), Facts(rows), JUNE, "G")


def with_fact(rows, who, measure, value):
    return [row for row in rows if row.key[:2] != (who, measure)] + [Fact(FactKey(who, measure, JUNE), Fraction(value))]


def own(found, who):
    account = f"person:{who}"
    rows = [e for e in found.ledger.entries if account in (e.source, e.target)]
    return [(e, e.amount if e.target == account else -e.amount) for e in rows]


def pay(rows):
    return Money(sum(amount.fen for _, amount in rows))


def told(before, now, who):
    rows = own(before, who), own(now, who)
    return {one.text.zh: one.amount for one in reasons(*rows, pay(rows[1]) - pay(rows[0]))}


@pytest.mark.parametrize("who", PEOPLE)
@pytest.mark.parametrize("change", [("p1", "work_score", "60"), ("p8", "nights", "2"), ("p4", "work_score", "70")])
def test_the_reasons_add_up_to_the_difference_for_everybody(who, change):
    before, now = month(county_facts()), month(with_fact(county_facts(h1="30000.01"), *change))
    found = told(before, now, who)
    assert sum(amount.fen for amount in found.values()) == (pay(own(now, who)) - pay(own(before, who))).fen
    assert all(found.values())


def test_more_money_in_the_pool_is_told_as_that_alone():
    found = told(month(county_facts()), month(county_facts(h2="19753.10")), "p8")
    assert abs(found.pop("取整和尾差", ZERO).fen) <= 1
    assert list(found) == ["可分资金", "年终预留"]
    assert found["可分资金"] > ZERO > found["年终预留"]


def test_the_own_score_and_the_others_are_told_apart():
    before, now = month(county_facts()), month(with_fact(county_facts(), "p1", "work_score", "60"))
    assert told(before, now, "p1")["本人考核得分"] < ZERO
    assert "本人考核得分" not in told(before, now, "p3")
    assert told(before, now, "p3")["同组其他人的分配权"] > ZERO


def test_small_reasons_are_one_so_that_few_are_named():
    rows = own(month(county_facts()), "p1")
    many = [(replace(entry, line=f"{entry.line}{number}"), amount) for number in range(4) for entry, amount in rows]
    found = reasons([], many, pay(many))
    assert len(found) == SHOWN_MAX + 1
    assert found[-1].text.zh == "其他"
    assert sum(one.amount.fen for one in found) == pay(many).fen


def test_the_sentence_names_difference_and_amounts():
    more = change_text(Money(20_000), Money(10_000), reasons([], [], Money(10_000)))
    assert more.zh == "比上月多 100.00 元：其他 +100.00。"
    assert more.en == "100.00 yuan more than last month: others +100.00."
    assert change_text(Money(1), Money(101), reasons([], [], Money(-100))).zh == "比上月少 1.00 元：其他 −1.00。"
    assert change_text(Money(5), Money(5), []).zh == "与上月相同（0.05 元）。"


def test_the_score_is_told_with_the_indicators_that_moved_it_most():
    before, now = month(county_facts()), month(with_fact(county_facts(), "p1", "work_score", "60"))
    cards = [one.scores.cards["staff", "p1"] for one in (before, now)]
    assert score_change_text(*cards).zh == "考核总分 97.68 → 81.50，其中 工作质量 −16.18。"
    assert score_change_text(cards[0], cards[0]).zh == ""
    assert score_change_text(None, cards[1]).zh == ""


def test_a_statement_tells_why_only_where_last_month_is_known():
    before, now = month(county_facts()), month(with_fact(county_facts(), "p1", "work_score", "60"))
    earlier = {
        "p1": MonthBefore(
            [e for e in before.ledger.entries if e.claimant == "p1"], {"staff": before.scores.cards["staff", "p1"]}
        )
    }
    history = {"p1": PersonHistory(previous_pay=pay(own(before, "p1")))}
    made = Statements(county_book(), Roster(SEGMENTS), JUNE, now.scores, now.ledger, HEADER, history, before=earlier)
    found = made.view("p1")
    assert found.change[0].zh.startswith(
        f"比上月少 {(pay(own(before, 'p1')) - found.total_pay).text()} 元：本人考核得分 −"
    )
    assert found.change[1].zh.startswith("考核总分 97.68 → 81.50")
    assert made.view("p2").change == ()


def test_a_changed_figure_does_not_pass_through_a_condition():
    leaf, one = Node("name", Fraction(2)), Node("number", Fraction(1))
    asked = Node("if", Fraction(1), (Node(">", True, (leaf, one)), one, leaf))
    assert revalued(asked, lambda node: Fraction(0) if node is leaf else None) is None
    assert revalued(asked, lambda _: None) == 1
    plain = Node(
        "round",
        Fraction(1),
        (Node("/", Fraction(2, 3), (leaf, Node("number", Fraction(3)))), Node("number", Fraction(0))),
    )
    assert revalued(plain, lambda node: Fraction(9) if node is leaf else None) == 3
    assert revalued(Node("/", Fraction(1), (one, leaf)), lambda node: Fraction(0) if node is leaf else None) is None


def test_next_steps_stand_on_the_statement_with_what_they_are_worth():
    lines = {
        line.code: line.next_step.zh
        for card in statements().view("p8").scorecards
        for block in card.dimensions
        for line in block.lines
    }
    assert lines["work"].startswith("到 84.33 还差 1")
    assert "应发约多" in lines["work"]
    assert lines["record_quality"].startswith("评为“A”：得分 17.00 → 20.00，总分")
    assert lines["seen_much"].startswith("到 300 还差 1 人次：")


def test_who_is_vetoed_or_waits_for_data_reads_no_worth_that_nobody_can_know():
    for who in ("p5", "p6"):
        steps = [
            line.next_step.zh
            for card in statements().view(who).scorecards
            for block in card.dimensions
            for line in block.lines
        ]
        assert not any("应发" in step or "总分" in step for step in steps)


def peers(count, *, missing=0):
    houses = [segment(f"q{n}", "person", "doctor", "h1", name=f"甲{n}") for n in range(count)]
    points = {f"q{n}": ({} if n < missing else {"quality": Fraction(n)}) for n in range(count)}
    return PeerStanding(PeerRule("institution"), Roster([*SEGMENTS, *houses]), JUNE, points)


def a_card(rank_of=None):
    card = month(county_facts()).scores.cards["staff", "p1"]
    return replace(card, subject="q1", rank_of=rank_of)


def test_dimensions_stand_beside_the_median_of_the_group():
    bars = peers(6).bars(a_card())
    assert [(bar.title.zh, bar.own, bar.median, bar.out_of, bar.count) for bar in bars] == [
        ("质量", "66.18", "2.5", "70", 6)
    ]


@pytest.mark.parametrize(("count", "missing", "rank_of"), [(PEERS_MIN - 1, 0, None), (PEERS_MIN, 1, None), (7, 0, 9)])
def test_a_small_group_or_another_group_than_the_ranked_one_shows_no_figure(count, missing, rank_of):
    assert peers(count, missing=missing).bars(a_card(rank_of)) == ()


def test_the_peers_of_a_run_are_everybody_with_a_card():
    cards = [card for (scheme, _), card in month(county_facts()).scores.cards.items() if scheme == "staff"]
    points = points_of(cards)
    assert sorted(points) == PEOPLE
    assert "quality" not in points["p5"]
