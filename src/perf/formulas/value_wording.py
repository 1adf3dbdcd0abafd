"""Values for people: with the sign of their unit, exact where that is short, else `≈`."""

from fractions import Fraction

from perf.formulas.functions import percentile_of
from perf.formulas.nodes import Absent, Node, Value
from perf.formulas.units import UNITS
from perf.formulas.values import SIGNIFICANT
from perf.kernel.figures import exact_text, finite_decimal, fixed, reading_text
from perf.kernel.text import Lang, Text

_SHORT = 14
_ABSENT = {
    "missing": Text("未报", "not reported"),
    "denominator_zero": Text("分母为 0", "denominator is 0"),
    "not_applicable": Text("不适用", "not applicable"),
    "blocked": Text("无法计算", "cannot be computed"),
    "not_allowed": Text("不能这样计算", "not allowed"),
}
_COUNTED = frozenset({"items", "times", "days", "minutes", "persons", "person-times"})
_TRUTH = {True: Text("成立", "true"), False: Text("不成立", "false")}


def value_text(value: Value, unit: str, lang: Lang = "zh") -> str:
    """A value as people read it: `1.025%`, `1,234.50 元`, `未报`; `≈` stands only before a shortened decimal."""
    if isinstance(value, Fraction):
        return _number_text(value, unit, lang)
    if isinstance(value, bool):
        return _TRUTH[value].in_lang(lang)
    if isinstance(value, Absent):
        note = value.note.in_lang(lang)
        word = _ABSENT[value.reason].in_lang(lang)
        return note if note and value.reason in ("not_allowed", "not_applicable") else word
    return value


def counted_text(value: Value, unit: str, lang: Lang = "zh") -> str:
    """`value_text`, and what is counted behind it where the unit counts something: `0 件`, `3 天`."""
    text = value_text(value, unit, lang)
    known = UNITS.get(unit) if unit in _COUNTED and isinstance(value, Fraction) else None
    return text if known is None else f"{text} {known.title.in_lang(lang)}"


def is_short(value: Fraction, unit: str) -> bool:
    """Whether `value_text` prints it exactly."""
    decimal = finite_decimal(_written(value, unit))
    return decimal is not None and len(decimal) <= _SHORT


def leaf_text(value: Value, unit: str, lang: Lang) -> str:
    """A value inside an equation: `value_text`, and the fraction before a shortened decimal: `1/3(≈0.3333)`."""
    text = value_text(value, unit, lang)
    if isinstance(value, Fraction) and not is_short(value, unit):
        exact = exact_text(value)
        if len(exact) <= _SHORT:
            return f"{exact}({text})" if lang == "zh" else f"{exact} ({text})"
    return text


def nested_unit(node: Node) -> str:
    """The unit a node is written in: its own, else what follows from its inputs."""
    if node.unit or not node.inputs:
        return node.unit
    if node.op in _OF_ONE_KIND or percentile_of(node.op) is not None:
        units = {
            nested_unit(one) for one in node.inputs if (one.op != "number" or one.unit) and one.op != SIGNIFICANT.op
        }
        return units.pop() if len(units) == 1 else ""
    if node.op in ("neg", "abs", "round", "if", "curve", "name", "indicator", "points", "score"):
        index = -1 if node.op in ("if", "points", "score") else 0
        return nested_unit(node.inputs[index])
    if node.op == "*":
        left, right = (nested_unit(one) for one in node.inputs)
        if left in _RATIOS:
            return right
        if right in _RATIOS:
            return left
    return ""


_OF_ONE_KIND = frozenset({"+", "-", "min", "max", "best", "worst", "sum", "mean", "median", "geomean", "top"})
_RATIOS = frozenset(code for code, unit in UNITS.items() if unit.is_ratio)


def _written(value: Fraction, unit: str) -> Fraction:
    known = UNITS.get(unit)
    return value if known is None or known.scale == 1 else value / known.scale


def _number_text(value: Fraction, unit: str, lang: Lang) -> str:
    written = _written(value, unit)
    known = UNITS.get(unit)
    sign = known.sign.in_lang(lang) if known else ""
    decimal = finite_decimal(written)
    if unit == "yuan":
        exact = decimal is not None and len(decimal) <= _SHORT
        places = max(2, len(decimal.partition(".")[2])) if decimal is not None and exact else 2
        text = ("" if exact else "≈") + fixed(written, places, grouped=True)
    elif decimal is not None and len(decimal) <= _SHORT:
        text = decimal
    else:
        text = reading_text(written)
    return f"{text} {sign}" if sign in ("元", "万元") else text + sign
