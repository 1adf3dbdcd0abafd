"""Reading and writing files at the edge: rules, packaged data, atomic output. Nothing is half written."""

import errno
import os
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from importlib import resources
from pathlib import Path

from perf.kernel.errors import InputRefused, WrongUse
from perf.kernel.identity import without_numbers
from perf.kernel.issues import Issue, Place
from perf.kernel.text import Text
from perf.specs.book import wants_library

TEXT_BYTES_MAX = 512 << 20
RULE_BYTES_MAX = 4 << 20
WORKBOOK_BYTES_MAX = 32 << 20
FILES_MAX = 5_000
LIBRARY_FOLDER = "library/"
_CHECK = Text("核对文件名、所在文件夹和读取权限", "check its name, its folder and who may read it")
_REASONS = {
    errno.ENOENT: "没有这个文件",
    errno.EACCES: "没有权限",
    errno.EPERM: "没有权限",
    errno.EROFS: "只读的磁盘",
    errno.ENOSPC: "磁盘已满",
    errno.EISDIR: "这是文件夹",
    errno.ENOTDIR: "路径中有一段不是文件夹",
    errno.EEXIST: "已有同名文件",
    errno.ELOOP: "链接指向自己",
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


def file_name(path: Path) -> str:
    """The name of a file as it is shown and stored: one unpacked on a system of another language is in GB18030, what a
    terminal would obey is left out, and numbers of people are masked.
    """
    raw = os.fsencode(path.name)
    try:
        text = raw.decode()
    except UnicodeDecodeError:
        text = raw.decode("gb18030", "replace")
    return without_numbers("".join(c for c in text if c.isprintable())) or "?"


def read_text(path: Path, *, bytes_max: int = TEXT_BYTES_MAX) -> str:
    """The UTF-8 text of a file.

    Raises:
        InputRefused: no such file, too large, or not UTF-8 (with the byte where it breaks).
    """
    return read_bytes(path, bytes_max=bytes_max, as_text=True).decode("utf-8")


def read_bytes(path: Path, *, bytes_max: int = TEXT_BYTES_MAX, as_text: bool = False) -> bytes:
    """The bytes of a file, at most `bytes_max` of them; refused with an issue otherwise."""
    try:
        _require_file(path, bytes_max)
        content = path.read_bytes()
    except OSError as error:
        raise _unreadable(path, error) from error
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
                Text("用编辑器“另存为”,编码选 UTF-8", "save it as UTF-8 in your editor"),
                line=line,
            ) from error
    return content


@contextmanager
def text_lines(path: Path, *, bytes_max: int = TEXT_BYTES_MAX) -> Iterator[Iterable[str]]:
    """The lines of a UTF-8 file one at a time, as `csv.reader` wants them; a byte-order mark is left out.

    Raises:
        InputRefused: as `read_text`, also while the lines are read.
    """
    try:
        _require_file(path, bytes_max)
        with path.open(encoding="utf-8-sig", newline="") as lines:
            yield lines
    except UnicodeDecodeError:
        read_text(path, bytes_max=bytes_max)  # says in which line
        raise
    except OSError as error:
        raise _unreadable(path, error) from error


def _require_file(path: Path, bytes_max: int) -> None:
    size = path.stat().st_size
    if path.is_dir():
        folder = Text("这是文件夹", "this is a folder")
        raise _refused("file-unreadable", path, folder, Text("一个文件", "a file"), _CHECK)
    if not path.is_file():
        odd = Text("这不是普通文件", "this is no regular file")
        raise _refused("file-unreadable", path, odd, Text("一个文件", "a file"), _CHECK)
    if size > bytes_max:
        raise _refused(
            "file-too-large",
            path,
            Text(f"{size >> 20} MiB", f"{size >> 20} MiB"),
            Text(f"至多 {bytes_max >> 20} MiB", f"at most {bytes_max >> 20} MiB"),
            Text("核对文件是否选对;是的话分成几个文件", "is it the right file? If so, split it"),
        )


def _unreadable(path: Path, error: OSError) -> InputRefused:
    why = reason_of(error)
    return _refused(
        "file-unreadable",
        path,
        Text(f"无法读取({why.zh})", f"cannot be read ({why.en})"),
        Text("可以读取的文件", "a readable file"),
        _CHECK,
    )


def _refused(code: str, path: Path, found: Text, expected: Text, hint: Text, *, line: int = 0) -> InputRefused:
    issue = Issue(code, Place(file_name(path), line=line), found, expected, hint)
    return InputRefused(Text(f"不能读取 {file_name(path)}", f"cannot read {file_name(path)}"), [issue])


def rule_texts(folder: Path) -> dict[str, str]:
    """Name (relative to `folder`) -> text of every `*.yaml` below it, in order of name.

    Where a layer says `over: library`, the files of the packaged library are there too, named `library/…`, so that
    whoever keeps these texts keeps everything that the rules are made of.

    Raises:
        WrongUse: no such folder, or no rule file in it.
        InputRefused: too many files, folders that lead back into themselves, a file that cannot be read, or files of
            its own in `library/`.
    """
    if not folder.is_dir():
        raise WrongUse(Text(f"没有规则文件夹 {folder.name}", f"no rule folder {folder.name}"))
    texts = _texts(folder)
    if not texts:
        raise WrongUse(Text(f"{folder.name} 中没有 *.yaml", f"no *.yaml in {folder.name}"))
    if not wants_library(texts):
        return texts
    taken = next((name for name in texts if name.startswith(LIBRARY_FOLDER)), None)
    if taken is not None:
        raise _folder_refused(
            "library-name-taken",
            Place(taken),
            Text(
                "层叠加在规则库上,而本文件夹自己也有 library/", "a layer lies over the library, and library/ is taken"
            ),
            Text("library/ 只放随程序带来的规则库", "library/ for the packaged library only"),
            Text("把这个子文件夹改名", "rename this folder"),
        )
    below = {LIBRARY_FOLDER + name: text for name, text in _texts(packaged("indicator_specs")).items()}
    return dict(sorted({**below, **texts}.items()))


def _texts(folder: Path) -> dict[str, str]:
    names = sorted(_names(folder))
    return {name: read_text(folder / name, bytes_max=RULE_BYTES_MAX) for name in names}


def _names(folder: Path) -> list[str]:
    """Every `*.yaml` below; links to folders are followed, unless they lead back."""
    names: list[str] = []
    seen: set[Path] = set()
    for here, folders, files in os.walk(folder, followlinks=True):
        folders.sort()
        inside = Path(here).relative_to(folder)
        real = Path(here).resolve()
        if real in seen:
            raise _folder_refused(
                "folder-loop",
                Place(inside.as_posix()),
                Text("文件夹的链接又指回已读过的文件夹", "a link to a folder that was read already"),
                Text("每个规则文件只读到一次", "every rule file read once"),
                Text("删去这个链接", "remove this link"),
            )
        seen.add(real)
        odd = next((name for name in files if name.endswith(".yaml") and not name.isprintable()), None)
        if odd is not None:
            shown = "".join(sign if sign.isprintable() else "?" for sign in odd)
            raise _folder_refused(
                "file-name-odd",
                Place((inside / shown).as_posix()),
                Text("文件名里有不可见或不是 UTF-8 的字符", "a file name with invisible or undecodable characters"),
                Text("文字、数字、- 和 _", "letters, digits, - and _"),
                Text("改名", "rename it"),
            )
        names.extend((inside / name).as_posix() for name in files if name.endswith(".yaml"))
        if len(names) > FILES_MAX:
            raise _folder_refused(
                "too-many-files",
                Place(folder.name),
                Text(f"{FILES_MAX} 个以上的 *.yaml", f"more than {FILES_MAX} *.yaml files"),
                Text(f"至多 {FILES_MAX} 个", f"at most {FILES_MAX}"),
                Text(
                    "核对文件夹是否选对;一个文件可写多条规则",
                    "is it the right folder? One file may hold many rules",
                ),
            )
    return names


def _folder_refused(code: str, place: Place, found: Text, expected: Text, hint: Text) -> InputRefused:
    return InputRefused(
        Text("不能读取规则文件夹", "cannot read the rule folder"), [Issue(code, place, found, expected, hint)]
    )


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
