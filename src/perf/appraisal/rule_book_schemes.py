"""Sections of schemes: who is scored by what, with weights, vetoes, grades, quotas and coefficients."""

from collections.abc import Iterator

from perf.appraisal.curve_words import CurveWords
from perf.appraisal.figure_text import NOTHING, in_full
from perf.appraisal.formula_words import FormulaWords
from perf.appraisal.rule_book_cases import case_blocks
from perf.appraisal.rule_book_parts import Edition, idle_mark, is_unconfirmed, not_in_force, source_text, span_text
from perf.appraisal.rule_book_view import Block, Column, Grid, Pairs, Paragraph, Section
from perf.appraisal.rule_words import precision, word
from perf.appraisal.scheme_tables import total_rows
from perf.kernel.figures import percent_text
from perf.specs.models import GradeQuota, Linear, Scheme, SchemeItem, SchemeVersion, Steps
from perf.specs.targets import target_text


def scheme_section(edition: Edition, scheme: Scheme) -> Section:
    """One scheme as it stands in the period of the edition."""
    version = scheme.version(edition.period)
    blocks: list[Block] = []
    if version is None:
        blocks.append(not_in_force(edition))
    else:
        words = edition.words({})
        blocks.append(Pairs(tuple(_glance(edition, scheme, version, words))))
        blocks += _weights(edition, version)
        blocks += _beyond(edition, version, words)
        blocks += _result(edition, version, words)
    blocks += case_blocks(edition, scheme.code)
    mark = idle_mark(edition, scheme)
    return Section(f"scheme-{scheme.code}", edition.both(scheme.title), scheme.code, tuple(blocks), mark)


def who_text(edition: Edition, scheme: Scheme, words: FormulaWords) -> str:
    """Who is scored."""
    book, lang = edition.book, edition.lang
    kinds = [book.value_titles.get("kind", {}).get(kind) for kind in scheme.of_kind]
    named = [
        title.in_lang(lang) if title is not None else word("kind", kind, lang)
        for title, kind in zip(kinds, scheme.of_kind, strict=True)
    ]
    who = word("level", scheme.of_level, lang) + (f"：{edition.joined(named)}" if named else "")
    if lang == "en":
        who = who.replace("：", ": ")
    where = words.say(scheme.of_where) if scheme.of_where is not None else ""
    return who + (edition.two(f"（{where}）", f" ({where})") if where else "")


def _glance(edition: Edition, scheme: Scheme, version: SchemeVersion, words: FormulaWords) -> Iterator[tuple[str, str]]:
    two, lang = edition.two, edition.lang
    yield two("考核对象", "Who"), who_text(edition, scheme, words)
    yield two("周期", "Period"), two(f"每{word('period', scheme.period, 'zh')}", f"every {scheme.period}")
    yield two("依据", "Source"), source_text(version.dated, edition)
    yield two("有效期", "In force"), span_text(version.dated.first_day, version.dated.last_day, edition)
    if version.by_post:
        posts = edition.joined(
            [edition.title(edition.book.schemes[c].title) for c in version.by_post if c in edition.book.schemes]
        )
        yield (
            two("按岗合成", "By post"),
            two(
                f"{posts} 的总分，按任职天数 × 折算人数加权", f"totals of {posts}, weighted by days × FTE in each post"
            ),
        )
    total = version.total
    bounds = two(" 至 ", " to ").join(
        in_full(bound) if bound is not None else two("不限", "no limit") for bound in (total.minimum, total.maximum)
    )
    way = (
        two("各维度得分相加", "sum of the dimensions")
        if total.combine == "sum"
        else two("各维度得分的加权几何平均", "weighted geometric mean of the dimensions")
    )
    yield (
        two("总分", "Total"),
        two(
            f"{way}；{precision(total.digits, total.rounding, lang)}；{bounds} 分",
            f"{way}; {precision(total.digits, total.rounding, lang)}; {bounds} points",
        ),
    )
    yield (
        two("指标不适用时", "Where an item does not apply"),
        two(
            f"其权重{word('missing_weight', version.missing_weight, lang)}",
            f"its weight {word('missing_weight', version.missing_weight, lang)}",
        ),
    )
    if version.missing_dimension == "lost":
        yield two("维度缺项时", "Where a dimension is empty"), two("该维度的分数不再分配", "its points are lost")
    within = version.peers.within
    by = edition.joined([words.name(name) for name in version.peers.by])
    where = word("level", within, lang) if within is not None else two("全部", "everybody")
    yield (
        two("同组", "Peers"),
        two(f"同一{where}内" if within is not None else where, f"within the {where}" if within is not None else where)
        + (two(f"，按{by}", f", by {by}") if version.peers.by else ""),
    )


def _weights(edition: Edition, version: SchemeVersion) -> Iterator[Grid]:
    two = edition.two
    if not version.dimensions:
        return
    columns = (
        Column(two("维度 / 指标", "Dimension / indicator"), 44),
        Column(two("编码", "Code"), 26),
        Column(two("目标", "Target"), 14),
        Column(two("分值", "Out of"), 8, is_number=True),
        Column(two("权重", "Weight"), 8, is_number=True),
    )
    rows: list[tuple[str, ...]] = []
    strong: set[int] = set()
    for dimension in version.dimensions:
        strong.add(len(rows))
        how = word("combine", dimension.combine, edition.lang)
        least = (
            two(f"，至少 {dimension.at_least} 项", f", at least {dimension.at_least}") if dimension.at_least > 1 else ""
        )
        title = two(
            f"{edition.title(dimension.title)}（{how}{least}）", f"{edition.title(dimension.title)} ({how}{least})"
        )
        rows.append((title, dimension.code, "", in_full(dimension.scale), in_full(dimension.weight)))
        rows += [_item(edition, item) for item in dimension.items]
    whole = sum((dimension.weight for dimension in version.dimensions), version.dimensions[0].weight * 0)
    strong.add(len(rows))
    rows.append((two("合计", "Together"), "", "", "", in_full(whole)))
    yield Grid(two("维度、指标与权重", "Dimensions, indicators, weights"), columns, tuple(rows), frozenset(strong))


def _item(edition: Edition, item: SchemeItem) -> tuple[str, ...]:
    indicator = edition.book.indicators.get(item.indicator)
    title, target = edition.indicator_title(item.indicator), ""
    if indicator is not None:
        target = target_text(indicator, indicator.version(edition.period))
        if not indicator.is_on(indicator.version(edition.period)):
            title += edition.two("（未启用）", " (switched off)")
        elif is_unconfirmed(indicator):
            title += edition.two(f"〔{edition.unconfirmed}〕", f" [{edition.unconfirmed}]")
    return f"· {title}", item.indicator, target or NOTHING, in_full(item.out_of), in_full(item.weight)


def _beyond(edition: Edition, version: SchemeVersion, words: FormulaWords) -> Iterator[Block]:
    """Extra points, vetoes, results that are not money."""
    two = edition.two
    for extra in version.extra:
        title, cap = edition.indicator_title(extra.indicator), in_full(extra.cap)
        limit = two(f"，至多 {cap} 分", f", at most {cap}") if extra.cap is not None else ""
        yield Paragraph(f"{title} {extra.indicator}{limit}", two("加分", "Extra points"))
    if version.extra_cap is not None:
        cap = in_full(version.extra_cap)
        yield Paragraph(
            two(f"各项加分合计至多 {cap} 分。", f"All extra points together: at most {cap}."),
            two("加分", "Extra points"),
        )
    for veto in version.veto:
        effect = word("effect", veto.effect, edition.lang)
        grade = two(f"“{veto.grade}”", f" “{veto.grade}”") if veto.grade else ""
        yield Paragraph(f"{words.say(veto.when)} → {effect}{grade}", two("一票否决", "Veto"))
    for outcome in version.outcomes:
        yield Paragraph(f"{words.say(outcome.when)} → {outcome.say}", two("结果运用", "Outcome"))


def _result(edition: Edition, version: SchemeVersion, words: FormulaWords) -> Iterator[Block]:
    """Grades, quotas, rank, coefficient."""
    two = edition.two
    if version.grades:
        columns = (
            Column(two("等次", "Grade"), 22),
            Column(two("总分从（含）", "Total from (included)"), 22, is_number=True),
        )
        yield Grid(two("等次", "Grades"), columns, tuple((grade, in_full(start)) for grade, start in version.grades))
    for quota in version.quota:
        yield Paragraph(_quota(edition, quota), two("名额", "Quota"))
    if version.rank is not None:
        of = (
            two("按取整后的总分", "by the rounded total")
            if version.rank.of == "total"
            else two("按取整前的总分", "by the exact total")
        )
        yield Paragraph(f"{of}{two('，', '; ')}{word('ranking', version.rank.ties, edition.lang)}", two("名次", "Rank"))
    if version.coefficient is not None:
        curve = CurveWords(words, edition.lang, "points")
        yield from _coefficients(edition, curve, version.coefficient)
        digits = precision(version.coefficient_digits, version.coefficient_rounding, edition.lang)
        outside = _outside(edition, version.coefficient)
        yield Paragraph(
            two(f"{outside}；系数{digits}。", f"{outside}; the coefficient is {digits}."), two("系数", "Coefficient")
        )
    yield from _turns(edition, version, words)


def _turns(edition: Edition, version: SchemeVersion, words: FormulaWords) -> Iterator[Grid]:
    """Grade and coefficient on, just below and just above every turn of the total."""
    two = edition.two
    rows = total_rows(version, say=words.say, lang=edition.lang)
    if rows:
        columns = (
            Column(two("总分", "Total"), 14, is_number=True),
            Column(two("等次（名额、否决之前）", "Grade (before quotas, vetoes)"), 26),
            Column(two("系数", "Coefficient"), 14, is_number=True),
            Column(two("算式", "How"), 46),
        )
        turns = frozenset(n for n, row in enumerate(rows) if row.is_breakpoint)
        cells = tuple((row.total, row.grade or NOTHING, row.coefficient or NOTHING, row.how) for row in rows)
        yield Grid(two("总分分界表", "Turns of the total"), columns, cells, turns)


def _outside(edition: Edition, curve: Linear | Steps) -> str:
    """What holds beside the rows of a table of coefficients."""
    if isinstance(curve, Steps):
        return edition.two(f"低于首档为 {in_full(curve.below)}", f"below the first row {in_full(curve.below)}")
    if curve.outside == "clip":
        return edition.two("其间按直线，两端以外按端点", "straight between, outside as at the ends")
    return edition.two("其间及两端以外按直线", "straight between and beyond")


def _coefficients(edition: Edition, words: CurveWords, curve: Linear | Steps) -> Iterator[Grid]:
    two = edition.two
    if isinstance(curve, Steps):
        head = (
            two("总分从（含）", "Total from (included)")
            if curve.lower_bound == "included"
            else two("总分高于", "Total above")
        )
        rows = curve.at
    else:
        head, rows = two("总分", "Total"), curve.through
    columns = (Column(head, 22), Column(two("系数", "Coefficient"), 22, is_number=True))
    yield Grid(two("系数", "Coefficients"), columns, tuple((words.value(x), in_full(y)) for x, y in rows))


def _quota(edition: Edition, quota: GradeQuota) -> str:
    share = percent_text(quota.at_most)
    rounding = {
        "down": ("舍去小数", "rounded down"),
        "up": ("进位", "rounded up"),
        "half_away": ("四舍五入", "rounded half up"),
    }[quota.rounding]
    of = ("同组全部单位", "all peers") if quota.of == "peers" else ("同组有总分的单位", "those with a total")
    ties = (
        ("末位并列的都不入", "equal ones at the end are all out")
        if quota.ties == "all_out"
        else ("末位并列的都入", "equal ones at the end are all in")
    )
    return edition.two(
        f"“{quota.grade}”至多占{of[0]}的 {share}（名额{rounding[0]}，{ties[0]}），其余降为“{quota.falls_to}”。",
        f"“{quota.grade}” for at most {share} of {of[1]} ({rounding[1]}; {ties[1]}); the others fall to “{quota.falls_to}”.",
    )
