"""How long a whole command takes to refuse a broken or hostile rule folder: start, reading, finding, printing, end.

Run: python benchmarks/refusals.py [rounds]. Every folder is made here and goes through `perf-pay specs check`; beside each the processor time, which
other work on the machine disturbs least, and how many empty interpreters it is. The limit is a second; nothing fails on time, and what is over it is marked.
What fails: a folder that is not refused with exit code 3, or a text that looks like a stack trace.
The interpreter writes no bytecode where PYTHONDONTWRITEBYTECODE is set; every module is compiled again then, which costs about as much as the refusal.
"""

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

LIMIT = 1.0
REFUSED = 3
PROGRAM = [sys.executable, "-c", "from perf.cli import main; main()"]
MEASURE = "measure: a\ntitle: 甲\nlevel: institution\nsupplied_by: 信息科\n"
HEAD = "indicator: x\ntitle: 乙\nlevel: institution\ndirection: higher\n"
POINTS = "points: {curve: linear, through: [[0, 0], [1, 100]]}\n"


def indicator(value: str = "a", points: str = POINTS, rest: str = "") -> str:
    return f"{MEASURE}---\n{HEAD}value: {value}\n{points}{rest}"


def formulas(text: str, count: int = 200) -> str:
    """Many indicators with the same hostile formula."""
    rules = (f"---\n{HEAD.replace(': x', f': x_{n}')}value: {text}\n{POINTS}" for n in range(count))
    return MEASURE + "".join(rules)


def scheme(rest: str) -> str:
    top = "scheme: s\ntitle: 丙\nlevel: institution\nperiod: month\ndimensions:\n  d:\n    title: 丁\n    weight: 100\n"
    return f"{indicator()}---\n{top}{rest}"


def aliases() -> str:
    rows = ["a0: &a0 [x, x, x, x, x, x, x, x, x]"]
    rows += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]" for n in range(1, 40)]
    return "measure: a\n" + "\n".join(rows) + "\n"


def chain(count: int) -> str:
    """Indicators, each made of the one before, the first of the last."""
    rules = (f"---\n{HEAD.replace(': x', f': x_{n}')}value: x_{(n - 1) % count}\n{POINTS}" for n in range(count))
    return MEASURE + "".join(rules)


FILES: dict[str, Callable[[], str | bytes]] = {
    "an open bracket": lambda: "indicators:\n  - code: [\n",
    "an unknown name": lambda: indicator("b"),
    "an import": lambda: indicator("__import__('os').system('x')"),
    "dunders": lambda: indicator("a.__class__.__mro__"),
    "a tower of powers": lambda: indicator("power(9, power(9, 9))"),
    "powers within powers": lambda: indicator("power(power(power(power(9, 30), 30), 30), 30)"),
    "1.0000001 to the millionth": lambda: indicator("power(1.0000001, 1000000) / 0"),
    "200 towers of powers": lambda: formulas("power(9, power(9, 9))"),
    "200 long numbers": lambda: formulas("1" * 1_900),
    "200,000 terms": lambda: indicator("+".join(["a"] * 200_000)),
    "900 terms": lambda: indicator("+".join(["a"] * 900)),
    "200 formulas of 900 terms": lambda: formulas("+".join(["a"] * 900)),
    "200 formulas of unknown names": lambda: formulas("+".join(["zz"] * 45)),
    "200 formulas nested 900 deep": lambda: formulas("(" * 900 + "a" + ")" * 900),
    "200 formulas of odd signs": lambda: formulas("'" + "$#" * 900 + "'"),
    "NFKC look-alikes": lambda: indicator("ｓｕｍ(a) + 𝐬𝐮𝐦(а)"),
    "200 formulas of look-alikes": lambda: formulas("+".join(["ｓｕｍ(𝐚)"] * 200)),
    "2,400 indicators of unknown names": lambda: "".join(
        f"---\nindicator: x_{n}\nlevel: institution\nvalue: y_{n} + z_{n}\n" for n in range(2_400)
    ),
    "nan": lambda: indicator("nan"),
    "inf": lambda: indicator("a + inf"),
    "a number of 900,000 digits": lambda: indicator(points=POINTS.replace("[0, 0]", f"[{'9' * 900_000}, 0]")),
    "1e999999999 as a threshold": lambda: indicator(points=POINTS.replace("[0, 0]", "[1e999999999, 0]")),
    ".nan as a threshold": lambda: indicator(points=POINTS.replace("[0, 0]", "[.nan, 0]")),
    "a sexagesimal and 010": lambda: indicator(points=POINTS.replace("[0, 0]", "[1:30, 010]")),
    "tags": lambda: "!!python/object/apply:os.system ['x']\n",
    "100,000 tags": lambda: "measure: a\nvalues: [" + "!!python/name:x a, " * 50_000 + "a]\n",
    "an alias bomb": aliases,
    "50,000 aliases": lambda: "measure: a\n" + "k: *x\n" * 50_000,
    "duplicate keys": lambda: "measure: a\n" * 50_000,
    "lists 100,000 deep": lambda: "x: " + "[" * 100_000,
    "mappings 100,000 deep": lambda: "{a: " * 100_000,
    "dashes 100,000 deep": lambda: "- " * 100_000,
    "indented 1,200 deep": lambda: "".join(" " * n + "a:\n" for n in range(1_200)),
    "400,000 items": lambda: "measure: a\nvalues: [" + "a," * 400_000 + "a]",
    "90,000 items": lambda: "measure: a\nvalues: [" + "a," * 90_000 + "a]",
    "200,000 items, read slowly": lambda: "measure: a\nvalues: [" + "a?b," * 200_000 + "a]",
    "a price list of 16,000 broken items": lambda: (
        "list: l\ntitle: 目录\nitems:\n" + "".join(f"  c{n}: {{title: 甲, price: x}}\n" for n in range(16_000))
    ),
    "48,000 pairs": lambda: "measure: a\nvalues:\n" + "".join(f"  k{n}: v\n" for n in range(48_000)),
    "50,000 documents": lambda: "measure: a\n---\n" * 50_000,
    "4,900 documents": lambda: "".join(f"---\nmeasure: m_{n}\ntitle: 甲\n" for n in range(4_900)),
    "4,900 unknown kinds": lambda: "".join(f"---\nmeasur_{n}: m\n" for n in range(4_900)),
    "30,000 points": lambda: indicator(
        points="points: {curve: linear, through: [" + ", ".join(f"[{n}, {n % 7}]" for n in range(30_000)) + "]}\n"
    ),
    "5,000 versions": lambda: (
        MEASURE
        + "---\n"
        + HEAD
        + "versions:\n"
        + "".join(f"  - from: 2025-01-01\n    value: a + {n}\n    points: {{curve: entered}}\n" for n in range(5_000))
    ),
    "5,000 weights": lambda: scheme("    indicators:\n" + "".join(f"      y_{n}: -1\n" for n in range(5_000))),
    "1,500 indicators in a ring": lambda: chain(1_500),
    "800 indicators in a ring": lambda: chain(800),
    "a text of 1,000,000": lambda: "measure: a\ntitle: '" + "x" * 999_000 + "'\nlevel: nowhere\n",
    "a key of 900,000": lambda: "measure: a\n" + "x" * 900_000 + ": 1\n",
    "an open quotation": lambda: "measure: a\ntitle: '" + "x\n" * 490_000,
    "an open quotation, read slowly": lambda: "measure: a\ntitle: '" + "x?\n" * 330_000,
    "an error at the end": lambda: "".join(f"- k{n}: v\n" for n in range(30_000)) + "  }\n",
    "an error at the end, read slowly": lambda: "".join(f"- k?{n}: v\n" for n in range(9_000)) + "  }\n",
    "blanks": lambda: "measure: a\ntitle: x" + " " * 990_000 + "}\nlevel: q\n",
    "lines": lambda: "\n" * 990_000 + "]",
    "comments": lambda: "# x\n" * 240_000 + "]",
    "a file of 3 MB": lambda: "measure: a\n" + "# 0123456789\n" * 240_000,
    "a file of 10 MB": lambda: "measure: a\n" + "k: v\n" * 2_000_000,
    "noise": lambda: bytes(range(256)) * 4_000,
    "zeros": lambda: bytes(3 << 20),
    "UTF-16": lambda: MEASURE.encode("utf-16"),
    "equal thresholds": lambda: indicator(points=POINTS.replace("[0, 0]", "[1, 0]")),
    "unordered thresholds": lambda: indicator(points=POINTS.replace("[0, 0]", "[2, 0]")),
    "a negative weight": lambda: scheme("    indicators: {x: -100}\n"),
    "quotas that cannot be met": lambda: scheme(
        "    indicators: {x: 100}\ngrades:\n  quotas: [{grade: A, at_most: 200%}, {grade: B, at_most: -5%}]\n"
    ),
}


def many_files(folder: Path) -> None:
    for number in range(4_900):
        (folder / f"{number}.yaml").write_text("measure: a\ntitle: [\n", encoding="utf-8")


def folders(root: Path) -> dict[str, Path]:
    """Title → folder, written."""
    made: dict[str, Path] = {}
    for number, (title, make) in enumerate(FILES.items()):
        folder = root / str(number)
        folder.mkdir()
        content = make()
        (folder / "r.yaml").write_bytes(content if isinstance(content, bytes) else content.encode())
        made[title] = folder
    made["4,900 broken files"] = root / "many"
    made["4,900 broken files"].mkdir()
    many_files(made["4,900 broken files"])
    return made


def timed(command: list[str]) -> tuple[float, float, int, str]:
    """Seconds on the wall and of the processor, exit code, and what was written."""
    with tempfile.TemporaryFile() as written:
        began = time.perf_counter()
        process = subprocess.Popen(command, stdout=written, stderr=subprocess.STDOUT)
        _, status, used = os.wait4(process.pid, 0)
        wall = time.perf_counter() - began
        process.returncode = os.waitstatus_to_exitcode(status)
        written.seek(0)
        return wall, used.ru_utime + used.ru_stime, process.returncode, written.read().decode("utf-8", "replace")


def best(command: list[str], rounds: int) -> tuple[float, float, int, str]:
    runs = [timed(command) for _ in range(rounds)]
    return min(run[0] for run in runs), min(run[1] for run in runs), runs[-1][2], runs[-1][3]


def main() -> None:
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 3
    only = sys.argv[2:]
    best([*PROGRAM, "--version"], 1)
    empty = best([sys.executable, "-c", "pass"], 5)[1]
    print(f"an empty interpreter: {empty:.3f} s of the processor; best of {rounds} rounds; limit {LIMIT} s")
    print(f"{'':36} {'wall':>6} {'cpu':>6} {'× empty':>8}")
    for words in (["--version"], ["--help"], ["specs", "check", "--help"]):
        wall, cpu, _, _ = best([*PROGRAM, *words], rounds)
        print(f"{'perf-pay ' + ' '.join(words):36} {wall:6.2f} {cpu:6.2f} {cpu / empty:8.0f}")
    slow = []
    with tempfile.TemporaryDirectory() as root:
        for title, folder in folders(Path(root)).items():
            if only and not any(word in title for word in only):
                continue
            wall, cpu, code, text = best([*PROGRAM, "specs", "check", str(folder)], rounds)
            print(f"{title:36} {wall:6.2f} {cpu:6.2f} {cpu / empty:8.0f} {'over' if cpu > LIMIT else ''}", flush=True)
            assert code == REFUSED, (title, code, text[-2_000:])
            assert "Traceback" not in text, (title, text[-2_000:])
            slow.append((cpu, title))
    print(f"slowest: {max(slow)[1]}, {max(slow)[0]:.2f} s of the processor")


if __name__ == "__main__":
    main()
