"""What a named curve gives on, just below and just above every breakpoint of its variable."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from fractions import Fraction

from perf.appraisal.rule_tables import FOLLOWS, Section, TableRow, sections, thresholds_of
from perf.formulas import Formula, constant, equation, value_text
from perf.formulas.arithmetic import number
from perf.formulas.nodes import Node
from perf.kernel.text import Lang, Text
from perf.specs.curve_models import Award, Curve, Efficacy, NamedCurve
from perf.specs.curve_ways import nobody
from perf.specs.formulas_of import curve_formulas
from perf.specs.named_curves import at_number
from perf.specs.tables import beside, breakpoints

Say = Callable[[Formula], str]


def named_curve_rows(name: str, named: NamedCurve, *, say: Say, lang: Lang = "zh") -> tuple[TableRow, ...]:
    """The rows of the table, values in the unit of the variable, results (`points`) in that of the curve.

    Args:
        name: Of the curve.
        named: As declared.
        say: How a threshold that follows the data is put.
        lang: Language.
    """
    start = Section(named.curve, named.of, named.direction, Text(""), Text(""))
    return tuple(row for one in sections(start) for row in _rows(name, named, one, say, lang))


def _rows(name: str, named: NamedCurve, section: Section, say: Say, lang: Lang) -> Iterator[TableRow]:
    part = section.title.in_lang(lang)
    if any(constant(formula) is None for formula in curve_formulas(section.curve)):
        for text, result in thresholds_of(section.curve, say, named.out_of):
            shown = text if isinstance(text, str) else text.in_lang(lang)
            given = value_text(result, named.gives, lang)
            yield TableRow(shown, given, FOLLOWS.in_lang(lang), is_breakpoint=True, part=part)
        return
    own = replace(named, curve=section.curve)
    turning, out_of = _turning(section.curve), _out_of(named, section.curve)
    turns = set(breakpoints(turning, direction=named.direction, out_of=out_of))

    def threshold(formula: Formula) -> Node:
        return number(constant(formula) or Fraction(0), named.of)

    for value in beside(turning, "exact", unit=named.of, direction=named.direction, out_of=out_of):
        way = at_number(name, own, number(value, named.of), threshold, nobody)
        if isinstance(way.value, Fraction):
            shown, given = value_text(value, named.of, lang), value_text(way.value, named.gives, lang)
            yield TableRow(shown, given, equation(way, lang), value in turns, part)


def _turning(curve: Curve) -> Curve:
    """The curve that turns where `curve` is of interest; where it has no bounds, at its standards."""
    return replace(curve, outside="clip") if isinstance(curve, Efficacy) else curve


def _out_of(named: NamedCurve, curve: Curve) -> Fraction:
    return curve.cap if isinstance(curve, Award) else named.out_of
