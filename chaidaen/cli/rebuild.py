"""`chaidaen manifest` and `chaidaen rebuild`: what a release was made of, and the proof that it follows from that."""

import json
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from publication.rebuild import Rebuilt

AsJson = Annotated[bool, typer.Option("--json", help="machine-readable, one JSON document")]
Release = Annotated[int, typer.Argument(help="number of the release, see chaidaen releases", min=1)]
SHOWN = 5
STEPS = {
    "prepare": "เตรียมคลังข้อมูลชั่วคราว · preparing a scratch warehouse",
    "read": "อ่านไฟล์จากคลังไฟล์ต้นฉบับ · reading archived files",
    "build": "สร้าง · building",
    "compare": "เปรียบเทียบ · comparing",
}
ONLY_IN = {"release": "เฉพาะในรุ่นเดิม · only in the release", "rebuild": "เฉพาะที่สร้างซ้ำ · only in the rebuild"}


def register(root: typer.Typer) -> None:
    root.command()(manifest)
    root.command()(rebuild)


def manifest(release: Release, as_json: AsJson = False) -> None:
    """Show what a release was made of: submissions, program, seeds, contracts, packages, and what each mart came to.

    It is kept for ever, also when the release's content is no longer. --json has every submission and every hash.

    Example: chaidaen manifest 41 --json > release-41.json
    """
    from publication.manifest import manifest_of

    found = manifest_of(release)
    if as_json:
        typer.echo(json.dumps(found, ensure_ascii=False, default=str))
        return
    typer.echo("\n".join(_manifest_lines(found)))


def rebuild(release: Release, as_json: AsJson = False) -> None:
    """Build a release again from the archived files, beside the warehouse, and compare every mart with what it was.

    The files are taken by their SHA-256, read by the program as it is now, and built as of the release's day. Neither
    readers nor the warehouse notice. What differs is told mart by mart, with the rows, and with what has changed since
    the release was built: program, seeds, contracts, packages. It takes about as long as the files took to come in and
    the release to be built, and as much disk once more; killed, the next one clears what it left.

    Exit codes: 0 identical, 1 something differs, 2 there is no such release or it has no manifest.

    Example: chaidaen rebuild 41
    """
    from publication.rebuild import rebuild as rebuild_release

    def progress(step: str, detail: str) -> None:
        typer.echo(" ".join(filter(None, [STEPS[step], detail, "…"])), err=True)

    found = rebuild_release(release, progress=progress)
    if as_json:
        typer.echo(json.dumps(found.as_json(), ensure_ascii=False, default=str))
    else:
        typer.echo("\n".join(summary_lines(found)))
    if not found.is_identical:
        raise typer.Exit(1)


def _manifest_lines(found: dict[str, Any]) -> list[str]:
    code = found["code"]
    commit = code["git_commit"] or "no git"
    listed = [one for one in found["submissions"] if one["is_listed"]]
    return [
        f"รุ่นข้อมูล · Release {found['release_id']} ({found['status']}), ณ วันที่ · as of {found['as_of']}",
        f"  gate       {found['gate'] or '–'}, approved by {found['approved_by'] or '–'}",
        f"  program    {found['code_version']}, commit {commit}{' (files edited)' if code['git_edited'] else ''}",
        f"  files      {code['program']}",
        f"  packages   {', '.join(f'{name} {number}' for name, number in found['packages'].items() if number)}",
        f"  PostgreSQL {found['postgresql']}; pseudonym key {found['pseudonym_key']}; variables {found['variables']}",
        f"  seeds      {len(found['seeds'])}, contracts {_versions(found['contracts'])}",
        f"  made of    {len(listed)} submissions, {len(found['submissions']) - len(listed)} more they mend",
        *(
            f"  mart       {m['mart']} ({m['variant']}): {m['rows']:,} rows, {m['content_hash']}"
            for m in found["marts"]
        ),
    ]


def _versions(contracts: dict[str, dict[str, str]]) -> str:
    return ", ".join(f"{name} {contract['version']}" for name, contract in contracts.items())


def summary_lines(found: "Rebuilt") -> list[str]:
    """What a person is told: identical, or which marts and rows differ and what has changed since."""
    counted = f"{found.submissions_read} files, {found.marts_compared} marts, {found.seconds:.0f} s"
    if found.is_identical:
        return [
            f"รุ่นข้อมูล {found.release_id} สร้างซ้ำจากไฟล์ต้นฉบับแล้วตรงกันทุกตาราง"
            f" · Release {found.release_id} built again from the archive is identical ({counted}).",
            *_changed(found),
        ]
    lines = [
        f"รุ่นข้อมูล {found.release_id} สร้างซ้ำแล้วต่างจากเดิม"
        f" · Release {found.release_id} built again from the archive differs ({counted})."
    ]
    for mart in found.marts:
        lines += _mart(mart)
    for one in found.submissions:
        lines.append(
            f"  ชุดส่ง · submission {one['submission_id']} ({one['dataset_id']} {one['period']}, {one['agency_id']}):"
            f" {one['accepted_rows_then']} → {one['accepted_rows']} good rows, {one['state']}"
            f" {one['reason_code'] or ''}".rstrip()
        )
    for one in found.raw_rows:
        lines.append(
            f"  ข้อมูลในคลังไม่ตรงกับไฟล์ต้นฉบับ · submission {one['submission_id']}: rows of raw.{one['dataset_id']}"
            f" are not what its file gives{_sampled(one)}"
        )
    return [*lines, *_changed(found)]


def _mart(mart: dict[str, Any]) -> list[str]:
    now = "missing · ไม่มีแล้ว" if mart["rows_now"] is None else f"{mart['rows_now']:,} rows"
    lines = [f"  {mart['mart']} ({mart['variant']}): {mart['rows_then']:,} → {now}"]
    for word in ("columns_added", "columns_gone"):
        if word in mart:
            lines.append(f"    {word.replace('_', ' ')}: {', '.join(mart[word])}")
    for row in mart.get("sample", [])[:SHOWN]:
        key = ", ".join(f"{name}={value}" for name, value in row["key"].items())
        lines.append(f"    {key}: {ONLY_IN.get(row['in']) or ', '.join(_column(row, name) for name in row['columns'])}")
    if (more := max(mart.get("rows_only_in_release", 0), mart.get("rows_only_in_rebuild", 0)) - SHOWN) > 0:
        lines.append(f"    … และอีก {more:,} แถว · and {more:,} more rows")
    return lines


def _column(row: dict[str, Any], name: str) -> str:
    if "values" not in row:
        return name
    then, now = row["values"][name]
    return f"{name} {then} → {now}"


def _sampled(one: dict[str, Any]) -> str:
    places = [f"{row['key']['_sheet']}:{row['key']['_row']}" for row in one["sample"][:SHOWN]]
    return f" ({', '.join(places)})" if places else ""


def _changed(found: "Rebuilt") -> list[str]:
    from publication.manifest import names_of

    if not found.changed:
        return ["  โปรแกรมและรายการอ้างอิงเหมือนเดิม · Program, seeds, contracts and packages are those of the release."]
    return [
        "  สิ่งที่เปลี่ยนไปจากตอนสร้างรุ่นนี้ · Changed since the release was built:",
        *(f"    {name}" for name in names_of(found.changed)[:20]),
        *([f"    … +{len(found.changed) - 20}"] if len(found.changed) > 20 else []),
    ]
