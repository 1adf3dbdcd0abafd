"""What a committee signs: the points on, just below and just above every breakpoint of an indicator."""

from dataclasses import dataclass
from fractions import Fraction

from perf.appraisal.figure_text import in_full
from perf.formulas import Formula, constant, equation, value_text
from perf.formulas.nodes import Absent, Node
from perf.kernel.errors import PerfError
from perf.kernel.rounding import round_to
from perf.kernel.text import Lang
from perf.scoring import points_on
from perf.specs.models import Curve, Indicator, IndicatorVersion, RatingCurve
from perf.specs.tables import breakpoints, values_beside

_FULL = Fraction(100)


@dataclass(frozen=True, slots=True)
class TableRow:
    """A value as written, its points, the arithmetic, and whether the curve turns exactly there."""

    value: str
    points: str
    how: str
    is_breakpoint: bool


def breakpoint_rows(
    indicator: Indicator, version: IndicatorVersion, *, out_of: Fraction = _FULL, lang: Lang = "zh"
) -> tuple[TableRow, ...]:
    """The rows of the table; empty where an indicator is only shown or its thresholds need facts."""
    curve = version.points
    if curve is None:
        return ()
    values: tuple[Fraction | str, ...]
    turns: set[Fraction | str]
    if isinstance(curve, RatingCurve):
        values, turns = tuple(curve.values), set(curve.values)
    else:
        values = values_beside(indicator, version, out_of=out_of)
        turns = set(breakpoints(curve, direction=indicator.direction, out_of=out_of))
    rows: list[TableRow] = []
    for value in values:
        way = _points(indicator, curve, value, out_of)
        if way is None or not isinstance(way.value, Fraction):
            continue
        points = way.value if version.points_digits == "exact" else round_to(way.value, version.points_digits)
        shown = value_text(value, indicator.unit, lang)
        rows.append(TableRow(shown, in_full(points, 2), equation(way, lang), value in turns))
    return tuple(rows)


def _points(indicator: Indicator, curve: Curve, value: Fraction | str, out_of: Fraction) -> Node | None:
    shown = Node("name", value, (), indicator.title, unit=indicator.unit)

    def threshold(formula: Formula) -> Node:
        known = constant(formula)
        return Node("number", Absent("missing") if known is None else known, unit=indicator.unit)

    try:
        return points_on(curve, value, indicator.direction, threshold, out_of, value_node=shown)
    except PerfError:
        return None
