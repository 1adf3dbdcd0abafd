"""What each functional department of a consortium sends, each in its own layout; measures name the columns."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from perf.excel.headers import header_of, unit_word
from perf.kernel.periods import Period
from perf.services.county.layouts import Page, Row, total_of
from perf.services.county.market import services
from perf.services.county.monthly import Figures
from perf.services.county.people import Person, Stint
from perf.services.county.plan import Cell, County, Institution
from perf.specs.models import RuleBook

_SIGNED = ("制表人:", "", "审核人:", "")


@dataclass(frozen=True, slots=True)
class Report:
    """One department's workbook for a period."""

    department: str
    title: str
    pages: tuple[Page, ...]


@dataclass(frozen=True, slots=True)
class Office:
    """One consortium in one period: who is there, what is known, and the words for it.

    Args:
        present: Everybody on the roster in the period, with the stint that speaks for them.
    """

    county: County
    consortium: Institution
    period: Period
    figures: Figures
    present: Sequence[tuple[Person, Stint]]
    book: RuleBook
    names: Mapping[str, str]

    @property
    def members(self) -> tuple[Institution, ...]:
        """County and township hospitals."""
        return self.county.members(self.consortium.code)

    @property
    def towns(self) -> tuple[Institution, ...]:
        """Township hospitals."""
        return tuple(i for i in self.members if i.is_town)

    @property
    def hospitals(self) -> tuple[Institution, ...]:
        """County hospitals."""
        return tuple(i for i in self.members if not i.is_town)


def monthly_reports(office: Office) -> Iterator[Report]:
    """The workbooks of a month; those who have nothing to report send none."""
    yield _information(office)
    yield _records(office)
    yield _finance(office)
    yield _public_health(office)
    yield _medical(office)
    yield _nursing(office)
    yield _personnel(office)
    yield _party(office)
    yield _infection(office)
    yield from _now_and_then(office)
    yield from market_reports(office)


def yearly_reports(office: Office) -> Iterator[Report]:
    """The workbooks of a year."""
    fund = [(office.consortium.code, code) for code in ("financing", "serious_illness", "spending")]
    members = ("insured", "member_quota", "member_spending")
    pages = [_wide(office, "成员单位", [i.code for i in office.members], members, "参保与额度表", with_code=True)]
    if any(key in office.figures for key in fund):
        pages.insert(0, _long(office, "基金", fund, "居民医保基金表"))
    yield Report("医保办", "医保基金年报", tuple(pages))
    clinics = [c.code for c in office.county.clinics_of(office.consortium.code)]
    people = ("population", "clinic_check_score", "clinic_followups_done", "clinic_followups_due")
    yield Report(
        "公卫科",
        "服务人口与村卫生室年报",
        (
            _wide(office, "机构服务人口", [i.code for i in office.members], ("population",), "服务人口表"),
            _wide(office, "村卫生室", clinics, people, "村卫生室年度考核表", with_code=True),
        ),
    )
    target = ("year_target_score", "unified_management")
    if any((i.code, target[0]) in office.figures for i in office.members):
        page = _wide(office, "年度考核", [i.code for i in office.members], target, "成员单位年度综合目标考核表")
        yield Report("党办", "综合目标考核", (page,))


def _information(office: Office) -> Report:
    measures = ("visits", "tcm_visits", "occupied_bed_days", "open_bed_days")
    page = _wide(office, "业务量", [i.code for i in office.members], measures, "业务量月报表", numbered=True)
    return Report("信息科", "业务量月报", (page,))


def _records(office: Office) -> Report:
    measures = (
        "discharges",
        "discharged_bed_days",
        "referred_down",
        "operations",
        "level3_operations",
        "elective_operations",
        "day_operations",
    )
    hospitals = _wide(
        office, "县级医院", [i.code for i in office.hospitals], measures, "出院病案统计表", with_code=True
    )
    towns = _wide(office, "乡镇卫生院", [i.code for i in office.towns], measures[:2], "出院病案统计表", with_code=True)
    return Report("病案室", "出院病案统计", (hospitals, towns))


def _finance(office: Office) -> Report:
    keys = [(office.consortium.code, "pool_total"), *((i.code, "outpatient_cost") for i in office.hospitals)]
    return Report("财务科", "绩效总额与费用", (_long(office, "财务数据", keys, "绩效总额与门诊费用表"),))


def _public_health(office: Office) -> Report:
    measures = ("htn_registered", "bp_controlled", "signed_persons", "health_records")
    headers = (
        "机构名称",
        "高血压/在管患者数(人)",
        "高血压/血压达标人数(人)",
        "家庭医生签约人数(人)",
        "居民电子健康档案建档率(%)",
    )
    page = _wide(office, "机构", [i.code for i in office.towns], measures, "基本公共卫生服务月报表", headers=headers)
    own = ("htn_standard", "followups_done", "followups_due")
    persons = _persons(office, "个人", own, "公卫人员与乡村医生工作量表")
    return Report("公卫科", "公共卫生月报", (page, persons))


def _medical(office: Office) -> Report:
    measures = ("assigned_tasks", "new_techniques", "major_accident")
    page = _wide(office, "机构", [i.code for i in office.members], measures, "医疗管理月报表")
    own = (
        "workload",
        "workload_due",
        "record_defects",
        "prescriptions_reviewed",
        "prescriptions_passed",
        "medical_quality",
        "sent_down_days",
    )
    pages = [page, _persons(office, "医师", own, "医师工作量与质量考核表", by_place=True)]
    if any(measure == "training_grade" for _, measure in office.figures):
        pages.append(_persons(office, "三基考试", ("training_grade",), "三基考试成绩表"))
    return Report("医务科", "医疗质量考核", tuple(pages))


def _nursing(office: Office) -> Report:
    page = _persons(office, "护理质量", ("nursing_quality",), "护理质量考核表", by_place=True)
    return Report("护理部", "护理质量考核", (page,))


def _personnel(office: Office) -> Report:
    measures = ("work_days", "attendance_days", "night_shifts", "duty_score")
    places = [i.code for i in office.members]
    pages = [_wide(office, "在岗人数", places, ("staff_fte",), "在岗折算人数表")]
    for institution in office.members:
        title = f"{institution.name}{office.period.zh()}考勤与岗位考核表"
        page = _persons(office, institution.name, measures, title, place=institution.code)
        pages.append(page)
    return Report("人事科", "考勤与岗位考核", tuple(pages))


def _party(office: Office) -> Report:
    measures = ("satisfaction", "complaints")
    page = _wide(
        office,
        "满意度与投诉",
        [i.code for i in office.members],
        measures,
        "患者满意度与投诉月报表",
        numbered=True,
        note=True,
    )
    return Report("党办", "满意度与投诉", (page,))


def _infection(office: Office) -> Report:
    keys = [(i.code, "infection_score") for i in office.members]
    return Report("院感科", "院感检查", (_long(office, "院感检查", keys, "院感质控检查评分表"),))


def _now_and_then(office: Office) -> Iterator[Report]:
    """The pharmacy reports by quarter; the insurance office only where there were breaches."""
    hospitals = [i.code for i in office.hospitals]
    for department, title, measure in (
        ("药剂科", "抗菌药物使用", "antibiotic_ddds"),
        ("医保办", "医保违规扣款", "insurance_breach"),
    ):
        if any((code, measure) in office.figures for code in hospitals):
            page = _wide(office, title, hospitals, (measure,), f"{title}月报表", with_code=True)
            yield Report(department, title, (page,))


def market_reports(office: Office, *, is_settled: bool = False) -> Iterator[Report]:
    """What members render each other, a sheet for each side; none before the internal market began.

    `is_settled`: as reported again after both sides compared their counts.
    """
    counts = list(services(office.county, office.consortium.code, office.period, is_settled=is_settled))
    items = office.book.lists["market_services"].items if "market_services" in office.book.lists else {}
    if not counts or not items:
        return
    pages = []
    for side, sheet in (("提供方", "提供服务"), ("接受方", "接受服务")):
        rows: list[Row] = []
        for one in counts:
            count = one.provided if side == "提供方" else one.received
            who, other = (one.provider, one.receiver) if side == "提供方" else (one.receiver, one.provider)
            if count is not None:
                rows.append([office.names[who], office.names[other], items[one.item].title.zh, count])
        headers = (side, "对方单位", "项目", "数量")
        measure = "services_provided" if side == "提供方" else "services_received"
        title = _titled(office, f"内部服务月报表({sheet})")
        pages.append(Page(sheet, title, _notes(office, (measure,)), headers, rows, None, _SIGNED))
    yield Report("医务科", "内部服务月报(更正)" if is_settled else "内部服务月报", tuple(pages))


def _wide(
    office: Office,
    sheet: str,
    subjects: Sequence[str],
    measures: Sequence[str],
    title: str,
    *,
    with_code: bool = False,
    numbered: bool = False,
    note: bool = False,
    headers: tuple[str, ...] = (),
) -> Page:
    """A row for each institution, a column for each measure that somebody has."""
    used = [m for m in measures if headers or any((s, m) in office.figures for s in subjects)]
    heads = [*(["序号"] if numbered else []), *(["机构编码"] if with_code else []), "机构名称"]
    titles = headers or (*heads, *(header_of(office.book.measures[m]) for m in used))
    rows: list[Row] = []
    for number, subject in enumerate(subjects, 1):
        named: list[Cell | None] = [*([number] if numbered else []), *([subject] if with_code else [])]
        rows.append([*named, office.names[subject], *(office.figures.get((subject, m)) for m in used)])
    total: Row | None = None
    if len(subjects) > 1 and all(office.book.measures[m].roll_up == "sum" for m in used):
        columns = [total_of([row[len(heads) + n] for row in rows]) for n in range(len(used))]
        total = ["合计", *([None] * (len(heads) - 1)), *columns]
    if note:
        titles = (*titles, "备注")
    return Page(sheet, _titled(office, title), _notes(office, used), tuple(titles), rows, total, _SIGNED)


def _long(office: Office, sheet: str, keys: Sequence[tuple[str, str]], title: str) -> Page:
    """A row for each figure: who, what, unit, how much."""
    rows: list[Row] = []
    for subject, code in keys:
        if (subject, code) in office.figures:
            measure = office.book.measures[code]
            value = office.figures[subject, code]
            rows.append([office.names[subject], measure.title.zh, unit_word(measure), value])
    headers = ("机构名称", "指标", "计量单位", "本月数" if office.period.kind == "month" else "本期数")
    return Page(sheet, _titled(office, title), _notes(office, [c for _, c in keys]), headers, rows, None, _SIGNED)


def _persons(
    office: Office, sheet: str, measures: Sequence[str], title: str, *, place: str = "", by_place: bool = False
) -> Page:
    """A row for each person of whom something is reported, by staff number."""
    rows: list[Row] = []
    for person, stint in office.present:
        values = [office.figures.get((person.number, m)) for m in measures]
        if (place and stint.institution != place) or all(value is None for value in values):
            continue
        where = [office.names[stint.institution]] if by_place else []
        rows.append([person.number, person.name, *where, stint.department, *values])
    heads = ("工号", "姓名", *(("所在单位",) if by_place else ()), "科室")
    headers = (*heads, *(header_of(office.book.measures[m]) for m in measures))
    full = title if place else _titled(office, title)
    return Page(sheet, full, _notes(office, measures), headers, rows, None, _SIGNED)


def _titled(office: Office, title: str) -> str:
    return f"{office.consortium.name}{office.period.zh()}{title}"


def _notes(office: Office, measures: Sequence[str]) -> tuple[str, ...]:
    senders = {office.book.measures[m].supplied_by for m in measures}
    return (f"填报科室:{'、'.join(sorted(senders))}",)
