"""What every kind of test shares: a home of its own, and no network beyond this machine."""

import shutil
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from filelock import FileLock
from pytest_socket import socket_allow_hosts

from core import database
from core.postgres import EmbeddedServer
from core.settings import reload as reload_settings
from tests.spreading import pytest_collection_modifyitems, pytest_xdist_make_scheduler  # noqa: F401

FOREIGN_SETTINGS = ("DATABASE_URL", "LANDING", "ARCHIVE", "OUTBOX", "CONTRACTS", "PSEUDONYM_KEY_FILE", "CLOCK")


@pytest.fixture(autouse=True)
def no_network() -> None:
    """Tests reach this machine only; unit tests open no socket at all (tests/unit/conftest.py)."""
    socket_allow_hosts(["127.0.0.1", "::1", "localhost"], allow_unix_socket=True)


@contextmanager
def _settings_of(folder: Path) -> Iterator[EmbeddedServer]:
    with pytest.MonkeyPatch.context() as patch:
        for name in FOREIGN_SETTINGS:
            patch.delenv(f"CHAIDAEN_{name}", raising=False)
        patch.setenv("CHAIDAEN_HOME", str(folder))
        patch.setenv("CHAIDAEN_SETTLE_SECONDS", "0")
        # They speak of code alone: the build of the small survey (tests/warehouse) runs every one of them, once.
        patch.setenv("CHAIDAEN_UNIT_TESTS_IN_BUILDS", "false")
        reload_settings()
        database.forget()
        try:
            yield EmbeddedServer(folder)
        finally:
            database.forget()
    reload_settings()


def _remove_data(server: EmbeddedServer) -> None:
    shutil.rmtree(server.data_folder().parent, ignore_errors=True)  # not always inside the folder


@contextmanager
def temporary_home(folder: Path, prepared: Path | None = None) -> Iterator[Path]:
    """CHAIDAEN_HOME is `folder` inside the block, empty or a copy of the `prepared_home`.

    A server started in it is ended and its data removed.
    """
    try:
        with _lasting_home(folder, prepared):
            yield folder
    finally:
        _remove_data(EmbeddedServer(folder))


@contextmanager
def _lasting_home(folder: Path, prepared: Path | None = None) -> Iterator[None]:
    with _settings_of(folder) as server:
        if prepared is not None:
            folder.mkdir(parents=True, exist_ok=True)
            shutil.copytree(prepared / "secrets", folder / "secrets")
            data = server.data_folder()
            data.parent.mkdir(parents=True, exist_ok=True)
            # Its owner may be another account than ours, which only `cp` keeps.
            subprocess.run(["cp", "-a", EmbeddedServer(prepared).data_folder(), data], check=True)
        try:
            yield
        finally:
            process = server.running()
            if process is not None:  # nobody waits for a checkpoint: what is read again was stopped in good order
                process.send_signal(signal.SIGQUIT)
                process.wait(30)


@pytest.fixture(scope="session")
def prepared_home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A home with a migrated database whose server rests: made once, copied for every test that wants a server."""
    folder = tmp_path_factory.mktemp("prepared") / "home"
    with _settings_of(folder) as server:
        database.url()
        server.stop()
    yield folder
    _remove_data(server)


@pytest.fixture(scope="session")
def built_home(tmp_path_factory: pytest.TempPathFactory, prepared_home: Path, worker_id: str) -> Iterator[Path]:
    """The prepared home with the whole project built and tested for a release of nothing, which is then forgotten.

    For tests of what happens from release to release: their first build makes what their data change, not everything.
    The first worker that wants it makes it, the last one to leave removes it.
    """
    own = tmp_path_factory.getbasetemp()
    of_all = own if worker_id == "master" else own.parent
    shared, lock_file = of_all / "built", of_all / "built.lock"
    folder, complete, users = shared / "home", shared / "complete", shared / "users"
    with FileLock(lock_file):
        if not complete.exists():
            users.mkdir(parents=True, exist_ok=True)
            with _lasting_home(folder, prepared_home):
                _build_everything()
                EmbeddedServer(folder).stop()
            complete.touch()
        (users / worker_id).touch()
    yield folder
    with FileLock(lock_file):
        (users / worker_id).unlink()
        if not any(users.iterdir()):
            complete.unlink()
            _remove_data(EmbeddedServer(folder))
            shutil.rmtree(folder)


def _build_everything() -> None:
    from publication.build import build_layer
    from publication.plan import LAYERS
    from publication.releases import open_release

    release_id = open_release(force=True)
    assert release_id is not None
    for layer in LAYERS:
        build_layer(release_id, layer)
    with database.connect() as connection:
        connection.execute("update ops.building set release_id = null, as_of = null")
        connection.execute("truncate ops.releases restart identity cascade")
        connection.execute("insert into store.current default values")


@pytest.fixture
def home(tmp_path: Path, prepared_home: Path) -> Iterator[Path]:
    """A home of its own with a migrated, empty database, for one test."""
    with temporary_home(tmp_path / "home", prepared_home) as folder:
        yield folder


@pytest.fixture(scope="module")
def module_home(tmp_path_factory: pytest.TempPathFactory, prepared_home: Path) -> Iterator[Path]:
    """A home with a migrated, empty database, for the tests of one file."""
    with temporary_home(tmp_path_factory.mktemp("module") / "home", prepared_home) as folder:
        yield folder


@pytest.fixture(scope="module")
def module_built_home(tmp_path_factory: pytest.TempPathFactory, built_home: Path) -> Iterator[Path]:
    """A home in which everything is built and nothing released, for the tests of one file."""
    with temporary_home(tmp_path_factory.mktemp("module") / "home", built_home) as folder:
        yield folder
