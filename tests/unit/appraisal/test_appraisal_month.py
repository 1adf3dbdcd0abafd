"""The month as one function, on a small county in which everybody is awkward."""

from dataclasses import replace
from fractions import Fraction

import pytest
from tests.unit.appraisal.appraisal_county import JUNE, SEGMENTS, county_book, county_facts, person

from perf.appraisal import Prior, run_appraisal
from perf.appraisal.month import blocked_subjects, distributions_of, schemes_of
from perf.distribution import LEDGER_COLUMNS, check_rows, ledger_rows
from perf.formulas import parse_formula
from perf.kernel.facts import Facts
from perf.kernel.issues import NOWHERE
from perf.kernel.money import Money
from perf.kernel.periods import Period
from perf.kernel.subjects import Roster
from perf.scoring import score
from perf.specs.models import NoValue


def month(*, segments=SEGMENTS, facts=None, period=JUNE, consortium="G", book=None, prior=None):
    rows = county_facts() if facts is None else facts
    return run_appraisal(book or county_book(), Roster(segments), Facts(rows), period, consortium, prior=prior)


def claims(appraisal, owner, line="绩效"):
    return {e.claimant: e.working.claim.value for e in appraisal.ledger.entries if e.owner == owner and e.line == line}


def statuses(appraisal, owner, line="绩效"):
    return {e.claimant: e.status for e in appraisal.ledger.entries if e.owner == owner and e.line == line}


def test_without_facts_nobody_is_scored_and_no_fund_is_touched():
    found = month(facts=[])
    assert {card.status for card in found.scores.cards.values()} == {"scored", "blocked"}
    assert set(found.ledger.failed) == {("pay", "h1"), ("pay", "h2")}
    assert found.ledger.entries == ()
    assert {issue.code for issue in found.issues} >= {"missing-fact", "fund-missing"}


def test_without_people_the_houses_are_scored_and_the_owners_refused():
    found = month(segments=[s for s in SEGMENTS if s.level != "person"])
    assert list(found.scores.cards) == [("house", "h1"), ("house", "h2")]
    assert {issue.code for issue in found.issues if issue.is_error} == {"nobody-eligible"}
    assert found.ledger.entries == ()


def test_a_consortium_that_the_roster_does_not_know_gives_nothing():
    found = month(consortium="G9")
    assert (dict(found.scores.cards), found.ledger.entries, found.issues) == ({}, (), ())


def test_a_month_before_anybody_was_there_gives_no_cards():
    late = [replace(s, first_day=JUNE.last_day.replace(year=2026)) for s in SEGMENTS]
    found = month(segments=late)
    assert (dict(found.scores.cards), found.ledger.entries) == ({}, ())


def test_rules_of_another_length_of_period_are_not_run():
    assert schemes_of(county_book(), JUNE) == ("house", "staff")
    assert schemes_of(county_book(), Period(2025, "year")) == ()
    assert distributions_of(county_book(), Period(2025, "quarter", 2)) == ()
    assert dict(month(period=Period(2025, "year")).scores.cards) == {}


def test_a_scheme_that_is_switched_off_is_run_only_where_it_is_asked_for_by_name():
    book = county_book()
    off = replace(book, schemes={**book.schemes, "staff": replace(book.schemes["staff"], enabled=False)})
    assert schemes_of(off, JUNE) == ("house",)
    asked = score(off, Roster(SEGMENTS), Facts(county_facts()), JUNE, ["staff"])
    assert {code for code, _ in asked.cards} == {"staff"}


def test_a_distribution_that_is_switched_off_is_not_run():
    book = county_book()
    off = {code: replace(rule, enabled=False) for code, rule in book.distributions.items()}
    assert distributions_of(book, JUNE) != ()
    assert distributions_of(replace(book, distributions=off), JUNE) == ()


@pytest.mark.parametrize(("is_on", "status"), [(True, "scored"), (False, "missing")])
def test_a_scheme_that_is_switched_off_gives_no_score_to_others_either(is_on, status):
    book = county_book()
    asks, _ = parse_formula("parent.score(house)", NOWHERE)
    known = book.indicators["seen_much"]
    leaning = replace(known, versions=(replace(known.versions[0], value=asks, no_value=NoValue()),))
    book = replace(
        book,
        indicators={**book.indicators, "seen_much": leaning},
        schemes={**book.schemes, "house": replace(book.schemes["house"], enabled=is_on)},
    )
    asked = score(book, Roster(SEGMENTS), Facts(county_facts()), JUNE, ["staff"])
    assert {i.status for i in asked.cards["staff", "p1"].items if i.item == "seen_much"} == {status}


def test_the_blocked_card_is_set_aside_and_the_others_go_on():
    found = month()
    assert blocked_subjects(found.scores) == [("staff", "p5")]
    totals = {subject: card.total for (scheme, subject), card in found.scores.cards.items() if scheme == "staff"}
    assert totals == {
        "p1": Fraction("97.68"),
        "p2": Fraction("71.2"),
        "p3": Fraction("65.21"),
        "p4": Fraction("82.75"),
        "p5": None,
        "p6": Fraction(90),
        "p7": Fraction("43.1"),
        "p8": Fraction("91.57"),
    }


def test_the_share_of_the_blocked_is_held_at_full_score_and_nobody_else_gets_it():
    found = month()
    assert statuses(found, "h1") == {
        "p1": "paid", "p2": "paid", "p3": "paid", "p4": "paid", "p5": "held", "p6": "forfeited", "p7": "gated",
    }  # fmt: skip
    assert claims(found, "h1")["p5"] == 1
    assert found.ledger.balances["held:p5"] == Money(521312)
    assert "person:p5" not in {a for a, m in found.ledger.balances.items() if m}


def test_once_the_figure_comes_the_held_person_is_paid_by_its_score():
    row = next(f for f in county_facts() if f.key.subject == "p1" and f.key.measure == "work_score")
    found = month(facts=[*county_facts(), row._replace(key=row.key._replace(subject="p5"))])
    assert statuses(found, "h1")["p5"] == "paid"
    assert claims(found, "h1")["p5"] == Fraction("0.7235")  # 46.18 ÷ 50 × 70 + 7.7 = 72.352
    assert [i.code for i in found.issues] == ["pay-forfeited"]


def test_joiner_mover_and_two_posts_claim_by_days_where_they_are():
    found = month()
    assert claims(found, "h1")["p2"] == Fraction("0.712") / 2
    assert claims(found, "h1")["p3"] == claims(found, "h2")["p3"] == Fraction("0.3261")  # 0.32605 half away
    assert claims(found, "h1")["p4"] == Fraction("0.4965")
    assert claims(found, "h2")["p4"] == Fraction("0.331")


def test_the_two_halves_of_a_mover_are_one_whole_claim_to_the_fourth_decimal():
    stays = [s for s in SEGMENTS if s.subject != "p3"] + [person("p3", "孙三", "doctor", "h1", gated="no")]
    assert claims(month(segments=stays), "h1")["p3"] == Fraction("0.6521")


def test_vetoed_and_gated_get_nothing_no_floor_either_and_their_part_goes_to_the_others():
    found = month()
    amounts = {e.claimant: e.amount for e in found.ledger.entries if e.owner == "h1" and e.line == "绩效"}
    assert amounts["p6"] == amounts["p7"] == Money(0)
    doctors = [amounts[one] for one in ("p1", "p3", "p5")]
    assert sum(m.fen for m in doctors) == 1302395


def test_a_pool_under_the_floors_leaves_this_house_untouched_and_the_other_is_paid():
    found = month(facts=county_facts(h1="300.00"))
    assert found.ledger.failed == (("pay", "h1"),)
    assert {e.owner for e in found.ledger.entries} == {"h2"}
    assert [i.code for i in found.ledger.issues if i.is_error] == ["pay-over-rest"]


def test_a_pool_of_nothing_is_refused_by_the_night_pay_and_nothing_is_written_of_it():
    found = month(facts=county_facts(h1="0", h2="0"))
    assert found.ledger.entries == ()
    assert len(found.ledger.failed) == 2


def test_every_fen_is_somewhere():
    found = month()
    rows = [dict(zip(LEDGER_COLUMNS, row.values(), strict=True)) for row in ledger_rows(found.ledger)]
    check_rows(rows, {})
    pools = sum((f.value for f in county_facts() if f.key.measure == "pool_yuan"), Fraction(0))
    held = sum(m.fen for a, m in found.ledger.balances.items() if not a.startswith("outside:"))
    assert held == pools * 100


def test_what_earlier_months_left_is_taken_up():
    before = Prior(opening={"reserve:saved:h1": Money(12345)})
    found = month(prior=before)
    assert found.ledger.balances["reserve:saved:h1"] == Money(12345 + 70370)


def test_odd_fen_of_the_year_decide_ties_before_the_id():
    one = [s for s in SEGMENTS if s.level != "person" or s.subject == "p1"]
    twins = [*one, person("p9", "周九", "doctor", "h1", share="1.2", gated="no")]
    rows = [f for f in county_facts(h1="1000.01") if f.key.subject in ("h1", "p1")]
    rows += [f._replace(key=f.key._replace(subject="p9")) for f in rows if f.key.subject == "p1"]
    rules = replace(
        county_book().distributions["pay"].versions[0], steps=county_book().distributions["pay"].versions[0].steps[3:4]
    )
    pay = replace(county_book().distributions["pay"], versions=(rules,))
    nurseless = [replace(s, attributes={**s.attributes, "category": "doctor"}) for s in twins]
    book = replace(county_book(), distributions={"pay": pay})
    first = month(segments=nurseless, facts=rows, book=book)
    other = month(segments=nurseless, facts=rows, book=book, prior=Prior(odd_fen_received={"p1": 1}))
    odd = lambda a: {e.claimant: e.working.odd_fen for e in a.ledger.entries if e.working}  # noqa: E731
    assert (odd(first), odd(other)) == ({"p1": 1, "p9": 0}, {"p1": 0, "p9": 1})
