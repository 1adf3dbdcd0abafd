"""Score sheets keep what they were given, on both databases, and show when they were touched."""

from datetime import UTC, datetime
from fractions import Fraction

import pytest
import sqlalchemy as sa

from perf.kernel.errors import VerificationFailed
from perf.storage.canonical import sha256_bytes
from perf.storage.sheets import (
    Sheet,
    SheetContent,
    SheetKey,
    Total,
    add_sheet,
    find_sheet,
    list_sheets,
    next_sheet_number,
    totals_of,
)
from perf.storage.store import Store
from perf.storage.tables import SCORE_SHEET
from perf.storage.viewer import EVERYTHING, Viewer

TOTALS = (
    Total("000002", None, None, "", None, None, None, None, "blocked", "missing-fact"),
    Total("000001", 9230, 2, "优秀", 1, 2, 15000, 4, "scored", ""),
    Total("000003", 0, 2, "合格", 2, 2, None, None, "filled", "zero"),
)


def put(store: Store, *, period: str = "2025-06", consortium: str = "C1", content: SheetContent | None = None) -> Sheet:
    halves = content or SheetContent(b"columns in" * 1000, b"columns out")
    with store.write() as connection:
        number = next_sheet_number(connection, EVERYTHING, consortium, period, "monthly")
        sheet = Sheet(
            SheetKey(consortium, period, "monthly", number),
            "files",
            "2",
            {"a.yaml": "ab" * 32},
            3,
            {"1": 90, "2": 9, "3": 1},
            "小王",
            datetime(2025, 7, 3, tzinfo=UTC),
            sha256_bytes(halves.inputs),
            sha256_bytes(halves.results),
        )
        add_sheet(connection, EVERYTHING, sheet, halves, TOTALS)
    return sheet


def test_a_sheet_comes_back_as_it_was(store: Store):
    sheet = put(store)
    with store.read() as connection:
        found = find_sheet(connection, EVERYTHING, "C1", "2025-06", "monthly")
        assert found == (sheet, SheetContent(b"columns in" * 1000, b"columns out"))
        assert totals_of(connection, EVERYTHING, sheet.key) == sorted(TOTALS)
        assert totals_of(connection, EVERYTHING, sheet.key, subject="000003") == [TOTALS[2]]
    assert (TOTALS[1].total, TOTALS[1].coefficient) == (Fraction(923, 10), Fraction(3, 2))
    assert (TOTALS[0].total, TOTALS[0].coefficient) == (None, None)


def test_scoring_again_adds_a_number_and_the_newest_counts(store: Store):
    put(store)
    second = put(store, content=SheetContent(b"other", b"results"))
    put(store, period="2025-05")
    with store.read() as connection:
        assert [s.key.number for s in list_sheets(connection, EVERYTHING)] == [1, 2]
        assert list_sheets(connection, EVERYTHING, periods=["2025-06"]) == [second]
        found = find_sheet(connection, EVERYTHING, "C1", "2025-06", "monthly")
        assert found is not None
        assert found[1].inputs == b"other"


def test_nobody_sees_or_writes_what_is_out_of_scope(store: Store):
    sheet = put(store)
    other = Viewer("外人", frozenset({"C2"}))
    with store.read() as connection:
        assert list_sheets(connection, other) == []
        assert find_sheet(connection, other, "C1", "2025-06", "monthly") is None
        assert totals_of(connection, other, sheet.key) == []
    with store.write() as connection, pytest.raises(PermissionError):
        next_sheet_number(connection, other, "C1", "2025-06", "monthly")
    with store.write() as connection, pytest.raises(PermissionError):
        add_sheet(connection, other, sheet, SheetContent(b"", b""), ())


@pytest.mark.parametrize("half", ["inputs", "results"])
def test_bytes_that_were_touched_are_seen(store: Store, half: str):
    put(store)
    with store.write() as connection:
        connection.execute(sa.update(SCORE_SHEET).values({half: b"not these bytes"}))
    with store.read() as connection, pytest.raises(VerificationFailed):
        find_sheet(connection, EVERYTHING, "C1", "2025-06", "monthly")


def test_a_sheet_that_is_not_there_is_none(store: Store):
    with store.read() as connection:
        assert find_sheet(connection, EVERYTHING, "C1", "2025-06", "monthly") is None
        assert list_sheets(connection, EVERYTHING, scheme="monthly") == []
