"""What accounts of the ledger are called on papers of money."""

from perf.distribution.adjustments import RECEIVABLE
from perf.distribution.member_books import Heading
from perf.services.load_run import LoadedRun
from perf.services.reports import name_of
from perf.specs.models import RuleBook

FUND_LINE = "fund"
KIND_TITLES = {
    "outside": "外部来源",
    "fund": "待分配资金",
    "reserve": "预留资金",
    "institution": "单位绩效资金",
    "person": "应付职工薪酬—绩效",
    "held": "暂存待发绩效",
    "left": "未分配结余",
    "member": "内部往来",
}


def account_words(run: LoadedRun, book: RuleBook, heading: Heading) -> tuple[str, str]:
    """(account, what it is about): `预留资金`, `院长基金 泥河镇卫生院`."""
    title = KIND_TITLES[heading.kind]
    if heading.kind == "reserve":
        name, _, owner = heading.name.partition(":")
        return title, " ".join(filter(None, (reserve_title(book, name), name_of(run, owner) if owner else "")))
    if heading.kind == "outside":
        rule = book.distributions.get(heading.name)
        return title, rule.title.zh if rule is not None else heading.name
    return title, name_of(run, heading.name) if heading.name else ""


def reserve_title(book: RuleBook, name: str) -> str:
    """What a reserve is called."""
    if name == RECEIVABLE:
        return "应收回"
    declared = book.accounts.get(name)
    return declared.title.zh if declared is not None else name


def booking_title(book: RuleBook, distribution: str, line: str) -> str:
    """What a booking is for: the rule, and its line where that says more."""
    rule = book.distributions.get(distribution)
    title = (
        rule.title.zh
        if rule is not None
        else {"adjustment": "一次性项目", "correction": "更正入账"}.get(distribution, distribution)
    )
    told = "资金转入" if line == FUND_LINE else reserve_title(book, line)
    return title if told == title else f"{title}—{told}"
