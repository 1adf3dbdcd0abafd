"""Statements as files: one by one, in an archive, or one file for each department; no name and no amount in a name."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass, field
from pathlib import Path
from secrets import token_hex
from typing import Final, Literal

from perf.appraisal.statement_view import Statements
from perf.kernel.errors import WrongUse
from perf.kernel.text import Text
from perf.pdf import Order
from perf.pdf.signing import Seal
from perf.pdf.statement import NO_DEPARTMENT
from perf.pdf.statement_head import TITLE
from perf.services.collector_pause import collector_spared
from perf.services.statement_batch import StatementBatch, Wanted
from perf.services.statement_sinks import FolderSink, Sink, ZipSink

Form = Literal["files", "zip", "merged"]
By = Literal["department", "institution"]
TOGETHER_MAX: Final = 400
"""Statements in one merged file; more go into further files, so that memory does not grow with an institution."""
_SAFE: Final = re.compile(r"[\w\-.一-鿿]{1,64}")
_ODD: Final = re.compile(r"[^\w\-一-鿿]+")


@dataclass(frozen=True, slots=True)
class Delivery:
    """How statements leave: `files` and `zip` one for each person, `merged` one for each department or institution.

    Attributes:
        passwords: Staff number -> what opens the person's file; who has none gets no file. Not for merged files.
        seal: Set on every file.
    """

    form: Form = "files"
    by: By = "department"
    passwords: Mapping[str, str] | None = field(default=None, repr=False)
    seal: Seal | None = field(default=None, repr=False)

    def sink(self, out: Path, batch: str) -> FolderSink | ZipSink:
        """Where to write; `batch` names the runs, so that only the same batch goes on with what is there."""
        if self.form == "zip":
            return ZipSink(out)
        locked = f" {token_hex(8)}" if self.passwords is not None or self.seal else ""  # goes on with nothing
        return FolderSink(out, f"{batch} {self.form} {self.by}{locked}")


@dataclass(frozen=True, slots=True)
class Delivered:
    """How many statements were written now, how many an interrupted batch had left, and who has no password."""

    written: int
    kept: int = 0
    without_password: tuple[str, ...] = ()

    def __add__(self, other: "Delivered") -> "Delivered":
        without = self.without_password + other.without_password
        return Delivered(self.written + other.written, self.kept + other.kept, without)


EVERY_FILE: Final = Delivery()


def write_statements(
    batch: StatementBatch,
    staff: Iterable[str],
    sink: Sink,
    *,
    delivery: Delivery = EVERY_FILE,
    workers: int = 1,
    helper: Executor | None = None,
    progress: Callable[[int], None] = lambda _count: None,
) -> Delivered:
    """Make, draw and write the statements of `staff`.

    Args:
        workers: Processes that read and draw; this one writes.
        helper: A process that draws beside this one, instead of `workers`; not for an archive, whose order it would change.
        progress: Told how many statements more are done.

    Raises:
        WrongUse: a code that cannot be a file name, or a place that cannot be written.
        VerificationFailed: what is stored cannot be read.
    """
    kept = 0
    passwords = delivery.passwords
    without: list[str] = []

    def wanted() -> Iterator[Wanted]:
        nonlocal kept
        for name, title, together in _groups(batch.frame, staff, delivery):
            if sink.holds(name):
                kept += len(together)
                progress(len(together))
                continue
            if passwords is not None and not passwords.get(together[0]):
                without.append(together[0])
                progress(1)
                continue
            password = passwords[together[0]] if passwords is not None else ""
            order = Order(name, (), title, delivery.by == "institution", password)
            yield Wanted(order, tuple(together), batch.told.about(together))

    written = 0
    with collector_spared():
        for one, content in batch.drawn(wanted(), workers=workers, seal=delivery.seal, helper=helper):
            sink.write(one.order.name, content)
            written += len(one.staff)
            progress(len(one.staff))
    return Delivered(written, kept, tuple(without))


Group = tuple[str, str, Sequence[str]]
"""Name of a file, title of a merged one, and whose statements are in it."""


def _groups(statements: Statements, staff: Iterable[str], delivery: Delivery) -> Iterator[Group]:
    if delivery.form != "merged":
        for one in staff:
            yield f"{_safe(statements.place(one)[0])}/{_safe(one)}.pdf", "", (one,)
        return
    places: dict[tuple[str, str], list[str]] = {}
    for one in sorted(staff, key=lambda one: (statements.place(one), one)):
        institution, department = statements.place(one)
        places.setdefault((institution, department if delivery.by == "department" else ""), []).append(one)
    taken: set[str] = set()
    for (institution, department), people in places.items():
        title = f"{TITLE} {statements.name(institution)}"
        name = _safe(institution)
        if delivery.by == "department":
            title = f"{title} {department or NO_DEPARTMENT}"
            name = f"{name}/{_ODD.sub('_', department or NO_DEPARTMENT)[:40]}"
        for number, start in enumerate(range(0, len(people), TOGETHER_MAX), start=1):
            free = _free(name if number == 1 else f"{name}-{number}", taken)
            yield f"{free}.pdf", f"{title} {statements.header.run}", people[start : start + TOGETHER_MAX]


def _free(name: str, taken: set[str]) -> str:
    """The name, with a number where two departments would be spelled alike."""
    number, free = 1, name
    while free in taken:
        number += 1
        free = f"{name}_{number}"
    taken.add(free)
    return free


def _safe(code: str) -> str:
    if not _SAFE.fullmatch(code) or code in (".", ".."):
        raise WrongUse(Text("编码不能作文件名", "a code that cannot be a file name"))
    return code
