"""The rules of one scheme, read without reading the rest, and as they would be with some settings changed."""

from collections.abc import Iterable, Mapping, Sequence
from difflib import get_close_matches

from perf.kernel.errors import InputRefused, NotFound
from perf.kernel.issues import Issue, by_place
from perf.kernel.text import Text
from perf.specs.book import load_book, load_tried
from perf.specs.canonical import canonical_text
from perf.specs.checks import check_book
from perf.specs.layers import TRIAL_FILE
from perf.specs.models import RuleBook
from perf.specs.part import part_of
from perf.specs.yaml_reader import read_yaml


def scheme_book(texts: Mapping[str, str], scheme: str, settings: Sequence[str] = ()) -> RuleBook:
    """The part of the rules that `scheme` needs, from its canonical texts; errors in rules that it does not need are left alone.

    Args:
        texts: Name -> text of all rule files.
        settings: Further words that may name rules (`doctor_monthly.dimensions.work.weight: 50`).
    Raises:
        NotFound: no such scheme.
        InputRefused: rules with errors; their places are those of the files as written.
    """
    part = {name: read_yaml(name, text) for name, text in part_of(texts, [scheme, *settings]).items()}
    if not any(issue.is_error for _, issues in part.values() for issue in issues):
        book, issues = load_book({name: canonical_text(documents) for name, (documents, _) in part.items()})
        if scheme in book.schemes and not _errors(book, issues):
            return book
    book, issues = load_book(texts)
    errors = _errors(book, issues)
    if errors:
        raise InputRefused(
            Text("规则有错误,先用 perf-pay specs check 查看", "the rules have errors; see perf-pay specs check"), errors
        )
    if scheme not in book.schemes:
        raise _no_scheme(book, scheme)
    return load_book(book.texts)[0]


def changed_book(book: RuleBook, scheme: str, changes: Mapping[str, str]) -> RuleBook:
    """The book with changes made over all layers.

    Args:
        changes: Dotted path below a rule -> YAML of its new value.
    Raises:
        InputRefused: with every error of the changed rules.
    """
    changed = tried_book(book.texts, changes)
    if scheme in changed.schemes:
        return changed
    raise _no_scheme(changed, scheme)


def tried_book(texts: Mapping[str, str], changes: Mapping[str, str]) -> RuleBook:
    """The rules of these texts with changes made over all layers; without changes as they are.

    Args:
        changes: Dotted path below a rule -> YAML of its new value.
    Raises:
        InputRefused: with every error of the changed rules.
    """
    changed, issues = load_book({**texts, **({TRIAL_FILE: _layer(changes)} if changes else {})})
    _require_right(changed, issues)
    return changed


def before_and_tried(texts: Mapping[str, str], changes: Mapping[str, str]) -> tuple[RuleBook, RuleBook]:
    """The rules of these texts, unchecked, and those with changes made over all layers; read and built once.

    Args:
        changes: Dotted path below a rule -> YAML of its new value.
    Raises:
        InputRefused: with every error of the changed rules.
    """
    before, changed, issues = load_tried(texts, _layer(changes))
    _require_right(changed, issues)
    return before, changed


def _layer(changes: Mapping[str, str]) -> str:
    return (
        f"layer: what_if\ntitle: 试算\nsource: {{document: 试算, clause: 试算}}\nset:\n{''.join(settings_of(changes))}"
    )


def _require_right(changed: RuleBook, issues: Iterable[Issue]) -> None:
    errors = _errors(changed, issues)
    if errors:
        raise InputRefused(Text("改动后的规则有错误", "the changed rules have errors"), errors)


def settings_of(changes: Mapping[str, str]) -> list[str]:
    """The changes as lines of a layer."""
    return [f"  {path}: {value}\n" for path, value in changes.items()]


def _errors(book: RuleBook, issues: Iterable[Issue]) -> tuple[Issue, ...]:
    return tuple(issue for issue in by_place(dict.fromkeys([*issues, *check_book(book)])) if issue.is_error)


def _no_scheme(book: RuleBook, scheme: str) -> NotFound:
    near = get_close_matches(scheme, book.schemes, 1, 0.6)
    if not near:
        known = "、".join(sorted(book.schemes)[:5])
        return NotFound(Text(f"没有方案 {scheme};有 {known} 等", f"no scheme {scheme}; there are {known} …"))
    return NotFound(Text(f"没有方案 {scheme};是不是 {near[0]}?", f"no scheme {scheme}; did you mean {near[0]}?"))
