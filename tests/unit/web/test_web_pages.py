from dataclasses import replace

import pytest
from fastapi.testclient import TestClient
from pypdf import PdfReader
from tests.browser.browser_sample_source import SampleSource
from tests.unit.pdf.pdf_sample_view import sample_view, trend

from perf.appraisal.views import TrendPoint
from perf.kernel.money import Money
from perf.kernel.text import Text
from perf.web.app import create_app
from perf.web.trend_drawing import draw_trend

PAGES = [
    "/",
    "/?period=2025-06&institution=X203&q=张",
    "/institutions/2025-06/X203",
    "/people/2025-06/00123",
    "/people/2025-06/0000042",
]


@pytest.fixture(scope="module")
def client():
    with TestClient(create_app(SampleSource()), base_url="http://127.0.0.1") as client:
        yield client


def squeezed(text: str) -> str:
    return "".join(text.split())


@pytest.mark.parametrize("path", PAGES)
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_every_page_answers_in_both_languages_with_one_heading(client, path, lang):
    answer = client.get(path + ("&" if "?" in path else "?") + f"lang={lang}")
    assert answer.status_code == 200
    assert f'<html lang="{"en" if lang == "en" else "zh-CN"}">' in answer.text
    assert answer.text.count("<h1>") == 1
    assert "<script" not in answer.text
    assert ' style="' not in answer.text


@pytest.mark.parametrize("path", [*PAGES, "/nothing", "/static/app.css"])
def test_every_answer_forbids_scripts_frames_and_other_hosts(client, path):
    headers = client.get(path).headers
    policy = headers["content-security-policy"]
    assert policy.startswith("default-src 'none'; style-src 'self';")
    assert "unsafe" not in policy
    assert "script-src" not in policy
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "no-referrer"


@pytest.mark.parametrize("path", [*PAGES, "/people/2025-06/00123/statement.pdf"])
def test_pages_with_pay_are_not_kept_by_the_browser(client, path):
    assert client.get(path).headers["cache-control"] == "no-store"


def test_a_statement_page_shows_what_the_view_says(client):
    page = squeezed(client.get("/people/2025-06/00123").text)
    view = sample_view()
    shown = [
        view.name,
        view.staff_no,
        view.total_pay.text(),
        view.held.text(),
        view.year_to_date.text(),
        view.digest,
        "↑311.25",
    ]
    for block in view.pay:
        shown += [
            text
            for step in block.path
            for text in (step.before.text(), step.out.text(), step.after.text(), step.how.zh)
        ]
        shown += [
            text
            for line in block.lines
            for text in (line.title.zh, line.amount.text(), line.how.zh, *(s.zh for s in line.steps))
        ]
    for card in view.scorecards:
        lines = [line for dimension in card.dimensions for line in dimension.lines]
        shown += [card.total, card.sum_line.zh, card.rounding_difference, *card.outcomes]
        shown += [
            text
            for line in lines
            for text in (line.title.zh, line.value, line.how_points.zh, line.how_score.zh, line.clause, *line.sources)
        ]
    assert [text for text in shown if squeezed(text) not in page] == []


def test_the_parts_of_a_total_by_post_stand_with_their_arithmetic():
    source, how = SampleSource(), Text("医师考核 90 × 医师在岗天数 20 × 1 ÷ 30 = 60")
    view = sample_view(staff_no="00666")
    card = view.scorecards[0]
    part = replace(card.dimensions[0], title=Text("医师考核"), lines=(), how=how)
    source._views["00666"] = replace(view, scorecards=(replace(card, dimensions=(part,), extra=()),))
    page = squeezed(TestClient(create_app(source), base_url="http://127.0.0.1").get("/people/2025-06/00666").text)
    assert squeezed(how.zh) in page


def test_a_name_with_markup_is_only_text():
    source = SampleSource()
    source._views["00666"] = sample_view(staff_no="00666", name="<b onclick=x>张</b>")
    page = TestClient(create_app(source), base_url="http://127.0.0.1").get("/people/2025-06/00666").text
    assert "<b onclick" not in page
    assert "&lt;b onclick=x&gt;张&lt;/b&gt;" in page


def test_english_labels_with_english_titles_where_the_view_has_them(client):
    page = client.get("/people/2025-06/00123?lang=en").text
    assert "Performance pay this month" in page
    assert "Outpatient visits" in page
    assert 'href="/institutions/2025-06/X203?lang=en"' in page


@pytest.mark.parametrize(
    "path",
    ["/nothing", "/people/2025-06/99999", "/people/2025-13/00123", "/people/2025-06/99999/statement.pdf", "/institutions/2025-06/X999", "/institutions/1999-01/X203", "/?period=1999-01"],
)  # fmt: skip
def test_what_does_not_exist_gets_a_page_that_says_so(client, path):
    answer = client.get(path)
    assert answer.status_code == 404
    assert "没有找到这个页面" in answer.text


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete"])
@pytest.mark.parametrize("path", ["/", "/people/2025-06/00123", "/people/2025-06/00123/statement.pdf"])
def test_nothing_can_be_changed(client, method, path):
    answer = getattr(client, method)(path)
    assert answer.status_code == 405
    assert "不能修改" in answer.text


@pytest.mark.parametrize("host", ["example.org", "127.0.0.1.example.org", "10.0.0.1"])
def test_other_host_names_are_refused(client, host):
    assert client.get("/", headers={"host": host}).status_code == 400


def test_the_description_of_the_api_is_not_served(client):
    assert [client.get(path).status_code for path in ("/docs", "/redoc", "/openapi.json")] == [404, 404, 404]


def test_the_pdf_comes_with_neither_name_nor_amount_in_its_file_name(client, tmp_path):
    answer = client.get("/people/2025-06/00123/statement.pdf")
    assert answer.headers["content-type"] == "application/pdf"
    assert answer.headers["content-disposition"] == 'attachment; filename="statement-2025-06-00123.pdf"'
    file = tmp_path / "statement.pdf"
    file.write_bytes(answer.content)
    assert "7,851.25" in PdfReader(file).pages[0].extract_text()


def test_people_are_found_by_a_part_of_the_name_or_number_and_paged(client):
    first = client.get("/", params={"period": "2025-06", "q": "张"}).text
    assert squeezed("第 1 / 4 页") in squeezed(first)
    assert first.count('href="/people/2025-06/') == 30
    last = client.get("/", params={"period": "2025-06", "q": "张", "page": "9"}).text
    assert last.count('href="/people/2025-06/') == 10
    assert 'href="/people/2025-06/10012"' in client.get("/", params={"q": "10012"}).text


def test_lists_of_people_tell_no_pay(client):
    assert "7,851.25" not in client.get("/", params={"q": "张"}).text


@pytest.mark.parametrize("page", ["0", "-1", "x", "999999", "9" * 5000, "²"])
def test_an_odd_page_number_does_no_harm(client, page):
    assert client.get("/", params={"q": "张", "page": page}).status_code == 200


def test_nobody_found_says_what_to_try(client):
    assert "没有符合条件的人" in client.get("/", params={"q": "没有此人"}).text


def test_a_month_without_results_says_so(client):
    assert "还没有单位的考核结果" in client.get("/", params={"period": "2025-05"}).text


def test_an_empty_database_says_what_to_do():
    client = TestClient(create_app(SampleSource(months=())), base_url="http://127.0.0.1")
    assert "还没有核算结果" in client.get("/").text


def test_gaps_of_the_trend_stay_open():
    drawing = draw_trend(trend())
    assert [len(line.split()) for line in drawing.lines] == [2, 5, 3]
    assert [mark.label for mark in drawing.marks if not mark.pay] == ["9月", "3月"]


def test_a_trend_of_nothing_is_no_drawing():
    assert draw_trend(()) is None
    assert draw_trend([TrendPoint("2025-06", "6月", None, None)]) is None
    assert draw_trend([TrendPoint("2025-06", "6月", "未评", None)]) is None


def test_a_trend_of_one_equal_or_zero_values_is_drawn():
    points = [TrendPoint(f"2025-0{n}", f"{n}月", "60.00", Money(0)) for n in range(1, 4)]
    assert [mark.bar_height for mark in draw_trend(points).marks] == ["0.0", "0.0", "0.0"]
    assert draw_trend(points[:1]).lines == ()


def test_the_way_from_gross_to_net_stands_on_the_page_once_a_payroll_was_run(client):
    shown = client.get("/people/2025-06/10099").text
    assert "从应发到实发" in shown
    for figure in ("8,394.56", "1,530.00", "55.94", "6,808.62", "-612.00"):
        assert figure in shown.replace("−", "-").replace("- ", "-")
    assert "基数 7,650 × 12%" in shown
    assert "13,051.92 × 3%" in shown
    assert "从应发到实发" not in client.get("/people/2025-06/10098").text
    assert "From gross to net" in client.get("/people/2025-06/10099?lang=en").text


def test_the_pay_file_comes_under_a_name_that_tells_nobody(client):
    assert "/months/2025-06/pay-file.xlsx" in client.get("/").text
    answer = client.get("/months/2025-06/pay-file.xlsx")
    assert (answer.status_code, answer.content) == (200, b"PK sample")
    assert answer.headers["content-disposition"] == 'attachment; filename="pay-file.xlsx"'
    assert answer.headers["cache-control"] == "no-store"


def test_a_draft_has_no_pay_file_and_half_a_payroll_says_what_to_do(client):
    assert "pay-file" not in client.get("/?period=2025-05").text
    assert client.get("/months/2025-05/pay-file.xlsx").status_code == 404
    refused = client.get("/months/2025-04/pay-file.xlsx")
    assert refused.status_code == 409
    assert "--accept" in refused.text


class _TwoHouses(SampleSource):
    """A month of two consortia: one published, the other a draft."""

    def institutions(self, period):
        rows = super().institutions(period)
        return [replace(rows[0], run="G1:2025-06#1", state="published"), *rows[1:]]

    def months(self):
        return [replace(row, run="G1:2025-06#1、G2:2025-06#3", state="draft") for row in super().months()]


def test_an_institution_names_the_run_of_its_own_consortium_only():
    with TestClient(create_app(_TwoHouses()), base_url="http://127.0.0.1") as client:
        page = client.get("/institutions/2025-06/X203").text
        assert "G1:2025-06#1" in page
        assert "G2:2025-06#3" not in page
        assert "已发布" in page
        assert "G2:2025-06#3" in client.get("/institutions/2025-06/X204").text
