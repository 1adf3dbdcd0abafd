"""Folders of files: what a table program writes is read, what it keeps beside an open file is not."""

import pytest

from perf.kernel.errors import WrongUse
from perf.services.table_files import table_files


def test_a_folder_stands_for_the_files_in_it_and_below_each_once(tmp_path):
    names = ["b.xlsx", "a.CSV", "乡镇/白湖.xls", "乡镇/泥河.ods", "导出.html", "x.et"]
    for name in [
        *names,
        "~$b.xlsx",
        ".~lock.b.xlsx#",
        ".hidden.csv",
        ".git/x.csv",
        "说明.docx",
        "照片.png",
        "no ending",
    ]:
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_bytes(b"")
    found = table_files([tmp_path / "b.xlsx", tmp_path, tmp_path / "not there.xlsx"])
    assert found[0] == tmp_path / "b.xlsx"
    assert {str(path.relative_to(tmp_path)) for path in found} == {*names, "not there.xlsx"}
    assert len(found) == len(names) + 1
    assert found[1:-1] == sorted(found[1:-1])
    assert table_files([tmp_path / "b.xlsx"] * 2) == [tmp_path / "b.xlsx"] * 2


def test_a_folder_without_tables_is_told(tmp_path):
    (tmp_path / "说明.docx").write_bytes(b"")
    with pytest.raises(WrongUse, match="没有表格文件"):
        table_files([tmp_path])


def test_a_folder_that_links_to_itself_is_read_once(tmp_path):
    (tmp_path / "a.csv").write_bytes(b"")
    (tmp_path / "again").symlink_to(tmp_path, target_is_directory=True)
    assert table_files([tmp_path]) == [tmp_path / "a.csv"]
