"""`what-if`: the months of a scheme scored again with some settings changed; who gains, who loses, how grades move.

Nothing is stored but the columns the question is asked of; the answer is exact, as everything else.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from perf.appraisal.month import ENGINE_VERSION
from perf.kernel.errors import NotFound, VerificationFailed, WrongUse
from perf.kernel.periods import Period, parse_period
from perf.kernel.text import Text
from perf.scoring.columnar import Columns, ColumnScores, Given, NotColumnar, Program, compile_scheme
from perf.scoring.columnar.cells import Words
from perf.scoring.columnar.outcomes import Outcome
from perf.services.actors import Actor
from perf.services.run_sheets import INSTITUTION, sheet_of
from perf.services.scheme_rules import changed_book, scheme_book, settings_of
from perf.services.sheet_codec import StoredScores, read_columns, read_scores, whole_figures
from perf.services.what_changed import differing, names_of, require_own_figures
from perf.specs.book import load_book
from perf.specs.models import RuleBook, Scheme
from perf.specs.part import part_of
from perf.storage import rules, sheets
from perf.storage.runs import Run
from perf.storage.sheets import Sheet
from perf.storage.store import Connection, Store

_DIGITS = 9  # as many as a stored figure may have
_LENGTHS = {
    "month": ("月", "month", "2025-06"),
    "quarter": ("季", "quarter", "2025-Q2"),
    "year": ("年", "year", "2025"),
}


@dataclass(frozen=True, slots=True)
class Moved:
    """One subject of one consortium over all periods: mean totals before and after, in how many periods they rose or fell."""

    consortium: str
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
    """The answer.

    `grades`: (before, after) -> how many subject-periods; `rows`: largest gain first; `taken`: the sheets that were asked;
    `passed_over`: sheets of wide files in whose month a run was asked instead.
    """

    scheme: str
    periods: tuple[Period, ...]
    subjects: int
    rose: int
    fell: int
    same: int
    without_total: int
    grades: Mapping[tuple[str, str], int]
    rows: tuple[Moved, ...]
    taken: tuple[Sheet, ...]
    passed_over: tuple[Sheet, ...]


def what_if(
    store: Store,
    texts: Mapping[str, str],
    *,
    scheme: str,
    periods: Sequence[Period],
    changes: Mapping[str, str],
    actor: Actor,
    consortium: str | None = None,
    institution: str | None = None,
    runs: Sequence[Run] = (),
) -> WhatIf:
    """Score the sheets of `scheme` again with `changes`, and compare.

    Args:
        texts: Name -> text of the rule files as they are.
        changes: Dotted path below a rule (`doctor_monthly.dimensions.work.weight`) -> YAML of its new value.
        institution: Only its people are shown; peers are those of everybody, as always.
        runs: Runs whose sheets are asked (`run_sheets.ensure_sheets`); in every other period of a consortium the newest
            wide file.
    Raises:
        NotFound: no such scheme, no sheet of it in these periods, nobody of the institution.
        InputRefused: the changed rules have errors; places name the path.
        WrongUse: a change to an indicator that looks at more than its subject's own figures, or periods of another
            length than the scheme's.
    """
    book = scheme_book(texts, scheme, settings_of(changes))
    if {period.kind for period in periods} - {book.schemes[scheme].period}:
        raise _other_length(book.schemes[scheme])
    tally = _Tally(institution)
    with store.read() as connection:
        taken, passed_over = _sheets(connection, actor, scheme, [str(period) for period in periods], consortium, runs)
        if not taken:
            raise NotFound(Text(f"这些期间没有 {scheme} 的考核数据", f"no figures of {scheme} in these periods"))
        compare = _Comparison(book, changes, scheme)
        for sheet in taken:
            tally.add(sheet.key.consortium, *compare.both(connection, actor, sheet))
    return tally.answer(scheme, tuple(taken), tuple(passed_over))


def _sheets(
    connection: Connection,
    actor: Actor,
    scheme: str,
    periods: Sequence[str],
    consortium: str | None,
    runs: Sequence[Run],
) -> tuple[list[Sheet], list[Sheet]]:
    """The sheets to ask, by key, and those of files that stand back behind a run."""
    found = {sheet.key[:2]: sheet for run in runs if (sheet := sheet_of(connection, actor, run, scheme)) is not None}
    scored = sheets.list_sheets(
        connection, actor.viewer, sheets.FILES, consortium=consortium, scheme=scheme, periods=periods
    )
    passed_over = [sheet for sheet in scored if found.setdefault(sheet.key[:2], sheet) is not sheet]
    return [found[key] for key in sorted(found)], passed_over


def _other_length(scheme: Scheme) -> WrongUse:
    zh, en, form = _LENGTHS[scheme.period]
    return WrongUse(
        Text(
            f"方案 {scheme.code} 按{zh}考核,期间写成 {form}",
            f"scheme {scheme.code} is scored by the {en}: write periods as {form}",
        )
    )


class _Comparison:
    """Two books over the same columns; what a change does not touch is taken over, not worked out again."""

    def __init__(self, book: RuleBook, changes: Mapping[str, str], scheme: str) -> None:
        self.book, self.changed, self.scheme = book, changed_book(book, scheme, changes), scheme
        self._names, self._new_names = names_of(self.book), names_of(self.changed)
        self._programs: dict[tuple[bool, Period], Program] = {}
        self._wanted = (scheme, *settings_of(changes))
        self._pinned: dict[tuple[tuple[str, str], ...], RuleBook | None] = {}
        codes = {path.partition(".")[0] for path in changes}
        other = sorted(codes - {scheme} - set(self.changed.indicators) - set(self.changed.measures))
        if other:
            told = "、".join(other)
            raise WrongUse(
                Text(
                    f"试算只改方案 {scheme} 和指标,不能改 {told}:请用 specs diff",
                    f"only scheme {scheme} and indicators can be tried out, not {told}: compare with specs diff",
                )
            )

    def both(self, connection: Connection, actor: Actor, sheet: Sheet) -> tuple[ColumnScores, ColumnScores]:
        """The scores before and after."""
        content = sheets.content_of(connection, actor.viewer, sheet)
        columns, stored = read_columns(content.inputs), read_scores(content.results)
        period = columns.period
        old = self._stale(connection, actor, sheet, period)
        new = old | differing(self.book, self._new_names, self.scheme, period)
        is_whole = sheet.key.kind == sheets.FILES
        require_own_figures(self._names, self.scheme, columns, old, is_whole=is_whole)
        require_own_figures(self._new_names, self.scheme, columns, new, is_whole=is_whole)
        before, after = (self._program(period, is_changed=which) for which in (False, True))
        try:
            return (
                before.run(columns, given=self._given(before, stored, old)),
                after.run(columns, given=self._given(after, stored, new)),
            )
        except NotColumnar as error:
            raise WrongUse(
                Text(
                    "这个方案只能逐人计算,请用 specs diff 比较",
                    "this scheme is computed one by one only: compare with specs diff",
                )
            ) from error

    def _stale(self, connection: Connection, actor: Actor, sheet: Sheet, period: Period) -> frozenset[str]:
        """The indicators that are no longer as they were when the sheet was made."""
        if sheet.engine != ENGINE_VERSION:
            return frozenset(self.book.indicators)
        pins = tuple(sorted(sheet.rules.items()))
        if pins not in self._pinned:
            self._pinned[pins] = self._pinned_book(connection, actor, pins)
        pinned = self._pinned[pins]
        return frozenset() if pinned is None else differing(pinned, self._names, self.scheme, period)

    def _pinned_book(self, connection: Connection, actor: Actor, pins: tuple[tuple[str, str], ...]) -> RuleBook | None:
        """The rules of the scheme as they were; None where they are the same texts."""
        texts = rules.rule_texts(connection, actor.viewer, dict(pins).values())
        if not {digest for _, digest in pins} <= set(texts):
            raise VerificationFailed(Text("当时的规则文本不完整", "the rules that were kept are not complete"))
        part = part_of({name: texts[digest] for name, digest in pins}, self._wanted)
        if part == dict(self.book.texts):
            return None
        pinned = load_book(part)[0]
        if self.scheme not in pinned.schemes:
            raise NotFound(Text(f"当时没有方案 {self.scheme}", f"there was no scheme {self.scheme} then"))
        return pinned

    def _program(self, period: Period, *, is_changed: bool) -> Program:
        found = self._programs.get((is_changed, period))
        if found is None:
            book = self.changed if is_changed else self.book
            found = self._programs[is_changed, period] = compile_scheme(book, self.scheme, period)
        return found

    def _given(self, program: Program, stored: StoredScores, touched: frozenset[str]) -> dict[int, Given]:
        """What the sheet knows of the places of `program`; full points and digits must be the same."""
        if program.plan is None:
            raise NotColumnar(self.scheme)
        named = [Outcome(*one) for one in stored.named]  # type: ignore[arg-type]
        known = {
            (one.indicator, one.out_of, one.digits): Given(stored.points[k], stored.outcomes[k], named)
            for k, one in enumerate(stored.places)
        }
        keys = [(place.indicator, place.out_of, place.digits) for place in program.plan.places]
        return {k: known[key] for k, key in enumerate(keys) if key[0] not in touched and key in known}


class _Tally:
    """Adds up periods as whole numbers, subject by subject."""

    def __init__(self, institution: str | None) -> None:
        self._institution = institution
        self._sums: dict[tuple[str, str], list[int]] = {}
        self._counts: dict[tuple[str, str], list[int]] = {}
        self._grades: Counter[tuple[str, str]] = Counter()
        self._moves = [0, 0, 0]
        self._lacking = 0

    def add(self, consortium: str, before: ColumnScores, after: ColumnScores) -> None:
        """Take in one sheet; staff numbers are those of its consortium."""
        rows = np.flatnonzero(self._shown(before.columns))
        both = before.has_total[rows] & after.has_total[rows]
        self._lacking += int((~both).sum())
        rows = rows[both]
        (old, digits), (new, new_digits) = (whole_figures(one.total[rows], one.total_digits) for one in (before, after))
        old, new = old * 10 ** (_DIGITS - digits), new * 10 ** (_DIGITS - new_digits)
        signs = np.sign(new - old)
        for k, sign in enumerate((1, -1, 0)):
            self._moves[k] += int((signs == sign).sum())
        pairs = (before.grade[rows].astype(np.int64) + 1) * 256 + after.grade[rows] + 1  # 0: no grade
        for code, count in zip(*(one.tolist() for one in np.unique(pairs, return_counts=True)), strict=True):
            self._grades[_grade(before, code // 256 - 1), _grade(after, code % 256 - 1)] += count
        for row, a, b, sign in zip(rows.tolist(), old.tolist(), new.tolist(), signs.tolist(), strict=True):
            subject = consortium, before.columns.subjects[row]
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

    def answer(self, scheme: str, taken: tuple[Sheet, ...], passed_over: tuple[Sheet, ...]) -> WhatIf:
        """The whole."""
        periods = tuple(sorted({parse_period(sheet.key.period) for sheet in taken}))
        if not self._sums and not self._lacking:
            raise NotFound(Text("没有这个单位的人员", "nobody of this institution"))
        rows = []
        falling = sorted(
            self._sums, key=lambda one: (Fraction(self._sums[one][0] - self._sums[one][1], self._counts[one][0]), one)
        )
        for subject in falling:  # the largest gain first
            old, new = self._sums[subject]
            count, rose, fell = self._counts[subject]
            whole = count * 10**_DIGITS
            rows.append(Moved(*subject, count, Fraction(old, whole), Fraction(new, whole), rose, fell))
        ups, downs, same = self._moves
        grades = dict(self._grades)
        return WhatIf(
            scheme, periods, len(rows), ups, downs, same, self._lacking, grades, tuple(rows), taken, passed_over
        )


def _grade(scores: ColumnScores, number: int) -> str:
    return scores.grades[number] if number >= 0 else ""
