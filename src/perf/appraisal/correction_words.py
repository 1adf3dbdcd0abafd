"""Rules of corrections in words: who is settled with, from which reserve, how much is taken back at once."""

from collections.abc import Iterator

from perf.kernel.figures import percent_text
from perf.kernel.money import Money
from perf.kernel.text import Text
from perf.specs.correction_models import CorrectionVersion
from perf.specs.models import RuleBook

_MODES = {
    "rebalance": Text(
        "每个人的差额都在下一个未发布的月份结算", "everybody's difference is settled in the next open month"
    ),
    "charge": Text(
        "只与自己的数据、任职或规则有变的人结算,其余的差额由预留承担(或退回预留)",
        "only those whose own facts, posts or rules were another are settled with; the other differences are borne by "
        "the reserve, or returned to it",
    ),
}


def correction_pairs(book: RuleBook, version: CorrectionVersion) -> Iterator[tuple[Text, Text]]:
    """What a version says, as pairs of a word and a sentence."""
    yield Text("结算", "Settled"), _MODES[version.mode]
    if version.reserve:
        account = book.accounts.get(version.reserve)
        title = account.title if account is not None else Text(version.reserve)
        yield (
            Text("预留账户", "Reserve"),
            Text(f"{title.zh} {version.reserve}", f"{title.in_lang('en')} {version.reserve}"),
        )
    share = percent_text(version.claw_back_at_most)
    yield (
        Text("扣回", "Taken back"),
        Text(
            f"每月至多扣回应发的 {share},其余记应收,以后各月收回",
            f"at most {share} of a month's pay; the rest is owed and collected in later months",
        ),
    )
    if version.smallest > Money(1):
        yield (
            Text("最小差额", "Smallest"),
            Text(
                f"一个人的差额不足 {version.smallest} 元的不与个人结算,由预留承担",
                f"a person's difference below {version.smallest} yuan is left to the reserve",
            ),
        )
