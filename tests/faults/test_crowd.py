"""Two workers, one landing folder, a kill every second or so: all is there as the simulator wrote it."""

from pathlib import Path

import pytest

from benchmarks.soak import crowd
from core import database

SECONDS = 20.0  # the long form, five minutes, is part of `make soak`


@pytest.mark.usefixtures("module_home")
def test_ledger_raw_vault_and_receipts_agree_with_the_simulator_row_by_row(tmp_path: Path) -> None:
    """And with what the same files leave when nobody disturbs them: nothing lost, nothing doubled, nothing held."""
    database.url()
    found = crowd.play(tmp_path, 2564, SECONDS)
    assert found.differences == []
    assert found.files == 30
    assert found.rows > 200
    assert found.kills.total() >= 3
