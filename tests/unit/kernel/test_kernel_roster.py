"""Segments: joiners, movers, two posts, cycles."""

from datetime import date
from fractions import Fraction

from perf.kernel.facts import Fact, FactKey, Facts
from perf.kernel.periods import parse_period
from perf.kernel.subjects import Roster, Segment

JUNE = parse_period("2025-06")


def person(number: str, parent: str, first=date.min, last=date.max, **attributes: str) -> Segment:
    return Segment(number, "person", "doctor", parent, first, last, attributes)


def test_a_mover_has_two_segments_and_the_later_one_speaks_for_the_month() -> None:
    roster = Roster([person("007", "A", last=date(2025, 6, 10)), person("007", "B", first=date(2025, 6, 11))])
    assert [s.share_of(JUNE) for s in roster.segments("007", JUNE)] == [Fraction(1, 3), Fraction(2, 3)]
    assert roster.at("007", JUNE).parent == "B"
    assert roster.children("A", JUNE) == ["007"]
    assert roster.children("A", JUNE.shift(1)) == []


def test_of_two_posts_at_once_the_larger_share_of_working_time_speaks() -> None:
    roster = Roster([person("1", "A", fte="0.4"), person("1", "B", fte="0.6")])
    assert roster.at("1", JUNE).parent == "B"


def test_the_order_of_rows_does_not_matter() -> None:
    rows = [person("1", "A", fte="0.5"), person("1", "B", fte="0.5"), person("0", "B")]
    assert [Roster(rows).at("1", JUNE), Roster(rows).ids()] == [
        Roster(rows[::-1]).at("1", JUNE),
        Roster(rows[::-1]).ids(),
    ]


def test_people_are_found_below_through_departments_and_a_cycle_of_parents_ends() -> None:
    roster = Roster(
        [
            Segment("H", "institution", "hospital", ""),
            Segment("D", "department", "", "H"),
            person("1", "D"),
            person("2", "H"),
            Segment("X", "department", "", "Y"),
            Segment("Y", "department", "", "X"),
        ]
    )
    assert roster.below("H", "person", JUNE) == ["1", "2"]
    assert roster.ancestor("1", "institution", JUNE) == "H"
    assert roster.ancestor("X", "institution", JUNE) is None
    assert roster.below("X", "person", JUNE) == []
    assert roster.ancestor("nobody", "institution", JUNE) is None


def test_a_segment_that_ended_is_not_in_the_month_and_an_unreadable_fte_counts_as_one() -> None:
    roster = Roster([person("1", "A", last=date(2025, 5, 31)), person("2", "A", fte="half")])
    assert Roster([person("3", "A", fte="1/0"), person("3", "B", fte="0.5")]).at("3", JUNE) is not None
    assert roster.at("1", JUNE) is None
    assert roster.at("2", JUNE).attribute("fte") == "half"
    assert roster.at("2", JUNE).attribute("kind") == "doctor"
    assert roster.at("2", JUNE).attribute("nothing") is None
    assert roster.at("2", JUNE).title == "2"


def test_facts_are_listed_by_key_whatever_order_they_came_in() -> None:
    rows = [Fact(FactKey("b", "m", JUNE), Fraction(1)), Fact(FactKey("a", "m", JUNE, "item"), Fraction(2))]
    assert list(Facts(rows)) == list(Facts(rows[::-1]))
    assert Facts(rows).itemised("a", "m", JUNE) == [rows[1]]
    assert Facts(rows).get(FactKey("c", "m", JUNE)) is None
    assert Facts(rows).measures() == {"m": 2}
    assert len(Facts(rows)) == 2
