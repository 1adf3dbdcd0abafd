from datetime import UTC, datetime
from fractions import Fraction

import pytest
import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st

from perf.kernel.money import Money
from perf.kernel.periods import Period
from perf.storage.canonical import canonical_json, rows_digest
from perf.storage.exact_columns import figure, number_of
from perf.storage.results import (
    add_results,
    balances_of,
    entry_figures,
    score_figures,
    stored_balances,
    stored_entries,
    stored_scores,
)
from perf.storage.runs import Run, add_run, find_run, list_runs, move_run, next_run_number, pins_of, steps_of, text_pin
from perf.storage.store import Store
from perf.storage.viewer import EVERYTHING, NOBODY, Viewer

JUNE = Period(2025, "month", 6)
NOW = datetime(2025, 7, 3, 8, 30, 15, 123456, tzinfo=UTC)
RUN = Run("A:2025-06#1", "A", JUNE, 1, "draft", "1", "王芳", NOW, "六月", {"ledger": "00"}, {"cards": 1})
ONLY_B = Viewer("b", frozenset({"B"}))


def a_run(connection: sa.Connection, run: Run = RUN) -> None:
    add_run(connection, EVERYTHING, run, [text_pin("facts", "facts", "一行\n二行\n")])


def entry_row(run: Run, number: int, fen: int):
    return (
        *(run.id, number, run.consortium, "2025-06", "staff", "h1", "apportion", "绩效"),
        *("fund:h1", f"person:{number}", fen, "按分配权", "by claim", str(number), 0, "paid"),
    )


def score_row(run: Run, n: int, points: Fraction):
    return (
        *(run.id, n, run.consortium, "s", "0012", "2025-06", "indicator", "visits", "service", "41/3000"),
        *(*figure(points), "100/3", *figure(points / 3), "", None, None, None, None, None, "scored", ""),
    )


@given(st.fractions())
def test_every_exact_number_comes_back_from_its_columns(number: Fraction):
    assert number_of(*figure(number)) == number


def test_a_finite_decimal_is_a_scaled_integer_and_a_third_is_text():
    assert figure(Fraction("92.35")) == (9235, 2, None)
    assert figure(Fraction(41, 3)) == (None, None, "41/3")
    assert figure(Fraction(2**70)) == (None, None, str(2**70))
    assert figure(Fraction(-1, 2)) == (-5, 1, None)
    assert figure(None) == (None, None, None)
    assert number_of(None, None, None) is None


def test_results_come_back_as_they_were_written(store: Store):
    scores = [score_row(RUN, n, Fraction(n, 7)) for n in range(1, 300)]
    entries = [entry_row(RUN, n, 2**53 + n) for n in range(1, 300)]
    balances = [(RUN.id, f"person:{n}", "A", -n) for n in range(1, 300)]
    with store.write() as connection:
        a_run(connection)
        add_results(connection, EVERYTHING, scores=scores, entries=entries, balances=balances)
    with store.read() as connection:
        assert stored_scores(connection, EVERYTHING, RUN.id) == scores
        assert stored_entries(connection, EVERYTHING, RUN.id) == entries
        assert stored_balances(connection, EVERYTHING, RUN.id) == sorted(balances)
        assert balances_of(connection, EVERYTHING, RUN.id)["person:7"] == Money(-7)
        first = score_figures(stored_scores(connection, EVERYTHING, RUN.id, subject="0012")[0])
        assert (first.points, first.weight, first.score) == (Fraction(1, 7), Fraction(100, 3), Fraction(1, 21))
        assert entry_figures(stored_entries(connection, EVERYTHING, RUN.id)[0]).amount == Money(2**53 + 1)
        digests = rows_digest(stored_scores(connection, EVERYTHING, RUN.id)), rows_digest(scores)
        assert digests[0] == digests[1]


def test_who_has_no_scope_sees_and_writes_nothing(store: Store):
    with store.write() as connection:
        a_run(connection)
        add_results(connection, EVERYTHING, scores=[score_row(RUN, 1, Fraction(1))], entries=[], balances=[])
    with store.read() as connection:
        for viewer in (NOBODY, ONLY_B):
            assert find_run(connection, viewer, RUN.id) is None
            assert list_runs(connection, viewer) == []
            assert stored_scores(connection, viewer, RUN.id) == []
            assert pins_of(connection, viewer, RUN.id) == []
            with pytest.raises(PermissionError):
                next_run_number(connection, viewer, "A", JUNE)
        with pytest.raises(PermissionError):
            add_run(connection, ONLY_B, RUN, [])
        with pytest.raises(PermissionError):
            add_results(connection, ONLY_B, scores=[score_row(RUN, 2, Fraction(1))], entries=[], balances=[])


def test_a_run_comes_back_with_its_pins_and_its_way(store: Store):
    with store.write() as connection:
        a_run(connection)
    with store.write() as connection:
        run = find_run(connection, EVERYTHING, RUN.id)
        assert run == RUN
        assert move_run(connection, EVERYTHING, run, "in_review", at=NOW, reason="请复核")
        assert not move_run(connection, EVERYTHING, run, "approved", at=NOW, reason="慢了一步")
    with store.read() as connection:
        run = find_run(connection, EVERYTHING, RUN.id)
        assert run is not None
        assert run.state == "in_review"
        assert [(s.state_from, s.state_to, s.made_at) for s in steps_of(connection, EVERYTHING, RUN.id)] == [
            ("draft", "in_review", NOW)
        ]
        (pin,) = pins_of(connection, EVERYTHING, RUN.id)
        assert pin.text == "一行\n二行\n"
        assert steps_of(connection, ONLY_B, RUN.id) == []


def test_the_database_holds_one_published_run_of_a_month(store: Store):
    second = Run("A:2025-06#2", "A", JUNE, 2, "draft", "1", "王芳", NOW, "", {}, {})
    with store.write() as connection:
        a_run(connection)
        a_run(connection, second)
        assert move_run(connection, EVERYTHING, RUN, "published", at=NOW, reason="", digest="0" * 64)
    with pytest.raises(sa.exc.IntegrityError), store.write() as connection:
        move_run(connection, EVERYTHING, second, "published", at=NOW, reason="", digest="1" * 64)


def test_a_published_run_without_a_seal_is_refused_by_the_database(store: Store):
    with store.write() as connection:
        a_run(connection)
    with pytest.raises(sa.exc.IntegrityError, match="sealed_when_published"), store.write() as connection:
        move_run(connection, EVERYTHING, RUN, "published", at=NOW, reason="")


def test_canonical_text_has_one_form_and_refuses_what_has_none():
    assert canonical_json({"b": 1, "a": "绩效"}) == '{"a":"绩效","b":1}'
    with pytest.raises(TypeError):
        canonical_json({"a": Fraction(1, 3)})
    with pytest.raises(TypeError):
        rows_digest([[Fraction(1, 3)]])
