"""What a score sheet says of every subject in a row of its own, and of itself: totals, and how many figures each tier settled."""

from collections.abc import Iterable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from perf.scoring.columnar import ColumnScores
from perf.services.sheet_codec import whole_figures
from perf.storage.sheets import Total


def tiers_of(scores: ColumnScores) -> dict[str, int]:
    """Tier -> how many figures it settled."""
    return {"1": scores.tally.floats, "2": scores.tally.whole, "3": scores.tally.exact}


def totals_in(scores: ColumnScores) -> Iterable[Total]:
    """The totals as they are stored."""
    none = [-1] * len(scores.columns)
    has = scores.has_total.tolist()
    totals, digits = whole_figures(scores.total, scores.total_digits)
    total = totals.tolist()
    grades = [scores.grades[k] if k >= 0 else "" for k in scores.grade.tolist()]
    rank = none if scores.rank is None else scores.rank.tolist()
    rank_of = none if scores.rank_of is None else scores.rank_of.tolist()
    coefficients, places = whole_figures(_or_none(scores), scores.coefficient_digits)
    coefficient = coefficients.tolist()
    has_coefficient = scores.coefficient is not None
    named = [scores.known.named(number) for number in range(len(scores.known))]
    for row, subject in enumerate(scores.columns.subjects):
        outcome = named[int(scores.outcome[row])]
        here = has[row]
        ranked = here and rank[row] > 0
        yield Total(
            subject,
            total[row] if here else None,
            digits if here else None,
            grades[row],
            rank[row] if ranked else None,
            rank_of[row] if ranked else None,
            coefficient[row] if here and has_coefficient else None,
            places if here and has_coefficient else None,
            outcome.status,
            outcome.reason,
        )


def _or_none(scores: ColumnScores) -> NDArray[Any]:
    """The coefficients; of a scheme without, as many zeros."""
    return np.zeros(len(scores.columns), dtype=np.int64) if scores.coefficient is None else scores.coefficient
