"""The declared keys of curves."""

from typing import get_args

from perf.kernel.rounding import Rounding
from perf.specs.build_peer_curves import Definition, Deviation, Method, RankMethod, Ties
from perf.specs.curve_models import Side
from perf.specs.schema_values import (
    Key,
    by_name,
    digits,
    either,
    formula,
    list_of,
    number,
    one_of,
    quantity,
    ref,
    rows,
    whole,
)

_THROUGH = Key(
    "through", rows(formula(), number(), least=2), "各点 [数值, 得分],数值从小到大", "points [x, points]", True
)
_OUTSIDE = Key("outside", one_of(("clip", "extend")), "两端之外:截平或延长", "beyond the ends: clip or extend")
_ALL_EQUAL = Key("all_equal", number(), "同组数值全部相同时的得分", "points where all peers are equal")
_AT = Key("at", rows(formula(), number()), "各档 [界限, 得分],界限从小到大", "steps [threshold, points]", True)
_EACH = Key("each", number(), "每单位扣(加)几分", "points for each `per`", True)
_PER = Key("per", quantity(), "每多少算一个单位", "how much counts as one")
_COUNTED = Key("counted", one_of(("exact", "started", "completed")), "不足一个单位怎样算", "how parts of a unit count")
_FLOOR = Key("floor", number(), "最低得分", "lowest points")

CURVE_KEYS: dict[str, tuple[Key, ...]] = {
    "linear": (_THROUGH, _OUTSIDE, _ALL_EQUAL),
    "steps": (
        _AT,
        Key(
            "lower_bound",
            one_of(("included", "excluded")),
            "正好在界限上算上一档还是下一档",
            "which side of a boundary",
        ),
        Key("below", number(), "低于第一档的得分", "points below the first step"),
    ),
    "range": (
        Key("best", list_of(formula()), "满分区间 [下限, 上限],开口写 none", "range of full points", True),
        Key("zero", list_of(formula()), "零分界限 [下限, 上限]", "where points are zero"),
    ),
    "attainment": (
        Key("target", formula(), "目标值", "target", True),
        Key("floor", quantity(), "完成率低于此值得零分", "attainment below this earns nothing"),
        Key("cap", quantity(), "完成率封顶", "highest attainment that counts"),
        Key("lower_as", one_of(("ratio", "complement")), "越低越好时完成率的算法", "attainment where lower is better"),
    ),
    "efficacy": (
        Key("satisfactory", formula(), "满意值", "satisfactory value"),
        Key("unallowed", formula(), "不允许值", "value not allowed"),
        Key("base", number(), "基础分", "base points"),
        Key("span", number(), "调整分", "points added up to the satisfactory value"),
        _OUTSIDE,
        Key(
            "standards", either(list_of(formula()), ref("standards_by")), "五档标准值,从优到差", "standards, best first"
        ),
        Key("coefficients", list_of(number()), "各档标准系数", "coefficients of the standards"),
    ),
    "percentile": (
        Key("definition", one_of(get_args(Definition)), "百分位的定义", "definition of the percentile"),
        Key("alone", number(), "同组只有一家时的得分", "points of a group of one"),
        Key("all_equal", number(), "同组数值全部相同时的得分", "points where all peers are equal"),
    ),
    "rank": (
        Key("method", one_of(get_args(RankMethod)), "按名次怎样给分", "how places earn points", True),
        Key("ties", one_of(get_args(Ties)), "并列名次", "ties"),
        Key("first", number(), "第一名的得分", "points of the first"),
        Key("each", number(), "每后一名少几分", "points less for each place"),
        _FLOOR,
        Key("places", rows(whole(), number()), "[名次起, 得分]", "[from place, points]"),
    ),
    "standardise": (
        Key("method", one_of(get_args(Method)), "标准化方法", "method", True),
        _ALL_EQUAL,
        Key("low", number(), "最低得分", "lowest points"),
        Key("high", number(), "最高得分", "highest points"),
        Key("centre", number(), "均值对应的得分", "points of the mean"),
        Key("scale", number(), "每个标准差几分", "points for one deviation"),
        Key("deviation", one_of(get_args(Deviation)), "总体或样本标准差", "population or sample deviation"),
    ),
    "power": (
        Key("origin", formula(), "起算点", "where deviation starts", True),
        _PER,
        Key("factor", number(), "系数", "factor", True),
        Key("exponent", number(), "指数", "exponent", True),
        Key("start", number(), "起算点的得分", "points at the origin"),
        Key("side", one_of(("both", "above", "below")), "哪一侧计分", "which side counts"),
        _FLOOR,
        Key("cap", number(), "最高得分", "highest points"),
        Key("digits", digits(), "得分小数位", "digits of the points"),
        Key("rounding", one_of(Rounding), "舍入方式", "rounding"),
    ),
    "deduct": (_EACH, _PER, _COUNTED),
    "award": (_EACH, _PER, _COUNTED, Key("cap", number(), "加分上限", "most extra points", True)),
    "rating": (Key("values", by_name(number()), "等级: 得分", "rating: points", True),),
    "entered": (Key("full", quantity(), "满分对应的数值", "value of full points"),),
    "best_of": (Key("of", list_of(ref("part")), "几种计分方法,取最高", "several curves, the best counts", True),),
}


def _in_unit(keys: tuple[Key, ...]) -> tuple[Key, ...]:
    """The same keys with figures of the result in its own unit."""
    return tuple(
        key._replace(value=quantity()) if key.value == number() and key.name != "exponent" else key for key in keys
    )


_RESULTS = Key(
    "through", rows(formula(), quantity(), least=2), "各点 [自变量, 结果]", "points [variable, result]", True
)
_STEPS = Key("at", rows(formula(), quantity(), least=1), "各档 [界限, 结果]", "steps [threshold, result]", True)
_SIDE = Key("direction", one_of(get_args(Side)), "自变量越高越好还是越低越好", "which side of the variable is better")
_OUT_OF = Key("out_of", quantity(), "满分对应的结果", "what full points stand for")
NAMED_PART_KEYS: dict[str, tuple[Key, ...]] = {
    name: _in_unit(CURVE_KEYS[name])
    for name in ("range", "attainment", "efficacy", "power", "deduct", "award", "entered")
} | {"linear": (_RESULTS, *_in_unit(CURVE_KEYS["linear"][1:])), "steps": (_STEPS, *_in_unit(CURVE_KEYS["steps"][1:]))}
"""Curves of one number, whose results are in a unit of their own."""
NAMED_KEYS: dict[str, tuple[Key, ...]] = {
    **NAMED_PART_KEYS,
    **{name: (*NAMED_PART_KEYS[name], _OUT_OF) for name in ("range", "entered", "deduct")},
    **{name: (*NAMED_PART_KEYS[name], _SIDE, _OUT_OF) for name in ("attainment", "efficacy")},
    "best_of": (
        Key("parts", list_of(ref("named_part")), "几种计分方法,取最高", "several curves, the best counts", True),
        _SIDE,
        _OUT_OF,
    ),
}
COEFFICIENT_KEYS: dict[str, tuple[Key, ...]] = {"linear": (_THROUGH, _OUTSIDE), "steps": CURVE_KEYS["steps"]}
