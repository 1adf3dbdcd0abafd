"""`verify`: whether what is stored is what was sealed, and computing it again gives the same."""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from sqlalchemy.exc import DatabaseError

from perf.appraisal.month import ENGINE_VERSION
from perf.distribution import check_conserved
from perf.kernel.errors import NotConserved, NotFound, VerificationFailed
from perf.kernel.money import Money
from perf.kernel.text import Text
from perf.services.actors import Actor
from perf.services.adjustment_audit import adjustment_findings
from perf.services.collector_pause import collector_paused
from perf.services.pending_corrections import changed_corrections
from perf.services.run_inputs import pinned_inputs, pinned_versions
from perf.services.run_month import RunContent, compute, content_of, pin_digests, seal_of
from perf.storage import adjustments, audit, documents, facts, imports, results, rosters, rules, runs
from perf.storage.canonical import rows_digest, sha256_bytes, sha256_text
from perf.storage.cipher import Cipher
from perf.storage.findings import Finding
from perf.storage.identities import broken_identities
from perf.storage.key_file import KeyRefused
from perf.storage.keys import fingerprint_in_use
from perf.storage.pin_lines import fact_line, named_lines, segment_line
from perf.storage.results import Row
from perf.storage.runs import Pin, Run
from perf.storage.store import Connection, Store
from perf.storage.viewer import EVERYTHING

_RESULTS = {"scorecards": "scorecard_row", "ledger": "ledger_entry", "balances": "balance", "documents": "run_document"}


@dataclass(frozen=True, slots=True)
class Verification:
    """The outcome: every difference by table and key; none is good.

    Attributes:
        same_engine: Whether this program's engine is the one that computed the run: then the bytes were compared,
            otherwise figure by figure.
        compared: How many rows and documents were compared with the second computation.
        without_key: Why encrypted files and numbers were only held against their own digests; None: they were opened.
    """

    run: Run
    findings: tuple[Finding, ...]
    same_engine: bool
    compared: int
    without_key: Text | None = None

    @property
    def is_good(self) -> bool:
        """Whether nothing differs."""
        return not self.findings

    def require(self) -> None:
        """Refuse a run that differs.

        Raises:
            VerificationFailed: with the number of differences and the first one of each table.
        """
        if self.findings:
            by_table = {finding.table: finding for finding in reversed(self.findings)}
            first = ";".join(str(finding) for finding in sorted(by_table.values()))
            raise VerificationFailed(
                Text(
                    f"{self.run.id} 有 {len(self.findings)} 处与封存时不同:{first}",
                    f"{self.run.id} differs in {len(self.findings)} places from what was sealed: {first}",
                )
            )


def verify_run(store: Store, *, run: str, actor: Actor) -> Verification:
    """Compare a run with its seal, its inputs with the stored versions, and its figures with a second computation.

    Raises:
        NotFound: no such run in scope.
        VerificationFailed: the database itself cannot be read.
    """
    with collector_paused(), _readable(run), store.read() as connection:
        found = runs.find_run(connection, actor.viewer, run)
        if found is None:
            raise NotFound(Text(f"没有核算 {run}", f"no run {run}"))
        cipher, without_key = _cipher(store, connection)
        findings = [
            *stored_findings(connection, actor, found),
            *audit.broken_links(connection, actor.viewer),
            *imports.changed_imports(connection, actor.viewer, cipher),
            *(broken_identities(connection, cipher) if cipher is not None else ()),
            *adjustment_findings(connection, actor),
        ]
        again, compared = _computed_again(connection, actor, found)
    unique = tuple(sorted(set(findings) | set(again)))
    return Verification(found, unique, found.engine == ENGINE_VERSION, compared, without_key)


def _cipher(store: Store, connection: Connection) -> tuple[Cipher | None, Text | None]:
    """The key where it is there; a run is verified without it too, but for what only it opens."""
    if fingerprint_in_use(connection) is None:
        return None, None
    try:
        return store.keys.cipher(connection), None
    except KeyRefused as refusal:
        return None, refusal.message


@contextmanager
def _readable(run: str) -> Iterator[None]:
    """Columns that hold what they cannot hold make the database itself refuse to read them."""
    try:
        yield
    except DatabaseError as error:
        raise VerificationFailed(
            Text(f"核对 {run} 时数据库读不出来,内容已损坏", f"the database cannot be read while verifying {run}")
        ) from error


def stored_findings(connection: Connection, actor: Actor, run: Run) -> list[Finding]:
    """What is stored under a run against its digests, its seal and the audit; without computing anything again."""
    viewer = actor.viewer
    pins = runs.pins_of(connection, viewer, run.id)
    findings = [*_pin_findings(connection, actor, pins, run), *_seal_findings(connection, actor, run)]
    digests = pin_digests(pins)
    entries = results.stored_entries(connection, viewer, run.id)
    packed = documents.documents_of(connection, viewer, run.id)  # unpacked one by one
    said_and_found = {d.subject: (d.digest, sha256_bytes(d.content)) for d in packed}
    digests |= {
        "scorecards": rows_digest(row[1:] for row in results.stored_scores(connection, viewer, run.id)),
        "ledger": rows_digest(row[1:] for row in entries),
        "balances": rows_digest(row[1:] for row in results.stored_balances(connection, viewer, run.id)),
        "documents": rows_digest(sorted((subject, found) for subject, (_, found) in said_and_found.items())),
    }
    changed = [part for part, digest in sorted(run.parts.items()) if digests.get(part) != digest]
    findings += [Finding(_RESULTS.get(part, "run_pin"), f"{run.id} {part}", "changed") for part in changed]
    findings += [
        Finding("run_document", f"{run.id} {subject}", "changed")
        for subject, (said, found) in said_and_found.items()
        if said != found
    ]
    try:
        opening = json.loads(next(pin.text or "{}" for pin in pins if pin.kind == "prior")).get("opening", {})
        money = {account: Money(fen) for account, fen in opening.items()}
        closing = results.balances_of(connection, viewer, run.id)
        check_conserved([results.entry_figures(row) for row in entries], money, closing=closing)
    except (NotConserved, StopIteration, ValueError):
        findings.append(Finding("ledger_entry", f"{run.id} sum", "changed"))
    return findings


def _pin_findings(connection: Connection, actor: Actor, pins: Sequence[Pin], run: Run) -> Iterator[Finding]:
    """Pins that changed, and stored versions that are not the pinned ones any more."""
    viewer = actor.viewer
    for pin in pins:
        if pin.text is not None and sha256_text(pin.text) != pin.digest:
            yield Finding("run_pin", f"{run.id} {pin.kind} {pin.name}", "changed")
            continue
        if pin.kind == "facts":
            yield from _fact_findings(connection, pin.text or "")
        elif pin.kind == "roster":
            every = rosters.all_versions(connection, EVERYTHING)
            lines = {name: segment_line(version) for name, version in every.items()}
            yield from _version_findings("segment", pinned_versions(pin), lines)
        elif pin.kind == "correction":
            for name in changed_corrections(connection, viewer, pin):
                yield Finding("run_pin", f"{run.id} {pin.kind} {name}", "changed")
        elif pin.kind == "adjustment":
            entered = adjustments.list_adjustments(connection, viewer, consortium=run.consortium)
            named = {(str(one.period), one.n): adjustments.adjustment_line(one) for one in entered}
            yield from _version_findings("adjustment", pinned_versions(pin), named)
    kept = rules.rule_texts(connection, viewer, [pin.digest for pin in pins if pin.kind == "rule"])
    for pin in pins:
        if pin.kind == "rule" and pin.digest not in kept:
            yield Finding("rule_text", pin.name, "missing")
        elif pin.kind == "rule" and sha256_text(kept[pin.digest]) != pin.digest:
            yield Finding("rule_text", pin.name, "changed")


def _fact_findings(connection: Connection, text: str) -> Iterator[Finding]:
    """The same of facts, of which a year has very many: they are read and compared one by one, none is kept."""
    pinned = named_lines(text)
    files = facts.files_of(connection, EVERYTHING)  # movers: see `load_inputs`
    changed: set[tuple[int, int]] = set()
    for version in facts.facts_at(connection, EVERYTHING, pinned):
        name = (version.import_id, version.n)
        if json.loads(pinned[name]) == fact_line(version, files):
            del pinned[name]
        else:
            changed.add(name)
    for name, said in pinned.items():
        line = json.loads(said)
        key = f"{name[0]}/{name[1]} {line[2]} {line[3]}"
        yield Finding("fact", key, "changed" if name in changed else "missing")


def _version_findings(
    table: str, wanted: Mapping[tuple[Any, int], list[Any]], found: Mapping[tuple[Any, int], list[Any]]
) -> Iterator[Finding]:
    for name, line in wanted.items():
        stored = found.get(name)
        if stored != line:
            key = f"{name[0]}/{name[1]} {line[2]} {line[3]}"
            yield Finding(table, key, "missing" if stored is None else "changed")


def _seal_findings(connection: Connection, actor: Actor, run: Run) -> Iterator[Finding]:
    """The run against its seal, its steps, and the audit's entries about it."""
    made = audit.entries(connection, actor.viewer, target=run.id, action="run")
    told = json.loads(made[0].details) if made else {}
    said = (told.get("parts"), told.get("counts"), told.get("corrects"), made[0].actor if made else "")
    if said != (dict(run.parts), dict(run.counts), run.corrects or "", run.made_by):
        yield Finding("run", run.id, "changed")
    steps = runs.steps_of(connection, actor.viewer, run.id)
    states = ["draft", *(step.state_to for step in steps)]
    if states[-1] != run.state or [step.state_from for step in steps] != states[:-1]:
        yield Finding("run_step", run.id, "changed")
    published = audit.entries(connection, actor.viewer, target=run.id, action="publish")
    if run.is_sealed != bool(published):
        yield Finding("run", f"{run.id} seal", "added" if run.is_sealed else "missing")
    elif run.is_sealed and not (run.digest == seal_of(run) == json.loads(published[0].details)["digest"]):
        yield Finding("run", f"{run.id} seal", "changed")


def _computed_again(connection: Connection, actor: Actor, run: Run) -> tuple[list[Finding], int]:
    """Differences between what is stored and a second computation from the pins."""
    try:
        inputs = pinned_inputs(connection, actor.viewer, run.id)
        content = content_of(run, compute(inputs, run.period, run.consortium), inputs)
    except VerificationFailed:
        return [Finding("run_pin", f"{run.id} inputs", "missing")], 0
    except (ValueError, KeyError, TypeError, NotConserved):
        return [Finding("run_pin", f"{run.id} inputs", "changed")], 0
    viewer = actor.viewer
    findings = [
        *_row_findings("scorecard_row", _score_key, results.stored_scores(connection, viewer, run.id), content.scores),
        *_row_findings("ledger_entry", _entry_key, results.stored_entries(connection, viewer, run.id), content.entries),
        *_row_findings("balance", _balance_key, results.stored_balances(connection, viewer, run.id), content.balances),
    ]
    if run.engine == ENGINE_VERSION:
        findings += _document_findings(connection, actor, run, content)
    return findings, len(content.scores) + len(content.entries) + len(content.balances) + len(content.documents)


def _row_findings(table: str, key: Any, stored: Iterable[Row], again: Iterable[Row]) -> Iterator[Finding]:
    before, after = {key(row): row for row in stored}, {key(row): row for row in again}
    for name in sorted(before.keys() | after.keys()):
        if name not in after:
            yield Finding(table, name, "added")
        elif name not in before:
            yield Finding(table, name, "missing")
        elif before[name] != after[name]:
            yield Finding(table, name, "differs when computed again")


def _score_key(row: Row) -> str:
    return f"{row[3]} {row[4]} {row[8]} {row[7]}"


def _entry_key(row: Row) -> str:
    return f"{row[1]:06d} {row[4]} {row[9]}"


def _balance_key(row: Row) -> str:
    return str(row[1])


def _document_findings(connection: Connection, actor: Actor, run: Run, content: RunContent) -> Iterator[Finding]:
    again = {document.subject: document.content for document in content.documents}
    stored = {d.subject: d.content for d in documents.documents_of(connection, actor.viewer, run.id)}
    for subject in sorted(again.keys() | stored.keys()):
        key = f"{run.id} {subject}"
        if subject not in again:
            yield Finding("run_document", key, "added")
        elif subject not in stored:
            yield Finding("run_document", key, "missing")
        elif again[subject] != stored[subject] and not _same_but_places(again[subject], stored[subject]):
            yield Finding("run_document", key, "differs when computed again")


def _same_but_places(again: bytes, stored: bytes) -> bool:
    """Whether two documents differ only in lines of rule files: pinned rule texts have lines of their own."""
    try:
        one, other = documents.unpack(again), documents.unpack(stored)
    except (ValueError, KeyError, IndexError, TypeError):
        return False
    return documents.without_places(one) == documents.without_places(other)
