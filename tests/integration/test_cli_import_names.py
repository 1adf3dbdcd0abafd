"""Names of files: unpacked on a system of another language, with what a terminal would obey, twice in two folders."""

import os
import shutil
from pathlib import Path

from tests.integration.cli_june import SPECS, put
from tests.integration.cli_month_files import scores_sheet

NAME = "2025-06 质控科 修订.xlsx"


def renamed(month, name: bytes) -> str:
    put(month, NAME, scores_sheet(n000101="85"))
    new = os.fsdecode(os.fsencode(str(month.folder)) + b"/" + name)
    Path(month.folder / NAME).rename(new)
    return Path(new).name


def test_a_name_in_gb18030_is_read_as_one_and_kept(month):
    name = renamed(month, NAME.encode("gb18030"))
    said = month("import", name, *SPECS, "--accept", "--by", "张三", "--json")
    assert (said.exit, said.json[0]["file"], said.json[0]["outcome"]) == (0, NAME, "accepted")
    assert NAME in month("files", "--json").out


def test_what_a_terminal_would_obey_is_left_out_of_a_name(month):
    name = renamed(month, b"2025-06 \x1b[31m\xe8\xb4\xa8\xe6\x8e\xa7\n.xlsx")
    said = month("import", name, *SPECS)
    assert "2025-06 [31m质控.xlsx:试算" in said.out
    assert "\x1b[31m质" not in said.out


def test_two_files_of_one_name_are_not_marked_over_one_another(month):
    put(month, NAME, scores_sheet(n000101="185"))
    for folder in ("甲", "乙"):
        (month.folder / folder).mkdir()
        shutil.copy(month.folder / NAME, month.folder / folder / NAME)
    said = month("import", "甲", "乙", *SPECS, "--marked", "批注")
    assert said.exit == 2
    assert "同名" in said.err + said.out
    assert not (month.folder / "批注").exists()
