"""Files and folders that somebody names, as the files that may hold a table."""

from collections.abc import Iterator, Sequence
from itertools import islice
from pathlib import Path

from perf.excel.formats import ENDINGS
from perf.kernel.errors import WrongUse
from perf.kernel.text import Text
from perf.services.files import FILES_MAX

_ENDINGS = frozenset(ending for endings in ENDINGS.values() for ending in endings)
_NOT_FOR_READING = ("~$", ".", "_")  # what Excel and LibreOffice keep beside an open file, and hidden files


def table_files(paths: Sequence[Path]) -> list[Path]:
    """Files as they are named; of a folder all files in it and below that a table program writes, sorted by path;
    one that is named beside its folder is not taken again.

    Files that end in nothing known, hidden files and those that a program keeps beside an open one are left out of
    a folder. What a file is is still found by its content.

    Raises:
        WrongUse: a folder without any such file, or with more than can be meant.
    """
    found: list[Path] = []
    for path in paths:
        if path.is_dir():
            inside = sorted(islice(_inside(path), FILES_MAX + 1))
            if not inside or len(inside) > FILES_MAX:
                raise _wrong(path, len(inside))
            found += [file for file in inside if file not in paths and file not in found]
        else:
            found.append(path)
    return found


def _inside(folder: Path) -> Iterator[Path]:
    for path in folder.rglob("*"):
        parts = path.relative_to(folder).parts
        is_kept = not any(part.startswith(_NOT_FOR_READING) for part in parts)
        if is_kept and path.suffix[1:].lower() in _ENDINGS and path.is_file():
            yield path


def _wrong(folder: Path, count: int) -> WrongUse:
    if count:
        return WrongUse(
            Text(f"{folder} 里的文件超过 {FILES_MAX} 个,请分文件夹导入", f"{folder} has more than {FILES_MAX} files")
        )
    known = "、".join(sorted(_ENDINGS))
    return WrongUse(Text(f"{folder} 里没有表格文件({known})", f"no file with a table in {folder} ({known})"))
