"""The files that some rules need, found by their words, without reading the others as YAML.

Too many files rather than too few: every word of a file that is the code or the title of a rule brings in the files that
define it; the word `item`, as in `item.price`, every list. Layers, attributes, accounts, and whatever does not look like one
of our documents, are always among them. A word that is missed after all is an unknown name in the rules that are built,
never another rule.
"""

import re
from collections.abc import Iterable, Iterator, Mapping

from perf.specs.book import CASES_SUFFIX

_BETWEEN = re.compile(r"^---(?:[ \t].*)?$", re.MULTILINE)
_KNOWN = re.compile(
    r"(?:[ \t]*(?:#.*)?\n)*(measure|list|indicator|scheme|distribution|payroll):[ \t]+([^\W\d]\w*)[ \t]*(?:#.*)?$",
    re.MULTILINE,
)
_BLANK = re.compile(r"(?:[ \t]*(?:#.*)?(?:\n|$))*")
_TITLE = re.compile(r"^title:(.*(?:\n[ \t]+.*)*)", re.MULTILINE)
_WORD = re.compile(r"\w+")
_TOTAL_OF_OTHERS = "by_post"
_OF_A_LIST = "item"
"""What an attribute of a list is asked of, whichever list it is."""


def part_of(texts: Mapping[str, str], wanted: Iterable[str]) -> dict[str, str]:
    """Name -> text of the files that rules need.

    Args:
        texts: Name -> text of all files.
        wanted: Words to begin with: codes of rules, whole formulas or settings.
    Returns:
        In the order of `texts`; of rules without these words what is always among them.
    """
    defined: dict[str, set[str]] = {}
    queue: list[str] = []
    for name, text in texts.items():
        if name.endswith(CASES_SUFFIX):
            continue
        words = list(_defined(text))
        for word in words:
            defined.setdefault(word, set()).add(name)
        if "" in words:
            queue.append(name)
    seen = {word for one in wanted for word in _WORD.findall(one)}
    queue += [name for word in seen for name in defined.get(word, ())]
    queue += [
        name for name, text in texts.items() if _TOTAL_OF_OTHERS in text and not seen.isdisjoint(_WORD.findall(text))
    ]
    found: set[str] = set()
    while queue:
        name = queue.pop()
        if name in found or name.endswith(CASES_SUFFIX):
            continue
        found.add(name)
        fresh = set(_WORD.findall(texts[name])) - seen
        seen |= fresh
        queue += [other for word in fresh for other in defined.get(word, ())]
    return {name: text for name, text in texts.items() if name in found}


def _defined(text: str) -> Iterator[str]:
    """The codes and the words of the titles of a file's documents; the empty word for one that is not known by its looks."""
    for document in _BETWEEN.split(text):
        head = _KNOWN.match(document)
        if head is None:
            if not _BLANK.fullmatch(document):
                yield ""
            continue
        yield head[2]
        if head[1] == "list":
            yield _OF_A_LIST
        title = _TITLE.search(document)
        words = _WORD.findall(title[1]) if title else []
        yield from [word for word in words if not word.isascii()] or words
