"""Statements against the limits, against platypus and against WeasyPrint drawing the same texts in the same run.

    python benchmarks/statements.py [COUNT] [PYTHON OF AN ENVIRONMENT WITH benchmarks/peers.txt]

Limits: 5,000 statements of one page in 30 s on two cores, of three pages in 60 s, memory flat; one in 40 ms; 40 × as fast as
WeasyPrint. Every statement is another person's, so that nothing but the rules repeats. A busy machine stretches the clock on the
wall: processor time stands beside it, and ratios within the run are what counts.
"""

import gc
import json
import platform
import resource
import subprocess
import sys
import time
from dataclasses import replace
from html import escape
from io import BytesIO
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent))

from pypdf import PdfReader
from tests.unit.pdf.pdf_sample_view import card, long_view, sample_view

from perf.appraisal.views import ScorecardView, StatementView
from perf.kernel.money import Money
from perf.pdf import Order, drawn, statement_pdf

BATCH = 5_000
LIMITS = {1: 30.0, 3: 60.0}
ONE_MS = 40.0
WEASYPRINT_TIMES = 40
SURNAMES = "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦尤许何吕施张"
GIVEN = "伟芳娜敏静丽强磊洋艳勇军杰娟涛明超霞平刚桂英华玉兰萍鹏飞红旭㛃䶮𬱖𠮷"


def short() -> StatementView:
    """A statement of one page."""
    plain = card()
    first = plain.dimensions[0]
    kept = replace(plain, dimensions=(replace(first, lines=first.lines[:2]),), extra=())
    view = sample_view(scorecards=(kept,), institution_scorecards=())
    return replace(view, pay=tuple(replace(block, path=(), lines=block.lines[:2]) for block in view.pay))


def long() -> StatementView:
    """A statement of three pages."""
    view = long_view()
    (plain,) = view.scorecards
    return replace(view, pay=view.pay[:1], scorecards=(replace(plain, dimensions=plain.dimensions[:-1]),))


def people(plain: StatementView, count: int) -> list[StatementView]:
    """The statement as that of people with names, codes and figures of their own."""
    letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"
    views = []
    for number in range(count):
        name = SURNAMES[number % len(SURNAMES)] + GIVEN[number % len(GIVEN)] + GIVEN[number // len(GIVEN) % len(GIVEN)]
        own = tuple(
            replace(one, subject_name=name, total=f"{70 + number % 30}.{number % 100:02d}") for one in plain.scorecards
        )
        code = "".join(letters[number // 32**place % 32] for place in range(4))
        pay = Money(500_000 + 7919 * number)
        own_view = replace(plain, name=name, staff_no=f"{number:05d}", scorecards=own, total_pay=pay)
        views.append(replace(own_view, code=f"{code}-6YTB-OI7E-K2LN"))
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
    return [*found, ["；".join(view.rules), "", "", "", view.code, view.digest]]


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


def page(view: StatementView) -> str:
    """The same texts as a page of HTML, in the same face."""
    font = noto().as_uri()
    style = f"@font-face{{font-family:N;src:url({font})}} @page{{size:A4;margin:14mm}} body{{font:7.5pt/10pt N}} table{{width:100%}}"
    rows = "".join(f"<tr>{''.join(f'<td>{escape(text)}</td>' for text in row)}</tr>" for row in texts(view))
    return f'<html lang="zh-CN"><style>{style}</style><table>{rows}</table></html>'


def noto() -> Path:
    from importlib.resources import files

    return Path(str(files("perf.assets").joinpath("fonts", "NotoSansSC-Regular.ttf")))


def registered_font() -> str:
    from reportlab.pdfbase import pdfmetrics
    from reportlab.pdfbase.ttfonts import TTFont

    pdfmetrics.registerFont(TTFont("Noto", str(noto())))
    return "Noto"


def seconds(draw, views: list[StatementView]) -> float:
    """Processor time of one statement, the better of two rounds."""
    best = []
    for _ in range(2):
        start = time.process_time()
        for view in views:
            draw(view)
        best.append((time.process_time() - start) / len(views))
    return min(best)


def weasyprint(python: str, views: list[StatementView]) -> float:
    """Processor time of one statement drawn by WeasyPrint in an environment of its own."""
    lines = "\n".join(json.dumps(page(view)) for view in views)
    script = Path(__file__).parent / "peers" / "weasy_statement.py"
    told = subprocess.run([python, str(script)], input=lines, capture_output=True, text=True, check=True)
    return float(told.stdout)


def batch(views: list[StatementView]) -> tuple[float, float]:
    """Wall time of a statement on two processes, once they run; and by how many MB memory grew in the second half."""
    orders = (Order(view.staff_no, (view,)) for view in views)
    files = drawn(orders, workers=2)
    for _ in range(len(views) // 4):
        next(files)
    start, done, before = time.perf_counter(), 0, 0.0
    for done, _ in enumerate(files, start=1):
        if done == len(views) // 4:
            before = resident()
    return (time.perf_counter() - start) / done, resident() - before


def resident() -> float:
    """The most memory that this process had so far, in MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def main(count: int, peer: str) -> None:
    print(f"machine: {platform.machine()}, Python {platform.python_version()}, {count} statements of each length")
    start = time.perf_counter()
    statement_pdf(short())
    print(f"first statement, fonts read: {time.perf_counter() - start:.2f} s")
    font = registered_font()
    gc.freeze()  # as the processes of a batch do
    for pages, plain in ((1, short()), (3, long())):
        views = people(plain, count)
        found = len(PdfReader(BytesIO(statement_pdf(views[0]))).pages)
        assert found == pages, f"{found} pages, meant to be {pages}"
        size = len(statement_pdf(views[0]))
        core = seconds(statement_pdf, views)
        wall, grown = batch(views)
        limit = LIMITS[pages]
        print(f"{pages} page(s), {size:,} bytes")
        print(
            f"  warm, processor time:  {core * 1000:6.1f} ms = {ONE_MS / core / 1000:.1f} × as fast as the limit of {ONE_MS:.0f} ms"
        )
        print(
            f"  {BATCH:,} on two cores:  {core * BATCH / 2:6.1f} s of processor time each; {wall * BATCH:.1f} s on the wall, memory +{grown:.0f} MB"
        )
        print(
            f"                         {limit / (core * BATCH / 2):6.2f} × the limit of {limit:.0f} s (wall {limit / (wall * BATCH):.2f} ×)"
        )
        usual = seconds(lambda view: platypus(view, font), views[:12])
        print(f"  platypus:              {usual * 1000:6.1f} ms; ours is {usual / core:.1f} × as fast")
        if peer:
            slow = weasyprint(peer, views[:8])
            print(
                f"  weasyprint:            {slow * 1000:6.1f} ms; ours is {slow / core:.1f} × as fast (to be {WEASYPRINT_TIMES} ×)"
            )


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 300, sys.argv[2] if len(sys.argv) > 2 else "")
