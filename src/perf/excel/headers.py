"""The words that stand in header rows: roles of columns, units, and the measures of a rule book."""

import re
import unicodedata
from collections.abc import Collection, Mapping, Sequence
from fractions import Fraction
from functools import lru_cache
from typing import Literal, NamedTuple, get_args

from perf.excel.likeness import WORTH_ASKING, core_of, likeness
from perf.excel.months import is_month
from perf.kernel.identity import without_numbers
from perf.specs.models import Measure, RuleBook

Role = Literal[
    "staff_number",
    "staff_name",
    "institution_code",
    "institution_name",
    "period",
    "department",
    "item",
    "counterparty",
    "measure",
    "value",
    "unit",
    "ignore",
]
ROLES: tuple[Role, ...] = get_args(Role)
Dimension = Literal["yuan", "ratio", "change", "time", "count", "points"]
How = Literal["exact", "alike", "remembered"]

_ROLE_WORDS: dict[Role, str] = {
    "staff_number": "工号 职工号 职工工号 员工号 员工编号 职工编号 人员编号 人员编码 人员工号 staff_no staff_number",
    "staff_name": "姓名 职工姓名 员工姓名 人员姓名 医生姓名 医师姓名 护士姓名 人员 职工 员工",
    "institution_code": "机构编码 单位编码 机构代码 单位代码 机构编号 单位编号 医疗机构编码 医疗机构代码 "
    "编码 对象 对象编码 subject",
    "institution_name": "机构名称 名称 机构 单位名称 单位 医疗机构 医疗机构名称 成员单位 所在单位 所属机构 "
    "所属单位 所在机构",
    "period": "月份 期间 所属期 考核月份 考核期 统计月份 统计期 数据月份 年月 年度 年份 报告期 period",
    "department": "科室 部门 科室名称 部门名称 所在科室 所属科室",
    "item": "明细项 明细 明细编码 项目编码 服务项目 服务项目编码 手术编码 病种编码 item",
    "counterparty": "对方单位 对方机构 对方编码 接收单位 接收机构 派出单位 转入机构 转出机构 counterparty",
    "measure": "数据项 数据项名称 数据项编码 指标 指标名称 measure",
    "value": "数值 值 数据 本月数 本期数 本月值 本期值 实际数 实际值 完成值 value",
    "unit": "计量单位 数据单位",
    "ignore": "序号 备注 说明 附注 签名 签字 签收 填报人 审核人 核对 联系电话 手机 手机号 手机号码 电话 身份证 身份证号 "
    "身份证号码 公民身份号码 银行卡号 卡号 工资卡号 开户行 开户银行 统一社会信用代码 岗位 职称 职务 "
    "人员类别 岗位系数 折算人数 是否负责人 级别 层级 类型 机构类型 no 行号",
}
_COUNTED = "人次 人 例 件 次 个 例次 份 张 床 台 户 项 条 班 场 篇 台次 人天 是/否"
_UNITS: dict[str, tuple[Dimension, Fraction]] = {
    "元": ("yuan", Fraction(1)),
    "人民币元": ("yuan", Fraction(1)),
    "千元": ("yuan", Fraction(1000)),
    "万元": ("yuan", Fraction(10_000)),
    "亿元": ("yuan", Fraction(100_000_000)),
    "%": ("ratio", Fraction(1, 100)),
    "百分比": ("ratio", Fraction(1, 100)),
    "‰": ("ratio", Fraction(1, 1000)),
    "1/万": ("ratio", Fraction(1, 10_000)),
    "每万": ("ratio", Fraction(1, 10_000)),
    "比值": ("ratio", Fraction(1)),
    "百分点": ("change", Fraction(1, 100)),
    "个百分点": ("change", Fraction(1, 100)),
    "pp": ("change", Fraction(1, 100)),
    "分钟": ("time", Fraction(1)),
    "小时": ("time", Fraction(60)),
    "天": ("time", Fraction(1440)),
    "日": ("time", Fraction(1440)),
    "床日": ("time", Fraction(1440)),
    "分": ("points", Fraction(1)),
    **dict.fromkeys(_COUNTED.split(), ("count", Fraction(1))),
}
_MEASURE_UNITS: dict[str, tuple[Dimension, Fraction, str]] = {
    "yuan": ("yuan", Fraction(1), "元"),
    "wan_yuan": ("yuan", Fraction(10_000), "万元"),
    "percent": ("ratio", Fraction(1), "%"),
    "permille": ("ratio", Fraction(1), "‰"),
    "per_10k": ("ratio", Fraction(1), "每万"),
    "ratio": ("ratio", Fraction(1), "比值"),
    "percentage_points": ("change", Fraction(1, 100), "百分点"),
    "minutes": ("time", Fraction(1), "分钟"),
    "days": ("time", Fraction(1440), "天"),
    "points": ("points", Fraction(1), "分"),
    "person-times": ("count", Fraction(1), "人次"),
    "persons": ("count", Fraction(1), "人"),
    "items": ("count", Fraction(1), "件"),
    "times": ("count", Fraction(1), "次"),
    "yes_no": ("count", Fraction(1), "是/否"),
}
_EARLIER_WORD = {"month": "月", "quarter": "季", "year": "年"}
_PLAIN: tuple[Dimension, Fraction, str] = ("count", Fraction(1), "")
_UNIT_AT_END = re.compile(r"(.+?)[(\[〔【{<]([^()\[\]〔〕【】{}<>]{1,12})[)\]〕】}>]")
EARLIER = re.compile(r"上(?:月|季|年)·.+")
"""A header of a template over what was reported for the period before."""
_UNIT_AFTER = re.compile(r"(.+?)[/,,、]([^/,,、]{1,4})")


class HeaderUnit(NamedTuple):
    """A unit that stands in a header: `(万元)` is 10000 yuan, `(%)` a hundredth."""

    word: str
    dimension: Dimension
    scale: Fraction


class HeaderMatch(NamedTuple):
    """What a header means: a role, or the measures it may name, the unit in it, how that is known, and the month."""

    role: Role | None = None
    measures: tuple[str, ...] = ()
    unit: HeaderUnit | None = None
    how: How = "exact"
    month: str = ""

    @property
    def is_known(self) -> bool:
        """Whether the header says what the column is."""
        return self.role is not None or bool(self.measures)


@lru_cache(maxsize=1 << 16)
def plain(text: str) -> str:
    """A header or name for comparison: full-width made half-width, no spaces or line breaks, lower case."""
    folded = unicodedata.normalize("NFKC", text).casefold()
    return "".join(c for c in folded if not c.isspace() and c.isprintable()).strip("*:;.。")


def header_key(header: str) -> str:
    """A header as it is compared with answers and stored: plain, and with numbers of people masked."""
    return without_numbers(plain(header))


def unit_of(word: str) -> HeaderUnit | None:
    """The unit that `word` names, or None."""
    bare = plain(word).strip("()[]").removeprefix("单位:").removeprefix("单位")
    known = _UNITS.get(bare)
    return HeaderUnit(bare, *known) if known else None


def split_unit(header: str) -> tuple[str, HeaderUnit | None]:
    """`门诊收入(万元)` → `门诊收入` and its unit; the header itself where it holds none."""
    for form in (_UNIT_AT_END, _UNIT_AFTER):
        match = form.fullmatch(header)
        if match and (unit := unit_of(match[2])):
            return match[1], unit
    return header, None


def without_note(header: str) -> str:
    """A header without a trailing bracket of any content (`姓名(必填)` → `姓名`)."""
    match = _UNIT_AT_END.fullmatch(header)
    return match[1] if match else header


def unit_word(measure: Measure) -> str:
    """The Chinese word for the measure's unit, empty for a plain number."""
    return _MEASURE_UNITS.get(measure.unit, _PLAIN)[2]


def unit_title(unit: str) -> str:
    """The Chinese word for a unit by its code, empty for a plain number."""
    return _MEASURE_UNITS.get(unit, _PLAIN)[2]


def header_of(measure: Measure) -> str:
    """The header of the measure's column in a template: title and unit."""
    word = unit_word(measure)
    return f"{measure.title.zh}({word})" if word else measure.title.zh


def earlier_header(measure: Measure) -> str:
    """`上月·出院人次(人次)`: over the greyed column of the period before, which the import passes by."""
    return f"上{_EARLIER_WORD[measure.period]}·{header_of(measure)}"


def scale_to(unit: HeaderUnit, measure: Measure) -> Fraction | None:
    """Factor from the header's unit to the measure's own; None where the two do not measure the same."""
    dimension, own, _ = _MEASURE_UNITS.get(measure.unit, _PLAIN)
    if unit.dimension == dimension:
        return unit.scale / own
    return Fraction(1) if {unit.dimension, dimension} <= {"count", "points", "time"} and unit.scale <= 1440 else None


class _Words(NamedTuple):
    """What the words of a rule book mean: roles, measures by code, title and synonym, and by the core of these."""

    roles: Mapping[str, Role]
    measures: Mapping[str, Sequence[str]]
    cores: Mapping[str, Collection[str]]


_latest: list[tuple[RuleBook, _Words]] = []


def _words_of(book: RuleBook) -> _Words:
    """The words of a book; those of the latest one are kept, for a batch of files is read by one book."""
    for known, kept in _latest:
        if known is book:
            return kept
    roles = {plain(word): role for role, words in _ROLE_WORDS.items() for word in words.split()}
    measures: dict[str, list[str]] = {}
    for code, measure in sorted(book.measures.items()):
        for word in (code, measure.title.zh, measure.title.en, *measure.synonyms):
            bare = plain(word)
            for form in {bare, split_unit(bare)[0]}:
                codes = measures.setdefault(form, [])
                if form and code not in codes:
                    codes.append(code)
    cores: dict[str, set[str]] = {}
    for word, codes in measures.items():
        if core := core_of(word):
            cores.setdefault(core, set()).update(codes)
    found = _Words(roles, measures, cores)
    _latest[:] = [(book, found)]
    return found


class Vocabulary:
    """Every word a header may use: the rule book's, the fixed roles', the user's mapping (header → code or role)."""

    def __init__(self, book: RuleBook, mapping: Mapping[str, str] | None = None) -> None:
        self._book = book
        self._roles, self._measures, self._cores = _words_of(book)
        self.mapping = {header_key(header): target for header, target in (mapping or {}).items()}
        self._seen: dict[str, HeaderMatch] = {}

    def words_of(self, roles: Collection[str]) -> set[str]:
        """The words (as `plain` gives them) that mean one of these roles, the mapping's among them."""
        said = (word for word, target in self.mapping.items() if target in roles)
        return {*said, *(word for word, role in self._roles.items() if role in roles)}

    def match(self, header: str, answers: Mapping[str, str] | None = None) -> HeaderMatch:
        """What `header` means: mapping first, then what is remembered, roles, measures by code, title, synonym, likeness.

        Args:
            header: As it stands.
            answers: What was answered before about tables of this layout; a target that is not there any more is passed
                over.
        """
        key = header_key(header)
        if answers and (remembered := self._remembered(key, answers)) is not None:
            return remembered
        known = self._seen.get(key)
        if known is None:
            known = self._seen[key] = self._match(key)
        return known

    def _remembered(self, key: str, answers: Mapping[str, str]) -> HeaderMatch | None:
        bare, unit = split_unit(key)
        if key in self.mapping or bare in self.mapping:
            return None
        target = answers.get(key) or answers.get(bare)
        found = self._meant(target, unit) if target is not None else HeaderMatch()
        return found._replace(how="remembered") if found.is_known else None

    def _meant(self, target: str, unit: HeaderUnit | None) -> HeaderMatch:
        if target in ROLES:
            return HeaderMatch(next(role for role in ROLES if role == target), unit=unit)
        return HeaderMatch(measures=(target,), unit=unit) if target in self._book.measures else HeaderMatch()

    def _match(self, key: str) -> HeaderMatch:
        bare, unit = split_unit(key)
        target = self.mapping.get(key) or self.mapping.get(bare)
        if target is None and EARLIER.fullmatch(key):
            return HeaderMatch("ignore")
        if target is not None:
            return self._meant(target, unit)
        for form in (key, bare, without_note(key)):
            if codes := self._measures.get(form):
                return HeaderMatch(measures=tuple(codes), unit=unit)
            if role := self._roles.get(form):
                return HeaderMatch(role, unit=unit)
        if ("月" in bare or any(map(str.isdigit, bare))) and is_month(bare):
            return HeaderMatch("value", unit=unit, month=bare)
        cores = self._cores.get(core_of(bare), ())
        return HeaderMatch(measures=tuple(cores), unit=unit, how="alike") if len(cores) == 1 else HeaderMatch(unit=unit)

    def alike(self, header: str) -> tuple[str, ...]:
        """Up to three measures that `header` only resembles, the likest first; for questions, never for an answer."""
        core = core_of(split_unit(plain(header))[0])
        if not core:
            return ()
        scored: dict[str, Fraction] = {}
        for word, codes in self._cores.items():
            if (found := likeness(core, word)) >= WORTH_ASKING:
                for code in codes:
                    scored[code] = max(scored.get(code, found), found)
        best = sorted((-found, code) for code, found in scored.items())
        return tuple(code for _, code in best[:3])
