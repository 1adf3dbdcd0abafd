"""One file, read otherwise the second time: the wrong month or a wrong answer about a header can be put right."""

from dataclasses import replace

from services_county import HR, JUNE, NOW, fact, reading, take, with_roster

from perf.services.import_facts import import_facts
from perf.storage import facts
from perf.storage.viewer import EVERYTHING

MAY = JUNE.shift(-1)


def scores(period, measure="work_score"):
    return [fact(person, measure, period, value) for person, value in (("001", "80"), ("002", "90"))]


def read_as(rows):
    """The same bytes, read as these rows."""
    _, content = reading(scores(JUNE), name="无月份.csv")
    found, _ = reading(rows, name="无月份.csv")
    return replace(found, sha256=reading(scores(JUNE), name="无月份.csv")[0].sha256), content


def accepted(store, rows, mode="accept", **about):
    found, content = read_as(rows)
    return import_facts(store, found, content=content, actor=HR, now=NOW, mode=mode, **about)


def kept(store):
    with store.read() as connection:
        found = facts.newest_versions(connection, EVERYTHING)
    return {key[:3]: version.value for key, version in found.items() if not version.withdrawn}


def test_a_file_taken_as_the_wrong_month_is_taken_as_the_right_one_and_the_wrong_one_withdrawn(store):
    with_roster(store)
    assert accepted(store, scores(MAY)).outcome == "accepted"
    plan = accepted(store, scores(JUNE), mode="dry")
    assert (plan.outcome, plan.counts["new"], plan.counts["gone"]) == ("dry", 2, 2)
    assert accepted(store, scores(JUNE), confirm_gone=True).outcome == "accepted"
    assert kept(store) == {("001", "work_score", "2025-06"): "80", ("002", "work_score", "2025-06"): "90"}
    assert accepted(store, scores(JUNE)).outcome == "taken_already"
    assert accepted(store, scores(MAY)).outcome == "taken_already"


def test_a_header_that_was_answered_wrongly_is_answered_anew_and_the_wrong_figures_withdrawn(store):
    with_roster(store)
    accepted(store, scores(JUNE, "visits"))
    plan = accepted(store, scores(JUNE), confirm_gone=True)
    assert (plan.counts["new"], plan.counts["gone"]) == (2, 2)
    assert {key[1] for key in kept(store)} == {"work_score"}


def test_what_others_changed_since_is_not_turned_back_by_the_part_that_is_new(store):
    with_roster(store)
    accepted(store, scores(JUNE))
    take(store, [fact("001", "work_score", JUNE, "85")], name="改.xlsx")
    both = [*scores(JUNE), fact("001", "visits", JUNE, "5")]
    plan = accepted(store, both)
    assert (plan.outcome, plan.counts["new"], plan.counts["changed"], plan.counts["gone"]) == ("accepted", 1, 0, 0)
    assert kept(store)[("001", "work_score", "2025-06")] == "85"
    assert kept(store)[("001", "visits", "2025-06")] == "5"


def test_withdrawing_what_a_file_gave_as_the_wrong_month_leaves_what_others_sent_since(store):
    with_roster(store)
    accepted(store, scores(MAY))
    take(store, [fact("001", "work_score", MAY, "70")], name="五月.xlsx")
    accepted(store, scores(JUNE), confirm_gone=True)
    assert {key[::2]: value for key, value in kept(store).items()} == {
        ("001", "2025-05"): "70",
        ("001", "2025-06"): "80",
        ("002", "2025-06"): "90",
    }
