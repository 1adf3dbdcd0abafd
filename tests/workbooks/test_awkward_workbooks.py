"""The gallery of awkward workbooks: what each holds, what is taken from it, and every word that is said about it.

`expected/<name>.txt` is to be read as the person reads it who sent the workbook; `--update-golden` writes them anew.
The workbooks are made by the functions of `awkward_*.py`.
"""

from pathlib import Path

import pytest
from tests.workbooks import awkward_files, awkward_people, awkward_tables, awkward_values
from tests.workbooks.awkward_building import TROUBLES, read, told

EXPECTED = Path(__file__).parent / "expected"
MADE_BY = (awkward_files, awkward_people, awkward_tables, awkward_values)


@pytest.mark.parametrize("name", TROUBLES)
def test_the_workbook_gives_these_figures_and_these_issues(name, request):
    text, expected = told(TROUBLES[name]), EXPECTED / f"{name}.txt"
    if request.config.getoption("--update-golden", default=False):
        expected.parent.mkdir(exist_ok=True)
        expected.write_text(text, encoding="utf-8")
    assert text == expected.read_text(encoding="utf-8")


@pytest.mark.parametrize("name", TROUBLES)
def test_whatever_keeps_a_figure_out_says_what_to_do_in_both_languages(name):
    for issue in read(TROUBLES[name]).issues:
        assert bool(issue.hint.zh) == bool(issue.hint.en)
        if issue.is_error:
            assert issue.hint.zh, issue.render()
            assert issue.place.cell or not issue.place.sheet, issue.render()


def test_every_expectation_has_its_workbook():
    assert {path.stem for path in EXPECTED.iterdir()} == set(TROUBLES)
