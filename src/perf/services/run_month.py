"""`run`: compute scorecards and the draft ledger of a consortium and period from pinned inputs, and store them."""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from perf.appraisal.adjustment_limits import BREACHES
from perf.appraisal.month import ENGINE_VERSION, Appraisal, distributions_of, run_appraisal
from perf.appraisal.settling import correction_rule
from perf.distribution import check_conserved, unbooked
from perf.distribution.adjustments import NOT_BOOKED, RETURNED
from perf.kernel.errors import NotFound, StateRefused
from perf.kernel.issues import Issue, Place
from perf.kernel.money import Money
from perf.kernel.periods import Period
from perf.kernel.text import Text
from perf.services.actors import Actor
from perf.services.collector_pause import collector_paused
from perf.services.jobs import job
from perf.services.pending_corrections import pending_corrections
from perf.services.run_inputs import RunInputs, load_inputs
from perf.specs.models import RuleBook
from perf.storage import audit, documents, results, rosters, rules, runs
from perf.storage.canonical import canonical_json, rows_digest, sha256_text
from perf.storage.documents import PackedDocument
from perf.storage.results import Row
from perf.storage.runs import Pin, Run
from perf.storage.store import Connection, Store
from perf.storage.viewer import Viewer

Progress = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class RunSummary:
    """What a run gave.

    Attributes:
        run: The stored draft.
        cards, blocked: How many scorecards, and how many of them without a total.
        paid: What the persons of the consortium get in this run; `held`: what is kept back.
        issues: Everything that somebody should look at.
    """

    run: Run
    cards: int
    blocked: int
    entries: int
    paid: Money
    held: Money
    issues: tuple[Issue, ...]

    @property
    def is_partial(self) -> bool:
        """Whether somebody is not scored or not paid (exit 1)."""
        return bool(self.blocked or self.run.counts.get("failed"))


@dataclass(frozen=True, slots=True)
class RunContent:
    """A computed run as it is stored: rows, documents, digests of its parts."""

    scores: Sequence[Row]
    entries: Sequence[Row]
    balances: Sequence[Row]
    documents: Sequence[PackedDocument]
    parts: Mapping[str, str]


def run_month(
    store: Store,
    *,
    consortium: str,
    period: Period,
    book: RuleBook,
    actor: Actor,
    reason: str = "",
    now: datetime,
    corrects: str | None = None,
    progress: Progress = lambda _stage: None,
) -> RunSummary:
    """Compute and store the next draft of a consortium and period; earlier drafts and published runs stay.

    Args:
        book: Checked rules; their texts are pinned.
        corrects: The published run that this one corrects.
        progress: Told each stage: `load`, `compute`, `store`, `check`.
    Raises:
        NotFound: a consortium that is not on the roster or out of scope, or `corrects` is no run.
        StateRefused: `corrects` is not published, or of another month.
        NotConserved: money that does not add up; nothing is stored.
    """
    actor.require(consortium)
    viewer = actor.viewer
    target = f"{consortium}:{period}"
    work = job(store, actor, kind="run", consortium=consortium, target=target, now=now)
    with collector_paused(), work as writing:
        progress("load")
        with store.read() as connection:
            _require_runnable(connection, actor, consortium, period, corrects)
            inputs = load_inputs(connection, viewer, book, consortium, period, corrects=corrects)
            waiting = _unbooked(connection, viewer, inputs, consortium, period) if corrects is None else ()
        progress("compute")  # nobody waits for it: what it is computed from is pinned, whatever is imported meanwhile
        appraisal = compute(inputs, period, consortium)
        in_the_way = hindrances(inputs.book, period, appraisal)
        with writing() as connection:
            progress("store")
            number = runs.next_run_number(connection, viewer, consortium, period)
            draft = Run(
                id=runs.run_id(consortium, period, number),
                consortium=consortium,
                period=period,
                number=number,
                state="draft",
                engine=ENGINE_VERSION,
                made_by=actor.name,
                made_at=now,
                reason=reason,
                parts={},
                counts=_counts(appraisal, len(in_the_way)),
                corrects=corrects,
            )
            content = content_of(draft, appraisal, inputs)
            draft = replace(draft, parts=content.parts)
            _store(connection, actor, draft, content, inputs)
            progress("check")
            _check_stored(connection, actor, draft, inputs.prior.opening)
            _note(connection, actor, draft)
    return summary_of(draft, appraisal, (*in_the_way, *waiting))


def _unbooked(
    connection: Connection, viewer: Viewer, inputs: RunInputs, consortium: str, period: Period
) -> tuple[Issue, ...]:
    """Corrections that wait because no rule says how they are settled."""
    if correction_rule(inputs.book, period) is not None:
        return ()
    return unbooked(pending_corrections(connection, viewer, consortium, period))


def compute(inputs: RunInputs, period: Period, consortium: str) -> Appraisal:
    """The appraisal of pinned inputs, with its ledger held to the contract."""
    appraisal = run_appraisal(inputs.book, inputs.roster, inputs.facts, period, consortium, prior=inputs.prior)
    ledger = appraisal.ledger
    check_conserved(ledger.entries, inputs.prior.opening, closing=ledger.balances, where="before storing")
    return appraisal


def content_of(run: Run, appraisal: Appraisal, inputs: RunInputs) -> RunContent:
    """Rows, documents and digests of a computed run; the same run gives the same bytes."""
    scores = list(results.score_rows(run, appraisal.scores.cards.values()))
    entries = list(results.entry_rows(run, appraisal.ledger.entries))
    balances = list(results.balance_rows(run, appraisal.ledger))
    packed = [documents.pack(d) for d in documents.split_by_subject(appraisal.scores, appraisal.ledger)]
    parts = {
        **pin_digests(inputs.pins),
        "scorecards": rows_digest(row[1:] for row in scores),
        "ledger": rows_digest(row[1:] for row in entries),
        "balances": rows_digest(row[1:] for row in balances),
        "documents": rows_digest((d.subject, d.digest) for d in packed),
    }
    return RunContent(scores, entries, balances, packed, parts)


def pin_digests(pins: Sequence[Pin]) -> dict[str, str]:
    """`facts`, `roster`, `prior`, and one digest over the names and digests of all rule files."""
    named: dict[str, str] = {pin.kind: pin.digest for pin in pins if pin.kind != "rule"}
    return {**named, "rules": rows_digest(sorted((pin.name, pin.digest) for pin in pins if pin.kind == "rule"))}


def seal_of(run: Run) -> str:
    """The one digest of a run: what it is, under which engine, and every part of it."""
    sealed = {
        "run": run.id,
        "consortium": run.consortium,
        "period": str(run.period),
        "number": run.number,
        "engine": run.engine,
        "corrects": run.corrects or "",
        "parts": dict(run.parts),
    }
    return sha256_text(canonical_json(sealed))


def hindrances(book: RuleBook, period: Period, appraisal: Appraisal) -> tuple[Issue, ...]:
    """What stands in the way of publishing: cards that count for pay without a total whose share is not held, and
    distributions that were refused, and adjustments that could not be booked.
    """
    rules_now = {code: book.distributions[code] for code in distributions_of(book, period)}
    counting = {scheme for rule in rules_now.values() for scheme in rule.uses_score}
    held = {
        entry.claimant for entry in appraisal.ledger.entries if entry.target.startswith("held:") or entry.is_held_burden
    }
    paid = {entry.claimant for entry in appraisal.ledger.entries if entry.claimant}
    blocked = [
        Issue(
            "blocked-card-counts-for-pay",
            Place(),
            Text(f"{card.title.zh} 没有总分({card.reason or card.status})", f"no total under {card.scheme}"),
            Text("计入分配的考核表都有总分,或其份额预留", "a total for every card that counts, or its share held"),
            Text("补报数据后重新核算,或改用预留规则", "report what is missing and run again, or hold the share"),
            subject=card.subject,
        )
        for (scheme, subject), card in appraisal.scores.cards.items()
        if card.total is None and scheme in counting and subject not in held and subject in paid
    ]
    refused = [
        Issue(
            "distribution-refused",
            Place(),
            Text(f"{owner} 的 {code} 没有分配", f"{code} of {owner} was not distributed"),
            Text("每个资金池都分配完毕", "every fund distributed"),
            Text("原因见 perf-pay issues --run 核算编号", "for the reason see perf-pay issues --run RUN"),
            subject=owner,
        )
        for code, owner in appraisal.ledger.failed
    ]
    not_booked = [issue for issue in appraisal.ledger.issues if issue.code in NOT_BOOKED | BREACHES]
    return (*blocked, *refused, *not_booked)


def summary_of(run: Run, appraisal: Appraisal, in_the_way: Sequence[Issue]) -> RunSummary:
    """The summary of a computed run."""
    moved = Counter[str]()
    for entry in appraisal.ledger.entries:
        if entry.status == RETURNED:
            moved["held"] += entry.amount.fen
            continue
        moved[entry.target.partition(":")[0]] += entry.amount.fen
        moved[entry.source.partition(":")[0]] -= entry.amount.fen
    issues = dict.fromkeys((*appraisal.issues, *in_the_way))
    return RunSummary(
        run=run,
        cards=run.counts["cards"],
        blocked=run.counts["blocked"],
        entries=run.counts["entries"],
        paid=Money(moved["person"]),
        held=Money(moved["held"]),
        issues=tuple(issues),
    )


def _counts(appraisal: Appraisal, in_the_way: int) -> dict[str, int]:
    cards = appraisal.scores.cards.values()
    return {
        "cards": len(cards),
        "blocked": sum(card.total is None for card in cards),
        "left_out": appraisal.scores.left_out,
        "entries": len(appraisal.ledger.entries),
        "failed": len(appraisal.ledger.failed),
        "issues": len(appraisal.issues),
        "in_the_way": in_the_way,
    }


def _note(connection: Connection, actor: Actor, run: Run) -> None:
    details = {"parts": dict(run.parts), "counts": dict(run.counts), "corrects": run.corrects or ""}
    audit.append(
        connection,
        actor.viewer,
        consortium=run.consortium,
        at=run.made_at,
        action="run",
        target=run.id,
        reason=run.reason,
        details=details,
    )


def _require_runnable(
    connection: Connection, actor: Actor, consortium: str, period: Period, corrects: str | None
) -> None:
    if consortium not in rosters.consortia(connection, actor.viewer):
        raise NotFound(Text(f"花名册中没有医共体 {consortium}", f"no consortium {consortium} on the roster"))
    if corrects is None:
        return
    corrected = runs.find_run(connection, actor.viewer, corrects)
    if corrected is None:
        raise NotFound(Text(f"没有核算 {corrects}", f"no run {corrects}"))
    if not corrected.is_sealed or (corrected.consortium, corrected.period) != (consortium, period):
        raise StateRefused(
            Text(f"{corrects} 未发布,或不是 {period} 的核算,不能更正", f"{corrects} is not a published run of {period}")
        )


def _store(connection: Connection, actor: Actor, run: Run, content: RunContent, inputs: RunInputs) -> None:
    viewer = actor.viewer
    rules.keep_rules(connection, viewer, inputs.book.texts.values())
    runs.add_run(connection, viewer, run, inputs.pins)
    results.add_results(connection, viewer, scores=content.scores, entries=content.entries, balances=content.balances)
    documents.add_documents(connection, viewer, run.id, run.consortium, content.documents)


def _check_stored(connection: Connection, actor: Actor, run: Run, opening: Mapping[str, Money]) -> None:
    """What was stored, read back, is what was computed, and adds up."""
    entries = results.stored_entries(connection, actor.viewer, run.id)
    figures = [results.entry_figures(row) for row in entries]
    balances = results.balances_of(connection, actor.viewer, run.id)
    check_conserved(figures, opening, closing=balances, where="after reading back")
    for part, found in _stored_digests(connection, actor, run, entries):
        if run.parts[part] != found:
            raise AssertionError(f"{run.id}: {part} read back is not what was stored")


def _stored_digests(
    connection: Connection, actor: Actor, run: Run, entries: Sequence[Row]
) -> Iterator[tuple[str, str]]:
    viewer = actor.viewer
    yield "ledger", rows_digest(row[1:] for row in entries)
    yield "scorecards", rows_digest(row[1:] for row in results.stored_scores(connection, viewer, run.id))
    yield "balances", rows_digest(row[1:] for row in results.stored_balances(connection, viewer, run.id))
    packed = documents.documents_of(connection, viewer, run.id)  # unpacked one by one
    yield "documents", rows_digest(sorted(documents.document_digests(packed).items()))
