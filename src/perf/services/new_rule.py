"""`specs new`: a rule file and its cases to start from; nothing is overwritten."""

from collections.abc import Callable
from pathlib import Path

from perf.kernel.errors import WrongUse
from perf.kernel.text import Text
from perf.services import new_pay_rule_texts, new_rule_texts
from perf.services.files import packaged, rule_texts, write_atomically
from perf.services.new_rule_texts import NewRule
from perf.specs.book import load_book
from perf.specs.fields import CODE, close_match
from perf.specs.models import RuleBook

KINDS: dict[str, Callable[[NewRule], tuple[str, str]]] = {
    "indicator": new_rule_texts.indicator,
    "scheme": new_rule_texts.scheme,
    "distribution": new_rule_texts.distribution,
    "measure": new_rule_texts.measure,
    "payroll": new_pay_rule_texts.payroll,
    "adjustments": new_pay_rule_texts.adjustments,
    "corrections": new_pay_rule_texts.corrections,
    "layer": new_rule_texts.layer,
}
SUGGESTED = 8


def new_rule(
    kind: str,
    code: str,
    folder: Path,
    *,
    year: int,
    title: str = "",
    value: str = "",
    indicators: tuple[str, ...] = (),
) -> tuple[Path, ...]:
    """Write `CODE.yaml` and, where the kind has cases, `CODE.cases.yaml`.

    Args:
        kind: One of `KINDS`.
        title: In Chinese; the code where none is given.
        value: Formula of an indicator; without one the file declares two measures of its own.
        indicators: Of a scheme; at least one, known in `folder`.
        year: The first version begins with it.
    Raises:
        WrongUse: an unknown kind, a bad or taken code, a file that is there already, an unknown indicator.
    """
    if kind not in KINDS:
        known = " ".join(KINDS)
        raise WrongUse(Text(f"没有“{kind}”这种规则,可用:{known}", f"no kind {kind}; known: {known}"))
    if not CODE.fullmatch(code):
        raise WrongUse(
            Text(
                f"代码“{code}”:小写字母开头,只含小写字母、数字、下划线,如 bed_use_rate",
                f"code {code}: lower-case letters, digits and underscores, starting with a letter",
            )
        )
    book = _book(folder)
    _require_new(book, code, folder)
    _require_known(book, kind, indicators)
    shown = " ".join("".join(sign for sign in title if sign not in "{}[],:#\"'&*!|>%@`").split()) or code
    suggestions = suggested_measures(book, shown, code) if kind == "indicator" else ()
    text, cases = KINDS[kind](NewRule(code, shown, year, value, indicators, suggestions))
    files = {folder / f"{code}.yaml": text}
    if cases:
        files[folder / f"{code}.cases.yaml"] = cases
    taken = next((path for path in files if path.exists()), None)
    if taken is not None:
        raise WrongUse(
            Text(f"{taken.name} 已存在,不覆盖;换一个代码,或先移走它", f"{taken.name} exists and is not overwritten")
        )
    write_atomically(files)
    return tuple(files)


def suggested_measures(book: RuleBook, title: str, code: str) -> tuple[str, ...]:
    """Measures whose title or code has most in common with the new rule's, best first."""
    wanted = set(_pairs(title)) | set(code.split("_"))

    def common(measure_code: str) -> int:
        measure = book.measures[measure_code]
        return len(wanted & (set(_pairs(measure.title.zh)) | set(measure_code.split("_"))))

    ranked = sorted(book.measures, key=lambda one: (-common(one), one))
    return tuple(
        f"{one} {book.measures[one].title.zh}({book.measures[one].supplied_by or '未写明提供科室'})"
        for one in ranked[:SUGGESTED]
        if common(one)
    )


def _pairs(title: str) -> list[str]:
    return [title[n : n + 2] for n in range(len(title) - 1)]


def _book(folder: Path) -> RuleBook:
    """The rules at hand: those of the folder, else the library's for suggestions."""
    has_rules = folder.is_dir() and any(folder.rglob("*.yaml"))
    return load_book(rule_texts(folder if has_rules else packaged("indicator_specs")))[0]


def _require_new(book: RuleBook, code: str, folder: Path) -> None:
    if not folder.is_dir() or not any(folder.rglob("*.yaml")):
        return
    kinds = (
        book.indicators,
        book.schemes,
        book.distributions,
        book.measures,
        book.payrolls,
        book.corrections,
        book.adjustments,
        book.layers,
    )
    for rules in kinds:
        if code in rules:
            place = rules[code].place
            raise WrongUse(Text(f"代码 {code} 已在 {place} 用过", f"code {code} is used already at {place}"))


def _require_known(book: RuleBook, kind: str, indicators: tuple[str, ...]) -> None:
    if kind == "scheme" and not indicators:
        known = " ".join(list(book.indicators)[:SUGGESTED])
        raise WrongUse(
            Text(f"方案至少要一个指标:--indicator 代码,例如 {known}", f"name an indicator: --indicator CODE ({known})")
        )
    for code in indicators:
        if code not in book.indicators:
            near = close_match(code, book.indicators)
            raise WrongUse(Text(f"没有指标 {code}。{near.zh}", f"no indicator {code}; {near.en}"))
