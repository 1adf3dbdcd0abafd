"""The distance to the next step is what the engine itself makes of it: the fact moved, everything scored and paid again."""

from fractions import Fraction

from hypothesis import given, settings
from hypothesis import strategies as st
from tests.unit.appraisal.appraisal_county import JUNE, SEGMENTS, county_book, county_facts

from perf.appraisal import run_appraisal
from perf.appraisal.formula_pay import FormulaPay
from perf.appraisal.next_step import NextValues
from perf.appraisal.raised_pay import Raise
from perf.distribution.adjustments import DISTRIBUTION as ADJUSTMENT
from perf.kernel.facts import Fact, FactKey, Facts
from perf.kernel.subjects import Roster

MEASURE_OF = {"work": "work_score", "seen_much": "seen", "night_extra": "nights", "record_quality": "records"}
FORMULAS = FormulaPay(county_book(), Roster(SEGMENTS), JUNE)
PEOPLE = ["p1", "p2", "p8"]
FEN_OFF_MAX = 3
"""The odd fen of the share before and after, and that of the part held."""


def month(rows):
    return run_appraisal(county_book(), Roster(SEGMENTS), Facts(rows), JUNE, "G")


def moved(rows, who, measure, value):
    return [row for row in rows if row.key[:2] != (who, measure)] + [Fact(FactKey(who, measure, JUNE), value)]


def paid(ledger, who, line):
    own = [e for e in ledger.entries if e.claimant == who and e.distribution != ADJUSTMENT]
    return sum((e.amount.fen if e.target == f"person:{who}" else -e.amount.fen) for e in own if e.line in line)


@settings(max_examples=40, deadline=None)
@given(
    st.sampled_from(PEOPLE),
    st.integers(min_value=0, max_value=10_000),
    st.integers(min_value=0, max_value=330),
    st.integers(min_value=0, max_value=8),
    st.sampled_from("ABC"),
)
def test_the_next_step_is_what_a_new_run_gives_with_the_fact_moved(who, work, seen, nights, rating):
    rows = county_facts()
    values = {"work_score": Fraction(work, 100), "seen": Fraction(seen), "nights": Fraction(nights), "records": rating}
    for measure, value in values.items():
        rows = moved(rows, who, measure, value)
    before = month(rows)
    card = before.scores.cards["staff", who]
    version = county_book().schemes["staff"].version(JUNE)
    entries = [e for e in before.ledger.entries if e.claimant == who]
    raise_, nexts = Raise(card, version, entries, FORMULAS), NextValues(county_book(), JUNE)
    for item in card.items:
        step = nexts.after(item) if item.type == "indicator" else None
        if step is None:
            continue
        after = month(moved(rows, who, MEASURE_OF[item.item], step.value))
        new = after.scores.cards["staff", who]
        assert next(row.points for row in new.items if row.item == item.item) == step.points > item.points
        told = raise_.to(item, step.points)
        assert told is not None
        assert told.total == new.total
        if told.pay is None or item.item == "night_extra":  # nights are also paid by the night
            continue
        gained = paid(after.ledger, who, ("绩效", "年终预留")) - paid(before.ledger, who, ("绩效", "年终预留"))
        assert abs(told.pay.fen - gained) <= FEN_OFF_MAX


@settings(max_examples=40, deadline=None)
@given(st.integers(min_value=0, max_value=330))
def test_no_value_nearer_gives_more_points(seen):
    rows = moved(county_facts(), "p1", "seen", Fraction(seen))
    item = next(i for i in month(rows).scores.cards["staff", "p1"].items if i.item == "seen_much")
    step = NextValues(county_book(), JUNE).after(item)
    assert (step is None) == (seen >= 300)
    if step is not None:
        assert step.value == 300
        assert step.points == Fraction(30)


def test_somebody_at_the_floor_gains_nothing_below_it_and_nobody_says_what_lies_above():
    rows = county_facts(h2="400.00")
    for measure, value in (
        ("work_score", Fraction(0)),
        ("seen", Fraction(0)),
        ("records", "C"),
        ("nights", Fraction(0)),
    ):
        rows = moved(rows, "p8", measure, value)
    before = month(rows)
    card = before.scores.cards["staff", "p8"]
    version = county_book().schemes["staff"].version(JUNE)
    entries = [e for e in before.ledger.entries if e.claimant == "p8"]
    assert any(e.working is not None and e.working.floor is not None for e in entries)
    item = next(i for i in card.items if i.item == "work")
    for work in (10, 60, 100):
        told = Raise(card, version, entries, FORMULAS).to(item, Fraction(work, 2))
        after = month(moved(rows, "p8", "work_score", Fraction(work)))
        assert told is not None
        assert told.total == after.scores.cards["staff", "p8"].total
        lines = ("绩效", "年终预留")
        gained = paid(after.ledger, "p8", lines) - paid(before.ledger, "p8", lines)
        assert (told.pay is None) == (gained > 0) == (told.unsaid == "bound")
        assert told.pay is None or abs(told.pay.fen - gained) <= FEN_OFF_MAX
