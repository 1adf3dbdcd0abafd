from dataclasses import replace
from fractions import Fraction

import pytest
from services_county import (
    HR,
    JUNE,
    MAY,
    NOW,
    PEOPLE,
    SEGMENTS,
    Roster,
    digest,
    fact,
    filled,
    june,
    month_facts,
    reading,
    segment,
    take,
    with_roster,
)

from perf.kernel.errors import InputRefused, NotFound
from perf.kernel.facts import FactKey
from perf.kernel.issues import Issue, Place
from perf.kernel.text import Text
from perf.services.actors import Actor
from perf.services.import_facts import import_facts
from perf.services.import_roster import import_roster
from perf.services.list_issues import list_issues
from perf.storage import audit, facts, imports
from perf.storage.viewer import EVERYTHING


def current(store, **about):
    with store.read() as connection:
        found = facts.newest_versions(connection, EVERYTHING, **about)
        return {fact.key: fact for fact in facts.as_facts(found.values(), facts.files_of(connection, EVERYTHING))}


def test_a_dry_run_says_what_is_new_and_writes_nothing(store):
    with_roster(store)
    plan = take(store, month_facts(JUNE), mode="dry")
    assert plan.outcome == "dry"
    assert plan.counts == {"new": 13, "changed": 0, "gone": 0, "unchanged": 0, "conflicts": 0, "left_out": 0}
    assert plan.issues == ()
    assert current(store) == {}


def test_accepted_facts_come_back_with_value_cell_and_sender(store):
    with_roster(store)
    take(store, [fact("001", "work_score", JUNE, "92.35", cell="F17")], name="六月.xlsx", sender="医务科")
    (found,) = current(store).values()
    assert found.value == Fraction("92.35")
    assert str(found.source) == "六月.xlsx!表1!F17"
    assert found.source.sender == "医务科"


def test_the_same_file_twice_changes_nothing_and_says_who_took_it(store):
    with_roster(store)
    take(store, month_facts(JUNE), name="六月.xlsx")
    before = current(store)
    again = take(store, month_facts(JUNE), name="六月.xlsx")
    assert again.outcome == "taken_already"
    assert again.taken is not None
    assert (again.taken.made_by, again.taken.id) == ("王芳", 2)
    assert "taken already" in again.issues[0].found.en
    assert current(store) == before
    with store.read() as connection:
        assert len(imports.list_imports(connection, EVERYTHING)) == 2


def test_other_bytes_with_the_same_facts_give_no_differences_and_only_the_import_is_recorded(store):
    with_roster(store)
    take(store, month_facts(JUNE), name="六月.xlsx")
    again = take(store, month_facts(JUNE), name="六月-另存.xlsx")
    assert again.counts == {"new": 0, "changed": 0, "gone": 0, "unchanged": 13, "conflicts": 0, "left_out": 0}
    with store.read() as connection:
        assert len(imports.list_imports(connection, EVERYTHING)) == 3
        assert len(facts.versions_of(connection, EVERYTHING, FactKey("001", "work_score", JUNE))) == 1


def test_a_row_inserted_and_a_row_dropped_in_a_second_upload_are_a_new_and_a_gone_fact(store):
    with_roster(store)
    first = [fact(p, "work_score", JUNE, "80", cell=f"C{n}") for n, p in enumerate(("001", "003"), start=2)]
    take(store, first, name="一.xlsx")
    # row 002 comes in between, row 003 is dropped: everything moves, nothing is mistaken for another
    second = [fact("001", "work_score", JUNE, "80", cell="C2"), fact("002", "work_score", JUNE, "81", cell="C3")]
    plan = take(store, second, name="二.xlsx", mode="dry")
    assert [f.key.subject for f in plan.new] == ["002"]
    assert [f.key.subject for f in plan.gone] == ["003"]
    assert plan.unchanged == 1
    assert plan.changed == ()


def test_what_is_gone_stays_until_it_is_confirmed(store):
    with_roster(store)
    rows = [fact(p, "work_score", JUNE, "80") for p in ("001", "002", "003")]
    take(store, rows, name="一.xlsx")
    take(store, rows[:2], name="二.xlsx")
    assert len(current(store)) == 3
    take(store, [*rows[:1], fact("002", "work_score", JUNE, "81")], name="三.xlsx", confirm_gone=True)
    assert {key.subject for key in current(store)} == {"001", "002"}
    with store.read() as connection:
        versions = facts.versions_of(connection, EVERYTHING, FactKey("003", "work_score", JUNE))
    assert [v.value for v in versions] == ["80", None]


def test_what_another_institution_or_another_sender_reported_is_not_gone(store):
    with_roster(store)
    take(store, [fact("004", "work_score", JUNE, "80")], name="泥河.xlsx")
    take(store, [fact("002", "work_score", JUNE, "80")], name="别科.xlsx", sender="护理部")
    assert take(store, [fact("001", "work_score", JUNE, "80")], name="一.xlsx", mode="dry").gone == ()


def test_a_value_that_cannot_be_taken_is_not_gone(store):
    with_roster(store)
    rows = [fact(p, "work_score", JUNE, "80") for p in ("001", "002")]
    take(store, rows, name="一.xlsx")
    broken = FactKey("002", "work_score", JUNE)
    assert take(store, rows[:1], name="二.xlsx", mode="dry", withheld=[broken]).gone == ()


def test_a_changed_figure_shows_old_and_new_and_the_newest_counts(store):
    with_roster(store)
    take(store, [fact("001", "work_score", JUNE, "80")], name="一.xlsx")
    plan = take(store, [fact("001", "work_score", JUNE, "81.50")], name="二.xlsx")
    (change,) = plan.changed
    assert (change.old.value, change.new.value) == (Fraction(80), Fraction("81.5"))
    assert current(store)[FactKey("001", "work_score", JUNE)].value == Fraction("81.5")


def test_two_senders_of_one_figure_are_an_issue_and_nothing_is_kept_until_one_is_chosen(store):
    with_roster(store)
    take(store, [fact("001", "work_score", JUNE, "80")], name="一.xlsx", sender="医务科")
    rows = [fact("001", "work_score", JUNE, "90"), fact("002", "work_score", JUNE, "70")]
    with pytest.raises(InputRefused) as refused:
        take(store, rows, name="二.xlsx", sender="护理部")
    assert [i.code for i in refused.value.issues] == ["two-senders"]
    assert "医务科" in refused.value.issues[0].found.zh
    assert len(current(store)) == 1
    clean = take(store, rows, name="二.xlsx", sender="护理部", mode="accept_clean")
    assert clean.outcome == "accepted_clean"
    assert current(store)[FactKey("001", "work_score", JUNE)].value == 80
    assert current(store)[FactKey("002", "work_score", JUNE)].value == 70


@pytest.mark.parametrize(("chosen", "value"), [("护理部", 90), ("医务科", 80)])
def test_the_sender_who_is_chosen_counts(store, chosen, value):
    with_roster(store)
    take(store, [fact("001", "work_score", JUNE, "80")], name="一.xlsx", sender="医务科")
    take(store, [fact("001", "work_score", JUNE, "90")], name="二.xlsx", sender="护理部", choose_sender=chosen)
    assert current(store)[FactKey("001", "work_score", JUNE)].value == value


def test_accepting_everything_is_refused_while_there_are_errors_and_clean_rows_can_be_kept(store):
    with_roster(store)
    error = Issue(
        "not-a-number", Place("数据.xlsx", "表1", "C3"), Text("“八十八”"), Text("0 到 100 的数字"), subject="002"
    )
    rows = [fact("001", "work_score", JUNE, "80", cell="C2")]
    with pytest.raises(InputRefused, match="没有写入任何内容"):
        take(store, rows, issues=[error])
    assert current(store) == {}
    plan = take(store, rows, issues=[error], mode="accept_clean")
    assert plan.counts["new"] == 1
    assert list_issues(store, actor=HR) == (error,)


def test_a_key_twice_in_a_file_and_an_unknown_subject_are_issues(store):
    with_roster(store)
    rows = [
        fact("001", "work_score", JUNE, "80", cell="C2"),
        fact("001", "work_score", JUNE, "81", cell="C3"),
        fact("999", "work_score", JUNE, "81", cell="C4"),
    ]
    plan = take(store, rows, mode="dry")
    assert [(i.code, i.place.cell) for i in plan.issues] == [
        ("fact-twice", "C2"),
        ("fact-twice", "C3"),
        ("unknown-subject", "C4"),
    ]
    assert plan.left_out == 3
    with pytest.raises(InputRefused, match="没有一行无误"):
        take(store, rows, mode="accept_clean")


def test_figures_that_come_after_publication_are_taken_and_touch_no_run(store):
    from perf.services.publish import publish
    from perf.services.verify_run import verify_run

    filled(store)
    run = june(store).run.id
    publish(store, run=run, actor=HR, by="李强", reason="六月绩效", now=NOW)
    late = take(store, [fact("001", "work_score", JUNE, "10")], name="迟到.xlsx")
    assert late.touches == (run,)
    assert [i.code for i in late.issues] == ["month-published"]
    assert verify_run(store, run=run, actor=HR).findings == ()


def test_facts_of_the_county_are_seen_from_every_consortium(store):
    with_roster(store)
    take(store, [fact("lj", "visits", JUNE, "5"), fact("h1", "visits", JUNE, "6"), fact("h2", "visits", JUNE, "7")])
    with store.read() as connection:
        seen = facts.newest_versions(connection, Actor("b", frozenset({"B"})).viewer)
        nothing = facts.newest_versions(connection, Actor("nobody").viewer)
    assert {key[0] for key in seen} == {"lj", "h2"}
    assert nothing == {}


def test_who_may_not_touch_a_consortium_imports_nothing_into_it(store):
    with_roster(store)
    only_b = Actor("b", frozenset({"B"}))
    with pytest.raises((NotFound, InputRefused)):
        take(store, [fact("h1", "visits", JUNE, "6")], actor=only_b)
    assert current(store) == {}


def test_a_reading_of_other_bytes_is_our_own_fault(store):
    found, _content = reading([fact("h1", "visits", JUNE, "6")])
    with pytest.raises(ValueError, match="these bytes"):
        import_facts(store, found, content=b"other", actor=HR, now=NOW)


def test_the_bytes_of_an_accepted_file_are_kept(store):
    with_roster(store)
    found, content = reading([fact("h1", "visits", JUNE, "6")])
    plan = import_facts(store, found, content=content, actor=HR, now=NOW, mode="accept")
    assert plan.import_id is not None
    with store.read() as connection:
        assert imports.import_content(connection, EVERYTHING, plan.import_id, store.keys) == content
        assert (
            imports.import_content(connection, Actor("b", frozenset({"B"})).viewer, plan.import_id, store.keys) is None
        )


def test_every_import_is_in_the_audit(store):
    with_roster(store)
    take(store, month_facts(JUNE), name="六月.xlsx")
    with store.read() as connection:
        actions = [(e.action, e.actor) for e in audit.entries(connection, EVERYTHING)]
        assert list(audit.broken_links(connection, EVERYTHING)) == []
    assert actions == [("import-roster", "王芳"), ("import", "王芳")]


def test_many_facts_of_two_months_come_back_in_any_order(store):
    with_roster(store)
    take(store, [*month_facts(MAY), *reversed(month_facts(JUNE))])
    assert len(current(store)) == 26
    assert len(current(store, periods=["2025-05"], consortia=["A"])) == 9


def a_roster(segments, issues=()):
    content = repr(segments).encode()
    return Roster("花名册.xlsx", digest(content), tuple(segments), tuple(issues)), content


def test_joiners_leavers_and_moves_are_told_apart(store):
    with_roster(store)
    moved = segment("001", "person", "doctor", "t1", name="赵一", share="1")
    joined = segment("009", "person", "nurse", "h1", name="新人", share="1")
    rest = [s for s in SEGMENTS if s.subject not in ("001", "003")]
    found, content = a_roster([*rest, moved, joined])
    plan = import_roster(store, found, content=content, actor=HR, now=NOW)
    assert [s.subject for s in plan.new] == ["001", "009"]
    assert [s.subject for s in plan.gone] == ["001", "003"]
    assert plan.joined == ("009",)
    assert plan.left == ("003",)


def test_a_roster_twice_is_taken_once_and_a_changed_attribute_is_a_change(store):
    with_roster(store)
    assert with_roster(store).outcome == "taken_already"
    raised = replace(PEOPLE[0], attributes={**PEOPLE[0].attributes, "share": "1.5"})
    plan = with_roster(store, [raised, *(s for s in SEGMENTS if s.subject != "001")])
    ((old, new),) = plan.changed
    assert (old.attribute("share"), new.attribute("share")) == ("1", "1.5")
    assert plan.unchanged == len(SEGMENTS) - 1


def test_two_posts_of_one_person_are_two_segments(store):
    one = segment("001", "person", "doctor", "h1", post="a", name="赵一", share="0.5")
    other = segment("001", "person", "doctor", "h1", post="b", name="赵一", share="0.5")
    plan = with_roster(store, [*(s for s in SEGMENTS if s.subject != "001"), one, other])
    assert len([s for s in plan.new if s.subject == "001"]) == 2


def test_a_roster_with_a_parent_that_is_nowhere_or_a_post_twice_is_refused(store):
    lost = segment("009", "person", "nurse", "x9", name="新人", share="1")
    twice = replace(PEOPLE[0], attributes={"share": "9"})
    found, content = a_roster([*SEGMENTS, lost, twice])
    plan = import_roster(store, found, content=content, actor=HR, now=NOW)
    assert sorted(i.code for i in plan.issues) == ["no-consortium", "segment-twice"]
    with pytest.raises(InputRefused):
        import_roster(store, found, content=content, actor=HR, now=NOW, mode="accept")
