"""Tables of an internal market: 提供方/对方单位/项目/数量; who reports decides which measure a bare 数量 is."""

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from perf.excel.headers import HeaderMatch, Role, plain, split_unit
from perf.specs.check_transfers import measure_of
from perf.specs.formulas_of import walk_steps
from perf.specs.models import RuleBook
from perf.specs.transfer_models import Transfer

_PROVIDERS = frozenset(["提供方", "提供单位", "提供机构", "服务提供方", "provider"])
_RECEIVERS = frozenset(["接受方", "接受单位", "接受机构", "接收方", "服务接受方", "服务接收方", "receiver"])
REPORTERS = _PROVIDERS | _RECEIVERS
_COUNTS = frozenset(["数量", "服务数量", "本月数量", "quantity", "count"])
_ITEM: Role = "item"
_ITEMS = frozenset(["项目", "项目名称", "服务项目", "item"])


class Sides(NamedTuple):
    """The measures that providers and receivers report under the rules, by code."""

    provided: tuple[str, ...] = ()
    received: tuple[str, ...] = ()


def sides_of(book: RuleBook) -> Sides:
    """What the transfers of all distributions ask for."""
    steps = [step for rule in book.distributions.values() for version in rule.versions for step in version.steps]
    transfers = [step for step in walk_steps(tuple(steps)) if isinstance(step, Transfer)]
    provided = {m.code for one in transfers if (m := measure_of(book, one.provided)) is not None}
    asked = [one.received for one in transfers if one.received is not None]
    received = {m.code for one in asked if (m := measure_of(book, one)) is not None}
    return Sides(tuple(sorted(provided)), tuple(sorted(received)))


def sided(texts: Mapping[int, str], matches: dict[int, HeaderMatch], sides: Sides) -> dict[int, HeaderMatch]:
    """The matches of a header row in which a side stands beside a count; any other row as it is.

    The first of 提供方 and 接受方 reports, the other one is its counterparty; 数量 is the measure of who reports.
    """
    words = {column: plain(split_unit(plain(text))[0]) for column, text in sorted(texts.items())}
    reporters = [column for column, word in words.items() if word in REPORTERS]
    if not reporters:
        return matches
    measures = sides.provided if words[reporters[0]] in _PROVIDERS else sides.received
    counts = [
        c for c, word in words.items() if word in _COUNTS or {*matches[c].measures} & {*sides.provided, *sides.received}
    ]
    if not measures or not counts:
        return matches
    return {**matches, **dict(_meant(words, matches, reporters, measures))}


def _meant(
    words: Mapping[int, str], matches: Mapping[int, HeaderMatch], reporters: list[int], measures: tuple[str, ...]
) -> Iterator[tuple[int, HeaderMatch]]:
    yield reporters[0], HeaderMatch("institution_name")
    for other in reporters[1:]:
        yield other, HeaderMatch("counterparty")
    for column, word in words.items():
        if word in _ITEMS:
            yield column, HeaderMatch(_ITEM)
        elif word in _COUNTS:
            yield column, HeaderMatch(measures=measures, unit=matches[column].unit)
