"""Whose own facts, posts or rules are another in a correction than in the run that it corrects."""

from perf.appraisal.rule_meaning import rule_changes
from perf.services.pinned_rules import book_of_run
from perf.storage import results, runs
from perf.storage.canonical import canonical_json
from perf.storage.pin_lines import text_lines
from perf.storage.runs import PinKind, Run
from perf.storage.store import Connection
from perf.storage.viewer import Viewer

_FOR_ALL = frozenset({"measures", "lists", "accounts"})
"""Kinds of rules that stand behind everybody's figures: who exactly is concerned is not asked."""


def concerned(connection: Connection, viewer: Viewer, old: Run, new: Run) -> frozenset[str] | None:
    """The subjects with other facts or segments, or under a rule that is another; None: a rule for everybody is another."""
    found = set[str]()
    looked_at: tuple[tuple[PinKind, slice], ...] = (("facts", slice(2, 9)), ("roster", slice(2, None)))
    for kind, said in looked_at:
        one, other = (_lines(connection, viewer, run, kind, said) for run in (old, new))
        found |= {one_line[0] for one_line in (one ^ other)}
    touched = _under_other_rules(connection, viewer, old, new)
    return None if touched is None else frozenset(found | touched)


def _lines(connection: Connection, viewer: Viewer, run: Run, kind: PinKind, said: slice) -> set[tuple[str, str]]:
    """(subject, what is said of it): of facts the key and the value, of segments everything but their names."""
    pins = runs.pins_of(connection, viewer, run.id, kind)
    lines = (line[said] for pin in pins for line in text_lines(pin.text or ""))
    return {(line[0], canonical_json(line)) for line in lines}


def _under_other_rules(connection: Connection, viewer: Viewer, old: Run, new: Run) -> set[str] | None:
    """Who is scored or paid by a rule that is another."""
    before, after = (book_of_run(connection, viewer, run.id) for run in (old, new))
    if before is after:
        return set()
    kinds: dict[str, set[str]] = {}
    for change in rule_changes(before, after):
        kinds.setdefault(change.kind, set()).add(change.code)
    if kinds.keys() & _FOR_ALL:
        return None
    touched = set[str]()
    scored = kinds.get("indicators", set()) | kinds.get("schemes", set())
    paid = kinds.get("distributions", set())
    for run in (old, new) if scored else ():
        figures = map(results.score_figures, results.stored_scores(connection, viewer, run.id))
        touched |= {row.subject for row in figures if row.scheme in scored or row.item in scored}
    for run in (old, new) if paid else ():
        entries = map(results.entry_figures, results.stored_entries(connection, viewer, run.id))
        touched |= {entry.claimant for entry in entries if entry.distribution in paid and entry.claimant}
    return touched
