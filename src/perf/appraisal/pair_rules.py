"""Rules that are said in pairs of a word and a sentence: corrections and adjustments, for `specs explain` and the book."""

from collections.abc import Iterator

from perf.appraisal.adjustment_text import adjustment_pairs
from perf.appraisal.correction_words import correction_pairs
from perf.appraisal.rule_book_parts import Edition, idle_mark, not_in_force, source_text, span_text
from perf.appraisal.rule_book_view import Block, Pairs, Section
from perf.kernel.text import Lang, Text
from perf.specs.adjustment_models import AdjustmentRule, AdjustmentVersion
from perf.specs.correction_models import CorrectionRule, CorrectionVersion
from perf.specs.models import RuleBook

PairRule = CorrectionRule | AdjustmentRule
_Version = CorrectionVersion | AdjustmentVersion


def pair_lines(book: RuleBook, version: _Version, lang: Lang) -> Iterator[str]:
    """What a version says, line by line."""
    colon = ":" if lang == "zh" else ": "
    if not version.enabled:
        yield "    停用" if lang == "zh" else "    switched off"
    for word, said in _pairs(book, version):
        yield f"    {word.in_lang(lang)}{colon}{said.in_lang(lang)}"


def pair_section(edition: Edition, rule: PairRule) -> Section:
    """One rule as it stands in the period of the edition."""
    written = next((one for one in rule.versions if one.dated.in_force(edition.period)), None)
    kind = "corrections" if isinstance(rule, CorrectionRule) else "adjustments"
    blocks: list[Block] = []
    if written is None:
        blocks.append(not_in_force(edition))
    else:
        dated = written.dated
        head = (
            (edition.two("依据", "Source"), source_text(dated, edition)),
            (edition.two("有效期", "In force"), span_text(dated.first_day, dated.last_day, edition)),
        )
        own = ((word.in_lang(edition.lang), said.in_lang(edition.lang)) for word, said in _pairs(edition.book, written))
        blocks.append(Pairs((*head, *own)))
    return Section(f"{kind}-{rule.code}", edition.both(rule.title), rule.code, tuple(blocks), idle_mark(edition, rule))


def _pairs(book: RuleBook, version: _Version) -> Iterator[tuple[Text, Text]]:
    return (
        correction_pairs(book, version) if isinstance(version, CorrectionVersion) else adjustment_pairs(book, version)
    )
