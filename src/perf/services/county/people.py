"""The county's people: posts, invented names, joiners, leavers, movers, second posts, part-time, a change of head."""

from dataclasses import dataclass, replace
from datetime import date, timedelta

from perf.kernel.periods import Period
from perf.services.county.draws import draw, pick
from perf.services.county.plan import Clinic, County, Institution, Post

_HEAD_POSTS = {"county": ("县级医院院长", "主任医师", "2.00"), "town": ("卫生院院长", "主治医师", "1.60")}
EXPERT = "下沉专家"
"""The post of who comes from the lead hospital for some days a week."""
_HEADS_SINCE = date(2019, 7, 29)
_NEW_HEAD = ("LJ14", date(2025, 3, 1))
_SECOND_POST_FROM = date(2025, 2, 1)
_JOIN_DAYS = tuple(
    date.fromisoformat(day)
    for day in ("2024-03-01", "2024-07-15", "2024-09-01", "2025-02-17", "2025-03-01", "2025-06-10")
)
_LEAVE_DAYS = tuple(
    date.fromisoformat(day)
    for day in ("2024-04-30", "2024-08-31", "2024-12-31", "2025-02-28", "2025-04-18", "2025-05-31")
)
_MOVE_DAYS = tuple(
    date.fromisoformat(day)
    for day in ("2024-06-01", "2024-10-01", "2025-01-01", "2025-03-01", "2025-04-16", "2025-06-01")
)


@dataclass(frozen=True, slots=True)
class Stint:
    """A person in one post for a time; `last_day` None: still there."""

    institution: str
    department: str
    post: str
    title: str
    category: str
    pay_group: str
    coefficient: str
    first_day: date
    last_day: date | None = None
    fte: str = "1"
    is_head: bool = False
    clinic: str = ""

    def in_force(self, period: Period) -> bool:
        """Whether at least one day of `period` lies in it."""
        return self.first_day <= period.last_day and (self.last_day is None or self.last_day >= period.first_day)


@dataclass(frozen=True, slots=True)
class Person:
    """Staff number (text, zeros kept), name and stints in order."""

    number: str
    name: str
    stints: tuple[Stint, ...]

    def main_stint(self, period: Period) -> Stint | None:
        """The stint that speaks for the person in `period`: in force latest, then the larger share of a post."""
        rows = [s for s in self.stints if s.in_force(period)]
        return max(rows, key=lambda s: (s.last_day or date.max, s.fte), default=None)


def people_of(county: County) -> tuple[Person, ...]:
    """Everybody who was on a roster of the county between the first month and the last, by staff number."""
    people: list[Person] = []
    for institution in county.institutions:
        posts = _posts_of(county, institution)
        crew = [_person(county, institution, index, post) for index, post in enumerate(posts, 1)]
        crew[0] = _as_head(crew[0], institution)
        if institution.code == _NEW_HEAD[0]:
            crew[0], crew[4] = _hand_over(crew[0], crew[4], institution)
        for clinic in county.clinics:
            if clinic.township == institution.code:
                crew += [_village_doctor(county, clinic, len(crew) + n) for n in range(1, clinic.doctors + 1)]
        people.extend(crew)
    return _with_doubles(county, people)


def _posts_of(county: County, institution: Institution) -> list[Post]:
    """One post for each member of staff, in the proportions of posts.csv (largest remainder); doctors first."""
    posts = [p for p in county.posts if p.kind == institution.kind]
    whole = sum(p.per_mille for p in posts)
    counts = [institution.staff * p.per_mille // whole for p in posts]
    order = sorted(range(len(posts)), key=lambda n: (-(institution.staff * posts[n].per_mille % whole), n))
    for n in order[: institution.staff - sum(counts)]:
        counts[n] += 1
    return [post for post, count in zip(posts, counts, strict=True) for _ in range(count)]


def _person(county: County, institution: Institution, index: int, post: Post) -> Person:
    number = _number(institution.code, index)
    stint = Stint(
        institution.code,
        post.department,
        post.post,
        post.title,
        post.category,
        post.pay_group,
        post.coefficient,
        _hired(number),
    )
    return Person(number, _name(county, number), _career(county, institution, number, stint))


def _village_doctor(county: County, clinic: Clinic, index: int) -> Person:
    number = _number(clinic.township, index)
    hired = _hired(number)
    post = ("村卫生室", "乡村医生", "乡村医生", "village_doctor", "support", "0.80")
    return Person(number, _name(county, number), (Stint(clinic.township, *post, hired, clinic=clinic.code),))


def _number(institution: str, index: int) -> str:
    return f"{institution[2:]:0>3}{index:03d}"


def _hired(number: str) -> date:
    return date(2004 + draw(19, "hired", number), 1 + draw(12, "month", number), 1)


def _name(county: County, number: str) -> str:
    surnames, given = county.names["surname"], county.names["given"]
    surname = surnames[draw(len(surnames), "surname", number)]
    first = given[draw(len(given), "given", number)]
    second = given[draw(len(given), "second", number)]
    is_longer = len(first) == len(second) == 1 and first != second and draw(100, "long", number) < 55
    return surname + first + (second if is_longer else "")


def _career(county: County, institution: Institution, number: str, stint: Stint) -> tuple[Stint, ...]:
    """What becomes of somebody: mostly nothing, else joins, leaves, moves, works half, or takes a second post."""
    if number.endswith(("001", "005")):  # the heads and those who may follow them
        return (stint,)
    fate = pick((936, 22, 20, 12, 10), "fate", number)
    if fate == 1:
        return (replace(stint, first_day=_JOIN_DAYS[draw(len(_JOIN_DAYS), "joins", number)]),)
    if fate == 2:
        return (replace(stint, last_day=_LEAVE_DAYS[draw(len(_LEAVE_DAYS), "leaves", number)]),)
    others = [i for i in county.members(institution.parent) if i.is_town and i.code != institution.code]
    other = others[draw(len(others), "other", number)].code
    if fate == 3 and institution.is_town:
        day = _MOVE_DAYS[draw(len(_MOVE_DAYS), "moves", number)]
        return (replace(stint, last_day=_eve(day)), replace(stint, institution=other, first_day=day))
    if fate == 4:
        return (replace(stint, fte="0.5"),)
    if stint.category == "doctor" and not institution.is_town and draw(30, "second post", number) == 0:
        full = replace(stint, last_day=_eve(_SECOND_POST_FROM))
        main = replace(stint, first_day=_SECOND_POST_FROM, fte="0.6")
        second = replace(main, institution=other, department="专家工作室", post=EXPERT, fte="0.4")
        return (full, main, second)
    return (stint,)


def _as_head(person: Person, institution: Institution) -> Person:
    post, title, coefficient = _HEAD_POSTS[institution.tier]
    head = replace(
        person.stints[0],
        department="院办",
        post=post,
        title=title,
        coefficient=coefficient,
        first_day=_HEADS_SINCE,
        is_head=True,
    )
    return replace(person, stints=(head,))


def _hand_over(old: Person, new: Person, institution: Institution) -> tuple[Person, Person]:
    """The old head goes back to the wards, a doctor of the house follows."""
    day = _NEW_HEAD[1]
    doctor, head = new.stints[0], old.stints[0]
    back = replace(doctor, title=head.title, first_day=day)
    chosen = replace(_as_head(new, institution).stints[0], first_day=day)
    return (
        replace(old, stints=(replace(head, last_day=_eve(day)), back)),
        replace(new, stints=(replace(doctor, last_day=_eve(day)), chosen)),
    )


def _with_doubles(county: County, people: list[Person]) -> tuple[Person, ...]:
    """Rare characters and same names go to stated places of the list, so that demonstrations can rely on them."""
    named = list(people)
    rare = {11 + 331 * n: name for n, name in enumerate(county.names["rare"])}
    double = {20 + n % 2 + 240 * (n // 2): name for n, name in enumerate(county.names["double"])}
    for place, name in (rare | double).items():
        if place < len(named):
            named[place] = replace(named[place], name=name)
    return tuple(named)


def _eve(day: date) -> date:
    return day - timedelta(days=1)
