"""`specs table`: the points of an indicator, what a total earns, what a named curve gives, around every breakpoint."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from perf.cli.output import DONE, lang, print_json, say, screen, table
from perf.kernel.errors import NotFound
from perf.kernel.text import Text

if TYPE_CHECKING:
    from perf.appraisal.rule_tables import TableRow
    from perf.kernel.periods import Period
    from perf.specs.models import Distribution, DistributionVersion, Indicator, IndicatorVersion, RuleBook, Scheme


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("table", epilog="例: perf-pay specs table referred_down_share · perf-pay specs table township_monthly")(
        breakpoints
    )


def breakpoints(
    code: Annotated[str, typer.Argument(help="指标、考核方案或分配规则的编码。", metavar="CODE")],
    specs: Annotated[
        Path | None,
        typer.Option("--specs", help="规则文件夹;默认随程序带来的规则库。", metavar="DIR", show_default=False),
    ] = None,
    period: Annotated[str | None, typer.Option("--period", help="哪个期间有效的版本;默认最新。", metavar="P")] = None,
    json: Annotated[bool, typer.Option("--json", help="结果以 JSON 写到标准输出。")] = False,
) -> int:
    """每个分界点上、下、正好时:指标的得分,方案总分的等次和系数,命名曲线的结果。"""
    from perf.cli.file_commands import read_period
    from perf.services.rules import load_rules

    book = load_rules(specs)
    when = read_period(period) if period else None
    indicator, scheme = book.indicators.get(code), book.schemes.get(code)
    if indicator is not None:
        return _of_indicator(book, indicator, when, json=json)
    if scheme is not None:
        return _of_scheme(book, scheme, when, json=json)
    distribution = book.distributions.get(code)
    if distribution is not None:
        return _of_distribution(book, distribution, when, json=json)
    raise NotFound(Text(f"没有指标、考核方案或分配规则 {code}", f"no indicator, scheme or distribution {code}"))


def _of_indicator(book: "RuleBook", indicator: "Indicator", when: "Period | None", *, json: bool) -> int:
    from perf.appraisal.figure_text import in_full
    from perf.appraisal.formula_words import FormulaWords
    from perf.appraisal.rule_tables import breakpoint_rows, item_scales
    from perf.kernel.figures import exact_text

    version = indicator.versions[-1] if when is None else indicator.version(when)
    if version is None:
        raise _not_in_force(indicator.code, when)
    formulas = FormulaWords.of(book, version, lang()).say
    scales = item_scales(book, indicator, version.points, when)
    found = {scale: breakpoint_rows(indicator, version, say=formulas, out_of=scale, lang=lang()) for scale in scales}
    if json:
        print_json(
            [
                {"value": r.value, "points": r.points, "how": r.how, "breakpoint": r.is_breakpoint, "part": r.part}
                | {"out_of": exact_text(scale)}
                for scale, rows in found.items()
                for r in rows
            ]
            + _curves_json(book, version)
        )
        return DONE
    english = lang() == "en"
    for scale, rows in found.items():
        if not rows:
            say(screen(), Text("这个指标只展示,不计分,没有分界表。", "no table: this indicator is only shown."))
            continue
        title = f"{indicator.title.in_lang(lang())} {indicator.code} · {version.dated.name}"
        if scale != 100:
            title += f" · out of {in_full(scale)}" if english else f" · 分值 {in_full(scale)}"
        columns = [("", False), ("Value" if english else "值", True), ("Points" if english else "得分", True)]
        columns += [("Arithmetic" if english else "算式", False)]
        cells = [["●" if r.is_breakpoint else "", r.value, r.points, r.how] for r in rows]
        if any(row.part for row in rows):
            columns.insert(0, ("Of" if english else "部分", False))
            cells = [[row.part, *own] for row, own in zip(rows, cells, strict=True)]
        screen().print(table(title, columns, cells))
    _print_curves(book, version)
    return DONE


def _of_distribution(book: "RuleBook", rule: "Distribution", when: "Period | None", *, json: bool) -> int:
    version = rule.versions[-1] if when is None else rule.version(when)
    if version is None:
        raise _not_in_force(rule.code, when)
    if json:
        print_json(_curves_json(book, version))
    elif version.curves:
        _print_curves(book, version)
    else:
        say(screen(), Text("这条分配规则没有命名曲线,没有分界表。", "no table: this distribution has no named curve."))
    return DONE


def _curve_rows(
    book: "RuleBook", version: "IndicatorVersion | DistributionVersion"
) -> "dict[str, tuple[TableRow, ...]]":
    from perf.appraisal.formula_words import FormulaWords
    from perf.appraisal.named_tables import named_curve_rows

    words = FormulaWords.of(book, version, lang()).say
    return {name: named_curve_rows(name, one, say=words, lang=lang()) for name, one in version.curves.items()}


def _curves_json(book: "RuleBook", version: "IndicatorVersion | DistributionVersion") -> list[dict[str, object]]:
    return [
        {"curve": name, "value": r.value, "result": r.points, "how": r.how, "breakpoint": r.is_breakpoint}
        | {"part": r.part}
        for name, rows in _curve_rows(book, version).items()
        for r in rows
    ]


def _print_curves(book: "RuleBook", version: "IndicatorVersion | DistributionVersion") -> None:
    """A table of every named curve."""
    heads = ("Variable", "Result", "Arithmetic") if lang() == "en" else ("自变量", "结果", "算式")
    for name, rows in _curve_rows(book, version).items():
        columns = [("", False), (heads[0], True), (heads[1], True), (heads[2], False)]
        cells = [["●" if r.is_breakpoint else "", r.value, r.points, r.how] for r in rows]
        if any(row.part for row in rows):
            columns.insert(0, ("Of" if lang() == "en" else "部分", False))
            cells = [[row.part, *own] for row, own in zip(rows, cells, strict=True)]
        screen().print(table(f"{version.curves[name].title.in_lang(lang())} {name}".strip(), columns, cells))


def _of_scheme(book: "RuleBook", scheme: "Scheme", when: "Period | None", *, json: bool) -> int:
    from perf.appraisal.formula_words import FormulaWords
    from perf.appraisal.scheme_tables import total_rows

    version = scheme.versions[-1] if when is None else scheme.version(when)
    if version is None:
        raise _not_in_force(scheme.code, when)
    rows = total_rows(version, say=FormulaWords(book, lang()).say, lang=lang())
    if json:
        print_json(
            [
                {"total": r.total, "grade": r.grade, "coefficient": r.coefficient, "how": r.how}
                | {"breakpoint": r.is_breakpoint}
                for r in rows
            ]
        )
        return DONE
    if not rows:
        say(screen(), Text("这个方案不分等次、没有系数,没有分界表。", "no table: neither grades nor a coefficient."))
        return DONE
    english = lang() == "en"
    heads = ("Total", "Grade", "Coefficient", "Arithmetic") if english else ("总分", "等次", "系数", "算式")
    columns = [("", False), (heads[0], True), (heads[1], False), (heads[2], True), (heads[3], False)]
    cells = [["●" if r.is_breakpoint else "", r.total, r.grade, r.coefficient, r.how] for r in rows]
    screen().print(table(f"{scheme.title.in_lang(lang())} {scheme.code} · {version.dated.name}", columns, cells))
    return DONE


def _not_in_force(code: str, when: "Period | None") -> NotFound:
    return NotFound(Text(f"{code} 在 {when} 没有有效版本", f"{code} has no version in force in {when}"))
