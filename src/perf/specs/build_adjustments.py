"""`adjustments:` documents → models."""

from collections.abc import Mapping
from fractions import Fraction
from types import MappingProxyType
from typing import get_args

from perf.kernel.figures import exact_text
from perf.kernel.money import FEN_PER_YUAN, Money
from perf.kernel.text import Text
from perf.specs.adjustment_models import (
    AdjustmentRule,
    AdjustmentVersion,
    AmountLimit,
    ChargedAccount,
    ChargingKind,
    LimitedKind,
)
from perf.specs.dates import Version, close_versions, read_versions
from perf.specs.fields import Fields, code_of
from perf.specs.yaml_nodes import Sequence

_TOP_LEVEL = frozenset({"adjustments", "title", "versions"})
_CHARGING: tuple[ChargingKind, ...] = get_args(ChargingKind)
_LIMITED: tuple[LimitedKind, ...] = get_args(LimitedKind)
_LIMITS = "{pay: {person: 3000, run: 50000}}"


def build_adjustments(fields: Fields) -> AdjustmentRule | None:
    """A rule of adjustments with its versions; None where code or every version is missing."""
    code = code_of(fields, "adjustments")
    title = fields.title(required=False)
    versions = read_versions(fields)
    built = tuple(one for version in versions if (one := _version(version)) is not None)
    close_versions(fields, versions, _TOP_LEVEL)
    if not code or not built:
        return None
    return AdjustmentRule(code, title if title.zh else Text(code), built, fields.node.place)


def _version(version: Version) -> AdjustmentVersion | None:
    fields = version.fields
    before = len(fields.issues)
    limits = _limits(fields)
    accounts = (*_accounts(fields, "charge", is_outside=False), *_accounts(fields, "outside", is_outside=True))
    share = fields.share("take_back_at_most", Fraction(1))
    enabled = fields.yes("enabled", default=True)
    if len(fields.issues) > before or share is None:
        return None
    return AdjustmentVersion(version.dated, limits, accounts, share, enabled)


def _limits(fields: Fields) -> Mapping[str, AmountLimit]:
    """`limits: {pay: {person: 3000, run: 50000}}`, in yuan."""
    found: dict[str, AmountLimit] = {}
    inner = fields.sub("limits", _LIMITS)
    for kind in _LIMITED:
        amounts = inner.sub(kind, "{person: 3000, run: 50000}") if inner is not None else None
        if amounts is not None:
            found[kind] = AmountLimit(_yuan(amounts, "person"), _yuan(amounts, "run"))
            amounts.close()
    if inner is not None:
        inner.close()
    return MappingProxyType(found)


def _yuan(fields: Fields, key: str) -> Money | None:
    value = fields.number(key, least=Fraction(0))
    fen = None if value is None else value * FEN_PER_YUAN
    if value is not None and fen is not None and fen.denominator != 1:
        expected = Text("至多两位小数的元", "yuan with at most two decimals")
        fields.add("rule-number-range", fields.place(key), key=key, found=exact_text(value), expected=expected)
        return None
    return None if fen is None else Money(int(fen))


def _accounts(fields: Fields, key: str, *, is_outside: bool) -> list[ChargedAccount]:
    """`charge: {staff_reserve: [pay, deduct]}`, `outside: {县财政局: pay}`."""
    inner = fields.sub(key, f"{key}: {{staff_reserve: [pay, deduct]}}")
    found: list[ChargedAccount] = []
    for name, place, node in inner.pairs_of() if inner is not None else ():
        items = node.items if isinstance(node, Sequence) else (node,)
        scalars = [scalar for item in items if (scalar := fields.as_scalar(item, name, "[pay, deduct]")) is not None]
        kinds = tuple(dict.fromkeys(fields.one_of(scalar, name, _CHARGING, "pay") for scalar in scalars))
        if not items:
            fields.add(
                "rule-value-blank", place, key=name, expected=Text("例如 [pay, deduct]", "such as [pay, deduct]")
            )
        found.append(ChargedAccount(name, is_outside, kinds, place))
    return found
