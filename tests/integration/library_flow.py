"""A flow of money in the library, switched on by a layer and run as files: what the tests of the flows write and read."""

import csv
import io
import re

from tests.integration.cli_terminal import Terminal

SCORES = "scheme,subject,period,item,type,value,points,weight,score,grade,rank,of,coefficient,status,reason\n"
COLUMNS = ("level", "kind", "parent", "tier", "lead", "head", "category", "pay_group", "sent_down", "post_coefficient")
CONSORTIUM = """
G consortium consortium
H institution lead_hospital G tier=county lead=yes
T institution township_hospital G tier=town lead=no
"""


class Flow:
    """A county in a folder: subjects, facts and scores as lines, rules of the library switched on by a layer."""

    def __init__(self, terminal: Terminal) -> None:
        self.terminal = terminal

    def subjects(self, text: str) -> None:
        """`SUBJECT LEVEL KIND PARENT name=value from=DATE to=DATE`."""
        extra = sorted({name for name, _ in re.findall(r"(\w+)=(\S+)", text)} - {"from", "to"})
        rows = [["subject", "level", "kind", "parent", "from", "to", *extra]]
        for line in filter(str.strip, text.splitlines()):
            words = line.split()
            given = dict(word.split("=") for word in words if "=" in word)
            plain = [word for word in words if "=" not in word]
            first = (*plain, "", "")[:4]
            rows.append([*first, given.get("from", ""), given.get("to", ""), *(given.get(name, "") for name in extra)])
        self.terminal.write({"S.csv": "".join(",".join(row) + "\n" for row in rows)})

    def facts(self, period: str, text: str) -> None:
        """`SUBJECT measure value`, `measure.item` of an item, `measure@PERIOD` of another period."""
        rows = ["subject,period,measure,item,value"]
        for line in filter(str.strip, text.splitlines()):
            subject, measure, value = line.split()
            name, _, other = measure.partition("@")
            name, _, item = name.partition(".")
            rows.append(f"{subject},{other or period},{name},{item},{value}")
        self.terminal.write({"F.csv": "\n".join(rows) + "\n"})

    def scores(self, period: str, text: str) -> None:
        """`SCHEME SUBJECT SCORE GRADE COEFFICIENT`."""
        rows = []
        for line in filter(str.strip, text.splitlines()):
            scheme, subject, score, grade, coefficient = (*line.split(), "", "")[:5]
            rows.append(f"{scheme},{subject},{period},total,total,,,,{score},{grade},,,{coefficient},scored,\n")
        self.terminal.write({"scores.csv": SCORES + "".join(rows)})

    def run(self, period: str, *codes: str, opening: str = "", out: str = "L.csv", exits: int = 0) -> "Closing":
        on = "  surplus_to_members.enabled: no\n" + "".join(f"  {code}.enabled: yes\n" for code in codes)
        layer = "layer: ours\ntitle: 本县启用\nsource: {document: 县文件, clause: 第一条}\nover: library\nset:\n"
        self.terminal.write({"rules/ours.yaml": layer + on})
        asked = [word for code in codes for word in ("--distribution", code)]
        files = ["--subjects", "S.csv", "--facts", "F.csv", "--out", out]
        files += ["--scores", "scores.csv"] if self.terminal.exists("scores.csv") else []
        files += ["--opening", opening] if opening else []
        said = self.terminal("distribute", "--specs", "rules", *asked, "--period", period, *files, "--json")
        issues = [issue for issue in said.json if issue["severity"] != "info"]
        assert said.exit == exits, "".join(f"{i['code']} {i.get('subject')} {i['found']}\n" for i in issues)
        return Closing(self.terminal.read(out), issues)


class Closing:
    """The ledger that came out."""

    def __init__(self, text: str, issues: list[dict[str, str]]) -> None:
        self.rows = list(csv.DictReader(io.StringIO(text)))
        self.issues = issues

    def of(self, distribution: str = "") -> dict[str, str]:
        """Account -> yuan in − out, of one distribution or of all; without empty accounts."""
        fen: dict[str, int] = {}
        for row in self.rows:
            if not distribution or row["distribution"] == distribution:
                fen[row["to"]] = fen.get(row["to"], 0) + int(row["amount_fen"])
                fen[row["from"]] = fen.get(row["from"], 0) - int(row["amount_fen"])
        assert sum(fen.values()) == 0
        return {account: f"{amount / 100:.2f}" for account, amount in sorted(fen.items()) if amount}

    def codes(self) -> list[str]:
        return [issue["code"] for issue in self.issues if issue["code"] != "gains-by-silence"]
