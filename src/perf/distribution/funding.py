"""Opening a fund: one entry from the account or payer it comes from, or one from each of several payers."""

from perf.distribution import accounts
from perf.distribution.apportion import apportion
from perf.distribution.booking import Draft
from perf.distribution.wording import yuan
from perf.formulas.nodes import Node
from perf.kernel.figures import percent_text
from perf.kernel.money import Money
from perf.kernel.text import Text
from perf.specs.models import Distribution, DistributionVersion

STEP = "00-fund"
LINE = "fund"


def open_fund(
    draft: Draft, rule: Distribution, version: DistributionVersion, origin: str, fund: Money, node: Node
) -> None:
    """Bring `fund` into the owner's fund account from `origin`, or in exact parts from the payers of the version."""
    title = Text(f"{rule.title.zh}:资金", f"{rule.title.in_lang('en')}: fund")
    if version.payers is None:
        said = Text(f"{title.zh} {yuan(fund)} 元", f"{title.in_lang('en')} {yuan(fund)} yuan")
        draft.move(STEP, LINE, fund, source=origin, to=draft.fund, explanation=said)
    else:
        payers = version.payers
        parts = apportion(fund, payers.shares, unit_fen=payers.unit_fen, leftover_to=payers.balance)
        for payer, amount in parts.items():
            share, balance = percent_text(payers.shares[payer]), payer == payers.balance
            said = Text(
                f"{payer}:{yuan(fund)} × {share},{'承担取整差额,' if balance else ''}{yuan(amount)} 元",
                f"{payer}: {yuan(fund)} × {share}{', with the balance of rounding' if balance else ''}:"
                f" {yuan(amount)} yuan",
            )
            draft.move(STEP, LINE, amount, source=accounts.outside(payer), to=draft.fund, explanation=said)
    draft.passed(STEP, title, (), before=fund, after=fund, node=node)
