"""Small rule books, rosters and facts for the tests of scoring, written as rule authors write them."""

from fractions import Fraction

from perf.kernel.facts import Fact, FactKey, Facts
from perf.kernel.periods import Period, parse_period
from perf.kernel.subjects import Roster, Segment
from perf.scoring import Scorecard, ScoreItem, Scores, score
from perf.specs.book import load_book
from perf.specs.models import RuleBook

MARCH = parse_period("2025-03")
SOURCE = "source: {document: 测试〔2025〕1号, clause: 第一条}"


def book_of(*documents: str) -> RuleBook:
    book, issues = load_book({"rules.yaml": "\n---\n".join(documents)})
    errors = [issue.render() for issue in issues if issue.is_error]
    assert not errors, "\n".join(errors)
    return book


def measure(code: str, answers: str = "number", further: str = "") -> str:
    return f"measure: {code}\ntitle: {code}\nanswers: {answers}\nunit: number\ndigits: 4\nlevel: institution\nroll_up: sum\n{further}"


def rating(code: str, *values: str) -> str:
    return measure(code, "rating", f"values: [{', '.join(values)}]\n")


def indicator(
    code: str,
    points: str | None,
    *,
    value: str = "",
    direction: str = "higher",
    further: str = "",
    level: str = "institution",
) -> str:
    curve = f"points: {points}\n" if points else ""
    return (
        f"indicator: {code}\ntitle: {code}\nlevel: {level}\nunit: number\ndirection: {direction}\nconfidence: A\n"
        f"value: {value or 'm_' + code}\n{SOURCE}\n{curve}{further}\n"
    )


def straight(code: str, **kwargs: str) -> str:
    """An indicator whose value is its points: 0 to 100."""
    return indicator(code, "{curve: linear, through: [[0, 0], [100, 100]]}", **kwargs)


def scheme(
    dimensions: str, further: str = "", code: str = "monthly", of: str = "{level: institution, kind: [town]}"
) -> str:
    graded = "" if "grades:" in further else "grades: [[合格, 60], [不合格, 0]]\n"
    return f"scheme: {code}\ntitle: {code}\nof: {of}\nperiod: month\n{SOURCE}\ndimensions:\n{dimensions}\n{graded}{further}\n"


def one_dimension(*items: str, weight: int = 100, code: str = "all", further: str = "") -> str:
    listed = "\n".join(f"      {item}" for item in items)
    return f"  {code}:\n    weight: {weight}\n{further}    indicators:\n{listed}"


def roster_of(*subjects: str, kind: str = "town", **attributes: str) -> Roster:
    top = Segment("group", "consortium", "group", "")
    return Roster([top, *(Segment(s, "institution", kind, "group", attributes=attributes) for s in subjects)])


def facts_of(values: dict[tuple[str, str], object], period: Period = MARCH) -> Facts:
    """(subject, measure) -> number or text."""
    return Facts(fact(subject, code, value, period) for (subject, code), value in values.items())


def fact(subject: str, code: str, value: object, period: Period = MARCH) -> Fact:
    exact = Fraction(str(value)) if isinstance(value, int | Fraction) or _is_number(str(value)) else str(value)
    return Fact(FactKey(subject, code, period), exact)


def _is_number(text: str) -> bool:
    try:
        Fraction(text)
    except ValueError:
        return False
    return True


def run(book: RuleBook, roster: Roster, facts: Facts, period: Period = MARCH, schemes=("monthly",), **kwargs) -> Scores:
    return score(book, roster, facts, period, schemes, **kwargs)


def the_card(scores: Scores, subject: str = "甲", scheme_code: str = "monthly") -> Scorecard:
    return scores.cards[(scheme_code, subject)]


def item(card: Scorecard, code: str) -> ScoreItem:
    return next(row for row in card.items if row.item == code)
