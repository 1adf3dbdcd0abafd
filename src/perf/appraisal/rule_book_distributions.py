"""Sections of distributions: whose money, among whom, in which steps."""

from collections.abc import Iterator
from typing import assert_never

from perf.appraisal.curve_words import CurveWords
from perf.appraisal.entered_words import entered_sentence
from perf.appraisal.figure_text import in_full
from perf.appraisal.formula_words import FormulaWords
from perf.appraisal.rule_book_cases import case_blocks
from perf.appraisal.rule_book_parts import Edition, idle_mark, not_in_force, own_values, source_text, span_text
from perf.appraisal.rule_book_view import Block, Pairs, Paragraph, Section, Steps
from perf.appraisal.rule_text import band_span
from perf.appraisal.rule_words import word
from perf.appraisal.transfer_words import transfer_sentence
from perf.distribution.wording import METHODS, PRORATE
from perf.kernel.figures import percent_text
from perf.kernel.money import Money
from perf.specs.band_models import Bands
from perf.specs.ladder_models import Ladder
from perf.specs.models import (
    Apportion,
    Distribution,
    DistributionVersion,
    Gate,
    Hold,
    Pay,
    Remainder,
    Split,
    Step,
    Take,
    Transfer,
)
from perf.specs.money_models import Entered
from perf.specs.payer_models import Payers
from perf.specs.reserve_models import HELD, REST, Release, Schedule


def distribution_section(edition: Edition, rule: Distribution) -> Section:
    """One distribution as it stands in the period of the edition."""
    version = rule.version(edition.period)
    blocks: list[Block] = []
    if version is None:
        blocks.append(not_in_force(edition))
    else:
        words = FormulaWords.of(edition.book, version, edition.lang)
        blocks.append(Pairs(tuple(_glance(edition, rule, version, words))))
        blocks += own_values(edition, version, words)
        heading = edition.two("分配步骤（依次进行，每步从余额中支出）", "Steps, in order; each takes from what is left")
        blocks.append(Paragraph(heading, style="formula"))
        blocks.append(Steps(tuple(StepWords(edition, words, rule.title.zh).all(version.steps))))
    blocks += case_blocks(edition, rule.code)
    mark = idle_mark(edition, rule)
    return Section(f"distribution-{rule.code}", edition.both(rule.title), rule.code, tuple(blocks), mark)


def _glance(
    edition: Edition, rule: Distribution, version: DistributionVersion, words: FormulaWords
) -> Iterator[tuple[str, str]]:
    two, lang, book = edition.two, edition.lang, edition.book
    yield two("依据", "Source"), source_text(version.dated, edition)
    yield two("有效期", "In force"), span_text(version.dated.first_day, version.dated.last_day, edition)
    per, period = word("level", rule.per, lang), word("period", rule.period, lang)
    yield two("资金", "Fund"), two(f"每个{per}每{period}一池", f"one fund for each {per} and {period}")
    yield two("资金总额", "Amount"), words.say(version.fund)
    for name, formula in version.let.items():
        yield two("其中", "Where"), f"{words.name(name)} = {words.say(formula)}"
    for name, bands in version.bands.items():
        yield two("其中", "Where"), f"{words.name(name)} = {_bands(edition, words, bands)}"
    who = word("among", rule.among, lang)
    where = words.say(rule.among_where) if rule.among_where is not None else ""
    yield two("分配对象", "Claimants"), who + (two(f"（{where}）", f" ({where})") if where else "")
    schemes = edition.joined(
        [edition.title(book.schemes[c].title) if c in book.schemes else c for c in rule.uses_score]
    )
    if rule.uses_score:
        yield two("所用得分", "Scores used"), schemes
        held = word("stand_in", version.on_missing_score, lang)
        yield (
            two("没有得分时", "Without a score"),
            two(f"{held}计算的份额暂存，补齐得分后发放", f"the share {held} is held until the score comes"),
        )
    if rule.into:
        yield two("转入账户", "Paid into"), account_title(edition, rule.into)
    if rule.payer:
        yield two("付款方", "Payer"), rule.payer
    if rule.not_with:
        others = [book.distributions[code].title for code in rule.not_with if code in book.distributions]
        yield two("不能同时启用", "Not together with"), edition.joined([edition.title(one) for one in others])
    if rule.announced:
        yield two("公示", "Public notice"), two("公示表写出金额", "names the amounts")
    if version.short is not None:
        yield two("资金为负时", "A fund below zero"), word("short_fund", version.short, lang)
    if version.payers is not None:
        yield two("付款方", "Payers"), _payers(edition, version.payers)


def _payers(edition: Edition, payers: Payers) -> str:
    """`中央 60%；县级 40%；取整到 1 元，差额归县级`."""
    two = edition.two
    shares = two("；", "; ").join(f"{name} {percent_text(share)}" for name, share in payers.shares.items())
    if not payers.balance:
        return shares
    unit = Money(payers.unit_fen).text()
    return two(
        f"{shares}；取整到 {unit} 元，差额归{payers.balance}",
        f"{shares}; in whole {unit} yuan, the balance from {payers.balance}",
    )


def _bands(edition: Edition, words: FormulaWords, bands: Bands) -> str:
    """`结余按占包干基金的比例超额累进：2% 以内 100%；2%–6% 70%；超过 6% 50%`."""
    two = edition.two
    mode = (
        two("超额累进", "marginal") if bands.mode == "marginal" else two("全额按所达的一段", "all at the row reached")
    )
    rows = two("；", "; ").join(f"{band_span(row, edition.lang)} {words.say(row.share)}" for row in bands.rows)
    cap = "" if bands.cap is None else two(f"；至多 {words.say(bands.cap)}", f"; at most {words.say(bands.cap)}")
    amount, of = words.say(bands.amount), words.say(bands.of)
    return two(f"{amount}，按其占{of}的比例{mode}：{rows}{cap}", f"{amount} by its share of {of}, {mode}: {rows}{cap}")


def account_title(edition: Edition, name: str) -> str:
    """The title of a declared account, its code behind it; the code alone where it is not declared."""
    known = edition.book.accounts.get(name)
    if known is None:
        return name
    title = edition.title(known.title)
    return title if title == name else f"{title} {name}"


class StepWords:
    """Says the steps of one distribution."""

    def __init__(self, edition: Edition, words: FormulaWords, title: str = "") -> None:
        self._edition, self._words, self._title = edition, words, title

    def all(self, steps: tuple[Step, ...], prefix: str = "", depth: int = 0) -> Iterator[tuple[int, str, str]]:
        """(depth, number, sentence) of every step, inner ones behind the split they stand in."""
        for number, step in enumerate(steps, start=1):
            own = f"{prefix}{number}"
            yield depth, own, self._sentence(step)
            if isinstance(step, Split):
                yield from self.all(step.steps, f"{own}.", depth + 1)

    def _two(self, zh: str, en: str) -> str:
        return self._edition.two(zh, en)

    def _sentence(self, step: Step) -> str:
        say = self._words.say
        match step:
            case Take():
                line = self._line(step.line, step.to)
                to, amount = account_title(self._edition, step.to), say(step.amount)
                return self._two(f"提取{line}：{amount}，转入 {to}。", f"Take{line}: {amount}, to {to}.")
            case Pay():
                return self._pay(step)
            case Gate():
                when = say(step.when)
                return self._two(
                    f"门槛：{when} 的，本部分不参与分配、不保底，其份额归其余的人。",
                    f"Gate: where {when}, no share and no floor; it goes to the rest.",
                )
            case Apportion():
                return self._apportion(step)
            case Split():
                return self._split(step)
            case Entered():
                return entered_sentence(self._edition, self._words, step, self._line(step.line, self._title))
            case Hold():
                return self._hold(step)
            case Ladder():
                return self._ladder(step)
            case Transfer():
                return transfer_sentence(self._edition, self._words, step, account_title(self._edition, step.account))
            case Schedule():
                return self._schedule(step)
            case Release():
                return self._release(step)
            case Remainder():
                to = account_title(self._edition, step.to)
                return self._two(f"余额转入 {to}。", f"What is left goes to {to}.")
            case _ as never:
                assert_never(never)

    def _line(self, line: str, usual: str) -> str:
        """The name of a line in quotation marks, where it says more than the step itself."""
        return f"“{line}”" if line and line != usual else ""

    def _where(self, step: Pay | Hold | Release) -> str:
        if step.where is None:
            return ""
        where = self._words.say(step.where)
        return self._two(f"（限 {where}）", f" (where {where})")

    def _pay(self, step: Pay) -> str:
        amount = self._words.say(step.amount)
        payer = self._two(f"，由 {step.payer} 支付", f", paid by {step.payer}") if step.payer else ""
        short = "" if step.payer else self._two("；", "; ") + word("short", step.short, self._edition.lang)
        where, unit = self._where(step), self._unit(step.unit_fen)
        most = "" if step.at_most is None else self._words.say(step.at_most)
        bound = self._two(f"，每人至多 {most}", f", at most {most} each") if most else ""
        measure = self._edition.book.measures.get(step.each)
        items = self._edition.title(measure.title) if measure is not None else step.each
        each_zh, each_en = (f"每人每项{items}", f"for each item of {items}") if step.each else ("每人", "each")
        return self._two(
            f"发放“{step.line}”{where}：{each_zh}按 {amount} 计{bound}，各自{unit}{payer}{short}。",
            f"Pay “{step.line}”{where}: {amount} {each_en}{bound}, {unit}{payer}{short}.",
        )

    def _unit(self, unit_fen: int) -> str:
        if unit_fen == 1:
            return self._two("取到分", "to the fen")
        return self._two(f"取到 {Money(unit_fen)} 元的整倍数", f"in multiples of {Money(unit_fen)} yuan")

    def _apportion(self, step: Apportion) -> str:
        say = self._words.say
        what = say(step.amount) if step.amount is not None else self._two("此时余额", "what is left")
        line = self._line(step.line, self._title)
        parts = [
            self._two(
                f"分配{line}：{what}，按 {say(step.by)} 的比例到各分配对象",
                f"Apportion{f' {line}' if line else ''}: {what} in proportion to {say(step.by)}",
            )
        ]
        parts += [
            self._two(
                f"{say(row.where)} 的分配权为 {say(row.by)}",
                f"the claim where {say(row.where)} is {say(row.by)}",
            )
            for row in step.derived
        ]
        if step.prorate != "period":
            parts.append(self._edition.title(PRORATE[step.prorate]))
        if step.floor is not None:
            parts.append(self._two(f"每个至少 {say(step.floor)} 元", f"at least {say(step.floor)} yuan"))
        if step.cap is not None:
            parts.append(self._two(f"至多 {say(step.cap)} 元", f"at most {say(step.cap)} yuan"))
        parts.append(self._unit(step.rounding.unit_fen))
        if step.rounding.leftover_to:
            parts.append(
                self._two(f"尾差归 {step.rounding.leftover_to}", f"the remainder goes to {step.rounding.leftover_to}")
            )
        else:
            ties = self._two("相同时先给本年得尾差少的，再按编号", "ties: fewest odd fen this year, then the code")
            by_id = self._two("相同时按编号", "ties: the code")
            how = ties if step.ties == "fewest_odd_fen" else by_id
            method = self._edition.title(METHODS[step.rounding.method])
            parts.append(self._two(f"尾差按{method}（{how}）", f"odd fen by {method} ({how})"))
        return self._two("，", ", ").join(parts) + self._two("。", ".")

    def _split(self, step: Split) -> str:
        value_title = self._edition.book.value_title
        shares = self._two("，", ", ").join(
            f"{self._edition.title(value_title(step.by, key))} {in_full(share)}" for key, share in step.shares.items()
        )
        empty = {
            "reshare": self._two("没有人的部分由其余部分按份额分得", "the share of an empty part goes to the others"),
            "hold": self._two("没有人的部分暂不分配", "an empty part is held"),
            "to": self._two(
                f"没有人的部分转入 {account_title(self._edition, step.empty_to)}",
                f"an empty part goes to {account_title(self._edition, step.empty_to)}",
            ),
        }[step.on_empty]
        by = self._words.name(step.by)
        return self._two(
            f"切块：此时余额按{by}分为 {shares}；{empty}。各部分内：",
            f"Split what is left by {by}: {shares}; {empty}. Inside each part:",
        )

    def _ladder(self, step: Ladder) -> str:
        say, lang = self._words.say, self._edition.lang
        rows = "".join(CurveWords(self._words, lang, "points", gives="percent").say(step.rows))
        amount, of = say(step.amount), say(step.of)
        if step.reward_payer:
            rows += self._two(f"奖励由 {step.reward_payer} 支付。", f" The reward is paid by {step.reward_payer}.")
        if step.forfeited_to:
            to = account_title(self._edition, step.forfeited_to)
            rows += self._two(f"没有返还的转入 {to}。", f" What is not given goes to {to}.")
        return self._two(
            f"阶梯“{step.line}”：各自的 {amount} 按 {of} 给。{rows}",
            f"Ladder “{step.line}”: of {amount} by {of}. {rows}",
        )

    def _schedule(self, step: Schedule) -> str:
        amount, count = self._words.say(step.amount), len(step.parts)
        parts = self._two(f"{count} 等份", f"{count} equal parts")
        if len(set(step.parts)) > 1:
            shown = " : ".join(in_full(part) for part in step.parts)
            parts = self._two(f"{count} 份（{shown}）", f"{count} parts ({shown})")
        to = account_title(self._edition, step.to) if step.to else ""
        whose = self._two(f"转入 {to}", f"to {to}") if to else self._two("各对象各自的金额", "each claimant's own")
        told = [whose, self._unit(step.unit_fen)]
        if step.catch_up:
            told.append(self._two("本期止累计应付减去本年已付", "what is due so far less what was paid this year"))
        if step.catch_up and step.overpaid == "wait":
            told.append(self._two("多付的不收回，抵以后各期", "what was paid too much waits for later parts"))
        if step.payer:
            told.append(self._two(f"由 {step.payer} 支付", f"paid by {step.payer}"))
        said = self._two("；", "; ").join(told)
        return self._two(
            f"按期“{step.line}”：全年 {amount} 分 {parts}，每期一份，{said}。",
            f"Schedule “{step.line}”: {amount} a year in {parts}, one a period; {said}.",
        )

    def _release(self, step: Release) -> str:
        two = self._two
        share, where = self._words.say(step.share), self._where(step)
        kept = two("暂存", "what is held") if step.source == HELD else account_title(self._edition, step.source)
        if not step.forfeited_to:
            rest = two("其余留着", "the rest stays")
        elif step.forfeited_to == REST:
            rest = two("其余退回余额", "the rest comes back to what is left")
        else:
            to = account_title(self._edition, step.forfeited_to)
            rest = two(f"其余转入 {to}", f"the rest goes to {to}")
        more = (
            two("超过 100% 的由余额支付", "above 100% from what is left")
            if step.extra == "rest"
            else two("不得超过 100%", "never above 100%")
        )
        return two(
            f"兑现“{step.line}”{where}：各自{kept}的 {share}；{rest}；{more}。",
            f"Release “{step.line}”{where}: {share} of {kept}; {rest}; {more}.",
        )

    def _hold(self, step: Hold) -> str:
        share, where = self._words.say(step.share), self._where(step)
        to = account_title(self._edition, step.to) if step.to else self._two("暂存账户", "what is held")
        return self._two(
            f"暂留“{step.line}”{where}：至此所得的 {share}，记入各人{to}。",
            f"Hold back “{step.line}”{where}: {share} of what each has got so far, to {to}.",
        )
