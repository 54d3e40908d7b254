"""The life of a release by hand: build, gate, publish, roll back, and look. The DAG calls the same functions."""

import json
from dataclasses import asdict
from typing import Annotated, Any

import typer

AsJson = Annotated[bool, typer.Option("--json", help="machine-readable, one JSON document")]
ReleaseNumber = Annotated[int | None, typer.Argument(help="number of the release; default: the newest", min=1)]


def register(root: typer.Typer) -> None:
    for command in (build, gate, publish, releases, rollback, tidy, builds):
        root.command()(command)


def build(
    force: Annotated[bool, typer.Option(help="build even if nothing changed, and every model anew")] = False,
    as_json: AsJson = False,
) -> None:
    """Build a candidate release from the effective submissions. Readers notice nothing.

    Then judge it with `chaidaen gate` and show it to readers with `chaidaen publish`.
    """
    from publication.build import build as build_release
    from publication.releases import open_release, person

    release_id = open_release(force=force, actor=person())
    if release_id is None:
        _say(as_json, {"release_id": None}, "Nothing changed since the last release; nothing to build.")
        return
    parts = build_release(release_id, progress=lambda step: typer.echo(f"release {release_id}: {step} …", err=True))
    shared = sum(part.shared for part in parts)
    _say(
        as_json,
        {"release_id": release_id, "parts": len(parts), "shared_parts": shared},
        f"Release {release_id} is built: {len(parts)} parts, {shared} of them as before."
        f" Next: chaidaen gate {release_id}",
    )


def gate(
    release: ReleaseNumber = None,
    anew: Annotated[
        bool, typer.Option("--anew", help="judge all of it, also what passed before on the same rows")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Judge a candidate by every expectation. A critical failure holds it (exit 12); a warning is shown to readers.

    Where an earlier release passed on the same rows, its verdict stands, and the report says which release that was.
    """
    from core.errors import GateFailed
    from expectations.gate import release_docs
    from publication.flow import pass_gate
    from publication.releases import PASSABLE

    release_id = _given_or_newest(release)
    outcome = pass_gate(release_id, anew=anew)
    report = release_docs(release_id) / "gate.html"
    _say(
        as_json,
        {"release_id": release_id, "gate": outcome, "report": str(report)},
        f"Release {release_id}: {outcome}. Report: {report}",
    )
    if outcome not in PASSABLE:
        raise GateFailed(
            f"The gate did not let release {release_id} through; the published release stands.",
            cure="The report names what did not hold. Correct the data or the expectation, then build again.",
        )


def publish(
    release: ReleaseNumber = None,
    hold: Annotated[bool, typer.Option("--hold", help="keep the candidate for somebody's approval instead")] = False,
    approve: Annotated[bool, typer.Option("--approve", help="publish a held release; your name is kept")] = False,
    reject: Annotated[bool, typer.Option("--reject", help="refuse it: it stays held; needs --reason")] = False,
    reason: Annotated[str, typer.Option(help="why it is held or refused; kept with your name")] = "",
) -> None:
    """Show a release that passed the gate to every reader, all marts at one instant. Exit 11: held, 12: gate.

    With CHAIDAEN_APPROVAL=always (or on_warning) a release waits for a person first. --approve and --reject answer,
    here or while the flow waits for it in Airflow; name, time and the gate report you decided by are kept. A release
    that was refused can still be approved later.
    """
    from core.errors import UsageError
    from publication import approval
    from publication import releases as life

    if hold + approve + reject > 1:
        raise UsageError("--hold, --approve and --reject contradict each other.", cure="Give one of them.")
    release_id = _given_or_newest(release)
    if hold:
        life.hold(release_id, life.person(), reason or "held by hand")
        typer.echo(f"Release {release_id} is held. Publish it with: chaidaen publish {release_id} --approve")
    elif reject:
        _say_refused(release_id, approval.reject(release_id, life.person(), "command", reason))
    else:
        if not approve:
            approval.refuse_unasked(release_id, life.person())
        life.publish(release_id, life.person(), approve=approve)
        typer.echo(f"Release {release_id} is published.")


def _say_refused(release_id: int, standing: str) -> None:
    from core.errors import UsageError

    if standing != "rejected":
        raise UsageError(
            f"Release {release_id} was published before; there is nothing to refuse.",
            cure="Go back to an earlier one with `chaidaen rollback RELEASE`.",
        )
    typer.echo(f"Release {release_id} is refused and stays held; the published one stands.")


def rollback(
    release: Annotated[int, typer.Argument(help="number of a release that was published before", min=1)],
) -> None:
    """Show an earlier release to every reader again. Going forward again is the same command."""
    from publication import releases as life

    life.rollback(release, life.person())
    typer.echo(f"Readers see release {release} again.")


def releases(as_json: AsJson = False) -> None:
    """List releases, newest first: state, age, gate, who decided, size, and whether the content is still kept.

    "own MB" is what no other release shares with it. Only a release whose content is kept can be gone back to.
    """
    from chaidaen.cli.release_words import print_releases
    from publication.releases import list_releases

    found = list_releases()
    if as_json:
        typer.echo(json.dumps([release.as_json() for release in found], ensure_ascii=False))
    elif not found:
        typer.echo("There is no release yet. Build one with: chaidaen build")
    else:
        print_releases(found)


def tidy(
    keep: Annotated[
        int | None, typer.Option(help="how many of the latest releases to keep; default: CHAIDAEN_KEEP_RELEASES", min=1)
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Delete the content of releases that are no longer kept; readers wait for nothing.

    Kept are the published release, the latest ones (10 unless CHAIDAEN_KEEP_RELEASES says otherwise), the last one of
    every month, and those that wait for a decision. The list of releases itself stays. The nightly flow does the same.
    """
    from publication.releases import person
    from publication.retention import drop_old_content

    gone = drop_old_content(person(), keep=keep)
    _say(
        as_json,
        {"releases": gone.releases, "parts": gone.parts, "size_bytes": gone.size_bytes},
        f"No longer kept: {', '.join(map(str, gone.releases)) or 'none'};"
        f" {gone.parts} parts deleted, {gone.size_bytes / 1e6:.1f} MB.",
    )


def builds(
    release: ReleaseNumber = None,
    every: Annotated[bool, typer.Option("--all", help="one line for each release instead")] = False,
    as_json: AsJson = False,
) -> None:
    """List what dbt did for a release, node by node, slowest first; with --all, release by release."""
    from chaidaen.cli.release_words import print_builds, print_nodes
    from publication.builds import summaries
    from publication.dbt import list_results

    if every:
        found = summaries()
        if as_json:
            typer.echo(json.dumps([asdict(one) for one in found], ensure_ascii=False, default=str))
        else:
            print_builds(found)
        return
    release_id = _given_or_newest(release)
    results = list_results(release_id)
    if as_json:
        typer.echo(json.dumps(results, ensure_ascii=False))
    else:
        print_nodes(release_id, results)


def _given_or_newest(release: int | None) -> int:
    from core.errors import UsageError
    from publication.releases import newest_release

    number = release if release is not None else newest_release()
    if number is None:
        raise UsageError("There is no release yet.", cure="Build one with `chaidaen build`.")
    return number


def _say(as_json: bool, document: dict[str, Any], sentence: str) -> None:
    typer.echo(json.dumps(document, ensure_ascii=False) if as_json else sentence)
