"""Which runs a user means: `2025-06`, `G1:2025-06`, `G1:2025-06#2`."""

from collections.abc import Sequence

from perf.kernel.errors import NotFound, WrongUse
from perf.kernel.periods import Period, parse_period
from perf.kernel.text import Text
from perf.services.actors import Actor
from perf.services.load_run import find_runs, standing_run
from perf.storage import rosters
from perf.storage.runs import Run
from perf.storage.store import Store


def choose_runs(store: Store, text: str, *, actor: Actor) -> tuple[Run, ...]:
    """The runs that `text` names: one by its full name, else the standing one (published, or the newest draft) of each.

    An empty text means the newest month that has a run.

    Raises:
        WrongUse: neither a run nor a period.
        NotFound: no such run in scope.
    """
    every = find_runs(store, actor=actor)
    if "#" in text:
        found = [run for run in every if text in (run.id, run.id.partition(":")[2])]
        if not found:
            raise NotFound(Text(f"没有核算 {text}", f"no run {text}"))
        return tuple(found)
    consortium, _, period_text = text.rpartition(":")
    period = _newest(every) if not text else _period(period_text)
    chosen = sorted({run.consortium for run in every if run.period == period and consortium in ("", run.consortium)})
    if not chosen:
        what = text or "—"
        raise NotFound(
            Text(f"{what} 还没有核算;先运行 perf-pay run {what}", f"no run of {what} yet: perf-pay run {what}")
        )
    return tuple(standing_run(store, actor=actor, consortium=code, period=period) for code in chosen)


def runs_of(store: Store, actor: Actor, periods: Sequence[Period], consortium: str | None) -> list[Run]:
    """The run of every month whose figures are the best known, by consortium and period.

    The published run, or the last published correction of it; before anything is published the newest draft. A draft of
    a correction does not count yet.
    """
    wanted = set(periods)
    found: dict[tuple[str, Period], Run] = {}
    for run in sorted(
        find_runs(store, actor=actor, consortium=consortium), key=lambda run: (run.is_sealed, run.number)
    ):
        if run.period in wanted:
            found[run.consortium, run.period] = run  # who corrects has the larger number
    return [found[key] for key in sorted(found)]


def consortia_of(store: Store, *, actor: Actor) -> dict[str, str]:
    """Code -> name of the consortia on the roster that may be seen.

    Raises:
        NotFound: none; the roster has to be imported first.
    """
    with store.read() as connection:
        found = rosters.consortia(connection, actor.viewer)
    if not found:
        raise NotFound(
            Text(
                "花名册中还没有医共体;先导入机构名单和花名册",
                "no consortium on the roster yet; import it first",
            )
        )
    return found


def _newest(runs: tuple[Run, ...]) -> Period:
    months = [run.period for run in runs if run.period.kind == "month"]
    if not months:
        raise NotFound(Text("还没有任何核算;先运行 perf-pay run 2025-06", "no run yet; run perf-pay run 2025-06 first"))
    return max(months)


def _period(text: str) -> Period:
    try:
        return parse_period(text)
    except ValueError as error:
        raise WrongUse(
            Text(
                f"“{text}”既不是核算编号也不是期间;应为 2025-06、G1:2025-06 或 G1:2025-06#2",
                f"“{text}” is neither a run nor a period: 2025-06, G1:2025-06 or G1:2025-06#2",
            )
        ) from error
