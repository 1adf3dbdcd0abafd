"""`score-many`: wide files of many consortia and periods scored at once, on columns, and kept as score sheets.

`DIR/PERIOD/CONSORTIUM.csv` is one consortium's month (`perf.services.wide_files`). Every file is a transaction of its own:
what is stored is whole, what was scored already from the same figures by the same rules is not stored again.
"""

import signal
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from multiprocessing import get_context
from pathlib import Path
from typing import Literal

from perf.appraisal.month import ENGINE_VERSION
from perf.kernel.errors import InputRefused, NotFound
from perf.kernel.issues import Issue, Place, has_errors
from perf.kernel.periods import Period, parse_period
from perf.kernel.text import Text
from perf.scoring.columnar import ColumnScores, Program, compile_scheme
from perf.services.actors import Actor
from perf.services.collector_pause import collector_paused
from perf.services.files import text_lines
from perf.services.jobs import job
from perf.services.processes import end_with_the_parent
from perf.services.rules import usable_book
from perf.services.sheet_codec import write_columns, write_scores
from perf.services.sheet_totals import tiers_of, totals_in
from perf.services.wide_files import read_wide
from perf.services.wide_rows import chosen_rows, require_own_rows
from perf.specs.models import Scheme
from perf.storage import audit, rules, sheets
from perf.storage.canonical import sha256_bytes, sha256_text
from perf.storage.sheets import Sheet, SheetContent, SheetKey, Total
from perf.storage.store import Connection, Store, open_store
from perf.storage.viewer import COUNTY

Outcome = Literal["scored", "unchanged", "refused"]


@dataclass(frozen=True, slots=True)
class ManyFile:
    """One wide file: whose it is, of which period."""

    consortium: str
    period: Period
    path: Path


@dataclass(frozen=True, slots=True)
class ManyOutcome:
    """What became of one file. `tiers`: how many figures each tier settled."""

    consortium: str
    period: str
    outcome: Outcome
    subjects: int = 0
    without_total: int = 0
    tiers: Mapping[str, int] = field(default_factory=dict)
    issues: tuple[Issue, ...] = ()


def find_wide_files(folder: Path) -> tuple[ManyFile, ...]:
    """The wide files below `folder`, by period and consortium.

    Raises:
        InputRefused: a folder that is not named as a period, or no file at all.
    """
    found: list[ManyFile] = []
    issues: list[Issue] = []
    for path in sorted(folder.glob("*/*.csv")):
        try:
            found.append(ManyFile(path.stem, parse_period(path.parent.name), path))
        except ValueError:
            told = Text(f"文件夹名“{path.parent.name}”", f"the folder “{path.parent.name}”")
            wanted = Text("期间,如 2025-06", "a period such as 2025-06")
            issues.append(Issue("period-invalid", Place(str(path.relative_to(folder))), told, wanted))
    if not found and not issues:
        wanted = Text("期间/医共体编号.csv,如 2025-06/G1.csv", "PERIOD/CONSORTIUM.csv, such as 2025-06/G1.csv")
        hint = Text("核对文件夹是否选对", "is it the right folder?")
        issues.append(Issue("no-wide-files", Place(folder.name), Text("没有宽表", "no wide files"), wanted, hint))
    if issues:
        raise InputRefused(
            Text("输入有错误,未写入任何内容", "the input has errors; nothing was written"), tuple(issues)
        )
    return tuple(found)


class Scorer:
    """Rules and a scheme, compiled once for every period.

    Raises:
        NotFound: no such scheme.
        InputRefused: rules with errors.
        WrongUse: a scheme that looks at more than a wide file holds.
    """

    def __init__(self, specs: Path | None, scheme: str) -> None:
        self.book = usable_book(specs)
        if scheme not in self.book.schemes:
            raise NotFound(Text(f"没有方案 {scheme}", f"no scheme {scheme}"))
        self.scheme = self.book.schemes[scheme]
        self._programs: dict[Period, Program] = {}

    @cached_property
    def rule_digests(self) -> dict[str, str]:
        """File -> digest of its canonical text."""
        return {name: sha256_text(text) for name, text in sorted(self.book.texts.items())}

    def program(self, period: Period, attributes: Sequence[str]) -> Program:
        """The scheme as it is in force in `period`."""
        found = self._programs.get(period)
        if found is None:
            require_own_rows(self.book, self.scheme, period)
            found = self._programs[period] = compile_scheme(self.book, self.scheme.code, period, attributes=attributes)
        return found

    def score(
        self, name: str, lines: Iterable[str], period: Period, *, threads: int = 1
    ) -> tuple[ColumnScores | None, tuple[Issue, ...]]:
        """The scores of one wide file, or None where it has errors."""
        wide, issues = read_wide(name, lines, self.book, period)
        if has_errors(issues):
            return None, issues
        program = self.program(period, tuple(wide.attributes))
        with collector_paused():
            columns, found = chosen_rows(name, self.book, self.scheme, period, wide)
        del wide
        return program.run(columns, threads=threads), (*issues, *found)


@dataclass(frozen=True, slots=True)
class Order:
    """What is to be done to every file, by whom, when and why."""

    specs: Path | None
    scheme: str
    actor: Actor
    now: datetime
    reason: str = ""


def score_many(
    store: Store,
    files: Sequence[ManyFile],
    order: Order,
    *,
    jobs: int = 1,
    progress: Callable[[ManyOutcome], None] = lambda _outcome: None,
) -> tuple[ManyOutcome, ...]:
    """Score every file and keep its sheet; a refused file stops no other.

    Args:
        jobs: Processes that work at files at a time.
        progress: Told the outcome of each file.
    Raises:
        NotFound, InputRefused, WrongUse: as `Scorer`; nothing was stored.
    """
    for code in sorted({file.consortium for file in files}):
        order.actor.require(code)
    scorer = Scorer(order.specs, order.scheme)
    for period in sorted({file.period for file in files}):
        scorer.program(period, ())
    consortia = {file.consortium for file in files}
    whose = next(iter(consortia)) if len(consortia) == 1 else COUNTY
    target = f"{order.scheme} · {len(files)}"
    found: list[ManyOutcome] = []
    with job(store, order.actor, kind="score-many", consortium=whose, target=target, now=order.now) as writing:
        with store.write() as connection:
            rules.keep_rules(connection, order.actor.viewer, scorer.book.texts.values())
        for outcome in _outcomes(store, files, order, scorer, jobs):
            found.append(outcome)
            progress(outcome)
        with writing():
            pass  # every file was kept by itself; only that the whole came to its end is left to write
    return tuple(found)


def _outcomes(
    store: Store, files: Sequence[ManyFile], order: Order, scorer: Scorer, jobs: int
) -> Iterator[ManyOutcome]:
    if jobs <= 1 or len(files) == 1:
        yield from (score_one(store, scorer, file, order) for file in files)
        return
    start = (store.engine.url.render_as_string(hide_password=False), order)
    with ProcessPoolExecutor(jobs, get_context("spawn"), initializer=_begin, initargs=start) as pool:
        try:
            yield from pool.map(_work, files, chunksize=4)
        except BaseException:
            pool.shutdown(wait=True, cancel_futures=True)  # what is at work ends whole, the rest does not begin
            raise


_given: list[tuple[Store, Scorer, Order]] = []


def _begin(database: str, order: Order) -> None:
    """What a process needs for every file; it reads the rules itself, and leaves Ctrl+C to the one that started it."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    end_with_the_parent()
    _given[:] = [(open_store(database), Scorer(order.specs, order.scheme), order)]


def _work(file: ManyFile) -> ManyOutcome:
    store, scorer, order = _given[0]
    return score_one(store, scorer, file, order)


def score_one(store: Store, scorer: Scorer, file: ManyFile, order: Order) -> ManyOutcome:
    """Score one file and keep its sheet in one transaction."""
    period = str(file.period)
    try:
        name = f"{file.path.parent.name}/{file.path.name}"
        with text_lines(file.path) as lines:
            scores, issues = scorer.score(name, lines, file.period)
    except InputRefused as error:
        return ManyOutcome(file.consortium, period, "refused", issues=error.issues)
    if scores is None:
        return ManyOutcome(file.consortium, period, "refused", issues=issues)
    if not len(scores.columns) and not has_errors(issues):
        return ManyOutcome(file.consortium, period, "refused", issues=(*issues, _nobody(name, scorer.scheme)))
    try:
        content = SheetContent(write_columns(scores.columns), write_scores(scores))
        totals = tuple(totals_in(scores))
    except ValueError:
        return ManyOutcome(file.consortium, period, "refused", issues=(*issues, _not_decimal(name)))
    with store.write() as connection:
        is_new = _keep(connection, scorer, file, scores, (content, totals), order)
    lacking = len(scores.columns) - int(scores.has_total.sum())
    outcome: Outcome = "scored" if is_new else "unchanged"
    return ManyOutcome(file.consortium, period, outcome, len(scores.columns), lacking, tiers_of(scores), issues)


def _nobody(name: str, scheme: Scheme) -> Issue:
    kinds = "、".join(scheme.of_kind)
    return Issue(
        "nobody-to-score",
        Place(name),
        Text("没有一行是考核对象", "no row is somebody whom the scheme is for"),
        Text(
            f"level 为 {scheme.of_level}" + (f",kind 为 {kinds}" if kinds else "") + " 且满足 of.where 的行",
            f"rows of level {scheme.of_level}"
            + (f", kind {', '.join(scheme.of_kind)}" if kinds else "")
            + " that fit of.where",
        ),
        Text("核对文件是否为空、level、kind 和方案的 of", "check for an empty file, level, kind and the scheme's `of`"),
    )


def _not_decimal(name: str) -> Issue:
    return Issue(
        "figures-not-decimal",
        Place(name),
        Text("有的得分写不成 9 位以内的小数", "a score that no decimal of at most 9 places can say"),
        Text("有限小数,才能按列保存", "decimals, to be kept in columns"),
        Text(
            "在指标里写 points_digits、在方案里写 total.digits;或用 run 逐人核算",
            "declare points_digits and total.digits, or use run",
        ),
    )


def _keep(
    connection: Connection,
    scorer: Scorer,
    file: ManyFile,
    scores: ColumnScores,
    written: tuple[SheetContent, tuple[Total, ...]],
    order: Order,
) -> bool:
    """Store a sheet, unless the newest one is the same."""
    viewer, scheme, period = order.actor.viewer, order.scheme, str(file.period)
    content, totals = written
    inputs, results = sha256_bytes(content.inputs), sha256_bytes(content.results)
    which = (file.consortium, period, scheme, sheets.FILES)
    sheets.wait_for_sheets(connection, viewer, *which)  # who scores the same file now waits, and then finds this sheet
    known = sheets.list_sheets(
        connection, viewer, sheets.FILES, consortium=file.consortium, scheme=scheme, periods=[period]
    )
    same = (inputs, results, scorer.rule_digests, ENGINE_VERSION)
    if known and (known[0].inputs_digest, known[0].results_digest, known[0].rules, known[0].engine) == same:
        return False
    sheet = Sheet(
        key=SheetKey(*which, sheets.next_sheet_number(connection, viewer, *which)),
        origin=sheets.FILES,
        engine=ENGINE_VERSION,
        rules=scorer.rule_digests,
        subjects=len(scores.columns),
        tiers=tiers_of(scores),
        made_by=order.actor.name,
        made_at=order.now,
        inputs_digest=inputs,
        results_digest=results,
    )
    sheets.add_sheet(connection, viewer, sheet, content, totals)
    audit.append(
        connection,
        viewer,
        consortium=file.consortium,
        at=order.now,
        action="score-many",
        target=str(sheet.key),
        reason=order.reason,
        details={"inputs": inputs, "results": results, "subjects": len(scores.columns)},
    )
    return True
