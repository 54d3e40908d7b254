"""Check a file against its contract: streaming, in columns, without a database.

with check_file(path, contract, scope, References.load()) as run:
    for chunk in run:
        ...
    run.verdict
"""

from ingestion.checking.model import Answer, CheckedChunk, FileVerdict, Scope
from ingestion.checking.references import References
from ingestion.checking.run import CheckRun, check_file
from ingestion.checking.tally import too_many_errors

__all__ = ["Answer", "CheckRun", "CheckedChunk", "FileVerdict", "References", "Scope", "check_file", "too_many_errors"]
