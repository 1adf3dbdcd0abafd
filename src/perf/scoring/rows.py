"""Scorecards in the form of the contract: rows of OUT.csv, objects of OUT.jsonl, and the way to one item."""

from collections.abc import Iterator
from fractions import Fraction
from typing import NamedTuple

from perf.formulas import node_json
from perf.formulas.nodes import Node, Value
from perf.kernel.errors import NotFound
from perf.kernel.figures import exact_text
from perf.kernel.text import Text
from perf.scoring.models import Scorecard, ScoreItem, Scores

TOTAL_ITEM = "total"
SCORE_COLUMNS = (
    "scheme",
    "subject",
    "period",
    "item",
    "type",
    "value",
    "points",
    "weight",
    "score",
    "grade",
    "rank",
    "of",
    "coefficient",
    "status",
    "reason",
)


class Workings(NamedTuple):
    """The steps facts → value → points → score of an item, each the arithmetic with its numbers; None: no such step.

    `value` ends in the declared value, `points` in the declared points, `score` in what the item adds to its parent.
    """

    value: Node | None
    points: Node | None
    score: Node | None


def contract_rows(scores: Scores) -> list[dict[str, str]]:
    """The rows of OUT (contract format 1), sorted by scheme, subject, period, item, then type and dimension.

    A dimension's item is its code, the total's is `total`. Numbers are exact: a finite decimal or `p/q`.
    """
    rows = [row for card in scores.cards.values() for row in _card_rows(card)]
    return [cells for _, cells in sorted(rows, key=lambda row: row[0])]


def explain_objects(scores: Scores) -> Iterator[dict[str, object]]:
    """One object for each (scheme, subject, item) of OUT.jsonl, in the order of the rows."""
    for card in scores.cards.values():
        nodes = [(row.item, row.type, row.parent, row.node) for row in card.items]
        nodes.append((TOTAL_ITEM, "total", "", card.node))
        for item, _, _, node in sorted(nodes, key=lambda row: row[:3]):
            yield {
                "scheme": card.scheme,
                "subject": card.subject,
                "period": str(card.period),
                "item": item,
                "node": node_json(node),
            }


def find_item(card: Scorecard, code: str, parent: str | None = None) -> ScoreItem:
    """The row of an indicator or dimension, an indicator before a dimension; `parent` picks one of several.

    Raises:
        NotFound: no such row.
    """
    found = [row for row in card.items if row.item == code and parent in (None, row.parent)]
    if not found:
        raise NotFound(Text(f"考核表中没有 {code}", f"no {code} on this scorecard"))
    return next((row for row in found if row.type == "indicator"), found[0])


def workings(item: ScoreItem) -> Workings:
    """The steps of one row, taken out of its node."""
    node = item.node
    score = node.inputs[-1] if node.op == "score" else None
    points = node.inputs[0] if node.op == "score" else node
    if points.op == "points":
        value = points.inputs[0] if points.inputs[0].op == "indicator" else None
        way = points.inputs[-1] if len(points.inputs) > 1 else None
    else:
        value, way = (points if points.op == "indicator" else None), None
    return Workings(value, way, score)


def _card_rows(card: Scorecard) -> Iterator[tuple[tuple[str, ...], dict[str, str]]]:
    head = {"scheme": card.scheme, "subject": card.subject, "period": str(card.period)}
    key = tuple(head.values())
    blank = dict.fromkeys(SCORE_COLUMNS, "")
    for row in card.items:
        cells = {
            "item": row.item,
            "type": row.type,
            "value": _value_text(row.value),
            "points": _number_text(row.points),
            "weight": _number_text(row.weight),
            "score": _number_text(row.score),
            "status": row.status,
            "reason": row.reason,
        }
        yield (*key, row.item, row.type, row.parent), blank | head | cells
    cells = {
        "item": TOTAL_ITEM,
        "type": "total",
        "points": _number_text(card.exact),
        "score": _number_text(card.total),
        "grade": card.grade,
        "rank": str(card.rank) if card.rank is not None else "",
        "of": str(card.rank_of) if card.rank_of is not None else "",
        "coefficient": _number_text(card.coefficient),
        "status": card.status,
        "reason": card.reason,
    }
    yield (*key, TOTAL_ITEM, "total", ""), blank | head | cells


def _number_text(value: Fraction | None) -> str:
    return "" if value is None else exact_text(value)


def _value_text(value: Value | None) -> str:
    if isinstance(value, Fraction):
        return exact_text(value)
    return value if isinstance(value, str) else ""
