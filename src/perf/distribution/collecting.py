"""What a person still owes is taken from later pay: one `collect` for everybody whose receivable is below zero."""

from collections.abc import Mapping
from fractions import Fraction

from perf.distribution import accounts
from perf.distribution.adjustments import RECEIVABLE, WORDS, Adjustment
from perf.kernel.money import ZERO, Money
from perf.kernel.periods import Period

_ACCOUNT = accounts.reserve(RECEIVABLE, "")


def collections(
    opening: Mapping[str, Money], period: Period, *, at_most: Fraction = Fraction(1)
) -> tuple[Adjustment, ...]:
    """The adjustments by which a run collects what earlier runs left open, by person.

    Args:
        opening: Account -> balance before the run.
        period: Of the run.
        at_most: Largest share of a person's pay that may be taken back in a run.
    Returns:
        One for each receivable below zero, as much as the pay bears; their numbers stand behind those of people.
    """
    owing = sorted(
        account.removeprefix(_ACCOUNT)
        for account, balance in opening.items()
        if account.startswith(_ACCOUNT) and balance < ZERO
    )
    return tuple(
        Adjustment(
            number=f"{period}/收回:{who}",
            kind="collect",
            subject=who,
            amount=None,
            line=WORDS["collect"].zh,
            account="",
            reason="以前各期应扣未扣完的金额",
            at_most=at_most,
        )
        for who in owing
    )
