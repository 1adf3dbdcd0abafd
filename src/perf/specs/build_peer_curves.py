"""Curves that compare a value with those of its peers: percentile, rank, standardise."""

from fractions import Fraction
from typing import Literal, get_args

from perf.kernel.figures import exact_text
from perf.kernel.text import Text
from perf.specs.curve_fields import (
    FULL,
    Results,
    check_points,
    not_above,
    optional_points,
    points_of,
    positive,
    whole_place,
)
from perf.specs.curve_models import Percentile, Rank, Standardise
from perf.specs.fields import Fields
from perf.specs.yaml_nodes import YamlNode

Definition = Literal["percent_rank", "at_or_below", "midpoint"]
Ties = Literal["competition", "dense", "mean"]
RankMethod = Literal["step", "share", "places"]
Method = Literal["min_max", "z_score", "ratio_to_best"]
Deviation = Literal["population", "sample"]
_DEFINITIONS: tuple[Definition, ...] = get_args(Definition)
_TIES: tuple[Ties, ...] = get_args(Ties)
_RANK_METHODS: tuple[RankMethod, ...] = get_args(RankMethod)
_METHODS: tuple[Method, ...] = get_args(Method)
_DEVIATIONS: tuple[Deviation, ...] = get_args(Deviation)
_PLACES = "places: [[1, 100], [2, 90], [4, 80]]"
_CENTRE, _SCALE = Fraction(60), Fraction(10)


def percentile(fields: Fields, _: str, __: Results) -> Percentile:
    """`{curve: percentile, definition: percent_rank, alone: 100, all_equal: 100}`."""
    definition = fields.choice("definition", _DEFINITIONS, "percent_rank")
    return Percentile(definition, optional_points(fields, "alone"), optional_points(fields, "all_equal"))


def rank(fields: Fields, _: str, __: Results) -> Rank | None:
    """`{curve: rank, method: step, first: 100, each: 5, floor: 60, ties: competition}`, `share` or `places`."""
    method = fields.choice("method", _RANK_METHODS, "share", required=True)
    ties = fields.choice("ties", _TIES, "competition")
    if method == "step":
        first = points_of(fields, "first", default=FULL)
        each = positive(fields, "each", fields.number("each", example="5"))
        floor = points_of(fields, "floor")
        not_above(fields, "floor", floor, first, "first")
        return None if each is None else Rank("step", first, each, floor, ties=ties)
    if method == "places":
        places = _places(fields)
        return None if places is None else Rank("places", places=places, ties=ties)
    return Rank("share", ties=ties)


def _places(fields: Fields) -> tuple[tuple[int, Fraction], ...] | None:
    """`[[from place, points], …]`, from the first place on, ascending; None where a row is not legible."""
    nodes = fields.rows("places", _PLACES, required=True)
    rows: list[tuple[int, Fraction]] = []
    for node in nodes:
        row = _place_row(fields, node)
        if row is None:
            return None
        place, points = row
        if not rows and place != 1:
            expected = Text("1:第一行是第一名", "1: the first row is the first place")
            fields.add("rule-number-range", node.place, key="places", found=str(place), expected=expected)
        if rows and place <= rows[-1][0]:
            fields.add("curve-order", node.place, key="places", found=str(place), before=str(rows[-1][0]))
        rows.append((place, points))
    if "places" in fields.node.entries and not nodes:
        fields.add("curve-too-short", fields.place("places"), key="places", found=0, least=1)
    return tuple(rows) or None


def _place_row(fields: Fields, node: YamlNode) -> tuple[int, Fraction] | None:
    pair = fields.as_sequence(node, "places", _PLACES)
    if pair is None:
        return None
    if len(pair) != 2:
        size = Text(f"{len(pair)} 项的列表", f"a list of {len(pair)}")
        expected = Text("一对 [名次, 得分]", "a pair [place, points]")
        fields.add("rule-shape", node.place, what="places", found=size, expected=expected, example=_PLACES)
        return None
    place, points = whole_place(fields, pair[0], "places"), fields.as_number(pair[1], "places")
    if points is not None:
        check_points(fields, pair[1], "places", points)
    return None if place is None or points is None else (place, points)


def standardise(fields: Fields, _: str, __: Results) -> Standardise:
    """`{curve: standardise, method: min_max, low: 50, high: 100, all_equal: 100}`, `z_score` or `ratio_to_best`."""
    method = fields.choice("method", _METHODS, "min_max", required=True)
    all_equal = optional_points(fields, "all_equal")
    if method == "ratio_to_best":
        return Standardise("ratio_to_best", all_equal=all_equal)
    low, high = points_of(fields, "low"), points_of(fields, "high", default=FULL)
    if low >= high:
        expected = Text(f"小于 high 的 {exact_text(high)}", f"below high, {exact_text(high)}")
        fields.add("rule-number-range", fields.place("low"), key="low", found=exact_text(low), expected=expected)
    if method == "min_max":
        return Standardise("min_max", low, high, all_equal=all_equal)
    centre = points_of(fields, "centre", default=_CENTRE)
    scale = positive(fields, "scale", fields.number("scale", _SCALE)) or _SCALE
    deviation = fields.choice("deviation", _DEVIATIONS, "population")
    not_above(fields, "low", low, centre, "centre")
    not_above(fields, "centre", centre, high, "high")
    return Standardise("z_score", low, high, centre, scale, deviation, all_equal)
