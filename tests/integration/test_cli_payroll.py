"""`perf-pay payroll`: looked at, records brought along, accepted, exported, withdrawn."""

import json

import pytest
from tests.integration.cli_june import SPECS
from tests.unit.appraisal.payroll_world import MEASURES, NET


@pytest.fixture
def july(published):
    """June published, to be paid in July, with a payroll rule beside the others."""
    (published.folder / "rules" / "payroll.yaml").write_text(MEASURES + NET, encoding="utf-8")
    return published


def fill(folder):
    """Everybody's template with nothing earned and nothing taken before."""
    path = folder / "期初.csv"
    lines = path.read_text(encoding="utf-8-sig").splitlines()
    head = lines[0].split(",")
    filled = [
        ",".join(
            cell or ("0" if name.startswith("累计") else "") for name, cell in zip(head, line.split(","), strict=True)
        )
        for line in lines[1:]
    ]
    path.write_text("\n".join([lines[0], *filled]) + "\n", encoding="utf-8")
    return len(filled)


def test_from_the_template_to_the_pay_file(july):
    looked = july("payroll", "2025-06", *SPECS)
    assert looked.exit == 1
    assert "tax-record-missing" in looked.out
    assert july("payroll", "2025-06", "--opening-template", "期初.csv", *SPECS).exit == 0
    count = fill(july.folder)
    assert count > 0
    assert july("payroll", "2025-06", "--opening", "期初.csv", *SPECS, "--by", "王五").exit == 0
    found = july("payroll", "2025-06", "--pay-month", "2025-07", *SPECS, "--json")
    [paid] = json.loads(found.out)
    people = paid["people"]
    assert len(people) == count
    assert all(one["gross_fen"] == one["net_fen"] + one["tax_fen"] + one["deductions_fen"] for one in people)
    who = people[0]["staff_no"]
    one = july("payroll", "2025-06", "--person", who, *SPECS)
    assert "累计减除费用:5,000 ×" in one.out
    assert july("payroll", "2025-06", "--accept", *SPECS).exit == 2
    done = july("payroll", "2025-06", "--accept", "--by", "王五", "--reason", "7月工资", *SPECS)
    assert done.exit == 0
    assert "P1" in done.out
    assert july("export", "payfile", "-o", "发放表.csv", "--run", "2025-06").exit == 0
    rows = (july.folder / "发放表.csv").read_text(encoding="utf-8-sig").splitlines()
    assert rows[0] == "单位,工号,姓名,应发,扣款,个税,实发"
    assert len(rows) == 1 + count
    assert july("payroll", "2025-06", *SPECS).exit == 4
    assert july("payroll", "2025-06", "--withdraw", "--reason", "重算").exit == 0
    assert july("payroll", "2025-06", "--withdraw", "--reason", "重算").exit == 4


def test_one_thing_at_a_time(july):
    assert july("payroll", "2025-06", "--accept", "--withdraw", *SPECS).exit == 2


def test_somebody_who_is_not_paid_is_told(july):
    assert july("payroll", "2025-06", "--person", "999999", *SPECS).exit == 4
