"""Words for the codes of rules: levels, periods, directions, policies, roundings; for the rule book."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from perf.formulas import ROUNDING_WORDS, UNITS
from perf.kernel.rounding import Rounding
from perf.kernel.text import Lang, Text
from perf.specs.models import Digits

_WORDS: Final[Mapping[str, Mapping[str, Text]]] = MappingProxyType(
    {
        "level": {
            "city": Text("市", "city"),
            "county": Text("县", "county"),
            "consortium": Text("医共体", "consortium"),
            "institution": Text("机构", "institution"),
            "department": Text("科室", "department"),
            "team": Text("团队", "team"),
            "person": Text("个人", "person"),
        },
        "kind": {
            "township_hospital": Text("乡镇卫生院", "township hospitals"),
            "community_centre": Text("社区卫生服务中心", "community centres"),
            "lead_hospital": Text("牵头医院", "lead hospitals"),
            "county_hospital": Text("县级医院", "county hospitals"),
            "tcm_hospital": Text("中医院", "hospitals of Chinese medicine"),
            "village_clinic": Text("村卫生室", "village clinics"),
            "private_hospital": Text("民营医院", "private hospitals"),
            "cooperating_unit": Text("合作单位", "cooperating units"),
        },
        "among": {
            "staff": Text("本单位职工", "staff"),
            "members": Text("直接成员单位", "direct members"),
            "institutions": Text("下属各级单位", "institutions at every level"),
        },
        "period": {
            "month": Text("月", "month"),
            "quarter": Text("季度", "quarter"),
            "year": Text("年", "year"),
        },
        "direction": {
            "higher": Text("越高越好", "higher is better"),
            "lower": Text("越低越好", "lower is better"),
            "range": Text("适度为好", "best within a range"),
            "monitored": Text("监测比较，无方向", "monitored, no direction"),
        },
        "confidence": {
            "A": Text("有原文", "A: from the published text"),
            "B": Text("有可靠转述", "B: reliably reported"),
            "C": Text("口径待确认", "C: definition to be confirmed"),
            "D": Text("口径待确认", "D: definition to be confirmed"),
            "proposal": Text("本程序建议，待县定", "proposed here, for the county to decide"),
        },
        "missing": {
            "block": Text("不给分，整张考核表待补数据后再计", "no points; the card waits for the figure"),
            "not_applicable": Text("本项不适用，权重分给其他项", "not applicable; its weight goes to the others"),
            "zero": Text("得 0 分", "0 points"),
            "full": Text("得满分", "full points"),
            "peer_median": Text("取同组得分的中位数", "the median of the peers' points"),
            "carry_forward": Text(
                "沿用最近 12 个月内上次的得分", "the last points of the twelve months before are carried forward"
            ),
        },
        "combine": {
            "weighted_mean": Text("加权平均", "weighted mean"),
            "geometric": Text("几何平均", "geometric mean"),
            "mean": Text("简单平均", "plain mean"),
            "sum": Text("相加", "sum"),
            "best": Text("取最好的一项", "the best one"),
            "worst": Text("取最差的一项", "the worst one"),
        },
        "missing_weight": {
            "within_dimension": Text("分给同一维度的其他指标", "goes to the others of its dimension"),
            "overall": Text("分给全部其他指标", "goes to all the others"),
            "none": Text("不再分配", "is lost"),
        },
        "effect": {
            "zero_total": Text("总分记 0", "the total is 0"),
            "grade_at_most": Text("等次最高为", "the grade is at most"),
            "forfeit_pay": Text("取消本期绩效", "the pay of the period is forfeited"),
        },
        "roll_up": {
            "sum": Text("下级相加", "sum of the members"),
            "mean": Text("下级平均", "mean of the members"),
            "last": Text("取最后一个月", "the last month"),
            "none": Text("不汇总", "not rolled up"),
        },
        "account": {
            "fund": Text("资金池", "fund"),
            "reserve": Text("预留", "reserve"),
            "quota": Text("额度，不是钱", "quota, no money"),
        },
        "short": {
            "refuse": Text("余额不足时不分配", "refused where not enough is left"),
            "scale": Text("余额不足时同比例缩减", "scaled down where not enough is left"),
        },
        "short_fund": {
            "refuse": Text("不分配，报错", "nothing is handed out: an error"),
            "carry": Text("结转，以后的资金先抵补", "carried: later money makes up for it first"),
            "share": Text("由分配对象分担", "the claimants bear it"),
        },
        "stand_in": {
            "full": Text("按满分", "at full points"),
            "last": Text("按最近一次得分", "at the last known score"),
            "mean": Text("按平均得分", "at the mean score"),
        },
        "answers": {
            "number": Text("数", "number"),
            "score": Text("评分", "score"),
            "rating": Text("等级", "rating"),
            "event": Text("事件", "event"),
            "text": Text("文字", "text"),
        },
        "ranking": {
            "competition": Text(
                "并列同名次，其后跳号（1、1、3）", "equal ones share a place, the next is left out (1, 1, 3)"
            ),
            "dense": Text("并列同名次，其后不跳号（1、1、2）", "equal ones share a place, none is left out (1, 1, 2)"),
            "mean": Text("并列取平均名次（1.5、1.5、3）", "equal ones take the mean of their places (1.5, 1.5, 3)"),
        },
    }
)


def word(kind: str, code: str, lang: Lang) -> str:
    """What people call `code` among the codes of its kind; the code itself where it has no word."""
    return _WORDS[kind].get(code, Text(code)).in_lang(lang)


def unit_word(unit: str, lang: Lang) -> str:
    """The name of a unit."""
    known = UNITS.get(unit)
    return known.title.in_lang(lang) if known is not None else unit


def precision(digits: Digits, rounding: Rounding, lang: Lang) -> str:
    """`保留 2 位小数，四舍五入`, `不取整`."""
    if digits == "exact":
        return "不取整" if lang == "zh" else "not rounded"
    how = ROUNDING_WORDS[rounding].in_lang(lang)
    if lang == "zh":
        return f"{f'保留 {digits} 位小数' if digits else '取整数'}，{how}"
    return f"rounded to {digits} decimals, {how}"
