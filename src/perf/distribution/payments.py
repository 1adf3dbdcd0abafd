"""The steps `pay` and `hold`: amounts of a claimant's own, and shares kept back."""

from dataclasses import replace

from perf.distribution import accounts
from perf.distribution.apportion import apportion
from perf.distribution.booking import OwnerRefused
from perf.distribution.claimants import Claimant, whole_post
from perf.distribution.dues import Due, Line, book_dues, due_of, over_rest
from perf.distribution.parts import Part, Work
from perf.distribution.sight import Locals
from perf.distribution.wording import amount_sentence, refused, why_absent, yuan
from perf.formulas.nodes import Absent, Node
from perf.kernel.issues import Issue
from perf.kernel.money import ZERO, Money, money_from_yuan, total
from perf.kernel.text import Text
from perf.specs.models import Hold, Pay


def pay_step(work: Work, part: Part, step: Pay, name: str) -> Part:
    """Pay each claimant its own amount, once, with the post that speaks for it."""
    names, line = part.names(work), Line(step.line, step.place, step.where)
    dues = [due for c in part.claimants if (due := _due(work, c, step, line, names)) is not None]
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


def _due(work: Work, claimant: Claimant, step: Pay, line: Line, names: Locals) -> Due | None:
    return due_of(work, claimant, line, names, lambda post: work.sight.of_claimant(step.amount, claimant, post, names))


def _scaled(work: Work, step: Pay, dues: list[Due], asked: Money, rest: Money) -> list[Due]:
    """Scale what is paid out to what is left, or refuse."""
    if step.short == "refuse":
        raise over_rest(work, Line(step.line, step.place), asked, rest)
    paid_back = total(-due.amount for due in dues if due.amount < ZERO)
    available = max(rest, ZERO) + paid_back
    weights = {due.claimant.subject: due.amount.yuan for due in dues if due.amount > ZERO}
    odd = {subject: work.draft.odd_fen_of(subject) for subject in weights}
    shares = apportion(available, weights, odd_fen_received=odd)
    note = Text(
        f"资金不足,按 {yuan(available)} ÷ {yuan(asked + paid_back)} 折算",
        f"scaled by {yuan(available)} ÷ {yuan(asked + paid_back)}",
    )
    return [
        replace(due, amount=shares[due.claimant.subject], note=note) if due.claimant.subject in shares else due
        for due in dues
    ]


def hold_step(work: Work, part: Part, step: Hold, name: str) -> Part:
    """Keep back a share of what each claimant got in this part so far, in `held:ID`."""
    got: dict[str, int] = {}
    for entry in work.draft.entries[part.first_entry :]:
        if entry.claimant and entry.status == "paid":
            sign = 1 if entry.target in (accounts.person(entry.claimant), accounts.institution(entry.claimant)) else -1
            got[entry.claimant] = got.get(entry.claimant, 0) + sign * entry.amount.fen
    names = part.names(work)
    for claimant in part.claimants:
        received = Money(max(got.get(claimant.subject, 0), 0))
        post = whole_post(claimant)
        if step.where is not None and work.sight.holds(step.where, claimant, post, names) is False:
            continue
        seen = work.sight.of_claimant(step.share, claimant, post, names)
        if seen.number is None or not 0 <= seen.number <= 1:
            raise OwnerRefused(_no_share(work, step, claimant, seen.node))
        kept = money_from_yuan(seen.number * received.yuan)
        percent = Node("number", seen.number, unit="percent")
        node = Node("*", kept.yuan, (Node("number", received.yuan, unit="yuan"), percent))
        work.draft.move(
            name,
            step.line,
            kept,
            to=accounts.held(claimant.subject),
            explanation=amount_sentence(Text(f"{step.line}暂留", f"{step.line} held back"), node, kept),
            source=claimant.account,
            claimant=claimant.subject,
            status="held",
        )
    return part


def _no_share(work: Work, step: Hold, claimant: Claimant, node: Node) -> Issue:
    found = why_absent(node.value) if isinstance(node.value, Absent) else Text("不在 0 到 1 之间", "not from 0 to 1")
    return refused(
        "hold-not-computed",
        (step.place, work.sight.owner),
        Text(f"{claimant.subject}:{found.zh}", f"{claimant.subject}: {found.in_lang('en')}"),
        Text("0% 到 100% 的暂留比例", "a share from 0% to 100%"),
        Text("检查 hold 的 share", "look at the share of hold"),
    )
