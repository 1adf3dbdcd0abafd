"""The viewer as a condition of a query."""

import sqlalchemy as sa

from perf.storage.viewer import Viewer


def in_scope(viewer: Viewer, column: "sa.ColumnElement[str]") -> "sa.ColumnElement[bool]":
    """The rows whose consortium `viewer` may see; none for a viewer without scope."""
    return sa.true() if viewer.sees_all else column.in_(viewer.codes)
