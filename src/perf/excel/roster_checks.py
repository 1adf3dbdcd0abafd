"""What only shows when the rows of a roster are seen together: same numbers, same names, two full posts at once."""

from collections.abc import Sequence
from fractions import Fraction
from typing import NamedTuple

from perf.excel.codes import Finding
from perf.excel.subjects import name_key
from perf.kernel.figures import exact_text
from perf.kernel.issues import Issue, Place
from perf.kernel.subjects import Segment
from perf.kernel.text import Text


class RosterRow(NamedTuple):
    """A segment and where it stands; `cell` is that of the staff number or the code."""

    segment: Segment
    sheet: str
    cell: str

    @property
    def where(self) -> str:
        """`花名册!A7`."""
        return f"{self.sheet}!{self.cell}"


def across_rows(rows: Sequence[RosterRow], file: str) -> list[Issue]:
    """Issues between rows: `roster-same-number`, `roster-duplicate`, `roster-over-one-post`, `roster-same-name`."""
    by_subject: dict[str, list[RosterRow]] = {}
    by_name: dict[str, dict[str, RosterRow]] = {}
    for row in rows:
        by_subject.setdefault(row.segment.subject, []).append(row)
        if row.segment.level == "person":
            by_name.setdefault(name_key(row.segment.title), {}).setdefault(row.segment.subject, row)
    issues: list[Issue] = []
    for subject, own in sorted(by_subject.items()):
        if len(own) > 1:
            issues.extend(_one_subject(subject, own, file))
    for people in by_name.values():
        if len(people) > 1:
            numbers = "、".join(sorted(people))
            first = min(people.values(), key=lambda row: row.segment.subject)
            found = Text(f"同名:{numbers}", f"the same name: {numbers}")
            expected = Text("按工号区分", "told apart by staff number")
            hint = Text("无需处理;报数时这些人要写工号", "Nothing to do; figures of these people need staff numbers")
            issues.append(Finding("roster-same-name", found, expected, hint, "info").at(_place(first, file)))
    return issues


def _one_subject(subject: str, rows: list[RosterRow], file: str) -> list[Issue]:
    issues: list[Issue] = []
    first = rows[0]
    for row in rows[1:]:
        if name_key(row.segment.title) != name_key(first.segment.title):
            found = Text(f"编号 {subject} 用于 {row.segment.title}", f"{subject} is {row.segment.title}")
            expected = Text(f"{first.where} 中是 {first.segment.title}", f"{first.segment.title} in {first.where}")
            hint = Text("一个编号只能是一个人或一个机构", "One number is one person or one institution")
            issues.append(Finding("roster-same-number", found, expected, hint).at(_place(row, file), subject))
    sound = [row for row in rows if name_key(row.segment.title) == name_key(first.segment.title)]
    unique: list[RosterRow] = []
    for row in sound:
        same = next((other for other in unique if other.segment == row.segment), None)
        if same is None:
            unique.append(row)
            continue
        found = Text(f"与 {same.where} 重复", f"the same as {same.where}")
        expected = Text("每段任职一行", "one row for each post and time")
        hint = Text("只读取了第一处;删除重复的一行", "Only the first was taken; delete the other row")
        issues.append(Finding("roster-duplicate", found, expected, hint, "warning").at(_place(row, file), subject))
    if first.segment.level == "person":
        issues.extend(_over_one(subject, unique, file))
    return issues


def _over_one(subject: str, rows: list[RosterRow], file: str) -> list[Issue]:
    """Posts at one time whose FTE add up to more than 1, reported at the row that goes over."""
    for row in sorted(rows, key=lambda r: (r.segment.first_day, r.cell)):
        day = row.segment.first_day
        at_once = [r for r in rows if r.segment.first_day <= day <= r.segment.last_day]
        full = sum((Fraction(r.segment.attributes.get("fte") or 1) for r in at_once), Fraction(0))
        if full > 1:
            last = at_once[-1]
            others = "、".join(r.where for r in at_once if r is not last)
            found = Text(
                f"{subject} 同时任职合计 {exact_text(full)} 人", f"{subject} is {exact_text(full)} persons at once"
            )
            expected = Text("同一时间折算人数合计不超过 1", "at most 1 full-time equivalent at one time")
            hint = Text(
                f"同时的任职:{others};调动请给原岗位填结束日期,兼职请填折算人数",
                f"Also in {others}; end the former post, or state the FTE of each",
            )
            return [Finding("roster-over-one-post", found, expected, hint, "warning").at(_place(last, file), subject)]
    return []


def _place(row: RosterRow, file: str) -> Place:
    return Place(file, row.sheet, row.cell)
