"""Rule files → the rule book: every document built, every problem of every file collected."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from types import MappingProxyType
from typing import TypeVar, cast

from perf.kernel.issues import Issue, Place, by_place
from perf.kernel.text import Text
from perf.specs.adjustment_models import AdjustmentRule
from perf.specs.build_adjustments import build_adjustments
from perf.specs.build_corrections import build_corrections
from perf.specs.build_distributions import build_distribution
from perf.specs.build_indicators import build_indicator
from perf.specs.build_layers import LIBRARY, build_layer
from perf.specs.build_measures import build_accounts, build_attributes, build_list, build_measure
from perf.specs.build_payroll import build_payroll
from perf.specs.build_schemes import build_scheme
from perf.specs.canonical import canonical_text
from perf.specs.correction_models import CorrectionRule
from perf.specs.fields import ISSUES_MAX, Fields, TooManyIssues, close_match
from perf.specs.layers import TRIAL_FILE, apply_layers
from perf.specs.models import (
    Account,
    Distribution,
    Indicator,
    ItemList,
    Layer,
    Measure,
    RuleBook,
    Scheme,
)
from perf.specs.payroll_models import Payroll
from perf.specs.rule_wording import SHAPES, rule_issue
from perf.specs.wording import shorten
from perf.specs.yaml_nodes import Mapped, Scalar, YamlNode
from perf.specs.yaml_reader import read_yaml

CASES_SUFFIX = ".cases.yaml"
KINDS = {
    "measure": Text("数据项", "measure"),
    "list": Text("明细目录", "list"),
    "indicator": Text("指标", "indicator"),
    "scheme": Text("考核方案", "scheme"),
    "distribution": Text("分配规则", "distribution"),
    "corrections": Text("更正规则", "rule of corrections"),
    "payroll": Text("代扣规则", "payroll"),
    "adjustments": Text("一次性项目规则", "rule of adjustments"),
    "accounts": Text("账户", "accounts"),
    "attributes": Text("属性", "attributes"),
    "layer": Text("层", "layer"),
}
Rule = TypeVar("Rule")
_KEPT_FILES = 512
_KEPT_LENGTH = 100_000
"""Characters of a file that is kept as read."""


def load_book(files: Mapping[str, str]) -> tuple[RuleBook, tuple[Issue, ...]]:
    """Build the rule book from the texts of its files.

    Args:
        files: File name -> text; files that end in `.cases.yaml` are skipped.
    Returns:
        The book with everything that could be built, layers applied, and all issues in the order of their places. Files
        are read in the order of their names, so that the order of `files` never matters.
    """
    loader = _loader(files)
    return loader.book(), tuple(by_place(dict.fromkeys(loader.issues)))


def load_tried(files: Mapping[str, str], trial: str) -> tuple[RuleBook, RuleBook, tuple[Issue, ...]]:
    """The rule book of `files`, and the one with a layer over it, both read once.

    Args:
        files: File name -> text.
        trial: Text of the layer that is tried out.
    Returns:
        Both books, and the issues of the second: a rule that the layer leaves alone is the very same in both.
    """
    loader = _loader({**files, TRIAL_FILE: trial}, _kept)
    after = loader.book()
    return loader.without_trial(), after, tuple(by_place(dict.fromkeys(loader.issues)))


def _loader(files: Mapping[str, str], parse: "Callable[[str, str], _Parsed] | None" = None) -> "_Loader":
    loader = _Loader(parse or _parsed)
    for name in sorted(files):
        if not name.endswith(CASES_SUFFIX) and not loader.is_cut:
            loader.read(name, files[name])
    return loader


def wants_library(files: Mapping[str, str]) -> bool:
    """Whether a layer among these files says `over: library`."""
    for name, text in files.items():
        if name.endswith(CASES_SUFFIX) or "layer" not in text or LIBRARY not in text:
            continue
        for document in read_yaml(name, text)[0]:
            over = document.entries.get("over") if isinstance(document, Mapped) else None
            is_layer = isinstance(document, Mapped) and document.first_key == "layer"
            if is_layer and isinstance(over, Scalar) and over.text == LIBRARY:
                return True
    return False


@dataclass(frozen=True, slots=True)
class _Parsed:
    """One file as read; `rules`: by document, each that was built without a problem, so that it is built only once."""

    documents: tuple[YamlNode, ...]
    issues: tuple[Issue, ...]
    text: str
    rules: dict[int, object] = field(default_factory=dict)


def _parsed(file: str, text: str) -> _Parsed:
    documents, issues = read_yaml(file, text)
    is_layer = any(isinstance(one, Mapped) and one.first_key == "layer" for one in documents)
    return _Parsed(tuple(documents), tuple(issues), text if is_layer else canonical_text(documents))


_cached = lru_cache(maxsize=_KEPT_FILES)(_parsed)


def _kept(file: str, text: str) -> _Parsed:
    """The file as read, kept: whoever tries out settings has the same files read again and again."""
    return _cached(file, text) if len(text) <= _KEPT_LENGTH else _parsed(file, text)


class _Loader:
    def __init__(self, parse: Callable[[str, str], _Parsed] = _parsed) -> None:
        self.parse = parse
        self.issues: list[Issue] = []
        self.measures: dict[str, Measure] = {}
        self.lists: dict[str, ItemList] = {}
        self.indicators: dict[str, Indicator] = {}
        self.schemes: dict[str, Scheme] = {}
        self.distributions: dict[str, Distribution] = {}
        self.corrections: dict[str, CorrectionRule] = {}
        self.payrolls: dict[str, Payroll] = {}
        self.adjustments: dict[str, AdjustmentRule] = {}
        self.accounts: dict[str, Account] = {}
        self.attributes: dict[str, Text] = {}
        self.value_titles: dict[str, Mapping[str, Text]] = {}
        self.texts: dict[str, str] = {}
        self.places: dict[tuple[str, str], Place] = {}
        self.broken: set[str] = set()
        self.layers: dict[str, Layer] = {}
        self.documents: list[Mapped] = []
        self.parsed: list[_Parsed] = []  # as long as they are there, the ids of their documents are theirs
        self.made: dict[int, dict[int, object]] = {}
        self.is_cut = False

    def read(self, file: str, text: str) -> None:
        """Take in one file."""
        parsed = self.parse(file, text)
        self.parsed.append(parsed)
        self.issues.extend(parsed.issues)
        self.texts[file] = parsed.text
        if not parsed.documents and not parsed.issues:
            self.issues.append(rule_issue("file-empty", Place(file)))
        for document in parsed.documents:
            self.made[id(document)] = parsed.rules
            self._document(document)
        if len(self.issues) > ISSUES_MAX:
            self._cut(Place(file))

    def _cut(self, place: Place) -> None:
        """Say that there are more problems than are told; only once."""
        if not self.is_cut:
            self._add("rules-too-many-issues", place, limit=str(ISSUES_MAX))
        self.is_cut = True

    def book(self) -> RuleBook:
        """Everything built, with its layers, by code in sorted order."""
        changed: tuple[tuple[Mapped, Mapped], ...] = ()
        if self.layers:
            changed, issues = apply_layers(self.documents, self.layers.values())
            self.issues.extend(issues)
        instead = {id(before): after for before, after in changed}
        for document in self.documents:
            self._build(instead.get(id(document), document))
        if not self.layers:
            return self._built()
        codes = ((after, after.entries[after.first_key]) for _, after in changed if "versions" not in after.entries)
        notes = {code.text: after.changes for after, code in codes if isinstance(code, Scalar)}
        return replace(self._built(), changes=_frozen(notes), base=self._base(changed))

    def without_trial(self) -> RuleBook:
        """The book without what is only tried out: only the rules that any layer changes are built again."""
        standing = [layer for layer in self.layers.values() if layer.place.file != TRIAL_FILE]
        kept, _ = apply_layers(self.documents, standing)
        instead = {id(before): after for before, after in kept}
        changed, _ = apply_layers(self.documents, self.layers.values())
        book = self._base([(instead.get(id(before), before), after) for before, after in changed])
        texts = {name: text for name, text in book.texts.items() if name != TRIAL_FILE}
        return replace(book, texts=_frozen(texts), layers=_frozen({layer.code: layer for layer in standing}))

    def _base(self, changed: Sequence[tuple[Mapped, Mapped]]) -> RuleBook:
        """The book without its layers: only the changed rules are built again; their issues are told already."""
        without = _Loader()
        for name in (
            "measures",
            "lists",
            "indicators",
            "schemes",
            "distributions",
            "corrections",
            "payrolls",
            "adjustments",
            "accounts",
            "attributes",
        ):
            getattr(without, name).update(getattr(self, name))
        without.value_titles, without.texts, without.broken = self.value_titles, self.texts, set(self.broken)
        without.made = self.made
        for before, _ in changed:
            without._build(before)
        return without._built()

    def _built(self) -> RuleBook:
        return RuleBook(
            measures=_frozen(self.measures),
            lists=_frozen(self.lists),
            indicators=_frozen(self.indicators),
            schemes=_frozen(self.schemes),
            distributions=_frozen(self.distributions),
            corrections=_frozen(self.corrections),
            adjustments=_frozen(self.adjustments),
            accounts=_frozen(self.accounts),
            attributes=_frozen(self.attributes),
            texts=_frozen(self.texts),
            broken=frozenset(self.broken),
            value_titles=_frozen(self.value_titles),
            layers=_frozen(self.layers),
            is_cut=self.is_cut,
            payrolls=_frozen(self.payrolls),
        )

    def _document(self, document: YamlNode) -> None:
        known = " ".join(KINDS)
        if not isinstance(document, Mapped):
            found = SHAPES[type(document).__name__]
            example = "indicator: bed_use_rate"
            self._add(
                "rule-shape",
                document.place,
                what=Text("文档", "the document"),
                found=found,
                expected=SHAPES["Mapped"],
                example=example,
            )
            return
        kind = document.first_key
        if kind not in KINDS:
            hint = close_match(kind, KINDS)
            self._add("rule-kind-unknown", document.place, found=shorten(kind), known=known, hint=hint)
            return
        if kind == "layer":
            self._build(document)
        else:
            self.documents.append(document)

    def _build(self, document: Mapped) -> None:
        if self.is_cut:
            return
        try:
            self._build_one(document)
        except TooManyIssues:
            self._cut(document.place)

    def _build_one(self, document: Mapped) -> None:
        kind = document.first_key
        code = document.entries[kind]
        name = shorten(code.text) if isinstance(code, Scalar) else ""
        title = KINDS[kind]
        fields = Fields(document, self.issues, Text(f"{title.zh} {name}".rstrip(), f"{title.en} {name}".rstrip()))
        match kind:
            case "layer":
                self._keep(fields, kind, build_layer, self.layers)
            case "measure":
                self._keep(fields, kind, build_measure, self.measures)
            case "list":
                self._keep(fields, kind, build_list, self.lists)
            case "indicator":
                self._keep(fields, kind, build_indicator, self.indicators)
            case "scheme":
                self._keep(fields, kind, build_scheme, self.schemes)
            case "distribution":
                self._keep(fields, kind, build_distribution, self.distributions)
            case "corrections":
                self._keep(fields, kind, build_corrections, self.corrections)
            case "payroll":
                self._keep(fields, kind, build_payroll, self.payrolls)
            case "adjustments":
                self._keep(fields, kind, build_adjustments, self.adjustments)
            case "accounts":
                for name, account in build_accounts(fields).items():
                    if self._is_new(kind, name, account.place):
                        self.accounts[name] = account
            case _:
                found = build_attributes(fields)
                self.attributes.update(found.titles)
                self.value_titles.update(found.values)

    def _keep(self, fields: Fields, kind: str, build: Callable[[Fields], Rule | None], into: dict[str, Rule]) -> None:
        rule = self._made(fields, build)
        node = fields.node.entries[kind]
        code = node.text if isinstance(node, Scalar) else ""
        if not code or not self._is_new(kind, code, node.place):
            return
        if rule is None:
            self.broken.add(code)
        else:
            into[code] = rule

    def _made(self, fields: Fields, build: Callable[[Fields], Rule | None]) -> Rule | None:
        """The rule of a document, built once if nothing is wrong with it."""
        rules = self.made.get(id(fields.node))
        if rules is None:
            return build(fields)  # what a layer made of a document
        if id(fields.node) in rules:
            return cast("Rule", rules[id(fields.node)])
        issues = len(self.issues)
        rule = build(fields)
        if rule is not None and len(self.issues) == issues:
            rules[id(fields.node)] = rule
        return rule

    def _is_new(self, kind: str, code: str, place: Place) -> bool:
        first = self.places.setdefault((kind, code), place)
        if first is place:
            return True
        self._add("rule-code-duplicate", place, name=code, first=str(first))
        return False

    def _add(self, code: str, place: Place, **values: str | Text) -> None:
        self.issues.append(rule_issue(code, place, **values))


def _frozen(rules: Mapping[str, Rule]) -> Mapping[str, Rule]:
    return MappingProxyType({code: rules[code] for code in sorted(rules)})
