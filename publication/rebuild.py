"""Builds a release again from the archived files, beside the warehouse, and compares the two, mart by mart."""

import time
from collections.abc import Callable
from contextlib import closing
from dataclasses import asdict, dataclass
from typing import Any

from core import database
from core.errors import BuildFailed
from publication import dbt, standing
from publication.build import build
from publication.comparing import different_marts, different_submissions
from publication.manifest import changed_ingredients, ingredients, manifest_of, names_of, program_hash
from publication.replaying import replay
from publication.scratch import scratch_warehouse

Progress = Callable[[str, str], None]


@dataclass(frozen=True, slots=True)
class Rebuilt:
    """What became of it.

    marts: those that differ, see `publication.comparing`. changed: what the release was made of and is not so now.
    submissions: read again with another result. raw_rows: submissions whose rows in the warehouse their files do not
    give; looked for only when a mart differs.
    """

    release_id: int
    marts_compared: int
    submissions_read: int
    seconds: float
    marts: list[dict[str, Any]]
    changed: list[dict[str, Any]]
    submissions: list[dict[str, Any]]
    raw_rows: list[dict[str, Any]]

    @property
    def is_identical(self) -> bool:
        return not self.marts

    def as_json(self) -> dict[str, Any]:
        return {"identical": self.is_identical, **asdict(self)}


def rebuild(release_id: int, *, progress: Progress = lambda step, detail: None) -> Rebuilt:
    """Build the release again from the archive, with the program as it is now, and compare every mart.

    Readers and the warehouse notice nothing; may be killed at any instant. Raises UsageError for a release without a
    manifest, BuildFailed when what the archive gives can't even be built.
    """
    began = time.monotonic()
    manifest = manifest_of(release_id)
    progress("prepare", "")
    with scratch_warehouse(release_id) as real:
        changed = changed_ingredients(real, manifest, ingredients(real, release_id, program_hash()))
        with closing(database.connect(application="chaidaen rebuild", autocommit=True)) as scratch:
            submissions = replay(real, scratch, manifest, lambda detail: progress("read", detail))
            standing.carry_unit_tests(real, scratch)
            try:
                build(release_id, progress=lambda step: progress("build", step))
            except BuildFailed as error:
                raise _unbuildable(error, release_id, changed) from error
            progress("compare", "")
            marts = different_marts(real, scratch, manifest, dbt.parse())
            raw_rows = different_submissions(real, scratch, manifest) if marts else []
    return Rebuilt(
        release_id, len(manifest["marts"]), len(manifest["submissions"]), round(time.monotonic() - began, 1),
        marts, changed, submissions, raw_rows,
    )  # fmt: skip


def _unbuildable(error: BuildFailed, release_id: int, changed: list[dict[str, Any]]) -> BuildFailed:
    others = f"; since then changed: {', '.join(names_of(changed)[:10])}" if changed else ""
    return BuildFailed(
        f"Release {release_id} can't be built from the archive any more. {error.message}{others}",
        cure="Take the version of the program that built it: chaidaen manifest names its commit.",
    )
