"""Cases: what a rule must give for figures that can be done by hand. Read here, run by `perf.appraisal`."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from types import MappingProxyType
from typing import Literal

from perf.kernel.issues import Place
from perf.kernel.periods import Period
from perf.specs.payroll_cases import PayrollCase

CaseStatus = Literal["scored", "filled", "not_applicable", "missing", "blocked", "vetoed", "failed"]
_NO_PAYMENTS: Mapping[tuple[str, str], Fraction] = MappingProxyType({})
_NO_TEXTS: Mapping[str, str] = MappingProxyType({})
_NO_NUMBERS: Mapping[str, Fraction] = MappingProxyType({})
_NO_POINTS: Mapping[str, "Fraction | str"] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class CaseFact:
    """A measure's value in a period, where it has them of an item and a counterparty: ratios as ratios, money in yuan."""

    measure: str
    period: Period
    value: Fraction | str
    item: str = ""
    counterparty: str = ""


@dataclass(frozen=True, slots=True)
class CaseSubject:
    """A subject of a case.

    Attributes:
        name: As it stands in the case; empty for the subject itself, `1`, `2` … for unnamed members and peers.
        attributes: Text, as a roster would hold it.
        facts: Its measures; what is not given is missing.
        scores: Scheme -> total; under `""` the total of whichever scheme is asked for.
        figures: `score`, `coefficient`, `grade` of a claimant, as its scorecard would hold them.
        paid: (line, shift) -> yuan that the ledger paid a claimant or the owner before; the shift as written, or empty.
        value: Of a peer whose value of the indicator is given outright, in place of the facts behind it.
    """

    name: str = ""
    attributes: Mapping[str, str] = field(default_factory=lambda: _NO_TEXTS)
    facts: tuple[CaseFact, ...] = ()
    scores: Mapping[str, Fraction] = field(default_factory=lambda: _NO_NUMBERS)
    figures: Mapping[str, Fraction | str] = field(default_factory=lambda: _NO_POINTS)
    value: Fraction | None = None
    paid: Mapping[tuple[str, str], Fraction] = field(default_factory=lambda: _NO_PAYMENTS)


@dataclass(frozen=True, slots=True)
class IndicatorCase:
    """Facts → value and points. `out_of`: the scale of the points; None expectations are not asked."""

    rule: str
    title: str
    period: Period
    subject: CaseSubject
    members: tuple[CaseSubject, ...]
    peers: tuple[CaseSubject, ...]
    parent: CaseSubject | None
    out_of: Fraction
    expect_value: Fraction | str | None
    expect_points: Fraction | None
    expect_status: CaseStatus | None
    place: Place


@dataclass(frozen=True, slots=True)
class CasePost:
    """What a scheme that is weighed by post gave: its total or why there is none, for so many days at an FTE."""

    scheme: str
    total: Fraction | str
    days: int
    fte: Fraction


@dataclass(frozen=True, slots=True)
class SchemePoints:
    """Points per indicator on the item's own scale, or the status of an indicator without points; facts for vetoes.

    `posts`: of a scheme that weighs the totals of others by post.
    """

    name: str
    points: Mapping[str, Fraction | str]
    subject: CaseSubject
    posts: tuple[CasePost, ...] = ()


@dataclass(frozen=True, slots=True)
class SchemeCase:
    """Points → total, grade, rank, coefficient. `peers` stand beside the subject for ranks and quotas."""

    rule: str
    title: str
    period: Period
    given: SchemePoints
    peers: tuple[SchemePoints, ...]
    expect_total: Fraction | None
    expect_grade: str | None
    expect_rank: int | None
    expect_coefficient: Fraction | None
    expect_status: CaseStatus | None
    expect_dimensions: Mapping[str, Fraction]
    place: Place


@dataclass(frozen=True, slots=True)
class DistributionCase:
    """Fund and claims → amounts.

    Attributes:
        fund: The amount to hand out, yuan; None: it follows from the rule's own `fund` formula and the owner's facts.
        owner: Facts and attributes of the owner of the fund.
        balances: Declared account -> yuan before the distribution.
        claims: The claimants, in the order of the file.
        expect: Claimant -> yuan received, or account (`reserve:NAME`, `left`, `held:CLAIMANT`) -> yuan.
        expect_issue: Code of the issue with which the distribution must be refused; empty: it must not be.
    """

    rule: str
    title: str
    period: Period
    fund: Fraction | None
    owner: CaseSubject
    balances: Mapping[str, Fraction]
    claims: tuple[CaseSubject, ...]
    expect: Mapping[str, Fraction]
    expect_issue: str
    place: Place


Case = IndicatorCase | SchemeCase | DistributionCase | PayrollCase
