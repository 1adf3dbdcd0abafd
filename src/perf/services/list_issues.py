"""`issues`: everything that somebody should look at, of accepted files and of runs."""

from perf.kernel.issues import Issue, by_place
from perf.kernel.periods import Period
from perf.services.actors import Actor
from perf.services.load_run import required_run
from perf.storage import documents, imports, runs
from perf.storage.runs import Run
from perf.storage.store import Connection, Store


def list_issues(
    store: Store,
    *,
    actor: Actor,
    run: str | None = None,
    consortium: str | None = None,
    period: Period | None = None,
    with_imports: bool = True,
) -> tuple[Issue, ...]:
    """The issues of one run; or of the newest run of every consortium and period in scope, with those of the files.

    Raises:
        NotFound: a run that is not there, or out of scope.
    """
    with store.read() as connection:
        if run is not None:
            return tuple(by_place(_of_run(connection, actor, required_run(connection, actor, run))))
        found = imports.import_issues(connection, actor.viewer) if with_imports else []
        every = runs.list_runs(connection, actor.viewer, consortium=consortium, period=period)
        newest = {(r.consortium, r.period): r for r in every}  # in order of number: the last one stays
        for one in newest.values():
            found += _of_run(connection, actor, one)
    return tuple(by_place(dict.fromkeys(found)))


def _of_run(connection: Connection, actor: Actor, run: Run) -> list[Issue]:
    document = documents.find_document(connection, actor.viewer, run.id, documents.RUN_ITSELF)
    return [] if document is None else [*document.issues, *document.ledger_issues]
