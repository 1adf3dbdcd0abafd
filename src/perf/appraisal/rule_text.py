"""A rule in words: formula, curve, source, versions; for `specs explain` and the rule book."""

from collections.abc import Iterable, Iterator, Mapping
from fractions import Fraction
from typing import assert_never

from perf.appraisal.curve_words import CurveWords
from perf.appraisal.figure_text import clause, in_full, was_text
from perf.appraisal.formula_words import FormulaWords
from perf.appraisal.pair_rules import PairRule, pair_lines
from perf.appraisal.payroll_text import payroll_lines
from perf.appraisal.rule_words import precision, unit_word, word
from perf.appraisal.transfer_words import transfer_text
from perf.formulas import Formula
from perf.kernel.figures import percent_text
from perf.kernel.text import Lang, Text
from perf.specs.adjustment_models import AdjustmentRule
from perf.specs.band_models import BandRow, Bands
from perf.specs.correction_models import CorrectionRule
from perf.specs.ladder_models import Ladder
from perf.specs.models import (
    Dated,
    Distribution,
    DistributionVersion,
    GradeQuota,
    Indicator,
    Measure,
    NamedCurve,
    Payroll,
    RuleBook,
    Scheme,
    SchemeVersion,
    Step,
    Transfer,
)
from perf.specs.models import Split as SplitStep
from perf.specs.money_models import Entered
from perf.specs.reserve_models import Release, Schedule
from perf.specs.yaml_nodes import Change

Rule = Measure | Indicator | Scheme | Distribution | PairRule | Payroll


class _Lines:
    """Says rules of one book in one language."""

    def __init__(self, book: RuleBook, lang: Lang) -> None:
        self._book, self._lang = book, lang

    def two(self, zh: str, en: str) -> str:
        return zh if self._lang == "zh" else en

    def all(self, parts: Iterable[str]) -> str:
        """Parts of a list."""
        return self.two("、", ", ").join(parts)

    def word(self, kind: str, code: str) -> str:
        return word(kind, code, self._lang)

    def title(self, rule: Indicator | Scheme | None, code: str) -> str:
        return f"{rule.title.in_lang(self._lang)} {code}" if rule is not None else code

    # ------------------------------------------------------------ measures and indicators

    def measure(self, rule: Measure) -> Iterator[str]:
        supplier = rule.supplied_by or "—"
        unit, level = unit_word(rule.unit, self._lang), self.word("level", rule.level)
        roll_up = self.word("roll_up", rule.roll_up)
        yield self.two(
            f"  数据项 · 单位 {unit} · 层级 {level} · 提供 {supplier} · 汇总 {roll_up}",
            f"  measure · in {unit} · of each {level} · supplied by {supplier} · roll-up: {roll_up}",
        )
        yield from origins(self._book.changes.get(rule.code, ()), self._lang)

    def indicator(self, rule: Indicator) -> Iterator[str]:
        book, lang = self._book, self._lang
        unit, direction = unit_word(rule.unit, lang), word("direction", rule.direction, lang)
        yield self.two(
            f"  指标 · 单位 {unit} · {direction} · 可信度 {rule.confidence}",
            f"  indicator · in {unit} · {direction} · confidence {rule.confidence}",
        )
        for version in rule.versions:
            yield from self.dated(version.dated)
            yield self.two(f"    值 = {version.value.text}", f"    value = {version.value.text}")
            yield from self.curves(version.curves)
            digits = precision(version.digits, version.rounding, lang)
            yield self.two(f"    精度:{digits}", f"    precision: {digits}")
            if version.points is None:
                yield self.two("    只展示,不计分", "    shown only, not scored")
            else:
                curve = CurveWords(FormulaWords.of(book, version, lang), lang, rule.unit, rule.direction)
                said = self.two("", " ").join(curve.say(version.points))
                table = f"perf-pay specs table {rule.code}"
                digits = precision(version.points_digits, version.points_rounding, lang)
                yield self.two(f"    计分方法:{said}(分界表见 {table})", f"    points: {said} (table: {table})")
                yield self.two(f"    得分精度:{digits}", f"    precision of points: {digits}")
            missing, zero = (
                word("missing", code, lang) for code in (version.no_value.missing, version.no_value.denominator_zero)
            )
            yield self.two(
                f"    缺数据:{missing} · 分母为零:{zero}", f"    figure missing: {missing} · denominator 0: {zero}"
            )
            if version.requires is not None:
                yield self.two(f"    适用条件:{version.requires.text}", f"    applies where: {version.requires.text}")
        users = self.all(one.title.in_lang(lang) for _, one in sorted(book.schemes.items()) if _uses(one, rule.code))
        yield self.two(f"  用于:{users or '—'}", f"  used by: {users or '—'}")

    def dated(self, dated: Dated) -> Iterator[str]:
        """From when, by which clause, and what a layer changed."""
        source = dated.source
        until = self.two(f" 至 {dated.last_day}", f" to {dated.last_day}") if dated.last_day else ""
        said = clause(source.document, source.clause) if source else self.two("(无出处)", "(no source)")
        since = self.two(f"自 {dated.name}", f"from {dated.name}") if dated.first_day else ""
        span = f"{since}{until}".strip() or self.two("一直有效", "always")
        yield self.two(f"  {span}:{said}", f"  {span}: {said}")
        yield from origins(dated.changes, self._lang)

    def curves(self, curves: Mapping[str, NamedCurve]) -> Iterator[str]:
        """`其中 minimum_rate(最低率)= 分段直线……`: the named curves that the formulas call."""
        for name, named in curves.items():
            words = CurveWords.of_named(FormulaWords(self._book, self._lang), self._lang, named)
            said, title = self.two("", " ").join(words.say(named.curve)), named.title.in_lang(self._lang)
            yield self.two(
                f"    其中 {name}{f'({title})' if title else ''} = {said}",
                f"    where {name}{f' ({title})' if title else ''} = {said}",
            )

    # ------------------------------------------------------------ schemes

    def scheme(self, rule: Scheme) -> Iterator[str]:
        where = self._where(rule.of_where)
        kinds = self.all(self.word("kind", kind) for kind in rule.of_kind)
        who = f"{self.word('level', rule.of_level)} {kinds}".rstrip()
        period = self.word("period", rule.period)
        yield self.two(f"  考核对象:{who}{where} · 每{period}", f"  scores: each {who}{where} · every {period}")
        if not rule.is_ever_on:
            yield self.two(
                "  未启用:按名称指定(--scheme)或由本县的层启用后才运行",
                "  switched off: runs where it is asked for by name (--scheme) or when a layer switches it on",
            )
        for version in rule.versions:
            yield from self.dated(version.dated)
            yield from self._weights(version)
            yield from self._beyond(version)
            yield from self._totals(version)
            if version.coefficient is not None:
                curve = CurveWords(FormulaWords(self._book, self._lang), self._lang, "points", gives="number")
                digits = precision(version.coefficient_digits, version.coefficient_rounding, self._lang)
                said = self.two("", " ").join((*curve.say(version.coefficient), digits))
                yield self.two(f"    系数(按总分):{said}", f"    coefficient (by total): {said}")
            for outcome in version.outcomes:
                yield f"    {outcome.when.text} → {outcome.say}"

    def _where(self, condition: Formula | None) -> str:
        return "" if condition is None else self.two(f" 且 {condition.text}", f" where {condition.text}")

    def _weights(self, version: SchemeVersion) -> Iterator[str]:
        """Which schemes, or which dimensions and indicators, with their weights."""
        if version.by_post:
            parts = self.all(self.title(self._book.schemes.get(code), code) for code in version.by_post)
            yield self.two(
                f"    总分 = 各任职段的得分按 天数 × 折算人数 加权平均:{parts}",
                f"    total = mean of the scores by post, weighted by days × FTE: {parts}",
            )
        for dimension in version.dimensions:
            how, title = self.word("combine", dimension.combine), dimension.title.in_lang(self._lang)
            count, weight = dimension.at_least, in_full(dimension.weight)
            least = self.two(f",至少 {count} 个指标有值", f", at least {count} with a value") if count > 1 else ""
            yield self.two(f"    {title}(权重 {weight},{how}{least})", f"    {title} (weight {weight}, {how}{least})")
            for item in dimension.items:
                known = self._book.indicators.get(item.indicator)
                name = known.title.in_lang(self._lang) if known is not None else item.indicator
                out_of, weight = in_full(item.out_of), in_full(item.weight)
                yield self.two(
                    f"      {name}  {item.indicator}:分值 {out_of},权重 {weight}",
                    f"      {name}  {item.indicator}: out of {out_of}, weight {weight}",
                )

    def _beyond(self, version: SchemeVersion) -> Iterator[str]:
        """Extra points, vetoes, what becomes of weights."""
        for extra in version.extra:
            cap = in_full(extra.cap)
            yield self.two(f"    加分 {extra.indicator},至多 {cap}", f"    extra {extra.indicator}, at most {cap}")
        for veto in version.veto:
            effect = f"{veto.when.text} → {self.word('effect', veto.effect)} {veto.grade}".rstrip()
            yield self.two(f"    一票否决:{effect}", f"    veto: {effect}")
        if version.dimensions:
            goes = self.word("missing_weight", version.missing_weight)
            yield self.two(f"    不适用指标的权重:{goes}", f"    weight of what does not apply: {goes}")

    def _totals(self, version: SchemeVersion) -> Iterator[str]:
        """How the total is made and bounded, and what follows from it."""
        rule = version.total
        parts = []
        if not version.by_post and rule.combine == "geometric":
            zh = "各维度得分率的加权几何平均 × 100"
            parts.append(self.two(zh, "weighted geometric mean of the dimensions × 100"))
        elif not version.by_post:
            parts.append(self.two("各维度相加", "sum of the dimensions"))
        parts.append(precision(rule.digits, rule.rounding, self._lang))
        for bound, zh, en in ((rule.minimum, "不低于", "at least"), (rule.maximum, "不高于", "at most")):
            if bound is not None:
                parts.append(self.two(f"{zh} {in_full(bound)}", f"{en} {in_full(bound)}"))
        yield self.two("    总分:", "    total: ") + " · ".join(parts)
        if version.extra_cap is not None:
            cap = in_full(version.extra_cap)
            yield self.two(f"    加分合计至多 {cap}", f"    extra points together at most {cap}")
        if version.missing_dimension == "lost":
            yield self.two(
                "    整个维度(任职段)不适用时,权重作废",
                "    the weight of a dimension (or post) that does not apply is lost",
            )
        if version.rank is not None:
            exact, dense = version.rank.of == "exact", version.rank.ties == "dense"
            yield self.two(
                f"    排名:按{'精确的' if exact else '舍入后的'}总分,并列{'连续排' if dense else '跳排'}",
                f"    rank: by the {'exact' if exact else 'rounded'} total, {word('ranking', version.rank.ties, 'en')}",
            )
        if version.grades:
            rows = " ".join(f"{grade}≥{in_full(start)}" for grade, start in version.grades)
            yield self.two(f"    等次:{rows}", f"    grades: {rows}")
        for quota in version.quota:
            yield f"    {quota_text(quota, self._lang)}"

    # ------------------------------------------------------------ distributions

    def distribution(self, rule: Distribution) -> Iterator[str]:
        where, per, period = (
            self._where(rule.among_where),
            self.word("level", rule.per),
            self.word("period", rule.period),
        )
        who = self.word("among", rule.among)
        yield self.two(
            f"  每个{per}一池 · 分给{who}{where} · 每{period}",
            f"  one fund for each {per} · among {who}{where} · every {period}",
        )
        for version in rule.versions:
            yield from self.dated(version.dated)
            yield self.two(f"    资金池 = {version.fund.text}", f"    fund = {version.fund.text}")
            if version.short is not None:
                short = self.word("short_fund", version.short)
                yield self.two(f"    资金为负时:{short}", f"    a fund below zero: {short}")
            for name, formula in version.let.items():
                yield self._part(version, name, formula.text)
            for name, bands in version.bands.items():
                yield self._part(version, name, bands_text(bands, self._lang))
            yield from self.curves(version.curves)
            for step in version.steps:
                yield from self._step(step, "    ", rule.title)

    def _part(self, version: DistributionVersion, name: str, said: str) -> str:
        each = self.two("(每个分配对象各算)", " (for each claimant)") if name in version.each else ""
        return self.two(f"    其中 {name}{each} = {said}", f"    where {name}{each} = {said}")

    def _step(self, step: Step, indent: str, usual: Text) -> Iterator[str]:
        """The step in the keys of the rules language."""
        if isinstance(step, Transfer):
            yield f"{indent}- transfer {transfer_text(step, self._lang)}"
            return
        kind = type(step).__name__.lower()
        named = (
            (name, getattr(step, name, None))
            for name in (
                "of",
                "by",
                "amount",
                "weight",
                "when",
                "share",
                "floor",
                "cap",
                "at_most",
                "where",
                "expected",
            )
        )
        texts = [f"{name} {formula.text}" for name, formula in named if isinstance(formula, Formula)]
        if isinstance(step, Ladder):
            words = CurveWords(FormulaWords(self._book, self._lang), self._lang, "points", gives="percent")
            texts += [self.two("", " ").join(words.say(step.rows)), *self._ladder_accounts(step)]
        if isinstance(step, Entered):
            texts += self._entered(step)
        texts += [f"derived {row.where.text}: {row.by.text}" for row in getattr(step, "derived", ())]
        texts += self._told(step)
        if isinstance(step, SplitStep):
            shares = " : ".join(f"{key} {in_full(share)}" for key, share in step.shares.items())
            yield self.two(f"{indent}- split 按 {step.by}({shares})", f"{indent}- split by {step.by} ({shares})")
            for inner in step.steps:
                yield from self._step(inner, indent + "  ", usual)
            return
        target, line = getattr(step, "to", ""), getattr(step, "line", "")
        if line and line != target:
            texts.insert(0, f"“{usual.in_lang(self._lang) if line == usual.zh else line}”")
        yield f"{indent}- {kind} {' · '.join(texts)}{' → ' + target if target else ''}".rstrip()

    def _entered(self, step: Entered) -> Iterator[str]:
        if step.spread is not None:
            bounds = (("at_least", step.spread.at_least), ("at_most", step.spread.at_most))
            said = ", ".join(f"{key} {in_full(bound)}" for key, bound in bounds if bound is not None)
            yield f"spread {step.spread.of} {said}"
        if step.own is not None:
            yield f"own {step.own.where.text}: {step.own.gets.text}"
        yield f"on_break {step.on_break}"

    def _told(self, step: Step) -> Iterator[str]:
        """The further keys of steps over the year, as the rules language has them."""
        unit_fen = getattr(step, "unit_fen", 1)
        if isinstance(step, Schedule):
            yield f"parts {' : '.join(in_full(part) for part in step.parts)}"
            yield from (["catch_up yes"] if step.catch_up else [])
            yield from ([f"overpaid {step.overpaid}"] if step.overpaid == "wait" else [])
        if isinstance(step, Release):
            yield f"from {step.source}"
            yield f"forfeited → {step.forfeited_to}" if step.forfeited_to else "keep yes"
            yield f"extra {step.extra}"
        if unit_fen != 1:
            yield f"unit {in_full(Fraction(unit_fen, 100))}"
        if getattr(step, "payer", ""):
            yield f"payer {getattr(step, 'payer', '')}"

    def _ladder_accounts(self, step: Ladder) -> Iterator[str]:
        if step.reward_payer:
            yield self.two(f"奖励由 {step.reward_payer} 付", f"reward paid by {step.reward_payer}")
        if step.forfeited_to:
            yield self.two(f"没有返还的 → {step.forfeited_to}", f"not given → {step.forfeited_to}")


def rule_lines(book: RuleBook, rule: Rule, lang: Lang = "zh") -> Iterator[str]:
    """The rule, line by line; its versions against each other: `perf.appraisal.rule_history`."""
    yield f"{rule.title.in_lang(lang)}  {rule.code}  ({rule.place})"
    lines = _Lines(book, lang)
    match rule:
        case Measure():
            yield from lines.measure(rule)
        case Indicator():
            yield from lines.indicator(rule)
        case Scheme():
            yield from lines.scheme(rule)
        case Distribution():
            yield from lines.distribution(rule)
        case CorrectionRule() | AdjustmentRule():
            for version in rule.versions:
                yield from lines.dated(version.dated)
                yield from pair_lines(book, version, lang)
        case Payroll():
            yield from payroll_lines(book, rule, lang)
        case _ as never:
            assert_never(never)


def origins(changes: Iterable[Change], lang: Lang = "zh") -> Iterator[str]:
    """What layers changed, with the place and what was there before."""
    for change in changes:
        was, what = was_text(change), f"{change.layer} {change.place} {change.path}"
        yield f"    来源:本县 {what}({was.zh})" if lang == "zh" else f"    origin: layer {what} ({was.in_lang('en')})"


def quota_text(quota: GradeQuota, lang: Lang = "zh") -> str:
    """`优秀 名额:同组 15%,向下取整,并列都不给,放不下的降到 良好`."""
    share, all_in, of_peers = percent_text(quota.at_most), quota.ties == "all_in", quota.of == "peers"
    if lang == "en":
        rounding = {"down": "down", "up": "up", "half_away": "half up"}[quota.rounding]
        whose, ties = "all peers" if of_peers else "peers with a total", "all in" if all_in else "all out"
        return f"quota of {quota.grade}: {share} of {whose}, rounded {rounding}, ties {ties}, others fall to {quota.falls_to}"
    rounding = {"down": "向下取整", "up": "向上取整", "half_away": "四舍五入取整"}[quota.rounding]
    whose, ties = "同组" if of_peers else "同组有总分的", "并列都给" if all_in else "并列都不给"
    return f"{quota.grade} 名额:{whose} {share},{rounding},{ties},放不下的降到 {quota.falls_to}"


def bands_text(bands: Bands, lang: Lang = "zh") -> str:
    """`surplus 占 budget 超额累进:2% 以内 100%;2%–6% 70%;超过 6% 50%`."""
    rows = (";" if lang == "zh" else "; ").join(f"{band_span(row, lang)} {row.share.text}" for row in bands.rows)
    if lang == "en":
        mode = (
            "each part at its own share" if bands.mode == "marginal" else "the whole at the share of the band reached"
        )
        cap = f"; at most {bands.cap.text}" if bands.cap is not None else ""
        return f"{bands.amount.text} by its part of {bands.of.text}, {mode}: {rows}{cap}"
    mode = "超额累进" if bands.mode == "marginal" else "全额按所达一段"
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


def _uses(scheme: Scheme, indicator: str) -> bool:
    items = (i.indicator for v in scheme.versions for d in v.dimensions for i in d.items)
    extras = (e.indicator for v in scheme.versions for e in v.extra)
    return indicator in {*items, *extras}
