"""Four eyes on one-off lines: nobody publishes what he entered for single people, or what was entered for himself."""

from perf.kernel.errors import StateRefused
from perf.kernel.text import Text
from perf.services.actors import Actor
from perf.services.run_inputs import pinned_adjustments, pinned_roster
from perf.storage.runs import Run
from perf.storage.store import Connection


def require_another_hand(connection: Connection, actor: Actor, run: Run, by: str) -> None:
    """Refuse publication by somebody who entered an adjustment of the run, or who is called like its person.

    Raises:
        StateRefused: with the numbers of the adjustments.
    """
    entered = pinned_adjustments(connection, actor.viewer, run.id)
    if not entered or run.corrects is not None:
        return  # a correction is computed with what was approved once already
    roster = pinned_roster(connection, actor.viewer, run.id)
    theirs = [one.number for one in entered if one.entered_by == by]
    own = [one.number for one in entered if by in {row.title for row in roster.all_segments(one.subject)}]
    if theirs or own:
        named = "、".join(dict.fromkeys((*theirs, *own)))
        raise StateRefused(
            Text(
                f"{by} 录入的,或与受款人同名的一次性项目由他人批准:{named}",
                f"what {by} entered, or what is for somebody called {by}, is approved by somebody else: {named}",
            )
        )
