"""The step `transfer`: what members render each other, from the receiver's account to the provider's."""

from fractions import Fraction

from perf.distribution.booking import OwnerRefused
from perf.distribution.claimants import NO_TEXT
from perf.distribution.market import Members, Price, open_market
from perf.distribution.market_models import Deal, Market, Trade
from perf.distribution.market_wording import MarketWords
from perf.distribution.models import PathStep
from perf.distribution.parts import Part, Work, account_of
from perf.distribution.sight import Sight
from perf.distribution.wording import amount_sentence
from perf.formulas.nodes import Node
from perf.kernel.money import ZERO, Money
from perf.kernel.subjects import Roster
from perf.kernel.text import Text
from perf.specs.sight import listed_item
from perf.specs.transfer_models import Transfer

NET = Text("内部市场净额", "net of the internal market")
INCOME, COST = Text("提供服务收入", "services rendered"), Text("接受服务支出", "services received")


def transfer_step(work: Work, part: Part, step: Transfer, name: str) -> Part:
    """Settle the market of the owner; the fund itself is not touched.

    Raises:
        OwnerRefused: the rule refuses differences and there are some, or an account that is too small.
    """
    members = {claimant.subject: [post.segment for post in claimant.posts] for claimant in part.claimants}
    sight = work.sight
    found = open_market(
        sight.world,
        step,
        members,
        outsiders(sight, work.roster, members),
        sight.period,
        price_of(sight, step),
    )
    refused = [issue for issue in found.issues if issue.is_error]
    if refused:
        raise OwnerRefused(*found.issues)
    work.draft.issues.extend(found.issues)
    _require_covered(work, step, found)
    for member in found.net():
        work.draft.path.append(_net_of(work, step, name, found, member))
    for deal in found.deals:
        _book(work, step, name, deal)
    return part


def price_of(sight: Sight, step: Transfer) -> Price:
    """The rule's price of a trade, with its item, its provider and its receiver in sight: yuan of one unit."""

    def price(trade: Trade) -> Node:
        rows = sight.world.book.lists[step.items]
        return sight.of_sides(step.price, listed_item(rows, trade.item, sight.period), trade.provider, trade.receiver)

    return price


def outsiders(sight: Sight, roster: Roster, members: Members) -> list[str]:
    """Who is or was below the owner and does not take part; their reports are told, not counted."""
    found, queue = set[str](), [sight.owner]
    below: dict[str, list[str]] = {}
    for row in roster:
        if row.level != "person":
            below.setdefault(row.parent, []).append(row.subject)
    while queue:
        for subject in below.get(queue.pop(), ()):
            if subject not in found:
                found.add(subject)
                queue.append(subject)
    return sorted(found - members.keys() - {sight.owner})


def _require_covered(work: Work, step: Transfer, found: Market) -> None:
    words, short = MarketWords(work.sight.world, step, work.sight.period), []
    for member, net in found.net().items():
        holds = work.draft.balance(_account(work, step, member))
        if net < ZERO and holds + net < ZERO:
            is_refused = step.short == "refuse"
            title = work.title(step.account)
            short.append(words.over_balance(member, title, holds=holds, owes=-net, is_refused=is_refused))
    if short and step.short == "refuse":
        raise OwnerRefused(*short)
    work.draft.issues.extend(short)


def _book(work: Work, step: Transfer, name: str, deal: Deal) -> None:
    trade = deal.trade
    work.draft.move(
        f"{name}/{trade.item}",
        step.line,
        deal.amount,
        to=_account(work, step, trade.provider),
        source=_account(work, step, trade.receiver),
        explanation=amount_sentence(_what(work, deal), deal.node, deal.amount) if work.draft.is_told else NO_TEXT,
        claimant=trade.provider,
    )


def _net_of(work: Work, step: Transfer, name: str, found: Market, member: str) -> PathStep:
    """What one member earns and pays, on the way of its own account."""
    before, net = work.draft.balance(_account(work, step, member)), found.net()[member]
    earned = [deal for deal in found.deals if deal.trade.provider == member]
    paid = [deal for deal in found.deals if deal.trade.receiver == member]
    node = Node("-", net.yuan, (_sum(work, earned, INCOME), _sum(work, paid, COST)), NET, unit="yuan")
    return PathStep(work.draft.distribution, member, name, NET, (), before, -net, before + net, node)


def _sum(work: Work, deals: list[Deal], title: Text) -> Node:
    amount = Money(sum(deal.amount.fen for deal in deals))
    return Node("sum", amount.yuan, tuple(_rounded(deal, _what(work, deal)) for deal in deals), title, unit="yuan")


def _rounded(deal: Deal, title: Text) -> Node:
    if deal.node.value == deal.amount.yuan:
        return deal.node._replace(label=title)
    return Node("round", deal.amount.yuan, (deal.node, Node("number", Fraction(2))), title, unit="yuan")


def _account(work: Work, step: Transfer, member: str) -> str:
    return account_of(work.accounts, work.roster, step.account, member, work.sight.period)


def _what(work: Work, deal: Deal) -> Text:
    """`远程影像诊断(县医院 → 泥河镇卫生院)`."""
    ends = (work.roster.at(who, work.sight.period) for who in (deal.trade.provider, deal.trade.receiver))
    way = " → ".join(segment.title for segment in ends if segment is not None)
    return Text(f"{deal.title.zh}({way})", f"{deal.title.in_lang('en')} ({way})")
