"""`chaidaen report`: the executives' page of one quarter, to read or to print."""

from pathlib import Path
from typing import Annotated

import typer


def register(root: typer.Typer) -> None:
    root.command()(report)


def report(
    *,
    fiscal_year: Annotated[
        int, typer.Option("--fiscal-year", metavar="N", help="ปีงบประมาณ พ.ศ. เช่น 2565 | Buddhist fiscal year: 2565")
    ],
    quarter: Annotated[
        int,
        typer.Option(
            "--quarter",
            metavar="Q",
            min=1,
            max=4,
            help="ไตรมาส 1–4 (1 คือ ต.ค.–ธ.ค.) | 1 to 4; 1 is October to December",
        ),
    ],
    out: Annotated[Path, typer.Option("--out", metavar="FILE.html", help="ไฟล์ที่จะเขียน | the file to write")],
    province: Annotated[
        str | None,
        typer.Option(
            "--province",
            metavar="P",
            help="จังหวัด รหัสหรือชื่อ ไม่ระบุคือทั้งภาค | code or name, as 94, ปัตตานี or Pattani; default: the whole region",
        ),
    ] = None,
    boundaries: Annotated[
        Path | None,
        typer.Option(
            "--boundaries", metavar="FILE.geojson", help="ขอบเขตตำบล (ถ้ามี) | polygons of tambon, drawn as a map"
        ),
    ] = None,
    release: Annotated[
        int | None, typer.Option(help="รุ่นข้อมูล ไม่ระบุคือรุ่นที่เผยแพร่อยู่ | a release; default: the published one", min=1)
    ] = None,
) -> None:
    """ทำรายงานผู้บริหารเพื่อพิมพ์ | Make the executives' report of a quarter, a page to read or to print.

    One HTML file in Thai with English beside it: poverty, target groups, cases, help, money, projects, KPIs, tambon and
    who has not sent what. It needs no network and no other file; print it from any browser, on A4.

    Made of the published safe marts only, all of one release: counts of people and households up to 7 are not shown,
    others are rounded to 5. A year or quarter without reports is refused, with those there are.

    Exit codes: 0 written, 1 the file could not be written, 2 no such quarter, province, release or boundaries.

    Examples: chaidaen report --fiscal-year 2565 --quarter 2 --province ปัตตานี --out pattani.html
    · chaidaen report --fiscal-year 2565 --quarter 2 --out region.html
    """
    from chaidaen.report import choose, render, snapshot
    from chaidaen.report.boundaries import read_boundaries
    from core.errors import UserFacingError

    polygons = read_boundaries(boundaries) if boundaries else None
    _say("อ่านข้อมูลที่เผยแพร่ · reading the published marts")
    with snapshot(release) as marts:
        scope = choose(marts, fiscal_year=fiscal_year, quarter=quarter, province=province, boundaries=polygons)
        _say(f"{scope.place_th} {scope.quarter_th} · {scope.place_en}, {scope.quarter_en}")
        html = render(marts, scope)
    try:
        out.parent.mkdir(parents=True, exist_ok=True)
        out.write_text(html, encoding="utf-8")
    except OSError as error:
        raise UserFacingError(
            f"{out} could not be written: {error.strerror} (เขียนไฟล์ไม่ได้).", cure="Choose another place with --out."
        ) from error
    size = out.stat().st_size / 1000
    typer.echo(f"รายงานอยู่ที่ | The report is in {out.resolve()} (release {marts.release_id}, {size:,.0f} kB)")


def _say(step: str) -> None:
    typer.secho(f"… {step}", dim=True, err=True)
