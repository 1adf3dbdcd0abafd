"""The rule book as a document: cover, chapters, sections of a few kinds of blocks. PDF and page draw it, and no more."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from perf.kernel.text import Lang

Style = Literal["plain", "formula", "note", "warning"]


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A sentence or two; `label` stands before it."""

    text: str
    label: str = ""
    style: Style = "plain"


@dataclass(frozen=True, slots=True)
class Pairs:
    """What is said of a rule at a glance: (label, text)."""

    rows: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table: its head, its share of the page in percent, whether it holds numbers."""

    title: str
    share: int
    is_number: bool = False


@dataclass(frozen=True, slots=True)
class Grid:
    """A table; a row in `strong` (its index) is set heavy."""

    title: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[str, ...], ...]
    strong: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Steps:
    """Steps in order: (depth from 0, number, text)."""

    rows: tuple[tuple[int, str, str], ...]


Block = Paragraph | Pairs | Grid | Steps


@dataclass(frozen=True, slots=True)
class Section:
    """One rule: its anchor (unique in the book), title, code, what must not be overlooked about it, its blocks."""

    anchor: str
    title: str
    code: str
    blocks: tuple[Block, ...]
    mark: str = ""


@dataclass(frozen=True, slots=True)
class Chapter:
    """A chapter; a short one may go on on the page of the one before. `blocks` stand before its sections."""

    anchor: str
    title: str
    blocks: tuple[Block, ...]
    sections: tuple[Section, ...] = ()
    opens_page: bool = True


@dataclass(frozen=True, slots=True)
class SignatureWords:
    """The page to be signed: what is declared, who signs (one line each), and the words of the blanks."""

    title: str
    declaration: str
    roles: tuple[str, ...]
    name: str
    date: str
    seal: str


@dataclass(frozen=True, slots=True)
class RuleBookView:
    """Everything that is printed.

    Attributes:
        lang: Language of all texts.
        title, county, subtitle: Of the cover; `county` may be a blank to be filled in.
        facts: (label, text) of the cover: in force, digest, how many rules.
        digest: Digest of the rules, on every page.
        foot: What stands at the foot of every page, the digest included.
        page: Form of the page number, with `{number}` and `{count}`.
        contents: Title of the table of contents.
        preface: Sentences on the cover.
    """

    lang: Lang
    title: str
    county: str
    subtitle: str
    facts: tuple[tuple[str, str], ...]
    digest: str
    foot: str
    page: str
    contents: str
    chapters: tuple[Chapter, ...]
    signatures: SignatureWords
    preface: tuple[str, ...] = ()

    def headings(self) -> Iterator[tuple[int, str, str, str]]:
        """(level 1 or 2, title, code, anchor) of everything in the table of contents, in order."""
        for chapter in self.chapters:
            yield 1, chapter.title, "", chapter.anchor
            for section in chapter.sections:
                yield 2, section.title, section.code, section.anchor
