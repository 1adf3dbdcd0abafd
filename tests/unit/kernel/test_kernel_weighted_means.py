"""The weighted geometric mean: exact where rational, fifty digits elsewhere, whatever the weights."""

from fractions import Fraction

import pytest

from perf.kernel.irrational import NoResult, root, weighted_geometric_mean

F = Fraction


def mean(*parts: tuple[str, str]) -> Fraction:
    return weighted_geometric_mean([(F(number), F(weight)) for number, weight in parts])


@pytest.mark.parametrize(
    ("parts", "expected"),
    [
        ((("0.16", "50"), ("0.81", "50")), "0.36"),
        ((("8/27", "1"), ("1", "2")), "2/3"),
        ((("4/9", "33.33"), ("2/3", "66.66"), ("2/3", "0.01")), None),
        ((("0.7", "33.333"), ("0.7", "66.667")), "0.7"),
        ((("0", "1"), ("0.9", "99")), "0"),
        ((("0.9", "100"),), "0.9"),
        ((("1/1000000007", "1"), ("1000000007", "1")), "1"),
        ((("100000000000000000000000000000000000000000000000000000000000000000001", "3"), ("1", "0.5")), None),
        (
            (("8000000000000000000000000000000000000000000000000000000000000000000000000", "1"), ("1", "2")),
            "2000000000000000000000000",
        ),
        ((("4", "0.000000000001"), ("4", "7"), ("4", "3")), "4"),
    ],
)
def test_a_rational_mean_is_exact(parts, expected) -> None:
    if expected is None:
        assert mean(*parts) not in (F("2/3"), F(1))
    else:
        assert mean(*parts) == F(expected)


@pytest.mark.parametrize(("one", "other"), [("1/2", "9/10"), ("0.9999", "1"), ("0.8515", "0.8516"), ("1/3", "1/7")])
def test_equal_weights_agree_with_the_plain_root(one, other) -> None:
    assert mean((one, "50"), (other, "50")) == root(F(one) * F(other), 2)
    assert mean((one, "1"), (other, "2")) == root(F(one) * F(other) ** 2, 3)


def test_awkward_weights_take_no_time() -> None:
    found = mean(("0.8731", "33.333333333333"), ("0.9127", "33.333333333333"), ("0.7001", "33.333333333334"))
    assert F("0.82") < found < F("0.83")
    assert (found * 10**50).denominator == 1


def test_a_negative_number_has_no_mean() -> None:
    with pytest.raises(NoResult):
        mean(("-0.1", "50"), ("0.5", "50"))
