"""How alike two headers are: the same but for words that change nothing, or only so many pairs of letters."""

import re
from collections import Counter
from fractions import Fraction
from functools import lru_cache

WORTH_ASKING = Fraction(4, 7)
"""From this likeness on (one letter more in a name of four), an unknown header is a question, not passed over."""
_NUMBERED = re.compile(r"(?:其中[:,]?|[(]?(?:\d{1,2}|[一二三四五六七八九十]{1,3})[).、])")
_BEFORE = re.compile(r"(?:本月份?|当月|本期|当期|月度|实际)")
_AFTER = re.compile(r"(?:数值|数据|数量|完成值|实际值|情况|数|值)$")
_SAME = (("病人", "患者"), ("医生", "医师"), ("占比", "比例"), ("比重", "比例"), ("的", ""), ("-", ""), ("_", ""))
_SHORTEST = 2


@lru_cache(maxsize=1 << 14)
def core_of(header: str) -> str:
    """What a header (as `plain` gives it) names, without numbering, 本月, 数 and the like; empty where too little is left.

    Words that change what is counted (上年, 累计, 目标, 人均, 其他) are never dropped.
    """
    for form in (_NUMBERED, _BEFORE):
        match = form.match(header)
        header = header[match.end() :] if match else header
    for word, instead in _SAME:
        header = header.replace(word, instead)
    header = _AFTER.sub("", header)
    return header if len(header) >= _SHORTEST else ""


def likeness(one: str, other: str) -> Fraction:
    """Dice's measure on pairs of neighbouring letters: twice those in common, by those of both; from 0 to 1, exact."""
    pairs, others = _pairs(one), _pairs(other)
    count = sum(pairs.values()) + sum(others.values())
    return Fraction(2 * sum((pairs & others).values()), count) if count else Fraction(0)


@lru_cache(maxsize=1 << 14)
def _pairs(text: str) -> Counter[str]:
    return Counter(text[n : n + 2] for n in range(len(text) - 1))
