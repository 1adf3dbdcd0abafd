"""The package's year: settlement in every way, surplus to members and teams, budgets of members and DRG months, as files."""

from tests.integration.library_flow import CONSORTIUM


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
    (told,) = (issue for issue in refused.issues if issue["code"] == "reserve-too-small")
    assert told["subject"] == "G"
    assert told["found"].endswith("不够扣:T")


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
            "病组结余·阑尾手术:分组病例数·GB15 5 × 阑尾手术·权重 1.1 × 每权重费率 10,000.00 元 × 成员单位费率系数 1"
            " − 病组实际费用·GB15 58,000.00 元 = -3,000.00 元"
        ),
    ]
    assert closing.codes() == ["pay-not-computed"]


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
