"""Monthly figures of persons: attendance, work, quality; some exactly at a threshold, as in real months."""

from decimal import Decimal

from perf.kernel.periods import Period
from perf.services.county.draws import draw, pick, scaled, tilt
from perf.services.county.monthly import Figures
from perf.services.county.people import Person, Stint

_WORK_DAYS = (22, 18, 21, 21, 20, 21, 23, 22, 22, 19, 21, 22)
_NIGHTS = {"doctor": 6, "nurse": 8, "technician": 4}
_REVIEWED = (20, 25, 30, 40, 50)
_TRAINING = ("优秀", "合格", "不合格")


def person_figures(people: tuple[Person, ...], towns: Figures, period: Period) -> Figures:
    """What is reported of persons for a month.

    Args:
        people: Everybody; those without a day in the month are left out.
        towns: Figures of institutions; the managed patients of a town are shared among those who do the work.
    """
    figures: Figures = {}
    carers: dict[str, list[str]] = {}
    for person in people:
        stint = person.main_stint(period)
        if stint is None:
            continue
        _attendance(person, stint, period, figures)
        if stint.is_head:
            continue
        if stint.category == "doctor":
            _doctor(person, stint, period, figures)
            continue
        _other(person, stint, period, figures)
        if stint.category in ("public_health", "village_doctor"):
            carers.setdefault(stint.institution, []).append(person.number)
    for code, numbers in carers.items():
        total = towns.get((code, "htn_standard"))
        if isinstance(total, int):
            _share_out(total, numbers, figures)
    return figures


def _attendance(person: Person, stint: Stint, period: Period, figures: Figures) -> None:
    number = person.number
    days = _WORK_DAYS[period.number - 1]
    figures[number, "work_days"] = days
    absent = (0, 1, 2, 4, 6, 16)[pick((760, 110, 60, 40, 20, 10), "absent", number, period)]
    figures[number, "attendance_days"] = days - absent if absent % 2 == 0 else Decimal(2 * days - 1) / 2
    nights = 0 if stint.is_head else _NIGHTS.get(stint.category, 0)
    figures[number, "night_shifts"] = draw(nights, "night", number, period) if nights else 0


def _doctor(person: Person, stint: Stint, period: Period, figures: Figures) -> None:
    number = person.number
    due = 300 + 20 * draw(10, "due", number)
    due = due // 2 if stint.fte == "0.5" else due
    is_away = draw(220, "study", number, period.within("quarter")) == 0
    is_at_sixty = draw(160, "sixty", number, period) == 0
    if is_away:
        due = done = 0
    elif is_at_sixty:  # 75% of the work, 60 of quality, 12 defects, every prescription right: 30 + 18 + 2 + 10
        done = due * 3 // 4
    elif draw(10, "as due", number, period) < 3:
        done = due
    else:
        rate = 930 + tilt(170, "able", number) + tilt(190, "work", number, period)
        done = scaled(due, rate)
    figures[number, "workload_due"] = due
    figures[number, "workload"] = done
    defects = (0, 1, 2, 3, 5, 8)[pick((40, 22, 16, 11, 7, 4), "defects", number, period)]
    figures[number, "record_defects"] = 12 if is_at_sixty else defects
    reviewed = 0 if draw(33, "review", number, period) == 0 else _REVIEWED[draw(5, "reviewed", number, period)]
    failed = (0, 1, 2, 3, 5)[pick((58, 24, 11, 5, 2), "failed", number, period)]
    if is_at_sixty:
        reviewed, failed = 20, 0
    figures[number, "prescriptions_reviewed"] = reviewed
    figures[number, "prescriptions_passed"] = max(reviewed - failed, 0)
    score = 855 + tilt(90, "skill", number) + tilt(70, "quality", number, period)
    figures[number, "medical_quality"] = Decimal(60) if is_at_sixty else _half_points(score)
    if draw(25, "sent", number, period) == 0:
        figures[number, "sent_down_days"] = 2 + draw(11, "days", number, period)


def _other(person: Person, stint: Stint, period: Period, figures: Figures) -> None:
    number = person.number
    is_low = draw(180, "low", number, period) == 0
    score = 865 + tilt(90, "duty", number) + tilt(70, "duties", number, period)
    figures[number, "duty_score"] = Decimal(60 if draw(2, "sixty", number) else 52) if is_low else _half_points(score)
    is_new = period.first_day <= person.stints[0].first_day <= period.last_day
    if period.number % 3 == 0 or is_new:  # newcomers are examined when they start
        figures[number, "training_grade"] = _TRAINING[pick((24, 71, 5), "training", number, period)]
    if stint.category == "nurse":
        score = 885 + tilt(80, "care", number) + tilt(60, "caring", number, period)
        figures[number, "nursing_quality"] = Decimal(60) if is_low else _half_points(score)
    elif stint.category in ("public_health", "village_doctor"):
        due = 30 + 2 * draw(30, "follow", number)
        missed = 0 if draw(10, "all", number, period) < 4 else draw(due // 5, "missed", number, period)
        figures[number, "followups_due"] = due
        figures[number, "followups_done"] = due - missed


def _half_points(tenths: int) -> Decimal:
    return Decimal(min(max(tenths, 0), 1000) // 5 * 5) / 10


def _share_out(total: int, numbers: list[str], figures: Figures) -> None:
    """Whole patients, each with somebody: the parts add up to the town's number."""
    weights = [8 + draw(9, "panel", number) for number in numbers]
    left, left_weight = total, sum(weights)
    for number, weight in zip(numbers, weights, strict=True):
        share = left * weight // left_weight
        figures[number, "htn_standard"] = share
        left -= share
        left_weight -= weight
