"""What is said while rules are built from YAML."""

from perf.kernel.issues import Issue, Place
from perf.kernel.text import Text
from perf.specs.layer_wording import LAYERS
from perf.specs.wording import Wording, word

WORDINGS: dict[str, Wording] = {
    **LAYERS,
    "rule-kind-unknown": Wording(
        ("文档的第一个键是“{found}”", "the first key of the document is '{found}'"),
        ("第一个键说明文档是什么:{known}", "the first key tells what a document is: {known}"),
        ("{hint}", "{hint}"),
    ),
    "rule-shape": Wording(
        ("{what} 写成了{found}", "{what} is {found}"),
        ("{expected}", "{expected}"),
        ("按示例改写:{example}", "write it like this: {example}"),
    ),
    "rule-code-invalid": Wording(
        ("代码“{found}”", "code '{found}'"),
        (
            "小写字母开头,只含小写字母、数字和下划线,例如 bed_use_rate",
            "lower-case letters, digits and underscores, starting with a letter: bed_use_rate",
        ),
        ("中文名称写在 title 里", "put the Chinese name into `title`"),
    ),
    "attribute-is-a-word": Wording(
        ("属性代码“{found}”是公式自己的名称", "the attribute '{found}' is called like a word of formulas"),
        ("公式里没有的名称", "a name that formulas do not have"),
        (
            "公式里写 {found} 得到的是公式自己的{found},不是花名册里的;换一个代码,例如 staff_{found}",
            "in a formula {found} is the word of formulas, not the roster's: rename it, as in staff_{found}",
        ),
        "warning",
    ),
    "curve-name-taken": Wording(
        ("曲线名“{found}”已是{by}的名称", "a curve called '{found}', as {by} is"),
        ("别的名称,例如 minimum_rate", "another name, as in minimum_rate"),
        ("改名;中文名称写在 title 里", "rename it; put the Chinese name into `title`"),
    ),
    "curve-not-callable": Wording(
        (
            "曲线“{name}”写成 {found}:单凭一个数算不出结果",
            "the curve '{name}' is {found}: one number alone gives no result",
        ),
        ("由一个数得出结果的曲线:{known}", "a curve of one number: {known}"),
        ("{hint}", "{hint}"),
    ),
    "named-curve-direction": Wording(
        (
            "曲线“{name}”是 direction: {direction},而最好的标准是 {best}、最差的是 {worst}",
            "the curve '{name}' has direction: {direction}, but the best standard is {best} and the worst {worst}",
        ),
        (
            "越高越好时最好的标准最大,越低越好时最小",
            "the best standard the largest where higher is better, else the smallest",
        ),
        ("写 direction: {turned},或调换标准", "write direction: {turned}, or turn the standards round"),
    ),
    "curve-of-curves": Wording(
        ("曲线“{found}”的界限又用到曲线或表", "a threshold of the curve '{found}' looks into a curve or a table"),
        ("数字,或不含曲线和表的公式", "numbers, or formulas without curves and tables"),
        ("把该值先放进参数", "put the value into a parameter"),
    ),
    "entered-amount-or-weight": Wording(
        ("entered 没有写,或同时写了 amount 和 weight", "`entered` with neither or both of `amount` and `weight`"),
        ("录入金额的写 amount,录入点数的写 weight", "`amount` for entered yuan, `weight` for entered points"),
        ("例如 amount: dept_split", "such as amount: dept_split"),
    ),
    "entered-no-formula": Wording(
        ("on_break: formula,却没有写 expected", "on_break: formula without `expected`"),
        ("不合限制时按哪个公式分", "the formula that splits the pool where a limit is broken"),
        ("例如 expected: post_coefficient * score / 100", "such as expected: post_coefficient * score / 100"),
    ),
    "schedule-parts": Wording(
        ("schedule 写了 {found} 份,期间是 {period}", "a schedule of {found} parts, every {period}"),
        ("一年 {wanted} 份,每期一份", "{wanted} parts of a year, one a period"),
        ("改 parts,或改分配规则的 period", "change `parts`, or the `period` of the distribution"),
    ),
    "release-two-ways": Wording(
        ("没有兑现的既留着(keep)又转入 {to}(forfeited)", "what is not released is kept and goes to {to}"),
        ("keep 和 forfeited 只写一个", "one of `keep` and `forfeited`"),
        ("删去其中一个", "drop one of them"),
    ),
    "ladder-order": Wording(
        ("{found} 分一行排在 {above} 分一行之后", "the row from {found} stands behind the row from {above}"),
        ("各行从高分到低分,不重复", "rows from the highest score down, each once"),
        ("按 from 从大到小排列", "sort them by `from`, the largest first"),
    ),
    "ladder-end": Wording(
        ("最后一行从 {found} 分起,更低的分没有规定", "the last row begins at {found}, below it nothing is said"),
        ("最后一行 from: 0", "a last row `from: 0`"),
        ("再加一行,例如 {{from: 0, gives: 0%}}", "add a row, such as {{from: 0, gives: 0%}}"),
    ),
    "ladder-less": Wording(
        ("{start} 分一行的扣减没有写完整", "the deduction of the row from {start} is not complete"),
        (
            "less(每分扣多少)和 below(从多少分起扣)都写,below 高于 from",
            "both `less` (off for each point) and `below` (counted from), `below` above `from`",
        ),
        (
            "例如 {{from: 60, gives: 100%, less: 3%, below: 80}}",
            "such as {{from: 60, gives: 100%, less: 3%, below: 80}}",
        ),
    ),
    "payers-not-100": Wording(
        ("各付款方合计 {found}", "the payers add up to {found}"),
        ("合计 100%", "100% in all"),
        ("改正比例,如 {{中央: 60%, 县级: 40%}}", "mend the shares, such as {{central: 60%, county: 40%}}"),
    ),
    "payers-balance": Wording(
        ("取整后的差额由“{found}”承担", "the balance of rounding is for '{found}'"),
        ("付款方之一:{known}", "one of the payers: {known}"),
        ("unit 大于 0.01 元时写 balance: 付款方", "with a unit above 0.01 say balance: PAYER"),
    ),
    "bands-hole": Wording(
        ("{name} 的分段在 {low} 到 {high} 之间没有规定", "{name}: no row between {low} and {high}"),
        ("各段首尾相接,从 0 开始", "rows that follow one another, from 0 on"),
        ("让这一段的 over 等于上一段的 to", "let `over` of this row be `to` of the row before"),
    ),
    "bands-overlap": Wording(
        ("{name} 的分段在 {low} 到 {high} 之间重叠", "{name}: rows overlap between {low} and {high}"),
        ("各段首尾相接,不重叠", "rows that follow one another without overlap"),
        ("让这一段的 over 等于上一段的 to", "let `over` of this row be `to` of the row before"),
    ),
    "bands-reversed": Wording(
        ("{name} 的一段从 {low} 到 {high}", "{name}: a row from {low} to {high}"),
        ("to 大于 over", "`to` above `over`"),
        ("检查这一段的 over 和 to", "look at `over` and `to` of this row"),
    ),
    "bands-end": Wording(
        (
            "{name} 的最后一段到 {high} 为止,超过的没有规定",
            "{name}: the last row ends at {high}, above it nothing is said",
        ),
        ("最后一段没有 to", "a last row without `to`"),
        (
            "去掉 to;超过的不计时另加一段 {{over: {high}, share: 0%}}",
            "drop `to`; if nothing counts above, add {{over: {high}, share: 0%}}",
        ),
    ),
    "bands-early-end": Wording(
        ("{name} 的一段没有 to,后面却还有一段", "{name}: a row without `to` has another row behind it"),
        ("只有最后一段没有 to", "only the last row without `to`"),
        ("写明这一段的 to", "state `to` of this row"),
    ),
    "rules-too-many-issues": Wording(
        ("已有 {limit} 个以上的问题", "more than {limit} problems so far"),
        ("能读完的规则", "rules that can be read to their end"),
        (
            "先改正列出的各处再检查;此后的文件还没有读",
            "mend those that are listed and check again; what comes after was not read",
        ),
    ),
    "tax-rate-falls": Wording(
        ("{name}:税率 {found} 不高于前一级的 {before}", "{name}: a rate of {found} behind one of {before}"),
        ("逐级升高的税率", "rates that rise from row to row"),
        ("检查各级的次序和税率", "look at the order and the rates of the rows"),
    ),
    "tax-quick-differs": Wording(
        ("{name}:税率 {rate} 的速算扣除数写成 {found}", "{name}: the quick deduction at {rate} is {found}"),
        ("按各级上限和税率推算为 {expected}", "{expected}, as limits and rates give"),
        ("改为 {expected},或不写 quick 由程序推算", "write {expected}, or leave `quick` out"),
    ),
    "contribution-bounds": Wording(
        ("{what} 的缴费基数下限 {floor} 高于上限 {cap}", "{what}: a floor of {floor} above the cap of {cap}"),
        ("下限不高于同一时期的上限", "a floor not above the cap of the same days"),
        ("检查 floor 和 cap 的数额与日期", "look at amounts and dates of `floor` and `cap`"),
    ),
    "rule-code-duplicate": Wording(
        ("代码“{name}”已在 {first} 用过", "code '{name}' is already used at {first}"),
        ("全部规则中每个代码只有一个", "every code once in the whole rule book"),
        ("换一个代码,或删去其中一个", "rename or remove one of them"),
    ),
    "rule-key-unknown": Wording(
        ("未知的键“{key}”", "unknown key '{key}'"),
        ("可用的键:{known}", "one of: {known}"),
        ("{hint}", "{hint}"),
    ),
    "rule-key-missing": Wording(
        ("缺少“{key}”", "'{key}' is missing"),
        ("{what}必须写明 {key}", "{what} must state {key}"),
        ("例如 {example}", "for example {example}"),
    ),
    "rule-key-misplaced": Wording(
        ("“{key}”写在某个版本里", "'{key}' stands inside a version"),
        ("{key} 对所有版本有效,写在最上层", "{key} holds for all versions: write it at the top level"),
        ("移到 versions 之外", "move it out of `versions`"),
    ),
    "rule-key-planned": Wording(
        (
            "“{key}”属于规则语言,但本版软件还不会计算",
            "'{key}' belongs to the language, but this release cannot compute it yet",
        ),
        ("只用已能计算的写法", "only what is computed"),
        ("见 docs/rules.md 的“尚未支持”一节", "see 'not yet supported' in docs/rules.md"),
    ),
    "rule-value-unknown": Wording(
        ("{key} 的值是“{found}”", "{key} is '{found}'"),
        ("其中之一:{known}", "one of: {known}"),
        ("{hint}", "{hint}"),
    ),
    "rule-value-blank": Wording(
        ("“{key}”后面没有内容", "nothing stands after '{key}'"),
        ("{expected}", "{expected}"),
        ("写上内容,或删去这个键", "write it, or remove the key"),
    ),
    "rule-number-invalid": Wording(
        ("{key} 的值是“{found}”", "{key} is '{found}'"),
        ("数字,如 {example}", "a number such as {example}"),
        ("只用半角数字、小数点和负号,不用千分位和指数", "plain digits, point and minus; no separators, no exponent"),
    ),
    "rule-number-range": Wording(
        ("{key} 的值是 {found}", "{key} is {found}"),
        ("{expected}", "{expected}"),
        ("改成范围内的数", "use a number in this range"),
    ),
    "rule-sign-missing": Wording(
        ("{key} 写成 {found},没有单位符号", "{key} is {found}, without the sign of its unit"),
        ("单位是“{unit}”的值要带符号,例如 {example}", "values in {unit} carry their sign, such as {example}"),
        ("若原意是 {example},请补上符号", "if {example} is meant, add the sign"),
    ),
    "rule-sign-wrong": Wording(
        ("{key} 写成 {found}", "{key} is {found}"),
        ("单位“{unit}”的值,例如 {example}", "a value in {unit}, such as {example}"),
        ("核对单位:改这里的写法,或改 unit", "check the unit: change this value or the `unit`"),
    ),
    "rule-date-invalid": Wording(
        ("日期“{found}”", "date '{found}'"),
        ("2025、2025-01 或 2025-01-15", "2025, 2025-01 or 2025-01-15"),
        ("检查月份和日", "check month and day"),
    ),
    "version-ends-before-start": Wording(
        ("终止日 {last} 早于起始日 {first}", "ends on {last}, before it starts on {first}"),
        ("to 不早于 from", "`to` not before `from`"),
        ("检查两个日期", "check both dates"),
    ),
    "version-overlap": Wording(
        (
            "{what} 的日期重叠:第 {first_line} 行的版本到 {last},这一个从 {first} 起",
            "{what}: dates overlap; the version in line {first_line} runs to {last}, this one starts on {first}",
        ),
        ("任何一天只有一个版本有效", "one version in force on any day"),
        ("{hint}", "{hint}"),
    ),
    "version-gap": Wording(
        (
            "{what} 的日期有空档:{from_day} 至 {to_day} 没有版本有效",
            "{what}: no version in force from {from_day} to {to_day}",
        ),
        ("版本首尾相接", "versions that follow each other without a gap"),
        ("把前一个的 to 改为 {to_day},或删去它的 to", "let the earlier one end on {to_day}, or drop its `to`"),
    ),
    "version-empty": Wording(
        ("versions 里没有版本", "`versions` is empty"),
        ("至少一个版本,或不写 versions", "at least one version, or no `versions` at all"),
        ("删去 versions,或写一个以 from 开头的版本", "drop `versions`, or write one that begins with `from`"),
    ),
    "curve-order": Wording(
        (
            "{key} 的界限 {found} 不大于前一个 {before}",
            "{key}: threshold {found} is not above the one before, {before}",
        ),
        ("界限从小到大,不重复", "thresholds in ascending order, none twice"),
        (
            "调整次序;越低越好的指标,界限仍从小到大写,分数从大到小",
            "reorder; where lower is better thresholds still ascend and the points descend",
        ),
    ),
    "curve-too-short": Wording(
        ("{key} 只有 {found} 行", "{key} has {found} rows"),
        ("至少 {least} 行", "at least {least} rows"),
        ("补上缺少的行", "add the rows that are missing"),
    ),
    "curve-points-range": Wording(
        ("{key} 的得分 {found}", "{key}: points {found}"),
        ("0 到 100;分值由考核方案的 out_of 换算", "0 to 100; the scheme's out_of scales them"),
        ("超过满分请用 award 或方案的 extra", "for more than full points use `award` or the scheme's `extra`"),
    ),
    "curve-nested": Wording(
        ("best_of 里面又有 best_of", "best_of inside best_of"),
        ("只有一层的 best_of", "one best_of only"),
        ("把里面的各条并到外面的 of 里,结果相同", "list its curves under the outer `of`: the result is the same"),
    ),
    "curve-flat": Wording(
        ("满意值和不允许值都是 {found}", "the satisfactory and the unallowed value are both {found}"),
        (
            "两个不同的值:越高越好时满意值在上,越低越好时在下",
            "two values: the satisfactory one above where higher is better, below where lower is better",
        ),
        ("改正 satisfactory 或 unallowed", "mend `satisfactory` or `unallowed`"),
    ),
    "curve-standards-order": Wording(
        ("{key} 的次序不对:{found}", "{key} out of order: {found}"),
        (
            "从最优一档写到最差一档,逐档严格变差;系数在 0 到 1 之间,逐档变小",
            "from the best grade to the worst, each strictly worse; coefficients from 1 down to 0, each smaller",
        ),
        ("调整次序", "reorder them"),
    ),
    "curve-standards-count": Wording(
        ("{found} 个标准值,{wanted} 个系数", "{found} standards, {wanted} coefficients"),
        ("每个标准值一个系数,至少两档", "one coefficient for every standard, two or more"),
        ("补上缺少的值,或写出同样多的 coefficients", "add what is missing, or state as many `coefficients`"),
    ),
    "range-order": Wording(
        ("range 的界限次序不对:{found}", "range: limits out of order: {found}"),
        ("zero 下限 ≤ best 下限 ≤ best 上限 ≤ zero 上限", "zero low ≤ best low ≤ best high ≤ zero high"),
        ("检查 best 和 zero", "check `best` and `zero`"),
    ),
    "grades-order": Wording(
        ("等次 {found}", "grade {found}"),
        ("每个等次一个名称、一个起始分,从高到低写", "every grade its own name and lowest value, the highest first"),
        ("检查 grades", "check `grades`"),
    ),
    "by-post-mixed": Wording(
        ("方案按任职时间合成(by_post),又写了 {key}", "a scheme that weighs totals by post (by_post) states {key}"),
        (
            "by_post 的总分是各方案总分按天数的加权平均,自己没有维度",
            "the total by post is the mean of other totals weighted by days, without dimensions",
        ),
        ("删去 {key},或删去 by_post", "drop {key}, or drop by_post"),
    ),
    "case-without-rule": Wording(
        (
            "示例没有说明属于哪条规则;旁边的文件有 {found} 条规则",
            "the case does not say which rule it is for; the file beside it has {found}",
        ),
        ("of: 规则代码", "of: CODE"),
        ("可选:{known}", "one of: {known}"),
    ),
    "case-rule-unknown": Wording(
        ("没有代码为“{found}”的指标、方案或分配规则", "no indicator, scheme or distribution is called '{found}'"),
        ("已有规则的代码", "the code of a rule"),
        ("{hint}", "{hint}"),
    ),
    "case-unknown-name": Wording(
        ("示例里的“{found}”不是数据项", "'{found}' in the case is no measure"),
        ("已声明的数据项,可加 @last_year 等", "a declared measure, with @last_year and the like where needed"),
        ("{hint}", "{hint}"),
    ),
    "case-shift-unknown": Wording(
        ("“{found}”的期间看不懂", "the period of '{found}' is not legible"),
        ("@ 后面是:{known}", "after @: {known}"),
        ("改正 @ 后面的期间", "mend what follows @"),
    ),
    "case-period-invalid": Wording(
        ("期间“{found}”", "period '{found}'"),
        ("2025、2025-Q2 或 2025-06", "2025, 2025-Q2 or 2025-06"),
        ("改成其中一种写法", "write it in one of these ways"),
    ),
    "case-expects-nothing": Wording(
        ("expect 里没有任何结果", "`expect` expects nothing"),
        ("至少一个结果,例如 points: 80", "at least one figure, such as points: 80"),
        ("写出手算的结果", "state the figure worked out by hand"),
    ),
    "file-empty": Wording(
        ("文件里没有规则", "no rule in the file"),
        ("至少一个文档,例如 indicator: …", "at least one document, such as indicator: …"),
        ("", ""),
        "warning",
    ),
}

SHAPES = {
    "Scalar": Text("一段文字", "a text"),
    "Sequence": Text("列表", "a list"),
    "Mapped": Text("映射(键: 值)", "a mapping (key: value)"),
}


def rule_issue(code: str, place: Place, **values: str | int | Text) -> Issue:
    """An issue about a rule document."""
    return word(WORDINGS, code, place, **values)
