"""How a curve gives points, in one or two sentences; the breakpoints table stands beside them."""

from collections.abc import Iterator
from fractions import Fraction
from typing import assert_never

from perf.appraisal.figure_text import in_full
from perf.appraisal.formula_words import FormulaWords
from perf.appraisal.rule_words import precision, word
from perf.formulas import Formula, constant, value_text
from perf.kernel.figures import percent_text
from perf.kernel.text import Lang
from perf.specs.ladder_models import LadderRow, LadderRows
from perf.specs.models import (
    Attainment,
    Award,
    BestOf,
    Curve,
    Deduct,
    Direction,
    Efficacy,
    Entered,
    GradedEfficacy,
    Linear,
    NamedCurve,
    Percentile,
    Power,
    Range,
    Rank,
    RatingCurve,
    Standardise,
    Steps,
)

_NONE, _FULL = Fraction(0), Fraction(100)


class CurveWords:
    """Says curves of one rule in one language; thresholds are written in `unit`, results of named curves in `gives`.

    Full points stand for `out_of`, where the results have a unit of their own.
    """

    def __init__(
        self,
        words: FormulaWords,
        lang: Lang,
        unit: str,
        direction: Direction = "higher",
        *,
        gives: str = "",
        out_of: Fraction = _FULL,
    ) -> None:
        self._words, self._lang, self._unit, self._direction = words, lang, unit, direction
        self._gives, self._out_of = gives, out_of

    @classmethod
    def of_named(cls, words: FormulaWords, lang: Lang, curve: NamedCurve) -> "CurveWords":
        """For a named curve, whose results have a unit of their own."""
        return cls(words, lang, curve.of, curve.direction, gives=curve.gives, out_of=curve.out_of)

    def say(self, curve: Curve | None) -> tuple[str, ...]:
        """The curve, a sentence a string; the first one names its method."""
        if curve is None:
            return (self._two("只展示，不计分。", "Shown only, no points."),)
        return tuple(self._sentences(curve))

    def value(self, formula: Formula) -> str:
        """A threshold as the rule writes it: a constant with the sign of its unit, a formula in words."""
        known = constant(formula)
        if known is None:
            return self._words.say(formula)
        return formula.text if formula.text.rstrip().endswith("%") else value_text(known, self._unit, self._lang)

    def _two(self, zh: str, en: str) -> str:
        return zh if self._lang == "zh" else en

    def _sentences(self, curve: Curve) -> Iterator[str]:
        match curve:
            case Linear():
                yield from self._linear(curve)
            case Steps():
                yield from self._steps(curve)
            case Range():
                yield from self._range(curve)
            case Attainment():
                yield from self._attainment(curve)
            case Deduct():
                yield self._per(curve.each, curve.per, curve.counted, deducted=True)
            case Award():
                yield self._per(curve.each, curve.per, curve.counted, deducted=False)
                cap = self._earned(curve.cap)
                yield self._two(f"至多加 {cap}。", f"At most {cap} are added.")
            case RatingCurve():
                rows = self._joined(f"{name} {in_full(points)}" for name, points in curve.values.items())
                yield self._two(f"等级：{rows}。", f"By rating: {rows}.")
            case Entered():
                yield self._entered(curve)
            case _:
                yield from self._of_peers(curve)

    def _result(self, number: Fraction) -> str:
        return value_text(number, self._gives, self._lang) if self._gives else in_full(number)

    def _earned(self, number: Fraction) -> str:
        """`60 分`, or a value in the unit of the results."""
        if self._gives:
            return value_text(number, self._gives, self._lang)
        return self._two(f"{in_full(number)} 分", f"{in_full(number)} points")

    def _of_full(self, share: str) -> str:
        """A share of full points; a whole of 1 is not written out."""
        return share if self._out_of == 1 else f"{share} × {self._result(self._out_of)}"

    @property
    def _scored(self) -> str:
        """What a curve gives."""
        return self._two("结果", "result") if self._gives else self._two("得分", "points")

    def _entered(self, curve: Entered) -> str:
        if self._gives:
            way = self._of_full(f"x ÷ {value_text(curve.full, self._unit, self._lang)}")
            return self._two(f"折算：结果 = {way}。", f"In proportion: result = {way}.")
        full = in_full(curve.full)
        return self._two(f"评分：考评得分 ÷ {full} × 100。", f"Entered score ÷ {full} × 100.")

    def _joined(self, parts: Iterator[str]) -> str:
        return ("，" if self._lang == "zh" else ", ").join(parts)

    def _linear(self, curve: Linear) -> Iterator[str]:
        rows = self._joined(f"{self.value(x)} → {self._result(points)}" for x, points in curve.through)
        yield self._two(f"分段直线，经过：{rows}。", f"Straight lines through {rows}.")
        if curve.outside == "clip":
            yield self._at_the_ends("两端以外", "Outside")
        else:
            yield self._two("两端以外按直线延长。", "Outside, the lines go on.")
        if curve.all_equal is not None:
            points = self._earned(curve.all_equal)
            yield self._two(f"同组统计值重合而值正在其上时得 {points}。", f"Where peer statistics coincide: {points}.")

    def _at_the_ends(self, zh: str, en: str) -> str:
        if self._gives:
            return self._two(f"{zh}取端点的值。", f"{en}, the value of the end.")
        return self._two(f"{zh}按端点计分。", f"{en}, the points of the end.")

    def _steps(self, curve: Steps) -> Iterator[str]:
        sign = "≥" if curve.lower_bound == "included" else ">"
        rows = self._joined(f"{sign}{self.value(x)} → {self._result(points)}" for x, points in curve.at)
        below = self._result(curve.below)
        yield self._two(f"分档：{rows}；低于首档 → {below}。", f"Steps: {rows}; below the first one {below}.")

    def _range(self, curve: Range) -> Iterator[str]:
        def end(formula: Formula | None) -> str:
            return self.value(formula) if formula is not None else "—"

        best = f"{end(curve.best[0])} ~ {end(curve.best[1])}"
        full = self._earned(self._out_of) if self._gives else self._two("满分", "Full points")
        yield self._two(
            f"适度区间 {best}（含两端）得{' ' * bool(self._gives)}{full}。", f"{full} from {best}, both included."
        )
        for side, formula in zip((("低", "below"), ("高", "above")), curve.zero, strict=True):
            if formula is not None:
                zero, none = self.value(formula), self._earned(_NONE)
                yield self._two(
                    f"偏{side[0]}时直线下降，到 {zero} 为 {none}。", f"{side[1].title()} it falls to 0 at {zero}."
                )

    def _attainment(self, curve: Attainment) -> Iterator[str]:
        target = self.value(curve.target)
        ways = {
            "ratio": (f"目标 {target} ÷ 实际", f"target {target} ÷ value"),
            "complement": (f"2 − 实际 ÷ 目标 {target}", f"2 − value ÷ target {target}"),
        }
        plain = (f"实际 ÷ 目标 {target}", f"value ÷ target {target}")
        way = ways[curve.lower_as] if self._direction == "lower" else plain
        rate = self._of_full(self._two("完成率", "attainment"))
        yield self._two(
            f"完成率 = {way[0]}，{self._scored} = {rate}。", f"Attainment = {way[1]}; {self._scored} = {rate}."
        )
        cap = in_full(curve.cap * 100)
        yield self._two(f"至多按 {cap}% 计。", f"At most {cap}% counts.")
        if curve.floor is not None:
            floor = in_full(curve.floor * 100)
            none = "0" if self._gives else self._two("0 分", "no points")
            yield self._two(
                f"完成率低于 {floor}% 得 {none}。",
                f"Under {floor}% there are {none}." if not self._gives else f"Under {floor}%: 0.",
            )

    def _per(self, each: Fraction, per: Fraction, counted: str, *, deducted: bool) -> str:
        step, points = value_text(per, self._unit, self._lang), self._earned(each)
        part = {
            "exact": ("不足部分按比例", "parts count in proportion"),
            "started": ("不足部分按一个计", "a part counts as one"),
            "completed": ("不足部分不计", "a part does not count"),
        }[counted]
        if deducted:
            whole = self._earned(self._out_of)
            start = self._two(f"从 {whole} 起", f"From {whole}, ") if self._gives else self._two("扣分：", "")
            return self._two(
                f"{start}每 {step} 扣 {points}，{part[0]}，扣完为止。",
                f"{start}{points} off for each {step}; {part[1]}; not below 0.",
            )
        start = "" if self._gives else "加分："
        return self._two(f"{start}每 {step} 加 {points}，{part[0]}。", f"{points} for each {step}; {part[1]}.")

    # ------------------------------------------------------------ against peers, and the rest of the closed set

    def _of_peers(self, curve: Curve) -> Iterator[str]:
        match curve:
            case Percentile():
                yield from self._percentile(curve)
            case Rank():
                yield from self._rank(curve)
            case Standardise():
                yield from self._standardise(curve)
            case Power():
                yield from self._power(curve)
            case Efficacy():
                yield from self._efficacy(curve)
            case LadderRows():
                yield from self._ladder(curve)
            case GradedEfficacy():
                yield from self._graded(curve)
            case BestOf():
                yield self._two("以下各法分别计分，取最高。", "The best of the following.")
                for number, part in enumerate(curve.parts, start=1):
                    unit = part.unit or self._unit
                    side = part.direction or self._direction
                    inner = CurveWords(self._words, self._lang, unit, side, gives=self._gives, out_of=self._out_of)
                    title = part.title.in_lang(self._lang)
                    of = f"{self._words.say(part.value)}：" if part.value is not None else ""
                    yield f"({number}) {title} {of}{''.join(inner.say(part.curve))}".replace("  ", " ")

    def _percentile(self, curve: Percentile) -> Iterator[str]:
        ways = {
            "percent_rank": ("不如本单位的家数 ÷ (有值家数 − 1)", "those worse ÷ (those with a value − 1)"),
            "at_or_below": (
                "不优于本单位的家数（含本单位）÷ 有值家数",
                "those not better, itself included ÷ those with a value",
            ),
            "midpoint": (
                "(不如本单位的家数 + 并列家数 ÷ 2) ÷ 有值家数",
                "(those worse + half of the equal ones) ÷ those with a value",
            ),
        }
        way = ways[curve.definition]
        yield self._two(f"百分位：{way[0]} × 100，在同组内比较。", f"Percentile among the peers: {way[1]} × 100.")
        yield from self._alone(curve.alone)
        yield from self._all_equal(curve.all_equal)

    def _all_equal(self, all_equal: Fraction | None) -> Iterator[str]:
        if all_equal is not None:
            points = in_full(all_equal)
            yield self._two(f"同组全部相同时得 {points} 分。", f"All peers equal: {points} points.")

    def _alone(self, alone: Fraction | None) -> Iterator[str]:
        if alone is not None:
            yield self._two(
                f"同组只有一家有值时得 {in_full(alone)} 分。", f"Alone in its group: {in_full(alone)} points."
            )

    def _rank(self, curve: Rank) -> Iterator[str]:
        match curve.method:
            case "step":
                first, each, floor = in_full(curve.first), in_full(curve.each), in_full(curve.floor)
                yield self._two(
                    f"名次：第 1 名 {first} 分，每后一名减 {each} 分，不低于 {floor} 分。",
                    f"By place: {first} points for the first, {each} less for each place behind, at least {floor}.",
                )
            case "share":
                yield self._two("名次：(家数 − 名次 + 1) ÷ 家数 × 100。", "By place: (n − place + 1) ÷ n × 100.")
            case "places":
                rows = self._joined(f"{place} → {in_full(points)}" for place, points in curve.places)
                yield self._two(f"名次：从第几名起 → 得分：{rows}。", f"From place → points: {rows}.")
            case _ as never:
                assert_never(never)
        ties = word("ranking", curve.ties, self._lang)
        yield self._two(f"{ties}。", f"{ties[0].upper()}{ties[1:]}.")

    def _standardise(self, curve: Standardise) -> Iterator[str]:
        low, high = in_full(curve.low), in_full(curve.high)
        match curve.method:
            case "min_max":
                yield self._two(
                    f"极差标准化：同组最差 {low} 分，最好 {high} 分，其间按直线。",
                    f"Min–max among the peers: {low} at the worst, {high} at the best, straight between.",
                )
            case "ratio_to_best":
                way = (
                    ("最优值 ÷ 本单位值", "best ÷ value")
                    if self._direction == "lower"
                    else ("本单位值 ÷ 最优值", "value ÷ best")
                )
                yield self._two(f"与最优之比：{way[0]} × 100。", f"Ratio to the best: {way[1]} × 100.")
            case "z_score":
                centre, scale = in_full(curve.centre), in_full(curve.scale)
                whole = curve.deviation == "population"
                kind = self._two("总体标准差" if whole else "样本标准差", f"{curve.deviation} standard deviation")
                yield self._two(
                    f"标准分：{centre} + {scale} × (值 − 平均) ÷ {kind}（越低越好的取反号），在 {low} 至 {high} 之间。",
                    f"{centre} + {scale} × (value − mean) ÷ {kind} (sign turned where lower is better), {low} to {high}.",
                )
            case _ as never:
                assert_never(never)
        yield from self._all_equal(curve.all_equal)

    def _power(self, curve: Power) -> Iterator[str]:
        origin, per = self.value(curve.origin), value_text(curve.per, self._unit, self._lang)
        factor, exponent, start = self._result(curve.factor), in_full(curve.exponent), self._result(curve.start)
        side = {
            "both": ("高于或低于都计", "on both sides"),
            "above": ("只计高于部分", "above only"),
            "below": ("只计低于部分", "below only"),
        }[curve.side]
        formula = f"{start} + ({factor}) × (|x − {origin}| ÷ {per})^{exponent}"
        yield self._two(
            f"幂函数：{self._scored} = {formula}，{side[0]}，{self._bounds(curve)}{precision(curve.digits, curve.rounding, 'zh')}。",
            f"{self._scored.title()} = {formula}, {side[1]}, {self._bounds(curve)}{precision(curve.digits, curve.rounding, 'en')}.",
        )

    def _bounds(self, curve: Power) -> str:
        """`在 0 至 100 之间，`; nothing where there are none."""
        if curve.floor is not None and curve.cap is not None:
            floor, cap = self._result(curve.floor), self._result(curve.cap)
            return self._two(f"在 {floor} 至 {cap} 之间，", f"{floor} to {cap}, ")
        if curve.floor is not None:
            return self._two(f"不低于 {self._result(curve.floor)}，", f"at least {self._result(curve.floor)}, ")
        if curve.cap is not None:
            return self._two(f"不高于 {self._result(curve.cap)}，", f"at most {self._result(curve.cap)}, ")
        return ""

    def _ladder(self, curve: LadderRows) -> Iterator[str]:
        """`得分阶梯：≥90 → 100%，另奖 5%；……；低于 60 → 0%（限期整改）。`."""
        last = curve.rows[-1]
        rows = [
            f"{self._start(curve, row, is_last=row is last and row is not curve.rows[0])} → {self._rung(row)}"
            for row in curve.rows
        ]
        yield self._two(f"得分阶梯：{'；'.join(rows)}。", f"Ladder by score: {'; '.join(rows)}.")
        if any(row.less for row in curve.rows) and curve.points != "exact":
            part = {
                "started": ("不足一分按一分扣", "a part of a point counts as one"),
                "completed": ("不足一分不扣", "a part of a point does not count"),
            }[curve.points]
            yield self._two(f"{part[0]}。", f"{part[1][0].upper()}{part[1][1:]}.")

    def _start(self, curve: LadderRows, row: LadderRow, *, is_last: bool) -> str:
        if not is_last:
            return f"≥{in_full(row.start)}"
        above = in_full(curve.rows[-2].start)
        return self._two(f"低于 {above}", f"below {above}")

    def _rung(self, row: LadderRow) -> str:
        two, full = self._two, in_full(row.full)
        given = two(f"得分 ÷ {full}（至多 100%）", f"score ÷ {full} (at most 100%)")
        text = given if row.gives is None else percent_text(row.gives)
        if row.less:
            off, below = percent_text(row.less), in_full(row.below)
            text += two(f"，低于 {below} 每分减 {off}", f", {off} less for each point below {below}")
        if row.reward:
            reward = percent_text(row.reward)
            text += two(f"，另奖 {reward}", f", {reward} on top")
        return text + (two(f"（{row.say}）", f" ({row.say})") if row.say else "")

    def _efficacy(self, curve: Efficacy) -> Iterator[str]:
        good, bad = self.value(curve.satisfactory), self.value(curve.unallowed)
        base, span = self._result(curve.base), self._result(curve.span)
        formula = f"{base} + (x − {bad}) ÷ ({good} − {bad}) × {span}"
        yield self._two(f"功效系数：{self._scored} = {formula}。", f"Efficacy: {self._scored} = {formula}.")
        if curve.outside == "clip":
            yield self._at_the_ends("满意值与不允许值以外", "Outside")

    def _graded(self, curve: GradedEfficacy) -> Iterator[str]:
        levels = self._joined(in_full(one) for one in curve.coefficients)
        if self._gives and self._out_of != 1:
            levels += self._two(f"（× {self._result(self._out_of)}）", f" (× {self._result(self._out_of)})")
        none = self._earned(_NONE)
        yield self._two(
            f"五档功效系数：各档标准系数 {levels}，档间按直线，最好一档以上封顶，最差一档以下 {none}。",
            f"Graded efficacy: coefficients {levels}, straight between, capped at the best standard, 0 short of the worst.",
        )
        for row, standards in curve.standards.items():
            title = f"{row}：" if row else ""
            yield title + self._joined(self.value(one) for one in standards) + self._two("。", ".")
