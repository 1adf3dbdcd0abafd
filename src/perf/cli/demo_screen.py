"""What `demo` shows: bars while it works, then a summary and where everything is."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Self

from rich.console import Console

from perf.cli.output import lang, print_json, say
from perf.cli.overview_tables import print_overview
from perf.cli.progress import new_progress
from perf.kernel.text import Text
from perf.services.demo import DemoResult


class DemoScreen:
    """Bars for the stages of the demonstration."""

    def __init__(self, console: Console) -> None:
        self.console = console
        self.progress = new_progress(console)

    def __enter__(self) -> Self:
        self.progress.start()
        return self

    def __exit__(self, *_error: object) -> None:
        self.progress.stop()

    @contextmanager
    def stage(self, title: Text, total: int) -> Iterator[Callable[[], None]]:
        """One bar."""
        task = self.progress.add_task(title.in_lang(lang()), total=total or None)
        yield lambda: self.progress.advance(task)
        self.progress.update(
            task, total=self.progress.tasks[task].completed
        )  # statements: not all on the roster get one

    def summary(self, result: DemoResult, *, as_json: bool) -> None:
        """What was made and where it is."""
        if as_json:
            print_json(result.as_json())
            return
        console = self.console
        for last in (one.last for one in result.done):
            sealed = last.digest[:12]
            title = Text(f"{last.run} · 已发布 · 封存 {sealed}", f"{last.run} · published · sealed {sealed}")
            print_overview(console, title.in_lang(lang()), last.institutions)
        cards = sum(row["type"] == "total" for one in result.done for row in one.last.scores)
        verified = sum(one.is_verified for one in result.done)
        say(console, Text(""))
        say(
            console,
            Text(
                f"2025 年 6 月:考核表 {cards} 张,个人应发合计 {result.paid} 元;封存核对一致 {verified}/{len(result.done)}(重放:perf-pay verify 2025-06)。",
                f"June 2025: {cards} scorecards, {result.paid} yuan to persons; seals checked {verified}/{len(result.done)} (replay: perf-pay verify 2025-06).",
            ),
        )
        _where(console, result.out, result.as_json())
        total = sum(result.seconds.values())
        say(console, Text(f"用时 {total:.0f} 秒。接着看看:", f"{total:.0f} s. Have a look:"))
        _next(console, result.out)

    def made_before(self, said: Mapping[str, Any], *, as_json: bool) -> None:
        """That it is there already, and where."""
        if as_json:
            print_json(dict(said))
            return
        when = said["made_at"]
        say(
            self.console,
            Text(
                f"演示县已于 {when}(UTC)做好,没有重做;要重做,加 --again。",
                f"the demonstration was made on {when} UTC and is left as it is; --again makes it anew.",
            ),
        )
        _where(self.console, Path(said["out"]), said)
        say(self.console, Text("接着看看:", "Have a look:"))
        _next(self.console, Path(said["out"]))


def _next(console: Console, out: Path) -> None:
    say(console, Text(f"  perf-pay serve --demo --out {out}   ·   perf-pay show 2025-06 --db {out / 'perf.db'}"))


def _where(console: Console, out: Path, said: Mapping[str, Any]) -> None:
    """What lies where."""
    files, statements, issues = said["files"], said["statements"], said["issues"]
    for path, what in (
        ("perf.db", Text("数据库(SQLite)", "the database (SQLite)")),
        ("rules/", Text("本县的规则,叠加在规则库上(--specs)", "the county's rules over the library (--specs)")),
        (
            "workbooks/",
            Text(f"各科室的工作簿 {files} 个", f"{files} workbooks of the departments"),
        ),
        (
            "statements/",
            Text(
                f"绩效通知单 {statements} 份:机构/工号.pdf",
                f"{statements} statements: INSTITUTION/STAFF_NO.pdf",
            ),
        ),
        ("scorecards.csv", Text("6 月考核得分", "June's scorecards")),
        ("ledger.csv", Text("6 月分配台账", "June's ledger")),
        ("payfile.xlsx", Text("7 月发放表:6 月绩效、上年清算和工资,应发到实发", "July's pay file, gross to net")),
        (
            "reconcile/",
            Text("内部市场对账:重报之前和之后", "the internal market before and after a count was mended"),
        ),
        ("issues.xlsx", Text(f"问题清单 {issues} 条", f"{issues} issues")),
    ):
        say(console, Text(f"  {out / path}  {what.zh}", f"  {out / path}  {what.in_lang('en')}"))
