"""An institution's statement of a stored run, and its yearly book."""

from perf.appraisal.institution_view import InstitutionView, InstitutionYear, institution_view
from perf.kernel.errors import NotFound
from perf.kernel.periods import Period
from perf.kernel.text import Text
from perf.services.actors import Actor
from perf.services.load_run import find_runs
from perf.services.statements import statements_about
from perf.storage.runs import Run
from perf.storage.store import Store

MONTHS = 12


def institution_card(store: Store, *, run: str, institution: str, actor: Actor) -> InstitutionView:
    """The statement of one institution, without loading the others.

    Raises:
        NotFound: no such run in scope, or no such institution in it.
    """
    view = institution_view(statements_about(store, run=run, subject=institution, actor=actor), institution)
    if view is None:
        raise NotFound(Text(f"{run} 中没有机构 {institution}", f"no institution {institution} in {run}"))
    return view


def institution_year(store: Store, *, year: int, institution: str, actor: Actor) -> InstitutionYear:
    """The statements of the published months of a year; a month without one is named.

    Raises:
        NotFound: no month of the year has a published run with this institution.
    """
    months = [Period(year, "month", number) for number in range(1, MONTHS + 1)]
    views: dict[str, InstitutionView] = {}
    for run in _published(store, actor):
        if run.period in months:
            try:
                views[str(run.period)] = institution_card(store, run=run.id, institution=institution, actor=actor)
            except NotFound:
                continue
    if not views:
        said = f"{year} 年没有 {institution} 已发布的核算", f"no published run of {institution} in {year}"
        raise NotFound(Text(*said))
    shown = tuple(views[code] for month in months if (code := str(month)) in views)
    missing = tuple(month.zh() for month in months if str(month) not in views)
    return InstitutionYear(year, institution, shown[-1].name, shown[-1].consortium_name, shown, missing)


def _published(store: Store, actor: Actor) -> list[Run]:
    return [run for run in find_runs(store, actor=actor) if run.is_sealed and run.corrects is None]
