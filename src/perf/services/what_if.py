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
from perf.formulas import references
from perf.kernel.errors import InputRefused, NotFound, WrongUse
from perf.kernel.issues import Issue, by_place
from perf.kernel.periods import Period, parse_period
from perf.kernel.text import Text
from perf.scoring.columnar import Columns, ColumnScores, Given, NotColumnar, Program, compile_scheme
from perf.scoring.columnar.cells import Words
from perf.scoring.columnar.outcomes import Outcome
from perf.services.actors import Actor
from perf.services.run_inputs import book_of
from perf.services.run_sheets import INSTITUTION
from perf.services.sheet_codec import StoredScores, read_columns, read_scores, whole_figures
from perf.services.what_changed import differing, names_of, require_own_figures
from perf.specs.book import load_book
from perf.specs.checks import check_book
from perf.specs.formulas_of import version_formulas
from perf.specs.layers import TRIAL_FILE
from perf.specs.models import RuleBook, Scheme
from perf.storage import rules, sheets
from perf.storage.canonical import sha256_text
from perf.storage.sheets import FILES, Sheet
from perf.storage.store import Connection, Store

_DIGITS = 9  # as many as a stored figure may have


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
        compare = _Comparison(book, changes, scheme)
        for sheet in found:
            tally.add(sheet.key.consortium, *compare.both(connection, actor, sheet))
    return tally.answer(scheme, tuple(sorted({parse_period(sheet.key.period) for sheet in found})))


def changed_book(book: RuleBook, scheme: str, changes: Mapping[str, str]) -> RuleBook:
    """The part of the book that the scheme needs, with the changes made over all layers; the whole where that is not enough.

    Raises:
        InputRefused: with every error of the changed rules.
    """
    settings = "".join(f"  {path}: {value}\n" for path, value in changes.items())
    layer = f"layer: what_if\ntitle: 试算\nsource: {{document: 试算, clause: 试算}}\nset:\n{settings}"
    errors: list[Issue] = []
    for texts in (_part(book, book.schemes[scheme]), dict(book.texts)):
        changed, issues = load_book({**texts, TRIAL_FILE: layer})
        errors = [one for one in by_place(dict.fromkeys([*issues, *check_book(changed)])) if one.is_error]
        if errors:
            own, before = load_book(texts)  # a part of the rules may lack what only others need
            known = {_identity(issue) for issue in (*before, *check_book(own))}
            errors = [one for one in errors if _identity(one) not in known]
        if not errors and scheme in changed.schemes:
            return changed
    raise InputRefused(Text("改动后的规则有错误", "the changed rules have errors"), tuple(errors))


def _identity(issue: Issue) -> tuple[str, str]:
    return issue.code, issue.found.zh


def _part(book: RuleBook, scheme: Scheme) -> dict[str, str]:
    """The files that the scheme needs: its own, of its indicators, of what they name, of attributes, lists and layers."""
    codes = {item.indicator for version in scheme.versions for d in version.dimensions for item in d.items}
    codes |= {extra.indicator for version in scheme.versions for extra in version.extra}
    indicators = [book.indicators[code] for code in sorted(codes) if code in book.indicators]
    formulas = [formula for one in indicators for version in one.versions for formula in version_formulas(version)]
    formulas += [veto.when for version in scheme.versions for veto in version.veto]
    names = {one.name for formula in formulas for one in references(formula)}
    files = {layer.place.file for layer in book.layers.values()}
    for each in (book, book.base or book):  # a rule that a layer changed still stands in its own file
        places = [one.place for one in each.measures.values() if one.code in names or one.title.zh in names]
        places += [each.indicators[code].place for code in sorted(codes) if code in each.indicators]
        places += [one.place for one in each.schemes.values() if one.code == scheme.code or one.code in names]
        files |= {place.file for place in (*places, *(one.place for one in each.lists.values()))}
    return {name: text for name, text in book.texts.items() if name in files or "attributes" in text}


class _Comparison:
    """Two books over the same columns; what a change does not touch is taken over, not worked out again."""

    def __init__(self, book: RuleBook, changes: Mapping[str, str], scheme: str) -> None:
        own = _part(book, book.schemes[scheme])
        self.changed, self.scheme = changed_book(book, scheme, changes), scheme
        self.book = load_book(own)[0]  # from the texts as they are kept, so that the lines of rules can be compared
        self._names, self._new_names = names_of(self.book), names_of(self.changed)
        self._own = {sha256_text(text) for text in own.values()}
        self._programs: dict[tuple[bool, Period], Program] = {}
        self._pinned: dict[tuple[tuple[str, str], ...], RuleBook] = {}
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
        found = sheets.find_sheet(connection, actor.viewer, *sheet.key[:3])
        if found is None:
            raise NotFound(Text(f"没有 {sheet.key.consortium} 的数据", f"no figures of {sheet.key.consortium}"))
        columns, stored = read_columns(found[1].inputs), read_scores(found[1].results)
        period = columns.period
        old = self._stale(connection, actor, sheet, period)
        new = old | differing(self.book, self._new_names, self.scheme, period)
        is_whole = sheet.origin == FILES
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
        if self._own <= set(sheet.rules.values()) and sheet.engine == ENGINE_VERSION:
            return frozenset()
        if sheet.engine != ENGINE_VERSION:
            return frozenset(self.book.indicators)
        pins = tuple(sorted(sheet.rules.items()))
        if pins not in self._pinned:
            texts = rules.rule_texts(connection, actor.viewer, sheet.rules.values())
            self._pinned[pins] = book_of(tuple((name, texts[digest]) for name, digest in pins))
        pinned = self._pinned[pins]
        if self.scheme not in pinned.schemes:
            raise NotFound(Text(f"当时没有方案 {self.scheme}", f"there was no scheme {self.scheme} then"))
        return differing(pinned, self._names, self.scheme, period)

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

    def answer(self, scheme: str, periods: tuple[Period, ...]) -> WhatIf:
        """The whole."""
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
        return WhatIf(scheme, periods, len(rows), ups, downs, same, self._lacking, dict(self._grades), tuple(rows))


def _grade(scores: ColumnScores, number: int) -> str:
    return scores.grades[number] if number >= 0 else ""
