"""Words for the codes of states and statuses, in PDF and page; an unknown code is shown as it is."""

from typing import Final

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
_SCORES: Final = {
    "scored": Text(""),
    "filled": Text("按规则补分", "Filled by rule"),
    "not_applicable": Text("不适用", "Not applicable"),
    "missing": Text("未报", "Not reported"),
    "blocked": Text("暂不能计分", "Blocked"),
    "vetoed": Text("一票否决", "Vetoed"),
    "failed": Text("未能计分", "Failed"),
}
_PAYS: Final = {
    "paid": Text(""),
    "held": Text("暂缓发放", "Held"),
    "forfeited": Text("不予发放", "Forfeited"),
    "returned": Text("收回", "Returned"),
}


def state_word(code: str, lang: Lang = "zh") -> str:
    """The state of a run."""
    return _STATES.get(code.replace(" ", "_"), Text(code)).in_lang(lang)


def score_word(code: str, lang: Lang = "zh") -> str:
    """Why a score is not an ordinary one; empty for an ordinary one."""
    return _SCORES.get(code, Text(code)).in_lang(lang)


def pay_word(code: str, lang: Lang = "zh") -> str:
    """Why an amount is not simply paid; empty where it is."""
    return _PAYS.get(code, Text(code)).in_lang(lang)
