"""Dates of versions and of dated values: overlaps and gaps are found in both, whoever the neighbours are."""

import pytest

from perf.specs.book import load_book
from perf.specs.checks import check_book

HEAD = """measure: a
title: 甲
level: institution
supplied_by: 信息科
---
indicator: x
title: X
level: institution
unit: number
direction: higher
value: a * share
"""


def codes(body: str) -> list[str]:
    book, issues = load_book({"rules.yaml": HEAD + body})
    found = [*issues, *check_book(book)]
    return [issue.code for issue in found if issue.is_error]


def versions(*rows: str) -> str:
    listed = "\n".join(f"  - {{{row}, source: 甲文}}" for row in rows)
    return f"parameters: {{share: 95%}}\nversions:\n{listed}\n"


def values(*rows: str) -> str:
    return f"source: 甲文\nparameters: {{share: [{', '.join(f'{{{row}, value: 95%}}' for row in rows)}]}}\n"


SPANS = [
    (["from: 2024, to: 2024", "from: 2025"], []),
    (["from: 2024", "from: 2025"], []),
    (["from: 2025", "from: 2024"], []),
    (["to: 2024", "from: 2025"], []),
    (["from: 2024, to: 2024-11", "from: 2025"], ["version-gap"]),
    (["from: 2024, to: 2024-12-30", "from: 2025"], ["version-gap"]),
    (["from: 2024, to: 2025-01-01", "from: 2025"], ["version-overlap"]),
    (["from: 2024", "from: 2024"], ["version-overlap"]),
    (["from: 2024, to: 2030", "from: 2025, to: 2025", "from: 2026"], ["version-overlap", "version-overlap"]),
    (["from: 2024, to: 2030", "from: 2025, to: 2025", "from: 2027"], ["version-overlap", "version-overlap"]),
    (["from: 2024, to: 2025", "from: 2025, to: 2026", "from: 2028"], ["version-overlap", "version-gap"]),
    (["from: 2025, to: 2024"], ["version-ends-before-start"]),
]


@pytest.mark.parametrize(("rows", "expected"), SPANS)
def test_overlaps_and_gaps_of_versions_are_found(rows, expected) -> None:
    assert codes(versions(*rows)) == expected


def test_an_overlap_is_mended_by_an_earlier_end_or_of_versions_that_begin_together_by_a_later_beginning() -> None:
    pairs = (["from: 2024", "from: 2024"], ["from: 2024, to: 2026", "from: 2025"])
    hints = [load_book({"rules.yaml": HEAD + versions(*rows)})[1][0].hint.zh for rows in pairs]
    assert hints == ["给后一个写较晚的 from,或删去其中一个", "把前一个的 to 改为 2024-12-31,或删去它的 to"]


@pytest.mark.parametrize(("rows", "expected"), SPANS)
def test_overlaps_and_gaps_of_dated_values_are_found(rows, expected) -> None:
    assert codes(values(*rows)) == expected


@pytest.mark.parametrize(
    ("version", "rows", "expected"),
    [
        ("from: 2025", ["from: 2025"], []),
        ("from: 2025", ["from: 2019"], []),
        ("from: 2025", ["to: 2030"], []),
        ("from: 2025", ["from: 2025-02"], ["parameter-gap"]),
        ("from: 2025, to: 2025", ["from: 2025, to: 2025-11"], ["parameter-gap"]),
        ("from: 2025, to: 2025", ["from: 2025, to: 2025"], []),
        ("from: 2025, to: 2025", ["from: 2025-02, to: 2025-11"], ["parameter-gap", "parameter-gap"]),
        ("to: 2025", ["from: 2024"], []),
    ],
)
def test_a_version_whose_parameter_has_no_value_yet_or_no_longer_is_found(version, rows, expected) -> None:
    listed = ", ".join(f"{{{row}, value: 95%}}" for row in rows)
    assert codes(f"versions: [{{{version}, source: 甲文, parameters: {{share: [{listed}]}}}}]\n") == expected


def test_a_parameter_that_no_formula_of_the_version_names_may_begin_later() -> None:
    body = "versions: [{from: 2025, source: 甲文, value: a, parameters: {share: [{from: 2026, value: 95%}]}}]\n"
    assert codes(body) == []
