"""One form for every issue of this package: its wording is looked up by code, in Chinese and English."""

from typing import NamedTuple

from perf.kernel.issues import Issue, Place, Severity
from perf.kernel.text import Text


class Wording(NamedTuple):
    """Found, expected and hint, each (中文, English), with `{names}` to be filled in."""

    found: tuple[str, str]
    expected: tuple[str, str]
    hint: tuple[str, str] = ("", "")
    severity: Severity = "error"


def word(wordings: dict[str, Wording], code: str, place: Place, **values: str | int | Text) -> Issue:
    """The issue `code` at `place`; a value that is a `Text` is filled in by language."""
    wording = wordings[code]
    zh = {name: str(value) for name, value in values.items()}
    en = {name: value.in_lang("en") if isinstance(value, Text) else str(value) for name, value in values.items()}

    def fill(pair: tuple[str, str]) -> Text:
        return Text(pair[0].format(**zh), pair[1].format(**en))

    return Issue(code, place, fill(wording.found), fill(wording.expected), fill(wording.hint), wording.severity)


def shorten(text: str, limit: int = 60) -> str:
    """`text` on one line, cut where it is long."""
    line = " ".join(text.split())
    return line if len(line) <= limit else line[: limit - 1] + "…"
