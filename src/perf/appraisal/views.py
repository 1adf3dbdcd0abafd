"""View models of statements and scorecards: finished text and exact money.

PDF, page, terminal and API draw these, and compute nothing.
"""

from dataclasses import dataclass

from perf.kernel.money import Money
from perf.kernel.text import Text

_NO_TEXT = Text("")


@dataclass(frozen=True, slots=True)
class IndicatorLine:
    """One indicator of a scorecard, as printed.

    `mark`: why the score is not an ordinary one, empty for an ordinary one; `is_unconfirmed`: 口径待确认.
    `how`: the value with the numbers in it (`41 ÷ 4000 = 1.025%`); `how_points`: the curve's step
    (`(1.025% − 0.85%) ÷ (1.20% − 0.85%) × 40 + 60 = 80`); `how_score`: `80 ÷ 100 × 30`; `note`: the mark, and what
    is missing.
    `next_step`: how far it is to the value that gives more points, and what that would be worth; empty at the best.
    `sources`: `文件!表!单元格` of its facts. `origin`: what the county's layers changed in its rule, with its file and what
    stood there before.
    """

    code: str
    title: Text
    value: str
    target: str
    points: str
    out_of: str
    weight: str
    score: str
    status: str
    note: Text
    clause: str
    how: Text
    how_points: Text
    how_score: Text
    sources: tuple[str, ...]
    mark: Text = _NO_TEXT
    is_unconfirmed: bool = False
    origin: Text = _NO_TEXT
    next_step: Text = _NO_TEXT


@dataclass(frozen=True, slots=True)
class DimensionBlock:
    """A dimension with its indicators; `points` of `out_of`, and `score` = what it adds to the total.

    `how`: of a part of a total by post, which has no indicators: total × days in post × FTE ÷ all such days.
    """

    code: str
    title: Text
    points: str
    out_of: str
    weight: str
    score: str
    status: str
    lines: tuple[IndicatorLine, ...]
    rounding_difference: str = ""
    how: Text = _NO_TEXT


@dataclass(frozen=True, slots=True)
class PeerBar:
    """A dimension beside its peers: own points, the median of the `count` peers that have points, both of `out_of`."""

    title: Text
    own: str
    median: str
    out_of: str
    count: int


@dataclass(frozen=True, slots=True)
class ScorecardView:
    """One scorecard. `sum_line`: how the printed lines give the total; `rounding_difference` 取整差, may be empty.

    `origin`: what layers changed in the scheme. `peers`: the dimensions beside the peers, empty of a small group.
    """

    scheme: str
    title: Text
    subject: str
    subject_name: str
    period: str
    period_title: Text
    dimensions: tuple[DimensionBlock, ...]
    extra: tuple[IndicatorLine, ...]
    total: str
    sum_line: Text
    rounding_difference: str
    grade: str
    rank: str
    coefficient: str
    status: str
    reason: Text
    outcomes: tuple[str, ...]
    rule: str
    clause: str
    origin: Text = _NO_TEXT
    peers: tuple[PeerBar, ...] = ()


@dataclass(frozen=True, slots=True)
class PathLine:
    """A step of the fund on its way to the claimants: before − out = after, with the reason and clause."""

    title: Text
    before: Money
    out: Money
    after: Money
    how: Text


@dataclass(frozen=True, slots=True)
class PayLine:
    """A line of pay. `how`: the arithmetic with numbers, redoable; `steps`: one a line; `odd_fen`: in fen."""

    code: str
    title: Text
    amount: Money
    how: Text
    steps: tuple[Text, ...]
    odd_fen: int
    status: str
    clause: str


@dataclass(frozen=True, slots=True)
class PayBlock:
    """What one distribution gave this person; `total` is the sum of the lines."""

    distribution: str
    title: Text
    owner: str
    owner_name: str
    path: tuple[PathLine, ...]
    lines: tuple[PayLine, ...]
    total: Money
    rule: str
    origin: Text = _NO_TEXT


@dataclass(frozen=True, slots=True)
class TrendPoint:
    """A month of the trend; None = a gap that stays open. `total` as printed."""

    period: str
    label: str
    total: str | None
    pay: Money | None


@dataclass(frozen=True, slots=True)
class TakeHomeLine:
    """One line from gross to net: what comes in is positive, what is taken negative.

    `is_income`: it is part of the gross pay, even where it lowers it.
    """

    title: Text
    amount: Money
    how: Text
    is_income: bool = True


@dataclass(frozen=True, slots=True)
class TakeHome:
    """What an accepted payroll made of the pay: 应发 − 扣款 − 个税 = 实发, with the arithmetic of the tax.

    `payroll`, `pay_month`: which payroll; it may pay other runs and income beside the ledger too.
    """

    payroll: str
    pay_month: str
    lines: tuple[TakeHomeLine, ...]
    gross: Money
    deductions: Money
    tax: Money
    net: Money
    working: tuple[Text, ...]


@dataclass(frozen=True, slots=True)
class StatementView:
    """A person's whole statement of one month.

    `code` proves it against the sealed run, empty before the seal. `change`: why the pay is another than last month's.
    `level`: of whom it is; `staff_no` is then the code of a member institution.
    """

    staff_no: str
    name: str
    institution: str
    institution_name: str
    department: str
    post: str
    title: str
    category: str
    consortium_name: str
    period: str
    period_title: Text
    run: str
    state: str
    engine: str
    digest: str
    scorecards: tuple[ScorecardView, ...]
    institution_scorecards: tuple[ScorecardView, ...]
    pay: tuple[PayBlock, ...]
    total_pay: Money
    held: Money
    year_to_date: Money
    previous_pay: Money | None
    previous_total: str | None
    trend: tuple[TrendPoint, ...]
    notes: tuple[Text, ...]
    rules: tuple[str, ...]
    category_title: Text = _NO_TEXT
    take_home: TakeHome | None = None
    code: str = ""
    change: tuple[Text, ...] = ()
    level: str = "person"
