"""`specs docs`: the rule book of a folder as HTML and PDF."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal

from perf.appraisal.rule_book import rule_book_view
from perf.appraisal.rule_book_view import RuleBookView
from perf.kernel.errors import InputRefused, NotFound
from perf.kernel.issues import Issue, has_errors
from perf.kernel.periods import Period
from perf.kernel.text import Lang, Text
from perf.pdf import rule_book_pdf
from perf.services.files import write_atomically
from perf.services.rule_book_page import rule_book_page
from perf.services.rules import check_rules, find_rule
from perf.specs.canonical import content_hash
from perf.specs.models import RuleBook
from perf.storage.canonical import rows_digest

Format = Literal["html", "pdf", "both"]
_FORMS: Final[Mapping[Format, tuple[str, ...]]] = {"html": ("html",), "pdf": ("pdf",), "both": ("html", "pdf")}


@dataclass(frozen=True, slots=True)
class WrittenBook:
    """What was written, under which digest, and what is doubtful about the rules."""

    files: tuple[Path, ...]
    digest: str
    rules: int
    issues: tuple[Issue, ...]


def rules_digest(book: RuleBook) -> str:
    """The digest of all rules, the very one that runs pin (part `rules` of their seal)."""
    return rows_digest(sorted((name, content_hash(text)) for name, text in book.texts.items()))


def write_rule_book(
    folder: Path | None,
    out: Path,
    *,
    period: Period,
    form: Format = "both",
    county: str = "",
    lang: Lang = "zh",
    codes: Collection[str] = (),
    schemes: Sequence[str] = (),
) -> WrittenBook:
    """Draw the book and write it whole: `out` with the suffix of each form.

    Args:
        folder: Of rules; None: the library.
        codes, schemes: Only these, with what they stand on.
    Raises:
        InputRefused: the rules have errors; a book of broken rules is not for signing.
        NotFound: a code that no rule has.
    """
    rules = check_rules(folder)
    if has_errors(rules.issues):
        refused = Text("规则有错误,未印规则书", "the rules have errors; no rule book was written")
        raise InputRefused(refused, [issue for issue in rules.issues if issue.is_error])
    for code in codes:
        find_rule(rules.book, code)
    for code in schemes:
        if code not in rules.book.schemes:
            raise NotFound(Text(f"没有方案 {code}", f"no scheme {code}"))
    digest = rules_digest(rules.book)
    wanted = frozenset((*codes, *schemes))
    view = rule_book_view(rules.book, rules.cases, period=period, digest=digest, county=county, lang=lang, codes=wanted)
    files: dict[Path, str | bytes] = {_named(out, one): _drawn(view, one) for one in _FORMS[form]}
    write_atomically(files)
    sections = sum(len(chapter.sections) for chapter in view.chapters)
    return WrittenBook(tuple(files), digest, sections, tuple(i for i in rules.issues if i.severity == "warning"))


def _named(out: Path, form: str) -> Path:
    """`out` with its suffix; one that it has already is not doubled."""
    stem = out.name.removesuffix(".pdf").removesuffix(".html")
    return out.with_name(f"{stem}.{form}")


def _drawn(view: RuleBookView, form: str) -> str | bytes:
    return rule_book_page(view) if form == "html" else rule_book_pdf(view)
