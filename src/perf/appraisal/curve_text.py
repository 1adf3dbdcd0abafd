"""A curve in words: one line that a committee can read."""

from perf.appraisal.figure_text import in_full
from perf.formulas import value_text
from perf.kernel.text import Lang, Text
from perf.specs.models import (
    Attainment,
    Award,
    BestOf,
    Curve,
    CurvePart,
    Deduct,
    Efficacy,
    Entered,
    GradedEfficacy,
    Linear,
    Percentile,
    Power,
    Range,
    Rank,
    RatingCurve,
    Standardise,
    Steps,
)

_TIES = {
    "competition": Text("并列同名次,其后跳过", "ties share a place, the next is skipped"),
    "dense": Text("并列同名次,其后不跳", "ties share a place, the next follows"),
    "mean": Text("并列取名次的平均", "ties share the mean of their places"),
}
_DEFINITIONS = {
    "percent_rank": Text("比它差的个数 ÷(同组个数 − 1)× 100", "worse ÷ (peers − 1) × 100"),
    "at_or_below": Text("不比它好的个数(含自己)÷ 同组个数 × 100", "worse or equal (itself included) ÷ peers × 100"),
    "midpoint": Text("(比它差的个数 + 相同的一半)÷ 同组个数 × 100", "(worse + half of the equal) ÷ peers × 100"),
}
_SIDES = {"both": Text("两侧", "both sides"), "above": Text("高出一侧", "above"), "below": Text("低于一侧", "below")}


def curve_text(curve: Curve, lang: Lang = "zh") -> str:
    """What the curve does: its name and its rule, without the breakpoints."""
    return _words(curve).in_lang(lang)


def _words(curve: Curve) -> Text:
    match curve:
        case Percentile():
            rule = _DEFINITIONS[curve.definition]
            return Text(f"同组百分位:{rule.zh}", f"percentile among the peers: {rule.en}")
        case Rank():
            return _rank(curve)
        case Standardise():
            return _standardise(curve)
        case Power():
            return _power(curve)
        case Efficacy() | GradedEfficacy():
            return _efficacy(curve)
        case BestOf():
            parts = [_part(part) for part in curve.parts]
            return Text(
                "取几种算法中最高的:" + ";".join(part.zh for part in parts),
                "the best of: " + "; ".join(part.in_lang("en") for part in parts),
            )
        case _:
            return _plain(curve)


def _plain(curve: Curve) -> Text:
    match curve:
        case Linear():
            ends = Text("两端延长", "extended") if curve.outside == "extend" else Text("两端取端点分", "clipped")
            return Text(f"折线,{ends.zh}", f"straight lines, {ends.en}")
        case Steps():
            side = curve.lower_bound == "included"
            return Text(
                f"分档,{'达到' if side else '超过'}界限才算",
                f"steps, from {'a threshold on' if side else 'above a threshold'}",
            )
        case Range():
            return Text("适度区间", "a range that is best")
        case Attainment():
            return Text(f"完成率,目标 {curve.target.text}", f"attainment of {curve.target.text}")
        case Deduct():
            return Text("扣分,扣完为止", "deductions")
        case Award():
            return Text(f"加分,至多 {in_full(curve.cap)} 分", f"awards, at most {in_full(curve.cap)}")
        case RatingCurve():
            return Text("按评级给分", "points by rating")
        case Entered():
            return Text("检查打分", "entered scores")
        case _:
            return Text(type(curve).__name__)


def _rank(curve: Rank) -> Text:
    ties = _TIES[curve.ties]
    match curve.method:
        case "step":
            first, each, floor = in_full(curve.first), in_full(curve.each), in_full(curve.floor)
            how = Text(
                f"第 1 名 {first} 分,每后一名减 {each} 分,至少 {floor} 分",
                f"{first} for the first, {each} less for every place, at least {floor}",
            )
        case "share":
            how = Text("(同组个数 − 名次 + 1)÷ 同组个数 × 100", "(peers − place + 1) ÷ peers × 100")
        case _:
            rows = [(place, in_full(points)) for place, points in curve.places]
            how = Text(
                "、".join(f"第 {place} 名起 {points} 分" for place, points in rows),
                ", ".join(f"from place {place}: {points}" for place, points in rows),
            )
    return Text(f"同组名次:{how.zh};{ties.zh}", f"place among the peers: {how.en}; {ties.en}")


def _standardise(curve: Standardise) -> Text:
    low, high = in_full(curve.low), in_full(curve.high)
    match curve.method:
        case "min_max":
            return Text(f"极差标准化:最差 {low} 分,最好 {high} 分", f"min–max: worst {low}, best {high}")
        case "z_score":
            centre, scale = in_full(curve.centre), in_full(curve.scale)
            kind = Text("总体", "population") if curve.deviation == "population" else Text("样本", "sample")
            return Text(
                f"标准分:{centre} + {scale} ×(值 − 平均)÷ {kind.zh}标准差,限于 {low}–{high} 分",
                f"z-score: {centre} + {scale} × (value − mean) ÷ {kind.en} deviation, within {low}–{high}",
            )
        case _:
            return Text("与同组最好之比 × 100", "ratio to the best of the peers × 100")


def _power(curve: Power) -> Text:
    start, factor, exponent = in_full(curve.start), in_full(abs(curve.factor)), in_full(curve.exponent)
    sign, side = "−" if curve.factor < 0 else "+", _SIDES[curve.side]
    per = value_text(curve.per, "percent" if curve.origin.text.rstrip().endswith("%") else "")
    origin, low, high = curve.origin.text, in_full(curve.floor), in_full(curve.cap)
    return Text(
        f"幂函数({side.zh}):{start} {sign} {factor} ×(|值 − {origin}| ÷ {per})^{exponent},限于 {low}–{high} 分",
        f"power ({side.en}): {start} {sign} {factor} × (|value − {origin}| ÷ {per})^{exponent}, within {low}–{high}",
    )


def _efficacy(curve: Efficacy | GradedEfficacy) -> Text:
    if isinstance(curve, GradedEfficacy):
        shares = " ".join(in_full(share) for share in curve.coefficients)
        by = f",标准值按 {curve.by}" if curve.by else ""
        also = f", standards by {curve.by}" if curve.by else ""
        return Text(f"功效系数法,各档系数 {shares}{by}", f"efficacy by grades {shares}{also}")
    base, span = in_full(curve.base), in_full(curve.span)
    best, worst = curve.satisfactory.text, curve.unallowed.text
    return Text(
        f"功效系数法:{base} +(值 − {worst})÷({best} − {worst})× {span}",
        f"efficacy: {base} + (value − {worst}) ÷ ({best} − {worst}) × {span}",
    )


def _part(part: CurvePart) -> Text:
    inner = _words(part.curve)
    of = f"({part.value.text})" if part.value is not None else ""
    head = Text(f"{part.title.zh}{of} ", f"{part.title.in_lang('en')}{of} ") if part.title.zh or of else Text("")
    return Text(f"{head.zh}{inner.zh}", f"{head.in_lang('en')}{inner.in_lang('en')}")
