"""Hostile rule folders and files: each is refused (or read as plain text) with its place and a remedy, never a crash."""

import os

import pytest

from perf.kernel.errors import InputRefused
from perf.services import files
from perf.services.rules import check_rules

MEASURE = "measure: a\ntitle: 甲\nlevel: institution\nsupplied_by: 信息科\n"


def refusal(folder):
    with pytest.raises(InputRefused) as refused:
        check_rules(folder)
    (issue,) = refused.value.issues
    assert issue.place.file
    assert issue.expected.zh
    return issue


def problems(folder, content, name="r.yaml"):
    (folder / name).write_bytes(content if isinstance(content, bytes) else content.encode())
    return check_rules(folder).issues


def test_a_link_that_leads_back_is_refused_by_name(tmp_path):
    (tmp_path / "r.yaml").write_text(MEASURE, encoding="utf-8")
    (tmp_path / "deep").mkdir()
    (tmp_path / "deep" / "back").symlink_to(tmp_path)
    issue = refusal(tmp_path)
    assert (issue.code, issue.place.file) == ("folder-loop", "deep/back")


def test_a_linked_folder_is_read(tmp_path):
    (tmp_path / "there").mkdir()
    (tmp_path / "there" / "r.yaml").write_text(MEASURE, encoding="utf-8")
    (tmp_path / "here").mkdir()
    (tmp_path / "here" / "linked").symlink_to(tmp_path / "there")
    assert set(check_rules(tmp_path / "here").book.measures) == {"a"}


def test_too_many_files_are_refused_before_they_are_read(tmp_path, monkeypatch):
    monkeypatch.setattr(files, "FILES_MAX", 2)
    for number in range(3):
        (tmp_path / f"{number}.yaml").write_bytes(b"\xff")
    assert refusal(tmp_path).code == "too-many-files"


def test_a_pipe_a_link_to_itself_and_a_link_to_nowhere_are_refused(tmp_path):
    os.mkfifo(tmp_path / "pipe.yaml")
    assert refusal(tmp_path).code == "file-unreadable"
    (tmp_path / "pipe.yaml").unlink()
    (tmp_path / "self.yaml").symlink_to("self.yaml")
    assert "链接指向自己" in refusal(tmp_path).found.zh
    (tmp_path / "self.yaml").unlink()
    (tmp_path / "lost.yaml").symlink_to("nowhere.yaml")
    assert "没有这个文件" in refusal(tmp_path).found.zh


def test_a_file_name_that_is_no_text_is_refused(tmp_path):
    (tmp_path / os.fsdecode(b"\xff\xfe.yaml")).write_text(MEASURE, encoding="utf-8")
    assert refusal(tmp_path).code == "file-name-odd"


def test_utf_16_is_named_with_and_without_its_mark(tmp_path):
    (tmp_path / "r.yaml").write_bytes(MEASURE.encode("utf-16"))
    issue = refusal(tmp_path)
    assert (issue.code, "UTF-8" in issue.hint.zh) == ("not-utf-8", True)
    (issue,) = problems(tmp_path, "measure: a\n".encode("utf-16-le"))[:1]
    assert (issue.code, "UTF-16" in issue.found.zh) == ("yaml-syntax", True)


@pytest.mark.parametrize(
    "text", ["measure: a\0b\n", 'measure: a\ntitle: "\\e[31m红"\n', 'measure: a\ntitle: "\\ud800"\n']
)
def test_what_cannot_be_seen_or_stored_is_refused(text, tmp_path):
    assert "yaml-syntax" in {issue.code for issue in problems(tmp_path, text)}


def test_byte_order_mark_and_line_ends_of_windows_are_read(tmp_path):
    assert problems(tmp_path, "\ufeff" + MEASURE.replace("\n", "\r\n")) == ()


@pytest.mark.parametrize("word", ["no", "on", "~", "null", "010", "0x1F", "1_000", "1:30", "2025-01-01", ".nan"])
def test_words_that_yaml_would_turn_into_something_else_stay_text(word, tmp_path):
    assert problems(tmp_path, MEASURE.replace("甲", word)) == ()
    assert check_rules(tmp_path).book.measures["a"].title.zh == word


@pytest.mark.parametrize("word", ["010.5.5", "0x1F", "1_000", "1:30", ".nan", ".inf", "-.inf", "2025-01-01"])
def test_as_a_threshold_they_are_refused_at_their_place(word, tmp_path):
    rule = "---\nindicator: x\ntitle: X\nlevel: institution\ndirection: higher\nvalue: a\n"
    found = problems(tmp_path, f"{MEASURE}{rule}points: {{curve: linear, through: [[{word}, 0], [100000, 100]]}}\n")
    assert {(issue.place.line, issue.is_error) for issue in found if issue.is_error} == {(11, True)}


@pytest.mark.parametrize(
    ("content", "code"),
    [
        ("x: " + "[" * 100_000, "yaml-too-deep"),
        ("{a: " * 100_000, "yaml-too-deep"),
        ("- " * 100_000, "yaml-too-deep"),
        ("measure: a\nvalues: [" + "a," * 400_000 + "a]", "yaml-too-large"),
        ("measure: a\nvalues: [" + "a?b," * 300_000 + "a]", "yaml-too-large"),
        ("measure: a\n---\n" * 50_000, "yaml-too-large"),
        ("measure: a\n" + "k: *x\n" * 50_000, "yaml-too-large"),
        ("measure: a\n" + "x" * 1_000_001, "yaml-too-large"),
    ],
)
def test_bombs_are_refused_at_a_limit(content, code, tmp_path):
    assert code in {issue.code for issue in problems(tmp_path, content)}
