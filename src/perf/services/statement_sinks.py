"""Where files of a batch go: a folder, in which a batch that was interrupted goes on, or one zip archive."""

import json
import zipfile
from hashlib import sha256
from pathlib import Path
from types import TracebackType
from typing import Final, Protocol, Self

from perf.kernel.errors import WrongUse
from perf.kernel.text import Text
from perf.services.files import reason_of

JOURNAL: Final = ".perf-statements.json"
_EPOCH: Final = (1980, 1, 1, 0, 0, 0)


class Sink(Protocol):
    """Takes files by name (`机构/工号.pdf`), each whole or not at all."""

    def holds(self, name: str) -> bool:
        """Whether an interrupted batch of the same kind has left this file whole."""
        ...

    def write(self, name: str, content: bytes) -> None:
        """Keep one file."""
        ...


class FolderSink:
    """Files below a folder. A journal of names and digests stays only where the batch was interrupted.

    Args:
        out: The folder; made when the first file comes.
        batch: What is being made, in words that change whenever its files would; another batch goes on with nothing.

    Raises:
        WrongUse: the folder cannot be written.
    """

    def __init__(self, out: Path, batch: str) -> None:
        self._out = out
        self._batch = batch
        self._made: dict[str, str] = _journal(out / JOURNAL, batch)
        self._folders: set[Path] = set()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, _error: BaseException | None, _trace: TracebackType | None
    ) -> None:
        if kind is None:
            (self._out / JOURNAL).unlink(missing_ok=True)

    def holds(self, name: str) -> bool:
        """Whether the journal names the file and it is still there with the same bytes."""
        digest = self._made.get(name)
        if digest is None:
            return False
        try:
            return sha256((self._out / name).read_bytes()).hexdigest() == digest
        except OSError:
            return False

    def write(self, name: str, content: bytes) -> None:
        """Write the file beside its place, move it there, then name it in the journal."""
        path = self._out / name
        try:
            if path.parent not in self._folders:
                path.parent.mkdir(parents=True, exist_ok=True)
                self._folders.add(path.parent)
            unfinished = path.with_name(f".{path.stem}.part")
            try:
                unfinished.write_bytes(content)
                unfinished.replace(path)
            finally:
                unfinished.unlink(missing_ok=True)
            self._note(name, content)
        except OSError as error:
            raise _unwritable(error) from error

    def _note(self, name: str, content: bytes) -> None:
        journal = self._out / JOURNAL
        is_new = not journal.exists()
        with journal.open("a", encoding="utf-8") as lines:
            if is_new:
                lines.write(json.dumps({"batch": self._batch}, ensure_ascii=False) + "\n")
            lines.write(json.dumps([name, sha256(content).hexdigest()], ensure_ascii=False) + "\n")


class ZipSink:
    """One archive, written beside its place and moved there when it is whole; the same files give the same bytes.

    Raises:
        WrongUse: the archive cannot be written.
    """

    def __init__(self, out: Path) -> None:
        self._out = out
        self._unfinished = out.with_name(f".{out.name}.part")
        self._archive: zipfile.ZipFile | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, _error: BaseException | None, _trace: TracebackType | None
    ) -> None:
        if self._archive is None:
            return
        try:
            self._archive.close()
            if kind is None:
                self._unfinished.replace(self._out)
        except OSError as error:
            raise _unwritable(error) from error
        finally:
            self._unfinished.unlink(missing_ok=True)

    def holds(self, name: str) -> bool:  # noqa: ARG002 - an archive is made anew
        """Nothing: an archive that was interrupted is gone."""
        return False

    def write(self, name: str, content: bytes) -> None:
        """Add one file; PDFs are compressed already, so it is stored as it is."""
        try:
            if self._archive is None:
                self._out.parent.mkdir(parents=True, exist_ok=True)
                self._archive = zipfile.ZipFile(self._unfinished, "w", zipfile.ZIP_STORED)
            entry = zipfile.ZipInfo(name, _EPOCH)
            entry.external_attr = 0o600 << 16
            self._archive.writestr(entry, content)
        except OSError as error:
            raise _unwritable(error) from error


def _journal(path: Path, batch: str) -> dict[str, str]:
    """Name -> digest of what an interrupted batch of the same kind left; a journal of another one is removed."""
    try:
        first, *rows = path.read_text(encoding="utf-8").splitlines()
        if json.loads(first) == {"batch": batch}:
            return dict(_entries(rows))
        path.unlink()
    except FileNotFoundError:
        return {}
    except OSError as error:
        raise _unwritable(error) from error
    except ValueError:  # cut off, or not a journal of ours
        path.unlink(missing_ok=True)
    return {}


def _entries(rows: list[str]) -> list[tuple[str, str]]:
    """The entries, without a last one that was cut off."""
    found = []
    for row in rows:
        try:
            name, digest = json.loads(row)
        except ValueError:
            break
        found.append((str(name), str(digest)))
    return found


def _unwritable(error: OSError) -> WrongUse:
    why = reason_of(error)
    return WrongUse(Text(f"无法写入通知单({why.zh})", f"cannot write statements ({why.en})"))
