"""Exact sums and means over thousands of peers with unrelated denominators: never blocked, never slow, never abused."""

import random
from fractions import Fraction

import pytest
from plain_scope import PlainScope, formula
from tests.effort import calls_of

from perf.formulas import Absent, evaluate, node_json, node_text
from perf.kernel.figures import exact_text, read_exact
from perf.kernel.irrational import BITS_MAX, CARRIED_BITS_MAX, PRODUCT_BITS_MAX, total
from perf.storage.document_codec import read_value, write_value
from perf.storage.exact_columns import figure, number_of

F = Fraction


def peers(count, most):
    chance = random.Random(1)  # noqa: S311 - the same figures every time
    below = [chance.randint(1, most) for _ in range(count)]
    return [PlainScope({"value": F(chance.randint(1, n), n), "other": F(1, n)}) for n in below]


@pytest.fixture(scope="module")
def county():
    """5,000 peers with denominators up to a million: a mean of about 38,000 bits."""
    return PlainScope({"value": F(7, 9)}, alike=peers(5_000, 10**6))


@pytest.mark.parametrize("most", [400, 10_000, 10**6])
def test_the_mean_of_five_thousand_peers_is_exact_whatever_their_denominators(most) -> None:
    among = peers(5_000, most)
    values = [one.values["value"] for one in among]
    found = evaluate(formula("mean(peers.value)"), PlainScope(alike=among)).value
    assert found == total(values) / 5_000
    assert abs(float(found) - sum(map(float, values)) / 5_000) < 1e-9


def test_the_sum_in_pairs_is_the_plain_sum() -> None:
    values = [F(1, 3), F(-1, 3), F(5, 7), F(2), F(1, 1000003)]
    for count in range(len(values) + 1):
        assert total(values[:count]) == sum(values[:count], F(0))


@pytest.mark.parametrize(
    "text",
    [
        "value / mean(peers.value)",
        "(value - mean(peers.value)) / (max(peers.value) - min(peers.value))",
        "mean(peers.value) - median(peers.value)",
        "mean(peers.value) / mean(peers.other)",
        "if(value >= mean(peers.value), 100, 60 * value / mean(peers.value))",
        "round(100 * value / mean(peers.value), 2)",
    ],
)
def test_what_rules_make_of_such_a_mean_is_a_number(county, text) -> None:
    found = evaluate(formula(text), county)
    assert isinstance(found.value, Fraction)
    assert node_text(found).zh
    assert node_json(found)["value"]


def test_a_long_figure_is_written_and_read_back_exactly(county) -> None:
    found = evaluate(formula("mean(peers.value)"), county).value
    assert found.denominator.bit_length() > BITS_MAX
    assert read_exact(exact_text(found)) == found
    assert read_value(write_value(found)) == found
    assert number_of(*figure(found)) == found
    assert number_of(*figure(-found)) == -found


@pytest.mark.parametrize("text", ["", "1/0", "1.5/2", "x", "1e5", " 1", "NaN", "1/2/3"])
def test_what_is_no_exact_number_is_not_read(text) -> None:
    with pytest.raises(ValueError, match="exact"):
        read_exact(text)


def test_the_same_mean_asked_by_every_peer_is_worked_out_once() -> None:
    run, among = formula("mean(peers.value)"), PlainScope(alike=peers(5_000, 10**5))
    first = calls_of(lambda: evaluate(run, among))
    assert calls_of(lambda: evaluate(run, among)) < first - 4 * len(among.alike)


def test_formulas_cannot_grow_figures_without_end(county) -> None:
    square = formula(
        "mean(peers.value) * mean(peers.value) * mean(peers.value) * mean(peers.value) * mean(peers.other)"
    )
    fourth = formula(" * ".join(["mean(peers.value)"] * 9))
    assert isinstance(evaluate(square, county).value, Fraction | Absent)
    assert evaluate(fourth, county).value.reason == "not_allowed"
    long = F(1, 2 ** (BITS_MAX - 1) + 1)
    scope = PlainScope({"x": long, "y": F(1, 2 ** (BITS_MAX - 1) + 3)})
    for text in ("x * y", "x + y", "sum(x, y)", "mean(x, y)", "x * x"):
        assert evaluate(formula(text), scope).value.reason == "not_allowed"
    assert PRODUCT_BITS_MAX < CARRIED_BITS_MAX


def test_a_sum_whose_common_denominator_is_out_of_all_proportion_is_given_up_before_it_is_long() -> None:
    among = [PlainScope({"value": F(1, 2**12_000 + n)}) for n in range(1, 2_000, 2)]
    run, scope = formula("sum(peers.value)"), PlainScope(alike=among)
    assert evaluate(run, scope).value.reason == "not_allowed"
    assert calls_of(lambda: evaluate(run, scope)) < 40 * len(among)
