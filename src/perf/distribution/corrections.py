"""Corrections of sealed months, booked in the next open one: differences, claw-backs within a limit, what is still owed."""

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType

from perf.distribution import accounts
from perf.distribution.accounts import balances, check_conserved
from perf.distribution.adjustments import RECEIVABLE
from perf.distribution.differences import BORNE, Correction, LineDifference, claimant_of, settled_by
from perf.distribution.models import Entry, Ledger
from perf.distribution.wording import problem, yuan
from perf.formulas.nodes import RuleRef
from perf.kernel.figures import exact_text
from perf.kernel.issues import Issue, Place
from perf.kernel.money import ZERO, Money
from perf.kernel.periods import Period
from perf.kernel.rounding import Rounding, round_to_int
from perf.kernel.text import Text
from perf.specs.correction_models import CorrectionRule, CorrectionVersion

CORRECTION = "correction"
"""The code under which corrections stand in a ledger."""
OWED, COLLECTED = "转应收", "收回应收"
"""Lines: what this month cannot bear and is owed, and what was owed and is taken now."""


@dataclass(frozen=True, slots=True)
class Settlement:
    """How a month settles corrections.

    Attributes:
        rule, version: The rule of corrections in force.
        is_person: Whether a subject is a person.
        payer: Subject -> the institution that pays it, for entries; empty where nobody knows.
        reserve_of: (owner, subject) -> the owner of the reserve that bears a difference.
        spared: Persons whose debts somebody settles by hand in this run; their gains are paid out whole.
    """

    rule: CorrectionRule
    version: CorrectionVersion
    is_person: Callable[[str], bool]
    payer: Callable[[str], str]
    reserve_of: Callable[[str, str], str]
    spared: Collection[str] = frozenset()


@dataclass(slots=True)
class _Book:
    """The ledger as it grows."""

    period: Period
    how: Settlement
    balances: dict[str, Money]
    pay: Mapping[str, Money]
    ref: RuleRef
    entries: list[Entry] = field(default_factory=list)
    issues: list[Issue] = field(default_factory=list)

    def of(self, account: str) -> Money:
        return self.balances.get(account, ZERO)

    def move(self, owner: str, step: str, line: str, source: str, target: str, amount: Money, said: Text) -> None:
        self.balances[source] = self.of(source) - amount
        self.balances[target] = self.of(target) + amount
        claimant = next((own for own in map(self._own, (target, source)) if own and own != owner), "")
        self.entries.append(
            Entry(0, self.period, CORRECTION, owner, step, line, source, target, amount, said, self.ref, None, claimant)
        )

    def _own(self, account: str) -> str:
        return claimant_of(account, self.how.is_person)


def corrected(
    ledger: Ledger,
    corrections: Iterable[Correction],
    how: Settlement,
    *,
    period: Period,
    opening: Mapping[str, Money] = MappingProxyType({}),
) -> Ledger:
    """`ledger` with the differences of corrected months behind its own entries.

    Every difference runs through the fund of its owner, which closes at zero: who lost pays in, who gained is paid. Of
    a person's month at most `claw_back_at_most` is taken; the rest is owed on `reserve:receivable:PERSON`. What a
    correction takes from an account that has been spent since is owed by the account's owner in the same way.

    Args:
        corrections: Of earlier periods, none of them booked before.
        period: The month that books them.
        opening: What the ledger opened with.
    Returns:
        Entries numbered on, balances and issues of both.
    Raises:
        NotConserved: our own fault; money does not add up.
    """
    book = _Book(period, how, dict(ledger.balances), _pay_of(ledger), how.rule.ref(how.version))
    before = dict(book.balances)
    for one in sorted(corrections, key=lambda one: one.new):
        _book_differences(book, settled_by(one, how.version, is_person=how.is_person, reserve_of=how.reserve_of))
    _bear_what_was_spent(book, before)
    _settle_persons(book, before)
    _collect_of_institutions(book)
    if not book.entries:
        return ledger
    first = len(ledger.entries) + 1
    added = (replace(entry, number=number) for number, entry in enumerate(book.entries, start=first))
    entries = (*ledger.entries, *added)
    closing = balances(entries, opening)
    check_conserved(entries, opening, closing=closing, where="corrections")
    return replace(ledger, entries=entries, balances=MappingProxyType(closing), issues=(*ledger.issues, *book.issues))


def unbooked(corrections: Iterable[Correction]) -> tuple[Issue, ...]:
    """What is to be known where no rule of corrections is in force: the differences wait."""
    return tuple(
        problem(
            "corrections-without-rule",
            (Place(one.new), ""),
            Text(
                f"{one.new} 更正了 {one.old},差额还没有入账",
                f"{one.new} corrects {one.old}, its differences are not booked",
            ),
            Text("一条有效的更正规则(corrections)", "a rule of corrections in force"),
            Text(
                "写一条 corrections 规则(mode: rebalance 或 charge)后重新核算;在此之前差额留待以后",
                "write a rule of corrections (mode: rebalance or charge) and run again; until then the differences wait",
            ),
            severity="warning",
        )
        for one in corrections
        if one.differences
    )


def _pay_of(ledger: Ledger) -> dict[str, Money]:
    """What each person gets in this run before corrections."""
    fen: dict[str, int] = {}
    for entry in ledger.entries:
        for account, sign in ((entry.target, 1), (entry.source, -1)):
            if account.startswith("person:"):
                fen[account] = fen.get(account, 0) + sign * entry.amount.fen
    return {account: Money(amount) for account, amount in fen.items()}


def _book_differences(book: _Book, correction: Correction) -> None:
    """Who lost pays into the owner's fund before who gained is paid out of it."""
    for one in sorted(correction.differences, key=lambda one: (one.owner, one.difference > ZERO)):
        fund = accounts.fund(one.owner)
        source, target = (fund, one.account) if one.difference > ZERO else (one.account, fund)
        amount = Money(abs(one.difference.fen))
        book.move(one.owner, correction.new, one.line, source, target, amount, _said(correction, one))


def _bear_what_was_spent(book: _Book, before: Mapping[str, Money]) -> None:
    """Accounts that do not have any more what a correction takes: their owner owes it."""
    for account in sorted(book.balances):
        kind, _, rest = account.partition(":")
        name = rest.rpartition(":")[2]
        debt = accounts.reserve(RECEIVABLE, name)
        taken = before.get(account, ZERO) - book.of(account)
        short = min(-book.of(account), taken)
        if kind in ("outside", "person", "fund") or account == debt or short <= ZERO:
            continue
        has = before.get(account, ZERO)
        said = Text(
            f"{account} 结存 {yuan(has)} 元,不够更正冲回的 {yuan(taken)} 元,{yuan(short)} 元记应收",
            f"{account} has {yuan(has)} yuan, a correction takes {yuan(taken)}: {yuan(short)} yuan owed",
        )
        book.move(book.how.payer(name) or name, CORRECTION, OWED, debt, account, short, said)
        book.issues.append(
            problem(
                "correction-account-short",
                (Place(account), name),
                Text(f"账户 {account} 结存 {yuan(has)} 元", f"{yuan(has)} yuan in {account}"),
                Text(f"不少于更正冲回的 {yuan(taken)} 元", f"at least the {yuan(taken)} yuan that a correction takes"),
                Text(
                    f"差额 {yuan(short)} 元记 {debt},以后扣回",
                    f"{yuan(short)} yuan stand on {debt}, to be collected later",
                ),
                severity="warning",
            )
        )


def _settle_persons(book: _Book, before: Mapping[str, Money]) -> None:
    """Hold claw-backs within the limit, let gains settle debts first."""
    net = {
        account: book.of(account) - before.get(account, ZERO)
        for account in book.balances
        if account.startswith("person:")
    }
    for account in sorted(account for account in net if net[account]):
        name = account.removeprefix("person:")
        debt, owner = accounts.reserve(RECEIVABLE, name), book.how.payer(name) or name
        if net[account] > ZERO:
            back = min(net[account], -book.of(debt))
            if back > ZERO and name not in book.how.spared:
                said = Text(
                    f"更正补发 {yuan(net[account])} 元,先抵原欠的 {yuan(back)} 元",
                    f"of the {yuan(net[account])} yuan gained, {yuan(back)} settle what was owed",
                )
                book.move(owner, CORRECTION, COLLECTED, account, debt, back, said)
            continue
        wanted, limit = -net[account], _limit(book, account)
        if wanted > limit:
            book.move(owner, CORRECTION, OWED, debt, account, wanted - limit, _said_owed(book, account, wanted))


def _collect_of_institutions(book: _Book) -> None:
    """What institutions owe, as far as their own accounts have it."""
    prefix = f"reserve:{RECEIVABLE}:"
    for debt in sorted(account for account in book.balances if account.startswith(prefix)):
        name = debt.removeprefix(prefix)
        house = accounts.institution(name)
        now = min(-book.of(debt), book.of(house))
        if now <= ZERO:
            continue
        left = -book.of(debt) - now
        said = Text(
            f"原欠 {yuan(now + left)} 元,本期收回 {yuan(now)} 元,尚欠 {yuan(left)} 元",
            f"{yuan(now + left)} yuan owed, {yuan(now)} collected now, {yuan(left)} left",
        )
        book.move(name, CORRECTION, COLLECTED, house, debt, now, said)


def _limit(book: _Book, account: str) -> Money:
    """The most that may be taken of this month's pay, rounded down to the fen."""
    pay = book.pay.get(account, ZERO)
    return Money(round_to_int(pay.fen * book.how.version.claw_back_at_most, Rounding.DOWN)) if pay > ZERO else ZERO


def _said(correction: Correction, one: LineDifference) -> Text:
    """`更正差额:G1:2025-06#2 更正 G1:2025-06#1,原 6,110.82 元,更正后 6,215.00 元`."""
    which = Text(
        f"更正差额:{correction.new} 更正 {correction.old}",
        f"difference of a correction: {correction.new} corrects {correction.old}",
    )
    if one.line == BORNE and not one.old:
        amount = yuan(Money(abs(one.difference.fen)))
        verb = Text("退回", "returned") if one.difference > ZERO else Text("承担", "borne")
        return Text(
            f"{which.zh},未与个人结算的 {amount} 元由本账户{verb.zh}",
            f"{which.in_lang('en')}; {amount} yuan that are not settled with persons, {verb.in_lang('en')} here",
        )
    return Text(
        f"{which.zh},原 {yuan(one.old)} 元,更正后 {yuan(one.new)} 元",
        f"{which.in_lang('en')}; {yuan(one.old)} yuan before, {yuan(one.new)} yuan now",
    )


def _said_owed(book: _Book, account: str, wanted: Money) -> Text:
    pay, limit = book.pay.get(account, ZERO), _limit(book, account)
    share = f"{exact_text(book.how.version.claw_back_at_most * 100)}%"
    return Text(
        f"应扣回 {yuan(wanted)} 元;本期应发 {yuan(max(pay, ZERO))} 元,至多扣 {share},即 {yuan(limit)} 元;"
        f"其余 {yuan(wanted - limit)} 元记应收,以后各月收回",
        f"{yuan(wanted)} yuan to take back; of this month's {yuan(max(pay, ZERO))} yuan at most {share}, {yuan(limit)} yuan; "
        f"the other {yuan(wanted - limit)} yuan are owed and collected in later months",
    )
