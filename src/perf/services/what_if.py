"""`what-if`: the months of a scheme scored again with some settings changed; who gains, who loses, how grades move.

Nothing is stored but the columns the question is asked of; the answer is exact, as everything else.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from perf.formulas import references
from perf.kernel.errors import InputRefused, NotFound, WrongUse
from perf.kernel.issues import Issue, by_place
from perf.kernel.periods import Period, parse_period
from perf.kernel.text import Text
from perf.scoring.columnar import Columns, ColumnScores, Given, NotColumnar, Program, compile_scheme
from perf.scoring.columnar.cells import Words
from perf.scoring.columnar.outcomes import Outcome
from perf.services.actors import Actor
from perf.services.run_sheets import INSTITUTION
from perf.services.sheet_codec import StoredScores, read_columns, read_scores, whole_figures
from perf.specs.book import load_book
from perf.specs.checks import check_book
from perf.specs.formulas_of import version_formulas
from perf.specs.models import RuleBook, Scheme
from perf.storage import sheets
from perf.storage.store import Connection, Store

LAYER_FILE = "what-if.yaml"
_DIGITS = 9  # as many as a stored figure may have
_ELSEWHERE = {"score", "member", "parent", "item", "balance"}


@dataclass(frozen=True, slots=True)
class Moved:
    """One subject over all periods: means of the totals before and after, and in how many periods they rose or fell."""

    subject: str
    periods: int
    before: Fraction
    after: Fraction
    rose: int
    fell: int

    @property
    def change(self) -> Fraction:
        """The mean after less the mean before."""
        return self.after - self.before


@dataclass(frozen=True, slots=True)
class WhatIf:
    """The answer. `grades`: (before, after) -> how many subject-periods; `rows`: largest gain first."""

    scheme: str
    periods: tuple[Period, ...]
    subjects: int
    rose: int
    fell: int
    same: int
    without_total: int
    grades: Mapping[tuple[str, str], int]
    rows: tuple[Moved, ...]


def what_if(
    store: Store,
    book: RuleBook,
    *,
    scheme: str,
    periods: Sequence[Period],
    changes: Mapping[str, str],
    actor: Actor,
    consortium: str | None = None,
    institution: str | None = None,
) -> WhatIf:
    """Score the sheets of `scheme` again with `changes`, and compare.

    Args:
        book: The rules as they are.
        changes: Dotted path below a rule (`doctor_monthly.dimensions.work.weight`) -> YAML of its new value.
        institution: Only its people are shown; peers are those of everybody, as always.
    Raises:
        NotFound: no such scheme, no sheet of it in these periods, nobody of the institution.
        InputRefused: the changed rules have errors; places name the path.
        WrongUse: a change to an indicator that looks at more than its subject's own figures.
    """
    if scheme not in book.schemes:
        raise NotFound(Text(f"没有方案 {scheme}", f"no scheme {scheme}"))
    wanted = [str(period) for period in periods]
    tally = _Tally(institution)
    with store.read() as connection:
        found = sheets.list_sheets(connection, actor.viewer, consortium=consortium, scheme=scheme, periods=wanted)
        if not found:
            raise NotFound(Text(f"这些期间没有 {scheme} 的考核数据", f"no figures of {scheme} in these periods"))
        compare = _Comparison(book, changed_book(book, scheme, changes), scheme, frozenset(_codes(changes)))
        for sheet in found:
            columns, stored = _content(connection, actor, sheet.key.consortium, sheet.key.period, scheme)
            before, after = compare.both(columns, stored)
            tally.add(before, after)
    return tally.answer(scheme, tuple(sorted({parse_period(sheet.key.period) for sheet in found})))


def changed_book(book: RuleBook, scheme: str, changes: Mapping[str, str]) -> RuleBook:
    """The part of the book that the scheme needs, with the changes made.

    Raises:
        InputRefused: with every error of the changed rules.
    """
    part = _part(book, book.schemes[scheme])
    settings = "".join(f"  {path}: {value}\n" for path, value in changes.items())
    layer = f"layer: what_if\ntitle: 试算\nsource: {{document: 试算, clause: 试算}}\nset:\n{settings}"
    changed, issues = load_book({**part, LAYER_FILE: layer})
    errors = [one for one in by_place(dict.fromkeys([*issues, *check_book(changed)])) if one.is_error]
    if errors:
        own, before = load_book(part)  # a part of the rules may lack what only others need
        known = {_identity(issue) for issue in (*before, *check_book(own))}
        errors = [one for one in errors if _identity(one) not in known]
    if errors or scheme not in changed.schemes:
        raise InputRefused(Text("改动后的规则有错误", "the changed rules have errors"), tuple(errors))
    return changed


def _identity(issue: Issue) -> tuple[str, str]:
    return issue.code, issue.found.zh


def _codes(changes: Mapping[str, str]) -> Iterator[str]:
    return (path.partition(".")[0] for path in changes)


def _part(book: RuleBook, scheme: Scheme) -> dict[str, str]:
    """The files that the scheme needs: its own, of its indicators, of what they name, of attributes and lists."""
    codes = {item.indicator for version in scheme.versions for d in version.dimensions for item in d.items}
    codes |= {extra.indicator for version in scheme.versions for extra in version.extra}
    indicators = [book.indicators[code] for code in sorted(codes) if code in book.indicators]
    formulas = [formula for one in indicators for version in one.versions for formula in version_formulas(version)]
    formulas += [veto.when for version in scheme.versions for veto in version.veto]
    names = {one.name for formula in formulas for one in references(formula)}
    measures = [one for one in book.measures.values() if one.code in names or one.title.zh in names]
    others = [one for one in book.schemes.values() if one.code in names]
    places = [scheme.place, *(one.place for one in indicators), *(one.place for one in measures)]
    places += [*(one.place for one in others), *(one.place for one in book.lists.values())]
    files = {place.file for place in places}
    return {name: text for name, text in book.texts.items() if name in files or "attributes" in text}


def _content(
    connection: Connection, actor: Actor, consortium: str, period: str, scheme: str
) -> tuple[Columns, StoredScores]:
    found = sheets.find_sheet(connection, actor.viewer, consortium, period, scheme)
    if found is None:
        raise NotFound(Text(f"{consortium} 没有 {period} 的数据", f"no figures of {consortium} in {period}"))
    return read_columns(found[1].inputs), read_scores(found[1].results)


class _Comparison:
    """Two books over the same columns; what a change does not touch is taken over, not worked out again."""

    def __init__(self, book: RuleBook, changed: RuleBook, scheme: str, codes: frozenset[str]) -> None:
        self.book, self.changed, self.scheme, self.codes = book, changed, scheme, codes
        self.others = codes - {scheme} - set(book.indicators)
        self._programs: dict[tuple[bool, Period], Program] = {}

    def both(self, columns: Columns, stored: StoredScores) -> tuple[ColumnScores, ColumnScores]:
        """The scores before and after."""
        before, after = (self._program(columns.period, is_changed=which) for which in (False, True))
        known = {
            place.indicator: Given(stored.points[k], stored.outcomes[k], [Outcome(*named) for named in stored.named])  # type: ignore[arg-type]
            for k, place in enumerate(stored.places)
        }
        try:
            return (
                before.run(columns, given=self._given(before, known, stored, frozenset())),
                after.run(columns, given=self._given(after, known, stored, self._touched(columns.period))),
            )
        except NotColumnar as error:
            raise WrongUse(
                Text(
                    "这个方案只能逐人计算,请用 specs diff 比较",
                    "this scheme is computed one by one only: compare with specs diff",
                )
            ) from error

    def _program(self, period: Period, *, is_changed: bool) -> Program:
        found = self._programs.get((is_changed, period))
        if found is None:
            book = self.changed if is_changed else self.book
            found = self._programs[is_changed, period] = compile_scheme(book, self.scheme, period)
        return found

    def _given(
        self, program: Program, known: Mapping[str, Given], stored: StoredScores, touched: frozenset[str]
    ) -> dict[int, Given]:
        """What the sheet knows of the places of `program`; full points and digits must be the same."""
        if program.plan is None:
            raise NotColumnar(self.scheme)
        as_stored = {(one.indicator, one.out_of, one.digits) for one in stored.places}
        return {
            index: known[place.indicator]
            for index, place in enumerate(program.plan.places)
            if place.indicator not in touched and (place.indicator, place.out_of, place.digits) in as_stored
        }

    def _touched(self, period: Period) -> frozenset[str]:
        """The indicators that are worked out again; each must look at its own subject's figures only."""
        codes = set(self.book.indicators) if self.others else self.codes & set(self.book.indicators)
        for code in sorted(self.codes & set(self.book.indicators)):
            version = self.changed.indicators[code].version(period) if code in self.changed.indicators else None
            looked = (
                {one.kind for formula in version_formulas(version) for one in references(formula)} if version else set()
            )
            if looked & _ELSEWHERE:
                raise WrongUse(
                    Text(
                        f"指标 {code} 要看其他单位或方案的结果,改动后须整月重算:请用 specs diff",
                        f"indicator {code} looks at other subjects or schemes: compare with specs diff",
                    )
                )
        return frozenset(codes)


class _Tally:
    """Adds up periods as whole numbers, subject by subject."""

    def __init__(self, institution: str | None) -> None:
        self._institution = institution
        self._sums: dict[str, list[int]] = {}
        self._counts: dict[str, list[int]] = {}
        self._grades: Counter[tuple[str, str]] = Counter()
        self._moves = [0, 0, 0]
        self._lacking = 0

    def add(self, before: ColumnScores, after: ColumnScores) -> None:
        """Take in one sheet."""
        rows = np.flatnonzero(self._shown(before.columns))
        both = before.has_total[rows] & after.has_total[rows]
        self._lacking += int((~both).sum())
        rows = rows[both]
        (old, digits), (new, new_digits) = (whole_figures(one.total[rows], one.total_digits) for one in (before, after))
        old, new = old * 10 ** (_DIGITS - digits), new * 10 ** (_DIGITS - new_digits)
        signs = np.sign(new - old)
        for k, sign in enumerate((1, -1, 0)):
            self._moves[k] += int((signs == sign).sum())
        pairs = before.grade[rows].astype(np.int64) * 256 + after.grade[rows]
        for code, count in zip(*(one.tolist() for one in np.unique(pairs, return_counts=True)), strict=True):
            names = _grade(before, code // 256), _grade(after, code % 256 if code % 256 < 128 else -1)
            self._grades[names] += count
        for row, a, b, sign in zip(rows.tolist(), old.tolist(), new.tolist(), signs.tolist(), strict=True):
            subject = before.columns.subjects[row]
            sums = self._sums.setdefault(subject, [0, 0])
            sums[0] += a
            sums[1] += b
            counts = self._counts.setdefault(subject, [0, 0, 0])
            counts[0] += 1
            counts[1] += sign > 0
            counts[2] += sign < 0

    def _shown(self, columns: Columns) -> NDArray[np.bool_]:
        if self._institution is None:
            return np.ones(len(columns), dtype=np.bool_)
        for name in (INSTITUTION, "parent"):
            column = columns.attributes.get(name)
            if isinstance(column, Words):
                return column.equal(self._institution)
        return np.zeros(len(columns), dtype=np.bool_)

    def answer(self, scheme: str, periods: tuple[Period, ...]) -> WhatIf:
        """The whole."""
        if not self._sums and not self._lacking:
            raise NotFound(Text("没有这个单位的人员", "nobody of this institution"))
        rows = []
        for subject, (old, new) in self._sums.items():
            count, rose, fell = self._counts[subject]
            whole = count * 10**_DIGITS
            rows.append(Moved(subject, count, Fraction(old, whole), Fraction(new, whole), rose, fell))
        rows.sort(key=lambda row: (-row.change, row.subject))
        ups, downs, same = self._moves
        return WhatIf(scheme, periods, len(rows), ups, downs, same, self._lacking, dict(self._grades), tuple(rows))


def _grade(scores: ColumnScores, number: int) -> str:
    return scores.grades[number] if number >= 0 else ""
