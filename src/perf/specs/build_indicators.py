"""`indicator:` documents → models."""

from collections.abc import Mapping
from fractions import Fraction
from types import MappingProxyType
from typing import get_args

from perf.kernel.subjects import LEVELS
from perf.kernel.text import Text
from perf.specs.build_curves import build_curve
from perf.specs.build_measures import UNIT_CODES
from perf.specs.build_named_curves import read_curves
from perf.specs.dates import Version, close_versions, own_enabled, read_dated_values, read_titles, read_versions
from perf.specs.fields import Fields, code_of
from perf.specs.models import Confidence, Direction, Indicator, IndicatorVersion, MissingPolicy, NoValue
from perf.specs.yaml_nodes import Mapped, Scalar

_DIRECTIONS: tuple[Direction, ...] = get_args(Direction)
_CONFIDENCES: tuple[Confidence, ...] = get_args(Confidence)
_POLICIES: tuple[MissingPolicy, ...] = get_args(MissingPolicy)
_TOP_LEVEL = frozenset({"indicator", "title", "level", "unit", "direction", "confidence", "versions"})
_PLANNED = ("layers",)


def build_indicator(fields: Fields) -> Indicator | None:
    """An indicator with the versions that could be built; None where code or every version is missing."""
    code = code_of(fields, "indicator")
    title = fields.title()
    level = fields.choice("level", LEVELS, "institution", required=True)
    unit = fields.choice("unit", UNIT_CODES, "number")
    direction = fields.choice("direction", _DIRECTIONS, "higher", required=True)
    confidence = fields.choice("confidence", _CONFIDENCES, "proposal")
    enabled = fields.yes("enabled", default=confidence != "D")
    versions = read_versions(fields)
    built = [_version(version, unit) for version in versions]
    close_versions(fields, versions, _TOP_LEVEL, _PLANNED)
    whole = tuple(version for version in built if version is not None)
    if not code or not whole:
        return None
    return Indicator(code, title, level, unit, direction, confidence, enabled, whole, fields.node.place)


def read_tables(fields: Fields) -> Mapping[str, Mapping[str, Fraction]]:
    """`tables: {factor: {director: 1.5, nurse: 1}}` or `{factor: {title: 系数, rows: {director: 1.5}}}`."""
    tables: dict[str, Mapping[str, Fraction]] = {}
    for name, _, node in fields.pairs("tables"):
        mapped = fields.as_mapped(node, name, f"{name}: {{director: 1.5, nurse: 1}}")
        rows = None if mapped is None else mapped.entries.get("rows")
        mapped = rows if isinstance(rows, Mapped) else mapped
        if mapped is None:
            continue
        inner = fields.inside(mapped, Text(name))
        values = {key: inner.as_number(child, key, "1.5") for key, child in mapped.entries.items()}
        tables[name] = MappingProxyType({key: value for key, value in values.items() if value is not None})
    return MappingProxyType(tables)


def _version(version: Version, unit: str) -> IndicatorVersion | None:
    fields = version.fields
    value = fields.formula("value", example="referred_down / discharges")
    digits = fields.digits("digits", "exact")
    rounding = fields.rounding()
    curve = fields.sub("points", "points: {curve: linear, through: [[60, 0], [90, 100]]}")
    points = build_curve(curve, unit) if curve is not None else None
    points_digits = fields.digits("points_digits", 2)
    points_rounding = fields.rounding("points_rounding")
    no_value = _no_value(fields)
    requires = fields.formula("requires")
    assume = _assume(fields)
    parameters = MappingProxyType(read_dated_values(fields, "parameters"))
    tables = read_tables(fields)
    curves = read_curves(fields)
    target = fields.text("target")
    if value is None or (curve is not None and points is None):
        return None
    return IndicatorVersion(
        version.dated,
        value,
        digits,
        rounding,
        points,
        points_digits,
        no_value,
        requires,
        assume,
        parameters,
        tables,
        target,
        read_titles(fields),
        points_rounding,
        curves,
        points_place=fields.place("points"),
        enabled=own_enabled(version),
    )


def _no_value(fields: Fields) -> NoValue:
    node = fields.get("no_value")
    if node is None:
        return NoValue()
    if isinstance(node, Scalar):
        policy = fields.one_of(node, "no_value", _POLICIES, "block")
        return NoValue(policy, policy)
    inner = fields.sub("no_value", "no_value: {missing: block, denominator_zero: not_applicable}")
    if inner is None:
        return NoValue()
    policies = NoValue(
        inner.choice("missing", _POLICIES, "block"), inner.choice("denominator_zero", _POLICIES, "block")
    )
    inner.close()
    return policies


def _assume(fields: Fields) -> Mapping[str, Fraction]:
    """`assume: {complaints: 0}`: the value a missing fact stands in with, in the measure's own unit."""
    values = {name: fields.as_number(node, name, "0") for name, _, node in fields.pairs("assume")}
    return MappingProxyType({name: value for name, value in values.items() if value is not None})
