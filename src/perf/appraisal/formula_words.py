"""A formula in words: titles instead of codes, the signs that people write; nothing is computed."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from perf.formulas import Formula
from perf.formulas.functions import function_of
from perf.formulas.tree import (
    Balance,
    Binary,
    Call,
    Group,
    ItemField,
    Name,
    Number,
    Of,
    Paid,
    Quantity,
    Quoted,
    Score,
    Shift,
    Shifts,
    Table,
    Tree,
    Unary,
    Within,
)
from perf.kernel.figures import exact_text, percent_text
from perf.kernel.text import Lang, Text
from perf.specs.models import DistributionVersion, IndicatorVersion, RuleBook
from perf.specs.world import ATTRIBUTES

LOCAL_WORDS: Final[Mapping[str, Text]] = MappingProxyType(
    {
        "value": Text("本指标值", "the value"),
        "total": Text("总分", "total"),
        "fund": Text("资金总额", "fund"),
        "rest": Text("此时余额", "what is left"),
        "count": Text("参与人数", "number of claimants"),
        "score": Text("得分", "score"),
        "coefficient": Text("系数", "coefficient"),
        "grade": Text("等次", "grade"),
        "yes": Text("是", "yes"),
        "no": Text("否", "no"),
    }
)
_SIGNS: Final = {
    "+": Text(" + "), "-": Text(" − "), "*": Text(" × "), "/": Text(" ÷ "), "==": Text(" = "), "!=": Text(" ≠ "),
    "<": Text(" < "), "<=": Text(" ≤ "), ">": Text(" > "), ">=": Text(" ≥ "), "and": Text(" 且 ", " and "),
    "or": Text(" 或 ", " or "),
}  # fmt: skip
_BINDS: Final = {"or": 1, "and": 2, "==": 4, "!=": 4, "<": 4, "<=": 4, ">": 4, ">=": 4, "+": 5, "-": 5, "*": 6, "/": 6}
_TIGHT: Final = 7
_LEAF: Final = 9
_PERIODS: Final = {
    "last_year": Text("上年同期", "same period last year"),
    "previous": Text("上期", "previous period"),
    "year_to_date": Text("本年累计", "year to date"),
}
_WHO: Final = {
    "members": Text("各成员", "members"),
    "peers": Text("同组各单位", "peers"),
    "claims": Text("其他人的分配权", "the claims of the others"),
    "parent": Text("所属单位", "unit above"),
    "owner": Text("资金主体", "owner of the fund"),
    "provider": Text("提供方", "provider"),
    "receiver": Text("接受方", "receiver"),
    "self": Text(""),
}
Part = tuple[str, int]
"""Text of a part and how tightly it binds."""


class _NoWords(Exception):
    """A tree that this module has no words for: the formula is shown as it is written."""


class FormulaWords:
    """Says formulas of one rule in one language.

    Args:
        titles: Of the rule's own names: parameters, tables, `let`, named curves.
    """

    def __init__(self, book: RuleBook, lang: Lang = "zh", titles: Mapping[str, Text] = MappingProxyType({})) -> None:
        self._book, self._lang, self._titles = book, lang, titles

    @classmethod
    def of(cls, book: RuleBook, version: IndicatorVersion | DistributionVersion, lang: Lang = "zh") -> "FormulaWords":
        """For the formulas of one version: its parameters, tables, `let` and named curves by their titles."""
        curves = {name: curve.title for name, curve in version.curves.items() if curve.title.zh}
        return cls(book, lang, {**version.titles, **curves})

    def say(self, formula: Formula) -> str:
        """`下转人次 ÷ 出院人次`; the formula as written where it holds something that has no words."""
        try:
            return self._part(formula.tree)[0]
        except _NoWords:
            return formula.text

    def name(self, code: str) -> str:
        """The title of a measure, attribute, parameter or local name; the code itself where nothing is known."""
        return self._title(code).in_lang(self._lang)

    def _title(self, code: str) -> Text:
        book = self._book
        if code in self._titles:
            return self._titles[code]
        if code in book.measures:
            return book.measures[code].title
        return book.attributes.get(code) or LOCAL_WORDS.get(code) or ATTRIBUTES.get(code) or Text(code)

    def _part(self, tree: Tree) -> Part:
        match tree:
            case Number():
                return (percent_text(tree.value) if tree.percent else exact_text(tree.value)), _LEAF
            case Quoted():
                return f"“{tree.text}”", _LEAF
            case Name():
                return self.name(tree.code) + self._period(tree.shifts), _LEAF
            case Unary():
                return self._unary(tree)
            case Binary():
                return self._binary(tree)
            case Within():
                return self._within(tree)
            case Call():
                return self._call(tree)
            case _:
                return self._reach(tree), _LEAF

    def _reach(self, tree: Tree) -> str:
        """What lies outside the subject: members, peers, the unit above, scores, accounts, tables, items."""
        zh = self._lang == "zh"
        match tree:
            case Group():
                return self._group(tree)
            case Of():
                return f"{self._who(tree.who)}{self._of}{self.name(tree.code)}{self._period(tree.shifts)}"
            case Score():
                named = self._and.join(self._scheme(code) for code in tree.schemes)
                owner = self._who(tree.who) + self._of if tree.who != "self" else ""
                word = f"{named}得分" if zh else f"score of {named}"
                return f"{owner}{word if named else self.name('score')}{self._period(tree.shifts)}"
            case Balance():
                known = self._book.accounts.get(tree.account)
                title = known.title.in_lang(self._lang) if known is not None else tree.account
                return f"{title}的余额" if zh else f"balance of {title}"
            case Paid():
                owner = self._who(tree.who) + self._of if tree.who != "self" else ""
                return f"{owner}{self._paid(tree.line)}{self._period(tree.shifts)}"
            case Table():
                inner = self._part(tree.key)[0]
                return f"{self.name(tree.table)}（按{inner}）" if zh else f"{self.name(tree.table)} (by {inner})"
            case Quantity():
                return f"各项{self.name(tree.measure)}" if zh else f"{self.name(tree.measure)} of each item"
            case ItemField():
                return self._item_field(tree.attribute)
            case _:
                raise _NoWords

    def _item_field(self, attribute: str) -> str:
        """`该项的单价`: what a list calls it, else its code."""
        titles = (rows.titles[attribute] for rows in self._book.lists.values() if attribute in rows.titles)
        title = next(titles, None)
        if self._lang == "zh":
            return f"该项的{title.zh}" if title is not None else f"该项的 {attribute}"
        return f"its {title.in_lang('en')}" if title is not None else f"its {attribute}"

    @property
    def _of(self) -> str:
        return "的" if self._lang == "zh" else ": "

    @property
    def _and(self) -> str:
        return "、" if self._lang == "zh" else ", "

    def _who(self, who: str) -> str:
        return _WHO[who].in_lang(self._lang)

    def _scheme(self, code: str) -> str:
        known = self._book.schemes.get(code)
        return known.title.in_lang(self._lang) if known is not None else code

    def _paid(self, line: str) -> str:
        return f"已发{line}" if self._lang == "zh" else f"paid {line}"

    def period_text(self, shift: str) -> str:
        """The shift of a case (`year_to_date`, `year(-1)`) as it follows a name; empty for none."""
        kind, _, years = shift.partition("(")
        if not kind:
            return ""
        return self._period((Shift(kind, int(years[:-1] or 0)),))  # type: ignore[arg-type]  # read from the same words

    def _period(self, shifts: Shifts) -> str:
        words = []
        for shift in shifts:
            if shift.kind == "year":
                years = shift.years
                words.append(f"{-years} 年前全年" if self._lang == "zh" else f"the year {-years} before")
            else:
                words.append(_PERIODS[shift.kind].in_lang(self._lang))
        if not words:
            return ""
        return f"（{'、'.join(words)}）" if self._lang == "zh" else f" ({', '.join(words)})"

    def _unary(self, tree: Unary) -> Part:
        text, binds = self._part(tree.arg)
        if tree.op == "not":
            return (f"非（{text}）" if self._lang == "zh" else f"not ({text})"), _LEAF
        if tree.op == "+":
            return text, binds
        return (f"−({text})" if binds <= _BINDS["-"] else f"−{text}"), _BINDS["-"]

    def _binary(self, tree: Binary) -> Part:
        power = _BINDS[tree.op]
        left, right = self._part(tree.left), self._part(tree.right)
        if tree.op in ("==", "!=") and isinstance(tree.left, Name):
            right = self._value(tree.left.code, tree.right) or right
        first = f"({left[0]})" if left[1] < power or (power == 4 and left[1] == 4) else left[0]
        tight = right[1] < power or (right[1] == power and (tree.op in ("-", "/") or power == 4))
        second = f"({right[0]})" if tight else right[0]
        return f"{first}{_SIGNS[tree.op].in_lang(self._lang)}{second}", power

    def _value(self, attribute: str, tree: Tree) -> Part | None:
        """A value of an attribute beside `==`, as people call it."""
        text = tree.code if isinstance(tree, Name) else tree.text if isinstance(tree, Quoted) else ""
        title = self._book.value_titles.get(attribute, {}).get(text)
        return (title.in_lang(self._lang), _LEAF) if title is not None else None

    def _within(self, tree: Within) -> Part:
        attribute = tree.left.code if isinstance(tree.left, Name) else ""
        options = self._and.join((self._value(attribute, one) or self._part(one))[0] for one in tree.options)
        zh = self._lang == "zh"
        word = ("不属于" if zh else "not in") if tree.negated else ("属于" if zh else "in")
        return f"{self._part(tree.left)[0]} {word} ({options})", 4

    def _call(self, tree: Call) -> Part:
        inner = [self._part(one)[0] for one in tree.args]
        zh = self._lang == "zh"
        if tree.function == "if" and len(inner) == 3:
            condition, yes, no = inner
            if zh:
                return f"若 {condition}，则 {yes}，否则 {no}", 0
            return f"if {condition} then {yes} else {no}", 0
        if tree.function in self._titles or (known := function_of(tree.function)) is None:
            return f"{self.name(tree.function)}({', '.join(inner)})", _LEAF
        if tree.function == "top" and len(inner) > 1:
            count, *groups = inner
            return (
                f"{'、'.join(groups)}中最大的 {count} 个" if zh else f"the {count} largest of {', '.join(groups)}"
            ), _LEAF
        if tree.function == "power":
            base, exponent = (text if bound == _LEAF else f"({text})" for text, bound in map(self._part, tree.args))
            return f"{base} ^ {exponent}", _TIGHT
        return f"{known.title.in_lang(self._lang)}({', '.join(inner)})", _LEAF

    def _group(self, tree: Group) -> str:
        where = ""
        if tree.where is not None:
            condition = self._part(tree.where)[0]
            where = f"（{condition}）" if self._lang == "zh" else f" ({condition})"
        what = self.name(tree.code) if tree.code else ""
        if tree.line:
            what = self._paid(tree.line)
        if tree.schemes:
            named = self._and.join(self._scheme(code) for code in tree.schemes)
            what = f"{named}得分" if self._lang == "zh" else f"score of {named}"
        return self._who(tree.who) + where + (self._of + what if what else "") + self._period(tree.shifts)
