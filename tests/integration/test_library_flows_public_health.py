"""Public-health money from four levels, advanced and settled, as files."""

from tests.integration.library_flow import CONSORTIUM


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
