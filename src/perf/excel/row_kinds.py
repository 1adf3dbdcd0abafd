"""Rows of a table that are no data: totals, notes, signatures, page numbers."""

import re

_TOTAL = re.compile(r"(合计|小计|总计|共计|累计|本页|平均|均值|人均|其中[:,]?$|总和|sum|total)")
_NOTE = re.compile(
    r"(备注|注[:0-9]|说明|制表|填报|填表|审核|审批|复核|负责人|单位负责人|科室负责人|主管|签字|签名|经办|联系|打印|日期|报送|盖章|\("
    r"|第\d+页|共\d+页|页码|-\d+-$|公章)"
)
_SIGNED = re.compile(r"签字|签名|签章|盖章|制表人|审核人|负责人:|科长:|主任:|院长:|领导:|经手人|填表人")


def is_sum(header: str) -> bool:
    """Whether a column headed so (as `plain` gives it) holds nothing but the sum of the others."""
    return header in (
        "合计",
        "小计",
        "总计",
        "共计",
        "累计",
        "全年合计",
        "全年累计",
        "本年累计",
        "合计数",
        "平均",
        "月均",
    )


def is_total(text: str) -> bool:
    """Whether a row that begins with `text` (as `plain` gives it) is a total of others."""
    return _TOTAL.match(text) is not None


def is_note(text: str) -> bool:
    """Whether a row that begins with `text` (as `plain` gives it) is a note, a signature or a page number."""
    return _NOTE.match(text) is not None or _SIGNED.search(text) is not None
