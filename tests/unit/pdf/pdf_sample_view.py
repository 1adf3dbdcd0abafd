"""Invented statements for the tests of PDF and pages: people, places and figures that exist nowhere."""

from dataclasses import replace

from perf.appraisal.views import (
    DimensionBlock,
    IndicatorLine,
    PathLine,
    PayBlock,
    PayLine,
    ScorecardView,
    StatementView,
    TrendPoint,
)
from perf.kernel.money import Money
from perf.kernel.text import Text

CLAUSE = "绩效考核办法（试行）第十二条第（三）项"


def line(code: str, title: str, en: str = "", **changes: object) -> IndicatorLine:
    """One ordinary indicator, 41 of 4000."""
    plain = IndicatorLine(
        code=code,
        title=Text(title, en or code.replace("_", " ")),
        value="1.025%",
        target="≥1.20%",
        points="80.00",
        out_of="100",
        weight="30",
        score="24",
        status="scored",
        note=Text(""),
        clause=CLAUSE,
        how=Text("下转人次 41 ÷ 出院人次 4000 = 1.025%", "referred down 41 ÷ discharges 4000 = 1.025%"),
        how_points=Text("(1.025% − 0.85%) ÷ (1.20% − 0.85%) × 40 + 60 = 80.00"),
        how_score=Text("80.00 ÷ 100 × 30 = 24"),
        sources=("2025-06 双向转诊.xlsx!汇总!F17", "2025-06 医务科.xlsx!出院!C4"),
    )
    return replace(plain, **changes)  # type: ignore[arg-type]


def card() -> ScorecardView:
    """A doctor's scorecard with every kind of line."""
    work = DimensionBlock(
        "work",
        Text("工作数量", "Workload"),
        "54",
        "60",
        "55",
        "49.5",
        "scored",
        (
            line("visits", "门诊诊疗人次（不含义诊、体检）", "Outpatient visits", value="412", target="400", points="30.00", out_of="30", weight="30", score="30",
                 how=Text("门诊人次 412，其中普通 398、专家 14"), how_points=Text("412 ÷ 400 = 103%，封顶 100% → 30.00"), how_score=Text("30.00 ÷ 30 × 60 × 30 ÷ 60 = 30")),
            line("referral_down", "向下转诊患者占比", "Patients referred down", points="24.00", out_of="30", weight="30", score="24",
                 how_points=Text("[(1.025% − 0.85%) ÷ (1.20% − 0.85%) × 40 + 60] × 30 ÷ 100 = 24.00"), how_score=Text("24.00 ÷ 30 × 60 × 30 ÷ 60 = 24")),
        ),
    )  # fmt: skip
    quality = DimensionBlock(
        "quality",
        Text("医疗质量与患者满意", "Quality"),
        "40.825",
        "50",
        "45",
        "36.7425",
        "scored",
        (
            line("records_grade_a", "病历甲级率", "Grade A records", value="≈ 93.10%", target="≥98%", points="22.66", out_of="30", weight="37.5", score="28.325",
                 how=Text("甲级病历 27 ÷ 抽查病历 29 ≈ 93.10%"), how_points=Text("[(27 ÷ 29 − 90%) ÷ (98% − 90%) × 40 + 60] × 30 ÷ 100 ≈ 22.655，四舍五入 22.66"),
                 how_score=Text("22.66 ÷ 30 × 50 × 37.5 ÷ 50 = 28.325")),
            line("complaints", "有效投诉", "Complaints", value="", target="0 起", points="10.00", out_of="10", weight="12.5", score="12.5", status="filled",
                 note=Text("按规则补分；未报，按 0 计", "filled by rule; not reported, counted as 0"), how=Text(""), how_points=Text("10 − 2 × 0 = 10.00"), how_score=Text("10.00 ÷ 10 × 50 × 12.5 ÷ 50 = 12.5"), sources=()),
            line("rational_use", "合理用药处方点评合格率（含中药饮片、抗菌药物与重点监控药品三类处方的合并口径）", "Rational prescriptions", value="—", target="监测", points="", out_of="10",
                 weight="", score="", status="not_applicable", note=Text("不适用；本月抽查为 0，权重分给同维度其他指标"), how=Text("合格处方 0 ÷ 抽查处方 0：分母为 0"),
                 how_points=Text(""), how_score=Text("")),
        ),
        rounding_difference="",
    )  # fmt: skip
    bonus = line("research", "科研加分", "Research", value="1", target="", points="2.00", out_of="5", weight="", score="2", how=Text("省级课题 1 项"),
                 how_points=Text("min(5, 2 × 1) = 2.00"), how_score=Text("上限 5"))  # fmt: skip
    return ScorecardView(
        scheme="doctor_month",
        title=Text("医生月度考核", "Doctors, monthly"),
        subject="00123",
        subject_name="欧阳㛃𬱖",
        period="2025-06",
        period_title=Text("2025年6月", "June 2025"),
        dimensions=(work, quality),
        extra=(bonus,),
        total="88.24",
        sum_line=Text("49.5 + 36.7425 + 2 = 88.2425，四舍五入 88.24", "49.5 + 36.7425 + 2 = 88.2425, rounded 88.24"),
        rounding_difference="−0.0025",
        grade="良好",
        rank="3 / 41",
        coefficient="1.0500",
        status="scored",
        reason=Text(""),
        outcomes=("连续三个月良好：优先推荐进修",),
        rule="doctor_month 2025-01",
        clause="医共体绩效考核办法 第八条",
    )


def institution_card() -> ScorecardView:
    """The score of the institution behind the pool."""
    dimensions = (
        DimensionBlock("order", Text("有序就医格局", "Order of care"), "36.50", "40", "40", "36.5", "scored", (line("inside_county", "县域内住院人次占比"),)),
        DimensionBlock("capacity", Text("县域医疗卫生服务能力提升", "Capacity"), "24.10", "30", "30", "24.1", "scored", (line("primary_share", "基层诊疗占比"),)),
        DimensionBlock("fund", Text("医保基金使用效能", "Fund"), "27.40", "30", "30", "27.4", "scored", (line("fund_rate", "医保基金县域内支出率"),)),
    )  # fmt: skip
    return replace(
        card(), scheme="township_month", title=Text("乡镇卫生院月度考核", "Township hospitals, monthly"), subject="X203", subject_name="汤池镇中心卫生院",
        dimensions=dimensions, extra=(), total="88.00", sum_line=Text("36.5 + 24.1 + 27.4 = 88"), rounding_difference="", grade="良好", rank="4 / 7", coefficient="1.0000", outcomes=(),
        rule="township_month 2025-01",
    )  # fmt: skip


def pay_block() -> PayBlock:
    """One distribution with a held and a negative line."""
    path = (
        PathLine(
            Text("月度绩效资金池", "Monthly pool"),
            Money(31_250_000),
            Money(1_562_500),
            Money(29_687_500),
            Text("院长基金 312,500.00 × 5% = 15,625.00"),
        ),
        PathLine(
            Text("夜班与急诊津贴"),
            Money(29_687_500),
            Money(2_417_500),
            Money(27_270_000),
            Text("按班次逐人支付，合计 24,175.00"),
        ),
        PathLine(
            Text("医生部分 55%"),
            Money(27_270_000),
            Money(12_271_500),
            Money(14_998_500),
            Text("272,700.00 × 55% = 149,985.00；余归护理、医技、行政后勤"),
        ),
    )
    lines = (
        PayLine("post", Text("岗位绩效", "Post share"), Money(812_305), Text("149,985.00 × 1.1025 ÷ 20.3567 ≈ 8,123.0486；取 8,123.04，加尾差 1 分 = 8,123.05"),
                (Text("分配权 = 岗位系数 1.2 × 出勤 1 × 考核系数 1.0500 × 折算人数 7/8 = 1.1025"), Text("全体医生分配权之和 20.3567（18 人）"), Text("应得份额 = 149,985.00 × 1.1025 ÷ 20.3567 ≈ 8,123.0486")),
                1, "paid", "分配办法第五条"),
        PayLine("night", Text("夜班津贴", "Night duty"), Money(64_000), Text("夜班 8 × 80.00 = 640.00"), (), 0, "paid", "分配办法第六条"),
        PayLine("hold", Text("年终考核预留 10%", "Held for the year's end"), Money(-87_630), Text("(8,123.05 + 640.00) × 10% = 876.305，去尾取 876.30"), (), 0, "paid", "分配办法第九条"),
        PayLine("team", Text("家庭医生团队绩效", "Family-doctor team"), Money(120_000), Text("签约 200 × 6.00 = 1,200.00；考核数据未齐，暂存"), (), 0, "held", "分配办法第十条"),
        PayLine("correction", Text("更正 2025-05#1", "Correction"), Money(-3_550), Text("5 月夜班多计 35.50，本月扣回"), (), 0, "paid", ""),
    )  # fmt: skip
    return PayBlock(
        "staff_pay",
        Text("单位内部分配", "Pay within the institution"),
        "X203",
        "汤池镇中心卫生院",
        path,
        lines,
        Money(785_125),
        "staff_pay 2025-01",
    )


def trend() -> tuple[TrendPoint, ...]:
    """Twelve months with gaps and one negative month."""
    totals = ["81.20", "83.05", None, "79.90", "85.00", "88.40", "90.10", "84.33", None, "87.65", "84.02", "88.24"]
    pays = [702_010, 745_511, None, 688_000, 751_200, 801_299, 903_377, -12_050, None, 799_001, 754_000, 785_125]
    months = [(2024, m) for m in range(7, 13)] + [(2025, m) for m in range(1, 7)]
    return tuple(
        TrendPoint(f"{year}-{month:02d}", f"{month}月", total, None if pay is None else Money(pay))
        for (year, month), total, pay in zip(months, totals, pays, strict=True)
    )


def sample_view(**changes: object) -> StatementView:
    """An ordinary statement, with rare characters."""
    plain = StatementView(
        staff_no="00123",
        name="欧阳㛃𬱖",
        institution="X203",
        institution_name="汤池镇中心卫生院",
        department="全科医疗科",
        post="临床医生",
        title="副主任医师",
        category="医生",
        consortium_name="样例县中医院医共体",
        period="2025-06",
        period_title=Text("2025年6月", "June 2025"),
        run="2025-06#2",
        state="published",
        engine="0.1.0",
        digest="9f2c4a7be1d05c38aa4417d3e6b90f12",
        scorecards=(card(),),
        institution_scorecards=(institution_card(),),
        pay=(pay_block(),),
        total_pay=Money(785_125),
        held=Money(207_630),
        year_to_date=Money(4_219_463),
        previous_pay=Money(754_000),
        previous_total="84.02",
        trend=trend(),
        notes=(Text("公示期三天；对任何一行有异议，请在 7 月 18 日前向绩效办提出。", "Objections within three days."),),
        rules=("doctor_month 2025-01", "township_month 2025-01", "staff_pay 2025-01"),
        code="MZXW-6YTB-OI7E-K2LN",
    )
    return replace(plain, **changes)  # type: ignore[arg-type]


def zero_view() -> StatementView:
    """Somebody without scorecard, pay or history, in a draft."""
    return sample_view(
        staff_no="0000042", name="𠮷䶮", state="draft", digest="", code="", scorecards=(), institution_scorecards=(), pay=(), total_pay=Money(0), held=Money(0),
        year_to_date=Money(0), previous_pay=None, previous_total=None, trend=(), notes=(), rules=(), title="", post="",
    )  # fmt: skip


def long_view() -> StatementView:
    """Long names and three pages of indicators."""
    base = card()
    dimensions = tuple(
        replace(block, code=f"{block.code}{number}", title=Text(f"{block.title.zh}之{number}"), lines=block.lines * 2)
        for number in range(1, 4)
        for block in base.dimensions
    )
    return sample_view(
        name="阿卜杜热西提·买买提吐尔逊·艾合买提江",
        institution_name="样例市样例县城关镇中心卫生院(县人民医院城关分院、城关镇社区卫生服务中心)",
        department="中医康复与老年病及安宁疗护一体化病区",
        post="主任(兼全科医疗科负责人、家庭医生团队长)",
        consortium_name="样例县人民医院紧密型县域医疗卫生共同体(第一集团)",
        scorecards=(replace(base, dimensions=dimensions),),
        pay=(pay_block(), replace(pay_block(), distribution="head_pay", title=Text("负责人月度绩效"))),
        previous_pay=Money(1_234_567),
        total_pay=Money(123_456_789),
    )
