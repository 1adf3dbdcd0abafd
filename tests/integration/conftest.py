"""Fixtures of the integration tests."""

from pathlib import Path

import pytest
from tests.integration.cli_county_files import CountyFiles
from tests.integration.cli_june import SPECS
from tests.integration.cli_month_files import put_month
from tests.integration.cli_terminal import Terminal
from tests.integration.library_flow import Flow


@pytest.fixture
def terminal(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Terminal:
    """A terminal in an empty folder."""
    return Terminal(tmp_path, monkeypatch, capsys)


@pytest.fixture
def month(terminal: Terminal) -> Terminal:
    """A folder with rules and workbooks, an empty database, everything accepted."""
    put_month(terminal.folder)
    assert terminal("init").exit == 0
    files = ["花名册.xlsx", "2025-06 质控科.xlsx", "2025-06 财务科.xlsx", "机构名单.xlsx"]
    assert terminal("import", *files, *SPECS, "--accept", "--by", "张三").exit == 0
    return terminal


@pytest.fixture
def june(month: Terminal) -> Terminal:
    """The same with June run."""
    assert month("run", "2025-06", *SPECS, "--by", "张三").exit == 0
    return month


@pytest.fixture
def published(june: Terminal) -> Terminal:
    """The same with June published."""
    assert june("publish", "2025-06", "--by", "李强", "--reason", "院长办公会通过").exit == 0
    return june


@pytest.fixture
def files(terminal: Terminal) -> CountyFiles:
    """The small county as files."""
    return CountyFiles(terminal)


@pytest.fixture
def flow(terminal: Terminal) -> Flow:
    """Rules of the library in a folder of their own."""
    return Flow(terminal)
