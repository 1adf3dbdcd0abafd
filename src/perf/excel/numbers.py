"""Numbers as people type them into cells: full-width, with separators, currency, units, brackets, in words."""

import re
import unicodedata
from fractions import Fraction
from typing import NamedTuple

from perf.kernel.figures import exact_text

_PLAIN = re.compile(r"[+-]?(?:\d{1,30}(?:\.\d{0,30})?|\.\d{1,30})", re.ASCII)
_GROUPED = re.compile(r"[+-]?\d{1,3}(?:,\d{3})+(?:\.\d{0,30})?", re.ASCII)
_TORN = re.compile(r"[\d.,]\s+[\d.,]")
_THOUSANDS = re.compile(r"(?<=\d)\s(?=\d{3}(?!\d))")
_OTHER_FORMS = ("<super>", "<sub>", "<circle>", "<fraction>")
_LOOKALIKES = str.maketrans("OoＯlI丨|", "0001111")
_INSIDE = re.compile(r"\d+(?:\.\d+)?", re.ASCII)
_MARKS = (
    *("%", "‰", "亿元", "万元", "千元", "元", "人次", "人", "天", "日", "分钟", "分", "例", "件", "次", "个"),
    *("万", "亿"),
)
_MULTIPLES = {"万": 10_000, "亿": 100_000_000}
_COUNTED = ("人次", "人", "例", "件", "次", "个")
_SAYS_MORE = frozenset("-—~至到²③#△▲=<>＜＞≤≥万亿千百十%‰成半")
_DIGITS = {
    word: n
    for n, words in enumerate(("零〇", "一壹", "二贰两", "三叁", "四肆", "五伍", "六陆", "七柒", "八捌", "九玖"))
    for word in words
}
_MONEY_WORDS = re.compile(r"(?=.*[元圆角])(?:(.+?)[元圆])?零?(?:(.)角)?零?(?:(.)分)?整?正?")
_TENTHS = re.compile(r"([一二三四五六七八九])成([一二三四五六七八九半])?")
_TENS = {"十": 10, "拾": 10, "百": 100, "佰": 100, "千": 1000, "仟": 1000}
_GROUPS = {"万": 10_000, "亿": 100_000_000}
_SPOKEN = {"百": 10, "佰": 10, "千": 100, "仟": 100, "万": 1000, "亿": 10_000_000}  # 三千五 is 3500; 3005 is 三千零五


class NumberText(NamedTuple):
    """A number in text: its exact value without the `mark` (`%`, `万元`, `人次` …) that follows it.

    `is_bracketed`: it is negative without a sign in front of it.
    """

    number: Fraction
    mark: str = ""
    is_bracketed: bool = False


def read_number(text: str) -> NumberText | None:
    """The number that a text cell holds, or None; `(1,234.50)` and `123-` are negative, as accountants write it."""
    if _PLAIN.fullmatch(text):
        return NumberText(plain_number(text))
    if not text.isascii() and any(unicodedata.decomposition(c).startswith(_OTHER_FORMS) for c in text):
        return None  # 10² is not 102, and ① is a mark
    clean = unicodedata.normalize("NFKC", text).replace("−", "-").replace("—", "-")
    if _TORN.search(clean) and _TORN.search(clean := _THOUSANDS.sub("", clean)):
        return None  # 1 234 500 is a number, 12 5 may be two
    clean = re.sub(r"\s+", "", clean).removeprefix("'")
    bracketed = len(clean) > 2 and clean[0] == "(" and clean[-1] == ")"
    behind = len(clean) > 1 and clean[-1] == "-"
    if bracketed or behind:
        clean = clean[bracketed:-1]
    clean = re.sub(r"^([+-]?)[¥¥]([+-]?)", r"\1\2", clean).removeprefix("RMB").removeprefix("人民币")
    clean = clean.removesuffix("整") if clean.endswith("元整") else clean
    mark = next((m for m in _MARKS if clean.endswith(m)), "")
    clean = clean.removesuffix(mark)
    times = _MULTIPLES.get(clean[-1:], 1) if mark in _COUNTED else 1
    clean = clean[:-1] if times > 1 else clean
    if (bracketed or behind) and clean[:1] in ("+", "-"):
        return None
    if _GROUPED.fullmatch(clean):
        clean = clean.replace(",", "")
    if not _PLAIN.fullmatch(clean):
        return None
    number = Fraction(clean.removesuffix(".")) * times
    return NumberText(-number if bracketed or behind else number, mark, bracketed or behind)


def number_meant(text: str) -> str:
    """The number that a mistyped cell most likely means (`9O.5` → `90.5`, `约85分` → `85`); empty: nobody can tell."""
    clean = re.sub(r"\s+", "", unicodedata.normalize("NFKC", text)).replace("。", ".")
    for attempt in (clean, clean.translate(_LOOKALIKES)):
        read = read_number(attempt)
        if read is not None and not read.mark:
            return exact_text(read.number)
    found = _INSIDE.findall(clean)
    if clean[:1] in "△▲" and (read := read_number(clean[1:])) is not None and not read.mark:
        return exact_text(-read.number)
    return found[0] if len(found) == 1 and _SAYS_MORE.isdisjoint(clean) else ""


def plain_number(text: str) -> Fraction:
    """A plain ASCII decimal as it stands in a number cell (`-12.50`), exact; quicker than parsing a Fraction."""
    whole, _, part = text.partition(".")
    return Fraction(int(whole + part), 10 ** len(part)) if part else Fraction(int(whole))


def chinese_number(text: str) -> Fraction | None:
    """`八十八` → 88, `三千零五点五` → 3005.5, `百分之八十七点五` → 0.875, `壹佰元伍角整` → 100.5; None for anything else."""
    clean = re.sub(r"\s+", "", unicodedata.normalize("NFKC", text)).removeprefix("人民币")
    if match := _MONEY_WORDS.fullmatch(clean):
        yuan, jiao, fen = (_chinese_integer(part) if part else 0 for part in match.groups())
        return None if yuan is None or jiao is None or fen is None else yuan + Fraction(10 * jiao + fen, 100)
    if match := _TENTHS.fullmatch(clean):
        half = 5 if match[2] == "半" else _DIGITS.get(match[2] or "零", 0)
        return Fraction(10 * _DIGITS[match[1]] + half, 100)
    if clean.startswith("百分之"):
        share = chinese_number(clean.removeprefix("百分之"))
        return share / 100 if share is not None else None
    whole_text, point, part_text = clean.removesuffix("分").removesuffix("整").partition("点")
    whole = _chinese_integer(whole_text)
    if whole is None or (point and not part_text):
        return None
    part = Fraction(0)
    for place, digit in enumerate(part_text, 1):
        if digit not in _DIGITS:
            return None
        part += Fraction(_DIGITS[digit], 10**place)
    return whole + part


def _chinese_integer(text: str) -> int | None:
    if not text or any(c not in _DIGITS and c not in _TENS and c not in _GROUPS for c in text):
        return None
    if all(c in _DIGITS for c in text):
        return int("".join(str(_DIGITS[c]) for c in text))
    total = group = digit = 0
    for c in text:
        if c in _DIGITS:
            digit = _DIGITS[c]
        elif c in _TENS:
            group += (digit or 1) * _TENS[c]
            digit = 0
        else:
            total = (total + group + digit) * _GROUPS[c] if c == "亿" else total + (group + digit) * _GROUPS[c]
            group = digit = 0
    return total + group + digit * (_SPOKEN.get(text[-2], 1) if len(text) > 1 and text[-1] in _DIGITS else 1)
