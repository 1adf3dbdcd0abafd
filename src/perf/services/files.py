"""Reading and writing files at the edge: rules, packaged data, atomic output. Nothing is half written."""

import errno
import os
import tempfile
from collections.abc import Mapping
from importlib import resources
from pathlib import Path

from perf.kernel.errors import InputRefused, WrongUse
from perf.kernel.issues import Issue, Place
from perf.kernel.text import Text

TEXT_BYTES_MAX = 512 << 20
RULE_BYTES_MAX = 4 << 20
_REASONS = {
    errno.ENOENT: "没有这个文件",
    errno.EACCES: "没有权限",
    errno.EPERM: "没有权限",
    errno.EROFS: "只读的磁盘",
    errno.ENOSPC: "磁盘已满",
    errno.EISDIR: "这是文件夹",
    errno.ENOTDIR: "路径中有一段不是文件夹",
    errno.EEXIST: "已有同名文件",
}


def packaged(name: str) -> Path:
    """A folder that the wheel carries (`indicator_specs`, `fixtures/county`); in a checkout, the checkout's own."""
    inside = Path(str(resources.files("perf"))) / "_data" / name
    if inside.exists():
        return inside
    checkout = Path(__file__).resolve().parents[3] / name
    if checkout.exists():
        return checkout
    raise WrongUse(Text(f"安装不完整:缺少 {name}", f"broken installation: {name} is missing"))


def read_text(path: Path, *, bytes_max: int = TEXT_BYTES_MAX) -> str:
    """The UTF-8 text of a file.

    Raises:
        InputRefused: no such file, too large, or not UTF-8 (with the byte where it breaks).
    """
    return read_bytes(path, bytes_max=bytes_max, as_text=True).decode("utf-8")


def read_bytes(path: Path, *, bytes_max: int = TEXT_BYTES_MAX, as_text: bool = False) -> bytes:
    """The bytes of a file, at most `bytes_max` of them; refused with an issue otherwise."""
    try:
        size = path.stat().st_size
        if path.is_dir():
            raise _refused("file-unreadable", path, Text("这是文件夹", "this is a folder"), Text("一个文件", "a file"))
        if size > bytes_max:
            raise _refused(
                "file-too-large",
                path,
                Text(f"{size >> 20} MiB", f"{size >> 20} MiB"),
                Text(f"至多 {bytes_max >> 20} MiB", f"at most {bytes_max >> 20} MiB"),
            )
        content = path.read_bytes()
    except OSError as error:
        why = reason_of(error)
        raise _refused(
            "file-unreadable",
            path,
            Text(f"无法读取({why.zh})", f"cannot be read ({why.en})"),
            Text("可以读取的文件", "a readable file"),
        ) from error
    if as_text:
        try:
            content.decode("utf-8")
        except UnicodeDecodeError as error:
            line = content[: error.start].count(b"\n") + 1
            raise _refused(
                "not-utf-8",
                path,
                Text(f"第 {line} 行不是 UTF-8", f"line {line} is not UTF-8"),
                Text("UTF-8 编码的文本", "text in UTF-8"),
                line=line,
            ) from error
    return content


def _refused(code: str, path: Path, found: Text, expected: Text, *, line: int = 0) -> InputRefused:
    issue = Issue(code, Place(path.name, line=line), found, expected)
    return InputRefused(Text(f"不能读取 {path.name}", f"cannot read {path.name}"), [issue])


def rule_texts(folder: Path) -> dict[str, str]:
    """Name (relative to `folder`) -> text of every `*.yaml` below it, in order of name."""
    if not folder.is_dir():
        raise WrongUse(Text(f"没有规则文件夹 {folder.name}", f"no rule folder {folder.name}"))
    found = sorted(p for p in folder.rglob("*.yaml") if p.is_file())
    if not found:
        raise WrongUse(Text(f"{folder.name} 中没有 *.yaml", f"no *.yaml in {folder.name}"))
    return {p.relative_to(folder).as_posix(): read_text(p, bytes_max=RULE_BYTES_MAX) for p in found}


def write_atomically(files: Mapping[Path, str | bytes]) -> None:
    """Write several files so that each appears whole or not at all; temporary files are removed on failure."""
    pending: list[tuple[str, Path]] = []
    umask = _umask()
    try:
        for path, content in files.items():
            path.parent.mkdir(parents=True, exist_ok=True)
            handle, temporary = tempfile.mkstemp(prefix=".perf-", dir=path.parent)
            pending.append((temporary, path))
            with os.fdopen(handle, "wb") as out:
                out.write(content.encode("utf-8") if isinstance(content, str) else content)
                out.flush()
                os.fsync(out.fileno())
            os.chmod(temporary, 0o644 & ~umask)  # noqa: PTH101 - as an ordinary file; mkstemp makes it private
        while pending:
            temporary, path = pending[0]
            os.replace(temporary, path)  # noqa: PTH105 - one atomic call
            pending.pop(0)
    except OSError as error:
        why = reason_of(error)
        raise WrongUse(Text(f"无法写入({why.zh})", f"cannot write ({why.en})")) from error
    finally:
        for temporary, _ in pending:
            Path(temporary).unlink(missing_ok=True)


def reason_of(error: OSError) -> Text:
    """Why the system refused, in words."""
    english = error.strerror or type(error).__name__
    return Text(_REASONS.get(error.errno or 0, english), english)


def _umask() -> int:
    """What the user keeps from others; it can only be read by setting it."""
    found = os.umask(0o077)
    os.umask(found)
    return found
