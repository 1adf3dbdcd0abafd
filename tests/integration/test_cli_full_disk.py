"""A full disk, played by a limit on the size of files: told in a sentence, and nothing half written."""

import os
import resource
import signal
import subprocess
import sys
from pathlib import Path

import pytest

_LIMIT = 2048


def _small_files_only() -> None:
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (_LIMIT, _LIMIT))


@pytest.mark.parametrize("with_lxml", ["True", "False"])
def test_a_workbook_for_which_there_is_no_room_is_told_in_a_sentence(tmp_path: Path, with_lxml):
    script = (
        "import sys; from perf.cli import app\n"
        "def write(*_a, **_k):\n"
        "    from openpyxl import Workbook\n"
        "    book = Workbook(write_only=True); sheet = book.create_sheet()\n"
        "    for n in range(3000): sheet.append([n, 'x' * 50])\n"
        f"    book.save({str(tmp_path / 'a.xlsx')!r})\n"
        "app.app = write\n"
        "sys.exit(app.run(['export']))\n"
    )
    env = {**os.environ, "OPENPYXL_LXML": with_lxml, "TMPDIR": str(tmp_path), "PERF_LANG": "zh"}
    done = subprocess.run(
        [sys.executable, "-c", script],
        check=False,
        capture_output=True,
        env=env,
        preexec_fn=_small_files_only,
        timeout=120,
    )
    said = (done.stdout + done.stderr).decode()
    assert done.returncode == 4, said
    assert said.startswith("写不下"), said
    assert "Traceback" not in said
