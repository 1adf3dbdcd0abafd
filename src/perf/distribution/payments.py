"""The steps `pay` and `hold`: amounts of a claimant's own, and shares kept back."""

from dataclasses import dataclass, replace
from fractions import Fraction

from perf.distribution import accounts
from perf.distribution.apportion import apportion
from perf.distribution.booking import OwnerRefused
from perf.distribution.claimants import NO_TEXT, Claimant
from perf.distribution.parts import Part, Work
from perf.distribution.shares import whole_post
from perf.distribution.sight import Locals
from perf.distribution.wording import amount_sentence, problem, refused, why_absent, yuan
from perf.formulas.nodes import Absent, Node
from perf.kernel.issues import Issue
from perf.kernel.money import ZERO, Money, money_from_yuan, total
from perf.kernel.text import Text
from perf.specs.models import Hold, Pay


@dataclass(frozen=True, slots=True)
class Due:
    """What one claimant is to get in a `pay` step."""

    claimant: Claimant
    node: Node
    amount: Money
    status: str
    note: Text = NO_TEXT

    @property
    def account(self) -> str:
        """Where it goes."""
        return accounts.held(self.claimant.subject) if self.status == "held" else self.claimant.account


def pay_step(work: Work, part: Part, step: Pay, name: str) -> Part:
    """Pay each claimant its own amount, once, with the post that speaks for it."""
    names = part.names(work)
    dues = [due for c in part.claimants if (due := _due(work, c, step, names)) is not None]
    asked = total(due.amount for due in dues)
    source = accounts.outside(step.payer) if step.payer else ""
    if not source and asked > ZERO and asked > part.rest:
        dues = _scaled(work, step, dues, asked, part.rest)
    for due in dues:
        said = amount_sentence(Text(step.line), due.node, due.amount)
        if due.note.zh:
            said = Text(f"{said.zh}({due.note.zh})", f"{said.in_lang('en')} ({due.note.in_lang('en')})")
        work.draft.move(
            name,
            step.line,
            due.amount,
            to=due.account,
            explanation=said,
            source=source,
            claimant=due.claimant.subject,
            status=due.status,
        )
    if source:
        return part
    out = total(due.amount for due in dues)
    work.draft.passed(name, Text(step.line), part.titles, before=part.rest, after=part.rest - out)
    return part.less(out)


def _due(work: Work, claimant: Claimant, step: Pay, names: Locals) -> Due | None:
    """None: the line is not for this claimant, or is paid where its speaking post is."""
    post = next((p for p in claimant.posts if p.segment is claimant.speaking), None)
    if post is None:
        return None
    whole = whole_post(claimant)
    post = replace(post, in_post=whole.in_post, doubt=whole.doubt)
    nothing = Node("number", Fraction(0))
    if step.where is not None:
        meant = work.sight.holds(step.where, claimant, post, names)
        if isinstance(meant, Absent):
            return _not_computed(work, claimant, step, meant)
        if not meant:
            return None
    if claimant.forfeits:
        return Due(claimant, nothing, ZERO, "forfeited", Text("一票否决,取消本次绩效", "a veto took the pay"))
    if post.gated.zh:
        return Due(claimant, nothing, ZERO, "gated", post.gated)
    seen = work.sight.of_claimant(step.amount, claimant, post, names)
    if isinstance(seen.node.value, Fraction):
        note = Text("得分未到,暂留", "held until the score comes") if seen.stood_in else NO_TEXT
        status = "held" if seen.stood_in else "paid"
        return Due(claimant, seen.node, money_from_yuan(seen.node.value), status, note)
    absent = seen.node.value if isinstance(seen.node.value, Absent) else Absent("not_allowed")
    return _not_computed(work, claimant, step, absent)


def _not_computed(work: Work, claimant: Claimant, step: Pay, absent: Absent) -> Due:
    why = why_absent(absent)
    work.draft.issues.append(
        problem(
            "pay-not-computed",
            (step.place, claimant.subject),
            Text(f"{step.line}:{why.zh}", f"{step.line}: {why.in_lang('en')}"),
            Text("能算出的金额", "an amount that can be computed"),
            Text("本次该项按 0 元,补报后更正", "0 yuan this time; report it and correct"),
            severity="warning",
        )
    )
    return Due(claimant, Node("policy", Fraction(0)), ZERO, "missing", why)


def _scaled(work: Work, step: Pay, dues: list[Due], asked: Money, rest: Money) -> list[Due]:
    """Scale what is paid out to what is left, or refuse."""
    if step.short == "refuse":
        gap = yuan(asked - rest)
        raise OwnerRefused(
            refused(
                "pay-over-rest",
                (step.place, work.sight.owner),
                Text(f"“{step.line}”合计 {yuan(asked)} 元", f"{step.line}: {yuan(asked)} yuan together"),
                Text(f"不超过余额 {yuan(rest)} 元,差 {gap} 元", f"at most {yuan(rest)} yuan, {gap} less"),
                Text("降低标准、增加资金,或写 short: scale", "lower it, add to the fund, or say short: scale"),
            )
        )
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
