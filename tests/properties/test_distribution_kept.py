"""What another run booked is taken over only where it would be booked again: entry for entry, fen for fen."""

from dataclasses import replace
from fractions import Fraction

from hypothesis import event, given
from hypothesis import strategies as st
from tests.properties.distribution_worlds import worlds

from perf.appraisal.month import Prior, pay_out
from perf.distribution import Kept
from perf.kernel.subjects import Roster
from perf.services.scenario_books import ScenarioRules


def handed_out(world, kept=None):
    prior = Prior(
        opening=world.opening,
        odd_fen_received=world.odd_fen,
        last_scores={"0001": Fraction(77)},
        adjustments=world.adjustments,
        corrections=world.corrections(),
    )
    where = (world.book, Roster(world.segments), world.known_facts(), world.period, world.cards, prior)
    return pay_out(*where, is_told=kept is None, kept=kept)


def bare(ledger):
    """Everything but the words."""
    return [
        replace(entry, explanation=None, rule=None, working=None if one is None else one.odd_fen or None)
        for entry in ledger.entries
        for one in [entry.working]
    ]


def booked_by(world):
    booked = {}
    for entry in handed_out(world).entries:
        if entry.distribution in world.book.distributions:
            booked.setdefault((entry.distribution, entry.owner), []).append(entry)
    return {unit: tuple(entries) for unit, entries in booked.items()}


@given(worlds(months=True), st.data())
def test_a_ledger_with_kept_entries_is_the_full_one(world, data):
    measures, schemes = frozenset(), frozenset()
    facts, cards = dict(world.facts), dict(world.cards)
    if cards and data.draw(st.booleans(), label="a score"):
        key = data.draw(st.sampled_from(sorted(cards)))
        cards[key] = replace(cards[key], total=Fraction(data.draw(st.integers(0, 100))))
        schemes = frozenset({key[0]})
    else:
        key = data.draw(st.sampled_from(sorted(facts)))
        facts[key] += data.draw(st.integers(-50, 500))
        measures = frozenset({key.measure})
    other = replace(world, facts=facts, cards=cards)
    rules = ScenarioRules(world.book).untouched(measures, schemes)
    event(f"rules taken over: {len(rules)} of {len(world.book.distributions)}")
    kept, full = handed_out(other, Kept(rules, booked_by(world))), handed_out(other)
    assert bare(kept) == bare(full)
    assert kept.balances == full.balances
    assert set(kept.failed) <= set(full.failed)
