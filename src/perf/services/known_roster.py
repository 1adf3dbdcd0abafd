"""The stored roster for a batch of files: read once, and again only where segments were added since."""

from perf.kernel.subjects import Roster
from perf.services.consortium_of import ConsortiumFinder
from perf.storage import rosters
from perf.storage.store import Connection
from perf.storage.viewer import Viewer


class KnownRoster:
    """Roster and consortium of every subject, as they count now; asks the database only whether anything is new."""

    def __init__(self) -> None:
        self._stamp: tuple[Viewer, int, int] | None = None
        self._roster = Roster(())
        self._finder = ConsortiumFinder(())

    def roster(self, connection: Connection, viewer: Viewer) -> Roster:
        """The roster in scope."""
        self._refresh(connection, viewer)
        return self._roster

    def finder(self, connection: Connection, viewer: Viewer) -> ConsortiumFinder:
        """The consortium of each subject in scope."""
        self._refresh(connection, viewer)
        return self._finder

    def _refresh(self, connection: Connection, viewer: Viewer) -> None:
        stamp = (viewer, *rosters.stamp(connection, viewer))
        if stamp != self._stamp:
            segments = [version.segment for version in rosters.newest_segments(connection, viewer)]
            self._roster, self._finder, self._stamp = Roster(segments), ConsortiumFinder(segments), stamp
