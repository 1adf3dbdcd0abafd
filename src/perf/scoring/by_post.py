"""A person's totals of several schemes as one, weighed by time in post: days × FTE of the segments each scheme fits."""

from collections.abc import Mapping
from fractions import Fraction
from typing import Literal

from perf.formulas.arithmetic import HUNDRED, ZERO, RuleFailed, added, figure, number, over, times
from perf.formulas.nodes import Absent, Node
from perf.kernel.figures import parse_number
from perf.kernel.periods import Period
from perf.kernel.subjects import Segment
from perf.kernel.text import Text
from perf.scoring.models import ScoreItem, Status
from perf.specs.fitting import fits
from perf.specs.models import Scheme, SchemeVersion
from perf.specs.world import World

_NOTHING: Literal["not_applicable"] = "not_applicable"


def parts_by_post(
    scheme: Scheme, version: SchemeVersion, world: World, subject: str, period: Period
) -> list[ScoreItem]:
    """One row of type `dimension` for each scheme of `by_post` that fits a segment of the subject, in that order.

    A row's `weight` is its share of the time as used (of 100), its `score` total × time ÷ all the time that counts. A
    total that does not apply gives its time to the others (missing_dimension: others), or its time counts for nothing
    (lost); one that is blocked blocks.

    Raises:
        RuleFailed: two schemes fit one segment, nobody can tell whether one does, there is no time at all, or an FTE is
            no number from 0 on.
    """
    posts = _posts(version, world, subject, period)
    ways = {code: added([_time(world, segment, period) for segment in rows]) for code, rows in posts.items()}
    totals = {code: world.totals.get((code, subject, period)) for code in posts}
    counts = [code for code, total in totals.items() if not _is_gone(total) or version.missing_dimension == "lost"]
    whole = sum((figure(ways[code]) for code in counts), ZERO)
    if counts and not whole:
        raise RuleFailed(Text("任职天数 × 折算人数 合计为 0", "the days in post times FTE add up to 0"))
    return [_row(scheme, version, world, code, way=ways[code], total=totals[code], whole=whole) for code in posts]


def _is_gone(total: Node | None) -> bool:
    return total is not None and isinstance(total.value, Absent) and total.value.reason == _NOTHING


def _posts(version: SchemeVersion, world: World, subject: str, period: Period) -> Mapping[str, list[Segment]]:
    """Scheme -> the segments that it fits; segments that none fits are left out."""
    found: dict[str, list[Segment]] = {code: [] for code in version.by_post}
    for segment in world.roster.segments(subject, period):
        fitting = [code for code in version.by_post if _fits(world, code, segment, period)]
        if len(fitting) > 1:
            both, days = "、".join(fitting), _span(segment, period)
            raise RuleFailed(
                Text(
                    f"任职段({days.zh})同时适用 {both},by_post 的方案不能重叠",
                    f"{' and '.join(fitting)} both fit the segment {days.in_lang('en')}: schemes of by_post must not overlap",
                )
            )
        for code in fitting:
            found[code].append(segment)
    return {code: rows for code, rows in found.items() if rows}


def _fits(world: World, code: str, segment: Segment, period: Period) -> bool:
    part = world.book.schemes.get(code)
    if part is None:
        raise RuleFailed(Text(f"by_post 的方案 {code} 没有声明", f"by_post names an undeclared scheme {code}"))
    answer = fits(world, part, segment, period)
    if isinstance(answer, Absent):
        days = _span(segment, period)
        raise RuleFailed(
            Text(
                f"无法判断任职段({days.zh})是否适用方案 {code}",
                f"nobody can tell whether scheme {code} fits the segment {days.in_lang('en')}",
            )
        )
    return answer


def _span(segment: Segment, period: Period) -> Text:
    first, last = max(segment.first_day, period.first_day), min(segment.last_day, period.last_day)
    return Text(f"{first} 至 {last}", f"from {first} to {last}")


def _time(world: World, segment: Segment, period: Period) -> Node:
    """Days × FTE of one segment: `医师在岗天数 20 × 1`."""
    post = segment.attribute("post")
    category = segment.attribute("category") or segment.kind
    title = Text(post) if post else world.book.value_title("category", category)
    label = Text(f"{title.zh}在岗天数", f"days as {title.in_lang('en')}")
    days = number(Fraction(segment.days_in(period)), "days", label)
    return times(days, number(_fte(segment)))


def _fte(segment: Segment) -> Fraction:
    text = segment.attribute("fte") or "1"
    try:
        fte = parse_number(text)
    except ValueError:
        fte = Fraction(-1)
    if fte < 0:
        raise RuleFailed(Text(f"折算人数“{text}”不是不小于 0 的数", f"FTE '{text}' is no number from 0 on"))
    return fte


def _row(
    scheme: Scheme,
    version: SchemeVersion,
    world: World,
    code: str,
    *,
    way: Node,
    total: Node | None,
    whole: Fraction,
) -> ScoreItem:
    rule, title = scheme.ref(version), world.book.schemes[code].title
    time = figure(way)
    status, reason = _status(total)
    points = weight = score = None
    node = Node("dimension", Absent("blocked" if status == "blocked" else _NOTHING), (way,), title, rule=rule)
    if status != _NOTHING or version.missing_dimension == "lost":
        weight = HUNDRED * time / whole if whole else ZERO
    if total is not None and status == "scored":
        points = figure(total)
        adds = over(times(number(points, "", title), way), number(whole))
        score = figure(adds)
        inner = Node("points", points, (total,), title, rule=rule)
        node = Node("score", score, (inner, adds), title, rule=rule)
    return ScoreItem(
        type="dimension",
        item=code,
        title=title,
        parent="",
        value=None,
        value_unit="",
        points=points,
        out_of=HUNDRED,
        weight=weight,
        score=score,
        status=status,
        reason=reason,
        target="",
        node=node,
        rule=rule,
    )


def _status(total: Node | None) -> tuple[Status, str]:
    if total is None:
        return "blocked", "score-missing"
    if isinstance(total.value, Absent):
        return ("not_applicable", _NOTHING) if total.value.reason == _NOTHING else ("blocked", "score-blocked")
    return "scored", ""
