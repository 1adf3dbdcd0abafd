"""Whether the formulas of workbooks come to what is written in their cells: LibreOffice calculates them anew.

`python scripts/recalculate.py X.xlsx …`; needs soffice. Ends with 1 where a formula comes to something else.
"""

import re
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

from openpyxl import load_workbook

_VALUE = re.compile(rb"(</f>)<v>[^<]*</v>")


def without_values(source: Path, target: Path) -> None:
    """A copy whose formulas stand alone, so that nothing can be taken over."""
    with zipfile.ZipFile(source) as package, zipfile.ZipFile(target, "w") as into:
        for name in package.namelist():
            into.writestr(name, _VALUE.sub(rb"\1", package.read(name)))


def differences(source: Path, calculated: Path) -> tuple[int, list[str]]:
    """How many formulas there are, and those that come to something else."""
    formulas, told = load_workbook(source), load_workbook(source, data_only=True)
    anew = load_workbook(calculated, data_only=True)
    count, found = 0, []
    for sheet in formulas.worksheets:
        for cell in (cell for row in sheet.iter_rows() for cell in row if cell.data_type == "f"):
            count += 1
            mine = told[sheet.title][cell.coordinate].value
            theirs = anew[sheet.title][cell.coordinate].value
            if not isinstance(mine, int | float) or not isinstance(theirs, int | float) or abs(mine - theirs) > 1e-6:
                found.append(f"{sheet.title}!{cell.coordinate} {cell.value}: {mine} / {theirs}")
    return count, found


def main(files: list[str]) -> int:
    """Check every file."""
    failed = False
    with tempfile.TemporaryDirectory() as folder:
        for source in map(Path, files):
            bare = Path(folder) / source.name
            without_values(source, bare)
            profile = f"-env:UserInstallation=file://{folder}/profile"
            command = ["soffice", "--headless", profile, "--convert-to", "xlsx", "--outdir", f"{folder}/out", str(bare)]
            subprocess.run(command, check=True, capture_output=True)
            count, found = differences(source, Path(folder) / "out" / source.name)
            print(f"{source.name}: {count} formulas, {len(found)} differ", *found[:5], sep="\n  ")
            failed = failed or bool(found) or not count
    return int(failed)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
