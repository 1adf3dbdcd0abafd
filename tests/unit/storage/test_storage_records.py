from datetime import UTC, date, datetime, timedelta, timezone
from fractions import Fraction

import pytest
import sqlalchemy as sa

from perf.kernel.facts import FactKey, FactSource
from perf.kernel.issues import Issue, Place
from perf.kernel.periods import Period
from perf.kernel.subjects import Segment
from perf.kernel.text import Text
from perf.storage import audit, facts, imports, journal, rosters, rules
from perf.storage.bulk import insert_rows
from perf.storage.canonical import sha256_bytes, sha256_text
from perf.storage.cipher import Cipher
from perf.storage.counters import last_number, next_number
from perf.storage.facts import NewFact
from perf.storage.imports import ImportRecord
from perf.storage.rosters import NewSegment
from perf.storage.store import Store
from perf.storage.tables import CONSORTIUM
from perf.storage.times import moment_text, parse_moment
from perf.storage.viewer import EVERYTHING, NOBODY, Viewer

JUNE = Period(2025, "month", 6)
NOW = datetime(2025, 7, 3, 8, 30, tzinfo=UTC)
ONLY_A, ONLY_B = Viewer("a", frozenset({"A"})), Viewer("b", frozenset({"B"}))


def an_import(connection: sa.Connection, content: bytes = b"x", consortium: str = "A", **about) -> int:
    given = {
        "consortium": consortium,
        "kind": "facts",
        "name": "六月.xlsx",
        "content": content,
        "sha256": sha256_bytes(content),
        "sender": "医务科",
        "at": NOW,
        "state": "accepted",
        "reason": "",
        "counts": {"new": 1},
        "coverage": {"sender": "医务科"},
        "issues": (),
        "cipher": Cipher(bytes(32)),
    }
    return imports.add_import(connection, EVERYTHING, **(given | about))


def a_fact(subject: str, value, *, measure: str = "visits", consortium: str = "A", cell: str = "B2") -> NewFact:
    return NewFact(consortium, FactKey(subject, measure, JUNE), value, FactSource("", "表1", cell, "医务科"))


def read(connection, viewer=EVERYTHING, **about):
    return {key[0]: version.value for key, version in facts.newest_versions(connection, viewer, **about).items()}


def test_the_newest_version_counts_and_withdrawn_is_a_version(store: Store):
    with store.write() as connection:
        for values in ({"a": Fraction(1, 3), "b": Fraction(5)}, {"a": Fraction(2)}, {"b": None}):
            number = an_import(connection, repr(values).encode())
            facts.append_facts(connection, EVERYTHING, number, [a_fact(s, v) for s, v in values.items()])
    with store.read() as connection:
        assert read(connection) == {"a": "2", "b": None}
        assert read(connection, up_to_import=1) == {"a": "1/3", "b": "5"}
        assert [v.value for v in facts.versions_of(connection, EVERYTHING, FactKey("a", "visits", JUNE))] == [
            "1/3",
            "2",
        ]
        found = facts.newest_versions(connection, EVERYTHING)
        (fact,) = facts.as_facts(found.values(), facts.files_of(connection, EVERYTHING))
        assert str(fact.source) == "六月.xlsx!表1!B2"


def test_numbers_and_texts_come_back_as_what_they_were(store: Store):
    given = {
        "a": Fraction(-5, 4),
        "b": "A",
        "c": "12",
        "d": Fraction(10**30, 7),
        "e": Fraction(0),
        "f": "",
        "g": "甲\t\\N\n乙",
    }
    with store.write() as connection:
        number = an_import(connection)
        facts.append_facts(connection, EVERYTHING, number, [a_fact(s, v) for s, v in given.items()])
    with store.read() as connection:
        versions = facts.newest_versions(connection, EVERYTHING).values()
        assert {f.key.subject: f.value for f in facts.as_facts(versions, {})} == given
        found = facts.facts_at(connection, EVERYTHING, [(1, 2), (9, 9)])
        assert [(version.import_id, version.n) for version in found] == [(1, 2)]


def test_facts_are_chosen_by_every_condition(store: Store):
    with store.write() as connection:
        number = an_import(connection, consortium="*")
        rows = [a_fact(f"s{n}", Fraction(n), measure=f"m{n % 2}", consortium="AB"[n % 2]) for n in range(1200)]
        facts.append_facts(connection, EVERYTHING, number, rows)
        facts.append_facts(
            connection, EVERYTHING, an_import(connection, b"y", ""), [a_fact("lj", Fraction(9), consortium="")]
        )
    with store.read() as connection:
        assert len(read(connection)) == 1201
        assert len(read(connection, ONLY_A)) == 601
        assert len(read(connection, NOBODY)) == 0
        assert len(read(connection, consortia=["A"])) == 600
        assert len(read(connection, measures=["m1"])) == 600
        assert len(read(connection, periods=["2025-05"])) == 0
        assert len(read(connection, subjects=[f"s{n}" for n in range(700)])) == 700
        assert read(connection, subjects=[]) == {}


def test_nothing_is_written_out_of_scope(store: Store):
    segment = Segment("001", "person", "doctor", "h1")
    with store.write() as connection:
        number = an_import(connection)
        with pytest.raises(PermissionError):
            facts.append_facts(connection, ONLY_B, number, [a_fact("a", Fraction(1))])
        with pytest.raises(PermissionError):
            rosters.append_segments(connection, ONLY_B, number, [NewSegment("A", segment)])
        rosters.note_consortia(connection, ONLY_B, {"A": "甲", "B": "乙"})
    with store.read() as connection:
        assert read(connection) == {}
        assert rosters.consortia(connection, EVERYTHING) == {"B": "乙"}
        assert rosters.consortia(connection, ONLY_A) == {}


def test_segments_come_back_with_days_without_end_and_attributes(store: Store):
    given = [
        Segment("001", "person", "doctor", "h1", attributes={"name": "𠮷𬱖", "share": "1.20"}),
        Segment("001", "person", "doctor", "t1", date(2025, 6, 1), date(2025, 6, 30), {"post": "院长"}),
    ]
    with store.write() as connection:
        number = an_import(connection, kind="roster")
        rosters.append_segments(connection, EVERYTHING, number, [NewSegment("A", s) for s in given])
        rosters.note_consortia(connection, EVERYTHING, {"A": "甲"})
        rosters.note_consortia(connection, EVERYTHING, {"A": "新名"})
    with store.write() as connection:
        later = an_import(connection, b"z", kind="roster")
        rosters.append_segments(connection, EVERYTHING, later, [NewSegment("A", given[1], withdrawn=True)])
    with store.read() as connection:
        assert [v.segment for v in rosters.newest_segments(connection, EVERYTHING, up_to_import=number)] == given
        assert [v.segment for v in rosters.newest_segments(connection, EVERYTHING)] == given[:1]
        assert len(rosters.all_versions(connection, EVERYTHING)) == 3
        assert rosters.newest_segments(connection, ONLY_B) == []
        assert rosters.consortia(connection, ONLY_A) == {"A": "新名"}


def test_an_import_comes_back_with_its_bytes_and_issues(store: Store):
    issue = Issue(
        "not-a-number", Place("六月.xlsx", "表1", "F17"), Text("“八十八”"), Text("0 到 100"), Text("改"), subject="X203"
    )
    content = bytes(range(256)) * 9
    with store.write() as connection:
        cipher = store.keys.cipher_for_writing(connection, EVERYTHING, NOW)
        number = an_import(connection, content, issues=(issue,), cipher=cipher)
    with store.read() as connection:
        assert imports.imports_with_digest(connection, ONLY_A, sha256_bytes(content), "facts") == [
            ImportRecord(
                *(number, "A", "facts", "六月.xlsx", sha256_bytes(content), "医务科", "perf", NOW, "accepted", ""),
                *({"new": 1}, {"sender": "医务科"}),
            )
        ]
        assert imports.imports_with_digest(connection, ONLY_A, sha256_bytes(content), "roster") == []
        assert imports.imports_with_digest(connection, ONLY_B, sha256_bytes(content), "facts") == []
        assert imports.import_content(connection, ONLY_A, number, store.keys) == content
        assert imports.import_issues(connection, ONLY_A) == [issue]
        assert imports.import_issues(connection, ONLY_A, number + 1) == []
        assert imports.changed_imports(connection, EVERYTHING, cipher) == []
        assert imports.changed_imports(connection, EVERYTHING, None) == []
        assert imports.last_import(connection) == number


def test_the_audit_chain_breaks_where_it_was_touched(store: Store):
    with store.write() as connection:
        for n in range(1, 6):
            audit.append(
                connection, ONLY_A, consortium="A", at=NOW, action="x", target=str(n), reason="因", details={"n": n}
            )
    with store.read() as connection:
        assert list(audit.broken_links(connection, EVERYTHING)) == []
        assert [e.target for e in audit.entries(connection, ONLY_A, target="3")] == ["3"]
        assert audit.entries(connection, ONLY_B) == []
    with store.write() as connection:
        connection.exec_driver_sql("update audit set reason = '改' where seq = 2")
        connection.exec_driver_sql("delete from audit where seq = 4")
        connection.exec_driver_sql("delete from audit where seq = 5")
    with store.read() as connection:
        found = [(f.key, f.matter) for f in audit.broken_links(connection, EVERYTHING)]
    assert found == [("2", "changed"), ("4", "missing"), ("5", "missing")]


def test_an_entry_that_was_written_anew_with_its_own_hash_does_not_follow_the_one_before(store: Store):
    with store.write() as connection:
        for n in range(3):
            audit.append(connection, ONLY_A, consortium="A", at=NOW, action="x", target=str(n), reason="")
        connection.exec_driver_sql("delete from audit where seq = 2")
        connection.exec_driver_sql("update counter set value = 1 where name = 'audit'")
        audit.append(connection, ONLY_A, consortium="A", at=NOW, action="x", target="forged", reason="")
    with store.read() as connection:
        assert [(f.key, f.matter) for f in audit.broken_links(connection, EVERYTHING)] == [
            ("3", "not after the entry before it"),
        ]


def test_numbers_are_given_back_when_a_transaction_is_rolled_back(store: Store):
    with store.write() as connection:
        assert next_number(connection, "x") == 1
        assert next_number(connection, "x", 10) == 2
    with pytest.raises(RuntimeError):
        _take_and_fail(store)
    with store.write() as connection:
        assert last_number(connection, "x") == 11
        assert next_number(connection, "x") == 12
        assert last_number(connection, "unknown") == 0


def _take_and_fail(store: Store) -> None:
    with store.write() as connection:
        next_number(connection, "x")
        raise RuntimeError


def test_jobs_are_open_until_they_are_closed(store: Store):
    with store.write() as connection:
        first = journal.start(connection, ONLY_A, consortium="A", job="run", target="x", host="h", process=1, at=NOW)
        journal.start(connection, ONLY_B, consortium="B", job="run", target="y", host="h", process=1, at=NOW)
        journal.finish(connection, ONLY_B, first, outcome="done", at=NOW)
    with store.read() as connection:
        assert [j.target for j in journal.open_jobs(connection, ONLY_A)] == ["x"]
        assert [j.started_at for j in journal.open_jobs(connection, EVERYTHING)] == [NOW, NOW]
    with store.write() as connection:
        journal.finish(connection, ONLY_A, first, outcome="done", at=NOW)
        assert [j.target for j in journal.open_jobs(connection, EVERYTHING)] == ["y"]


def test_a_rule_text_is_kept_once(store: Store):
    with store.write() as connection:
        rules.keep_rules(connection, EVERYTHING, ["甲", "乙", "甲"])
        rules.keep_rules(connection, EVERYTHING, ["甲"])
        found = rules.rule_texts(connection, EVERYTHING, [sha256_text("甲"), sha256_text("丙")])
    assert found == {sha256_text("甲"): "甲"}


def test_a_moment_has_a_zone_and_one_form():
    beijing = timezone(timedelta(hours=8))
    assert moment_text(datetime(2025, 7, 3, 16, 30, tzinfo=beijing)) == "2025-07-03T08:30:00.000000Z"
    assert parse_moment(moment_text(NOW)) == NOW
    with pytest.raises(ValueError, match="zone"):
        moment_text(datetime(2025, 7, 3))  # noqa: DTZ001


def test_a_row_twice_is_refused_alike_on_both_databases(store: Store):
    with pytest.raises(sa.exc.IntegrityError), store.write() as connection:
        insert_rows(connection, CONSORTIUM, [("A", "甲"), ("A", "乙")])
    with store.read() as connection:
        assert rosters.consortia(connection, EVERYTHING) == {}


def test_a_viewer_sees_nothing_unless_something_is_given():
    assert not NOBODY.may_see("A")
    assert not NOBODY.may_see("")
    assert NOBODY.codes == ()
    assert ONLY_A.may_see("A")
    assert ONLY_A.may_see("")
    assert not ONLY_A.may_see("B")
    assert not ONLY_A.may_see("*")
    assert EVERYTHING.may_see("*")
