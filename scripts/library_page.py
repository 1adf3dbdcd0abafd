"""docs/library.md: every rule of the library by family, read from the library itself."""

import re
from collections.abc import Iterator
from pathlib import Path

from perf.formulas.units import UNITS
from perf.services.files import packaged, rule_texts
from perf.specs import load_book
from perf.specs.models import Indicator, Measure, RuleBook

FAMILIES = {
    "consortium_2024": ("紧密型县域医共体监测指标体系(2024版)", "Consortium monitoring 2024, five aspects"),
    "consortium_2020": ("医共体建设评判标准和监测指标(2020)", "Criteria and monitored indicators of 2020"),
    "lujiang_targets": ("庐江县“四确保三提升”", "Targets of Lujiang county"),
    "second_level_hospital": ("二级公立医院绩效考核(28 项)", "Second-level public hospitals, 28 indicators"),
    "third_level_hospital": ("三级公立医院绩效考核(可按月的)", "Third-level public hospitals, the monthly ones"),
    "cost_and_drg": ("县级控费与 DRG", "County cost control and DRG"),
    "insurance_fund": ("医保基金使用", "Use of the insurance fund"),
    "city_group": ("城市医疗集团(六个维度,建议)", "City medical groups, six dimensions (proposals)"),
    "doctor_ability": ("医师能力与医师费工作量(建议)", "Doctor ability and physician-fee workload (proposals)"),
    "operating_efficiency": ("运营效率六项(建议)", "Six of operating efficiency (proposals)"),
    "budget_and_cost": ("预算与成本控制(建议)", "Budget and cost control (proposals)"),
    "institution_heads": ("单位年度目标与负责人", "Yearly targets and heads of institutions"),
    "primary_care_national": (
        "基层医疗卫生机构国家级绩效评价(2022,21 项)",
        "National evaluation of primary care 2022, 21 indicators",
    ),
    "primary_care": ("基层医疗卫生机构", "Primary care institutions"),
    "public_health": ("基本公共卫生服务", "Basic public health"),
    "inspection": ("检查、满意度与扣分", "Inspections, satisfaction, deductions"),
    "staff/common": ("人员:通用", "Staff: everybody"),
    "staff/doctors_inpatient": ("人员:住院病区医师", "Staff: inpatient doctors"),
    "staff/doctors_outpatient": ("人员:门诊医师", "Staff: outpatient doctors"),
    "staff/nurses": ("人员:护理", "Staff: nurses"),
    "staff/technicians": ("人员:医技", "Staff: medical technicians"),
    "staff/public_health": ("人员:公共卫生", "Staff: public health"),
    "staff/pharmacy": ("人员:药学", "Staff: pharmacy"),
    "staff/administration": ("人员:行政后勤", "Staff: administration"),
}
LEVELS = {
    "city": "市",
    "county": "县",
    "consortium": "医共体",
    "institution": "机构",
    "department": "科室",
    "team": "团队",
    "person": "个人",
}
DIRECTIONS = {"higher": "越高越好", "lower": "越低越好", "range": "适度", "monitored": "监测比较"}
PERIODS = {"month": "月", "quarter": "季", "year": "年"}
HEAD = """# 指标库 · Library of rules

由 `scripts/write_docs.py` 从 `indicator_specs/` 生成,勿手改。

**English summary.** Every indicator of the library by family: code, names, unit, direction, level, confidence, whether it is
switched on, and its source. Confidence is that of policy.md's formula: A read in an official text, B in a secondary source,
C general knowledge (printed as 口径待确认), D uncertain and switched off; proposals are ours, switched off themselves or standing only
in schemes that are. Lines of points
(full, pass, zero) are examples for a county to override. Schemes and distributions that are switched off are ready: a county's
layer switches them on.

- **口径**:A 见于正式文件;B 见于转载或二手材料;C 通行口径(印“口径待确认”);D 不确定,停用;建议:国家没有公布,由本库提出,
  本身停用,或只在停用的方案里。
  公式和名称的把握不同时取较低者。
- **监测比较**的指标没有方向,只展示,或按适度区间计分。
- 官方文件只规定指标和方向;满分、合格、零分线除写明外都是县定示范值,用本县的层改(见 [规则手册](rules.md))。
- **停用**的方案和分配规则是备用的:检查、示例照常,核算不用,由本县的层改为 `enabled: yes`。
- 数据项名称与各科室表头一致;一件事只有一个数据项。
- 工作量、节约、合格率一类指标旁边都有制约指标(非计划再住院、分解住院、推诿患者、核查真实率、投诉……),少服务不得利。

## 启用备用方案 · Switching on what is ready

岗位方案七个一起启用:每人恰好归一个(`tests/cases/test_library_posts.py` 用每个岗位核对),同时停用两个示范方案,分配改用新的得分来源。
整条分配的得分来源不分版本,所以层不写日期;从某月起用,就在那个月以前换上。

```yaml
layer: our_posts
title: 本县启用岗位考核
source: {document: 县医共体〔2025〕12号, clause: 附件}
over: library
set:
  inpatient_doctor_monthly.enabled: yes
  outpatient_doctor_monthly.enabled: yes
  nurse_monthly.enabled: yes
  technician_monthly.enabled: yes
  public_health_staff_monthly.enabled: yes
  pharmacist_monthly.enabled: yes
  admin_monthly.enabled: yes
  doctor_monthly.enabled: no
  other_monthly.enabled: no
  staff_monthly.uses.score:
    - inpatient_doctor_monthly
    - outpatient_doctor_monthly
    - nurse_monthly
    - technician_monthly
    - public_health_staff_monthly
    - pharmacist_monthly
    - admin_monthly
```

哪些科室算门诊、哪些算药学,改 `outpatient_doctor_monthly.of.where` 等条件里的名单。不启用也可以先试算:`perf-pay score --scheme nurse_monthly …`。
"""


def library_md() -> str:
    """The page; a family without a title, or an indicator outside every family, stops it.

    Raises:
        SystemExit: a folder below `indicators/` that FAMILIES does not name, or the other way round.
    """
    book, issues = load_book(rule_texts(packaged("indicator_specs")))
    if issues:
        raise SystemExit(f"the library has issues: {issues[0]}")
    families: dict[str, list[Indicator]] = {}
    for indicator in book.indicators.values():
        folder = Path(indicator.place.file).parent.as_posix().removeprefix("indicators/")
        families.setdefault(folder, []).append(indicator)
    if set(families) != set(FAMILIES):
        raise SystemExit(f"name these families in scripts/library_page.py: {sorted(set(families) ^ set(FAMILIES))}")
    lines = [HEAD, *_counts(book), ""]
    for folder, (title, english) in FAMILIES.items():
        lines += [f"## {title} · {english}", "", f"`indicators/{folder}/`", "", *_indicators(families[folder]), ""]
    lines += [
        "## 考核方案 · Schemes",
        "",
        *_schemes(book),
        "",
        "## 分配规则 · Distributions",
        "",
        *_distributions(book),
        "",
    ]
    lines += ["## 数据项 · Measures", "", *_measures(book), ""]
    return "\n".join(lines)


def _counts(book: RuleBook) -> Iterator[str]:
    on = sum(one.enabled for one in book.indicators.values())
    yield (
        f"共 {len(book.indicators)} 个指标(启用 {on},停用 {len(book.indicators) - on}),{len(book.schemes)} 个考核方案,"
        f"{len(book.distributions)} 条分配规则,{len(book.measures)} 个数据项。"
    )


def _indicators(found: list[Indicator]) -> Iterator[str]:
    yield "| 代码 | 名称 | 单位 | 方向 | 层级 | 口径 | 启用 | 依据 |"
    yield "| --- | --- | --- | --- | --- | --- | --- | --- |"
    for one in sorted(found, key=_order):
        source = one.versions[-1].dated.source
        basis = f"{source.document} {source.clause}".strip() if source else "—"
        confidence = "建议" if one.confidence == "proposal" else one.confidence
        shown = "" if one.versions[-1].points is not None else "(只展示)"
        cells = (
            f"`{one.code}`",
            f"{one.title.zh}<br>{one.title.in_lang('en')}",
            UNITS[one.unit].title.zh,
            DIRECTIONS[one.direction] + shown,
            LEVELS[one.level],
            confidence,
            "是" if one.enabled else "停用",
            basis,
        )
        yield _row(cells)


def _order(indicator: Indicator) -> tuple[str, list[int], str]:
    """By document, then by the numbers of the clause, as the document has them."""
    source = indicator.versions[-1].dated.source
    document, clause = (source.document, source.clause) if source else ("", "")
    numbers = re.match(r"[^\d;(]*(\d+(?:\.\d+)?)", clause)
    return document, [int(part) for part in numbers[1].split(".")] if numbers else [999], indicator.code


def _schemes(book: RuleBook) -> Iterator[str]:
    yield "| 代码 | 名称 | 考核谁 | 期间 | 启用 | 指标数 |"
    yield "| --- | --- | --- | --- | --- | --- |"
    for one in book.schemes.values():
        who = LEVELS[one.of_level] + (f":{'、'.join(one.of_kind)}" if one.of_kind else "")
        who += f"({one.of_where.text})" if one.of_where is not None else ""
        count = sum(len(dimension.items) for dimension in one.versions[-1].dimensions)
        title = f"{one.title.zh}<br>{one.title.in_lang('en')}"
        yield _row((f"`{one.code}`", title, who, PERIODS[one.period], "是" if one.enabled else "停用", str(count)))


def _distributions(book: RuleBook) -> Iterator[str]:
    yield "| 代码 | 名称 | 期间 | 启用 | 依据 |"
    yield "| --- | --- | --- | --- | --- |"
    for one in book.distributions.values():
        source = one.versions[-1].dated.source
        basis = f"{source.document} {source.clause}".strip() if source else "—"
        title = f"{one.title.zh}<br>{one.title.in_lang('en')}"
        yield _row((f"`{one.code}`", title, PERIODS[one.period], "是" if one.enabled else "停用", basis))


def _measures(book: RuleBook) -> Iterator[str]:
    by_supplier: dict[str, list[Measure]] = {}
    for measure in book.measures.values():
        by_supplier.setdefault(measure.supplied_by, []).append(measure)
    for supplier, measures in sorted(by_supplier.items()):
        yield f"### {supplier}"
        yield ""
        yield "| 代码 | 名称 | 其他叫法 | 单位 | 层级 | 期间 |"
        yield "| --- | --- | --- | --- | --- | --- |"
        for one in measures:
            unit = UNITS[one.unit].title.zh if one.answers in ("number", "score") else "、".join(one.values) or "是否"
            title = f"{one.title.zh}<br>{one.title.in_lang('en')}"
            yield _row((f"`{one.code}`", title, "、".join(one.synonyms), unit, LEVELS[one.level], PERIODS[one.period]))
        yield ""


def _row(cells: tuple[str, ...]) -> str:
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"
