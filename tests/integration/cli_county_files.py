"""The small county as files, and `score` and `distribute` on them."""

import csv
import io

from tests.unit.appraisal.appraisal_county import MEASURES, RULES, SEGMENTS, county_facts

from perf.kernel.figures import exact_text

COLUMNS = ("category", "share", "gated", "fte", "name")


def subjects_csv(without: str = "") -> str:
    rows = ["subject,level,kind,parent,from,to," + ",".join(COLUMNS)]
    for s in SEGMENTS:
        if s.subject == without:
            continue
        first = "" if s.first_day.year == 1 else str(s.first_day)
        last = "" if s.last_day.year == 9999 else str(s.last_day)
        given = ",".join(s.attributes.get(c, "") for c in COLUMNS)
        rows.append(f"{s.subject},{s.level},{s.kind},{s.parent},{first},{last},{given}")
    return "\n".join(rows) + "\n"


def facts_csv(*more: str, without: str = "", **pools: str) -> str:
    rows = [
        f"{f.key.subject},{f.key.period},{f.key.measure},{f.value if isinstance(f.value, str) else exact_text(f.value)}"
        for f in county_facts(**pools)
        if f.key.measure != without
    ]
    return "\n".join(["subject,period,measure,value", *rows, *more]) + "\n"


def lines(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text)))


def errors(said) -> list[str]:
    return [issue["code"] for issue in said.json if issue["severity"] == "error"]


class CountyFiles:
    """The small county as files, and the two commands on them."""

    def __init__(self, terminal):
        self.terminal = terminal
        self.put()

    def put(self, *, rules=RULES, measures=MEASURES, subjects=None, facts=None):
        self.terminal.write(
            {
                "rules/measures.yaml": measures,
                "rules/rules.yaml": rules,
                "S.csv": subjects or subjects_csv(),
                "F.csv": facts or facts_csv(),
            }
        )

    def score(self, *more, scheme="staff", period="2025-06", **environment):
        given = ("--specs", "rules", "--scheme", scheme, "--period", period, "--subjects", "S.csv", "--facts", "F.csv")
        return self.terminal("score", *given, "--out", "OUT.csv", *more, **environment)

    def distribute(self, *more, distribution="pay", period="2025-06", scores="OUT.csv"):
        given = ("--specs", "rules", "--distribution", distribution, "--period", period)
        files = ("--subjects", "S.csv", "--facts", "F.csv", "--out", "LEDGER.csv")
        return self.terminal("distribute", *given, *files, *(("--scores", scores) if scores else ()), *more)
