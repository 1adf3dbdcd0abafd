"""Cells that hold identity numbers: read, checked, compared with each other; no text about them has a whole number."""

import re
import unicodedata
from collections.abc import Collection, Sequence
from datetime import date
from typing import Final

from perf.excel.cells import CellRecord
from perf.excel.codes import Finding
from perf.kernel.identity import (
    IdentityFlaw,
    IdentityKind,
    domestic,
    flaw_of,
    kind_of,
    masked,
    plain_number,
    without_numbers,
)
from perf.kernel.identity_fields import RULES, IdentityField, IdentityValue
from perf.kernel.issues import Issue, Place, Severity
from perf.kernel.text import Text

_BLANK: Final = frozenset(("", "-", "—", "/", "无", "暂无", "没有"))
_EXPONENT: Final = re.compile(r"\d(?:\.\d+)?E\+?\d{1,3}", re.IGNORECASE | re.ASCII)
_EXACT_DIGITS: Final = 15
_CITIZEN: Final = 18
_LICENCE: Final = re.compile(r"\d{15}", re.ASCII)
_SOME_NUMBER: Final = Text("像证件号、卡号或电话的数字", "what looks like a number of a person:")
_ACCOUNT: Final = re.compile(r"\d{8,32}", re.ASCII)
_LENGTHS: Final = {"citizen": "18", "credit_code": "18", "phone": "11", "bank_card": "16–19"}
_FLAWS: Final[dict[IdentityFlaw, Text]] = {
    "length": Text("位数不对", "its length is wrong"),
    "characters": Text("含有不该有的字符", "it has characters that do not belong in it"),
    "old_form": Text("是 15 位旧号", "it is an old number of 15 digits"),
    "region": Text("前两位不是省级区划代码", "its first two digits are no region"),
    "birthday": Text("出生日期不存在或在今后", "its day of birth is no day, or in the future"),
    "check": Text("校验码不符", "its check digit does not fit"),
}
_OF_PEOPLE: Final[tuple[IdentityKind, ...]] = ("citizen", "bank_card", "phone")
_COPY: Final = Text(
    "对照证件或银行卡改正,可能有一位抄错", "Compare it with the document; a digit is probably miscopied"
)
_CALL: Final = Text("向本人核对后改正,可能多了或少了一位", "Ask the person; a digit is probably missing or too many")
_CALCULATE: Final = Text(
    "在 Excel 中打开、保存后重新导入,或粘贴为文本", "Open and save it in Excel, or paste it as text"
)
_AS_TEXT: Final = Text("请把该列设为文本重新录入", "Make it a text column and enter the numbers again")


def read_identity(
    subject: str, name: IdentityField, record: CellRecord, *, on: date | None = None
) -> IdentityValue | Finding | None:
    """The value of a cell, or what is wrong with it; None for a masked number, which says nothing new.

    Args:
        on: The day on which everybody was born already.
    Returns:
        A value that is empty where the cell is.
    """
    rule = RULES[name]
    if record.kind == "error" or not record.cached:
        found = Text(f"{rule.title.zh}的单元格没有值", f"the cell of the {rule.title.en} has no value")
        return Finding("identity-invalid", found, _expected(name), _CALCULATE)
    text = unicodedata.normalize("NFKC", record.value).strip()
    if text in _BLANK:
        return IdentityValue(subject, name, "", record.sheet, record.cell)
    if name == "bank":
        return IdentityValue(subject, name, without_numbers(text), record.sheet, record.cell)
    number = domestic(plain_number(text)) if name == "phone" else plain_number(text)
    if "*" in number:
        return None
    if _lost_digits(record, number):
        return _digits_lost(name)
    flaw = flaw_of(rule.kind, number, on=on) if rule.kind is not None else _account_flaw(number)
    if flaw is None:
        return IdentityValue(subject, name, number, record.sheet, record.cell)
    return _invalid(name, number, flaw)


def _account_flaw(number: str) -> IdentityFlaw | None:
    return None if _ACCOUNT.fullmatch(number) else "characters" if not number.isdecimal() else "length"


def _lost_digits(record: CellRecord, number: str) -> bool:
    if _EXPONENT.fullmatch(number):
        return True
    return record.kind in ("number", "percent") and len(number.lstrip("-").partition(".")[0]) > _EXACT_DIGITS


def _digits_lost(name: IdentityField) -> Finding:
    title = RULES[name].title
    return Finding(
        "identity-digits-lost",
        Text(f"{title.zh}被 Excel 存成了数字,末几位已丢失", f"Excel made the {title.en} a number and lost its end"),
        Text(f"文本格式的{title.zh}", f"the {title.en} as text"),
        _AS_TEXT,
    )


def _invalid(name: IdentityField, number: str, flaw: IdentityFlaw) -> Finding:
    title, why = RULES[name].title, _FLAWS[flaw]
    shown = masked(RULES[name].kind or "bank_card", number) if name != "credit_code" else number
    count = f"({len(number)} 位)" if flaw == "length" else ""
    found = Text(f"{title.zh} {shown}{count}:{why.zh}", f"{title.en} {shown}: {why.en}")
    hint = _CALL if name == "phone" else _COPY
    if flaw == "old_form":
        hint = Text("填写二代身份证上的 18 位号码", "Enter the 18 signs of the present card")
    elif flaw == "check" and number.endswith("000"):
        hint = Text(
            "末几位是 0,可能被表格软件改过;请把该列设为文本重新录入",
            "It ends in zeros: make it a text column and enter it again",
        )
    return Finding("identity-invalid", found, _expected(name), hint)


def _expected(name: IdentityField) -> Text:
    rule = RULES[name]
    if name == "bank":
        return Text("开户行的名称", "the name of a bank")
    length = _LENGTHS.get(rule.kind or "", "8–32")
    if name == "phone":
        return Text("11 位手机号,或带区号的座机", "a mobile number of 11 digits, or a landline with its area code")
    checked = ",校验码相符" if rule.kind is not None else ""
    return Text(
        f"{length} 位{rule.title.zh}{checked}",
        f"{_a(rule.title.en)} of {length} signs{' with a fitting check digit' if checked else ''}",
    )


def _is_miscopied(number: str) -> bool:
    """Whether all of a citizen's number is right, region and day of birth, but its check digit."""
    return number[:1] in "12345678" and flaw_of("citizen", number) == "check"


def misplaced(header: str, text: str, kinds: Collection[IdentityKind] = _OF_PEOPLE) -> Finding | None:
    """What to say where a number of a person stands in a column that is stored and shown in clear; None: none stands there.

    A text of nothing but 15 digits may be a licence and is let through.
    """
    kind = kind_of(text)
    if kind is None and len(text) >= _CITIZEN and _is_miscopied(plain_number(text)):
        kind = "citizen"
    if kind is None and kinds is _OF_PEOPLE and not _LICENCE.fullmatch(text) and without_numbers(text) != text:
        title, number = _SOME_NUMBER, without_numbers(text)
    elif kind is not None and kind in kinds:
        title = next(rule.title for rule in RULES.values() if rule.kind == kind)
        number = masked(kind, plain_number(text))
    else:
        return None
    return Finding(
        "identity-misplaced",
        Text(f"列“{header}”里是{title.zh} {number}", f"{title.en} {number} in the column “{header}”"),
        Text(
            "证件号、卡号、电话只填在各自的列,加密保存",
            "numbers of people stand in their own columns only, kept encrypted",
        ),
        Text("是不是填错了列?这一行没有保存", "Is it in the wrong column? The row was not kept"),
    )


def across_people(values: Sequence[IdentityValue], file: str) -> tuple[list[IdentityValue], list[Issue]]:
    """The values that can be kept, one for each subject and field, and what shows between them.

    Two numbers of one person are `identity-differs`; one number of two people is `identity-same`: an error for
    citizens' numbers, which are nobody else's, otherwise to be looked at. Blank cells give way to filled ones.
    """
    kept: dict[tuple[str, IdentityField], IdentityValue] = {}
    issues: list[Issue] = []
    wrong: set[tuple[str, IdentityField]] = set()
    for value in values:
        key = (value.subject, value.field)
        first = kept.get(key)
        if first is None or not first.value:
            kept[key] = value
        elif value.value and value.value != first.value:
            wrong.add(key)
            issues.append(_differs(first, value, file))
    by_number: dict[tuple[IdentityField, str], list[IdentityValue]] = {}
    for value in kept.values():
        if value.value and value.field != "bank":
            by_number.setdefault((value.field, value.value), []).append(value)
    for same in by_number.values():
        whose = _where(same[0])
        issues += [same_number(value, Place(file, value.sheet, value.cell), whose) for value in same[1:]]
        if len(same) > 1 and same[0].field == "citizen_id":
            wrong |= {(value.subject, value.field) for value in same}
    return [value for key, value in kept.items() if key not in wrong], issues


def same_number(value: IdentityValue, place: Place, whose: Text, severity: Severity | None = None) -> Issue:
    """The issue of a number that is somebody else's too."""
    title = RULES[value.field].title
    levels: dict[IdentityField, Severity] = {"citizen_id": "error", "phone": "info"}
    return Finding(
        "identity-same",
        Text(
            f"{title.zh} {value.shown} 与 {whose.zh} 相同",
            f"{title.en} {value.shown} is also that of {whose.in_lang('en')}",
        ),
        Text(f"每人自己的{title.zh}", f"{_a(title.en)} of one's own"),
        Text("核对是不是抄串了行", "Look whether a row slipped"),
        severity or levels.get(value.field, "warning"),
    ).at(place, value.subject)


def _where(value: IdentityValue) -> Text:
    return Text(f"{value.subject}({value.sheet}!{value.cell})", f"{value.subject} ({value.sheet}!{value.cell})")


def _differs(first: IdentityValue, other: IdentityValue, file: str) -> Issue:
    title = RULES[other.field].title
    return Finding(
        "identity-differs",
        Text(f"{title.zh} {other.shown}", f"{title.en} {other.shown}"),
        Text(
            f"{first.sheet}!{first.cell} 中同一人的是 {first.shown}",
            f"{first.shown} of the same person in {first.sheet}!{first.cell}",
        ),
        Text("改成一致;都没有保存", "Make them agree; neither was kept"),
    ).at(Place(file, other.sheet, other.cell), other.subject)


def _a(noun: str) -> str:
    return f"{'an' if noun[0] in 'aeio' else 'a'} {noun}"
