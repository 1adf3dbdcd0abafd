"""`scheme:` documents → models."""

from fractions import Fraction
from typing import Literal, get_args

from perf.formulas import Formula
from perf.kernel.figures import exact_text
from perf.kernel.issues import Place
from perf.kernel.subjects import LEVELS, Level
from perf.kernel.text import Text
from perf.specs.build_curves import build_coefficient
from perf.specs.build_measures import PERIOD_KINDS
from perf.specs.curve_fields import positive
from perf.specs.dates import Version, close_versions, own_enabled, read_versions
from perf.specs.fields import Fields, code_of
from perf.specs.models import (
    Combine,
    Dimension,
    Extra,
    GradeQuota,
    MissingDimension,
    MissingWeight,
    Outcome,
    PeerRule,
    RankRule,
    Scheme,
    SchemeItem,
    SchemeVersion,
    TotalRule,
    Veto,
    VetoEffect,
)
from perf.specs.yaml_nodes import Mapped, Scalar, YamlNode

_COMBINES: tuple[Combine, ...] = get_args(Combine)
_MISSING_WEIGHTS: tuple[MissingWeight, ...] = get_args(MissingWeight)
_MISSING_DIMENSIONS: tuple[MissingDimension, ...] = get_args(MissingDimension)
_TOTALS: tuple[Literal["sum", "geometric"], ...] = ("sum", "geometric")
_QUOTA_OF: tuple[Literal["peers", "scored"], ...] = ("peers", "scored")
_QUOTA_ROUNDINGS: tuple[Literal["down", "up", "half_away"], ...] = ("down", "up", "half_away")
_QUOTA_TIES: tuple[Literal["all_out", "all_in"], ...] = ("all_out", "all_in")
_SHARE = Text("0% 到 100%", "0% to 100%")
_TOP_LEVEL = frozenset({"scheme", "title", "of", "period", "versions"})
_PLANNED = ("layers",)
_HUNDRED = Fraction(100)
_VETO_EXAMPLE = "veto: [{when: major_accident > 0, effect: zero_total}]"


def build_scheme(fields: Fields) -> Scheme | None:
    """A scheme with the versions that could be built; None where code or every version is missing."""
    code = code_of(fields, "scheme")
    title = fields.title()
    level, kinds, where = _of(fields)
    period = fields.choice("period", PERIOD_KINDS, "month", required=True)
    enabled = fields.yes("enabled", default=True)
    versions = read_versions(fields)
    built = tuple(_version(version) for version in versions)
    close_versions(fields, versions, _TOP_LEVEL, _PLANNED)
    if not code or not built:
        return None
    return Scheme(code, title, level, kinds, where, period, built, fields.node.place, enabled)


def _of(fields: Fields) -> tuple[Level, tuple[str, ...], Formula | None]:
    inner = fields.sub("of", "of: {level: institution, kind: [township_hospital]}", required=True)
    if inner is None:
        return "institution", (), None
    level = inner.choice("level", LEVELS, "institution", required=True)
    kinds, where = inner.names("kind"), inner.formula("where")
    inner.close()
    return level, kinds, where


def _version(version: Version) -> SchemeVersion:
    fields = version.fields
    by_post = fields.names("by_post")
    coefficient = fields.sub("coefficient", "coefficient: {curve: steps, at: [[0, 0.8], [60, 1]]}")
    missing_weight = fields.choice("missing_weight", _MISSING_WEIGHTS, "within_dimension")
    total = _total(fields)
    if by_post:
        stated = [key for key in ("dimensions", "missing_weight") if fields.has(key)]
        for key in [*stated, *(["total"] if total.combine != "sum" else [])]:
            fields.add("by-post-mixed", fields.place(key), key="total: combine" if key == "total" else key)
    return SchemeVersion(
        dated=version.dated,
        enabled=own_enabled(version),
        dimensions=() if by_post else _dimensions(fields),
        by_post=by_post,
        missing_weight=missing_weight,
        missing_dimension=fields.choice(
            "missing_dimension", _MISSING_DIMENSIONS, "lost" if missing_weight == "none" else "others"
        ),
        extra=tuple(_extra(fields)),
        extra_cap=fields.number("extra_cap", least=Fraction(0)),
        veto=tuple(_veto(fields)),
        total=total,
        peers=_peers(fields),
        rank=_rank(fields),
        grades=tuple(_grades(fields)),
        quota=tuple(_quota(fields)),
        coefficient=build_coefficient(coefficient) if coefficient else None,
        coefficient_digits=fields.digits("coefficient_digits", 4),
        coefficient_rounding=fields.rounding("coefficient_rounding"),
        outcomes=tuple(_outcomes(fields)),
    )


def _dimensions(fields: Fields) -> tuple[Dimension, ...]:
    example = "dimensions: {service: {weight: 100, indicators: {visits: {out_of: 100}}}}"
    if fields.get("dimensions", example=example) is None:
        return ()
    found: list[Dimension] = []
    for name, place, node in fields.pairs("dimensions"):
        mapped = fields.as_mapped(node, name, f"{name}: {{weight: 40, indicators: {{…}}}}")
        if mapped is None:
            continue
        inner = fields.inside(mapped, Text(f"维度 {name}", f"dimension {name}"))
        title = inner.title(required=False)
        weight = inner.number("weight", Fraction(0), example="40") or Fraction(0)
        combine = inner.choice("combine", _COMBINES, "weighted_mean")
        at_least = inner.count("at_least", 1)
        items = tuple(_items(inner))
        inner.close()
        found.append(Dimension(name, title if title.zh else Text(name), weight, combine, at_least, items, place))
    return tuple(found)


def _items(fields: Fields) -> list[SchemeItem]:
    if fields.get("indicators", example="indicators: {visits: {out_of: 10}}") is None:
        return []
    found: list[SchemeItem] = []
    for name, place, node in fields.pairs("indicators"):
        mapped = fields.as_mapped(node, name, f"{name}: {{out_of: 10}}")
        if mapped is None:
            continue
        inner = fields.inside(mapped, Text(f"指标 {name}", f"indicator {name}"))
        out_of, weight = inner.number("out_of"), inner.number("weight")
        inner.close()
        if out_of is None and weight is None:
            inner.add("rule-key-missing", place, key="out_of", what=inner.what, example="out_of: 10")
            continue
        scale = _HUNDRED if out_of is None else out_of
        found.append(SchemeItem(name, scale, scale if weight is None else weight, out_of is not None, place))
    return found


def _extra(fields: Fields) -> list[Extra]:
    found: list[Extra] = []
    for row, inner in _maps(fields, "extra", "extra: [{indicator: new_technique, cap: 5}]"):
        indicator = inner.text("indicator", example="new_technique")
        cap = positive(inner, "cap", inner.number("cap"))
        out_of = inner.number("out_of", cap if cap is not None else _HUNDRED) or _HUNDRED
        inner.close()
        if indicator:
            found.append(Extra(indicator, cap, out_of, row.place))
    return found


def _veto(fields: Fields) -> list[Veto]:
    found: list[Veto] = []
    for row, inner in _maps(fields, "veto", _VETO_EXAMPLE):
        when = inner.formula("when", example="major_accident > 0")
        effect, grade = _effect(inner)
        inner.close()
        if when is not None and effect is not None:
            found.append(Veto(when, effect, grade, row.place))
    return found


def _effect(fields: Fields) -> tuple[VetoEffect | None, str]:
    node = fields.get("effect", example="zero_total")
    if isinstance(node, Mapped):
        inner = fields.inside(node, Text("effect"))
        grade = inner.text("grade_at_most", example="不合格")
        inner.close()
        return ("grade_at_most", grade) if grade else (None, "")
    if not isinstance(node, Scalar):
        return None, ""
    if node.text == "grade_at_most":
        fields.add(
            "rule-shape",
            node.place,
            what="effect",
            found=Text("缺少等次", "without a grade"),
            expected=Text("等次", "a grade"),
            example="effect: {grade_at_most: 不合格}",
        )
        return None, ""
    words: tuple[VetoEffect, ...] = ("zero_total", "forfeit_pay")
    return fields.one_of(node, "effect", words, "zero_total"), ""


def _total(fields: Fields) -> TotalRule:
    inner = fields.sub("total", "total: {digits: 2, min: 0, max: 100}")
    if inner is None:
        return TotalRule()
    low, high = inner.number("min", Fraction(0)), inner.number("max")
    combine = inner.choice("combine", _TOTALS, "sum")
    rule = TotalRule(inner.digits("digits", 2), inner.rounding(), low, high, combine)
    if low is not None and high is not None and low > high:
        expected = Text(f"不大于 max 的 {exact_text(high)}", f"at most max, {exact_text(high)}")
        inner.add("rule-number-range", inner.place("min"), key="min", found=exact_text(low), expected=expected)
    inner.close()
    return rule


def _peers(fields: Fields) -> PeerRule:
    inner = fields.sub("peers", "peers: {within: consortium, by: kind}")
    if inner is None:
        return PeerRule()
    within = inner.choice("within", LEVELS, "consortium") if inner.has("within") else None
    rule = PeerRule(within, inner.names("by"))
    inner.close()
    return rule


def _rank(fields: Fields) -> RankRule | None:
    inner = fields.sub("rank", "rank: {of: total, ties: competition}")
    if inner is None:
        return None
    of, ties = (
        inner.choice("of", ("total", "exact"), "total"),
        inner.choice("ties", ("competition", "dense"), "competition"),
    )
    inner.close()
    return RankRule("exact" if of == "exact" else "total", "dense" if ties == "dense" else "competition")


def _grades(fields: Fields) -> list[tuple[str, Fraction]]:
    """Highest first; rows out of order, two grades from one value on, or one name twice, are issues."""
    example = "grades: [[优秀, 90], [良好, 80], [合格, 60], [不合格, 0]]"
    found: list[tuple[str, Fraction, Place]] = []
    for node in fields.rows("grades", example):
        row = fields.as_sequence(node, "grades", example)
        if row is None:
            continue
        name = fields.as_scalar(row[0], "grades", example) if len(row) == 2 else None
        value = fields.as_number(row[1], "grades", "90") if len(row) == 2 else None
        if len(row) != 2:
            size, pair = (
                Text(f"{len(row)} 项的列表", f"a list of {len(row)}"),
                Text("一对 [等次, 起始分]", "a pair [grade, from]"),
            )
            fields.add("rule-shape", node.place, what="grades", found=size, expected=pair, example=example)
        if name is not None and value is not None:
            found.append((name.text, value, node.place))
    is_rising = len(found) > 1 and found[1][1] > found[0][1]
    for number in range(1, len(found)):
        name_now, now, place = found[number]
        twice = next((one for one in found[:number] if one[0] == name_now or one[1] == now), None)
        if twice is None and (now > found[number - 1][1]) == is_rising:
            continue
        other_name, other, _ = twice or found[number - 1]
        one, two = f"{name_now} {exact_text(now)}", f"{other_name} {exact_text(other)}"
        is_after = Text(f"{one} 写在 {two} 之后", f"{one} stands after {two}")
        is_same = Text(f"{one} 与 {two} 重复", f"{one} repeats {two}")
        fields.add("grades-order", place, found=is_after if twice is None else is_same)
    return [(name, value) for name, value, _ in sorted(found, key=lambda row: -row[1])]


def _quota(fields: Fields) -> list[GradeQuota]:
    found: list[GradeQuota] = []
    for name, place, node in fields.pairs("quota"):
        mapped = fields.as_mapped(node, name, f"{name}: {{at_most: 15%, falls_to: 良好}}")
        if mapped is None:
            continue
        inner = fields.inside(mapped, Text(f"名额 {name}", f"quota {name}"))
        share = inner.quantity("at_most", "percent", example="15%")
        falls_to = inner.text("falls_to", example="良好")
        of = inner.choice("of", _QUOTA_OF, "peers")
        rounding = inner.choice("rounding", _QUOTA_ROUNDINGS, "down")
        ties = inner.choice("ties", _QUOTA_TIES, "all_out")
        if share is not None and not 0 <= share <= 1:
            found_text = inner.text("at_most")
            inner.add("rule-number-range", inner.place("at_most"), key="at_most", found=found_text, expected=_SHARE)
        inner.close()
        if share is not None:
            found.append(GradeQuota(name, share, falls_to, of, rounding, ties, place))
    return found


def _outcomes(fields: Fields) -> list[Outcome]:
    found: list[Outcome] = []
    for _, inner in _maps(fields, "outcomes", "outcomes: [{when: total < 65, say: 限期整改}]"):
        when, say = inner.formula("when", example="total < 65"), inner.text("say", example="限期整改")
        inner.close()
        if when is not None and say:
            found.append(Outcome(when, say))
    return found


def _maps(fields: Fields, key: str, example: str) -> list[tuple[YamlNode, Fields]]:
    found: list[tuple[YamlNode, Fields]] = []
    for node in fields.rows(key, example):
        mapped = fields.as_mapped(node, key, example)
        if mapped is not None:
            found.append((node, fields.inside(mapped, Text(key))))
    return found
