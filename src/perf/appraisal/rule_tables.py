"""What a committee signs: the points on, just below and just above every breakpoint of an indicator."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import NamedTuple

from perf.appraisal.figure_text import in_full
from perf.appraisal.peer_tables import PeerRow, peer_rows
from perf.formulas import Formula, constant, equation, value_text
from perf.formulas.nodes import Absent, Node
from perf.kernel.errors import PerfError
from perf.kernel.periods import Period
from perf.kernel.rounding import round_to
from perf.kernel.text import Lang, Text
from perf.scoring import in_item_points, points_on
from perf.specs.curve_ways import part_title
from perf.specs.formulas_of import curve_formulas
from perf.specs.models import (
    Attainment,
    BestOf,
    Curve,
    Direction,
    Efficacy,
    GradedEfficacy,
    Indicator,
    IndicatorVersion,
    Linear,
    Percentile,
    Power,
    Range,
    Rank,
    RatingCurve,
    RuleBook,
    Standardise,
    Steps,
)
from perf.specs.tables import beside, breakpoints

_FULL = Fraction(100)
_NONE = Fraction(0)
FOLLOWS = Text("界限随数据而定", "the threshold follows the data")
_BELOW = Text("第一档以下", "under the first step")


@dataclass(frozen=True, slots=True)
class TableRow:
    """A value as written, its points, the arithmetic, whether the curve turns exactly there, and of which part.

    `part`: the curve of a `best_of`, the class of a standard, the size of the peer group; mostly empty.
    """

    value: str
    points: str
    how: str
    is_breakpoint: bool
    part: str = ""


class Section(NamedTuple):
    """One curve with the values it scores: their unit, which side is better, the title of the part, that of the value."""

    curve: Curve
    unit: str
    direction: Direction
    title: Text
    label: Text


def breakpoint_rows(
    indicator: Indicator,
    version: IndicatorVersion,
    *,
    say: Callable[[Formula], str],
    out_of: Fraction = _FULL,
    lang: Lang = "zh",
) -> tuple[TableRow, ...]:
    """The rows of the table; empty where an indicator is only shown.

    Curves of peers by place in groups of five and ten, or by the distance from the best; thresholds that follow the
    data stand as `say` puts them (`words_of`).
    """
    if version.points is None:
        return ()
    start = Section(version.points, indicator.unit, indicator.direction, Text(""), indicator.title)
    return tuple(row for one in sections(start) for row in _rows(indicator, version, one, out_of, (lang, say)))


def item_scales(
    book: RuleBook, indicator: Indicator, curve: Curve | None, period: Period | None
) -> tuple[Fraction, ...]:
    """The full points at which a curve is used: 100, but for deductions and awards those of the schemes that hold it.

    `period` None: in the latest version of every scheme.
    """
    if curve is None or not in_item_points(curve):
        return (_FULL,)
    versions = [s.versions[-1] if period is None else s.version(period) for s in book.schemes.values()]
    found = {
        given
        for version in versions
        if version is not None
        for given in (
            *(i.out_of for d in version.dimensions for i in d.items if i.indicator == indicator.code),
            *(e.out_of or e.cap or _FULL for e in version.extra if e.indicator == indicator.code),
        )
    }
    return tuple(sorted(found)) or (_FULL,)


def sections(whole: Section) -> Iterator[Section]:
    """Every part of a `best_of` and every class of the standards by itself."""
    curve = whole.curve
    if isinstance(curve, BestOf):
        for count, part in enumerate(curve.parts, start=1):
            title = part_title(part, count)
            unit, label = (whole.unit, whole.label) if part.value is None else (part.unit, title)
            yield from sections(Section(part.curve, unit, part.direction or whole.direction, title, label))
    elif isinstance(curve, GradedEfficacy) and curve.by:
        for name, row in curve.standards.items():
            own = GradedEfficacy({"": row}, "", curve.coefficients)
            yield whole._replace(curve=own, title=_joined(whole.title, Text(name)))
    else:
        yield whole


def _rows(
    indicator: Indicator,
    version: IndicatorVersion,
    section: Section,
    out_of: Fraction,
    told: tuple[Lang, Callable[[Formula], str]],
) -> Iterator[TableRow]:
    curve, (lang, say) = section.curve, told
    title = section.title.in_lang(lang)
    if isinstance(curve, Percentile | Rank | Standardise):
        for one in peer_rows(curve, section.direction, indicator.level):
            part = _joined(section.title, one.group).in_lang(lang)
            yield _row(version, one.value.in_lang(lang), one.way, lang, is_turn=one.is_turn, part=part)
        return
    if any(constant(formula) is None for formula in curve_formulas(curve)):
        for text, points in thresholds_of(curve, say):
            shown = text if isinstance(text, str) else text.in_lang(lang)
            yield TableRow(shown, _points_text(version, points), FOLLOWS.in_lang(lang), is_breakpoint=True, part=title)
        return
    values: tuple[Fraction | str, ...]
    turns: set[Fraction | str]
    if isinstance(curve, RatingCurve):
        values, turns = tuple(curve.values), set(curve.values)
    else:
        digits = version.digits if section.unit == indicator.unit else "exact"
        values = beside(curve, digits, unit=section.unit, direction=section.direction, out_of=out_of)
        turns = set(breakpoints(curve, direction=section.direction, out_of=out_of))
    for value in values:
        way = _points(curve, value, section, out_of)
        if way is not None:
            shown = value_text(value, section.unit, lang)
            yield _row(version, shown, way, lang, is_turn=value in turns, part=title)


def _row(version: IndicatorVersion, value: str, way: Node, lang: Lang, *, is_turn: bool, part: str) -> TableRow:
    points = way.value if isinstance(way.value, Fraction) else _NONE
    return TableRow(value, _points_text(version, points), equation(way, lang), is_turn, part)


def _points_text(version: IndicatorVersion, points: Fraction) -> str:
    digits = version.points_digits
    return in_full(points if digits == "exact" else round_to(points, digits, version.points_rounding), 2)


def thresholds_of(
    curve: Curve, say: Callable[[Formula], str], full: Fraction = _FULL
) -> Iterator[tuple[str | Text, Fraction]]:
    """The thresholds in the words of `say`, with their points; `full`: what full points stand for."""
    match curve:
        case Linear():
            yield from ((say(x), points) for x, points in curve.through)
        case Steps():
            sign = "≥" if curve.lower_bound == "included" else ">"
            yield _BELOW, curve.below
            yield from ((f"{sign} {say(x)}", points) for x, points in curve.at)
        case Range():
            yield from ((say(end), _NONE) for end in curve.zero[:1] if end is not None)
            yield from ((say(end), full) for end in curve.best if end is not None)
            yield from ((say(end), _NONE) for end in curve.zero[1:] if end is not None)
        case Attainment():
            yield say(curve.target), min(full, curve.cap * full)
        case Efficacy():
            yield say(curve.unallowed), curve.base
            yield say(curve.satisfactory), curve.base + curve.span
        case GradedEfficacy():
            for row in curve.standards.values():
                yield from ((say(x), share * full) for x, share in zip(row, curve.coefficients, strict=True))
        case Power():
            yield say(curve.origin), curve.within(curve.start)
        case _:
            return


def _points(curve: Curve, value: Fraction | str, section: Section, out_of: Fraction) -> Node | None:
    shown = Node("name", value, (), section.label, unit=section.unit)

    def threshold(formula: Formula) -> Node:
        known = constant(formula)
        return Node("number", Absent("missing") if known is None else known, unit=section.unit)

    try:
        way = points_on(curve, value, section.direction, threshold, out_of, value_node=shown)
    except PerfError:
        return None
    return way if isinstance(way.value, Fraction) else None


def _joined(first: Text, second: Text) -> Text:
    if not first.zh or not second.zh:
        return first if first.zh else second
    return Text(f"{first.zh} · {second.zh}", f"{first.in_lang('en')} · {second.in_lang('en')}")


__all__ = ["PeerRow", "Section", "TableRow", "breakpoint_rows", "item_scales", "sections", "thresholds_of"]
