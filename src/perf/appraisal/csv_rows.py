"""Rows of CSV files with a header, with their lines; what is wrong with them is collected on the way."""

import csv
import io
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from perf.appraisal.file_hints import file_issue as _issue
from perf.kernel.issues import Issue, Place
from perf.kernel.text import Text


@dataclass(frozen=True, slots=True)
class Row:
    """A row of a CSV file with its line (1-based)."""

    line: int
    cells: Mapping[str, str]


def read_rows(
    name: str, text: str, *, required: Sequence[str], optional: Sequence[str] | None
) -> tuple[list[Row], list[str], list[Issue]]:
    """Read a CSV with a header; `optional` None accepts further columns. Returns rows, header and issues."""
    issues: list[Issue] = []
    lines = io.StringIO(text.removeprefix("\ufeff"))
    header, cells = read_cells(name, lines, issues, required=required, optional=optional)
    rows = [Row(line, dict(zip(header, row, strict=True))) for line, row in cells]
    return (rows, header, issues) if not any(issue.code == "csv-broken" for issue in issues) else (rows, [], issues)


def read_cells(
    name: str,
    lines: Iterable[str],
    issues: list[Issue],
    *,
    required: Sequence[str],
    optional: Sequence[str] | None,
) -> tuple[list[str], Iterator[tuple[int, list[str]]]]:
    """The header of a CSV and its rows with their lines, one at a time; what is wrong is added to `issues` on the way."""
    reader = csv.reader(lines, strict=True)

    def broken(error: csv.Error) -> Issue:
        return _issue(
            "csv-broken",
            Place(name, line=reader.line_num),
            Text(f"CSV 无法读取({error})", f"broken CSV ({error})"),
            Text("RFC 4180 格式、UTF-8 编码的 CSV", "CSV as in RFC 4180, UTF-8"),
        )

    def rows() -> Iterator[tuple[int, list[str]]]:
        try:
            for cells in reader:
                if not any(cells):
                    continue
                if len(cells) != len(header):
                    issues.append(
                        _issue(
                            "csv-row-length",
                            Place(name, line=reader.line_num),
                            Text(f"{len(cells)} 列", f"{len(cells)} columns"),
                            Text(f"{len(header)} 列,与表头相同", f"{len(header)} columns, as in the header"),
                        )
                    )
                    continue
                yield reader.line_num, [cell.strip() for cell in cells]
        except csv.Error as error:
            issues.append(broken(error))

    try:
        header = [cell.strip() for cell in next(reader, [])]
    except csv.Error as error:
        issues.append(broken(error))
        return [], iter(())
    found = list(_header_issues(name, header, required, optional))
    issues += found
    return header, iter(()) if any(issue.is_error for issue in found) else rows()


def _header_issues(
    name: str, header: Sequence[str], required: Sequence[str], optional: Sequence[str] | None
) -> Iterator[Issue]:
    place = Place(name, line=1)
    for column in required:
        if column not in header:
            yield _issue(
                "csv-column-missing",
                place,
                Text(f"没有列“{column}”", f"no column “{column}”"),
                Text("表头含 " + ",".join(required), "a header with " + ",".join(required)),
            )
    for column in {c for c in header if header.count(c) > 1}:
        yield _issue(
            "csv-column-twice",
            place,
            Text(f"列“{column}”出现多次", f"column “{column}” twice"),
            Text("每列一次", "each column once"),
        )
    if optional is not None:
        for column in header:
            if column not in required and column not in optional:
                yield _issue(
                    "csv-column-unknown",
                    place,
                    Text(f"未知列“{column}”", f"unknown column “{column}”"),
                    Text(
                        "只有 " + ",".join([*required, *optional]),
                        "only " + ",".join([*required, *optional]),
                    ),
                )
