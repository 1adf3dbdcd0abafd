"""Identity numbers: the standards' own examples, every single wrong digit, every swap of neighbours, and masking."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from perf.kernel.identity import flaw_of, masked, plain_number, without_numbers

CITIZENS = ("11010519491231002X", "440524188001010014")  # the examples of GB 11643-1999
CREDIT_CODE = "91350100M000100Y43"  # the example of GB 32100-2015
CARD = "4539148803436467"  # an invented one with the right check digit


@pytest.mark.parametrize("number", CITIZENS)
def test_the_examples_of_the_standard_are_right(number: str) -> None:
    assert flaw_of("citizen", number) is None


@pytest.mark.parametrize(
    ("number", "flaw"),
    [
        ("110105194912310021", "check"),
        ("11010519491231002", "length"),
        ("110105194912310X21", "characters"),
        ("110105491231002", "old_form"),
        ("990105194912310020", "check"),
        ("010105194912310026", "region"),
        ("110105194902300021", "birthday"),
        ("110105194913310025", "birthday"),
        ("110105190002290027", "birthday"),
        ("110105017002280028", "birthday"),
        ("", "length"),
        ("１１０１０５１９４９１２３１００２Ｘ", "characters"),
    ],
)
def test_what_cannot_be_a_citizens_number_says_why(number: str, flaw: str) -> None:
    assert flaw_of("citizen", number) == flaw


def test_nobody_is_born_after_the_day_in_question() -> None:
    number = CITIZENS[0]
    assert flaw_of("citizen", number, on=date(1949, 12, 30)) == "birthday"
    assert flaw_of("citizen", number, on=date(1949, 12, 31)) is None


@pytest.mark.parametrize("place", range(17))
def test_every_single_wrong_digit_shows(place: int) -> None:
    number = CITIZENS[1]
    wrong = [number[:place] + digit + number[place + 1 :] for digit in "0123456789" if digit != number[place]]
    assert None not in [flaw_of("citizen", one) for one in wrong]


@pytest.mark.parametrize("place", range(18))
def test_every_single_wrong_sign_of_a_credit_code_shows(place: int) -> None:
    signs = "0123456789ABCDEFGHJKLMNPQRTUWXY"
    wrong = [CREDIT_CODE[:place] + sign + CREDIT_CODE[place + 1 :] for sign in signs if sign != CREDIT_CODE[place]]
    assert flaw_of("credit_code", CREDIT_CODE) is None
    assert None not in [flaw_of("credit_code", one) for one in wrong]


def test_a_credit_code_has_no_letters_that_look_like_digits() -> None:
    assert flaw_of("credit_code", "9135010OM000100Y43") == "characters"
    assert flaw_of("credit_code", "91350100M000100Y4") == "length"


@pytest.mark.parametrize(
    ("number", "flaw"),
    [
        ("13800000000", None),
        ("+8613800000000", None),
        ("008613800000000", None),
        ("8613800000000", None),
        ("(0551)87654321", None),
        ("86", "length"),
        ("055187654321", None),
        ("4008001234", None),
        ("12800000000", "length"),
        ("1380000000", "length"),
        ("1380000000A", "characters"),
        ("", "characters"),
    ],
)
def test_phones(number: str, flaw: str | None) -> None:
    assert flaw_of("phone", number) == flaw


def test_bank_cards_have_a_check_digit() -> None:
    assert flaw_of("bank_card", CARD) is None
    for place in range(len(CARD)):
        for digit in set("0123456789") - {CARD[place]}:
            assert flaw_of("bank_card", CARD[:place] + digit + CARD[place + 1 :]) == "check"
    assert flaw_of("bank_card", CARD[:-2]) == "length"
    assert flaw_of("bank_card", CARD[:-1] + "X") == "characters"


@pytest.mark.parametrize("written", ["4539 1488 0343 6467", "'4539148803436467", "４５３９-1488-0343-6467 "])
def test_a_number_is_read_however_it_is_written(written: str) -> None:
    assert plain_number(written) == CARD
    assert plain_number("11010519491231002x") == CITIZENS[0]


@given(st.sampled_from(["citizen", "phone", "bank_card"]), st.text("0123456789X", max_size=20))
def test_a_masked_number_never_shows_half_of_it(kind, number) -> None:
    shown = masked(kind, number)
    assert len(shown) == len(number)
    assert sum(sign != "*" for sign in shown) <= max(7 if kind == "phone" else 4, 0)
    assert "*" in shown or not number


def test_how_numbers_are_shown() -> None:
    assert masked("citizen", CITIZENS[0]) == "**************002X"
    assert masked("phone", "13812345678") == "138****5678"
    assert masked("bank_card", CARD) == "************6467"
    assert masked("bank_card", "1234567") == "*******"
    assert masked("credit_code", CREDIT_CODE) == CREDIT_CODE


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("440524 188001010014 张三 1500", "***************0014 张三 1500"),
        ("6222 0212 3456 7890128", "******************0128"),
        ("622202 1234567890128", "****************0128"),
        ("卡号6222-0212-3456-7890-128", "卡号*******************-128"),
        ("11010519491231 002x", "***************002x"),
        ("4405 2418 8001 0100 14", "******************0 14"),
        ("No.6222021234567890128", "No.***************0128"),
        ("1.11010519491231002X", "1.**************002X"),
        ("11010519491231002X440524188001010014", "**************002X**************0014"),
        ("8613812345678", "*********5678"),
        ("+86 138 1234 5678", "+************5678"),
        ("请打 13812345678.", "请打 *******5678."),
        ("138-12345678", "********5678"),
    ],
)
def test_numbers_are_masked_however_their_signs_are_grouped(text: str, shown: str) -> None:
    assert without_numbers(text) == shown


@pytest.mark.parametrize(
    "text",
    [
        "2025-06-01 2025-06-30",
        "2025-10-31、2025-11-02-2025-11-05 2025-12-01",
        "0.3333333333333333",
        "12345.6712345678",
        "15 16 17 18 19 20 21 22 23 24 25 26 27 28 29 30 31",
        "1 3 8 1 2 3 4 5 6 7 8 9 1 2 3 4 5 6 7",
        "20250601123015",
        "皖卫〔2023〕12号 第3456条",
    ],
)
def test_days_figures_and_numbers_of_documents_stay_as_they_are(text: str) -> None:
    assert without_numbers(text) == text
