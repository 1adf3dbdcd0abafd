"""Sentences of a ledger and of what is wrong with a distribution, in Chinese and English."""

from collections.abc import Sequence
from fractions import Fraction

from perf.distribution.apportion import BoundsConflict, Share
from perf.distribution.models import Working
from perf.formulas import equation
from perf.formulas.nodes import Absent, Node
from perf.kernel.figures import exact_text, finite_decimal, fixed, reading_text
from perf.kernel.issues import Issue, Place, Severity
from perf.kernel.money import Money
from perf.kernel.text import Text

About = tuple[Place, str]
"""The place in the rules, and the owner or claimant concerned."""
NAMED_MAX = 10
QUOTA_DIGITS = 6
"""Decimals of a yuan that a quota is read with; more of them stand behind ≈."""
_REASONS = {
    "missing": Text("数据未报", "not reported"),
    "denominator_zero": Text("分母为零", "a denominator of zero"),
    "not_applicable": Text("不适用", "not applicable"),
    "blocked": Text("被阻断", "blocked"),
    "not_allowed": Text("规则得不出数字", "the rule gives no number"),
}

METHODS = {
    "largest_remainder": Text("最大余数法", "largest remainder"),
    "first": Text("余数归首位", "leftover to the first"),
    "jefferson": Text("最高均数法(除数 1、2、3……)", "highest averages, Jefferson (1, 2, 3 …)"),
    "webster": Text("最高均数法(除数 1、3、5……)", "highest averages, Webster (1, 3, 5 …)"),
    "huntington_hill": Text("最高均数法(几何平均除数)", "highest averages, Huntington–Hill"),
}
"""How the odd fen are given."""
PRORATE = {
    "posts": Text(
        "是整期的数,有几个岗位的按在岗天数 × 折算人数分到各岗位",
        "a count of the whole period; with several posts by days × FTE of each",
    ),
    "here": Text("是在这里的整期的数,不按在岗天数折算", "a count of all the time here, not for the days in post"),
}
"""What a claim counts for where it is not the days of the period."""


def yuan(amount: Money) -> str:
    """`1,234.50`, for sentences that name the unit themselves."""
    return amount.text()


def why_absent(absent: Absent) -> Text:
    """Why there is no value: the reason, and the measures that nobody reported."""
    reason = absent.note if absent.note.zh else _REASONS[absent.reason]
    keys = [f"{key.subject} {key.measure} {key.period}" for key in absent.keys[:NAMED_MAX]]
    if not keys:
        return reason
    more = len(absent.keys) - len(keys)
    zh, en = "、".join(keys), ", ".join(keys)
    return Text(
        f"{reason.zh}:{zh}" + (f" 等 {len(absent.keys)} 项" if more else ""),
        f"{reason.in_lang('en')}: {en}" + (f" and {more} more" if more else ""),
    )


def problem(
    code: str, about: About, found: Text, expected: Text, hint: Text | None = None, *, severity: Severity
) -> Issue:
    """One issue of a distribution, about an owner or a claimant."""
    return Issue(code, about[0], found, expected, hint or Text(""), severity, about[1])


def refused(code: str, about: About, found: Text, expected: Text, hint: Text) -> Issue:
    """An issue that refuses a whole owner; its fund stays where it was."""
    kept = Text(f"{hint.zh};本次未分配,资金原处未动", f"{hint.in_lang('en')}; nothing was handed out")
    return problem(code, about, found, expected, kept, severity="error")


def conflict(clash: BoundsConflict, place: Place, owner: str) -> Issue:
    """Floors and caps that cannot be met, with what is short of the pool and the smallest set that conflicts."""
    names = "、".join(clash.claims[:NAMED_MAX]) + (" 等" if len(clash.claims) > NAMED_MAX else "")
    count = len(clash.claims)
    en = ", ".join(clash.claims[:NAMED_MAX]) + (" …" if len(clash.claims) > NAMED_MAX else "")
    who = Text(f"冲突的最小一组:{count} 个({names})", f"smallest set that conflicts: {count} ({en})")
    if clash.kind == "floor_over_cap":
        return refused(
            "floor-over-cap",
            (place, owner),
            Text(f"{count} 个分配对象的保底高于封顶", f"claims with a floor above their cap: {count}"),
            Text("保底不高于封顶", "no floor above its cap"),
            who,
        )
    pool, bounds, gap = yuan(clash.available), yuan(clash.bound), yuan(Money(abs(clash.difference.fen)))
    if clash.kind == "floors_over_fund":
        return refused(
            "pool-under-floors",
            (place, owner),
            Text(f"可分配 {pool} 元", f"{pool} yuan to hand out"),
            Text(
                f"不少于保底合计 {bounds} 元,差 {gap} 元",
                f"at least the floors, {bounds} yuan together; {gap} yuan too little",
            ),
            who,
        )
    return refused(
        "pool-over-caps",
        (place, owner),
        Text(f"可分配 {pool} 元", f"{pool} yuan to hand out"),
        Text(
            f"不多于封顶合计 {bounds} 元,多 {gap} 元", f"at most the caps, {bounds} yuan together; {gap} yuan too much"
        ),
        Text(
            f"{who.zh};提高封顶,或加一步 remainder 接收多出的",
            f"{who.in_lang('en')}; raise the caps, or add a remainder for what is over",
        ),
    )


def named(subjects: Sequence[str]) -> Text:
    """The first of them, and how many more there are."""
    more = len(subjects) - NAMED_MAX
    zh, en = "、".join(subjects[:NAMED_MAX]), ", ".join(subjects[:NAMED_MAX])
    return Text(f"{zh} 等 {len(subjects)} 个", f"{en} and {more} more") if more > 0 else Text(zh, en)


def left_by_caps(about: About, line: str, asked: Money, given: Money) -> Issue:
    """Everybody is at the cap; what is over goes where a later `remainder` says."""
    over = yuan(asked - given)
    found = Text(f"“{line}”人人封顶,分出 {yuan(given)} 元,多 {over} 元", f"{line}: all at their caps, {over} yuan over")
    expected = Text(f"分完 {yuan(asked)} 元", f"{yuan(asked)} yuan shared out")
    hint = Text(
        "多出的归后面的 remainder;要全部分完就提高封顶", "it goes to the remainder; raise the caps to share it all"
    )
    return problem("caps-leave-over", about, found, expected, hint, severity="info")


def number_text(value: Fraction) -> str:
    """An exact number for a sentence: the finite decimal, else a fraction if that is short, else ≈."""
    text = exact_text(value)
    return text if len(text) <= 16 else reading_text(value)


def quota_text(quota: Fraction) -> str:
    """`= 22.50` or `≈ 6,110.825037`: an exact share in yuan behind the arithmetic that gives it."""
    decimal = finite_decimal(quota)
    places = len(decimal.partition(".")[2]) if decimal is not None else QUOTA_DIGITS + 1
    shown = fixed(quota, max(2, min(places, QUOTA_DIGITS)), grouped=True)
    return f"{'=' if places <= QUOTA_DIGITS else '≈'} {shown}"


def share_sentence(part: Sequence[Text], claim: Fraction, share: Share, working: Working) -> Text:
    """How an apportioned share came about, with the numbers to redo it."""
    name_zh = "/".join(word.zh for word in part) + " " if part else ""
    name_en = "/".join(word.in_lang("en") for word in part) + " part " if part else ""
    pool, got = yuan(working.part_amount), yuan(share.amount)
    if share.bound:
        word_zh, word_en = ("保底", "floor") if share.bound == "floor" else ("封顶", "cap")
        return Text(
            f"{name_zh}{pool} 元中按{word_zh}得 {got} 元(分配权 {number_text(claim)})",
            f"{got} yuan of {name_en}{pool} yuan, held at the {word_en} (claim {number_text(claim)})",
        )
    quota = quota_text(share.quota)
    odd = Money(share.odd_fen if share.amount.fen >= 0 else -share.odd_fen)
    tail_zh = f",含尾差 {yuan(odd)} 元" if odd else ""
    tail_en = f", {yuan(odd)} of it odd fen" if odd else ""
    if working.free_amount != working.part_amount:
        pool_zh, pool_en = (
            f"{pool} 元(扣除保底封顶后 {yuan(working.free_amount)} 元)",
            f"{yuan(working.free_amount)} yuan",
        )
    else:
        pool_zh, pool_en = f"{pool} 元", f"{pool} yuan"
    ratio = f"{number_text(claim)} ÷ {number_text(working.free_claims)}"
    return Text(
        f"{name_zh}{pool_zh} × {ratio} {quota} 元,得 {got} 元{tail_zh}",
        f"{name_en}{pool_en} × {ratio} {quota} yuan: {got} yuan{tail_en}",
    )


def amount_sentence(what: Text, node: Node, amount: Money) -> Text:
    """An amount that one formula gave: `夜班:80 × 夜班次数 3 = 240.00 元`."""
    if not node.inputs or not isinstance(node.value, Fraction):
        return Text(f"{what.zh}:{yuan(amount)} 元", f"{what.in_lang('en')}: {yuan(amount)} yuan")
    named = node if node.unit else node._replace(unit="yuan")
    zh, en = equation(named, "zh"), equation(named, "en")
    if node.value != amount.yuan:
        zh, en = f"{zh},得 {yuan(amount)} 元", f"{en}: {yuan(amount)} yuan"
    elif node.op == "then":  # an equation of a row ends with its arithmetic
        zh, en = f"{zh} = {yuan(amount)} 元", f"{en} = {yuan(amount)} yuan"
    return Text(f"{what.zh}:{zh}", f"{what.in_lang('en')}: {en}")
