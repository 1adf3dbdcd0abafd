"""Amounts of a claimant's own: worked out once a claimant, with the post that speaks for it, and booked."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from fractions import Fraction

from perf.distribution import accounts
from perf.distribution.adjustments import RECEIVABLE
from perf.distribution.booking import OwnerRefused
from perf.distribution.claimants import NO_TEXT, Claimant, Post, whole_post
from perf.distribution.parts import Work
from perf.distribution.sight import Locals, Seen
from perf.distribution.wording import amount_sentence, named, problem, refused, why_absent, yuan
from perf.formulas import Formula
from perf.formulas.nodes import Absent, Node
from perf.kernel.issues import Place
from perf.kernel.money import ZERO, Money, money_from_yuan
from perf.kernel.text import Text

NOTHING = Node("number", Fraction(0))
_FORFEITED = Text("一票否决,取消本次绩效", "a veto took the pay")
_WAITING = Text("得分未到,暂留", "held until the score comes")


@dataclass(frozen=True, slots=True)
class Due:
    """What one claimant is to get under a line; `item`, `title`: for which item, where each is paid by itself."""

    claimant: Claimant
    node: Node
    amount: Money
    status: str
    note: Text = NO_TEXT
    item: str = ""
    title: Text = NO_TEXT

    @property
    def key(self) -> str:
        """One of a step: the claimant, with the item where each is paid by itself."""
        return f"{self.claimant.subject}/{self.item}" if self.item else self.claimant.subject

    @property
    def account(self) -> str:
        """Where it goes."""
        return accounts.held(self.claimant.subject) if self.status == "held" else self.claimant.account


@dataclass(frozen=True, slots=True)
class Line:
    """The line that is worked out: its name, for whom it is, and where the rule says so."""

    name: str
    place: Place
    where: Formula | None = None
    item: Text = NO_TEXT


def due_of(work: Work, claimant: Claimant, line: Line, names: Locals, see: Callable[[Post], Seen]) -> Due | None:
    """What `see` gives for the claimant's speaking post, to the fen.

    None: the line is not for this claimant, or is paid where its speaking post is. A veto or a gate makes it nothing;
    what cannot be computed is nothing and an issue; what hangs on a score that stands in is held.
    """
    post = speaking_post(claimant)
    if post is None:
        return None
    if line.where is not None:
        meant = work.sight.holds(line.where, claimant, post, names)
        if isinstance(meant, Absent):
            return _not_computed(work, claimant, line, meant)
        if not meant:
            return None
    status, note = standing(claimant, post)
    if status != "paid":
        return Due(claimant, NOTHING, ZERO, status, note)
    seen = see(post)
    if isinstance(seen.node.value, Fraction):
        note = _WAITING if seen.stood_in else NO_TEXT
        status = "held" if seen.stood_in else "paid"
        return Due(claimant, seen.node, money_from_yuan(seen.node.value), status, note)
    absent = seen.node.value if isinstance(seen.node.value, Absent) else Absent("not_allowed")
    return _not_computed(work, claimant, line, absent)


def standing(claimant: Claimant, post: Post) -> tuple[str, Text]:
    """`paid`, or why a claimant gets nothing: a veto, or a gate."""
    if claimant.forfeits:
        return "forfeited", _FORFEITED
    return ("gated", post.gated) if post.gated.zh else ("paid", NO_TEXT)


def speaking_post(claimant: Claimant) -> Post | None:
    """The post that speaks for a claimant, with what counts for all its days; None: it is elsewhere."""
    post = next((p for p in claimant.posts if p.segment is claimant.speaking), None)
    if post is None:
        return None
    whole = whole_post(claimant)
    return post if whole is post else replace(post, in_post=whole.in_post, doubt=whole.doubt)


def _not_computed(work: Work, claimant: Claimant, line: Line, absent: Absent) -> Due:
    why, name = why_absent(absent), with_item(line.name, line.item)
    work.draft.issues.append(
        problem(
            "pay-not-computed",
            (line.place, claimant.subject),
            Text(f"{name.zh}:{why.zh}", f"{name.in_lang('en')}: {why.in_lang('en')}"),
            Text("能算出的金额", "an amount that can be computed"),
            Text("本次该项按 0 元,补报后更正", "0 yuan this time; report it and correct"),
            severity="warning",
        )
    )
    return Due(claimant, Node("policy", Fraction(0)), ZERO, "missing", why)


def book_dues(work: Work, dues: Iterable[Due], step: str, line: str, source: str = "") -> None:
    """One entry a claimant (and item), from the fund or from `source`."""
    for due in dues:
        title = with_item(line, due.title)
        said = noted(amount_sentence(title, due.node, due.amount), due.note) if work.draft.is_told else NO_TEXT
        work.draft.move(
            f"{step}/{due.item}" if due.item else step,
            line,
            due.amount,
            to=due.account,
            explanation=said,
            source=source,
            claimant=due.claimant.subject,
            status=due.status,
        )


def with_item(line: str, title: Text) -> Text:
    """`病组结余·阑尾手术`; the line alone without an item."""
    return Text(f"{line}·{title.zh}", f"{line} · {title.in_lang('en')}") if title.zh else Text(line)


def noted(said: Text, note: Text) -> Text:
    """A sentence with a remark in brackets."""
    if not note.zh:
        return said
    return Text(f"{said.zh}({note.zh})", f"{said.in_lang('en')} ({note.in_lang('en')})")


def require_covered(work: Work, to: str, place: Place, account: str, amount: Money) -> None:
    """A reserve that pays in must hold what it pays."""
    if amount < ZERO and account.startswith("reserve:") and work.draft.balance(account) < -amount:
        has, title = yuan(work.draft.balance(account)), work.title(to)
        found = Text(f"账户“{title.zh}”结存 {has} 元", f"account “{title.in_lang('en')}” holds {has} yuan")
        expected = Text(f"不少于 {yuan(-amount)} 元", f"at least {yuan(-amount)} yuan")
        hint = Text("先补足该预留", "fill the reserve first")
        raise OwnerRefused(refused("reserve-too-small", (place, work.sight.owner), found, expected, hint))


def require_reserves(work: Work) -> None:
    """No reserve may end below zero by what was booked: shares of a claw-back reach reserves too."""
    draft, owe = work.draft, f"reserve:{RECEIVABLE}:"
    moved = {account for entry in draft.entries for account in (entry.source, entry.target)}
    reserves = {account for account in moved if account.startswith("reserve:") and not account.startswith(owe)}
    over = [account.split(":", 2) for account in sorted(reserves) if draft.overdrawn(account)]
    if not over:
        return
    name = over[0][1]
    holders, title = named([holder for _, one, holder in over if one == name]), work.title(name)
    found = Text(
        f"{title.zh}不够扣:{holders.zh}", f"{title.in_lang('en')} would fall below zero: {holders.in_lang('en')}"
    )
    expected = Text("预留账户扣后不小于 0", "a reserve that is not below zero afterwards")
    hint = Text("先补足该预留,或改扣其他账户", "fill the reserve first, or take it from another account")
    raise OwnerRefused(refused("reserve-too-small", (work.sight.rule.place, work.sight.owner), found, expected, hint))


def over_rest(work: Work, line: Line, asked: Money, rest: Money) -> OwnerRefused:
    """More asked for than is left."""
    gap = yuan(asked - rest)
    return OwnerRefused(
        refused(
            "pay-over-rest",
            (line.place, work.sight.owner),
            Text(f"“{line.name}”合计 {yuan(asked)} 元", f"{line.name}: {yuan(asked)} yuan together"),
            Text(f"不超过余额 {yuan(rest)} 元,差 {gap} 元", f"at most {yuan(rest)} yuan, {gap} less"),
            Text("降低标准、增加资金,或写 short: scale", "lower it, add to the fund, or say short: scale"),
        )
    )
