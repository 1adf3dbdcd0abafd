"""`distribute` on files: ledgers that read back, and what refuses to make one."""

import csv
import io

import pytest
from tests.integration.cli_county_files import errors, lines
from tests.unit.appraisal.appraisal_county import RULES

from perf.distribution import LEDGER_COLUMNS, check_rows


def balances(text: str) -> dict[str, int]:
    found: dict[str, int] = {}
    for row in lines(text):
        found[row["to"]] = found.get(row["to"], 0) + int(row["amount_fen"])
        found[row["from"]] = found.get(row["from"], 0) - int(row["amount_fen"])
    return found


def test_the_ledger_reads_back_and_every_fen_is_there(files):
    files.score()
    assert files.distribute().exit == 1
    text = files.terminal.read("LEDGER.csv")
    rows = lines(text)
    assert list(rows[0]) == list(LEDGER_COLUMNS)
    assert [int(row["entry"]) for row in rows] == list(range(1, len(rows) + 1))
    check_rows(rows, {})
    closing = balances(text)
    assert {a: v for a, v in closing.items() if a.startswith("fund:") and v} == {}
    assert -closing["outside:pay"] == 2345678 + 987655
    assert sum(closing.values()) == 0
    assert closing["held:p5"] == 521312
    assert "person:p5" not in {a for a, v in closing.items() if v}


def test_without_scores_everybody_is_held_and_nobody_paid(files):
    said = files.distribute("--json", scores="")
    assert said.exit == 1
    waiting = {issue["subject"] for issue in said.json if issue["code"] == "score-missing"}
    assert waiting == {f"p{n}" for n in range(1, 9)}
    shares = [row for row in lines(files.terminal.read("LEDGER.csv")) if row["line"] == "绩效"]
    assert {row["to"].partition(":")[0] for row in shares if row["amount_fen"] != "0"} == {"held"}


def test_floors_over_the_pool_leave_the_owner_untouched_and_pay_the_other(files):
    files.put(rules=RULES.replace("floor: 100", "floor: 3000"))
    files.score()
    said = files.distribute("--json")
    assert said.exit == 1
    assert "pool-under-floors" in said.codes()
    (issue,) = [i for i in said.json if i["code"] == "pool-under-floors"]
    assert issue["subject"] == "h2"
    rows = lines(files.terminal.read("LEDGER.csv"))
    assert {row["owner"] for row in rows} == {"h1"}


def test_nobody_eligible_is_told_and_no_money_moves(files):
    files.put(rules=RULES.replace("among: staff", "among: staff where category == porter"))
    said = files.distribute("--json", scores="")
    assert said.exit == 1
    assert said.codes().count("nobody-eligible") == 2
    assert lines(files.terminal.read("LEDGER.csv")) == []


def test_an_opening_ledger_brings_its_balances_and_has_to_balance(files):
    files.score()
    files.distribute()
    first = files.terminal.read("LEDGER.csv")
    files.terminal.write({"MAY.csv": first.replace("2025-06", "2025-05")})
    more = RULES + (
        "---\ndistribution: bonus\ntitle: {zh: 结存发放}\nperiod: month\nper: institution\namong: staff\n"
        "fund: balance(saved)\nsource: {document: 文, clause: 条}\nsteps: [{apportion: {by: share}}]\n"
    )
    files.put(rules=more)
    assert files.distribute("--opening", "MAY.csv", distribution="bonus").exit == 0
    closing = balances(files.terminal.read("LEDGER.csv"))
    assert closing["reserve:saved:h1"] == -70370
    assert closing["reserve:saved:h2"] == -29630
    before = files.terminal.read("LEDGER.csv")
    for damaged in (
        first.replace(",70370,", ",70371,"),
        "\n".join(row for row in first.splitlines() if not row.startswith("7,")) + "\n",
        first + first.splitlines()[-1] + "\n",
        first.replace("amount_fen", "amount"),
        first.replace(",70370,", ",-1,"),
        first.replace(",70370,", ",x,"),
    ):
        files.terminal.write({"MAY.csv": damaged})
        said = files.distribute("--opening", "MAY.csv", "--json", distribution="bonus")
        assert said.exit == 3, damaged[:200]
        assert {issue["file"] for issue in said.json} == {"MAY.csv"}
        assert files.terminal.read("LEDGER.csv") == before


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"distribution": "pya"}, "没有分配规则 pya"),
        ({"period": "2025"}, "不适用于 2025"),
        ({"period": "六月"}, "六月"),
    ],
)
def test_a_distribution_that_is_not_there_or_not_in_force_is_wrong_use(files, changes, words):
    said = files.distribute(scores="", **changes)
    assert said.exit == 2
    assert words in said.err
    assert not files.terminal.exists("LEDGER.csv")


def test_scores_given_twice_are_refused_and_those_of_another_month_are_told(files):
    files.score()
    text = files.terminal.read("OUT.csv")
    files.terminal.write({"AGAIN.csv": text, "MAY.csv": text.replace("2025-06", "2025-05")})
    said = files.distribute("--scores", "AGAIN.csv", "--json")
    assert (said.exit, set(errors(said))) == (3, {"score-twice"})
    assert not files.terminal.exists("LEDGER.csv")
    told = files.distribute("--json", scores="MAY.csv")
    assert told.exit == 1
    assert "score-other-period" in told.codes()


def test_a_broken_score_file_is_refused_with_its_lines(files):
    files.score()
    rows = files.terminal.read("OUT.csv").splitlines()
    rows[3] += ",more"
    files.terminal.write({"OUT.csv": "\n".join(rows) + "\n"})
    said = files.distribute("--json")
    assert (said.exit, errors(said), said.json[0]["line"]) == (3, ["csv-row-length"], 4)


def test_the_order_of_rows_and_columns_of_every_file_never_matters(files):
    files.score("--explain", "OUT.jsonl")
    files.distribute()
    expected = [files.terminal.read(name) for name in ("OUT.csv", "LEDGER.csv")]
    for name in ("S.csv", "F.csv", "OUT.csv"):
        table = [row[::-1] for row in csv.reader(io.StringIO(files.terminal.read(name)))]
        text = io.StringIO()
        csv.writer(text).writerows([table[0], *reversed(table[1:])])
        files.terminal.write({name: "\ufeff" + text.getvalue()})
    files.distribute()
    assert files.terminal.read("LEDGER.csv") == expected[1]
    files.score()
    assert files.terminal.read("OUT.csv") == expected[0]


def test_no_amount_and_no_figure_of_a_person_is_in_what_goes_to_the_screen(files):
    files.put(rules=RULES.replace("floor: 100", "floor: 3000"))
    said = [files.score(), files.distribute(), files.score("--json"), files.distribute("--json")]
    ledger = lines(files.terminal.read("LEDGER.csv"))
    personal = {row["amount_fen"] for row in ledger if row["to"].startswith(("person:", "held:"))} - {"0"}
    yuan = {f"{int(fen) // 100:,}.{int(fen) % 100:02d}" for fen in personal}
    for one in said:
        for text in (one.out, one.err):
            assert [amount for amount in yuan if amount in text] == []
