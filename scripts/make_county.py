"""Write the workbooks of the demonstration county, and on request those with one trouble each.

python scripts/make_county.py OUT [--dirty]
"""

import argparse
from pathlib import Path

from perf.services.county import write_workbooks
from perf.services.county.dirty import write_dirty
from perf.services.files import packaged
from perf.services.rules import usable_book


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("out", type=Path, help="folder to write to")
    parser.add_argument("--dirty", action="store_true", help="the workbooks with one trouble each instead")
    given = parser.parse_args()
    data = packaged("fixtures/county")
    written = (
        write_dirty(given.out, data)
        if given.dirty
        else write_workbooks(given.out, data, lambda _path: None, book=usable_book(None))
    )
    print(f"{given.out}: {len(written)}")


if __name__ == "__main__":
    main()
