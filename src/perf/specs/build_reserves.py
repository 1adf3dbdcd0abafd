"""The steps `schedule` and `release` → models."""

from fractions import Fraction
from types import MappingProxyType
from typing import Final

from perf.kernel.figures import exact_text
from perf.kernel.issues import Place
from perf.kernel.periods import PeriodKind
from perf.kernel.text import Text
from perf.specs.build_ladders import account_under
from perf.specs.fields import Fields
from perf.specs.quantities import read_quantity
from perf.specs.reserve_models import Release, Schedule
from perf.specs.wording import shorten
from perf.specs.yaml_nodes import Scalar

PARTS_OF_A_YEAR: Final = MappingProxyType[PeriodKind, int]({"month": 12, "quarter": 4, "year": 1})
_PARTS = "parts: 4"


def build_schedule(fields: Fields, place: Place, title: Text) -> Schedule | None:
    """`schedule: {line, amount: budget * 95%, parts: 4 | [1, 1, 1, 2], to: ACCOUNT, catch_up: yes, unit, payer}`."""
    line, amount = fields.text("line", title.zh), fields.formula("amount", example="95% * budget")
    parts = _parts(fields)
    to, payer = fields.text("to"), fields.text("payer")
    catch_up = fields.yes("catch_up", default=False)
    overpaid = fields.choice("overpaid", ("reclaim", "wait"), "reclaim")
    unit_fen = unit_of(fields)
    if amount is None or parts is None:
        return None
    return Schedule(
        line, amount, parts, to, catch_up, "wait" if overpaid == "wait" else "reclaim", unit_fen, payer, place
    )


def build_release(fields: Fields, place: Place, title: Text) -> Release | None:
    """`release: {line, from: year_end | held, share: coefficient, forfeited: {to: ACCOUNT} | keep: yes, extra: rest}`."""
    line, source = fields.text("line", title.zh), fields.text("from", example="year_end")
    share, where = fields.formula("share", example="coefficient"), fields.formula("where")
    forfeited, keeps = account_under(fields, "forfeited"), fields.yes("keep", default=False)
    extra = fields.choice("extra", ("rest", "refuse"), "rest")
    if forfeited and keeps:
        fields.add("release-two-ways", place, to=forfeited)
        return None
    if share is None or not source:
        return None
    return Release(line, source, share, where, forfeited, "refuse" if extra == "refuse" else "rest", place)


def unit_of(fields: Fields) -> int:
    """`unit: 0.01 | 1 | 100` yuan, in fen; a fen where nothing is said."""
    scalar = fields.scalar("unit")
    if scalar is None:
        return 1
    value = read_quantity(scalar.text.removesuffix("yuan").rstrip(), "yuan")
    if isinstance(value, Fraction) and value > 0 and (value * 100).denominator == 1:
        return int(value * 100)
    fields.add("rule-number-invalid", scalar.place, key="unit", found=shorten(scalar.text), example="0.01")
    return 1


def _parts(fields: Fields) -> tuple[Fraction, ...] | None:
    """The weights: so many equal ones, or as listed; none negative, one above 0."""
    node = fields.get("parts", example="4")
    if node is None:
        return None
    if isinstance(node, Scalar):
        if node.text in {str(count) for count in PARTS_OF_A_YEAR.values()}:
            return (Fraction(1),) * int(node.text)
        fields.add("rule-number-invalid", node.place, key="parts", found=shorten(node.text), example="4")
        return None
    nodes = fields.as_sequence(node, "parts", _PARTS) or ()
    found = [fields.as_number(one, "parts", "1") for one in nodes]
    weights = tuple(one for one in found if one is not None)
    if len(weights) < len(found) or not weights:
        return None
    if min(weights) < 0 or not any(weights):
        told = "、".join(exact_text(one) for one in weights)
        expected = Text("各份不为负,不全为 0", "none below 0, not all 0")
        fields.add("rule-number-range", node.place, key="parts", found=shorten(told), expected=expected)
        return None
    return weights
