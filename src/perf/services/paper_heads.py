"""What stands on every paper of a run: consortium, period, and whether it is sealed."""

from collections.abc import Iterable

from perf.kernel.money import Money
from perf.kernel.money_words import money_in_words
from perf.kernel.periods import parse_period
from perf.services.load_run import LoadedRun
from perf.services.reports import name_of
from perf.storage.runs import Run

DIGEST_SHOWN = 12


def heading_of(loaded: LoadedRun) -> str:
    """`庐江县人民医院医共体 2025年6月`."""
    return f"{name_of(loaded, loaded.run.consortium)} {loaded.run.period.zh()}"


def origin_of(runs: Iterable[Run]) -> str:
    """Which runs a paper was made from, by their seals; a draft says that it is one."""
    return ";".join(_origin(run) for run in runs)


def _origin(run: Run) -> str:
    if run.digest is None:
        return f"核算 {run.id}【草稿,尚未发布,不得据此公示、发放】"
    return f"核算 {run.id},封存 {run.digest[:DIGEST_SHOWN]}"


def pay_month_zh(run: Run) -> str:
    """The month in which a run is paid, `2025年7月`; empty before it is known."""
    return parse_period(run.pay_month).zh() if run.pay_month else ""


def in_words(amount: Money, what: str = "合计") -> str:
    """`合计人民币(大写):叁拾元整(¥30.00)`."""
    return f"{what}人民币(大写):{money_in_words(amount)}(¥{amount})"


def sheet_names(wanted: Iterable[str]) -> list[str]:
    """Names of sheets that differ whatever their case, none longer than a workbook allows."""
    names: list[str] = []
    for text in wanted:
        clean = "".join("-" if character in "[]:*?/\\'" else character for character in text)[:27] or "表"
        name, number = clean, 1
        while name.casefold() in {one.casefold() for one in names}:
            number += 1
            name = f"{clean}-{number}"
        names.append(name)
    return names


def home_of(loaded: LoadedRun, subject: str) -> str:
    """The name of the institution that a subject belongs to, or is."""
    home = loaded.roster.ancestor(subject, "institution", loaded.run.period)
    return name_of(loaded, home) if home is not None else ""


def department_of(loaded: LoadedRun, subject: str) -> str:
    """The name of a person's department: a subject of the roster, or what the roster says of the person."""
    above = loaded.roster.ancestor(subject, "department", loaded.run.period)
    if above is not None:
        return name_of(loaded, above)
    segment = loaded.roster.at(subject, loaded.run.period)
    return (segment.attributes.get("department") or "") if segment is not None else ""
