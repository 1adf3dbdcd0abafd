from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.unit.pdf.pdf_sample_view import card, institution_card, pay_block

from perf.appraisal.statement_code import Sealed, grouped, read_code, statement_code
from perf.kernel.money import Money
from perf.kernel.text import Text

SEALED = Sealed("G1:2025-06#1", "d" * 64, "00123", (card(), institution_card()), (pay_block(),), Money(1), Money(0))


def test_a_run_without_a_seal_has_no_code():
    assert statement_code(SEALED._replace(digest="")) == ""


def changed_line(**changes):
    block = pay_block()
    return SEALED._replace(pay=(replace(block, lines=(replace(block.lines[0], **changes), *block.lines[1:])),))


def changed_indicator(**changes):
    shown = card()
    first = shown.dimensions[0]
    lines = (replace(first.lines[0], **changes), *first.lines[1:])
    changed = replace(shown, dimensions=(replace(first, lines=lines), *shown.dimensions[1:]))
    return SEALED._replace(cards=(changed, institution_card()))


@pytest.mark.parametrize(
    "other",
    [
        SEALED._replace(run="G1:2025-06#2"),
        SEALED._replace(digest="e" * 64),
        SEALED._replace(staff_no="00124"),
        SEALED._replace(total_pay=Money(2)),
        SEALED._replace(held=Money(1)),
        SEALED._replace(cards=(card(),)),
        SEALED._replace(pay=()),
        changed_line(amount=Money(812_304)),
        changed_line(status="held"),
        changed_indicator(points="29.99"),
        changed_indicator(score="29.99"),
    ],
)
def test_every_sealed_figure_counts(other):
    assert statement_code(other) != statement_code(SEALED)


def test_wording_does_not_count():
    assert statement_code(changed_line(how=Text("别的话"), title=Text("别的"))) == statement_code(SEALED)
    assert statement_code(changed_indicator(how=Text("别的话"))) == statement_code(SEALED)


def test_the_code_is_the_same_for_ever():
    assert statement_code(SEALED) == "2ZBI-DDQA-WFIM-7MPK"


@given(st.text("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567", min_size=16, max_size=16), st.sampled_from(["", "-", " ", "－"]))
def test_a_code_is_read_however_it_is_written(letters, between):
    printed = grouped(letters)
    wide = "".join(chr(ord(sign) + 0xFEE0) for sign in letters)
    for typed in (printed, printed.lower(), printed.replace("-", between), wide, letters.replace("O", "0")):
        assert read_code(typed) == printed


@given(st.text(max_size=30))
def test_what_cannot_be_a_code_is_not_read(typed):
    found = read_code(typed)
    assert found is None or read_code(found) == found
