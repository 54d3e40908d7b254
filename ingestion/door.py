"""What can be said of a file before it is opened: who put it where, for which period, and whether it is empty."""

from ingestion.agencies import agencies
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


def questions(received: Received, contract: Contract) -> list[Issue]:
    """What to ask about where the file was put, although it is taken in."""
    owed_by, agency = contract.owed_by, agencies()[received.agency_id]
    if owed_by and owed_by.get("agency_kind") not in (None, agency.agency_kind):
        return [issue("agency_does_not_owe", agency=received.agency_id, dataset=received.dataset_id)]
    return []


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
