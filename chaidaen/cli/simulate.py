"""`chaidaen simulate`: invented submissions of any size; `chaidaen samples`: the submissions of the demo."""

import json
from pathlib import Path
from typing import Annotated

import typer

JsonFlag = Annotated[bool, typer.Option("--json", help="print what was written as JSON")]


def register(app: typer.Typer) -> None:
    app.command()(simulate)
    app.command()(samples)
    app.command("defect-corpus")(defect_corpus)


def simulate(
    *,
    out: Annotated[Path, typer.Option("--out", metavar="DIR", file_okay=False, help="folder to write into")],
    households: Annotated[
        int, typer.Option("--households", metavar="N", min=1, help="surveyed households in all")
    ] = 2500,
    periods: Annotated[
        int, typer.Option("--periods", metavar="K", min=1, max=20, help="years: survey rounds and fiscal years")
    ] = 1,
    seed: Annotated[int, typer.Option("--seed", metavar="S", min=0, help="same seed, same bytes")] = 1,
    defects: Annotated[
        float, typer.Option("--defects", metavar="SHARE", min=0, max=1, help="share of rows with one seeded mistake")
    ] = 0.0,
    provinces: Annotated[
        str, typer.Option("--provinces", metavar="CODES", help="codes with commas between, for example 90,94")
    ] = "90,91,94,95,96",
    first_period: Annotated[
        int, typer.Option("--first-period", metavar="YEAR", help="Buddhist year of the first round")
    ] = 2564,
    months: Annotated[
        int,
        typer.Option(
            "--months", metavar="M", min=1, max=12, help="months a year of monthly datasets, for small corpora"
        ),
    ] = 12,
    datasets: Annotated[
        str, typer.Option("--datasets", metavar="IDS", help="only these, for example household_survey,graduate")
    ] = "",
    as_json: JsonFlag = False,
) -> None:
    """Write invented submissions of every dataset, each agency's in its own style.

    Files lie as in landing: <agency>/<dataset>/<period>/<file>; a province too big for one workbook sends one per
    amphoe, <period>/<amphoe>/<file>; a regional agency sends one file for all provinces. truth.jsonl has one line per
    seeded mistake: file, sheet, cell (A1) and the code of the issue it must raise. To submit the files, copy the
    agencies' folders into landing.

    The people are invented and say so: their IDs come from registration offices 9990–9996, and no province has code 99.
    Households spread over the real tambon and villages in proportion to the houses registered there; the same people
    come back year after year and in every dataset, some leave poverty, some fall back, some move.

    Year Y stands for survey round Y, fiscal year Y (months Y-1-10 to Y-09, quarters Y-Q1 to Y-Q4) and academic year Y.
    With --months M only M months of it are sent (September first, then the ends of the other quarters), and only the
    quarters they lie in. Memory stays that of the largest tambon, whatever the size: 1,200,000 households are the five
    provinces as they are.

    Example: chaidaen simulate --households 5000 --periods 3 --seed 7 --defects 0.01 --provinces 94,95 --out corpus
    """
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    from chaidaen.simulate import Simulation, simulate

    wanted = _listed(datasets) or None
    what = Simulation(
        households, periods, seed, defects, _listed(provinces), first_period, months=months, datasets=wanted
    )
    bar = Progress(
        TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn(),
        console=Console(stderr=True), transient=True,
    )  # fmt: skip
    with bar:
        task = bar.add_task("", total=households)
        result = simulate(what, out, lambda place, done, _: bar.update(task, completed=done, description=place))
    if as_json:
        rows = [{"file": n, "rows": r, "defects": result.defects[n].total()} for n, r in result.rows.items()]
        typer.echo(
            json.dumps({"out": str(out), "truth": str(result.truth), "files": rows}, ensure_ascii=False, indent=2)
        )
        return
    for name, count in result.rows.items():
        typer.echo(f"{count:>9,} rows  {result.defects[name].total():>6,} defects  {name}")
    typer.echo(f"{len(result.rows)} files in {out}; the seeded mistakes are listed in {result.truth}")


def _listed(text: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(word.strip() for word in text.split(",") if word.strip()))


def samples(
    out: Annotated[Path, typer.Option("--out", metavar="DIR", file_okay=False, help="folder to write into")],
    seed: Annotated[int, typer.Option("--seed", metavar="S", min=0, help="seed of the invented people")] = 2564,
    as_json: JsonFlag = False,
) -> None:
    """Write the sample submissions of the demo: real population figures, invented files of all other
    datasets for two years, a few bad files.

    They lie under DIR/landing. DIR/samples.json says in Thai and English what each one is meant to show and how it must
    end; DIR/truth.jsonl lists the seeded mistakes.
    """
    from dataclasses import asdict

    from chaidaen.samples import write_samples

    written = write_samples(out / "landing", seed=seed, notes=out)
    if as_json:
        typer.echo(json.dumps([asdict(sample) for sample in written], ensure_ascii=False, indent=2))
        return
    for sample in written:
        typer.echo(f"{sample.file}\n    {sample.shows_th}\n    {sample.shows_en}")


def defect_corpus(
    out: Annotated[Path, typer.Option("--out", metavar="DIR", file_okay=False, help="folder to write into")],
    only: Annotated[
        str, typer.Option("--only", metavar="TEXT", help="formats or layouts whose name holds this, for example xlsx")
    ] = "",
) -> None:
    """Write a corpus of spoilt files: every kind of defect, in every format and layout the intake understands.

    About a thousand small files as they would lie in landing; DIR/truth.jsonl has a line for everything each of them
    must raise: file, sheet, cell (A1; null for the file as a whole) and code. All people in them are invented.

    Example: chaidaen defect-corpus --only "merged" --out corpus
    """
    from chaidaen.simulate.corpus import Corpus, write_corpus

    wanted = only.casefold()
    count = write_corpus(out, Corpus().cases(lambda form, layout: wanted in f"{form.name} {layout.name}".casefold()))
    typer.echo(f"{count} files in {out}; what each must raise is listed in {out / 'truth.jsonl'}")
