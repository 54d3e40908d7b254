"""When a dataset is due: the closed list of slaProperties that is read."""

import re
from dataclasses import dataclass
from datetime import date

from open_data_contract_standard.model import ServiceLevelAgreementProperty

from ingestion.contracts.periods import Duration
from ingestion.contracts.problems import Problems

# id -> (property of the standard, what its value must be)
EXPECTED = {
    "cadence": ("frequency", "a whole number with unit d, w, m, q or y"),
    "due": ("dueDate", "a duration after the period's end such as P1M or P15D"),
    "grace": ("gracePeriod", "a whole number of days with unit d"),
    "obligation_from": ("generalAvailability", "a day such as 2021-12-31 (CE, in quotes)"),
}


@dataclass(frozen=True, slots=True)
class Sla:
    due_after: Duration | None
    grace_days: int
    obligation_from: date | None


def read_sla(entries: list[ServiceLevelAgreementProperty], is_owed: bool, problems: Problems) -> Sla | None:
    """None, with problems noted, when an entry is unknown, unreadable, or missing in a dataset that is owed."""
    before = len(problems)
    values: dict[str, Duration | date | int] = {}
    for entry in entries:
        where = f"slaProperties.{entry.id}"
        name, wanted = EXPECTED.get(str(entry.id), (None, None))
        if name is None or entry.property != name or entry.id in values:
            listed = ", ".join(f"{key} ({value[0]})" for key, value in EXPECTED.items())
            problems.add(
                where, f"id and property must be one of {listed}, each once; not {entry.id} ({entry.property})"
            )
            continue
        problems.bilingual(f"{where}.description", entry.description)
        value = _value(entry)
        if value is None:
            problems.add(f"{where}.value", f"must be {wanted}, not {entry.value!r} {entry.unit or ''}".rstrip())
            continue
        values[str(entry.id)] = value
    if is_owed and (missing := [key for key in EXPECTED if key not in {str(entry.id) for entry in entries}]):
        problems.add("slaProperties", f"owedBy says that somebody owes it, so these are needed: {', '.join(missing)}")
    if len(problems) > before:
        return None
    due, grace, start = values.get("due"), values.get("grace", 0), values.get("obligation_from")
    return Sla(
        due_after=due if isinstance(due, Duration) else None,
        grace_days=grace if isinstance(grace, int) else 0,
        obligation_from=start if isinstance(start, date) else None,
    )


def _value(entry: ServiceLevelAgreementProperty) -> Duration | date | int | None:
    value = entry.value
    try:
        if entry.id == "due":
            return Duration.parse(str(value)) if isinstance(value, str) and entry.unit is None else None
        if entry.id == "obligation_from":
            fits = isinstance(value, str) and re.fullmatch(r"(19|20)\d\d-\d\d-\d\d", value) and entry.unit is None
            return date.fromisoformat(str(value)) if fits else None
    except ValueError:
        return None
    units = {"cadence": "dwmqy", "grace": "d"}[str(entry.id)]
    whole = isinstance(value, int | float) and not isinstance(value, bool) and value >= 0 and value == int(value)
    return int(value) if whole and entry.unit in tuple(units) else None
