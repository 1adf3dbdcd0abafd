"""Corrected months in a scenario: a month counts as corrected, so no later month of the scenario books its differences again."""

from collections.abc import Collection, Iterable, Sequence

from perf.services.pending_corrections import KIND, corrections_pin, read_corrections
from perf.storage import runs
from perf.storage.runs import Pin, Run
from perf.storage.store import Connection
from perf.storage.viewer import Viewer


def chain_of(connection: Connection, viewer: Viewer, run: Run) -> tuple[Run, ...]:
    """The run that was corrected first, whose figures later months opened with, and every correction up to `run`."""
    found = [run]
    while found[0].corrects is not None and (before := runs.find_run(connection, viewer, found[0].corrects)):
        found.insert(0, before)
    return tuple(found)


def not_booked_again(pins: Iterable[Pin], counted: Collection[str]) -> tuple[list[Pin], tuple[str, ...]]:
    """The pins of a run without the corrections up to runs in `counted`, and the names of those runs."""
    kept, left_out = list[Pin](), list[str]()
    for pin in pins:
        found = read_corrections(pin) if pin.kind == KIND else ()
        if not any(one.new in counted for one in found):
            kept.append(pin)
            continue
        left_out += [one.new for one in found if one.new in counted]
        if others := [one for one in found if one.new not in counted]:
            kept.append(corrections_pin(others))
    return kept, tuple(left_out)


def counted_runs(connection: Connection, viewer: Viewer, asked: Sequence[Run]) -> frozenset[str]:
    """The names of the corrections that the runs asked are, or stand on."""
    return frozenset(
        one.id for run in asked if run.corrects is not None for one in chain_of(connection, viewer, run)[1:]
    )
