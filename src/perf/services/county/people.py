"""The invented people of the county: posts by institution, names, joiners, leavers, movers, second posts, heads."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta

from perf.services.county.tables import CountyTables, Row, draw

_HEADS = {"county_hospital": "县级医院院长", "tcm_hospital": "县级医院院长", "township_hospital": "卫生院院长"}
_STARTED = date(2016, 3, 1)
_DAYS = 2400
_LEFT_PER_MILLE = 22
_JOINED_PER_MILLE = 25
_PART_TIME_PER_MILLE = 15


@dataclass(frozen=True, slots=True)
class Post:
    """One person in one post for a time; codes as in rules, dates both included."""

    staff_no: str
    name: str
    institution: str
    department: str
    post: str
    title: str
    category: str
    pay_group: str
    coefficient: str
    fte: str
    head: str
    first: date
    last: date | None = None
    clinic: str = ""

    def is_there(self, first: date, last: date) -> bool:
        """Whether any day of the span is in the post."""
        return self.first <= last and (self.last is None or self.last >= first)


def people(tables: CountyTables) -> list[Post]:
    """Everybody's posts, by institution and number."""
    posts = [post for row in tables.institutions if row["parent"] for post in _institution(tables, row)]
    posts = _special_names(tables, posts)
    return list(_changes(posts))


def _institution(tables: CountyTables, row: Row) -> Iterator[Post]:
    kind, size = row["kind"], int(row["staff"])
    listed = [one for one in tables.posts if one["kind"] == kind]
    weights = [int(one["per_mille"]) for one in listed]
    counts = [size * weight // sum(weights) for weight in weights]
    for n in sorted(range(len(listed)), key=lambda k: -(size * weights[k] % sum(weights)))[: size - sum(counts)]:
        counts[n] += 1
    number = 0
    head = Post(
        **_who(tables, row["code"], number),
        institution=row["code"],
        department="院领导",
        post=_HEADS[kind],
        title="主任医师" if kind != "township_hospital" else "副主任医师",
        category="doctor",
        pay_group="office",
        coefficient="1.50",
        fte="1",
        head="yes",
        first=_first_day(row["code"], number),
    )
    yield head
    for one, count in zip(listed, counts, strict=True):
        for _ in range(count):
            number += 1
            yield Post(
                **_who(tables, row["code"], number),
                institution=row["code"],
                department=one["department"],
                post=one["post"],
                title=one["title"],
                category=one["category"],
                pay_group=one["pay_group"],
                coefficient=one["coefficient"],
                fte="0.5" if draw(row["code"], number, "part", below=1000) < _PART_TIME_PER_MILLE else "1",
                head="no",
                first=_first_day(row["code"], number),
            )
    for clinic in tables.clinics:
        if clinic["township"] == row["code"]:
            for _ in range(int(clinic["doctors"])):
                number += 1
                yield Post(
                    **_who(tables, row["code"], number),
                    institution=row["code"],
                    department="村卫生室",
                    post="乡村医生",
                    title="乡村医生",
                    category="village_doctor",
                    pay_group="support",
                    coefficient="0.80",
                    fte="1",
                    head="no",
                    first=_first_day(row["code"], number),
                    clinic=clinic["code"],
                )


def _who(tables: CountyTables, institution: str, number: int) -> dict[str, str]:
    surnames, given = tables.names["surname"], tables.names["given"]
    name = surnames[draw(institution, number, "surname", below=len(surnames))]
    name += given[draw(institution, number, "given", below=len(given))]
    return {"staff_no": f"{institution[2:]}{number:04d}", "name": name}


def _first_day(institution: str, number: int) -> date:
    return _STARTED + timedelta(days=draw(institution, number, "first", below=_DAYS))


def _special_names(tables: CountyTables, posts: list[Post]) -> list[Post]:
    """Rare characters and same names, spread over the county."""
    named = dict(enumerate(posts))
    spread = [*tables.names["rare"], *tables.names["double"]]
    for n, name in enumerate(spread):
        place = (n * len(posts)) // len(spread) + 7
        named[place] = replace(named[place], name=name)
    return [named[n] for n in sorted(named)]


def _changes(posts: list[Post]) -> Iterator[Post]:
    """Leavers and joiners everywhere; a few movers between institutions; two people with two posts at once."""
    movers = 0
    doubles = 0
    for post in posts:
        fate = draw(post.staff_no, "fate", below=1000)
        if post.head == "yes":
            yield post
        elif fate < _LEFT_PER_MILLE:
            yield replace(post, last=date(2024, 2, 1) + timedelta(days=draw(post.staff_no, "left", below=500)))
        elif fate < _LEFT_PER_MILLE + _JOINED_PER_MILLE:
            yield replace(post, first=date(2024, 2, 1) + timedelta(days=draw(post.staff_no, "joined", below=500)))
        elif fate in (500, 501, 502) and movers < 6 and post.institution not in ("LJ01", "LJ12"):
            movers += 1
            moved = date(2025, movers, 11)
            yield replace(post, last=moved - timedelta(days=1))
            yield replace(post, institution="LJ01" if post.institution < "LJ12" else "LJ12", first=moved)
        elif fate in (600, 601) and doubles < 2 and post.category == "doctor" and post.fte == "1":
            doubles += 1
            yield replace(post, fte="0.6")
            yield replace(
                post, department="公卫科", post="公卫医师", coefficient="1.08", fte="0.4", first=date(2025, 1, 1)
            )
        else:
            yield post
