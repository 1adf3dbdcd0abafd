"""The steps of a distribution, one after the other: each leaves less to hand out, and is checked to the fen."""

from collections.abc import Sequence
from dataclasses import replace
from typing import assert_never

from perf.distribution.booking import OwnerRefused
from perf.distribution.claimants import Claimant, Post
from perf.distribution.dues import require_covered
from perf.distribution.entered import entered_step
from perf.distribution.ladders import ladder_step
from perf.distribution.parts import Part, Work, with_posts
from perf.distribution.payments import pay_step
from perf.distribution.releases import hold_step, release_step
from perf.distribution.schedules import schedule_step
from perf.distribution.shares import apportion_step
from perf.distribution.splits import split_step
from perf.distribution.transfers import transfer_step
from perf.distribution.wording import amount_sentence, refused, why_absent, yuan
from perf.formulas.nodes import Absent
from perf.kernel.issues import Issue
from perf.kernel.money import ZERO, Money, money_from_yuan
from perf.kernel.text import Text
from perf.specs.ladder_models import Ladder
from perf.specs.models import Apportion, Gate, Hold, Pay, Remainder, Split, Step, Take
from perf.specs.money_models import Entered
from perf.specs.reserve_models import Release, Schedule
from perf.specs.transfer_models import Transfer


def run_steps(work: Work, part: Part, steps: Sequence[Step]) -> Part:
    """Run `steps` on a part; what is left of it afterwards is the result's `rest`."""
    outside = part.spare
    for number, step in enumerate(steps, start=1):
        spare = outside or any(isinstance(later, Remainder) for later in steps[number:])
        name = f"{part.prefix}{number:02d}-{type(step).__name__.lower()}"
        before = work.draft.balance(work.draft.fund)
        after = _run(work, replace(part, spare=spare), step, name)
        work.draft.require_drained(name, before, part.rest - after.rest)
        part = after
    return replace(part, spare=outside)


def _run(work: Work, part: Part, step: Step, name: str) -> Part:
    match step:
        case Take():
            return _take(work, part, step, name)
        case Pay():
            return pay_step(work, part, step, name)
        case Gate():
            return _gate(work, part, step)
        case Apportion():
            return apportion_step(work, part, step, name)
        case Split():
            return split_step(work, part, step, name, run_steps)
        case Hold():
            return hold_step(work, part, step, name)
        case Entered():
            return entered_step(work, part, step, name)
        case Ladder():
            return ladder_step(work, part, step, name)
        case Schedule():
            return schedule_step(work, part, step, name)
        case Release():
            return release_step(work, part, step, name)
        case Remainder():
            return _remainder(work, part, step, name)
        case Transfer():
            return transfer_step(work, part, step, name)
        case _ as never:
            assert_never(never)


def _take(work: Work, part: Part, step: Take, name: str) -> Part:
    node = work.sight.of_owner(step.amount, part.names(work))
    owner, title = work.sight.owner, work.title(step.line or step.to)
    if not isinstance(node.value, type(work.fund.yuan)):
        why = why_absent(node.value) if isinstance(node.value, Absent) else Text("不是数字", "not a number")
        hint = Text("补报缺少的数据或检查 amount", "report what is missing, or look at the amount")
        raise OwnerRefused(
            refused(
                "take-not-computed",
                (step.place, owner),
                why,
                Text("能算出的金额", "an amount that can be computed"),
                hint,
            )
        )
    amount = money_from_yuan(node.value)
    if not min(part.rest, ZERO) <= amount <= max(part.rest, ZERO) and amount > ZERO:
        raise OwnerRefused(_over_rest(step, owner, title, amount, part.rest))
    account = work.account(step.to)
    require_covered(work, step.to, step.place, account, amount)
    work.draft.move(name, step.line or step.to, amount, to=account, explanation=amount_sentence(title, node, amount))
    work.draft.passed(name, title, part.titles, before=part.rest, after=part.rest - amount, node=node)
    return part.less(amount)


def _gate(work: Work, part: Part, step: Gate) -> Part:
    names = part.names(work)
    words = work.sight.in_words(step.when)
    said = Text(f"门槛“{words.zh}”成立,不参与分配", f"shut out by the gate “{words.in_lang('en')}”")

    def passed(claimant: Claimant, post: Post) -> Post:
        if post.gated.zh or claimant.forfeits:
            return post
        shut = work.sight.holds(step.when, claimant, post, names)
        if isinstance(shut, Absent):
            return replace(post, doubt=why_absent(shut))
        return replace(post, gated=said) if shut else post

    claimants = [with_posts(c, [passed(c, post) for post in c.posts]) for c in part.claimants]
    return replace(part, claimants=tuple(claimants))


def _remainder(work: Work, part: Part, step: Remainder, name: str) -> Part:
    account, title = work.account(step.to), work.title(step.to)
    if part.rest:
        require_covered(work, step.to, step.place, account, part.rest)
        said = Text(
            f"余额 {yuan(part.rest)} 元转入{title.zh}", f"{yuan(part.rest)} yuan left, to {title.in_lang('en')}"
        )
        work.draft.move(name, step.to, part.rest, to=account, explanation=said)
        heading = Text(f"余额转入{title.zh}", f"remainder to {title.in_lang('en')}")
        work.draft.passed(name, heading, part.titles, before=part.rest, after=ZERO)
    return part.less(part.rest)


def _over_rest(step: Take, owner: str, title: Text, amount: Money, rest: Money) -> Issue:
    gap = yuan(amount - rest)
    return refused(
        "take-over-rest",
        (step.place, owner),
        Text(f"“{title.zh}”要提取 {yuan(amount)} 元", f"“{title.in_lang('en')}” is to get {yuan(amount)} yuan"),
        Text(f"不超过余额 {yuan(rest)} 元,差 {gap} 元", f"at most {yuan(rest)} yuan, {gap} less"),
        Text("降低该项或增加资金", "lower it, or add to the fund"),
    )
