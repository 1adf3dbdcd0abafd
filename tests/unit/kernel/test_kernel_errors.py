"""Refusals come through from worker processes with everything they say."""

import pickle

import pytest

from perf.kernel.errors import (
    InputRefused,
    NotConserved,
    NotFound,
    PerfError,
    StateRefused,
    VerificationFailed,
    WrongUse,
)
from perf.kernel.issues import Issue, Place
from perf.kernel.text import Text

ISSUE = Issue("no-claims", Place("甲.xlsx", "表", "A1"), Text("空", "empty"), Text("数", "a number"))


@pytest.mark.parametrize("kind", [InputRefused, NotFound, StateRefused, VerificationFailed, WrongUse])
def test_a_refusal_is_the_same_in_another_process(kind: type[PerfError]) -> None:
    again = pickle.loads(pickle.dumps(kind(Text("不行", "no"), [ISSUE])))  # noqa: S301 - our own bytes
    assert type(again) is kind
    assert (again.message, again.issues, str(again)) == (Text("不行", "no"), (ISSUE,), "不行")


def test_money_that_does_not_add_up_is_told_across_processes() -> None:
    again = pickle.loads(pickle.dumps(NotConserved("fund:G1", expected_fen=5, found_fen=3)))  # noqa: S301
    assert str(again) == "fund:G1: expected 5 fen, found 3 fen, difference -2"
