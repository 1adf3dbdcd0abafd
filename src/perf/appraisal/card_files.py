"""What `score` wrote, read back for `distribute`: the total rows of OUT."""

from perf.appraisal.csv_rows import Row, read_rows
from perf.distribution import CardFigures
from perf.kernel.figures import parse_number
from perf.kernel.issues import Issue, Place
from perf.kernel.periods import Period
from perf.kernel.text import Text

CARD_COLUMNS = ("scheme", "subject", "period", "type", "score", "grade", "coefficient", "status", "reason")
FURTHER_COLUMNS = ("item", "value", "points", "weight", "rank", "of")
Cards = dict[tuple[str, str], CardFigures]


def parse_cards(name: str, text: str, period: Period) -> tuple[Cards, tuple[Issue, ...]]:
    """Read an OUT file of `score` for a distribution of `period`: (scheme, subject) -> the figures of its total row.

    A total that stands twice is refused; totals of another period are taken with a warning, once a file.
    """
    rows, _, issues = read_rows(name, text, required=CARD_COLUMNS, optional=FURTHER_COLUMNS)
    totals = [row for row in rows if row.cells["type"] == "total"]
    cards: Cards = {}
    lines: dict[tuple[str, str], int] = {}
    for row in totals:
        key = (row.cells["scheme"], row.cells["subject"])
        if key in lines:
            issues.append(_twice(name, row, lines[key]))
            continue
        lines[key] = row.line
        figures = _figures(row)
        if figures is None:
            issues.append(_not_a_number(name, row))
        else:
            cards[key] = figures
    others = [row for row in totals if row.cells["period"] != str(period)]
    if others:
        issues.append(_other_period(name, others[0], len(others), period))
    return cards, tuple(issues)


def _figures(row: Row) -> CardFigures | None:
    cells = row.cells
    try:
        total = parse_number(cells["score"]) if cells["score"] else None
        coefficient = parse_number(cells["coefficient"]) if cells["coefficient"] else None
    except ValueError:
        return None
    forfeits = cells["reason"] == "forfeit_pay"
    return CardFigures(total, coefficient, cells["grade"], forfeits_pay=forfeits, status=cells["status"])


def _twice(name: str, row: Row, first: int) -> Issue:
    return Issue(
        "score-twice",
        Place(name, line=row.line),
        Text(f"与第 {first} 行是同一方案和对象", f"the same scheme and subject as line {first}"),
        Text("每个方案和对象一行合计", "one total row a scheme and subject"),
        subject=row.cells["subject"],
    )


def _not_a_number(name: str, row: Row) -> Issue:
    return Issue(
        "not-a-number",
        Place(name, line=row.line),
        Text("score 或 coefficient", "score or coefficient"),
        Text("十进制数或空", "a plain decimal or nothing"),
        subject=row.cells["subject"],
    )


def _other_period(name: str, row: Row, count: int, period: Period) -> Issue:
    shown = row.cells["period"]
    return Issue(
        "score-other-period",
        Place(name, line=row.line),
        Text(f"{count} 行合计不是 {period} 的,如 {shown}", f"{count} totals are not of {period} but, say, of {shown}"),
        Text(f"{period} 的得分", f"scores of {period}"),
        Text("确认没有拿错文件;已按所给得分分配", "make sure it is the right file; these scores were used"),
        "warning",
    )
