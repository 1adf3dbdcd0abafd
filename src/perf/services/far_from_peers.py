"""Figures far outside of what is usual for their kind in the same period; for those whose own history tells nothing."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from fractions import Fraction

import numpy as np

from perf.kernel.robust import UsualRange
from perf.kernel.text import Text
from perf.services.judged_figures import Indices, JudgedFigures, Peers
from perf.services.usual_rows import Floats, doubt_of, exact_range, how_far, usual_rows

PEERS_MIN = 10  # peers of one kind in the same period that stand in for a history
_FAR = 2  # peers are of several sizes: only twice as far as what is usual is told


@dataclass(frozen=True, slots=True)
class FarFromPeers:
    """Judged figures beside those of their kind; `least`: the least spread of each measure."""

    judged: JudgedFigures
    peers: Peers
    least: Sequence[Fraction]
    _order: Indices
    _starts: Indices
    _known: dict[int, UsualRange | None] = field(default_factory=dict)

    @classmethod
    def of(cls, judged: JudgedFigures, peers: Peers, least: Sequence[Fraction]) -> "FarFromPeers":
        """The figures sorted by group once."""
        short = peers.group.astype(np.int16) if len(peers.sizes) < 1 << 15 else peers.group
        order = np.argsort(short, kind="stable")[int((peers.group < 0).sum()) :]
        return cls(judged, peers, least, order, np.cumsum(peers.sizes) - peers.sizes)

    def usual(self, group: int) -> UsualRange | None:
        """What is usual in a group, exact; None where nothing is, and around zero.

        Where most have nothing, who has something is no exception.
        """
        if group not in self._known:
            least = self.least[int(self.peers.measures[group])]
            start = int(self._starts[group])
            members = self._order[start : start + int(self.peers.sizes[group])]
            usual = exact_range(self.peers.near, members, least)
            self._known[group] = usual if usual is not None and usual.median else None
        return self._known[group]

    def told_by(self, group: int) -> Text:
        """What a figure of the group is held against."""
        del group
        return Text("同期同类", "its peers in the same period")

    def far(self, indices: Indices) -> Iterator[tuple[int, int, float]]:
        """Those of the judged figures that are to be told of, with their group, and how far each is as a float."""
        groups = self.peers.group[indices]
        there = (groups >= 0) & (self.peers.sizes[groups] >= PEERS_MIN)
        indices, groups = indices[there], groups[there]
        medians, reaches = self._usual_groups(np.bincount(groups, minlength=len(self.peers.sizes)) > 0)
        distances = how_far(self.judged.near.floats[indices], medians[groups], reaches[groups])
        doubt = float(doubt_of(np.full(1, float(_FAR)))[0])
        for at in np.flatnonzero(~(distances <= _FAR - doubt) & (reaches[groups] != 0)).tolist():
            group, distance = int(groups[at]), float(distances[at])
            if distance > _FAR + doubt and medians[group]:
                yield int(indices[at]), group, distance
                continue
            usual = self.usual(group)
            if usual is not None and usual.distance(self.judged.near.exact(int(indices[at]))) > _FAR:
                yield int(indices[at]), group, distance

    def _usual_groups(self, wanted: "np.ndarray[tuple[int], np.dtype[np.bool_]]") -> tuple[Floats, Floats]:
        """Medians and reaches of the groups that are wanted, groups of about one size at a time."""
        sizes, floats = self.peers.sizes, self.peers.near.floats[self._order]
        least = np.array([float(one) for one in self.least])[self.peers.measures]
        medians, reaches = np.zeros(len(sizes)), np.zeros(len(sizes))
        classes = np.where(wanted, np.ceil(np.log2(np.maximum(sizes, 1))), -1).astype(np.int64)
        for size_class in np.unique(classes[wanted]).tolist():
            groups = np.flatnonzero(classes == size_class)
            table = np.full((len(groups), int(sizes[groups].max())), np.nan)
            members = np.repeat(classes == size_class, sizes)
            table[np.arange(table.shape[1]) < sizes[groups][:, None]] = floats[members]
            usual = usual_rows(table, least[groups])
            medians[groups], reaches[groups] = usual.medians, usual.reaches
        return medians, reaches
