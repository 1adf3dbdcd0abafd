"""Where a workbook goes that is made for a file: one place for one file, a folder for several."""

from collections.abc import Sequence
from pathlib import Path

from perf.kernel.errors import WrongUse
from perf.kernel.text import Text

_ENDING = ".xlsx"
_WORDS = {"--marked": "问题", "--preview": "预览"}


def beside(file: Path, out: Path, files: int, *, option: str) -> Path:
    """`out` itself, or a file named after `file` in the folder `out`.

    Args:
        files: How many files there are in all.
        option: `--marked` or `--preview`.
    Raises:
        WrongUse: several files for one workbook, one in the place of the file, or one that is no .xlsx.
    """
    if out.is_dir() or (files > 1 and not out.suffix):
        return out / f"{file.stem}-{_WORDS[option]}{_ENDING}"
    if files > 1:
        raise WrongUse(Text(f"多个文件时 {option} 要给一个文件夹", f"with several files {option} takes a folder"))
    if out.suffix.lower() != _ENDING:
        raise WrongUse(Text(f"{option} 写成 {_ENDING} 文件", f"{option} writes an {_ENDING} file"))
    if out.exists() and file.exists() and out.samefile(file):
        raise WrongUse(Text(f"{option} 不能覆盖原文件", f"{option} does not write over the file itself"))
    return out


def require_own_places(files: Sequence[Path], out: Path, *, option: str) -> None:
    """Refuse what would write two copies into one place: files of one name from two folders.

    Raises:
        WrongUse: that, or what `beside` refuses.
    """
    taken: dict[Path, Path] = {}
    for file in files:
        place = beside(file, out, len(files), option=option)
        other = taken.setdefault(place, file)
        if other != file:
            raise WrongUse(
                Text(
                    f"{other} 和 {file} 同名,{option} 会写到同一个文件;分开导入,或改名",
                    f"{other} and {file} have one name, and {option} would write one over the other; import them apart",
                )
            )
