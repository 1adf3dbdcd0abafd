"""The step `schedule`: this period's part of a yearly amount; the parts of a year sum to it exactly."""

from fractions import Fraction
from functools import partial

from perf.distribution import accounts
from perf.distribution.booking import OwnerRefused
from perf.distribution.claimants import Claimant, Post
from perf.distribution.dues import Line, book_dues, due_of, over_rest, require_covered
from perf.distribution.paid import receiver
from perf.distribution.parts import Part, Work
from perf.distribution.sight import Locals, Seen
from perf.distribution.wording import amount_sentence, refused, why_absent
from perf.formulas.arithmetic import added, figure, minus, number, over, times
from perf.formulas.nodes import Absent, Node
from perf.kernel.money import ZERO, Money, money_from_yuan, total
from perf.kernel.rounding import Rounding, round_ratio
from perf.kernel.text import Text
from perf.specs.reserve_models import Schedule

_BEFORE = Text("以前各期应付", "due before")
_HELD = Text("已暂存(本年累计)", "held, year to date")
_NOT_YET = Text("已付足,本期不付", "paid already, nothing due")


def due_so_far(amount: Money, parts: tuple[Fraction, ...], count: int, unit_fen: int = 1) -> Money:
    """What the first `count` parts come to: their share of `amount`, down to whole units; all of it with the last part.

    Args:
        amount: Of the whole year.
        parts: Weights, none negative, one above 0.
        count: From 0 on.
        unit_fen: A part is a whole multiple of it, but for the last one.
    """
    whole = sum(parts, Fraction(0))
    upto = sum(parts[:count], Fraction(0))
    if upto == whole:
        return amount
    share = amount.fen * upto / whole / unit_fen
    return Money(round_ratio(share.numerator, share.denominator, Rounding.DOWN) * unit_fen)


def schedule_step(work: Work, part: Part, step: Schedule, name: str) -> Part:
    """Hand out this period's part to an account, or to each claimant."""
    source = accounts.outside(step.payer) if step.payer else ""
    out = _to_account(work, part, step, name, source) if step.to else _to_claimants(work, part, step, name, source)
    if source:
        return part
    work.draft.passed(name, Text(step.line), part.titles, before=part.rest, after=part.rest - out)
    return part.less(out)


def _to_account(work: Work, part: Part, step: Schedule, name: str, source: str) -> Money:
    account = work.account(step.to)
    node = _part_node(work, step, work.sight.of_owner(step.amount, part.names(work)), receiver(account))
    if not isinstance(node.value, Fraction):
        why = why_absent(node.value) if isinstance(node.value, Absent) else Text("不是数字", "not a number")
        hint = Text("补报缺少的数据或检查 amount", "report what is missing, or look at the amount")
        expected = Text("能算出的金额", "an amount that can be computed")
        raise OwnerRefused(refused("take-not-computed", (step.place, work.sight.owner), why, expected, hint))
    amount = money_from_yuan(node.value)
    if not source and amount > max(part.rest, ZERO):
        raise over_rest(work, Line(step.line, step.place), amount, part.rest)
    require_covered(work, step.to, step.place, account, amount)
    said = amount_sentence(Text(step.line), node, amount)
    work.draft.move(name, step.line, amount, to=account, explanation=said, source=source)
    return amount


def _to_claimants(work: Work, part: Part, step: Schedule, name: str, source: str) -> Money:
    names, line = part.names(work), Line(step.line, step.place)

    def see(claimant: Claimant, post: Post) -> Seen:
        return _seen(work, step, claimant, post, names)

    found = [due_of(work, c, line, names, partial(see, c)) for c in part.claimants]
    dues = [due for due in found if due is not None]
    out = total(due.amount for due in dues)
    if not source and out > max(part.rest, ZERO):
        raise over_rest(work, line, out, part.rest)
    book_dues(work, dues, name, step.line, source)
    return out


def _seen(work: Work, step: Schedule, claimant: Claimant, post: Post, names: Locals) -> Seen:
    seen = work.sight.of_claimant(step.amount, claimant, post, names)
    return Seen(_part_node(work, step, seen.node, receiver(claimant.account), claimant.subject), seen.stood_in)


def _part_node(work: Work, step: Schedule, yearly: Node, subject: str, claimant: str = "") -> Node:
    """`全年 1,000,000 元 × 2 ÷ 4 − 以前各期应付 250,000 元`; or less what was paid, and held for a claimant, this year."""
    if not isinstance(yearly.value, Fraction):
        return yearly
    amount, period = money_from_yuan(yearly.value), work.sight.period
    due = due_so_far(amount, step.parts, period.number, step.unit_fen)
    if step.catch_up:
        before = work.sight.paid(subject, step.line, period, to_date=True)
    else:
        earlier = due_so_far(amount, step.parts, period.number - 1, step.unit_fen)
        before = number(earlier.yuan, "yuan", _BEFORE)
    if not isinstance(before.value, Fraction):
        return before
    if step.catch_up and claimant:
        held = work.sight.paid(accounts.held(claimant), step.line, period, to_date=True)
        before = added([before, held._replace(label=_HELD)]) if held.value else before
    left = minus(_due_node(step, amount, due, period.number), before)._replace(unit="yuan")
    if step.overpaid == "wait" and figure(left) < 0:
        return Node("max", Fraction(0), (left, number(Fraction(0), "yuan", _NOT_YET)), unit="yuan")
    return left


def _due_node(step: Schedule, amount: Money, due: Money, count: int) -> Node:
    """What is due up to and with this period, with the arithmetic where it is not all of it."""
    whole, upto = sum(step.parts, Fraction(0)), sum(step.parts[:count], Fraction(0))
    yearly = number(amount.yuan, "yuan", Text("全年", "the year's"))
    if upto == whole:
        return yearly
    exact = times(yearly, over(number(upto), number(whole)))
    return exact if figure(exact) == due.yuan else Node("down", due.yuan, (exact,), _rounded_down(step), unit="yuan")


def _rounded_down(step: Schedule) -> Text:
    unit = Money(step.unit_fen)
    return Text(f"累计应付(舍到 {unit} 元)", f"due so far, down to {unit} yuan")
