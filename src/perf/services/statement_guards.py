"""What statements are guarded with: each person's password, and the seal of the house. Nothing secret is ever told."""

from collections import Counter
from collections.abc import Collection, Mapping
from datetime import datetime
from pathlib import Path
from types import MappingProxyType
from typing import Final

from perf.appraisal.csv_rows import Row, read_rows
from perf.kernel.errors import InputRefused, StateRefused
from perf.kernel.identity_fields import IdentityField
from perf.kernel.issues import Issue
from perf.kernel.text import Text
from perf.pdf.signing import NoSealing, Seal, require_seal
from perf.services.actors import Actor
from perf.services.files import file_name, read_bytes
from perf.services.identity_reading import numbers_in_clear
from perf.services.table_text import TableText, table_text
from perf.storage.identities import newest_identities
from perf.storage.store import Store

COLUMNS: Final = ("staff_no", "password")
SHORTEST: Final = 6
LONGEST_BYTES: Final = 127  # what PDF takes
_IDS: Final[tuple[IdentityField, ...]] = ("citizen_id",)
_KEY_BYTES_MAX: Final = 1 << 20
_WISH: Final = Text(
    f"至少 {SHORTEST} 位、至多 {LONGEST_BYTES} 字节",
    f"at least {SHORTEST} signs, at most {LONGEST_BYTES} bytes",
)


def read_passwords(path: Path) -> Mapping[str, str]:
    """Staff number -> password, from a CSV or a workbook with the columns `staff_no` and `password`.

    Raises:
        InputRefused: another header, somebody twice, a password that is too short or too long; never with the password.
    """
    table = table_text(path)
    rows, header, _ = read_rows(file_name(path), table.text, required=COLUMNS, optional=None)
    if not set(COLUMNS) <= set(header):
        raise _refused(
            [
                Issue(
                    "passwords-header",
                    table.place(1),
                    Text("第一行不是要求的表头", "the first line is not the header"),
                    Text("表头 staff_no,password", "the header staff_no,password"),
                    Text("第一行写表头,下面一人一行", "write the header, then a row for each person"),
                )
            ]
        )
    counts = Counter(row.cells["staff_no"] for row in rows)
    issues = [issue for row in rows for issue in _flaws(row, table, counts)]
    if issues:
        raise _refused(issues)
    return MappingProxyType({row.cells["staff_no"]: row.cells["password"] for row in rows})


def passwords_from_ids(
    store: Store, given: Mapping[str, str] | None, *, subjects: Collection[str] | None, actor: Actor, now: datetime
) -> Mapping[str, str]:
    """Staff number -> the last six signs of the identity number on the roster (X is a capital letter).

    Whoever has a password in a table keeps that one; whoever has neither stands not in the answer. That the numbers were
    read is put on record.

    Raises:
        KeyRefused, VerificationFailed: the numbers cannot be opened.
    """
    own = dict(given or {})
    with store.read() as connection:
        known = {subject for subject, _ in newest_identities(connection, actor.viewer, _IDS, subjects)}
    read = numbers_in_clear(store, actor=actor, now=now, fields=_IDS, subjects=known - own.keys(), purpose="passwords")
    return MappingProxyType(own | {subject: number[-SHORTEST:] for (subject, _), number in read.items()})


def _flaws(row: Row, table: TableText, counts: Mapping[str, int]) -> list[Issue]:
    who, password = row.cells["staff_no"], row.cells["password"]
    found = []
    if counts[who] > 1:
        twice = Text(f"工号 {who} 有 {counts[who]} 行", f"{counts[who]} rows of {who}")
        once, drop = Text("每人一行", "one row each"), Text("只留一行", "keep one of them")
        found.append(Issue("password-twice", table.place(row.line, "staff_no"), twice, once, drop))
    if len(password) < SHORTEST or len(password.encode()) > LONGEST_BYTES:
        unfit = Text(f"工号 {who} 的密码不合要求", f"the password of {who} will not do")
        longer = Text("换一个密码", "choose another one")
        found.append(Issue("password-unfit", table.place(row.line, "password"), unfit, _WISH, longer))
    return found


def read_seal(path: Path, passphrase: str) -> Seal:
    """The key and certificate of a PKCS#12 file.

    Raises:
        StateRefused: the extra `sign` is not installed.
        InputRefused: the file cannot be read, or does not open with this passphrase.
    """
    seal = Seal(read_bytes(path, bytes_max=_KEY_BYTES_MAX), passphrase)
    try:
        require_seal(seal)
    except NoSealing as none:
        if none.reason == "not-installed":
            raise StateRefused(
                Text(
                    "电子签章需要附加组件:pip install 'perf-pay[sign]',然后再运行",
                    "a digital seal needs the extra: pip install 'perf-pay[sign]', then run again",
                )
            ) from none
        raise InputRefused(
            Text(
                f"{file_name(path)} 打不开:不是含私钥的 PKCS#12 文件(.p12、.pfx),或口令(PERF_SEAL_PASSWORD)不对",
                f"{file_name(path)} does not open: no PKCS#12 file with a key, or another passphrase (PERF_SEAL_PASSWORD)",
            )
        ) from none
    return seal


def _refused(issues: list[Issue]) -> InputRefused:
    return InputRefused(Text("密码表有错误,什么也没写", "the passwords have errors; nothing was written"), issues)
