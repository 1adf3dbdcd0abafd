"""From gross to net as rows: what is taken with its arithmetic, the tax of the year so far, the net pay."""

from perf.appraisal.views import TakeHome
from perf.pdf.flow import Row, gap
from perf.pdf.parts import paragraph, titled
from perf.pdf.pay_rows import net_row


def take_home_rows(one: TakeHome) -> list[Row]:
    """The payroll that pays this statement; its income may hold more than this run."""
    rows = titled("从应发到实发", f"{one.pay_month} 发放 · 代扣 {one.payroll}")
    for line in one.lines:
        how = f"：{line.how.zh}" if line.how.zh else ""
        rows += paragraph(f"{line.amount.text()} 元{how}", label=line.title.zh, size=7.5)
    for number, text in enumerate(one.working, start=1):
        rows += paragraph(text.zh, label=f"{number}.", size=7.5)
    return [*rows, net_row(one.net), gap(3)]
