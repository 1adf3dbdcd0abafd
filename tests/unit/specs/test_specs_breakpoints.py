"""Where curves turn, by formula curves: powers to their floor and cap, both standards of the efficacy coefficient."""

from fractions import Fraction

import pytest

from perf.specs.book import load_book
from perf.specs.tables import breakpoints

F = Fraction


def turns(points, direction="higher"):
    text = (
        "measure: m\ntitle: 数\nlevel: person\nsupplied_by: 科\n---\nindicator: x\ntitle: 指标\nlevel: person\nunit: number\n"
        f"direction: {direction}\nvalue: m\nsource: 文件\npoints: {points}\n"
    )
    book, issues = load_book({"rules.yaml": text})
    assert [issue.render() for issue in issues] == []
    version = book.indicators["x"].versions[0]
    return breakpoints(version.points, direction=direction)


def test_a_power_turns_at_its_origin_one_per_beside_it_and_where_floor_and_cap_are_reached():
    curve = "{curve: power, origin: 30, per: 1, factor: -2, exponent: 1, start: 100, side: SIDE, floor: 0, cap: 100}"
    assert turns(curve.replace("SIDE", "both"), "range") == (-20, 29, 30, 31, 80)
    assert turns(curve.replace("SIDE", "above"), "lower") == (30, 31, 80)
    assert turns(curve.replace("SIDE", "below")) == (-20, 29, 30)


def test_an_irrational_end_of_a_power_is_told_to_what_can_be_read():
    curve = "{curve: power, origin: 0, per: 1, factor: -2, exponent: 2, start: 100, side: above, floor: 0, cap: 100}"
    assert turns(curve, "lower") == (0, 1, F("7.071068"))


def test_an_efficacy_turns_at_both_standards_and_where_it_is_not_clipped_at_0_and_100_too():
    curve = "{curve: efficacy, satisfactory: 90, unallowed: 60, base: 60, span: 30, outside: OUT}"
    assert turns(curve.replace("OUT", "clip")) == (60, 90)
    assert turns(curve.replace("OUT", "extend")) == (0, 60, 90, 100)


@pytest.mark.parametrize(
    ("curve", "known"),
    [
        ("{curve: attainment, target: median(peers.value)}", ()),
        ("{curve: power, origin: mean(peers.value), factor: -2, exponent: 1, start: 100}", ()),
        ("{curve: efficacy, satisfactory: 90, unallowed: min(peers.value)}", (90,)),
    ],
)
def test_what_follows_the_data_is_left_out(curve, known):
    assert turns(curve) == known
