"""Months as people write them: in cells, titles, sheet names and file names."""

import re
import unicodedata
from functools import lru_cache

from perf.kernel.periods import Period, parse_period

_YEAR_MONTH = re.compile(r"(?<!\d)(20\d{2})(?:\s*年\s*|[-./_])(\d{1,2})(?:\s*月(?:份)?)?(?![\d季])")
_YEAR_MONTH_TIGHT = re.compile(r"(?<!\d)(20\d{2})(\d{2})(?!\d)")
_QUARTER = re.compile(r"(?<!\d)(20\d{2})\s*(?:年\s*|[-._])?(?:第?([一二三四1-4])季度|q([1-4]))", re.IGNORECASE)
_DAY = re.compile(
    r"(?<!\d)(20\d{2})(?:([-./])|\s*年\s*)(\d{1,2})(?(2)\2|\s*月\s*)(\d{1,2})(?:\s*日)?(?:\s+\d\d:\d\d)?(?!\d)"
)
_YEAR = re.compile(r"(?<!\d)(20\d{2})\s*(?:年度|年|(?!\d|\s*[-./年]))")
_SPAN = re.compile(
    r"(?<!\d)(20\d{2})(?:\s*年\s*|[-./])(\d{1,2})\s*(?:月份?)?\s*[-~—–―至到]+\s*"
    r"(?:(20\d{2})(?:\s*年\s*|[-./]))?(\d{1,2})\s*([月季])"
)
_MONTHS_ALONE = re.compile(r"(?<!\d)\d{1,2}\s*(?:月份?)?\s*[-~—–―至到]+\s*\d{1,2}\s*月")
_MONTH_ALONE = re.compile(r"(?<![\d第])(\d{1,2})\s*月(?!\s*\d)")
_TAG = re.compile(r"(?:月份|期间|所属期|考核月份|考核期|统计期)\s*:\s*(\S+)")
_SAID_MONTH = re.compile(r"(?<!\d)20\d{2}\s*年\s*(\d{1,2})\s*月|(?<=月份:)\s*20\d{2}[-./年](\d{1,2})(?!\d)")
_ENGLISH_MONTHS = "janfebmaraprmayjunjulaugsepoctnovdec"
_ENGLISH = re.compile(
    r"(?<![a-z])(jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)"
    r"(?:uary|ruary|ch|il|e|y|ust|t(?:ember)?|tember|ober|ember)?[-./ ']*(20\d{2}|\d{2})(?![\d年]|\s*,)",
    re.IGNORECASE,
)
_WRITTEN_YEAR = re.compile(r"二([〇零○0])([一二三四五六七八九〇零○])([一二三四五六七八九〇零○])(?=\s*年)")
_WRITTEN_MONTH = re.compile(r"(?<![一二三四五六七八九十])(十[一二]|[一二三四五六七八九十])(?=\s*月)")
_DIGITS = dict(zip("〇零○0一二三四五六七八九", "0000123456789", strict=True))
_MONTH_WORDS = ["一", "二", "三", "四", "五", "六", "七", "八", "九", "十", "十一", "十二"]
_NUMBERS = {word: number for number, word in enumerate("一二三四", 1)}


def names_month_only(text: str) -> bool:
    """Whether a text is a month without a year: `6月`, `六月份`, `6`."""
    match = re.fullmatch(r"(\d{1,2})(?:\s*月(?:份)?)?", _in_digits(text).strip())
    return match is not None and 1 <= int(match[1]) <= 12


def is_month(text: str) -> bool:
    """Whether a header is a month: `6月`, `2025年6月`, `2025-06`; not the bare number `6`."""
    if names_month_only(text):
        return "月" in text
    period = month_in_cell(text)
    return period is not None and period.kind == "month"


@lru_cache(maxsize=4096)
def month_in_cell(text: str, year: int | None = None) -> Period | None:
    """The period that a cell of a month column names; `year` completes a bare `6月` or `6`. None: it names none."""
    clean = _in_digits(text).strip()
    try:
        return parse_period(clean.upper())
    except ValueError:
        pass
    if year is not None and (match := re.fullmatch(r"(\d{1,2})(?:\s*月(?:份)?)?", clean)):
        return _month(year, int(match[1]))
    if match := _DAY.fullmatch(clean):
        return _month(int(match[1]), int(match[3]))
    for form in (_YEAR_MONTH, _YEAR_MONTH_TIGHT):
        if match := form.fullmatch(clean):
            return _month(int(match[1]), int(match[2]))
    if match := _ENGLISH.fullmatch(clean):
        return _english(match)
    if match := _QUARTER.fullmatch(clean):
        return _quarter(match)
    match = re.fullmatch(r"(20\d{2})\s*年(?:度)?", clean)
    return Period(int(match[1]), "year") if match else None


def periods_in_text(text: str) -> set[Period]:
    """All periods that a title, sheet name or file name mentions; years only where no month or quarter stands."""
    clean = _in_digits(text)
    if tag := _TAG.search(clean):
        tagged = month_in_cell(tag[1])
        if tagged is not None:
            return {tagged}
    found: set[Period] = set()
    rest = clean
    for match in _QUARTER.finditer(clean):
        found.add(_quarter(match))
    rest = _QUARTER.sub(" ", rest)
    for match in _SPAN.finditer(rest):  # from January to June is neither of them
        ends = _month(int(match[1]), int(match[2])), _month(int(match[3] or match[1]), int(match[4]))
        found.update(end for end in ends if end and match[5] == "月")
    rest = _SPAN.sub(r" \1年 ", rest)
    days = {
        month
        for match in _DAY.finditer(rest)
        if (month := _month(int(match[1]), int(match[3]))) and not _is_filling_date(rest, match)
    }
    rest = _DAY.sub(" ", rest)
    for form in (_YEAR_MONTH, _YEAR_MONTH_TIGHT):
        found.update(month for match in form.finditer(rest) if (month := _month(int(match[1]), int(match[2]))))
        rest = form.sub(" ", rest)
    found.update(filter(None, map(_english, _ENGLISH.finditer(rest))))
    if found or days:
        return found or days  # a day beside a month is when the sheet was signed
    return {Period(int(match[1]), "year") for match in _YEAR.finditer(rest)}


def impossible_month(text: str) -> str:
    """A month of a title that no calendar has, as it stands there (`2025年13月`); empty: none."""
    clean = _in_digits(text)
    for match in _SAID_MONTH.finditer(clean):
        if not 1 <= int(match[1] or match[2]) <= 12:
            return match[0]
    return ""


def bare_month(text: str) -> int | None:
    """The one month without a year in a sheet name such as `6月`, or None.

    Neither that of a day (`7月2日`) nor the ends of several (`1-6月`).
    """
    months = {int(match[1]) for match in _MONTH_ALONE.finditer(_MONTHS_ALONE.sub(" ", _in_digits(text)))}
    return months.pop() if len(months) == 1 and min(months) in range(1, 13) else None


def _in_digits(text: str) -> str:
    """The text in half width, `二〇二五年六月` and `六月` in digits."""
    clean = _WRITTEN_YEAR.sub(
        lambda m: "2" + "".join(_DIGITS[c] for c in m.groups()), unicodedata.normalize("NFKC", text)
    )
    return _WRITTEN_MONTH.sub(lambda m: str(_MONTH_WORDS.index(m[1]) + 1), clean)


def _english(match: re.Match[str]) -> Period | None:
    return _month(2000 + int(match[2]) % 100, _ENGLISH_MONTHS.index(match[1].lower()) // 3 + 1)


def _is_filling_date(text: str, day: re.Match[str]) -> bool:
    """A day beside 填表 or 制表 says when the sheet was filled in, not which month it is about."""
    before = re.search(r"(填表|填报|制表|打印|报送|上报)(日期|时间)?\s*:?\s*$", text[: day.start()])
    return before is not None or re.match(r"\s*(填|制表?|打印|报送|上报)(?!\w)", text[day.end() :]) is not None


def _month(year: int, month: int) -> Period | None:
    return Period(year, "month", month) if 1 <= month <= 12 else None


def _quarter(match: re.Match[str]) -> Period:
    return Period(int(match[1]), "quarter", int(match[3] or _NUMBERS.get(match[2], 0) or match[2]))


@lru_cache(maxsize=4096)
def periods_agree(one: Period, other: Period) -> bool:
    """Whether one lies in the other: a month in its year, or the same."""
    longer, shorter = (one, other) if one.days >= other.days else (other, one)
    return shorter.within(longer.kind) == longer
