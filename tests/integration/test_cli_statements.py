"""Many statements from the terminal: one by one, in an archive, in one file for each department; interrupted batches."""

import sqlite3
import zipfile
from hashlib import sha256

import pytest
from pypdf import PdfReader
from tests.integration.cli_june import JUNE

from perf.appraisal.statement_view import RunHeader
from perf.kernel.errors import NotFound
from perf.services.actors import Actor, local_actor
from perf.services.statement_batch import Opening, statement_batch
from perf.services.statement_sinks import JOURNAL, FolderSink
from perf.services.statements import one_statement, statements_of
from perf.services.verify_statement import verify_code
from perf.storage.store import open_store

HR = local_actor("绩效办")
EVERYBODY = ("statements", "--all", "--workers", "1")


def files_below(folder):
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_an_archive_holds_the_same_files_as_the_folder_and_has_the_same_bytes_every_time(published):
    assert published(*EVERYBODY, "-o", "st").exit == 0
    assert published(*EVERYBODY, "--as", "zip", "-o", "st.zip").exit == 0
    assert published(*EVERYBODY, "--as", "zip", "-o", "again.zip").exit == 0
    alone = files_below(published.folder / "st")
    with zipfile.ZipFile(published.folder / "st.zip") as archive:
        assert archive.testzip() is None
        assert {name: archive.read(name) for name in archive.namelist()} == alone
    assert (published.folder / "st.zip").read_bytes() == (published.folder / "again.zip").read_bytes()
    assert all("." not in name.removesuffix(".pdf") for name in alone)


@pytest.mark.parametrize("by", ["department", "institution"])
def test_merged_files_hold_everybody_once_under_a_bookmark(published, by):
    said = published(*EVERYBODY, "--as", "merged", "--by", by, "-o", "book", "--json")
    assert said.exit == 0
    staff = []
    for path in sorted((published.folder / "book").rglob("*.pdf")):
        marks = PdfReader(path).outline
        flat = [one for mark in marks for one in (mark if isinstance(mark, list) else [mark])]
        staff += [mark.title.split(" ")[0] for mark in flat if mark.title[0].isdigit()]
    assert len(staff) == len(set(staff)) == said.json["written"]


def test_a_merged_file_is_told_apart_when_it_is_handed_in(published):
    assert published(*EVERYBODY, "--as", "merged", "--by", "institution", "-o", "book").exit == 0
    many = next(path for path in (published.folder / "book").rglob("*.pdf") if len(PdfReader(path).pages) > 1)
    said = published("verify-statement", "--file", many, "--json")
    assert said.exit == 3
    assert "合订本" in said.out


def test_what_an_interrupted_batch_left_whole_is_not_made_again_and_no_half_file_stays(published, monkeypatch):
    assert published(*EVERYBODY, "-o", "whole").exit == 0
    whole = files_below(published.folder / "whole")
    write, made = FolderSink.write, []

    def stops(sink, name, content):
        if len(made) == 2:
            raise KeyboardInterrupt
        made.append(name)
        write(sink, name, content)

    with monkeypatch.context() as patch:
        patch.setattr(FolderSink, "write", stops)
        assert published(*EVERYBODY, "-o", "st").exit != 0
    left = files_below(published.folder / "st")
    assert sorted(name for name in left if name.endswith(".pdf")) == sorted(made)
    assert JOURNAL in left
    (published.folder / "st" / made[0]).write_bytes(b"%PDF half")
    said = published(*EVERYBODY, "-o", "st", "--json")
    assert (said.exit, said.json["kept"], said.json["written"]) == (0, 1, len(whole) - 1)
    assert files_below(published.folder / "st") == whole


def test_another_batch_does_not_go_on_with_what_is_there(published):
    sink = FolderSink(published.folder / "st", "one")
    sink.write("T1/1.pdf", b"x")
    sink.__exit__(KeyboardInterrupt, KeyboardInterrupt(), None)
    assert FolderSink(published.folder / "st", "one").holds("T1/1.pdf")
    assert not FolderSink(published.folder / "st", "two").holds("T1/1.pdf")
    assert not (published.folder / "st" / JOURNAL).exists()


def test_a_journal_that_was_cut_off_counts_as_far_as_it_goes(tmp_path):
    digest = sha256(b"x").hexdigest()
    (tmp_path / "T1").mkdir()
    (tmp_path / "T1" / "1.pdf").write_bytes(b"x")
    (tmp_path / JOURNAL).write_text(f'{{"batch": "one"}}\n["T1/1.pdf", "{digest}"]\n["T1/2.p', encoding="utf-8")
    assert FolderSink(tmp_path, "one").holds("T1/1.pdf")
    (tmp_path / JOURNAL).write_text('{"bat', encoding="utf-8")
    assert not FolderSink(tmp_path, "one").holds("T1/1.pdf")


def test_an_archive_that_was_interrupted_is_not_there(published, monkeypatch):
    def stops(*_rest):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(zipfile.ZipFile, "writestr", stops)
    said = published(*EVERYBODY, "--as", "zip", "-o", "st.zip")
    assert said.exit == 2
    assert "磁盘已满" in said.err
    assert not [path for path in published.folder.iterdir() if path.name.startswith((".st", "st"))]


@pytest.mark.parametrize(
    "options", [("--as", "zip", "-o", "st"), ("-o", "st.zip"), ("--as", "rar", "-o", "st"), ("--by", "x", "-o", "st")]
)
def test_forms_that_do_not_exist_are_wrong_use(published, options):
    assert published(*EVERYBODY, *options).exit == 2


def test_statements_out_of_scope_are_as_if_they_were_not_there(published):
    store = open_store(f"sqlite:///{published.folder / 'perf.db'}")
    for stranger in (Actor("外人"), Actor("别家", frozenset(["G2"]))):
        with pytest.raises(NotFound):
            statements_of(store, run=JUNE, actor=stranger)
        with pytest.raises(NotFound):
            one_statement(store, run=JUNE, staff_no="000201", actor=stranger)
        with pytest.raises(NotFound):
            verify_code(store, run=JUNE, typed="ABCD-EFGH-IJKL-MNOP", staff_no="", actor=stranger)
    store.close()


def test_two_processes_that_read_for_themselves_give_the_same_files_as_one(published):
    assert published(*EVERYBODY, "-o", "one").exit == 0
    assert published("statements", "--all", "--workers", "2", "-o", "two").exit == 0
    assert files_below(published.folder / "two") == files_below(published.folder / "one") != {}


@pytest.mark.parametrize("count", [1, 3, 1000])
def test_statements_made_some_at_a_time_are_those_of_the_whole_run(published, count):
    store = open_store(f"sqlite:///{published.folder / 'perf.db'}")
    whole = statements_of(store, run=JUNE, actor=HR)
    batch = statement_batch(store, run=JUNE, actor=HR)
    people = batch.subjects()
    assert people == whole.subjects()
    for start in range(0, len(people), count):
        some = people[start : start + count]
        made = batch.source.of(some, batch.told.about(some))
        assert [made.view(one) for one in some] == [whole.view(one) for one in some]
    assert batch.source.of([], batch.told).subjects("institution") == batch.frame.subjects("institution")
    store.close()


@pytest.mark.parametrize("workers", ["1", "2"])
def test_what_was_damaged_is_refused_by_whoever_reads_it(published, workers):
    path = published.folder / "perf.db"
    with sqlite3.connect(path) as connection:
        connection.execute("update run_document set content = x'00' where run_id = ? and subject = '000201'", (JUNE,))
    said = published("statements", "--all", "--workers", workers, "-o", "st")
    assert said.exit == 5
    assert "已损坏" in said.err
    assert not [name for name in files_below(published.folder / "st") if "000201" in name]


def test_the_address_of_the_database_is_never_shown():
    header = RunHeader(JUNE, "published", "3", "", "G1")
    assert "secret" not in repr(Opening("postgresql://clerk:secret@host/perf", header, HR))
