"""A home of its own for a long run, removed afterwards unless the run failed."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from core import database
from core.postgres import EmbeddedServer
from core.settings import reload as reload_settings
from core.settings import settings


@contextmanager
def temporary_home() -> Iterator[Path]:
    """CHAIDAEN_HOME is a new folder inside the block, and no other setting of the caller's counts."""
    folder = Path(tempfile.mkdtemp(prefix="chaidaen-soak-"))
    for name in [name for name in os.environ if name.startswith("CHAIDAEN_")]:
        del os.environ[name]
    os.environ |= {"CHAIDAEN_HOME": str(folder / "home"), "CHAIDAEN_SETTLE_SECONDS": "0"}
    reload_settings()
    database.forget()
    try:
        yield folder
    except BaseException:
        EmbeddedServer(settings().home).stop()
        print(f"Everything is kept in {folder}")
        raise
    server = EmbeddedServer(settings().home)
    server.stop()
    shutil.rmtree(server.data_folder().parent, ignore_errors=True)
    shutil.rmtree(folder, ignore_errors=True)
