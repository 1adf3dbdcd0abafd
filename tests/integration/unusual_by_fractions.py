"""The judging of figures figure by figure, all of it in fractions: slow, and what the quick one has to agree with."""

from collections import Counter
from fractions import Fraction
from typing import NamedTuple

from perf.kernel.robust import usual_range
from perf.services.far_from_own import OWN_MIN
from perf.services.far_from_peers import PEERS_MIN
from perf.services.unusual_values import OWN_MAX
from perf.storage import facts

PEERS_FAR = 2


class Told(NamedTuple):
    """An unusual figure: its key, what it is held against, and how far it is."""

    key: tuple
    by: str
    distance: Fraction


def least(measure):
    return Fraction(1) if measure.digits == 0 else Fraction(0)


def series_of(key):
    return (key.subject, key.measure, key.item, key.counterparty, key.period.kind)


def histories_of(connection, viewer, judged, subjects):
    """Series → its figures in the last periods before the first one that is judged."""
    first = {}
    for fact in judged:
        period = fact.key.period
        first[period.kind] = min(first.get(period.kind, period), period)
    periods = {str(period.shift(-back)) for period in first.values() for back in range(1, OWN_MAX + 1)}
    measures = {f.key.measure for f in judged}
    found = {}
    versions = facts.newest_versions(connection, viewer, periods=periods, measures=measures, subjects=subjects)
    for fact in facts.as_facts(versions.values(), {}):
        if isinstance(fact.value, Fraction):
            found.setdefault(series_of(fact.key), []).append(fact.value)
    return found


def told_by_fractions(judging, plan, current, *, seldom):
    """What is told of the plan's figures, by key."""
    every = (*plan.new, *(change.new for change in plan.changed))
    judged = [f for f in every if isinstance(f.value, Fraction) and f.key.measure in judging.measures]
    if not judged:
        return []
    histories = histories_of(judging.connection, judging.viewer, judged, {f.key.subject for f in every})
    usual = {
        series: usual_range(values, least_spread=least(judging.measures[series[1]]))
        for series, values in histories.items()
        if len(values) >= OWN_MIN
    }
    usual = {series: one for series, one in usual.items() if one is not None}
    counts = Counter()
    for series in usual:
        counts[series[1], series[4]] += len(histories[series])
    found = []
    for fact in judged:
        own = usual.get(series_of(fact.key))
        if own is not None and fact.value not in own:
            distance, above = own.distance(fact.value), fact.value > own.median
            as_far = sum(
                value not in its and (value > its.median) == above and its.distance(value) >= distance
                for series, its in usual.items()
                if (series[1], series[4]) == (fact.key.measure, fact.key.period.kind)
                for value in histories[series]
            )
            if as_far * seldom < counts[fact.key.measure, fact.key.period.kind]:
                found.append(Told(fact.key, f"本人(本单位)前 {len(histories[series_of(fact.key)])} 期", distance))
    groups = {}
    for fact in {**current, **{fact.key: fact for fact in every}}.values():
        if isinstance(fact.value, Fraction):
            groups.setdefault(group_of(judging, fact.key), []).append(fact.value)
    for fact in judged:
        if series_of(fact.key) in usual:
            continue
        values = groups[group_of(judging, fact.key)]
        peers = usual_range(values, least_spread=least(judging.measures[fact.key.measure]))
        if len(values) >= PEERS_MIN and peers is not None and peers.median and peers.distance(fact.value) > PEERS_FAR:
            found.append(Told(fact.key, "同期同类", peers.distance(fact.value)))
    return sorted(found)


def group_of(judging, key):
    return (key.measure, key.period, judging.finder.kind(key.subject, key.period), key.item, key.counterparty)
