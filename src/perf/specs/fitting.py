"""For whom a scheme is: by the segment that speaks for a subject, or by any of its segments in the period."""

from collections.abc import Iterable

from perf.formulas import evaluate
from perf.formulas.nodes import Absent
from perf.kernel.periods import Period
from perf.kernel.subjects import Segment
from perf.specs.models import RuleBook, Scheme
from perf.specs.world import World


def fits(world: World, scheme: Scheme, segment: Segment, period: Period) -> bool | Absent:
    """Whether `scheme` is for its subject in this segment, or why nobody can tell."""
    if segment.level != scheme.of_level or (scheme.of_kind and segment.kind not in scheme.of_kind):
        return False
    if scheme.of_where is None:
        return True
    answer = evaluate(scheme.of_where, world.scope(segment.subject, period, segment=segment)).value
    if isinstance(answer, Absent):
        return answer
    return answer is True or (not isinstance(answer, str | bool) and answer != 0)


def whole_first(book: RuleBook, codes: Iterable[str], period: Period) -> list[str]:
    """`codes` sorted, those first that weigh others by post: of several cards of one person they speak for the whole."""

    def is_part(code: str) -> bool:
        scheme = book.schemes.get(code)
        version = scheme.version(period) if scheme is not None else None
        return version is None or not version.by_post

    return sorted(codes, key=lambda code: (is_part(code), code))


def by_segment(book: RuleBook, period: Period, asked: frozenset[str] = frozenset()) -> frozenset[str]:
    """Codes of the schemes that score a subject for any of its segments in `period`, not only for the last one.

    These are the schemes in use (or `asked` for) that weigh others by post, the schemes they name, and those that one
    distribution in use names together: each segment of a claimant takes the score of the scheme that fits it.
    """
    found: set[str] = set()
    for code, scheme in book.schemes.items():
        version = scheme.version(period)
        if version is not None and version.by_post and (scheme.is_on(version) or code in asked):
            found |= {code, *version.by_post}
    for rule in book.distributions.values():
        if len(rule.uses_score) > 1 and (now := rule.version(period)) is not None and rule.is_on(now):
            found |= set(rule.uses_score)
    return frozenset(found)
