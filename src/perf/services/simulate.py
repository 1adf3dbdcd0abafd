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
from perf.services.needed_facts import years_back
from perf.services.run_inputs import RunInputs, facts_now, inputs_of, pinned_inputs, prior_with_paid
from perf.services.run_month import compute
from perf.services.scenario_books import ScenarioRules, scenario_rules
from perf.services.scenario_carry import Booking, MonthLeft, carried, month_left
from perf.services.scenario_scores import scenario_cards, stored_cards, totals_changed
from perf.services.scenarios import FactChanges, Scenario, fact_changes
from perf.storage import results, rules, runs
from perf.storage.canonical import canonical_json, sha256_text
from perf.storage.pin_lines import facts_about
from perf.storage.runs import Pin, Run, text_pin
from perf.storage.store import Connection, Store
from perf.storage.viewer import Viewer

Progress = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class SimulatedMonth:
    """One run asked.

    Attributes:
        rescored: The schemes that were scored again; `totals_changed`: how many totals came out otherwise.
        again: The run was computed by an older engine: what it would give now stands in its place.
        refused: (distribution, owner) that was served before and is refused now; `issues`: why.
    """

    run: str
    consortium: str
    period: Period
    rescored: tuple[str, ...]
    totals_changed: int
    again: bool
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
    rules: dict[tuple[tuple[tuple[str, str], ...], str], ScenarioRules] = field(default_factory=dict)
    left: dict[str, list[MonthLeft]] = field(default_factory=dict)
    known: set[str] = field(default_factory=set)
    looked_at: set[str] = field(default_factory=set)
    changed: set[str] = field(default_factory=set)
    titles: dict[str, Text] = field(default_factory=dict)
    names: dict[str, str] = field(default_factory=dict)
    values: dict[str, Mapping[str, Text]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class _Asked:
    """One run with what it pinned."""

    run: Run
    pins: tuple[Pin, ...]
    rules: ScenarioRules
    facts: FactChanges
    made_at: datetime

    def text(self, kind: str) -> str:
        """The text of a pin."""
        return next((pin.text or "" for pin in self.pins if pin.kind == kind), "")


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
        asked: One run a consortium and period (`run_sheets.runs_of`); months are taken in order of time.
        institution: Only its people are counted; funds always all.
        progress: Told each run.
    Raises:
        NotFound: no run, or nobody of the institution.
        InputRefused: changed rules or facts with errors, a fact of somebody who is in none of these runs.
        VerificationFailed: pinned inputs that are not complete.
    """
    if not asked:
        raise NotFound(Text("这些期间没有核算;先运行 perf-pay run", "no run in these periods: perf-pay run first"))
    work, tally, months = _Work(scenario, actor.viewer), ShiftTally(), list[SimulatedMonth]()
    with ExitStack() as stack:
        stack.enter_context(collector_paused())
        connection = stack.enter_context(store.read())
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
    one = _asked(connection, work, run)
    book, stored = one.rules.book, stored_cards(results.stored_totals(connection, work.viewer, run.id))
    earlier = [left for left in work.left.get(run.consortium, ()) if left.published_at <= one.made_at]
    again = run.engine != ENGINE_VERSION
    codes = {code for left in earlier for code in left.schemes}
    rescored = frozenset(book.schemes) if again else one.rules.rescored(one.facts.measures, codes)
    inputs = _inputs(connection, work, one, rescored, earlier)
    cards = scenario_cards(
        book, inputs.roster, inputs.facts, run.period, inputs.prior, stored=stored, rescored=rescored
    )
    ledger = pay_out(book, inputs.roster, inputs.facts, run.period, cards, inputs.prior, is_told=False)
    check_conserved(ledger.entries, inputs.prior.opening, closing=ledger.balances, where="simulated")
    before = _before(connection, work, run, again=again)
    tally.add(run.consortium, run.period, inputs.roster, before=before, after=ledger.entries)
    _note(work, inputs)
    published = _published_at(connection, work, run) if work.scenario.carries_on else None
    if published is not None:
        left = month_left(run.period, published, before=before, after=ledger.entries, cards=cards, rescored=rescored)
        work.left.setdefault(run.consortium, []).append(left)
    served = {(entry.distribution, entry.owner) for entry in before}
    refused = tuple(sorted(pair for pair in ledger.failed if pair in served))
    return SimulatedMonth(
        run=run.id,
        consortium=run.consortium,
        period=run.period,
        rescored=tuple(sorted(code for code in rescored if any(key[0] == code for key in cards))),
        totals_changed=totals_changed(stored, cards, rescored),
        again=again,
        refused=refused,
        issues=tuple(one for one in ledger.issues if one.is_error and one.subject in {owner for _, owner in refused}),
    )


def _asked(connection: Connection, work: _Work, run: Run) -> _Asked:
    pins = tuple(runs.pins_of(connection, work.viewer, run.id))
    named = tuple(sorted((pin.name, pin.digest) for pin in pins if pin.kind == "rule"))
    key = (named, run.period.kind)
    if key not in work.rules:
        texts = rules.rule_texts(connection, work.viewer, [digest for _, digest in named])
        if not {digest for _, digest in named} <= set(texts):
            raise VerificationFailed(Text("当时的规则文本不完整", "the rules that were kept are not complete"))
        work.rules[key] = scenario_rules(
            {name: texts[digest] for name, digest in named},
            run.period,
            settings=work.scenario.settings,
            folder=work.scenario.folder,
            words=work.scenario.words,
        )
    found = work.rules[key]
    corrected = runs.find_run(connection, work.viewer, run.corrects) if run.corrects is not None else None
    made_at = corrected.made_at if corrected is not None else run.made_at
    return _Asked(run, pins, found, fact_changes(work.scenario, found.book), made_at)


def _inputs(
    connection: Connection, work: _Work, one: _Asked, rescored: frozenset[str], earlier: Sequence[MonthLeft]
) -> RunInputs:
    """Pinned inputs with the facts that are looked at, what the scenario changes, and what it left behind."""
    book, run = one.rules.book, one.run
    measures = one.rules.measures(rescored)
    work.looked_at |= measures
    work.changed |= one.facts.measures
    facts = Facts(facts_about(one.text("facts"), measures))
    if one.rules.changed and one.rules.asks_more:
        facts = _with_newly_asked(connection, work, one, facts)
    facts = facts.changed(one.facts.facts, one.facts.without)
    text = prior_with_paid(connection, work.viewer, book, run.consortium, run.period, one.text("prior"))
    prior = json.loads(text)
    if earlier:
        prior = carried(prior, earlier, run.period)
    if not rescored and not one.rules.asks_last_score(run.period):
        prior = {**prior, "totals": []}  # many, and nobody asks
    text = canonical_json(prior)
    pins = [pin for pin in one.pins if pin.kind != "prior"]
    return inputs_of(book, [*pins, text_pin("prior", "prior", text)], facts)


def _with_newly_asked(connection: Connection, work: _Work, one: _Asked, facts: Facts) -> Facts:
    """What changed rules look at and the run did not comes from the facts as they count now."""
    depths = years_back(one.rules.book)
    asked = {code: depths[code] for code in one.rules.newly_asked() if code in depths}
    if not asked:
        return facts
    held = {(fact.key.measure, fact.key.period) for fact in facts}
    now = facts_now(connection, work.viewer, asked, one.run.consortium, one.run.period)
    return facts.changed(fact for fact in now if (fact.key.measure, fact.key.period) not in held)


def _before(connection: Connection, work: _Work, run: Run, *, again: bool) -> Sequence[Booking]:
    """What the run booked."""
    if again:
        return compute(pinned_inputs(connection, work.viewer, run.id), run.period, run.consortium).ledger.entries
    return [results.entry_figures(row) for row in results.stored_entries(connection, work.viewer, run.id)]


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
