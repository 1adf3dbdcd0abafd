"""Who gains and who loses: exact spread, tenths that keep equals together, money that is counted once."""

from datetime import date
from fractions import Fraction
from types import MappingProxyType
from typing import NamedTuple

import pytest
from hypothesis import given
from hypothesis import strategies as st

from perf.appraisal.pay_shift import PersonShift, ShiftTally, deciles, spread_of
from perf.kernel.money import ZERO, Money
from perf.kernel.periods import Period
from perf.kernel.subjects import Roster, Segment

MAY, JUNE = Period(2025, "month", 5), Period(2025, "month", 6)


class Booking(NamedTuple):
    distribution: str
    owner: str
    source: str
    target: str
    amount: Money


def person(subject: str, parent: str, **about: str) -> Segment:
    return Segment(subject, "person", "nurse", parent, date.min, date.max, MappingProxyType(about))


ROSTER = Roster(
    [
        Segment("h1", "institution", "hospital", ""),
        person("1", "h1", title="护师"),
        person("2", "h1", category="doctor"),
    ]
)


def paid(subject: str, fen: int, *, account: str = "person") -> list[Booking]:
    return [
        Booking("pay", "h1", "outside:pay", "fund:h1", Money(fen)),
        Booking("pay", "h1", "fund:h1", f"{account}:{subject}", Money(fen)),
    ]


def shift(before: list[Booking], after: list[Booking], **about: str):
    tally = ShiftTally()
    tally.add("A", JUNE, ROSTER, before=before, after=after)
    return tally.shift(**about)


@pytest.mark.parametrize(
    ("fen", "gini", "ratio"),
    [
        ([], None, None),
        ([100], Fraction(0), Fraction(1)),
        ([100, 100, 100], Fraction(0), Fraction(1)),
        ([0, 0, 300], Fraction(2, 3), None),
        ([100, 300], Fraction(1, 4), Fraction(3)),
        ([0, 0], None, None),
        ([-1, 300], None, None),
    ],
)
def test_the_spread_is_exact_and_silent_where_it_means_nothing(fen, gini, ratio):
    found = spread_of(map(Money, fen))
    assert (found.gini, found.ratio, found.persons) == (gini, ratio, len(fen))


@given(st.lists(st.integers(0, 10**7), min_size=1, max_size=30))
def test_gini_is_the_mean_difference_of_all_pairs_over_twice_the_mean(fen):
    found = spread_of(map(Money, fen))
    pairs = sum(abs(one - other) for one in fen for other in fen)
    assert found.gini == (Fraction(pairs, 2 * len(fen) * sum(fen)) if sum(fen) else None)
    assert found.mean * len(fen) == found.total.yuan


def test_held_pay_and_own_reserves_are_the_persons_and_a_house_keeps_its_own():
    after = [
        *paid("1", 500),
        *paid("1", 200, account="held"),
        *paid("2", 70, account="reserve:year_end"),
        *paid("h1", 30, account="reserve:saved"),
    ]
    found = shift(paid("1", 500), after)
    assert {one.subject: one.after.fen for one in found.persons} == {"1": 700, "2": 70}
    (fund,) = found.funds
    assert (fund.outside_before, fund.outside_after) == (Money(500), Money(800))
    assert (fund.people_after, fund.kept_after) == (Money(770), Money(30))
    assert found.tally() == (2, 0, 0)


def test_months_add_up_and_the_last_says_who_somebody_is():
    moved = Roster([Segment("h2", "institution", "hospital", ""), person("1", "h2", title="主管护师")])
    tally = ShiftTally()
    tally.add("A", MAY, ROSTER, before=paid("1", 100), after=paid("1", 150))
    tally.add("A", JUNE, moved, before=paid("1", 100), after=paid("1", 20))
    (one,) = tally.shift().persons
    assert (one.before, one.after, one.institution, one.title) == (Money(200), Money(170), "h2", "主管护师")


def test_one_institution_counts_its_people_only_and_funds_of_all():
    roster = Roster([*ROSTER, Segment("h2", "institution", "hospital", ""), person("3", "h2")])
    tally = ShiftTally()
    tally.add("A", JUNE, roster, before=paid("1", 100), after=[*paid("1", 100), *paid("3", 50)])
    found = tally.shift(institution="h2")
    assert [one.subject for one in found.persons] == ["3"]
    assert found.fund_sums().people_after == Money(150)
    assert shift([], []).fund_sums().outside_after == ZERO


@given(st.lists(st.integers(0, 20), min_size=1, max_size=60))
def test_tenths_go_from_one_to_ten_and_equals_stay_together(fen):
    persons = [PersonShift("A", str(n), "", "", "", "", Money(one), ZERO) for n, one in enumerate(fen)]
    found = deciles(persons)
    assert all(1 <= tenth <= 10 for tenth in found.values())
    by_pay = {one.before.fen: found["A", one.subject] for one in persons}
    assert all(found["A", one.subject] == by_pay[one.before.fen] for one in persons)
    assert [by_pay[fen] for fen in sorted(by_pay)] == sorted(by_pay.values())
