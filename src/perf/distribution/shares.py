"""The step `apportion`: bounds, shares to the fen, one entry a claimant."""

from fractions import Fraction

from perf.distribution import accounts
from perf.distribution.apportion import BoundsConflict, Share, apportion_bounded
from perf.distribution.booking import OwnerRefused
from perf.distribution.claimants import NO_TEXT, whole_post
from perf.distribution.claims import Claim, claims_of
from perf.distribution.models import Working
from perf.distribution.parts import Part, Work
from perf.distribution.sight import Locals
from perf.distribution.wording import conflict, left_by_caps, problem, refused, share_sentence, why_absent, yuan
from perf.formulas import Formula
from perf.formulas.nodes import Absent
from perf.kernel.money import ZERO, Money, money_from_yuan
from perf.kernel.rounding import Rounding
from perf.kernel.text import Text
from perf.specs.models import Apportion


def apportion_step(work: Work, part: Part, step: Apportion, name: str) -> Part:
    """Split what is left of the part (or `amount` of it) by the claims."""
    amount = _amount(work, part, step)
    return share_out(work, part, step, name, claims_of(work, part, step), amount)


def share_out(work: Work, part: Part, step: Apportion, name: str, claims: list[Claim], amount: Money) -> Part:
    """Split `amount` by claims that are known, and book it."""
    if not any(claim.weight for claim in claims):
        return nobody(work, part, step, name, claims=claims, amount=amount)
    shares = shares_of(work, part, step, claims, amount)
    return book_shares(work, part, step, name, claims=claims, shares=shares, amount=amount)


def shares_of(work: Work, part: Part, step: Apportion, claims: list[Claim], amount: Money) -> dict[str, Share]:
    """What each claimant gets of `amount`, within floors and caps; nothing is booked.

    Where everybody is at the cap and a later `remainder` takes what is over, the caps are the shares and that is told.
    """
    names = part.names(work)
    floors = bounds_of(work, step.floor, step, names, claims=claims, mode=Rounding.UP)
    caps = bounds_of(work, step.cap, step, names, claims=claims, mode=Rounding.DOWN)
    odd_fen = {c.claimant.subject: work.draft.odd_fen_of(c.claimant.subject) for c in claims}

    def split(whole: Money) -> dict[str, Share]:
        return apportion_bounded(
            whole,
            {claim.claimant.subject: claim.weight for claim in claims},
            floors,
            caps,
            odd_fen_received={} if step.ties == "id" else odd_fen,
            unit_fen=step.rounding.unit_fen,
            leftover_to=_party(work, step.rounding.leftover_to, claims),
            method=step.rounding.method,
        )

    about = (step.place, work.sight.owner)
    try:
        return split(amount)
    except BoundsConflict as clash:
        if clash.kind != "caps_under_fund" or not part.spare or amount < ZERO:
            raise OwnerRefused(conflict(clash, *about)) from clash
        work.draft.issues.append(left_by_caps(about, step.line, amount, clash.bound))
        capped = {claim.claimant.subject for claim in claims if claim.weight}
        return {
            who: share._replace(bound="cap") if who in capped else share for who, share in split(clash.bound).items()
        }


def _party(work: Work, name: str, claims: list[Claim]) -> str:
    """Who takes the balance: a claimant of the split, else an account: declared, of a subject, or a reserve."""
    if not name or any(claim.claimant.subject == name for claim in claims):
        return name
    subject = work.roster.at(name, work.sight.period) if name not in work.accounts else None
    if subject is None:
        return work.account(name)
    return accounts.person(name) if subject.level == "person" else accounts.institution(name)


def _amount(work: Work, part: Part, step: Apportion) -> Money:
    if step.amount is None:
        return part.rest
    node = work.sight.of_owner(step.amount, part.names(work))
    if isinstance(node.value, Fraction):
        amount = money_from_yuan(node.value)
        if min(part.rest, ZERO) <= amount <= max(part.rest, ZERO):
            return amount
        found = Text(
            f"要分配 {yuan(amount)} 元,余 {yuan(part.rest)} 元",
            f"{yuan(amount)} yuan to hand out, {yuan(part.rest)} left",
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


def bounds_of(
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


def book_shares(
    work: Work,
    part: Part,
    step: Apportion,
    name: str,
    *,
    claims: list[Claim],
    shares: dict[str, Share],
    amount: Money,
) -> Part:
    """One entry a claimant, and one for a party that takes the balance."""
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
        said = share_sentence(part.words, claim.weight, share, working) if work.draft.is_told else NO_TEXT
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
    work.draft.passed(name, Text(step.line), part.titles, before=part.rest, after=part.rest - Money(out))
    return part.less(Money(out))


def _with_note(said: Text, note: Text) -> Text:
    if not note.zh:
        return said
    return Text(f"{said.zh}({note.zh})", f"{said.in_lang('en')} ({note.in_lang('en')})")


def nobody(work: Work, part: Part, step: Apportion, name: str, *, claims: list[Claim], amount: Money) -> Part:
    """Nobody has a claim: the amount stays for a later remainder, else the owner is refused."""
    found = Text(
        f"{len(claims)} 个分配对象,没有分配权大于 0 的", f"claimants: {len(claims)}, none with a claim above 0"
    )
    if not claims:
        found = Text("没有分配对象", "no claimant at all")
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
