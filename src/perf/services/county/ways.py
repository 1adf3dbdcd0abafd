"""Which member pays in which way from June 2025, its departments and teams, and what that makes of the roster."""

from dataclasses import replace
from datetime import date, timedelta

from perf.kernel.periods import Period
from perf.services.county.draws import draw
from perf.services.county.people import Person, Stint
from perf.services.county.plan import County, Institution, Unit, Way

SINCE = Period(2025, "month", 6)
BEFORE = Way("系列", "切块", "增量", "")
_TEAM_SIZE = 5
_IN_TEAM, _IN_HOUSE = "0.2", "0.8"
_TEAM_POSTS = ("执业医师", "护师", "公卫医师", "公卫专干", "助理医师")
_WARD = "科主任分"


def way_of(county: County, place: str) -> Way:
    """How a place pays from `SINCE` on; whatever is not in ways.csv goes on as before."""
    return county.ways.get(place, BEFORE)


def departments_of(county: County, institution: Institution) -> tuple[Unit, ...]:
    """The departments of an institution that have money of their own."""
    return tuple(unit for unit in county.units if unit.parent == institution.code and unit.level == "department")


def teams_of(county: County, institution: Institution) -> tuple[Unit, ...]:
    """The family-doctor teams of an institution."""
    return tuple(unit for unit in county.units if unit.parent == institution.code and unit.level == "team")


def unit_of(county: County, stint: Stint) -> str:
    """Where a stint stands: the department of its institution, if it has departments of its own, else the institution."""
    if stint.is_head:
        return stint.institution
    for unit in county.units:
        if unit.parent == stint.institution and stint.department in unit.departments:
            return unit.code
    return stint.institution


def stands_in(county: County, person: Person) -> tuple[tuple[Stint, str], ...]:
    """The rows of a person's roster: each stint with where it stands, teams included.

    Whoever is in a team from June 2025 on stands there with a fifth of the post; the head of the ward that splits its
    own money is called 科主任.
    """
    rows: list[tuple[Stint, str]] = []
    for stint in person.stints:
        team = team_of(county, person, stint)
        place = unit_of(county, stint)
        if team is not None:
            until = replace(stint, last_day=SINCE.first_day - timedelta(days=1))
            house = replace(stint, first_day=SINCE.first_day, fte=_IN_HOUSE)
            rows += [(until, place), (house, place), (replace(house, fte=_IN_TEAM), team)]
        elif leads_ward(county, person, stint):
            rows += [(replace(stint, post="科主任"), place)]
        else:
            rows.append((stint, place))
    return tuple(rows)


def team_of(county: County, person: Person, stint: Stint) -> str | None:
    """The team of a person, None for most: the first whole-time people of certain posts, by staff number."""
    teams = [unit.code for unit in county.units if unit.parent == stint.institution and unit.level == "team"]
    is_free = stint.fte == "1" and stint.last_day is None and stint.first_day < SINCE.first_day
    if not teams or stint.is_head or not is_free or stint.post not in _TEAM_POSTS or len(person.stints) > 1:
        return None
    place = draw(len(teams) * 3, "team", person.number)
    return teams[place] if place < len(teams) else None


def leads_ward(county: County, person: Person, stint: Stint) -> bool:
    """Whether this is the head of a department that splits its own money: the first doctor of it."""
    unit = next((one for one in county.units if one.code == unit_of(county, stint)), None)
    return unit is not None and unit.pay_way == _WARD and person.number == unit.head


def way_rows(county: County, place: str) -> tuple[tuple[Way, date | None, date | None], ...]:
    """How a place pays over time: one row for always, or one until May 2025 and one from June on."""
    now = way_of(county, place)
    before = replace(BEFORE, place_class=now.place_class)
    if now == before:
        return ((now, None, None),)
    first = SINCE.first_day
    return ((before, None, first - timedelta(days=1)), (now, first, None))
