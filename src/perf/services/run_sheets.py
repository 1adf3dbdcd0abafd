"""Score sheets of runs: what a published (or newest) run looked at under one scheme, as columns, for what-if questions.

Made from the pins of the run when first asked for, held against the run's own totals, and kept; every run has its own.
"""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime

import numpy as np

from perf.appraisal.month import ENGINE_VERSION
from perf.formulas.nodes import Absent, Node
from perf.kernel.errors import StateRefused, VerificationFailed
from perf.kernel.periods import Period
from perf.kernel.text import Text
from perf.scoring import score
from perf.scoring.columnar import Columns, ColumnScores, Numbers, columns_of, compile_scheme
from perf.scoring.columnar.cells import Words
from perf.services.actors import Actor
from perf.services.run_inputs import RunInputs, pinned_inputs
from perf.services.sheet_codec import write_columns, write_scores
from perf.services.sheet_totals import tiers_of, totals_in
from perf.services.what_changed import attributes_asked, keys_of, names_of
from perf.services.wide_files import words_of
from perf.specs.order import scheme_order
from perf.storage import results, sheets
from perf.storage.canonical import sha256_bytes
from perf.storage.runs import Run
from perf.storage.sheets import Sheet, SheetContent, SheetKey
from perf.storage.store import Connection, Store

INSTITUTION = "institution"
"""The attribute of every row that says to which institution it belongs."""


def ensure_sheets(
    store: Store,
    runs: Sequence[Run],
    scheme: str,
    *,
    actor: Actor,
    now: datetime,
    progress: Callable[[str], None] = lambda _run: None,
) -> tuple[Run, ...]:
    """See to it that every run has its sheet of `scheme`.

    Args:
        runs: The runs of the periods in question.
        progress: Told each run whose sheet is made now.
    Returns:
        The runs that have one; the others scored nobody by this scheme.
    Raises:
        VerificationFailed: the columns give another total than the run.
        StateRefused: so do they, and the run was computed by an older engine.
    """
    return tuple(run for run in runs if _has_sheet(store, run, scheme, actor, now, progress))


def sheet_of(connection: Connection, actor: Actor, run: Run, scheme: str) -> Sheet | None:
    """The sheet that this engine made of a run; None where there is none yet."""
    found = sheets.list_sheets(
        connection, actor.viewer, sheets.RUN, consortium=run.consortium, scheme=scheme, origins=[run.id]
    )
    return found[0] if found and found[0].engine == ENGINE_VERSION else None


def _has_sheet(
    store: Store, run: Run, scheme: str, actor: Actor, now: datetime, progress: Callable[[str], None]
) -> bool:
    with store.read() as connection:
        if sheet_of(connection, actor, run, scheme) is not None:
            return True
        if scheme not in results.schemes_of(connection, actor.viewer, run.id):
            return False
        progress(run.id)
        inputs = pinned_inputs(connection, actor.viewer, run.id)
        scores = _scored(inputs, run.period, scheme)
        _hold_against(connection, actor, run, scores)
    with store.write() as connection:
        _keep(connection, actor, run, inputs, scores, now)
    return True


def _scored(inputs: RunInputs, period: Period, scheme: str) -> ColumnScores:
    """The scheme over the columns of a run."""
    book, roster, facts = inputs.book, inputs.roster, inputs.facts
    totals = dict(inputs.prior.totals)
    before = [code for code in scheme_order(book, [scheme]) if code != scheme]
    for (code, subject), card in score(book, roster, facts, period, before, totals=totals).cards.items():
        value = card.total if card.total is not None else Absent("blocked")
        totals[code, subject, period] = Node("score", value, (), card.title, rule=card.rule)
    columns = columns_of(book, roster, facts, period, scheme, totals=totals)
    above = [roster.ancestor(subject, "institution", period) or "" for subject in columns.subjects]
    columns = replace(columns, attributes={**columns.attributes, INSTITUTION: words_of(above)})
    return compile_scheme(book, scheme, period).run(columns)


def _hold_against(connection: Connection, actor: Actor, run: Run, scores: ColumnScores) -> None:
    """The totals of the columns are those that the run stored."""
    stored = {
        figures.subject: figures.score
        for figures in map(results.score_figures, results.stored_scores(connection, actor.viewer, run.id))
        if figures.type == "total" and figures.scheme == scores.scheme
    }
    found = {subject: scores.total_of(row) for row, subject in enumerate(scores.columns.subjects)}
    if stored == found:
        return
    if run.engine != ENGINE_VERSION:
        raise StateRefused(
            Text(
                f"{run.id} 由旧版程序(引擎 {run.engine})算出,按现在的程序(引擎 {ENGINE_VERSION})结果不同,不能在它上面试算;"
                "请先重新核算这个月",
                f"{run.id} was computed by engine {run.engine}, and engine {ENGINE_VERSION} gives other totals: "
                "compute the month again before trying changes on it",
            )
        )
    raise VerificationFailed(
        Text(f"{run.id} 的 {scores.scheme} 按列重算与核算不同", f"{scores.scheme} of {run.id} differs in columns")
    )


def _keep(
    connection: Connection, actor: Actor, run: Run, inputs: RunInputs, scores: ColumnScores, now: datetime
) -> None:
    which = (run.consortium, str(run.period), scores.scheme, sheets.RUN)
    sheets.wait_for_sheets(connection, actor.viewer, *which)
    if sheet_of(connection, actor, run, scores.scheme) is not None:
        return  # somebody else asked at the same time
    content = SheetContent(write_columns(_storable(_complete(inputs, scores))), write_scores(scores))
    sheet = Sheet(
        key=SheetKey(*which, sheets.next_sheet_number(connection, actor.viewer, *which)),
        origin=run.id,
        engine=ENGINE_VERSION,
        rules={pin.name: pin.digest for pin in inputs.pins if pin.kind == "rule"},
        subjects=len(scores.columns),
        tiers=tiers_of(scores),
        made_by=actor.name,
        made_at=now,
        inputs_digest=sha256_bytes(content.inputs),
        results_digest=sha256_bytes(content.results),
    )
    sheets.add_sheet(connection, actor.viewer, sheet, content, totals_in(scores))


def _complete(inputs: RunInputs, scores: ColumnScores) -> Columns:
    """The columns with those that nobody reported: a column that is not there is one that cannot be kept."""
    columns, measures = scores.columns, dict(scores.columns.measures)
    rows = len(columns)
    names, scheme = names_of(inputs.book), inputs.book.schemes[scores.scheme]
    nobody = words_of([""] * rows)
    attributes = {**dict.fromkeys(attributes_asked(names, scheme, columns.period), nobody), **columns.attributes}
    for measure, at in keys_of(names, scheme, columns.period):
        if (measure.code, at) not in measures:
            is_word = measure.answers in ("rating", "text")
            absent = np.zeros(rows, dtype=np.bool_)
            measures[measure.code, at] = nobody if is_word else Numbers.of(np.zeros(rows, dtype=np.int64), 1, absent)
    return replace(columns, measures=measures, attributes=attributes)


def _storable(columns: Columns) -> Columns:
    """The columns that are plain: words, and numbers of at most 64 bits; the others are not kept."""

    def is_plain(column: object) -> bool:
        return isinstance(column, Words) or (isinstance(column, Numbers) and column.above.dtype != np.object_)

    return replace(
        columns,
        measures={key: column for key, column in columns.measures.items() if is_plain(column)},
        attributes={name: column for name, column in columns.attributes.items() if is_plain(column)},
        origin=None,
    )
