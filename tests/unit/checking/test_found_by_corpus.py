"""What the defect corpus once found wrong in the check itself, each as the smallest file that shows it."""

from pathlib import Path

from tests.unit.checking.helpers import POPULATION_HEADER, YALA, check, lenient, write_csv, write_xlsx

ROWS = [["950101", 10, 12, 22, 5], ["950102", 20, 21, 41, 7], ["950103", 30, 31, 61, 9]]


def test_a_quote_never_closed_refuses_the_file_instead_of_swallowing_its_rows(tmp_path: Path) -> None:
    path = write_csv(tmp_path / "a.csv", [POPULATION_HEADER, *ROWS])
    path.write_bytes(path.read_bytes().replace(b"950102,", b'950102,"'))
    found = check(path, lenient("population"))
    assert (found.verdict.verdict, found.verdict.reason_code) == ("rejected", "broken_quotes")
    assert found.verdict.file_issues[0].row == 3


def test_a_quote_inside_a_text_and_a_text_in_quotes_are_no_broken_csv(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text('รหัสตำบล,ชาย,หญิง,รวม,จำนวนบ้าน\n950101,10,12,22,"5\n"\n950102,20\n', encoding="utf-8")
    found = check(path, lenient("population"))
    assert "broken_quotes" not in {code for code, _ in found.found}
    assert found.verdict.rows == 2


def test_totals_are_not_judged_while_a_row_cannot_be_read(tmp_path: Path) -> None:
    total = ["รวมทั้งสิ้น", 60, 64, 124, 21]
    whole = write_csv(tmp_path / "whole.csv", [POPULATION_HEADER, *ROWS, total])
    assert check(whole, lenient("population")).found == set()
    ragged = [POPULATION_HEADER, ROWS[0], [*ROWS[1], "x"], ROWS[2], total]
    found = check(write_csv(tmp_path / "ragged.csv", ragged), lenient("population"))
    assert found.found == {("ragged_row", "F3")}


def test_another_unit_is_told_at_the_header_s_own_cell_in_a_stacked_header(tmp_path: Path) -> None:
    header = [
        ["รหัสตำบล", "จำนวนประชากร (คน)", None, None, "จำนวนบ้าน (พันหลัง)"],
        [None, "ชาย", "หญิง", "รวม", None],
    ]
    path = write_xlsx(tmp_path / "a.xlsx", {"ข้อมูล": [*header, *ROWS]})
    found = check(path, lenient("population"), YALA)
    assert ("unit_differs", "E1") in found.found


def test_a_check_without_a_folder_says_that_dates_were_not_held_against_the_period(tmp_path: Path) -> None:
    path = write_csv(tmp_path / "a.csv", [POPULATION_HEADER, *ROWS])
    skipped = check(path, lenient("population"), None).verdict.skipped_checks
    assert {"date_before_period", "date_after_period"} <= set(skipped)


def test_a_header_that_comes_again_below_a_remark_without_header_does_not_hide_the_rows_above_it(
    tmp_path: Path,
) -> None:
    """The last row above it together with the header itself would name one column more."""
    remarked = [[*row, "ตรวจแล้ว"] for row in ROWS]
    table = [POPULATION_HEADER, ["อำเภอเมืองยะลา"], *remarked[:2], POPULATION_HEADER, *remarked[2:]]
    found = check(write_csv(tmp_path / "a.csv", table), lenient("population"))
    assert found.found == {("column_without_header", "F3")}
    assert [row["_row"] for row in found.accepted] == [3, 4, 6]
