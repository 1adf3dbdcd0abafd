"""People's pay on the demonstration county, every way of paying worked out again from what the generator reports.

Scores are taken as printed; everything behind them is done here with fractions and whole fen.
"""

import csv
import io
from collections import Counter
from fractions import Fraction

import pytest
from demo_county import SmallCounty
from openpyxl import load_workbook
from pypdf import PdfReader

from perf.kernel.periods import parse_period
from perf.pdf import statement_pdf
from perf.services.county.monthly import institution_figures
from perf.services.county.pay_figures import WARD_CASES, pay_figures, pay_items
from perf.services.county.payroll_book import wages_of
from perf.services.county.people import people_of
from perf.services.county.personal import person_figures
from perf.services.county.plan import load_county
from perf.services.county.ways import stands_in
from perf.services.demo import MAKER
from perf.services.pay_files import net_pay_workbook
from perf.services.statements import one_statement

JUNE, JULY = parse_period("2025-06"), parse_period("2025-07")
MONTHS = [parse_period(text) for text in ("2024-04", "2024-05", "2024-06", "2025-03", "2025-04", "2025-05", "2025-06")]
RUNS = ("2025-04", "2025-05", "2025-06")
STAFF = {
    "G1": {"LJ01": 40, "LJ02": 72, "LJ05": 70, "LJ09": 20, "LJ10": 20},
    "G2": {"LJ12": 40, "LJ13": 70, "LJ14": 24, "LJ16": 8},
}
ENTERED = """\
period,staff_no,kind,amount,line,account,reason,document
2025-04,005006,扣款,5000,违规扣款,绩效结存,违规收费退款由本人承担,处〔2025〕4号
2025-04,005012,暂缓发放,,暂缓发放,,配合调查,纪检〔2025〕8号
2025-05,005012,暂缓发放,,暂缓发放,,调查未结束,纪检〔2025〕8号
2025-05,010006,停发,,停发,绩效结存,旷工超过10天,人事〔2025〕21号
2025-05,005038,暂缓发放,,暂缓发放,,5月31日去世 待办继承手续,人事〔2025〕23号
2025-05,009006,退回,150,银行退票,,4月绩效因账号注销被银行退回,财务〔2025〕12号
2025-06,005012,恢复发放,,恢复发放,,调查结束 未发现违纪,纪检〔2025〕11号
2025-06,005038,恢复发放,,去世人员绩效,,继承公证已办 发给继承人,公证〔2025〕208号
2025-06,009006,恢复发放,150,退票补发,,已登记新账号,财务〔2025〕15号
2025-06,005006,核销,100,核销扣款,院长基金,无法追回 经院长办公会同意,院办〔2025〕19号
2025-06,001006,补发,260,单项奖,院长基金,抢救立功,奖〔2025〕9号
"""
DRG = {"BR23": Fraction(8, 10), "ES23": Fraction(6, 10), "GB15": Fraction(11, 10)}
FEE = {"consult": Fraction(13, 10), "ward_round": Fraction(2), "debridement": Fraction(8), "appendectomy": Fraction(60)}
CAPS = {"执业助理医师": 100_000, "住院医师": 100_000, "主治医师": 150_000}
GRADES = {"优秀": Fraction(3, 2), "良好": Fraction(12, 10), "合格": Fraction(1), "不合格": Fraction(8, 10)}
RATES = {"pension": 80, "medical": 20, "unemployment": 5}


class Month:
    """June of one small consortium: what was reported, what came out."""

    def __init__(self, folder, consortium):
        self.made = SmallCounty(folder, consortium, STAFF[consortium], entered=ENTERED)
        self.made.make(MONTHS, RUNS)
        self.county = load_county(self.made.data)
        self.people = people_of(self.county)
        base = institution_figures(self.county, self.people, JUNE)
        base |= person_figures(self.people, base, JUNE)
        own = base | pay_figures(self.county, self.people, base, JUNE)
        self.figures = {key: number(value) for key, value in own.items()}
        self.items = pay_items(self.county, self.people, JUNE)
        self.scores, self.grades = {}, {}
        for row in self.made.scores["2025-06"]:
            if row["type"] == "total" and row["scheme"] in ("doctor_monthly", "other_monthly"):
                self.scores[row["subject"]], self.grades[row["subject"]] = Fraction(row["score"]), row["grade"]

    def posts(self, place):
        """Everybody who is no head, with each post at a place (its departments and teams too) and its share of June."""
        for person in self.people:
            for stint, where in stands_in(self.county, person):
                if not stint.is_head and stint.in_force(JUNE) and (where == place or stint.institution == place):
                    yield person, stint, Fraction(_days(stint), 30)

    def claims(self, place, claim, *, counts=False):
        """Person -> claim(number, stint) x share of June, summed over posts, rounded once to four digits.

        `counts`: what was done in the month is not cut by days; it is parted among all posts by days x FTE.
        """
        found, wholes = Counter(), Counter()
        for person in self.people:
            for stint, _ in stands_in(self.county, person):
                wholes[person.number] += _days(stint) * Fraction(stint.fte)
        for person, stint, share in self.posts(place):
            number = person.number
            part = _days(stint) * Fraction(stint.fte) / wholes[number] if counts else share
            found[number] += claim(number, stint) * part
        rounded = {who: Fraction(half_up(weight * 10_000), 10_000) for who, weight in sorted(found.items())}
        return {who: weight for who, weight in rounded.items() if weight}

    def paid(self, distribution, owner, line=None):
        """Person -> fen of a distribution of one owner, of one line or of all; nothing is held."""
        found = Counter()
        for row in self.made.entries["2025-06"]:
            if (row["distribution"], row["owner"]) == (distribution, owner) and row["line"] in (
                line,
                line or row["line"],
            ):
                kind, _, who = row["to"].partition(":")
                assert kind != "held", row
                if kind == "person":
                    found[who] += int(row["amount_fen"])
        return {who: amount for who, amount in sorted(found.items()) if amount}

    def fund(self, distribution, owner):
        """What an owner had to give out, fen."""
        rows = self.made.entries["2025-06"]
        return sum(
            int(row["amount_fen"])
            for row in rows
            if (row["distribution"], row["owner"], row["step"]) == (distribution, owner, "00-fund")
        )


def _days(stint):
    """Days of June in a post."""
    first, last = max(stint.first_day, JUNE.first_day), min(stint.last_day or JUNE.last_day, JUNE.last_day)
    return max((last - first).days + 1, 0)


def number(value):
    """A figure as an exact number."""
    text = str(value)
    if text.endswith("%"):
        return Fraction(text[:-1]) / 100
    return Fraction(text) if text.replace(".", "").replace("-", "").isdigit() else text


def parts(amount, weights):
    """Largest remainder, ties by the smaller number."""
    whole = sum(weights.values())
    exact = {who: amount * weight / whole for who, weight in weights.items()}
    given = {who: int(value) for who, value in exact.items()}
    for who in sorted(exact, key=lambda one: (given[one] - exact[one], one))[: amount - sum(given.values())]:
        given[who] += 1
    return {who: value for who, value in given.items() if value}


def level_within(amount, weights, low, high):
    """Shares between a floor and a cap, exactly, before rounding: who meets a limit is set there, the others share on."""
    fixed = {}
    while True:
        rest = amount - sum(fixed.values())
        free = {who: weight for who, weight in weights.items() if who not in fixed}
        whole = sum(free.values())
        shares = {who: rest * weight / whole for who, weight in free.items()}
        over = {who: high[who] for who, share in shares.items() if share > high[who]}
        under = {who: low[who] for who, share in shares.items() if share < low[who]}
        gains = sum(shares[who] - limit for who, limit in over.items())
        losses = sum(limit - shares[who] for who, limit in under.items())
        if not over and not under:
            return {**fixed, **shares}
        fixed |= over if gains > losses else under if losses > gains else {**over, **under}


@pytest.fixture(scope="module")
def g1(tmp_path_factory):
    return Month(tmp_path_factory.mktemp("g1"), "G1")


@pytest.fixture(scope="module")
def g2(tmp_path_factory):
    return Month(tmp_path_factory.mktemp("g2"), "G2")


def test_everything_balances_and_every_seal_replays(g1, g2):
    for month in (g1, g2):
        assert month.made.done.is_verified
        assert sum(month.made.moved("2025-06").values()) == 0


def test_fifty_forty_ten_behind_the_directors_fund_and_fixed_prices(g1):
    fund = g1.fund("staff_541", "LJ01")
    rows = [
        row
        for row in g1.made.entries["2025-06"]
        if (row["distribution"], row["line"]) == ("staff_541", "director_fund")
    ]
    director = round(fund * Fraction(5, 100))
    assert [int(row["amount_fen"]) for row in rows] == [director]
    rest = fund - director
    for line, price, measure in (
        ("夜班", 80, "night_shifts"),
        ("值班", 50, "duty_shifts"),
        ("下沉补助", 100, "sent_down_days"),
    ):
        due = {p.number: int(g1.figures.get((p.number, measure), 0)) * price * 100 for p, _, _ in g1.posts("LJ01")}
        assert g1.paid("staff_541", "LJ01", line) == {who: fen for who, fen in sorted(due.items()) if fen}
        rest -= sum(due.values())
    groups = {p.number: s.pay_group for p, s, _ in g1.posts("LJ01")}
    crews = Counter(groups.values())
    blocks = parts(rest, {"physician": Fraction(50), "support": Fraction(40), "office": Fraction(10)})
    paid = g1.paid("staff_541", "LJ01", "绩效")
    for group, block in blocks.items():
        weights = {
            who: weight
            for who, weight in g1.claims("LJ01", lambda n, s: _post_weight(g1, n, s) * _quality(g1, n)).items()
            if groups[who] == group and g1.scores[who] >= 60
        }
        mean = Fraction(block, crews[group])
        low, high = dict.fromkeys(weights, mean * Fraction(2, 5)), dict.fromkeys(weights, mean * Fraction(5, 2))
        expected = level_within(Fraction(block), weights, low, high)
        mine = {who: fen for who, fen in paid.items() if groups[who] == group}
        assert sum(mine.values()) == block
        assert mine.keys() == expected.keys()
        assert all(abs(mine[who] - expected[who]) < 1 for who in mine)


def _post_weight(month, number, stint):
    worked = month.figures[number, "attendance_days"] / month.figures[number, "work_days"]
    return Fraction(stint.coefficient) * Fraction(stint.fte) * worked * month.scores[number] / 100


def _quality(month, number):
    return min(Fraction(1), month.figures[number, "quality_rate"] / Fraction(85, 100))


def test_drg_points_of_the_wards_and_physician_fees_by_item(g1, g2):
    def cases(number, stint):
        if stint.category != "doctor" or stint.department not in WARD_CASES:
            return Fraction(0)
        points = sum(g1.items[number, "doctor_cases", item] * DRG[item] for item in WARD_CASES[stint.department])
        return points * g1.figures[number, "cmi_factor"] * _quality(g1, number)

    assert g1.paid("drg_points", "LJ01") == parts(12_600_000, g1.claims("LJ01", cases, counts=True))

    def fees(number, stint):
        if stint.category != "doctor":
            return Fraction(0)
        points = sum(g2.items[number, "fee_quantity", item] * weight for item, weight in FEE.items())
        return points * _quality(g2, number)

    assert g2.paid("physician_fee", "LJ12") == parts(8_800_000, g2.claims("LJ12", fees, counts=True))


def test_work_points_with_caps_and_with_gradients(g1):
    def points(number, stint):
        own = (g1.figures[number, name] for name in ("base_work_points", "workload", "award_work_points"))
        return max(Fraction(0), sum(own))

    fund = g1.fund("work_points", "LJ10")
    weights = g1.claims("LJ10", points, counts=True)
    doctors = {p.number: Fraction(CAPS[s.title] * 100, 12) for p, s, _ in g1.posts("LJ10") if s.category == "doctor"}
    high = {who: doctors.get(who, Fraction(fund)) for who in weights}
    shares = level_within(Fraction(fund), weights, dict.fromkeys(weights, Fraction(0)), high)
    paid = g1.paid("work_points", "LJ10")
    assert sum(paid.values()) == fund
    assert all(abs(paid[who] - shares[who]) < 1 for who in shares)

    def graded(number, stint):
        due, done = g1.figures[number, "workload_due"], g1.figures[number, "workload"]
        rate = done / due
        above, far = max(Fraction(0), min(rate, Fraction(6, 5)) - 1), max(Fraction(0), rate - Fraction(6, 5))
        steps = min(rate, Fraction(1)) + above * Fraction(12, 10) + far * Fraction(15, 10)
        return max(
            Fraction(0), g1.figures[number, "base_work_points"] + due * steps + g1.figures[number, "award_work_points"]
        )

    fund = g1.fund("work_points_graded", "LJ09")
    assert g1.paid("work_points_graded", "LJ09") == parts(fund, g1.claims("LJ09", graded, counts=True))


def test_grades_have_a_quota_and_weigh_the_score(g2):
    doctors = {p.number for p, s, _ in g2.posts("LJ14") if s.category == "doctor" and s.post != "下沉专家"}
    best = [who for who in doctors if g2.grades[who] == "优秀"]
    assert len(best) <= (len(doctors) * 15 + 50) // 100
    fund = g2.fund("graded_pay", "LJ14")
    weights = g2.claims("LJ14", lambda n, s: GRADES[g2.grades[n]] * Fraction(s.fte) * g2.scores[n])
    assert g2.paid("graded_pay", "LJ14") == parts(fund, weights)


def test_from_the_institution_to_departments_and_their_people(g2):
    units = [unit.code for unit in g2.county.units if unit.parent == "LJ13"]
    fund = g2.fund("department_pools", "LJ13")
    saved = {}
    for unit in units:
        cost = g2.figures[unit, "direct_cost"] + g2.figures[unit, "allocated_cost"]
        saved[unit] = round(max(Fraction(0), (g2.figures[unit, "cost_budget"] - cost) / 10) * 100)
    rest = fund - round(fund * Fraction(5, 100)) - sum(saved.values())
    weights = {u: g2.figures[u, "department_workload"] * g2.figures[u, "department_score"] / 100 for u in units}
    given = parts(rest, weights)
    for unit in units:
        rule = "department_split" if unit == "LJ13B" else "department_staff"
        assert g2.fund(rule, unit) == given[unit] + saved[unit]
        if unit != "LJ13B":
            expected = parts(given[unit] + saved[unit], g2.claims(unit, lambda n, s: _post_weight(g2, n, s)))
            assert g2.paid(rule, unit) == expected


def test_the_head_of_a_ward_splits_its_money_and_gets_the_mean_of_the_best_three(g2):
    points = {p.number: g2.figures.get((p.number, "split_points")) for p, _, _ in g2.posts("LJ13B")}
    head = next(who for who, given in points.items() if given is None)
    assert head == "013021"
    others = {who: given for who, given in points.items() if given is not None}
    assert max(others.values()) >= Fraction(12, 10) * min(others.values())
    weights = others | {head: sum(sorted(others.values())[-3:]) / 3}
    assert g2.paid("department_split", "LJ13B") == parts(g2.fund("department_split", "LJ13B"), weights)


def test_teams_of_family_doctors_and_those_who_are_sent_down(g1, g2):
    teams = [unit.code for unit in g1.county.units if unit.level == "team"]
    given = parts(1_285_050, {t: g1.figures[t, "team_signed"] * g1.figures[t, "team_score"] for t in teams})
    for team in teams:

        def served(number, stint):
            return Fraction(stint.coefficient) * g1.figures[number, "team_services"]

        assert g1.fund("family_team_staff", team) == given[team]
        assert g1.paid("family_team_staff", team) == parts(given[team], g1.claims(team, served))
    experts = [p.number for p, s, _ in g2.posts("LJ14") if s.post == "下沉专家"]
    if experts:
        half = round((Fraction("9680.00") - Fraction("3127.50")) * 50)
        assert sum(g2.paid("sent_down_from_net_income", "LJ14").values()) == half


def test_the_pool_of_the_month_follows_score_and_cost(g2):
    coefficient = {
        row["subject"]: Fraction(row["coefficient"])
        for row in g2.made.scores["2025-06"]
        if row["type"] == "total" and row["scheme"] in ("lead_monthly", "township_monthly")
    }
    found = Counter()
    for row in g2.made.entries["2025-06"]:
        if row["distribution"] == "institution_month_pool" and row["line"] != "fund":
            sign, member = (1, row["to"]) if row["to"].startswith("institution:") else (-1, row["from"])
            found[member.partition(":")[2]] += sign * int(row["amount_fen"])
    for member in STAFF["G2"]:
        units = [unit.code for unit in g2.county.units if unit.parent == member] or [member]
        budget, *costs = (
            sum(g2.figures[unit, name] for unit in units) for name in ("cost_budget", "direct_cost", "allocated_cost")
        )
        approved, saving = g2.figures[member, "approved_pool"], budget - sum(costs)
        share = min(saving * Fraction(30, 100), approved / 20) if saving > 0 else saving * Fraction(20, 100)
        assert found[member] == round(approved * coefficient[member] * 100) + round(share * 100), member


def test_members_that_disagree_are_paid_in_full_once_the_erring_one_reports_again(g2):
    folder = g2.made.folder / "reconcile"
    before, after = (
        {
            (row["provider"], row["receiver"], row["item"]): row
            for row in csv.DictReader(io.StringIO((folder / f"G2-2025-05-{when}.csv").read_text(encoding="utf-8")))
        }
        for when in ("before", "after")
    )
    deal = ("LJ12", "LJ16", "remote_imaging")
    told, mended = before[deal], after[deal]
    assert int(told["provided"]) - int(told["received"]) == 9
    assert told["agreed"] == told["received"]
    assert Fraction(told["disputed"]) == 9 * Fraction(told["price"])
    assert mended["provided"] == mended["received"] == mended["agreed"] == told["provided"]
    assert (mended["disputed"], Fraction(mended["amount"])) == ("0.00", int(told["provided"]) * Fraction(told["price"]))
    paid = [
        int(row["amount_fen"])
        for row in g2.made.entries["2025-05"]
        if row["distribution"] == "internal_market"
        and (row["from"], row["to"]) == ("institution:LJ16", "institution:LJ12")
    ]
    assert int(Fraction(mended["amount"]) * 100) in paid


def moves(month, period, who):
    """(line, from, to, fen) of what was entered for a person."""
    return [
        (row["line"], row["from"].partition(":")[0], row["to"].partition(":")[0], int(row["amount_fen"]))
        for row in month.made.entries[period]
        if row["distribution"] == "adjustment" and who in (row["from"] + row["to"])
    ]


def due(month, period, who):
    """What distributions gave a person in a month, fen."""
    rows = month.made.entries[period]
    return sum(
        int(row["amount_fen"]) * (1 if row["to"] == f"person:{who}" else -1)
        for row in rows
        if row["distribution"] != "adjustment" and f"person:{who}" in (row["to"], row["from"])
    )


def test_pay_is_held_in_an_inquiry_and_for_heirs_and_released(g1):
    for who, line, months in (("005012", "恢复发放", ("2025-04", "2025-05")), ("005038", "去世人员绩效", ("2025-05",))):
        held = [due(g1, period, who) for period in months]
        assert all(amount > 0 for amount in held)
        for period, amount in zip(months, held, strict=True):
            assert moves(g1, period, who) == [("暂缓发放", "person", "held", amount)]
        assert moves(g1, "2025-06", who) == [(line, "held", "person", sum(held))]
    assert due(g1, "2025-06", "005038") == 0  # on no roster any more


def test_a_bounced_transfer_waits_and_is_paid_to_the_new_account(g1):
    assert [move[1:] for move in moves(g1, "2025-05", "009006")] == [("person", "held", 15_000)]
    assert moves(g1, "2025-06", "009006") == [("退票补发", "held", "person", 15_000)]


def test_pay_is_stopped_for_good_and_a_prize_comes_from_the_directors_fund(g1):
    assert moves(g1, "2025-05", "010006") == [("停发", "person", "reserve", due(g1, "2025-05", "010006"))]
    assert moves(g1, "2025-06", "001006") == [("单项奖", "reserve", "person", 26_000)]


def test_a_deduction_takes_a_fifth_of_a_month_and_what_cannot_be_had_is_written_off(g1):
    owed = 500_000
    for period in ("2025-04", "2025-05"):
        taken = min(due(g1, period, "005006") // 5, owed)
        own = [move for move in moves(g1, period, "005006") if move[1] == "person"]
        assert sum(move[3] for move in own) == taken, period
        owed -= taken
    assert owed > 10_000
    june = moves(g1, "2025-06", "005006")
    assert ("核销扣款", "reserve", "reserve", 10_000) in june


def test_from_gross_to_net_for_everybody(g1):
    rows = {row.staff_no: row for row in g1.made.done.net}
    openings = {row["工号"]: row for row in csv.DictReader(io.StringIO(_openings(g1)))}
    people = {person.number: person for person in g1.people}
    checked = 0
    for who, row in rows.items():
        person = people[who]
        stint = person.main_stint(JULY)
        pay = sum(
            int(e["amount_fen"]) * ((e["to"] == f"person:{who}") - (e["from"] == f"person:{who}"))
            for e in g1.made.entries["2025-06"]
        )
        gross, deductions, tax = _net_of(person, stint, pay, openings.get(who))
        assert (row.gross.fen, row.tax.fen) == (gross, tax), who
        assert row.deductions.fen == deductions, who
        assert row.net.fen == gross - deductions - tax
        checked += stint is not None
    assert checked > 200


def _openings(month):
    path = next((month.made.folder / "workbooks/2025-07").glob("*期初*.csv"))
    return path.read_text(encoding="utf-8-sig")


def _net_of(person, stint, pay, opening):
    """Gross, deductions and tax in fen of July's pay."""
    months = 0 if opening is None else int(opening["任职月数"])
    before = {} if opening is None else {key: Fraction(value) * 100 for key, value in opening.items() if "累计" in key}
    wages = wages_of(person, stint) if stint is not None else None
    base = 0 if wages is None else wages.base * 100
    insured = 0 if wages is None else min(max(wages.bases, 4227), 21135) * 100
    housed = 0 if wages is None else min(max(wages.bases, 2060), 25362)
    taken = [half_up(Fraction(insured * rate, 1000)) for rate in RATES.values()]
    taken[1] += 300 if wages else 0  # medical: three yuan besides
    taken.append(half_up(Fraction(housed * 12, 100)) * 100)
    deducted, after = sum(taken), 0 if wages is None else wages.after_tax * 100
    special = before.get("累计专项附加扣除", 0) + (0 if wages is None else wages.special * 100)
    count = months + (1 if stint is not None else 0)
    income = before.get("累计收入", 0) + base + pay
    taxable = income - 500_000 * count - before.get("累计专项扣除", 0) - deducted - special
    low, high = min(max(taxable, 0), 3_600_000), max(taxable - 3_600_000, 0)
    assert high < 10_800_000
    due_tax = half_up(low * Fraction(3, 100) + high * Fraction(10, 100)) - before.get("累计已预扣税额", 0)
    return base + pay, deducted + after, max(due_tax, 0)


def half_up(value):
    """Halves away from zero."""
    return int(value + Fraction(1, 2))


def test_the_statement_and_the_pay_file_show_it(g1):
    store = g1.made.store()
    view = one_statement(store, run="G1:2025-06#1", staff_no="005012", actor=MAKER)
    text = "".join(page.extract_text() for page in PdfReader(io.BytesIO(statement_pdf(view))).pages)
    store.close()
    for word in ("恢复发放", "调查结束", "从应发到实发", "实发合计", view.take_home.net.text()):
        assert word in text
    sheet = load_workbook(io.BytesIO(net_pay_workbook(g1.made.done.net))).active
    table = [[cell.value for cell in row] for row in sheet.iter_rows()]
    head = next(row for row in table if "实发" in row)
    own = next(row for row in table if "005012" in row)
    assert round(own[head.index("实发")] * 100) == view.take_home.net.fen
