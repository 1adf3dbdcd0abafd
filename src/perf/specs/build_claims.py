"""`derived:` of the step `apportion`, and the step `entered` → models."""

from fractions import Fraction
from typing import Literal, get_args

from perf.kernel.figures import exact_text
from perf.kernel.issues import Place
from perf.kernel.text import Text
from perf.specs.claim_models import Derived, Own, Prorate, Spread, SpreadOf
from perf.specs.fields import Fields
from perf.specs.money_models import Entered, RoundingUnit

_DERIVED = "{where: head == yes, by: mean(top(3, claims))}"


def read_derived(fields: Fields) -> tuple[Derived, ...]:
    """`derived: [{where: head == yes, by: mean(top(3, claims))}]`; empty where nothing is said."""
    found = list[Derived]()
    for node in fields.rows("derived", f"derived: [{_DERIVED}]"):
        mapped = fields.as_mapped(node, "derived", _DERIVED)
        if mapped is None:
            continue
        inner = fields.inside(mapped, Text("derived"))
        where = inner.formula("where", example="head == yes")
        by = inner.formula("by", example="mean(top(3, claims))")
        inner.close()
        if where is not None and by is not None:
            found.append(Derived(where, by, mapped.place))
    return tuple(found)


def read_prorate(fields: Fields) -> Prorate:
    """`prorate: posts`: the claim is a count of the whole period, shared among the posts that it was counted in."""
    chosen = fields.choice("prorate", get_args(Prorate), "period")
    return "posts" if chosen == "posts" else "here" if chosen == "here" else "period"


def build_entered(fields: Fields, place: Place, title: Text, rounding: RoundingUnit) -> Entered | None:
    """`entered: {line, amount | weight, floor, cap, spread, own, expected, on_break}`."""
    line = fields.text("line", title.zh)
    amount, weight = fields.formula("amount"), fields.formula("weight")
    has_amount, has_weight = fields.has("amount"), fields.has("weight")
    floor, cap, expected = fields.formula("floor"), fields.formula("cap"), fields.formula("expected")
    spread, own = _spread(fields), _own(fields)
    chosen = fields.choice("on_break", ("refuse", "formula"), "refuse")
    on_break: Literal["refuse", "formula"] = "formula" if chosen == "formula" else "refuse"
    if has_amount == has_weight:
        fields.add("entered-amount-or-weight", place)
        return None
    if on_break == "formula" and not fields.has("expected"):
        fields.add("entered-no-formula", place)
        return None
    if amount is None and weight is None:
        return None
    return Entered(line, amount, weight, floor, cap, spread, own, expected, on_break, rounding, place)


def _spread(fields: Fields) -> Spread | None:
    """`spread: {of: max_min, at_least: 1.5, at_most: 4}`."""
    inner = fields.sub("spread", "spread: {at_least: 1.5}")
    if inner is None:
        return None
    of: SpreadOf = inner.choice("of", get_args(SpreadOf), "max_min")
    least = inner.number("at_least") if inner.has("at_least") else None
    most = inner.number("at_most") if inner.has("at_most") else None
    if least is None and most is None:
        inner.add("rule-key-missing", inner.place(), key="at_least", what=Text("spread"), example="at_least: 1.5")
    for key, value, lowest in (("at_least", least, Fraction(1)), ("at_most", most, least or Fraction(1))):
        if value is not None and value < lowest:
            expected = Text(f"不小于 {exact_text(lowest)}", f"at least {exact_text(lowest)}")
            inner.add("rule-number-range", inner.place(key), key=key, found=exact_text(value), expected=expected)
    inner.close()
    return Spread(of, least, most, inner.place())


def _own(fields: Fields) -> Own | None:
    """`own: {where: head == yes, gets: mean(top(3, claims))}`."""
    inner = fields.sub("own", "own: {where: head == yes, gets: mean(top(3, claims))}")
    if inner is None:
        return None
    where = inner.formula("where", example="head == yes")
    gets = inner.formula("gets", example="mean(top(3, claims))")
    inner.close()
    return None if where is None or gets is None else Own(where, gets, inner.place())
