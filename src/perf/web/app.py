"""A first look in the browser: read only, on this machine only, no accounts yet.

Staff numbers stand in the addresses. That is acceptable here because the pages serve invented people to the person at
this machine; the service with accounts will use opaque ids. Pay never stands in an address.
"""

from collections.abc import Awaitable, Callable
from importlib.resources import files
from pathlib import Path
from typing import Final

from fastapi import FastAPI, HTTPException, Request, Response
from fastapi.responses import HTMLResponse
from fastapi.staticfiles import StaticFiles
from starlette.exceptions import HTTPException as StarletteHTTPException
from starlette.middleware.trustedhost import TrustedHostMiddleware

from perf.kernel.errors import StateRefused
from perf.web.pages import Pages
from perf.web.source import StatementSource

ALLOWED_HOSTS: Final = ("127.0.0.1", "localhost")
_WORKBOOK: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_HEADERS: Final = {
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'self'; img-src 'self' data:; "
        "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}


def create_app(source: StatementSource) -> FastAPI:
    """The pages over `source`; every answer is HTML, a PDF, a workbook or a style sheet, and nothing can be changed."""
    app = FastAPI(title="perf-pay", openapi_url=None, docs_url=None, redoc_url=None)
    folder = Path(str(files("perf.web")))
    app.add_middleware(TrustedHostMiddleware, allowed_hosts=list(ALLOWED_HOSTS))
    app.mount("/static", StaticFiles(directory=folder / "static"), name="static")
    pages = Pages(source, folder / "templates")

    @app.middleware("http")
    async def add_headers(request: Request, call_next: Callable[[Request], Awaitable[Response]]) -> Response:
        response = await call_next(request)
        response.headers.update(_HEADERS)
        cached = request.url.path.startswith("/static/")
        response.headers["Cache-Control"] = "public, max-age=3600" if cached else "no-store"
        return response

    @app.exception_handler(StarletteHTTPException)
    async def show_refusal(request: Request, refusal: StarletteHTTPException) -> Response:
        return pages.refused(request, refusal.status_code)

    _add_routes(app, pages, source)
    return app


def _add_routes(app: FastAPI, pages: Pages, source: StatementSource) -> None:
    @app.get("/", response_class=HTMLResponse)
    def home(request: Request, period: str = "", institution: str = "", q: str = "", page: str = "1") -> Response:
        return pages.home(
            request, period, institution, q.strip(), int(page) if page.isdecimal() and len(page) < 7 else 1
        )

    @app.get("/institutions/{period}/{institution}", response_class=HTMLResponse)
    def institution_page(request: Request, period: str, institution: str) -> Response:
        return pages.institution(request, period, institution)

    @app.get("/months/{period}/pay-file.xlsx")
    def pay_file(period: str) -> Response:
        try:
            content = source.pay_file(period)
        except StateRefused as refusal:
            raise HTTPException(409) from refusal
        if content is None:
            raise HTTPException(404)
        disposition = {"Content-Disposition": 'attachment; filename="pay-file.xlsx"'}
        return Response(content, media_type=_WORKBOOK, headers=disposition)

    @app.get("/people/{period}/{staff_no}", response_class=HTMLResponse)
    def person_page(request: Request, period: str, staff_no: str) -> Response:
        return pages.person(request, period, staff_no)

    @app.get("/people/{period}/{staff_no}/statement.pdf")
    def statement_file(period: str, staff_no: str) -> Response:
        view = source.statement(period, staff_no)
        if view is None:
            raise HTTPException(404)
        name = f"statement-{view.period}-{view.staff_no}.pdf"
        safe = "".join(c for c in name if c.isascii() and (c.isalnum() or c in "-."))
        disposition = {"Content-Disposition": f'attachment; filename="{safe}"'}
        return Response(source.pdf(view), media_type="application/pdf", headers=disposition)
