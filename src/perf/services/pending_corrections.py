"""Sealed corrections that no month has booked yet, derived from the sealed runs themselves; and their pin.

There is no second record: a correction is booked when a sealed run of a month was pinned with it.
"""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from perf.appraisal.settling import correction_rule
from perf.distribution import Correction, LineDifference, line_differences
from perf.kernel.money import Money
from perf.kernel.periods import Period
from perf.services.concerned import concerned
from perf.specs.models import RuleBook
from perf.storage import results, runs
from perf.storage.canonical import canonical_json
from perf.storage.pin_lines import lines_text, text_lines
from perf.storage.runs import Pin, PinKind, Run, text_pin
from perf.storage.store import Connection
from perf.storage.viewer import Viewer

KIND: PinKind = "correction"


def pending_corrections(
    connection: Connection, viewer: Viewer, consortium: str, period: Period
) -> tuple[Correction, ...]:
    """The corrections that a run of the month `period` is to book: of periods that were over before it began.

    Returns:
        One for each period, from the run whose figures are booked to the one that counts now, by name.
    """
    every = [run for run in runs.list_runs(connection, viewer, consortium=consortium) if run.is_sealed]
    if period.kind != "month" or not any(run.corrects for run in every):
        return ()
    booked = _booked(connection, viewer, every)
    found = [
        _between(connection, viewer, old, new)
        for old, new in _chains(every, booked)
        if new.period.last_day < period.first_day
    ]
    return tuple(sorted((one for one in found if one.differences), key=lambda one: one.new))


def correction_pins(
    connection: Connection, viewer: Viewer, book: RuleBook, consortium: str, period: Period
) -> tuple[Pin, ...]:
    """The pending corrections as the pin of a run; none where `book` has no rule for them, and they go on waiting."""
    if correction_rule(book, period) is None:
        return ()
    found = pending_corrections(connection, viewer, consortium, period)
    return (corrections_pin(found),) if found else ()


def corrections_pin(found: Iterable[Correction]) -> Pin:
    """Corrections as the pin of the run that books them."""
    return text_pin(KIND, KIND, lines_text([_line(one) for one in found]))


def read_corrections(pin: Pin) -> tuple[Correction, ...]:
    """The corrections of a pin."""
    return tuple(_read(line) for line in text_lines(pin.text or ""))


def changed_corrections(connection: Connection, viewer: Viewer, pin: Pin) -> Iterator[str]:
    """Names of pinned corrections that the stored runs do not give any more."""
    for one in read_corrections(pin):
        old, new = runs.find_run(connection, viewer, one.old), runs.find_run(connection, viewer, one.new)
        if (
            old is None
            or new is None
            or canonical_json(_line(one)) != canonical_json(_line(_between(connection, viewer, old, new)))
        ):
            yield f"{one.old} → {one.new}"


def _booked(connection: Connection, viewer: Viewer, sealed: Iterable[Run]) -> set[str]:
    """The runs whose figures months that count have booked."""
    return {
        one.new
        for run in sealed
        if run.corrects is None and run.period.kind == "month"
        for pin in runs.pins_of(connection, viewer, run.id, KIND)
        for one in read_corrections(pin)
    }


def _chains(sealed: Sequence[Run], booked: set[str]) -> Iterator[tuple[Run, Run]]:
    """(the run whose figures are booked, the run that counts now) of each period that was corrected since."""
    corrected_by = {run.corrects: run for run in sealed if run.corrects is not None}
    for run in sealed:
        if run.corrects is not None:
            continue
        old = new = run
        while new.id in corrected_by:
            new = corrected_by[new.id]
            if new.id in booked:
                old = new
        if old is not new:
            yield old, new


def _between(connection: Connection, viewer: Viewer, old: Run, new: Run) -> Correction:
    before, after = (
        [results.entry_figures(row) for row in results.stored_entries(connection, viewer, run.id)] for run in (old, new)
    )
    return Correction(old.id, new.id, line_differences(before, after), concerned(connection, viewer, old, new))


def _line(one: Correction) -> list[Any]:
    rows = [[d.owner, d.account, d.line, d.old.fen, d.new.fen] for d in one.differences]
    return [one.old, one.new, rows, None if one.concerned is None else sorted(one.concerned)]


def _read(line: Sequence[Any]) -> Correction:
    old, new, rows, subjects = line
    differences = tuple(LineDifference(owner, account, name, Money(a), Money(b)) for owner, account, name, a, b in rows)
    return Correction(old, new, differences, None if subjects is None else frozenset(subjects))
