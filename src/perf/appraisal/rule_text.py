"""A rule in words: formula, curve, source, versions; for `specs explain` and the rule book."""

from collections.abc import Iterable, Iterator, Mapping

from perf.appraisal.curve_words import CurveWords
from perf.appraisal.figure_text import clause, in_full, was_text
from perf.appraisal.formula_words import FormulaWords
from perf.appraisal.rule_words import precision, unit_word, word
from perf.formulas import Formula
from perf.kernel.figures import percent_text
from perf.kernel.text import Lang, Text
from perf.specs.band_models import BandRow, Bands
from perf.specs.models import (
    Dated,
    Distribution,
    DistributionVersion,
    GradeQuota,
    Indicator,
    Measure,
    NamedCurve,
    RuleBook,
    Scheme,
    SchemeVersion,
    Step,
)
from perf.specs.models import Split as SplitStep
from perf.specs.yaml_nodes import Change

_DIRECTION = {"higher": "越高越好", "lower": "越低越好", "range": "适度", "monitored": "监测比较(无方向)"}


def rule_lines(book: RuleBook, rule: Measure | Indicator | Scheme | Distribution, lang: Lang = "zh") -> Iterator[str]:
    """The rule, line by line; its versions against each other: `perf.appraisal.rule_history`."""
    yield f"{rule.title.in_lang(lang)}  {rule.code}  ({rule.place})"
    match rule:
        case Measure():
            supplier = rule.supplied_by or "—"
            unit, level = unit_word(rule.unit, lang), word("level", rule.level, lang)
            roll_up = word("roll_up", rule.roll_up, lang)
            yield f"  数据项 · 单位 {unit} · 层级 {level} · 提供 {supplier} · 汇总 {roll_up}"
            yield from origins(book.changes.get(rule.code, ()))
        case Indicator():
            yield from _indicator(book, rule, lang)
        case Scheme():
            yield from _scheme(book, rule, lang)
        case Distribution():
            yield from _distribution(book, rule, lang)


def _indicator(book: RuleBook, rule: Indicator, lang: Lang) -> Iterator[str]:
    yield f"  指标 · 单位 {unit_word(rule.unit, lang)} · {_DIRECTION[rule.direction]} · 可信度 {rule.confidence}"
    for version in rule.versions:
        yield from _dated(version.dated)
        yield f"    值 = {version.value.text}"
        yield from _curves(book, version.curves, lang)
        yield f"    精度:{precision(version.digits, version.rounding, lang)}"
        if version.points is None:
            yield "    只展示,不计分"
        else:
            curve = CurveWords(FormulaWords.of(book, version, lang), lang, rule.unit, rule.direction)
            yield f"    计分方法:{''.join(curve.say(version.points))}(分界表见 perf-pay specs table {rule.code})"
            yield f"    得分精度:{precision(version.points_digits, version.points_rounding, lang)}"
        missing, zero = (
            word("missing", code, lang) for code in (version.no_value.missing, version.no_value.denominator_zero)
        )
        yield f"    缺数据:{missing} · 分母为零:{zero}"
        if version.requires is not None:
            yield f"    适用条件:{version.requires.text}"
    users = [code for code, scheme in sorted(book.schemes.items()) if _uses(scheme, rule.code)]
    yield "  用于:" + ("、".join(book.schemes[c].title.in_lang(lang) for c in users) or "—")


def _dated(dated: Dated) -> Iterator[str]:
    """From when, by which clause, and what a layer changed."""
    source = dated.source
    until = f" 至 {dated.last_day}" if dated.last_day else ""
    yield f"  自 {dated.name}{until}:{clause(source.document, source.clause) if source else '(无出处)'}"
    yield from origins(dated.changes)


def origins(changes: Iterable[Change]) -> Iterator[str]:
    """What layers changed, with the place and what was there before."""
    for change in changes:
        yield f"    来源:本县 {change.layer} {change.place} {change.path}({was_text(change).zh})"


def _uses(scheme: Scheme, indicator: str) -> bool:
    items = (i.indicator for v in scheme.versions for d in v.dimensions for i in d.items)
    extras = (e.indicator for v in scheme.versions for e in v.extra)
    return indicator in {*items, *extras}


def _scheme(book: RuleBook, rule: Scheme, lang: Lang) -> Iterator[str]:
    where = f" 且 {rule.of_where.text}" if rule.of_where is not None else ""
    kinds = "、".join(word("kind", kind, lang) for kind in rule.of_kind)
    yield f"  考核对象:{word('level', rule.of_level, lang)} {kinds}{where} · 每{word('period', rule.period, lang)}"
    if not rule.is_ever_on:
        yield "  未启用:按名称指定(--scheme)或由本县的层启用后才运行"
    for version in rule.versions:
        yield from _dated(version.dated)
        if version.by_post:
            parts = "、".join(_scheme_title(book, code, lang) for code in version.by_post)
            yield f"    总分 = 各任职段的得分按 天数 × 折算人数 加权平均:{parts}"
        for dimension in version.dimensions:
            how = word("combine", dimension.combine, lang)
            least = f",至少 {dimension.at_least} 个指标有值" if dimension.at_least > 1 else ""
            yield f"    {dimension.title.in_lang(lang)}(权重 {in_full(dimension.weight)},{how}{least})"
            for item in dimension.items:
                known = book.indicators.get(item.indicator)
                name = known.title.in_lang(lang) if known is not None else item.indicator
                yield f"      {name}  {item.indicator}:分值 {in_full(item.out_of)},权重 {in_full(item.weight)}"
        for extra in version.extra:
            yield f"    加分 {extra.indicator},至多 {in_full(extra.cap)}"
        for veto in version.veto:
            yield f"    一票否决:{veto.when.text} → {veto.effect} {veto.grade}".rstrip()
        if version.dimensions:
            yield f"    不适用指标的权重:{word('missing_weight', version.missing_weight, lang)}"
        yield from _totals(version)
        if version.coefficient is not None:
            curve = CurveWords(FormulaWords(book, lang), lang, "points", gives="number")
            digits = precision(version.coefficient_digits, version.coefficient_rounding, lang)
            yield f"    系数(按总分):{''.join(curve.say(version.coefficient))}{digits}"
        for outcome in version.outcomes:
            yield f"    {outcome.when.text} → {outcome.say}"


def _scheme_title(book: RuleBook, code: str, lang: Lang) -> str:
    known = book.schemes.get(code)
    return f"{known.title.in_lang(lang)} {code}" if known is not None else code


def _totals(version: SchemeVersion) -> Iterator[str]:
    """How the total is made and bounded, and what follows from it."""
    rule = version.total
    digits = precision(rule.digits, rule.rounding, "zh")
    how = "各维度得分率的加权几何平均 × 100" if rule.combine == "geometric" else "各维度相加"
    bounds = [f"不低于 {in_full(rule.minimum)}"] if rule.minimum is not None else []
    bounds += [f"不高于 {in_full(rule.maximum)}"] if rule.maximum is not None else []
    yield "    总分:" + " · ".join(([] if version.by_post else [how]) + [digits, *bounds])
    if version.extra_cap is not None:
        yield f"    加分合计至多 {in_full(version.extra_cap)}"
    if version.missing_dimension == "lost":
        yield "    整个维度(任职段)不适用时,权重作废"
    if version.rank is not None:
        of = "精确的总分" if version.rank.of == "exact" else "舍入后的总分"
        yield f"    排名:按{of},并列{'连续排' if version.rank.ties == 'dense' else '跳排'}"
    if version.grades:
        yield "    等次:" + " ".join(f"{grade}≥{in_full(start)}" for grade, start in version.grades)
    for quota in version.quota:
        yield f"    {quota_text(quota)}"


def quota_text(quota: GradeQuota) -> str:
    """`优秀 名额:同组 15%,向下取整,并列都不给,放不下的降到 良好`."""
    whose = "同组" if quota.of == "peers" else "同组有总分的"
    rounding = {"down": "向下取整", "up": "向上取整", "half_away": "四舍五入取整"}[quota.rounding]
    ties = "并列都给" if quota.ties == "all_in" else "并列都不给"
    share = percent_text(quota.at_most)
    return f"{quota.grade} 名额:{whose} {share},{rounding},{ties},放不下的降到 {quota.falls_to}"


def _distribution(book: RuleBook, rule: Distribution, lang: Lang) -> Iterator[str]:
    where = f" 且 {rule.among_where.text}" if rule.among_where is not None else ""
    yield f"  每个 {rule.per} 一池 · 分给 {rule.among}{where} · 每 {rule.period}"
    for version in rule.versions:
        yield from _dated(version.dated)
        yield f"    资金池 = {version.fund.text}"
        for name, formula in version.let.items():
            yield f"    其中 {name}{_each(version, name)} = {formula.text}"
        for name, bands in version.bands.items():
            yield f"    其中 {name}{_each(version, name)} = {bands_text(bands)}"
        yield from _curves(book, version.curves, lang)
        for step in version.steps:
            yield from _step(step, "    ")


def _each(version: DistributionVersion, name: str) -> str:
    return "(每个分配对象各算)" if name in version.each else ""


def bands_text(bands: Bands) -> str:
    """`surplus 占 budget 超额累进:2% 以内 100%;2%–6% 70%;超过 6% 50%`."""
    mode = "超额累进" if bands.mode == "marginal" else "全额按所达一段"
    rows = ";".join(f"{band_span(row, 'zh')} {row.share.text}" for row in bands.rows)
    cap = f";至多 {bands.cap.text}" if bands.cap is not None else ""
    return f"{bands.amount.text} 按占 {bands.of.text} 的比例{mode}:{rows}{cap}"


def band_span(row: BandRow, lang: Lang) -> str:
    """`2% 以内`, `2%–6%`, `超过 6%`."""
    over = percent_text(row.over)
    if row.to is None:
        whole = Text("全部", "all of it")
        return (Text(f"超过 {over}", f"over {over}") if row.over else whole).in_lang(lang)
    to = percent_text(row.to)
    return (Text(f"{over}–{to}", f"{over} to {to}") if row.over else Text(f"{to} 以内", f"up to {to}")).in_lang(lang)


def _curves(book: RuleBook, curves: Mapping[str, NamedCurve], lang: Lang) -> Iterator[str]:
    """`其中 minimum_rate(最低率)= 分段直线……`: the named curves that the formulas call."""
    for name, named in curves.items():
        said = CurveWords.of_named(FormulaWords(book, lang), lang, named).say(named.curve)
        title = f"({named.title.in_lang(lang)})" if named.title.zh else ""
        yield f"    其中 {name}{title} = {''.join(said)}"


def _step(step: Step, indent: str) -> Iterator[str]:
    kind = type(step).__name__.lower()
    named = ((name, getattr(step, name, None)) for name in ("by", "amount", "when", "share", "floor", "cap", "where"))
    texts = [f"{name} {formula.text}" for name, formula in named if isinstance(formula, Formula)]
    if isinstance(step, SplitStep):
        shares = " : ".join(f"{key} {in_full(share)}" for key, share in step.shares.items())
        yield f"{indent}- split 按 {step.by}({shares})"
        for inner in step.steps:
            yield from _step(inner, indent + "  ")
        return
    target, line = getattr(step, "to", ""), getattr(step, "line", "")
    if line and line != target:
        texts.insert(0, f"“{line}”")
    yield f"{indent}- {kind} {' · '.join(texts)}{' → ' + target if target else ''}".rstrip()
