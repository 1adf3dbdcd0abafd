"""Amounts in words, as cheques and vouchers carry them."""

import pytest

from perf.kernel.money import Money
from perf.kernel.money_words import money_in_words


@pytest.mark.parametrize(
    ("fen", "words"),
    [
        (0, "零元整"),
        (7, "柒分"),
        (10, "壹角整"),
        (-1050, "负壹拾元伍角整"),
        (105, "壹元零伍分"),
        (3000, "叁拾元整"),
        (100_10, "壹佰元壹角整"),
        (1_000_200, "壹万零贰元整"),
        (10_010_00, "壹万零壹拾元整"),
        (1_680_32, "壹仟陆佰捌拾元叁角贰分"),
        (107_000_53, "壹拾万柒仟元伍角叁分"),
        (100_010_001, "壹佰万零壹佰元零壹分"),
        (10_000_000_100, "壹亿零壹元整"),
        (101 * 10**10, "壹佰零壹亿元整"),
    ],
)
def test_an_amount_is_written_so_that_no_digit_can_be_changed(fen, words):
    assert money_in_words(Money(fen)) == words


def test_an_amount_without_a_name_is_refused():
    with pytest.raises(ValueError, match="beyond"):
        money_in_words(Money(10**22))
