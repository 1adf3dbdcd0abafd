"""Scenarios by name: what is changed, read from options and files, written as a file and read back."""

import csv
import io
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType

from perf.appraisal.contract_files import FACT_COLUMNS, parse_facts
from perf.kernel.errors import InputRefused, WrongUse
from perf.kernel.facts import Fact, FactKey
from perf.kernel.issues import Issue, by_place, has_errors
from perf.kernel.periods import parse_period
from perf.kernel.text import Text
from perf.services.files import file_name, read_text, write_atomically
from perf.specs.models import RuleBook

FORMAT = 1
COLUMNS = (*FACT_COLUMNS, "item", "counterparty")
_NONE: Mapping[str, str] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Scenario:
    """What is tried out.

    Attributes:
        settings: Dotted path below a rule -> YAML of its new value.
        facts: Rows of the contract (`COLUMNS`); an empty value: the fact is taken away.
        folder: Name -> text of rules in the place of those of the runs; None: those of the runs.
        carries_on: A month opens with what the scenario left in the months before it, not with what the runs left.
    """

    name: str
    settings: Mapping[str, str] = field(default_factory=lambda: _NONE)
    facts: tuple[Mapping[str, str], ...] = ()
    folder: Mapping[str, str] | None = None
    carries_on: bool = True

    @property
    def words(self) -> str:
        """The words of the facts, which may name rules."""
        return " ".join(row["measure"] for row in self.facts)


@dataclass(frozen=True, slots=True)
class FactChanges:
    """Facts in the place of others, and keys that nobody reported."""

    facts: tuple[Fact, ...] = ()
    without: tuple[FactKey, ...] = ()

    @property
    def measures(self) -> frozenset[str]:
        """Codes of the measures concerned."""
        return frozenset(key.measure for key in (*(fact.key for fact in self.facts), *self.without))


def fact_row(text: str) -> dict[str, str]:
    """`0042,visits,2025-06=120` (and `,item,counterparty`) as a row of the contract.

    Raises:
        WrongUse: written otherwise.
    """
    key, sign, value = text.partition("=")
    cells = [cell.strip() for cell in key.split(",")]
    if not sign or not 3 <= len(cells) <= 5 or not all(cells[:3]):
        raise WrongUse(
            Text(f"“{text}”应写成 对象,数据项,期间=数值", f"“{text}” should be SUBJECT,MEASURE,PERIOD=VALUE")
        )
    subject, measure, period, item, counterparty = [*cells, "", ""][:5]
    return dict(zip(COLUMNS, (subject, period, measure, value.strip(), item, counterparty), strict=True))


def fact_rows(path: Path) -> list[dict[str, str]]:
    """The rows of a CSV of facts, as the contract has them.

    Raises:
        WrongUse: a column is missing.
    """
    from perf.services.table_text import table_text  # workbooks, only where a file is read

    rows = csv.DictReader(io.StringIO(table_text(path).text.removeprefix("\ufeff")))
    missing = [column for column in FACT_COLUMNS if column not in (rows.fieldnames or ())]
    if missing:
        named = "、".join(missing)
        raise WrongUse(
            Text(f"{file_name(path)} 缺少列 {named}", f"{file_name(path)} has no column {', '.join(missing)}")
        )
    return [{column: (row.get(column) or "").strip() for column in COLUMNS} for row in rows]


def fact_changes(scenario: Scenario, book: RuleBook) -> FactChanges:
    """The facts of a scenario, checked against the measures of `book`.

    Raises:
        InputRefused: with every issue.
    """
    given = [row for row in scenario.facts if row["value"]]
    taken = [row for row in scenario.facts if not row["value"]]
    out = io.StringIO()
    writer = csv.DictWriter(out, COLUMNS, lineterminator="\n")
    writer.writeheader()
    writer.writerows([*given, *({**row, "value": "0"} for row in taken)])
    found, issues = parse_facts(scenario.name, out.getvalue(), book, None)
    problems: Sequence[Issue] = [issue for issue in issues if issue.is_error]
    if has_errors(problems):
        raise InputRefused(Text("改动的数据有错误", "the changed facts have errors"), by_place(problems))
    gone = {
        FactKey(row["subject"], row["measure"], parse_period(row["period"]), row["item"], row["counterparty"])
        for row in taken
    }
    return FactChanges(tuple(fact for fact in found if fact.key not in gone), tuple(sorted(gone)))


def save_scenario(path: Path, scenario: Scenario, *, runs: Sequence[str], digest: str) -> None:
    """Write name, changes, the runs asked, and the digest of what came out, as a readable file."""
    content = {
        "format": FORMAT,
        "scenario": scenario.name,
        "set": dict(scenario.settings),
        "facts": [dict(row) for row in scenario.facts],
        "rules": None if scenario.folder is None else dict(scenario.folder),
        "carries_on": scenario.carries_on,
        "runs": list(runs),
        "digest": digest,
    }
    write_atomically({path: json.dumps(content, ensure_ascii=False, indent=1) + "\n"})


def read_scenario(path: Path) -> tuple[Scenario, str]:
    """A scenario that was saved, and the digest of what it gave then.

    Raises:
        WrongUse: not such a file.
    """
    try:
        content = json.loads(read_text(path))
        folder = {FORMAT: content["rules"]}[content["format"]]
        scenario = Scenario(
            str(content["scenario"]),
            {str(key): str(value) for key, value in content["set"].items()},
            tuple({column: str(row.get(column, "")) for column in COLUMNS} for row in content["facts"]),
            None if folder is None else {str(key): str(value) for key, value in folder.items()},
            carries_on=bool(content["carries_on"]),
        )
        return scenario, str(content["digest"])
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise WrongUse(Text(f"{file_name(path)} 不是保存的试算", f"{file_name(path)} is no saved scenario")) from error
