"""Public-health money and the yearly scores of staff: what is reported of the year that is settled."""

from collections.abc import Iterator
from decimal import Decimal
from typing import NamedTuple

from perf.kernel.periods import Period
from perf.services.county.draws import draw, scaled, tilt
from perf.services.county.monthly import Figures
from perf.services.county.people import Person
from perf.services.county.plan import County

SETTLED = 2024
_PER_HEAD = 94
_DONE = {"record": 350, "elderly": 120, "hypertension": 800, "diabetes": 400, "vaccination": 900}
"""Of a thousand people served in a year."""
_UNSCORED_ONE_IN = 90


class ProjectCount(NamedTuple):
    """How much of a project a member completed."""

    member: str
    item: str
    done: int


def grant_figures(county: County, year: int) -> Figures:
    """The grant of a consortium, and how far each township hospital's and clinic's work was accepted."""
    figures: Figures = {}
    if year != SETTLED:
        return figures
    for consortium in county.consortia:
        people = sum(one.population for one in county.members(consortium.code) if one.is_town)
        figures[consortium.code, "grant_per_head"] = _PER_HEAD
        figures[consortium.code, "grant_population"] = people
    for code, _, vigour in _served(county):
        accepted = min(960 + vigour // 2 + tilt(40, "accepted", code), 1000)
        figures[code, "subsidy_coefficient"] = Decimal(accepted // 10) / 100
    return figures


def projects_done(county: County, consortium: str, year: int) -> Iterator[ProjectCount]:
    """The quantities that the township hospitals and clinics of a consortium completed in a year."""
    if year != SETTLED:
        return
    towns = {one.code for one in county.members(consortium)}
    own = towns | {one.code for one in county.clinics_of(consortium)}
    for code, people, vigour in _served(county):
        for item, per_mille in _DONE.items() if code in own else ():
            yield ProjectCount(code, item, scaled(people, per_mille, 1000 + vigour + tilt(90, "done", code, item)))


def yearly_scores(people: tuple[Person, ...], year: int) -> Figures:
    """The yearly score of everybody who was there in December but the heads; a few have none yet."""
    figures: Figures = {}
    for person in people if year == SETTLED else ():
        stint = person.main_stint(Period(year, "month", 12))
        if stint is None or stint.is_head or draw(_UNSCORED_ONE_IN, "yearly", person.number) == 0:
            continue
        tenths = min(865 + tilt(120, "yearly", person.number), 1000)
        figures[person.number, "staff_yearly_score"] = Decimal(tenths) / 10
    return figures


def _served(county: County) -> Iterator[tuple[str, int, int]]:
    """Code, people served and vigour of each township hospital and clinic."""
    towns = {one.code: one for one in county.institutions if one.is_town}
    for town in towns.values():
        yield town.code, town.population, town.vigour
    for clinic in county.clinics:
        yield clinic.code, clinic.population, towns[clinic.township].vigour
