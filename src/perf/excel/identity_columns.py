"""Columns of identity numbers in rosters: headers known by their words, or by likeness where the cells bear it out."""

from collections.abc import Iterable, Mapping
from fractions import Fraction
from functools import lru_cache
from itertools import islice
from types import MappingProxyType
from typing import Final

from perf.excel.cells import CellRecord
from perf.excel.headers import plain, without_note
from perf.excel.likeness import WORTH_ASKING, core_of, likeness
from perf.kernel.identity import flaw_of, plain_number
from perf.kernel.identity_fields import RULES, IdentityField

_CARD = "银行卡号 银行卡 卡号 工资卡号 工资卡 银行账号 银行账户 账号 账户 工资账号 收款账号 个人银行账号 个人账号 工资卡账号 发放账号"
_BANK = "开户行 开户银行 银行 银行名称 开户行名称 开户银行名称 所属银行 收款银行 收款行 发卡行 开户网点 bank bank_name"
_PHONE = "联系电话 手机 手机号 手机号码 电话 电话号码 联系方式 移动电话 联系手机 本人电话 phone mobile tel"
PERSON_HEADERS: Final[Mapping[IdentityField, str]] = MappingProxyType(
    {
        "citizen_id": "身份证号 身份证 身份证号码 身份证件号 身份证件号码 公民身份号码 公民身份证号 公民身份证号码 居民身份证 "
        "居民身份证号 居民身份证号码 证件号码 证件号 身份证编号 身份号码 citizen_id id_number id_card idcard",
        "phone": _PHONE,
        "bank_card": f"{_CARD} bank_card card_number card_no bank_account",
        "bank": _BANK,
    }
)
INSTITUTION_HEADERS: Final[Mapping[IdentityField, str]] = MappingProxyType(
    {
        "credit_code": "统一社会信用代码 社会信用代码 信用代码 统一信用代码 统一代码 credit_code",
        "phone": _PHONE,
        "bank_account": f"{_CARD} 对公账号 对公账户 单位账号 开户账号 基本户账号 基本账户 bank_account",
        "bank": _BANK,
    }
)
_SOMEBODY_ELSE: Final = ("紧急", "配偶", "家属", "家庭", "父", "母", "子女", "传真", "原", "旧", "单位电话", "办公")
_LOOKED_AT: Final = 200
_LIKE_A_NUMBER: Final = Fraction(1, 2)


def identity_headers(headers: Mapping[IdentityField, str]) -> dict[str, IdentityField]:
    """Every known header, as `plain` gives it, with its field; 帐 is as good as 账."""
    known = {plain(word): name for name, words in headers.items() for word in words.split()}
    return known | {word.replace("账", "帐"): name for word, name in known.items()}


def alike(header: str, cells: Iterable[CellRecord], headers: Mapping[IdentityField, str]) -> IdentityField | None:
    """The one field that `header` is like and whose numbers the cells below mostly are; None where that is not so.

    Fields without a check (banks, accounts of institutions) are only taken where nothing but filling words differs.
    """
    same, fits = _named_like(without_note(plain(header)), tuple(headers.items()))
    if same is not None or not fits:
        return same
    sample = [plain_number(cell.value) for cell in islice((cell for cell in cells if cell.value), _LOOKED_AT)]
    borne_out = [
        name
        for name in fits
        if (kind := RULES[name].kind) is not None
        and sample
        and Fraction(sum(flaw_of(kind, number) is None for number in sample), len(sample)) >= _LIKE_A_NUMBER
    ]
    return borne_out[0] if len(borne_out) == 1 else None


@lru_cache(maxsize=1 << 10)
def _named_like(
    word: str, headers: tuple[tuple[IdentityField, str], ...]
) -> tuple[IdentityField | None, tuple[IdentityField, ...]]:
    """The field that a header names but for filling words; else those that it may be about. Files share their headers."""
    if not word or any(other in word for other in _SOMEBODY_ELSE):
        return None, ()
    core = core_of(word) or word
    fits: dict[IdentityField, None] = {}
    for known, name in identity_headers(dict(headers)).items():
        own = core_of(known) or known
        if own == core:
            return name, ()
        if RULES[name].kind is not None and (own in core or likeness(own, core) >= WORTH_ASKING):
            fits[name] = None
    return None, tuple(fits)
