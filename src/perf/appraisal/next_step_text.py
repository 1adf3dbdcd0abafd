"""The distance to the next step in words: value, points, total, and what it would be worth."""

from fractions import Fraction

from perf.appraisal.figure_text import in_full
from perf.appraisal.next_step import NextStep
from perf.appraisal.prose import prose
from perf.appraisal.raised_pay import Raised
from perf.formulas import value_text
from perf.formulas.value_wording import counted_text
from perf.kernel.money import ZERO
from perf.kernel.text import Text
from perf.scoring import Scorecard, ScoreItem

_UNSAID = {
    "formula": Text("随公式，未估", "pay follows a formula, not estimated"),
    "bound": Text("随保底、封顶，未估", "pay is at a floor or cap, not estimated"),
}


def next_step_text(
    card: Scorecard, item: ScoreItem, step: NextStep, after: Raised | None, *, is_person: bool = True
) -> Text:
    """`到 98% 还差 4.9 个百分点：得分 22.66 → 30.00，总分 88.24 → 95.58，应发约多 245.12 元（其他人不变）`."""
    zh, en = _way(item, step)
    was, now = in_full(item.points, 2), in_full(step.points, 2)
    zh, en = f"{zh}：得分 {was} → {now}", f"{en}: points {was} → {now}"
    if after is not None and card.total is not None and after.total != card.total:
        was, now = in_full(card.total, 2), in_full(after.total, 2)
        zh, en = f"{zh}，总分 {was} → {now}", f"{en}, total {was} → {now}"
    if after is not None and after.pay is not None and after.pay > ZERO:
        zh = f"{zh}，{'应发' if is_person else '资金'}约多 {after.pay} 元（其他人不变）"
        en = f"{en}, about {after.pay} yuan more (others as they are)"
    elif after is not None and after.unsaid:
        why = _UNSAID[after.unsaid]
        zh = f"{zh}，{'应发' if is_person else '资金'}{why.zh}"
        en = f"{en}, {why.in_lang('en')}"
    return prose(Text(zh, en))


def _way(item: ScoreItem, step: NextStep) -> tuple[str, str]:
    value, aim = item.value, step.value
    if not isinstance(value, Fraction) or not isinstance(aim, Fraction):
        return f"评为“{aim}”", f"rated '{aim}'"
    unit = item.value_unit
    goal = {lang: value_text(aim, unit, lang) for lang in ("zh", "en")}
    gap = {lang: _gap(abs(aim - value), unit, lang) for lang in ("zh", "en")}
    if aim > value:
        return f"到 {goal['zh']} 还差 {gap['zh']}", f"{gap['en']} to go to {goal['en']}"
    return f"降到 {goal['zh']} 还多 {gap['zh']}", f"{gap['en']} above {goal['en']}"


def _gap(size: Fraction, unit: str, lang: str) -> str:
    text = counted_text(size, unit, "zh" if lang == "zh" else "en")
    points = " 个百分点" if lang == "zh" else " percentage points"
    return text.removesuffix("%") + points if text.endswith("%") else text
