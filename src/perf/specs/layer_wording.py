"""What is said about layers."""

from perf.specs.wording import Wording

LAYERS: dict[str, Wording] = {
    "layer-code-unknown": Wording(
        ("层改动的规则“{rule}”不存在", "the layer changes rule '{rule}', which does not exist"),
        (
            "路径的第一段是已有的数据项、明细目录、指标、方案或分配规则的代码",
            "a path starts with the code of a measure, list, indicator, scheme or distribution",
        ),
        ("{hint}", "{hint}"),
    ),
    "layer-path-unknown": Wording(
        ("规则 {rule} 里没有“{part}”(路径 {path})", "rule {rule} has no '{part}' (path {path})"),
        ("{where}已写的键:{known}", "a key that stands in {where}: {known}"),
        ("{hint}{add}", "{hint}{add}"),
    ),
    "layer-path-list": Wording(
        ("路径 {path} 指到了列表里面", "path {path} leads into a list"),
        ("列表整条替换", "a list is replaced as a whole"),
        ("写成 {parent}: [ … ],列出全部各项", "write {parent}: [ … ] with all its items"),
    ),
    "layer-key-fixed": Wording(
        ("层改动了“{path}”", "the layer changes '{path}'"),
        (
            "规则的代码、层级、单位、期间不能由层改动;日期和出处写在层自己的 from、to、source",
            "code, level, unit and period of a rule stay; dates and source are the layer's own from, to, source",
        ),
        ("需要这样的改动时,另写一条规则", "write a rule of your own where this is needed"),
    ),
    "layer-key-undated": Wording(
        ("有日期的层改动了“{path}”,而 {key} 不分版本", "a dated layer changes '{path}', but {key} has no versions"),
        ("没有 from、to 的层", "a layer without from and to"),
        ("把这一行移到另一个不写日期的层", "move this line to another layer without dates"),
    ),
    "layer-overlap": Wording(
        (
            "“{path}”与 {first} 的“{other}”从同一天起改动同一处",
            "'{path}' and '{other}' ({first}) change one place from one day on",
        ),
        ("同一天起,一处只由一行改动", "one line for one place from one day on"),
        ("合并成一行,或改其中一层的 from", "make them one line, or change `from` of one layer"),
    ),
    "layer-without-version": Wording(
        (
            "层自 {day} 起改动 {rule},但规则在这一天没有版本",
            "the layer changes {rule} from {day}, when the rule has no version",
        ),
        ("规则有效的期间:{spans}", "a day when the rule is in force: {spans}"),
        ("改层的 from,或另写规则", "change `from` of the layer, or write a rule of your own"),
    ),
}
