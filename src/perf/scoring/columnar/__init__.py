"""Scores for many subjects at once, on columns, bit for bit those of `perf.scoring.score`; the only user of numpy."""

from perf.scoring.columnar.columns import Columns, Numbers, Origin
from perf.scoring.columnar.gathering import columns_of
from perf.scoring.columnar.on_demand import items_of, value_of
from perf.scoring.columnar.program import Given, Program, compile_scheme
from perf.scoring.columnar.results import ColumnScores
from perf.scoring.columnar.support import NotColumnar

__all__ = [
    "ColumnScores",
    "Columns",
    "Given",
    "NotColumnar",
    "Numbers",
    "Origin",
    "Program",
    "columns_of",
    "compile_scheme",
    "items_of",
    "value_of",
]
