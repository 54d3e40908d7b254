"""What a release is made of, as one hash: equal recipes give equal content, so an equal recipe is not built again."""

import hashlib
import json
import tomllib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from psycopg import Connection
from psycopg.rows import TupleRow

from core.settings import settings

GENERATED_FOLDERS = frozenset({"target", "logs", "dbt_packages", "__pycache__"})


@dataclass(frozen=True, slots=True)
class Recipe:
    """submissions: (submission_id, sha256) of the effective revision of every scope, ascending by id."""

    submissions: tuple[tuple[int, str], ...]
    code: str
    as_of: date

    @property
    def digest(self) -> str:
        content = [self.submissions, self.code, self.as_of.isoformat()]
        return hashlib.sha256(json.dumps(content, separators=(",", ":")).encode()).hexdigest()

    @property
    def code_version(self) -> str:
        project = tomllib.loads((settings().project_root / "pyproject.toml").read_text(encoding="utf-8"))
        return f"{project['project']['version']}+{self.code[:12]}"


def effective_recipe(connection: Connection[TupleRow], as_of: date) -> Recipe:
    """The recipe of a release opened now. One statement reads the ledger, so all submissions are of one instant."""
    rows = connection.execute(
        "select submission_id, sha256 from ops.submissions where state in ('loaded', 'released') order by submission_id"
    ).fetchall()
    return Recipe(tuple((int(number), str(sha256)) for number, sha256 in rows), code_hash(), as_of)


def code_hash() -> str:
    """SHA-256 over the names and bytes of all models, seeds, contracts and expectations."""
    root = settings().project_root
    return hash_of_files(root / "dbt_project", settings().contracts, root / "expectations")


def seeds_hash() -> str:
    """SHA-256 over what decides the content of the seeds: their files, and the types dbt gives their columns."""
    project = settings().project_root / "dbt_project"
    configuration = hashlib.sha256((project / "dbt_project.yml").read_bytes()).hexdigest()
    return hashlib.sha256(f"{hash_of_files(project / 'seeds')}{configuration}".encode()).hexdigest()


def hash_of_files(*folders: Path) -> str:
    digest = hashlib.sha256()
    for folder in folders:
        for path in sorted(_sources(folder)):
            digest.update(f"{folder.name}/{path.relative_to(folder).as_posix()}\0".encode())
            digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()


def _sources(folder: Path) -> Iterator[Path]:
    children: Iterable[Path] = folder.iterdir() if folder.is_dir() else ()
    for child in children:
        if child.name.startswith(".") or child.name in GENERATED_FOLDERS:
            continue
        if child.is_dir():
            yield from _sources(child)
        else:
            yield child
