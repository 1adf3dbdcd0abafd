"""A short time of what `scripts/nightly.py --fuzz` does for long."""

from tests.properties.reader_fuzzing import fuzzed, mutated, seeds


def test_mutated_files_of_every_format_are_read_or_refused_and_never_raise() -> None:
    found = fuzzed(120, most=40)
    assert not found.broken
    assert found.read
    assert found.refused
    assert found.count == 40 * len(seeds())


def test_a_mutation_is_the_same_whenever_it_is_made() -> None:
    sound = seeds()
    assert all(mutated(name, sound[name], 7) == mutated(name, sound[name], 7) for name in ("xls", "csv", "html"))
    assert mutated("csv", sound["csv"], 7) != mutated("csv", sound["csv"], 8)
