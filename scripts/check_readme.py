"""Run the README's first command word for word in a fresh clone; `--print test` prints the second one, the tests."""

import re
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]


def commands() -> dict[str, str]:
    """The two commands, by name: the `sh` blocks of the README marked `<!-- command: run -->` and `<!-- command: test -->`."""
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    found = re.findall(r"<!-- command: (\w+) -->\n```sh\n(.+?)\n```", text, flags=re.DOTALL)
    if [name for name, _ in found] != ["run", "test"]:
        raise SystemExit("README.md must hold exactly two marked commands: run, test")
    return dict(found)


def main() -> None:
    """Check that both languages show the same commands, then run the first in a fresh clone."""
    both = commands()
    if sys.argv[1:] == ["--print", "test"]:
        print(both["test"])
        return
    chinese = (ROOT / "README.zh-CN.md").read_text(encoding="utf-8")
    for name, command in both.items():
        if command not in chinese:
            raise SystemExit(f"README.zh-CN.md lacks the command “{name}” word for word")
    with tempfile.TemporaryDirectory() as folder:
        clone = Path(folder) / "perf"
        subprocess.run(["git", "clone", "-q", str(ROOT), str(clone)], check=True)
        begin = time.monotonic()
        done = subprocess.run(["sh", "-c", both["run"]], cwd=clone, check=False, capture_output=True, text=True)
        print("\n".join(done.stdout.splitlines()[-25:]))
        print(f"README command “run” in a fresh clone: exit {done.returncode}, {time.monotonic() - begin:.0f} s")
        if done.returncode:
            print(done.stderr[-4000:])
            raise SystemExit(1)


if __name__ == "__main__":
    main()
