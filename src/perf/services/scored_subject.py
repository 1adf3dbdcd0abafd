"""One subject of a score sheet: its stored figures, explained by the exact engine from the columns they came from."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from perf.appraisal.prose import in_prose
from perf.formulas.nodes import Node
from perf.kernel.errors import NotFound, VerificationFailed, WrongUse
from perf.kernel.periods import Period
from perf.kernel.text import Lang, Text
from perf.scoring import Scorecard, score
from perf.scoring.columnar.exactly import materialised
from perf.services.actors import Actor
from perf.services.explain import Explanation, card_lines
from perf.services.pinned_rules import book_of
from perf.services.sheet_codec import StoredScores, read_columns, read_scores
from perf.storage import rules, runs, sheets
from perf.storage.sheets import Sheet, Total
from perf.storage.store import Connection, Store


@dataclass(frozen=True, slots=True)
class ScoredSubject:
    """What was stored, and the exact card it was held against."""

    sheet: Sheet
    total: Total
    card: Scorecard
    explanation: Explanation


def scored_subject(
    store: Store,
    *,
    scheme: str,
    period: Period,
    subject: str,
    actor: Actor,
    consortium: str | None = None,
    item: str = "",
    lang: Lang = "zh",
) -> ScoredSubject:
    """Explain what a sheet says about one subject.

    Args:
        consortium: Whose; needed where the same number stands in several.
    Raises:
        WrongUse: the subject is in several consortia.
        NotFound: no sheet of this scheme and period has the subject.
        VerificationFailed: the exact engine finds another figure than the one stored.
    """
    with store.read() as connection:
        kept = sheets.list_sheets(
            connection, actor.viewer, sheets.FILES, consortium=consortium, scheme=scheme, periods=[str(period)]
        )
        totals = [(one, sheets.totals_of(connection, actor.viewer, one.key, subject=subject)) for one in kept]
        here = [one.key.consortium for one, total in totals if total]
        if len(here) > 1:
            codes = "、".join(here)
            raise WrongUse(
                Text(
                    f"{codes} 都有 {subject},用 --consortium 写明",
                    f"{subject} is in {codes}: say which with --consortium",
                )
            )
        for sheet, total in totals:
            if total:
                return _explained(connection, actor, sheet, total[0], item, lang)
        computed = [run.id for run in runs.list_runs(connection, actor.viewer, period=period)]
    raise _nowhere(scheme, period, subject, len(kept), computed)


def _nowhere(scheme: str, period: Period, subject: str, sheets_looked_at: int, computed: Sequence[str]) -> NotFound:
    """Nobody of this number was scored from a file; where there are runs, it may be meant there."""
    found = Text(f"{period} 没有按 {scheme} 批量核分", f"nothing was scored by {scheme} in {period} with score-many")
    if sheets_looked_at:
        found = Text(f"{period} 的 {scheme} 中没有 {subject}", f"there is no {subject} in {scheme} of {period}")
    if not computed:
        return NotFound(found)
    ids = "、".join(computed[:3])
    return NotFound(
        Text(
            f"{found.zh};核算({ids})里的分请用 perf-pay explain {subject}",
            f"{found.en}; for scores of runs ({ids}) use perf-pay explain {subject}",
        )
    )


def _explained(
    connection: Connection, actor: Actor, sheet: Sheet, total: Total, item: str, lang: Lang
) -> ScoredSubject:
    key = sheet.key
    texts = rules.rule_texts(connection, actor.viewer, sheet.rules.values())
    if not set(sheet.rules.values()) <= set(texts):
        raise VerificationFailed(Text("封存的规则或数据不完整", "the rules or facts that were kept are not complete"))
    content = sheets.content_of(connection, actor.viewer, sheet)
    columns, stored = read_columns(content.inputs), read_scores(content.results)
    book = book_of(tuple((name, texts[digest]) for name, digest in sorted(sheet.rules.items())))
    row = list(columns.subjects).index(total.subject)
    groups = np.zeros(len(columns), dtype=np.int64) if columns.groups is None else columns.groups
    around = np.flatnonzero(groups == groups[row]).tolist()
    roster, facts = materialised(book, book.schemes[key.scheme], columns, around)
    scores = score(book, roster, facts, columns.period, [key.scheme])
    card = scores.cards[key.scheme, total.subject]
    _hold_against(card, stored, row, total)
    nodes: list[tuple[str, str, Node]] = []
    name = str(key)
    lines = [f"{name} · {total.subject}", *card_lines(card, item, lang, nodes)]
    if len(lines) == 1:
        known = "、".join(one.item for one in card.items)
        raise NotFound(Text(f"没有“{item}”;有:{known}", f"no “{item}”; there are: {known}"))
    told = tuple(map(in_prose, lines) if lang == "zh" else lines)
    return ScoredSubject(sheet, total, card, Explanation(name, total.subject, told, tuple(nodes)))


def _hold_against(card: Scorecard, stored: StoredScores, row: int, total: Total) -> None:
    """The exact engine's figures and the stored ones are the same."""
    exact = {(one.parent, one.item): one for one in card.items if one.type == "indicator"}
    for place, one in enumerate(stored.places):
        here = exact[one.parent, one.indicator]
        status, reason = stored.named[int(stored.outcomes[place][row])]
        if (here.points, here.status, here.reason) != (stored.points_of(place, row), status, reason):
            raise _another(one.indicator)
    kept = (total.total, total.grade, total.rank, total.rank_of, total.coefficient, total.status, total.reason)
    if kept != (card.total, card.grade, card.rank, card.rank_of, card.coefficient, card.status, card.reason):
        raise _another("total")


def _another(item: str) -> VerificationFailed:
    return VerificationFailed(
        Text(f"{item}:逐人重算与保存的结果不同", f"{item}: computed again one by one, it is not what was stored")
    )
