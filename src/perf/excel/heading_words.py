"""The words without which no row heads a table: those that name who or what its rows are about."""

import re
from collections.abc import Iterable, Mapping
from typing import Final

from perf.excel.headers import Role, Vocabulary, plain
from perf.excel.layouts import Answers
from perf.excel.market_columns import REPORTERS

SUBJECT_ROLES: tuple[Role, ...] = ("staff_number", "staff_name", "institution_code", "institution_name")
_NAMING: Final = frozenset((*SUBJECT_ROLES, "measure"))
_AS_PLAIN: Final = re.compile(
    r"[!-~\u4e00-\u9fff]*"
)  # texts in which `plain` changes nothing but case and what stands around
_AROUND: Final = r"[*:;.]*"


class HeadingWords:
    """Tells quickly of most texts that no header begins so; of very many rows of texts only few are then tried as headers."""

    def __init__(self, vocabulary: Vocabulary, remembered: Mapping[str, Answers]) -> None:
        """The words of the vocabulary, and those that were answered before about tables of any layout."""
        answered = (word for said in remembered.values() for word, target in said.items() if target in _NAMING)
        words = sorted({*vocabulary.words_of(_NAMING), *map(plain, answered), *REPORTERS} - {""})
        self._begins = re.compile(_AROUND + "(?:" + "|".join(map(re.escape, words)) + ")", re.IGNORECASE)

    def may_begin(self, text: str) -> bool:
        """Whether a header may begin so that names who or what the rows below are about."""
        return self._begins.match(text if _AS_PLAIN.fullmatch(text) else plain(text)) is not None

    def among(self, texts: Iterable[str | None]) -> set[str]:
        """Those of the texts that may, each looked at once."""
        return {text for text in set(texts) if text and self.may_begin(text)}
