"""Scores of claimants: exactly one scheme gives each its score, and what stands in where none does."""

from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction

from perf.distribution.claimants import Figures
from perf.distribution.models import CardFigures
from perf.formulas.nodes import Absent, Node, RuleRef
from perf.kernel.periods import Period
from perf.kernel.subjects import Segment
from perf.kernel.text import Text
from perf.specs.fitting import fits
from perf.specs.models import Scheme, SchemeVersion, Steps
from perf.specs.world import World

SCORE = Text("得分", "score")
COEFFICIENT = Text("考核系数", "coefficient")
GRADE = Text("等次", "grade")
FULL = Fraction(100)
Cards = Mapping[tuple[str, str], CardFigures]


def card_of(
    cards: Cards, schemes: Sequence[str], segment: Segment, world: World, period: Period
) -> tuple[str, CardFigures] | None:
    """The one card that `schemes` gave the subject for this segment; None where none or several did.

    Of several schemes the one counts that fits the segment: who changed from one to another is paid for each post by its
    own score. A card whose scheme fits none of the subject's segments is taken as it is given.
    """
    found = [(scheme, card) for scheme in schemes if (card := cards.get((scheme, segment.subject))) is not None]
    rows = world.roster.segments(segment.subject, period)
    if len(found) == 1 and (len(schemes) == 1 or len(rows) == 1):
        return found[0]
    fitting = [(scheme, card) for scheme, card in found if _fits(world, scheme, segment, period)]
    if len(fitting) == 1:
        return fitting[0]
    strange = not any(_fits(world, found[0][0], row, period) for row in rows) if len(found) == 1 else False
    return found[0] if strange else None


def _fits(world: World, code: str, segment: Segment, period: Period) -> bool:
    scheme = world.book.schemes.get(code)
    return scheme is not None and fits(world, scheme, segment, period) is True


def count_of(cards: Cards, schemes: Iterable[str], subject: str) -> int:
    """How many of `schemes` scored `subject`."""
    return sum((scheme, subject) in cards for scheme in schemes)


def figures_of(scheme: str, card: CardFigures | None) -> Figures:
    """`score`, `coefficient`, `grade` of a card as formulas see them; absent where there is no card or no total."""
    missing = Absent("missing", (), Text("得分未到", "no score yet"))
    if card is None or card.total is None:
        return {
            "score": Node("name", missing, (), SCORE),
            "coefficient": Node("name", missing, (), COEFFICIENT),
            "grade": Node("name", missing, (), GRADE),
        }
    rule = RuleRef(scheme)
    none = Absent("not_applicable", (), Text("考核方案没有系数", "the scheme has no coefficient"))
    coefficient = card.coefficient if card.coefficient is not None else none
    return {
        "score": Node("name", card.total, (), SCORE, rule=rule),
        "coefficient": Node("name", coefficient, (), COEFFICIENT, rule=rule),
        "grade": Node("name", card.grade, (), GRADE, rule=rule),
    }


def stand_in(
    how: str, schemes: Iterable[SchemeVersion], scored: Iterable[CardFigures], last: Fraction | None
) -> Figures:
    """What `on_missing_score` puts in the place of a score.

    Args:
        how: `full`: 100, with the scheme's best coefficient and grade · `mean`: of the claimants that have a score ·
            `last`: the claimant's last known score, with the mean coefficient of the others; without one as `full`.
        schemes: The versions that could have scored the claimant.
        scored: Figures of the claimants that have a score.
    """
    versions = list(schemes)
    known = [card for card in scored if card.total is not None]
    totals = [card.total for card in known if card.total is not None]
    factors = [card.coefficient for card in known if card.coefficient is not None]
    best = [factor for version in versions if (factor := _best_coefficient(version)) is not None]
    score, label = FULL, Text("按满分暂计的得分", "full score, for the time being")
    coefficient = max(best) if best else None
    if how == "mean" and totals:
        score, label = _mean(totals), Text(f"按其余 {len(totals)} 人平均暂计的得分", "mean score, for the time being")
        coefficient = _mean(factors) if factors else coefficient
    elif how == "last" and last is not None:
        score, label = last, Text("按上次得分暂计", "last score, for the time being")
        coefficient = _mean(factors) if factors else coefficient
    grades = [grade for version in versions for grade in version.grades if grade[1] <= score]
    figures = {"score": Node("policy", score, (), label)}
    if coefficient is not None:
        figures["coefficient"] = Node("policy", coefficient, (), COEFFICIENT)
    if grades:
        figures["grade"] = Node("policy", max(grades, key=lambda grade: grade[1])[0], (), GRADE)
    return {**figures_of("", None), **figures}


def versions_in_force(schemes: Iterable[Scheme | None], period: Period) -> list[SchemeVersion]:
    """The versions of those schemes that have one in force."""
    found = [scheme.version(period) for scheme in schemes if scheme is not None]
    return [version for version in found if version is not None]


def _best_coefficient(version: SchemeVersion) -> Fraction | None:
    curve = version.coefficient
    if curve is None:
        return None
    rows = curve.at if isinstance(curve, Steps) else curve.through
    return max(value for _, value in rows)


def _mean(values: list[Fraction]) -> Fraction:
    return sum(values, Fraction(0)) / len(values)
