"""Bands: money that counts piece by piece; names that every claimant sees with its own figures."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from perf.distribution.bands import value_of
from perf.formulas import Node, parse_formula
from perf.formulas.nodes import Absent
from perf.kernel.issues import Place
from perf.specs.band_models import BandRow, Bands

HERE = Place("r.yaml", line=1, column=1)
EACH = "  - pay: {line: 补助, amount: own}"


def formula(text):
    parsed, _ = parse_formula(text, HERE)
    return parsed


def bands(*rows, mode="marginal", cap=None):
    made = tuple(
        BandRow(Fraction(over) / 100, None if to is None else Fraction(to) / 100, formula(share), HERE)
        for over, to, share in rows
    )
    return Bands(formula("amount"), formula("base"), mode, made, None if cap is None else formula(cap), HERE)


def worth(of, amount, base, **names):
    known = {"amount": Fraction(amount), "base": Fraction(base), **{k: Fraction(v) for k, v in names.items()}}

    def see(one):
        if one.text in known:
            return Node("name", known[one.text], unit="yuan")
        return Node("number", Fraction(one.text.rstrip("%")) / 100)

    return value_of(of, see)


THREE = bands((0, 2, "100%"), (2, 6, "70%"), (6, None, "50%"))


@pytest.mark.parametrize(
    ("amount", "kept"),
    [
        ("-1", "0"),
        ("0", "0"),
        ("0.01", "0.01"),
        ("20000", "20000"),
        ("20000.01", "20000.007"),
        ("60000", "48000"),
        ("60000.02", "48000.01"),
        ("80000", "58000"),
    ],
)
def test_each_piece_counts_at_the_share_of_its_own_row(amount, kept):
    assert worth(THREE, amount, 1_000_000).value == Fraction(kept)


@pytest.mark.parametrize(("amount", "kept"), [("20000", "20000"), ("20000.01", "14000.007"), ("60000.02", "30000.01")])
def test_whole_bands_take_all_of_it_at_the_row_it_reaches(amount, kept):
    whole = bands((0, 2, "100%"), (2, 6, "70%"), (6, None, "50%"), mode="whole")
    assert worth(whole, amount, 1_000_000).value == Fraction(kept)


def test_a_cap_bounds_the_result_and_shows_beside_it():
    node = worth(bands((0, None, "100%"), cap="limit"), 50, 100, limit=30)
    assert (node.op, node.value) == ("min", 30)
    assert worth(bands((0, None, "100%"), cap="limit"), 20, 100, limit=30).value == 20


def test_a_base_of_zero_is_no_value_unless_there_is_nothing_to_share():
    assert worth(THREE, 1, 0).value.reason == "not_allowed"
    assert worth(THREE, 0, 0).value == 0


@given(
    st.lists(st.integers(1, 40), min_size=0, max_size=5),
    st.lists(st.integers(0, 100), min_size=6, max_size=6),
    st.fractions(0, 2_000_000, max_denominator=100),
)
def test_marginal_bands_are_the_sum_over_the_yuan_whatever_the_rows(widths, shares, amount):
    ends, reached = [], 0
    for width in widths:
        reached += width
        ends.append(reached)
    spans = list(zip([0, *ends], [*ends, None], strict=True))
    rows = [(low, high, f"{share}%") for (low, high), share in zip(spans, shares, strict=False)]
    base = Fraction(1_000_000)
    expected = sum(
        (max(Fraction(0), min(amount, base * high / 100 if high else amount) - base * low / 100) * shares[i] / 100)
        for i, (low, high) in enumerate(spans)
    )
    assert worth(bands(*rows), amount, base).value == expected


KEPT = """
bands:
  kept: {title: 留用, amount: pool_total, of: base, rows: [{to: 10%, share: 100%}, {over: 10%, share: half}]}
let:
  half: 50%
  base: {title: 基数, value: 1000}
"""


def test_bands_and_let_may_stand_in_any_order_and_the_explanation_shows_every_piece(run, paid, rules, person):
    ledger = run(rules("  - apportion: {by: post_coefficient}", fund="kept", head=KEPT), [person("甲")], fund=300)
    assert paid(ledger) == {"person:甲": "200.00"}
    node = ledger.path[0].node
    assert node.label.zh == "留用"
    assert [piece.value for piece in node.inputs[0].inputs[1].inputs] == [100, 100]


EACH_OWN = """
let:
  own: {title: 本人补助, for: each, value: pieces + 1}
bands:
  pieces: {for: each, amount: 10 * night_shifts, of: 100, rows: [{to: 10%, share: 100%}, {over: 10%, share: 200%}]}
"""


def test_names_for_each_are_seen_with_the_claimants_own_figures(run, paid, rules, person):
    facts = [("甲", "night_shifts", 1), ("乙", "night_shifts", 3)]
    steps = f"{EACH}\n  - remainder: {{to: pool}}"
    ledger = run(rules(steps, head=EACH_OWN), [person("甲"), person("乙")], fund=1000, facts=facts)
    assert paid(ledger)["person:甲"] == "11.00"
    assert paid(ledger)["person:乙"] == "51.00"


@pytest.mark.parametrize("lacking", ["amount", "base", "80%", "most"])
def test_bands_without_a_figure_that_counts_are_absent_and_those_without_one_that_does_not_are_not(lacking):
    def see(one):
        if one.text == lacking:
            return Node("name", Absent("missing"), unit="yuan")
        known = {"amount": Fraction(5), "base": Fraction(10), "most": Fraction(9)}
        return Node("number", known.get(one.text, Fraction(1, 2)), unit="yuan")

    assert value_of(bands((0, 20, "50%"), (20, None, "80%"), cap="most"), see).value == Absent("missing")
    assert value_of(bands((0, 60, "50%"), (60, None, "80%")), see).value == (
        Absent("missing") if lacking in ("amount", "base") else Fraction(5, 2)
    )
