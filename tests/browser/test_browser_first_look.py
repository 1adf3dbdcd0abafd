"""The pages in a real Chromium, on a phone and on a desk.

Without a Chromium the test is skipped; with PERF_REQUIRE_BROWSER=1 it fails instead. PERF_CHROMIUM names another binary.
"""

import os
import shutil
import socket
import threading
import time
from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest
import uvicorn
from playwright.sync_api import Browser, expect, sync_playwright
from tests.browser.browser_sample_source import SampleSource

from perf.web.app import create_app

pytestmark = pytest.mark.xdist_group("browser")
QUIET = [
    "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-quic", "--no-first-run",
    "--disable-component-update", "--disable-sync",
]  # fmt: skip
SIZES = [(390, 844), (1280, 900)]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    path = (
        os.environ.get("PERF_CHROMIUM")
        or shutil.which("chromium")
        or shutil.which("chromium-browser")
        or shutil.which("google-chrome")
    )
    if path is None:
        reason = "no Chromium found: install it or set PERF_CHROMIUM to its path"
        if os.environ.get("PERF_REQUIRE_BROWSER") == "1":
            pytest.fail(reason)
        pytest.skip(reason)
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=path, args=QUIET)
        yield chromium
        chromium.close()


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    server = uvicorn.Server(
        uvicorn.Config(create_app(SampleSource()), host="127.0.0.1", port=port, log_level="warning")
    )
    thread = threading.Thread(target=server.run)
    thread.start()
    while not server.started:
        time.sleep(0.02)
    yield f"http://127.0.0.1:{port}"
    server.should_exit = True
    thread.join()


@pytest.mark.parametrize(("width", "height"), SIZES)
def test_from_the_first_page_to_a_statement_and_its_file(browser, address, width, height):
    context = browser.new_context(viewport={"width": width, "height": height}, locale="zh-CN", accept_downloads=True)
    page = context.new_page()
    complaints, strangers = [], []
    page.on("console", lambda message: complaints.append(message.text))
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("request", lambda request: strangers.append(request.url) if _is_strange(request.url, address) else None)

    def fits() -> None:
        assert page.evaluate("document.documentElement.scrollWidth") <= width

    page.goto(address)
    expect(page.get_by_role("heading", level=1)).to_contain_text("2025年6月")
    fits()
    page.get_by_label("单位", exact=True).select_option("汤池镇中心卫生院")
    page.get_by_label("姓名或工号").fill("欧阳")
    page.get_by_role("button", name="查找").click()
    expect(page.get_by_role("status")).to_contain_text("找到 1 人")
    fits()
    page.get_by_role("link", name="汤池镇中心卫生院", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("汤池镇中心卫生院")
    fits()
    page.get_by_role("link", name="欧阳㛃𬱖 00123").click()
    expect(page.locator("[data-figure=total-pay]")).to_have_text("7,851.25")
    fits()
    opened = page.locator("details.indicator").filter(has_text="向下转诊患者占比")
    expect(opened.get_by_text("24.00 ÷ 30 × 60 × 30 ÷ 60 = 24")).to_be_hidden()
    opened.locator("summary").click()
    expect(opened.get_by_text("24.00 ÷ 30 × 60 × 30 ÷ 60 = 24")).to_be_visible()
    fits()
    expect(page.get_by_role("img")).to_be_visible()
    with page.expect_download() as download:
        page.get_by_role("link", name="下载 PDF 通知单").click()
    assert download.value.suggested_filename == "statement-2025-06-00123.pdf"
    assert download.value.path().read_bytes().startswith(b"%PDF-1.7")
    page.get_by_role("link", name="English").click()
    expect(page.get_by_text("Performance pay this month")).to_be_visible()
    fits()
    context.close()
    assert complaints == []
    assert strangers == []


@pytest.mark.parametrize(("width", "height"), SIZES)
@pytest.mark.parametrize(
    "path", ["/people/2025-06/00124", "/people/2025-06/0000042", "/?period=2025-05", "/institutions/2025-06/X204"]
)
def test_long_names_empty_months_and_people_without_pay_fit_the_screen(browser, address, width, height, path):
    context = browser.new_context(viewport={"width": width, "height": height})
    page = context.new_page()
    page.goto(address + path)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert page.get_by_role("heading", level=1).count() == 1
    context.close()


def _is_strange(url: str, address: str) -> bool:
    return urlsplit(url).scheme not in ("data", "blob") and urlsplit(url).netloc != urlsplit(address).netloc
