"""`payers:` of distributions: a fund that comes from several payers outside, each with its exact part."""

from fractions import Fraction
from types import MappingProxyType

from perf.kernel.figures import exact_text
from perf.kernel.text import Text
from perf.specs.fields import Fields
from perf.specs.payer_models import Payers
from perf.specs.quantities import read_quantity
from perf.specs.wording import shorten

_EXAMPLE = "payers: {shares: {中央: 60%, 省级: 8%, 市级: 12.8%, 县级: 19.2%}}"


def read_payers(fields: Fields) -> Payers | None:
    """`payers: {shares: {central: 60%, county: 40%}, unit: 1, balance: county}`; None where nothing is said.

    The shares must add up to 100%; a `unit` above the fen needs a payer for the balance.
    """
    inner = fields.sub("payers", _EXAMPLE)
    if inner is None:
        return None
    place, shares = inner.node.place, dict[str, Fraction]()
    for name, _, node in inner.pairs("shares"):
        share = inner.as_quantity(node, name, "percent")
        if share is not None and share <= 0:
            expected = Text("大于 0", "above 0")
            inner.add("rule-number-range", node.place, key=name, found=exact_text(share), expected=expected)
        elif share is not None:
            shares[name] = share
    unit_fen, balance = _unit_fen(inner), inner.text("balance")
    inner.close()
    whole = sum(shares.values(), Fraction(0))
    if whole != 1:
        fields.add("payers-not-100", place, found=f"{exact_text(whole * 100)}%")
        return None
    if (balance and balance not in shares) or (unit_fen > 1 and not balance):
        fields.add("payers-balance", place, found=balance, known=" ".join(shares))
        return None
    return Payers(MappingProxyType(shares), unit_fen, balance, place)


def _unit_fen(fields: Fields) -> int:
    scalar = fields.scalar("unit")
    value = Fraction(1, 100) if scalar is None else read_quantity(scalar.text, "yuan")
    if isinstance(value, Fraction) and value > 0 and (value * 100).denominator == 1:
        return int(value * 100)
    if scalar is not None:
        fields.add("rule-number-invalid", scalar.place, key="unit", found=shorten(scalar.text), example="0.01")
    return 1
