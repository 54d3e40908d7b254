"""The catalogue is complete, and every message fills."""

import re

import pytest

from core.errors import UserFacingError
from core.settings import PROJECT_ROOT
from ingestion.issues import catalogue, entry, issue, issue_codes_csv, mask
from ingestion.life import OWN_HOLDS

NEEDED_BY_INTAKE = {
    "unknown_agency",
    "unknown_dataset",
    "bad_period",
    "agency_does_not_owe",
    "path_too_deep",
    "empty_file",
    "not_a_table",
    "encrypted_workbook",
    "still_being_written",
    "duplicate_submission",
    "fewer_rows_than_before",
    "internal_reader_failure",
    "reader_timeout",
}
THAI = re.compile("[\u0e01-\u0e5b]")
UNFILLED = re.compile(r"\{[a-z_]+\}")
NOT_PARAMS = {"row", "cell", "value", "sheet"}


@pytest.mark.parametrize("code", catalogue())
def test_every_entry_fills_with_its_example_in_thai_and_english(code: str) -> None:
    found = entry(code)
    assert found.placeholders == set(found.example), "the example names exactly the placeholders"
    params = {name: text for name, text in found.example.items() if name not in NOT_PARAMS}
    places = {name: found.example.get(name) for name in ("sheet", "cell", "value")}
    made = issue(code, row=1, **places, **params).as_json()  # type: ignore[arg-type]
    for name in ("message", "cure"):
        assert THAI.search(made[f"{name}_th"])
        assert not UNFILLED.search(made[f"{name}_th"] + made[f"{name}_en"])
        assert "None" not in made[f"{name}_th"] + made[f"{name}_en"]
    assert THAI.search(found.title.th)
    assert not THAI.search(found.title.en)


def test_at_least_forty_kinds_and_all_that_intake_needs() -> None:
    assert len(catalogue()) >= 40
    assert catalogue().keys() >= NEEDED_BY_INTAKE


def test_a_missing_placeholder_or_an_unknown_code_is_an_error_at_once() -> None:
    with pytest.raises(UserFacingError, match="needs agency"):
        issue("unknown_agency")
    with pytest.raises(UserFacingError, match="No issue code"):
        issue("no_such_code")


@pytest.mark.parametrize(
    ("value", "column_format", "shown"),
    [
        ("1909800123453", "thai_person_id", "1-9xxx-xxxxx-xx-3"),
        ("1-9098-00123-45-3", "thai_person_id", "1-9xxx-xxxxx-xx-3"),
        ("123456", "thai_person_id", "xxxxxx"),
        ("95010012345", "house_code", "9501xxxxxxx"),
        ("15/8/2530", None, "xx/x/xxxx"),
        ("๑๕/๘/๒๕๓๐", None, "xx/x/xxxx"),
        ("สมชาย", None, "ส…"),
        ("", None, ""),
    ],
)
def test_masks_show_the_shape_not_the_person(value: str, column_format: str | None, shown: str) -> None:
    assert mask(value, column_format) == shown


def test_the_warehouse_s_list_of_codes_is_fresh() -> None:
    """When this fails, the catalogue was changed without: chaidaen contracts sync."""
    seed = PROJECT_ROOT / "dbt_project" / "seeds" / "generated" / "issue_codes.csv"
    assert seed.read_text(encoding="utf-8") == issue_codes_csv()


def test_what_depends_on_other_files_is_not_said_to_be_the_file_s_own() -> None:
    about_arrival = {code for code, found in catalogue().items() if found.about == "arrival"}
    others = {"still_being_written", "duplicate_submission", "reference_not_found"}
    assert about_arrival == OWN_HOLDS | others
