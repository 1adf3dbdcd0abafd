"""The long checks of a night; exit 1 with the smallest difference, or with the files that raised.

1. Every scheme and every indicator of the library by both evaluators, on random facts. Switched-off rules are switched on; each indicator also
stands in a scheme of its level in months and in years. 2. Mutated files of every format through the reader, for a time: read or refused, never
an exception. 3. Sheets in layouts drawn at random, in every format, for a time: the facts that were laid out come back, with faults in them by
columns as row by row. 4. The property tests on new examples (CI draws the same ones each time). A seed gives the same facts and files anywhere.

Run: python scripts/nightly.py [--only library|reader|layouts|properties] [--seed N] [--each N] [--scheme CODE] [--fuzz SECONDS].
"""

import argparse
import os
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path
from random import Random

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "src")]

from tests.properties.library_comparison import Compared, compared, everything, people, periods_of, reports  # noqa: E402
from tests.properties.random_layouts import differing, wrong_in_all_formats  # noqa: E402
from tests.properties.reader_fuzzing import fuzzed  # noqa: E402

YEARS = range(2023, 2026)
FILES_A_SEED = 10_000_000  # numbers of mutations that a seed has for itself


def main() -> int:
    """The checks, one after the other."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--each", type=int, default=4, help="institutions of a kind, people of a category")
    parser.add_argument("--scheme", default="", help="only this one")
    parser.add_argument("--only", choices=("library", "reader", "layouts", "properties"), help="one of the checks")
    parser.add_argument(
        "--fuzz", type=float, default=600, metavar="SECONDS", help="how long files are mutated and read"
    )
    asked = parser.parse_args()
    failed = False
    if asked.only in (None, "library"):
        failed = bool(library(asked))
    if asked.only in (None, "reader"):
        failed = bool(reader(asked.fuzz, asked.seed)) or failed
    if asked.only in (None, "layouts"):
        failed = bool(layouts(asked.fuzz / 2, asked.seed)) or failed
    if asked.only in (None, "properties"):
        failed = bool(properties(asked.seed)) or failed
    return int(failed)


def properties(seed: int) -> int:
    """The property tests on the examples of a seed; what pytest says."""
    surroundings = {name: value for name, value in os.environ.items() if name != "CI"}
    command = [sys.executable, "-m", "pytest", "-q", f"--hypothesis-seed={seed}", "tests/properties"]
    return subprocess.run(command, cwd=ROOT, env=surroundings, check=False).returncode


def reader(seconds: float, seed: int) -> int:
    """Mutate files of every format and read them, for a time; print what became of them."""
    found = fuzzed(seconds, first=seed * FILES_A_SEED)
    refused = ", ".join(f"{code} {count:,}" for code, count in sorted(found.refused.items()))
    print(f"{found.count:,} mutated files: {found.read:,} read, refused: {refused}; {len(found.broken)} RAISED")
    print(f"the slowest took {found.slowest[0]:.2f} s ({found.slowest[1]} {found.slowest[2]})")
    kinds: dict[tuple[str, str], list[int]] = {}
    for name, number, error in found.broken:
        kinds.setdefault((name, error), []).append(number)
    for (name, error), numbers in sorted(kinds.items(), key=lambda item: -len(item[1]))[:20]:
        print(f"{name}: {error}, {len(numbers)} times; mutated({name!r}, seeds()[{name!r}], {numbers[0]})")
    return int(bool(found.broken) or not found.read)


def layouts(seconds: float, seed: int) -> int:
    """Lay facts out, write and read them, for a time; print what did not come back."""
    until, first, count = time.monotonic() + seconds, seed * FILES_A_SEED, 0
    broken: list[str] = []
    while time.monotonic() < until:
        number = first + count
        broken += [f"page({number}) {problem}" for problem in (*wrong_in_all_formats(number), *differing(number))]
        count += 1
    print(f"{count:,} sheets laid out and read in every format; {len(broken)} problems")
    for line in broken[:20]:
        print(line)
    return int(bool(broken) or not count)


def library(asked: argparse.Namespace) -> int:
    """Compare, print what was compared, and how much of it was settled in columns."""
    began = time.monotonic()
    book, chance = everything(), Random(asked.seed)  # noqa: S311 - a test, no secret
    roster = people(book, chance, asked.each)
    facts = reports(book, roster, chance, YEARS)
    found: list[Compared] = []
    for code in [asked.scheme] if asked.scheme else sorted(book.schemes):
        for period in periods_of(book.schemes[code], YEARS):
            one = compared(book, roster, facts, code, period)
            found.append(one)
            print(
                f"{code} {period}: {one.figures:,} figures, {one.rows:,} scores and totals, {one.exact:,} of them by the exact engine"
                f"{f', {len(one.differences)} DIFFERENT' if one.differences else ''}",
                flush=True,
            )
    return concluded(found, asked.seed, time.monotonic() - began)


def concluded(found: list[Compared], seed: int, seconds: float) -> int:
    """The sum of it, and the exit code."""
    indicators = frozenset().union(*(one.indicators for one in found))
    rows, exact = sum(one.rows for one in found), sum(one.exact for one in found)
    print(
        f"{len({one.scheme for one in found})} schemes, {len({one.period for one in found})} periods, {len(indicators)} indicators, "
        f"{sum(one.figures for one in found):,} figures compared in {seconds:.0f} s (seed {seed}); "
        f"{exact:,} of {rows:,} scores and totals came from the exact engine"
    )
    apart = [one for one in found if one.differences]
    if not apart and sum(one.figures for one in found):
        print("no difference")
        return 0
    if apart:
        kinds = Counter(line.split(":", 1)[0].split(" ", 1)[1] for one in apart for line in one.differences)
        print(
            f"{sum(map(len, (one.differences for one in apart)))} differences in {', '.join(one.scheme for one in apart)}: {kinds.most_common(5)}"
        )
        least = min(apart, key=lambda one: len(one.differences))
        print(
            f"the smallest: {least.scheme} {least.period} (--seed {seed} --scheme {least.scheme}): {min(least.differences, key=len)}"
        )
    return 1


if __name__ == "__main__":
    raise SystemExit(main())
