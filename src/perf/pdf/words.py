"""Words for the codes of states and statuses, in PDF and page; an unknown code is shown as it is."""

from typing import Final

from perf.appraisal.figure_text import STATUS
from perf.appraisal.views import PayLine, StatementView
from perf.kernel.periods import parse_period
from perf.kernel.text import Lang, Text

FINAL_STATES: Final = frozenset(["published", "paid", "closed"])
_STATES: Final = {
    "draft": Text("草稿", "Draft"),
    "in_review": Text("复核中", "In review"),
    "public_notice": Text("公示中", "Public notice"),
    "approved": Text("已批准", "Approved"),
    "published": Text("已发布", "Published"),
    "paid": Text("已发放", "Paid"),
    "closed": Text("已关闭", "Closed"),
}


def category_word(view: StatementView, lang: Lang = "zh") -> str:
    """The category of a person, as the rules call it."""
    return view.category_title.in_lang(lang) or view.category


def state_word(code: str, lang: Lang = "zh") -> str:
    """The state of a run."""
    return _STATES.get(code.replace(" ", "_"), Text(code)).in_lang(lang)


def is_month(period: str) -> bool:
    """Whether a statement is of a month, and not of a quarter or a year."""
    return parse_period(period).kind == "month"


def this_time(period: str, lang: Lang = "zh") -> str:
    """What the figures of a period are called: those of a quarter or a year are paid once, beside those of its months."""
    return (Text("本月", "this month") if is_month(period) else Text("本次", "this time")).in_lang(lang)


def pay_title(view: StatementView, lang: Lang = "zh") -> str:
    """What the sum of a statement is called: a person's pay, or what a member institution was given."""
    when = Text(this_time(view.period), this_time(view.period, "en"))
    person = Text(f"{when.zh}应发绩效（元）", f"Performance pay {when.en} (CNY)")
    member = Text(f"{when.zh}分给本单位（元）", f"Given to this institution {when.en} (CNY)")
    return (person if view.level == "person" else member).in_lang(lang)


def nothing_before(period: str, lang: Lang = "zh") -> str:
    """Said where there is no month before to compare with."""
    if is_month(period):
        return Text("上月没有记录", "No record last month").in_lang(lang)
    return Text("单独核算，与各月应发分开", "Paid apart from the months").in_lang(lang)


def score_word(code: str, lang: Lang = "zh") -> str:
    """Why a score is not an ordinary one; empty for an ordinary one."""
    return "" if code == "scored" else STATUS.get(code, Text(code)).in_lang(lang)


def pay_word(code: str, lang: Lang = "zh") -> str:
    """Why an amount is not paid now; empty where it is."""
    return "" if code == "paid" else STATUS.get(code, Text(code)).in_lang(lang)


def is_paid(line: PayLine) -> bool:
    """Whether a line counts in its block's total; what is held is shown, but stands beside it."""
    return line.status == "paid"


def further_steps(line: PayLine) -> list[Text]:
    """The steps of a line that its own arithmetic does not show already."""
    said = line.how.zh.replace(" 元", "")
    return [step for step in line.steps if step.zh not in said]
