"""What a column means whose header stands in several rows: 工作量 over 出院人次, 出院人次 over 1月, 本月 over 收入 over 万元."""

import re

from perf.excel.headers import HeaderMatch, Vocabulary, plain, unit_of

_LONG = 3
_SENSES = (
    "累计|合计|总计|目标|计划|预算|同期|同月|上年|去年|上月|上期|上季度?|年初|人均|平均|次均|增长|增幅|增减|环比|同比|变动|变化"
    "|排名|名次|权重|标准|满分|差额|扣分|完成率|进度"
)
_OTHER_SENSE = re.compile(
    rf"(?:{_SENSES})(?:数|值|率|量|额|分|情况|完成情况|完成数)?(?:[(].*[)])?$"
    r"|^(?:上年|去年|上月|上期|同比|环比|累计|年初)|\d[-~至到]\d{1,2}月"
)


def means_another(heading: str) -> bool:
    """Whether a heading over a measure makes something else of it: 累计, 1-6月, 上年同期, 年度目标, 人均, 同比增长."""
    return _OTHER_SENSE.search(plain(heading)) is not None


def match_path(path: list[str], vocabulary: Vocabulary) -> HeaderMatch:
    """All levels together, else the lowest two, else the highest with the lowest (门诊收入 over 本月 over 万元).

    Under a heading that makes another thing of it a measure is only known where both together are its name.
    """
    whole = vocabulary.match("/".join(path))
    if whole.is_known or len(path) == 1:
        return whole
    if unit := unit_of(path[-1]):
        named = match_path(path[:-1], vocabulary)
        return named._replace(unit=unit) if named.measures or named.role == "value" else named
    others = [heading for heading in path[:-1] if means_another(heading)]
    if others and vocabulary.match(path[-1]).measures:
        return _together(others[-1], path[-1], vocabulary)
    if len(path) < _LONG:
        return _match_two(path[0], path[-1], vocabulary)
    lowest = _match_two(path[-2], path[-1], vocabulary)
    return lowest if lowest.is_known else _match_two(path[0], path[-1], vocabulary)


def _together(top: str, child: str, vocabulary: Vocabulary) -> HeaderMatch:
    matches = [vocabulary.match(text) for text in (f"{top}/{child}", f"{top}{child}", f"{child}{top}")]
    return next((match for match in matches if match.is_known and match.how == "exact"), HeaderMatch())


def _match_two(top: str, child: str, vocabulary: Vocabulary) -> HeaderMatch:
    lookup = vocabulary.match
    over, under = lookup(top), lookup(child)
    exact = _together(top, child, vocabulary)
    if exact.is_known:
        return exact
    if over.measures and under.role == "value":
        return over._replace(unit=under.unit or over.unit, month=under.month)
    if under.is_known and under.how == "exact":
        return under._replace(month=over.month) if over.month and under.measures else under
    alike = [lookup(text) for text in (f"{top}/{child}", f"{top}{child}", f"{child}{top}")]
    return next((match for match in (*alike, under) if match.is_known), HeaderMatch())
