"""Accounts, conservation, and the rows of the contract."""

import pytest

from perf.distribution import (
    LEDGER_COLUMNS,
    balances,
    balances_from_rows,
    check_conserved,
    check_rows,
    kind_of,
    ledger_rows,
)
from perf.distribution.booking import Draft
from perf.distribution.rows import RowMovement
from perf.formulas.nodes import NO_RULE
from perf.kernel.errors import NotConserved
from perf.kernel.money import Money
from perf.kernel.periods import Period
from perf.kernel.text import Text

STEPS = "  - take: {to: director_fund, amount: 5% * fund}\n  - apportion: {by: post_coefficient}"


def move(source, target, fen):
    return RowMovement(source, target, Money(fen))


GOOD = [move("outside:x", "fund:A", 100), move("fund:A", "person:1", 60), move("fund:A", "reserve:r:A", 40)]


@pytest.fixture
def ledger(run, rules, person):
    return run(rules(STEPS), [person("0007"), person("0012", post_coefficient="0")], fund=100)


def test_balances_are_opening_plus_in_minus_out():
    assert balances(GOOD, {"person:1": Money(5)}) == {
        "fund:A": Money(0),
        "outside:x": Money(-100),
        "person:1": Money(65),
        "reserve:r:A": Money(40),
    }


def test_a_ledger_that_adds_up_is_silent():
    check_conserved(GOOD, {"person:1": Money(5)}, closing=balances(GOOD, {"person:1": Money(5)}))


@pytest.mark.parametrize(
    ("entries", "words"),
    [
        ([*GOOD, move("fund:A", "person:1", -1)], "below zero"),
        (GOOD[:2], "fund:A is not closed"),
        ([*GOOD, move("outside:x", "purse:1", 1)], "unknown account"),
        ([*GOOD, move("outside:x", "reserve:r", 1)], "unknown account"),
        ([*GOOD, move("outside:x", "person:", 1)], "unknown account"),
    ],
)
def test_a_ledger_that_does_not_add_up_stops_everything(entries, words):
    with pytest.raises(NotConserved, match=words):
        check_conserved(entries)


def test_a_stored_closing_balance_that_is_off_by_a_fen_stops_everything():
    with pytest.raises(NotConserved, match="closing balances together: expected 0 fen, found 1 fen, difference 1"):
        check_conserved(GOOD, closing={**balances(GOOD), "person:1": Money(61)})
    swapped = {**balances(GOOD), "person:1": Money(61), "reserve:r:A": Money(39)}
    with pytest.raises(NotConserved, match="closing balance of a person account: expected 60 fen, found 61 fen"):
        check_conserved(GOOD, closing=swapped)


def test_a_step_that_hands_out_something_else_than_it_says_stops_everything():
    draft = Draft("d", "A", Period(2025, "month", 6), NO_RULE, {}, {})
    draft.move("00-fund", "fund", Money(100), source="outside:x", to="fund:A", explanation=Text("资金"))
    draft.move("01-take", "x", Money(40), to="reserve:x:A", explanation=Text("提取"))
    draft.require_drained("01-take", Money(100), Money(40))
    with pytest.raises(NotConserved, match="d A 01-take: expected 41 fen, found 40 fen"):
        draft.require_drained("01-take", Money(100), Money(41))


def test_kinds_are_read_from_names_and_nothing_else_is_an_account():
    assert [kind_of(a) for a in ("held:0007", "reserve:r:A", "outside:a:b")] == ["held", "reserve", "outside"]
    with pytest.raises(ValueError, match="not an account"):
        kind_of("wallet:1")


def test_rows_have_exactly_the_columns_of_the_contract_and_a_row_for_a_zero_share(ledger):
    rows = ledger_rows(ledger)
    assert all(tuple(row) == LEDGER_COLUMNS for row in rows)
    assert [(r["entry"], r["step"], r["from"], r["to"], r["amount_fen"]) for r in rows] == [
        ("1", "00-fund", "outside:staff_pay", "fund:A", "10000"),
        ("2", "01-take", "fund:A", "reserve:director_fund:A", "500"),
        ("3", "02-apportion", "fund:A", "person:0007", "9500"),
        ("4", "02-apportion", "fund:A", "person:0012", "0"),
    ]
    assert rows[1]["explanation"] == "院长基金:5% × 资金总额 100.00 元 = 5.00 元"


def test_rows_read_back_give_the_balances_for_the_next_opening(ledger):
    rows = ledger_rows(ledger)
    check_rows(rows, closing=ledger.balances)
    assert balances_from_rows(rows[::-1]) == dict(ledger.balances)


@pytest.mark.parametrize(
    ("column", "value"), [("amount_fen", "1.5"), ("amount_fen", ""), ("entry", "x"), ("amount_fen", "１２")]
)
def test_rows_that_are_no_numbers_are_refused(ledger, column, value):
    rows = ledger_rows(ledger)
    rows[2][column] = value
    with pytest.raises(ValueError, match=column):
        check_rows(rows)


def test_a_missing_column_is_refused(ledger):
    rows = [{k: v for k, v in row.items() if k != "from"} for row in ledger_rows(ledger)]
    with pytest.raises(ValueError, match="column from"):
        balances_from_rows(rows)


def test_last_rows_that_were_cut_off_show_where_they_took_part_in_a_fund(run, rules, person):
    ledger = run(rules(STEPS), [person("0007"), person("0012")], fund=100)
    rows = ledger_rows(ledger)
    check_rows(rows)
    for kept in range(1, len(rows)):
        with pytest.raises(NotConserved, match="not closed"):
            check_rows(rows[:kept])


def test_every_row_but_the_last_is_missed_by_the_numbering(ledger):
    rows = ledger_rows(ledger)
    for place in range(len(rows) - 1):
        with pytest.raises(NotConserved):
            check_rows(rows[:place] + rows[place + 1 :])


def test_a_row_that_was_changed_or_dropped_shows(ledger):
    changed = ledger_rows(ledger)
    changed[2]["amount_fen"] = "9501"
    with pytest.raises(NotConserved, match="not closed"):
        check_rows(changed)
    with pytest.raises(NotConserved, match="entry numbers"):
        check_rows(ledger_rows(ledger) + ledger_rows(ledger)[3:])
