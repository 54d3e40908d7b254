"""What a release was made of and what came out of it, for as long as there is a ledger.

Written when the marts are stored, and again when the gate's verdict has gone into the notes. Which submissions it has,
what the gate said, who approved it and when it was published stands in the ledger and is read from there.
"""

import hashlib
import json
import platform
import subprocess
from collections.abc import Iterable, Mapping
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

import yaml
from psycopg import Connection
from psycopg.rows import TupleRow, dict_row
from psycopg.types.json import Jsonb

from core import clock, database
from core.errors import UsageError
from core.settings import settings
from ingestion.contracts import load_contracts
from ingestion.pseudonyms import key_fingerprint
from publication.recipe import code_hash, source_files
from publication.relations import relation_named, shape_of

PACKAGES = (
    "dbt-core", "dbt-postgres", "great-expectations", "pyarrow", "pgpq", "psycopg", "python-calamine", "openpyxl",
    "olefile", "open-data-contract-standard", "jsonschema",
)  # fmt: skip
PROGRAM = ("core", "ingestion", "expectations", "publication", "dbt_project", "contracts")  # decides about rows
_GIT_SECONDS = 10

# Submissions the release lists, and those whose rows they took over because bad rows came back corrected.
MADE_OF = """
with recursive made_of as (
    select submission_id, true as is_listed from ops.release_submissions where release_id = %(release)s
    union
    select s.base_submission_id, false
    from ops.submissions as s inner join made_of on s.submission_id = made_of.submission_id
    where s.base_submission_id is not null
)
select submission_id, bool_or(is_listed) as is_listed from made_of group by submission_id
"""
_LISTED_HASH = """
select coalesce(md5(string_agg(s.submission_id || ' ' || s.sha256, e'\\n' order by s.submission_id)), '')
from ops.release_submissions as r inner join ops.submissions as s using (submission_id)
where r.release_id = %s
"""


def keep_manifest(connection: Connection[TupleRow], release_id: int) -> None:
    """Write down what the release is made of and what its stored marts hold, in the caller's transaction."""
    files = program_files()
    program = _hash_of(files)
    connection.execute("insert into ops.programs values (%s, %s) on conflict do nothing", [program, Jsonb(files)])
    connection.execute(
        "insert into ops.release_manifests (release_id, ingredients, marts, written_at) values (%s, %s, %s, %s)"
        " on conflict (release_id) do update set ingredients = excluded.ingredients, marts = excluded.marts,"
        " written_at = excluded.written_at",
        [
            release_id,
            Jsonb(ingredients(connection, release_id, program)),
            Jsonb(_stored_marts(connection, release_id)),
            clock.now(),
        ],
    )


def keep_marts(connection: Connection[TupleRow], release_id: int) -> None:
    """A mart of the release was stored again; the rest of its manifest stands."""
    connection.execute(
        "update ops.release_manifests set marts = %s, written_at = %s where release_id = %s",
        [Jsonb(_stored_marts(connection, release_id)), clock.now(), release_id],
    )


def manifest_of(release_id: int) -> dict[str, Any]:
    """The whole manifest, ready for JSON. Raises UsageError for an unknown release, or one that has none."""
    with database.connect() as connection:
        return read_manifest(connection, release_id)


def read_manifest(connection: Connection[TupleRow], release_id: int) -> dict[str, Any]:
    """As `manifest_of`, on a given connection."""
    with connection.cursor(row_factory=dict_row) as cursor:
        release = cursor.execute(
            "select r.release_id, r.state as status, r.as_of::text, r.created_at, r.published_at, r.gate,"
            " r.approved_by, r.code_version, r.recipe, m.ingredients, m.marts"
            " from ops.releases as r left join ops.release_manifests as m using (release_id) where r.release_id = %s",
            [release_id],
        ).fetchone()
        if release is None:
            raise UsageError(f"There is no release {release_id}.", cure="See `chaidaen releases`.")
        if release["ingredients"] is None:
            raise UsageError(
                f"Release {release_id} has no manifest: it was never stored whole, or before manifests were kept.",
                cure="See `chaidaen releases`; the next release has one.",
            )
        submissions = cursor.execute(
            f"select m.is_listed, s.submission_id, s.agency_id, s.dataset_id, s.period, s.part, s.revision, s.sha256,"
            f" s.contract_version, s.base_submission_id, s.accepted_rows, s.rejected_rows from ({MADE_OF}) as m"
            " inner join ops.submissions as s using (submission_id) order by s.submission_id",
            {"release": release_id},
        ).fetchall()
    found, marts = release.pop("ingredients"), release.pop("marts")
    times = {name: value and value.isoformat() for name, value in release.items() if name.endswith("_at")}
    return {**release, **times, **found, "submissions": submissions, "marts": marts}


def ingredients(connection: Connection[TupleRow], release_id: int, program: str) -> dict[str, Any]:
    """Everything besides the submissions' bytes that may decide what a release says, as it is now."""
    root = settings().project_root
    listed = connection.execute(_LISTED_HASH, [release_id]).fetchone()
    return {
        "code": {"program": program, "recipe_code": code_hash(), **_git(root)},
        "seeds": _seeds(root / "dbt_project" / "seeds"),
        "contracts": {
            name: {"version": found.version, "sha256": _sha256(settings().contracts / f"{name}.odcs.yaml")}
            for name, found in sorted(load_contracts().items())
        },
        "packages": {"python": platform.python_version(), **{name: _version(name) for name in PACKAGES}},
        "postgresql": str(connection.info.parameter_status("server_version")),
        "variables": _variables(root),
        "pseudonym_key": key_fingerprint(),
        "listed_submissions": listed[0] if listed else "",
    }


def program_files() -> dict[str, str]:
    """SHA-256 of every file of the program that decides about rows, by its path in the project."""
    root, contracts = settings().project_root, settings().contracts
    folders = {name: root / name for name in PROGRAM} | {"contracts": contracts}
    return {
        f"{name}/{path.relative_to(folder).as_posix()}": _sha256(path)
        for name, folder in folders.items()
        for path in sorted(source_files(folder))
    }


def files_of_program(connection: Connection[TupleRow], program: str) -> dict[str, str]:
    """The files of a program that built some release; empty for one that did not."""
    row = connection.execute("select files from ops.programs where program_hash = %s", [program]).fetchone()
    return dict(row[0]) if row else {}


def changed_ingredients(
    connection: Connection[TupleRow], kept: Mapping[str, Any], now: Mapping[str, Any]
) -> list[dict[str, Any]]:
    """What is not as the manifest says: `what`, `then`, `now`, one for each thing, files by their names."""
    changes: list[dict[str, Any]] = []
    for group in ("seeds", "contracts", "packages", "variables"):
        changes += _differences(group.removesuffix("s"), kept[group], now[group])
    for name in ("postgresql", "pseudonym_key", "listed_submissions"):
        changes += _differences(name, {"": kept[name]}, {"": now[name]})
    told = {f"dbt_project/seeds/{name}" for name in {*kept["seeds"], *now["seeds"]}}
    if kept["code"]["program"] != now["code"]["program"]:
        then, here = files_of_program(connection, kept["code"]["program"]), program_files()
        changes += [one for one in _differences("file", then, here) if one["name"] not in told]
        changes += _differences("git", {"commit": kept["code"]["git_commit"]}, {"commit": now["code"]["git_commit"]})
    return changes


def program_hash() -> str:
    """Names the program as it is now."""
    return _hash_of(program_files())


def _differences(what: str, then: Mapping[str, Any], now: Mapping[str, Any]) -> list[dict[str, Any]]:
    return [
        {"what": what, "name": name, "then": then.get(name), "now": now.get(name)}
        for name in sorted({*then, *now})
        if then.get(name) != now.get(name)
    ]


def _stored_marts(connection: Connection[TupleRow], release_id: int) -> list[dict[str, Any]]:
    """Sums over the parts: a part's hash is itself a sum over its rows, so neither order nor parting matters."""
    rows = connection.execute(
        "select m.mart, rp.relation, sum(p.row_count)::bigint, sum(p.content_hash)::text"
        " from ops.release_marts as m"
        " inner join store.release_parts as rp"
        " on rp.release_id = m.release_id and rp.relation in (m.mart, m.mart || '__safe', m.mart || '__cases')"
        " inner join store.parts as p using (part_id)"
        " where m.release_id = %s group by m.mart, rp.relation order by m.mart, rp.relation",
        [release_id],
    ).fetchall()
    marts = []
    for _, name, count, content_hash in rows:
        relation = relation_named(name)
        shape = shape_of(connection, relation.table)
        columns = shape.names if shape else []
        told = {"mart": relation.mart, "variant": relation.variant}
        marts.append({**told, "columns": columns, "rows": count, "content_hash": content_hash})
    return marts


def _seeds(folder: Path) -> dict[str, str]:
    return {
        path.relative_to(folder).as_posix(): _sha256(path)
        for path in sorted(source_files(folder))
        if path.suffix == ".csv"
    }


def _variables(root: Path) -> dict[str, Any]:
    project = yaml.safe_load((root / "dbt_project" / "dbt_project.yml").read_text(encoding="utf-8"))
    return dict(project.get("vars") or {})


def _git(root: Path) -> dict[str, Any]:
    """The commit, and whether files differ from it; both None where there is no checkout, or no git."""
    commit = _git_says(root, "rev-parse", "HEAD")
    edited = _git_says(root, "status", "--porcelain", "--untracked-files=no") if commit else None
    return {"git_commit": commit, "git_edited": None if edited is None else bool(edited)}


def _git_says(root: Path, *arguments: str) -> str | None:
    if not (root / ".git").exists():  # a checkout further up is somebody else's
        return None
    try:
        said = subprocess.run(
            ["git", *arguments], cwd=root, capture_output=True, text=True, check=True, timeout=_GIT_SECONDS
        )
    except (OSError, subprocess.SubprocessError):
        return None
    return said.stdout.strip()


@cache
def _version(package: str) -> str | None:
    try:
        return version(package)
    except PackageNotFoundError:
        return None


def _hash_of(files: Mapping[str, str]) -> str:
    return hashlib.sha256(json.dumps(files, sort_keys=True).encode()).hexdigest()


def _sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def names_of(changes: Iterable[Mapping[str, Any]]) -> list[str]:
    """For people: `seed agencies.csv`, `package dbt-core 1.12.6 → 1.12.7`."""
    return [
        " ".join(filter(None, [one["what"], one["name"]]))
        + ("" if _is_long(one["then"]) or _is_long(one["now"]) else f" {one['then'] or '–'} → {one['now'] or '–'}")
        for one in changes
    ]


def _is_long(value: object) -> bool:
    return len(str(value)) > 20
