"""Where things are. Every value comes from the environment or has a default under `CHAIDAEN_HOME`."""

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Literal, Self

from pydantic import Field, SecretStr, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

PROJECT_ROOT = Path(__file__).resolve().parents[1]


class Settings(BaseSettings):
    """Environment variables are the field names in capitals behind `CHAIDAEN_`; empty ones count as not set."""

    model_config = SettingsConfigDict(env_prefix="CHAIDAEN_", env_ignore_empty=True, frozen=True, extra="ignore")

    home: Path = Field(default=PROJECT_ROOT / ".chaidaen", description="state: database, secrets, logs")
    database_url: str | None = Field(default=None, description="a PostgreSQL of your own; default: the embedded one")
    landing: Path = Path()
    archive: Path = Path()
    outbox: Path = Path()
    contracts: Path = PROJECT_ROOT / "contracts"
    pseudonym_key_file: Path = Path()
    settle_seconds: float = Field(default=2.0, ge=0, description="a dropped file must rest this long before it is read")

    reader_memory_bytes: int = Field(default=2 << 30, ge=64 << 20, description="what reading one file may take")
    reader_seconds: int = Field(default=120, ge=0, description="how long reading one file may take")

    approval: Literal["never", "on_warning", "always"] = Field(
        default="never", description="whether a release that passed the gate waits for a person"
    )
    approval_hours: float = Field(default=24.0, gt=0, description="how long a flow waits; the release stays held")
    stale_hours: float = Field(default=168.0, gt=0, description="a published release older than this is told of")
    notify_url: SecretStr | None = Field(
        default=None, description="https://… (a webhook) or smtp(s)://user:password@host:port/?from=…&to=…; off without"
    )

    unit_tests_in_builds: bool = Field(
        default=True, description="whether a build runs the unit tests of changed models; they speak of code alone"
    )
    keep_releases: int = Field(default=10, ge=1, description="latest releases kept, besides the last of every month")

    @model_validator(mode="before")
    @classmethod
    def _defaults_under_home(cls, values: dict[str, object]) -> dict[str, object]:
        home = Path(str(values.get("home", cls.model_fields["home"].default))).expanduser().absolute()
        under_home = {
            "landing": home / "landing",
            "archive": home / "archive",
            "outbox": home / "outbox",
            "pseudonym_key_file": home / "secrets" / "pseudonym.key",
        }
        return {**under_home, **values, "home": home}

    @model_validator(mode="after")
    def _absolute(self) -> Self:
        for name in ("landing", "archive", "outbox", "contracts", "pseudonym_key_file"):
            object.__setattr__(self, name, getattr(self, name).expanduser().absolute())
        return self

    @property
    def project_root(self) -> Path:
        return PROJECT_ROOT

    def state_dir(self, name: str) -> Path:
        """`CHAIDAEN_HOME/<name>`, made if need be."""
        path = self.home / name
        path.mkdir(parents=True, exist_ok=True)
        return path


def private_folder(path: Path) -> Path:
    """`path`, made if need be so that nobody else on this machine can look in; an existing one is left as it is."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.mkdir(mode=0o700, exist_ok=True)
    return path


@cache
def settings() -> Settings:
    return Settings()


def reload() -> Settings:
    """Read the environment again (tests, and the stack when it hands a home to its children)."""
    settings.cache_clear()
    return settings()


@contextmanager
def environment(given: Mapping[str, str]) -> Iterator[None]:
    """These variables of the process within the block; afterwards those of before."""
    before = {name: os.environ.get(name) for name in given}
    os.environ.update(given)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value
