"""Adjustments are appended, numbered within a month, withdrawn with a reason, and never seen out of scope."""

from datetime import UTC, datetime
from fractions import Fraction

import pytest
import sqlalchemy as sa

from perf.distribution import Adjustment
from perf.kernel.money import Money
from perf.kernel.periods import parse_period
from perf.storage.adjustments import (
    add_adjustments,
    adjustment_line,
    list_adjustments,
    read_adjustment,
    standing_adjustments,
    withdraw_adjustment,
)
from perf.storage.pin_lines import lines_text, text_lines
from perf.storage.viewer import EVERYTHING, NOBODY, Viewer

JUNE, JULY = parse_period("2025-06"), parse_period("2025-07")
NOW = datetime(2025, 7, 3, 8, 30, tzinfo=UTC)
HR = Viewer("王芳", sees_all=True)


def one(kind="pay", subject="0012", fen=12050, **about):
    amount = None if fen is None else Money(fen)
    return Adjustment("", kind, subject, amount, "补发", "reserve:saved:h1", "三月夜班漏报", "人事3号", "王芳", **about)


def add(connection, *rows, consortium="A", period=JUNE, viewer=EVERYTHING):
    sources = [f"补发.xlsx!表1!C{n}" for n, _ in enumerate(rows, start=2)]
    return add_adjustments(
        connection, viewer, consortium=consortium, period=period, adjustments=rows, sources=sources, at=NOW
    )


def test_what_was_entered_is_read_back_whole_with_its_number(store):
    rows = [one(), one("hold", fen=None), one("deduct", fen=7, at_most=Fraction(1, 3))]
    with store.write() as connection:
        written = add(connection, *rows)
        add(connection, one(), period=JULY)
        add(connection, one(), consortium="B")
    with store.read() as connection:
        found = list_adjustments(connection, EVERYTHING, consortium="A", period=JUNE)
        assert [entered.id for entered in list_adjustments(connection, EVERYTHING)] == [
            "A:2025-06/A1",
            "A:2025-06/A2",
            "A:2025-06/A3",
            "A:2025-07/A1",
            "B:2025-06/A1",
        ]
    assert found == written
    assert [entered.source for entered in found][:1] == ["补发.xlsx!表1!C2"]


def test_a_line_of_a_pin_gives_the_adjustment_again(store):
    with store.write() as connection:
        written = add(connection, one("deduct", fen=7, at_most=Fraction(1, 3)), one())
    lines = text_lines(lines_text([adjustment_line(entered) for entered in written]))
    assert [read_adjustment(line) for line in lines] == [entered.adjustment for entered in written]


def test_withdrawn_ones_stay_and_do_not_stand(store):
    with store.write() as connection:
        first, second = add(connection, one(), one())
        withdraw_adjustment(connection, HR, first, at=NOW, reason="录错人")
    with store.read() as connection:
        assert standing_adjustments(connection, EVERYTHING, "A", JUNE) == [second]
        gone, _ = list_adjustments(connection, EVERYTHING, subject="0012")
    assert gone.withdrawn is not None
    assert (gone.withdrawn.by, gone.withdrawn.reason) == ("王芳", "录错人")


def test_an_adjustment_is_withdrawn_once(store):
    with store.write() as connection:
        (first,) = add(connection, one())
        withdraw_adjustment(connection, HR, first, at=NOW, reason="录错人")
    with pytest.raises(sa.exc.IntegrityError), store.write() as connection:
        withdraw_adjustment(connection, HR, first, at=NOW, reason="再撤一次")


def test_nobody_sees_or_writes_what_is_out_of_scope(store):
    only_b = Viewer("b", frozenset({"B"}))
    with store.write() as connection:
        (entered,) = add(connection, one())
        with pytest.raises(PermissionError):
            add(connection, one(), viewer=only_b)
        with pytest.raises(PermissionError):
            withdraw_adjustment(connection, only_b, entered, at=NOW, reason="x")
    with store.read() as connection:
        for viewer in (only_b, NOBODY):
            assert list_adjustments(connection, viewer) == []
            assert standing_adjustments(connection, viewer, "A", JUNE) == []


@pytest.mark.parametrize(
    "wrong",
    [
        one(fen=0),
        one(fen=-1),
        one(fen=None),
        one("deduct", fen=-5),
        one("correction", fen=0),
        one("write_off", fen=0),
        one("bonus"),
    ],
)
def test_the_database_itself_refuses_what_cannot_be(store, wrong):
    with pytest.raises(sa.exc.IntegrityError), store.write() as connection:
        add(connection, wrong)


def test_nothing_is_entered_without_a_reason(store):
    from dataclasses import replace

    with pytest.raises(sa.exc.IntegrityError), store.write() as connection:
        add(connection, replace(one(), reason=""))
