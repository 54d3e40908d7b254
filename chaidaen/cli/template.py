"""`chaidaen template`: the workbook an agency fills in."""

import filecmp
import tempfile
from pathlib import Path
from typing import Annotated

import typer

from core.errors import UsageError


def register(root: typer.Typer) -> None:
    root.command()(template)


def template(
    dataset: Annotated[str, typer.Argument(help="dataset id, for example population")],
    file: Annotated[Path, typer.Argument(help="the workbook to write, .xlsx")],
    contracts: Annotated[Path | None, typer.Option(help="folder with other contracts (*.odcs.yaml)")] = None,
    replace: Annotated[bool, typer.Option("--replace", help="overwrite the workbook if it is there")] = False,
) -> None:
    """Write the Excel template of a dataset: Thai headers, drop-downs, help in every cell, instructions.

    It comes from the contract that the filled file is checked against, so the two can't disagree.

    Example: chaidaen template population แบบฟอร์มประชากร.xlsx
    """
    from ingestion.contracts import load_contract
    from ingestion.templates import write_template

    if file.suffix.lower() != ".xlsx":
        raise UsageError(f"{file.name} does not end in .xlsx.", cure="Name the workbook like แบบฟอร์ม.xlsx.")
    contract = load_contract(dataset, contracts)
    if not file.resolve().parent.is_dir():
        raise UsageError(f"There is no folder {file.parent}.", cure="Make the folder first, or name another.")
    with tempfile.TemporaryDirectory() as folder:
        fresh = Path(folder) / "template.xlsx"
        write_template(contract, fresh)
        if not replace and _is_somebodys_work(file, fresh):
            raise UsageError(
                f"{file} is there already, and no empty template.",
                cure="It may have been filled in: choose another name, or pass --replace to overwrite it.",
            )
    write_template(contract, file)
    typer.echo(f"แบบฟอร์ม | template: {file}")


def _is_somebodys_work(file: Path, fresh: Path) -> bool:
    return file.exists() and file.stat().st_size > 0 and not filecmp.cmp(file, fresh, shallow=False)
