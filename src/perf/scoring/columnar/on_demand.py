"""One row of columns in full: the weights that were used, scores and dimensions, and values; worked out when asked for."""

from fractions import Fraction

from perf.formulas.nodes import Absent, Node
from perf.kernel.errors import PerfError
from perf.scoring.columnar.cells import HERE, REASONS, Words
from perf.scoring.columnar.program import Program
from perf.scoring.columnar.ratios import Ratio
from perf.scoring.columnar.results import ColumnScores
from perf.scoring.columnar.support import NotColumnar
from perf.scoring.dimensions import Line, combine, not_combined, shares_of
from perf.scoring.indicators import Judged, is_shown_only
from perf.scoring.models import ScoreItem
from perf.scoring.totals import product, without_addend


def items_of(program: Program, scores: ColumnScores, row: int) -> tuple[ScoreItem, ...]:
    """The dimensions of one row and their indicators with weights and scores, as on the card; without values.

    Args:
        program: That made `scores`.
        scores: Its columns.
        row: Which.
    Returns:
        Rows in the order of the scheme, by the exact engine's own way of combining; empty without a version in force.
    Raises:
        NotColumnar: the scheme weighs the totals of others by post; its rows are theirs.
    """
    version = program.scheme.version(program.period)
    if version is None:
        return ()
    if version.by_post:
        raise NotColumnar("by_post")
    lines: list[list[Line]] = []
    index = 0
    for dimension in version.dimensions:
        own: list[Line] = []
        for item in dimension.items:
            indicator = program.book.indicators[item.indicator]
            outcome = scores.outcome_of(index, row)
            points = scores.points_of(index, row)
            rule = indicator.version(program.period)
            shown = rule is not None and indicator.is_on(rule) and is_shown_only(indicator, rule)
            node = Node("points", points if points is not None else Absent("not_applicable"))
            judged = Judged(None, points, node, outcome.status, outcome.reason, takes_weight=not shown)
            own.append(Line(item, indicator, judged))
            index += 1
        lines.append(own)
    name = program.scheme.ref(version)
    pairs = list(zip(version.dimensions, lines, strict=True))
    total = scores.total_outcome_of(row)
    extras = [scores.outcome_of(k, row).status for k in range(index, len(scores.places))]
    found: list[ScoreItem] = []
    try:
        for (dimension, own), shares in zip(pairs, shares_of(version, lines), strict=True):
            found += combine(dimension, own, shares, name)
        if version.total.combine == "geometric":
            dimensions = [one for one in found if one.type == "dimension"]
            if total.status == "failed" and "failed" not in (*extras, *(one.status for one in dimensions)):
                product([one for one in dimensions if one.points is not None])  # do they fail, or the coefficient?
            found = [without_addend(one) for one in found]
    except (PerfError, ArithmeticError):
        return tuple(item for dimension, own in pairs for item in not_combined(dimension, own, total.reason, name))
    return tuple(found)


def value_of(program: Program, scores: ColumnScores, index: int, row: int) -> Fraction | str | Absent:
    """The declared value of an indicator in one row, or why there is none.

    Raises:
        NotColumnar: only the exact engine knows it.
    """
    if program.plan is None:
        raise NotColumnar("scheme")
    cell = program.plan.judges[index].value(scores.columns, slice(row, row + 1))
    if cell.gone is not None and int(cell.gone[0]) != HERE:
        reason = int(cell.gone[0])
        return Absent(REASONS[reason] if reason < len(REASONS) else "not_applicable")
    if isinstance(cell.figure, Ratio):
        return cell.figure.fraction(0)
    if isinstance(cell.figure, Words):
        return cell.figure.words[int(cell.figure.codes[0])]
    raise NotColumnar("truth")
