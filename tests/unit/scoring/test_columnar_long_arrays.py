"""Short figures that stand in an array of Python's integers are settled like those in an array of words."""

from fractions import Fraction

import numpy as np
import pytest

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
