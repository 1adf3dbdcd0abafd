"""Rules of adjustments in words: limits, accounts, what may be taken back; for `specs explain` and the rule book."""

from collections.abc import Iterator, Mapping, Sequence
from types import MappingProxyType

from perf.kernel.figures import percent_text
from perf.kernel.text import Text
from perf.specs.adjustment_models import AdjustmentVersion, AmountLimit, LimitedKind
from perf.specs.models import RuleBook

_KINDS: Mapping[LimitedKind, Text] = MappingProxyType(
    {
        "pay": Text("补发", "pay besides"),
        "deduct": Text("扣款", "deduct"),
        "stop": Text("停发", "stop"),
        "return": Text("退回", "return"),
        "write_off": Text("核销", "write off"),
    }
)


def adjustment_pairs(book: RuleBook, version: AdjustmentVersion) -> Iterator[tuple[Text, Text]]:
    """What a version says, as pairs of a word and a sentence."""
    for kind, word in _KINDS.items():
        yield Text(f"{word.zh}限额", f"Limit of “{word.en}”"), _limit(version.limits.get(kind))
    if not version.accounts:
        yield (
            Text("可动用的账户", "Accounts"),
            Text("没有;补发、扣款、停发、核销都不许", "none: nothing may be paid, deducted, stopped or written off"),
        )
    for one in version.accounts:
        declared = book.accounts.get(one.name)
        title = declared.title if declared is not None else Text(one.name)
        whose = Text("外部付款方", "Payer outside") if one.is_outside else Text("可动用的账户", "Account")
        kinds = _listed([_KINDS[kind] for kind in one.kinds])
        name = Text(one.name) if one.is_outside else Text(f"{title.zh} {one.name}", f"{title.in_lang('en')} {one.name}")
        yield whose, Text(f"{name.zh}:{kinds.zh}", f"{name.in_lang('en')}: {kinds.en}")
    share = percent_text(version.take_back_at_most)
    yield (
        Text("扣回", "Taken back"),
        Text(
            f"扣款和收回应收合计,每期至多占本人应发的 {share},其余记应收,以后各期收回",
            f"deductions and what is owed together: at most {share} of a period's pay; the rest is owed and collected later",
        ),
    )


def _limit(limit: AmountLimit | None) -> Text:
    bounds = (
        []
        if limit is None
        else [(limit.person, "每人每期", "a person and period"), (limit.run, "每次核算合计", "a run")]
    )
    said = [
        Text(f"{zh}至多 {bound.text()} 元", f"at most {bound.text()} yuan {en}")
        for bound, zh, en in bounds
        if bound is not None
    ]
    return _listed(said) if said else Text("不限", "none")


def _listed(words: Sequence[Text]) -> Text:
    return Text("、".join(word.zh for word in words), ", ".join(word.in_lang("en") for word in words))
