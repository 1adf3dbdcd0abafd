"""Contributions of a person (五险一金): base within its bounds × rate + fixed sum, rounded once as declared."""

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

from perf.kernel.money import Money, money_from_yuan
from perf.kernel.periods import Period
from perf.kernel.rounding import round_to_int
from perf.specs.dated_models import value_in
from perf.specs.payroll_models import Contribution

Bound = Literal["", "floor", "cap"]


@dataclass(frozen=True, slots=True)
class Contributed:
    """What one contribution of one month comes to, enough to redo it.

    Attributes:
        base: As reported, yuan; None for a fixed sum. `counted`: the base within its bounds; `bound`: which one held.
        rate, fixed: As in force. `exact`: before rounding, yuan.
        amount: What is taken; `free`: the part of it that is free of tax.
    """

    rule: Contribution
    base: Fraction | None
    counted: Fraction
    bound: Bound
    rate: Fraction
    fixed: Fraction
    exact: Fraction
    amount: Money
    free: Money


def concerns(rule: Contribution, attributes: Mapping[str, str]) -> bool:
    """Whether a person with these attributes pays it."""
    return all(attributes.get(name) in values for name, values in rule.only.items())


def needs_base(rule: Contribution, month: Period) -> bool:
    """Whether a base must be known in `month`."""
    return value_in(rule.rate, month) is not None


def is_dated(rule: Contribution, month: Period) -> bool:
    """Whether everything that is stated of it by dates has a value in `month`."""
    return all(value_in(values, month) is not None for values in rule.dated_values.values() if values)


def contributed(rule: Contribution, base: Fraction | None, month: Period) -> Contributed:
    """One contribution of `month` on a base in yuan; `base` may be None only where it is a fixed sum.

    Raises:
        ValueError: no base where one is needed.
    """
    rate, fixed = _value(rule, "rate", month) or Fraction(0), _value(rule, "fixed", month) or Fraction(0)
    if base is None and needs_base(rule, month):
        raise ValueError("a contribution by rate needs a base")
    counted, bound = _within(rule, base, month)
    exact = counted * rate + fixed
    amount = money_from_yuan(round_to_int(exact / rule.unit, rule.rounding) * rule.unit)
    limit = _value(rule, "free_up_to", month)
    free = amount if limit is None else min(amount, money_from_yuan(limit))
    return Contributed(rule, base, counted, bound, rate, fixed, exact, amount, free)


def _within(rule: Contribution, base: Fraction | None, month: Period) -> tuple[Fraction, Bound]:
    """The base as it counts, and the bound that held."""
    if base is None:
        return Fraction(0), ""
    low, high = _value(rule, "floor", month), _value(rule, "cap", month)
    if low is not None and base < low:
        return low, "floor"
    return (high, "cap") if high is not None and base > high else (base, "")


def _value(rule: Contribution, key: str, month: Period) -> Fraction | None:
    found = value_in(rule.dated_values[key], month)
    return None if found is None else found.value
