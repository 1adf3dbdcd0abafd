"""Rules and facts → scorecards: curves, weights, totals, ranks, grades, coefficients; exact, with explanations."""

from perf.scoring.curves import in_item_points, points_on
from perf.scoring.models import ItemType, Scorecard, ScoreItem, Scores, Status
from perf.scoring.rows import (
    SCORE_COLUMNS,
    TOTAL_ITEM,
    Workings,
    contract_rows,
    explain_objects,
    find_item,
    workings,
)
from perf.scoring.scoring import score
from perf.scoring.standing import grade_of

__all__ = [
    "SCORE_COLUMNS",
    "TOTAL_ITEM",
    "ItemType",
    "ScoreItem",
    "Scorecard",
    "Scores",
    "Status",
    "Workings",
    "contract_rows",
    "explain_objects",
    "find_item",
    "grade_of",
    "in_item_points",
    "points_on",
    "score",
    "workings",
]
