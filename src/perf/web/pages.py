"""Each page as its template with what it needs."""

from collections.abc import Callable
from itertools import groupby
from pathlib import Path
from typing import Final

from fastapi import HTTPException, Request, Response
from fastapi.templating import Jinja2Templates

from perf.kernel.money import Money
from perf.kernel.text import Lang, Text
from perf.pdf.words import (
    category_word,
    further_steps,
    is_paid,
    nothing_before,
    pay_title,
    pay_word,
    score_word,
    state_word,
    this_time,
)
from perf.web.source import MonthRow, StatementSource
from perf.web.trend_drawing import draw_trend

PEOPLE_PER_PAGE: Final = 30
_REFUSALS: Final = {
    404: Text("没有找到这个页面", "There is no such page"),
    409: Text(
        "有的医共体代扣还没有确认，发放表暂不能下载；先 perf-pay payroll … --accept，或分开导出",
        "The payroll of a consortium is not accepted yet: accept it, or export run by run",
    ),
    405: Text("这里只能查看，不能修改", "These pages are read only"),
}


class Pages:
    """Draws the pages over one source."""

    def __init__(self, source: StatementSource, templates: Path) -> None:
        self._source = source
        self._templates = Jinja2Templates(directory=templates)
        self._templates.env.globals.update(
            score_word=score_word,
            pay_word=pay_word,
            state_word=state_word,
            is_paid=is_paid,
            nothing_before=nothing_before,
            pay_title=pay_title,
            this_time=this_time,
            category_word=category_word,
            further_steps=further_steps,
        )

    def home(self, request: Request, period: str, institution: str, query: str, page: int) -> Response:
        """Months, ranked institutions, and people found."""
        months = self._source.months()
        month = next((m for m in months if m.period == period), None) if period else next(iter(months), None)
        if month is None:
            if period:
                raise HTTPException(404)
            return self._show(request, "empty.html")
        rows = self._source.institutions(month.period)
        people = self._source.people(month.period, institution, query) if institution or query else ()
        pages = max(1, -(-len(people) // PEOPLE_PER_PAGE))
        page = min(max(page, 1), pages)
        return self._show(
            request,
            "home.html",
            months=months,
            month=month,
            institutions=rows,
            groups=[(group, list(members)) for group, members in groupby(rows, key=lambda row: row.group)],
            chosen=institution,
            query=query,
            asked=bool(institution or query),
            people=people[(page - 1) * PEOPLE_PER_PAGE : page * PEOPLE_PER_PAGE],
            found=len(people),
            page=page,
            pages=pages,
        )

    def institution(self, request: Request, period: str, institution: str) -> Response:
        """An institution's scorecards, what it was given, and its people."""
        month = self._month(period)
        row = next((row for row in self._source.institutions(period) if row.institution == institution), None)
        if row is None:
            raise HTTPException(404)
        return self._show(
            request,
            "institution.html",
            month=month,
            row=row,
            cards=self._source.institution_scorecard(period, institution),
            blocks=self._source.institution_pay(period, institution),
            people=self._source.people(period, institution, ""),
        )

    def person(self, request: Request, period: str, staff_no: str) -> Response:
        """A person's statement."""
        view = self._source.statement(period, staff_no)
        if view is None:
            raise HTTPException(404)
        return self._show(
            request,
            "person.html",
            view=view,
            change=_change(view.total_pay, view.previous_pay),
            drawing=draw_trend(view.trend),
            numbers=self._source.numbers(view.staff_no),
            others=[month for month in self._source.months() if month.period != view.period],
        )

    def refused(self, request: Request, status: int) -> Response:
        """A page for what cannot be shown."""
        message = _REFUSALS.get(status, Text("这个请求不能处理", "This request cannot be answered"))
        return self._show(request, "refused.html", status=status, message=message)

    def _month(self, period: str) -> MonthRow:
        month = next((m for m in self._source.months() if m.period == period), None)
        if month is None:
            raise HTTPException(404)
        return month

    def _show(self, request: Request, template: str, status: int = 200, **values: object) -> Response:
        lang: Lang = "en" if request.query_params.get("lang") == "en" else "zh"
        other = request.url.include_query_params(lang="zh" if lang == "en" else "en")
        shown: dict[str, object] = {
            "lang": lang,
            "t": _translator(lang),
            "say": lambda text: text.in_lang(lang),
            "keep": "?lang=en" if lang == "en" else "",
            "other_language": f"{other.path}?{other.query}",
            **values,
        }
        return self._templates.TemplateResponse(request, template, shown, status_code=status)


def _translator(lang: Lang) -> Callable[[str, str], str]:
    return lambda zh, en: en if lang == "en" else zh


def _change(pay: Money, previous: Money | None) -> tuple[str, str, str] | None:
    """Arrow, amount and last month's pay; None without a last month."""
    if previous is None:
        return None
    if pay == previous:
        return "=", "", previous.text()
    return (
        ("↑", (pay - previous).text(), previous.text())
        if pay > previous
        else ("↓", (previous - pay).text(), previous.text())
    )
