"""What the chapters of the rule book share: the book in one language, sources, dates, values in words."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from itertools import groupby

from perf.appraisal.curve_words import CurveWords
from perf.appraisal.figure_text import NOTHING, clause, origin_text
from perf.appraisal.formula_words import FormulaWords
from perf.appraisal.named_tables import named_curve_rows
from perf.appraisal.rule_book_view import Block, Column, Grid, Paragraph
from perf.appraisal.rule_tables import TableRow
from perf.formulas import value_text
from perf.kernel.periods import Period
from perf.kernel.text import Lang, Text
from perf.specs.adjustment_models import AdjustmentRule
from perf.specs.case_models import Case
from perf.specs.correction_models import CorrectionRule
from perf.specs.models import (
    Dated,
    DatedValue,
    Distribution,
    DistributionVersion,
    Indicator,
    IndicatorVersion,
    Payroll,
    RuleBook,
    Scheme,
)

UNCONFIRMED = frozenset({"C", "D"})
DatedRule = Indicator | Scheme | Distribution | Payroll | CorrectionRule | AdjustmentRule
"""Rules with versions."""


@dataclass(frozen=True, slots=True)
class Edition:
    """Which rules are printed, as they stand in which period, in which language."""

    book: RuleBook
    cases: Mapping[str, tuple[Case, ...]]
    period: Period
    lang: Lang

    def two(self, zh: str, en: str) -> str:
        """The words of the language."""
        return zh if self.lang == "zh" else en

    def title(self, text: Text) -> str:
        """A title in the language."""
        return text.in_lang(self.lang)

    def both(self, text: Text) -> str:
        """A title in the language, the other one behind it where there is one."""
        other = text.en if self.lang == "zh" else text.zh
        own = text.in_lang(self.lang)
        return f"{own}  {other}" if other and other != own else own

    def words(self, titles: Mapping[str, Text]) -> FormulaWords:
        """Formulas of a rule in words."""
        return FormulaWords(self.book, self.lang, titles)

    def indicator_title(self, code: str) -> str:
        """The title of an indicator; its code where the book does not know it."""
        known = self.book.indicators.get(code)
        return self.title(known.title) if known is not None else code

    def joined(self, parts: Iterator[str] | tuple[str, ...] | list[str]) -> str:
        """Parts of a list."""
        return ("、" if self.lang == "zh" else ", ").join(parts) or NOTHING

    @property
    def unconfirmed(self) -> str:
        """The mark of a definition that an authority has yet to confirm."""
        return self.two("口径待确认", "definition to be confirmed")


def is_unconfirmed(indicator: Indicator) -> bool:
    """Whether the definition of an indicator is to be confirmed."""
    return indicator.confidence in UNCONFIRMED


def span_text(first: date | None, last: date | None, edition: Edition) -> str:
    """`2024-01-01 起`, `2024-01-01 至 2024-12-31`."""
    if first is None and last is None:
        return edition.two("一直有效", "always")
    if last is None:
        return edition.two(f"{first} 起", f"from {first}")
    if first is None:
        return edition.two(f"至 {last}", f"until {last}")
    return edition.two(f"{first} 至 {last}", f"{first} to {last}")


def source_text(dated: Dated, edition: Edition) -> str:
    """Document and clause of a version, and what layers changed in it."""
    source = dated.source
    said = (
        clause(source.document, source.clause) if source is not None else edition.two("未写明出处", "no source given")
    )
    return said + "".join(edition.two(text.zh, text.in_lang("en")) for text in map(origin_text, dated.changes))


def parameter_values(values: tuple[DatedValue, ...], edition: Edition) -> Iterator[tuple[str, str, str]]:
    """(from–to, value, source) of each value of a parameter."""
    for one in values:
        source = clause(one.source.document, one.source.clause) if one.source is not None else ""
        yield span_text(one.first_day, one.last_day, edition), one.text, source


def own_values(
    edition: Edition, version: IndicatorVersion | DistributionVersion, words: FormulaWords
) -> Iterator[Block]:
    """Parameters, tables and named curves of one rule."""
    two, titles = edition.two, version.titles
    rows = [
        (edition.title(titles.get(name) or Text(name)), name, value, span)
        for name, values in version.parameters.items()
        for span, value, _ in parameter_values(values, edition)
    ]
    if rows:
        columns = (
            Column(two("参数", "Parameter"), 34),
            Column(two("编码", "Code"), 22),
            Column(two("值", "Value"), 16, is_number=True),
            Column(two("有效期", "In force"), 28),
        )
        yield Grid(two("参数", "Parameters"), columns, tuple(rows))
    for name, table in version.tables.items():
        title = edition.title(titles.get(name) or Text(name))
        two_columns = (Column(two("取值", "Of"), 36), Column(two("值", "Value"), 18, is_number=True))
        yield Grid(
            f"{title}  {name}", two_columns, tuple((key, value_text(v, "", edition.lang)) for key, v in table.items())
        )
    for name, named in version.curves.items():
        curve = CurveWords.of_named(words, edition.lang, named)
        title = edition.title(named.title) or name
        yield Paragraph(f"{title} {name}{two('：', ': ')}{''.join(curve.say(named.curve))}", two("曲线", "Curve"))
        yield from _curve_tables(
            edition, f"{title} {name}", named_curve_rows(name, named, say=words.say, lang=edition.lang)
        )


def _curve_tables(edition: Edition, title: str, found: tuple[TableRow, ...]) -> Iterator[Block]:
    """What a named curve gives around its breakpoints, a table for each of its parts."""
    two = edition.two
    columns = (
        Column(two("自变量", "Variable"), 20, is_number=True),
        Column(two("结果", "Result"), 16, is_number=True),
        Column(two("算式", "How"), 64),
    )
    for part, own in groupby(found, key=lambda row: row.part):
        listed = list(own)
        rows = tuple((row.value, row.points, row.how) for row in listed)
        turns = frozenset(n for n, row in enumerate(listed) if row.is_breakpoint)
        yield Grid(f"{title}{two('：', ': ')}{part}" if part else title, columns, rows, turns)


def not_in_force(edition: Edition) -> Paragraph:
    """Said of a rule without a version in the period."""
    zh = f"{edition.period.zh()}没有有效版本。"
    return Paragraph(edition.two(zh, f"No version in force in {edition.period}."), style="warning")


def idle_mark(edition: Edition, rule: DatedRule) -> str:
    """`未启用` on a rule that is switched off in the period, in the version in force or altogether."""
    match rule:
        case Indicator():
            is_on = rule.is_on(rule.version(edition.period))
        case Scheme():
            scheme = rule.version(edition.period)
            is_on = rule.enabled if scheme is None else rule.is_on(scheme)
        case Distribution():
            version = rule.version(edition.period)
            is_on = rule.enabled if version is None else rule.is_on(version)
        case Payroll():
            is_on = rule.enabled
        case CorrectionRule() | AdjustmentRule():
            is_on = all(one.enabled for one in rule.versions if one.dated.in_force(edition.period))
    return "" if is_on else edition.two("未启用", "switched off")
