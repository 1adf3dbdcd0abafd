"""A fund below zero: refused, carried to the next period, or borne by the claimants, as the rule says; never in silence."""

from perf.distribution import accounts
from perf.distribution.booking import Draft, OwnerRefused
from perf.distribution.wording import problem, refused, yuan
from perf.formulas.nodes import Node
from perf.kernel.issues import Issue
from perf.kernel.money import ZERO, Money
from perf.kernel.text import Text
from perf.specs.models import Distribution, DistributionVersion
from perf.specs.money_models import ShortFund

_CARRIED = Text("透支结转,本次无资金", "overdrawn and carried: nothing to hand out")


def bearable_fund(
    draft: Draft, rule: Distribution, version: DistributionVersion, origin: str, fund: Money, node: Node
) -> tuple[Money, Node]:
    """The fund and how it came about; nothing where a fund below zero is carried.

    Raises:
        OwnerRefused: the fund is below zero and the rule does not say who bears it.
    """
    if fund >= ZERO:
        return fund, node
    how, about = _how(rule, version, origin), (rule.place, draft.owner)
    missing = yuan(Money(-fund.fen))
    found = Text(f"资金为 -{missing} 元", f"a fund of -{missing} yuan")
    expected = Text("不小于 0 的资金", "a fund of 0 or more")
    if how == "refuse":
        hint = Text(
            f"补足 {missing} 元;或写 short: carry(结转,以后的资金先抵补)、short: share(由分配对象分担)",
            f"make up for {missing} yuan; or say short: carry (later money makes up for it) or short: share (claimants bear it)",
        )
        raise OwnerRefused(refused("fund-overdrawn", about, found, expected, hint))
    if how == "carry":
        hint = Text(
            "透支留在账户上,以后的资金先抵补;本次从余额发放的为 0",
            "it stays in the account; later money makes up for it",
        )
        draft.issues.append(problem("fund-carried", about, found, expected, hint, severity="warning"))
        return ZERO, Node("policy", ZERO.yuan, (node,), _CARRIED)
    if rule.among == "staff":
        hint = Text("按规则由分配对象分担,从各人应发中扣", "the claimants bear it out of their pay, as the rule says")
        draft.issues.append(problem("fund-borne-by-staff", about, found, expected, hint, severity="warning"))
    return fund, node


def overdrawn_accounts(draft: Draft, rule: Distribution) -> list[Issue]:
    """Institutions whose own account this draft took below zero and of which nothing is said yet."""
    told = {issue.subject for issue in draft.issues if issue.code == "transfer-overdrawn"}
    prefix = accounts.institution("")
    touched = sorted({account for entry in draft.entries for account in (entry.source, entry.target)})
    found: list[Issue] = []
    for account in touched:
        subject = account.removeprefix(prefix)
        if not account.startswith(prefix) or subject in told or not draft.overdrawn(account):
            continue
        below = yuan(Money(-draft.balance(account).fen))
        found.append(
            problem(
                "account-overdrawn",
                (rule.place, subject),
                Text(f"{subject} 的单位资金为 -{below} 元", f"{subject} holds -{below} yuan"),
                Text("不小于 0 的结存", "a balance of 0 or more"),
                Text(
                    "以后的资金先抵补;职工分配按规则的 short 处理",
                    "later money makes up for it; see `short` of the rule for staff",
                ),
                severity="warning",
            )
        )
    return found


def _how(rule: Distribution, version: DistributionVersion, origin: str) -> ShortFund:
    """As the rule says; else staff never bear what their unit's account is short of, and others bear what is handed to them."""
    if version.short is not None:
        return version.short
    return "refuse" if rule.among == "staff" and not origin.startswith("outside:") else "share"
