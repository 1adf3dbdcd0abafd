"""Ledger entries and steps of the funds' way as lines of a statement, each with its arithmetic."""

from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction

from perf.appraisal.figure_text import clause, in_full
from perf.appraisal.item_words import with_item_titles
from perf.appraisal.prose import in_prose, prose
from perf.appraisal.views import PathLine, PayLine
from perf.distribution import Entry, PathStep
from perf.distribution.wording import METHODS, quota_text
from perf.formulas import equation
from perf.kernel.text import Lang, Text
from perf.specs.models import RuleBook, Split, Step

_LANGS: tuple[Lang, Lang] = ("zh", "en")


def is_own_reserve(entry: Entry) -> bool:
    """Whether the money goes to a reserve of the claimant itself."""
    return entry.target.startswith("reserve:") and entry.target.endswith(f":{entry.claimant}")


def gives_back(entry: Entry) -> bool:
    """Whether a claimant pays out of a reserve of its own, such as its part of an overspending."""
    kind, _, _ = entry.target.partition(":")
    is_out = kind in ("fund", "outside") and entry.source.startswith("reserve:") and entry.status == "paid"
    return is_out and bool(entry.claimant) and entry.source.endswith(f":{entry.claimant}")


def pay_line(entry: Entry, items: Mapping[str, Text]) -> PayLine:
    """A ledger entry as a line of pay; what a person gives back or has kept back is negative.

    `items`: how people call the items of lists.
    """
    kind, _, giver = entry.source.partition(":")
    gives = kind == "person" or (kind == "institution" and entry.claimant == giver) or gives_back(entry)
    status = "held" if entry.target.startswith("held:") and not gives else "paid"
    if entry.is_held_burden:
        gives, status = True, "held"
    if entry.status in ("lost", "quota"):
        status = entry.status
    return PayLine(
        code=f"{entry.distribution}/{entry.step}/{entry.line}",
        title=prose(Text(entry.line)),
        amount=-entry.amount if gives else entry.amount,
        how=prose(with_item_titles(entry.explanation, items)),
        steps=tuple(with_item_titles(step, items) for step in _steps(entry)),
        odd_fen=entry.working.odd_fen if entry.working is not None else 0,
        status=status,
        clause=in_prose(clause(entry.rule.document, entry.rule.clause)),
    )


def _steps(entry: Entry) -> tuple[Text, ...]:
    """The share once more, a step a line, so that a pocket calculator can follow."""
    working = entry.working
    if working is None:
        return ()
    mine = working.claim.value if isinstance(working.claim.value, Fraction) else Fraction(0)
    everybody = in_full(working.claims_sum)
    zh, en = equation(working.claim, "zh"), equation(working.claim, "en")
    why = working.claim.label if working.claim.op == "policy" else None
    if why is not None:
        zh, en = f"{in_full(mine)}({why.zh})", f"{in_full(mine)} ({why.in_lang('en')})"
    rows = [
        Text(f"我的分配权:{zh}", f"my claim: {en}"),
        Text(
            f"{working.claimants} 份参加分配,分配权合计 {everybody}",
            f"{working.claimants} claims take part, together {everybody}",
        ),
    ]
    if working.floor is not None:
        rows.append(Text(f"按份额不足保底,得保底 {working.floor}", f"below the floor: the floor {working.floor}"))
    elif working.cap is not None:
        rows.append(Text(f"按份额超过封顶,得封顶 {working.cap}", f"above the cap: the cap {working.cap}"))
    elif working.free_claims:
        if working.free_claims != working.claims_sum:
            rows.append(
                Text(
                    f"保底、封顶的除外后,{working.free_amount} 由分配权 {in_full(working.free_claims)} 分",
                    f"without floors and caps, {working.free_amount} for claims of {in_full(working.free_claims)}",
                )
            )
        line = f"{working.free_amount} × {in_full(mine)} ÷ {in_full(working.free_claims)} {quota_text(working.quota)}"
        rows.append(Text(line, line))
    if working.odd_fen:
        method = METHODS[working.method]
        rows.append(
            Text(
                f"取到分 {entry.amount},其中尾差 {working.odd_fen:+d} 分({method.zh})",
                f"to the fen {entry.amount}, of it {working.odd_fen:+d} fen by {method.en}",
            )
        )
    return tuple(prose(row) for row in rows)


def path_line(step: PathStep, words: Mapping[str, Text], items: Mapping[str, Text]) -> PathLine:
    """A step of the way of the funds; `words`: how people call the parts of a split, `items`: those of lists."""
    how = Text("")
    if step.node is not None:
        how = Text(equation(step.node, "zh"), equation(step.node, "en"))
        exact = step.node.value
        if step.out and isinstance(exact, Fraction) and exact != step.out.yuan:
            how = Text(f"{how.zh},得 {step.out.text()} 元", f"{how.in_lang('en')}: {step.out.text()} yuan")
    title = step.title
    parts = [words.get(code, Text(code)) for code in step.part]
    if parts and parts[-1].zh != title.zh:
        zh, en = (" · ".join(part.in_lang(lang) for part in parts) for lang in _LANGS)
        title = Text(f"{zh}:{title.zh}", f"{en}: {title.in_lang('en')}")
    return PathLine(prose(title), step.before, step.out, step.after, prose(with_item_titles(how, items)))


def part_words(steps: Sequence[Step], book: RuleBook) -> Iterator[tuple[str, Text]]:
    """Code of every part that the steps make -> how people call it."""
    for step in steps:
        if isinstance(step, Split):
            yield from ((code, book.value_title(step.by, code)) for code in step.shares)
            yield from part_words(step.steps, book)
