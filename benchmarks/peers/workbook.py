"""The workbook an appraisal office would make: one row a person and month, formulas for value, points and total.

People stand in the order of their peer groups, so that a rank looks at its own group only (which favours the workbook).
"""

import shutil
import subprocess
import time
from pathlib import Path

import numpy as np


def write(work, rows, path, *, formulas=True):
    """Write `rows` (indices in the order of month and group) with formulas, or with zeros in their place."""
    from openpyxl import Workbook
    from openpyxl.utils import get_column_letter as letter

    count = len(work.rules)
    book = Workbook(write_only=True)
    sheet = book.create_sheet("scores")
    keys = np.stack([rows // work.people, work.groups[rows % work.people]])
    starts = np.flatnonzero(np.r_[True, (keys[:, 1:] != keys[:, :-1]).any(axis=0)])
    ends = np.r_[starts[1:], len(rows)]
    group_of = np.searchsorted(starts, np.arange(len(rows)), side="right") - 1
    value_at, points_at = 2 * count + 1, 3 * count + 1
    weights = "+".join(f'IF({{{k}}}="",0,{rule["weight"]})' for k, rule in enumerate(work.rules))
    sums = "+".join(f"N({{{k}}})*{rule['weight']}" for k, rule in enumerate(work.rules))
    for at, row in enumerate(rows.tolist()):
        line = at + 1
        cells = [int(work.over[k][row]) for k in range(count)] + [int(work.under[k][row]) for k in range(count)]
        if formulas:
            cells += [
                f'=IF({letter(count + k + 1)}{line}>0,{letter(k + 1)}{line}/{letter(count + k + 1)}{line},"")'
                for k in range(count)
            ]
            group = group_of[at]
            span = f"{{column}}${starts[group] + 1}:{{column}}${ends[group]}"
            for k, rule in enumerate(work.rules):
                column = letter(value_at + k)
                cells.append(_points(rule, f"{column}{line}", span.format(column=column)))
            names = [f"{letter(points_at + k)}{line}" for k in range(count)]
            cells.append(f"=ROUND(({sums.format(*names)})/({weights.format(*names)}),2)")
        else:
            cells += [0.5] * (2 * count + 1)
        sheet.append(cells)
    book.save(path)


def _points(rule, value, span):
    match rule["curve"]:
        case "linear":
            inner = f"100*MIN(1,MAX(0,({value}-{rule['zero']})/({rule['full']}-{rule['zero']})))"
        case "steps":
            inner = str(rule["points"][0])
            for cut, points in zip(rule["cuts"], rule["points"][1:], strict=True):
                inner = f"IF({value}>={cut},{points},{inner})"
        case "range":
            (low, high), (bottom, top) = rule["best"], rule["zero"]
            inner = f"MAX(0,100-100*(MAX({low}-{value},0)/({low}-{bottom})+MAX({value}-{high},0)/({top}-{high})))"
        case _:
            inner = f'100*COUNTIF({span},"<"&{value})/MAX(COUNT({span})-1,1)'
    return f'=IF({value}="","",ROUND({inner},2))'


def calculate(path: Path, out: Path):
    """(seconds of the whole command, the totals it printed)."""
    program = shutil.which("soffice")
    if program is None:
        return None
    command = [program, "--headless", "--norestore", f"-env:UserInstallation=file://{out}/profile"]
    started = time.perf_counter()
    subprocess.run([*command, "--convert-to", "csv", "--outdir", str(out), str(path)], check=True, capture_output=True)
    seconds = time.perf_counter() - started
    lines = (out / f"{path.stem}.csv").read_text().splitlines()
    return seconds, np.array([float(line.rpartition(",")[2] or "nan") for line in lines])
