"""`simulate`: money of past months under other rules, prices or facts; nothing is stored, nothing real is touched.

The inputs are those that the runs pinned. Scores are taken from what was stored where nothing they hang on changes, on
columns where something does; money goes the very way of a run, so that the figures are those of a run with these rules.
"""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import datetime

from perf.appraisal.month import ENGINE_VERSION, pay_out
from perf.appraisal.pay_shift import PayShift, ShiftTally
from perf.distribution import check_conserved
from perf.kernel.errors import InputRefused, NotFound, VerificationFailed
from perf.kernel.facts import Facts
from perf.kernel.issues import Issue, Place
from perf.kernel.periods import Period
from perf.kernel.text import Text
from perf.services.actors import Actor
from perf.services.collector_pause import collector_paused
from perf.services.run_inputs import RunInputs, facts_now, inputs_of, prior_with_paid
from perf.services.scenario_books import ScenarioRules, scenario_rules
from perf.services.scenario_carry import Booking, Cards, MonthLeft, carried, month_left
from perf.services.scenario_corrections import chain_of, counted_runs, not_booked_again
from perf.services.scenario_kept import kept_of
from perf.services.scenario_scores import scenario_cards, stored_cards, totals_changed
from perf.services.scenarios import FactChanges, Scenario, fact_changes
from perf.storage import results, rules, runs
from perf.storage.canonical import canonical_json, sha256_text
from perf.storage.pin_lines import facts_about
from perf.storage.results import EntryFigures
from perf.storage.runs import Pin, Run
from perf.storage.store import Connection, Store
from perf.storage.viewer import Viewer

Progress = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class SimulatedMonth:
    """One run asked.

    Attributes:
        rescored: The schemes that were scored again; `totals_changed`: how many totals came out otherwise.
        again: The run was computed by an older engine: what it would give now stands in its place.
        not_booked: Corrections of other months asked, which count as corrected already: nobody is paid them twice.
        refused: (distribution, owner) that was served before and is refused now; `issues`: why.
    """

    run: str
    consortium: str
    period: Period
    rescored: tuple[str, ...]
    totals_changed: int
    again: bool
    not_booked: tuple[str, ...]
    refused: tuple[tuple[str, str], ...]
    issues: tuple[Issue, ...]


@dataclass(frozen=True, slots=True)
class Simulation:
    """The answer.

    Attributes:
        distributions, institutions, values: Titles of rules and subjects by code; attribute -> value -> title.
        unused: Measures with changed facts that no rule for money, and no scheme in question, looks at.
        digest: Of the months, every person's pay before and after, and every fund.
    """

    scenario: Scenario
    months: tuple[SimulatedMonth, ...]
    shift: PayShift
    distributions: Mapping[str, Text]
    institutions: Mapping[str, str]
    values: Mapping[str, Mapping[str, Text]]
    unused: tuple[str, ...]
    digest: str


@dataclass(slots=True)
class _Work:
    """What months share."""

    scenario: Scenario
    viewer: Viewer
    rules: dict[tuple[tuple[tuple[str, str], ...], str, bool], ScenarioRules] = field(default_factory=dict)
    left: dict[str, list[MonthLeft]] = field(default_factory=dict)
    left_before: dict[str, list[MonthLeft]] = field(default_factory=dict)
    corrections: frozenset[str] = frozenset()
    known: set[str] = field(default_factory=set)
    looked_at: set[str] = field(default_factory=set)
    changed: set[str] = field(default_factory=set)
    titles: dict[str, Text] = field(default_factory=dict)
    names: dict[str, str] = field(default_factory=dict)
    values: dict[str, Mapping[str, Text]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class _Asked:
    """One run with what it pinned; `first`: the run that later months opened with, itself unless it is a correction."""

    run: Run
    first: Run
    pins: tuple[Pin, ...]
    rules: ScenarioRules
    facts: FactChanges

    def text(self, kind: str) -> str:
        """The text of a pin."""
        return next((pin.text or "" for pin in self.pins if pin.kind == kind), "")


@dataclass(frozen=True, slots=True)
class _Month:
    """What a month gives, under the changes or as it was."""

    entries: Sequence[Booking]
    cards: Cards
    stored: Sequence[EntryFigures] = ()
    rescored: frozenset[str] = frozenset()
    failed: tuple[tuple[str, str], ...] = ()
    issues: tuple[Issue, ...] = ()


def simulate(
    store: Store,
    scenario: Scenario,
    asked: Sequence[Run],
    *,
    actor: Actor,
    institution: str | None = None,
    progress: Progress = lambda _run: None,
) -> Simulation:
    """The money of the months of `asked` under a scenario, beside what the runs gave.

    Args:
        asked: One run a consortium and period (`choose_runs.runs_of`); months are taken in order of time.
        institution: Only its people are counted; funds always all.
        progress: Told each run.
    Raises:
        NotFound: no run, one out of scope, or nobody of the institution.
        InputRefused: changed rules or facts with errors, a fact of somebody who is in none of these runs.
        VerificationFailed: pinned inputs that are not complete.
    """
    if not asked:
        raise NotFound(Text("这些期间没有核算;先运行 perf-pay run", "no run in these periods: perf-pay run first"))
    for consortium in sorted({run.consortium for run in asked}):
        actor.require(consortium)
    work, tally, months = _Work(scenario, actor.viewer), ShiftTally(), list[SimulatedMonth]()
    with ExitStack() as stack:
        stack.enter_context(collector_paused())
        connection = stack.enter_context(store.read())
        work.corrections = counted_runs(connection, work.viewer, asked)
        for run in sorted(asked, key=lambda one: (one.period.first_month, one.consortium)):
            progress(run.id)
            months.append(_month(connection, work, run, tally))
    _require_known(work)
    shift = tally.shift(institution=institution)
    if not shift.persons and institution is not None:
        raise NotFound(Text("没有这个单位的人员", "nobody of this institution"))
    unused = tuple(sorted(work.changed - work.looked_at))
    return Simulation(
        scenario, tuple(months), shift, work.titles, work.names, work.values, unused, _digest(months, shift)
    )


def _month(connection: Connection, work: _Work, run: Run, tally: ShiftTally) -> SimulatedMonth:
    one, not_booked = _asked(connection, work, run, work.scenario)
    stored = _stored(connection, work, run)
    before, again = stored, run.engine != ENGINE_VERSION
    if again or not_booked or _earlier(work.left_before, one):
        same = Scenario(work.scenario.name, carries_on=work.scenario.carries_on)
        as_it_was, _ = _asked(connection, work, run, same)
        before, _ = _computed(connection, work, as_it_was, stored.cards, _earlier(work.left_before, one))
    left = _earlier(work.left, one)
    known = stored if before is stored and not left else None
    after, inputs = _computed(connection, work, one, stored.cards, left, known)
    work.looked_at |= one.rules.measures(after.rescored)
    work.changed |= one.facts.measures
    tally.add(run.consortium, run.period, inputs.roster, before=before.entries, after=after.entries)
    _note(work, inputs)
    if work.scenario.carries_on:
        _leave(connection, work, one, stored=stored, before=before, after=after)
    served = {(entry.distribution, entry.owner) for entry in before.entries}
    refused = tuple(sorted(pair for pair in after.failed if pair in served))
    return SimulatedMonth(
        run=run.id,
        consortium=run.consortium,
        period=run.period,
        rescored=tuple(sorted(code for code in after.rescored if any(key[0] == code for key in after.cards))),
        totals_changed=totals_changed(before.cards, after.cards, after.rescored),
        again=again,
        not_booked=not_booked,
        refused=refused,
        issues=tuple(one for one in after.issues if one.is_error and one.subject in {owner for _, owner in refused}),
    )


def _computed(
    connection: Connection,
    work: _Work,
    one: _Asked,
    stored: Cards,
    earlier: Sequence[MonthLeft],
    known: "_Month | None" = None,
) -> tuple[_Month, RunInputs]:
    """The month under the rules and facts of `one`, after what was left in `earlier` months.

    `known`: what the run booked on the same balances and payments, of which what nothing changes is taken over.
    """
    book, run = one.rules.book, one.run
    codes = {code for left in earlier for code in left.schemes}
    again = run.engine != ENGINE_VERSION
    rescored = frozenset(book.schemes) if again else one.rules.rescored(one.facts.measures, codes)
    inputs = _inputs(connection, work, one, rescored, earlier)
    cards = scenario_cards(
        book, inputs.roster, inputs.facts, run.period, inputs.prior, stored=stored, rescored=rescored
    )
    where = (book, inputs.roster, inputs.facts, run.period, cards, inputs.prior)
    untouched = one.rules.untouched(one.facts.measures, rescored)
    kept = None if known is None else kept_of(known.stored, run.period, untouched)
    ledger = pay_out(*where, is_told=False, kept=kept)
    if kept is not None and any(one in kept.booked for one in ledger.failed):
        # what else is wrong with those who are refused is told too
        ledger = pay_out(*where, is_told=False)
    check_conserved(ledger.entries, inputs.prior.opening, closing=ledger.balances, where="simulated")
    found = _Month(ledger.entries, cards, rescored=rescored, failed=ledger.failed, issues=ledger.issues)
    return found, inputs


def _stored(connection: Connection, work: _Work, run: Run) -> _Month:
    """What the run scored and booked."""
    entries = [results.entry_figures(row) for row in results.stored_entries(connection, work.viewer, run.id)]
    return _Month(entries, stored_cards(results.stored_totals(connection, work.viewer, run.id)), entries)


def _earlier(left: Mapping[str, Sequence[MonthLeft]], one: _Asked) -> list[MonthLeft]:
    """What was left by the months that the run knew of."""
    return [month for month in left.get(one.run.consortium, ()) if month.published_at <= one.first.made_at]


def _leave(connection: Connection, work: _Work, one: _Asked, *, stored: _Month, before: _Month, after: _Month) -> None:
    """Note what the month leaves other than the run that later months opened with."""
    published = _published_at(connection, work, one.first)
    if published is None:
        return
    first = stored if one.first is one.run else _stored(connection, work, one.first)
    was = before.rescored if first is stored else frozenset(code for code, _ in before.cards)
    tracks = [(work.left, after, was | after.rescored)]
    if before is not first:
        tracks.append((work.left_before, before, was))
    for left, month, schemes in tracks:
        found = month_left(
            one.run.period, published, before=first.entries, after=month.entries, cards=month.cards, rescored=schemes
        )
        left.setdefault(one.run.consortium, []).append(found)


def _asked(connection: Connection, work: _Work, run: Run, scenario: Scenario) -> tuple[_Asked, tuple[str, ...]]:
    """The run with the rules and facts of the scenario, and the corrections that it is not to book again."""
    pins, not_booked = not_booked_again(runs.pins_of(connection, work.viewer, run.id), work.corrections)
    named = tuple(sorted((pin.name, pin.digest) for pin in pins if pin.kind == "rule"))
    key = (named, run.period.kind, scenario is work.scenario)
    if key not in work.rules:
        texts = rules.rule_texts(connection, work.viewer, [digest for _, digest in named])
        if not {digest for _, digest in named} <= set(texts):
            raise VerificationFailed(Text("当时的规则文本不完整", "the rules that were kept are not complete"))
        work.rules[key] = scenario_rules(
            {name: texts[digest] for name, digest in named},
            run.period,
            settings=scenario.settings,
            folder=scenario.folder,
            words=scenario.words,
        )
    found = work.rules[key]
    first = chain_of(connection, work.viewer, run)[0]
    return _Asked(run, first, tuple(pins), found, fact_changes(scenario, found.book)), not_booked


def _inputs(
    connection: Connection, work: _Work, one: _Asked, rescored: frozenset[str], earlier: Sequence[MonthLeft]
) -> RunInputs:
    """Pinned inputs with the facts that are looked at, what the scenario changes, and what it left behind."""
    book, run = one.rules.book, one.run
    facts = Facts(facts_about(one.text("facts"), one.rules.measures(rescored)))
    if one.rules.asks_more:
        facts = _with_newly_asked(connection, work, one, facts)
    facts = facts.changed(one.facts.facts, one.facts.without)
    text = prior_with_paid(connection, work.viewer, book, run.consortium, run.period, one.text("prior"))
    prior = json.loads(text)
    if earlier:
        prior = carried(prior, earlier, run.period)
    if not one.rules.asks_last_score(run.period):
        used = one.rules.scores_used(rescored)  # of the others there are many, and nobody asks
        prior = {**prior, "totals": [row for row in prior["totals"] if row[0] in used]}
    return inputs_of(book, one.pins, facts, prior)


def _with_newly_asked(connection: Connection, work: _Work, one: _Asked, facts: Facts) -> Facts:
    """What changed rules look at and the run did not comes from the facts as they count now."""
    held = {(fact.key.measure, fact.key.period) for fact in facts}
    now = facts_now(connection, work.viewer, one.rules.asks_more, one.run.consortium, one.run.period)
    return facts.changed(fact for fact in now if (fact.key.measure, fact.key.period) not in held)


def _published_at(connection: Connection, work: _Work, run: Run) -> datetime | None:
    steps = runs.steps_of(connection, work.viewer, run.id)
    return next((step.made_at for step in steps if step.state_to == "published"), None)


def _note(work: _Work, inputs: RunInputs) -> None:
    work.known.update(inputs.roster.ids())
    work.titles.update({code: rule.title for code, rule in inputs.book.distributions.items()})
    work.values.update(inputs.book.value_titles)
    work.names.update({row.subject: row.title for row in inputs.roster if row.level != "person"})


def _require_known(work: _Work) -> None:
    """Every changed fact is of somebody in these runs, and looked at."""
    problems = list(_strange(work))
    if problems:
        raise InputRefused(Text("改动的数据有错误", "the changed facts have errors"), problems)


def _strange(work: _Work) -> Iterator[Issue]:
    for row in work.scenario.facts:
        subject = row["subject"]
        if subject not in work.known:
            yield Issue(
                "subject-unknown",
                Place(work.scenario.name),
                Text(f"没有“{subject}”", f"no subject “{subject}”"),
                Text("这些核算花名册中的编码", "a code on the roster of these runs"),
                Text("检查编码和期间", "check the code and the periods"),
                subject=subject,
            )


def _digest(months: Sequence[SimulatedMonth], shift: PayShift) -> str:
    content = {
        "runs": [month.run for month in months],
        "pay": sorted([one.consortium, one.subject, one.before.fen, one.after.fen] for one in shift.persons),
        "funds": [[*fund[:3], *(amount.fen for amount in fund[3:])] for fund in shift.funds],
    }
    return sha256_text(canonical_json(content))
