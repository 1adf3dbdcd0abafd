"""Adjustments of single people, behind the distributions of a run: 补发, 扣款, 暂停, 退回, 核销.

Each is entered by somebody, with a reason, a document and an account, and becomes balanced entries of the ledger.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from types import MappingProxyType
from typing import Literal

from perf.distribution import accounts
from perf.distribution.accounts import balances, check_conserved
from perf.distribution.models import Entry, Ledger
from perf.distribution.wording import problem, yuan
from perf.formulas.nodes import RuleRef
from perf.kernel.issues import Issue, Place
from perf.kernel.money import ZERO, Money
from perf.kernel.periods import Period
from perf.kernel.rounding import Rounding, round_to_int
from perf.kernel.text import Text

AdjustmentKind = Literal["pay", "deduct", "hold", "stop", "release", "return", "collect", "write_off"]
DISTRIBUTION = "adjustment"
"""The code under which adjustments stand in a ledger."""
RECEIVABLE = "receivable"
"""The reserve that may be below zero: what a person still owes."""
RETURNED = "returned"
"""Status of an entry whose money came back from the bank: it is no pay of this run, and none of its pay is kept."""
NOT_BOOKED = frozenset(
    f"adjustment-{why}" for why in ("person-unknown", "nothing-held", "no-pay", "nothing-owed", "overdrawn")
)
"""Codes of issues that say why an adjustment left no entry."""
WORDS: Mapping[AdjustmentKind, Text] = MappingProxyType(
    {
        "pay": Text("补发", "paid besides"),
        "deduct": Text("扣款", "deducted"),
        "hold": Text("暂缓发放", "held"),
        "stop": Text("停发", "stopped"),
        "release": Text("恢复发放", "released"),
        "return": Text("退回", "returned"),
        "collect": Text("收回应收", "collected of what was owed"),
        "write_off": Text("核销", "written off"),
    }
)
_TURN: Mapping[AdjustmentKind, int] = MappingProxyType(
    {
        **dict.fromkeys(("pay", "release", "return"), 0),
        **dict.fromkeys(("deduct", "write_off"), 1),
        "collect": 2,
        **dict.fromkeys(("stop", "hold"), 3),
    }
)


@dataclass(frozen=True, slots=True)
class Adjustment:
    """One adjustment of one person's pay.

    Attributes:
        number: Its own number (`2025-06/A3`), unique; given by whoever keeps them.
        kind: `pay`: `account` pays the person · `deduct`: the person pays `account` · `hold`: this run's pay waits in
            held:PERSON · `stop`: it goes to `account` for good · `release`: what is held is paid (below zero: taken) · `return`: money that
            came back (a bounced transfer) waits in held:PERSON · `collect`: this run's pay settles what the person owes,
            as far as it bears it · `write_off`: `account` bears what the person owes.
        amount: In fen, above zero. None: all there is (`hold`, `stop`, `release`,
            `collect`, `write_off`).
        line: How statements call it.
        account: Ledger account on the other side (`reserve:staff_reserve:T01`, `institution:T01`, `outside:财政`); unused
            for `hold`, `release`, `return`, `collect`.
        reason, document: Why, and on what paper; `entered_by`: who.
        at_most: Largest share of this run's pay that `deduct` and what is owed already may take;
            the rest is owed. 1: all of it.
    """

    number: str
    kind: AdjustmentKind
    subject: str
    amount: Money | None
    line: str
    account: str
    reason: str
    document: str = ""
    entered_by: str = ""
    at_most: Fraction = Fraction(1)


@dataclass(slots=True)
class _Book:
    """The ledger as it grows: balances, and what each person gets in this run."""

    balances: dict[str, Money]
    pay: dict[str, Money]
    entries: list[Entry]
    issues: list[Issue]
    owners: Mapping[str, str]
    period: Period
    taken: dict[str, Money]

    def of(self, account: str) -> Money:
        return self.balances.get(account, ZERO)

    def move(self, one: Adjustment, source: str, target: str, amount: Money, said: Text, status: str = "paid") -> None:
        if not amount:
            return
        self.balances[source] = self.of(source) - amount
        self.balances[target] = self.of(target) + amount
        own = accounts.person(one.subject)
        if status == RETURNED:  # money of an earlier month, not of this one's pay
            own = ""
        self.pay[one.subject] = (
            self.pay.get(one.subject, ZERO) + (amount if target == own else ZERO) - (amount if source == own else ZERO)
        )
        self.entries.append(
            Entry(
                number=0,
                period=self.period,
                distribution=DISTRIBUTION,
                owner=self.owners.get(one.subject, one.subject),
                step=one.number,
                line=one.line,
                source=source,
                target=target,
                amount=amount,
                explanation=said,
                rule=RuleRef(DISTRIBUTION, "", one.document, one.reason),
                claimant=one.subject,
                status=status,
            )
        )


def adjusted(
    ledger: Ledger,
    adjustments: Iterable[Adjustment],
    *,
    period: Period,
    owners: Mapping[str, str],
    opening: Mapping[str, Money] = MappingProxyType({}),
) -> Ledger:
    """`ledger` with the adjustments behind its own entries.

    Args:
        adjustments: In any order, each booked as a whole or not at all: first what brings money, then what takes it,
            then what is collected, last what stops or holds the rest; in each of these by their numbers.
        period: Of the run.
        owners: Person -> institution that pays it, for the entries.
        opening: What the ledger opened with, for the last check.
    Returns:
        Entries numbered on, balances and issues of both. An adjustment that cannot be done (an account without the money,
        nothing to hold or release, somebody unknown) is an issue and leaves no entry.
    Raises:
        NotConserved: our own fault; money does not add up.
    """
    wanted = sorted(adjustments, key=_in_order)
    if not wanted:
        return ledger
    book = _Book(dict(ledger.balances), _pay_of(ledger), [], [], owners, period, {})
    for one in wanted:
        trouble = _trouble(book, one)
        if trouble is not None:
            book.issues.append(trouble)
        else:
            _carry_out(book, one)
    first = len(ledger.entries) + 1
    added = (replace(entry, number=number) for number, entry in enumerate(book.entries, start=first))
    entries = (*ledger.entries, *added)
    closing = balances(entries, opening)
    check_conserved(entries, opening, closing=closing, where="adjustments")
    return replace(ledger, entries=entries, balances=MappingProxyType(closing), issues=(*ledger.issues, *book.issues))


def _in_order(one: Adjustment) -> tuple[int, str, int, str]:
    """What brings money, what takes it, what is collected, what is stopped or held of the rest; A2 before A10."""
    head = one.number.rstrip("0123456789")
    return _TURN[one.kind], head, int(one.number[len(head) :] or 0), one.number


def _pay_of(ledger: Ledger) -> dict[str, Money]:
    fen: dict[str, int] = {}
    for entry in ledger.entries:
        for account, sign in ((entry.target, 1), (entry.source, -1)):
            if account.startswith("person:"):
                who = account.removeprefix("person:")
                fen[who] = fen.get(who, 0) + sign * entry.amount.fen
    return {who: Money(amount) for who, amount in fen.items()}


def _trouble(book: _Book, one: Adjustment) -> Issue | None:
    """Why an adjustment cannot be done; None: it can."""
    if one.subject not in book.owners:
        return _issue(
            one,
            "adjustment-person-unknown",
            Text(f"花名册本期没有 {one.subject}", f"{one.subject} is not on the roster of the period"),
            Text("本期在册的工号", "a staff number of the period's roster"),
        )
    if (
        one.kind == "release"
        and not _is_burden(book, one)
        and book.of(accounts.held(one.subject)) < (one.amount or Money(1))
    ):
        return _issue(
            one,
            "adjustment-nothing-held",
            Text("暂存账户没有这么多", "less than that is held"),
            Text("不多于暂存余额", "at most what is held"),
        )
    if one.kind in ("hold", "stop") and book.pay.get(one.subject, ZERO) < (one.amount or Money(1)):
        return _issue(
            one,
            "adjustment-no-pay",
            Text("本期应发没有这么多", "less than that is paid in this run"),
            Text("不多于本期应发", "at most the pay of this run"),
        )
    if one.kind == "collect" and not one.entered_by:
        return None  # made by the run itself; others may have settled what was owed
    if one.kind in ("collect", "write_off") and -book.of(_owed(one)) < (one.amount or Money(1)):
        return _issue(
            one,
            "adjustment-nothing-owed",
            Text("应收余额没有这么多", "less than that is owed"),
            Text("不多于应收余额", "at most what is owed"),
        )
    return _overdrawn(book, one)


def _overdrawn(book: _Book, one: Adjustment) -> Issue | None:
    """Accounts of ours pay only what they have."""
    asked = one.amount if one.amount is not None else -book.of(_owed(one))
    if one.kind not in ("pay", "write_off") or one.account.startswith("outside:") or book.of(one.account) >= asked:
        return None
    has = yuan(book.of(one.account))
    return _issue(
        one,
        "adjustment-overdrawn",
        Text(f"账户 {one.account} 结存 {has} 元", f"{has} yuan in {one.account}"),
        Text(f"不少于 {yuan(asked)} 元", f"at least {yuan(asked)} yuan"),
    )


def _issue(one: Adjustment, code: str, found: Text, expected: Text) -> Issue:
    what = WORDS[one.kind]
    hint = Text(
        f"{what.zh} {one.number} 未入账:改正或撤销后重算",
        f"{one.number} ({what.in_lang('en')}) is not booked: mend or withdraw it, and run again",
    )
    return problem(code, (Place(one.number), one.subject), found, expected, hint, severity="error")


def _carry_out(book: _Book, one: Adjustment) -> None:
    own, waiting = accounts.person(one.subject), accounts.held(one.subject)
    match one.kind:
        case "pay":
            book.move(one, one.account, own, one.amount or ZERO, _said(one))
        case "deduct":
            _take_back(book, one, one.amount or ZERO)
        case "hold":
            book.move(one, own, waiting, _or_all(one, book.pay.get(one.subject, ZERO)), _said(one), "held")
        case "stop":
            book.move(one, own, one.account, _or_all(one, book.pay.get(one.subject, ZERO)), _said(one))
        case "release" if _is_burden(book, one):
            _take_back(book, replace(one, account=waiting), -book.of(waiting))
        case "release":
            book.move(one, waiting, own, _or_all(one, book.of(waiting)), _said(one))
        case "return":
            book.move(one, own, waiting, one.amount or ZERO, _said(one), RETURNED)
        case "collect":
            now = max(min(_or_all(one, -book.of(_owed(one))), _bearable(book, one)), ZERO)
            book.taken[one.subject] = book.taken.get(one.subject, ZERO) + now
            book.move(one, own, _owed(one), now, _said(one))
        case "write_off":
            book.move(one, one.account, _owed(one), _or_all(one, -book.of(_owed(one))), _said(one), "written_off")


def _is_burden(book: _Book, one: Adjustment) -> bool:
    """Whether all that is held is a part of a fund below zero, which a release takes from the pay."""
    return one.kind == "release" and one.amount is None and book.of(accounts.held(one.subject)) < ZERO


def _take_back(book: _Book, one: Adjustment, amount: Money) -> None:
    """From this run's pay as far as it bears it; the rest is owed and stays on the receivable account."""
    bearable = _bearable(book, one)
    now = min(amount, bearable)
    book.taken[one.subject] = book.taken.get(one.subject, ZERO) + now
    book.move(one, accounts.person(one.subject), one.account, now, _said(one))
    rest = amount - now
    if rest:
        said = Text(
            f"{_said(one).zh};本期应发不足以承担,{yuan(rest)} 元记应收",
            f"{_said(one).in_lang('en')}; this run's pay does not bear it: {yuan(rest)} yuan owed",
        )
        book.move(one, _owed(one), one.account, rest, said, "owed")


def _bearable(book: _Book, one: Adjustment) -> Money:
    """What of this run's pay may still be taken: `at_most` of all the pay, less what was taken already."""
    taken = book.taken.get(one.subject, ZERO)
    whole = book.pay.get(one.subject, ZERO) + taken
    limit = Money(round_to_int(whole.fen * one.at_most, Rounding.DOWN)) if whole > ZERO else ZERO
    return max(limit - taken, ZERO)


def _owed(one: Adjustment) -> str:
    return accounts.reserve(RECEIVABLE, one.subject)


def _or_all(one: Adjustment, whole: Money) -> Money:
    return whole if one.amount is None else one.amount


def _said(one: Adjustment) -> Text:
    """`补发:三月夜班漏报(人事〔2025〕3号,王芳录入)`."""
    what = WORDS[one.kind]
    by = Text(f"{one.entered_by}录入", f"entered by {one.entered_by}") if one.entered_by else Text("")
    said = [part for part in (Text(one.document), by) if part.zh]
    zh, en = ",".join(part.zh for part in said), ", ".join(part.in_lang("en") for part in said)
    zh, en = f"({zh})" if zh else "", f" ({en})" if en else ""
    return Text(f"{what.zh}:{one.reason}{zh}", f"{what.in_lang('en')}: {one.reason}{en}")
