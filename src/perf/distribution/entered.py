"""The step `entered`: a pool that its head splits, held against stated limits; who deviates from the formula is told."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from perf.distribution.apportion import Share
from perf.distribution.booking import OwnerRefused
from perf.distribution.claimants import NO_TEXT, Claimant, whole_post
from perf.distribution.claims import CLAIM_DIGITS, Claim, claims_of
from perf.distribution.dues import noted
from perf.distribution.parts import Part, Work
from perf.distribution.shares import book_shares, bounds_of, nobody, share_out, shares_of
from perf.distribution.sight import Claims, Seen
from perf.distribution.wording import amount_sentence, named, number_text, problem, why_absent, yuan
from perf.formulas.nodes import Absent, Node
from perf.kernel.figures import percent_text
from perf.kernel.issues import Issue, Severity
from perf.kernel.money import ZERO, Money, money_from_yuan, total
from perf.kernel.rounding import Rounding, round_to
from perf.kernel.text import Text
from perf.specs.money_models import Entered

_FORFEITED = Text("一票否决,取消本次绩效", "a veto took the pay")
_FELL_BACK = Text("录入不合限制,按公式分配", "what was entered breaks a limit: split by the formula")
_DEVIATION_DIGITS = 3
"""Of the ratio by which an amount deviates, as told."""


@dataclass(frozen=True, slots=True)
class _Usual:
    """What the usual formula gives; `refused`: why it gives nothing. `issues`: what it had to say on the way."""

    claims: tuple[Claim, ...] = ()
    shares: Mapping[str, Share] | None = None
    issues: tuple[Issue, ...] = ()
    refused: OwnerRefused | None = None


def entered_step(work: Work, part: Part, step: Entered, name: str) -> Part:
    """Book what was entered where every limit holds; else refuse the owner or fall back to the formula, visibly."""
    if not part.rest:
        return part
    usual = _usual(work, part, step)
    claims, breaks = _entered(work, part, step)
    pool_step = step.apportioned(step.entry)
    if not any(claim.bounded for claim in claims):
        return nobody(work, part, pool_step, name, claims=claims, amount=part.rest)
    shares: Mapping[str, Share] | None = None
    if not breaks:
        shares = _shares(work, part, step, claims)
        breaks = _broken(work, part, step, claims, {who: share.amount for who, share in shares.items()})
    if breaks or shares is None:
        return _break(work, part, step, name, usual, breaks)
    notes = _deviations(work, step, claims, shares, usual)
    claims = [replace(claim, note=notes.get(claim.claimant.subject, claim.note)) for claim in claims]
    if step.weight is not None:
        bare = replace(pool_step, floor=None, cap=None)
        return book_shares(work, part, bare, name, claims=claims, shares=dict(shares), amount=part.rest)
    return _book_amounts(work, part, step, name, claims, shares)


def _usual(work: Work, part: Part, step: Entered) -> _Usual:
    """The shares by the formula; what it reports is kept back until it counts."""
    if step.expected is None:
        return _Usual()
    standard, told = step.apportioned(step.expected), len(work.draft.issues)
    claims = list[Claim]()
    try:
        claims = claims_of(work, part, standard)
        has_claims = any(claim.weight for claim in claims)
        shares = shares_of(work, part, standard, claims, part.rest) if has_claims else None
        return _Usual(tuple(claims), shares, tuple(work.draft.issues[told:]))
    except OwnerRefused as stop:
        return _Usual(tuple(claims), None, (), stop)
    finally:
        del work.draft.issues[told:]


def _entered(work: Work, part: Part, step: Entered) -> tuple[list[Claim], list[Issue]]:
    """What was entered for each claimant (yuan or points), own shares by their formula, and what is wrong with it."""
    found, missing, unfit = dict[str, Claim](), list[str](), list[str]()
    own = list[Claimant]()
    for claimant in part.claimants:
        claim = _shut_out(claimant)
        if claim is None:
            is_own = _is_own(work, part, step, claimant)
            if is_own is True:
                own.append(claimant)
                continue
            seen = work.sight.of_claimant(step.entry, claimant, whole_post(claimant), part.names(work))
            claim = _claim(step, claimant, seen)
            if isinstance(is_own, Absent) or claim.value is None:
                missing.append(claimant.subject)
            elif not _is_fit(step, claim.value):
                unfit.append(claimant.subject)
        found[claimant.subject] = claim
    beside = {who: claim.node for who, claim in found.items() if claim.bounded and claim.value is not None}
    for claimant in own:
        claim = _own(work, part, step, claimant, beside)
        found[claimant.subject] = claim
        if claim.value is None:
            missing.append(claimant.subject)
        elif not _is_fit(step, claim.value):
            unfit.append(claimant.subject)
    breaks = [*_missing(work, step, missing), *_unfit(work, part, step, unfit)]
    return [found[c.subject] for c in part.claimants], breaks


def _shut_out(claimant: Claimant) -> Claim | None:
    """A claim of nothing for whom a veto or a gate leaves nothing to be entered."""
    if claimant.forfeits:
        return Claim(claimant, Node("policy", Fraction(0), (), _FORFEITED), Fraction(0), "forfeited", _FORFEITED)
    if all(post.gated.zh for post in claimant.posts):
        note = claimant.posts[0].gated
        return Claim(claimant, Node("policy", Fraction(0), (), note), Fraction(0), "gated", note)
    return None


def _is_own(work: Work, part: Part, step: Entered, claimant: Claimant) -> bool | Absent:
    if step.own is None:
        return False
    return work.sight.holds(step.own.where, claimant, whole_post(claimant), part.names(work))


def _claim(step: Entered, claimant: Claimant, seen: Seen) -> Claim:
    if seen.number is None:
        why = why_absent(seen.node.value) if isinstance(seen.node.value, Absent) else NO_TEXT
        return Claim(claimant, seen.node, None, "paid", why)
    value, node = seen.number, seen.node
    if step.weight is not None and (rounded := round_to(value, CLAIM_DIGITS)) != value:
        node = Node("round", rounded, (node, Node("number", Fraction(CLAIM_DIGITS))))
        value = rounded
    return Claim(claimant, node, value, "held" if seen.stood_in else "paid")


def _own(work: Work, part: Part, step: Entered, claimant: Claimant, beside: Claims) -> Claim:
    """The share of somebody who may not enter his own; what was entered for him all the same does not count."""
    assert step.own is not None  # noqa: S101 - asked by the caller
    post, names = whole_post(claimant), part.names(work)
    claim = _claim(step, claimant, work.sight.of_claimant(step.own.gets, claimant, post, names, beside))
    if step.amount is not None and claim.value is not None:
        claim = replace(claim, value=money_from_yuan(claim.value).yuan)
    given = work.sight.of_claimant(step.entry, claimant, post, names).number
    if given is not None and claim.value is not None and given != claim.value:
        work.draft.issues.append(
            problem(
                "entered-own-ignored",
                (step.place, claimant.subject),
                Text(f"“{step.line}”为本人录入了份额", f"{step.line}: something was entered for the head's own share"),
                Text("本人的份额按规则的公式", "the own share by the formula of the rule"),
                Text("录入的不用;改为与公式一致,或不填", "it does not count; leave it empty"),
                severity="warning",
            )
        )
    return claim


def _is_fit(step: Entered, value: Fraction) -> bool:
    """Not below zero; of amounts: whole fen."""
    return value >= 0 and (step.weight is not None or (value * 100).denominator == 1)


def _shares(work: Work, part: Part, step: Entered, claims: list[Claim]) -> dict[str, Share]:
    """The amounts as entered, or the pool by the points."""
    if step.weight is not None and any(claim.weight for claim in claims):
        bare = replace(step.apportioned(step.weight), floor=None, cap=None)
        return shares_of(work, part, bare, claims, part.rest)
    amounts = {claim.claimant.subject: money_from_yuan(claim.weight) for claim in claims}
    return {who: Share(amount, amount.fen, 1) for who, amount in amounts.items()}


# ---------------------------------------------------------------- limits


def _broken(work: Work, part: Part, step: Entered, claims: list[Claim], amounts: Mapping[str, Money]) -> list[Issue]:
    """Every limit that does not hold, each as one issue with the names of those concerned."""
    found = list[Issue]()
    asked, about = total(amounts.values()), (step.place, work.sight.owner)
    if asked != part.rest and (step.weight is None or not asked):
        gap = yuan(Money(abs(asked.fen - part.rest.fen)))
        way = Text("多", "too much") if asked > part.rest else Text("少", "too little")
        found.append(
            problem(
                "entered-sum",
                about,
                Text(f"“{step.line}”录入合计 {yuan(asked)} 元", f"{step.line}: {yuan(asked)} yuan entered together"),
                Text(
                    f"等于可分配的 {yuan(part.rest)} 元,现在{way.zh} {gap} 元",
                    f"the {yuan(part.rest)} yuan of the pool; it is {gap} yuan {way.in_lang('en')}",
                ),
                Text("核对录入的金额", "look at the amounts"),
                severity="error",
            )
        )
    found += _outside(work, part, step, claims, amounts, Rounding.UP)
    found += _outside(work, part, step, claims, amounts, Rounding.DOWN)
    return [*found, *_spread(work, step, claims, amounts)]


def _outside(
    work: Work, part: Part, step: Entered, claims: list[Claim], amounts: Mapping[str, Money], mode: Rounding
) -> Iterable[Issue]:
    """Who is below the floor (rounded up) or over the cap (rounded down)."""
    is_floor = mode is Rounding.UP
    formula, names = step.floor if is_floor else step.cap, part.names(work)
    bounds = bounds_of(work, formula, step.apportioned(step.entry), names, claims=claims, mode=mode)
    off = [w for w, bound in bounds.items() if (amounts[w] < bound if is_floor else amounts[w] > bound)]
    if off:
        zh, en = ("低于保底", "below the floor") if is_floor else ("高于封顶", "over the cap")
        who = named(off)
        yield problem(
            "entered-below-floor" if is_floor else "entered-over-cap",
            (step.place, work.sight.owner),
            Text(f"“{step.line}”{len(off)} 人{zh}:{who.zh}", f"{step.line}: {len(off)} {en}: {who.in_lang('en')}"),
            Text("每人都在保底和封顶之间", "everybody between floor and cap"),
            Text("调整录入的金额", "change what was entered"),
            severity="error",
        )


def _spread(work: Work, step: Entered, claims: list[Claim], amounts: Mapping[str, Money]) -> Iterable[Issue]:
    """The ratio of the largest amount to the smallest or to the mean, among those in post for the whole period."""
    if step.spread is None:
        return
    whole = [c for c in claims if c.bounded and whole_post(c.claimant).share == 1]
    sizes = [amounts[c.claimant.subject].yuan for c in whole]
    if len(sizes) < 2:
        return
    least = min(sizes) if step.spread.of == "max_min" else sum(sizes, Fraction(0)) / len(sizes)
    ratio = max(sizes) / least if least else None
    low, high = step.spread.at_least, step.spread.at_most
    is_low = low is not None and ratio is not None and ratio < low
    is_high = high is not None and (ratio is None or ratio > high)
    if not is_low and not is_high:
        return
    zh, en = ("极差比", "largest ÷ smallest") if step.spread.of == "max_min" else ("最高与平均之比", "largest ÷ mean")
    shown = Text("无穷大(有人为 0)", "infinite (somebody gets 0)") if ratio is None else Text(number_text(ratio))
    limit = low if is_low else high
    bound = number_text(limit if limit is not None else Fraction(1))
    yield problem(
        "entered-spread",
        (step.place, work.sight.owner),
        Text(f"“{step.line}”{zh} {shown.zh}", f"{step.line}: {en} {shown.in_lang('en')}"),
        Text(f"不{'小' if is_low else '大'}于 {bound}", f"at {'least' if is_low else 'most'} {bound}"),
        Text("按贡献拉开或缩小差距后重新录入", "enter amounts that lie further apart or closer together"),
        severity="error",
    )


def _missing(work: Work, step: Entered, who: list[str]) -> Iterable[Issue]:
    if who:
        people = named(who)
        yield problem(
            "entered-missing",
            (step.place, work.sight.owner),
            Text(
                f"“{step.line}”{len(who)} 人没有录入:{people.zh}",
                f"{step.line}: nothing entered for {len(who)}: {people.in_lang('en')}",
            ),
            Text("每人一个数,不分的填 0", "a figure for everybody, 0 for nothing"),
            Text("补报后重算", "report it and run again"),
            severity="error",
        )


def _unfit(work: Work, part: Part, step: Entered, who: list[str]) -> Iterable[Issue]:
    if part.rest < ZERO:
        yield problem(
            "entered-unfit",
            (step.place, work.sight.owner),
            Text(f"“{step.line}”可分配额为负", f"{step.line}: a pool below zero"),
            Text("大于 0 的可分配额", "a pool above zero"),
            Text("要扣回时按公式分摊", "share a claw-back by a formula"),
            severity="error",
        )
    if who:
        people = named(who)
        yield problem(
            "entered-unfit",
            (step.place, work.sight.owner),
            Text(
                f"“{step.line}”{len(who)} 人的录入为负或不足一分:{people.zh}",
                f"{step.line}: below zero or not whole fen for {len(who)}: {people.in_lang('en')}",
            ),
            Text("不小于 0、到分的金额(或不小于 0 的点数)", "amounts in whole fen, or points, from 0 on"),
            Text("改正后重算", "mend them and run again"),
            severity="error",
        )


# ---------------------------------------------------------------- what becomes of it


def _break(work: Work, part: Part, step: Entered, name: str, usual: _Usual, breaks: Sequence[Issue]) -> Part:
    """Refuse with everything that is wrong, or split by the formula and say so on every line."""
    if step.on_break == "refuse" or step.expected is None:
        raise OwnerRefused(*breaks)
    if usual.refused is not None:
        raise OwnerRefused(*breaks, *usual.refused.issues)
    severity: Severity = "warning"
    work.draft.issues += [replace(issue, severity=severity) for issue in breaks]
    work.draft.issues += usual.issues
    work.draft.issues.append(
        problem(
            "entered-fell-back",
            (step.place, work.sight.owner),
            Text(f"“{step.line}”没有采用录入,按公式分配", f"{step.line}: split by the formula, not as entered"),
            Text("合乎全部限制的录入", "entries within all limits"),
            Text("改正录入后重算", "mend what was entered and run again"),
            severity=severity,
        )
    )
    claims = [replace(c, note=c.note if c.note.zh else _FELL_BACK) for c in usual.claims]
    return share_out(work, part, step.apportioned(step.expected), name, claims, part.rest)


def _deviations(
    work: Work, step: Entered, claims: list[Claim], shares: Mapping[str, Share], usual: _Usual
) -> dict[str, Text]:
    """A remark for everybody who gets something else than by the formula; told without amounts of anybody."""
    notes = dict[str, Text]()
    for claim in claims:
        who = claim.claimant.subject
        if usual.shares is None or not claim.bounded or who not in usual.shares:
            continue
        by_formula, got = usual.shares[who].amount, shares[who].amount
        if by_formula == got:
            continue
        gap = got - by_formula
        sign = "+" if gap > ZERO else ""
        notes[who] = Text(
            f"按公式 {yuan(by_formula)} 元,相差 {sign}{yuan(gap)} 元",
            f"{yuan(by_formula)} yuan by the formula, {sign}{yuan(gap)}",
        )
        work.draft.issues.append(_deviates(step, who, by_formula, gap))
    return notes


def _deviates(step: Entered, who: str, by_formula: Money, gap: Money) -> Issue:
    ratio = round_to(abs(gap.yuan) / by_formula.yuan, _DEVIATION_DIGITS) if by_formula else None
    size = percent_text(ratio) if ratio is not None else ""
    more = gap > ZERO
    zh = f"比公式{'多' if more else '少'} {size}" if size else "公式为 0,录入不为 0"
    en = f"{size} {'more' if more else 'less'} than by the formula" if size else "something where the formula gives 0"
    return problem(
        "entered-deviates",
        (step.place, who),
        Text(f"“{step.line}”{zh}", f"{step.line}: {en}"),
        Text("与公式一致,或知悉", "as by the formula, or to be known"),
        Text("金额见该人的说明", "the amounts stand in the explanation"),
        severity="info",
    )


def _book_amounts(
    work: Work, part: Part, step: Entered, name: str, claims: list[Claim], shares: Mapping[str, Share]
) -> Part:
    """One entry a claimant, as entered."""
    out = ZERO
    for claim in claims:
        amount = shares[claim.claimant.subject].amount
        out += amount
        said = noted(amount_sentence(Text(step.line), claim.node, amount), claim.note)
        work.draft.move(
            name,
            step.line,
            amount,
            to=claim.account,
            explanation=said,
            claimant=claim.claimant.subject,
            status=claim.status,
        )
    work.draft.passed(name, Text(step.line), part.titles, before=part.rest, after=part.rest - out)
    return part.less(out)
