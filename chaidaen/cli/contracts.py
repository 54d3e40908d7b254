"""`chaidaen contracts`: check the dataset contracts, and write what follows from them."""

import json
from pathlib import Path
from typing import Annotated

import typer

app = typer.Typer(
    no_args_is_help=True,
    help="Dataset contracts: one ODCS file per dataset, contracts/<dataset>.odcs.yaml, from which tables, dbt sources, "
    "checks and the data dictionary follow.\n\n"
    "After editing one: `chaidaen contracts lint`, then `chaidaen contracts sync`.",
)
Directory = Annotated[
    Path | None,
    typer.Option("--contracts", metavar="DIR", exists=True, file_okay=False, help="another folder of contracts"),
]


def register(root: typer.Typer) -> None:
    root.add_typer(app, name="contracts")


@app.command()
def lint(
    files: Annotated[list[Path] | None, typer.Argument(metavar="[FILE]...", exists=True, dir_okay=False)] = None,
    contracts: Directory = None,
    as_json: Annotated[bool, typer.Option("--json", help="a list of findings: file, found_by, where, message")] = False,
) -> None:
    """Check contracts three ways: the standard's schema, datacontract lint, and our own closed model.

    Without FILE, every contract. Exit code 1 when something is wrong; each line names the file and the place.
    """
    from dataclasses import asdict

    from ingestion.contracts.lint import lint as lint_contracts
    from ingestion.contracts.loading import contract_files

    checked = files or list(contract_files(contracts).values())
    findings = lint_contracts(checked)
    if as_json:
        typer.echo(json.dumps([asdict(finding) for finding in findings], ensure_ascii=False, indent=2))
    else:
        for finding in findings:
            typer.echo(f"{finding.file}: {finding.where}: {finding.message} [{finding.found_by}]")
        typer.echo(f"{len(checked)} contract(s), {len(findings)} problem(s).")
    raise typer.Exit(1 if findings else 0)


@app.command()
def sync(
    check: Annotated[bool, typer.Option("--check", help="write nothing; exit 1 when a file is stale")] = False,
    contracts: Directory = None,
) -> None:
    """Write table DDL, dbt sources, obligations, the data dictionary and the pages of issues and marts.

    A breaking change (a column dropped or of another type) is refused until the contract has a new major version.
    The page of issues (docs/issues.md) shows what the check says of tiny files, so it is made by running the check; the
    catalogue of marts (docs/marts-catalogue.md) what the dbt models say of themselves.
    """
    from core.settings import settings
    from ingestion.contracts.sync import sync as sync_contracts

    root = settings().project_root
    own = contracts is None or contracts.resolve() == (root / "contracts").resolve()
    result = sync_contracts(contracts, check=check, pages=_pages(root / "docs") if own else None)
    for path in result.stale:
        typer.echo(f"{'stale' if check else 'written'}: {_short(path)}")
    if not result.stale:
        typer.echo(f"{len(result.files)} generated files are fresh.")
    if check and result.stale:
        typer.echo("→ Run: chaidaen contracts sync", err=True)
        raise typer.Exit(1)


@app.command()
def dictionary(
    dataset: Annotated[str | None, typer.Argument(metavar="[DATASET]", help="one dataset; none: all")] = None,
    contracts: Directory = None,
) -> None:
    """Print the bilingual data dictionary as Markdown: columns, accepted headers, codes, rules, when it is due."""
    from ingestion.contracts import load_contract, load_contracts
    from ingestion.contracts.dictionary import dictionary_page

    chosen = {dataset: load_contract(dataset, contracts)} if dataset else load_contracts(contracts)
    typer.echo(dictionary_page(chosen), nl=False)


def _pages(docs: Path) -> dict[Path, str]:
    """Pages of the project that are generated from more than its contracts."""
    from ingestion.examples import page as issues
    from publication import marts_catalogue as marts

    return {docs / issues.PAGE: issues.issues_page(), docs / marts.PAGE: marts.catalogue_page()}


def _short(path: Path) -> str:
    return str(path.relative_to(Path.cwd())) if path.is_relative_to(Path.cwd()) else str(path)
