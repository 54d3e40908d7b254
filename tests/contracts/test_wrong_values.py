"""A value that makes no sense anywhere in a contract is refused, with its place and what would be right."""

from collections.abc import Callable
from typing import Any

import pytest

from core.errors import ContractInvalid
from ingestion.contracts import read_contract
from tests.contracts.conftest import Edit, column_of, own


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
