"""The step `apportion`: claims, bounds, shares to the fen, one entry a claimant."""

from dataclasses import dataclass, replace
from fractions import Fraction

from perf.distribution import accounts
from perf.distribution.apportion import BoundsConflict, Share, apportion_bounded
from perf.distribution.booking import OwnerRefused
from perf.distribution.claimants import NO_TEXT, Claimant, Post
from perf.distribution.models import Working
from perf.distribution.parts import Part, Work
from perf.distribution.sight import Locals
from perf.distribution.wording import conflict, problem, refused, share_sentence, why_absent, yuan
from perf.formulas import Formula
from perf.formulas.nodes import Absent, Node
from perf.kernel.issues import Issue
from perf.kernel.money import ZERO, Money, money_from_yuan
from perf.kernel.rounding import Rounding, round_to
from perf.kernel.text import Text
from perf.specs.models import Apportion

CLAIM_DIGITS = 4
"""Claims are rounded once, half away from zero, and the rounded claim is printed and used."""
_IN_POST = Text("在岗折算", "share of the period in post")


@dataclass(frozen=True, slots=True)
class Claim:
    """What a claimant brings to the split; `value` None: it cannot be computed (yet)."""

    claimant: Claimant
    node: Node
    value: Fraction | None
    status: str
    note: Text = NO_TEXT

    @property
    def weight(self) -> Fraction:
        """The claim as it counts."""
        return self.value if self.value is not None else Fraction(0)

    @property
    def bounded(self) -> bool:
        """Whether floor and cap are for it: not where the claim was shut out or forfeited."""
        return self.status in ("paid", "held")

    @property
    def account(self) -> str:
        """Where its share goes."""
        return accounts.held(self.claimant.subject) if self.status == "held" else self.claimant.account


def apportion_step(work: Work, part: Part, step: Apportion, name: str) -> Part:
    """Split what is left of the part (or `amount` of it) by the claims."""
    amount = _amount(work, part, step)
    claims = claims_of(work, part, step)
    if not any(claim.weight for claim in claims):
        return _nobody(work, part, step, name, claims=claims, amount=amount)
    names = part.names(work)
    floors = _bounds(work, step.floor, step, names, claims=claims, mode=Rounding.UP)
    caps = _bounds(work, step.cap, step, names, claims=claims, mode=Rounding.DOWN)
    try:
        shares = apportion_bounded(
            amount,
            {claim.claimant.subject: claim.weight for claim in claims},
            floors,
            caps,
            odd_fen_received={}
            if step.ties == "id"
            else {c.claimant.subject: work.draft.odd_fen_of(c.claimant.subject) for c in claims},
            unit_fen=step.rounding.unit_fen,
            leftover_to=_party(work, step.rounding.leftover_to, claims),
            method=step.rounding.method,
        )
    except BoundsConflict as clash:
        raise OwnerRefused(conflict(clash, step.place, work.sight.owner)) from clash
    out = _book(work, part, step, name, claims=claims, shares=shares, amount=amount)
    work.draft.passed(name, Text(step.line), part.titles, before=part.rest, after=part.rest - out)
    return part.less(out)


def _party(work: Work, name: str, claims: list[Claim]) -> str:
    """Who takes the balance: a claimant of the split, else an account: declared, of a subject, or a reserve."""
    if not name or any(claim.claimant.subject == name for claim in claims):
        return name
    subject = work.roster.at(name, work.sight.period) if name not in work.accounts else None
    if subject is None:
        return work.account(name)
    return accounts.person(name) if subject.level == "person" else accounts.institution(name)


def claims_of(work: Work, part: Part, step: Apportion) -> list[Claim]:
    """Every claimant's claim; one that cannot be computed is held at the mean of the others."""
    names = part.names(work)
    claims = [_claim(work, claimant, step, names) for claimant in part.claimants]
    known = [claim.weight for claim in claims if claim.value is not None and claim.bounded]
    missing = [claim for claim in claims if claim.value is None]
    for claim in missing:
        work.draft.issues.append(_set_aside(claim, step))
    if missing and not known:
        raise OwnerRefused(
            refused(
                "no-claim-computed",
                (step.place, work.sight.owner),
                Text(f"{len(missing)} 个分配权都算不出", f"none of {len(missing)} claims can be computed"),
                Text("至少一个分配权", "at least one claim"),
                Text("补报缺少的数据", "report what is missing"),
            )
        )
    if missing:
        mean = round_to(sum(known, Fraction(0)) / len(known), CLAIM_DIGITS)
        node = Node("mean", mean, (), Text(f"其余 {len(known)} 人分配权的平均", f"mean of {len(known)} other claims"))
        claims = [replace(claim, node=node, value=mean) if claim.value is None else claim for claim in claims]
    return claims


def _claim(work: Work, claimant: Claimant, step: Apportion, names: Locals) -> Claim:
    if claimant.forfeits:
        note = Text("一票否决,取消本次绩效", "a veto took the pay")
        return Claim(claimant, _zero(note), Fraction(0), "forfeited", note)
    posts = [post for post in claimant.posts if not post.gated.zh]
    if not posts:
        note = claimant.posts[0].gated
        return Claim(claimant, _zero(note), Fraction(0), "gated", note)
    nodes, stood_in = list[Node](), False
    for post in posts:
        seen = work.sight.of_claimant(step.by, claimant, post, names)
        stood_in = stood_in or seen.stood_in
        if post.doubt.zh:
            return Claim(claimant, seen.node, None, "held", post.doubt)
        if isinstance(seen.node.value, Absent):
            return Claim(claimant, seen.node, None, "held", why_absent(seen.node.value))
        nodes.append(_for_days(seen.node, post))
    exact = sum((value for node in nodes if isinstance(value := node.value, Fraction)), Fraction(0))
    if exact < 0:
        return Claim(claimant, nodes[0], None, "held", Text("分配权为负数", "a claim below zero"))
    node = nodes[0] if len(nodes) == 1 else Node("+", exact, tuple(nodes))
    value = round_to(exact, CLAIM_DIGITS)
    if value != exact:
        node = Node("round", value, (node, Node("number", Fraction(CLAIM_DIGITS))))
    if exact and not value:
        note = Text(f"分配权太小,{CLAIM_DIGITS} 位小数内为 0", f"a claim that is 0 at {CLAIM_DIGITS} digits")
        work.draft.issues.append(_set_aside(Claim(claimant, node, None, "paid", note), step))
    note = Text("得分未到,暂留", "held until the score comes") if stood_in else NO_TEXT
    return Claim(claimant, node, value, "held" if stood_in else "paid", note)


def _for_days(node: Node, post: Post) -> Node:
    """The claim of one post for its days of the period."""
    if post.share == 1 or not isinstance(node.value, Fraction):
        return node
    return Node("*", node.value * post.share, (node, post.in_post._replace(label=_IN_POST)))


def _zero(why: Text) -> Node:
    return Node("policy", Fraction(0), (), why)


def _set_aside(claim: Claim, step: Apportion) -> Issue:
    held = claim.value is None and claim.status == "held"
    return problem(
        "claim-held" if held else "claim-rounds-to-zero",
        (step.place, claim.claimant.subject),
        Text(f"{step.line}:{claim.note.zh}", f"{step.line}: {claim.note.in_lang('en')}"),
        Text("能算出的分配权", "a claim that can be computed"),
        Text("份额按其余人员的平均暂留,补报后结清", "held at the mean of the others until it is mended")
        if held
        else None,
        severity="warning",
    )


def _amount(work: Work, part: Part, step: Apportion) -> Money:
    if step.amount is None:
        return part.rest
    node = work.sight.of_owner(step.amount, part.names(work))
    if isinstance(node.value, Fraction):
        amount = money_from_yuan(node.value)
        if min(part.rest, ZERO) <= amount <= max(part.rest, ZERO):
            return amount
        found = Text(
            f"要分配 {yuan(amount)} 元,余 {yuan(part.rest)} 元", f"{yuan(amount)} yuan of {yuan(part.rest)} left"
        )
    else:
        found = why_absent(node.value) if isinstance(node.value, Absent) else Text("不是数字", "not a number")
    raise OwnerRefused(
        refused(
            "amount-over-rest",
            (step.place, work.sight.owner),
            found,
            Text("不超过余额的金额", "an amount within what is left"),
            Text(f"检查“{step.line}”的 amount", f"look at the amount of {step.line}"),
        )
    )


def _bounds(
    work: Work, formula: Formula | None, step: Apportion, names: Locals, *, claims: list[Claim], mode: Rounding
) -> dict[str, Money]:
    """Floors (rounded up) or caps (rounded down), seen from the last post of each claimant in the part."""
    if formula is None:
        return {}
    found: dict[str, Money] = {}
    for claim in claims:
        if not claim.bounded:
            continue
        claimant = claim.claimant
        seen = work.sight.of_claimant(formula, claimant, whole_post(claimant), names)
        if seen.number is not None:
            toward = mode if seen.number >= 0 else (Rounding.DOWN if mode is Rounding.UP else Rounding.UP)
            found[claimant.subject] = money_from_yuan(seen.number, toward)
        else:
            why = why_absent(seen.node.value) if isinstance(seen.node.value, Absent) else NO_TEXT
            work.draft.issues.append(
                problem(
                    "bound-not-computed",
                    (step.place, claimant.subject),
                    Text(f"{step.line}:{why.zh}", f"{step.line}: {why.in_lang('en')}"),
                    Text("能算出的保底或封顶", "a floor or cap that can be computed"),
                    Text("本次按没有保底、封顶分配", "shared without it this time"),
                    severity="warning",
                )
            )
    return found


def whole_post(claimant: Claimant) -> Post:
    """The claimant's last post here, with the days of all its posts together (at most the whole period)."""
    last = claimant.posts[-1]
    if len(claimant.posts) == 1:
        return last
    together = min(sum((post.share for post in claimant.posts), Fraction(0)), Fraction(1))
    return replace(last, in_post=last.in_post._replace(value=together, inputs=()))


def _book(
    work: Work,
    part: Part,
    step: Apportion,
    name: str,
    *,
    claims: list[Claim],
    shares: dict[str, Share],
    amount: Money,
) -> Money:
    """One entry a claimant, and one for a party that takes the balance; returns what left the part."""
    by_subject = {claim.claimant.subject: claim for claim in claims}
    held_fen = sum(share.amount.fen for share in shares.values() if share.bound)
    unit = step.rounding.unit_fen
    whole = Money((abs(amount.fen) // unit * unit) * (1 if amount.fen >= 0 else -1) - held_fen)
    free = sum(
        (by_subject[s].weight for s, share in shares.items() if not share.bound and s in by_subject), Fraction(0)
    )
    everybody = sum((claim.weight for claim in claims), Fraction(0))
    taking_part = sum(1 for claim in claims if claim.weight)
    out = 0
    for subject, share in shares.items():
        out += share.amount.fen
        claim = by_subject.get(subject)
        if claim is None:
            note = Text(
                f"{step.line}:取整余额 {yuan(share.amount)} 元", f"{step.line}: balance {yuan(share.amount)} yuan"
            )
            work.draft.move(name, step.line, share.amount, to=subject, explanation=note)
            continue
        working = Working(
            part=part.titles,
            part_amount=amount,
            claim=claim.node,
            claims_sum=everybody,
            claimants=taking_part,
            quota=share.quota,
            floor=share.amount if share.bound == "floor" else None,
            cap=share.amount if share.bound == "cap" else None,
            odd_fen=share.odd_fen,
            free_amount=whole,
            free_claims=free,
            method=step.rounding.method,
        )
        said = share_sentence(part.words, claim.weight, share, working)
        work.draft.move(
            name,
            step.line,
            share.amount,
            to=claim.account,
            explanation=_with_note(said, claim.note),
            working=working,
            claimant=subject,
            status=claim.status,
        )
    return Money(out)


def _with_note(said: Text, note: Text) -> Text:
    if not note.zh:
        return said
    return Text(f"{said.zh}({note.zh})", f"{said.in_lang('en')} ({note.in_lang('en')})")


def _nobody(work: Work, part: Part, step: Apportion, name: str, *, claims: list[Claim], amount: Money) -> Part:
    """Nobody has a claim: the amount stays for a later remainder, else the owner is refused."""
    found = Text(f"{len(claims)} 个分配对象,没有分配权大于 0 的", f"{len(claims)} claimants, none with a claim above 0")
    expected = Text("至少一个分配权大于 0", "at least one claim above 0")
    if amount and not part.spare:
        hint = Text(
            "检查分配范围、门槛和出勤,或加一步 remainder", "look at scope, gates and attendance, or add a remainder"
        )
        raise OwnerRefused(refused("nobody-eligible", (step.place, work.sight.owner), found, expected, hint))
    if amount:
        stays = Text(f"{yuan(amount)} 元留给后面的 remainder", f"{yuan(amount)} yuan stay for the remainder")
        issue = problem("nobody-eligible", (step.place, work.sight.owner), found, expected, stays, severity="warning")
        work.draft.issues.append(issue)
    for claim in claims:
        said = Text("没有分配权,得 0.00 元", "no claim: 0.00 yuan")
        work.draft.move(
            name,
            step.line,
            ZERO,
            to=claim.account,
            explanation=_with_note(said, claim.note),
            claimant=claim.claimant.subject,
            status=claim.status,
        )
    work.draft.passed(name, Text(step.line), part.titles, before=part.rest, after=part.rest)
    return part
