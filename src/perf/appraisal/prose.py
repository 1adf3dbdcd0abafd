"""One style of marks in what people read: full-width in Chinese sentences, half-width in figures and formulas."""

import re
from typing import Final

from perf.kernel.text import Text

_HAN: Final = "\u3400-\u9fff\U00020000-\U000323af“”‘’、。！？《》〈〉〔〕（）"
_COMMA: Final = re.compile(rf"(?<=[{_HAN}]),(?=\S)|,(?=[{_HAN}])")
_COLON: Final = re.compile(rf"(?<=[{_HAN}]):(?=\S)")
_SEMICOLON: Final = re.compile(rf"(?<=[{_HAN}]);|;(?=[{_HAN}])")
_BRACKETS: Final = re.compile(r"\(([^()]*)\)")
_QUOTED: Final = re.compile("“[^”]*”")
_YEAR: Final = re.compile(r"(?:19|20)\d\d", re.ASCII)
_HAS_HAN: Final = re.compile(rf"[{_HAN}]")
_ARITHMETIC: Final = re.compile(r"[×÷=≠<>≤≥≈−]| \+ |, |→(?=.*\d)|\d.*→")


def in_prose(text: str) -> str:
    """`未报,按 0 计(甲)` as `未报，按 0 计（甲）`; the marks of a formula stay as they are."""
    marked = text
    while "(" in marked and (again := _BRACKETS.sub(_bracketed, marked)) != marked:
        marked = again  # from the inside out
    return _SEMICOLON.sub("；", _COLON.sub("：", _COMMA.sub("，", marked)))


def prose(text: Text) -> Text:
    """`text` with the marks of its Chinese side in one style."""
    zh = in_prose(text.zh)
    return text if zh == text.zh else Text(zh, text.en)


def _bracketed(found: re.Match[str]) -> str:
    inside = found[1]
    plain = _YEAR.fullmatch(inside) or (_HAS_HAN.search(inside) and not _ARITHMETIC.search(_QUOTED.sub("", inside)))
    return f"（{inside}）" if plain else found[0]
