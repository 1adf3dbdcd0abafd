"""Standing among peers over columns: ranks, and grades that no more than a share may hold (`perf.scoring.standing`)."""

from collections.abc import Sequence

import numpy as np

from perf.scoring.columnar.places import Keys, Peers, standings
from perf.scoring.columnar.ratios import Array
from perf.scoring.columnar.results import NONE
from perf.scoring.standing import places_of
from perf.specs.models import GradeQuota, RankRule


def keys_of_declared(total: Array, has_total: Array) -> Keys:
    """Numbers that compare declared totals, the best first."""
    lowest, highest = int(total.min(initial=0)), int(total.max(initial=0))
    none = highest - lowest + 1
    return Keys(np.where(has_total, highest - total, none), none)


def rank_in(peers: Peers, keys: Keys, rule: RankRule) -> tuple[Array, Array]:
    """Rank, 1 for the best, and size of the group of every row; `NONE` without a total."""
    out = np.zeros(peers.count + 1, dtype=np.int32)
    for matrix in peers.matrices:
        found = standings(matrix, keys)
        out[found.rows] = (found.dense if rule.ties == "dense" else found.first) + 1
    ranks = out[:-1]
    ranks[keys.keys == keys.none] = NONE
    return ranks, _sizes(peers, np.ones(peers.count, dtype=np.bool_))[peers.codes].astype(np.int32)


def within_quotas(quotas: Sequence[GradeQuota], names: Sequence[str], grade: Array, keys: Keys, peers: Peers) -> None:
    """Lower in place the grades of those who do not fit, from the highest grade down: who falls takes part further down.

    Args:
        quotas, names: The quotas, and all grades from the highest on.
        grade: Index of `names` of every row, `NONE` without one.
        keys: What compares the totals, the best first.
        peers: Every group has its own places.
    """
    if not peers.count:
        return
    scored = _sizes(peers, keys.keys != keys.none)
    everybody = _sizes(peers, np.ones(peers.count, dtype=np.bool_))
    for quota in sorted(quotas, key=lambda one: names.index(one.grade)):
        different, where = np.unique(everybody if quota.of == "peers" else scored, return_inverse=True)
        places = np.array([places_of(quota, size) for size in different.tolist()], dtype=np.int64)[where]
        holders = np.flatnonzero(grade == names.index(quota.grade))
        grade[_over(quota, holders, places, keys, peers)] = names.index(quota.falls_to)


def _over(quota: GradeQuota, holders: Array, places: Array, keys: Keys, peers: Peers) -> Array:
    """The holders of a grade for whom their group has no place."""
    groups = peers.codes[holders]
    order = np.lexsort((keys.keys[holders], groups))
    rows, groups = holders[order], groups[order]
    counts = np.bincount(groups, minlength=peers.groups)
    crowded = counts > places
    starts = np.cumsum(counts) - counts
    in_order = keys.keys[rows]
    stay = crowded & (places > 0) if quota.ties == "all_in" else np.zeros(peers.groups, dtype=np.bool_)
    at = starts + np.where(stay, places - 1, places)
    decisive = np.append(in_order, keys.none)[np.where(crowded, at, len(in_order))]
    out = np.where(stay[groups], in_order > decisive[groups], in_order >= decisive[groups])
    return np.asarray(rows[out & crowded[groups]])


def _sizes(peers: Peers, chosen: Array) -> Array:
    """How many of `chosen` each group has."""
    return np.bincount(peers.codes[chosen], minlength=peers.groups)
