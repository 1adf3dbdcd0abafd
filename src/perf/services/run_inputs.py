"""The inputs of a run: read from the database, pinned as canonical text, and read back from the pins."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

from perf.appraisal.month import Prior
from perf.distribution import Adjustment
from perf.formulas.nodes import Absent, Node, RuleRef
from perf.kernel.errors import VerificationFailed
from perf.kernel.facts import Facts
from perf.kernel.figures import exact_text, read_exact
from perf.kernel.money import Money
from perf.kernel.periods import Period, parse_period
from perf.kernel.subjects import Roster, Segment
from perf.kernel.text import Text
from perf.services.needed_facts import periods_within, years_back
from perf.services.paid_inputs import PinnedPaid, covers, paid_before, pinned_paid
from perf.services.pending_corrections import correction_pins, read_corrections
from perf.services.pinned_rules import book_of
from perf.specs.fitting import whole_first
from perf.specs.models import RuleBook
from perf.storage import facts, history, rosters, rules
from perf.storage.adjustments import adjustment_lines, read_adjustment, standing_adjustments
from perf.storage.canonical import canonical_json, sha256_text
from perf.storage.facts import FactVersion
from perf.storage.history import PastTotal
from perf.storage.pin_lines import fact_line, lines_text, read_fact, read_segment, segment_line, text_lines
from perf.storage.rosters import SegmentVersion
from perf.storage.runs import Pin, pins_of, text_pin
from perf.storage.store import Connection
from perf.storage.viewer import COUNTY, EVERYTHING, Viewer

CARRIED_OVER = ("institution:", "reserve:", "held:", "left:")
_OPTIONAL = frozenset({"adjustment", "correction"})
"""Kinds of pins that a run may do without."""
Totals = Mapping[tuple[str, str, Period], Node]


@dataclass(frozen=True, slots=True)
class RunInputs:
    """Everything that a run is computed from."""

    book: RuleBook
    roster: Roster
    facts: Facts
    prior: Prior
    pins: tuple[Pin, ...]


def load_inputs(
    connection: Connection,
    viewer: Viewer,
    book: RuleBook,
    consortium: str,
    period: Period,
    *,
    corrects: str | None = None,
) -> RunInputs:
    """The inputs as they count now, with their pins; a correction opens with what the corrected run opened with."""
    everybody = rosters.newest_segments(connection, EVERYTHING)  # the tree below leaves out what is not ours
    segments = _tree(everybody, consortium)
    movers = _movers(everybody, segments, consortium)
    asked, among = years_back(book), (consortium, COUNTY)
    versions = _needed(connection, viewer, asked, segments, movers=movers, consortia=among, period=period)
    files = facts.files_of(connection, EVERYTHING)  # names only, of files that gave these facts
    if corrects is None:
        prior = _prior_text(connection, viewer, book, consortium, period)
        adjusting = (
            *adjustment_pins(connection, viewer, consortium, period),
            *correction_pins(connection, viewer, book, consortium, period),
        )
    else:
        prior = pins_of(connection, viewer, corrects, "prior")[0].text or ""
        prior = prior_with_paid(connection, viewer, book, consortium, period, prior)
        adjusting = tuple(
            pin for kind in ("adjustment", "correction") for pin in pins_of(connection, viewer, corrects, kind)
        )
    pins = (
        text_pin("facts", "facts", lines_text(fact_line(version, files) for version in versions)),
        text_pin("roster", "roster", lines_text(map(segment_line, segments))),
        text_pin("prior", "prior", prior),
        *adjusting,
        *(Pin("rule", name, sha256_text(text)) for name, text in sorted(book.texts.items())),
    )
    return _inputs(book, pins, Facts(facts.as_facts(versions, files)), [v.segment for v in segments])


def inputs_of(book: RuleBook, pins: Sequence[Pin], found: Facts, prior: Mapping[str, Any] | None = None) -> RunInputs:
    """Roster and prior (or another in its place) as they were pinned, together with rules and facts that are known."""
    rows = next(pin.text or "" for pin in pins if pin.kind == "roster")
    return _inputs(book, tuple(pins), found, list(map(read_segment, text_lines(rows))), prior)


def facts_now(
    connection: Connection,
    viewer: Viewer,
    asked: Mapping[str, int],
    consortium: str,
    period: Period,
) -> Facts:
    """The facts as they count now of the measures in `asked` (measure -> years back), of everybody of the consortium."""
    everybody = rosters.newest_segments(connection, EVERYTHING)
    segments = _tree(everybody, consortium)
    movers = _movers(everybody, segments, consortium)
    among = (consortium, COUNTY)
    versions = _needed(connection, viewer, asked, segments, movers=movers, consortia=among, period=period)
    return Facts(facts.as_facts(versions, facts.files_of(connection, EVERYTHING)))


def pinned_inputs(connection: Connection, viewer: Viewer, run_id: str) -> RunInputs:
    """The inputs as they were pinned.

    Raises:
        VerificationFailed: a pin is missing or a rule text is not kept any more.
    """
    pins = pins_of(connection, viewer, run_id)
    digests = {pin.name: pin.digest for pin in pins if pin.kind == "rule"}
    texts = rules.rule_texts(connection, viewer, digests.values())
    by_kind = {pin.kind: pin.text for pin in pins if pin.kind != "rule"}
    if set(by_kind) - _OPTIONAL != {"facts", "roster", "prior"} or not set(digests.values()) <= set(texts):
        raise VerificationFailed(Text(f"{run_id} 的固定输入不完整", f"the pinned inputs of {run_id} are not complete"))
    book = book_of(tuple((name, texts[digest]) for name, digest in sorted(digests.items())))
    found = Facts(map(read_fact, text_lines(by_kind["facts"] or "")))
    return inputs_of(book, tuple(pins), found)


def pinned_versions(pin: Pin) -> dict[tuple[Any, int], list[Any]]:
    """(import, row) -> the pinned line of a fact or a segment; (period, number) -> that of an adjustment."""
    return {(line[0], line[1]): line for line in text_lines(pin.text or "")}


def opening_balances(connection: Connection, viewer: Viewer, consortium: str) -> dict[str, Money]:
    """What sealed runs left in the accounts that go on: institutions, reserves, held, left."""
    found = history.account_balances(connection, viewer, consortium)
    return {account: amount for account, amount in found.items() if account.startswith(CARRIED_OVER) and amount}


def opened_with(connection: Connection, viewer: Viewer, run_id: str) -> dict[str, Money]:
    """The balances that a run was pinned with."""
    pins = pins_of(connection, viewer, run_id, "prior")
    opening = json.loads(pins[0].text or "{}").get("opening", {}) if pins else {}
    return {account: Money(fen) for account, fen in opening.items()}


def paid_with(connection: Connection, viewer: Viewer, run_id: str) -> PinnedPaid | None:
    """The payments of earlier runs that a run was pinned with; None where its rules ask for none."""
    pins = pins_of(connection, viewer, run_id, "prior")
    found: PinnedPaid | None = json.loads(pins[0].text or "{}").get("paid") if pins else None
    return found


def adjustment_pins(connection: Connection, viewer: Viewer, consortium: str, period: Period) -> tuple[Pin, ...]:
    """The adjustments of single people that stand now, as the pin of a run; none without any."""
    standing = standing_adjustments(connection, viewer, consortium, period)
    if not standing:
        return ()
    return (text_pin("adjustment", "adjustment", lines_text(adjustment_lines(standing))),)


def pinned_adjustments(connection: Connection, viewer: Viewer, run_id: str) -> tuple[Adjustment, ...]:
    """The adjustments of single people that a run was computed with, by number."""
    pins = pins_of(connection, viewer, run_id, "adjustment")
    return tuple(read_adjustment(line) for pin in pins for line in text_lines(pin.text or ""))


def pinned_roster(connection: Connection, viewer: Viewer, run_id: str) -> Roster:
    """The roster that a run was computed with."""
    pins = pins_of(connection, viewer, run_id, "roster")
    return Roster(map(read_segment, text_lines(pins[0].text or "" if pins else "")))


def _tree(segments: Iterable[SegmentVersion], consortium: str) -> list[SegmentVersion]:
    """The segments of the consortium, of what is above it, and of everything below it; in the order of keys."""
    every = list(segments)
    below: dict[str, list[int]] = {}
    own: dict[str, list[int]] = {}
    for position, version in enumerate(every):
        below.setdefault(version.segment.parent, []).append(position)
        own.setdefault(version.segment.subject, []).append(position)
    kept: set[int] = set()
    queue = [consortium]
    while queue:
        fresh = [p for p in below.get(queue.pop(), ()) if p not in kept]
        kept.update(fresh)
        queue += {every[p].segment.subject for p in fresh}
    above = [consortium]
    while above:
        fresh = [p for p in own.get(above.pop(), ()) if p not in kept]
        kept.update(fresh)
        above += {every[p].segment.parent for p in fresh}
    return [every[p] for p in sorted(kept)]


def _needed(
    connection: Connection,
    viewer: Viewer,
    asked: Mapping[str, int],
    segments: Sequence[SegmentVersion],
    *,
    movers: set[str],
    consortia: tuple[str, ...],
    period: Period,
) -> list[FactVersion]:
    """The facts of the measures asked for, of the subjects of the roster, in the order of keys."""
    subjects = {version.segment.subject for version in segments}
    by_years: dict[int, list[str]] = {}
    for measure, years in asked.items():
        by_years.setdefault(years, []).append(measure)
    found: dict[Any, FactVersion] = {}
    for years, measures in sorted(by_years.items()):
        periods = periods_within(period, years)
        found |= facts.newest_versions(connection, viewer, consortia=consortia, periods=periods, measures=measures)
        # Who came or went is on the roster of two consortia, and the facts lie in one of them.
        found |= facts.newest_versions(connection, EVERYTHING, periods=periods, measures=measures, subjects=movers)
    return [found[key] for key in sorted(found) if found[key].value is not None and key[0] in subjects]


def _movers(everybody: Iterable[SegmentVersion], ours: Iterable[SegmentVersion], consortium: str) -> set[str]:
    """Persons of our roster who are, or were, on another consortium's too."""
    persons = {version.segment.subject for version in ours if version.segment.level == "person"}
    return {v.segment.subject for v in everybody if v.consortium not in (consortium, COUNTY)} & persons


def prior_with_paid(
    connection: Connection, viewer: Viewer, book: RuleBook, consortium: str, period: Period, prior: str
) -> str:
    """The pinned prior itself, unless `book` asks for payments that it does not hold: then with those, as they are now."""
    held = json.loads(prior or "{}")
    if covers(held.get("paid"), book, period):
        return prior
    return canonical_json({**held, "paid": pinned_paid(connection, viewer, book, consortium, period)})


def _prior_text(connection: Connection, viewer: Viewer, book: RuleBook, consortium: str, period: Period) -> str:
    totals = history.past_totals(connection, viewer, consortium, period)
    opening = opening_balances(connection, viewer, consortium)
    paid = pinned_paid(connection, viewer, book, consortium, period)
    return canonical_json(
        {
            **({} if paid is None else {"paid": paid}),
            "totals": [
                [t.scheme, t.subject, str(t.period), None if t.total is None else exact_text(t.total)] for t in totals
            ],
            "opening": {account: amount.fen for account, amount in opening.items()},
            "odd_fen": history.odd_fen_received(connection, viewer, consortium, period.year),
        }
    )


def _inputs(
    book: RuleBook,
    pins: tuple[Pin, ...],
    found: Facts,
    segments: Iterable[Segment],
    prior: Mapping[str, Any] | None = None,
) -> RunInputs:
    if prior is None:
        prior = json.loads(next(pin.text or "{}" for pin in pins if pin.kind == "prior"))
    totals = [
        PastTotal(scheme, subject, _period(period), None if total is None else read_exact(total))
        for scheme, subject, period, total in prior["totals"]
    ]
    booked = tuple(one for pin in pins if pin.kind == "correction" for one in read_corrections(pin))
    lines = [line for pin in pins if pin.kind == "adjustment" for line in text_lines(pin.text or "")]
    before = replace(_prior(book, totals, prior), adjustments=tuple(map(read_adjustment, lines)), corrections=booked)
    return RunInputs(book, Roster(segments), found, before, pins)


def _prior(book: RuleBook, totals: Sequence[PastTotal], prior: Mapping[str, Any]) -> Prior:
    nodes: dict[tuple[str, str, Period], Node] = {}
    last: dict[str, PastTotal] = {}
    schemes: dict[Period, set[str]] = {}
    for past in totals:
        schemes.setdefault(past.period, set()).add(past.scheme)
    ranks = {
        (period, code): n for period, of in schemes.items() for n, code in enumerate(whole_first(book, of, period))
    }
    known_as = {(period, code): _known_as(book, code, period) for period, code in ranks}
    for past in sorted(totals, key=lambda past: ranks[(past.period, past.scheme)]):
        rule, title = known_as[(past.period, past.scheme)]
        value = past.total if past.total is not None else Absent("blocked")
        nodes[(past.scheme, past.subject, past.period)] = Node("score", value, (), title, rule=rule)
        known = last.get(past.subject)
        if past.total is not None and (known is None or known.period < past.period):
            last[past.subject] = past
    return Prior(
        totals=nodes,
        opening={account: Money(fen) for account, fen in prior["opening"].items()},
        odd_fen_received=prior["odd_fen"],
        paid=paid_before(prior.get("paid")),
        last_scores={subject: past.total for subject, past in last.items() if past.total is not None},
    )


def _known_as(book: RuleBook, code: str, period: Period) -> tuple[RuleRef, Text]:
    """Name and title of a scheme in a period, its code where `book` does not know it any more."""
    scheme = book.schemes.get(code)
    if scheme is None:
        return RuleRef(code), Text(code)
    version = scheme.version(period)
    return scheme.ref(version) if version is not None else RuleRef(code), scheme.title


@lru_cache(maxsize=4096)
def _period(text: str) -> Period:
    return parse_period(text)
