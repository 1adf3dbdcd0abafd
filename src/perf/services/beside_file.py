"""Where a workbook goes that is made for a file: one place for one file, a folder for several."""

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
