"""The step `entered` in words: who splits, within which limits, and what happens when one is broken."""

from collections.abc import Iterator

from perf.appraisal.figure_text import in_full
from perf.appraisal.formula_words import FormulaWords
from perf.appraisal.rule_book_parts import Edition
from perf.specs.claim_models import Spread
from perf.specs.money_models import Entered


def entered_sentence(edition: Edition, words: FormulaWords, step: Entered, line: str) -> str:
    """`录入“科内分配”：此时余额按录入的金额（科内分配金额）分，每个至少 500 元；不合限制时拒绝。`."""
    two, entry = edition.two, words.say(step.entry)
    start = (
        two(f"录入{line}：此时余额按录入的金额 {entry} 分", f"As entered{line}: what is left by the amounts {entry}")
        if step.amount is not None
        else two(
            f"录入{line}：此时余额按录入的点数 {entry} 的比例分",
            f"As entered{line}: what is left by the points {entry}",
        )
    )
    parts = [start, *_limits(edition, words, step)]
    if step.own is not None:
        where, gets = words.say(step.own.where), words.say(step.own.gets)
        parts.append(two(f"{where} 的不录入，为 {gets}", f"where {where}: {gets}, not entered"))
    if step.expected is not None:
        expected = words.say(step.expected)
        parts.append(two(f"与按 {expected} 分配的差额逐人列出", f"deviations from {expected} are told one by one"))
    broken = (
        two("不合限制时按该公式分配并说明", "where a limit is broken, by that formula, visibly")
        if step.on_break == "formula"
        else two("不合限制时拒绝", "refused where a limit is broken")
    )
    return two("，", ", ").join(parts) + two(f"；{broken}。", f"; {broken}.")


def _limits(edition: Edition, words: FormulaWords, step: Entered) -> Iterator[str]:
    two = edition.two
    if step.floor is not None:
        yield two(f"每个至少 {words.say(step.floor)} 元", f"at least {words.say(step.floor)} yuan each")
    if step.cap is not None:
        yield two(f"至多 {words.say(step.cap)} 元", f"at most {words.say(step.cap)} yuan")
    if step.spread is not None:
        yield from _spread(edition, step.spread)


def _spread(edition: Edition, spread: Spread) -> Iterator[str]:
    two = edition.two
    what = two("极差比", "largest ÷ smallest") if spread.of == "max_min" else two("最高与平均之比", "largest ÷ mean")
    if spread.at_least is not None:
        yield two(f"{what}不小于 {in_full(spread.at_least)}", f"{what} at least {in_full(spread.at_least)}")
    if spread.at_most is not None:
        yield two(f"{what}不大于 {in_full(spread.at_most)}", f"{what} at most {in_full(spread.at_most)}")
