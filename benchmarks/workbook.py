"""How long an agency waits for the receipt and for the full report of a large .xlsx.

    python -m benchmarks.workbook --rows 100000

The report is everything the outbox gets: page, JSON, bad rows, the workbook with the bad cells marked.
"""

import argparse
import json
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from benchmarks.intake import CONTRACTS, DEFECT_SHARE, WrongResult, compare, dropped, warehouse
from benchmarks.measuring import forget_peak, measured, peak_mib
from benchmarks.people_file import write_workbook


def run(rows: int, folder: Path) -> dict[str, float | int]:
    """Seconds from the drop to the receipt and to the last paper, and the resident peak in MiB.

    Raises WrongResult when the check found something else than was seeded.
    """
    from ingestion import intake

    with warehouse(folder, CONTRACTS) as server:
        file = folder / "people.xlsx"
        truth = write_workbook(file, rows, defect_share=DEFECT_SHARE)
        drop = dropped(file, "all")
        forget_peak()
        with measured(server) as receive:
            submission_id = intake.receive(drop)
        with measured(server) as process:
            processed = intake.process(submission_id)
        if processed.state != "loaded":
            raise WrongResult(f"expected the workbook loaded, got {processed}")
        compare(submission_id, truth)
    return {
        "rows": rows,
        "file_mib": round(file.stat().st_size / 2**20, 1),
        "receipt_seconds": round(receive.wall, 2),
        "report_seconds": round(receive.wall + process.wall, 2),
        "cpu_seconds": round(receive.cpu + process.cpu, 2),
        "peak_resident_mib": round(peak_mib(), 1),
    }


def main(arguments: Sequence[str] | None = None) -> int:
    """Exit code 0, or 1 when the check found something else than was seeded."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", type=int, default=100_000)
    parser.add_argument("--json", action="store_true")
    chosen = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory(prefix="chaidaen-benchmark-") as folder:
        try:
            found = run(chosen.rows, Path(folder))
        except WrongResult as wrong:
            print(f"wrong result: {wrong}", file=sys.stderr)
            return 1
    if chosen.json:
        print(json.dumps(found))
    else:
        print(f"{found['rows']:,} rows, {found['file_mib']} MiB of .xlsx")
        print(f"receipt after {found['receipt_seconds']} s, full report after {found['report_seconds']} s")
        print(f"CPU {found['cpu_seconds']} s, resident peak of the reading process {found['peak_resident_mib']} MiB")
    return 0


if __name__ == "__main__":
    sys.exit(main())
