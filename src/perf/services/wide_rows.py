"""Which rows of a wide file a scheme scores, with their peer groups and all that its rows say together; and what no wide file can say."""

from collections.abc import Mapping, Sequence
from fractions import Fraction

import numpy as np

from perf.kernel.errors import InputRefused, WrongUse
from perf.kernel.facts import Facts
from perf.kernel.issues import Issue, Place
from perf.kernel.periods import Period
from perf.kernel.subjects import Roster, Segment
from perf.kernel.text import Text
from perf.scoring.columnar import Columns, Numbers
from perf.scoring.columnar.columns import Column
from perf.scoring.columnar.exactly import materialised
from perf.scoring.columnar.looking import ELSEWHERE, asked_by, codes_of, formula_references
from perf.scoring.peers import Field
from perf.services.what_changed import keys_of
from perf.services.wide_files import WideFile, taken, words_of
from perf.specs.measured import Measured
from perf.specs.models import Measure, RuleBook, Scheme
from perf.specs.world import World

_OWN = ("subject", "level", "kind", "parent")


def chosen_rows(
    name: str, book: RuleBook, scheme: Scheme, period: Period, wide: WideFile
) -> tuple[Columns, tuple[Issue, ...]]:
    """The rows that the scheme is for, sorted, with their peer groups; a figure that rows below or other periods make up is put together.

    Args:
        name: Of the file, for messages.
    Raises:
        InputRefused: a figure put together is longer than 18 digits.
    """
    roster = _roster(wide)
    world = World(book, roster, Facts(()), {})
    field = Field(scheme, world, roster)
    subjects = field.subjects(period)
    place = {subject: row for row, subject in enumerate(wide.subjects)}
    rows = np.array([place[subject] for subject in subjects], dtype=np.int64)
    numbers = {group: k for k, group in enumerate(dict.fromkeys(field.groups(period).values()))}
    groups = np.array([numbers[field.peers(subject, period)] for subject in subjects], dtype=np.int64)
    own = {key: taken(column, rows) for key, column in wide.measures.items()}
    columns = Columns(
        subjects,
        period,
        {**own, **_put_together(name, world, scheme, wide, subjects, own, period)},
        {name: taken(column, rows) for name, column in wide.attributes.items()},
        groups,
    )
    return columns, field.issues(period)


def require_own_rows(book: RuleBook, scheme: Scheme, period: Period) -> None:
    """Refuse a scheme that looks at more than the rows of a wide file hold.

    Raises:
        WrongUse: naming the indicator, or what else it is.
    """
    version = scheme.version(period)
    if version is None or scheme.period != period.kind:
        raise WrongUse(
            Text(
                f"方案 {scheme.code} 在 {period} 没有有效版本",
                f"scheme {scheme.code} has no version in force in {period}",
            )
        )
    if version.by_post:
        raise WrongUse(
            Text(
                f"方案 {scheme.code} 按岗位时间合成,宽表里没有任职时间;请用 run 或 score",
                f"scheme {scheme.code} weighs posts by their time, which a wide file does not hold: use run or score",
            )
        )
    for code in codes_of(version):
        if any(reference.kind in ELSEWHERE for reference, _ in asked_by(book.indicators[code], period)):
            raise _elsewhere(Text(f"指标 {code} ", f"indicator {code} "))
    conditions = [(veto.when, Text("一票否决的条件", "a veto ")) for veto in version.veto]
    conditions += [(scheme.of_where, Text("考核对象的条件(of.where)", "of.where "))] if scheme.of_where else []
    for formula, what in conditions:
        if any(reference.kind in ELSEWHERE for reference in formula_references(formula)):
            raise _elsewhere(what)


def _elsewhere(what: Text) -> WrongUse:
    return WrongUse(
        Text(
            f"{what.zh}要看上级、下级、明细或其他方案的结果,宽表里没有;请用 run 或 score",
            f"{what.in_lang('en')}looks at other subjects, items or schemes, which a wide file does not hold: use run or score",
        )
    )


def _roster(wide: WideFile) -> Roster:
    """Everybody in the file."""
    texts = {
        name: [column.words[code] if code >= 0 else "" for code in column.codes.tolist()]
        for name, column in wide.attributes.items()
    }
    further = [name for name in texts if name not in _OWN]
    return Roster(
        Segment(
            subject,
            texts["level"][row],  # type: ignore[arg-type]  # a level that is none fits no scheme
            texts["kind"][row],
            texts["parent"][row],
            attributes={name: texts[name][row] for name in further if texts[name][row]},
        )
        for row, subject in enumerate(wide.subjects)
    )


def _put_together(
    name: str,
    world: World,
    scheme: Scheme,
    wide: WideFile,
    subjects: tuple[str, ...],
    own: Mapping[tuple[str, Period], Column],
    period: Period,
) -> dict[tuple[str, Period], Column]:
    """The columns that the scheme asks for where the file gives them by other periods (`budget@2025`) or by the rows below."""
    below = not set(subjects).isdisjoint(parent for parent in wide.attributes["parent"].words)
    wanted = {(measure.code, at): measure for measure, at in keys_of(world, scheme, period)}
    found: dict[tuple[str, Period], Column] = {}
    for (code, at), measure in wanted.items():
        others = [one for one in wide.measures if one[0] == code and (below or one[1].kind != at.kind)]
        if not others or _is_full(own.get((code, at))):
            continue
        measures = {key: column for key, column in wide.measures.items() if key[0] == code}
        everybody = Columns(wide.subjects, period, measures)
        _, facts = materialised(world.book, scheme, everybody, range(len(wide.subjects)))
        measured = Measured(world.roster, facts)
        values = [measured.value(subject, measure, at).value for subject in subjects]
        column = _column(measure, values)
        if isinstance(column, Numbers) and column.above.dtype == np.object_:
            raise InputRefused(
                Text("合起来的数太大", "a figure put together is too large"), (_too_large(name, measure, at),)
            )
        found[code, at] = column
    return found


def _is_full(column: Column | None) -> bool:
    """Whether every row has a figure of its own."""
    return isinstance(column, Numbers) and (column.present is None or bool(column.present.all()))


def _column(measure: Measure, values: Sequence[object]) -> Column:
    if measure.answers in ("rating", "text"):
        return words_of([value if isinstance(value, str) else "" for value in values])
    return Numbers.exactly([value if isinstance(value, Fraction) else None for value in values])


def _too_large(name: str, measure: Measure, at: Period) -> Issue:
    return Issue(
        "out-of-range",
        Place(name),
        Text(f"{measure.code} {at} 合起来的数太大", f"{measure.code} of {at}, put together, is too large"),
        Text("连同小数至多 18 位", "at most 18 digits, decimals included"),
    )
