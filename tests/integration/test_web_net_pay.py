"""Net pay in the browser, over a database: shown when the payroll is accepted, gone when it is withdrawn, each scope its own file."""

import io
from datetime import date

from fastapi.testclient import TestClient
from openpyxl import load_workbook
from services_county import HR, JUNE, NOW, SEGMENTS, filled, june, segment, with_roster
from test_services_payroll import EVERYBODY, accept, paid_june, with_records

from perf.services.actors import Actor
from perf.services.payroll import withdraw_payroll
from perf.web.app import create_app
from perf.web.store_source import StoreSource

FILE = f"/months/{JUNE}/pay-file.xlsx"


def browser(store, actor=HR):
    return TestClient(create_app(StoreSource(store, actor)), base_url="http://127.0.0.1")


def rows(answer):
    assert answer.status_code == 200
    return [[cell.value for cell in row] for row in load_workbook(io.BytesIO(answer.content)).active.iter_rows()]


def test_a_page_that_is_open_follows_the_payroll(store, tmp_path):
    run = paid_june(store)
    with browser(store) as client:
        assert "从应发到实发" not in client.get(f"/people/{JUNE}/001").text
        assert not any("实发" in row for row in rows(client.get(FILE)))
        with_records(store, run, tmp_path, *EVERYBODY)
        draft, record = accept(store, run)
        net = {one.person: one.net for one in draft.result.people}
        shown = client.get(f"/people/{JUNE}/001").text
        assert "从应发到实发" in shown
        assert net["001"].text() in shown
        table = rows(client.get(FILE))
        head = next(row for row in table if "实发" in row)
        number, paid = head.index("工号"), head.index("实发")
        assert {row[number]: round(row[paid] * 100) for row in table if row[number] in EVERYBODY} == {
            who: amount.fen for who, amount in net.items()
        }
        withdraw_payroll(store, payroll=record.id, actor=HR, reason="有误", now=NOW)
        assert "从应发到实发" not in client.get(f"/people/{JUNE}/001").text


def test_whoever_may_not_see_a_consortium_gets_no_file_and_no_page_of_it(store):
    paid_june(store)
    for actor, status in (
        (Actor("甲", frozenset({"A"})), 200),
        (Actor("乙", frozenset({"B"})), 404),
        (Actor("丙"), 404),
    ):
        with browser(store, actor) as client:
            assert client.get(FILE).status_code == status
            assert client.get(f"/people/{JUNE}/001").status_code == status


def test_whoever_left_before_the_month_and_gets_nothing_in_it_has_no_statement(store):
    gone = segment("009", "person", "doctor", "h1", last=date(2024, 12, 31), name="吴九", share="1")
    filled(store)
    with_roster(store, (*SEGMENTS, gone))
    june(store)
    with browser(store) as client:
        for page in ("", "/statement.pdf"):
            assert client.get(f"/people/{JUNE}/009{page}").status_code == 404
            assert client.get(f"/people/{JUNE}/001{page}").status_code == 200
