"""The step `split`: parts by an attribute of the claimants, and the steps inside each part."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from fractions import Fraction

from perf.distribution import accounts
from perf.distribution.apportion import apportion
from perf.distribution.booking import OwnerRefused
from perf.distribution.claimants import Claimant, Post
from perf.distribution.parts import Part, Work, with_posts
from perf.distribution.wording import number_text, problem, refused, yuan
from perf.formulas.nodes import Node
from perf.kernel.issues import Issue
from perf.kernel.money import ZERO, Money
from perf.kernel.text import Text
from perf.specs.models import Split, Step

RunSteps = Callable[[Work, Part, Sequence[Step]], Part]


def split_step(work: Work, part: Part, step: Split, name: str, run_steps: RunSteps) -> Part:
    """Split what is left into parts, run the steps inside, and give back what the parts leave."""
    members = _by_category(work, part, step)
    filled = {code: share for code, share in step.shares.items() if members[code]}
    weights = dict(filled) if step.on_empty == "reshare" else dict(step.shares)
    title = _title(work, step)
    if not weights:
        return _nobody(work, part, step, name, title)
    amounts = apportion(part.rest, weights)
    rest, parts_sum = part.rest, sum(weights.values(), Fraction(0))
    work.draft.passed(name, title, part.titles, before=part.rest, after=part.rest)
    for code in sorted(amounts):
        amount = amounts[code]
        inner = f"{name}/{code}/"
        titles, word = (*part.titles, code), work.value_title(step.by, code)
        node = Node("*", amount.yuan, (_yuan(part.rest), _ratio(weights[code], parts_sum)), word, unit="yuan")
        work.draft.passed(inner, word, titles, before=amount, after=amount, node=node)
        if code not in filled:
            _set_empty_aside(work, step, name, titles, amount)
            rest -= amount
            continue
        inside = replace(
            part,
            prefix=inner,
            titles=titles,
            words=(*part.words, word),
            rest=amount,
            claimants=members[code],
            first_entry=len(work.draft.entries),
        )
        after = run_steps(work, inside, step.steps)
        rest = rest - amount + after.rest
    return replace(part, rest=rest)


def _by_category(work: Work, part: Part, step: Split) -> dict[str, tuple[Claimant, ...]]:
    """Category -> claimants with their posts in it; an unlisted category refuses the owner and names everybody."""
    found: dict[str, list[Claimant]] = {code: [] for code in step.shares}
    unlisted = list[Issue]()
    listed = "、".join(step.shares)
    for claimant in part.claimants:
        posts: dict[str, list[Post]] = {}
        for post in claimant.posts:
            posts.setdefault(category_of(post, step.by), []).append(post)
        for code, rows in posts.items():
            if code in found:
                found[code].append(with_posts(claimant, rows))
                continue
            attribute = work.attributes.get(step.by, Text(step.by))
            unlisted.append(
                problem(
                    "category-unlisted",
                    (step.place, claimant.subject),
                    Text(
                        f"{attribute.zh}“{code}”" if code else f"{attribute.zh}为空",
                        f"{attribute.in_lang('en')} “{code}”" if code else f"no {attribute.in_lang('en')}",
                    ),
                    Text(f"{listed} 之一", f"one of {', '.join(step.shares)}"),
                    Text("改花名册,或在 shares 中列出", "mend the roster, or list it under shares"),
                    severity="error",
                )
            )
    if unlisted:
        whole = refused(
            "owner-refused",
            (step.place, work.sight.owner),
            Text(
                f"{len(unlisted)} 个分配对象的类别不在 shares 中", f"claimants of an unlisted category: {len(unlisted)}"
            ),
            Text("每个分配对象都有列出的类别", "every claimant in a listed category"),
            Text("逐个改正后重算", "mend them and run again"),
        )
        raise OwnerRefused(*unlisted, whole)
    return {code: tuple(claimants) for code, claimants in found.items()}


def category_of(post: Post, by: str) -> str:
    """The attribute that splits; a person's category is its kind where no category is given."""
    found = post.segment.attribute(by)
    if not found and by == "category":
        found = post.segment.kind
    return found or ""


def _set_empty_aside(work: Work, step: Split, name: str, titles: tuple[str, ...], amount: Money) -> None:
    code, place = titles[-1], f"{name}/{titles[-1]}/00-empty"
    to = work.account(step.empty_to) if step.on_empty == "to" else accounts.held(work.sight.owner)
    word = work.value_title(step.by, code)
    said = Text(
        f"“{word.zh}”无人,{yuan(amount)} 元另存", f"nobody in {word.in_lang('en')}: {yuan(amount)} yuan set aside"
    )
    status = "paid" if step.on_empty == "to" else "held"
    work.draft.move(place, step.line or code, amount, to=to, explanation=said, status=status)
    work.draft.passed(place, said, titles, before=amount, after=ZERO)


def _nobody(work: Work, part: Part, step: Split, name: str, title: Text) -> Part:
    found = Text("各类别都没有分配对象", "nobody in any category")
    expected = Text("至少一个分配对象", "at least one claimant")
    owner = work.sight.owner
    if part.rest and not part.spare:
        hint = Text("检查花名册和分配范围", "look at the roster and the scope")
        raise OwnerRefused(refused("nobody-eligible", (step.place, owner), found, expected, hint))
    if part.rest:
        stays = Text(f"{yuan(part.rest)} 元留给后面的 remainder", f"{yuan(part.rest)} yuan stay for the remainder")
        work.draft.issues.append(
            problem("nobody-eligible", (step.place, owner), found, expected, stays, severity="warning")
        )
    work.draft.passed(name, title, part.titles, before=part.rest, after=part.rest)
    return part


def _title(work: Work, step: Split) -> Text:
    if step.line:
        return Text(step.line)
    attribute = work.attributes.get(step.by, Text(step.by))
    words = [(work.value_title(step.by, code), number_text(share)) for code, share in step.shares.items()]
    zh = " : ".join(f"{word.zh} {share}" for word, share in words)
    en = " : ".join(f"{word.in_lang('en')} {share}" for word, share in words)
    return Text(f"按{attribute.zh}分 {zh}", f"by {attribute.in_lang('en')}, {en}")


def _yuan(amount: Money) -> Node:
    return Node("number", amount.yuan, unit="yuan")


def _ratio(share: Fraction, whole: Fraction) -> Node:
    return Node("/", share / whole, (Node("number", share), Node("number", whole)))
