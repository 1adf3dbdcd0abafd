"""Short figures that stand in an array of Python's integers are settled like those in an array of words."""

from fractions import Fraction

import numpy as np
import pytest
from tests.properties.columnar_comparison import both, differences
from tests.unit.scoring.scoring_world import (
    MARCH,
    book_of,
    facts_of,
    indicator,
    measure,
    one_dimension,
    roster_of,
    scheme,
)

from perf.kernel.rounding import Rounding
from perf.scoring.columnar.pieces import Pieces
from perf.scoring.columnar.ratios import Ratio
from perf.scoring.columnar.settling import bind, settle
from perf.scoring.columnar.tally import Tally

CUTS = ((Fraction(1, 3), True), (Fraction(2, 3), False))


@pytest.mark.parametrize("mode", list(Rounding))
@pytest.mark.parametrize("below_max", [60, 1 << 50])
def test_short_figures_in_long_arrays(mode: Rounding, below_max: int):
    pieces = Pieces(CUTS, tuple((Fraction(100 * k), Fraction(700, 3)) for k in range(3)))
    above, below = np.arange(60), np.full(60, 60)
    found = []
    for kind in (np.int64, object):
        value = Ratio(above.astype(kind), below.astype(kind), below_max, below_max, signed=False)
        out = np.zeros(60, dtype=np.int64)
        settle(bind(pieces, mode, value, 1), value, out, Tally())
        found.append(out.tolist())
    assert found[0] == found[1]


def test_figures_that_the_exact_engine_gives_up_as_too_long_are_given_up_in_columns() -> None:
    nines = "9" * 40
    value = "*".join(["p"] * 140) + " * m_a / (" + "*".join(["p"] * 9) + ")"
    further = f"parameters: {{p: {nines}}}\n"
    book = book_of(
        measure("m_a"),
        indicator("a", "{curve: entered, full: 100}", value=value, further=further),
        scheme(one_dimension("a: {out_of: 100}")),
    )
    cards, program, scores = both(book, roster_of("甲", "乙"), facts_of({("甲", "m_a"): 3}), MARCH, "monthly")
    assert cards["甲"].status == "failed"
    assert differences(cards, program, scores) == []
