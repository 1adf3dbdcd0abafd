"""The rule book that a run was pinned with, read once."""

from functools import lru_cache

from perf.kernel.errors import VerificationFailed
from perf.kernel.text import Text
from perf.specs.book import load_book
from perf.specs.models import RuleBook
from perf.storage import rules
from perf.storage.runs import pins_of
from perf.storage.store import Connection
from perf.storage.viewer import Viewer


@lru_cache(maxsize=4)
def book_of(texts: tuple[tuple[str, str], ...]) -> RuleBook:
    """The rule book of these canonical texts."""
    return load_book(dict(texts))[0]


def book_of_run(connection: Connection, viewer: Viewer, run_id: str) -> RuleBook:
    """The rule book that a run was computed with.

    Raises:
        VerificationFailed: a rule text is not kept any more.
    """
    digests = {pin.name: pin.digest for pin in pins_of(connection, viewer, run_id, "rule")}
    texts = rules.rule_texts(connection, viewer, digests.values())
    if not set(digests.values()) <= set(texts):
        raise VerificationFailed(Text(f"{run_id} 的规则不完整", f"the rules of {run_id} are not complete"))
    return book_of(tuple((name, texts[digest]) for name, digest in sorted(digests.items())))
