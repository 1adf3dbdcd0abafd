"""Amounts in the words that papers of money carry, so that no digit can be changed: `壹仟零贰元伍分`."""

from perf.kernel.money import FEN_PER_YUAN, Money

_DIGITS = "零壹贰叁肆伍陆柒捌玖"
_PLACES = ("", "拾", "佰", "仟")
_GROUPS = ("", "万", "亿", "万亿", "亿亿")
_GROUP = 10_000


def money_in_words(amount: Money) -> str:
    """The amount as it is written on cheques and vouchers (正确填写票据和结算凭证的基本规定): `叁拾元整`, `负柒分`.

    Raises:
        ValueError: beyond 10^20 yuan.
    """
    yuan, fen = divmod(abs(amount.fen), FEN_PER_YUAN)
    tenths, hundredths = divmod(fen, 10)
    told = f"{_whole(yuan)}元" if yuan else ""
    if tenths:
        told += f"{_DIGITS[tenths]}角"
    elif hundredths and yuan:
        told += "零"
    told += f"{_DIGITS[hundredths]}分" if hundredths else "整"
    if not yuan and not fen:
        told = "零元整"
    return f"负{told}" if amount.fen < 0 else told


def _whole(number: int) -> str:
    """A whole number above zero: a run of zeros between digits is one `零`."""
    groups: list[int] = []
    while number:
        number, rest = divmod(number, _GROUP)
        groups.append(rest)
    if len(groups) > len(_GROUPS):
        raise ValueError("an amount beyond what has a name")
    told = ""
    is_gap = False
    for place in range(len(groups) - 1, -1, -1):
        group = groups[place]
        if not group:
            is_gap = True
            continue
        if told and (is_gap or group < _GROUP // 10):
            told += "零"
        told += _four(group) + _GROUPS[place]
        is_gap = False
    return told


def _four(group: int) -> str:
    """1 to 9999."""
    told = ""
    is_gap = False
    for place in range(3, -1, -1):
        digit = group // 10**place % 10
        if not digit:
            is_gap = bool(told)
            continue
        told += ("零" if is_gap else "") + _DIGITS[digit] + _PLACES[place]
        is_gap = False
    return told
