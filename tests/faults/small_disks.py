"""Full disks, in every way this machine allows: a small file system for root, a limit of the kernel for anybody."""

import os
import resource
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

import psycopg
from psycopg import sql

from core import database
from core.postgres import EmbeddedServer
from core.postgres_binaries import server_account
from core.settings import settings

LIMIT_BYTES = 4096
FILLED_FROM = 1_000_000  # row numbers that no file of the tests has
Disk = Callable[[Path], AbstractContextManager[None]]


@contextmanager
def file_size_limit(folder: Path) -> Iterator[None]:
    """No file of ours grows beyond LIMIT_BYTES: the write fails in the kernel, as on a disk that is full."""
    del folder
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (LIMIT_BYTES, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


@contextmanager
def small_file_system(folder: Path) -> Iterator[None]:
    """`folder` is a file system of its own, with room for nothing."""
    folder.mkdir(parents=True, exist_ok=True)
    mount(folder, "16k")
    try:
        fill(folder)
        yield
    finally:
        unmount(folder)


@contextmanager
def full_tablespace(table: str) -> Iterator[None]:
    """`table` lies on a file system of its own that has no room left."""
    folder = EmbeddedServer(settings().home).data_folder().parent / "small"
    folder.mkdir()
    mount(folder, "2m")
    space = folder / "space"
    space.mkdir()
    account = server_account()
    if account.is_demoted:
        os.chown(space, account.uid, account.gid)
    name = sql.Identifier(*table.split("."))
    try:
        with database.connect(autocommit=True) as connection:
            connection.execute(sql.SQL("create tablespace small location {}").format(str(space)))
            connection.execute(sql.SQL("alter table {} set tablespace small").format(name))
        filler = fill(folder)
        yield
        filler.unlink()
        with database.connect(autocommit=True) as connection:
            connection.execute(sql.SQL("alter table {} set tablespace pg_default").format(name))
            connection.execute("drop tablespace small")
    finally:
        unmount(folder)


@contextmanager
def full_table(table: str) -> Iterator[None]:
    """The embedded server can't make the file of `table` larger, and it has no room for one more row.

    The server inherits the kernel's limit from whoever starts it; 20 MiB leave room for its log of 16 MiB a piece.
    """
    server = EmbeddedServer(settings().home)
    server.stop()
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (20 << 20, hard))
    try:
        server.start()
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    database.forget()
    try:
        _fill_table(table)
        yield
    finally:
        server.stop()
        database.forget()
        _empty_table(table)


def _fill_table(table: str) -> None:
    """Copies of its first row under row numbers that no file has, until not one more fits."""
    statement = sql.SQL(
        "insert into {table} select made.* from (select t as one from {table} as t limit 1) as first,"
        " generate_series(%s::bigint, %s) as number,"
        " lateral jsonb_populate_record(one, jsonb_build_object('_row', number)) as made"
    ).format(table=sql.Identifier(*table.split(".")))
    number, rows = FILLED_FROM, 50_000
    with database.connect(autocommit=True) as connection:
        while rows:
            try:
                connection.execute(statement, [number, number + rows - 1])
                number += rows
            except psycopg.Error:
                rows //= 4


def _empty_table(table: str) -> None:
    name = sql.Identifier(*table.split("."))
    with database.connect(autocommit=True) as connection:
        connection.execute(sql.SQL("delete from {} where _row >= %s").format(name), [FILLED_FROM])
        connection.execute(sql.SQL("vacuum full {}").format(name))


def may_mount() -> bool:
    """Whether this process can have a file system of its own."""
    if os.geteuid() != 0:
        return False
    with tempfile.TemporaryDirectory() as folder:
        try:
            mount(Path(folder), "16k")
        except (OSError, subprocess.CalledProcessError):
            return False
        unmount(Path(folder))
    return True


def mount(folder: Path, size: str) -> None:
    options = f"size={size},mode=0777"
    subprocess.run(["mount", "-t", "tmpfs", "-o", options, "tmpfs", str(folder)], check=True, capture_output=True)


def unmount(folder: Path) -> None:
    subprocess.run(["umount", "--lazy", str(folder)], check=True, capture_output=True)


def fill(folder: Path) -> Path:
    """A file that takes whatever room is left."""
    filler = folder / "filler"
    with filler.open("wb", buffering=0) as file:
        try:
            while file.write(b"\0" * 4096):
                pass
        except OSError:
            return filler
    return filler
