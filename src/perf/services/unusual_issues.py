"""What is said of an unusual figure: where it stands, what is usual, and which slip would explain it."""

from fractions import Fraction
from math import ceil, floor
from typing import NamedTuple

from perf.kernel.facts import Fact
from perf.kernel.figures import exact_text
from perf.kernel.issues import Issue, Place
from perf.kernel.robust import UsualRange
from perf.kernel.rounding import round_to
from perf.kernel.text import Text
from perf.specs.models import Measure

_SLIPS = (Fraction(1, 100), Fraction(100), Fraction(1, 10), Fraction(10), Fraction(1, 10_000), Fraction(10_000))


class Unusual(NamedTuple):
    """A figure, the range that it is outside of, what that is taken from, and how far out it is."""

    fact: Fact
    usual: UsualRange
    by: Text
    distance: Fraction


def unusual_issue(file: str, one: Unusual, measure: Measure) -> Issue:
    """The warning at the figure's cell, with what is usual and, where it looks like one, the slip that was made."""
    value, usual = one.fact.value, one.usual
    assert isinstance(value, Fraction)  # noqa: S101
    low = usual.low if measure.minimum is None else max(usual.low, measure.minimum)
    high = usual.high if measure.maximum is None else min(usual.high, measure.maximum)
    slip = next((value * factor for factor in _SLIPS if _is_meant(value * factor, usual, measure)), None)
    hint = Text("核对原始记录;没有错可以照常保存", "Check it against the records; if it is right, keep it")
    if slip is not None:
        shown = _shown(slip, measure)
        hint = Text(
            f"是否小数点或单位写错,应为 {shown}?没有错可以照常保存",
            f"Is the decimal point or the unit wrong, should it be {shown}? If it is right, keep it",
        )
    middle = _shown(usual.median, measure)
    first, last = _ends(low, high, measure)
    return Issue(
        "value-unusual",
        Place(file, one.fact.source.sheet, one.fact.source.cell),
        Text(
            f"{measure.title.zh} {_shown(value, measure)},与{one.by.zh}相差很远(中位数 {middle})",
            f"{measure.code} {_shown(value, measure)}, far from {one.by.in_lang('en')} (median {middle})",
        ),
        Text(
            f"通常在 {first} 到 {last} 之间",
            f"usually between {first} and {last}",
        ),
        hint,
        "warning",
        one.fact.key.subject,
        _shown(slip, measure) if slip is not None else "",
    )


def _is_meant(value: Fraction, usual: UsualRange, measure: Measure) -> bool:
    """Whether a figure with another point or unit is one that the measure has and that is near what is usual."""
    is_whole = measure.digits == "exact" or not 10**measure.digits % value.denominator
    return is_whole and value in usual and abs(usual.median) / 2 <= abs(value) <= abs(usual.median) * 2 and bool(value)


def rest_issue(file: str, sheet: str, measure: Measure, rest: int, shown: int) -> Issue:
    """How many more figures of a column are unusual."""
    return Issue(
        "value-unusual",
        Place(file, sheet),
        Text(f"{measure.title.zh} 另有 {rest} 个数异常", f"{rest} more unusual figures of {measure.code}"),
        Text(f"每列只列最远的 {shown} 个", f"the {shown} farthest of each column are listed"),
        Text("先看整列的单位和口径对不对", "See first whether the whole column has the right unit and definition"),
        "warning",
    )


def _nearest(number: Fraction) -> int:
    return int(round_to(number, 0))


def _ends(low: Fraction, high: Fraction, measure: Measure) -> tuple[str, str]:
    """The ends of a range, cut inwards: rounded outwards, a figure outside would look as if it were inside."""
    inner = ceil(low * _scale(measure)), floor(high * _scale(measure))
    first, last = inner if inner[0] <= inner[1] else (_nearest(low * _scale(measure)), _nearest(high * _scale(measure)))
    return _shown(Fraction(first, _scale(measure)), measure), _shown(Fraction(last, _scale(measure)), measure)


def _scale(measure: Measure) -> int:
    """How many of the last digit that is shown make one."""
    digits = 2 if measure.digits == "exact" else measure.digits
    if measure.unit != "percent":
        return int(10**digits)
    return int(100 * 10 ** (2 if measure.digits == "exact" else max(digits - 2, 0)))


def _shown(number: Fraction, measure: Measure) -> str:
    """As it is written in a cell: percent with its sign, at the measure's digits."""
    rounded = Fraction(_nearest(number * _scale(measure)), _scale(measure))
    return exact_text(rounded * 100) + "%" if measure.unit == "percent" else exact_text(rounded)
