"""What is worth knowing of a package that may be read: it has macros, it links to other files."""

from collections.abc import Iterable

from perf.excel.codes import Finding
from perf.kernel.issues import Issue, Place
from perf.kernel.text import Text

LINKS = "xl/externallinks/"
_MACROS = ("basic/", "scripts/", "xl/macrosheets/")


def notes(names: Iterable[str], place: Place) -> list[Issue]:
    """What is worth knowing about a file that may be read: macros and links to other files, neither ever used.

    Args:
        names: The parts of its package, in lower case; of other formats those that are as good as such parts.
    """
    known = tuple(names)
    found: list[Issue] = []
    if any(name.endswith("vbaproject.bin") or name.startswith(_MACROS) for name in known):
        found.append(
            Finding(
                "workbook-macros",
                Text("文件带有宏", "the file has macros"),
                Text("不带宏的 .xlsx 文件", "an .xlsx file without macros"),
                Text("宏没有运行;只读取了单元格", "No macro was run; only cells were read"),
                "warning",
            ).at(place)
        )
    if any(name.startswith(LINKS) for name in known):
        found.append(
            Finding(
                "workbook-external-links",
                Text("公式引用了别的文件", "formulas refer to other files"),
                Text("本文件内的数值", "values inside this file"),
                Text(
                    "没有打开别的文件,用的是上次保存的数值;请核对,或复制后“选择性粘贴为数值”",
                    "No other file was opened; the values saved last were taken. Check them, or paste them as values",
                ),
                "warning",
            ).at(place)
        )
    return found
