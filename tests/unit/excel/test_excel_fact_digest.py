"""The digest of facts in columns: another as soon as one figure, one key, one sender or one row is another."""

from dataclasses import replace
from fractions import Fraction
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from perf.excel.fact_rows import FactBlock, FactColumn, FactRows
from perf.kernel.facts import Fact, FactKey, FactSource
from perf.kernel.periods import Period

JUNE = Period(2025, "month", 6)
PEOPLE, MEASURES = 2_000, 30


def block(values=None, *, is_text=False, sender="医务科"):
    """60,000 figures; `values`: row and column -> what stands there instead."""
    bases = [FactKey(f"{n:06d}", "", JUNE) for n in range(PEOPLE)]
    texts = [[str((n * 37 + m) % 997) for n in range(PEOPLE)] for m in range(MEASURES)]
    for (row, column), text in (values or {}).items():
        texts[column][row] = text
    columns = tuple(FactColumn(f"m{m:02d}", m + 2, texts[m], is_text) for m in range(MEASURES))
    return FactBlock(0, "六月.xlsx", "表1", sender, bases, range(2, PEOPLE + 2), columns)


def digest(*blocks, single=()):
    return FactRows(single, blocks).digest()


def test_one_figure_among_sixty_thousand_gives_another_digest_and_the_same_ones_the_same():
    whole = digest(block())
    assert digest(block()) == whole
    assert len(FactRows((), [block()])) == 60_000
    for place in ((0, 0), (PEOPLE - 1, MEASURES - 1), (1_234, 17)):
        assert digest(block({place: "1000"})) != whole


def test_other_people_months_items_senders_or_kinds_of_values_give_another_digest():
    one = block()
    last = one.bases[-1]
    others = (
        last._replace(subject="x"),
        last._replace(period=JUNE.shift(1)),
        last._replace(item="a"),
        last._replace(counterparty="a"),
    )
    found = [digest(one), digest(block(sender="护理部")), digest(block(is_text=True))]
    found += [digest(replace(one, bases=[*one.bases[:-1], base])) for base in others]
    assert len(set(found)) == len(found)


def test_which_of_the_facts_are_here_is_part_of_it():
    rows = FactRows((), [block()])
    found = [rows.digest(), *(rows.without({at}).digest() for at in (0, 1, 59_999)), rows.without({0, 1}).digest()]
    assert len(set(found)) == len(found)


def test_nothing_reported_is_another_than_an_empty_text_in_its_place():
    assert digest(block({(0, 0): None}, is_text=True)) != digest(block({(0, 0): ""}, is_text=True))


TEXTS = st.lists(st.text("a\n1 ", max_size=3), min_size=1, max_size=4)


@given(st.lists(TEXTS, min_size=2, max_size=6))
def test_line_breaks_in_texts_do_not_make_others_look_the_same(lists):
    def facts(texts):
        return [Fact(FactKey(text, "m", JUNE, str(n)), text) for n, text in enumerate(texts)]

    for one, other in pairwise(lists):
        same = FactRows.of(facts(one)).digest() == FactRows.of(facts(other)).digest()
        assert same == (sorted(facts(one)) == sorted(facts(other)) and one == other)


def test_a_text_that_looks_like_a_number_is_not_that_number():
    key, source = FactKey("001", "m", JUNE), FactSource("六月.xlsx", "表1", "C2", "医务科")
    digests = {FactRows.of([Fact(key, value, source)]).digest() for value in (Fraction(80), "80", "80.0")}
    assert len(digests) == 3
