"""Templates: workbooks to be filled in, made from measures and roster, that the import reads without any setting."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from openpyxl.styles import Font
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from perf.excel.cells import column_letters
from perf.excel.headers import header_of, unit_word
from perf.excel.values import expected_of
from perf.excel.writing import (
    BORDER,
    UNLOCKED,
    new_sheet,
    new_workbook,
    put,
    put_header,
    put_title,
    saved,
    set_up,
    width_of,
)
from perf.kernel.facts import FactKey, Facts
from perf.kernel.figures import exact_text
from perf.kernel.periods import Period
from perf.kernel.subjects import Roster
from perf.specs.models import Measure

Who = Literal["person", "institution"]
_HEADER_ROW = 4
_PERSON_HEADERS = ("工号", "姓名", "机构编码", "机构名称", "科室")
_PLACE_HEADERS = ("机构编码", "机构名称")
_SHEETS: dict[Who, str] = {"person": "个人数据", "institution": "机构数据"}


@dataclass(frozen=True, slots=True)
class TemplateOrder:
    """What a template is for.

    Args:
        period: The month, quarter or year that is reported.
        sender: Department that fills it in (`supplied_by` of measures); empty: every department's measures.
        institution: Only this institution and its people; empty: all.
        title: Heading of the sheets; made from sender and period where empty.
    """

    period: Period
    sender: str = ""
    institution: str = ""
    title: str = ""


@dataclass(frozen=True, slots=True)
class ServiceForm:
    """What one side of an internal market reports: the measure, and the items (code -> title) of its list."""

    side: Literal["提供方", "接受方"]
    measure: Measure
    items: Mapping[str, str]


def measures_for(measures: Iterable[Measure], order: TemplateOrder) -> list[Measure]:
    """The measures that this sender reports for this kind of period, in the order of their codes."""
    wanted = (m for m in measures if m.period == order.period.kind and order.sender in ("", m.supplied_by))
    return sorted(wanted, key=lambda measure: measure.code)


def template(
    measures: Sequence[Measure],
    roster: Roster,
    order: TemplateOrder,
    facts: Facts | None = None,
    services: Sequence[ServiceForm] = (),
) -> bytes:
    """A workbook to be filled in: one sheet for persons, one for institutions (those that have measures), instructions.

    Codes and names stand in text cells and are locked with the header; values are open, with ranges and drop-downs.
    `facts`, where given, are filled in (to correct what was reported). A measure of `services` has a sheet of its own,
    with a row for every other member and item.
    """
    workbook = new_workbook()
    chosen = measures_for(measures, order)
    own_sheets = {form.measure.code for form in services}
    for who in ("person", "institution"):
        columns = [m for m in chosen if (m.level == "person") == (who == "person") and m.code not in own_sheets]
        rows = _rows(roster, order, who) if columns else []
        if rows:
            _data_sheet(new_sheet(workbook, _SHEETS[who]), columns, rows, order, facts=facts or Facts(), roster=roster)
    for form in services:
        pairs = _pairs(roster, order) if form.measure in chosen else []
        if pairs:
            _service_sheet(
                new_sheet(workbook, form.measure.title.zh[:31]), form, pairs, order, roster=roster, facts=facts
            )
    _instructions(new_sheet(workbook, "填报说明"), chosen)
    return saved(workbook)


def _rows(roster: Roster, order: TemplateOrder, who: Who) -> list[tuple[str, ...]]:
    """The key cells of each row: persons by institution and number, or institutions by code."""
    rows: list[tuple[str, ...]] = []
    for subject in roster.ids():
        segment = roster.at(subject, order.period)
        if segment is None:
            continue
        if who == "institution":
            is_place = segment.level in ("institution", "consortium")
            if is_place and order.institution in ("", subject):
                rows.append((subject, segment.title))
            continue
        if segment.level != "person":
            continue
        posts = {post.parent: post for post in roster.segments(subject, order.period)}
        if order.institution and order.institution not in posts:
            continue
        segment = posts.get(order.institution, segment)
        place = roster.at(segment.parent, order.period)
        department = segment.attributes.get("department", "")
        rows.append((subject, segment.title, segment.parent, place.title if place else "", department))
    return sorted(rows, key=lambda row: (row[2:3], row[0]))


def _pairs(roster: Roster, order: TemplateOrder) -> list[tuple[str, str]]:
    """(reporter, other side): members of one consortium, each with every other one; by code."""
    members: dict[str, list[str]] = {}
    for subject in roster.ids():
        segment = roster.at(subject, order.period)
        above = roster.at(segment.parent, order.period) if segment is not None and segment.parent else None
        if segment is not None and above is not None and (segment.level, above.level) == ("institution", "consortium"):
            members.setdefault(segment.parent, []).append(subject)
    return [
        (one, other)
        for group in members.values()
        for one in group
        for other in group
        if one != other and order.institution in ("", one)
    ]


def _names(roster: Roster, period: Period) -> dict[str, str]:
    """Institution -> its name, or its code where two have the same."""
    found = {one: segment for one in roster.ids() if (segment := roster.at(one, period)) is not None}
    titles = {one: segment.title for one, segment in found.items() if segment.level != "person"}
    counts = Counter(titles.values())
    return {one: title if counts[title] == 1 else one for one, title in titles.items()}


def _service_sheet(
    sheet: Worksheet,
    form: ServiceForm,
    pairs: Sequence[tuple[str, str]],
    order: TemplateOrder,
    *,
    roster: Roster,
    facts: Facts | None,
) -> None:
    """`提供方/对方单位/项目/数量`, a row for each pair and item; a name that two members share stands as a code."""
    names = _names(roster, order.period)
    headers = [form.side, "对方单位", "项目", header_of(form.measure)]
    put_title(sheet, 1, f"{order.period.zh()} {form.measure.title.zh}填报表")
    sender = f"填报科室:{order.sender}  " if order.sender else ""
    put(sheet, 2, 1, f"{sender}月份:{order.period}")
    put_header(sheet, _HEADER_ROW, headers)
    row = _HEADER_ROW
    for reporter, other in pairs:
        for code, title in form.items.items():
            row += 1
            for column, text in enumerate((names[reporter], names[other], title), 1):
                put(sheet, row, column, text).border = BORDER
            fact = None if facts is None else facts.get(FactKey(reporter, form.measure.code, order.period, code, other))
            cell = put(sheet, row, 4, fact.value if fact is not None else None, _format(form.measure))
            cell.protection = UNLOCKED
            cell.border = BORDER
    rule = _validation(form.measure)
    if rule is not None:
        rule.add(f"D{_HEADER_ROW + 1}:D{row}")
        sheet.add_data_validation(rule)
    widths = (
        *(width_of(list(names.values())) for _ in range(2)),
        width_of([*form.items.values()]),
        width_of([headers[3]], least=12),
    )
    set_up(sheet, header_row=_HEADER_ROW, widths=widths, frozen_columns=3)
    sheet.protection.sheet = True
    sheet.protection.autoFilter = False


def _data_sheet(
    sheet: Worksheet,
    measures: Sequence[Measure],
    rows: Sequence[tuple[str, ...]],
    order: TemplateOrder,
    *,
    facts: Facts,
    roster: Roster,
) -> None:
    keys = _PERSON_HEADERS if len(rows[0]) == len(_PERSON_HEADERS) else _PLACE_HEADERS
    headers = [*keys, *(header_of(measure) for measure in measures)]
    put_title(sheet, 1, order.title or f"{order.period.zh()} {order.sender}数据填报表".replace("  ", " "))
    place = roster.at(order.institution, order.period) if order.institution else None
    tags = [f"月份:{order.period}"]
    if order.sender:
        tags.insert(0, f"填报科室:{order.sender}")
    if place is not None:
        tags.append(f"机构:{place.title}({place.subject})")
    put(sheet, 2, 1, "  ".join(tags))
    put_header(sheet, _HEADER_ROW, headers)
    for number, row in enumerate(rows, _HEADER_ROW + 1):
        for column, text in enumerate(row, 1):
            put(sheet, number, column, text).border = BORDER
        for column, measure in enumerate(measures, len(keys) + 1):
            fact = facts.get(FactKey(row[0], measure.code, order.period))
            cell = put(sheet, number, column, fact.value if fact is not None else None, _format(measure))
            cell.number_format = _format(measure)
            cell.protection = UNLOCKED
            cell.border = BORDER
    last = _HEADER_ROW + len(rows)
    for column, measure in enumerate(measures, len(keys) + 1):
        rule = _validation(measure)
        if rule is not None:
            letters = column_letters(column)
            rule.add(f"{letters}{_HEADER_ROW + 1}:{letters}{last}")
            sheet.add_data_validation(rule)
    widths = [width_of([headers[i], *(row[i] for row in rows[:200])]) for i in range(len(keys))]
    set_up(
        sheet,
        header_row=_HEADER_ROW,
        widths=[*widths, *(width_of([header], least=12) for header in headers[len(keys) :])],
        frozen_columns=2,
    )
    sheet.protection.sheet = True
    sheet.protection.formatColumns = False
    sheet.protection.sort = False
    sheet.protection.autoFilter = False


def _format(measure: Measure) -> str:
    if measure.answers in ("rating", "text"):
        return "@"
    if measure.answers == "event" or measure.digits == "exact":
        return "General"
    if measure.unit == "percent":
        places = max(measure.digits - 2, 0)
        return ("0." + "0" * places if places else "0") + "%"
    return "0." + "0" * measure.digits if measure.digits > 0 else "0"


def _validation(measure: Measure) -> DataValidation | None:
    """A drop-down for ratings, a range for numbers; texts and ratios other than percent are left to the import."""
    if measure.answers == "rating" and measure.values and len(",".join(measure.values)) <= 255:
        listed = '"' + ",".join(measure.values) + '"'
        return _told(DataValidation(type="list", formula1=listed, allow_blank=True), measure)
    if measure.answers not in ("number", "score") or measure.unit in ("permille", "per_10k", "percentage_points"):
        return None
    low, high = measure.minimum, measure.maximum
    if low is None and high is None:
        return None
    kind: Literal["whole", "decimal"] = "whole" if measure.digits == 0 and measure.unit != "percent" else "decimal"
    bounds = [exact_text(bound) for bound in (low, high) if bound is not None]
    if any("/" in bound for bound in bounds):
        return None
    operator: Literal["between", "greaterThanOrEqual", "lessThanOrEqual"] = "between"
    if len(bounds) == 1:
        operator = "greaterThanOrEqual" if low is not None else "lessThanOrEqual"
    upper = bounds[1] if len(bounds) == 2 else None
    rule = DataValidation(type=kind, operator=operator, formula1=bounds[0], formula2=upper, allow_blank=True)
    return _told(rule, measure)


def _told(rule: DataValidation, measure: Measure) -> DataValidation:
    rule.showErrorMessage = True
    rule.errorTitle = "请核对"
    rule.error = f"{measure.title.zh}:{expected_of(measure).zh}"[:220]
    return rule


def _instructions(sheet: Worksheet, measures: Sequence[Measure]) -> None:
    put_title(sheet, 1, "填报说明")
    lines = (
        "只填白色单元格;表头、工号、机构编码不要改动。没有数据请留空,是零请写 0。",
        "百分数带 % 填写,例如 87.5%;金额按表头的单位填写。不要填合计,系统自己计算。",
        "公式可以用,但上传前请在 Excel 中保存一次,使公式有结果。",
    )
    for number, line in enumerate(lines, 2):
        put(sheet, number, 1, line)
    headers = ("数据项", "编码", "单位", "应填", "提供科室")
    put_header(sheet, 6, headers)
    for number, measure in enumerate(measures, 7):
        texts = (measure.title.zh, measure.code, unit_word(measure), expected_of(measure).zh, measure.supplied_by)
        for column, text in enumerate(texts, 1):
            put(sheet, number, column, text).border = BORDER
    sheet["A6"].font = Font(bold=True)
    set_up(sheet, header_row=6, widths=(32, 26, 10, 36, 14))
