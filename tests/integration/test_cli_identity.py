"""Numbers of people from the terminal: not one of their digits shows anywhere but where somebody allowed asks for it."""

import csv
import io
import json
from pathlib import Path

import pytest
from cli_june import SPECS, put
from cli_month_files import INSTITUTIONS, PEOPLE, put_month, sheet
from fastapi.testclient import TestClient
from openpyxl import load_workbook
from pypdf import PdfReader

from perf.services.actors import local_actor
from perf.storage import audit
from perf.storage.store import open_store
from perf.storage.viewer import EVERYTHING
from perf.web.app import create_app
from perf.web.store_source import StoreSource

IDS = {"000101": "11010519491231002X", "000102": "440524188001010014"}
CARDS = {
    "000101": "4539148803436467",
    "000102": "6222021234567890128",
    "000103": "6228480402564890018",
    "000201": "5500005555555559",
}
PHONE = "13812345678"
WRONG = "341024199003071234"
HEADER = ["工号", "姓名", "身份证号", "手机", "银行卡号", "开户行"]


def numbers(*, wrong: bool = False) -> list[list[object]]:
    names = {str(row[0]): row[1] for row in PEOPLE[1:]}
    rows: list[list[object]] = [HEADER]
    for who, card in CARDS.items():
        rows.append([who, names[who], IDS.get(who), PHONE if who == "000101" else None, card, "@县农商行,城关"])
    if wrong:
        rows.append(["000202", names["000202"], WRONG, None, 6222021234567890128, None])
    return rows


def secrets() -> list[bytes]:
    """What must stand nowhere: every number, its middle, and the form in which Excel keeps it."""
    whole = [*IDS.values(), *CARDS.values(), PHONE, WRONG]
    return [part.encode() for number in whole for part in (number, number[-12:-4], number[:-4])]


def leaked(text: str | bytes) -> list[bytes]:
    held = text if isinstance(text, bytes) else text.encode()
    return [part for part in secrets() if part in held or part.decode().encode("utf-16-le") in held]


def unpacked(content: bytes) -> bytes:
    """A workbook's parts, read out of their package."""
    import zipfile

    with zipfile.ZipFile(io.BytesIO(content)) as package:
        return b"".join(package.read(name) for name in package.namelist())


def entries(folder: Path, action: str) -> list[tuple[str, str, dict[str, object]]]:
    store = open_store(str(folder / "perf.db"))
    with store.read() as connection:
        found = audit.entries(connection, EVERYTHING, action=action)
    store.close()
    return [(one.actor, one.target, json.loads(one.details)) for one in found]


@pytest.fixture
def carded(published):
    """A published June, with numbers."""
    put(published, "卡号.xlsx", sheet(numbers(), "卡号"))
    said = published("import", "卡号.xlsx", "--accept", "--by", "张三")
    assert (said.exit, "新增 11" in said.out) == (0, True), said
    return published


def test_not_one_digit_is_anywhere_after_an_import(published):
    """Database and its log, standard output and error, JSON, issues, previews, pages, papers."""
    put(published, "卡号.xlsx", sheet(numbers(wrong=True), "卡号"))
    said = [
        published("import", "卡号.xlsx"),
        published("import", "卡号.xlsx", "--json"),
        published("import", "卡号.xlsx", "--accept"),
        published("import", "卡号.xlsx", "--accept-clean", "--by", "张三", "--marked", "改.xlsx"),
        published("import", "卡号.xlsx", "--accept", PERF_DEBUG="1"),
        published("issues"),
        published("issues", "--json"),
        published("files"),
        published("files", "--json"),
        published("roster"),
        published("roster", "000101", "--json"),
        published("roster", "-o", "花名册2.xlsx", *SPECS),
        published("explain", "000101"),
        published("verify", "2025-06"),
        published("key", "check"),
    ]
    assert [one.exit for one in said] == [3, 3, 3, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]
    for one in said:
        assert leaked(one.out + one.err) == []
    assert "****6467" in said[9].out
    assert leaked(unpacked((published.folder / "花名册2.xlsx").read_bytes())) == []
    for file in published.folder.glob("perf.db*"):
        assert leaked(file.read_bytes()) == [], file
    marked = load_workbook(published.folder / "改.xlsx")
    comments = [c.comment.text for s in marked.worksheets for row in s.iter_rows() for c in row if c.comment]
    problems = [str(c.value) for row in marked["问题清单"].iter_rows() for c in row if c.value]
    assert len(comments) == 2
    assert leaked("".join(comments + problems)) == []


def test_pages_show_the_last_signs_only(carded):
    store = open_store(str(carded.folder / "perf.db"))
    client = TestClient(create_app(StoreSource(store, local_actor("x"))), base_url="http://127.0.0.1")
    page = client.get("/people/2025-06/000101")
    assert page.status_code == 200
    assert "************6467" in page.text
    assert "**************002X" in page.text
    assert "138****5678" in page.text
    for path in ("/", "/people/2025-06/000101", "/institutions/2025-06/H1", "/people/2025-06/nobody", "/nowhere"):
        assert leaked(client.get(path).content) == []
    (carded.folder / "perf.db.key").rename(carded.folder / "else")
    other = StoreSource(open_store(str(carded.folder / "perf.db")), local_actor("x"))
    assert TestClient(create_app(other), base_url="http://127.0.0.1").get("/people/2025-06/000101").status_code == 200
    assert other.numbers("000101") == ()
    store.close()


def test_an_exported_roster_reads_in_again_as_the_same(carded):
    assert carded("roster", "-o", "再.xlsx", *SPECS).exit == 0
    again = carded("import", "再.xlsx", *SPECS, "--json")
    assert again.exit == 0
    [found] = again.json
    assert {key: found["counts"][key] for key in ("new", "changed", "gone")} == {"new": 0, "changed": 0, "gone": 0}
    assert {key for key in found["counts"] if key.startswith("numbers")} <= {"numbers_unchanged"}


def test_a_whole_number_is_shown_only_with_a_reason_and_put_on_record(carded):
    refused = carded("roster", "000101", "--reveal", "bank_card")
    assert (refused.exit, leaked(refused.out + refused.err)) == (2, [])
    assert carded("roster", "000101", "--reveal", "secret", "--reason", "x").exit == 2
    shown = carded("roster", "000101", "--reveal", "bank_card", "--reason", "核对退票", "--by", "王芳", "--json")
    [one] = shown.json
    assert one["numbers"]["bank_card"] == CARDS["000101"]
    assert one["numbers"]["citizen_id"] == "**************002X"
    assert entries(carded.folder, "read-numbers") == [
        ("王芳", "000101", {"purpose": "roster", "fields": {"bank_card": 1}, "people": 1})
    ]


# ---------------------------------------------------------------- the bank


def pay(terminal) -> dict[str, int]:
    terminal("export", "payfile", "-o", "发放.csv", "--run", "2025-06")
    rows = list(csv.DictReader(io.StringIO(terminal.read("发放.csv").removeprefix("\ufeff"))))
    return {row["工号"]: round(float(row["应发"]) * 100) for row in rows}


def test_the_bank_file_is_the_pay_to_the_fen_and_who_has_no_card_is_told(carded):
    said = carded("export", "bankfile", "--month", "2025-06", "-o", "代发.csv", "--by", "李强", "--json")
    assert said.exit == 1
    assert said.json["without_card"] == ["000202"]
    assert [issue["code"] for issue in said.json["issues"]] == ["bank-card-missing"]
    text = (carded.folder / "代发.csv").read_bytes().decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(text)))
    expected = pay(carded)
    names = {str(row[0]): row[1] for row in PEOPLE[1:]}
    by_card = {row["银行卡号"]: row for row in rows}
    assert {who: round(float(by_card[CARDS[who]]["金额(元)"]) * 100) for who in CARDS} == {
        w: expected[w] for w in CARDS
    }
    assert sum(expected[who] for who in CARDS) == said.json["amount_fen"]
    assert [by_card[CARDS[who]]["姓名"] for who in CARDS] == [names[who] for who in CARDS]
    assert {row["开户行"] for row in rows} == {"'@县农商行,城关"}
    assert {row["备注"] for row in rows} == {"2025年6月绩效"}
    left = (carded.folder / "代发-没有银行卡号.csv").read_bytes().decode("utf-8-sig")
    assert "000202" in left
    assert entries(carded.folder, "read-numbers") == [
        ("李强", "4 people", {"purpose": "bankfile", "fields": {"bank": 4, "bank_card": 4}, "people": 4})
    ]
    assert leaked(said.out + said.err) == []
    assert entries(carded.folder, "export-bankfile") == [("李强", "G1:2025-06#1", {"people": 4, "is_net": False})]
    again = carded("export", "bankfile", "--month", "2025-06", "-o", "再.csv", "--by", "王芳")
    assert (again.exit, "G1:2025-06#1 的代发文件已由 李强 于" in again.out, "(4 人)" in again.out) == (1, True, True)


def test_the_bank_file_as_a_workbook_has_text_cards_and_totals_and_the_same_bytes(carded):
    for name in ("一.xlsx", "二.xlsx"):
        assert carded("export", "bankfile", "--month", "2025-06", "-o", name, "--remark", "=1+1").exit == 1
    one, two = ((carded.folder / name).read_bytes() for name in ("一.xlsx", "二.xlsx"))
    assert one == two
    book = load_workbook(io.BytesIO(one))
    assert book.sheetnames == ["银行代发", "没有银行卡号"]
    cells = [cell for row in book["银行代发"].iter_rows() for cell in row]
    cards = [cell for cell in cells if cell.value in CARDS.values()]
    assert {(cell.data_type, cell.number_format) for cell in cards} == {("s", "@")}
    assert len(cards) == 4
    assert [cell.data_type for cell in cells if cell.value == "=1+1"] == ["s"] * 4
    assert any(str(cell.value).startswith("=SUM(") for cell in cells)
    assert any("4 行;金额(元)" in str(cell.value) for cell in cells)


def test_layouts_are_declared_in_a_few_lines(carded):
    carded.write(
        {"行.yaml": "encoding: gb18030\ndelimiter: tab\nheader: no\ncolumns: {户名: name, 卡: card, 元: amount}\n"}
    )
    assert carded("export", "bankfile", "--month", "2025-06", "--bank", "行.yaml", "-o", "行.txt").exit == 1
    lines = (carded.folder / "行.txt").read_bytes().decode("gb18030").splitlines()
    assert len(lines) == 4
    assert lines[0].split("\t")[:2] == ["赵一", CARDS["000101"]]
    assert carded("export", "bankfile", "--month", "2025-06", "--bank", "plain", "-o", "行.txt").exit == 1
    assert (carded.folder / "行.txt").read_bytes().decode("gb18030").startswith(f"{CARDS['000101']}|赵一|")
    assert "钱㛃" in (carded.folder / "行.txt").read_bytes().decode("gb18030")
    assert carded("export", "bankfile", "--bank", "nobank", "-o", "x.csv").exit == 2
    carded.write({"错.yaml": "encoding: latin\ncolour: red\ncolumns: {户名: name, 卡: kard}\n"})
    wrong = carded("export", "bankfile", "--bank", "错.yaml", "-o", "x.csv")
    assert wrong.exit == 3
    assert wrong.err.count("bank-layout") + wrong.out.count("bank-layout") >= 4


def test_a_draft_is_not_sent_to_the_bank(june):
    said = june("export", "bankfile", "--month", "2025-06", "-o", "x.csv")
    assert (said.exit, june.exists("x.csv")) == (4, False)
    assert "还没有发布" in said.err


def test_without_any_card_everybody_is_told_and_nothing_is_dropped(published):
    said = published("export", "bankfile", "--month", "2025-06", "-o", "x.csv", "--json")
    assert (said.exit, said.json["people"], len(said.json["without_card"])) == (1, 0, 5)


def test_without_the_key_the_bank_file_is_refused(carded):
    (carded.folder / "perf.db.key").unlink()
    said = carded("export", "bankfile", "--month", "2025-06", "-o", "x.csv")
    assert (said.exit, carded.exists("x.csv")) == (4, False)
    assert "找不到密钥文件" in said.err


# ---------------------------------------------------------------- passwords of statements


def test_statements_open_with_the_last_six_signs_of_the_identity_number(carded):
    said = carded("statements", "--all", "-o", "单", "--run", "2025-06", "--password", "from-id", "--json")
    assert said.exit == 1
    assert said.json["without_password"] == ["000103", "000201", "000202"]
    for who, number in IDS.items():
        [file] = (carded.folder / "单").rglob(f"{who}.pdf")
        reader = PdfReader(file)
        assert reader.is_encrypted
        assert not reader.decrypt(number[-5:])
        assert reader.decrypt(number[-6:])
        assert number[-6:] not in said.out + said.err
    assert [(who, what["purpose"], what["people"]) for _, who, what in entries(carded.folder, "read-numbers")] == [
        ("2 people", "passwords", 2)
    ]


def test_a_table_goes_before_the_identity_number_and_helps_those_without_one(carded):
    carded.write({"密码.csv": "staff_no,password\n000101,abcdef\n000103,ghijkl\n"})
    options = ("--run", "2025-06", "--password", "from-id", "--passwords", "密码.csv")
    assert carded("statement", "000101", "-o", "a.pdf", *options).exit == 0
    assert PdfReader(carded.folder / "a.pdf").decrypt("abcdef")
    assert carded("statement", "000102", "-o", "b.pdf", *options).exit == 0
    assert PdfReader(carded.folder / "b.pdf").decrypt(IDS["000102"][-6:])
    assert carded("statement", "000103", "-o", "c.pdf", *options).exit == 0
    refused = carded("statement", "000201", "-o", "d.pdf", *options)
    assert (refused.exit, carded.exists("d.pdf")) == (4, False)
    assert carded("statements", "--all", "--as", "merged", "-o", "e", "--password", "from-id").exit == 2


def test_a_facts_file_with_identity_numbers_is_kept_encrypted(june):
    rows: list[list[object]] = [["工号", "姓名", "身份证号", "工作得分"], ["000101", "赵一", IDS["000101"], 91]]
    put(june, "2025-07 质控科.xlsx", sheet(rows, "质控"))
    said = june("import", "2025-07 质控科.xlsx", *SPECS, "--accept", "--json")
    assert said.exit == 0, said
    assert leaked(said.out + said.err) == []
    for file in june.folder.glob("perf.db*"):
        assert leaked(file.read_bytes()) == []
    [back] = [one["import"] for one in june("files", "--json").json if "2025-07" in one["file"]]
    assert june("files", str(back), "-o", "原.xlsx").exit == 0
    assert (june.folder / "原.xlsx").read_bytes() == (june.folder / "2025-07 质控科.xlsx").read_bytes()


def test_the_key_can_lie_elsewhere(terminal):
    put_month(terminal.folder)
    elsewhere = terminal.folder / "keys"
    elsewhere.mkdir()
    place = {"PERF_KEY_FILE": str(elsewhere / "perf.key")}
    assert terminal("init", **place).exit == 0
    assert not terminal.exists("perf.db.key")
    put(terminal, "机构.xlsx", sheet(INSTITUTIONS, "机构名单"))
    assert terminal("import", "机构.xlsx", "--accept", *SPECS, **place).exit == 0
    refused = terminal("files", "1", "-o", "x.xlsx")
    assert refused.exit == 4
    assert terminal("files", "1", "-o", "x.xlsx", **place).exit == 0
    assert terminal("key", "rotate", "--by", "李强", **place).exit == 0
    assert terminal("key", "check", **place).exit == 0
    assert terminal("init").exit == 4


def test_a_number_in_the_name_of_a_file_is_masked_wherever_the_name_is_shown_or_kept(june):
    name = f"2025-07 质控科 赵一{IDS['000101']} {PHONE}.xlsx"
    put(june, name, sheet([["工号", "姓名", "工作得分"], ["000101", "赵一", 91], ["000102", "钱㛃", 900]], "质控"))
    said = [
        june("import", name, *SPECS),
        june("import", name, *SPECS, "--accept", "--json", PERF_DEBUG="1"),
        june("import", name, *SPECS, "--accept-clean", "--by", "张三"),
        june("import", f"没有{name}", *SPECS),
        june("import", name, *SPECS, "--mapping", name),
        june("files"),
        june("files", "--json"),
        june("issues", "--json"),
    ]
    assert [one.exit for one in said] == [3, 3, 0, 3, 3, 0, 0, 0]
    assert leaked("".join(one.out + one.err for one in said)) == []
    for file in june.folder.glob("perf.db*"):
        assert leaked(file.read_bytes()) == [], file
    [own] = [one for one in june("files", "--json").json if "2025-07" in one["file"]]
    assert own["file"] == "2025-07 质控科 赵一**************002X *******5678.xlsx"
    (june.folder / "原").mkdir()
    back = june("files", own["import"], "-o", "原")
    assert (back.exit, leaked(back.out + back.err)) == (0, [])
    [written] = (june.folder / "原").iterdir()
    assert (written.read_bytes(), "*" in written.name) == ((june.folder / name).read_bytes(), False)


def test_a_number_in_a_reason_is_masked_before_anything_is_stored(published):
    said = [
        published("key", "rotate", "--reason", f"电话{PHONE}"),
        published("export", "bankfile", "--month", "2025-06", "-o", "x.csv", "--reason", f"给{CARDS['000101']}"),
        published("publish", "2025-06", "--by", "李强", "--reason", f"会议{IDS['000101']}"),
    ]
    assert [one.exit for one in said][:2] == [0, 1]
    for file in published.folder.glob("perf.db*"):
        assert leaked(file.read_bytes()) == [], file
