"""`reconcile`: what members of a consortium say of each other's services, side by side, as the rules would settle it now."""

import csv
import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction

from perf.distribution.market_models import Deal, Market
from perf.distribution.paid import receiver
from perf.distribution.reconciliation import reconcile
from perf.kernel.errors import NotFound
from perf.kernel.figures import exact_text
from perf.kernel.money import ZERO, Money
from perf.kernel.periods import Period
from perf.kernel.text import Text
from perf.services.actors import Actor
from perf.services.load_run import LoadedRun, required_run
from perf.services.run_inputs import RunInputs, load_inputs, pinned_inputs
from perf.specs.models import RuleBook
from perf.storage.store import Store

DEAL_COLUMNS = (
    "consortium", "line", "provider", "receiver", "item", "provided", "received", "agreed", "price", "amount", "disputed",
    "provided_cell", "received_cell",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class MarketView:
    """One market of a consortium: its deals, the names of its members."""

    consortium: str
    line: str
    market: Market
    names: dict[str, str]

    def differing(self) -> list[Deal]:
        """Deals in dispute, or without a price."""
        return [deal for deal in self.market.deals if deal.disputed or not isinstance(deal.price.value, Fraction)]


@dataclass(frozen=True, slots=True)
class NetRow:
    """What one member of the market earned and paid in a run."""

    subject: str
    name: str
    earned: Money
    paid: Money

    @property
    def net(self) -> Money:
        """Earned less paid."""
        return self.earned - self.paid

    def as_json(self) -> dict[str, object]:
        """For programs; amounts in fen."""
        return {
            "subject": self.subject,
            "name": self.name,
            "earned_fen": self.earned.fen,
            "paid_fen": self.paid.fen,
            "net_fen": self.net.fen,
        }


def markets_of(store: Store, *, consortium: str, period: Period, book: RuleBook, actor: Actor) -> list[MarketView]:
    """The markets of a consortium by the facts, the roster and the rules as they are now; nothing is stored."""
    with store.read() as connection:
        inputs = load_inputs(connection, actor.viewer, book, consortium, period)
    return _views(inputs, consortium, period)


def markets_of_run(store: Store, *, run: str, actor: Actor) -> list[MarketView]:
    """The markets as a run was computed from its pinned inputs.

    Raises:
        NotFound: no such run in scope.
    """
    with store.read() as connection:
        found = required_run(connection, actor, run)
        inputs = pinned_inputs(connection, actor.viewer, run)
    return _views(inputs, found.consortium, found.period)


def require_market(views: Sequence[MarketView], book: RuleBook | None, period: Period) -> None:
    """Refuse where no rule has a market in `period`.

    Raises:
        NotFound: no distribution with `transfer` is switched on for such a period.
    """
    if views or book is None:
        return
    raise NotFound(
        Text(
            f"{period} 没有启用的内部市场(transfer)分配规则",
            f"no distribution with a transfer is switched on for {period}",
        )
    )


def deals_csv(views: Iterable[MarketView]) -> str:
    """Every deal as a row: counts and price exact, amounts in yuan; a side that reported nothing is empty."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(DEAL_COLUMNS)
    for view in views:
        writer.writerows(deal_row(view, deal) for deal in view.market.deals)
    return out.getvalue()


def deal_row(view: MarketView, deal: Deal) -> list[str]:
    """One deal in the order of `DEAL_COLUMNS`."""
    counts = ["" if count is None else exact_text(count) for count in deal.counts]
    cells = ["" if fact is None else str(fact.source) for fact in deal.facts]
    figures = [
        exact_text(deal.agreed),
        price_text(deal),
        deal.amount.text(grouped=False),
        deal.disputed.text(grouped=False),
    ]
    return [view.consortium, view.line, *deal.trade, *counts, *figures, *cells]


def price_text(deal: Deal) -> str:
    """Yuan of one unit, exact; empty where there is no price."""
    value = deal.price.value
    return "" if not isinstance(value, Fraction) else exact_text(value)


def net_rows(loaded: LoadedRun) -> list[NetRow]:
    """What the members of a run earned and paid in its markets, by code; empty where it had none."""
    earned: dict[str, Money] = {}
    paid: dict[str, Money] = {}
    for entry in loaded.ledger.entries:
        if is_of_market(entry.step):
            provider, buyer = receiver(entry.target), receiver(entry.source)
            earned[provider] = earned.get(provider, ZERO) + entry.amount
            paid[buyer] = paid.get(buyer, ZERO) + entry.amount
    rows = []
    for subject in sorted({*earned, *paid}):
        segment = loaded.roster.at(subject, loaded.run.period)
        name = segment.title if segment is not None else subject
        rows.append(NetRow(subject, name, earned.get(subject, ZERO), paid.get(subject, ZERO)))
    return rows


def is_of_market(step: str) -> bool:
    """Whether a step of the ledger is a deal between two members."""
    return "-transfer/" in step


def _views(inputs: RunInputs, consortium: str, period: Period) -> list[MarketView]:
    found = reconcile(inputs.book, inputs.roster, inputs.facts, period)
    ids = {who for one in found for deal in one.market.deals for who in deal.trade[:2]}
    names = {who: segment.title for who in ids if (segment := inputs.roster.at(who, period)) is not None}
    return [MarketView(consortium, one.step.line, one.market, names) for one in found if one.owner == consortium]
