"""What a contract refers to exists: other datasets, their columns, agencies; and contracts are found by their id."""

from collections.abc import Callable
from typing import Any

import pytest

from core.errors import UsageError
from ingestion.contracts import UnknownDataset, load_contract
from ingestion.contracts.lint import lint_file
from tests.contracts.conftest import Edit, column_of, own

# References across files are the linter's: loading one contract reads no other.
DANGLING: dict[str, tuple[str, Callable[[dict[str, Any]], object], str]] = {
    "unknown table": (
        "population",
        lambda d: column_of(d, "tambon_code")["relationships"][0].update(to="area.area_code"),
        "'area.area_code' is neither",
    ),
    "unknown column": (
        "household_member",
        lambda d: column_of(d, "house_code")["relationships"][0].update(to="household_survey.house"),
        "household_survey has no column 'house'",
    ),
    "unknown kind of agency": (
        "population",
        lambda d: own(d, "owedBy")["value"].update(agency_kind="registration_ofice"),
        "no agency is a 'registration_ofice'",
    ),
}


@pytest.mark.parametrize("case", DANGLING)
def test_a_reference_to_nothing_is_found(edit: Edit, case: str) -> None:
    dataset, change, message = DANGLING[case]
    findings = lint_file(edit(dataset, change))
    assert [finding.found_by for finding in findings] == ["chaidaen"]
    assert message in findings[0].message


def test_what_the_standard_forbids_is_found_by_the_schema_and_by_datacontract_too(edit: Edit) -> None:
    findings = lint_file(edit("population", lambda data: column_of(data, "houses").update(requird=True)))
    assert {finding.found_by for finding in findings} == {"odcs-schema", "datacontract-lint", "chaidaen"}


def test_an_unknown_dataset_is_a_usage_error_with_a_suggestion() -> None:
    with pytest.raises(UnknownDataset) as caught:
        load_contract("populaton")
    assert caught.value.exit_code == 2
    assert "population" in str(caught.value.cure)


def test_a_folder_without_contracts_says_so(tmp_path: Any) -> None:
    with pytest.raises(UsageError, match="no contract"):
        load_contract("population", tmp_path)


def test_an_edited_contract_is_seen_by_a_running_process(edit: Edit, folder: Any) -> None:
    assert load_contract("population", folder).version == "1.0.0"
    edit("population", lambda data: data.update(version="1.10.0"))
    assert load_contract("population", folder).version == "1.10.0"
