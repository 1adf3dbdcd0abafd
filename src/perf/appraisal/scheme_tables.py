"""What a committee signs of a scheme: grade and coefficient on, just below and just above every turn of the total."""

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction

from perf.appraisal.figure_text import in_full
from perf.formulas import Formula, constant, equation
from perf.formulas.nodes import Absent, Node
from perf.kernel.rounding import round_to
from perf.kernel.text import Lang, Text
from perf.scoring import grade_of, points_on
from perf.specs.formulas_of import curve_formulas
from perf.specs.models import SchemeVersion
from perf.specs.tables import breakpoints, step_beside

_TOTAL = Text("总分", "total")
_FOLLOWS = Text("界限随数据而定:{}", "the thresholds follow the data: {}")


@dataclass(frozen=True, slots=True)
class TotalRow:
    """A total as declared, the grade before quotas and vetoes, the coefficient, its arithmetic, and whether it turns there."""

    total: str
    grade: str
    coefficient: str
    how: str
    is_breakpoint: bool


def total_rows(version: SchemeVersion, *, say: Callable[[Formula], str], lang: Lang = "zh") -> tuple[TotalRow, ...]:
    """The rows of a scheme, from the lowest total up; empty where a total has neither grade nor coefficient.

    Totals stay within the bounds of the scheme. A coefficient whose thresholds follow the data is told by them, as `say`
    puts it.
    """
    curve, bounds = version.coefficient, version.total
    follows = () if curve is None else tuple(f for f in curve_formulas(curve) if constant(f) is None)
    turns = {start for _, start in version.grades}
    if curve is not None and not follows:
        turns.update(breakpoints(curve))
    step = step_beside(bounds.digits, "points")
    values = {turn + shift for turn in turns for shift in (-step, Fraction(0), step)}
    inside = (
        value
        for value in sorted(values)
        if (bounds.minimum is None or value >= bounds.minimum) and (bounds.maximum is None or value <= bounds.maximum)
    )
    told = _FOLLOWS.in_lang(lang).format(" ".join(say(one) for one in follows)) if follows else ""
    return tuple(_row(version, value, told, lang, is_turn=value in turns) for value in inside)


def _row(version: SchemeVersion, total: Fraction, told: str, lang: Lang, *, is_turn: bool) -> TotalRow:
    digits, places = version.total.digits, version.coefficient_digits
    way = None if told else _way(version, total)
    coefficient, how = "", told
    if way is not None and isinstance(way.value, Fraction):
        exact = way.value if places == "exact" else round_to(way.value, places, version.coefficient_rounding)
        coefficient, how = in_full(exact), equation(way, lang)
    shown = in_full(total, 0 if digits == "exact" else digits)
    return TotalRow(shown, grade_of(total, version), coefficient, how, is_turn)


def _way(version: SchemeVersion, total: Fraction) -> Node | None:
    """The arithmetic of the coefficient; None where there is none."""

    def threshold(formula: Formula) -> Node:
        known = constant(formula)
        return Node("number", Absent("missing") if known is None else known)

    if version.coefficient is None:
        return None
    shown = Node("name", total, (), _TOTAL)
    return points_on(version.coefficient, total, "higher", threshold, value_node=shown)
