"""The declared keys of every document kind and of the mappings inside: the one source of the JSON Schema."""

from typing import get_args

from perf.formulas import UNITS
from perf.kernel.periods import PeriodKind
from perf.kernel.rounding import Rounding
from perf.kernel.subjects import LEVELS
from perf.specs.band_models import BandMode
from perf.specs.build_layers import LIBRARY
from perf.specs.claim_models import Prorate, SpreadOf
from perf.specs.ladder_models import Counted
from perf.specs.models import (
    AccountKind,
    Answers,
    Combine,
    Confidence,
    Direction,
    MissingDimension,
    MissingPolicy,
    MissingWeight,
    Revenue,
    RollUp,
    RoundingMethod,
)
from perf.specs.money_models import ShortFund
from perf.specs.schema_adjustments import ADJUSTMENTS_FORMS, ADJUSTMENTS_TOP, ADJUSTMENTS_VERSION
from perf.specs.schema_cases import CASE_FORMS
from perf.specs.schema_corrections import CORRECTIONS_TOP, CORRECTIONS_VERSION
from perf.specs.schema_payroll import PAYROLL_FORMS, PAYROLL_TOP, PAYROLL_VERSION
from perf.specs.schema_values import (
    Key,
    anything,
    by_name,
    code,
    day,
    digits,
    either,
    formula,
    list_of,
    number,
    one_of,
    quantity,
    ref,
    rows,
    text,
    title,
    whole,
    words,
    yes_no,
)
from perf.specs.transfer_models import OnDifference, ShortAccount

_PERIODS = get_args(PeriodKind)
_POLICY = one_of(get_args(MissingPolicy))
_ROUNDING = one_of(Rounding)
_TITLE = Key("title", title(), "名称:中文,或 {zh, en}", "title: Chinese, or {zh, en}", True)
ANY_TITLE = _TITLE._replace(is_required=False)
_ENABLED = Key("enabled", yes_no(), "启用", "switched on")
_DATES = (
    Key("from", day(), "从哪天起(年、月或日)", "first day: year, month or day"),
    Key("to", day(), "到哪天止(含)", "last day, included"),
)
_SOURCE = Key("source", either(text(), ref("source")), "依据:文件和条款", "source: document and clause")
_DATED = (*_DATES, _SOURCE)
_PARAMETERS = (
    Key("parameters", by_name(ref("dated_number")), "参数,可按日期", "parameters, dated where needed"),
    Key("tables", by_name(either(by_name(number()), ref("table"))), "按属性取值的表", "tables by an attribute"),
    Key("curves", by_name(ref("named")), "命名曲线,像函数一样调用", "named curves, called like functions"),
)
NAMED_CURVE_KEYS = (
    ANY_TITLE,
    Key("of", one_of(UNITS), "自变量的单位", "unit of the variable"),
    Key("gives", one_of(UNITS), "结果的单位", "unit of the result"),
)
_LET = Key("let", by_name(either(formula(), ref("let"))), "中间结果", "named intermediate results")
_BANDS = Key("bands", by_name(ref("bands")), "分段计算的金额", "amounts that count band by band")
_LADDERS = Key("ladders", by_name(ref("ladder")), "命名的得分阶梯,像函数一样调用", "ladders called like functions")
_LADDER = (
    Key("points", one_of(get_args(Counted)), "不足一分怎样算", "parts of a point"),
    Key("rows", list_of(ref("ladder_row")), "各行,从高分到低分", "rows, highest first", True),
)
_PAYERS = Key("payers", ref("payers"), "几个付款方各出多少", "payers outside with their shares")
_FOR = Key("for", one_of(("owner", "each")), "资金主体算一次,或每个分配对象各算", "for the owner, or for each claimant")
_PERIOD = Key("period", one_of(_PERIODS), "期间:月、季、年", "month, quarter or year", True)
_STEPS = Key("steps", list_of(ref("step")), "步骤,依次进行", "steps, in order", True)
_MONEY_ROUNDING = Key("rounding", ref("money_rounding"), "取整单位和尾差", "unit and leftover")
_LINE = Key("line", text(), "通知单上的项目名", "name of the line")
_WHERE = Key("where", formula(), "条件", "condition")

INDICATOR_VERSION = (
    *_DATED,
    _ENABLED,
    Key("value", formula(), "指标值的公式", "formula of the value", True),
    Key("digits", digits(), "指标值小数位,或 exact", "digits of the value, or exact"),
    Key("rounding", _ROUNDING, "指标值舍入方式", "rounding of the value"),
    Key("points", ref("points"), "计分方法", "curve from value to points"),
    Key("points_digits", digits(), "得分小数位", "digits of the points"),
    Key("points_rounding", _ROUNDING, "得分舍入方式", "rounding of the points"),
    Key("no_value", either(_POLICY, ref("no_value")), "缺数据、分母为零时怎样计分", "what absence means"),
    Key("requires", formula(), "适用条件", "applies only where"),
    Key("assume", by_name(number()), "未报时按此值", "value where nothing is reported"),
    *_PARAMETERS,
    Key("target", text(), "目标的文字", "the target in words"),
)
INDICATOR_TOP = (
    Key("indicator", code(), "指标代码", "code of the indicator", True),
    _TITLE,
    Key("level", one_of(LEVELS), "层级", "level", True),
    Key("unit", one_of(UNITS), "指标值的单位", "unit of the value"),
    Key("direction", one_of(get_args(Direction)), "方向", "direction", True),
    Key("confidence", one_of(get_args(Confidence)), "口径把握:A–D 或 proposal", "confidence"),
    Key("versions", list_of(ref("indicator_version")), "各版本", "versions"),
)
SCHEME_VERSION = (
    *_DATED,
    _ENABLED,
    Key("dimensions", by_name(ref("dimension")), "维度,权重合计 100", "dimensions, weights add up to 100"),
    Key("by_post", words(), "按岗位取这些方案的得分,按天数加权", "schemes weighed by time in post"),
    Key("missing_weight", one_of(get_args(MissingWeight)), "缺项权重给谁", "where missing weight goes"),
    Key("missing_dimension", one_of(get_args(MissingDimension)), "缺维度怎样处理", "a missing dimension"),
    Key("extra", list_of(ref("extra")), "加分项", "extra points"),
    Key("extra_cap", number(), "加分合计上限", "cap of all extra points"),
    Key("veto", list_of(ref("veto")), "一票否决", "vetoes"),
    Key("total", ref("total"), "总分", "the total"),
    Key("peers", ref("peers"), "同组", "peer group"),
    Key("rank", ref("ranking"), "排名", "ranks"),
    Key("grades", rows(text(), number()), "等次 [名称, 起始分]", "grades [name, from]"),
    Key("quota", by_name(ref("quota")), "等次名额", "quotas of grades"),
    Key("coefficient", ref("coefficient"), "总分到系数", "from total to coefficient"),
    Key("coefficient_digits", digits(), "系数小数位", "digits of the coefficient"),
    Key("coefficient_rounding", _ROUNDING, "系数舍入方式", "rounding of the coefficient"),
    Key("outcomes", list_of(ref("outcome")), "不是钱的结果", "results that are not money"),
)
SCHEME_TOP = (
    Key("scheme", code(), "方案代码", "code of the scheme", True),
    _TITLE,
    Key("of", ref("of"), "考核对象", "who is scored", True),
    _PERIOD,
    Key("versions", list_of(ref("scheme_version")), "各版本", "versions"),
)
DISTRIBUTION_VERSION = (
    *_DATED,
    _ENABLED,
    Key("fund", formula(), "资金池(元)", "the fund, in yuan", True),
    _LET,
    _BANDS,
    _PAYERS,
    *_PARAMETERS,
    _LADDERS,
    _MONEY_ROUNDING,
    _STEPS,
    Key("on_missing_score", one_of(f"hold_at({w})" for w in ("full", "last", "mean")), "没有得分时预留", "held share"),
    Key("short", one_of(get_args(ShortFund)), "资金为负时", "a fund below zero"),
)
DISTRIBUTION_TOP = (
    Key("distribution", code(), "分配规则代码", "code of the distribution", True),
    ANY_TITLE,
    _PERIOD,
    Key("per", one_of(LEVELS), "每个什么一池", "one fund per", True),
    Key("among", text(), "分给谁:staff、members、institutions,可加 where", "who claims, with where"),
    Key("uses", ref("uses"), "用哪些方案的得分", "whose scores are used"),
    Key("payer", text(), "外部付款方", "payer outside"),
    Key("into", text(), "进入各对象的哪个预留账户", "reserve of each claimant"),
    Key("not_with", list_of(code()), "不能与哪些分配规则同时启用", "distributions of the same money"),
    Key("announced", yes_no(), "公示表写出金额", "the public notice names the amounts"),
    Key("versions", list_of(ref("distribution_version")), "各版本", "versions"),
)
MEASURE = (
    Key("measure", code(), "数据项代码", "code of the measure", True),
    _TITLE,
    Key("answers", one_of(get_args(Answers)), "填什么", "what is answered"),
    Key("unit", one_of(UNITS), "单位", "unit"),
    Key("digits", digits(), "小数位", "digits"),
    Key("level", one_of(LEVELS), "最低上报层级", "lowest level of supply", True),
    Key("roll_up", one_of(get_args(RollUp)), "汇总", "roll-up"),
    Key("period", one_of(_PERIODS), "期间", "period"),
    Key("spread", one_of(("same", "even")), "年度数怎样摊到月", "a yearly value in its months"),
    Key("partial", yes_no(), "可只汇总已报的", "roll up those that reported"),
    Key("range", ref("range"), "数值范围", "range of values"),
    Key("supplied_by", text(), "提供科室", "who supplies it"),
    Key("revenue", one_of(get_args(Revenue)), "收入类别", "kind of revenue"),
    Key("counter_to", words(), "制约哪些数据项", "measures it guards"),
    Key("values", words(), "等级的取值", "values of a rating"),
    Key("synonyms", words(), "表头的其他写法", "other names in workbooks"),
)
DOCUMENTS: dict[str, tuple[Key, ...]] = {
    "measure": MEASURE,
    "list": (
        Key("list", code(), "明细目录代码", "code of the list", True),
        _TITLE,
        Key("items", by_name(by_name(either(ref("dated_number"), title()))), "明细项", "items with their attributes"),
        Key("titles", by_name(title()), "明细项的属性叫什么", "what the attributes are called"),
    ),
    "indicator": (*INDICATOR_TOP, *INDICATOR_VERSION),
    "scheme": (*SCHEME_TOP, *SCHEME_VERSION),
    "distribution": (*DISTRIBUTION_TOP, *DISTRIBUTION_VERSION),
    "corrections": (*CORRECTIONS_TOP, ANY_TITLE, *_DATED, _ENABLED, *CORRECTIONS_VERSION),
    "payroll": (*PAYROLL_TOP, _TITLE._replace(is_required=False), _ENABLED, *_DATED, *PAYROLL_VERSION),
    "adjustments": (*ADJUSTMENTS_TOP, ANY_TITLE, *_DATED, _ENABLED, *ADJUSTMENTS_VERSION),
    "accounts": (Key("accounts", by_name(ref("account")), "账户", "accounts", True),),
    "attributes": (
        Key("attributes", by_name(either(title(), ref("attribute"))), "对象的属性", "attributes of subjects", True),
    ),
    "layer": (
        Key("layer", code(), "层的代码", "code of the layer", True),
        ANY_TITLE,
        *_DATES,
        _SOURCE._replace(is_required=True),
        Key("over", one_of((LIBRARY,)), "叠加在程序带来的规则库上", "over the packaged library"),
        Key("set", by_name(anything()), "规则代码.键.键: 新内容", "code.key.key: what is to stand there", True),
    ),
}
FORMS: dict[str, tuple[Key, ...]] = {
    "indicator_version": tuple(key._replace(is_required=False) for key in INDICATOR_VERSION),
    "scheme_version": SCHEME_VERSION,
    "distribution_version": tuple(key._replace(is_required=False) for key in DISTRIBUTION_VERSION),
    "corrections_version": tuple(key._replace(is_required=False) for key in (*_DATED, _ENABLED, *CORRECTIONS_VERSION)),
    "payroll_version": tuple(key._replace(is_required=False) for key in (*_DATED, *PAYROLL_VERSION)),
    **{
        name: (*keys, *((_SOURCE,) if name in ("bonus", "contribution") else ()))
        for name, keys in PAYROLL_FORMS.items()
    },
    "adjustments_version": (*_DATED, _ENABLED, *ADJUSTMENTS_VERSION),
    **ADJUSTMENTS_FORMS,
    "title": (Key("zh", text(), "中文", "Chinese", True), Key("en", text(), "英文", "English")),
    "source": (
        Key("document", text(), "文件", "document", True),
        Key("clause", text(), "条款", "clause"),
    ),
    "range": (Key("min", quantity(), "最小", "least"), Key("max", quantity(), "最大", "most")),
    "dated_value": (*_DATED, Key("value", number(), "数值", "value", True)),
    "titled_values": (ANY_TITLE, Key("values", ref("dated_number"), "数值", "values", True)),
    "table": (ANY_TITLE, Key("rows", by_name(number()), "各行", "rows", True)),
    "let": (ANY_TITLE, _FOR, Key("value", formula(), "公式", "formula", True)),
    "payers": (
        Key("shares", by_name(quantity()), "各付款方的比例", "share of each payer", True),
        Key("unit", quantity(), "取整单位(元)", "whole units, in yuan"),
        Key("balance", text(), "取整后的差额归谁", "who takes the balance"),
    ),
    "bands": (
        ANY_TITLE,
        _FOR,
        Key("amount", formula(), "金额(元)", "amount in yuan", True),
        Key("of", formula(), "基数(元)", "base in yuan", True),
        Key("mode", one_of(get_args(BandMode)), "超额累进,或全额按所达的一段", "marginal, or all at the row reached"),
        Key("cap", formula(), "封顶(元)", "cap in yuan"),
        Key("rows", list_of(ref("band_row")), "各段", "rows", True),
    ),
    "band_row": (
        Key("over", quantity(), "超过", "over"),
        Key("to", quantity(), "到(含)", "up to and with"),
        Key("share", formula(), "计多少", "share that counts", True),
    ),
    "ladder": (ANY_TITLE, *_LADDER),
    "ladder_row": (
        Key("from", number(), "从多少分起", "from this score on", True),
        Key("gives", either(quantity(), one_of(("pro_rata",))), "给多少", "share that is given", True),
        Key("of", number(), "按比例时多少分得全部", "score of 100%, in proportion"),
        Key("less", quantity(), "每分扣多少", "off for each point"),
        Key("below", number(), "低于多少分的每一分", "points below this score"),
        Key("reward", quantity(), "另加奖励", "on top"),
        Key("say", text(), "不是钱的结果", "outcome that is not money"),
    ),
    "no_value": (
        Key("missing", _POLICY, "缺数据", "nothing reported"),
        Key("denominator_zero", _POLICY, "分母为零", "denominator zero"),
    ),
    "standards_by": (
        Key("by", text(), "按哪个属性", "by which attribute", True),
        Key("rows", by_name(list_of(formula())), "各行标准值", "standards by value", True),
    ),
    "of": (
        Key("level", one_of(LEVELS), "层级", "level", True),
        Key("kind", words(), "类型", "kinds"),
        _WHERE,
    ),
    "dimension": (
        ANY_TITLE,
        Key("weight", number(), "权重", "weight", True),
        Key("combine", one_of(get_args(Combine)), "怎样合成", "how its indicators combine"),
        Key("at_least", whole(), "至少几项有得分", "indicators that must be present"),
        Key("indicators", by_name(ref("item")), "指标", "indicators", True),
    ),
    "item": (Key("out_of", number(), "分值", "full points"), Key("weight", number(), "权重", "weight")),
    "extra": (
        Key("indicator", text(), "指标", "indicator", True),
        Key("cap", number(), "上限", "cap"),
        Key("out_of", number(), "分值", "full points"),
    ),
    "veto": (
        Key("when", formula(), "条件", "condition", True),
        Key("effect", either(one_of(("zero_total", "forfeit_pay")), ref("effect")), "后果", "effect", True),
    ),
    "effect": (Key("grade_at_most", text(), "等次至多", "grade at most", True),),
    "total": (
        Key("digits", digits(), "小数位", "digits"),
        Key("rounding", _ROUNDING, "舍入方式", "rounding"),
        Key("min", number(), "下限", "least"),
        Key("max", number(), "上限", "most"),
        Key("combine", one_of(("sum", "geometric")), "加权和或几何平均", "sum or geometric mean"),
    ),
    "peers": (
        Key("within", one_of(LEVELS), "在哪一级之内", "within which level"),
        Key("by", words(), "按哪些属性分组", "attributes that must be equal"),
    ),
    "ranking": (
        Key("of", one_of(("total", "exact")), "按取整后或精确总分", "rounded or exact total"),
        Key("ties", one_of(("competition", "dense")), "并列", "ties"),
    ),
    "quota": (
        Key("at_most", quantity(), "至多占比", "share at most", True),
        Key("of", one_of(("peers", "scored")), "占谁的比例", "share of whom"),
        Key("rounding", one_of(("down", "up", "half_away")), "名额取整", "rounding of the number"),
        Key("ties", one_of(("all_out", "all_in")), "并列", "ties at the edge"),
        Key("falls_to", text(), "超出的降为", "grade of the others", True),
    ),
    "outcome": (Key("when", formula(), "条件", "condition", True), Key("say", text(), "结果", "what is said", True)),
    "uses": (Key("score", words(), "方案代码", "codes of schemes"),),
    "account": (
        Key("of", one_of(LEVELS), "哪一级的账户", "level", True),
        Key("kind", one_of(get_args(AccountKind)), "种类", "kind", True),
        ANY_TITLE,
    ),
    "attribute": (_TITLE, Key("values", by_name(title()), "取值的名称", "titles of values")),
    "money_rounding": (
        Key("unit", quantity(), "取整到(元)", "unit, in yuan"),
        Key("leftover", either(one_of(get_args(RoundingMethod)), ref("leftover")), "尾差", "the leftover"),
    ),
    "spread": (
        Key("of", one_of(get_args(SpreadOf)), "最高比最低,或最高比平均", "largest to smallest, or to the mean"),
        Key("at_least", number(), "至少", "at least"),
        Key("at_most", number(), "至多", "at most"),
    ),
    "own": (
        Key("where", formula(), "哪些人", "for whom", True),
        Key("gets", formula(), "得多少,用 claims", "what they get, in terms of `claims`", True),
    ),
    "derived": (
        Key("where", formula(), "哪些人", "for whom", True),
        Key("by", formula(), "分配权,用 claims", "their claim, in terms of `claims`", True),
    ),
    "leftover": (Key("to", text(), "尾差给谁", "who takes it", True),),
    **CASE_FORMS,
}
STEP_FORMS: dict[str, tuple[Key, ...]] = {
    "take": (
        Key("to", text(), "账户", "account", True),
        Key("amount", formula(), "金额", "amount", True),
        _LINE,
    ),
    "pay": (
        _LINE._replace(is_required=True),
        Key("amount", formula(), "金额", "amount", True),
        _WHERE,
        Key("short", one_of(("refuse", "scale")), "不够时", "where the rest is too small"),
        Key("each", code(), "按哪个数据项的明细逐项发放", "one amount for each item of this measure"),
        Key("payer", text(), "外部付款方", "payer outside"),
        Key("at_most", formula(), "每人至多(元)", "bound of each amount, in yuan"),
        Key("unit", quantity(), "取整到(元)", "unit, in yuan"),
    ),
    "split": (
        Key("by", text(), "按哪个属性", "by which attribute", True),
        Key("shares", by_name(number()), "比例", "shares", True),
        Key("on_empty", either(one_of(("reshare", "hold")), ref("leftover")), "没有人时", "a part without claimants"),
        _LINE,
        _STEPS,
    ),
    "apportion": (
        Key("by", formula(), "分配权", "claim", True),
        _LINE,
        Key("amount", formula(), "分多少", "amount"),
        Key("floor", formula(), "保底", "floor"),
        Key("cap", formula(), "封顶", "cap"),
        Key("ties", one_of(("fewest_odd_fen", "id")), "尾差并列", "ties of the odd fen"),
        Key("prorate", one_of(get_args(Prorate)), "在岗折算", "how the claim of a post counts"),
        Key("derived", list_of(ref("derived")), "由其他人的分配权推算的", "claims that hang on those of the others"),
        _MONEY_ROUNDING,
    ),
    "entered": (
        _LINE,
        Key("amount", formula(), "每人录入的金额(元)", "what was entered for each, in yuan"),
        Key("weight", formula(), "每人录入的点数", "points that were entered for each"),
        Key("floor", formula(), "保底", "floor"),
        Key("cap", formula(), "封顶", "cap"),
        Key("spread", ref("spread"), "差距的限制", "how far the amounts may lie apart"),
        Key("own", ref("own"), "不由本人录入的", "for whom nothing is entered"),
        Key("expected", formula(), "通常的分配权", "the claim by the usual formula"),
        Key("on_break", one_of(("refuse", "formula")), "不合限制时", "where a limit is broken"),
        _MONEY_ROUNDING,
    ),
    "gate": (Key("when", formula(), "条件", "condition", True), Key("to", one_of(("rest",)), "去向", "where it goes")),
    "ladder": (
        _LINE,
        Key("of", formula(), "按哪个得分", "the score", True),
        Key("amount", formula(), "各自的金额(元)", "own amount in yuan", True),
        *_LADDER,
        Key("reward_payer", text(), "奖励由谁付", "who pays the reward"),
        Key("forfeited", ref("leftover"), "没有返还的转入", "account of what is not given"),
    ),
    "transfer": (
        _LINE,
        Key("list", text(), "明细目录:项目和价格", "list of items and prices", True),
        Key("provided", formula(), "提供方上报的数据项", "measure that the provider reports", True),
        Key("received", formula(), "接受方上报的数据项", "measure that the receiver reports"),
        Key("price", formula(), "单价(元)", "yuan of one unit", True),
        Key("on_difference", one_of(get_args(OnDifference)), "双方数量不一致时", "where the two counts differ"),
        Key("account", text(), "收付的账户", "account that pays and is paid", True),
        Key("short", one_of(get_args(ShortAccount)), "账户不够时", "where the account holds too little"),
    ),
    "schedule": (
        _LINE,
        Key("amount", formula(), "全年金额(元)", "the year's amount in yuan", True),
        Key(
            "parts",
            either(whole(), list_of(number())),
            "全年几份,或各份的权重",
            "parts of a year",
            True,
        ),
        Key("to", text(), "账户;不写则各对象各自的金额", "account; else each claimant's own amount"),
        Key("catch_up", yes_no(), "按本年已付补差", "settles what the year paid so far"),
        Key("overpaid", one_of(("reclaim", "wait")), "多付了怎样", "where more was paid than is due"),
        Key("unit", quantity(), "取整到(元)", "unit, in yuan"),
        Key("payer", text(), "外部付款方", "payer outside"),
    ),
    "release": (
        _LINE,
        Key("from", text(), "哪个预留,或 held", "which reserve, or held", True),
        Key("share", formula(), "兑现多少", "share that is paid", True),
        _WHERE,
        Key("forfeited", ref("leftover"), "没有兑现的转入,或 rest", "account of what is not paid, or rest"),
        Key("keep", yes_no(), "没有兑现的留着", "what is not paid stays"),
        Key("extra", one_of(("rest", "refuse")), "超过 100% 的", "what is above 100%"),
    ),
    "hold": (
        Key("share", formula(), "预留多少", "share held", True),
        _LINE,
        _WHERE,
        Key("to", text(), "各对象的哪个预留", "reserve of each claimant"),
    ),
    "remainder": (Key("to", text(), "账户", "account", True),),
}
PART_KEYS = (
    ANY_TITLE,
    Key("value", formula(), "这一种的数值", "the value of this part"),
    Key("unit", one_of(UNITS), "单位", "unit"),
    Key("direction", one_of(("higher", "lower")), "方向", "direction"),
)
