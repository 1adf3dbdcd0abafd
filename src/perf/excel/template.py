"""Templates: workbooks to be filled in, made from measures and roster, that the import reads without any setting."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from openpyxl.styles import Font, PatternFill
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from perf.excel.cells import column_letters
from perf.excel.headers import earlier_header, header_of, unit_word
from perf.excel.template_tag import TemplateTag, number_of, put_tag
from perf.excel.values import expected_of
from perf.excel.writing import (
    BORDER,
    FONT,
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
from perf.kernel.facts import Fact, FactKey, Facts
from perf.kernel.figures import exact_text
from perf.kernel.periods import Period
from perf.kernel.subjects import Roster
from perf.specs.models import Measure

Who = Literal["person", "institution"]
_HEADER_ROW = 4
_PERSON_HEADERS = ("工号", "姓名", "机构编码", "机构名称", "科室")
_PLACE_HEADERS = ("机构编码", "机构名称")
_EARLIER_FILL = PatternFill("solid", fgColor="EDEDED")
_EARLIER_FONT = Font(name=FONT, charset=134, color="595959", italic=True)
_HOW = "白色单元格填写;灰色的是上一期已报的数,只供对照,不会读入。"
_SHEETS: dict[Who, str] = {"person": "个人数据", "institution": "机构数据"}


@dataclass(frozen=True, slots=True)
class TemplateOrder:
    """What a template is for.

    Args:
        period: The month, quarter or year that is reported.
        sender: Department that fills it in (`supplied_by` of measures); empty: every department's measures.
        institution: Only this institution and its people; empty: all.
        consortium: Only this consortium, its members and their people; empty: all.
        title: Heading of the sheets; made from sender and period where empty.
    """

    period: Period
    sender: str = ""
    institution: str = ""
    consortium: str = ""
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


def has_rows(measures: Sequence[Measure], roster: Roster, order: TemplateOrder) -> bool:
    """Whether anybody is there to report these measures on: persons for those of persons, institutions for the others."""
    levels: set[Who] = {"person" if measure.level == "person" else "institution" for measure in measures}
    return any(_rows(roster, order, who) for who in sorted(levels))


def template(
    measures: Sequence[Measure],
    roster: Roster,
    order: TemplateOrder,
    facts: Facts | None = None,
    services: Sequence[ServiceForm] = (),
    *,
    earlier: Facts | None = None,
) -> bytes:
    """A workbook to be filled in: one sheet for persons, one for institutions (those that have measures), instructions.

    Codes and names stand in text cells and are locked with the header; values are open, with ranges and drop-downs. The
    file knows for which period, sender and institution it is, whatever it is called. The same order, the same bytes.

    Args:
        facts: Filled in (to correct what was reported).
        services: Measures with a sheet of their own, with a row for every other member and item.
        earlier: What was reported for the period before: stands greyed and locked beside each value.
    """
    workbook = new_workbook()
    chosen = measures_for(measures, order)
    keys = [measure.code for measure in chosen]
    own_sheets = {form.measure.code for form in services}
    for who in ("person", "institution"):
        columns = [m for m in chosen if (m.level == "person") == (who == "person") and m.code not in own_sheets]
        rows = _rows(roster, order, who) if columns else []
        if rows:
            keys += [f"{who} {row[0]}" for row in rows]
            sheet = new_sheet(workbook, _SHEETS[who])
            _data_sheet(sheet, columns, rows, order, facts=facts or Facts(), earlier=earlier, roster=roster)
    for form in services:
        pairs = _pairs(roster, order) if form.measure in chosen else []
        if pairs:
            keys += [f"{form.measure.code} {one} {other}" for one, other in pairs]
            sheet = new_sheet(workbook, form.measure.title.zh[:31])
            _service_sheet(sheet, form, pairs, order, roster=roster, facts=facts, earlier=earlier)
    _instructions(new_sheet(workbook, "填报说明"), chosen, order, _place_title(roster, order))
    tag = TemplateTag(order.period, order.sender, order.institution)
    put_tag(workbook, tag._replace(number=number_of(tag, keys)))
    return saved(workbook)


def _rows(roster: Roster, order: TemplateOrder, who: Who) -> list[tuple[str, ...]]:
    """The key cells of each row: persons by institution and number, or institutions by code."""
    rows: list[tuple[str, ...]] = []
    for subject in roster.ids():
        segment = roster.at(subject, order.period)
        if segment is None or not _is_of(roster, order, subject):
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


def _is_of(roster: Roster, order: TemplateOrder, subject: str) -> bool:
    return order.consortium in ("", subject) or roster.ancestor(subject, "consortium", order.period) == order.consortium


def _pairs(roster: Roster, order: TemplateOrder) -> list[tuple[str, str]]:
    """(reporter, other side): members of one consortium, each with every other one; by code."""
    members: dict[str, list[str]] = {}
    for subject in roster.ids():
        segment = roster.at(subject, order.period)
        above = roster.at(segment.parent, order.period) if segment is not None and segment.parent else None
        if segment is None or above is None or order.consortium not in ("", segment.parent):
            continue
        if (segment.level, above.level) == ("institution", "consortium"):
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
    earlier: Facts | None,
) -> None:
    """`提供方/对方单位/项目/数量`, a row for each pair and item; a name that two members share stands as a code."""
    names = _names(roster, order.period)
    headers = [form.side, "对方单位", "项目", header_of(form.measure)]
    if earlier is not None:
        headers.append(earlier_header(form.measure))
    put_title(sheet, 1, f"{order.period.zh()} {form.measure.title.zh}填报表")
    sender = f"填报科室:{order.sender}  " if order.sender else ""
    place = _place_title(roster, order)
    scope = f"  {'机构' if order.institution else '医共体'}:{place}" if place else ""
    put(sheet, 2, 1, f"{sender}月份:{order.period}{scope}")
    if earlier is not None:
        put(sheet, 3, 1, _HOW)
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
            if earlier is not None:
                key = FactKey(reporter, form.measure.code, order.period.previous(), code, other)
                _put_earlier(sheet, row, 5, form.measure, earlier.get(key))
    rule = _validation(form.measure)
    if rule is not None:
        rule.add(f"D{_HEADER_ROW + 1}:D{row}")
        sheet.add_data_validation(rule)
    widths = (
        *(width_of(list(names.values())) for _ in range(2)),
        width_of([*form.items.values()]),
        *(width_of([header], least=12) for header in headers[3:]),
    )
    set_up(sheet, header_row=_HEADER_ROW, widths=widths, frozen_columns=3)
    _lock(sheet)


def _data_sheet(
    sheet: Worksheet,
    measures: Sequence[Measure],
    rows: Sequence[tuple[str, ...]],
    order: TemplateOrder,
    *,
    facts: Facts,
    earlier: Facts | None,
    roster: Roster,
) -> None:
    keys = _PERSON_HEADERS if len(rows[0]) == len(_PERSON_HEADERS) else _PLACE_HEADERS
    put_title(sheet, 1, order.title or f"{order.period.zh()} {order.sender}数据填报表".replace("  ", " "))
    place, scope = _place_title(roster, order), "机构" if order.institution else "医共体"
    sender = f"填报科室:{order.sender}" if order.sender else ""
    tags = [sender, f"月份:{order.period}", f"{scope}:{place}" if place else ""]
    put(sheet, 2, 1, "  ".join(tag for tag in tags if tag))
    if earlier is not None:
        put(sheet, 3, 1, _HOW)
    headers = [*keys]
    for measure in measures:
        headers += [header_of(measure)] if earlier is None else [header_of(measure), earlier_header(measure)]
    put_header(sheet, _HEADER_ROW, headers)
    last, step = _HEADER_ROW + len(rows), 1 if earlier is None else 2
    for number, row in enumerate(rows, _HEADER_ROW + 1):
        for column, text in enumerate(row, 1):
            put(sheet, number, column, text).border = BORDER
    for column, measure in zip(range(len(keys) + 1, len(headers) + 1, step), measures, strict=True):
        for number, row in enumerate(rows, _HEADER_ROW + 1):
            fact = facts.get(FactKey(row[0], measure.code, order.period))
            cell = put(sheet, number, column, fact.value if fact is not None else None, _format(measure))
            cell.number_format = _format(measure)
            cell.protection = UNLOCKED
            cell.border = BORDER
            if earlier is not None:
                fact = earlier.get(FactKey(row[0], measure.code, order.period.previous()))
                _put_earlier(sheet, number, column + 1, measure, fact)
        rule = _validation(measure)
        if rule is not None:
            letters = column_letters(column)
            rule.add(f"{letters}{_HEADER_ROW + 1}:{letters}{last}")
            sheet.add_data_validation(rule)
    widths = [width_of([headers[i], *(row[i] for row in rows[:200])]) for i in range(len(keys))]
    widths += [width_of([header], least=12, most=22) for header in headers[len(keys) :]]
    set_up(sheet, header_row=_HEADER_ROW, widths=widths, frozen_columns=2)
    _lock(sheet)


def _put_earlier(sheet: Worksheet, row: int, column: int, measure: Measure, fact: Fact | None) -> None:
    """The value of the period before, greyed; it stays locked."""
    cell = put(sheet, row, column, fact.value if fact is not None else None, _format(measure))
    cell.fill = _EARLIER_FILL
    cell.font = _EARLIER_FONT
    cell.border = BORDER


def _lock(sheet: Worksheet) -> None:
    """Protected without a password: against slips, not against people; sorting and filtering stay possible."""
    sheet.protection.sheet = True
    sheet.protection.formatColumns = False
    sheet.protection.sort = False
    sheet.protection.autoFilter = False


def _place_title(roster: Roster, order: TemplateOrder) -> str:
    """`泥河镇卫生院(X203)`, or the consortium; empty for a template of all."""
    code = order.institution or order.consortium
    place = roster.at(code, order.period) if code else None
    return f"{place.title}({place.subject})" if place is not None else ""


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
    rule.showInputMessage = True
    rule.promptTitle = measure.title.zh[:32]
    rule.prompt = expected_of(measure).zh[:220]
    return rule


def _instructions(sheet: Worksheet, measures: Sequence[Measure], order: TemplateOrder, place: str) -> None:
    put_title(sheet, 1, "填报说明")
    lines = (
        f"本表:{order.period.zh()};填报科室:{order.sender or '全部'};机构:{place or '全部'}。",
        "文件可以改名,系统认得它是哪个月、谁的表。",
        "只填白色单元格;灰色列是上一期已报的数,只供对照。表头、工号、机构编码不要改动;不报的行可以删去,顺序可以调整。",
        "没有数据请留空,是零请写 0:留空是“未报”,0 是“报了零”。",
        "百分数带 % 填写,例如 87.5%;金额按表头的单位填写。不要填合计,系统自己计算。",
        "公式可以用,但上传前请在 Excel 中保存一次,使公式有结果。",
        "填错的单元格,系统会一次列出:在哪一格、发现什么、应为什么;改好后再传同一个文件即可。",
    )
    for number, line in enumerate(lines, 2):
        put(sheet, number, 1, line)
    header_row = len(lines) + 3
    headers = ("填报内容", "代码", "计量", "应填", "提供科室")  # no words of a table of facts: the sheet may be renamed
    put_header(sheet, header_row, headers)
    for number, measure in enumerate(measures, header_row + 1):
        texts = (measure.title.zh, measure.code, unit_word(measure), expected_of(measure).zh, measure.supplied_by)
        for column, text in enumerate(texts, 1):
            put(sheet, number, column, text).border = BORDER
    set_up(sheet, header_row=header_row, widths=(32, 26, 10, 46, 14))
    _lock(sheet)
