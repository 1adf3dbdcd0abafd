"""Transfers in words: the sentence of the rule book, and the line of `specs explain`."""

from perf.appraisal.formula_words import FormulaWords
from perf.appraisal.rule_book_parts import Edition
from perf.kernel.text import Lang, Text
from perf.specs.transfer_models import Transfer

_DIFFERENCE = {
    "hold": Text(
        "双方数量不一致时只结算一致的部分，其余核对后再算",
        "where the two counts differ the lower is settled and the rest waits",
    ),
    "lower": Text("双方数量不一致时按较小的结算", "where the two counts differ the lower is settled"),
    "provided": Text("双方数量不一致时按提供方的结算", "where the two counts differ the provider's is settled"),
    "received": Text("双方数量不一致时按接受方的结算", "where the two counts differ the receiver's is settled"),
    "refuse": Text("双方数量不一致时全部不结算", "where two counts differ nothing is settled"),
}
_SHORT = {
    "refuse": Text("账户不够支付的，全部不结算", "where an account holds too little nothing is settled"),
    "overdraw": Text("账户不够支付的可以透支", "an account may be overdrawn"),
}


def transfer_sentence(edition: Edition, words: FormulaWords, step: Transfer, account: str) -> str:
    """`内部市场：按目录……各项，提供方的提供数量 × 价格……`."""
    rows = edition.book.lists.get(step.items)
    title = edition.title(rows.title) if rows is not None else step.items
    price, provided = words.say(step.price), words.say(step.provided)
    received = words.say(step.received) if step.received is not None else ""
    counts = edition.two(
        f"提供方报{provided}，接受方报{received}；{_DIFFERENCE[step.on_difference].zh}"
        if received
        else f"数量由提供方报（{provided}）",
        f"the provider reports {provided}, the receiver {received}; {_DIFFERENCE[step.on_difference].in_lang('en')}"
        if received
        else f"the provider reports the count ({provided})",
    )
    short = _SHORT[step.short]
    return edition.two(
        f"内部市场“{step.line}”：成员之间按“{title}”各项，数量 × {price}，各自取到分，"
        f"由接受方的 {account} 付给提供方；{counts}；{short.zh}。",
        f"Internal market “{step.line}”: for every item of “{title}”, count × {price}, each to the fen, from the receiver's "
        f"{account} to the provider's; {counts}; {short.in_lang('en')}.",
    )


def transfer_text(step: Transfer, lang: Lang) -> str:
    """The step in the keys of the rules language."""
    received = step.received.text if step.received is not None else "—"
    keys = f"provided {step.provided.text} · received {received} · price {step.price.text}"
    rest = f"on_difference {step.on_difference} · short {step.short}"
    way = f"{step.account} → {step.account}"
    title = Text(f"目录 {step.items}", f"list {step.items}").in_lang(lang)
    return f"“{step.line}” · {title} · {keys} · {rest} · {way}"
