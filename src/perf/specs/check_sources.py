"""Sources of rules and suppliers of measures."""

from collections.abc import Iterator
from dataclasses import replace

from perf.formulas import references
from perf.kernel.issues import Issue
from perf.kernel.subjects import LEVELS
from perf.kernel.text import Text
from perf.specs.adjustment_models import AdjustmentRule
from perf.specs.check_wording import check_issue
from perf.specs.correction_models import CorrectionRule
from perf.specs.formulas_of import indicator_formulas, version_formulas
from perf.specs.models import Deduct, Distribution, Indicator, MissingPolicy, Payroll, RuleBook, Scheme
from perf.specs.use import measures_of, titles
from perf.specs.yaml_nodes import Mapped, Scalar, YamlNode

_TO_FILL = "待填"
"""What `specs new` writes where the office has to decide."""
_OWN_GAINS: tuple[MissingPolicy, ...] = ("peer_median", "carry_forward", "not_applicable")
_SUBJECTS_THEMSELVES = ("本单位", "各单位", "各成员单位", "成员单位", "卫生院", "卫生室", "各科室", "本人", "自报")


def check_sources(book: RuleBook, *, strict: bool) -> Iterator[Issue]:
    """Versions without a source or with one to be filled in; measures nobody supplies; suppliers who gain by silence."""
    unwritten = {code for code, layer in book.layers.items() if _is_to_fill(*_texts(layer.source))}
    for code in sorted(unwritten):
        what = Text(f"层 {code}", f"layer {code}")
        yield _graver(check_issue("source-to-fill", book.layers[code].source.place, what=what), strict=strict)
    rules: list[tuple[Text, Indicator | Scheme | Distribution | CorrectionRule | AdjustmentRule | Payroll]] = [
        *((Text(f"指标 {code}", f"indicator {code}"), rule) for code, rule in book.indicators.items()),
        *((Text(f"方案 {code}", f"scheme {code}"), rule) for code, rule in book.schemes.items()),
        *((Text(f"分配规则 {code}", f"distribution {code}"), rule) for code, rule in book.distributions.items()),
        *((Text(f"更正规则 {code}", f"rule of corrections {code}"), rule) for code, rule in book.corrections.items()),
        *((Text(f"一次性项目规则 {code}", f"rule {code}"), rule) for code, rule in book.adjustments.items()),
        *((Text(f"代扣规则 {code}", f"payroll {code}"), rule) for code, rule in book.payrolls.items()),
    ]
    for what, rule in rules:
        for version in rule.versions:
            dated, source = version.dated, version.dated.source
            named = Text(f"{what.zh} 的版本 {dated.name}", f"{what.en}, version {dated.name},")
            if source is None:
                yield _graver(check_issue("source-missing", dated.place, what=named), strict=strict)
            elif _is_to_fill(source.document, source.clause) and not unwritten & {one.layer for one in dated.changes}:
                yield _graver(check_issue("source-to-fill", dated.place, what=named), strict=strict)
    users = _users(book)
    for measure in book.measures.values():
        if not measure.supplied_by:
            codes = "、".join(users.get(measure.code, ()))
            of = Text(f",用于指标 {codes}", f", used by {codes}") if codes else Text("")
            yield check_issue("supplier-missing", measure.place, measure=measure.code, of=of)
    for indicator in book.indicators.values():
        yield from _silence(book, indicator)
        yield from _levels(book, indicator)


def _graver(issue: Issue, *, strict: bool) -> Issue:
    return replace(issue, severity="error") if strict else issue


def _is_to_fill(*texts: str) -> bool:
    """Whether a source still says what `specs new` drafted: it would be printed on statements."""
    return any(_TO_FILL in text for text in texts)


def _texts(node: YamlNode) -> tuple[str, ...]:
    """The texts of a source as written: plain, or document and clause."""
    if isinstance(node, Mapped):
        return tuple(inner.text for inner in node.entries.values() if isinstance(inner, Scalar))
    return (node.text,) if isinstance(node, Scalar) else ()


def _users(book: RuleBook) -> dict[str, list[str]]:
    """Measure -> the indicators whose formulas name it."""
    found: dict[str, list[str]] = {}
    for code, indicator in book.indicators.items():
        for measure in measures_of(book, *indicator_formulas(indicator)):
            found.setdefault(measure, []).append(code)
    return found


def _levels(book: RuleBook, indicator: Indicator) -> Iterator[Issue]:
    """Measures of a level above the subject's, asked of the subject itself or its peers: nobody supplies those."""
    depth = LEVELS.index(indicator.level)
    by_title = titles(book)
    for version in indicator.versions:
        assumed = {by_title.get(name, name) for name in version.assume}
        for formula in version_formulas(version):
            own = {one.name for one in references(formula) if one.kind in ("name", "peer")}
            for code in sorted({by_title.get(name, name) for name in own - book.measures.keys()} | own):
                measure = book.measures.get(code)
                if measure is not None and LEVELS.index(measure.level) < depth and code not in assumed:
                    values = {"level": indicator.level, "measure": code, "found": measure.level}
                    yield check_issue("measure-level", formula.place, indicator=indicator.code, **values)


def _silence(book: RuleBook, indicator: Indicator) -> Iterator[Issue]:
    """Warn where nothing reported earns points: full points always; other points where the subject itself reports."""
    for version in indicator.versions:
        if version.points is None:
            continue
        used = sorted(measures_of(book, version.value))
        suppliers = "、".join(sorted({book.measures[code].supplied_by or "(未写明)" for code in used}))
        is_own = any(word in suppliers for word in _SUBJECTS_THEMSELVES)
        policy = version.no_value.missing
        is_lower = indicator.direction == "lower" or isinstance(version.points, Deduct)
        if policy == "full":
            gain = Text("得满分", "it earns full points")
        elif is_lower and any(value == 0 for value in version.assume.values()):
            gain = Text("按 0 计,即得满分", "0 is assumed, which earns full points")
        elif is_own and policy in _OWN_GAINS:
            gain = Text(f"按 {policy} 处理", f"the policy is {policy}")
        else:
            continue
        values = {"indicator": indicator.code, "supplier": suppliers}
        yield check_issue("gains-by-silence", version.dated.place, gain=gain, **values)
