"""Dataset contracts: one ODCS file per dataset, read into a closed model.

contract = load_contract("population")        # frozen, cached, a few milliseconds
raw_columns(contract), vault_columns(contract)  # (name, SQL type): single source for DDL and COPY
"""

from ingestion.contracts.loading import UnknownDataset, contract_files, load_contract, load_contracts, read_contract
from ingestion.contracts.model import Code, Column, Contract, Rule, dataset_references, raw_columns, vault_columns
from ingestion.contracts.periods import BadPeriod, period_bounds

__all__ = [
    "BadPeriod",
    "Code",
    "Column",
    "Contract",
    "Rule",
    "UnknownDataset",
    "contract_files",
    "dataset_references",
    "load_contract",
    "load_contracts",
    "period_bounds",
    "raw_columns",
    "read_contract",
    "vault_columns",
]
