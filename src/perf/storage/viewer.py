"""Who is looking: the scope that every repository function filters by. Denies by default."""

from dataclasses import dataclass

COUNTY = ""
EVERY_CONSORTIUM = "*"


@dataclass(frozen=True, slots=True)
class Viewer:
    """A name and the consortia whose rows may be seen.

    Attributes:
        consortia: Codes of the consortia in scope; empty sees nothing.
        sees_all: Every consortium, also rows that concern several (`*`).

    Rows of the county itself (`COUNTY`: population and the like) are seen by everybody who sees any consortium.
    """

    name: str
    consortia: frozenset[str] = frozenset()
    sees_all: bool = False

    def may_see(self, consortium: str) -> bool:
        """Whether rows of `consortium` are in scope."""
        if self.sees_all:
            return True
        return consortium in self.consortia or (consortium == COUNTY and bool(self.consortia))

    @property
    def codes(self) -> tuple[str, ...]:
        """The values of a consortium column that are in scope, sorted; of no use when `sees_all`."""
        return (COUNTY, *sorted(self.consortia)) if self.consortia else ()


EVERYTHING = Viewer("perf", sees_all=True)
NOBODY = Viewer("")
