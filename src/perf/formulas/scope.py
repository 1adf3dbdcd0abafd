"""What a formula can see. `perf.specs.world` implements it over facts, roster and rules; tests over plain dicts."""

from collections.abc import Sequence
from typing import Protocol

from perf.formulas.nodes import Node
from perf.kernel.periods import Period


class Scope(Protocol):
    """One subject in one period. Every method returns nodes, never bare values; absence is a value too."""

    period: Period

    def name(self, code: str, period: Period) -> Node:
        """The value of a plain name at `period`, looked up in this order: a local (`let`, `fund`, `rest`, `score` …),
        a parameter (dated), a measure (with roll-up), an attribute of the subject.
        """
        ...

    def knows(self, code: str) -> bool:
        """Whether `code` names something here; beside `==` and in `in (…)`, a bare word that does not is text."""
        ...

    def year_to_date(self, code: str, period: Period) -> Node:
        """`name` over the periods from the start of the year up to and with `period`, rolled up as the measure says."""
        ...

    def owner(self) -> "Scope | None":
        """The institution or consortium whose money is distributed (distributions only)."""
        ...

    def side(self, who: str) -> "Scope | None":
        """The `provider` or the `receiver` of the service that is priced (transfers only)."""
        ...

    def members(self) -> Sequence["Scope"]:
        """The subjects directly below this one (institutions of a consortium, staff of an institution)."""
        ...

    def peers(self) -> Sequence["Scope"]:
        """The peer group of the scheme in force, this subject included."""
        ...

    def parent(self) -> "Scope | None":
        """The subject above."""
        ...

    def lower_is_better(self) -> bool:
        """Whether the indicator in work is the better the lower it is; False where there is none."""
        ...

    def score(self, schemes: Sequence[str], period: Period) -> Node:
        """The total that one of `schemes` (exactly one) gave this subject in `period`."""
        ...

    def items(self, measure: str, period: Period) -> Sequence["Scope"]:
        """One scope per itemised fact of `measure`: `name(measure)` is its quantity, `name("item.x")` an attribute."""
        ...

    def balance(self, account: str) -> Node:
        """The balance of a declared account, yuan (distributions only)."""
        ...

    def paid(self, line: str, period: Period, *, to_date: bool) -> Node:
        """What the ledger paid this subject under `line` in `period`, this run's own payments so far included; `to_date`:
        from the start of the year up to and with it. Yuan (distributions only).
        """
        ...

    def table(self, name: str, key: Node) -> Node:
        """`tables:` by attribute, an unlisted key is an absent value with an issue; or `curves:` at a number."""
        ...
