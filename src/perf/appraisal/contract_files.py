"""The files of the contract (format 1): subjects and facts as CSV text, read with all problems at once."""

import csv
import difflib
import io
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from fractions import Fraction

from perf.appraisal.csv_rows import Row, read_rows
from perf.appraisal.file_hints import file_issue as _issue
from perf.kernel.facts import Fact, FactKey, Facts, FactSource
from perf.kernel.figures import exact_text, finite_decimal, parse_number
from perf.kernel.issues import Issue, Place
from perf.kernel.periods import parse_period
from perf.kernel.subjects import LEVELS, Level, Roster, Segment
from perf.kernel.text import Text
from perf.specs.models import Measure, RuleBook

SUBJECT_COLUMNS = ("subject", "level", "kind", "parent")
FACT_COLUMNS = ("subject", "period", "measure", "value")
_RATIO_UNITS = ("percent", "permille", "per_10k", "percentage_points", "ratio")
_EVENT_WORDS = {"是": 1, "有": 1, "yes": 1, "true": 1, "否": 0, "无": 0, "no": 0, "false": 0}


def parse_subjects(name: str, text: str) -> tuple[Roster, frozenset[str], tuple[Issue, ...]]:
    """Read SUBJECTS: the roster, the names of its attribute columns, and all issues with their lines."""
    rows, header, issues = read_rows(name, text, required=SUBJECT_COLUMNS, optional=None)
    columns = [c for c in header if c not in (*SUBJECT_COLUMNS, "from", "to")]
    segments: list[Segment] = []
    seen: dict[tuple[object, ...], int] = {}
    for row in rows:
        segment, found = _segment(name, row, columns)
        issues += found
        if segment is None:
            continue
        key = (
            *(row.cells[c] for c in SUBJECT_COLUMNS),
            segment.first_day,
            segment.last_day,
            *segment.attributes.items(),
        )
        if key in seen:
            issues.append(
                _issue(
                    "subject-twice",
                    Place(name, line=row.line),
                    Text(f"与第 {seen[key]} 行相同", f"the same as line {seen[key]}"),
                    Text("每段任职一行", "one row a segment"),
                    subject=segment.subject,
                )
            )
            continue
        seen[key] = row.line
        segments.append(segment)
    issues += _parent_issues(name, segments)
    return Roster(segments), frozenset(columns), tuple(issues)


def _segment(name: str, row: Row, columns: Sequence[str]) -> tuple[Segment | None, list[Issue]]:
    issues: list[Issue] = []
    place = Place(name, line=row.line)
    cells = row.cells
    if not cells["subject"]:
        issues.append(_issue("subject-empty", place, Text("subject 为空", "empty subject"), Text("对象编码", "a code")))
    level = cells["level"]
    if level not in LEVELS:
        issues.append(
            _issue(
                "level-unknown",
                place,
                Text(f"层级“{level}”", f"level “{level}”"),
                Text(" | ".join(LEVELS), " | ".join(LEVELS)),
                subject=cells["subject"],
            )
        )
    days: list[date] = []
    for column, open_end in (("from", date.min), ("to", date.max)):
        try:
            days.append(_day(cells.get(column, ""), open_end))
        except ValueError:
            issues.append(
                _issue(
                    "date-unreadable",
                    place,
                    Text(f"{column} = “{cells[column]}”", f"{column} = “{cells[column]}”"),
                    Text("2025-06-01 或 2025-06", "2025-06-01 or 2025-06"),
                    subject=cells["subject"],
                )
            )
    if len(days) == 2 and days[0] > days[1]:
        issues.append(
            _issue(
                "dates-reversed",
                place,
                Text("开始晚于结束", "starts after its end"),
                Text("from ≤ to", "from ≤ to"),
                subject=cells["subject"],
            )
        )
    if issues:
        return None, issues
    known: Level = next(one for one in LEVELS if one == level)
    attributes = {c: cells[c] for c in columns if cells[c]}
    return Segment(cells["subject"], known, cells["kind"], cells["parent"], days[0], days[1], attributes), []


def _day(text: str, open_end: date) -> date:
    if not text:
        return open_end
    if len(text) == len("2025-06-01"):
        return date.fromisoformat(text)
    period = parse_period(text)
    return period.first_day if open_end is date.min else period.last_day


def _parent_issues(name: str, segments: Sequence[Segment]) -> Iterator[Issue]:
    known = {s.subject for s in segments}
    for parent in sorted({s.parent for s in segments if s.parent} - known):
        children = sorted({s.subject for s in segments if s.parent == parent})
        yield _issue(
            "parent-unknown",
            Place(name),
            Text(f"上级“{parent}”没有自己的行", f"parent “{parent}” has no row"),
            Text("每个上级也是一个对象", "every parent is a subject too"),
            subject=children[0],
            severity="warning",
        )
    for circle in _circles(segments):
        chain = " → ".join((*circle, circle[0]))
        yield _issue(
            "parent-cycle",
            Place(name),
            Text(f"上级循环:{chain}", f"parents in a circle: {chain}"),
            Text("上级在自己之上", "parents that stand above"),
            subject=circle[0],
        )


def _circles(segments: Sequence[Segment]) -> Iterator[tuple[str, ...]]:
    """Subjects that stand above themselves, by segments with a day in common; each circle from its smallest code."""
    rows: dict[str, list[Segment]] = {}
    for segment in segments:
        rows.setdefault(segment.subject, []).append(segment)
    for start in sorted(rows.keys() & {segment.parent for segment in segments}):
        ways: list[tuple[tuple[str, ...], date, date]] = [((start,), date.min, date.max)]
        while ways:
            way, first, last = ways.pop()
            for row in rows.get(way[-1], ()):
                since, until = max(first, row.first_day), min(last, row.last_day)
                if since > until:
                    continue
                if row.parent == start and start == min(way):
                    yield way
                elif row.parent and row.parent not in way:
                    ways.append(((*way, row.parent), since, until))


def parse_facts(name: str, text: str, book: RuleBook, roster: Roster | None) -> tuple[Facts, tuple[Issue, ...]]:
    """Read FACTS against the measures of `book` and the subjects of `roster`: facts and all issues with their lines."""
    rows, _, issues = read_rows(name, text, required=FACT_COLUMNS, optional=("item", "counterparty"))
    seen: dict[FactKey, int] = {}
    facts: list[Fact] = []
    for row in rows:
        fact, found = _fact(name, row, book, roster)
        issues += found
        if fact is None:
            continue
        if fact.key in seen:
            issues.append(
                _issue(
                    "fact-twice",
                    Place(name, line=row.line),
                    Text(f"与第 {seen[fact.key]} 行键相同", f"the same key as line {seen[fact.key]}"),
                    Text("每个键一行", "one row a key"),
                    subject=fact.key.subject,
                )
            )
            continue
        seen[fact.key] = row.line
        facts.append(fact)
    return Facts(facts), tuple(issues)


def _fact(name: str, row: Row, book: RuleBook, roster: Roster | None) -> tuple[Fact | None, list[Issue]]:
    cells, place = row.cells, Place(name, line=row.line)
    issues: list[Issue] = []
    measure = book.measures.get(cells["measure"])
    if measure is None:
        close = difflib.get_close_matches(cells["measure"], book.measures, 1)
        issues.append(
            _issue(
                "unknown-measure",
                place,
                Text(f"数据项“{cells['measure']}”", f"measure “{cells['measure']}”"),
                Text("规则中声明过的数据项", "a measure declared in the rules"),
                hint=Text(f"是否为 {close[0]}?", f"did you mean {close[0]}?") if close else None,
                subject=cells["subject"],
            )
        )
    if roster is not None and cells["subject"] not in roster:
        issues.append(
            _issue(
                "unknown-subject",
                place,
                Text(f"对象“{cells['subject']}”", f"subject “{cells['subject']}”"),
                Text("SUBJECTS 中的对象", "a subject of SUBJECTS"),
                subject=cells["subject"],
            )
        )
    try:
        period = parse_period(cells["period"])
    except ValueError:
        issues.append(
            _issue(
                "period-unreadable",
                place,
                Text(f"期间“{cells['period']}”", f"period “{cells['period']}”"),
                Text("2025、2025-Q2 或 2025-06", "2025, 2025-Q2 or 2025-06"),
                subject=cells["subject"],
            )
        )
    if issues or measure is None:
        return None, issues
    if not cells["value"]:
        return None, []
    value, found = read_value(measure, cells["value"], place, cells["subject"])
    if value is None:
        return None, found
    key = FactKey(cells["subject"], measure.code, period, cells.get("item", ""), cells.get("counterparty", ""))
    return Fact(key, value, FactSource(name, "", f"L{row.line}")), found


def read_value(measure: Measure, text: str, place: Place, subject: str) -> tuple[Fraction | str | None, list[Issue]]:
    """Read one value in the contract's form (plain decimals, ratios as ratios) and check range, digits and words."""
    if measure.answers == "rating" or measure.answers == "text":
        if measure.answers == "rating" and measure.values and text not in measure.values:
            return None, [
                _issue(
                    "rating-unknown",
                    place,
                    Text(f"“{text}”({measure.title.zh})", f"“{text}” ({measure.code})"),
                    Text("、".join(measure.values), ", ".join(measure.values)),
                    subject=subject,
                )
            ]
        return text, []
    if measure.answers == "event" and text.lower() in _EVENT_WORDS:
        return Fraction(_EVENT_WORDS[text.lower()]), []
    try:
        number = parse_number(text)
    except ValueError:
        return None, [
            _issue(
                "not-a-number",
                place,
                Text(f"“{text}”({measure.title.zh})", f"“{text}” ({measure.code})"),
                Text("不带千分位、指数的十进制数,例如 88", "a plain decimal such as 88"),
                subject=subject,
            )
        ]
    return number, _number_issues(measure, number, text, place, subject)


def _number_issues(measure: Measure, number: Fraction, text: str, place: Place, subject: str) -> list[Issue]:
    issues: list[Issue] = []
    low, high = measure.minimum, measure.maximum
    if (low is not None and number < low) or (high is not None and number > high):
        bounds = f"{exact_text(low) if low is not None else '−∞'} – {exact_text(high) if high is not None else '∞'}"
        issues.append(
            _issue(
                "out-of-range",
                place,
                Text(f"{text}({measure.title.zh})", f"{text} ({measure.code})"),
                Text(f"{bounds} 之间", f"within {bounds}"),
                subject=subject,
            )
        )
    if isinstance(measure.digits, int) and measure.unit not in _RATIO_UNITS:
        decimal = finite_decimal(number)
        if decimal is None or len(decimal.partition(".")[2]) > measure.digits:
            issues.append(
                _issue(
                    "too-many-digits",
                    place,
                    Text(f"{text}({measure.title.zh})", f"{text} ({measure.code})"),
                    Text(f"至多 {measure.digits} 位小数", f"at most {measure.digits} decimals"),
                    subject=subject,
                )
            )
    return issues


def write_csv(columns: Sequence[str], rows: Iterable[Mapping[str, str]]) -> str:
    """Rows as CSV text of the contract: header first, LF, no BOM."""
    out = io.StringIO()
    writer = csv.DictWriter(out, columns, lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue()
