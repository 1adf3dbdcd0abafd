"""Which run speaks about a subject: light queries for commands that must start fast (no table classes are loaded)."""

import sqlalchemy as sa

from perf.storage.run_names import RunName
from perf.storage.scope import in_scope
from perf.storage.viewer import Viewer

_RUN = sa.table("run", *map(sa.column, ("id", "consortium", "period", "number", "state", "digest", "corrects")))
_DOCUMENT = sa.table("run_document", *map(sa.column, ("run_id", "subject", "consortium")))


def run_about(
    connection: sa.Connection, viewer: Viewer, subject: str, *, period: str | None = None, run: str | None = None
) -> RunName | None:
    """The run that speaks about `subject`: of `period` or by name where given, else of the newest month.

    A published run stands before drafts, a later draft before an earlier one; None where nothing in scope does.
    """
    query = (
        sa.select(_RUN.c.id, _RUN.c.consortium, _RUN.c.period, _RUN.c.number, _RUN.c.state, _RUN.c.digest)
        .join_from(_DOCUMENT, _RUN, _RUN.c.id == _DOCUMENT.c.run_id)
        .where(_DOCUMENT.c.subject == subject, in_scope(viewer, _RUN.c.consortium))
    )
    if period is not None:
        query = query.where(_RUN.c.period == period)
    if run is not None:
        query = query.where(_RUN.c.id == run)
    names = [RunName._make(row) for row in connection.execute(query)]
    return max(names, key=lambda name: name.precedence, default=None)
