"""What formulas see above a subject and of other schemes (`parent.x`, `score(a)`): asked once for each parent, then a column."""

from collections.abc import Iterator, Sequence
from fractions import Fraction

import numpy as np

from perf.formulas import Formula, evaluate
from perf.formulas.nodes import Absent, Value
from perf.formulas.tree import Of, Score, walk
from perf.kernel.errors import PerfError
from perf.kernel.issues import NOWHERE
from perf.kernel.periods import Period
from perf.scoring.columnar.cells import HERE, REASONS, Cell, Words
from perf.scoring.columnar.columns import Numbers
from perf.scoring.columnar.looking import codes_of
from perf.scoring.peers import Field
from perf.specs.formulas_of import version_formulas
from perf.specs.models import RuleBook, SchemeVersion
from perf.specs.world import World

Far = Of | Score


def cells_above(
    book: RuleBook, version: SchemeVersion, world: World, field: Field, subjects: Sequence[str], period: Period
) -> dict[Far, Cell]:
    """Each such reference of a scheme's formulas -> its values, one a row; none for what is neither all numbers nor all words."""
    found: dict[Far, Cell] = {}
    for tree in dict.fromkeys(_far(book, version, period)):
        try:
            cell = _cell(_values(tree, world, field, subjects, period))
        except (PerfError, ArithmeticError):
            continue  # whom it fails for, the exact engine says
        if cell is not None:
            found[tree] = cell
    return found


def _values(tree: Far, world: World, field: Field, subjects: Sequence[str], period: Period) -> list[Value]:
    formula, known = Formula("", NOWHERE, tree), dict[str, Value]()
    values: list[Value] = []
    for subject in subjects:
        segment = field.segment(subject, period)
        spoken = segment or world.roster.at(subject, period)
        seen_from = subject if tree.who == "self" or spoken is None else spoken.parent
        if seen_from not in known:
            known[seen_from] = evaluate(formula, world.scope(subject, period, segment=segment)).value
        values.append(known[seen_from])
    return values


def _far(book: RuleBook, version: SchemeVersion, period: Period) -> Iterator[Far]:
    formulas = [veto.when for veto in version.veto]
    for code in codes_of(version):
        indicator = book.indicators.get(code)
        own = indicator.version(period) if indicator is not None else None
        formulas += version_formulas(own) if own is not None else []
    return (tree for one in formulas for tree, _ in walk(one.tree) if isinstance(tree, Of | Score))


def _cell(values: Sequence[Value]) -> Cell | None:
    """Values of every row with the reasons of those that are gone; None: of several kinds."""
    present = [value for value in values if not isinstance(value, Absent)]
    reasons = [REASONS.index(value.reason) if isinstance(value, Absent) else HERE for value in values]
    gone = np.array(reasons, dtype=np.uint8) if len(present) < len(values) else None
    if present and all(isinstance(value, str) for value in present):
        words = tuple(dict.fromkeys(value for value in present if isinstance(value, str)))
        codes = [words.index(value) if isinstance(value, str) else -1 for value in values]
        return Cell(Words(np.array(codes, dtype=np.int32), words), gone)
    if not all(isinstance(value, Fraction) for value in present):
        return None
    numbers = Numbers.exactly([value if isinstance(value, Fraction) else None for value in values])
    return Cell(numbers.ratio(slice(None)), gone)
