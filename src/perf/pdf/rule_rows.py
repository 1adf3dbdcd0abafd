"""Which rules a paper was made by, at its foot: code and version under the title, and what the county changed in them."""

from collections.abc import Iterable, Sequence
from typing import Final, NamedTuple

from perf.appraisal.institution_view import InstitutionView
from perf.appraisal.views import PayBlock, ScorecardView, StatementView
from perf.pdf.flow import Row
from perf.pdf.parts import paragraph
from perf.pdf.words import state_word

DIGEST_SHOWN: Final = 16
"""Letters of a run's digest on paper."""

_ORIGIN = "来源："


class RuleParts(NamedTuple):
    """A rule as it is named in a view, in two: `staff_monthly 2025-06`, and the clause behind it."""

    reference: str
    clause: str


def rule_parts(rule: str) -> RuleParts:
    """Take a rule of a view apart."""
    code, _, rest = rule.partition(" ")
    version, _, clause = rest.partition(" ")
    return RuleParts(f"{code} {version}".strip(), clause)


def version_rows(cards: Sequence[ScorecardView], blocks: Sequence[PayBlock], width: float | None = None) -> list[Row]:
    """Title, code and version of every rule; the clauses stand where the rule is at work."""
    rules = [(card.rule, card.title.zh) for card in cards] + [(block.rule, block.title.zh) for block in blocks]
    named = dict.fromkeys(f"{title} {rule_parts(rule).reference}" for rule, title in rules if rule)
    return paragraph("；".join(named), label="规则版本", size=7, width=width) if named else []


def sealed_rows(view: StatementView | InstitutionView, width: float | None = None) -> list[Row]:
    """Which run the paper is of, the engine that made it, and the digest that it is sealed with."""
    digest = view.digest[:DIGEST_SHOWN] or "未封存"
    sealed = f"批次 {view.run}（{state_word(view.state)}） | 引擎 {view.engine} | 摘要 {digest}"
    return paragraph(sealed, label="核算", size=7, width=width)


def origin_rows(cards: Sequence[ScorecardView], blocks: Sequence[PayBlock]) -> list[Row]:
    """Where layers of the county changed a rule: layer, file, line, and what stood there; nothing where none did."""
    told = list(dict.fromkeys(f"{title}：{origin}" for title, origin in _origins(cards, blocks) if origin))
    return [row for one in told for row in paragraph(one, label="本县改动", size=6.5, ink="grey")]


def _origins(cards: Iterable[ScorecardView], blocks: Iterable[PayBlock]) -> Iterable[tuple[str, str]]:
    for card in cards:
        yield card.title.zh, card.origin.zh.removeprefix(_ORIGIN)
        for line in (*(line for block in card.dimensions for line in block.lines), *card.extra):
            yield line.title.zh, line.origin.zh.removeprefix(_ORIGIN)
    for block in blocks:
        yield block.title.zh, block.origin.zh.removeprefix(_ORIGIN)
