"""A typo anywhere in a contract is an error that names the place, never a silent default."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from core.errors import ContractInvalid, UsageError
from ingestion.contracts import UnknownDataset, load_contract, read_contract
from ingestion.contracts.lint import lint_file
from tests.contracts.conftest import Edit, column_of, contract_data

Path_ = tuple[str | int, ...]


def mappings(node: Any, path: Path_ = ()) -> Iterator[Path_]:
    """Path of every mapping in the document, the document itself first."""
    if isinstance(node, dict):
        yield path
    children = node.items() if isinstance(node, dict) else enumerate(node) if isinstance(node, list) else ()
    for key, child in children:
        yield from mappings(child, (*path, key))


def shapes(dataset: str) -> dict[str, list[Path_]]:
    """The mappings of a contract grouped by their kind of place: `schema.properties.enum` and so on."""
    grouped: dict[str, list[Path_]] = {}
    for path in mappings(contract_data(dataset)):
        grouped.setdefault(".".join(step for step in path if isinstance(step, str)) or "top", []).append(path)
    return grouped


def at(data: Any, path: Path_) -> Any:
    for step in path:
        data = data[step]
    return data


PLACES = [(dataset, place) for dataset in ("population", "household_member") for place in shapes(dataset)]


@pytest.mark.parametrize(("dataset", "place"), PLACES)
def test_an_unknown_key_is_refused_at_every_level(edit: Edit, dataset: str, place: str) -> None:
    path = shapes(dataset)[place][-1]
    file = edit(dataset, lambda data: at(data, path).update(tpyo=1))
    with pytest.raises(ContractInvalid, match="tpyo") as caught:
        read_contract(file)
    assert f"{dataset}.odcs.yaml" in caught.value.message
    assert caught.value.cure is not None


@pytest.mark.parametrize(("dataset", "place"), PLACES)
def test_a_misspelt_key_is_refused_at_every_level(edit: Edit, dataset: str, place: str) -> None:
    path = shapes(dataset)[place][0]
    for key in list(at(contract_data(dataset), path)):

        def misspell(data: dict[str, Any], key: str = key) -> None:
            mapping = at(data, path)
            mapping[f"{key}x"] = mapping.pop(key)

        with pytest.raises(ContractInvalid, match=f"{key}x"):
            read_contract(edit(dataset, misspell))


def own(data: dict[str, Any], name: str) -> dict[str, Any]:
    """The contract's custom property of that name."""
    found: dict[str, Any] = next(entry for entry in data["customProperties"] if entry["property"] == name)
    return found


def column_own(data: dict[str, Any], column: str, name: str) -> dict[str, Any]:
    properties = column_of(data, column)["customProperties"]
    found: dict[str, Any] = next(entry for entry in properties if entry["property"] == name)
    return found


def rule(data: dict[str, Any], rule_id: str) -> dict[str, Any]:
    found: dict[str, Any] = next(entry for entry in data["schema"][0]["quality"] if entry["id"] == rule_id)
    return found


def sla(data: dict[str, Any], sla_id: str) -> dict[str, Any]:
    found: dict[str, Any] = next(entry for entry in data["slaProperties"] if entry["id"] == sla_id)
    return found


# what is wrong: (dataset, change, what the message must name)
WRONG: dict[str, tuple[str, Callable[[dict[str, Any]], object], str]] = {
    "custom property misspelt": (
        "population",
        lambda d: own(d, "labelTh").update(property="lableTh"),
        "unknown key 'lableTh'.*did you mean 'labelTh'",
    ),
    "column property misspelt": (
        "population",
        lambda d: column_own(d, "houses", "unit").update(property="units"),
        "houses.units",
    ),
    "foreign vendor": ("population", lambda d: own(d, "labelTh").update(vendor="acme"), "vendor must be chaidaen"),
    "custom property twice": (
        "population",
        lambda d: d["customProperties"].append(own(d, "labelTh")),
        "labelTh: stands twice",
    ),
    "period kind": ("population", lambda d: own(d, "periodKind").update(value="anual"), "periodKind.*calendar_year"),
    "error share above 100": (
        "population",
        lambda d: own(d, "rejectAboveErrorSharePct").update(value=500),
        "rejectAboveErrorSharePct.*less than or equal to 100",
    ),
    "error share as text": (
        "population",
        lambda d: own(d, "rejectAboveErrorSharePct").update(value="5"),
        "rejectAboveErrorSharePct.*valid number",
    ),
    "sheets": ("population", lambda d: own(d, "sheets").update(value="all"), "sheets"),
    "another scope of revisions": (
        "population",
        lambda d: own(d, "revisionScope").update(value=["agency_id"]),
        "revisionScope.*the same for every dataset",
    ),
    "owed by": ("population", lambda d: own(d, "owedBy")["value"].update(per="amphoe"), "owedBy.per"),
    "content column": (
        "population",
        lambda d: own(d, "contentMustMatch")["value"].update(province_code_from="tambon"),
        "no column 'tambon'",
    ),
    "rule severity": ("population", lambda d: rule(d, "sexes_add_up").update(severity="eror"), "'eror'"),
    "rule engine": ("population", lambda d: rule(d, "sexes_add_up").update(engine="soda"), "no such rule"),
    "rule name": (
        "population",
        lambda d: rule(d, "sexes_add_up")["implementation"].update(rule="sum_equal"),
        "'sum_equal' is not one of sum_equals",
    ),
    "rule column": (
        "population",
        lambda d: rule(d, "sexes_add_up")["implementation"].update(total="all_persons"),
        "no column 'all_persons'",
    ),
    "rule over text": (
        "population",
        lambda d: rule(d, "control_total")["implementation"].update(columns=["data_status"]),
        "'data_status' is not a number",
    ),
    "rule that nobody runs": (
        "population",
        lambda d: rule(d, "unique_tambon").update(metric="rowCount"),
        "no such rule",
    ),
    "rule with another threshold": (
        "population",
        lambda d: rule(d, "unique_tambon").update(mustBe=3),
        "no such rule",
    ),
    "rule id twice": (
        "population",
        lambda d: rule(d, "control_total").update(id="sexes_add_up"),
        "two rules have this id",
    ),
    "rule in one language": (
        "population",
        lambda d: rule(d, "control_total").update(description="total differs"),
        "both languages",
    ),
    "condition on no column": (
        "welfare_card",
        lambda d: rule(d, "validated_has_tambon")["implementation"]["when"].update(column="status"),
        "no column 'status'",
    ),
    "condition on no code": (
        "welfare_card",
        lambda d: rule(d, "validated_has_tambon")["implementation"]["when"].update(one_of=["valid"]),
        "'valid' is not one of the codes validated, not_validated",
    ),
    "condition misspelt": (
        "welfare_card",
        lambda d: rule(d, "validated_has_tambon")["implementation"]["when"].update(one_off=["validated"]),
        "when.one_off",
    ),
    "date rule over text": (
        "welfare_card",
        lambda d: rule(d, "registered_by_then")["implementation"].update(columns=["tambon_code"]),
        "'tambon_code' is not a date",
    ),
    "order of one date": (
        "welfare_card",
        lambda d: rule(d, "registered_by_then")["implementation"].update(rule="date_order"),
        "registered_by_then",
    ),
    "Buddhist limit": (
        "welfare_card",
        lambda d: column_of(d, "registered_date")["logicalTypeOptions"].update(minimum="1 ม.ค. 2560"),
        "minimum.*a day written 2021-12-31",
    ),
    "first day after the last": (
        "welfare_card",
        lambda d: column_of(d, "registered_date")["logicalTypeOptions"].update(maximum="2016-01-01"),
        "first day 2017-01-01 is after its last",
    ),
    "names of what is no area": (
        "population",
        lambda d: column_of(d, "houses")["customProperties"].append(
            {"property": "acceptNames", "vendor": "chaidaen", "value": True}
        ),
        "acceptNames and parentHeaders are for columns of the format area_code",
    ),
    "parents of a level that is none": (
        "population",
        lambda d: column_own(d, "tambon_code", "parentHeaders")["value"].update(region=["ภาค"]),
        "parentHeaders.region",
    ),
    "period from a date": (
        "welfare_card",
        lambda d: own(d, "contentMustMatch")["value"].update(period_from="registered_date"),
        "'registered_date' is not a number or a text",
    ),
    "primary key gap": (
        "household_member",
        lambda d: column_of(d, "member_no").update(primaryKeyPosition=3),
        "count 1, 2",
    ),
    "primary key optional": (
        "population",
        lambda d: column_of(d, "tambon_code").update(required=False),
        "primary key is required",
    ),
    "column twice": (
        "population",
        lambda d: column_of(d, "houses").update(name="male_persons", businessName="บ้านเรือน", synonyms=[]),
        "'male_persons' stands twice",
    ),
    "header twice": (
        "population",
        lambda d: column_of(d, "houses")["synonyms"].append({"synonym": "ชาย (หลัง)", "locale": "th-TH"}),
        "already means 'male_persons'",
    ),
    "code twice": (
        "household_member",
        lambda d: column_of(d, "sex")["enum"][1].update(value="male"),
        "codes stand twice: male",
    ),
    "spelling of two codes": (
        "household_member",
        lambda d: column_of(d, "sex")["enum"][1]["customProperties"][1]["value"].append("m"),
        "'m' means both male and female",
    ),
    "default no code": (
        "population",
        lambda d: column_own(d, "data_status", "defaultWhenAbsent").update(value="last"),
        "'last' is not one of its codes",
    ),
    "type mismatch": (
        "population",
        lambda d: column_of(d, "houses").update(physicalType="text"),
        "does not fit logicalType integer",
    ),
    "type that would run SQL": (
        "population",
        lambda d: column_of(d, "houses").update(physicalType="integer); drop table x; --"),
        "does not fit logicalType",
    ),
    "option of another type": (
        "population",
        lambda d: column_of(d, "houses").update(logicalTypeOptions={"pattern": "x"}),
        "unknown key 'pattern'",
    ),
    "limits upside down": (
        "population",
        lambda d: column_of(d, "houses")["logicalTypeOptions"].update(minimum=10**6),
        "above its largest",
    ),
    "maximum too large": (
        "population",
        lambda d: column_of(d, "houses")["logicalTypeOptions"].update(maximum=10**12),
        "does not fit into integer",
    ),
    "pattern broken": (
        "population",
        lambda d: column_of(d, "tambon_code")["logicalTypeOptions"].update(pattern="^9[0"),
        "no regular expression",
    ),
    "example broken": (
        "population",
        lambda d: column_of(d, "tambon_code").update(examples=["10"]),
        "does not match its pattern",
    ),
    "classification": ("population", lambda d: column_of(d, "houses").update(classification="secret"), "'secret'"),
    "public identifier": (
        "welfare_card",
        lambda d: column_of(d, "person_id").update(classification="public"),
        "an identifier is personal",
    ),
    "identifier without key": (
        "welfare_card",
        lambda d: column_of(d, "person_id")["customProperties"].pop(),
        "identifier and keyName go together",
    ),
    "English label missing": (
        "population",
        lambda d: column_of(d, "houses")["customProperties"].pop(0),
        "'labelEn' is missing",
    ),
    "Thai label missing": ("population", lambda d: column_of(d, "houses").pop("businessName"), "houses.*Thai label"),
    "description in one language": (
        "population",
        lambda d: column_of(d, "houses").update(description="จำนวนบ้าน"),
        "houses.description.*both languages",
    ),
    "name with capitals": (
        "population",
        lambda d: column_of(d, "houses").update(name="Houses; drop table"),
        "small letters",
    ),
    "reference without column": (
        "population",
        lambda d: column_of(d, "tambon_code")["relationships"][0].update(to="areas"),
        "written table.column",
    ),
    "sla id": ("population", lambda d: sla(d, "grace").update(id="grase"), "grase"),
    "sla unit": ("population", lambda d: sla(d, "grace").update(unit="m"), "slaProperties.grace.value"),
    "due no duration": ("population", lambda d: sla(d, "due").update(value="1 month"), "'1 month'"),
    "owed but not due": ("population", lambda d: d["slaProperties"].pop(1), "are needed: due"),
    "Buddhist obligation date": (
        "population",
        lambda d: sla(d, "obligation_from").update(value="2564-12-31"),
        "obligation_from.value",
    ),
    "supplier in one language": ("population", lambda d: d["team"].update(name="offices"), "team.name.*both languages"),
    "two tables": ("population", lambda d: d["schema"].append(d["schema"][0]), "exactly one table"),
    "table of another name": ("population", lambda d: d["schema"][0].update(name="people"), "'people'"),
    "id of another file": ("population", lambda d: d.update(id="populations"), "must be named populations.odcs.yaml"),
    "version": ("population", lambda d: d.update(version="1"), "not a version such as 1.0.0"),
    "api version": ("population", lambda d: d.update(apiVersion="v3.0.2"), "apiVersion: v3.2.0"),
}


@pytest.mark.parametrize("case", WRONG)
def test_what_is_wrong_is_said_with_its_place(edit: Edit, case: str) -> None:
    dataset, change, message = WRONG[case]
    with pytest.raises(ContractInvalid, match=message):
        read_contract(edit(dataset, change))


def test_every_problem_is_told_at_once(edit: Edit) -> None:
    def two_problems(data: dict[str, Any]) -> None:
        column_of(data, "houses").update(classification="secret", physicalType="money")

    with pytest.raises(ContractInvalid, match=r"(?s)physicalType 'money'.*classification 'secret'"):
        read_contract(edit("population", two_problems))


def test_a_key_written_twice_is_refused(folder: Any) -> None:
    file = folder / "population.odcs.yaml"
    file.write_text(file.read_text(encoding="utf-8") + "status: draft\n", encoding="utf-8")
    with pytest.raises(ContractInvalid, match="'status' stands twice"):
        read_contract(file)


@pytest.mark.parametrize("content", [b"", b"- a\n", b"a: [", "ชื่อ: ก".encode("cp874"), b"\x00"])
def test_a_file_that_is_no_contract_is_refused_without_a_traceback(folder: Any, content: bytes) -> None:
    file = folder / "population.odcs.yaml"
    file.write_bytes(content)
    with pytest.raises(ContractInvalid, match=r"population\.odcs\.yaml"):
        read_contract(file)


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
