"""`*.cases.yaml` → cases, each under the rule it belongs to."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from fractions import Fraction
from types import MappingProxyType
from typing import assert_never, get_args

from perf.kernel.issues import Issue, by_place
from perf.kernel.periods import Period, PeriodKind, parse_period
from perf.kernel.text import Text
from perf.specs.book import CASES_SUFFIX, load_book
from perf.specs.case_models import (
    Case,
    CaseFact,
    CasePost,
    CaseStatus,
    CaseSubject,
    DistributionCase,
    IndicatorCase,
    SchemeCase,
    SchemePoints,
)
from perf.specs.case_subjects import PAID, SubjectReader, schemes_scored
from perf.specs.curve_fields import positive
from perf.specs.fields import Fields, close_match
from perf.specs.models import Distribution, Indicator, Payroll, RuleBook, Scheme
from perf.specs.order import parts_of
from perf.specs.payroll_cases import payroll_case
from perf.specs.use import titles
from perf.specs.wording import shorten
from perf.specs.yaml_nodes import Mapped, Scalar, YamlNode
from perf.specs.yaml_reader import read_yaml

__all__ = ["Case", "DistributionCase", "IndicatorCase", "SchemeCase", "is_beside_layer", "load_cases"]
_STATUSES: tuple[CaseStatus, ...] = get_args(CaseStatus)
_WITHOUT_POINTS = ("missing", "not_applicable", "blocked")
_EXAMPLE = "- case: 41 of 4000"
_HUNDRED = Fraction(100)
_ANY_YEAR = 2025
_WHAT = Text("示例", "the case")
Rule = Indicator | Scheme | Distribution | Payroll


def load_cases(
    files: Mapping[str, str], book: RuleBook | None = None
) -> tuple[Mapping[str, tuple[Case, ...]], tuple[Issue, ...]]:
    """Read the cases of all rules.

    Args:
        files: File name -> text, rule files and `*.cases.yaml` together.
        book: The rules as loaded from the same files; without it they are loaded here (their issues are not repeated).
    Returns:
        Rule code -> its cases in the order of the file, and all issues by place.

    A list in `x.cases.yaml` belongs to the one rule in `x.yaml` beside it, unless the case or its document says
    `of: CODE`. Cases beside a file that holds a layer are read against the rules with all layers, others against the
    rules as written.
    """
    rules = load_book(files)[0] if book is None else book
    issues: list[Issue] = []
    found: dict[str, list[Case]] = {}
    as_written = _Loader(rules.base or rules, issues, found)
    with_layers = _Loader(rules, issues, found) if rules.base else as_written
    for name in sorted(files):
        if name.endswith(CASES_SUFFIX):
            loader = with_layers if is_beside_layer(rules, name) else as_written
            loader.read(name, files[name])
    whole = {code: tuple(cases) for code, cases in sorted(found.items())}
    return MappingProxyType(whole), tuple(by_place(dict.fromkeys(issues)))


def is_beside_layer(book: RuleBook, file: str) -> bool:
    """Whether the cases of `file` are about the rules with their layers on; other cases are about the rules as written."""
    return file.removesuffix(CASES_SUFFIX) + ".yaml" in {layer.place.file for layer in book.layers.values()}


class _Loader:
    def __init__(self, book: RuleBook, issues: list[Issue], cases: dict[str, list[Case]]) -> None:
        self.book = book
        self.issues = issues
        self.cases = cases
        self.titles = titles(book)
        self.rules: dict[str, Rule] = {
            **book.payrolls,
            **book.distributions,
            **book.schemes,
            **book.indicators,
        }
        self.of_file: dict[str, list[str]] = {}
        for rule in self.rules.values():
            self.of_file.setdefault(rule.place.file, []).append(rule.code)

    def read(self, file: str, text: str) -> None:
        """Take in one file."""
        documents, issues = read_yaml(file, text)
        self.issues.extend(issues)
        own = self.of_file.get(file.removesuffix(CASES_SUFFIX) + ".yaml", [])
        for document in documents:
            fields = Fields(Mapped({}, {}, document.place), self.issues, _WHAT)
            if isinstance(document, Mapped):
                fields = Fields(document, self.issues, _WHAT)
                of = fields.scalar("of", example=own[0] if own else "bed_use_rate")
                rows: tuple[YamlNode, ...] = fields.rows("cases", _EXAMPLE, required=True)
                fields.close()
            else:
                of, rows = None, fields.as_sequence(document, "cases", _EXAMPLE) or ()
            for row in rows:
                node = fields.as_mapped(row, "case", _EXAMPLE)
                if node is not None:
                    self._case(Fields(node, self.issues, _WHAT), of, own)

    def _case(self, fields: Fields, of: Scalar | None, own: list[str]) -> None:
        named = fields.scalar("of") or of
        if named is None and len(own) != 1:
            known = " ".join(own) or "—"
            fields.add("case-without-rule", fields.node.place, found=len(own), known=known)
            return
        code = named.text if named is not None else own[0]
        rule = self.rules.get(code)
        if rule is None:
            if code not in self.book.broken and named is not None:
                hint = close_match(code, self.rules)
                fields.add("case-rule-unknown", named.place, found=shorten(code), hint=hint)
            return
        title = fields.text("case", example="41 of 4000")
        case = _case(fields, rule, title, SubjectReader(self.book, _period(fields, rule), self.titles))
        fields.close()
        if case is not None:
            self.cases.setdefault(code, []).append(case)


def _case(fields: Fields, rule: Rule, title: str, reader: SubjectReader) -> Case | None:
    match rule:
        case Indicator():
            return _indicator_case(fields, rule, title, reader)
        case Scheme():
            return _scheme_case(fields, rule, title, reader)
        case Distribution():
            return _distribution_case(fields, rule, title, reader)
        case Payroll():
            return payroll_case(fields, reader.book, rule, title, reader.period)
        case _ as never:
            assert_never(never)


def _period(fields: Fields, rule: Rule) -> Period:
    """The stated period, else the first one of the rule's latest version."""
    latest = rule.versions[-1].dated
    first = latest.first_day or latest.last_day or date(_ANY_YEAR, 1, 1)
    kind: PeriodKind = "month" if isinstance(rule, Indicator | Payroll) else rule.period
    usual = Period(first.year, "month", first.month).within(kind)
    scalar = fields.scalar("period")
    if scalar is None:
        return usual
    try:
        return parse_period(scalar.text)
    except ValueError:
        fields.add("case-period-invalid", scalar.place, found=shorten(scalar.text))
        return usual


def _indicator_case(fields: Fields, rule: Indicator, title: str, reader: SubjectReader) -> IndicatorCase:
    given = fields.sub("given", "given: {discharges: 4000}")
    facts: list[CaseFact] = []
    parent = _parent(fields, reader)
    for key, place, node in given.pairs_of() if given else []:
        inner = given or fields
        if key.startswith(("parent.", "owner.")):
            parent = _parent_key(inner, key, node, parent, reader)
            continue
        fact = reader.fact(inner, key, place, node)
        facts += [fact] if fact is not None else []
    subject = CaseSubject("", _attributes(fields, reader), tuple(facts), reader.scores(fields))
    expect = fields.sub("expect", "expect: {value: 1.025%, points: 80}", required=True)
    value, points, status = _expected_indicator(expect, rule) if expect else (None, None, None)
    return IndicatorCase(
        rule=rule.code,
        title=title,
        period=reader.period,
        subject=subject,
        members=reader.subjects(fields, "members"),
        peers=reader.subjects(fields, "peers", rule.unit),
        parent=parent,
        out_of=positive(fields, "out_of", fields.number("out_of", _HUNDRED)) or _HUNDRED,
        expect_value=value,
        expect_points=points,
        expect_status=status,
        place=fields.node.place,
    )


def _attributes(fields: Fields, reader: SubjectReader) -> Mapping[str, str]:
    """`attributes: {post: 医师}` or `subject: {post: 医师}`."""
    own = dict(reader.attributes(fields))
    inner = fields.sub("subject", "subject: {kind: township_hospital}")
    if inner is None:
        return MappingProxyType(own)
    own |= reader.attributes(inner)
    for name, _, node in inner.pairs_of():
        text = None if name == "attributes" else reader.attribute(inner, name, node)
        own |= {} if text is None else {name: text}
    return MappingProxyType(own)


def _parent(fields: Fields, reader: SubjectReader) -> CaseSubject | None:
    inner = fields.sub("parent", "parent: {score: 87.65}")
    return None if inner is None else reader.subject(inner, "parent")


def _parent_key(
    fields: Fields, key: str, node: YamlNode, parent: CaseSubject | None, reader: SubjectReader
) -> CaseSubject | None:
    """`parent.score: 87.65` and `parent.population: 9000` inside `given`."""
    before = parent or CaseSubject("parent")
    name = key.partition(".")[2]
    if schemes := schemes_scored(name):
        value = fields.as_number(node, key, "87.65")
        scores = {} if value is None else dict.fromkeys(schemes, value)
        return replace(before, scores=MappingProxyType({**before.scores, **scores}))
    if reader.measure(name.partition("@")[0]) is None:
        text = reader.attribute(fields, key, node) or ""
        return replace(before, attributes=MappingProxyType({**before.attributes, name: text}))
    fact = reader.fact(fields, name, fields.node.keys[key], node)
    return before if fact is None else replace(before, facts=(*before.facts, fact))


def _expected_indicator(
    expect: Fields, rule: Indicator
) -> tuple[Fraction | str | None, Fraction | None, CaseStatus | None]:
    node = expect.get("value")
    value: Fraction | str | None = None
    if node is not None:
        from_rating = any(version.points is not None and hasattr(version.points, "values") for version in rule.versions)
        scalar = expect.as_scalar(node, "value")
        value = scalar.text if from_rating and scalar is not None else expect.as_quantity(node, "value", rule.unit)
    points, status = expect.number("points"), _status(expect)
    if node is None and points is None and status is None and not expect.has("value"):
        expect.add("case-expects-nothing", expect.node.place)
    expect.close()
    return value, points, status


def _status(expect: Fields) -> CaseStatus | None:
    return expect.choice("status", _STATUSES, "scored") if expect.has("status") else None


def _scheme_case(fields: Fields, rule: Scheme, title: str, reader: SubjectReader) -> SchemeCase:
    given = fields.sub("given", "given: {visits_growth: 80}", required=True)
    own = _points(given, rule, "", reader) if given else SchemePoints("", MappingProxyType({}), CaseSubject())
    subject = replace(own.subject, attributes=_attributes(fields, reader))
    peers: list[SchemePoints] = []
    for number, node in enumerate(fields.rows("peers", "peers: [{visits_growth: 70}]"), start=1):
        mapped = fields.as_mapped(node, "peers", "peers: [{visits_growth: 70}]")
        if mapped is not None:
            peers.append(_points(fields.inside(mapped, _WHAT), rule, str(number), reader))
    expect = fields.sub("expect", "expect: {total: 87.65, grade: 良好}", required=True)
    total = grade = rank = coefficient = status = None
    dimensions: dict[str, Fraction] = {}
    if expect is not None:
        total, coefficient, status = expect.number("total"), expect.number("coefficient"), _status(expect)
        grade = expect.text("grade") if expect.has("grade") else None
        rank = expect.count("rank", 1) if expect.has("rank") else None
        for name, _, node in expect.pairs("dimensions"):
            value = expect.as_number(node, name)
            dimensions |= {} if value is None else {name: value}
        expect.close()
        if not expect.node.entries:
            expect.add("case-expects-nothing", expect.node.place)
    return SchemeCase(
        rule=rule.code,
        title=title,
        period=reader.period,
        given=replace(own, subject=subject),
        peers=tuple(peers),
        expect_total=total,
        expect_grade=grade,
        expect_rank=rank,
        expect_coefficient=coefficient,
        expect_status=status,
        expect_dimensions=MappingProxyType(dimensions),
        place=fields.node.place,
    )


def _points(fields: Fields, rule: Scheme, name: str, reader: SubjectReader) -> SchemePoints:
    """Points of the scheme's indicators; every other key is a measure, for vetoes."""
    indicators = {
        code
        for version in rule.versions
        for code in (
            *(item.indicator for dimension in version.dimensions for item in dimension.items),
            *(extra.indicator for extra in version.extra),
        )
    }
    points: dict[str, Fraction | str] = {}
    facts: list[CaseFact] = []
    posts: list[CasePost] = []
    parts = parts_of(rule)
    for key, place, node in fields.pairs_of():
        if key in parts:
            post = _post(fields, key, node, reader.period)
            posts += [post] if post is not None else []
            continue
        if key not in indicators:
            fact = reader.fact(fields, key, place, node)
            facts += [fact] if fact is not None else []
            continue
        if isinstance(node, Scalar) and node.text in _WITHOUT_POINTS:
            points[key] = node.text
            continue
        value = fields.as_number(node, key, "80")
        if value is not None:
            points[key] = value
    return SchemePoints(name, MappingProxyType(points), CaseSubject(name, facts=tuple(facts)), tuple(posts))


def _post(fields: Fields, code: str, node: YamlNode, period: Period) -> CasePost | None:
    """`doctor_monthly: {total: 90, days: 20, fte: 1}`; `total` may be missing, not_applicable or blocked."""
    mapped = fields.as_mapped(node, code, f"{code}: {{total: 90, days: 20, fte: 1}}")
    if mapped is None:
        return None
    inner = fields.inside(mapped, Text(code))
    total = inner.scalar("total", example="90")
    value: Fraction | str | None = None
    if total is not None:
        value = total.text if total.text in _WITHOUT_POINTS else inner.as_number(total, "total", "90")
    days, fte = inner.count("days", period.days), inner.number("fte", Fraction(1), least=Fraction(0))
    if not 1 <= days <= period.days:
        expected = Text(f"1 到 {period.days}", f"1 to {period.days}")
        inner.add("rule-number-range", inner.place("days"), key="days", found=days, expected=expected)
        return None
    inner.close()
    return None if value is None or fte is None else CasePost(code, value, days, fte)


def _distribution_case(fields: Fields, rule: Distribution, title: str, reader: SubjectReader) -> DistributionCase:
    given = fields.sub("given", "given: {fund: 100.00, claims: {甲: {weight: 1}}}", required=True)
    fund, owner, balances, claims = _given_money(given, reader) if given else (None, CaseSubject(), {}, ())
    expect = fields.sub("expect", "expect: {甲: 33.34}", required=True)
    amounts: dict[str, Fraction] = {}
    refused = ""
    for key, _, node in expect.pairs_of() if expect else []:
        if key == "issue":
            refused = node.text if isinstance(node, Scalar) else ""
            continue
        value = None if expect is None else expect.as_quantity(node, key, "yuan")
        amounts |= {} if value is None else {key: value}
    if expect is not None and not expect.node.entries:
        expect.add("case-expects-nothing", expect.node.place)
    return DistributionCase(
        rule=rule.code,
        title=title,
        period=reader.period,
        fund=fund,
        owner=owner,
        balances=MappingProxyType(balances),
        claims=claims,
        expect=MappingProxyType(amounts),
        expect_issue=refused,
        place=fields.node.place,
    )


def _given_money(
    given: Fields, reader: SubjectReader
) -> tuple[Fraction | None, CaseSubject, dict[str, Fraction], tuple[CaseSubject, ...]]:
    fund = given.quantity("fund", "yuan")
    balances: dict[str, Fraction] = {}
    for name, _, node in given.pairs("balances"):
        value = given.as_quantity(node, name, "yuan")
        balances |= {} if value is None else {name: value}
    claims: list[CaseSubject] = []
    for name, _, node in given.pairs("claims"):
        mapped = given.as_mapped(node, name, f"{name}: {{weight: 1}}")
        if mapped is not None:
            claims.append(reader.claimant(given.inside(mapped, Text(name)), name))
    facts: list[CaseFact] = []
    attributes: dict[str, str] = {}
    paid: dict[tuple[str, str], Fraction] = {}
    for key, place, node in given.pairs_of():
        if key in ("fund", "balances", "claims"):
            continue
        if key.startswith(PAID):
            paid |= reader.paid(given, key, place, node)
            continue
        if reader.measure(key.partition("@")[0]) is None and key in reader.book.attributes:
            attributes[key] = reader.attribute(given, key, node) or ""
            continue
        fact = reader.fact(given, key, place, node)
        facts += [fact] if fact is not None else []
    owner = CaseSubject("", MappingProxyType(attributes), tuple(facts), paid=MappingProxyType(paid))
    return fund, owner, balances, tuple(claims)
