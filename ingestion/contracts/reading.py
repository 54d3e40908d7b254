"""From the text of an ODCS file to a Contract, or to the list of everything that is wrong with it.

Three strict layers: YAML without repeated keys; the standard's own model with unknown keys refused at every level (the
package alone lets them through below the top); our closed list of what the standard leaves open.
"""

import difflib
import json
from collections.abc import Hashable
from importlib.resources import files
from typing import Any, TypeVar

import yaml
from open_data_contract_standard.model import (
    CustomProperty,
    OpenDataContractStandard,
    SchemaObject,
    SchemaProperty,
)
from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from ingestion.contracts.consistency import contract_problems
from ingestion.contracts.model import Code, Column, Contract
from ingestion.contracts.problems import Problems
from ingestion.contracts.properties import (
    TYPE_OPTIONS,
    VENDOR,
    CodeProperties,
    ColumnProperties,
    ContractProperties,
    option_names,
)
from ingestion.contracts.rules import read_rules
from ingestion.contracts.sla import read_sla

Model = TypeVar("Model", bound=BaseModel)
API_VERSION = "v3.2.0"


class _StrictLoader(yaml.CSafeLoader):
    """Keeps dates as text and refuses a key written twice (the second would silently win)."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Hashable, Any]:
        seen: set[Hashable] = set()
        for key_node, _ in node.value:
            key = self.construct_object(key_node, deep=True)
            if key in seen:
                raise yaml.constructor.ConstructorError(
                    None, None, f"the key {key!r} stands twice", key_node.start_mark
                )
            seen.add(key)
        return super().construct_mapping(node, deep=deep)


_StrictLoader.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in resolvers if tag != "tag:yaml.org,2002:timestamp"]
    for first, resolvers in yaml.CSafeLoader.yaml_implicit_resolvers.items()
}


def parse_yaml(text: str, problems: Problems) -> dict[str, Any] | None:
    """The file as plain data; None, with a problem noted, when it is not a YAML mapping."""
    try:
        data = yaml.load(text, Loader=_StrictLoader)  # noqa: S506 - a safe loader, made stricter
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        where = f"line {mark.line + 1}, column {mark.column + 1}" if mark else "file"
        problems.add(where, f"not valid YAML: {getattr(error, 'problem', None) or error}")
        return None
    if not isinstance(data, dict):
        problems.add("file", "a contract is a YAML mapping with apiVersion, kind, id, schema, …")
        return None
    return data


def contract_from_data(data: dict[str, Any], problems: Problems) -> Contract | None:
    """The contract, or None with every problem noted."""
    standard = _standard(data, problems)
    if standard is None:
        return None
    table = _only_table(standard, problems)
    if table is None:
        return None
    own = _custom(ContractProperties, standard.customProperties, "customProperties", problems)
    columns = tuple(_column(raw, problems) for raw in table.properties or [])
    rules = read_rules(table, problems)
    sla = read_sla(standard.slaProperties or [], own.owed_by is not None if own else False, problems)
    _no_foreign_properties(standard, table, problems)
    known = [column for column in columns if column is not None]
    description_th, description_en = problems.bilingual(f"schema.{table.name}.description", table.description)
    purpose = standard.description.purpose if standard.description else None
    purpose_th, purpose_en = problems.bilingual("description.purpose", purpose)
    supplier_th, supplier_en = problems.bilingual("team.name", getattr(standard.team, "name", None))
    if problems or own is None or sla is None:
        return None
    contract = Contract(
        id=str(standard.id),
        version=str(standard.version),
        label_th=own.label_th,
        label_en=own.label_en,
        description_th=description_th,
        description_en=description_en,
        period_kind=own.period_kind,
        columns=tuple(known),
        primary_key=_primary_key(table.properties or [], problems),
        rules=rules,
        reject_above_error_share_pct=own.reject_above_error_share_pct,
        hold_when_rows_fall_by_pct=own.hold_when_rows_fall_by_pct,
        sheets=own.sheets,
        owed_by=tuple(own.owed_by.agency_kind) if own.owed_by else (),
        accepted_from_everybody=own.accepted_from == "every_agency",
        accepted_from=tuple(own.accepted_from) if isinstance(own.accepted_from, list) else (),
        due_after=sla.due_after,
        grace_days=sla.grace_days,
        obligation_from=sla.obligation_from,
        content_must_match=own.content_must_match.model_dump(exclude_none=True) if own.content_must_match else {},
        purpose_th=purpose_th,
        purpose_en=purpose_en,
        supplier_th=supplier_th,
        supplier_en=supplier_en,
    )
    contract_problems(contract, problems)
    return None if problems else contract


def schema_json() -> dict[str, Any]:
    """The JSON schema the standard's package carries."""
    schema: dict[str, Any] = json.loads(
        files("open_data_contract_standard").joinpath("schema.json").read_text(encoding="utf-8")
    )
    return schema


def _standard(data: dict[str, Any], problems: Problems) -> OpenDataContractStandard | None:
    try:
        standard = OpenDataContractStandard.model_validate(data, extra="forbid")
    except ValidationError as error:
        for detail in error.errors():
            problems.add(place(detail["loc"], data), _explain(detail, OpenDataContractStandard, detail["loc"]))
        return None
    if standard.apiVersion != API_VERSION or standard.kind != "DataContract":
        problems.add("apiVersion", f"must be apiVersion: {API_VERSION}, kind: DataContract")
    return standard


def _only_table(standard: OpenDataContractStandard, problems: Problems) -> SchemaObject | None:
    tables = standard.schema_ or []
    if len(tables) != 1 or not tables[0].properties:
        problems.add("schema", "must hold exactly one table with its columns (properties)")
        return None
    for where, name in (
        ("name", standard.name),
        ("schema.name", tables[0].name),
        ("schema.physicalName", tables[0].physicalName),
    ):
        if name != standard.id:
            problems.add(where, f"must be the id of the contract, {standard.id!r}, not {name!r}")
    if not tables[0].businessName:
        problems.add(f"schema.{tables[0].name}.businessName", "the Thai label is missing")
    return tables[0]


def _column(raw: SchemaProperty, problems: Problems) -> Column | None:
    where = f"schema.{raw.name or '?'}"
    before = len(problems)
    own = _custom(ColumnProperties, raw.customProperties, where, problems)
    options_model = TYPE_OPTIONS.get(raw.logicalType or "")
    if options_model is None:
        problems.add(f"{where}.logicalType", f"{raw.logicalType!r} is not one of {', '.join(TYPE_OPTIONS)}")
        return None
    options = _closed(options_model, raw.logicalTypeOptions or {}, f"{where}.logicalTypeOptions", problems)
    for unused in ("properties", "items", "map", "encryptedName", "partitioned", "physicalName"):
        if getattr(raw, unused) is not None:
            problems.add(f"{where}.{unused}", "nothing here reads it: a table is flat and its columns keep their names")
    if not raw.name or not raw.businessName:
        problems.add(where, "a column needs a name and, in businessName, its Thai label")
    description_th, description_en = problems.bilingual(f"{where}.description", raw.description)
    codes = tuple(_code(entry.value, entry.label, entry.customProperties, where, problems) for entry in raw.enum or [])
    references = _reference(raw, where, problems)
    if len(problems) > before or own is None or options is None:
        return None
    synonyms = [synonym.synonym for synonym in raw.synonyms or [] if synonym.synonym]
    limits = options.model_dump(exclude={"format"})
    if raw.logicalType == "date":
        limits = {"first_day": limits["minimum"], "last_day": limits["maximum"]}
    parents = own.parent_headers.model_dump() if own.parent_headers else {}
    return Column(
        name=str(raw.name),
        label_th=str(raw.businessName),
        description_th=description_th,
        description_en=description_en,
        logical_type=raw.logicalType,
        physical_type=raw.physicalType or "",
        classification=raw.classification or "",
        headers=tuple(dict.fromkeys([str(raw.businessName), *synonyms, own.label_en, str(raw.name)])),
        required=bool(raw.required),
        unique=bool(raw.unique),
        codes=tuple(code for code in codes if code is not None),
        references=references,
        examples=tuple(str(example) for example in raw.examples or []),
        parent_headers={level: tuple(headers) for level, headers in parents.items() if headers},
        **limits,
        **own.model_dump(exclude={"parent_headers"}),
    )


def _code(
    value: object, label: str | None, properties: list[CustomProperty] | None, where: str, problems: Problems
) -> Code | None:
    at = f"{where}.enum.{value}"
    own = _custom(CodeProperties, properties, at, problems)
    if not isinstance(value, str) or not label:
        problems.add(at, "a code needs a text value (in quotes if need be) and, in label, its Thai label")
        return None
    return Code(value, label, own.label_en, tuple(own.synonyms)) if own else None


def _reference(raw: SchemaProperty, where: str, problems: Problems) -> str | None:
    found = [relationship.to for relationship in raw.relationships or []]
    if len(found) > 1 or any(not isinstance(to, str) or to.count(".") != 1 for to in found):
        problems.add(f"{where}.relationships", "a column refers to one column of one table, written table.column")
        return None
    return str(found[0]) if found else None


def _primary_key(columns: list[SchemaProperty], problems: Problems) -> tuple[str, ...]:
    keyed = [column for column in columns if column.primaryKey]
    positions = sorted(column.primaryKeyPosition or 0 for column in keyed)
    if not keyed or positions != list(range(1, len(keyed) + 1)):
        problems.add("schema.primaryKeyPosition", "the table needs a primary key whose positions count 1, 2, …")
    if misplaced := [
        c.name for c in columns if c.primaryKeyPosition is not None and c.primaryKeyPosition > 0 and not c.primaryKey
    ]:
        problems.add("schema.primaryKeyPosition", f"stands at columns that are not in the primary key: {misplaced}")
    return tuple(str(column.name) for column in sorted(keyed, key=lambda column: column.primaryKeyPosition or 0))


def _no_foreign_properties(standard: OpenDataContractStandard, table: SchemaObject, problems: Problems) -> None:
    """Custom properties stand at the contract, its columns and their codes; anywhere else nobody would read them."""
    holders: list[tuple[str, Any]] = [(f"schema.{table.name}", table), ("description", standard.description)]
    holders += [(f"slaProperties.{sla.id}", sla) for sla in standard.slaProperties or []]
    holders += [(f"roles.{role.role}", role) for role in standard.roles or []]
    for column in table.properties or []:
        holders += [(f"schema.{column.name}.synonyms.{s.synonym}", s) for s in column.synonyms or []]
        holders += [(f"schema.{column.name}.relationships", r) for r in column.relationships or []]
        holders += [(f"schema.{column.name}.quality.{q.id}", q) for q in column.quality or []]
    holders += [(f"schema.quality.{q.id}", q) for q in table.quality or []]
    for where, holder in holders:
        if holder is not None and holder.customProperties:
            problems.add(f"{where}.customProperties", "nothing reads custom properties here")


def _custom(
    model: type[Model], properties: list[CustomProperty] | None, where: str, problems: Problems
) -> Model | None:
    values: dict[str, Any] = {}
    for entry in properties or []:
        name = str(entry.property)
        if entry.vendor != VENDOR:
            problems.add(f"{where}.{name}", f"vendor must be {VENDOR}, not {entry.vendor!r}")
        if name in values:
            problems.add(f"{where}.{name}", "stands twice")
        values[name] = entry.value
    return _closed(model, values, where, problems)


def _closed(model: type[Model], values: dict[str, Any], where: str, problems: Problems) -> Model | None:
    try:
        return model.model_validate(values)
    except ValidationError as error:
        for detail in error.errors():
            at = ".".join([where, *(str(step) for step in detail["loc"])])
            problems.add(at, _explain(detail, model, detail["loc"]))
        return None


def _explain(detail: ErrorDetails, model: type[BaseModel], loc: tuple[int | str, ...]) -> str:
    key = str(loc[-1]) if loc else ""
    if detail["type"] == "extra_forbidden":
        near = difflib.get_close_matches(key, option_names(model), n=1) if len(loc) == 1 else []
        return f"unknown key {key!r}" + (f" (did you mean {near[0]!r}?)" if near else "")
    if detail["type"] == "missing":
        return f"{key!r} is missing"
    given = detail.get("input")
    return (
        detail["msg"][0].lower()
        + detail["msg"][1:]
        + (f", not {given!r}" if isinstance(given, str | int | float) else "")
    )


def place(loc: tuple[int | str, ...], data: Any) -> str:  # noqa: ANN401 - a node of parsed YAML
    """schema.0.properties.3.requird → schema.population.properties.houses.requird."""
    steps: list[str] = []
    for step in loc:
        try:
            data = data[step]
        except (KeyError, IndexError, TypeError):
            data = None
        named = isinstance(step, int) and isinstance(data, dict)
        name = (
            next((data[key] for key in ("name", "property", "id", "synonym", "value") if key in data), step)
            if named
            else step
        )
        steps.append(str(name))
    return ".".join(steps)
