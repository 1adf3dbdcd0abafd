"""Score sheets keep what they were given, on both databases, and show when they were touched."""

from datetime import UTC, datetime
from fractions import Fraction

import pytest
import sqlalchemy as sa

from perf.kernel.errors import VerificationFailed
from perf.storage.canonical import sha256_bytes
from perf.storage.migrate import upgrade
from perf.storage.sheets import (
    FILES,
    RUN,
    Kind,
    Sheet,
    SheetContent,
    SheetKey,
    Total,
    add_sheet,
    content_of,
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


def put(
    store: Store,
    *,
    period: str = "2025-06",
    consortium: str = "C1",
    content: SheetContent | None = None,
    kind: Kind = FILES,
    run: str = "C1:2025-06#1",
) -> Sheet:
    halves = content or SheetContent(b"columns in" * 1000, b"columns out")
    with store.write() as connection:
        number = next_sheet_number(connection, EVERYTHING, consortium, period, "monthly", kind)
        sheet = Sheet(
            SheetKey(consortium, period, "monthly", kind, number),
            "files" if kind == FILES else run,
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
        assert list_sheets(connection, EVERYTHING, FILES) == [sheet]
        assert content_of(connection, EVERYTHING, sheet) == SheetContent(b"columns in" * 1000, b"columns out")
        assert totals_of(connection, EVERYTHING, sheet.key) == sorted(TOTALS)
        assert totals_of(connection, EVERYTHING, sheet.key, subject="000003") == [TOTALS[2]]
    assert (TOTALS[1].total, TOTALS[1].coefficient) == (Fraction(923, 10), Fraction(3, 2))
    assert (TOTALS[0].total, TOTALS[0].coefficient) == (None, None)


def test_scoring_again_adds_a_number_and_the_newest_counts(store: Store):
    put(store)
    second = put(store, content=SheetContent(b"other", b"results"))
    put(store, period="2025-05")
    with store.read() as connection:
        assert [s.key.number for s in list_sheets(connection, EVERYTHING, FILES)] == [1, 2]
        assert list_sheets(connection, EVERYTHING, FILES, periods=["2025-06"]) == [second]
        assert content_of(connection, EVERYTHING, second).inputs == b"other"


def test_nobody_sees_or_writes_what_is_out_of_scope(store: Store):
    sheet = put(store)
    other = Viewer("外人", frozenset({"C2"}))
    with store.read() as connection:
        assert list_sheets(connection, other, FILES) == []
        with pytest.raises(VerificationFailed):
            content_of(connection, other, sheet)
        assert totals_of(connection, other, sheet.key) == []
    with store.write() as connection, pytest.raises(PermissionError):
        next_sheet_number(connection, other, "C1", "2025-06", "monthly", FILES)
    with store.write() as connection, pytest.raises(PermissionError):
        add_sheet(connection, other, sheet, SheetContent(b"", b""), ())


@pytest.mark.parametrize("half", ["inputs", "results"])
def test_bytes_that_were_touched_are_seen(store: Store, half: str):
    sheet = put(store)
    with store.write() as connection:
        connection.execute(sa.update(SCORE_SHEET).values({half: b"not these bytes"}))
    with store.read() as connection, pytest.raises(VerificationFailed, match="C1:2025-06:monthly#1"):
        content_of(connection, EVERYTHING, sheet)


def test_a_sheet_that_is_not_there_is_not_listed(store: Store):
    with store.read() as connection:
        assert list_sheets(connection, EVERYTHING, FILES, scheme="monthly") == []


def test_sheets_of_runs_and_of_files_have_numbers_of_their_own_and_never_stand_in_for_each_other(store: Store):
    file = put(store)
    run = put(store, kind=RUN, content=SheetContent(b"of a run", b"out"))
    assert (file.key.number, run.key.number) == (1, 1)
    with store.read() as connection:
        assert list_sheets(connection, EVERYTHING, FILES) == [file]
        assert list_sheets(connection, EVERYTHING, RUN) == [run]
        assert content_of(connection, EVERYTHING, file).inputs == b"columns in" * 1000
        assert content_of(connection, EVERYTHING, run).inputs == b"of a run"
        assert totals_of(connection, EVERYTHING, file.key) == totals_of(connection, EVERYTHING, run.key)


def test_every_run_keeps_its_own_sheet(store: Store):
    first = put(store, kind=RUN)
    second = put(store, kind=RUN, run="C1:2025-06#2")
    with store.read() as connection:
        assert list_sheets(connection, EVERYTHING, RUN, origins=["C1:2025-06#1"]) == [first]
        assert list_sheets(connection, EVERYTHING, RUN) == [second]


def test_sheets_that_were_there_before_are_told_apart_when_the_database_is_brought_up_to_date(store: Store):
    """Up to revision 0002 both kinds shared their numbers: a what-if hid what score-many had stored."""
    with store.engine.begin() as connection:
        migrate_to(connection, "0002")
        for number, origin in ((1, "files"), (2, "C1:2025-06#1"), (3, "files")):
            connection.execute(
                sa.text(
                    "insert into score_sheet (consortium, period, scheme, number, origin, engine, rules, subjects, tiers,"
                    " made_by, made_at, inputs_digest, results_digest, inputs, results) values ('C1', '2025-06',"
                    " 'monthly', :number, :origin, '2', '{}', 1, '{}', 'x', '2025-07-03 00:00:00', '', '', :none, :none)"
                ),
                {"number": number, "origin": origin, "none": b""},
            )
            connection.execute(
                sa.text(
                    "insert into score_total (consortium, period, scheme, number, subject, grade, status, reason)"
                    " values ('C1', '2025-06', 'monthly', :number, :subject, '', 'blocked', '')"
                ),
                {"number": number, "subject": f"of {number}"},
            )
    upgrade(store.engine)
    with store.read() as connection:
        [file] = list_sheets(connection, EVERYTHING, FILES)
        [run] = list_sheets(connection, EVERYTHING, RUN)
        assert [one.subject for one in totals_of(connection, EVERYTHING, file.key)] == ["of 3"]
        assert [one.subject for one in totals_of(connection, EVERYTHING, run.key)] == ["of 2"]
    assert [put(store).key.number, put(store, kind=RUN).key.number] == [4, 3]
    with store.engine.begin() as connection:
        migrate_to(connection, "0002")
        numbers = connection.execute(sa.text("select number from score_sheet order by number")).scalars().all()
    assert numbers == [1, 3, 4]
    upgrade(store.engine)


def migrate_to(connection: sa.Connection, revision: str) -> None:
    from alembic import command

    from perf.storage.migrate import _config

    config = _config()
    config.attributes["connection"] = connection
    command.downgrade(config, revision)
