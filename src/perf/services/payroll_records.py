"""Payroll between the engine and the database: what was taken, tax records, lines and working of a person."""

from collections.abc import Mapping
from typing import Any, cast, get_args

from perf.appraisal.payroll_models import LineKind, Opening, PayrollLine, PersonPayroll, Taken
from perf.distribution.withholding import Basis, YearFigures
from perf.kernel.money import Money
from perf.kernel.text import Text
from perf.storage.canonical import canonical_json
from perf.storage.payrolls import PayrollRecord, StoredOpening, Withholding, content_of

FIGURES = tuple(YearFigures.__dataclass_fields__)
BASES: tuple[Basis, ...] = get_args(Basis)


def as_withholding(one: PersonPayroll) -> Withholding:
    """A computed person as it is stored."""
    taken, net = one.taken, one.net
    assert taken is not None  # noqa: S101 - only whoever is computed is stored
    assert net is not None  # noqa: S101
    content = {
        "name": one.name,
        "institution": one.institution,
        "institution_name": one.institution_name,
        "items": {code: amount.fen for code, amount in taken.items.items()},
        "lines": [
            [line.code, line.kind, line.title.zh, line.title.en, line.amount.fen, line.how.zh, line.how.en]
            for line in one.lines
        ],
        "working": [[text.zh, text.en] for text in one.working],
    }
    return Withholding(
        person=one.person,
        employer=one.employer,
        gross=one.gross,
        deductions=one.deductions,
        tax=one.tax,
        net=net,
        income=taken.income,
        tax_free=taken.tax_free,
        contributions=taken.contributions,
        other=taken.other,
        income_tax=taken.tax,
        bonus=taken.bonus,
        bonus_tax=taken.bonus_tax,
        content=canonical_json(content),
    )


def as_taken(record: PayrollRecord, one: Withholding) -> Taken:
    """A stored person as what was taken before."""
    items: Mapping[str, int] = content_of(one).get("items", {})
    return Taken(
        payroll=record.id,
        person=one.person,
        employer=one.employer,
        pay_month=record.pay_month,
        income=one.income,
        tax_free=one.tax_free,
        contributions=one.contributions,
        other=one.other,
        tax=one.income_tax,
        bonus=one.bonus,
        bonus_tax=one.bonus_tax,
        items={code: Money(fen) for code, fen in items.items()},
    )


def as_person(one: Withholding) -> PersonPayroll:
    """A stored person as it was accepted."""
    content = content_of(one)
    return PersonPayroll(
        person=one.person,
        name=content.get("name", one.person),
        institution=content.get("institution", ""),
        institution_name=content.get("institution_name", ""),
        employer=one.employer,
        status="net",
        lines=tuple(map(_line, content.get("lines", ()))),
        gross=one.gross,
        deductions=one.deductions,
        tax=one.tax,
        net=one.net,
        taken=None,
        working=tuple(Text(zh, en) for zh, en in content.get("working", ())),
    )


def as_openings(stored: Mapping[tuple[str, str], StoredOpening]) -> dict[tuple[str, str], Opening]:
    """Stored tax records for the engine."""
    return {
        key: Opening(
            person=one.person,
            employer=one.employer,
            year=one.year,
            through=one.through,
            months=one.months,
            basis=cast("Basis", one.basis),
            figures=YearFigures(*one.figures),
        )
        for key, one in stored.items()
    }


def _line(row: list[Any]) -> PayrollLine:
    code, kind, zh, en, fen, how_zh, how_en = row
    return PayrollLine(code, cast("LineKind", kind), Text(zh, en), Money(fen), Text(how_zh, how_en))
