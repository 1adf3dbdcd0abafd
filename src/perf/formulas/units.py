"""The short table of units: how a value is written, and which values may be added or compared."""

from fractions import Fraction
from typing import Literal, NamedTuple

from perf.kernel.text import Text

Dimension = Literal[
    "", "percentage-points", "person-times", "persons", "days", "items", "points", "yuan", "minutes", "yes_no", "level"
]


class Unit(NamedTuple):
    """One unit.

    Attributes:
        dimension: Values of one dimension may be added and compared; empty: dimensionless.
        scale: The value inside formulas is the written one times `scale` (85% → 0.85; 3 万元 → 30,000).
        sign: What is written behind the number; empty: nothing.
        title: Name of the unit for people.
    """

    dimension: Dimension
    scale: Fraction
    sign: Text
    title: Text

    @property
    def is_ratio(self) -> bool:
        """Whether a value of this unit is a ratio written with a sign, so that a bare number beside it is unclear."""
        return self.scale < 1


_ONE = Fraction(1)
_NO_SIGN = Text("")

UNITS: dict[str, Unit] = {
    "number": Unit("", _ONE, _NO_SIGN, Text("数", "number")),
    "ratio": Unit("", _ONE, _NO_SIGN, Text("比值", "ratio")),
    "percent": Unit("", Fraction(1, 100), Text("%"), Text("百分比", "percent")),
    "permille": Unit("", Fraction(1, 1000), Text("‰"), Text("千分比", "per mille")),
    "per_10k": Unit("", Fraction(1, 10_000), Text("/万", " per 10,000"), Text("每万", "per 10,000")),
    "percentage_points": Unit(
        "percentage-points", Fraction(1, 100), Text("个百分点", " pp"), Text("百分点", "percentage points")
    ),
    "person-times": Unit("person-times", _ONE, _NO_SIGN, Text("人次", "person-times")),
    "persons": Unit("persons", _ONE, _NO_SIGN, Text("人", "persons")),
    "fte": Unit("persons", _ONE, _NO_SIGN, Text("折算人数", "full-time equivalents")),
    "days": Unit("days", _ONE, _NO_SIGN, Text("天", "days")),
    "minutes": Unit("minutes", _ONE, _NO_SIGN, Text("分钟", "minutes")),
    "items": Unit("items", _ONE, _NO_SIGN, Text("件", "items")),
    "times": Unit("items", _ONE, _NO_SIGN, Text("次", "times")),
    "points": Unit("points", _ONE, _NO_SIGN, Text("分", "points")),
    "yuan": Unit("yuan", _ONE, Text("元", " yuan"), Text("元", "yuan")),
    "wan_yuan": Unit("yuan", Fraction(10_000), Text("万元", " × 10,000 yuan"), Text("万元", "10,000 yuan")),
    "yes_no": Unit("yes_no", _ONE, _NO_SIGN, Text("是否", "yes or no")),
    "level": Unit("level", _ONE, _NO_SIGN, Text("等级", "level")),
}
