"""The embedded PostgreSQL comes back after every kind of death, with its data, and there is only ever one."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import psutil
import psycopg
import pytest

from core import database
from core.postgres import EmbeddedServer
from tests.conftest import temporary_home

START_AND_WAIT = "import time; from core import database; print(database.url(), flush=True); time.sleep(600)"


@pytest.fixture
def home(tmp_path: Path) -> Iterator[Path]:
    """An empty home: making its database is what is tested here."""
    with temporary_home(tmp_path / "home") as folder:
        yield folder


def start_in_another_process() -> subprocess.Popen[str]:
    return subprocess.Popen([sys.executable, "-c", START_AND_WAIT], stdout=subprocess.PIPE, text=True)


def kill(process: psutil.Process) -> None:
    """kill -9, without reaping: the corpse stays for whoever is its parent."""
    process.send_signal(signal.SIGKILL)
    while process.is_running() and process.status() != psutil.STATUS_ZOMBIE:
        time.sleep(0.01)


def remember(value: int) -> None:
    with database.connect() as connection:
        connection.execute("create table if not exists public.memory (value int)")
        connection.execute("insert into public.memory values (%s)", [value])


def remembered() -> list[int]:
    with database.connect() as connection:
        return [row[0] for row in connection.execute("select value from public.memory order by 1")]


def test_committed_rows_survive_kill_of_the_server(home: Path) -> None:
    server = EmbeddedServer(home)
    remember(1)
    for attempt in (2, 3):
        postmaster = server.running()
        assert postmaster is not None
        kill(postmaster)
        remember(attempt)
    assert remembered() == [1, 2, 3]


def test_a_killed_postmaster_that_nobody_reaps_is_not_believed_alive(home: Path) -> None:
    """The starter stays alive without ever reaping, as a container's first process that reaps nothing does."""
    starter = start_in_another_process()
    try:
        assert starter.stdout is not None
        starter.stdout.readline()
        server = EmbeddedServer(home)
        postmaster = server.running()
        assert postmaster is not None
        kill(postmaster)
        assert postmaster.status() == psutil.STATUS_ZOMBIE
        assert server.running() is None
        remember(7)
        assert remembered() == [7]
    finally:
        starter.kill()
        starter.communicate()


def test_the_server_outlives_kill_of_its_starter_and_is_used_again(home: Path) -> None:
    starter = start_in_another_process()
    assert starter.stdout is not None
    starter.stdout.readline()
    server = EmbeddedServer(home)
    before = server.running()
    starter.kill()
    starter.communicate()
    remember(1)
    after = server.running()
    assert before is not None
    assert after is not None
    assert before.pid == after.pid


def test_eight_starts_at_once_give_one_server(home: Path) -> None:
    command = [sys.executable, "-c", "from core import database; print(database.url())"]
    with ThreadPoolExecutor(8) as pool:
        runs = pool.map(lambda _: subprocess.run(command, capture_output=True, text=True, check=True).stdout, range(8))
    assert len(set(runs)) == 1
    data = EmbeddedServer(home).data_folder()
    postmasters = [p for p in psutil.process_iter(["cmdline"]) if str(data) in (p.info["cmdline"] or [])]
    assert len(postmasters) == 1


def test_an_initdb_killed_half_way_is_made_again(home: Path) -> None:
    data = EmbeddedServer(home).data_folder()
    data.mkdir(parents=True)
    (data / "base").mkdir()
    remember(1)
    assert remembered() == [1]


def test_a_lock_file_naming_a_stranger_does_not_stop_the_start(home: Path) -> None:
    """After a reboot the number in the lock file may belong to any process."""
    remember(1)
    server = EmbeddedServer(home)
    server.stop()
    database.forget()
    stranger = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"])
    try:
        lock_file = server.data_folder() / "postmaster.pid"
        lock_file.write_text(f"{stranger.pid}\n{server.data_folder()}\n0\n1\n\n\n\n", encoding="utf-8")
        assert remembered() == [1]
        assert stranger.poll() is None
    finally:
        stranger.kill()
        stranger.wait()


def test_a_path_with_spaces_and_thai_letters_works(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with temporary_home(tmp_path / "คลังข้อมูล ชายแดน ใต้"):
        remember(1)
        assert remembered() == [1]


def test_only_this_machine_is_listened_on_and_a_password_is_asked(home: Path) -> None:
    url = database.url()
    postmaster = EmbeddedServer(home).running()
    assert postmaster is not None
    addresses = {c.laddr.ip for c in postmaster.net_connections(kind="inet") if c.status == psutil.CONN_LISTEN}
    assert addresses == {"127.0.0.1"}
    port = url.rpartition(":")[2]
    with pytest.raises(psycopg.OperationalError, match="password"):
        psycopg.connect(f"postgresql://chaidaen:wrong@127.0.0.1:{port}")


def test_stop_leaves_no_process(home: Path) -> None:
    database.url()
    server = EmbeddedServer(home)
    assert server.stop()
    assert not server.stop()
    data = server.data_folder()
    working_there = [p for p in psutil.process_iter(["cmdline"]) if str(data) in " ".join(p.info["cmdline"] or [])]
    assert working_there == []


@pytest.mark.skipif(os.geteuid() != 0, reason="only root has a home that is closed to the server's account")
def test_a_home_closed_to_the_servers_account_keeps_its_data_elsewhere(home: Path) -> None:
    home.mkdir(exist_ok=True)
    home.chmod(0o700)
    remember(1)
    assert not EmbeddedServer(home).data_folder().is_relative_to(home)
    assert remembered() == [1]
