"""What the standing run says about one subject: the fast way for one line, whatever the database."""

from pathlib import Path

from perf.kernel.errors import NotFound
from perf.kernel.text import Text
from perf.services.actors import Actor
from perf.storage.quick import QuickSubject, quick_subject

_SQLITE = "sqlite:///"


def subject_of_run(
    url: str, *, subject: str, actor: Actor, period: str | None = None, run: str | None = None
) -> QuickSubject:
    """The document of `subject` in the run asked for, or in the standing run of the period, or of the newest month.

    Args:
        url: Address of the database; an SQLite file is read without loading the database library.
    Raises:
        NotFound: nothing in scope says anything about the subject.
        NotReady: the database is not there or not ours.
    """
    if "://" not in url or url.startswith(_SQLITE):
        found = quick_subject(Path(url.removeprefix(_SQLITE)), actor.viewer, subject, period=period, run=run)
        if found is not None:
            return found
    return _through_the_store(url, subject, actor, period, run)


def _through_the_store(url: str, subject: str, actor: Actor, period: str | None, run: str | None) -> QuickSubject:
    from perf.storage.documents import find_document
    from perf.storage.lookup import run_about
    from perf.storage.pin_lines import segments_about
    from perf.storage.runs import pins_of
    from perf.storage.store import open_store

    store = open_store(url)
    try:
        with store.read() as connection:
            viewer = actor.viewer
            name = run_about(connection, viewer, subject, period=period, run=run)
            document = None if name is None else find_document(connection, viewer, name.id, subject)
            if name is None or document is None:
                where = run or period or ""
                show = f"perf-pay show {where}".rstrip()
                raise NotFound(
                    Text(
                        f"{where or '任何核算'} 里没有 {subject};用 {show} 看有谁,还没有核算就先运行 perf-pay run",
                        f"nothing about {subject} in {where or 'any run'}; {show} lists who is there, "
                        "perf-pay run makes a run",
                    )
                )
            roster = pins_of(connection, viewer, name.id, "roster")[0].text or ""
    finally:
        store.close()
    own = segments_about(roster, [subject])
    above = segments_about(roster, sorted({segment.parent for segment in own} - {""}))
    return QuickSubject(name, document, (*own, *above))
