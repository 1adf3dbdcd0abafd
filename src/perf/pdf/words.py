"""Chinese words for the codes of states and statuses; an unknown code is printed as it is."""

from typing import Final

STATES: Final = {
    "draft": "草稿",
    "in_review": "复核中",
    "public_notice": "公示中",
    "approved": "已批准",
    "published": "已发布",
    "paid": "已发放",
    "closed": "已关闭",
}
FINAL_STATES: Final = frozenset(["published", "paid", "closed", "已发布", "已发放", "已关闭"])
SCORE_STATUSES: Final = {
    "scored": "",
    "filled": "按规则补分",
    "not_applicable": "不适用",
    "missing": "未报",
    "blocked": "暂不能计分",
    "vetoed": "一票否决",
    "failed": "未能计分",
}
PAY_STATUSES: Final = {"paid": "", "held": "暂缓发放", "forfeited": "不予发放", "returned": "收回"}


def state_word(code: str) -> str:
    """The state of a run."""
    return STATES.get(code.replace(" ", "_"), code)


def score_word(code: str) -> str:
    """Why a score is not an ordinary one; empty for an ordinary one."""
    return SCORE_STATUSES.get(code, code)


def pay_word(code: str) -> str:
    """Why an amount is not simply paid; empty where it is."""
    return PAY_STATUSES.get(code, code)
