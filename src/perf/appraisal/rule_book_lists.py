"""The chapters behind the rules: who supplies what, parameters, accounts and lists, history, what is switched off."""

from collections.abc import Collection, Iterator
from datetime import date
from typing import Final

from perf.appraisal.figure_text import NOTHING
from perf.appraisal.rule_book_parts import (
    DatedRule,
    Edition,
    idle_mark,
    is_unconfirmed,
    parameter_values,
    source_text,
    span_text,
)
from perf.appraisal.rule_book_view import Block, Chapter, Column, Grid, Paragraph
from perf.appraisal.rule_meaning import version_changes
from perf.appraisal.rule_words import unit_word, word
from perf.formulas import value_text
from perf.kernel.text import Text
from perf.specs.models import Indicator, ItemList, Measure
from perf.specs.payroll_models import PayrollVersion

_CHANGES_SHOWN: Final = 12


def supply_chapter(edition: Edition, measures: Collection[Measure]) -> Chapter:
    """What each department has to supply."""
    two, lang = edition.two, edition.lang
    nobody = two("未指定提供科室", "Nobody is named")
    by: dict[str, list[Measure]] = {}
    for measure in sorted(measures, key=lambda m: (m.supplied_by == "", m.supplied_by, m.code)):
        by.setdefault(measure.supplied_by or nobody, []).append(measure)
    columns = (
        Column(two("数据项", "Measure"), 28),
        Column(two("编码", "Code"), 26),
        Column(two("单位", "Unit"), 10),
        Column(two("层级", "Level"), 10),
        Column(two("周期", "Period"), 8),
        Column(two("范围", "Range"), 18),
    )
    blocks: list[Block] = [
        Paragraph(two("各科室按下表每期提供；未报不等于零。", "To be supplied each period; not reported is not zero."))
    ]
    for who, owned in by.items():
        rows = tuple(
            (
                edition.title(measure.title),
                measure.code,
                _unit(edition, measure),
                word("level", measure.level, lang),
                word("period", measure.period, lang),
                _range(edition, measure),
            )
            for measure in owned
        )
        blocks.append(Grid(two(f"{who}（{len(owned)} 项）", f"{who} ({len(owned)})"), columns, rows))
    return Chapter("supply", two("各科室应提供的数据", "What departments supply"), tuple(blocks))


def _unit(edition: Edition, measure: Measure) -> str:
    """The unit of a number; of anything else what it is."""
    if measure.answers in ("rating", "event", "text") and measure.unit == "number":
        return word("answers", measure.answers, edition.lang)
    return unit_word(measure.unit, edition.lang)


def _range(edition: Edition, measure: Measure) -> str:
    if measure.values:
        return " / ".join(measure.values)
    low, high = (
        None if end is None else value_text(end, measure.unit, edition.lang)
        for end in (measure.minimum, measure.maximum)
    )
    if low is not None and high is not None:
        return f"{low} ~ {high}"
    return f"≥ {low}" if low is not None else f"≤ {high}" if high is not None else NOTHING


def parameter_chapter(edition: Edition, rules: Collection[DatedRule]) -> Chapter | None:
    """Every parameter of the rules with its values and their days."""
    two = edition.two
    rows: list[tuple[str, ...]] = []
    for rule in rules:
        seen: set[tuple[str, ...]] = set()
        for version in rule.versions:
            for name, values in getattr(version, "parameters", {}).items():
                title = version.titles.get(name) or Text(name)  # type: ignore[union-attr]  # only versions with parameters
                for span, value, source in parameter_values(values, edition):
                    row = (
                        edition.title(title),
                        name,
                        value,
                        span,
                        rule.code,
                        source or source_text(version.dated, edition),
                    )
                    if row not in seen:
                        seen.add(row)
                        rows.append(row)
    if not rows:
        return None
    columns = (
        Column(two("参数", "Parameter"), 16),
        Column(two("编码", "Code"), 14),
        Column(two("值", "Value"), 10, is_number=True),
        Column(two("有效期", "In force"), 16),
        Column(two("规则", "Rule"), 18),
        Column(two("依据", "Source"), 26),
    )
    return Chapter(
        "parameters",
        two("参数与有效期", "Parameters and their days"),
        (Grid("", columns, tuple(rows)),),
        opens_page=False,
    )


def account_chapter(edition: Edition) -> Chapter | None:
    """Declared accounts and lists."""
    two, lang, book = edition.two, edition.lang, edition.book
    blocks: list[Block] = []
    if book.accounts:
        columns = (
            Column(two("账户", "Account"), 34),
            Column(two("编码", "Code"), 26),
            Column(two("属于", "Of"), 20),
            Column(two("性质", "Kind"), 20),
        )
        rows = tuple(
            (edition.title(a.title), a.name, word("level", a.of, lang), word("account", a.kind, lang))
            for a in book.accounts.values()
        )
        blocks.append(Grid(two("账户", "Accounts"), columns, rows))
    blocks += [_list_grid(edition, one) for one in book.lists.values()]
    if not blocks:
        return None
    return Chapter("accounts", two("账户与明细目录", "Accounts and lists"), tuple(blocks), opens_page=False)


def _list_grid(edition: Edition, one: ItemList) -> Grid:
    two = edition.two
    columns = (
        Column(two("项目", "Item"), 30),
        Column(two("编码", "Code"), 20),
        Column(two("属性", "Attribute"), 16),
        Column(two("值", "Value"), 14, is_number=True),
        Column(two("有效期", "In force"), 20),
    )
    rows: list[tuple[str, ...]] = []
    for item in one.items.values():
        own = [
            (edition.title(item.title), item.code, name, value, span)
            for name, values in item.attributes.items()
            for span, value, _ in parameter_values(values, edition)
        ]
        rows += own or [(edition.title(item.title), item.code, "", "", "")]
    return Grid(f"{edition.title(one.title)}  {one.code}", columns, tuple(rows))


def history_chapter(edition: Edition, rules: Collection[DatedRule]) -> Chapter:
    """All versions of the rules that have several, with what each changed against the one before."""
    two = edition.two
    several = [rule for rule in rules if len(rule.versions) > 1]
    rest = len(rules) - len(several)
    rows: list[tuple[str, ...]] = []
    for rule in several:
        for dated, changes in version_changes(rule):
            mark = "●" if dated.in_force(edition.period) else ""
            span = span_text(dated.first_day, dated.last_day, edition)
            shown = [f"{key}: {old or NOTHING} → {new or NOTHING}" for key, old, new in changes[:_CHANGES_SHOWN]]
            if len(changes) > _CHANGES_SHOWN:
                shown.append(two(f"等 {len(changes)} 处", f"{len(changes)} in all"))
            rows.append(
                (
                    mark,
                    edition.title(rule.title),
                    rule.code,
                    span,
                    source_text(dated, edition),
                    two("；", "; ").join(shown),
                )
            )
    columns = (
        Column("", 4),
        Column(two("规则", "Rule"), 16),
        Column(two("编码", "Code"), 23),
        Column(two("有效期", "In force"), 14),
        Column(two("依据", "Source"), 25),
        Column(two("与上一版本的差别", "Changed against the version before"), 18),
    )
    blocks: list[Block] = []
    if several:
        blocks.append(Paragraph(two(f"● 为{edition.period.zh()}有效的版本。", f"● in force in {edition.period}.")))
        blocks.append(Grid("", columns, tuple(rows)))
    if rest:
        before, en_before = ("其余 ", "The other ") if several else ("", "")
        zh = f"{before}{rest} 条规则只有一个版本，有效期和依据见各条。"
        en = f"{en_before}{rest} rules have one version each; when it is in force and its source stand with the rule."
        blocks.append(Paragraph(two(zh, en)))
    return Chapter("history", two("版本沿革", "History of versions"), tuple(blocks), opens_page=False)


def idle_chapter(edition: Edition, rules: Collection[DatedRule]) -> Chapter | None:
    """What is written but not at work, and why."""
    two = edition.two
    rows = tuple((edition.both(rule.title), rule.code, why) for rule in rules for why in _why_idle(edition, rule))
    if not rows:
        return None
    columns = (Column(two("规则", "Rule"), 40), Column(two("编码", "Code"), 24), Column(two("原因", "Why"), 36))
    return Chapter(
        "idle", two("未启用的规则", "Rules that are not at work"), (Grid("", columns, rows),), opens_page=False
    )


def _why_idle(edition: Edition, rule: DatedRule) -> Iterator[str]:
    two = edition.two
    version = next((one for one in rule.versions if one.dated.in_force(edition.period)), None)
    if idle_mark(edition, rule):
        if not isinstance(version, PayrollVersion) and version is not None and version.enabled is not None:
            yield two(
                f"{version.dated.name} 起的版本停用（enabled: no）",
                f"its version of {version.dated.name} says `enabled: no`",
            )
        elif not isinstance(rule, Indicator):
            yield two("已备好，启用前不计分、不分钱（enabled: no）", "ready, but not at work (`enabled: no`)")
        elif is_unconfirmed(rule):
            yield two(
                f"可信度 {rule.confidence}：{edition.unconfirmed}，确认前不计分",
                f"confidence {rule.confidence}: {edition.unconfirmed}, not scored before that",
            )
        else:
            yield two("规则中写明停用（enabled: no）", "the rule says `enabled: no`")
    if version is None:
        later = [v.dated.first_day for v in rule.versions if (v.dated.first_day or date.min) > edition.period.first_day]
        if later:
            yield two(f"{min(filter(None, later))} 起有效", f"in force from {min(filter(None, later))}")
        else:
            yield two("已到期", "no longer in force")


def layer_chapter(edition: Edition, rules: Collection[DatedRule]) -> Chapter | None:
    """What the county's layers changed in the rules, with the place, what was there before and what is now."""
    two = edition.two
    unset = two("原来没有写", "not there before")
    found = {
        (
            change.layer,
            edition.title(rule.title),
            f"{rule.code}.{change.path}",
            f"{change.was or unset} → {change.now}",
            str(change.place),
            span_text(v.dated.first_day, v.dated.last_day, edition),
        )
        for rule in rules
        for v in rule.versions
        for change in v.dated.changes
    }
    if not found:
        return None
    columns = (
        Column(two("本县规则", "Layer"), 12),
        Column(two("改的是", "Rule"), 18),
        Column(two("键", "Key"), 22),
        Column(two("原值 → 新值", "Was → now"), 24),
        Column(two("有效期", "In force"), 12),
        Column(two("出处", "Place"), 12),
    )
    rows = tuple((layer, rule, path, change, span, place) for layer, rule, path, change, place, span in sorted(found))
    title = two("本县对规则的调整", "What the county changed")
    return Chapter("layers", title, (Grid("", columns, rows),), opens_page=False)
