"""From the pool of the month to departments, teams and people in every way the library has, as files."""

from tests.integration.library_flow import CONSORTIUM

MARKET_REPORTED = "market_net_reported"  # settled outside, not by internal_market
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
    closing = flow.run("2025-03", "staff_541", "institution_month_pool", MARKET_REPORTED)
    assert closing.of("institution_month_pool") == {"institution:T": "12300.00", "outside:单位自有资金": "-12300.00"}
    assert closing.of(MARKET_REPORTED) == {"institution:T": "-500.00", "outside:单位自有资金": "500.00"}
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
    closing = flow.run("2025-03", *codes, MARKET_REPORTED)
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
        p1 person doctor H head=no category=doctor fte=1
        p2 person doctor H head=no category=doctor fte=0.5
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
        "graded_pay": ["1714.86", "635.14"],  # 1.5 × 90 and half of 1 × 100: 135 and 50 of 185
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
