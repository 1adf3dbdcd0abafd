"""`specs check --db`: what the stored months say about the rules; runs and score sheets, published before drafts."""

from collections.abc import Iterator
from fractions import Fraction
from typing import TypeVar

import numpy as np

from perf.appraisal.rules_in_practice import PointsSeen, Practice, practice_of
from perf.kernel.periods import Period, parse_period
from perf.scoring.columnar import Numbers
from perf.scoring.columnar.cells import Words
from perf.scoring.columnar.columns import Column
from perf.services.actors import Actor
from perf.services.load_run import standing_runs
from perf.services.sheet_codec import StoredScores, read_columns, read_scores
from perf.specs.models import RuleBook
from perf.storage import facts, results, runs, sheets
from perf.storage.sheets import Sheet, SheetKey
from perf.storage.store import Connection, Store

Key = TypeVar("Key")


def rules_in_practice(store: Store, book: RuleBook, *, actor: Actor, months: int = 3) -> Practice:
    """Judge the rules in use by the newest `months` months of results that may be seen; writes nothing.

    Raises:
        VerificationFailed: a score sheet that is not what was stored.
    """
    with store.read() as connection:
        chosen = standing_runs(runs.list_runs(connection, actor.viewer))
        given = results.points_given(connection, actor.viewer, _newest({run.id: run.period for run in chosen}, months))
        seen = [
            PointsSeen(row.scheme, row.indicator, parse_period(row.period), row.points, row.status, row.subjects)
            for row in given
        ]
        reported = {
            (code, parse_period(period)) for code, period in facts.reported(connection, actor.viewer, book.measures)
        }
        scored = sheets.list_sheets(connection, actor.viewer, sheets.FILES)  # those of runs are the runs once more
        by_key = {sheet.key: parse_period(sheet.key.period) for sheet in scored}
        newest = set(_newest(by_key, months))
        for sheet in scored:
            if sheet.key in newest:
                _add_sheet(connection, actor, sheet, seen, reported)
    return practice_of(book, seen, reported, months=months)


def _newest(periods: dict[Key, Period], months: int) -> list[Key]:
    """What lies in the newest `months` periods of each kind; older results cannot be judged."""
    newest: set[Period] = set()
    for kind in ("month", "quarter", "year"):
        newest.update(sorted({period for period in periods.values() if period.kind == kind})[-months:])
    return [key for key, period in periods.items() if period in newest]


def _add_sheet(
    connection: Connection, actor: Actor, sheet: Sheet, seen: list[PointsSeen], reported: set[tuple[str, Period]]
) -> None:
    content = sheets.content_of(connection, actor.viewer, sheet)
    seen.extend(_points(sheet.key, read_scores(content.results)))
    columns = read_columns(content.inputs).measures
    reported.update(key for key, column in columns.items() if _has_any(column))


def _has_any(column: Column) -> bool:
    if isinstance(column, Words):
        return bool((column.codes >= 0).any())
    return not isinstance(column, Numbers) or column.present is None or bool(column.present.any())


def _points(key: SheetKey, stored: StoredScores) -> Iterator[PointsSeen]:
    """The points of a sheet, counted by outcome and figure."""
    period = parse_period(key.period)
    for place, points, outcomes in zip(stored.places, stored.points, stored.outcomes, strict=True):
        for number in np.unique(outcomes).tolist():
            status, _reason = stored.named[number]
            rows = points[outcomes == number]
            if status not in ("scored", "filled"):
                yield PointsSeen(key.scheme, place.indicator, period, None, status, len(rows))
                continue
            for figure, count in zip(*(one.tolist() for one in np.unique(rows, return_counts=True)), strict=True):
                exact = Fraction(figure, 10**place.digits)
                yield PointsSeen(key.scheme, place.indicator, period, exact, status, count)
