"""Who a row is about: staff numbers, names and institutions against the roster; nothing is guessed silently."""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import date
from difflib import get_close_matches
from functools import lru_cache
from typing import NamedTuple

from perf.excel.cells import CellRecord
from perf.excel.codes import Finding, quoted
from perf.excel.headers import Role, plain, without_note
from perf.excel.identity_cells import misplaced
from perf.kernel.periods import Period
from perf.kernel.subjects import LEVELS, Level, Roster, Segment
from perf.kernel.text import Text

_CLOSE_LOOKUPS = 60  # close matches are looked for in the first unknown ones only; each costs a pass over the roster
_NUMBER_WITH_POINT = re.compile(r"(\d+)\.0+")
_DOTS = str.maketrans("", "", "·•.‧・")


class Resolved(NamedTuple):
    """The subject, or None; each finding with the role of the cell it is about."""

    subject: str | None
    findings: tuple[tuple[Role, Finding], ...] = ()


@lru_cache(maxsize=2)
def finder_of(roster: Roster | None) -> "SubjectFinder":
    """The finder of a roster; a batch of files read against one roster shares it."""
    return SubjectFinder(roster)


class SubjectFinder:
    """Looks rows up in a roster; without one, codes are taken as they stand."""

    def __init__(self, roster: Roster | None) -> None:
        self._roster = roster
        self._persons: dict[str, set[str]] = {}
        self._places: dict[str, set[str]] = {}
        self._stripped: dict[str, set[str]] = {}
        self._levels: dict[str, Level] = {}
        self._cases: dict[str, str] = {}
        self._lookups = 0
        self._known: dict[tuple[object, ...], Resolved] = {}
        for segment in roster or ():
            self._levels[segment.subject] = segment.level
            names = self._persons if segment.level == "person" else self._places
            names.setdefault(name_key(segment.title), set()).add(segment.subject)
            if segment.level == "person":
                self._stripped.setdefault(segment.subject.lstrip("0"), set()).add(segment.subject)
        folded = Counter(code.casefold() for code in self._levels)
        self._cases.update((code.casefold(), code) for code in self._levels if folded[code.casefold()] == 1)

    def begin_file(self) -> None:
        """Another file: it has its own share of searches for names that are alike."""
        self._lookups = 0

    def level(self, subject: str) -> Level | None:
        """The level of a subject of the roster."""
        return self._levels.get(subject)

    def is_below(self, subject: str, level: Level) -> bool:
        """Whether the subject lies at a lower level than `level`."""
        own = self._levels.get(subject)
        return own is not None and LEVELS.index(own) > LEVELS.index(level)

    def person(
        self,
        number: CellRecord | None,
        name: CellRecord | None,
        place: str | None,
        period: Period,
        department: CellRecord | None = None,
    ) -> Resolved:
        """Resolve a person by staff number, checked against the name; by name only where that is unambiguous.

        Args:
            number, name: The cells, None where they are empty.
            place: Code of the institution that the row or the title states, if any.
            department: Tells people of one name apart; it is not checked otherwise.
        """
        inside = department.value if department is not None else ""
        key = (number and (number.value, number.kind), name and name.value, place, period, inside)
        known = self._known.get(key)
        if known is None:
            known = self._known[key] = self._person(number, name, place, period, inside)
        return known

    def _person(
        self, number: CellRecord | None, name: CellRecord | None, place: str | None, period: Period, inside: str
    ) -> Resolved:
        if number is None or not number.value:
            return self._by_name(name, place, period, inside)
        found = self._by_number(number, name)
        if found.subject is None or self._roster is None:
            return found
        findings = list(found.findings)
        subject = found.subject
        stated = name.value if name is not None and self._has_name(subject) else ""
        if stated and subject not in self._named_so(stated):
            titles = "、".join(sorted({s.title for s in self._roster.all_segments(subject)}))
            expected = Text(
                f"工号 {subject} 在花名册中是 {titles}", f"staff number {subject} is {titles} on the roster"
            )
            theirs = self._number_of(stated)[0]
            hint = Text(f"姓名写错就改成 {titles};工号写错就改工号", f"Make the name {titles}, or correct the number")
            if theirs is not None:  # number or name may be the wrong one: nothing is suggested
                hint = Text(
                    f"{theirs.zh};工号错就改工号,姓名错就改成 {titles}",
                    f"{theirs.en}; correct the number, or make the name {titles}",
                )
            found_text = Text(f"姓名{quoted(stated)}", f"the name {quoted(stated)}")
            only = titles if "、" not in titles and theirs is None else ""
            contradiction = Finding("name-contradicts", found_text, expected, hint, suggested=only)
            findings.append(("staff_name", contradiction))
            return Resolved(None, tuple(findings))
        problem = self._not_there(subject, place, period)
        if problem is not None:
            findings.append(problem)
            return Resolved(None, tuple(findings))
        return Resolved(subject, tuple(findings))

    def institution(self, code: CellRecord | None, name: CellRecord | None, period: Period) -> Resolved:
        """Resolve an institution (or another unit above persons) by code, else by its full name."""
        code_text = clean_code(code.value) if code is not None else ""
        name_text = name.value if name is not None else ""
        key = ("institution", code_text, name_text, period)
        known = self._known.get(key)
        if known is None:
            known = self._known[key] = self._institution(code_text, name_text, period)
        return known

    def is_steady(self, subjects: Iterable[str], named: str, first_day: date, last_day: date) -> bool:
        """Whether these, and everybody of a name, stand in one and the same place from the first to the last day."""
        roster = self._roster
        return roster is None or all(
            roster.is_steady(one, first_day, last_day) for one in (*subjects, *(self._named_so(named) if named else ()))
        )

    def named_in(self, text: str) -> set[str]:
        """Codes of the institutions whose code or name stands in a title; longer names win over those inside them."""
        clean = plain(text)
        hits = {name: codes for name, codes in self._places.items() if len(name) > 2 and name in clean}
        longest = [name for name in hits if not any(name != other and name in other for other in hits)]
        return {code for name in longest for code in hits[name]}

    def named(self, name: str) -> set[str]:
        """Codes of the institutions of exactly that name."""
        return self._places.get(name_key(name), set())

    def segments_of(self, subject: str) -> list[Segment]:
        """All segments of a subject of the roster."""
        return self._roster.all_segments(subject) if self._roster is not None else []

    def names_of(self, subjects: Iterable[str]) -> str:
        """`泥河镇卫生院(X203)、…` for hints."""
        return "、".join(f"{self._title(s)}({s})" for s in sorted(subjects))

    def _has_name(self, subject: str) -> bool:
        """Whether the roster knows the subject by more than its code; the contract's SUBJECTS need no names."""
        return any(segment.attributes.get("name") for segment in self.segments_of(subject))

    def _title(self, subject: str) -> str:
        rows = self._roster.all_segments(subject) if self._roster is not None else []
        return rows[-1].title if rows else subject

    def _by_number(self, record: CellRecord, name: CellRecord | None) -> Resolved:
        text = clean_code(record.value)
        if self._roster is None:
            return self._unchecked(text, record)
        if self._levels.get(text) is None:
            text = self._cases.get(text.casefold(), _NUMBER_WITH_POINT.sub(r"\1", text))
        is_exact = self._levels.get(text) == "person"
        if is_exact and record.kind == "text":
            return Resolved(text)
        possible = sorted(self._stripped.get(text.lstrip("0"), ())) if text.isdigit() else []
        found = Text(f"工号{quoted(record.value)}", f"staff number {quoted(record.value)}")
        if len(possible) > 1 and name is not None and name.value:
            possible = [c for c in possible if c in self._persons.get(name_key(name.value), ())] or possible
        if len(possible) == 1 or (is_exact and not possible):
            number = possible[0] if possible else text
            if number == text:
                return Resolved(number)
            expected = Text(f"{number}(文本)", f"{number} (text)")
            hint = Text(
                f"丢失的前导零已补上:{number};请把工号列设为文本",
                f"Leading zeros restored: {number}; make it a text column",
            )
            restored = Finding("staff-number-zeros", found, expected, hint, "info", number)
            return Resolved(number, (("staff_number", restored),))
        if possible:
            expected = Text("唯一的工号", "one staff number")
            hint = Text(
                f"可能是 {self._named_people(possible)},请写全前导零",
                f"It may be {', '.join(possible)}; write the leading zeros",
            )
            return Resolved(None, (("staff_number", Finding("staff-number-ambiguous", found, expected, hint)),))
        expected = Text("花名册中的工号", "a staff number of the roster")
        named, suggested = self._number_of(name.value) if name is not None and name.value else (None, "")
        if named is not None:
            hint, near = Text(f"{named.zh},核对后改正", f"{named.en}; check and correct it"), ""
        else:
            hint, near = self._alike(text)
        unknown = Finding("staff-number-unknown", found, expected, hint, suggested=suggested or near)
        return Resolved(None, (("staff_number", unknown),))

    def _unchecked(self, text: str, record: CellRecord) -> Resolved:
        if (wrong := misplaced("工号", text, kinds=("citizen", "bank_card"))) is not None:
            return Resolved(None, (("staff_number", wrong),))
        if record.kind == "text":
            return Resolved(text)
        found = Text(
            f"工号 {quoted(record.value)} 是数字单元格", f"staff number {quoted(record.value)} is a number cell"
        )
        hint = Text("前导零可能已丢失;请把工号列设为文本", "Leading zeros may be lost; make it a text column")
        expected = Text("文本格式的工号", "a staff number as text")
        return Resolved(text, (("staff_number", Finding("staff-number-numeric", found, expected, hint, "warning")),))

    def _by_name(self, name: CellRecord | None, place: str | None, period: Period, inside: str) -> Resolved:
        if name is None or not name.value:
            found = Text("这一行有数值,没有工号", "a row with values and without a staff number")
            expected = Text("工号", "a staff number")
            hint = Text("填写工号;多余的行请删除", "Enter the staff number, or delete the row")
            return Resolved(None, (("staff_number", Finding("subject-missing", found, expected, hint)),))
        shown = Text(f"姓名{quoted(name.value)}", f"the name {quoted(name.value)}")
        if self._roster is None:
            expected = Text(
                "工号(没有花名册,不能按姓名查找)", "a staff number (names cannot be looked up without a roster)"
            )
            hint = Text("填写工号,或先给出花名册", "Enter the staff number, or give a roster")
            return Resolved(None, (("staff_name", Finding("name-unknown", shown, expected, hint)),))
        every = sorted(self._named_so(name.value))
        possible = [s for s in every if self._not_there(s, place, period) is None]
        if len(possible) > 1 and inside:
            possible = [s for s in possible if self._works_in(s, inside, period)] or possible
        if len(possible) == 1:
            return Resolved(possible[0])
        if not every:
            close = self._close(name_key(name.value), self._persons)
            hint = Text(
                f"是不是 {'、'.join(close)}?" if close else "核对姓名,或填写工号",
                "Check the name, or enter the staff number",
            )
            expected = Text("花名册中的姓名", "a name on the roster")
            unknown = Finding("name-unknown", shown, expected, hint, suggested=_only(self._titled(close)))
            return Resolved(None, (("staff_name", unknown),))
        if not possible:
            problem = self._not_there(every[0], place, period)
            return Resolved(None, (problem,) if problem else ())
        expected = Text("工号(有同名的人)", "a staff number (there are several of this name)")
        hint = Text(
            f"同名的有 {self._named_places(possible, period)},请填写工号",
            f"Staff numbers of this name: {', '.join(possible)}; enter one",
        )
        return Resolved(None, (("staff_name", Finding("name-ambiguous", shown, expected, hint)),))

    def _named_so(self, name: str) -> set[str]:
        """People of that name, else of the name without a note behind it: `张三(进修)`."""
        return self._persons.get(name_key(name)) or self._persons.get(name_key(without_note(plain(name))), set())

    def _works_in(self, subject: str, inside: str, period: Period) -> bool:
        """Whether somebody has a post in the department of that name."""
        wanted = name_key(inside)
        above = self._above(subject, period)
        own = [segment.attributes.get("department", "") for segment in self.segments_of(subject)]
        return wanted in {name_key(name) for name in (*own, *(self._title(code) for code in above))}

    def _named_people(self, subjects: Iterable[str]) -> str:
        return "、".join(f"{subject} {self._title(subject)}" for subject in subjects)

    def _named_places(self, subjects: Iterable[str], period: Period) -> str:
        """`000205(泥河镇卫生院 内科)、…`: who is who."""
        said = []
        for subject in subjects:
            rows = self._roster.segments(subject, period) if self._roster is not None else []
            where = [" ".join((self._title(s.parent), s.attributes.get("department", ""))).strip() for s in rows]
            said.append(f"{subject}({'、'.join(dict.fromkeys(where))})")
        return "、".join(said)

    def _not_there(self, subject: str, place: str | None, period: Period) -> tuple[Role, Finding] | None:
        if self._roster is None:
            return None
        segments = self._roster.segments(subject, period)
        if not segments:
            found = Text(f"{subject} 在 {period} 不在册", f"{subject} is not on the roster in {period}")
            expected = Text("当期在册的人", "somebody who is on the roster in that period")
            hint = Text("先更新花名册,或删除这一行", "Update the roster first, or delete the row")
            return "staff_number", Finding("not-on-roster", found, expected, hint)
        if place and place not in self._above(subject, period):
            own = self.names_of({s.parent for s in segments})
            found = Text(f"{subject} 写在 {self.names_of([place])} 名下", f"{subject} stands under {place}")
            expected = Text(f"花名册中的机构:{own}", f"the institution on the roster: {own}")
            hint = Text("核对机构;调动请先更新花名册", "Check the institution; update the roster for a move")
            return "institution_name", Finding("institution-contradicts", found, expected, hint)
        return None

    def _above(self, subject: str, period: Period) -> set[str]:
        assert self._roster is not None  # noqa: S101
        seen: set[str] = set()
        queue = [segment.parent for segment in self._roster.segments(subject, period)]
        while queue:
            code = queue.pop()
            if code and code not in seen:
                seen.add(code)
                queue.extend(segment.parent for segment in self._roster.segments(code, period))
        return seen

    def _institution(self, code: str, name: str, period: Period) -> Resolved:
        role: Role = "institution_code" if code else "institution_name"
        if not code and not plain(name):
            found = Text("这一行有数值,没有机构", "a row with values and without an institution")
            expected = Text("机构编码", "an institution code")
            hint = Text(
                "填写机构编码或名称;按人填的表要有“工号”或“姓名”列",
                "Enter its code or name; a table of persons needs a column 工号 or 姓名",
            )
            return Resolved(None, ((role, Finding("subject-missing", found, expected, hint)),))
        if self._roster is None:
            return Resolved(code or name.strip())
        named, completed = self._places_named(name)
        if code:
            return self._by_code(code, name, named, period)
        shown = Text(f"机构{quoted(name)}", f"the institution {quoted(name)}")
        if len(named) == 1:
            (subject,) = named
            if not completed:
                return Resolved(subject)
            expected = Text(self.names_of(named), self.names_of(named))
            hint = Text("已按简称对应", "Matched by its short name")
            return Resolved(subject, ((role, Finding("institution-name-completed", shown, expected, hint, "info")),))
        if named:
            hint = Text(f"可能是 {self.names_of(named)},请填写机构编码", "Enter the institution code")
            return Resolved(
                None, ((role, Finding("institution-ambiguous", shown, Text("唯一的机构", "one institution"), hint)),)
            )
        close = self._close(name_key(name), self._places)
        hint = Text(
            f"是不是 {'、'.join(close)}?" if close else "核对名称,或填写机构编码", "Check the name, or enter the code"
        )
        expected = Text("花名册中的机构", "an institution of the roster")
        suggested = _only(self._titled(close))
        return Resolved(None, ((role, Finding("institution-unknown", shown, expected, hint, suggested=suggested)),))

    def _by_code(self, code: str, name: str, named: set[str], period: Period) -> Resolved:
        if code not in self._levels:
            code = self._cases.get(code.casefold(), code)
        if self._levels.get(code, "person") == "person":
            close = get_close_matches(code, [c for c, level in self._levels.items() if level != "person"], 2)
            shown = Text(f"机构编码{quoted(code)}", f"the institution code {quoted(code)}")
            hint = Text(
                f"是不是 {self.names_of(named or close)}?" if named or close else "核对机构编码", "Check the code"
            )
            expected = Text("花名册中的机构编码", "an institution code of the roster")
            suggested = _only(sorted(named or close))
            unknown = Finding("institution-unknown", shown, expected, hint, suggested=suggested)
            return Resolved(None, (("institution_code", unknown),))
        if name and code not in named and self._has_name(code):
            shown = Text(f"机构{quoted(name)}", f"the institution {quoted(name)}")
            expected = Text(f"编码 {code} 是 {self._title(code)}", f"the code {code} is {self._title(code)}")
            hint = Text("核对机构编码和名称", "Check the code and the name")
            contradiction = Finding("institution-contradicts", shown, expected, hint, suggested=self._title(code))
            return Resolved(None, (("institution_name", contradiction),))
        if self._roster is not None and not self._roster.segments(code, period):
            shown = Text(f"{code} 在 {period} 不在册", f"{code} is not on the roster in {period}")
            expected = Text("当期在册的机构", "an institution on the roster in that period")
            hint = Text("先更新机构名单,或删除这一行", "Update the list of institutions first, or delete the row")
            return Resolved(None, (("institution_code", Finding("not-on-roster", shown, expected, hint)),))
        return Resolved(code)

    def _places_named(self, name: str) -> tuple[set[str], bool]:
        key = name_key(name)
        if not key:
            return set(), False
        if exact := self._places.get(key):
            return exact, False
        inside = [
            codes
            for title, codes in self._places.items()
            if len(key) > 2 and (title.endswith(key) or key.endswith(title))
        ]
        return ({code for codes in inside for code in codes}, True) if inside else (set(), False)

    def _titled(self, keys: Iterable[str]) -> list[str]:
        """The names on the roster that stand behind these keys, as they are written there."""
        subjects = {s for key in keys for s in (self._persons.get(key) or self._places.get(key) or ())}
        return sorted({self._title(subject) for subject in subjects})

    def _number_of(self, name: str) -> tuple[Text | None, str]:
        """The staff numbers of that name in words, and the number where there is only one."""
        codes = sorted(self._persons.get(name_key(name), ()))
        if not codes:
            return None, ""
        said = Text(
            f"{name.strip()} 的工号是 {'、'.join(codes)}", f"{name.strip()} has the staff number {', '.join(codes)}"
        )
        return said, _only(codes)

    def _alike(self, code: str) -> tuple[Text, str]:
        close = self._close(code, [c for c, level in self._levels.items() if level == "person"])
        if not close:
            return Text("核对工号,或先更新花名册", "Check the number, or update the roster first"), ""
        return Text(f"是不是 {'、'.join(close)}?", f"Is it {', '.join(close)}?"), _only(close)

    def _close(self, word: str, among: Iterable[str]) -> list[str]:
        self._lookups += 1
        if self._lookups > _CLOSE_LOOKUPS:
            return []
        return get_close_matches(word, list(among), 2, 0.75)


def _only(found: Sequence[str]) -> str:
    """The one that is there; empty where there is none, or a choice."""
    return found[0] if len(found) == 1 else ""


def clean_code(text: str) -> str:
    """A code as it is meant: half-width, without spaces and a leading apostrophe."""
    return "".join(unicodedata.normalize("NFKC", text).split()).lstrip("'`")


def name_key(name: str) -> str:
    """A name for comparison: no spaces (`王 芳`), no middle dots, half-width."""
    return plain(name).translate(_DOTS)
