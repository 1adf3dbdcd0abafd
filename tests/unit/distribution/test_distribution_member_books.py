"""账目分设: a ledger in the books of its members."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from perf.distribution.member_books import BookLine, Heading, member_books, side_of
from perf.distribution.models import Entry
from perf.formulas.nodes import NO_RULE
from perf.kernel.money import Money
from perf.kernel.periods import parse_period
from perf.kernel.text import Text

JUNE = parse_period("2025-06")
BOOKS = {"G1": "G1", "H1": "H1", "T1": "T1", "0001": "H1", "0002": "T1"}


def entry(source, target, fen, owner="G1", line="绩效"):
    return Entry(1, JUNE, "pay", owner, "01", line, source, target, Money(fen), Text("x"), NO_RULE)


def book_of(_entry, account):
    return BOOKS[account.rpartition(":")[2]]


def told(lines):
    return [(one.book, one.side, one.heading, one.amount.fen, one.bookings) for one in lines]


def test_money_of_one_member_stays_in_its_book():
    lines = member_books([entry("fund:H1", "person:0001", 500), entry("fund:H1", "person:0001", 7)], book_of)
    assert told(lines) == [
        ("H1", "debit", Heading("fund", "H1"), 507, 2),
        ("H1", "credit", Heading("person", ""), 507, 2),
    ]


def test_money_between_members_is_owed_by_one_and_claimed_by_the_other():
    lines = member_books([entry("fund:G1", "institution:T1", 300)], book_of)
    assert told(lines) == [
        ("G1", "debit", Heading("fund", "G1"), 300, 1),
        ("G1", "credit", Heading("member", "T1"), 300, 1),
        ("T1", "debit", Heading("member", "G1"), 300, 1),
        ("T1", "credit", Heading("institution", "T1"), 300, 1),
    ]


def test_money_from_outside_stands_in_the_book_that_it_reaches():
    lines = member_books([entry("outside:医保", "person:0002", 9), entry("reserve:a:H1", "outside:医保", 4)], book_of)
    assert [(one.book, one.side, one.heading.kind) for one in lines] == [
        ("H1", "debit", "reserve"),
        ("H1", "credit", "outside"),
        ("T1", "debit", "outside"),
        ("T1", "credit", "person"),
    ]


def test_an_entry_of_nothing_is_not_booked():
    assert member_books([entry("outside:x", "fund:G1", 0)], book_of) == ()


ACCOUNTS = st.sampled_from(
    [
        "fund:G1",
        "fund:H1",
        "institution:T1",
        "person:0001",
        "person:0002",
        "held:0002",
        "left:H1",
        "reserve:a:T1",
        "outside:x",
    ]
)


@given(st.lists(st.tuples(ACCOUNTS, ACCOUNTS, st.integers(0, 10**12), st.sampled_from(["a", "b"]))))
def test_every_voucher_balances_and_members_agree_on_what_they_owe(moves):
    entries = [entry(source, target, fen, line=line) for source, target, fen, line in moves]
    lines = member_books(entries, book_of)
    for key in {(one.book, one.distribution, one.line) for one in lines}:
        own = [one for one in lines if (one.book, one.distribution, one.line) == key]
        assert side_of(own, "debit") == side_of(own, "credit")
    owed: dict[frozenset[str], int] = {}
    for one in lines:
        if one.heading.kind == "member":
            pair = frozenset((one.book, one.heading.name))
            owed[pair] = owed.get(pair, 0) + (one.amount.fen if one.side == "debit" else -one.amount.fen)
    assert not any(owed.values())
    assert _persons(lines) == sum(
        e.amount.fen * (e.target.startswith("person:") - e.source.startswith("person:")) for e in entries
    )


def _persons(lines: tuple[BookLine, ...]) -> int:
    return sum(
        one.amount.fen if one.side == "credit" else -one.amount.fen for one in lines if one.heading.kind == "person"
    )


def test_an_account_that_is_none_is_our_own_fault():
    with pytest.raises(ValueError, match="account"):
        member_books([entry("nowhere:x", "person:0001", 5)], book_of)
