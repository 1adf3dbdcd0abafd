"""The step `pay`: amounts of a claimant's own."""

from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction
from functools import partial

from perf.distribution import accounts
from perf.distribution.apportion import apportion
from perf.distribution.claimants import Claimant, Post
from perf.distribution.dues import Due, Line, book_dues, due_of, over_rest
from perf.distribution.parts import Part, Work
from perf.distribution.sight import Locals, Seen
from perf.distribution.wording import problem, yuan
from perf.formulas.arithmetic import figure, smaller
from perf.formulas.nodes import Absent, Node
from perf.kernel.issues import Issue
from perf.kernel.money import ZERO, Money, money_from_yuan, total
from perf.kernel.rounding import Rounding, round_ratio
from perf.kernel.text import Text
from perf.specs.models import Pay


def pay_step(work: Work, part: Part, step: Pay, name: str) -> Part:
    """Pay each claimant its own amount, once, with the post that speaks for it."""
    names, line = part.names(work), Line(step.line, step.place, step.where)
    dues = [due for c in part.claimants for due in _dues(work, c, step, line, names)]
    asked = total(due.amount for due in dues)
    source = accounts.outside(step.payer) if step.payer else ""
    if not source and asked > ZERO and asked > part.rest:
        dues = _scaled(work, step, dues, asked, part.rest)
    book_dues(work, dues, name, step.line, source)
    if source:
        return part
    out = total(due.amount for due in dues)
    work.draft.passed(name, Text(step.line), part.titles, before=part.rest, after=part.rest - out)
    return part.less(out)


def _dues(work: Work, claimant: Claimant, step: Pay, line: Line, names: Locals) -> list[Due]:
    if step.each:
        return _each_item(work, claimant, step, line, names)

    def amount_of(post: Post) -> Seen:
        return work.sight.of_claimant(step.amount, claimant, post, names)

    due = _due(work, claimant, step, line, names, amount_of)
    return [] if due is None else [due]


def _each_item(work: Work, claimant: Claimant, step: Pay, line: Line, names: Locals) -> list[Due]:
    """One amount for every item that the claimant has of the measure `each`; without items that is told."""
    amounts: list[Seen] = []

    def of_item(number: int, post: Post) -> Seen:
        if not amounts:
            amounts.extend(work.sight.of_items(step.amount, step.each, claimant, post, names))
        return amounts[number]

    items = work.sight.items(step.each, claimant)
    if not items:
        gone = Absent("missing", (), Text(f"没有 {step.each} 的明细", f"no items of {step.each}"))
        due = due_of(work, claimant, line, names, lambda _post: Seen(Node("fact", gone)))
        return [] if due is None else [due]
    found = list[Due]()
    for number, (code, title) in enumerate(items):
        due = _due(work, claimant, step, replace(line, item=title), names, partial(of_item, number))
        if due is not None:
            found.append(replace(due, item=code, title=title))
    return found


def _due(
    work: Work, claimant: Claimant, step: Pay, line: Line, names: Locals, amount_of: Callable[[Post], Seen]
) -> Due | None:
    """The amount at most its bound, in whole units."""

    def see(post: Post) -> Seen:
        seen = amount_of(post)
        if step.at_most is None or seen.number is None:
            return seen
        bound = work.sight.of_claimant(step.at_most, claimant, post, names)
        if bound.number is None or seen.number <= bound.number:
            return bound if bound.number is None else seen
        work.draft.issues.append(_over_limit(step, claimant, bound.node))
        return Seen(smaller(seen.node, bound.node)._replace(unit="yuan"), seen.stood_in or bound.stood_in)

    due = due_of(work, claimant, line, names, see)
    if due is None or step.unit_fen == 1 or due.status not in ("paid", "held"):
        return due
    return replace(due, amount=_in_units(figure(due.node), step.unit_fen, capped=due.node.op == "min"))


def _in_units(amount: Fraction, unit_fen: int, *, capped: bool) -> Money:
    """To whole units, halves up; never above a bound that holds."""
    units = amount * 100 / unit_fen
    mode = Rounding.DOWN if capped else Rounding.HALF_AWAY
    return Money(round_ratio(units.numerator, units.denominator, mode) * unit_fen)


def _over_limit(step: Pay, claimant: Claimant, bound: Node) -> Issue:
    most = yuan(money_from_yuan(figure(bound)))
    return problem(
        "pay-over-limit",
        (step.place, claimant.subject),
        Text(f"“{step.line}”超过限额", f"{step.line}: above its bound"),
        Text(f"至多 {most} 元", f"at most {most} yuan"),
        Text("本次按限额发;核对填报的金额", "the bound is paid; check what was entered"),
        severity="warning",
    )


def _scaled(work: Work, step: Pay, dues: list[Due], asked: Money, rest: Money) -> list[Due]:
    """Scale what is paid out to what is left, or refuse."""
    if step.short == "refuse":
        raise over_rest(work, Line(step.line, step.place), asked, rest)
    paid_back = total(-due.amount for due in dues if due.amount < ZERO)
    available = max(rest, ZERO) + paid_back
    weights = {due.key: due.amount.yuan for due in dues if due.amount > ZERO}
    odd = {due.key: work.draft.odd_fen_of(due.claimant.subject) for due in dues if due.key in weights}
    shares = apportion(available, weights, odd_fen_received=odd)
    work.draft.issues.append(_short(step, work, asked + paid_back, available))
    note = Text(
        f"资金不足,按 {yuan(available)} ÷ {yuan(asked + paid_back)} 折算",
        f"scaled by {yuan(available)} ÷ {yuan(asked + paid_back)}",
    )
    return [replace(due, amount=shares[due.key], note=note) if due.key in shares else due for due in dues]


def _short(step: Pay, work: Work, asked: Money, available: Money) -> Issue:
    gap = yuan(asked - available)
    return problem(
        "pay-scaled",
        (step.place, work.sight.owner),
        Text(
            f"“{step.line}”应付 {yuan(asked)} 元,资金只有 {yuan(available)} 元",
            f"{step.line}: {yuan(asked)} yuan due, {yuan(available)} yuan there",
        ),
        Text(f"足够的资金,差 {gap} 元", f"enough money; {gap} yuan are lacking"),
        Text("本次按比例付;少付的按本规则结转或留待清算", "paid in proportion; the rest waits as the rule says"),
        severity="warning",
    )
