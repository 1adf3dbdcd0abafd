"""Statements a second: ours, on one process and on two, against reportlab's platypus drawing the same texts in the same run.

    python benchmarks/statements.py [COUNT]

The limit to keep is 60 a second on one core. Every statement is another person's, so that nothing but the rules repeats.
"""

import platform
import sys
import time
from dataclasses import replace
from io import BytesIO
from pathlib import Path
from xml.sax.saxutils import escape

sys.path.insert(0, str(Path(__file__).parent.parent))

from tests.unit.pdf.pdf_sample_view import card, sample_view

from perf.appraisal.views import ScorecardView, StatementView
from perf.kernel.money import Money
from perf.pdf import statement_pdf, statements_pdf

LIMIT = 60
SURNAMES = "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦尤许何吕施张"
GIVEN = "伟芳娜敏静丽强磊洋艳勇军杰娟涛明超霞平刚桂英华玉兰萍鹏飞红旭㛃䶮𬱖𠮷"


def people(count: int) -> list[StatementView]:
    """Statements of two pages, of people with names and figures of their own."""
    views = []
    for number in range(count):
        name = SURNAMES[number % len(SURNAMES)] + GIVEN[number % len(GIVEN)] + GIVEN[number // len(GIVEN) % len(GIVEN)]
        own = replace(card(), subject_name=name, total=f"{70 + number % 30}.{number % 100:02d}")
        pay = Money(500_000 + 7919 * number)
        views.append(sample_view(name=name, staff_no=f"{number:05d}", scorecards=(own,), total_pay=pay))
    return views


def texts(view: StatementView) -> list[list[str]]:
    """What stands on the statement, as the rows of one table."""

    def rows(scorecard: ScorecardView) -> list[list[str]]:
        found = []
        for block in scorecard.dimensions:
            found.append([block.title.zh, "", "", f"{block.points} / {block.out_of}", block.weight, block.score])
            for line in block.lines:
                found.append(
                    [line.title.zh, line.value, line.target, f"{line.points} / {line.out_of}", line.weight, line.score]
                )
                how = " ".join(text for text in (line.how.zh, line.how_points.zh, line.how_score.zh) if text)
                found += [
                    [how, "", "", "", "", ""],
                    [f"依据 {line.clause} 数据 {'、'.join(line.sources)}", "", "", "", "", ""],
                ]
        return [*found, [scorecard.sum_line.zh, "", "", "", "", scorecard.total]]

    found = [[view.name, view.staff_no, view.institution_name, view.department, view.post, view.total_pay.text()]]
    found += [row for scorecard in (*view.scorecards, *view.institution_scorecards) for row in rows(scorecard)]
    for block in view.pay:
        found += [
            [step.title.zh, step.before.text(), step.out.text(), step.after.text(), "", step.how.zh]
            for step in block.path
        ]
        for line in block.lines:
            found.append([line.title.zh, "", "", "", "", line.amount.text()])
            found += [[step.zh, "", "", "", "", ""] for step in (*line.steps, line.how)]
    found += [[note.zh, "", "", "", "", ""] for note in view.notes]
    return [*found, ["；".join(view.rules), "", "", "", "", view.digest]]


def platypus(view: StatementView, font: str) -> bytes:
    """The same texts as a platypus table, the usual way."""
    from reportlab.lib.pagesizes import A4
    from reportlab.lib.styles import ParagraphStyle
    from reportlab.platypus import Paragraph, SimpleDocTemplate, Table

    style = ParagraphStyle("text", fontName=font, fontSize=7.5, leading=10, wordWrap="CJK")
    table = Table(
        [[Paragraph(escape(text), style) for text in row] for row in texts(view)], colWidths=[195, 70, 60, 65, 45, 80]
    )
    out = BytesIO()
    SimpleDocTemplate(out, pagesize=A4, invariant=1).build([table])
    return out.getvalue()


def rate(draw, views: list[StatementView], clock=time.perf_counter) -> float:
    """Statements a second, by the clock on the wall unless said otherwise."""
    start = clock()
    draw(views)
    return len(views) / (clock() - start)


def registered_font() -> str:
    from importlib.resources import files

    from reportlab.pdfbase import pdfmetrics
    from reportlab.pdfbase.ttfonts import TTFont

    pdfmetrics.registerFont(TTFont("Noto", str(files("perf.assets").joinpath("fonts", "NotoSansSC-Regular.ttf"))))
    return "Noto"


def main(count: int) -> None:
    views = people(count)
    start = time.perf_counter()
    size = len(statement_pdf(views[0]))
    first = time.perf_counter() - start
    ours = max(rate(lambda some: [statement_pdf(view) for view in some], views) for _ in range(3))
    core = max(rate(lambda some: [statement_pdf(view) for view in some], views, time.process_time) for _ in range(2))
    two = rate(lambda some: statements_pdf(some, lambda _view, _file: None, workers=2), views)
    font = registered_font()
    platypus(views[0], font)
    usual = rate(lambda some: [platypus(view, font) for view in some], views[: max(count // 10, 20)])
    print(
        f"machine: {platform.machine()}, Python {platform.python_version()}, {count} statements of two pages, {size:,} bytes each"
    )
    print(f"first statement, fonts read: {first:.2f} s")
    print(f"one core:      {core:7.1f} a second of processor time = {core / LIMIT:.2f} × the limit of {LIMIT}")
    print(f"one process:   {ours:7.1f} a second = {ours / LIMIT:.2f} × the limit of {LIMIT}")
    print(f"two processes: {two:7.1f} a second (their start included) = {two / ours:.2f} × one")
    print(f"platypus:      {usual:7.1f} a second; ours is {ours / usual:.1f} × as fast")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 300)
