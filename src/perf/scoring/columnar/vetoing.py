"""Vetoes over columns."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from perf.scoring.columnar.cells import HERE, Words
from perf.scoring.columnar.outcomes import SCORED, Outcome, Outcomes
from perf.scoring.columnar.ratios import Array, Mask, Ratio
from perf.scoring.columnar.reading import Reader
from perf.scoring.columnar.support import NotColumnar
from perf.specs.models import SchemeVersion, Veto, VetoEffect

_EFFECTS: tuple[VetoEffect, ...] = ("forfeit_pay", "zero_total", "grade_at_most")
_UNKNOWN = Outcome("blocked", "condition-unknown")


@dataclass(frozen=True, slots=True)
class Held:
    """Of some rows: what the vetoes alone make of the total; and who loses the total, the pay, or better grades."""

    outcome: Array
    zero: Mask | None
    forfeits: Mask | None
    grade: Array | None


@dataclass(frozen=True, slots=True)
class Vetoing:
    """The vetoes of a scheme; `at_most`: the place of the grade of each, from the highest on."""

    vetoes: tuple[Veto, ...]
    at_most: tuple[int, ...]

    @property
    def forfeits(self) -> bool:
        """Whether one takes the pay."""
        return any(veto.effect == "forfeit_pay" for veto in self.vetoes)

    def held(self, reader: Reader, known: Outcomes) -> Held | None:
        """Which vetoes hold; None: there are none."""
        if not self.vetoes:
            return None
        rows = reader.count
        masks: dict[VetoEffect, Mask] = {}
        unknown = np.zeros(rows, dtype=np.bool_)
        grade = np.zeros(rows, dtype=np.int8)
        for veto, place in zip(self.vetoes, self.at_most, strict=True):
            holds, unsure = _holds(reader, veto)
            unknown |= unsure
            masks[veto.effect] = masks.get(veto.effect, np.zeros(rows, dtype=np.bool_)) | holds
            if veto.effect == "grade_at_most":
                np.maximum(grade, np.where(holds, np.int8(place), np.int8(0)), out=grade)
        outcome = np.full(rows, SCORED, dtype=np.uint8)
        for effect in reversed(_EFFECTS):
            if effect in masks:
                outcome[masks[effect]] = known.number(Outcome("vetoed", effect))
        outcome[unknown] = known.number(_UNKNOWN)
        return Held(
            outcome, masks.get("zero_total"), masks.get("forfeit_pay"), grade if "grade_at_most" in masks else None
        )


def vetoes_in(version: SchemeVersion, grades: Sequence[str]) -> Vetoing:
    """The vetoes of a scheme with `grades` from the highest down.

    Raises:
        NotColumnar: a veto names a grade that the scheme does not have.
    """
    if any(veto.effect == "grade_at_most" and veto.grade not in grades for veto in version.veto):
        raise NotColumnar("grade")
    places = tuple(grades.index(veto.grade) if veto.effect == "grade_at_most" else 0 for veto in version.veto)
    return Vetoing(version.veto, places)


def _holds(reader: Reader, veto: Veto) -> tuple[Mask, Mask]:
    """Where the condition holds, and where it cannot be decided; a number counts as yes where it is not zero."""
    cell = reader.cell(veto.when.tree)
    figure = cell.figure
    if isinstance(figure, Words):
        holds = np.zeros(reader.count, dtype=np.bool_)
    elif isinstance(figure, Ratio):
        holds = np.broadcast_to(np.not_equal(figure.above, 0), (reader.count,))
    else:
        holds = figure
    if cell.gone is None:
        return holds, np.zeros(reader.count, dtype=np.bool_)
    return holds & (cell.gone == HERE), np.asarray(cell.gone != HERE)
