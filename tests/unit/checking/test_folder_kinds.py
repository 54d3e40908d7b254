"""A file whose content is another agency's, province's, amphoe's or period's is rejected, whatever the dataset."""

import csv
import io
from collections.abc import Mapping
from pathlib import Path

import pytest

from ingestion.agencies import agencies
from ingestion.checking import FileVerdict, References, Scope, check_file
from ingestion.contracts import load_contract
from ingestion.examples.cases import GOOD

POPULATION = {"รหัสตำบล": "950101", "ชาย": "10", "หญิง": "12", "รวม": "22", "จำนวนบ้าน": "7"}
# A good row of Yala in 2564, and whose file it is; every person in them is invented.
ROWS: Mapping[str, tuple[str, Mapping[str, str]]] = {
    "population": ("registration_office_95", POPULATION),
    "household_survey": ("community_development_95", {**GOOD["household_survey"], "รหัสหมู่บ้าน": "95010201"}),
    "household_member": ("community_development_95", GOOD["household_member"]),
    "welfare_card": ("provincial_treasury_95", GOOD["welfare_card"]),
}
TAMBON = "รหัสตำบล"
WITH_AREAS = ("population", "household_survey", "welfare_card")


def check(
    folder: Path, dataset: str, *titles: str, part: str = "all", changes: Mapping[str, str] | None = None
) -> tuple[FileVerdict, set[str]]:
    """The verdict and every code of a file with `titles` above one row, changed or not."""
    agency, good = ROWS[dataset]
    changed = {**good, **(changes or {})}
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerows([*([title] for title in titles), list(changed), list(changed.values())])
    path = folder / "a.csv"
    path.write_text(text.getvalue(), encoding="utf-8")
    scope = Scope(agency, dataset, "2564", part, "95")
    with check_file(path, load_contract(dataset), scope, References.load()) as run:
        codes = {found.code for chunk in run for found in chunk.issues}
        verdict = run.verdict
    return verdict, codes | {found.code for found in verdict.file_issues}


@pytest.mark.parametrize("dataset", ROWS)
def test_own_content_is_taken_with_titles_that_say_so(tmp_path: Path, dataset: str) -> None:
    own = agencies()[ROWS[dataset][0]]
    verdict, codes = check(tmp_path, dataset, "ข้อมูลจังหวัดยะลา ปี 2564", f"หน่วยงาน: {own.name_th}", part="9501")
    assert verdict.verdict != "rejected", codes
    assert codes.isdisjoint({"wrong_province", "wrong_period", "wrong_agency", "wrong_part"})


@pytest.mark.parametrize("dataset", ROWS)
@pytest.mark.parametrize(
    ("title", "code"),
    [
        ("ข้อมูลจังหวัดปัตตานี", "wrong_province"),
        ("ข้อมูลปี 2562", "wrong_period"),
        ("ข้อมูล ณ วันที่ 31 ธันวาคม 2561", "wrong_period"),
        ("ผู้ส่งข้อมูล สำนักงานเกษตรและสหกรณ์", None),  # an office the list does not have
        ("หน่วยงาน: สำนักทะเบียนจังหวัดนราธิวาส", "wrong_agency"),
        ("ศูนย์อำนวยการบริหารจังหวัดชายแดนภาคใต้", None),  # whose form it is
    ],
)
def test_titles_of_others_refuse_the_file(tmp_path: Path, dataset: str, title: str, code: str | None) -> None:
    verdict, codes = check(tmp_path, dataset, title)
    if code is None:
        assert verdict.verdict != "rejected", codes
    else:
        assert verdict.verdict == "rejected"
        assert code in codes


@pytest.mark.parametrize("dataset", WITH_AREAS)
def test_rows_of_another_province_refuse_the_file(tmp_path: Path, dataset: str) -> None:
    verdict, codes = check(tmp_path, dataset, changes={TAMBON: "940101"})
    assert (verdict.verdict, verdict.reason_code) == ("rejected", "wrong_province")
    assert "area_outside_province" in codes


@pytest.mark.parametrize("dataset", WITH_AREAS)
def test_rows_of_another_amphoe_refuse_a_file_sent_for_one_amphoe(tmp_path: Path, dataset: str) -> None:
    tambon = "950102" if dataset == "household_survey" else "950101"
    assert check(tmp_path, dataset, part="9501", changes={TAMBON: tambon})[0].verdict != "rejected"
    verdict, codes = check(tmp_path, dataset, part="9502", changes={TAMBON: tambon})
    assert (verdict.verdict, verdict.reason_code) == ("rejected", "wrong_part")
    assert "area_outside_part" in codes
    verdict, codes = check(tmp_path, dataset, part="ส่วนที่ 2", changes={TAMBON: tambon})  # a part that is no amphoe
    assert "wrong_part" not in codes


def test_a_survey_dated_in_another_year_is_of_another_period(tmp_path: Path) -> None:
    verdict, _ = check(tmp_path, "household_survey", changes={"วันที่สำรวจ": "15/03/2562"})
    assert (verdict.verdict, verdict.reason_code) == ("rejected", "wrong_period")
