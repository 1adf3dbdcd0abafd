"""Characters that look like others: full-width and fancy letters, Greek and Cyrillic ones, and those nobody sees."""

import unicodedata
from typing import NamedTuple

from perf.kernel.text import Text

_ALPHABETS = {"CYRILLIC": Text("西里尔字母", "Cyrillic"), "GREEK": Text("希腊字母", "Greek")}
_INVISIBLE = frozenset({"Cf", "Cc", "Zl", "Zp", "Co", "Cn"})
_LATIN = dict(
    zip(
        "аеорсухіјѕԁӏ" + "АВЕКМНОРСТХ" + "οαρνικτυχΑΒΕΖΗΙΚΜΝΟΡΤΥΧ",  # this is what it is about
        "aeopcyxijsdl" + "ABEKMHOPCTX" + "oapviktuxABEZHIKMNOPTYX",
        strict=True,
    )
)


class LookAlike(NamedTuple):
    """The first deceptive character of a name: its place in it, itself, what it is, and what was probably meant."""

    where: int
    char: str
    what: Text
    meant: str

    def said(self, at: int) -> tuple[Text, Text, Text]:
        """Found, expected, hint for the character at offset `at`."""
        code = f"U+{ord(self.char):04X}"
        found = Text(
            f"第 {at + 1} 个字符“{self.char}”是{self.what.zh}({code})",
            f"character {at + 1}, “{self.char}”, is {self.what.in_lang('en')} ({code})",
        )
        expected = Text(
            "半角的英文字母、数字、下划线,或中文名称", "plain letters, digits, underscores, or a Chinese name"
        )
        hint = (
            Text(f"改成 {self.meant}", f"write {self.meant}") if self.meant else Text("换成半角英文字母", "retype it")
        )
        return found, expected, hint


def look_alike(name: str) -> LookAlike | None:
    """What deceives in a name that is not Chinese and not plain; None where nothing does."""
    if any(unicodedata.name(char, "").startswith("CJK") for char in name):
        return None
    for index, char in enumerate(name):
        if char.isascii():
            continue
        alphabet = unicodedata.name(char, "").split(" ")[0]
        if alphabet in _ALPHABETS:
            return LookAlike(index, char, _ALPHABETS[alphabet], _plain(name))
        if unicodedata.normalize("NFKC", char) != char:
            return LookAlike(index, char, Text("全角或变体字符", "a full-width or fancy character"), _plain(name))
    return None


def odd_character(char: str) -> Text | None:
    """What to do about a character that is no sign of formulas; None where nothing special is known."""
    if unicodedata.category(char) in _INVISIBLE:
        return Text(
            "看不见的字符,多半是复制时带来的;删去它,或者重新输入这一段",
            "an invisible character, probably copied along; delete it, or type this part anew",
        )
    plain = unicodedata.normalize("NFKC", char)
    if plain != char and plain.isascii() and plain.strip():
        return Text(f"改成半角的 {plain}", f"write a plain {plain}")
    return None


def _plain(name: str) -> str:
    """The name in plain letters, as far as they are known; empty where not all are."""
    found = "".join(_LATIN.get(char, char) for char in unicodedata.normalize("NFKC", name))
    return found if found.isascii() else ""
