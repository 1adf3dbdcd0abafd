"""Standing among peers: ranks, grades, quotas."""

from collections.abc import Mapping, Sequence
from fractions import Fraction

from perf.kernel.rounding import Rounding, round_to_int
from perf.scoring.totals import Draft
from perf.specs.models import GradeQuota, RankRule, SchemeVersion


def ranks(group: Sequence[Draft], rule: RankRule) -> dict[str, int]:
    """Subject -> rank, 1 for the highest. Ties share a rank; after it `competition` skips, `dense` does not.

    Drafts without a total are not ranked.
    """
    figures = {draft.subject: figure for draft in group if (figure := _compared(draft, rule)) is not None}
    ordered = sorted(figures.values(), reverse=True)
    if rule.ties == "dense":
        ordered = sorted(set(ordered), reverse=True)
    places: dict[Fraction, int] = {}
    for place, figure in enumerate(ordered, 1):
        places.setdefault(figure, place)
    return {subject: places[figure] for subject, figure in figures.items()}


def grades(group: Sequence[Draft], version: SchemeVersion) -> dict[str, str]:
    """Subject -> grade: by the declared total, then no higher than vetoes allow, then by the quotas of the peer group.

    Quotas are settled from the highest grade down, so that who falls takes part in the quota of the grade below.
    """
    order = [grade for grade, _ in sorted(version.grades, key=lambda row: row[1], reverse=True)]
    given = {d.subject: _capped(grade_of(d.total, version), d, order) for d in group if d.total is not None}
    rule = version.rank or RankRule()
    by_subject = {draft.subject: draft for draft in group}
    for quota in sorted(version.quota, key=lambda q: _place(order, q.grade)):
        for subject in _over_quota(quota, group, given, by_subject, rule):
            given[subject] = quota.falls_to
    return given


def grade_of(total: Fraction, version: SchemeVersion) -> str:
    """The highest grade whose threshold `total` reaches; empty below all of them."""
    reached = [(threshold, grade) for grade, threshold in version.grades if total >= threshold]
    return max(reached, key=lambda row: row[0])[1] if reached else ""


def _capped(grade: str, draft: Draft, order: Sequence[str]) -> str:
    """The lowest of the grade and those that vetoes do not let it pass."""
    return max((grade, *draft.grades_at_most), key=lambda g: _place(order, g))


def _place(order: Sequence[str], grade: str) -> int:
    return order.index(grade) if grade in order else len(order)


def _over_quota(
    quota: GradeQuota,
    group: Sequence[Draft],
    given: Mapping[str, str],
    by_subject: Mapping[str, Draft],
    rule: RankRule,
) -> list[str]:
    """Who does not fit. Of those tied at the last place none stays (`all_out`), or all of them do (`all_in`)."""
    holders = [subject for subject, grade in given.items() if grade == quota.grade]
    places = places_of(quota, len(group) if quota.of == "peers" else len(given))
    if len(holders) <= places:
        return []
    figures = {subject: figure for subject in holders if (figure := _compared(by_subject[subject], rule)) is not None}
    ordered = sorted(figures.values(), reverse=True)
    if places and quota.ties == "all_in":
        return [subject for subject, figure in figures.items() if figure < ordered[places - 1]]
    return [subject for subject, figure in figures.items() if figure <= ordered[places]]


def places_of(quota: GradeQuota, subjects: int) -> int:
    """How many of `subjects` may hold the grade: the share of them, rounded as declared."""
    return round_to_int(quota.at_most * subjects, Rounding(quota.rounding))


def _compared(draft: Draft, rule: RankRule) -> Fraction | None:
    """The figure that is compared: the declared total, or the exact one."""
    return draft.exact if rule.of == "exact" and draft.total is not None else draft.total
