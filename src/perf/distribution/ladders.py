"""The step `ladder`: a reserve returned by score, its reward on top, what is not given forfeited or left."""

from dataclasses import dataclass, replace
from fractions import Fraction
from functools import partial

from perf.distribution import accounts
from perf.distribution.claimants import NO_TEXT, Claimant, Post
from perf.distribution.dues import Due, Line, book_dues, due_of, over_rest, speaking_post
from perf.distribution.parts import Part, Work
from perf.distribution.sight import Locals, Seen
from perf.distribution.wording import amount_sentence, number_text, problem
from perf.formulas.arithmetic import number, times
from perf.formulas.nodes import Absent, Node
from perf.kernel.money import ZERO, Money, money_from_yuan, total
from perf.kernel.text import Text
from perf.specs.curve_lines import hit
from perf.specs.ladder_models import Ladder, LadderRow
from perf.specs.ladder_ways import reached, share_of

_BELOW_ZERO = Text("阶梯的金额低于 0", "the amount of a ladder is below 0")


@dataclass(frozen=True, slots=True)
class _Rung:
    """The row that a claimant reached, with its score and its whole amount."""

    row: LadderRow
    score: Fraction
    whole: Money


def ladder_step(work: Work, part: Part, step: Ladder, name: str) -> Part:
    """Give each claimant the share of its own amount that its score reaches."""
    names, line = part.names(work), Line(step.line, step.place)
    rungs: dict[str, _Rung] = {}

    def see(claimant: Claimant, post: Post) -> Seen:
        return _seen(work, step, claimant, post, names, rungs)

    found = [due_of(work, c, line, names, partial(see, c)) for c in part.claimants]
    dues = [due for due in found if due is not None]
    shares = [_with_outcome(work, step, due, rungs.get(due.claimant.subject)) for due in dues]
    book_dues(work, shares, name, step.line)
    rewards = [due for due in (_reward(due, rungs) for due in shares) if due is not None]
    payer = accounts.outside(step.reward_payer) if step.reward_payer else ""
    book_dues(work, rewards, name, step.reward_line, payer)
    out = total(due.amount for due in (*shares, *(() if payer else rewards)))
    out += _forfeit(work, part, step, name, shares, rungs)
    if out > part.rest and out > ZERO:
        raise over_rest(work, line, out, part.rest)
    work.draft.passed(name, Text(step.line), part.titles, before=part.rest, after=part.rest - out)
    return part.less(out)


def _seen(work: Work, step: Ladder, claimant: Claimant, post: Post, names: Locals, rungs: dict[str, _Rung]) -> Seen:
    """What the score gives of the amount; notes the row."""
    amount = work.sight.of_claimant(step.amount, claimant, post, names)
    score = work.sight.of_claimant(step.of, claimant, post, names)
    if amount.number is None or score.number is None:
        return amount if amount.number is None else score
    if amount.number < 0:
        return Seen(Node("*", Absent("not_allowed", (), _BELOW_ZERO), (amount.node,)))
    whole = money_from_yuan(amount.number)
    row = step.rows.row(score.number)
    rungs[claimant.subject] = _Rung(row, score.number, whole)
    money = amount.node if amount.number == whole.yuan else number(whole.yuan, "yuan")
    share = share_of(step.rows, row, score.number, score.node)
    node = hit(reached(step.rows, row, score.node), times(money, share))
    return Seen(node._replace(unit="yuan"), amount.stood_in or score.stood_in)


def _with_outcome(work: Work, step: Ladder, due: Due, rung: _Rung | None) -> Due:
    """What the row says besides money: an issue to be known, and a remark on the line."""
    if rung is None or not rung.row.say or due.status == "held":
        return due
    say, score = rung.row.say, number_text(rung.score)
    work.draft.issues.append(
        problem(
            "ladder-outcome",
            (step.place, due.claimant.subject),
            Text(f"{step.line}:得分 {score},{say}", f"{step.line}: score {score}, {say}"),
            Text("知悉并办理", "to be known and seen to"),
            Text("结果不是金额,由主管部门处理", "no amount; a matter for the authority"),
            severity="info",
        )
    )
    return replace(due, note=Text(say))


def _reward(due: Due, rungs: dict[str, _Rung]) -> Due | None:
    rung = rungs.get(due.claimant.subject)
    if rung is None or not rung.row.reward or due.status not in ("paid", "held"):
        return None
    node = times(number(rung.whole.yuan, "yuan"), number(rung.row.reward, "percent"))._replace(unit="yuan")
    value = node.value if isinstance(node.value, Fraction) else Fraction(0)
    note = due.note if due.status == "held" else NO_TEXT
    return Due(due.claimant, node, money_from_yuan(value), due.status, note)


def _forfeit(work: Work, part: Part, step: Ladder, name: str, given: list[Due], rungs: dict[str, _Rung]) -> Money:
    """Book what was not given to the named account; nothing of those whose score is still to come."""
    if not step.forfeited_to:
        return ZERO
    account, title = work.account(step.forfeited_to), work.title(step.forfeited_to)
    what = Text(f"{step.line}:没有给的部分转入{title.zh}", f"{step.line}: what is not given, to {title.in_lang('en')}")
    gone = ZERO
    for due in given:
        whole = _whole(work, part, step, due, rungs.get(due.claimant.subject))
        lost = whole - due.amount
        if lost <= ZERO:
            continue
        node = Node("-", lost.yuan, (number(whole.yuan, "yuan"), number(due.amount.yuan, "yuan")), unit="yuan")
        said, line = amount_sentence(what, node, lost), f"{step.line}·未返还"
        work.draft.move(name, line, lost, to=account, explanation=said, claimant=due.claimant.subject, status="lost")
        gone += lost
    return gone


def _whole(work: Work, part: Part, step: Ladder, due: Due, rung: _Rung | None) -> Money:
    """The amount that could have been given; nothing where it is held or not known."""
    if due.status in ("held", "missing"):
        return ZERO
    if rung is not None:
        return rung.whole
    post = speaking_post(due.claimant)
    seen = None if post is None else work.sight.of_claimant(step.amount, due.claimant, post, part.names(work)).number
    return ZERO if seen is None else max(money_from_yuan(seen), ZERO)
