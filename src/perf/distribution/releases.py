"""The steps `hold` and `release`: shares kept back for each claimant, and set free again."""

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction

from perf.distribution import accounts
from perf.distribution.booking import KeptBack, OwnerRefused
from perf.distribution.claimants import NO_TEXT, Claimant, whole_post
from perf.distribution.dues import NOTHING, Line, noted, over_rest, speaking_post, standing
from perf.distribution.parts import Part, Work
from perf.distribution.sight import Locals
from perf.distribution.wording import NAMED_MAX, amount_sentence, problem, refused, why_absent, yuan
from perf.formulas.arithmetic import number, times
from perf.formulas.nodes import Absent, Node
from perf.kernel.issues import Issue
from perf.kernel.money import ZERO, Money, money_from_yuan, total
from perf.kernel.text import Text
from perf.specs.models import Hold
from perf.specs.reserve_models import HELD, REST, Release


def hold_step(work: Work, part: Part, step: Hold, name: str) -> Part:
    """Keep back a share of what each claimant got in this part so far, in `held:ID` or a reserve of its own."""
    got = _received(work, part)
    names = part.names(work)
    for claimant in part.claimants:
        received = Money(max(got.get(claimant.subject, 0), 0))
        post = whole_post(claimant)
        if step.where is not None and work.sight.holds(step.where, claimant, post, names) is False:
            continue
        seen = work.sight.of_claimant(step.share, claimant, post, names)
        if seen.number is None or not 0 <= seen.number <= 1:
            raise OwnerRefused(_no_share(work, step, claimant, seen.node))
        kept = _kept(work, part, step, claimant.subject, seen.number, received)
        node = Node("*", kept.yuan, (number(received.yuan, "yuan"), number(seen.number, "percent")))
        work.draft.move(
            name,
            step.line,
            kept,
            to=accounts.reserve(step.to, claimant.subject) if step.to else accounts.held(claimant.subject),
            explanation=amount_sentence(Text(f"{step.line}暂留", f"{step.line} held back"), node, kept),
            source=claimant.account,
            claimant=claimant.subject,
            status="held",
        )
    return part


def _kept(work: Work, part: Part, step: Hold, subject: str, share: Fraction, received: Money) -> Money:
    """The share to the fen; with what earlier holds of the part kept back at most what was received.

    Raises:
        OwnerRefused: shares of together more than 100% would keep back more than there is.
    """
    earlier = [one for one in work.draft.kept_back if one.claimant == subject and one.entry >= part.first_entry]
    exact = share * received.yuan
    if earlier and exact and share + sum(one.share for one in earlier) > 1:
        together = exact + sum(one.exact for one in earlier)
        if together > received.yuan:
            raise OwnerRefused(_over_received(step, subject, money_from_yuan(together), received))
    kept = money_from_yuan(exact)
    if earlier:
        kept = max(min(kept, received - total(one.booked for one in earlier)), ZERO)
    work.draft.kept_back.append(KeptBack(len(work.draft.entries), subject, share, exact, kept))
    return kept


def _received(work: Work, part: Part) -> dict[str, int]:
    """Claimant -> fen that reached its account in this part, less what was taken from it."""
    own = {claimant.subject: claimant.account for claimant in part.claimants}
    got: dict[str, int] = {}
    for entry in work.draft.entries[part.first_entry :]:
        if entry.claimant and entry.status == "paid":
            account = own.get(entry.claimant)
            sign = (entry.target == account) - (entry.source == account)
            got[entry.claimant] = got.get(entry.claimant, 0) + sign * entry.amount.fen
    return got


def _no_share(work: Work, step: Hold, claimant: Claimant, node: Node) -> Issue:
    found = why_absent(node.value) if isinstance(node.value, Absent) else Text("不在 0 到 1 之间", "not from 0 to 1")
    return refused(
        "hold-not-computed",
        (step.place, work.sight.owner),
        Text(f"{claimant.subject}:{found.zh}", f"{claimant.subject}: {found.in_lang('en')}"),
        Text("0% 到 100% 的暂留比例", "a share from 0% to 100%"),
        Text("检查 hold 的 share", "look at the share of hold"),
    )


def _over_received(step: Hold, subject: str, together: Money, received: Money) -> Issue:
    return refused(
        "holds-over-received",
        (step.place, subject),
        Text(
            f"几次暂留合计 {yuan(together)} 元,这一部分只得到 {yuan(received)} 元",
            f"all holds together keep back {yuan(together)} yuan of the {yuan(received)} yuan received in this part",
        ),
        Text("合计不超过得到的金额", "together no more than what was received"),
        Text(
            "降低 hold 的 share:每一次都按得到的全部金额计,不是按上一次暂留后剩下的",
            "lower the shares: each is of all that was received, not of what the hold before left",
        ),
    )


@dataclass(frozen=True, slots=True)
class _Freed:
    """What is kept for a claimant, and the share of it that is set free."""

    claimant: Claimant
    account: str
    kept: Money
    share: Node
    note: Text = NO_TEXT

    @property
    def ratio(self) -> Fraction:
        """The share, not negative."""
        return self.share.value if isinstance(self.share.value, Fraction) else Fraction(0)

    @property
    def asked(self) -> Money:
        """The share of what is kept, to the fen."""
        return money_from_yuan(self.kept.yuan * self.ratio)


def release_step(work: Work, part: Part, step: Release, name: str) -> Part:
    """Pay each claimant its share of what is kept for it; the rest stays, is forfeited, or comes back to the fund."""
    names = part.names(work)
    freed = [one for claimant in part.claimants if (one := _freed(work, claimant, step, names)) is not None]
    if not part.titles:
        _tell_left_behind(work, part, step)
    if not any(_kept_for(work, step, claimant) > ZERO for claimant in part.claimants):
        work.draft.issues.append(_empty(work, step))
    extra = total(max(one.asked - one.kept, ZERO) for one in freed)
    if extra > ZERO and step.extra == "refuse":
        raise OwnerRefused(_too_much(work, step, [one for one in freed if one.asked > one.kept]))
    back = _book(work, step, name, freed)
    if extra > max(part.rest + back, ZERO):
        raise over_rest(work, Line(step.extra_line, step.place), extra, part.rest + back)
    out = extra - back
    work.draft.passed(name, Text(step.line), part.titles, before=part.rest, after=part.rest - out)
    return part.less(out)


def _kept_for(work: Work, step: Release, claimant: Claimant) -> Money:
    return work.draft.balance(_account(step, claimant.subject))


def _account(step: Release, subject: str) -> str:
    return accounts.held(subject) if step.source == HELD else accounts.reserve(step.source, subject)


def _freed(work: Work, claimant: Claimant, step: Release, names: Locals) -> _Freed | None:
    """None: there is nothing, it is not for this claimant, or its share cannot be told (yet) and all of it stays."""
    account, kept, post = _account(step, claimant.subject), _kept_for(work, step, claimant), speaking_post(claimant)
    if post is None or kept <= ZERO:
        return None
    meant = True if step.where is None else work.sight.holds(step.where, claimant, post, names)
    if isinstance(meant, Absent):
        work.draft.issues.append(_unclear(claimant, step, why_absent(meant)))
        return None
    if not meant:
        return None
    status, note = standing(claimant, post)
    if status != "paid":
        return _Freed(claimant, account, kept, NOTHING._replace(unit="percent"), note)
    seen = work.sight.of_claimant(step.share, claimant, post, names)
    if seen.stood_in:
        return None  # the score that is missing is told already
    if seen.number is None or seen.number < 0:
        absent = seen.node.value
        why = why_absent(absent) if isinstance(absent, Absent) else Text("比例低于 0", "a share below 0")
        work.draft.issues.append(_unclear(claimant, step, why))
        return None
    shown = seen.node if seen.node.unit or seen.node.inputs else seen.node._replace(unit="percent")
    return _Freed(claimant, account, kept, shown)


def _book(work: Work, step: Release, name: str, freed: Iterable[_Freed]) -> Money:
    """One entry for what is set free, one for what comes on top, one for what is forfeited; the sum that came back."""
    back = ZERO
    for one in freed:
        asked, subject, own = one.asked, one.claimant.subject, one.claimant.account
        node = times(number(one.kept.yuan, "yuan"), one.share)._replace(unit="yuan")
        said = noted(amount_sentence(Text(step.line), node, asked), one.note)
        paid = min(asked, one.kept)
        work.draft.move(name, step.line, paid, to=own, explanation=said, source=one.account, claimant=subject)
        if asked > one.kept:
            more = minus_text(asked, one.kept)
            work.draft.move(name, step.extra_line, asked - one.kept, to=own, explanation=more, claimant=subject)
        lost = one.kept - paid
        if lost > ZERO and step.forfeited_to:
            is_back = step.forfeited_to == REST
            to = work.draft.fund if is_back else work.account(step.forfeited_to)
            said, line = _forfeited(work, step, one.kept, paid), f"{step.line}·未兑现"
            work.draft.move(
                name, line, lost, to=to, explanation=said, source=one.account, claimant=subject, status="lost"
            )
            back += lost if is_back else ZERO
    return back


def minus_text(asked: Money, kept: Money) -> Text:
    """What a share above 100% adds."""
    more = yuan(asked - kept)
    return Text(
        f"超过 100% 的部分,由余额支付:{yuan(asked)} − {yuan(kept)} = {more} 元",
        f"above 100%, from what is left: {yuan(asked)} − {yuan(kept)} = {more} yuan",
    )


def _forfeited(work: Work, step: Release, kept: Money, paid: Money) -> Text:
    if step.forfeited_to == REST:
        to = Text("退回余额", "back to what is left")
    else:
        title = work.title(step.forfeited_to)
        to = Text(f"转入{title.zh}", f"to {title.in_lang('en')}")
    lost = yuan(kept - paid)
    return Text(
        f"{step.line}:没有兑现的部分{to.zh}:{yuan(kept)} − {yuan(paid)} = {lost} 元",
        f"{step.line} not released, {to.in_lang('en')}: {yuan(kept)} − {yuan(paid)} = {lost} yuan",
    )


def _unclear(claimant: Claimant, step: Release, why: Text) -> Issue:
    return problem(
        "release-not-computed",
        (step.place, claimant.subject),
        Text(f"{step.line}:{why.zh}", f"{step.line}: {why.in_lang('en')}"),
        Text("不小于 0% 的兑现比例", "a share of at least 0%"),
        Text("其预留原处不动;补报后再兑现", "it stays where it is; report what is missing and release it then"),
        severity="warning",
    )


def _empty(work: Work, step: Release) -> Issue:
    return problem(
        "release-empty",
        (step.place, work.sight.owner),
        Text(f"{step.line}:没有人有预留", f"{step.line}: nothing is kept for anybody"),
        Text("先前各期留下的金额", "what earlier periods kept back"),
        Text("核对账户名和期初余额", "check the name of the account and the opening balances"),
        severity="info",
    )


def _too_much(work: Work, step: Release, freed: list[_Freed]) -> Issue:
    named = [one.claimant.subject for one in freed[:NAMED_MAX]]
    count = len(freed)
    return refused(
        "release-over-reserve",
        (step.place, work.sight.owner),
        Text(
            f"{count} 个对象的兑现比例超过 100%({'、'.join(named)})",
            f"claimants with a share above 100%: {count} ({', '.join(named)})",
        ),
        Text("不超过其预留", "no more than what is kept"),
        Text("降低比例,或写 extra: rest 由余额支付", "lower the share, or say extra: rest"),
    )


def _tell_left_behind(work: Work, part: Part, step: Release) -> None:
    """Those of the owner who left: something is kept for them, and nobody claims it."""
    owner, period, roster = work.sight.owner, work.sight.period, work.roster
    here = {claimant.subject for claimant in part.claimants}
    prefix = _account(step, "")
    found = list[str]()
    for account, amount in work.draft.opening.items():
        subject = account.removeprefix(prefix)
        if not account.startswith(prefix) or subject in here or amount <= ZERO:
            continue
        parents = {segment.parent for segment in roster.all_segments(subject)}
        above = {roster.ancestor(parent, work.sight.rule.per, period) for parent in parents}
        if owner in parents | above:
            found.append(subject)
    for subject in sorted(found):
        work.draft.issues.append(
            problem(
                "release-left-behind",
                (step.place, subject),
                Text(f"{step.line}:不在本次分配对象中,仍有预留", f"{step.line}: no claimant, but something is kept"),
                Text("知悉", "to be known"),
                Text("离职的按制度作一次性兑现或核销", "settle or write off by an adjustment"),
                severity="warning",
            )
        )
