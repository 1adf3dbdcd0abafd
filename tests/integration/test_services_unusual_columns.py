"""Figures judged by columns: the same ones are told of, with the same distances, as figure by figure in fractions."""

from fractions import Fraction
from random import Random

import pytest
from hypothesis import HealthCheck, Phase, example, given, settings
from hypothesis import strategies as st
from services_county import HR, JUNE, NOW, SEGMENTS, book, segment, with_roster
from unusual_by_fractions import told_by_fractions

from perf.kernel.facts import Fact, FactKey, FactSource
from perf.kernel.periods import Period
from perf.services import far_from_own, unusual_values
from perf.services.consortium_of import ConsortiumFinder
from perf.services.import_plan import Changed, ImportPlan
from perf.services.unusual_values import Judging
from perf.storage import facts, imports
from perf.storage.canonical import sha256_bytes
from perf.storage.facts import NewFact

PEOPLE = [f"1{n:02}" for n in range(24)]
ROSTER = [
    *SEGMENTS,
    *(
        segment(p, "person", "doctor" if n % 3 else "nurse", "h1", name=f"某{n}", share="1")
        for n, p in enumerate(PEOPLE)
    ),
]
VALUES = {
    "ties": ["80", "80", "80", "80", "85", "100", "0"],
    "zeros": ["0", "0", "0", "0", "0", "3", "500"],
    "money": ["1234.5", "1180.25", "1301.75", "990", "123450", "12.34", "-1200", "0.01"],
    "long": ["80.00000000000000000001", "80", "80.00000000000000000002", "241/3", "1/3", "99999999999999999999", "7"],
    "wild": [str(Fraction(1, 10**200)), str(10**200), str(-(10**180)), "1", "2", "3", "0"],
}
MEASURES = ("work_score", "visits", "pool_yuan")
START = {"month": JUNE, "quarter": Period(2025, "quarter", 2)}


def number(random, kind):
    """A figure of its kind, now and then a little or a lot off."""
    value = Fraction(random.choice(VALUES[kind]))
    if random.random() < 0.3 and kind != "ties":
        value *= Fraction(random.randint(1, 400), 100)
    return value


def keep(store, rows):
    """Rows of facts (None withdraws), kept as an import; a text is a rating."""
    with store.write() as connection:
        periods, measures = {str(key.period) for key, _ in rows}, {key.measure for key, _ in rows}
        about = imports.last_import(connection)
        identity = imports.add_import(
            connection,
            HR.viewer,
            consortium="A",
            kind="facts",
            name=f"{about}.xlsx",
            content=b"",
            sha256=sha256_bytes(str(about).encode()),
            sender="",
            at=NOW,
            state="accepted",
            reason="",
            counts={"new": len(rows)},
            coverage={"periods": sorted(periods), "measures": sorted(measures), "subjects": [], "sender": ""},
            issues=(),
            cipher=store.keys.cipher_for_writing(connection, HR.viewer, NOW),
        )
        facts.append_facts(
            connection, HR.viewer, identity, [NewFact("A", key, value, FactSource()) for key, value in rows]
        )


def world(store, random, year):
    """Histories with gaps, several versions, withdrawn ones, texts; then a file of new and changed figures."""
    kinds = {measure: random.choice(list(VALUES)) for measure in MEASURES}
    details = random.choice([[("", "")], [("", ""), ("甲", "")], [("甲", "h1"), ("甲", "h2"), ("乙\n丙", "")]])
    starts = [start._replace(year=year) for start in random.choice([list(START.values()), [START["month"]]])]
    keys = [
        FactKey(person, measure, start, *detail)
        for person in PEOPLE
        for measure in MEASURES
        for start in starts
        for detail in details
        if random.random() < 0.9
    ]
    is_even = random.random() < 0.3
    for back in range(random.randint(0, 9), 0, -1):
        rows = [(k._replace(period=k.period.shift(-back)), number(random, kinds[k.measure])) for k in keys]
        kept = rows if is_even else [row for row in rows if random.random() < 0.9]
        if kept:
            keep(store, kept)
        if kept and random.random() < 0.3:
            odd = [None, "优秀", Fraction(80), Fraction(1, 3)]
            keep(store, [(key, random.choice(odd)) for key, _ in random.sample(kept, 1 + len(kept) // 9)])
    sent = [k for k in keys if random.random() < 0.8]
    source = FactSource("六月.xlsx", "表1", "C2", "")
    new = [Fact(k, "良好" if random.random() < 0.02 else number(random, kinds[k.measure]), source) for k in sent]
    old = [Fact(k, number(random, kinds[k.measure])) for k in keys if random.random() < 0.4]
    current = {fact.key: fact for fact in old}
    changed = tuple(Changed(current[f.key], f) for f in new if f.key in current)
    return ImportPlan("六月.xlsx", "", "", "dry", tuple(f for f in new if f.key not in current), changed), current


@settings(
    deadline=None,
    max_examples=30,
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(st.integers(0, 2**32), st.sampled_from((1, 4, 30, 500)))
@example(38507272, 4)  # mostly zeros and one figure out of the range of floats: a history that tells nothing
def test_by_columns_the_same_figures_are_told_as_one_by_one_in_fractions(store, seed, seldom):
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(far_from_own, "SELDOM", seldom)
        patch.setattr(unusual_values, "A_COLUMN_MAX", 10_000)
        with store.read() as connection:
            if imports.last_import(connection) == 0:
                with_roster(store, ROSTER)
            year = 30 + 10 * (imports.last_import(connection) % 900)
        plan, current = world(store, Random(seed), year)  # noqa: S311
        with store.read() as connection:
            judging = Judging(connection, HR.viewer, book().measures, ConsortiumFinder(ROSTER))
            expected = told_by_fractions(judging, plan, current, seldom=seldom)
            assert told_by_columns(judging, plan, current) == expected


def told_by_columns(judging, plan, current):
    """What is told by columns: key, what it is held against, distance."""
    judged, far = judging.far(plan, current.values())
    found = [one.unusual(judged) for one in far]
    return sorted((one.fact.key, one.by.zh, one.distance) for one in found)
