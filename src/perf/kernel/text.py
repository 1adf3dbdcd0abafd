"""Text for people, in Chinese first and English on request."""

from dataclasses import dataclass
from typing import Literal

Lang = Literal["zh", "en"]


@dataclass(frozen=True, slots=True)
class Text:
    """One sentence or title in both languages; `en` may be empty, then the Chinese is shown."""

    zh: str
    en: str = ""

    def in_lang(self, lang: Lang) -> str:
        """The text in `lang`, Chinese where English is not given."""
        return self.en if lang == "en" and self.en else self.zh

    def __str__(self) -> str:
        return self.zh
