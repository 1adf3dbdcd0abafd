"""The key file: 32 random bytes as hex or base64, for its owner alone, beside the database and never in it."""

import base64
import binascii
import os
import secrets
import stat
from contextlib import suppress
from pathlib import Path
from typing import Final

from perf.kernel.errors import StateRefused
from perf.kernel.text import Text

KEY_BYTES: Final = 32
_OTHERS: Final = stat.S_IRWXG | stat.S_IRWXO
_FILE_BYTES_MAX: Final = 4096


class KeyRefused(StateRefused):
    """There is no key that may be used; the message never holds any of it."""

    code = "key-refused"


def key_beside(database: str) -> Path:
    """Where the key of an SQLite file lies: `perf.db.key` beside `perf.db`."""
    return Path(f"{database}.key")


def next_key(file: Path, fingerprint: str) -> Path:
    """Where a new key lies until everything is encrypted with it; each has a name of its own, so none is taken for another."""
    return file.with_name(f"{file.name}.{fingerprint}.new")


def kept_key(file: Path, fingerprint: str) -> Path:
    """Where a key stays that was replaced: older copies of the database, and others with the same key file, need it."""
    return file.with_name(f"{file.name}.{fingerprint}.old")


def put_aside(waiting: Path, file: Path) -> None:
    """Keep a waiting key of a change that was cut off: it may be in use in another database."""
    waiting.replace(kept_key(file, waiting.name.removeprefix(f"{file.name}.").removesuffix(".new")))


def waiting_keys(file: Path) -> list[Path]:
    """The new keys that lie beside a key file."""
    return sorted(other for other in file.parent.iterdir() if _is_waiting(other.name, file.name))


def _is_waiting(name: str, key: str) -> bool:
    return name.startswith(f"{key}.") and name.endswith(".new")


def read_key(file: Path | None) -> bytes:
    """The 32 bytes of a key file.

    Raises:
        KeyRefused: there is no file, others may read it, or it holds something else.
    """
    if file is None:
        raise KeyRefused(
            Text(
                "没有密钥:这个数据库不是单个文件,请用 PERF_KEY_FILE 指明密钥文件,再运行 perf-pay init",
                "no key: name the key file in PERF_KEY_FILE, then run perf-pay init",
            )
        )
    try:
        mode = file.stat().st_mode
        content = file.read_bytes()[: _FILE_BYTES_MAX + 1]
    except FileNotFoundError as error:
        raise KeyRefused(
            Text(
                f"找不到密钥文件 {file};请从备份放回,或用 PERF_KEY_FILE 指明。新库请运行 perf-pay init 生成",
                f"no key file {file}: put it back from the backup or name it in PERF_KEY_FILE; "
                "perf-pay init makes one for a new database",
            )
        ) from error
    except OSError as error:
        raise KeyRefused(Text(f"密钥文件 {file} 读不出来", f"the key file {file} cannot be read")) from error
    if os.name == "posix" and mode & _OTHERS:
        raise KeyRefused(
            Text(
                f"密钥文件 {file} 别人也能读写(权限 {stat.S_IMODE(mode):04o});请运行 chmod 600 {file}",
                f"others may use the key file {file} (mode {stat.S_IMODE(mode):04o}): chmod 600 {file}",
            )
        )
    key = _decoded(content.strip())
    if key is None:
        raise KeyRefused(
            Text(
                f"{file} 不是密钥文件:应为 32 字节的十六进制(64 位)或 Base64",
                f"{file} is no key file: 32 bytes in hexadecimal (64 signs) or base64",
            )
        )
    return key


def new_key() -> bytes:
    """32 random bytes."""
    return secrets.token_bytes(KEY_BYTES)


def make_key(file: Path, key: bytes | None = None) -> None:
    """Write a key (None: a new random one), readable by its owner alone; an existing file is never touched.

    Raises:
        KeyRefused: the file is there already, or cannot be written.
    """
    try:
        handle = os.open(file, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
    except FileExistsError as error:
        raise KeyRefused(Text(f"{file} 已存在,没有改动", f"{file} exists and was left alone")) from error
    except OSError as error:
        raise KeyRefused(Text(f"密钥文件 {file} 写不下去", f"the key file {file} cannot be written")) from error
    with os.fdopen(handle, "wb") as out:
        out.write((key or new_key()).hex().encode() + b"\n")
        out.flush()
        os.fsync(out.fileno())
    sync_folder(file)


def take_over(new: Path, file: Path, kept: Path) -> None:
    """Put the new key in the place of the old one, which stays as `kept`; no power cut leaves either of them halved or lost."""
    with suppress(FileExistsError):
        os.link(file, kept)  # whole or not at all
    new.replace(file)
    sync_folder(file)


def sync_folder(file: Path) -> None:
    """Have the folder itself written down, so that a file made or renamed in it outlives a power cut."""
    if os.name != "posix":
        return
    folder = os.open(file.resolve().parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def _decoded(content: bytes) -> bytes | None:
    for decode in (bytes.fromhex, lambda text: base64.b64decode(text, validate=True)):
        try:
            key = decode(content.decode("ascii"))
        except (ValueError, binascii.Error):
            continue
        if len(key) == KEY_BYTES:
            return key
    return None
