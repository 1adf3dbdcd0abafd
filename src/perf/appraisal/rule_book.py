"""The rule book for the committee to sign, made from rules and cases; one view for PDF and page."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Final

from perf.appraisal.pair_rules import PairRule, pair_section
from perf.appraisal.rule_book_distributions import distribution_section
from perf.appraisal.rule_book_indicators import indicator_section
from perf.appraisal.rule_book_lists import (
    account_chapter,
    history_chapter,
    idle_chapter,
    layer_chapter,
    parameter_chapter,
    supply_chapter,
)
from perf.appraisal.rule_book_parts import DatedRule, Edition, is_unconfirmed
from perf.appraisal.rule_book_payroll import payroll_section
from perf.appraisal.rule_book_schemes import scheme_section
from perf.appraisal.rule_book_view import Chapter, Paragraph, RuleBookView, Section, SignatureWords
from perf.kernel.periods import Period
from perf.kernel.text import Lang
from perf.specs.case_models import Case
from perf.specs.formulas_of import distribution_formulas, indicator_formulas, walk_steps
from perf.specs.models import Distribution, Indicator, Measure, Payroll, RuleBook, Scheme, Split
from perf.specs.order import scheme_formulas, scheme_indicators
from perf.specs.use import measures_of

_DIGEST_SHOWN: Final = 16


@dataclass(frozen=True, slots=True)
class Chosen:
    """The rules that are printed, in order of code."""

    schemes: tuple[Scheme, ...]
    indicators: tuple[Indicator, ...]
    distributions: tuple[Distribution, ...]
    measures: tuple[Measure, ...]
    is_whole: bool
    payrolls: tuple[Payroll, ...] = ()
    paired: tuple[PairRule, ...] = ()

    @property
    def dated(self) -> tuple[DatedRule, ...]:
        """Those with versions."""
        return (*self.schemes, *self.indicators, *self.distributions, *self.payrolls, *self.paired)


def choose_rules(book: RuleBook, codes: Collection[str] = ()) -> Chosen:
    """The rules of these codes with all that they stand on: indicators of schemes, measures of both; all without codes."""
    if not codes:
        return Chosen(
            tuple(book.schemes.values()),
            tuple(book.indicators.values()),
            tuple(book.distributions.values()),
            tuple(book.measures.values()),
            is_whole=True,
            payrolls=tuple(book.payrolls.values()),
            paired=_paired(book),
        )
    schemes = tuple(scheme for code, scheme in book.schemes.items() if code in codes)
    below = {indicator for scheme in schemes for indicator in scheme_indicators(book, scheme)}
    indicators = tuple(rule for code, rule in book.indicators.items() if code in codes or code in below)
    distributions = tuple(rule for code, rule in book.distributions.items() if code in codes)
    named = set(codes)
    for scheme in schemes:
        named |= measures_of(book, *scheme_formulas(book, scheme))
    for indicator in indicators:
        named |= measures_of(book, *indicator_formulas(indicator))
    for rule in distributions:
        named |= measures_of(book, *distribution_formulas(rule))
        named |= {step.by for version in rule.versions for step in walk_steps(version.steps) if isinstance(step, Split)}
    payrolls = tuple(rule for code, rule in book.payrolls.items() if code in codes)
    named |= {code for rule in payrolls for version in rule.versions for code, _ in version.measures()}
    measures = tuple(measure for code, measure in book.measures.items() if code in named)
    paired = tuple(rule for rule in _paired(book) if rule.code in codes)
    return Chosen(schemes, indicators, distributions, measures, is_whole=False, payrolls=payrolls, paired=paired)


def _paired(book: RuleBook) -> tuple[PairRule, ...]:
    return (*book.corrections.values(), *book.adjustments.values())


def rule_book_view(
    book: RuleBook,
    cases: Mapping[str, tuple[Case, ...]],
    *,
    period: Period,
    digest: str,
    county: str = "",
    lang: Lang = "zh",
    codes: Collection[str] = (),
) -> RuleBookView:
    """The rule book as it stands in `period`.

    Args:
        cases: By rule code; they become worked examples.
        digest: Digest of all rules, the one that runs pin.
        county: Whose rules they are; empty: a blank to be filled in.
        codes: Only these rules with what they stand on; none: all.
    """
    edition = Edition(book, cases, period, lang)
    chosen = choose_rules(book, codes)
    two = edition.two
    unconfirmed = sum(1 for one in chosen.indicators if is_unconfirmed(one))
    subtitle = two("考核与分配规则", "Rules of appraisal and pay")
    shown = digest[:_DIGEST_SHOWN]
    return RuleBookView(
        lang=lang,
        title=two("绩效考核与分配规则书", "Rule book of appraisal and pay distribution"),
        county=county or two("＿＿＿＿＿＿＿＿县（市、区）", "County: ____________________"),
        subtitle=subtitle if chosen.is_whole else two("节选", "Excerpt"),
        facts=_cover_facts(edition, chosen, digest, unconfirmed),
        digest=digest,
        foot=two(
            f"{county or '规则书'} · {period.zh()}有效版本 · 规则摘要 {shown}",
            f"{county or 'Rule book'} · in force in {period} · digest {shown}",
        ),
        page=two("第 {number} 页 共 {count} 页", "page {number} of {count}"),
        contents=two("目录", "Contents"),
        chapters=tuple(_numbered(edition, _chapters(edition, chosen))),
        signatures=_signatures(edition, digest),
        preface=_preface(edition, unconfirmed),
    )


def _chapters(edition: Edition, chosen: Chosen) -> list[Chapter | None]:
    two = edition.two
    rules = chosen.dated
    intro_points = two(
        "指标按 0 至 100 分计分，再按考核方案中的分值折算；扣分、加分以方案中的分值计。粗体行为分界点，其上下各列一步。",
        "Indicators give 0 to 100 points, scaled to what the scheme says; deductions and awards are in the scheme's points. "
        "Heavy rows are breakpoints, with one step below and above.",
    )
    return [
        _chapter("schemes", two("考核方案", "Schemes"), "", [scheme_section(edition, one) for one in chosen.schemes]),
        _chapter(
            "indicators",
            two("指标", "Indicators"),
            intro_points,
            [indicator_section(edition, one) for one in chosen.indicators],
        ),
        _chapter(
            "distributions",
            two("分配规则", "Distributions"),
            two(
                "金额以分为单位，每次分配的各份之和等于所分金额。",
                "Amounts are whole fen; shares always add up to what was split.",
            ),
            [distribution_section(edition, one) for one in chosen.distributions]
            + [pair_section(edition, one) for one in chosen.paired],
        ),
        _chapter(
            "payroll",
            two("工资代扣", "Withholding from pay"),
            two(
                "税款和实发按发放月计算；五险一金的数额每年以当地公布的为准。",
                "Tax and net pay go by the month of payment; contributions are as published each year.",
            ),
            [payroll_section(edition, one) for one in chosen.payrolls],
        ),
        supply_chapter(edition, chosen.measures) if chosen.measures else None,
        parameter_chapter(edition, rules),
        account_chapter(edition) if chosen.is_whole or chosen.distributions else None,
        layer_chapter(edition, rules),
        history_chapter(edition, rules) if rules else None,
        idle_chapter(edition, rules),
    ]


def _chapter(anchor: str, title: str, intro: str, sections: list[Section]) -> Chapter | None:
    return Chapter(anchor, title, (Paragraph(intro),) if intro else (), tuple(sections)) if sections else None


def _numbered(edition: Edition, chapters: list[Chapter | None]) -> list[Chapter]:
    numerals = "一二三四五六七八九十"
    made: list[Chapter] = []
    for chapter in chapters:
        if chapter is not None:
            head = edition.two(f"{numerals[len(made)]}、{chapter.title}", f"{len(made) + 1}. {chapter.title}")
            made.append(replace(chapter, title=head))
    return made


def _cover_facts(edition: Edition, chosen: Chosen, digest: str, unconfirmed: int) -> tuple[tuple[str, str], ...]:
    two = edition.two
    first = [
        version.dated.first_day
        for rule in chosen.dated
        if (version := rule.version(edition.period)) is not None and version.dated.first_day is not None
    ]
    since = str(max(first, default=date.min)) if first else two("一直有效", "always")
    counted = two(
        f"考核方案 {len(chosen.schemes)} · 指标 {len(chosen.indicators)} · "
        f"分配规则 {len(chosen.distributions)} · 数据项 {len(chosen.measures)}",
        f"{len(chosen.schemes)} schemes · {len(chosen.indicators)} indicators · {len(chosen.distributions)} distributions · "
        f"{len(chosen.measures)} measures",
    )
    facts = [
        (two("适用期间", "In force in"), two(edition.period.zh(), str(edition.period))),
        (two("最近版本自", "Newest version from"), since),
        (two("规则数量", "Rules"), counted),
        (two("规则摘要", "Digest of the rules"), digest),
    ]
    if unconfirmed:
        facts.insert(
            3,
            (
                edition.unconfirmed,
                two(f"{unconfirmed} 个指标，文中已标明", f"{unconfirmed} indicators, marked in the text"),
            ),
        )
    return tuple(facts)


def _preface(edition: Edition, unconfirmed: int) -> tuple[str, ...]:
    two = edition.two
    said = [
        two(
            "本书由计算所用的规则直接印出，书中所写即系统所算。规则有任何改动，规则摘要随之不同；每次核算固定的规则摘要与此相同，方为按本书计算。",
            "Printed from the very rules that are computed with. Any change of a rule changes the digest; "
            "a run that was computed by this book pins the same digest.",
        )
    ]
    if unconfirmed:
        said.append(
            two(
                f"标有“{edition.unconfirmed}”的指标，其定义或标准尚待主管部门确认，签署前请逐项核对。",
                f"Items marked “{edition.unconfirmed}” await confirmation by the authority; check each before signing.",
            )
        )
    return tuple(said)


def _signatures(edition: Edition, digest: str) -> SignatureWords:
    two = edition.two
    return SignatureWords(
        title=two("审定与签署", "Approval and signatures"),
        declaration=two(
            f"经审议，同意按本规则书考核与分配。规则摘要：{digest}",
            f"The committee agrees to appraise and distribute by this rule book. Digest of the rules: {digest}",
        ),
        roles=(
            two("考核分配委员会主任", "Chair of the committee"),
            two("牵头医院院长", "Head of the lead hospital"),
            two("绩效办负责人", "Head of the performance office"),
            two("财务负责人", "Head of finance"),
            two("成员单位代表", "For the members"),
            two("职工代表", "For the staff"),
        ),
        name=two("签字", "Signature"),
        date=two("日期", "Date"),
        seal=two("（盖章）", "(seal)"),
    )
