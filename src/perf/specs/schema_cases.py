"""The declared keys of cases."""

from perf.specs.schema_values import Key, anything, by_name, code, list_of, number, one_of, quantity, ref, text, whole

CASE_FORMS: dict[str, tuple[Key, ...]] = {
    "case": (
        Key("case", text(), "说明", "what it shows", True),
        Key("of", code(), "规则代码", "code of the rule"),
        Key("period", text(), "期间", "period"),
        Key("given", by_name(anything()), "已知", "given"),
        Key("expect", by_name(anything()), "应得", "expected", True),
        Key("out_of", number(), "分值", "full points"),
        Key("attributes", by_name(text()), "对象的属性", "attributes of the subject"),
        Key("subject", by_name(anything()), "对象的属性", "attributes of the subject"),
        Key("members", list_of(by_name(anything())), "成员", "members"),
        Key("peers", list_of(by_name(anything())), "同组", "peers"),
        Key("parent", by_name(anything()), "上级", "the parent"),
        Key("score", anything(), "得分", "scores"),
        Key("months", whole(), "本年任职月数", "months with the employer"),
        Key("basis", one_of(("standard", "first_job", "whole_year")), "减除费用的算法", "basic deduction"),
        Key("before", by_name(quantity()), "本年此前的累计数", "figures of the year before"),
    ),
    "cases_of": (
        Key("of", code(), "规则代码", "code of the rule", True),
        Key("cases", list_of(ref("case")), "示例", "cases", True),
    ),
}
