"""The odd fen by other rules than the largest remainder, on a whole distribution."""

import pytest


@pytest.mark.parametrize(
    ("leftover", "expected"),
    [
        ("largest_remainder", ("0.10", "0.09", "0.07", "0.05", "0.04", "0.01")),
        ("jefferson", ("0.11", "0.09", "0.07", "0.05", "0.03", "0.01")),
        ("webster", ("0.10", "0.09", "0.08", "0.05", "0.03", "0.01")),
        ("huntington_hill", ("0.10", "0.09", "0.07", "0.06", "0.03", "0.01")),
        ("first", ("0.11", "0.09", "0.07", "0.05", "0.03", "0.01")),
    ],
)
def test_the_stated_method_hands_out_the_odd_fen(run, paid, rules, person, leftover, expected):
    shares = dict(zip("abcdef", (27_744, 25_178, 19_951, 14_610, 9_225, 3_292), strict=True))
    people = [person(who, post_coefficient=str(share)) for who, share in shares.items()]
    step = f"  - apportion: {{by: post_coefficient, rounding: {{leftover: {leftover}}}}}"
    ledger = run(rules(step), people, fund="0.36")
    assert tuple(paid(ledger).values()) == expected
    assert {entry.working.method for entry in ledger.entries if entry.working} == {leftover}
