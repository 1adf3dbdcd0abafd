"""Every flow of money in the library, switched on by a layer and run as files; each amount is worked out by hand beside it."""

import csv
import io
import re

import pytest
from tests.integration.cli_terminal import Terminal

SCORES = "scheme,subject,period,item,type,value,points,weight,score,grade,rank,of,coefficient,status,reason\n"
COLUMNS = ("level", "kind", "parent", "tier", "lead", "head", "category", "pay_group", "sent_down", "post_coefficient")
CONSORTIUM = """
G consortium consortium
H institution lead_hospital G tier=county lead=yes
T institution township_hospital G tier=town lead=no
"""


class Flow:
    """A county in a folder: subjects, facts and scores as lines, rules of the library switched on by a layer."""

    def __init__(self, terminal: Terminal) -> None:
        self.terminal = terminal

    def subjects(self, text: str) -> None:
        """`SUBJECT LEVEL KIND PARENT name=value from=DATE to=DATE`."""
        extra = sorted({name for name, _ in re.findall(r"(\w+)=(\S+)", text)} - {"from", "to"})
        rows = [["subject", "level", "kind", "parent", "from", "to", *extra]]
        for line in filter(str.strip, text.splitlines()):
            words = line.split()
            given = dict(word.split("=") for word in words if "=" in word)
            plain = [word for word in words if "=" not in word]
            first = (*plain, "", "")[:4]
            rows.append([*first, given.get("from", ""), given.get("to", ""), *(given.get(name, "") for name in extra)])
        self.terminal.write({"S.csv": "".join(",".join(row) + "\n" for row in rows)})

    def facts(self, period: str, text: str) -> None:
        """`SUBJECT measure value`, `measure.item` of an item, `measure@PERIOD` of another period."""
        rows = ["subject,period,measure,item,value"]
        for line in filter(str.strip, text.splitlines()):
            subject, measure, value = line.split()
            name, _, other = measure.partition("@")
            name, _, item = name.partition(".")
            rows.append(f"{subject},{other or period},{name},{item},{value}")
        self.terminal.write({"F.csv": "\n".join(rows) + "\n"})

    def scores(self, period: str, text: str) -> None:
        """`SCHEME SUBJECT SCORE GRADE COEFFICIENT`."""
        rows = []
        for line in filter(str.strip, text.splitlines()):
            scheme, subject, score, grade, coefficient = (*line.split(), "", "")[:5]
            rows.append(f"{scheme},{subject},{period},total,total,,,,{score},{grade},,,{coefficient},scored,\n")
        self.terminal.write({"scores.csv": SCORES + "".join(rows)})

    def run(
        self, period: str, *codes: str, opening: str = "", out: str = "L.csv", exits: int = 0, also: str = ""
    ) -> "Closing":
        on = "  surplus_to_members.enabled: no\n" + "".join(f"  {code}.enabled: yes\n" for code in codes)
        on += f"  {also}\n" if also else ""
        layer = "layer: ours\ntitle: 本县启用\nsource: {document: 县文件, clause: 第一条}\nover: library\nset:\n"
        self.terminal.write({"rules/ours.yaml": layer + on})
        asked = [word for code in codes for word in ("--distribution", code)]
        files = ["--subjects", "S.csv", "--facts", "F.csv", "--out", out]
        files += ["--scores", "scores.csv"] if self.terminal.exists("scores.csv") else []
        files += ["--opening", opening] if opening else []
        said = self.terminal("distribute", "--specs", "rules", *asked, "--period", period, *files, "--json")
        issues = [issue for issue in said.json if issue["severity"] != "info"]
        assert said.exit == exits, "".join(f"{i['code']} {i.get('subject')} {i['found']}\n" for i in issues)
        return Closing(self.terminal.read(out), issues)


class Closing:
    """The ledger that came out."""

    def __init__(self, text: str, issues: list[dict[str, str]]) -> None:
        self.rows = list(csv.DictReader(io.StringIO(text)))
        self.issues = issues

    def of(self, distribution: str = "") -> dict[str, str]:
        """Account -> yuan in − out, of one distribution or of all; without empty accounts."""
        fen: dict[str, int] = {}
        for row in self.rows:
            if not distribution or row["distribution"] == distribution:
                fen[row["to"]] = fen.get(row["to"], 0) + int(row["amount_fen"])
                fen[row["from"]] = fen.get(row["from"], 0) - int(row["amount_fen"])
        assert sum(fen.values()) == 0
        return {account: f"{amount / 100:.2f}" for account, amount in sorted(fen.items()) if amount}

    def codes(self) -> list[str]:
        return [issue["code"] for issue in self.issues if issue["code"] != "gains-by-silence"]


@pytest.fixture
def flow(terminal: Terminal) -> Flow:
    return Flow(terminal)


def test_every_way_of_settling_a_surplus_of_six_percent(flow):
    """Budget 1,000, spent 700 + 240, so 60 万元 are left; 60,000 insured; 90 points; employees 50 万元 left."""
    flow.subjects(CONSORTIUM)
    flow.facts(
        "2024",
        """
        G settlement_budget 1000
        G spending_in_county 700
        G spending_outside 240
        G reasonable_excess 0
        G fund_appraisal_score 90
        G employee_budget 500
        G employee_spending 450
        G admission_ratio 0.015
        G risk_track 单向
        H insured 40000
        T insured 20000
        """,
    )
    ways = {
        "settlement_shared": "480000.00",  # 20 × 100% + 40 × 70% = 48
        "settlement_borne_alone": "600000.00",
        "settlement_five_steps": "232000.00",  # 16 × 50% + 16 × 60% + 8 × 70% = 23.2
        "settlement_guangyuan": "270000.00",  # 60 × 20% + 50 × 30% = 27
        "settlement_taicang": "180000.00",  # 60 × 30% = 18, under 3% of 1,000
        "settlement_huainan": "600000.00",
        "settlement_tracks": "270000.00",  # 60,000 insured: 2% reached; 60 × 50% × 90% = 27
    }
    closing = flow.run("2024", *ways, "settlement_lead_bears")
    found = {code: closing.of(code).get("reserve:settled_surplus:G") for code in ways}
    assert found == ways
    assert closing.of("settlement_lead_bears") == {}
    assert set(closing.codes()) == {"distributions-not-together"}  # asked for side by side; a county switches on one


def test_an_overspend_is_paid_from_what_was_kept_before_or_by_the_lead_hospital(flow):
    flow.subjects(CONSORTIUM)
    flow.facts("2024", "G settlement_budget 1000\nG spending_in_county 700\nG spending_outside 250\n")
    flow.run("2024", "settlement_borne_alone", out="2024.csv")
    flow.facts("2025", "G settlement_budget 1000\nG spending_in_county 800\nG spending_outside 230\n")
    closing = flow.run("2025", "settlement_borne_alone", "settlement_lead_bears", opening="2024.csv")
    assert closing.of("settlement_borne_alone") == {
        "outside:医保经办机构": "300000.00",
        "reserve:settled_surplus:G": "-300000.00",
    }
    assert closing.of("settlement_lead_bears") == {"institution:H": "-300000.00", "outside:医保经办机构": "300000.00"}
    refused = flow.run("2025", "settlement_borne_alone", exits=1)
    assert refused.rows == []
    assert refused.codes() == ["reserve-too-small"]


def test_a_surplus_goes_to_county_town_and_village_with_a_member_that_left_and_one_without_a_score(flow):
    """480,000 by 6∶3∶1; in the towns 18,000 (T), 18,000 × 182 ÷ 366 days (T2), 20,000 × 100% × half (P, held)."""
    flow.subjects(
        CONSORTIUM
        + """
        T2 institution township_hospital G tier=town to=2024-06-30
        P institution private_hospital G tier=town
        V institution village_clinic G tier=village
        """
    )
    money = "G settlement_budget 1000\nG spending_in_county 700\nG spending_outside 240\nG reasonable_excess 0\n"
    people = "H population 300000\nT population 20000\nT2 population 20000\nP population 20000\nV population 2000\n"
    flow.facts("2024", money + "G fund_appraisal_score 90\n" + people)
    flow.scores("2024", "member_yearly H 90\nmember_yearly T 90\nmember_yearly T2 90\nclinic_yearly V 80\n")
    closing = flow.run("2024", "settled_surplus_to_members", "settlement_shared", exits=1)
    assert closing.of("settled_surplus_to_members") == {
        "reserve:settled_surplus:G": "-480000.00",
        "reserve:yearly_surplus:H": "288000.00",
        "reserve:yearly_surplus:T": "70147.29",  # 144,000 × 18,000 ÷ 36,950.8197
        "reserve:yearly_surplus:T2": "34881.99",  # 144,000 × 8,950.8197 ÷ 36,950.8197
        "held:P": "38970.72",  # 144,000 × 10,000 ÷ 36,950.8197
        "reserve:yearly_surplus:V": "48000.00",
    }
    assert closing.codes() == ["score-missing"]


def test_an_empty_tier_keeps_its_part_where_the_rule_holds_it(flow):
    """100,000: county 60,000; towns 18,000 by population 2∶1 and 12,000 by work 1∶1; the villages' 10,000 wait."""
    flow.subjects(CONSORTIUM + "T2 institution township_hospital G tier=town\n")
    flow.facts(
        "2024",
        """
        G settlement_budget 100
        G spending_in_county 80
        G spending_outside 10
        H population 300000
        H visits 100000
        H discharges 20000
        T population 20000
        T visits 4000
        T discharges 200
        T2 population 10000
        T2 visits 6000
        T2 discharges 0
        """,
    )
    flow.scores("2024", "member_yearly H 80\nmember_yearly T 90\nmember_yearly T2 90\n")
    closing = flow.run("2024", "settlement_borne_alone", "surplus_by_workload", exits=1)
    assert closing.of("surplus_by_workload") == {
        "reserve:settled_surplus:G": "-100000.00",
        "reserve:yearly_surplus:H": "60000.00",
        "reserve:yearly_surplus:T": "18000.00",
        "reserve:yearly_surplus:T2": "12000.00",
        "held:G": "10000.00",
    }


def test_the_package_becomes_budgets_of_members_and_their_surplus_and_loss(flow):
    """1,000 − 5%: 570 by 600∶200, 285 by 1∶1, 95 by 1.2∶0.8. H saves 27 × 70% × 90%; T bears 10 × 30%."""
    flow.subjects(CONSORTIUM)
    flow.facts("2023", "H member_quality_reserve 0\nT member_quality_reserve 50000\n")
    flow.scores("2023", "member_yearly H 80\nmember_yearly T 80\n")
    flow.run("2023", "quality_reserve_returned", out="2023.csv")
    flow.facts(
        "2024",
        """
        G settlement_budget 1000
        H member_spending@2023 600
        T member_spending@2023 200
        H insured 50000
        T insured 50000
        H budget_adjustment 1.2
        T budget_adjustment 0.8
        H member_quota 627
        T member_quota 323
        H member_spending 600
        T member_spending 333
        """,
    )
    flow.scores("2024", "member_yearly H 90\nmember_yearly T 80\n")
    closing = flow.run("2024", "member_budgets", "member_surplus", opening="2023.csv")
    assert closing.of("member_budgets") == {
        "outside:医保经办机构": "-10000000.00",
        "reserve:budget_risk:G": "500000.00",
        "reserve:member_budget:H": "6270000.00",
        "reserve:member_budget:T": "3230000.00",
    }
    assert closing.of("member_surplus") == {
        "outside:医保经办机构": "-140100.00",
        "reserve:insurance_income:H": "170100.00",
        "reserve:insurance_income:T": "-30000.00",
    }
    refused = flow.run("2024", "member_surplus", exits=1)
    assert (refused.rows, refused.codes()) == ([], ["reserve-too-small"])
    assert [issue["subject"] for issue in refused.issues if issue["code"] == "reserve-too-small"] == ["T"]


def test_a_month_of_drgs_is_settled_group_by_group(flow):
    """H: 10 × 0.8 × 10,000 − 75,000 and 5 × 1.1 × 10,000 − 58,000; T: 20 × 0.6 × 10,000 × 0.9 − 100,000."""
    flow.subjects(CONSORTIUM)
    flow.facts(
        "2025-03",
        """
        G weight_rate 10000
        H member_rate 1
        H grouped_cases.BR23 10
        H grouped_cost.BR23 75000
        H grouped_cases.GB15 5
        H grouped_cost.GB15 58000
        H grouped_cases.OC15 1
        T member_rate 0.9
        T grouped_cases.ES23 20
        T grouped_cost.ES23 100000
        """,
    )
    closing = flow.run("2025-03", "drg_month", exits=1)
    moved = [(r["from"], r["to"], r["amount_fen"]) for r in closing.rows if r["line"] == "病组结余"]
    assert moved == [
        ("outside:医保经办机构", "reserve:insurance_income:H", "500000"),
        ("outside:医保经办机构", "reserve:insurance_income:T", "800000"),
        ("reserve:insurance_income:H", "outside:医保经办机构", "300000"),
        ("outside:医保经办机构", "reserve:insurance_income:H", "0"),  # no cost reported for OC15: nothing, and said
    ]
    said = [r["explanation"] for r in closing.rows if r["step"].endswith("GB15")]
    assert said == [
        (
            "病组结余·阑尾手术:分组病例数·GB15 5 × 阑尾手术·weight 1.1 × 每权重费率 10,000.00 元 × 成员单位费率系数 1"
            " − 病组实际费用·GB15 58,000.00 元 = -3,000.00 元"
        ),
    ]
    assert closing.codes() == ["pay-not-computed"]


def test_four_levels_bring_the_public_health_money_and_it_is_advanced_and_settled(flow):
    """The figures of 雨花区, 2020: 927,400 × 9 = 8,346,600, whole yuan from each level, the county takes the balance."""
    flow.subjects(CONSORTIUM + "T2 institution township_hospital G tier=town\n")
    flow.facts(
        "2024",
        """
        G grant_per_head 9
        G grant_population 927400
        T population 30000
        T2 population 10000
        T projects_done.record 100000
        T projects_done.hypertension 60000
        T subsidy_coefficient 0.9
        T2 projects_done.elderly 6000
        T2 subsidy_coefficient 1
        """,
    )
    closing = flow.run("2024", "public_health_settlement", "public_health_advance", "public_health_grant")
    assert closing.of("public_health_grant") == {
        "outside:中央财政": "-5007960.00",
        "outside:省级财政": "-667728.00",
        "outside:市级财政": "-1068364.00",
        "outside:县级财政": "-1602548.00",
        "reserve:public_health_grant:G": "8346600.00",
    }
    advance, settled = closing.of("public_health_advance"), closing.of("public_health_settlement")
    income = "reserve:public_health_income"
    assert (advance[f"{income}:T"], advance[f"{income}:T2"]) == ("2503980.00", "834660.00")  # 40%, 3∶1
    assert settled == {
        f"{income}:T": "646020.00",  # (100,000 × 20 + 60,000 × 25) × 0.9 − 2,503,980
        f"{income}:T2": "-54660.00",  # 6,000 × 130 − 834,660
        "reserve:public_health_carried:G": "4416600.00",
        "reserve:public_health_grant:G": "-5007960.00",
    }
    assert closing.of().get("reserve:public_health_grant:G") is None


MARKET_REPORTED = "institution_month_pool.parameters.market_reported: 1"  # settled outside, not by internal_market
POOL = """
T approved_pool 10000
T market_net -500
D1 direct_cost 3000
D1 allocated_cost 1000
D1 cost_budget 5000
D2 direct_cost 2000
D2 allocated_cost 500
D2 cost_budget 2500
"""
TOWN = """
G consortium consortium
T institution township_hospital G tier=town
D1 department department T
D2 department department T
"""


def test_the_pool_of_the_month_reaches_people_who_joined_work_part_time_or_hold_two_posts(flow):
    """12,000 − 500 + 1,000 × 30% = 11,800; director 590; night 160, duty 50; 11,000 by 50∶40∶10.

    Physicians: p1 0.9, p2 0.9 × 16 ÷ 31 = 0.4645 (joined on the 16th), p5 0.5 × 0.9 = 0.45, of 1.8145 together. Support:
    p3 0.5 × 0.8 and p5 in its second post 0.5 × 0.8. The establishment (bianzhi) of nobody counts.
    """
    flow.subjects(
        TOWN
        + """
        p1 person doctor D1 head=no category=doctor pay_group=physician post_coefficient=1 fte=1 bianzhi=在编
        p2 person doctor D1 head=no category=doctor pay_group=physician post_coefficient=1 fte=1 from=2025-03-16 bianzhi=编外
        p3 person nurse D2 head=no category=nurse pay_group=support post_coefficient=1 fte=0.5 bianzhi=编外
        p4 person admin D2 head=no category=admin pay_group=office post_coefficient=1 fte=1 bianzhi=在编
        p5 person doctor D1 head=no category=doctor pay_group=physician post_coefficient=1 fte=0.5 bianzhi=在编
        p5 person nurse D2 head=no category=nurse pay_group=support post_coefficient=1 fte=0.5 bianzhi=在编
        """
    )
    each = "{0} attendance_days 22\n{0} work_days 22\n{0} quality_rate 0.9\n{0} night_shifts {1}\n{0} duty_shifts {2}\n"
    shifts = {"p1": (2, 0), "p2": (0, 0), "p3": (0, 0), "p4": (0, 1), "p5": (0, 0)}
    people = "".join(each.format(who, *had) + f"{who} sent_down_days 0\n" for who, had in shifts.items())
    flow.facts("2025-03", POOL + people)
    doctors = "doctor_monthly p1 90\ndoctor_monthly p2 90\ndoctor_monthly p5 90\n"
    others = "other_monthly p3 80\nother_monthly p4 80\nother_monthly p5 80\n"
    flow.scores("2025-03", "township_monthly T 90 优秀 1.2\n" + doctors + others)
    closing = flow.run("2025-03", "staff_541", "institution_month_pool", also=MARKET_REPORTED)
    assert closing.of("institution_month_pool") == {"institution:T": "11800.00", "outside:单位自有资金": "-11800.00"}
    assert closing.of("staff_541") == {
        "institution:T": "-11800.00",
        "reserve:director_fund:T": "590.00",
        "person:p1": "2888.03",  # 160 + 5,500 × 0.9 ÷ 1.8145 = 2,728.0243
        "person:p2": "1407.96",  # 5,500 × 0.4645 ÷ 1.8145
        "person:p3": "2200.00",
        "person:p4": "1150.00",  # 50 + 1,100
        "person:p5": "3564.01",  # 5,500 × 0.45 ÷ 1.8145 + 2,200
    }


def test_money_goes_to_departments_and_teams_and_from_there_to_their_people(flow):
    """11,800: director 590, D1 saves 1,000 × 10%; 11,110 by 600 × 90% and 571. Teams 12,000 by 1,800 and 1,200."""
    flow.subjects(
        TOWN
        + """
        Q1 team family_doctor_team T
        Q2 team family_doctor_team T
        p1 person doctor D1 head=no category=doctor post_coefficient=1 fte=1
        p2 person doctor D1 head=no category=doctor post_coefficient=1.2 fte=1
        p3 person nurse D2 head=no category=nurse post_coefficient=1 fte=1
        q1 person doctor Q1 head=no category=doctor post_coefficient=1.5 fte=1
        q2 person nurse Q1 head=no category=nurse post_coefficient=1 fte=1
        q3 person doctor Q2 head=no category=doctor post_coefficient=1 fte=1
        """
    )
    people = "".join(f"{who} attendance_days 22\n{who} work_days 22\n" for who in ("p1", "p2", "p3"))
    flow.facts(
        "2025-03",
        POOL
        + people
        + """
        D1 department_workload 600
        D1 department_score 90
        D2 department_workload 571
        D2 department_score 100
        T team_public_health 9000
        T team_insurance 3000
        Q1 team_signed 2000
        Q1 team_score 90
        Q2 team_signed 1500
        Q2 team_score 80
        q1 team_services 100
        q2 team_services 50
        q3 team_services 7
        """,
    )
    people = "doctor_monthly p1 90\ndoctor_monthly p2 75\nother_monthly p3 80\n"
    flow.scores("2025-03", "township_monthly T 90 优秀 1.2\n" + people)
    codes = (
        "family_team_staff",
        "family_team_accounts",
        "department_staff",
        "department_pools",
        "institution_month_pool",
    )
    closing = flow.run("2025-03", *codes, also=MARKET_REPORTED)
    assert closing.of() == {
        "outside:单位自有资金": "-11800.00",
        "outside:公卫和医保经费": "-12000.00",
        "reserve:director_fund:T": "590.00",
        "person:p1": "2750.00",  # D1 5,400 + 100, by 1 × 90% and 1.2 × 75%
        "person:p2": "2750.00",
        "person:p3": "5710.00",
        "person:q1": "5400.00",  # Q1 7,200, by 1.5 × 100 and 1 × 50
        "person:q2": "1800.00",
        "person:q3": "4800.00",
    }


def test_doctors_are_paid_by_items_drgs_work_points_and_grades(flow):
    flow.subjects(
        """
        G consortium consortium
        H institution lead_hospital G tier=county
        p1 person doctor H head=no category=doctor
        p2 person doctor H head=no category=doctor
        """
    )
    flow.facts(
        "2025-03",
        """
        H physician_fee_total 2000
        H drg_pay_total 1530
        H salary_total 3000
        H approved_pool 2350
        H market_net 0
        H direct_cost 0
        H allocated_cost 0
        H cost_budget 0
        p1 fee_quantity.consult 100
        p1 fee_quantity.debridement 10
        p1 own_cost 65
        p2 fee_quantity.ward_round 10
        p2 own_cost 0
        p1 doctor_cases.BR23 10
        p1 doctor_cases.GB15 2
        p1 cmi_factor 1
        p1 quality_rate 0.95
        p2 doctor_cases.ES23 17
        p2 cmi_factor 0.5
        p2 quality_rate 0.85
        p1 base_work_points 0
        p1 workload 130
        p1 workload_due 100
        p1 award_work_points 0
        p2 base_work_points 61
        p2 workload 100
        p2 workload_due 100
        p2 award_work_points 0
        """,
    )
    flow.scores("2025-03", "lead_monthly H 80 良好 1\ndoctor_monthly p1 90 优秀 1.5\ndoctor_monthly p2 100 合格 1\n")
    codes = ("physician_fee_items", "physician_fee", "drg_points", "work_points_graded", "graded_pay")
    closing = flow.run("2025-03", *codes, "institution_month_pool")
    paid = {code: [closing.of(code)[f"person:{who}"] for who in ("p1", "p2")] for code in codes}
    assert paid == {
        "physician_fee_items": ["1300.00", "130.00"],  # 845 + 520 − 65; 10 × 2 × 6.5
        "physician_fee": ["1826.09", "173.91"],  # 2,000 by 210 and 20 points
        "drg_points": ["1020.00", "510.00"],  # 10 × 0.8 + 2 × 1.1 = 10.2; 17 × 0.6 × 0.5 = 5.1
        "work_points_graded": ["1390.00", "1610.00"],  # 100 + 24 + 15 = 139; 61 + 100
        "graded_pay": ["1350.00", "1000.00"],  # 1.5 × 90 and 1 × 100
    }
    assert closing.of("physician_fee_items")["reserve:staff_reserve:H"] == "570.00"


def test_staff_sent_down_are_paid_by_the_institution_that_they_serve(flow):
    """4% of an increment of 100,000 by 10 × 1.2 and 8 × 1; half of 8,000 − 5,000 in the same way."""
    flow.subjects(
        CONSORTIUM
        + """
        p1 person doctor H head=no sent_down=no post_coefficient=1.2 to=2025-02-28
        p1 person doctor T head=no sent_down=yes post_coefficient=1.2 from=2025-03-01
        p2 person doctor T head=no sent_down=yes post_coefficient=1
        p3 person doctor T head=no sent_down=no post_coefficient=1
        """
    )
    flow.facts(
        "2025-03",
        """
        H business_income 1
        H business_income@2024-03 1
        H sent_down_income 0
        H sent_down_cost 0
        T business_income 600000
        T business_income@2024-03 500000
        T sent_down_income 8000
        T sent_down_cost 5000
        p1 sent_down_days 10
        p2 sent_down_days 8
        """,
    )
    closing = flow.run("2025-03", "sent_down_from_increment", "sent_down_from_net_income")
    assert closing.of("sent_down_from_increment") == {
        "outside:基层受援单位": "-4000.00",
        "person:p1": "2400.00",
        "person:p2": "1600.00",
    }
    assert closing.of("sent_down_from_net_income")["person:p1"] == "900.00"


def test_the_surplus_of_chronic_care_goes_to_the_teams(flow):
    """100,000: 70% by 3,000 and 1,000 signed, 30% by 2,400 and 600."""
    flow.subjects("G consortium consortium\nQ1 team family_doctor_team G\nQ2 team family_doctor_team G\n")
    facts = "G chronic_surplus 10\nQ1 team_signed@2024-12 3000\nQ1 team_score@2024-12 80\n"
    flow.facts("2024", facts.replace("@2024-12", "") + "Q2 team_signed 1000\nQ2 team_score 60\n")
    closing = flow.run("2024", "chronic_surplus_to_teams")
    assert closing.of() == {
        "outside:医保经办机构": "-100000.00",
        "institution:Q1": "76500.00",
        "institution:Q2": "23500.00",
    }
