"""What can be said of a file before it is opened: who put it where, for which period, and whether it is empty."""

from difflib import get_close_matches

from core.errors import UsageError
from ingestion.agencies import agencies
from ingestion.checking import Scope
from ingestion.contracts import BadPeriod, Contract, UnknownDataset, contract_files, load_contract, period_bounds
from ingestion.issues import Issue, issue
from ingestion.stages import FOLDERS, Drop, Received

_MAX_SHOWN = 120
_NEEDED_FOLDERS = 3


def refusal(drop: Drop) -> Issue | None:
    """The problem that keeps a drop from being opened at all, or None. Raises ContractInvalid for a broken contract."""
    depth = len(drop.folders)
    if depth > len(FOLDERS) or depth == 0:
        return _wrong_level(drop)
    return _misplaced(drop) or (issue("empty_file") if drop.size == 0 else None)


def _misplaced(drop: Drop) -> Issue | None:
    """What is wrong with the names of the folders, the outermost first."""
    if drop.agency_id not in agencies():
        return issue("unknown_agency", agency=_cut(drop.agency_id))
    if len(drop.folders) < _NEEDED_FOLDERS:
        return _wrong_level(drop)
    try:
        contract = load_contract(drop.dataset_id)
    except UnknownDataset:
        return issue("unknown_dataset", dataset=_cut(drop.dataset_id), accepted=", ".join(contract_files()))
    try:
        period_bounds(contract.period_kind, drop.period)
    except BadPeriod:
        return issue("bad_period", period=_cut(drop.period), expected=_example_period(contract))
    return None


def _wrong_level(drop: Drop) -> Issue:
    return issue("path_too_deep", path=_cut("/".join((*drop.folders, drop.file_name))))


def questions(scope: Received | Scope, contract: Contract) -> list[Issue]:
    """What to ask about where the file was put, although it is taken in."""
    is_anybodys = contract.accepted_from_everybody or not contract.owed_by
    if not is_anybodys and agencies()[scope.agency_id].agency_kind not in (*contract.owed_by, *contract.accepted_from):
        return [issue("agency_does_not_owe", agency=scope.agency_id, dataset=scope.dataset_id)]
    return []


def meant_for(contract: Contract, agency_id: str, period: str, part: str = "all") -> Scope:
    """The folder a file is meant for, said in advance. Raises UsageError for one that intake would turn away."""
    agency = agencies().get(agency_id)
    if agency is None:
        near = get_close_matches(agency_id, agencies(), n=3) or list(agencies())[:3]
        raise UsageError(f"There is no agency “{_cut(agency_id)}”.", cure=f"Known ones are {', '.join(near)} …")
    try:
        period_bounds(contract.period_kind, period)
    except BadPeriod:
        raise UsageError(
            f"“{_cut(period)}” is no period of {contract.id}.",
            cure=f"Write it in Buddhist years, like {_example_period(contract)}.",
        ) from None
    return Scope(agency_id, contract.id, period, part, agency.province_code)


def _example_period(contract: Contract) -> str:
    examples = ("2564", "2564-Q1", "2564-08", "2564-12-31")
    for example in examples:
        try:
            period_bounds(contract.period_kind, example)
        except BadPeriod:
            continue
        return example
    return examples[0]


def _cut(text: str) -> str:
    return text if len(text) <= _MAX_SHOWN else f"{text[:_MAX_SHOWN]}…"
