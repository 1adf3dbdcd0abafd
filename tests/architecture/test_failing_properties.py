"""A property that fails says what failed, soon, however large its example is."""

import pytest
from hypothesis import Phase, given, seed, settings
from hypothesis import strategies as st
from hypothesis.internal.conjecture import engine


class Large:
    def __repr__(self) -> str:
        return "x" * 100_000


def test_what_failed_is_not_hidden_behind_a_warning_of_a_large_example() -> None:
    @settings(database=None)
    @given(st.builds(Large))
    def fails(_world: Large) -> None:
        raise AssertionError("the true reason")

    with pytest.raises(AssertionError, match="the true reason"):
        fails()


def calls_until_shown(bound: float, monkeypatch: pytest.MonkeyPatch) -> int:
    """How often a property that fails is called in all, shrunk for so many seconds."""
    monkeypatch.setattr(engine, "MAX_SHRINKING_SECONDS", bound)
    calls = []

    @seed(1)
    @settings(database=None, phases=[Phase.generate, Phase.shrink])
    @given(st.lists(st.integers(), min_size=3))
    def fails(figures: list[int]) -> None:
        calls.append(figures)
        assert max(figures) < 1000

    with pytest.raises(AssertionError):
        fails()
    return len(calls)


def test_an_example_is_not_shrunk_for_minutes(monkeypatch: pytest.MonkeyPatch) -> None:
    """The bound is a name inside hypothesis; here it is seen to hold."""
    assert engine.MAX_SHRINKING_SECONDS <= 30
    assert calls_until_shown(0, monkeypatch) * 2 < calls_until_shown(30, monkeypatch)
