"""What the members of a consortium render each other in a month, as both sides count it."""

from collections.abc import Iterator
from typing import NamedTuple

from perf.kernel.periods import Period
from perf.services.county.draws import draw, scaled, tilt
from perf.services.county.plan import County, Institution

FIRST_MONTH = Period(2025, "month", 1)
_DISAGREE_ONE_IN = 150
_SILENT_ONE_IN = 400


class ServiceCount(NamedTuple):
    """One item between two members; None: that side did not report it."""

    provider: str
    receiver: str
    item: str
    provided: int | None
    received: int | None


def services(county: County, consortium: str, period: Period, *, is_settled: bool = False) -> Iterator[ServiceCount]:
    """Services between the lead hospital and each township hospital; nothing before the market began.

    Both sides count alike but for a few: now and then a count differs by one or two, or one side forgets to report.
    Disputes of disputes.csv stand as the receiver counted at first, or `is_settled` as both count in the end.
    """
    members = county.members(consortium)
    lead = next((one for one in members if not one.is_town), None)
    if period.kind != "month" or period < FIRST_MONTH or lead is None:
        return
    missed = {} if is_settled else {(d.period, d.provider, d.receiver, d.item): d.less for d in county.disputes}
    for town in (one for one in members if one.is_town):
        for plan in county.market:
            provider, receiver = (lead, town) if plan.from_tier == "county" else (town, lead)
            count = _count(plan.per_10k, plan.spread, town, (plan.item, town.code, period))
            less = missed.get((period, provider.code, receiver.code, plan.item))
            if less is not None:
                yield ServiceCount(provider.code, receiver.code, plan.item, count, count - less)
            elif count:
                yield _counted(provider.code, receiver.code, plan.item, count, period)


def _count(per_10k: int, spread: int, town: Institution, name: tuple[object, ...]) -> int:
    item, code, period = name
    own = 1000 + tilt(spread, "services", item, code)
    chance = 1000 + tilt(spread // 2, "services", item, code, period)
    return scaled(town.population * per_10k // 10_000, own, chance) // 10


def _counted(provider: str, receiver: str, item: str, count: int, period: Period) -> ServiceCount:
    name = (provider, receiver, item, period)
    if draw(_SILENT_ONE_IN, "silent", *name) == 0:
        return ServiceCount(provider, receiver, item, count, None)
    if draw(_DISAGREE_ONE_IN, "disagree", *name) == 0:
        return ServiceCount(provider, receiver, item, count, max(count - 1 - draw(2, "by", *name), 0))
    return ServiceCount(provider, receiver, item, count, count)
