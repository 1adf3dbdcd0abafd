"""The history of a rule in words: every version with its dates and source, and what it changed, old → new."""

from collections.abc import Iterator, Mapping
from datetime import date
from fractions import Fraction
from types import MappingProxyType
from typing import Final

from perf.appraisal.figure_text import NOTHING, clause
from perf.appraisal.rule_meaning import version_changes
from perf.appraisal.rule_text import Rule, origins
from perf.kernel.figures import percent_text
from perf.kernel.text import Lang, Text
from perf.specs.models import DatedValue, Measure, RuleBook, Scheme

_WORDS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "value": "值", "digits": "小数位数", "rounding": "取整方式", "points": "计分方法", "curve": "方法",
        "through": "折点", "at": "分档", "outside": "折点以外", "points_digits": "得分小数位数",
        "points_rounding": "得分取整方式", "no_value": "缺数处理", "missing": "未报", "denominator_zero": "分母为零",
        "requires": "适用条件", "assume": "未报按", "parameters": "参数", "tables": "查表", "curves": "曲线",
        "target": "目标", "titles": "名称", "title": "名称", "dimensions": "维度", "items": "指标", "weight": "权重",
        "out_of": "分值", "combine": "合成", "at_least": "至少几项", "missing_weight": "不适用指标的权重",
        "missing_dimension": "不适用维度的权重", "extra": "加分", "cap": "至多", "extra_cap": "加分合计至多",
        "veto": "一票否决", "when": "条件", "effect": "后果", "grade": "等次", "total": "总分", "min": "下限",
        "max": "上限", "peers": "同组", "rank": "排名", "ties": "并列", "grades": "等次", "quota": "名额",
        "at_most": "至多", "falls_to": "降到", "coefficient": "系数", "coefficient_digits": "系数小数位数",
        "coefficient_rounding": "系数取整方式", "outcomes": "结果", "say": "说明", "by_post": "按岗位合成",
        "fund": "资金", "let": "中间名称", "steps": "步骤", "amount": "金额", "by": "按", "floor": "保底",
        "shares": "占比", "payers": "付款方", "share": "占比", "on_missing_score": "没有得分时", "enabled": "启用",
        "rows": "各行", "gives": "给", "less": "每分减", "below": "低于", "reward": "奖励", "reward_payer": "奖励由谁付",
        "forfeited_to": "没有给的转入", "full": "全额的得分", "derived": "推算的分配权", "prorate": "在岗折算", "where": "条件",
        "spread": "差距限制", "own": "本人份额", "expected": "按公式", "on_break": "不合限制时",
        "parts": "各份", "catch_up": "补差", "overpaid": "多付的", "source": "来自",
        "limits": "限额", "short": "不够时", "person": "每人每期", "run": "每次核算合计", "charge": "可动用的账户", "kinds": "可做",
        "take_back_at_most": "扣回至多", "pay": "补发", "deduct": "扣款", "stop": "停发", "return": "退回",
        "write_off": "核销", "mode": "结算方式", "reserve": "预留账户", "claw_back_at_most": "扣回至多",
        "smallest": "最小差额", "method": "算到哪里", "tax": "个人所得税", "basic": "减除费用", "rate": "比例",
        "bonus": "全年一次性奖金", "choice": "计税方式", "contributions": "缴费", "fixed": "定额", "base": "基数",
        "free_up_to": "免税限额", "income": "台账以外的应发", "tax_free": "免税收入", "special": "专项附加扣除",
        "deductible": "其他税前扣除", "after_tax": "税后扣款",
    }
)  # fmt: skip


def history_lines(book: RuleBook, rule: Rule, lang: Lang = "zh") -> Iterator[str]:
    """The versions of a rule in order of days, line by line; then the dated values of its parameters."""

    def two(zh: str, en: str) -> str:
        return zh if lang == "zh" else en

    yield f"{rule.title.in_lang(lang)}  {rule.code}  ({rule.place})"
    if isinstance(rule, Measure):
        yield two("  数据项没有版本", "  measures have no versions")
        return
    for number, (dated, changes) in enumerate(version_changes(rule)):
        source = dated.source
        said = clause(source.document, source.clause) if source is not None else two("(无出处)", "(no source)")
        yield f"  {_span(dated.first_day, dated.last_day, lang)}{two(':', ': ')}{said}"
        if number == 0:
            yield two("    最初的版本", "    the first version")
        elif not changes:
            yield two("    与上一版本没有差别", "    no different from the version before")
        for key, old, new in changes:
            shown = f"{_value(key, old)} → {_value(key, new)}"
            yield f"    {_key(book, key, lang)}{two(':', ': ')}{shown}"
        yield from origins(dated.changes, lang)
    yield from _parameters(rule, lang)


def _key(book: RuleBook, key: str, lang: Lang) -> str:
    """`维度 service · 指标 上转率 referred_up · 分值`; in English the path as the rules language writes it."""
    key = key.replace("quota.gradequota ", "quota.")
    if lang != "zh":
        return key
    parts: list[str] = []
    kind = ""
    for step in key.split("."):
        known = book.indicators.get(step) if kind in ("items", "extra") else None
        if known is not None:
            parts[-1] += f" {known.title.zh} {step}"
        elif kind in ("dimensions", "quota", "parameters", "tables", "let", "items", "assume", "shares"):
            parts[-1] += f" {step}"
        else:
            parts.append(_WORDS.get(step, step))
        kind = step if kind not in ("dimensions", "quota", "parameters", "tables", "let", "items", "assume") else ""
    return " · ".join(parts)


def _value(key: str, text: str | None) -> str:
    if text is None:
        return NOTHING
    return percent_text(Fraction(text)) if key.endswith(".at_most") else text


def _span(first: date | None, last: date | None, lang: Lang) -> str:
    if first is None and last is None:
        return "一直有效" if lang == "zh" else "always"
    start = str(first) if first is not None else "…"
    if last is None:
        return f"{start} 起" if lang == "zh" else f"from {start}"
    return f"{start} 至 {last}" if lang == "zh" else f"{start} to {last}"


def _parameters(rule: Rule, lang: Lang) -> Iterator[str]:
    """Parameters of the latest version that change by date within it."""
    if isinstance(rule, Measure | Scheme):
        return
    latest = rule.versions[-1]
    values: Mapping[str, tuple[DatedValue, ...]] = getattr(latest, "parameters", {})
    titles: Mapping[str, Text] = getattr(latest, "titles", {})
    for name, rows in values.items():
        if len(rows) < 2:
            continue
        title = f"{titles[name].in_lang(lang)} " if name in titles else ""
        colon = ":" if lang == "zh" else ": "
        yield f"  {'参数' if lang == 'zh' else 'parameter'} {title}{name}"
        before = ""
        for row in rows:
            source = f"({clause(row.source.document, row.source.clause)})" if row.source is not None else ""
            shown = f"{before} → {row.text}" if before else row.text
            yield f"    {_span(row.first_day, row.last_day, lang)}{colon}{shown}{source}"
            before = row.text
