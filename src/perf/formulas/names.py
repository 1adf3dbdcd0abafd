"""What a formula may name at the place where it stands."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Literal

from perf.kernel.text import Text


@dataclass(frozen=True, slots=True)
class Known:
    """What a name stands for.

    Args:
        kind: `number` · `text` · `condition` · `attribute`: text that is read as a number where arithmetic asks.
        unit: Unit code of a number (`UNITS`); empty: not known, goes with everything.
    """

    kind: Literal["number", "text", "condition", "attribute"] = "number"
    unit: str = ""


@dataclass(frozen=True, slots=True)
class Holder:
    """What a title belongs to: its code, and where it is declared, as people read it (`measure visits (a.yaml:1:1)`)."""

    code: str
    where: Text


@dataclass(frozen=True, slots=True)
class Names:
    """Everything that a formula may name at the place where it stands.

    Args:
        here: Of the subject itself: measures, attributes, parameters, `let` names, special names (`fund`, `rest`,
            `score`, `count`, `value`, `total` …), and unique Chinese titles.
        elsewhere: Of members, peers, parent, owner: measures and attributes; None: the same as `here`.
        schemes, accounts, tables: Codes for `score(…)`, `balance(…)`, `table(…)`; None: not checked.
        lines: Lines of distributions for `paid(…)`; None: not checked.
        sees_sides: Whether `provider.x` and `receiver.x` have a meaning here: in the price of a transfer.
        sees_money: Whether `balance(…)` and `paid(…)` have a meaning here: in distributions.
        claims: What `claims` are, the claims of the others in a step that shares by claims; None: none here.
        curves: Named curves, called like functions: name -> unit of the variable, unit of the result.
        items: Attributes of list items for `item.x`; None: not checked.
        shared: Titles that belong to several measures or attributes -> what they belong to, codes first; none may stand
            for its code.
    """

    here: Mapping[str, Known]
    elsewhere: Mapping[str, Known] | None = None
    schemes: Collection[str] | None = None
    accounts: Collection[str] | None = None
    tables: Collection[str] | None = None
    lines: Collection[str] | None = None
    sees_money: bool = True
    claims: Known | None = None
    sees_sides: bool = False
    curves: Mapping[str, tuple[str, str]] = field(default_factory=lambda: MappingProxyType({}))
    items: Collection[str] | None = None
    shared: Mapping[str, tuple["Holder", ...]] = field(default_factory=lambda: MappingProxyType({}))

    def others(self) -> Mapping[str, Known]:
        """The names of members, peers, parent and owner."""
        return self.here if self.elsewhere is None else self.elsewhere
