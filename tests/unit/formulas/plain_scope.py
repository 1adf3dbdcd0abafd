"""A scope over plain dicts: names by period, members, peers, a parent, items."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction

from perf.formulas import Absent, Formula, Node, evaluate, parse_formula
from perf.kernel.facts import FactKey
from perf.kernel.issues import NOWHERE
from perf.kernel.periods import Period, parse_period
from perf.kernel.text import Text

JUNE = parse_period("2025-06")
Plain = int | Fraction | str | bool | Absent


@dataclass
class PlainScope:
    values: Mapping[str, Plain] = field(default_factory=dict)
    earlier: Mapping[tuple[str, str], Plain] = field(default_factory=dict)
    below: Sequence["PlainScope"] = ()
    alike: Sequence["PlainScope"] = ()
    above: "PlainScope | None" = None
    rows: Sequence["PlainScope"] = ()
    units: Mapping[str, str] = field(default_factory=dict)
    period: Period = JUNE
    subject: str = "X"
    lower: bool = False

    def name(self, code: str, period: Period) -> Node:
        value = self.values.get(code) if period == self.period else self.earlier.get((code, str(period)))
        if value is None:
            value = Absent("missing", (FactKey(self.subject, code, period),))
        if isinstance(value, int) and not isinstance(value, bool):
            value = Fraction(value)
        op = "attribute" if isinstance(value, str) else "fact"
        return Node(op, value, (), Text(code), unit=self.units.get(code, ""))

    def knows(self, code: str) -> bool:
        return code in self.values

    def year_to_date(self, code: str, period: Period) -> Node:
        nodes = tuple(self.name(code, month) for month in period.year_to_date())
        return Node("sum", sum((n.value for n in nodes), Fraction(0)), nodes)

    def owner(self):
        return self.above

    def members(self):
        return self.below

    def peers(self):
        return self.alike

    def parent(self):
        return self.above

    def side(self, who):
        return self.above if who == "provider" else None

    def lower_is_better(self) -> bool:
        return self.lower

    def score(self, schemes: Sequence[str], period: Period) -> Node:
        return self.name("score:" + schemes[0], period)

    def items(self, _measure: str, _period: Period):
        return self.rows

    def balance(self, account: str) -> Node:
        return self.name("balance:" + account, self.period)

    def paid(self, line: str, period: Period, *, to_date: bool) -> Node:
        return self.name(f"paid:{line}{':to_date' if to_date else ''}", period)

    def table(self, name: str, key: Node) -> Node:
        return self.name(f"{name}:{key.value}", self.period)


def formula(text: str) -> Formula:
    parsed = parse_formula(text, NOWHERE)
    assert parsed.formula is not None, [issue.render() for issue in parsed.issues]
    return parsed.formula


def node_of(text: str, scope: PlainScope | None = None, **values: Plain) -> Node:
    return evaluate(formula(text), scope if scope is not None else PlainScope(values))


def value_of(text: str, scope: PlainScope | None = None, **values: Plain):
    return node_of(text, scope, **values).value
