"""Sections of indicators: what is measured, from which clause, how it is computed, what it earns."""

from collections.abc import Iterator
from fractions import Fraction
from itertools import groupby
from typing import Final

from perf.appraisal.curve_words import CurveWords
from perf.appraisal.figure_text import NOTHING, in_full
from perf.appraisal.formula_words import FormulaWords
from perf.appraisal.rule_book_cases import case_blocks
from perf.appraisal.rule_book_parts import (
    Edition,
    idle_mark,
    is_unconfirmed,
    not_in_force,
    own_values,
    source_text,
    span_text,
)
from perf.appraisal.rule_book_view import Block, Column, Grid, Pairs, Section
from perf.appraisal.rule_tables import breakpoint_rows, item_scales
from perf.appraisal.rule_words import precision, unit_word, word
from perf.formulas import value_text
from perf.specs.formulas_of import version_formulas
from perf.specs.models import Indicator, IndicatorVersion, Scheme
from perf.specs.targets import target_text
from perf.specs.use import measures_of

_FULL: Final = Fraction(100)


def indicator_section(edition: Edition, indicator: Indicator) -> Section:
    """One indicator as it stands in the period of the edition."""
    version = indicator.version(edition.period)
    mark = idle_mark(edition, indicator)
    if is_unconfirmed(indicator):
        mark = edition.two("，", ", ").join(part for part in (mark, edition.unconfirmed) if part)
    blocks: list[Block] = []
    if version is None:
        blocks.append(not_in_force(edition))
    else:
        words = FormulaWords.of(edition.book, version, edition.lang)
        blocks.append(Pairs(tuple(_glance(edition, indicator, version, words))))
        blocks += own_values(edition, version, words)
        blocks += _breakpoints(edition, indicator, version, words)
    blocks += case_blocks(edition, indicator.code)
    return Section(f"indicator-{indicator.code}", edition.both(indicator.title), indicator.code, tuple(blocks), mark)


def _glance(
    edition: Edition, indicator: Indicator, version: IndicatorVersion, words: FormulaWords
) -> Iterator[tuple[str, str]]:
    two, lang = edition.two, edition.lang
    yield two("依据", "Source"), source_text(version.dated, edition)
    yield two("有效期", "In force"), span_text(version.dated.first_day, version.dated.last_day, edition)
    character = [
        two(f"{word('level', indicator.level, lang)}指标", f"{word('level', indicator.level, lang)}"),
        two(f"单位 {unit_word(indicator.unit, lang)}", f"in {unit_word(indicator.unit, lang)}"),
        word("direction", indicator.direction, lang),
    ]
    confidence = word("confidence", indicator.confidence, lang)
    yield two("性质", "Character"), two("；", "; ").join(character)
    yield two("可信度", "Confidence"), two(f"{indicator.confidence}：{confidence}", confidence)
    yield two("公式", "Formula"), f"{edition.title(indicator.title)} = {words.say(version.value)}"
    yield two("取值精度", "Precision"), precision(version.digits, version.rounding, lang)
    target = target_text(indicator, version)
    if target:
        yield two("目标", "Target"), target
    curve = CurveWords(words, lang, indicator.unit, indicator.direction)
    said = two("", " ").join(curve.say(version.points))
    if version.points is not None:
        digits = precision(version.points_digits, version.points_rounding, lang)
        said += two(f"得分{digits}。", f" Points are {digits}.")
    yield two("计分方法", "Points"), said
    if version.requires is not None:
        yield two("适用条件", "Applies where"), words.say(version.requires)
    yield two("数据缺报时", "Where a figure is missing"), word("missing", version.no_value.missing, lang)
    yield two("分母为零时", "Where a denominator is 0"), word("missing", version.no_value.denominator_zero, lang)
    for name, value in version.assume.items():
        measure = edition.book.measures.get(name)
        amount = value_text(value, measure.unit if measure is not None else "", lang)
        yield (
            two("未报时", "If not reported"),
            two(f"{words.name(name)} 按 {amount} 计", f"{words.name(name)} is taken as {amount}"),
        )
    yield two("数据来自", "Supplied by"), supplied_text(edition, version)
    users = [edition.title(scheme.title) for scheme in edition.book.schemes.values() if uses(scheme, indicator.code)]
    yield two("用于", "Used by"), edition.joined(users)


def supplied_text(edition: Edition, version: IndicatorVersion) -> str:
    """Who supplies the measures of a version: `病案室（出院人次、…）`."""
    by: dict[str, list[str]] = {}
    for code in sorted(measures_of(edition.book, *version_formulas(version))):
        measure = edition.book.measures[code]
        by.setdefault(measure.supplied_by or edition.two("未指定", "nobody named"), []).append(
            edition.title(measure.title)
        )
    if not by:
        return NOTHING
    return edition.two("；", "; ").join(
        edition.two(f"{who}（{edition.joined(names)}）", f"{who} ({edition.joined(names)})")
        for who, names in by.items()
    )


def uses(scheme: Scheme, indicator: str) -> bool:
    """Whether any version of a scheme holds an indicator."""
    return any(
        indicator in {item.indicator for dimension in version.dimensions for item in dimension.items}
        or indicator in {extra.indicator for extra in version.extra}
        for version in scheme.versions
    )


def _breakpoints(
    edition: Edition, indicator: Indicator, version: IndicatorVersion, words: FormulaWords
) -> Iterator[Block]:
    """On, just below and just above each breakpoint; per scheme where points speak in those of the item."""
    two = edition.two
    columns = (
        Column(two("值", "Value"), 20, is_number=True),
        Column(two("得分", "Points"), 16, is_number=True),
        Column(two("算式", "How"), 64),
    )
    for out_of in item_scales(edition.book, indicator, version.points, edition.period):
        found = breakpoint_rows(indicator, version, out_of=out_of, lang=edition.lang, say=words.say)
        if not found:
            continue
        title = two("分界点得分表", "Points at the breakpoints")
        if out_of != 100:
            title += two(f"（分值 {in_full(out_of)}）", f" (out of {in_full(out_of)})")
        for part, own in groupby(found, key=lambda row: row.part):
            listed = list(own)
            rows = tuple((row.value, row.points, row.how) for row in listed)
            turns = frozenset(n for n, row in enumerate(listed) if row.is_breakpoint)
            yield Grid(f"{title}{two('：', ': ')}{part}" if part else title, columns, rows, turns)
