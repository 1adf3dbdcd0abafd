"""The county's figures: what every institution and person did each month, from magnitudes, seasons and stories."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from perf.kernel.periods import Period
from perf.services.county.people import Post
from perf.services.county.tables import CountyTables, Row, draw, wobble

HOSPITALS = ("county_hospital", "tcm_hospital")
_QUARTER_ENDS = (3, 6, 9, 12)
_WORK_DAYS = {1: 22, 2: 18, 3: 21, 4: 22, 5: 20, 6: 21, 7: 23, 8: 22, 9: 21, 10: 19, 11: 21, 12: 22}


class Figure(NamedTuple):
    """One reported value; text as it stands in the sheet."""

    subject: str
    measure: str
    value: str


def institution_figures(tables: CountyTables, row: Row, month: Period, posts: Sequence[Post]) -> Iterator[Figure]:
    """The monthly figures of a hospital or township hospital, stories applied."""
    plain = _hospital(tables, row, month) if row["kind"] in HOSPITALS else _township(tables, row, month)
    figures = {**_shared(tables, row, month, posts), **plain}
    yield from _told(tables, row["code"], month, figures)


def _amount(tables: CountyTables, name: str, row: Row, month: Period) -> int:
    """A magnitude of this institution in this month: own level, growth in 2025, a little noise."""
    base, spread, growth = tables.magnitudes[(name, row["kind"])]
    level = wobble(base, spread, row["code"], name)
    if month.year == 2025:
        level = level * (1000 + growth) // 1000
    return wobble(level, 18, row["code"], name, month)


def _season(tables: CountyTables, group: str, month: Period, amount: int) -> int:
    return amount * tables.seasons[group][month.number - 1] // 1000


def _hospital(tables: CountyTables, row: Row, month: Period) -> dict[str, str]:
    visits = _season(tables, "visits", month, _amount(tables, "visits", row, month))
    discharges = _season(tables, "discharges", month, _amount(tables, "discharges", row, month))
    operations = discharges * _amount(tables, "operations", row, month) // 1000
    bed_days = discharges * _amount(tables, "stay", row, month) // 100
    elective = operations * 6 // 10
    return {
        "visits": str(visits),
        "tcm_visits": str(visits * _amount(tables, "tcm_share", row, month) // 1000),
        "discharges": str(discharges),
        "referred_down": str(discharges * _amount(tables, "referred_down", row, month) // 10_000),
        "operations": str(operations),
        "level3_operations": str(operations * _amount(tables, "level3_operations", row, month) // 1000),
        "elective_operations": str(elective),
        "day_operations": str(elective * (90 + draw(row["code"], month, "day", below=40)) // 1000),
        "discharged_bed_days": str(bed_days),
        "antibiotic_ddds": str(bed_days * _amount(tables, "antibiotic", row, month) // 10_000),
        "outpatient_cost": _cents(visits * _amount(tables, "mean_cost", row, month)),
    }


def _township(tables: CountyTables, row: Row, month: Period) -> dict[str, str]:
    population = int(row["population"])
    insured = population * 1020 // 1000
    visits = _season(tables, "visits", month, insured * _amount(tables, "visits_per_10k", row, month) // 10_000)
    discharges = _season(tables, "discharges", month, _amount(tables, "discharges", row, month))
    registered = population * _amount(tables, "htn_registered", row, month) // 1000
    return {
        "visits": str(visits),
        "tcm_visits": str(visits * _amount(tables, "tcm_share", row, month) // 1000),
        "discharges": str(discharges),
        "discharged_bed_days": str(discharges * _amount(tables, "stay", row, month) // 100),
        "htn_registered": str(registered),
        "bp_controlled": str(registered * _amount(tables, "bp_controlled", row, month) // 1000),
        "signed_persons": str(population * _amount(tables, "signed", row, month) // 1000),
    }


def _shared(tables: CountyTables, row: Row, month: Period, posts: Sequence[Post]) -> dict[str, str]:
    code = row["code"]
    open_days = int(row["beds"]) * month.days
    complaints = (0, 0, 0, 0, 1, 0, 2, 0, 0, 1)[draw(code, month, "complaints", below=10)]
    breach = (0, 0, 0, 0, 0, 0, 800, 0, 2500, 0)[draw(code, month, "breach", below=10)]
    tenths = sum(
        int(post.fte.replace(".", "").ljust(2, "0")) if "." in post.fte else 10 for post in _there(posts, month)
    )
    infection = min(_amount(tables, "infection", row, month), 1000)
    satisfaction = min(_amount(tables, "satisfaction", row, month), 10_000)
    shared = {
        "open_bed_days": str(open_days),
        "occupied_bed_days": str(open_days * min(_amount(tables, "bed_use", row, month), 1040) // 1000),
        "infection_score": _tenths(infection),
        "satisfaction": _cents(satisfaction),
        "complaints": str(complaints),
        "assigned_tasks": "部分完成" if draw(code, month, "tasks", below=14) == 0 else "完成",
        "major_accident": "否",
        "new_techniques": "1" if draw(code, month, "technique", below=9) == 0 else "0",
        "staff_fte": _tenths(tenths),
    }
    if row["kind"] in HOSPITALS:
        shared["insurance_breach"] = _cents(breach * 100)
    return shared


def _told(tables: CountyTables, subject: str, month: Period, figures: dict[str, str]) -> Iterator[Figure]:
    """The stories of `events.csv`: a figure set, left out, or scaled by per mille."""
    kept = dict(figures)
    for event in tables.events:
        if event["subject"] != subject or not event["from"] <= str(month) <= event["to"]:
            continue
        measure = event["measure"]
        if event["story"] == "missing":
            kept.pop(measure, None)
        elif event["story"] == "scale" and measure in kept:
            kept[measure] = str(int(kept[measure]) * int(event["value"]) // 1000)
        elif event["story"] == "set":
            kept[measure] = event["value"]
    return (Figure(subject, measure, value) for measure, value in kept.items())


def person_figures(row: Row, post: Post, month: Period, registered: int, helpers: int) -> Iterator[Figure]:
    """The monthly figures of one person; `registered` patients of the town are shared by its `helpers`."""
    who = post.staff_no
    due = _WORK_DAYS[month.number] * 2
    absent = (0, 0, 0, 0, 0, 0, 1, 0, 2, 0, 3, 0, 0, 0, 6, 0)[draw(who, month, "absent", below=16)]
    quality = 780 + draw(who, "quality", below=170)
    yield Figure(who, "work_days", _tenths(due * 5))
    yield Figure(who, "attendance_days", _tenths((due - min(absent, due)) * 5))
    if post.head == "yes":
        return
    nights = post.pay_group != "office" and post.category in ("doctor", "nurse")
    yield Figure(who, "night_shifts", str(draw(who, month, "nights", below=7)) if nights else "0")
    if post.category == "doctor":
        yield from _doctor(who, row, month, quality)
        return
    yield Figure(who, "duty_score", _tenths(_score(who, month, "duty", quality)))
    if post.category == "nurse":
        yield Figure(who, "nursing_quality", _tenths(_score(who, month, "nursing", quality + 20)))
    if month.number in _QUARTER_ENDS:
        grade = ("优秀", "合格", "合格", "合格", "不合格")[draw(who, month, "grade", below=5)]
        yield Figure(who, "training_grade", "合格" if grade == "不合格" and draw(who, month, below=4) else grade)
    if post.category in ("public_health", "village_doctor"):
        visits = 60 + draw(who, "visits", below=60)
        yield Figure(who, "followups_due", str(visits))
        yield Figure(
            who, "followups_done", str(min(visits, visits * (800 + draw(who, month, "done", below=260)) // 1000))
        )
        if row["kind"] == "township_hospital" and helpers:
            share = registered // helpers * (640 + draw(who, month, "standard", below=260)) // 1000
            yield Figure(who, "htn_standard", str(share))


def _doctor(who: str, row: Row, month: Period, quality: int) -> Iterator[Figure]:
    due = 400 if row["kind"] in HOSPITALS else 300
    done = due * (740 + draw(who, "pace", below=330)) // 1000
    done = wobble(done, 60, who, month, "work")
    if draw(who, month, "exact", below=12) == 0:
        done = due  # exactly on target is the most frequent figure in real months
    yield Figure(who, "workload_due", str(due))
    yield Figure(who, "workload", str(done))
    yield Figure(who, "medical_quality", _tenths(_score(who, month, "medical", quality)))
    yield Figure(who, "record_defects", str((0, 0, 0, 1, 0, 2, 0, 3, 1, 5)[draw(who, month, "defects", below=10)]))
    reviewed = 20 + draw(who, month, "reviewed", below=20)
    wrong = (0, 0, 0, 1, 0, 2, 0, 1)[draw(who, month, "wrong", below=8)]
    yield Figure(who, "prescriptions_reviewed", str(reviewed))
    yield Figure(who, "prescriptions_passed", str(reviewed - wrong))
    down = row["kind"] in HOSPITALS and draw(who, month, "down", below=8) == 0
    yield Figure(who, "sent_down_days", str(1 + draw(who, month, "days", below=4)) if down else "0")


def _score(who: str, month: Period, what: str, level: int) -> int:
    """A score in tenths; now and then exactly 60."""
    if draw(who, month, what, "pass", below=60) == 0:
        return 600
    return min(max(wobble(level, 60, who, month, what), 400), 1000)


def yearly_figures(tables: CountyTables, consortium: str, year: Period) -> Iterator[Figure]:
    """Population and insured of every year; fund, quotas and yearly appraisal of the years that are over."""
    spending = 0
    for fund in tables.fund:
        if fund["consortium"] == consortium and fund["year"] == str(year):
            yield Figure(consortium, "financing", fund["financing_wan"])
            yield Figure(consortium, "serious_illness", fund["serious_illness_wan"])
            yield Figure(consortium, "spending", fund["spending_wan"])
            spending = int(fund["spending_wan"].replace(".", ""))
    members = tables.members(consortium)
    for row in members:
        population = int(row["population"]) * (1000 - (2025 - year.year) * 4) // 1000
        yield Figure(row["code"], "population", str(population))
        yield Figure(row["code"], "insured", str(population * 1020 // 1000))
        if spending:
            quota = spending * int(row["staff"]) // sum(int(one["staff"]) for one in members)
            yield Figure(row["code"], "member_quota", _cents(quota))
            yield Figure(row["code"], "member_spending", _cents(wobble(quota, 70, row["code"], year, "spending")))
            yield Figure(row["code"], "year_target_score", _cents(7600 + draw(row["code"], year, "target", below=2100)))
            told = ("已落实", "已落实", "部分落实")[draw(row["code"], year, "unified", below=3)]
            yield Figure(row["code"], "unified_management", told)
    for clinic in tables.clinics_of(consortium):
        yield Figure(clinic["code"], "population", clinic["population"])
        if spending:
            due = 500 + draw(clinic["code"], year, "due", below=300)
            done = due * (760 + draw(clinic["code"], year, "done", below=240)) // 1000
            yield Figure(clinic["code"], "clinic_followups_due", str(due))
            yield Figure(clinic["code"], "clinic_followups_done", str(done))
            yield Figure(
                clinic["code"], "clinic_check_score", _tenths(720 + draw(clinic["code"], year, "check", below=260))
            )


def pool_total(tables: CountyTables, row: Row, month: Period) -> str:
    """What a consortium may distribute in a month, yuan."""
    return _cents(_season(tables, "pool", month, int(row["pool_yuan"]) * 100))


def _there(posts: Sequence[Post], month: Period) -> list[Post]:
    return [post for post in posts if post.is_there(month.last_day, month.last_day)]


def _tenths(tenths: int) -> str:
    whole, part = divmod(tenths, 10)
    return f"{whole}.{part}" if part else str(whole)


def _cents(cents: int) -> str:
    return f"{cents // 100}.{cents % 100:02d}"
