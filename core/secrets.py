"""Secrets made once by the machine that needs them, each in a file only its owner can read."""

import os
import secrets
import tempfile
from pathlib import Path

from core.settings import settings


def secret_file(path: Path, content: str) -> str:
    """The content of `path`; if there is none yet it is written first, whole or not at all, mode 0600.

    Two processes may race: one file wins and both read it.
    """
    if not path.exists():
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=".new-")  # mkstemp makes it 0600
        try:
            with os.fdopen(handle, "w", encoding="ascii") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            os.link(temporary, path)
        except FileExistsError:
            pass
        finally:
            Path(temporary).unlink()
    return path.read_text(encoding="ascii").strip()


def password(name: str) -> str:
    """The password called `name`, kept under `CHAIDAEN_HOME/secrets/`."""
    return secret_file(settings().home / "secrets" / f"{name}.password", secrets.token_urlsafe(24))
