"""The commands of `perf-pay`, assembled."""

import errno
import os
import sys
from typing import Annotated, Literal

import typer

from perf.cli.commands import ProgramCommands
from perf.cli.output import OUR_FAULT, ask_for, people, refuse, say
from perf.kernel.errors import NotConserved, PerfError, StateRefused
from perf.kernel.text import Text

INTERRUPTED = 130
_FULL = (errno.ENOSPC, errno.EFBIG, errno.EDQUOT)
_NO_ROOM = Text(
    "写不下:磁盘或临时文件夹满了,或文件超出允许的大小;没有写完的已丢弃,腾出空间再运行",
    "no room: the disk or the folder for temporary files is full, or a file may not grow so large; what was not finished is "
    "gone; make room and run it again",
)
app = typer.Typer(
    name="perf-pay",
    cls=ProgramCommands,
    help="县域医共体绩效考核与分配:从 Excel 到通知单,分毫不差,笔笔可查。 "
    "Appraisal and pay distribution for county medical consortia.",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode="rich",
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110},
    epilog="退出码: 0 完成 · 1 完成但有对象未计分/未发放 · 2 用法错误 · 3 输入被拒绝 · 4 状态或权限不允许 · 5 校验失败 · 70 程序自身错误",
)


def _say_version(asked: bool) -> None:  # noqa: FBT001 - typer calls it with the option
    if asked:
        from importlib.metadata import version

        sys.stdout.write(f"perf-pay {version('perf-pay')}\n")
        raise typer.Exit


@app.callback()
def whole(
    _version: Annotated[
        bool, typer.Option("--version", help="版本。", is_eager=True, callback=_say_version, show_default=False)
    ] = False,
    language: Annotated[
        Literal["zh", "en"] | None,
        typer.Option("--lang", help="语言,写在子命令之前;默认 PERF_LANG,否则中文。", show_default=False),
    ] = None,
) -> None:
    """县域医共体绩效考核与分配:从 Excel 到通知单,分毫不差,笔笔可查。 Appraisal and pay for county medical consortia."""
    ask_for(language)


def run(arguments: list[str]) -> int:
    """Run one command line and give its exit code."""
    try:
        return _run(arguments)
    finally:
        ask_for(None)


def _run(arguments: list[str]) -> int:
    try:
        result = app(arguments, standalone_mode=False)
    except PerfError as error:
        return refuse(error, as_json="--json" in arguments)
    except (NotConserved, AssertionError):
        return _our_fault(
            Text("金额核对不平,已停止,什么也没有写入。", "amounts do not balance; stopped, nothing was written.")
        )
    except KeyboardInterrupt:
        return _interrupted()
    except typer.Exit as stop:
        return _interrupted() if stop.exit_code == INTERRUPTED else stop.exit_code
    except typer.Abort:
        return 1
    except Exception as error:  # noqa: BLE001 - the edge: nothing may end as a bare traceback with people's data in it
        if hasattr(error, "show") and hasattr(error, "exit_code"):
            error.show()
            return int(error.exit_code)
        if _is_full(error):
            sys.unraisablehook = _unless_full  # until the end of the process
            return refuse(StateRefused(_NO_ROOM), as_json="--json" in arguments)
        return _our_fault(Text("程序自身出错。", "a fault of our own."))
    if result == INTERRUPTED:
        return _interrupted()
    return result if isinstance(result, int) else 0


def _unless_full(what: "sys.UnraisableHookArgs") -> None:
    """What a library cannot close on a full disk is told once, by the refusal."""
    if not _is_full(what.exc_value):
        sys.__unraisablehook__(what)


def _is_full(error: BaseException | None) -> bool:
    """Whether the system had no room for what a library wrote; lxml says it by the name of the error alone."""
    if isinstance(error, OSError):
        return error.errno in _FULL
    return str(error) in {f"IO_{errno.errorcode[number]}" for number in _FULL}


def _interrupted() -> int:
    say(people(), Text("已中断;未完成的写入已撤回。", "interrupted; unfinished writes were rolled back."))
    return INTERRUPTED


def _our_fault(text: Text) -> int:
    console = people()
    say(console, text)
    if os.environ.get("PERF_DEBUG"):
        import traceback

        console.print(traceback.format_exc(), markup=False)
    else:
        say(
            console,
            Text(
                "设 PERF_DEBUG=1 再试可看到位置;请连同命令一起报告。",
                "set PERF_DEBUG=1 to see where; please report it.",
            ),
        )
    return OUR_FAULT
