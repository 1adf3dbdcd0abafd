"""Who acts: a name for the record and the consortia that may be touched."""

from dataclasses import dataclass

from perf.kernel.errors import NotFound
from perf.kernel.text import Text
from perf.storage.viewer import Viewer


@dataclass(frozen=True, slots=True)
class Actor:
    """A person or a program that acts. Without `consortia` and `everything` nothing may be seen or done."""

    name: str
    consortia: frozenset[str] = frozenset()
    everything: bool = False

    @property
    def viewer(self) -> Viewer:
        """The scope of the actor."""
        return Viewer(self.name, self.consortia, self.everything)

    def require(self, consortium: str) -> None:
        """Refuse what is out of scope as if it were not there.

        Raises:
            NotFound: `consortium` is out of scope.
        """
        if not self.viewer.may_see(consortium):
            raise NotFound(Text(f"没有医共体 {consortium},或无权查看", f"no consortium {consortium} that you may see"))


def local_actor(name: str) -> Actor:
    """Whoever holds the database file: may do everything, under this name."""
    return Actor(name, everything=True)
