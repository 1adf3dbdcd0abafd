"""What the rule of adjustments lets through: accounts that may be charged, limits for a person and for a run.

The same function judges what somebody wants to enter and what a run is about to book.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import get_args

from perf.distribution import Adjustment
from perf.distribution.adjustments import WORDS
from perf.distribution.parts import account_of
from perf.distribution.wording import problem
from perf.kernel.issues import Issue, Place
from perf.kernel.money import ZERO, Money
from perf.kernel.periods import Period
from perf.kernel.subjects import Roster
from perf.kernel.text import Text
from perf.specs.adjustment_models import AdjustmentVersion, ChargingKind, LimitedKind
from perf.specs.models import RuleBook

CHARGING: tuple[str, ...] = get_args(ChargingKind)
LIMITED: tuple[str, ...] = get_args(LimitedKind)
BREACHES = frozenset(
    {"adjustment-without-rule", "adjustment-account", "adjustment-amount-open", "adjustment-over-limit"}
)
"""Codes of what the rule does not let through."""


@dataclass(frozen=True, slots=True)
class Breach:
    """Why the adjustment at `position` is not let through; found and expected hold limits and names, no pay."""

    position: int
    code: str
    found: Text
    expected: Text
    hint: Text


@dataclass(frozen=True, slots=True)
class AllowedAccount:
    """An account that one person's adjustment may charge: as declared, as people call it, as the ledger calls it."""

    name: str
    title: Text
    account: str


def adjustment_rule(book: RuleBook, period: Period) -> AdjustmentVersion | None:
    """The rule in force and switched on in `period`."""
    found = (rule.version(period) for _, rule in sorted(book.adjustments.items()))
    return next((version for version in found if version is not None), None)


def take_back_at_most(book: RuleBook, period: Period) -> Fraction:
    """Largest share of a month's pay that may be taken back in it; all of it where no rule says less."""
    version = adjustment_rule(book, period)
    return Fraction(1) if version is None else version.take_back_at_most


def allowed_accounts(
    book: RuleBook, roster: Roster, period: Period, *, payer: str, kind: str
) -> tuple[AllowedAccount, ...]:
    """The accounts that an adjustment of this kind may charge for a person whom `payer` pays, as the rule lists them."""
    version = adjustment_rule(book, period)
    found: list[AllowedAccount] = []
    for one in version.accounts if version is not None else ():
        if kind not in one.kinds:
            continue
        if one.is_outside:
            found.append(AllowedAccount(one.name, Text(one.name), f"outside:{one.name}"))
        else:
            declared = book.accounts.get(one.name)
            account = account_of(book.accounts, roster, one.name, payer, period)
            found.append(AllowedAccount(one.name, declared.title if declared else Text(one.name), account))
    return tuple(found)


def breaches(
    book: RuleBook,
    roster: Roster,
    period: Period,
    adjustments: Sequence[Adjustment],
    payers: Mapping[str, str],
) -> list[Breach]:
    """What the rule in force does not let through, of adjustments in the order in which they were entered.

    Who comes first uses up the limits; what is not let through uses up nothing.

    Args:
        payers: Person -> the institution that pays; persons without one are judged elsewhere.
    """
    version = adjustment_rule(book, period)
    used: dict[tuple[str, str], Money] = {}
    found: list[Breach] = []
    for position, one in enumerate(adjustments):
        if one.kind not in (*CHARGING, *LIMITED) or one.subject not in payers:
            continue
        if version is None:
            if one.kind in CHARGING:
                found.append(_without_rule(position, period))
            continue
        breach = _account(book, roster, period, one, position, payers[one.subject])
        breach = breach or _over_limit(version, one, position, used)
        if breach is not None:
            found.append(breach)
            continue
        for key in ((one.kind, one.subject), (one.kind, "")):
            used[key] = used.get(key, ZERO) + (one.amount or ZERO)
    return found


def let_through(
    book: RuleBook, roster: Roster, period: Period, adjustments: Iterable[Adjustment], payers: Mapping[str, str]
) -> tuple[tuple[Adjustment, ...], tuple[Issue, ...]]:
    """Those of a run that the rule lets through, and an error for each of the others."""
    every = tuple(adjustments)
    stopped = {one.position: one for one in breaches(book, roster, period, every, payers)}
    issues = tuple(
        problem(
            breach.code,
            (Place(every[n].number), every[n].subject),
            breach.found,
            breach.expected,
            Text(f"{every[n].number} 未入账:{breach.hint.zh}", f"{every[n].number} not booked: {breach.hint.en}"),
            severity="error",
        )
        for n, breach in stopped.items()
    )
    return tuple(one for n, one in enumerate(every) if n not in stopped), issues


def _without_rule(position: int, period: Period) -> Breach:
    return Breach(
        position,
        "adjustment-without-rule",
        Text(f"{period} 没有有效的一次性项目规则", f"no rule of adjustments is in force in {period}"),
        Text("规则中写明可动用的账户和限额", "a rule that says which accounts may be charged, and how much"),
        Text("在规则文件夹中写一条 adjustments 规则", "write a document `adjustments: CODE` into the rule folder"),
    )


def _account(
    book: RuleBook, roster: Roster, period: Period, one: Adjustment, position: int, payer: str
) -> Breach | None:
    if one.kind not in CHARGING:
        return None
    allowed = allowed_accounts(book, roster, period, payer=payer, kind=one.kind)
    if any(one.account == account.account for account in allowed):
        return None
    what = WORDS[one.kind]
    zh = "、".join(f"{account.title.zh}({account.name})" for account in allowed) or "—"
    en = ", ".join(account.name for account in allowed) or "—"
    return Breach(
        position,
        "adjustment-account",
        Text(
            f"{what.zh}的账户“{one.account}”" if one.account else f"{what.zh}没有写账户",
            f"account '{one.account}' ({one.kind})" if one.account else f"no account ({one.kind})",
        ),
        Text(f"规则允许的账户:{zh}", f"an account that the rule allows: {en}"),
        Text("改写账户,或请规则允许它", "name another account, or let the rule allow it"),
    )


def _over_limit(
    version: AdjustmentVersion, one: Adjustment, position: int, used: Mapping[tuple[str, str], Money]
) -> Breach | None:
    limit = version.limits.get(one.kind)
    if limit is None:
        return None
    what = WORDS[one.kind]
    if one.amount is None:
        return Breach(
            position,
            "adjustment-amount-open",
            Text(f"{what.zh}没有写金额", f"no amount ({one.kind})"),
            Text(f"有限额的{what.zh}须写明金额", f"an amount, since {one.kind} is limited"),
            Text("写明金额", "enter the amount"),
        )
    whose = (
        (limit.person, used.get((one.kind, one.subject), ZERO), Text("每人每期", "a person in a period")),
        (limit.run, used.get((one.kind, ""), ZERO), Text("每次核算合计", "a run in all")),
    )
    for most, before, title in whose:
        if most is not None and before + one.amount > most:
            return Breach(
                position,
                "adjustment-over-limit",
                Text(f"{what.zh}超过{title.zh}的限额", f"{one.kind} over the limit for {title.en}"),
                Text(f"{title.zh}至多 {most} 元,含已录入的", f"at most {most} yuan for {title.en}, with earlier ones"),
                Text(
                    "减少金额、撤销先录入的,或按程序提高限额",
                    "enter less, withdraw an earlier one, or have the limit raised",
                ),
            )
    return None
