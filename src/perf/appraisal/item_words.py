"""Items by their names: figures reported by item are labelled with the code, which only programs know."""

import re
from collections.abc import Iterable, Mapping
from typing import Final

from perf.kernel.text import Lang, Text
from perf.specs.models import ItemList

_REPORTED: Final = re.compile(r"·( ?)([A-Za-z0-9_][A-Za-z0-9_.+-]*)(?= )")


def item_titles(lists: Iterable[ItemList]) -> dict[str, Text]:
    """Code of an item -> its title; codes that two lists call otherwise are left out."""
    found: dict[str, Text | None] = {}
    for one in lists:
        for code, item in one.items.items():
            found[code] = item.title if found.get(code, item.title) == item.title else None
    return {code: title for code, title in found.items() if title is not None and title.zh}


def with_item_titles(text: Text, titles: Mapping[str, Text]) -> Text:
    """`分组病例数·BR23 7` as `分组病例数·脑缺血性疾患 7`; what no list knows stays as it is."""
    if "·" not in text.zh or not titles:
        return text
    return Text(_named(text.zh, titles, "zh"), _named(text.en, titles, "en"))


def _named(text: str, titles: Mapping[str, Text], lang: Lang) -> str:
    def named(found: re.Match[str]) -> str:
        title = titles.get(found[2])
        return found[0] if title is None else f"·{found[1]}{title.in_lang(lang)}"

    return _REPORTED.sub(named, text)
