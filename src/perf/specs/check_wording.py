"""What is said about rules that can be read but cannot be right."""

from perf.kernel.issues import Issue, Place
from perf.kernel.text import Text
from perf.specs.adjustment_wording import ADJUSTMENTS
from perf.specs.reserve_wording import KEPT_BACK
from perf.specs.transfer_wording import TRANSFERS
from perf.specs.wording import Wording, word

WORDINGS: dict[str, Wording] = {
    **KEPT_BACK,
    **TRANSFERS,
    "corrections-reserve-missing": Wording(
        ("更正规则 {rule} 写了 {why},但没有写预留账户", "{rule} says {why}, but names no reserve"),
        ("reserve: 承担其余差额的账户", "reserve: the account that bears the rest"),
        (
            "写 reserve: 账户名;或改为 mode: rebalance、smallest: 0.01",
            "name a reserve, or say mode: rebalance and smallest: 0.01",
        ),
    ),
    "corrections-reserve-kind": Wording(
        ("账户 {found} 不是预留账户,不能承担更正差额", "{found} is no reserve and cannot bear differences"),
        ("accounts 里声明为 kind: reserve 的账户", "an account declared with kind: reserve"),
        ("换一个预留账户", "name a reserve"),
    ),
    "corrections-several": Wording(
        ("更正规则 {found} 同时有效", "{found} are in force at the same time"),
        ("同一天只有一条更正规则有效", "one rule of corrections at a time"),
        ("给先前的写 to,或停用其中一条", "end the earlier one with `to`, or switch one off"),
    ),
    "distributions-not-together": Wording(
        ("{found} 分同一笔钱,同时启用会付两次", "{found} hand out the same money: it would be paid twice"),
        ("同一天只启用其中一条", "one of them at a time"),
        ("用层停用其中一条(enabled: no)", "switch one off by a layer (enabled: no)"),
    ),
    **ADJUSTMENTS,
    "weights-not-100": Wording(
        ("方案 {scheme} 各维度权重合计 {found}", "scheme {scheme}: dimension weights add up to {found}"),
        ("合计 100", "100 in all"),
        ("{parts};差 {difference}", "{parts}; {difference} to go"),
    ),
    "out-of-not-positive": Wording(
        ("{what} 的 {key} 是 {found}", "{key} of {what} is {found}"),
        ("大于 0", "above 0"),
        ("不计分的指标不要放进方案", "leave an indicator that does not count out of the scheme"),
    ),
    "dimension-empty": Wording(
        ("维度 {dimension} 里没有指标", "dimension {dimension} has no indicator"),
        ("至少一个指标", "at least one indicator"),
        ("列出指标,或删去这个维度", "list its indicators, or drop the dimension"),
    ),
    "at-least-too-many": Wording(
        (
            "维度 {dimension} 要求至少 {at_least} 个指标有值,但只列了 {found} 个",
            "dimension {dimension} wants {at_least} indicators present, but lists {found}",
        ),
        ("at_least 不大于指标个数", "at_least not above the number of indicators"),
        ("减小 at_least,或补上指标", "lower at_least, or add indicators"),
    ),
    "sum-needs-out-of": Wording(
        (
            "维度 {dimension} 把得分直接相加(combine: sum),指标 {indicator} 却没有分值",
            "dimension {dimension} adds points as they stand (combine: sum), but {indicator} states none",
        ),
        ("每个指标写 out_of", "out_of on every indicator"),
        ("写 out_of: 分值;按权重合成用 weighted_mean", "write out_of, or use weighted_mean for weights"),
    ),
    "rule-unknown": Wording(
        ("没有名为“{found}”的{kind}", "no {kind} is called '{found}'"),
        ("已声明的{kind}", "a declared {kind}"),
        ("{hint}", "{hint}"),
    ),
    "payroll-measure": Wording(
        (
            "代扣规则 {payroll} 用到数据项 {measure}:层级 {level},单位 {unit}",
            "payroll {payroll} looks at the measure {measure}: of level {level}, in {unit}",
        ),
        ("人员层级、单位为元的数据项(level: person,unit: yuan)", "a measure of persons in yuan"),
        ("改用人员的金额数据项", "take an amount of persons"),
    ),
    "payroll-twice": Wording(
        ("代扣规则 {one} 和 {other} 同时有效", "the payrolls {one} and {other} are in force at the same time"),
        ("同一时期只有一个启用的代扣规则", "one payroll switched on at a time"),
        ("给其中一个写 enabled: no,或错开日期", "write enabled: no in one of them, or let their dates not meet"),
    ),
    "rule-cycle": Wording(
        ("循环引用:{chain}", "cycle: {chain}"),
        ("结果不依赖于自身", "no result that depends on itself"),
        (
            "去掉其中一处引用,或改为引用上期(@previous)",
            "drop one of the references, or take the period before (@previous)",
        ),
    ),
    "curve-not-full": Wording(
        ("指标 {indicator} 的计分方法最高只能得 {found} 分", "the curve of {indicator} gives at most {found} points"),
        ("能够得到 100 分", "one that can reach 100"),
        ("补上满分的一行,或改用 out_of 较小的分值", "add the row for full points, or use a smaller out_of"),
    ),
    "named-for-each": Wording(
        (
            "“{found}”对每个分配对象各算一次(for: each),这个公式却由资金主体来算",
            "'{found}' is worked out for each claimant (for: each), but this formula is the owner's",
        ),
        ("资金主体看得到的名称", "a name that the owner sees"),
        ("去掉 for: each,或写成合计,例如 sum(members.…)", "drop `for: each`, or add up: sum(members.…)"),
    ),
    "name-clash": Wording(
        ("“{found}”既是{one},又是{other}", "'{found}' is {one} and {other}"),
        ("一个名称只指一样东西", "one name for one thing"),
        ("改一个代码,例如加上前缀", "rename one of them, with a prefix for example"),
    ),
    "word-is-a-name": Wording(
        (
            "第 {at} 个字符:“{word}”是{what},不是文字,与属性 {attribute} 比的是它的值(公式:{formula})",
            "character {at}: '{word}' is {what}, no text: {attribute} is compared with its value (formula: {formula})",
        ),
        ("文字加引号", "a text in quotes"),
        (
            '要与文字比较,写 {attribute} == "{word}"',
            'to compare with the text write {attribute} == "{word}"',
        ),
        "warning",
    ),
    "target-zero": Wording(
        (
            "指标 {indicator} 的目标是 0,完成率要除以目标",
            "the target of {indicator} is 0, and attainment divides by it",
        ),
        ("大于 0 的目标", "a target above 0"),
        (
            "越低越好、以 0 为目标的用 lower_as: ratio,或用 steps、deduct",
            "where lower is better and 0 is the aim: lower_as: ratio, or steps, deduct",
        ),
    ),
    "year-to-date-not-summed": Wording(
        (
            "公式用到 {measure} 的本年累计,而数据项 {measure} 没有写各期怎样汇总",
            "a formula takes {measure} from the start of the year, but the measure does not say how its periods add up",
        ),
        ("数据项写 roll_up: sum、mean 或 last", "roll_up: sum, mean or last on the measure"),
        (
            "在 {measure} 里加一行 roll_up: sum;不写,从第二个月(季度)起总是缺数",
            "add roll_up: sum; without it the value is missing from the second month (or quarter) on",
        ),
    ),
    "award-below-points": Wording(
        (
            "指标 {indicator} 的加分至多 {cap} 分,而分值是 {out_of} 分",
            "the award of {indicator} ends at {cap} points, the item is out of {out_of}",
        ),
        ("cap 不小于分值,能得满分", "a cap that reaches the item's points"),
        ("把 out_of 改为 {cap},或写进 extra", "use out_of: {cap}, or put it into `extra`"),
    ),
    "curve-beyond-range": Wording(
        (
            "指标 {indicator}:数据项 {measure} 只能是 {limit},在这个范围里至少差 {short} 分才到满分",
            "{indicator}: measure {measure} is {limit}, and no value of that comes nearer than {short} points to the full ones",
        ),
        ("取值范围内能得满分", "full points within the range of values"),
        (
            "核对计分方法的界限,或者数据项 {measure} 的 range",
            "check the thresholds, or the range of the measure {measure}",
        ),
    ),
    "curve-against-direction": Wording(
        (
            "指标 {indicator} 标为 {direction},但计分方法在数值变好时扣分:{found}",
            "{indicator} is {direction}, but its curve takes points away where the value improves: {found}",
        ),
        ("方向与计分方法一致", "a curve that follows the direction"),
        ("改 direction,或把得分次序倒过来", "change the direction or turn the points round"),
    ),
    "curve-needs-direction": Wording(
        ("指标 {indicator} 标为 {direction},计分方法是 {curve}", "{indicator} is {direction}, its curve is {curve}"),
        ("{expected}", "{expected}"),
        ("改 direction 或计分方法", "change the direction or the curve"),
    ),
    "monitored-with-direction": Wording(
        (
            "监测比较指标 {indicator} 用了有方向的计分方法 {curve}",
            "monitored indicator {indicator} is scored by {curve}, which has a direction",
        ),
        ("只展示(不写 points),或按区间计分(curve: range)", "shown only (no `points`), or scored by range"),
        (
            "监测比较指标没有“越高越好”;若确有方向,改 direction 并写明依据",
            "a monitored indicator has no better side; if it has, change `direction` and cite the clause",
        ),
    ),
    "rating-mismatch": Wording(
        (
            "指标 {indicator} 的 rating 与数据项 {measure} 的评级不一致:{found}",
            "ratings of {indicator} and of measure {measure} differ: {found}",
        ),
        ("每个评级都有得分:{known}", "points for every rating: {known}"),
        ("补齐或改名", "add or rename them"),
    ),
    "source-missing": Wording(
        ("{what} 没有 source", "{what} has no source"),
        ("source: {{document: 文件, clause: 条款}}", "source: {{document: …, clause: …}}"),
        ("写明依据的文件和条款,它会印在通知单上", "name the document and clause; they are printed on statements"),
        "warning",
    ),
    "source-to-fill": Wording(
        ("{what} 的 source 还写着“待填”", "the source of {what} still says 待填, to be filled in"),
        ("source: {{document: 文件, clause: 条款}}", "source: {{document: …, clause: …}}"),
        ("换成依据的文件和条款,它会印在通知单上", "name the document and clause; they are printed on statements"),
        "warning",
    ),
    "cases-missing": Wording(
        ("{what} 没有示例(cases)", "{what} has no cases"),
        ("旁边的 {file} 里至少一个示例", "at least one case in {file} beside it"),
        ("用纸笔能算的数字写一个示例,specs test 会执行它", "write one that can be done by hand; `specs test` runs it"),
        "warning",
    ),
    "pay-on-banned-revenue": Wording(
        ("绩效工资用到了{revenue}:{chain}", "pay is computed from {revenue}: {chain}"),
        ("不与药品、耗材、检查检验收入挂钩", "nothing that hangs on drug, consumable or examination revenue"),
        ("改用工作量、质量或成本指标", "use workload, quality or cost instead"),
    ),
    "pay-on-service-revenue": Wording(
        ("绩效工资用到了医疗服务收入:{chain}", "pay is computed from service revenue: {chain}"),
        ("尽量用工作量和质量", "workload and quality, where possible"),
        ("确认有政策依据", "make sure that the policy allows it"),
        "warning",
    ),
    "pay-by-establishment": Wording(
        ("分配公式用到了编制属性“{found}”", "a pay formula uses the establishment attribute '{found}'"),
        ("编制内外同工同酬", "same pay inside and outside the establishment"),
        ("改用岗位、职称、工作量等属性", "use post, title or workload"),
    ),
    "gains-by-silence": Wording(
        (
            "指标 {indicator} 的数据由{supplier}上报,不报时{gain}",
            "{indicator}: {supplier} reports; without a report {gain}",
        ),
        ("不报不得利", "no gain by not reporting"),
        (
            "改为 missing: block 或 zero;若确由被考核者以外的科室上报,可以保留",
            "use `missing: block` or `zero`; keep it if somebody else than the subject reports",
        ),
        "warning",
    ),
    "supplier-missing": Wording(
        ("数据项 {measure} 没有 supplied_by{of}", "measure {measure} has no supplied_by{of}"),
        ("写明由哪个科室上报", "the department that reports it"),
        ("例如 supplied_by: 病案室", "for example supplied_by: 病案室"),
        "warning",
    ),
    "counter-missing": Wording(
        (
            "方案 {scheme} 用了 {measure},但没有与之相互制约的 {counter}",
            "scheme {scheme} uses {measure} without {counter}, which must stand beside it",
        ),
        ("两者同在一个方案中", "both in one scheme"),
        (
            "加入使用 {counter} 的指标,防止靠减少服务得分",
            "add an indicator of {counter}, so that no saving is earned by under-service",
        ),
        "warning",
    ),
    "rule-unused": Wording(
        ("{what} 没有被使用", "nothing uses {what}"),
        ("被某个规则使用", "used by some rule"),
        ("如不再需要可以删去", "remove it if it is no longer needed"),
        "info",
    ),
    "by-post-scheme": Wording(
        ("方案 {scheme} 的 by_post:{part} {why}", "scheme {scheme}, by_post: {part} {why}"),
        (
            "每个方案列一次,考核 {level},期间 {period},有自己的维度",
            "schemes listed once, of level {level}, for a {period}, with dimensions of their own",
        ),
        ("改正 by_post,或分成几个方案", "mend by_post, or use several schemes"),
    ),
    "parameter-gap": Wording(
        (
            "{rule} 的版本 {version} 用到参数 {parameter},它在 {from_day} 至 {to_day} 没有值",
            "version {version} of {rule} uses the parameter {parameter}, which has no value from {from_day} to {to_day}",
        ),
        ("参数的日期盖住版本的日期", "dates of the parameter that cover those of the version"),
        ("在参数里补上这段时间的值", "give the parameter a value for these days"),
    ),
    "grade-out-of-reach": Wording(
        (
            "方案 {scheme} 的等次“{grade}”从 {start} 分起,而总分最高只有 {most}",
            "grade '{grade}' of scheme {scheme} begins at {start}, but no total is above {most}",
        ),
        ("每个等次都有总分够得着", "grades that some total reaches"),
        (
            "核对 grades 的界限、加分的 cap 和 total 的 max",
            "check the starts in `grades`, the caps of extra points, `max` of the total",
        ),
        "warning",
    ),
    "weights-lost": Wording(
        (
            "方案 {scheme} 有 {found} 分谁也得不到:{parts};最高只能得 {most} 分",
            "scheme {scheme}: nobody can earn {found} of its points: {parts}; the most is {most}",
        ),
        (
            "权重都在能计分的指标上,或让给其他指标",
            "weight on indicators that are scored, or shared with the others",
        ),
        (
            "从方案里拿掉停用的指标并调整权重;或改 missing_weight: within_dimension、missing_dimension: others",
            "take out what is switched off and mend the weights; or missing_weight: within_dimension, missing_dimension: others",
        ),
        "warning",
    ),
    "measure-level": Wording(
        (
            "指标 {indicator} 考核 {level} 一级,所用数据项 {measure} 却只报到 {found} 一级,总是缺数",
            "{indicator} scores the level {level}, but its measure {measure} is supplied for the level {found}: always missing",
        ),
        ("考核对象自己或其下级的数据", "data of the subject itself, or of those below it"),
        (
            "取上级的数据写 parent.{measure};确实报到 {level} 的,改数据项的 level",
            "write parent.{measure} for that of the unit above; mend the level of the measure if it is supplied for each",
        ),
        "warning",
    ),
    "quota-falls-up": Wording(
        (
            "名额 {grade}:放不下的降到“{falls_to}”,不比 {grade} 低",
            "quota of {grade}: who does not fit falls to '{falls_to}', which is not lower",
        ),
        ("比 {grade} 低的等次:{lower}", "a grade below {grade}: {lower}"),
        ("改为 falls_to: {next}", "write falls_to: {next}"),
    ),
    "quota-of-lowest": Wording(
        (
            "最低等次 {grade} 也限了名额,放不下的人没有等次可降",
            "the lowest grade, {grade}, has a quota: who does not fit has no grade to fall to",
        ),
        ("最低等次不限名额,各名额总能满足", "no quota on the lowest grade, so that every quota can be met"),
        ("删去 {grade} 的名额,或在 grades 里加一个更低的等次", "drop this quota, or add a lower grade"),
    ),
    "grade-none-below": Wording(
        ("总分低于 {start} 的没有等次", "a total below {start} has no grade"),
        ("最低等次从总分的下限 {least} 起", "a lowest grade from the least total, {least}, on"),
        ("在 grades 里加一行 [不合格, {least}]", "add a row such as [不合格, {least}] to `grades`"),
        "warning",
    ),
    "coefficient-negative": Wording(
        (
            "方案 {scheme} 的系数在总分 {total} 处是 {found}",
            "scheme {scheme}: the coefficient of a total of {total} is {found}",
        ),
        ("系数不小于 0", "a coefficient of 0 or more"),
        ("改为 outside: clip,或补上低分处的一行", "take outside: clip, or add a row for low totals"),
    ),
    "entered-without-range": Wording(
        (
            "指标 {indicator} 直接取检查打分,数据项 {measure} 却没有写全 range",
            "indicator {indicator} takes points as entered, but measure {measure} does not state its whole range",
        ),
        ("range: {{min: 0, max: {full}}}", "range: {{min: 0, max: {full}}}"),
        (
            "在数据项里写 range;不写,超过满分的、负的打分也会照算",
            "state it in the measure: without it points above full, or below 0, are taken as they stand",
        ),
        "warning",
    ),
    "item-twice": Wording(
        (
            "指标 {indicator} 在方案 {scheme} 里列了 {count} 次",
            "indicator {indicator} is listed {count} times in scheme {scheme}",
        ),
        (
            "一个方案里每个指标一次:得分按(方案、对象、指标)存放",
            "every indicator once: points are kept by scheme, subject, indicator",
        ),
        ("删去一处;确要两种计法,另立一个指标", "drop one of them, or declare a second indicator"),
    ),
    "veto-grade-unknown": Wording(
        ("等次“{found}”不在 grades 里", "grade '{found}' is not in `grades`"),
        ("其中之一:{known}", "one of: {known}"),
        ("{hint}", "{hint}"),
    ),
    "floor-over-cap": Wording(
        ("保底 {floor} 元高于封顶 {cap} 元", "the floor of {floor} yuan is above the cap of {cap} yuan"),
        ("保底不高于封顶", "a floor not above the cap"),
        ("核对 floor 和 cap", "check `floor` and `cap`"),
    ),
    "claim-level": Wording(
        (
            "方案 {scheme} 考核的是 {found},而分配对象是 {expected_level}",
            "scheme {scheme} scores {found} subjects, but the claimants are {expected_level}",
        ),
        ("考核对象与分配对象同一层级", "a scheme of the claimants' level"),
        ("单位得分请用 owner 或 parent.score(…)", "for the institution's score use parent.score(…)"),
    ),
    "uses-missing": Wording(
        (
            "公式用到了 {found},但分配规则没有 uses: {{score: […]}}",
            "a formula names {found}, but there is no uses: {{score: […]}}",
        ),
        ("写明用哪个考核方案的得分", "the schemes whose scores are used"),
        ("例如 uses: {{score: [doctor_monthly]}}", "for example uses: {{score: [doctor_monthly]}}"),
    ),
    "steps-unreachable": Wording(
        ("remainder 之后还有步骤", "there are steps after `remainder`"),
        ("remainder 是最后一步", "`remainder` last"),
        ("把 remainder 移到最后", "move `remainder` to the end"),
    ),
    "account-undeclared": Wording(
        (
            "账户 {found} 没有声明,当作主体的预留",
            "account {found} is not declared and taken for a reserve of the owner",
        ),
        ("accounts 里声明的账户", "an account declared in `accounts`"),
        ("{hint};确是新账户,就在 accounts 里声明", "{hint}; a new account is declared in `accounts`"),
        "warning",
    ),
    "account-level": Wording(
        (
            "账户 {account} 属于 {found},分配的主体是 {expected_level}",
            "account {account} belongs to {found}, the distribution's owner is {expected_level}",
        ),
        ("同一层级的账户", "an account of the owner's level"),
        ("核对 accounts 里的 of", "check `of` in `accounts`"),
    ),
}


def check_issue(code: str, place: Place, **values: str | int | Text) -> Issue:
    """An issue of the static checks."""
    return word(WORDINGS, code, place, **values)
