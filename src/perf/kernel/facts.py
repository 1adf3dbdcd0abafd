"""Facts: measured values under their key. Identity is the key; the cell is provenance."""

from collections.abc import Iterable, Iterator, Mapping
from fractions import Fraction
from typing import NamedTuple

from perf.kernel.periods import Period


class FactKey(NamedTuple):
    """What was measured, of whom, when; `item` and `counterparty` are empty where they do not apply."""

    subject: str
    measure: str
    period: Period
    item: str = ""
    counterparty: str = ""


class FactSource(NamedTuple):
    """Where a fact came from; all empty for a figure that came from a script."""

    file: str = ""
    sheet: str = ""
    cell: str = ""
    sender: str = ""

    def __str__(self) -> str:
        return "!".join(part for part in (self.file, self.sheet, self.cell) if part)


NO_SOURCE = FactSource()


class Fact(NamedTuple):
    """One fact: an exact number, or text (of ratings, events and text measures)."""

    key: FactKey
    value: Fraction | str
    source: FactSource = NO_SOURCE


class Facts:
    """All facts of a run, by key; iteration is in the order of keys, so the order of input never matters."""

    __slots__ = ("_by_key", "_with_items")

    def __init__(self, facts: Iterable[Fact] = ()) -> None:
        self._by_key: dict[tuple[str, str, Period, str, str], Fact] = {fact.key: fact for fact in facts}
        self._with_items: dict[tuple[str, str, Period], list[Fact]] = {}
        for key in sorted(k for k in self._by_key if k[3] or k[4]):
            self._with_items.setdefault(key[:3], []).append(self._by_key[key])

    def get(self, key: FactKey) -> Fact | None:
        """The fact under `key`, or None where nothing was reported."""
        return self._by_key.get(key)

    def own(self, subject: str, measure: str, period: Period) -> Fact | None:
        """The fact of the subject itself, without item and counterparty."""
        return self._by_key.get((subject, measure, period, "", ""))

    def itemised(self, subject: str, measure: str, period: Period) -> list[Fact]:
        """The facts of one subject and measure that carry an item or a counterparty, in the order of their keys."""
        return self._with_items.get((subject, measure, period), [])

    def changed(self, facts: Iterable[Fact], without: Iterable[FactKey] = ()) -> "Facts":
        """The same with `facts` in the place of those under their keys, and nothing under the keys `without`."""
        by_key = dict(self._by_key)
        by_key.update({fact.key: fact for fact in facts})
        for key in without:
            by_key.pop(key, None)
        return Facts(by_key.values())

    def measures(self) -> Mapping[str, int]:
        """Measure -> number of facts."""
        counts: dict[str, int] = {}
        for _, measure, *_ in self._by_key:
            counts[measure] = counts.get(measure, 0) + 1
        return counts

    def __iter__(self) -> Iterator[Fact]:
        return (self._by_key[key] for key in sorted(self._by_key))

    def __len__(self) -> int:
        return len(self._by_key)
