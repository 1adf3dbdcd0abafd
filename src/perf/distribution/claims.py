"""What every claimant brings to an `apportion` step: its claim, rounded once; claims derived from the others' come last."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import NamedTuple

from perf.distribution import accounts
from perf.distribution.booking import OwnerRefused
from perf.distribution.claimants import NO_TEXT, Claimant, Post
from perf.distribution.parts import Part, Work
from perf.distribution.sight import Claims, Locals
from perf.distribution.wording import named, problem, refused, why_absent
from perf.formulas import Formula
from perf.formulas.nodes import Absent, Node
from perf.kernel.issues import Issue
from perf.kernel.rounding import round_to
from perf.kernel.subjects import Segment, fte_of
from perf.kernel.text import Text
from perf.specs.claim_models import Prorate
from perf.specs.models import Apportion

CLAIM_DIGITS = 4
"""Claims are rounded once, half away from zero, and the rounded claim is printed and used."""
_IN_POST = Text("在岗折算", "share of the period in post")
_OF_POSTS = Text("占各岗位(天数 × 折算人数)", "part of all posts, days × FTE")
_OF_ANOTHER = Text("其他人的分配权", "claim of another")
_ON_HELD = Text("所依据的分配权有暂留的,一并暂留", "held, as a claim that it rests on is held")


@dataclass(frozen=True, slots=True)
class Claim:
    """What a claimant brings to the split; `value` None: it cannot be computed (yet)."""

    claimant: Claimant
    node: Node
    value: Fraction | None
    status: str
    note: Text = NO_TEXT

    @property
    def weight(self) -> Fraction:
        """The claim as it counts."""
        return self.value if self.value is not None else Fraction(0)

    @property
    def bounded(self) -> bool:
        """Whether floor and cap are for it: not where the claim was shut out or forfeited."""
        return self.status in ("paid", "held")

    @property
    def account(self) -> str:
        """Where its share goes."""
        return accounts.held(self.claimant.subject) if self.status == "held" else self.claimant.account


class _Beside(Mapping[str, Node]):
    """The claims of the others; remembers which held ones a formula looked at."""

    def __init__(self, claims: Sequence[Claim]) -> None:
        self._claims = {claim.claimant.subject: claim for claim in claims}
        self.rested_on: set[str] = set()

    def __getitem__(self, subject: str) -> Node:
        claim = self._claims[subject]
        if claim.status == "held":
            self.rested_on.add(subject)
        return Node("name", claim.weight, (), _OF_ANOTHER)

    def __iter__(self) -> Iterator[str]:
        return iter(self._claims)

    def __len__(self) -> int:
        return len(self._claims)


class _Term(NamedTuple):
    """The formula that gives the claim of one post, or why nobody can tell which."""

    post: Post
    by: Formula
    is_derived: bool = False
    doubt: Text = NO_TEXT


def claims_of(work: Work, part: Part, step: Apportion) -> list[Claim]:
    """Every claimant's claim, in the order of the part; one that cannot be computed is held at the mean of the others.

    Claims that `derived` defines are worked out behind all others, and see those.
    """
    names = part.names(work)
    terms = {c.subject: _terms(work, c, step, names) for c in part.claimants}
    derived = [c for c in part.claimants if any(term.is_derived for term in terms[c.subject])]
    plain = [c for c in part.claimants if c not in derived]
    first = [_claim(work, c, terms[c.subject], step, names) for c in plain]
    first = _with_means(work, step, first, first)
    known = [claim for claim in first if claim.bounded]
    second = [_derived(work, c, terms[c.subject], step, names, _Beside(known)) for c in derived]
    second = _with_means(work, step, second, [*first, *second])
    found = {claim.claimant.subject: claim for claim in (*first, *second)}
    return [found[c.subject] for c in part.claimants]


def _derived(
    work: Work, claimant: Claimant, terms: list[_Term], step: Apportion, names: Locals, beside: _Beside
) -> Claim:
    """The claim that rests on those of the others; held where one of those is held, as it may yet change."""
    claim = _claim(work, claimant, terms, step, names, beside)
    if claim.status != "paid" or not beside.rested_on:
        return claim
    work.draft.issues.append(_rests_on_held(claimant.subject, step, sorted(beside.rested_on)))
    return replace(claim, status="held", note=_ON_HELD)


def _terms(work: Work, claimant: Claimant, step: Apportion, names: Locals) -> list[_Term]:
    return [_term(work, claimant, post, step, names) for post in claimant.posts if not post.gated.zh]


def _term(work: Work, claimant: Claimant, post: Post, step: Apportion, names: Locals) -> _Term:
    if claimant.forfeits or post.doubt.zh:
        return _Term(post, step.by, doubt=post.doubt)
    for row in step.derived:
        meant = work.sight.holds(row.where, claimant, post, names)
        if isinstance(meant, Absent):
            return _Term(post, step.by, doubt=why_absent(meant))
        if meant:
            return _Term(post, row.by, is_derived=True)
    return _Term(post, step.by)


def _with_means(work: Work, step: Apportion, claims: list[Claim], all_known: Sequence[Claim]) -> list[Claim]:
    """`claims` with the mean of what is known of `all_known` for each that cannot be computed."""
    known = [claim.weight for claim in all_known if claim.value is not None and claim.bounded]
    missing = [claim for claim in claims if claim.value is None]
    if not missing:
        return claims
    for claim in missing:
        work.draft.issues.append(_set_aside(claim, step))
    if not known:
        raise OwnerRefused(
            refused(
                "no-claim-computed",
                (step.place, work.sight.owner),
                Text(f"{len(missing)} 个分配权都算不出", f"none of {len(missing)} claims can be computed"),
                Text("至少一个分配权", "at least one claim"),
                Text("补报缺少的数据", "report what is missing"),
            )
        )
    mean = round_to(sum(known, Fraction(0)) / len(known), CLAIM_DIGITS)
    node = Node("mean", mean, (), Text(f"其余 {len(known)} 人分配权的平均", f"mean of {len(known)} other claims"))
    return [replace(claim, node=node, value=mean) if claim.value is None else claim for claim in claims]


def _claim(
    work: Work, claimant: Claimant, terms: list[_Term], step: Apportion, names: Locals, beside: Claims | None = None
) -> Claim:
    if claimant.forfeits:
        note = Text("一票否决,取消本次绩效", "a veto took the pay")
        return Claim(claimant, _zero(note), Fraction(0), "forfeited", note)
    if not terms:
        note = claimant.posts[0].gated
        return Claim(claimant, _zero(note), Fraction(0), "gated", note)
    nodes, stood_in = list[Node](), False
    for term in terms:
        seen = work.sight.of_claimant(term.by, claimant, term.post, names, beside or {})
        stood_in = stood_in or seen.stood_in
        if term.doubt.zh:
            return Claim(claimant, seen.node, None, "held", term.doubt)
        if isinstance(seen.node.value, Absent):
            return Claim(claimant, seen.node, None, "held", why_absent(seen.node.value))
        nodes.append(_for_days(seen.node, _in_post(work, claimant, term.post, step.prorate)))
    exact = sum((value for node in nodes if isinstance(value := node.value, Fraction)), Fraction(0))
    if exact < 0:
        return Claim(claimant, nodes[0], None, "held", Text("分配权为负数", "a claim below zero"))
    node = nodes[0] if len(nodes) == 1 else Node("+", exact, tuple(nodes))
    value = round_to(exact, CLAIM_DIGITS)
    if value != exact:
        node = Node("round", value, (node, Node("number", Fraction(CLAIM_DIGITS))))
    if exact and not value:
        note = Text(f"分配权太小,{CLAIM_DIGITS} 位小数内为 0", f"a claim that is 0 at {CLAIM_DIGITS} digits")
        work.draft.issues.append(_set_aside(Claim(claimant, node, None, "paid", note), step))
    note = Text("得分未到,暂留", "held until the score comes") if stood_in else NO_TEXT
    return Claim(claimant, node, value, "held" if stood_in else "paid", note)


def _for_days(node: Node, in_post: Node) -> Node:
    """The claim of one post for its part."""
    if in_post.value == 1 or not isinstance(node.value, Fraction) or not isinstance(in_post.value, Fraction):
        return node
    return Node("*", node.value * in_post.value, (node, in_post))


def _in_post(work: Work, claimant: Claimant, post: Post, prorate: Prorate) -> Node:
    """The post's days of the period; where the claim is a count, its part of the claimant's posts by days × FTE."""
    if prorate == "period":
        return post.in_post._replace(label=_IN_POST)
    roster, period = work.roster, work.sight.period
    rows = roster.segments(claimant.subject, period) if prorate == "posts" else [p.segment for p in claimant.posts]
    is_weighed = any(fte_of(row) for row in rows)

    def weight(row: Segment) -> Fraction:
        return row.days_in(period) * (fte_of(row) if is_weighed else Fraction(1))

    whole = sum((weight(row) for row in rows), Fraction(0))
    own = weight(post.segment)
    return Node("/", own / whole, (Node("number", own), Node("number", whole)), _OF_POSTS)


def _zero(why: Text) -> Node:
    return Node("policy", Fraction(0), (), why)


def _rests_on_held(subject: str, step: Apportion, held: Sequence[str]) -> Issue:
    who = named(held)
    return problem(
        "claim-rests-on-held",
        (step.place, subject),
        Text(
            f"{step.line}:所依据的分配权中 {len(held)} 个暂留({who.zh})",
            f"{step.line}: claims that it rests on are held: {len(held)} ({who.in_lang('en')})",
        ),
        Text("所依据的分配权都能算出", "claims that can all be computed"),
        Text("份额一并暂留,得分、数据补报后一起结清", "the share is held with them until they are mended"),
        severity="warning",
    )


def _set_aside(claim: Claim, step: Apportion) -> Issue:
    held = claim.value is None and claim.status == "held"
    return problem(
        "claim-held" if held else "claim-rounds-to-zero",
        (step.place, claim.claimant.subject),
        Text(f"{step.line}:{claim.note.zh}", f"{step.line}: {claim.note.in_lang('en')}"),
        Text("能算出的分配权", "a claim that can be computed"),
        Text("份额按其余人员的平均暂留,补报后结清", "held at the mean of the others until it is mended")
        if held
        else Text(
            "本次按 0 分配;核对分配权的公式和单位", "0 counts this time; look at the formula of the claim and its units"
        ),
        severity="warning",
    )
