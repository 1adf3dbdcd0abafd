"""The declared keys of `payroll:` documents and of the mappings inside."""

from typing import get_args

from perf.kernel.rounding import Rounding
from perf.specs.payroll_models import BonusChoice, Employer, NotReported, PayrollMethod, SpecialFigures
from perf.specs.schema_values import Key, by_name, code, day, list_of, number, one_of, quantity, ref, text, title, words

_ROUNDING = Key("rounding", one_of(Rounding), "舍入方式", "rounding")
_ROWS = Key("rows", list_of(ref("tax_row")), "各级,上限含本数", "rows, upper limits included", True)
PAYROLL_TOP = (
    Key("payroll", code(), "代扣规则代码", "code of the payroll", True),
    Key("employer", one_of(get_args(Employer)), "扣缴义务人:本单位或医共体", "who withholds"),
    Key("versions", list_of(ref("payroll_version")), "各版本", "versions"),
)
PAYROLL_VERSION = (
    Key("method", one_of(get_args(PayrollMethod)), "算到实发,或只给应发", "net pay, or gross only", True),
    Key("tax", ref("income_tax"), "个人所得税累计预扣", "cumulative income tax"),
    Key("bonus", ref("bonus"), "全年一次性奖金", "the yearly bonus"),
    Key("contributions", by_name(ref("contribution")), "五险一金等", "contributions"),
    Key("income", words(), "台账以外的应发项目", "income beside the ledger"),
    Key("tax_free", words(), "免税收入", "income free of tax"),
    Key("special", ref("special"), "专项附加扣除", "special deductions"),
    Key("deductible", words(), "其他税前扣除", "other deductions before tax"),
    Key("after_tax", words(), "税后扣款", "deductions after tax"),
)
PAYROLL_FORMS: dict[str, tuple[Key, ...]] = {
    "income_tax": (
        Key("basic", quantity(), "每月减除费用(元)", "basic deduction a month", True),
        Key("whole_year", quantity(), "全年一次减除(元)", "basic deduction of a year at once"),
        _ROUNDING,
        _ROWS,
    ),
    "tax_row": (
        Key("over", quantity(), "超过(元)", "over"),
        Key("to", quantity(), "到(元,含)", "up to and with"),
        Key("rate", number(), "税率", "rate", True),
        Key("quick", quantity(), "速算扣除数(元)", "quick deduction"),
    ),
    "bonus": (
        Key("lines", words(), "哪些项目是全年一次性奖金", "which lines are a bonus", True),
        Key("choice", one_of(get_args(BonusChoice)), "单独计税、并入或较低者", "alone, merged or the better"),
        Key("choice_by", text(), "个人选择所在的属性", "attribute with a person's choice"),
        Key("to", day(), "单独计税到哪天(含)", "last day of taxing alone"),
        _ROWS,
    ),
    "contribution": (
        Key("title", title(), "名称", "title"),
        Key("base", code(), "缴费基数(数据项)", "base, a measure"),
        Key("rate", ref("dated_number"), "比例", "rate"),
        Key("floor", ref("dated_number"), "基数下限(元)", "floor of the base"),
        Key("cap", ref("dated_number"), "基数上限(元)", "cap of the base"),
        Key("fixed", ref("dated_number"), "定额(元)", "fixed sum"),
        Key("free_up_to", ref("dated_number"), "免税限额(元)", "free of tax up to"),
        Key("unit", one_of(("0.01", "0.1", "1")), "取整到(元)", "rounded to"),
        _ROUNDING,
        Key("only", by_name(words()), "只对这些人", "only for these"),
    ),
    "special": (
        Key("measures", words(), "数据项", "measures", True),
        Key("figures", one_of(get_args(SpecialFigures)), "按月,或本年累计", "by month, or the year to date"),
        Key("missing", one_of(get_args(NotReported)), "没有报时", "where nothing is reported"),
    ),
}
