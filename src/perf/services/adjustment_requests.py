"""What somebody wants to enter for single people, row by row: read, checked against roster and rules, all problems at once."""

import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import NamedTuple

from perf.appraisal.adjustment_limits import CHARGING, allowed_accounts, breaches
from perf.appraisal.settling import payer_of
from perf.distribution import Adjustment, AdjustmentKind
from perf.distribution.adjustments import WORDS
from perf.excel.numbers import chinese_number, read_number
from perf.kernel.figures import exact_text
from perf.kernel.issues import Issue, Place
from perf.kernel.money import FEN_PER_YUAN, Money
from perf.kernel.periods import Period, parse_period
from perf.kernel.subjects import Roster
from perf.kernel.text import Text
from perf.services.consortium_of import ConsortiumFinder
from perf.specs.models import RuleBook

ENTERED: tuple[AdjustmentKind, ...] = ("pay", "deduct", "hold", "stop", "release", "return", "write_off")
"""What people enter; the others are made by runs and corrections."""
_STATED: frozenset[AdjustmentKind] = frozenset({"pay", "deduct", "return"})
_KINDS: Mapping[str, AdjustmentKind] = MappingProxyType(
    {word: kind for kind in ENTERED for word in (kind, WORDS[kind].zh)}
    | {"暂缓": "hold", "恢复": "release", "奖励": "pay"}
)
_NAMES = {
    "reason": Text("事由", "a reason"),
    "document": Text("依据文件", "a document"),
    "staff_number": Text("工号", "a staff number"),
    "kind": Text("类型", "a kind"),
}


class Raw(NamedTuple):
    """A value as it was written, and where."""

    value: str
    place: Place


@dataclass(frozen=True, slots=True)
class Request:
    """One row: keys of `perf.excel.adjustment_rows.COLUMNS`; a key that is empty is not there."""

    fields: Mapping[str, Raw]
    place: Place

    def text(self, key: str) -> str:
        """What stands under a key, cleaned of spaces at both ends; empty where nothing does."""
        raw = self.fields.get(key)
        return "" if raw is None else unicodedata.normalize("NFC", raw.value).strip()

    def at(self, key: str) -> Place:
        """Where it stands."""
        raw = self.fields.get(key)
        return self.place if raw is None else raw.place


class Candidate(NamedTuple):
    """A row that could be read: what it asks for, for whom, when, and who pays that person."""

    request: Request
    consortium: str
    period: Period
    payer: str
    adjustment: Adjustment


@dataclass(slots=True)
class Desk:
    """Everything that rows are checked against; issues are collected."""

    book: RuleBook
    roster: Roster
    by: str
    default_period: Period | None
    issues: list[Issue] = field(default_factory=list)
    finder: ConsortiumFinder = field(init=False)

    def __post_init__(self) -> None:
        self.finder = ConsortiumFinder(self.roster)

    def read(self, requests: Iterable[Request]) -> list[Candidate]:
        """The rows that can be read; each of the others leaves at least one issue."""
        return [one for request in requests if (one := self._candidate(request)) is not None]

    def _issue(self, request: Request, key: str, code: str, found: Text, expected: Text, hint: Text) -> None:
        subject = request.text("staff_number")
        self.issues.append(Issue(code, request.at(key), found, expected, hint, subject=subject))

    def _candidate(self, request: Request) -> Candidate | None:
        before = len(self.issues)
        period, kind = self._period(request), self._kind(request)
        subject = self._person(request)
        amount = self._amount(request, kind) if kind is not None else None
        for key in ("reason", "document"):
            if not request.text(key):
                self._missing(request, key)
        if len(self.issues) > before or period is None or kind is None:
            return None
        payer, consortium = payer_of(self.roster, subject, period), self.finder.of_subject(subject, period)
        if not payer or not consortium:
            self._issue(
                request,
                "staff_number",
                "adjustment-person",
                Text(f"{subject} 在 {period} 以前没有任职", f"{subject} had no post up to {period}"),
                Text("当期或以前在册的人", "somebody on the roster then or before"),
                Text("核对工号和期间,或先更新花名册", "check the number and the period, or update the roster first"),
            )
            return None
        title = WORDS[kind]
        adjustment = Adjustment(
            number="",
            kind=kind,
            subject=subject,
            amount=amount,
            line=request.text("line") or title.zh,
            account=self._account(request, kind, payer, period),
            reason=request.text("reason"),
            document=request.text("document"),
            entered_by=self.by,
        )
        return Candidate(request, consortium, period, payer, adjustment)

    def _missing(self, request: Request, key: str) -> None:
        what = _NAMES[key]
        self._issue(
            request,
            key,
            "adjustment-untold",
            Text(f"没有写{what.zh}", f"{what.en} is missing"),
            Text(f"每一笔都写明{what.zh}", f"{what.en} for every one"),
            Text(f"补上{what.zh}", f"add {what.en}"),
        )

    def _period(self, request: Request) -> Period | None:
        text = request.text("period")
        if not text and self.default_period is not None:
            return self.default_period
        try:
            return parse_period(text)
        except ValueError:
            self._issue(
                request,
                "period",
                "adjustment-period",
                Text(f"期间“{text}”", f"the period “{text}”") if text else Text("没有写期间", "no period"),
                Text("2025-06 这样的期间", "a period such as 2025-06"),
                Text("写期间列,或用 --period 指定", "write a column 期间, or give --period"),
            )
            return None

    def _kind(self, request: Request) -> AdjustmentKind | None:
        text = request.text("kind")
        if not text:
            self._missing(request, "kind")
        elif text not in _KINDS:
            known = "、".join(f"{WORDS[kind].zh}({kind})" for kind in ENTERED)
            self._issue(
                request,
                "kind",
                "adjustment-kind",
                Text(f"类型“{text}”", f"the kind “{text}”"),
                Text(f"下列之一:{known}", f"one of {', '.join(ENTERED)}"),
                Text("改为其中一个,写中文或英文都行", "write one of them, in Chinese or English"),
            )
        return _KINDS.get(text)

    def _person(self, request: Request) -> str:
        number, name = unicodedata.normalize("NFKC", request.text("staff_number")), request.text("name")
        if not number:
            self._missing(request, "staff_number")
            return ""
        titles = sorted({one.title for one in self.roster.all_segments(number) if one.level == "person"})
        if not titles:
            self._issue(
                request,
                "staff_number",
                "adjustment-person",
                Text(f"工号“{number}”", f"the staff number “{number}”"),
                Text("花名册中的工号", "a staff number of the roster"),
                self._like(number),
            )
        elif name and name not in titles:
            self._issue(
                request,
                "name",
                "adjustment-name",
                Text(f"姓名“{name}”", f"the name “{name}”"),
                Text(
                    f"工号 {number} 在花名册中是 {'、'.join(titles)}", f"{number} is {', '.join(titles)} on the roster"
                ),
                Text("核对工号和姓名", "check the number and the name"),
            )
        elif self.by in titles:
            self._issue(
                request,
                "staff_number",
                "adjustment-own",
                Text(f"录入人 {self.by} 与 {number} 同名", f"{self.by}, who enters it, is called like {number}"),
                Text("本人的一次性项目由他人录入", "one's own pay is entered by somebody else"),
                Text(
                    "由他人录入;确是同名的,--by 写明单位和姓名",
                    "let somebody else enter it; of the same name only: --by with the unit",
                ),
            )
        return number

    def _like(self, number: str) -> Text:
        """Numbers that differ in leading zeros only."""
        bare = number.lstrip("0")
        same = [
            s for s in self.roster.ids() if s.lstrip("0") == bare and self.roster.all_segments(s)[-1].level == "person"
        ]
        if len(same) != 1:
            return Text("核对工号;新人先进花名册", "check the number; the roster comes first")
        title = self.roster.all_segments(same[0])[-1].title
        return Text(
            f"是不是 {same[0]} {title}?前面的零不要丢", f"did you mean {same[0]} {title}? keep the leading zeros"
        )

    def _amount(self, request: Request, kind: AdjustmentKind) -> Money | None:
        text = request.text("amount")
        if not text:
            if kind in _STATED:
                self._issue(
                    request,
                    "amount",
                    "adjustment-amount",
                    Text(f"{WORDS[kind].zh}没有写金额", f"no amount ({kind})"),
                    Text("大于 0 的金额(元)", "an amount above 0, in yuan"),
                    Text("写明金额", "enter the amount"),
                )
            return None
        read = read_number(text)
        if read is None or read.mark not in ("", "元") or read.number <= 0:
            words = chinese_number(text) if read is None else None
            hint = Text("改为数字", "write a number")
            if words is not None:
                hint = Text(f"改为 {exact_text(words)}", f"write {exact_text(words)}")
            if read is not None and read.number < 0:
                hint = Text("要扣款,类型写“扣款”", "to take money, let the kind be 扣款 (deduct)")
            expected = Text(
                "大于 0 的金额(元),例如 300 或 1234.50", "an amount above 0 in yuan, such as 300 or 1234.50"
            )
            self._issue(
                request, "amount", "adjustment-amount", Text(f"金额“{text}”", f"the amount “{text}”"), expected, hint
            )
            return None
        fen = read.number * FEN_PER_YUAN
        if fen.denominator != 1:
            self._issue(
                request,
                "amount",
                "adjustment-half-fen",
                Text(f"金额“{text}”不是整分", f"the amount “{text}” is no whole number of fen"),
                Text("至多两位小数", "at most two decimals"),
                Text("系统不替录入人取舍", "nothing is rounded for you"),
            )
            return None
        return Money(int(fen))

    def _account(self, request: Request, kind: AdjustmentKind, payer: str, period: Period) -> str:
        """As the ledger calls it, where the rule knows the word; else as it was written, for the rule to refuse."""
        if kind not in CHARGING:
            return ""
        text = request.text("account")
        for one in allowed_accounts(self.book, self.roster, period, payer=payer, kind=kind):
            if text in (one.name, one.title.zh, one.title.in_lang("en"), one.account):
                return one.account
        return text


def limit_issues(desk: Desk, standing: Sequence[Adjustment], wanted: Sequence[Candidate]) -> Iterator[Issue]:
    """What the rule of a month does not let through, of candidates of one consortium and period behind those that stand."""
    every = [*standing, *(one.adjustment for one in wanted)]
    period = wanted[0].period
    payers = {one.subject: payer_of(desk.roster, one.subject, period) for one in every}
    for breach in breaches(desk.book, desk.roster, period, every, payers):
        if breach.position < len(standing):
            continue
        one = wanted[breach.position - len(standing)]
        key = "account" if breach.code == "adjustment-account" else "amount"
        yield Issue(
            breach.code, one.request.at(key), breach.found, breach.expected, breach.hint, subject=one.adjustment.subject
        )


def duplicate_issues(standing: Sequence[Adjustment], wanted: Sequence[Candidate]) -> Iterator[Issue]:
    """What stands there already, entered before or in an earlier row."""
    seen = {_essence(one): one.number for one in standing}
    for one in wanted:
        essence = _essence(one.adjustment)
        first = seen.get(essence)
        if first is None:
            seen[essence] = str(one.request.place)
            continue
        yield Issue(
            "adjustment-duplicate",
            one.request.place,
            Text(f"与 {first} 完全相同", f"the same as {first}"),
            Text("每一笔只录一次", "every one entered once"),
            Text("删去一行;确是两笔的,在事由中写明区别", "drop one; if there are two, let their reasons differ"),
            subject=one.adjustment.subject,
        )


def _essence(one: Adjustment) -> Adjustment:
    """What makes two entries the same, whoever entered them."""
    return replace(one, number="", entered_by="")
