"""What every kind of test shares: a home of its own, and no network beyond this machine."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from pytest_socket import socket_allow_hosts

from core import database
from core.postgres import EmbeddedServer
from core.settings import reload as reload_settings

FOREIGN_SETTINGS = ("DATABASE_URL", "LANDING", "ARCHIVE", "OUTBOX", "CONTRACTS", "PSEUDONYM_KEY_FILE", "CLOCK")


@pytest.fixture(autouse=True)
def no_network() -> None:
    """Tests reach this machine only; unit tests open no socket at all (tests/unit/conftest.py)."""
    socket_allow_hosts(["127.0.0.1", "::1", "localhost"], allow_unix_socket=True)


@contextmanager
def temporary_home(folder: Path) -> Iterator[Path]:
    """CHAIDAEN_HOME is `folder` inside the block; a server started in it is stopped and its data removed."""
    with pytest.MonkeyPatch.context() as patch:
        for name in FOREIGN_SETTINGS:
            patch.delenv(f"CHAIDAEN_{name}", raising=False)
        patch.setenv("CHAIDAEN_HOME", str(folder))
        patch.setenv("CHAIDAEN_SETTLE_SECONDS", "0")
        reload_settings()
        database.forget()
        server = EmbeddedServer(folder)
        try:
            yield folder
        finally:
            server.stop()
            shutil.rmtree(server.data_folder().parent, ignore_errors=True)  # not always inside the folder
            database.forget()
    reload_settings()


@pytest.fixture
def home(tmp_path: Path) -> Iterator[Path]:
    """An empty home with a server of its own, for one test."""
    with temporary_home(tmp_path / "home") as folder:
        yield folder


@pytest.fixture(scope="module")
def module_home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """An empty home with a server of its own, for the tests of one file."""
    with temporary_home(tmp_path_factory.mktemp("module") / "home") as folder:
        yield folder
