"""Figure by figure: what the columnar evaluator gives against the cards of the exact one."""

from perf.formulas.nodes import Absent
from perf.scoring import score
from perf.scoring.columnar import ColumnScores, NotColumnar, Program, columns_of, compile_scheme, items_of, value_of


def attributes_of(roster) -> list[str]:
    return sorted({name for segment in roster for name in segment.attributes})


def both(book, roster, facts, period, code, *, threads=1, block=8192):
    """The cards of the exact evaluator by subject, and the columns of the other."""
    cards = {subject: card for (_, subject), card in score(book, roster, facts, period, [code]).cards.items()}
    program = compile_scheme(book, code, period, attributes=attributes_of(roster))
    columns = columns_of(book, roster, facts, period, code)
    return cards, program, program.run(columns, threads=threads, block=block)


def differences(cards, program: Program, scores: ColumnScores) -> list[str]:
    """Every figure that is not the same."""
    found = []
    if sorted(cards) != list(scores.columns.subjects):
        found.append(f"subjects {sorted(cards)} / {list(scores.columns.subjects)}")
    for row, subject in enumerate(scores.columns.subjects):
        card = cards[subject]
        items = {(item.parent, item.item): item for item in card.items if item.type == "indicator"}
        for index, place in enumerate(scores.places):
            item = items[place.parent, place.indicator]
            outcome = scores.outcome_of(index, row)
            pairs = {
                "points": (item.points, scores.points_of(index, row)),
                "status": (item.status, outcome.status),
                "reason": (item.reason, outcome.reason),
            }
            found += [f"{subject} {place.indicator} {n}: {a} / {b}" for n, (a, b) in pairs.items() if a != b]
        found += _rows_apart(card, program, scores, row)
        outcome = scores.total_outcome_of(row)
        rank = scores.rank_in_group(row)
        pairs = {
            "total": (card.total, scores.total_of(row)),
            "grade": (card.grade, scores.grade_of(row)),
            "rank": (card.rank, rank[0] if rank else None),
            "of": (card.rank_of, rank[1] if rank else None),
            "coefficient": (card.coefficient, scores.coefficient_of(row)),
            "status": (card.status, outcome.status),
            "reason": (card.reason, outcome.reason),
        }
        found += [f"{subject} {n}: {a} / {b}" for n, (a, b) in pairs.items() if a != b]
    return found


def _rows_apart(card, program: Program, scores: ColumnScores, row: int) -> list[str]:
    """Weights, scores of items and dimensions, values; a card that failed as a whole has no rows."""
    found = []
    theirs = [item for item in card.items if item.parent != "extra"]
    if theirs and card.node.value is not None and not program.scheme.version(program.period).by_post:
        for one, other in zip(theirs, items_of(program, scores, row), strict=True):
            figures = (
                (one.item, one.points, one.weight, one.score, one.status),
                (other.item, other.points, other.weight, other.score, other.status),
            )
            found += [f"{card.subject} row {figures[0]} / {figures[1]}"] if figures[0] != figures[1] else []
    items = {(item.parent, item.item): item for item in card.items if item.type == "indicator"}
    for index, place in enumerate(scores.places):
        theirs_value = items[place.parent, place.indicator].value
        if theirs_value is None:
            continue  # switched off, or failed: the card shows no value
        try:
            ours = value_of(program, scores, index, row)
        except NotColumnar:
            continue
        same = (
            theirs_value.reason == ours.reason
            if isinstance(theirs_value, Absent) and isinstance(ours, Absent)
            else theirs_value == ours
        )
        found += [] if same else [f"{card.subject} {place.indicator} value {theirs_value} / {ours}"]
    return found
