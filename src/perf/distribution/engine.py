"""Distributions over their owners: rules, roster, facts and scores in, a checked ledger out."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from functools import lru_cache
from types import MappingProxyType

from perf.distribution import accounts
from perf.distribution.accounts import balances, check_conserved
from perf.distribution.booking import Draft, OwnerRefused
from perf.distribution.claimants import Claimant, Post, owners, segments_below
from perf.distribution.dues import require_reserves
from perf.distribution.funding import open_fund
from perf.distribution.kept import Apart, Kept
from perf.distribution.models import CardFigures, Entry, Ledger, PathStep
from perf.distribution.paid import PaidBefore, Payments
from perf.distribution.parts import Part, Work, account_of, with_posts
from perf.distribution.shortage import bearable_fund, overdrawn_accounts
from perf.distribution.sight import Sight
from perf.distribution.standing import card_of, count_of, figures_of, stand_in, versions_in_force
from perf.distribution.steps import run_steps
from perf.distribution.wording import problem, refused, why_absent, yuan
from perf.formulas import references
from perf.formulas.nodes import Absent, Node
from perf.kernel.facts import Facts
from perf.kernel.issues import Issue
from perf.kernel.money import ZERO, Money, money_from_yuan
from perf.kernel.periods import Period
from perf.kernel.subjects import Roster, Segment
from perf.kernel.text import Text
from perf.specs.formulas_of import walk_steps
from perf.specs.lines import lines_of, lines_read
from perf.specs.models import Distribution, DistributionVersion, RuleBook
from perf.specs.named_values import names_needed
from perf.specs.order import distribution_order
from perf.specs.reserve_models import Schedule
from perf.specs.world import World

Totals = Mapping[tuple[str, str, Period], Node]
_NO_TOTALS: Totals = MappingProxyType({})
_NO_MONEY: Mapping[str, Money] = MappingProxyType({})
_NO_COUNTS: Mapping[str, int] = MappingProxyType({})
_NO_SCORES: Mapping[str, Fraction] = MappingProxyType({})
_NOTHING_PAID = PaidBefore()


@dataclass(slots=True)
class _Run:
    """What all owners share, and what has been booked so far."""

    book: RuleBook
    roster: Roster
    world: World
    period: Period
    cards: Mapping[tuple[str, str], CardFigures]
    last_scores: Mapping[str, Fraction]
    balances: dict[str, Money]
    odd_fen: dict[str, int]
    payments: Payments
    is_told: bool
    quotas: frozenset[str]
    entries: list[tuple[int, Entry]] = field(default_factory=list)
    path: list[PathStep] = field(default_factory=list)
    issues: list[Issue] = field(default_factory=list)
    failed: list[tuple[str, str]] = field(default_factory=list)
    below: dict[tuple[str, str], Mapping[str, list[Segment]]] = field(default_factory=dict)


def distribute(
    book: RuleBook,
    roster: Roster,
    facts: Facts,
    period: Period,
    distributions: Sequence[str],
    *,
    cards: Mapping[tuple[str, str], CardFigures],
    opening: Mapping[str, Money] = _NO_MONEY,
    odd_fen_received: Mapping[str, int] = _NO_COUNTS,
    last_scores: Mapping[str, Fraction] = _NO_SCORES,
    totals: Totals = _NO_TOTALS,
    paid: PaidBefore = _NOTHING_PAID,
    is_told: bool = True,
    kept: Kept | None = None,
) -> Ledger:
    """Hand out the money of `distributions` in `period`, in the order of their accounts.

    Args:
        book: All rules; a distribution without a version in force is an issue.
        roster: Owners, claimants and their segments.
        facts: Everything a formula may look at.
        period: A month, a quarter or a year.
        distributions: Codes, in any order, each once.
        cards: (scheme, subject) -> figures of its scorecard in this period.
        opening: Account -> balance before this run.
        odd_fen_received: Claimant -> odd fen received this year before this run, for ties.
        last_scores: Claimant -> last known score, for `hold_at(last)`.
        totals: (scheme, subject, period) -> total, of earlier periods too, for `score(scheme)@previous`.
        paid: What earlier runs paid, for `paid(line)`.
        is_told: False: only the figures are wanted; the sentences of claimants' shares and payments are left out.
        kept: What another run booked, taken over where it would be booked again; without issues, path and refusals.
    Returns:
        A ledger whose entries are numbered from 1 by (distribution, owner, step, line, target). An owner that cannot be
        served is in `failed` with its issues; none of its entries is there and its fund stays where it was.
    Raises:
        NotConserved: our own fault; money does not add up.
    """
    known = {(scheme, who, period): _total(scheme, card) for (scheme, who), card in cards.items()}
    world = World(book, roster, facts, {**totals, **known})
    wanted = [code for code in dict.fromkeys(distributions) if code in book.distributions]
    is_asked = any(lines_read(book.distributions[code]) for code in wanted)
    payments = Payments(paid, period, lines_of(book) if is_asked else {})
    quotas = frozenset(account.name for account in book.accounts.values() if account.kind == "quota")
    run = _Run(
        book,
        roster,
        world,
        period,
        cards,
        last_scores,
        dict(opening),
        dict(odd_fen_received),
        payments,
        is_told,
        quotas,
    )
    _hand_out(run, distribution_order(book, sorted(wanted)), None if kept is None else Apart(kept, roster))
    return _closed(run, opening)


def _hand_out(run: _Run, ordered: Sequence[str], apart: Apart | None) -> None:
    """All distributions for all their owners; `apart`: what is taken over from another run."""
    rules = {code: (run.book.distributions[code], run.book.distributions[code].version(run.period)) for code in ordered}
    if apart is not None:
        apart.without(code for code, (_, version) in rules.items() if version is not None)
    for place, (code, (rule, version)) in enumerate(rules.items()):
        if version is None:
            run.issues.append(_no_version(rule, run.period))
            continue
        for owner in owners(run.roster, rule.per, run.period):
            before = None if apart is None else apart.taken_over(code, owner)
            if before is not None:
                _take_over(run, place, before)
                continue
            count = len(run.entries)
            _serve(run, place, rule, version, owner)
            if apart is not None:
                apart.computed(code, owner, [entry for _, entry in run.entries[count:]])


def _take_over(run: _Run, place: int, entries: Sequence[Entry]) -> None:
    """Book what was booked before."""
    if not entries:
        return
    run.entries.extend((place, entry) for entry in entries)
    run.payments.keep(entries)
    touched = {account for entry in entries for account in (entry.source, entry.target)}
    run.balances.update(balances(entries, {one: run.balances[one] for one in touched & run.balances.keys()}))
    for entry in entries:
        if entry.working is not None and entry.working.odd_fen:
            run.odd_fen[entry.claimant] = run.odd_fen.get(entry.claimant, 0) + entry.working.odd_fen


def _serve(run: _Run, place: int, rule: Distribution, version: DistributionVersion, owner: str) -> None:
    """One distribution for one owner: all of it or nothing."""
    draft = Draft(rule.code, owner, run.period, rule.ref(version), run.balances, run.odd_fen, run.is_told, run.quotas)

    def balance(name: str) -> Node:
        account = account_of(run.book.accounts, run.roster, name, owner, run.period)
        declared = run.book.accounts.get(name)
        title = declared.title if declared is not None else Text(name)
        return Node("balance", draft.balance(account).yuan, (), title, unit="yuan")

    try:
        paid = run.payments.beside(draft.entries)
        sight = Sight(run.world, rule, version, owner=owner, period=run.period, balance=balance, paid=paid)
        claimants = _claimants(run, draft, rule, version, sight)
        if not _distribute(run, draft, version, sight, claimants):
            return
        touched = {account for entry in draft.entries for account in (entry.source, entry.target)}
        before = {account: run.balances[account] for account in touched & run.balances.keys()}
        check_conserved(draft.entries, before, where=f"{rule.code} {owner}")
        draft.issues.extend(overdrawn_accounts(draft, rule))
    except OwnerRefused as stop:
        run.issues.extend((*draft.issues, *stop.issues))
        run.failed.append((rule.code, owner))
        return
    run.entries.extend((place, entry) for entry in draft.entries)
    run.payments.keep(draft.entries)
    run.path.extend(draft.path)
    run.issues.extend(draft.issues)
    run.balances.update(balances(draft.entries, before))
    for claimant, odd in draft.odd_fen.items():
        run.odd_fen[claimant] = run.odd_fen.get(claimant, 0) + odd


def _distribute(
    run: _Run, draft: Draft, version: DistributionVersion, sight: Sight, claimants: tuple[Claimant, ...]
) -> bool:
    """Open the fund, run the steps, close it; False: this owner has neither fund nor claimants."""
    rule = sight.rule
    node = sight.of_owner(version.fund, {})
    origin = _origin(run, rule, version, sight)
    if not isinstance(node.value, Fraction):
        if not claimants:
            return False
        why = why_absent(node.value) if isinstance(node.value, Absent) else Text("不是数字", "not a number")
        hint = Text("补报缺少的数据或检查 fund", "report what is missing, or look at the fund")
        expected = Text("能算出的资金总额", "a fund that can be computed")
        raise OwnerRefused(refused("fund-missing", (rule.place, sight.owner), why, expected, hint))
    fund = money_from_yuan(node.value)
    fund, node = bearable_fund(draft, rule, version, origin, fund, node)
    if not fund and not claimants and not _fills_accounts(version):
        return False
    _require_balance(draft, rule, origin, fund)
    open_fund(draft, rule, version, origin, fund, node)
    work = Work(sight, draft, run.roster, run.book.accounts, run.book.attributes, fund, run.book.value_titles)
    after = run_steps(work, Part("", (), fund, claimants), version.steps)
    if after.rest:
        rest = yuan(after.rest)
        said = Text(f"未分配余额 {rest} 元", f"{rest} yuan left over")
        draft.move("99-left", "left", after.rest, to=accounts.left(sight.owner), explanation=said)
        draft.passed("99-left", Text("未分配余额", "left over"), (), before=after.rest, after=ZERO)
    require_reserves(work)
    return True


def _fills_accounts(version: DistributionVersion) -> bool:
    """Whether a step hands money to an account, whoever claims: a part of a yearly amount that a payer outside pays."""
    return any(isinstance(step, Schedule) and step.to for step in walk_steps(version.steps))


def _origin(run: _Run, rule: Distribution, version: DistributionVersion, sight: Sight) -> str:
    """Where the fund comes from: the one account that its formula (or a `let` in it) looks at, else from outside."""
    behind = [formula for name in names_needed(version, (version.fund,)) for formula in version.formulas_of(name)]
    read = [reference for formula in (version.fund, *behind) for reference in references(formula)]
    names = {reference.name for reference in read if reference.kind == "balance"}
    if not names:
        return accounts.outside(rule.payer or rule.code)
    if len(names) > 1:
        raise OwnerRefused(
            refused(
                "fund-of-two-accounts",
                (rule.place, sight.owner),
                Text(f"资金来自 {'、'.join(sorted(names))}", f"a fund from {', '.join(sorted(names))}"),
                Text("来自一个账户", "one account"),
                Text("分成两个分配方案", "make it two distributions"),
            )
        )
    return account_of(run.book.accounts, run.roster, names.pop(), sight.owner, run.period)


def _require_balance(draft: Draft, rule: Distribution, origin: str, fund: Money) -> None:
    if origin.startswith("outside:") or fund <= ZERO or draft.balance(origin) >= fund:
        return
    has = draft.balance(origin)
    raise OwnerRefused(
        refused(
            "fund-over-balance",
            (rule.place, draft.owner),
            Text(f"账户结存 {yuan(has)} 元", f"{yuan(has)} yuan in the account"),
            Text(f"不少于资金总额 {yuan(fund)} 元,差 {yuan(fund - has)} 元", f"at least {yuan(fund)} yuan"),
            Text("先向该账户分配,或降低资金总额", "fill the account first, or lower the fund"),
        )
    )


def _claimants(
    run: _Run, draft: Draft, rule: Distribution, version: DistributionVersion, sight: Sight
) -> tuple[Claimant, ...]:
    """Everybody in scope, each with its posts and its score (or what stands in for it)."""
    found = list[Claimant]()
    for subject, segments in _below(run, sight.owner, rule).items():
        posts = tuple(_post(run, rule, segment) for segment in segments if not _is_out(sight, rule, segment))
        if not posts:
            continue
        speaking = run.roster.at(subject, run.period) or segments[-1]
        forfeits = any(card.forfeits_pay for s in rule.uses_score if (card := run.cards.get((s, subject))) is not None)
        claimant = Claimant(subject, segments[-1].level, posts, speaking, forfeits, rule.into)
        claimant = _in_scope(draft, rule, sight, claimant)
        if claimant.posts:
            found.append(claimant)
            if forfeits:
                draft.issues.append(_forfeited(rule, subject))
    return tuple(_with_stand_ins(run, draft, rule, version, found))


def _below(run: _Run, owner: str, rule: Distribution) -> Mapping[str, list[Segment]]:
    """Claimant -> its segments below `owner`, found once for all rules."""
    key = (owner, rule.among)
    if key not in run.below:
        run.below[key] = segments_below(run.roster, owner, rule.among, run.period)
    return run.below[key]


def _is_out(sight: Sight, rule: Distribution, segment: Segment) -> bool:
    return rule.among_where is not None and sight.is_out(rule.among_where, segment)


def _in_scope(draft: Draft, rule: Distribution, sight: Sight, claimant: Claimant) -> Claimant:
    """The posts for which the condition of `among` is true; in doubt they stay, and their claim is held."""
    if rule.among_where is None:
        return claimant
    kept = list[Post]()
    for post in claimant.posts:
        meant = sight.holds(rule.among_where, claimant, post, {})
        if isinstance(meant, Absent):
            why = why_absent(meant)
            kept.append(replace(post, doubt=why))
            expected = Text(f"能判断“{rule.among_where.text}”", f"an answer to “{rule.among_where.text}”")
            hint = Text("补全花名册;份额暂留", "complete the roster; the share is held")
            issue = problem("scope-unknown", (rule.place, claimant.subject), why, expected, hint, severity="warning")
            draft.issues.append(issue)
        elif meant:
            kept.append(post)
    return with_posts(claimant, kept)


def _post(run: _Run, rule: Distribution, segment: Segment) -> Post:
    """One segment with the score that counts for it."""
    chosen = card_of(run.cards, rule.uses_score, segment, run.world, run.period)
    figures = figures_of(*chosen) if chosen else figures_of("", None) if rule.uses_score else {}
    return Post(
        segment,
        _days_in_post(segment.days_in(run.period), run.period.days),
        card=chosen[1] if chosen else None,
        figures=figures,
    )


def _with_stand_ins(
    run: _Run, draft: Draft, rule: Distribution, version: DistributionVersion, found: list[Claimant]
) -> list[Claimant]:
    if not rule.uses_score:
        return found
    scored = [card for claimant in found for card in _cards(claimant)]
    made = list[Claimant]()
    for claimant in found:
        waiting = [post for post in claimant.posts if post.card is None or post.card.total is None]
        if not waiting:
            made.append(claimant)
            continue
        own = [s for s in rule.uses_score if (s, claimant.subject) in run.cards] or rule.uses_score
        versions = versions_in_force([run.book.schemes.get(s) for s in own], run.period)
        last = run.last_scores.get(claimant.subject)
        figures = stand_in(version.on_missing_score, versions, scored, last)
        posts = tuple(replace(post, stand_in=figures) if post in waiting else post for post in claimant.posts)
        made.append(replace(claimant, posts=posts))
        if not claimant.forfeits:
            draft.issues.append(_no_score(run, rule, claimant, waiting))
    return made


def _cards(claimant: Claimant) -> list[CardFigures]:
    """The cards with a total that count for a claimant, each once."""
    cards: list[CardFigures] = []
    for post in claimant.posts:
        if post.card is not None and post.card.total is not None and not any(post.card is card for card in cards):
            cards.append(post.card)
    return cards


def _no_score(run: _Run, rule: Distribution, claimant: Claimant, waiting: Sequence[Post]) -> Issue:
    count = count_of(run.cards, rule.uses_score, claimant.subject)
    two = count > 1 and len(waiting) == len(claimant.posts) and all(post.card is None for post in waiting)
    found = Text(f"{count} 个方案都有得分", f"scored by {count} schemes") if two else Text("没有得分", "no score")
    if not two and len(claimant.posts) > 1:
        days = [_days(post.segment, run.period) for post in waiting]
        found = Text(f"任职段 {'、'.join(days)} 没有得分", f"no score for the segment {', '.join(days)}")
    expected = Text(
        f"{'、'.join(rule.uses_score)} 中恰好一个方案的得分",
        f"a score from exactly one of {', '.join(rule.uses_score)}",
    )
    hint = Text("用到得分的份额暂留,得分到后结清", "what depends on it is held until the score comes")
    if two:
        hint = Text(
            "停用其中一个方案或改对象范围;在此之前用到得分的份额暂留",
            "switch one off or narrow its scope; what depends on it is held",
        )
    code = "two-scores" if two else "score-missing"
    return problem(code, (rule.place, claimant.subject), found, expected, hint, severity="warning")


def _days(segment: Segment, period: Period) -> str:
    return f"{max(segment.first_day, period.first_day)}–{min(segment.last_day, period.last_day)}"


def _forfeited(rule: Distribution, subject: str) -> Issue:
    found = Text("一票否决,取消绩效", "a veto took the pay")
    expected = Text("知悉", "to be known")
    hint = Text("其份额归同一部分的其他人", "the others of the part share it")
    return problem("pay-forfeited", (rule.place, subject), found, expected, hint, severity="info")


@lru_cache(maxsize=512)
def _days_in_post(days: int, whole: int) -> Node:
    inputs = (Node("number", Fraction(days)), Node("number", Fraction(whole)))
    return Node("/", Fraction(days, whole), inputs, Text("在岗天数占比", "share of days in post"))


def _total(scheme: str, card: CardFigures) -> Node:
    value = card.total if card.total is not None else Absent("blocked", (), Text("得分未定", "no total"))
    return Node("total", value, (), Text(scheme))


def _no_version(rule: Distribution, period: Period) -> Issue:
    found = Text(f"{period} 没有有效版本", f"no version in force in {period}")
    expected = Text("一个有效版本", "a version in force")
    hint = Text(
        "检查版本的 from、to;本期没有按它分配", "look at the days of its versions; nothing was handed out by it"
    )
    return problem("no-version", (rule.place, rule.code), found, expected, hint, severity="warning")


def _closed(run: _Run, opening: Mapping[str, Money]) -> Ledger:
    """Number the entries in sorted order and check everything once more, from the entries alone."""
    ordered = sorted(run.entries, key=lambda made: (made[0], *_key(made[1])))
    entries = tuple(replace(entry, number=number) for number, (_, entry) in enumerate(ordered, start=1))
    check_conserved(entries, opening, closing=run.balances, where="ledger")
    closing = balances(entries, opening)
    return Ledger(entries, tuple(run.path), MappingProxyType(closing), tuple(run.issues), tuple(run.failed))


def _key(entry: Entry) -> tuple[str, str, str, str, str, str]:
    return (entry.owner, entry.step, entry.line, entry.claimant, entry.target, entry.source)
