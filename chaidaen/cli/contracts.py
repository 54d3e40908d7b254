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

    And from the catalogue of issues the list of its codes for the warehouse.

    A breaking change (a column dropped or of another type) is refused until the contract has a new major version.
    The page of issues (docs/issues.md) shows what the check says of tiny files, so it is made by running the check; the
    catalogue of marts (docs/marts-catalogue.md) what the dbt models say of themselves.
    """
    from core.settings import settings
    from ingestion.contracts.sync import sync as sync_contracts

    root = settings().project_root
    own = contracts is None or contracts.resolve() == (root / "contracts").resolve()
    result = sync_contracts(contracts, check=check, pages=_pages(root) if own else None)
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


@app.command()
def draft(
    sample: Annotated[Path, typer.Argument(metavar="FILE", exists=True, dir_okay=False, help="as an agency sends it")],
    dataset: Annotated[
        str, typer.Option("--dataset", metavar="ID", help="id of the new dataset, for example ita_score")
    ],
    agency_kind: Annotated[
        str | None, typer.Option(metavar="KIND", help="who owes it, for example sbpac_strategy")
    ] = None,
    period_kind: Annotated[str | None, typer.Option(metavar="KIND", help="for example fiscal_year")] = None,
    out: Annotated[Path | None, typer.Option(metavar="FILE", help="default: contracts/ID.odcs.yaml")] = None,
    *,
    contracts: Directory = None,
    replace: Annotated[bool, typer.Option("--replace", help="overwrite the contract if it is there")] = False,
) -> None:
    """Draft a contract from a sample: headers, types, required columns, code lists; TODO where a person must decide.

    A header that another contract knows brings that column's whole definition along. Of columns that tell of people
    nothing but the header is written. `chaidaen contracts lint` names every line that is still open.

    Example: chaidaen contracts draft คะแนน.xlsx --dataset ita_score --agency-kind sbpac_strategy
    """
    from core.errors import UsageError
    from core.settings import settings
    from ingestion.contracts.loading import SUFFIX
    from ingestion.drafting import draft_contract

    target = out or (contracts or settings().contracts) / f"{dataset}{SUFFIX}"
    if target.exists() and not replace:
        raise UsageError(f"{_short(target)} is there already.", cure="Name another --out, or pass --replace.")
    made = draft_contract(sample, dataset, agency_kind=agency_kind, period_kind=period_kind, directory=contracts)
    target.write_text(made.text, encoding="utf-8")
    typer.echo(f"{made.sheet or sample.name}: header in row {made.header_row}, {made.rows} rows.")
    for header, name, origin in made.columns:
        typer.echo(f"  {name}: {header} ({origin})")
    typer.echo(f"written: {_short(target)}, {made.left_open} lines to decide.")


@app.command()
def scaffold(
    dataset: Annotated[str, typer.Argument(metavar="ID", help="a dataset whose contract is finished")],
    group: Annotated[
        str, typer.Option("--group", metavar="GROUP", help="group of the mart, declared in models/groups.yml")
    ],
    entities: Annotated[str | None, typer.Option(metavar="NAME", help="what a row is, plural; default: IDs")] = None,
    mart: Annotated[str | None, typer.Option(metavar="NAME", help="name of the mart; default: as the entities")] = None,
    project: Annotated[
        Path | None, typer.Option(metavar="DIR", exists=True, file_okay=False, help="another checkout of the project")
    ] = None,
) -> None:
    """Write the other forms of a dataset: staging model, what counts of rows sent twice, row accounting, a list mart
    with bilingual descriptions and trace, its suite of expectations and unit tests. They are yours from then on.

    Nothing that is there is overwritten. Left to you: what it is used for (models/exposures.yml), and logic.

    Example: chaidaen contracts scaffold ita_score --group integrity --mart integrity_scores
    """
    from chaidaen.scaffold import plan_forms, write_forms
    from core.settings import settings
    from ingestion.contracts import load_contract

    root = project or settings().project_root
    forms = plan_forms(load_contract(dataset, root / "contracts"), group=group, entities=entities, mart=mart)
    for path in write_forms(forms, root):
        typer.echo(f"written: {_short(path)}")


def _pages(root: Path) -> dict[Path, str]:
    """Files of the project that are generated from more than its contracts."""
    from ingestion.examples import page as issues
    from ingestion.issues import issue_codes_csv
    from publication import marts_catalogue as marts

    return {
        root / "docs" / issues.PAGE: issues.issues_page(),
        root / "docs" / marts.PAGE: marts.catalogue_page(),
        root / "dbt_project" / "seeds" / "generated" / "issue_codes.csv": issue_codes_csv(),
    }


def _short(path: Path) -> str:
    return str(path.relative_to(Path.cwd())) if path.is_relative_to(Path.cwd()) else str(path)
