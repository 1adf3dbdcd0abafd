"""A payroll in words: for `specs explain` and the rule book."""

from collections.abc import Callable, Iterator
from fractions import Fraction

from perf.appraisal.payroll_words import rate, yuan
from perf.distribution.tax_tables import MONTHS, cliffs
from perf.kernel.text import Lang, Text
from perf.specs.dated_models import DatedValue
from perf.specs.models import RuleBook
from perf.specs.payroll_models import BonusTax, Contribution, Payroll, PayrollVersion, TaxRow

EMPLOYERS = {
    "institution": Text("本人所在单位扣缴", "the person's institution withholds"),
    "consortium": Text("医共体统一扣缴", "the consortium withholds"),
}
_METHODS = {
    "net": Text("算到实发", "net pay is computed"),
    "gross_only": Text("只给应发,代扣在别的系统", "gross pay only; payroll is done elsewhere"),
}
_CHOICES = {
    "alone": Text("单独计税", "taxed alone"),
    "merged": Text("并入综合所得", "merged with other income"),
    "better": Text("取税额较低的一种", "whichever gives less tax"),
}
KEYS = {
    "rate": Text("比例", "rate"),
    "floor": Text("基数下限", "floor of the base"),
    "cap": Text("基数上限", "cap of the base"),
    "fixed": Text("定额", "fixed sum"),
    "free_up_to": Text("免税限额", "free of tax up to"),
}


_FEN = Fraction(1, 100)


def payroll_lines(book: RuleBook, rule: Payroll, lang: Lang) -> Iterator[str]:
    """The rule line by line, every version."""
    yield f"  {EMPLOYERS[rule.employer].in_lang(lang)}"
    for version in rule.versions:
        yield f"  {version.dated.name}"
        for label, said in glance(book, version, lang):
            yield f"    {label}{':' if lang == 'zh' else ': '}{said}"


def glance(book: RuleBook, version: PayrollVersion, lang: Lang) -> Iterator[tuple[str, str]]:
    """(label, what holds) of a version."""

    def two(zh: str, en: str) -> str:
        return zh if lang == "zh" else en

    yield two("算到哪里", "Method"), _METHODS[version.method].in_lang(lang)
    if version.tax is not None:
        tax = version.tax
        yield (
            two("减除费用", "Basic deduction"),
            two(
                f"每月 {yuan(tax.basic)} 元;符合条件的从 1 月起全年一次 {yuan(tax.whole_year)} 元",
                f"{yuan(tax.basic)} yuan a month, or {yuan(tax.whole_year)} from January where that applies",
            ),
        )
        yield two("税率表(累计)", "Tax table (cumulative)"), rows_text(tax.rows, lang)
    if version.bonus is not None:
        yield two("全年一次性奖金", "Yearly bonus"), _bonus(version.bonus, lang)
    for one in version.contributions:
        yield one.title.in_lang(lang), contribution_text(book, one, lang)
    yield from _measures(version, lambda code: _title(book, code, lang), two)


def rows_text(rows: tuple[TaxRow, ...], lang: Lang, times: int = 1) -> str:
    """`不超过 36,000 3%;…;超过 960,000 45% − 181,920`."""
    said = []
    for row in rows:
        quick = f" − {yuan(row.quick)}" if row.quick else ""
        if row.to is not None:
            upto = yuan(row.to * times)
            said.append(
                f"不超过 {upto} {rate(row.rate)}{quick}" if lang == "zh" else f"up to {upto} {rate(row.rate)}{quick}"
            )
        else:
            over = yuan(row.over * times)
            said.append(
                f"超过 {over} {rate(row.rate)}{quick}" if lang == "zh" else f"over {over} {rate(row.rate)}{quick}"
            )
    return (";" if lang == "zh" else "; ").join(said)


def contribution_text(book: RuleBook, one: Contribution, lang: Lang) -> str:
    """`社会保险缴费基数,比例 8%,基数下限 4,000,基数上限 20,000`."""
    parts = [_title(book, one.base, lang)] if one.base else []
    for key, values in one.dated_values.items():
        if values:
            parts.append(f"{KEYS[key].in_lang(lang)} {' / '.join(_dated(value, key, lang) for value in values)}")
    if one.unit != _FEN:
        unit = yuan(one.unit)
        parts.append(f"取整到 {unit} 元" if lang == "zh" else f"rounded to {unit} yuan")
    for name, wanted in one.only.items():
        title = book.attributes.get(name, Text(name)).in_lang(lang)
        parts.append(
            f"只对 {title} = {'、'.join(wanted)}" if lang == "zh" else f"only where {title} = {', '.join(wanted)}"
        )
    return (",".join(parts)) if lang == "zh" else ", ".join(parts)


def _bonus(bonus: BonusTax, lang: Lang) -> str:
    lines = "、".join(bonus.lines)
    marks = "、".join(f"{one.limit}–{one.last}" for one in cliffs(bonus.rows))
    if lang == "en":
        until = f" until {bonus.last_day}" if bonus.last_day else ""
        return (
            f"{lines}: {_CHOICES[bonus.choice].in_lang('en')}{until}, once a person and year; "
            f"by a twelfth: {rows_text(bonus.rows, 'en')}; amounts that leave less than a smaller one: {marks}"
        )
    until = f",至 {bonus.last_day}" if bonus.last_day else ""
    return (
        f"{lines}:{_CHOICES[bonus.choice].zh}{until},每人每年一次;按除以 {MONTHS} 的商:{rows_text(bonus.rows, 'zh')}"
        f";税后反而减少的区间:{marks}"
    )


def _measures(
    version: PayrollVersion, title: Callable[[str], str], two: Callable[[str, str], str]
) -> Iterator[tuple[str, str]]:
    rows = (
        (two("台账以外的应发", "Income beside the ledger"), version.income),
        (two("免税收入", "Free of tax"), version.tax_free),
        (two("专项附加扣除", "Special deductions"), version.special),
        (two("其他税前扣除", "Other deductions before tax"), version.deductible),
        (two("税后扣款", "Deductions after tax"), version.after_tax),
    )
    for label, codes in rows:
        if codes:
            yield label, two("、", ", ").join(map(title, codes))


def _title(book: RuleBook, code: str, lang: Lang) -> str:
    known = book.measures.get(code)
    return known.title.in_lang(lang) if known is not None else code


def _dated(value: DatedValue, key: str, lang: Lang) -> str:
    said = rate(value.value) if key == "rate" else yuan(value.value)
    if value.first_day is None:
        return said
    return f"{said}({value.first_day} 起)" if lang == "zh" else f"{said} (from {value.first_day})"
