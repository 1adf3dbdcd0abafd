"""What a trial change touches: which indicators are worked out again, and what a sheet cannot answer and says so."""

from collections.abc import Iterator
from dataclasses import replace

from perf.kernel.errors import WrongUse
from perf.kernel.facts import Facts
from perf.kernel.issues import NOWHERE
from perf.kernel.periods import Period
from perf.kernel.subjects import Roster
from perf.kernel.text import Text
from perf.scoring.columnar import Columns
from perf.scoring.columnar.looking import (
    ELSEWHERE,
    asked_by,
    asks_earlier_peers,
    codes_of,
    formula_references,
    looked_at,
    looked_at_by,
    periods_at,
)
from perf.specs.models import Indicator, Measure, RuleBook, Scheme
from perf.specs.placeless import placeless
from perf.specs.world import World


def names_of(book: RuleBook) -> World:
    """The names of a book's rules, without anybody's figures."""
    return World(book, Roster([]), Facts(()), {})


def differing(book: RuleBook, world: World, scheme: str, period: Period) -> frozenset[str]:
    """The indicators of the scheme in the book of `world` that are not the same in `book` in this period.

    Raises:
        WrongUse: it is about other people, other peer groups, or other measures.
    """
    other = world.book
    before, after = book.schemes[scheme], other.schemes[scheme]
    if _whom(before, period) != _whom(after, period):
        raise _only_by_diff(
            Text("考核对象和同组范围变了", "who is scored and among which peers is another question"),
        )
    found = {
        code
        for code in _codes(after, period)
        if code not in book.indicators or _says(book.indicators[code], period) != _says(other.indicators[code], period)
    }
    for now in {measure.code: measure for measure, _ in keys_of(world, after, period)}.values():
        measure = book.measures.get(now.code)
        if measure is not None and _as_counted(measure) != _as_counted(now):
            raise _only_by_diff(
                Text(f"数据项 {measure.code} 的口径变了", f"measure {measure.code} is counted in another way")
            )
    return frozenset(found)


def require_own_figures(world: World, scheme: str, columns: Columns, codes: frozenset[str], *, is_whole: bool) -> None:
    """Refuse indicators and vetoes that look at what the columns do not hold.

    Args:
        codes: The indicators that are worked out again.
        is_whole: The columns are all there is (a wide file); what they lack was not reported.
    Raises:
        WrongUse: naming the indicator.
    """
    book, period = world.book, columns.period
    version = book.schemes[scheme].version(period)
    for code in sorted(codes & set(_codes(book.schemes[scheme], period))):
        indicator = book.indicators[code]
        if any(reference.kind in ELSEWHERE for reference, _ in asked_by(indicator, period)):
            raise _only_by_diff(
                Text(
                    f"指标 {code} 要看其他单位、明细、账户或方案的结果",
                    f"indicator {code} looks at other subjects, items, accounts or schemes",
                )
            )
        if is_whole:
            continue
        if asks_earlier_peers(indicator, period):
            raise _only_by_diff(
                Text(f"指标 {code} 要看以前各期的同组单位", f"indicator {code} looks at the peers of earlier periods")
            )
        for name, at in looked_at_by(indicator, period):
            if not _is_held(world, columns, name, at):
                raise _not_looked_at(code, name)
    for veto in version.veto if version else ():
        for reference in formula_references(veto.when):
            if reference.kind in ELSEWHERE:
                raise _only_by_diff(
                    Text(
                        "一票否决的条件要看其他单位、明细或方案的结果",
                        "a veto looks at other subjects, items or schemes",
                    )
                )
            for at in periods_at(period, reference.shift):
                if not is_whole and not _is_held(world, columns, reference.name, at):
                    raise _not_looked_at("veto", reference.name)


def keys_of(world: World, scheme: Scheme, period: Period) -> Iterator[tuple[Measure, Period]]:
    """The measures, with their periods, that the scheme's formulas ask of the subject and of its peers."""
    version = scheme.version(period)
    for name, at in looked_at(world.book, version, period) if version else ():
        measure = world.measures.get(name)
        if measure is not None:
            yield measure, at


def attributes_asked(world: World, scheme: Scheme, period: Period) -> frozenset[str]:
    """The attributes that the scheme's formulas ask for in the period itself."""
    version = scheme.version(period)
    asked = {name for name, at in looked_at(world.book, version, period) if at == period} if version else set()
    return frozenset(code for name in asked - set(world.measures) if (code := world.attribute_code(name)) is not None)


def _is_held(world: World, columns: Columns, name: str, at: Period) -> bool:
    """Whether the columns hold what a name means; a word that is no name is held."""
    measure, attribute = world.measures.get(name), world.attribute_code(name)
    if measure is not None:
        return (measure.code, at) in columns.measures
    return attribute is None or (at == columns.period and attribute in columns.attributes)


def _codes(scheme: Scheme, period: Period) -> tuple[str, ...]:
    version = scheme.version(period)
    return codes_of(version) if version is not None else ()


def _whom(scheme: Scheme, period: Period) -> tuple[object, ...]:
    version = scheme.version(period)
    where = None if scheme.of_where is None else scheme.of_where.text
    peers = None if version is None else version.peers
    return scheme.of_level, scheme.of_kind, where, scheme.period, version is None, placeless(peers)


def _says(indicator: Indicator, period: Period) -> object:
    """What decides the points of an indicator in a period, wherever it is written down."""
    rest = replace(indicator, title=Text(""), confidence="A", versions=())
    periods = sorted({period, *(at for _, at in asked_by(indicator, period))}, key=lambda at: at.first_day)
    return placeless((rest, tuple(indicator.version(at) for at in periods)))


def _as_counted(measure: Measure) -> Measure:
    """The measure without what only people read, or what only decides whether a figure is taken in."""
    return replace(
        measure, title=Text(""), minimum=None, maximum=None, supplied_by="", counter_to=(), synonyms=(), place=NOWHERE
    )


def _not_looked_at(code: str, name: str) -> WrongUse:
    return _only_by_diff(
        Text(f"{code} 要用的“{name}”,当时核算没有用到", f"{code} asks for “{name}”, which was not looked at then")
    )


def _only_by_diff(why: Text) -> WrongUse:
    return WrongUse(
        Text(
            f"{why.zh},须整月重算:请把改动写进规则文件夹,用 specs diff 比较",
            f"{why.en}: put the change into a rule folder and compare with specs diff",
        )
    )
