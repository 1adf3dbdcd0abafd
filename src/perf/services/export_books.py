"""`export scorebook|ranking|variance|distribution|annual`: which tables a book has, and the files it is written to."""

from pathlib import Path

from perf.excel.export import Report, csv_of, workbook_of
from perf.kernel.text import Lang
from perf.services.actors import Actor
from perf.services.choose_runs import choose_runs
from perf.services.load_run import load_run
from perf.services.pay_reports import annual_book, distribution_tables
from perf.services.score_reports import ranking, score_book
from perf.services.variance_report import variance_reports
from perf.storage.store import Store

BOOKS = ("scorebook", "ranking", "variance", "distribution", "annual")


def export_book(
    store: Store, what: str, *, run: str, actor: Actor, lang: Lang, out: Path
) -> tuple[dict[Path, bytes], list[str]]:
    """One of `BOOKS` of the runs that `run` names (`annual`: of the year it lies in), and the names of the runs.

    Returns:
        A workbook at `out`; or, where that is a .csv, a file for each table: `得分-乡镇月度.csv`.
    Raises:
        NotFound: no such run in scope.
    """
    if what == "annual":
        reports, runs = annual_book(store, run, lang, actor=actor)
        return _files(reports, out), [one.id for one in runs]
    loaded = [load_run(store, run=one.id, actor=actor) for one in choose_runs(store, run, actor=actor)]
    if what == "scorebook":
        reports = score_book(loaded, lang)
    elif what == "ranking":
        reports = ranking(store, loaded, lang, actor=actor)
    elif what == "variance":
        reports = variance_reports(store, loaded, lang, actor=actor)
    else:
        reports = distribution_tables(loaded, lang)
    return _files(reports, out), [one.run.id for one in loaded]


def _files(reports: list[Report], out: Path) -> dict[Path, bytes]:
    if out.suffix != ".csv":
        return {out: workbook_of(reports)}
    names = ["".join("-" if sign in '<>:"/\\|?*' else sign for sign in one.sheet or one.title) for one in reports]
    return {out.with_stem(f"{out.stem}-{name}"): csv_of(one) for name, one in zip(names, reports, strict=True)}
