"""A month published from the terminal, and databases changed behind our back."""

import sqlite3

import pytest
from tests.integration.cli_june import JUNE, SPECS


def test_a_published_month_is_final(published):
    said = published("publish", "2025-06", "--by", "李强", "--reason", "再来一次")
    assert said.exit == 4
    assert "已经发布" in said.err
    assert published("publish", JUNE, "--by", "李强", "--reason", "x", "--json").json[0]["code"]
    published("run", "2025-06", *SPECS)
    assert published("publish", "G1:2025-06#2", "--by", "李强", "--reason", "x").exit == 4
    assert published("show", "2025-06", "--json").json["state"] == "published"


def test_publishing_needs_a_name_and_a_reason(june):
    assert june("publish", "2025-06").exit == 2
    assert june("publish", "2025-06", "--by", " ", "--reason", "x").exit == 2
    assert june("publish", "2025-06", "--by", "李强", "--reason", "").exit == 2
    assert june("show", "--json").json["state"] == "draft"


@pytest.mark.parametrize(
    ("statement", "table"),
    [
        ("update ledger_entry set amount_fen = amount_fen + 1 where target = 'person:000101'", "ledger_entry"),
        ("update scorecard_row set score_scaled = score_scaled + 1 where type = 'total'", "scorecard_row"),
        ("update balance set amount_fen = amount_fen + 1 where account = 'person:000101'", "balance"),
        ("delete from ledger_entry where number = 3", "ledger_entry"),
        ("update run set digest = replace(digest, substr(digest, 1, 1), 'x')", "run"),
    ],
)
def test_whoever_changes_the_database_behind_our_back_is_found_by_table(published, statement, table):
    connection = sqlite3.connect(published.folder / "perf.db")
    for (name,) in connection.execute("select name from sqlite_master where type = 'trigger'").fetchall():
        connection.execute(f'drop trigger "{name}"')
    connection.execute(statement)
    connection.commit()
    connection.close()
    said = published("verify", "--json")
    assert said.exit == 5
    assert said.json[0]["good"] is False
    assert any(table in finding for finding in said.json[0]["findings"])
    assert published("verify").exit == 5
