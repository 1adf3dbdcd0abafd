"""An invented source for the pages: two months, three institutions, a hundred people."""

from collections.abc import Sequence
from dataclasses import replace

from tests.unit.pdf.pdf_sample_view import institution_card, long_view, pay_block, sample_view, zero_view

from perf.appraisal.views import PayBlock, ScorecardView, StatementView, TakeHome, TakeHomeLine
from perf.kernel.errors import StateRefused
from perf.kernel.money import Money
from perf.kernel.text import Text
from perf.pdf import statement_pdf
from perf.web.source import InstitutionRow, MonthRow, PersonRow

MONTHS = (
    MonthRow("2025-06", Text("2025年6月", "June 2025"), "2025-06#2", "published"),
    MonthRow("2025-05", Text("2025年5月", "May 2025"), "2025-05#1", "draft"),
)
GROUP = Text("样例县中医院医共体 · 乡镇卫生院", "Sample county TCM group · township hospitals")
INSTITUTIONS = (
    InstitutionRow("X203", "汤池镇中心卫生院", GROUP, "88.00", "良好", "1 / 7", Money(31_250_000), 102),
    InstitutionRow("X204", "样例市样例县城关镇中心卫生院(县人民医院城关分院)", GROUP, "79.31", "合格", "2 / 7", Money(28_113_007), 2),
    InstitutionRow("X205", "冶父山镇卫生院", GROUP, "", "", "", None, 0),
    InstitutionRow("X100", "县中医院", Text("样例县中医院医共体 · 牵头医院", "Lead hospital"), "91.20", "优秀", "1 / 1", Money(412_000_000), 900),
)  # fmt: skip


TAKE_HOME = TakeHome(
    payroll="G2:2025-07/P1",
    pay_month="2025-07",
    lines=(
        TakeHomeLine(Text("绩效", "Performance pay"), Money(318_456), Text("")),
        TakeHomeLine(Text("基本工资应发", "Base pay"), Money(521_000), Text("")),
        TakeHomeLine(Text("基本养老保险", "Pension"), Money(-61_200), Text("基数 7,650 × 8%", "7,650 × 8%")),
        TakeHomeLine(Text("住房公积金", "Housing fund"), Money(-91_800), Text("基数 7,650 × 12%", "7,650 × 12%")),
        TakeHomeLine(Text("个人所得税", "Income tax"), Money(-5_594), Text("")),
    ),
    gross=Money(839_456),
    deductions=Money(153_000),
    tax=Money(5_594),
    net=Money(680_862),
    working=(Text("累计应纳税所得额 13,051.92 × 3% = 391.56,减已预扣 335.62", "13,051.92 × 3% less 335.62 withheld"),),
)
"""Of person 10099."""


class SampleSource:
    """Answers from memory; May has nothing."""

    def __init__(self, months: Sequence[MonthRow] = MONTHS) -> None:
        views = [sample_view(), zero_view(), long_view()]
        views[2] = replace(views[2], staff_no="00124", institution="X204")
        views += [
            sample_view(staff_no=f"1{n:04d}", name=f"张{'伟芳娜敏静'[n % 5]}{'一二三四五六七八九十'[n // 10]}")
            for n in range(100)
        ]
        views[-1] = replace(views[-1], take_home=TAKE_HOME)
        self._months = months
        self._views = {view.staff_no: view for view in views}

    def months(self) -> Sequence[MonthRow]:
        return self._months

    def institutions(self, period: str) -> Sequence[InstitutionRow]:
        return INSTITUTIONS if period == "2025-06" else ()

    def people(self, period: str, institution: str, query: str) -> Sequence[PersonRow]:
        if period != "2025-06":
            return ()
        return [
            PersonRow(v.staff_no, v.name, v.institution_name, v.department, v.post)
            for v in self._views.values()
            if institution in ("", v.institution) and (query in v.name or query in v.staff_no)
        ]

    def statement(self, period: str, staff_no: str) -> StatementView | None:
        return self._views.get(staff_no) if period == "2025-06" else None

    def numbers(self, staff_no: str) -> Sequence[tuple[Text, str]]:
        return [(Text("银行卡号", "bank card"), "************6467")] if staff_no in self._views else ()

    def institution_scorecard(self, period: str, institution: str) -> tuple[ScorecardView, ...]:
        return (institution_card(),) if (period, institution) == ("2025-06", "X203") else ()

    def institution_pay(self, period: str, institution: str) -> tuple[PayBlock, ...]:
        return (pay_block(),) if (period, institution) == ("2025-06", "X203") else ()

    def pdf(self, view: StatementView) -> bytes:
        return statement_pdf(view)

    def pay_file(self, period: str) -> bytes | None:
        if period == "2025-04":
            raise StateRefused(Text("还没有全部确认", "not all accepted"))
        return b"PK sample" if period == "2025-06" else None
