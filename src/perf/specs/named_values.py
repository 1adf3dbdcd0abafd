"""The named values of a distribution (`let`, `bands`): which need which, and in what order they are worked out."""

from collections.abc import Iterable

from perf.formulas import Formula
from perf.specs.models import DistributionVersion
from perf.specs.use import names_of


def names_needed(version: DistributionVersion, formulas: Iterable[Formula]) -> tuple[str, ...]:
    """The named values that `formulas` look at, directly or through others, each behind those it needs itself.

    A cycle (an issue of `specs check`) is cut where it closes.
    """
    return _in_order(version, _named(version, formulas))


def named_order(version: DistributionVersion) -> tuple[str, ...]:
    """All named values, each behind those it needs."""
    return _in_order(version, version.named)


def _in_order(version: DistributionVersion, names: Iterable[str]) -> tuple[str, ...]:
    found: dict[str, None] = {}
    under_way = set[str]()

    def visit(name: str) -> None:
        if name in found or name in under_way:
            return
        under_way.add(name)
        for other in _named(version, version.formulas_of(name)):
            visit(other)
        found[name] = None

    for name in names:
        visit(name)
    return tuple(found)


def named_graph(version: DistributionVersion) -> dict[str, frozenset[str]]:
    """Name -> the named values that its own formulas look at."""
    return {name: frozenset(_named(version, version.formulas_of(name))) for name in version.named}


def _named(version: DistributionVersion, formulas: Iterable[Formula]) -> list[str]:
    return sorted(names_of(formulas) & frozenset(version.named))
