"""Seed every kind of defect into clean files of every format and layout, check them, and compare with the truth.

    .venv/bin/python -m benchmarks.defects [--write-docs] [--only TEXT] [--show]

Aims: at least 98 % of the seeded defects told at their exact cell, no wrong address, no alarm on a clean file, every
verdict right. Prints a table per kind, per format and per layout; the exit code is 1 when an aim is missed.
"""

import argparse
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks import old_excel
from benchmarks.judging import Judged, is_repair, judge
from chaidaen.simulate.corpus import Case, Corpus, kinds
from chaidaen.simulate.pages import XLS
from ingestion.issues import catalogue

DOCUMENT = Path(__file__).resolve().parent.parent / "docs" / "defect-benchmark.md"
LEAST_FOUND = 0.98
_SHOWN_FAILURES = 40
# Codes of the catalogue that no file can hold: who raises them, and which tests hold them to it.
_FOLDER = "said of the folder the file was dropped in, before it is opened"
_HISTORY = "needs earlier submissions of the same scope in the ledger"
_RETURNED = "said of a returned bad-rows file, against the submission it mends"
_LIMITS = "the reader's limits, tried with hostile files under `tests/faults`"
_PART = "needs a folder that names one amphoe"
NOT_IN_A_FILE: Mapping[str, str] = {
    **dict.fromkeys(("unknown_agency", "unknown_dataset", "bad_period", "agency_does_not_owe", "path_too_deep",
                     "still_being_written"), _FOLDER),
    **dict.fromkeys(("duplicate_submission", "fewer_rows_than_before", "other_keys_than_before",
                     "older_than_current", "period_locked"), _HISTORY),
    **dict.fromkeys(("returned_base_unknown", "returned_base_mixed", "returned_base_foreign",
                     "returned_base_superseded", "returned_base_not_usable", "returned_row_unknown",
                     "returned_row_twice", "returned_duplicate_key"), _RETURNED),
    **dict.fromkeys(("workbook_too_large", "reader_timeout", "internal_reader_failure", "too_many_sheets",
                     "nul_bytes", "mostly_wrong_rows", "cell_too_long"), _LIMITS),
    **dict.fromkeys(("wrong_part", "area_outside_part"), _PART),
    "reference_not_found": "needs the other dataset of the same province and period",
}  # fmt: skip
_INTRODUCTION = """# Defect benchmark

How well the check finds what is wrong, and where. The simulator writes clean files in every format and layout the
intake understands, seeds every registered kind of defect into them and keeps the exact cell of each; the check must
tell the right code at that cell and nothing else. All people in these files are invented.

Run it with `.venv/bin/python -m benchmarks.defects`; `--write-docs` renews this page. A short form of it runs in the
test suite (`tests/end_to_end/test_defects.py`) and fails when an aim is missed.

*Found* counts (sheet, cell, code). A *wrong address* is a missed code told at another cell. A *false alarm* is anything
told that was not seeded, on clean files and on spoilt ones. *Verdicts* count files whose verdict, rows or rejected rows
differ from the truth.
"""


@dataclass(slots=True)
class Score:
    """Sums over judged files."""

    files: int = 0
    clean_files: int = 0
    seeded: int = 0
    found: int = 0
    wrong_addresses: int = 0
    false_on_clean: int = 0
    false_on_spoilt: int = 0
    wrong_verdicts: int = 0

    def add(self, judged: Judged) -> None:
        self.files += 1
        self.clean_files += judged.case.is_clean
        self.seeded += len(judged.found) + len(judged.missed)
        self.found += len(judged.found)
        self.wrong_addresses += len(judged.misplaced)
        if judged.case.is_clean:
            self.false_on_clean += len(judged.false)
        else:
            self.false_on_spoilt += len(judged.false)
        self.wrong_verdicts += judged.verdict_wrong is not None

    @property
    def found_share(self) -> float:
        return self.found / self.seeded if self.seeded else 1.0

    @property
    def reaches_its_aims(self) -> bool:
        return (
            self.found_share >= LEAST_FOUND
            and self.wrong_addresses == self.false_on_clean == self.false_on_spoilt == self.wrong_verdicts == 0
        )


@dataclass(slots=True)
class Board:
    """The scores of a run: in all, by format, by layout; seeded and found by kind; the failures themselves."""

    total: Score = field(default_factory=Score)
    by_format: dict[str, Score] = field(default_factory=dict)
    by_layout: dict[str, Score] = field(default_factory=dict)
    seeded: Counter[str] = field(default_factory=Counter)
    found: Counter[str] = field(default_factory=Counter)
    codes: set[str] = field(default_factory=set)  # told where they were to be, by a kind or by the layout itself
    failures: list[Judged] = field(default_factory=list)

    def add(self, judged: Judged) -> None:
        case = judged.case
        for score in (
            self.total,
            self.by_format.setdefault(case.form.name, Score()),
            self.by_layout.setdefault(case.layout, Score()),
        ):
            score.add(judged)
        self.seeded.update(kind for _, kind in (*judged.found, *judged.missed) if kind)
        self.found.update(kind for _, kind in judged.found if kind)
        self.codes.update(code for (_, _, code), _ in judged.found)
        if not judged.is_right:
            self.failures.append(judged)

    @property
    def unseeded(self) -> list[str]:
        """Registered kinds that no file held."""
        return sorted(kinds().keys() - self.seeded.keys())

    @property
    def unexplained(self) -> list[str]:
        """Codes of the catalogue that were neither found in a file nor are known to need more than one."""
        return sorted(catalogue().keys() - self.codes - NOT_IN_A_FILE.keys())


def corpus() -> Corpus:
    """The corpus with old workbooks, for which only the tests have a writer."""
    return Corpus((XLS,), {"xls": old_excel.written})


def run(cases: Iterable[Case], progress: Callable[[int], None] = lambda done: None) -> Board:
    """Judge every case."""
    board = Board()
    with tempfile.TemporaryDirectory() as folder:
        for number, case in enumerate(cases, start=1):
            board.add(judge(case, Path(folder)))
            progress(number)
    return board


def explained(judged: Judged) -> Iterator[str]:
    """What went wrong with a file, for people."""
    case = judged.case
    yield f"{case.form.name} · {case.layout} · {case.dataset}{' · clean' if case.is_clean else ''}"
    for name, places in (
        ("missed", [f"{place} ({kind})" for place, kind in judged.missed]),
        ("wrong address", judged.misplaced),
        ("false alarm", judged.false),
    ):
        shown = ", ".join(str(place) for place in places[:4])
        if places:
            yield f"    {name}: {shown}{f' … {len(places)} in all' if len(places) > 4 else ''}"
    if judged.verdict_wrong:
        yield f"    verdict: {judged.verdict_wrong}"


def tables(board: Board) -> str:
    """The figures as Markdown."""
    codes = kinds()
    parts = [
        _headline(board.total, board.codes),
        "## By kind\n",
        "| kind | code | told as | seeded | found |\n|---|---|---|---:|---:|",
        *(
            f"| {kind} | {', '.join(f'`{code}`' for code in codes[kind])} | "
            f"{'repair' if is_repair(codes[kind][0]) else 'issue'} | {board.seeded[kind]} | {_share(board, kind)} |"
            for kind in sorted(codes, key=lambda kind: (codes[kind], kind))
        ),
        "\n## By format\n",
        _scores(board.by_format),
        "\n## By layout\n",
        _scores(board.by_layout),
        "\n## Codes that no single file can hold\n",
        "| code | why |\n|---|---|",
        *(f"| `{code}` | {reason} |" for code, reason in NOT_IN_A_FILE.items()),
    ]
    return "\n".join(parts) + "\n"


def _headline(score: Score, codes: Collection[str]) -> str:
    return (
        f"\n| {score.files} files, {score.clean_files} of them clean | | aim |\n|---|---:|---:|\n"
        f"| kinds of defects | {len(kinds())} | 40 |\n"
        f"| codes of the catalogue told at their place | {len(codes)} of {len(catalogue())} | |\n"
        f"| defects seeded | {score.seeded} | |\n"
        f"| found at the exact cell | {score.found_share:.2%} | ≥ {LEAST_FOUND:.0%} |\n"
        f"| wrong addresses | {score.wrong_addresses} | 0 |\n"
        f"| false alarms on clean files | {score.false_on_clean} | 0 |\n"
        f"| false alarms on spoilt files | {score.false_on_spoilt} | 0 |\n"
        f"| wrong verdicts | {score.wrong_verdicts} | 0 |\n"
    )


def _share(board: Board, kind: str) -> str:
    return f"{board.found[kind] / board.seeded[kind]:.0%}" if board.seeded[kind] else "–"


def _scores(scores: Mapping[str, Score]) -> str:
    head = (
        "| | files | seeded | found | wrong addresses | false alarms | verdicts |\n|---|---:|---:|---:|---:|---:|---:|"
    )
    lines = [
        f"| {name} | {s.files} | {s.seeded} | {s.found_share:.1%} | {s.wrong_addresses} | "
        f"{s.false_on_clean + s.false_on_spoilt} | {s.wrong_verdicts} |"
        for name, s in scores.items()
    ]
    return "\n".join([head, *lines])


def main() -> int:
    """Run, print, and say by the exit code whether the aims are reached."""
    parser = argparse.ArgumentParser(prog="benchmarks.defects", description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("--only", default="", metavar="TEXT", help="formats or layouts whose name holds this")
    parser.add_argument("--write-docs", action="store_true", help=f"renew {DOCUMENT.name} with the figures")
    parser.add_argument("--show", action="store_true", help="print every failure, not only the first ones")
    options = parser.parse_args()
    begun = time.perf_counter()

    def progress(done: int) -> None:
        if sys.stderr.isatty():
            print(f"\r{done} files", end="", file=sys.stderr)

    wanted = options.only.casefold()
    cases = corpus().cases(lambda form, layout: wanted in f"{form.name} {layout.name}".casefold())
    board = run(cases, progress)
    text = tables(board)
    print(text)
    for judged in board.failures[: None if options.show else _SHOWN_FAILURES]:
        print("\n".join(explained(judged)))
    print(f"{board.total.files} files in {time.perf_counter() - begun:.0f} s, {len(board.failures)} of them not right")
    if options.write_docs and not wanted:
        DOCUMENT.write_text(_INTRODUCTION + text, encoding="utf-8")
    lacking = [] if wanted else [*board.unseeded, *board.unexplained]
    if lacking:
        print(f"never seeded: {', '.join(lacking)}")
    return 0 if board.total.reaches_its_aims and not lacking else 1


if __name__ == "__main__":
    sys.exit(main())
