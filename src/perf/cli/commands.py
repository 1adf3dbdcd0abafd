"""Commands that are imported when one of them is asked for: starting one does not load the others."""

from collections.abc import Mapping
from importlib import import_module
from typing import TYPE_CHECKING, ClassVar

import typer
from typer.core import TyperGroup
from typer.main import get_group

if TYPE_CHECKING:
    from typer._click import Command


class Commands(TyperGroup):
    """A group that knows the names of its commands, and which module has each.

    `modules`: command -> module of `perf.cli`, in the order of the help; its `register` adds the command to an app.
    """

    modules: ClassVar[Mapping[str, str]] = {}

    def list_commands(self, ctx: object) -> list[str]:  # noqa: ARG002 - the context says nothing about the names
        """The names, without loading anything."""
        return list(self.modules)

    def get_command(self, ctx: object, cmd_name: str) -> "Command | None":  # noqa: ARG002 - as above
        """The command, loaded now; for a name that does not exist all are, so that like ones can be offered."""
        for name in [cmd_name] if cmd_name in self.modules else self.modules:
            if name not in self.commands:
                self.commands[name] = self._loaded(name)
        return self.commands.get(cmd_name)

    def _loaded(self, name: str) -> "Command":
        app = typer.Typer()
        import_module(f"perf.cli.{self.modules[name]}").register(app)
        app.registered_commands = [command for command in app.registered_commands if command.name == name]
        return get_group(app).commands[name]


class ProgramCommands(Commands):
    """All of `perf-pay`."""

    modules: ClassVar[Mapping[str, str]] = {
        "score": "file_commands",
        "distribute": "file_commands",
        "init": "database_commands",
        "import": "import_commands",
        "issues": "database_commands",
        "files": "stored_file_commands",
        "roster": "roster_commands",
        "template": "database_commands",
        "run": "month_commands",
        "show": "month_commands",
        "variance": "variance_commands",
        "explain": "month_commands",
        "reconcile": "market_commands",
        "publish": "month_commands",
        "verify": "month_commands",
        "payroll": "payroll_commands",
        "statement": "statement_commands",
        "statements": "statement_commands",
        "verify-statement": "proof_commands",
        "card": "card_commands",
        "export": "statement_commands",
        "serve": "statement_commands",
        "demo": "statement_commands",
        "score-many": "province_commands",
        "what-if": "province_commands",
        "simulate": "simulate_commands",
        "settle-forecast": "settle_commands",
        "scores": "province_commands",
        "adjust": "commands",
        "mapping": "commands",
        "balances": "balance_commands",
        "solve": "solve_commands",
        "key": "commands",
        "specs": "commands",
    }


class RuleCommands(Commands):
    """All of `perf-pay specs`."""

    modules: ClassVar[Mapping[str, str]] = {
        "check": "rule_commands",
        "test": "rule_commands",
        "explain": "rule_commands",
        "table": "rule_table_commands",
        "docs": "rule_book_commands",
        "schema": "rule_commands",
        "new": "rule_commands",
        "diff": "rule_diff_commands",
    }


class AdjustmentCommands(Commands):
    """All of `perf-pay adjust`."""

    modules: ClassVar[Mapping[str, str]] = dict.fromkeys(
        ("add", "template", "import", "list", "withdraw"), "adjustment_commands"
    )


class MappingCommands(Commands):
    """All of `perf-pay mapping`."""

    modules: ClassVar[Mapping[str, str]] = dict.fromkeys(
        ("list", "show", "export", "import", "forget"), "mapping_commands"
    )


class KeyCommands(Commands):
    """All of `perf-pay key`."""

    modules: ClassVar[Mapping[str, str]] = dict.fromkeys(("check", "rotate"), "key_commands")


def register(app: typer.Typer) -> None:
    """Add the groups."""
    app.add_typer(
        typer.Typer(
            cls=AdjustmentCommands,
            help="一次性项目与扣发:补发、扣款、暂缓、停发、恢复、退回、核销。",
            no_args_is_help=True,
        ),
        name="adjust",
    )
    app.add_typer(
        typer.Typer(cls=MappingCommands, help="表头对照:记住的表头各是什么,核对、撤回。", no_args_is_help=True),
        name="mapping",
    )
    app.add_typer(
        typer.Typer(cls=KeyCommands, help="密钥:核对、更换。证件号、卡号和原文件用它加密。", no_args_is_help=True),
        name="key",
    )
    app.add_typer(typer.Typer(cls=RuleCommands, help="检查、试算和讲解规则。", no_args_is_help=True), name="specs")
