"""Types and dimensions of parts of a formula: what may be added and compared, and what * and / give."""

from typing import Literal, NamedTuple

from perf.formulas.units import UNITS, Dimension
from perf.kernel.text import Text

FREE: Literal["?"] = "?"
Kind = Literal["number", "text", "condition", "group", "any"]


class Typed(NamedTuple):
    """The type of one part.

    Attributes:
        dimension: Of a number; `?`: not known, goes with everything; empty: dimensionless.
        is_ratio: Written with a percent (per-mille …) sign.
        is_literal: A number in the formula; takes the dimension of what it stands beside.
    """

    kind: Kind
    dimension: Dimension | Literal["?"] = FREE
    is_ratio: bool = False
    is_literal: bool = False

    @property
    def is_bare(self) -> bool:
        """A number written without a percent sign."""
        return self.is_literal and not self.is_ratio

    def fits(self, other: "Typed") -> bool:
        """Whether the two may be added and compared."""
        return FREE in (self.dimension, other.dimension) or self.dimension == other.dimension

    def joined(self, other: "Typed") -> "Typed":
        """What a sum, difference, minimum or choice of the two is."""
        if self.kind != "number" or other.kind != "number":
            return self if self.kind == other.kind else Typed("any")
        if self.is_literal:
            return other._replace(is_literal=other.is_literal)
        if other.is_literal:
            return self
        return Typed(
            "number", self.dimension if self.dimension != FREE else other.dimension, self.is_ratio and other.is_ratio
        )

    def times(self, other: "Typed") -> "Typed":
        """A share of something is of its dimension; any other product names itself."""
        if self.is_ratio and self.dimension == "":
            return other._replace(is_literal=False) if other.kind == "number" else Typed("number")
        if other.is_ratio and other.dimension == "":
            return self._replace(is_literal=False) if self.kind == "number" else Typed("number")
        return Typed("number")

    def over(self, other: "Typed") -> "Typed":
        """Two of one dimension give a plain ratio; a share below the line keeps the dimension; else it names itself."""
        if self.kind == other.kind == "number" and not self.is_literal and not other.is_literal:
            if other.is_ratio:
                return self._replace(is_ratio=False)
            if self.dimension == other.dimension != FREE:
                return Typed("number", "")
        return Typed("number")

    def title(self) -> Text:
        """Its dimension in words."""
        if self.dimension in (FREE, ""):
            return Text("纯数", "a plain number")
        unit = next(u for u in UNITS.values() if u.dimension == self.dimension)
        return Text(f"“{unit.title.zh}”", unit.title.en)


def of_unit(code: str) -> Typed:
    """The type of a number with that unit; an unknown or empty code goes with everything."""
    unit = UNITS.get(code)
    if unit is None or code == "number":
        return Typed("number")
    return Typed("number", unit.dimension, unit.is_ratio)
