"""The embedded PostgreSQL: one server per `CHAIDAEN_HOME`, on 127.0.0.1, started by whoever needs it first.

It must come back after `kill -9` of the server or of the process that started it. What decides whether a server lives
is never a file alone: a process must exist, not be a zombie (some containers' first process reaps nothing), and have
the data folder as its working directory.
"""

import os
import secrets
import shutil
import signal
import socket
import subprocess
import time
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import quote

import psutil
import psycopg
from filelock import FileLock

from core.errors import DatabaseUnavailable
from core.postgres_binaries import SHARED_STATE, Binaries, find_binaries, server_account
from core.secrets import password, secret_file

OWNER = "chaidaen"
DATABASE = "chaidaen"
START_SECONDS = 60
STOP_SECONDS = 60

# Nothing a person sent may reach the server's log, so errors are logged without detail, statement or parameters.
SERVER_SETTINGS = {
    "listen_addresses": "127.0.0.1",
    "unix_socket_directories": "",
    "password_encryption": "scram-sha-256",
    "max_connections": "200",
    "shared_buffers": "256MB",
    "max_wal_size": "2GB",
    "jit": "off",
    "log_error_verbosity": "terse",
    "log_min_error_statement": "panic",
    "log_parameter_max_length_on_error": "0",
}

_children: dict[int, subprocess.Popen[bytes]] = {}  # servers this process started, to be reaped by it


@dataclass(slots=True)
class EmbeddedServer:
    """The server of one home. Every public method may be called by several processes at once."""

    home: Path
    folder: Path = field(init=False)

    def __post_init__(self) -> None:
        self.folder = self.home / "postgres"
        self.folder.mkdir(parents=True, exist_ok=True)

    def start(self) -> str:
        """Start the server unless it runs; make its data folder first if there is none. Returns its URL.

        Raises DatabaseUnavailable with the end of the server's log when it does not come up.
        """
        with self._lock():
            data = self.data_folder()
            if self.running() is None:
                if not (data / "PG_VERSION").exists():
                    self._initialise(data)
                self._clear_stale_lock(data)
                self._launch(data)
            return self.url()

    def stop(self) -> bool:
        """Stop the server and wait until it is gone. Returns whether there was one."""
        with self._lock():
            process = self.running()
            if process is None:
                return False
            process.send_signal(signal.SIGINT)  # "fast": disconnect sessions, write a checkpoint, end
            _wait_until_gone(process, STOP_SECONDS)
            return True

    def running(self) -> psutil.Process | None:
        """The postmaster, if it lives."""
        data = self.data_folder()
        try:
            pid = int((data / "postmaster.pid").read_text(encoding="utf-8", errors="replace").split("\n", 1)[0])
        except (FileNotFoundError, ValueError):
            return None
        if pid in _children:
            _children[pid].poll()
        return _living_server(pid, data)

    def url(self, database: str = DATABASE) -> str:
        """`postgresql://` URL of the owner."""
        return f"postgresql://{OWNER}:{quote(password('postgres'))}@127.0.0.1:{self._port()}/{database}"

    def data_folder(self) -> Path:
        """In the home, unless the server's account can't get there: then under /var/lib/chaidaen, by a random name."""
        if server_account().can_enter(self.folder):
            return self.folder / "data"
        name = secret_file(self.folder / "server_id", secrets.token_hex(8))
        return SHARED_STATE / name / "data"

    # ------------------------------------------------------------------------------------------------- the inside

    def _lock(self) -> FileLock:
        return FileLock(self.folder / "start.lock", timeout=START_SECONDS * 2)

    def _port(self) -> int:
        return int((self.folder / "port").read_text(encoding="ascii"))

    def _log(self) -> Path:
        return self.folder / "server.log"

    def _initialise(self, data: Path) -> None:
        account = server_account()
        binaries = find_binaries(account)
        shutil.rmtree(data, ignore_errors=True)  # an initdb that was killed half way
        data.parent.mkdir(parents=True, exist_ok=True)
        making = data.with_name(f"data.making-{os.getpid()}")
        making.mkdir(mode=0o700)
        password_file = data.with_name(f"password-{os.getpid()}")
        password_file.touch(mode=0o600)
        password_file.write_text(password("postgres"), encoding="ascii")
        if account.is_demoted:
            os.chown(making, account.uid, account.gid)
            os.chown(password_file, account.uid, account.gid)
        try:
            self._run_initdb(binaries, making, password_file)
            making.rename(data)
        finally:
            password_file.unlink(missing_ok=True)
            shutil.rmtree(making, ignore_errors=True)

    def _run_initdb(self, binaries: Binaries, data: Path, password_file: Path) -> None:
        # Byte order sorts Thai the same on every machine; the built-in provider knows cases without system locales.
        builtin = ["--locale-provider=builtin", "--builtin-locale=C.UTF-8"] if binaries.major >= 17 else []
        command = [binaries.program("initdb"), "--pgdata", str(data), "--username", OWNER, "--encoding=UTF8"]
        command += ["--locale=C", *builtin, "--auth=scram-sha-256", f"--pwfile={password_file}"]
        account = server_account()
        made = subprocess.run(
            command,
            capture_output=True,
            check=False,
            cwd=data,
            user=account.switch_uid,
            group=account.switch_gid,
            extra_groups=account.extra_groups,
        )
        if made.returncode:
            problem = made.stderr.decode(errors="replace").strip()
            raise DatabaseUnavailable(
                f"PostgreSQL could not make its data folder {data}: {problem}",
                cure="Check that the disk has room and that CHAIDAEN_HOME can be written.",
            )

    def _clear_stale_lock(self, data: Path) -> None:
        """Remove the lock file of a dead postmaster, but only once its last backend has let go of the data."""
        lock_file = data / "postmaster.pid"
        if not lock_file.exists():
            return
        deadline = time.monotonic() + 10
        while orphans := _servers_in(data):
            if time.monotonic() > deadline:
                for orphan in orphans:
                    orphan.kill()
            time.sleep(0.05)
        lock_file.unlink(missing_ok=True)

    def _launch(self, data: Path) -> None:
        account = server_account()
        port = self._choose_port()
        settings = [f"--{name}={value}" for name, value in {**SERVER_SETTINGS, "port": str(port)}.items()]
        command = [find_binaries(account).program("postgres"), "-D", str(data), *settings]
        with self._log().open("ab") as log:
            child = subprocess.Popen(
                command,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                cwd=data,
                start_new_session=True,
                user=account.switch_uid,
                group=account.switch_gid,
                extra_groups=account.extra_groups,
            )
        _children[child.pid] = child
        self._wait_until_ready(child)

    def _choose_port(self) -> int:
        """The port of the last time while it is free, so that saved connections keep working."""
        port_file = self.folder / "port"
        known = int(port_file.read_text(encoding="ascii")) if port_file.exists() else 0
        for candidate in (known, 0):
            with socket.socket() as probe:
                probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
                try:
                    probe.bind(("127.0.0.1", candidate))
                except OSError:
                    continue
                port = int(probe.getsockname()[1])
                break
        temporary = port_file.with_suffix(".new")
        temporary.write_text(str(port), encoding="ascii")
        temporary.replace(port_file)
        return port

    def _wait_until_ready(self, child: subprocess.Popen[bytes]) -> None:
        deadline = time.monotonic() + START_SECONDS
        while time.monotonic() < deadline and child.poll() is None:
            try:
                with psycopg.connect(self.url("postgres"), connect_timeout=5, autocommit=True) as connection:
                    if not connection.execute("select 1 from pg_database where datname = %s", [DATABASE]).fetchone():
                        connection.execute(f"create database {DATABASE}")
                return
            except psycopg.OperationalError:
                time.sleep(0.05)
        tail = self._log().read_text(encoding="utf-8", errors="replace").strip().splitlines()[-5:]
        raise DatabaseUnavailable(
            "The embedded PostgreSQL did not start. Its log ends:\n  " + "\n  ".join(tail),
            cure=f"See {self._log()}; `chaidaen doctor` looks for the usual causes.",
        )


def _living_server(pid: int, data: Path) -> psutil.Process | None:
    try:
        process = psutil.Process(pid)
        alive = process.status() != psutil.STATUS_ZOMBIE and Path(process.cwd()) == data.resolve()
    except (psutil.NoSuchProcess, psutil.AccessDenied, FileNotFoundError):
        return None
    return process if alive else None


def _servers_in(data: Path) -> list[psutil.Process]:
    """Postmaster or backends, of whatever age, that still work in this data folder."""
    candidates = (process for process in psutil.process_iter(["name"]) if "postgres" in (process.info["name"] or ""))
    return [process for process in candidates if _living_server(process.pid, data)]


def _wait_until_gone(process: psutil.Process, seconds: float) -> None:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if process.pid in _children:
            _children[process.pid].poll()
        try:
            if process.status() == psutil.STATUS_ZOMBIE:
                return
        except psutil.NoSuchProcess:
            return
        time.sleep(0.02)
    raise DatabaseUnavailable(
        f"The embedded PostgreSQL (process {process.pid}) did not stop within {seconds} s.",
        cure="Some session holds it up; run `chaidaen db stop` again, or end that session.",
    )
