"""The form of transfers: where they stand, what the two sides report, whose account pays, what every item must have."""

from collections.abc import Iterator

from perf.formulas import Formula, references
from perf.kernel.issues import Issue
from perf.kernel.subjects import LEVELS
from perf.kernel.text import Text
from perf.specs.check_wording import check_issue
from perf.specs.formulas_of import walk_steps
from perf.specs.models import Distribution, DistributionVersion, Measure, RuleBook
from perf.specs.transfer_models import Transfer
from perf.specs.use import titles


def check_transfers(book: RuleBook, rule: Distribution, version: DistributionVersion) -> Iterator[Issue]:
    """Everything about the transfers of one version but its names."""
    for step in walk_steps(version.steps):
        if isinstance(step, Transfer):
            if rule.among == "staff" or step not in version.steps:
                yield check_issue("transfer-place", step.place)
            for formula in (step.provided, step.received):
                if formula is not None:
                    yield from _measure(book, rule, formula)
            yield from _account(book, rule, step)
            yield from _items(book, step)


def measure_of(book: RuleBook, formula: Formula) -> Measure | None:
    """The measure that `provided` or `received` plainly names; None for anything else."""
    named = [one for one in references(formula) if one.kind == "name"]
    if len(named) != 1 or named[0].name != formula.text.strip():
        return None
    code = named[0].name
    return book.measures.get(code) or book.measures.get(titles(book).get(code, ""))


def _measure(book: RuleBook, rule: Distribution, formula: Formula) -> Iterator[Issue]:
    measure = measure_of(book, formula)
    if measure is None:
        named = {one.name for one in references(formula)}
        if not named or named & {*book.measures, *titles(book)}:
            found = Text("不是一个数据项的名称", "not the name of a measure")
            yield check_issue("transfer-measure", formula.place, found=formula.text, why=found)
    elif measure.answers != "number":
        why = Text(f"填报的是 {measure.answers}", f"it answers with a {measure.answers}")
        yield check_issue("transfer-measure", formula.place, found=formula.text, why=why)
    elif measure.period != rule.period:
        why = Text(
            f"按 {measure.period} 上报,分配规则按 {rule.period}",
            f"reported by the {measure.period}, while the distribution is of the {rule.period}",
        )
        yield check_issue("transfer-measure", formula.place, found=formula.text, why=why)
    elif LEVELS.index(measure.level) <= LEVELS.index(rule.per):
        why = Text(f"由 {measure.level} 上报,不是成员单位", f"reported by the {measure.level}, not by its members")
        yield check_issue("transfer-measure", formula.place, found=formula.text, why=why)


def _account(book: RuleBook, rule: Distribution, step: Transfer) -> Iterator[Issue]:
    account = book.accounts.get(step.account)
    if account is not None and LEVELS.index(account.of) <= LEVELS.index(rule.per):
        why = Text(f"属于 {account.of},不是成员单位", f"belongs to the {account.of}, not to its members")
        yield check_issue("transfer-account", step.place, account=step.account, why=why)
    elif step.short == "overdraw" and (account is None or account.kind != "fund"):
        why = Text("预留不能透支(short: overdraw)", "a reserve cannot be overdrawn (short: overdraw)")
        yield check_issue("transfer-account", step.place, account=step.account, why=why)


def _items(book: RuleBook, step: Transfer) -> Iterator[Issue]:
    """Every item must have what the price asks of it; what no item of any list has is an unknown name, told there."""
    rows = book.lists.get(step.items)
    if rows is None:
        return
    known = {name for one in book.lists.values() for item in one.items.values() for name in item.attributes}
    for name in sorted({one.name for one in references(step.price) if one.kind == "item"} & known):
        lacking = [code for code, item in rows.items.items() if name not in item.attributes]
        if lacking:
            yield check_issue(
                "item-without-attribute", step.price.place, items="、".join(lacking), list=step.items, attribute=name
            )
