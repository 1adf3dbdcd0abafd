"""What is said about reports of an internal market: both figures, both cells, what the difference is worth."""

from datetime import date
from fractions import Fraction

from perf.distribution.market_models import Deal
from perf.distribution.wording import problem, why_absent, yuan
from perf.formulas.nodes import Absent
from perf.kernel.facts import Fact
from perf.kernel.figures import exact_text
from perf.kernel.issues import Issue, Place, Severity
from perf.kernel.money import Money
from perf.kernel.periods import Period
from perf.kernel.text import Text
from perf.specs.models import ItemList, Measure
from perf.specs.transfer_models import OnDifference, Transfer
from perf.specs.world import World

NEGATIVE_PRICE = Text("价格小于 0", "the price is below 0")
SETTLED: dict[OnDifference, Text] = {
    "hold": Text("一致的部分已结算,其余待核对", "what agrees is settled, the rest waits"),
    "lower": Text("按较小的数量结算", "settled by the lower count"),
    "provided": Text("按提供方的数量结算", "settled by the provider's count"),
    "received": Text("按接受方的数量结算", "settled by the receiver's count"),
    "refuse": Text("内部市场整体未结算", "nothing of the market is settled"),
}
"""What was done about a difference."""
_SEVERITY: dict[OnDifference, Severity] = {
    "hold": "warning",
    "lower": "info",
    "provided": "info",
    "received": "info",
    "refuse": "error",
}
_MEND = Text("双方核对后更正,重新导入并重新核算", "agree on the figure, import it again and run again")
_NOT_COUNTED = Text("本条没有计入;更正后重新导入并重新核算", "not counted; correct it, import it again and run again")
_SHOWN = 8


class MarketWords:
    """Says what is wrong, at the cell where it stands; at the rule where a figure came without one."""

    def __init__(self, world: World, step: Transfer, period: Period) -> None:
        self._world, self._step, self.period = world, step, period

    def incomplete(self, fact: Fact, measure: Measure) -> Issue:
        """A count without an item or without the other side."""
        key = fact.key
        lacking = [
            word
            for word, text in ((("项目", "item"), key.item), (("对方单位", "other side"), key.counterparty))
            if not text
        ]
        zh, en = "和".join(word[0] for word in lacking), " and ".join(word[1] for word in lacking)
        found = Text(f"{self._what(fact, measure).zh},没有写明{zh}", f"{self._what(fact, measure).en}, without {en}")
        return self._say("transfer-incomplete", fact, found, Text("项目、对方单位、数量", "item, other side and count"))

    def with_itself(self, fact: Fact, measure: Measure) -> Issue:
        """The other side is the member itself."""
        what = self._what(fact, measure)
        found = Text(f"{what.zh},对方单位是它自己", f"{what.en}, the other side is itself")
        return self._say("transfer-with-itself", fact, found, Text("另一个成员单位", "another member"))

    def not_a_member(self, fact: Fact, measure: Measure, whom: str) -> Issue:
        """A side that does not belong to the market in this period."""
        what, roster = self._what(fact, measure), self._world.roster
        if whom not in roster:
            why = Text(f"“{whom}”不在花名册", f"'{whom}' is not on the roster")
        elif not roster.segments(whom, self.period):
            last = max(segment.last_day for segment in roster.all_segments(whom))
            why = Text(f"{self._name(whom)} 已于 {last} 离开", f"{self._name(whom)} left on {last}")
        else:
            why = Text(
                f"{self._name(whom)} 不是参加内部市场的成员单位", f"{self._name(whom)} is no member of the market"
            )
        found = Text(f"{what.zh}:{why.zh}", f"{what.en}: {why.en}")
        return self._say(
            "transfer-not-a-member", fact, found, Text(f"{self.period} 的成员单位", f"a member in {self.period}")
        )

    def unknown_item(self, fact: Fact, measure: Measure, rows: ItemList | None) -> Issue:
        """An item that no price is agreed for."""
        known = list(rows.items) if rows is not None else []
        shown = "、".join(known[:_SHOWN]) + (" 等" if len(known) > _SHOWN else "")
        what, code = self._what(fact, measure), self._step.items
        found = Text(
            f"{what.zh}:项目“{fact.key.item}”不在目录 {code}", f"{what.en}: '{fact.key.item}' is not on the list {code}"
        )
        expected = Text(f"目录中的项目:{shown}", f"an item of the list: {', '.join(known[:_SHOWN])}")
        return self._say("transfer-item-unknown", fact, found, expected)

    def no_count(self, fact: Fact, measure: Measure) -> Issue:
        """A count that is negative, in fractions or no number."""
        digits = measure.digits
        whole = Text("不小于 0 的整数", "a whole number from 0 on")
        expected = whole if digits == 0 else Text("不小于 0 的数", "a number from 0 on")
        if isinstance(digits, int) and digits > 0:
            expected = Text(f"不小于 0、最多 {digits} 位小数的数", f"a number from 0 on with at most {digits} decimals")
        return self._say("transfer-no-count", fact, self._what(fact, measure), expected)

    def not_priced(self, deal: Deal) -> Issue:
        """No price on that date."""
        value = deal.price.value
        why = why_absent(value) if isinstance(value, Absent) else Text("不是数字", "not a number")
        found = Text(f"{self._of(deal).zh}:{why.zh}", f"{self._of(deal).en}: {why.en}")
        expected = Text(f"{self.period} 有效的价格", f"a price in force in {self.period}")
        hint = Text(
            f"在目录 {self._step.items} 补上价格后重新核算;本项没有结算",
            f"add it to the list {self._step.items} and run again; nothing was settled",
        )
        return problem(
            "transfer-not-priced", (self._step.place, deal.trade.provider), found, expected, hint, severity="warning"
        )

    def one_sided(self, deal: Deal) -> Issue:
        """Only one side reported."""
        silent = deal.trade.receiver if deal.facts[1] is None else deal.trade.provider
        zh = f"{self._of(deal).zh}:{self._sides(deal, 'zh')}"
        en = f"{self._of(deal).en}: {self._sides(deal, 'en')}"
        return self._difference("transfer-one-sided", deal, zh, en, silent)

    def counts_differ(self, deal: Deal) -> Issue:
        """Both sides reported, and not the same."""
        zh = f"{self._of(deal).zh}:{self._sides(deal, 'zh')}"
        en = f"{self._of(deal).en}: {self._sides(deal, 'en')}"
        return self._difference("transfer-counts-differ", deal, zh, en, deal.trade.receiver)

    def member_left(self, deal: Deal, member: str, last: date) -> Issue:
        """A member that trades and left before the end of the period."""
        name = self._name(member)
        found = Text(
            f"{name} 于 {last} 离开,当期仍有内部服务", f"{name} left on {last} and still has services in the period"
        )
        expected = Text("离开以前的数量", "counts from before it left")
        hint = Text(
            "已按双方数量结算;核对其中没有离开以后的", "settled as reported; see that none is from after it left"
        )
        about = self._place(deal.facts[0] or deal.facts[1]), member
        return problem("transfer-member-left", about, found, expected, hint, severity="warning")

    def over_balance(self, member: str, account: Text, *, holds: Money, owes: Money, is_refused: bool) -> Issue:
        """A member that owes more than its account holds."""
        name, gap = self._name(member), yuan(owes - holds)
        found = Text(
            f"{name} 的{account.zh}结存 {yuan(holds)} 元,内部市场净付 {yuan(owes)} 元",
            f"{name}: {yuan(holds)} yuan in {account.in_lang('en')}, {yuan(owes)} yuan to pay net",
        )
        expected = Text(f"结存不少于净付,差 {gap} 元", f"at least what it pays, {gap} yuan more")
        if is_refused:
            hint = Text(
                "增加该账户资金或写 short: overdraw;内部市场本次没有结算",
                "fill the account or say short: overdraw; nothing of the market was settled",
            )
            return problem("transfer-over-balance", (self._step.place, member), found, expected, hint, severity="error")
        hint = Text("已透支,以后的资金先抵补", "overdrawn; later money makes up for it first")
        return problem("transfer-overdrawn", (self._step.place, member), found, expected, hint, severity="warning")

    def _difference(self, code: str, deal: Deal, zh: str, en: str, whom: str) -> Issue:
        how, worth = self._step.on_difference, yuan(deal.disputed)
        found = Text(f"{zh};相差 {worth} 元", f"{en}; {worth} yuan apart")
        done = SETTLED[how]
        hint = Text(f"{done.zh};{_MEND.zh}", f"{done.en}; {_MEND.en}")
        place = self._place(
            deal.facts[1] if deal.facts[1] is not None and deal.facts[0] is not None else deal.facts[0] or deal.facts[1]
        )
        expected = Text("双方数量一致", "the same count on both sides")
        return problem(code, (place, whom), found, expected, hint, severity=_SEVERITY[how])

    def _sides(self, deal: Deal, lang: str) -> str:
        """`提供方报 12(a.xlsx!提供!D5),接受方报 10(b.xlsx!接受!D3)`."""
        said = []
        for zh, en, fact in zip(("提供方", "接受方"), ("provider", "receiver"), deal.facts, strict=True):
            if fact is None:
                said.append(f"{zh}没有报" if lang == "zh" else f"the {en} reported nothing")
                continue
            where = str(fact.source)
            count = _figure(fact) + (f"({where})" if where and lang == "zh" else f" ({where})" if where else "")
            said.append(f"{zh}报 {count}" if lang == "zh" else f"the {en} says {count}")
        return (",", ", ")[lang == "en"].join(said)

    def _of(self, deal: Deal) -> Text:
        """`远程影像诊断,X101 县医院 → X203 泥河镇卫生院`."""
        way = f"{self._name(deal.trade.provider)} → {self._name(deal.trade.receiver)}"
        return Text(f"{deal.title.zh},{way}", f"{deal.title.in_lang('en')}, {way}")

    def _what(self, fact: Fact, measure: Measure) -> Text:
        """`X101 县医院 提供服务数量 12`."""
        name, count = self._name(fact.key.subject), _figure(fact)
        return Text(f"{name} {measure.title.zh} {count}", f"{name} {measure.title.in_lang('en')} {count}")

    def _name(self, subject: str) -> str:
        segment = self._world.roster.at(subject, self.period) or next(
            iter(self._world.roster.all_segments(subject)), None
        )
        title = segment.title if segment is not None else ""
        return f"{subject} {title}" if title and title != subject else subject

    def _say(self, code: str, fact: Fact, found: Text, expected: Text) -> Issue:
        return problem(code, (self._place(fact), fact.key.subject), found, expected, _NOT_COUNTED, severity="warning")

    def _place(self, fact: Fact | None) -> Place:
        source = fact.source if fact is not None else None
        return Place(source.file, source.sheet, source.cell) if source is not None and source.file else self._step.place


def _figure(fact: Fact) -> str:
    return exact_text(fact.value) if isinstance(fact.value, Fraction) else f"“{fact.value}”"
