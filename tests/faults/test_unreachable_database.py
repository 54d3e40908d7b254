"""A database that can't be reached: nothing lost, an error with its cure, and the next run ends with one effect."""

import sys

import pytest

from chaidaen.cli import main
from core import database
from core.errors import DatabaseUnavailable
from core.postgres import EmbeddedServer
from core.settings import reload as reload_settings
from core.settings import settings
from ingestion import archive, intake, ledger
from ingestion.stages import Archived, Drop
from tests.end_to_end.dropping import csv_bytes, drop, query, rows_of, tambon_rows

pytestmark = pytest.mark.usefixtures("module_home")


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> EmbeddedServer:
    """A server that we may not start ourselves, as any database elsewhere: named by CHAIDAEN_DATABASE_URL."""
    embedded = EmbeddedServer(settings().home)
    monkeypatch.setenv("CHAIDAEN_DATABASE_URL", embedded.start())
    reload_settings()
    database.forget()
    database.url()
    return embedded


def test_it_is_down_before_anything_begins(
    server: EmbeddedServer, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """The command ends with 1 and says what to do; the file is untouched in landing."""
    path = drop(csv_bytes(tambon_rows(9)), "a.csv", part="down")
    server.stop()
    monkeypatch.setattr(sys, "argv", ["chaidaen", "ingest"])
    with pytest.raises(SystemExit) as ended:
        main()
    told = capsys.readouterr().err
    assert ended.value.code == 1
    assert "PostgreSQL cannot be reached" in told
    assert "→ Check CHAIDAEN_DATABASE_URL" in told
    assert "Traceback" not in told
    assert path.exists()
    server.start()
    [number] = intake.receive_all()
    assert [one.state for one in intake.process_all()] == ["loaded"]
    assert len(rows_of("raw", "population", number)) == 9


def test_it_goes_down_between_archive_and_ledger(server: EmbeddedServer, monkeypatch: pytest.MonkeyPatch) -> None:
    path = drop(csv_bytes(tambon_rows(9, men=30)), "a.csv", part="between")
    stored = archive.store

    def store_and_stop(one: Drop) -> Archived:
        kept = stored(one)
        server.stop()
        return kept

    monkeypatch.setattr(archive, "store", store_and_stop)
    with pytest.raises(DatabaseUnavailable, match="went away") as told:
        intake.receive_all()
    assert "Start the same command again" in str(told.value.cure)
    assert path.exists()
    monkeypatch.setattr(archive, "store", stored)
    server.start()
    [number] = intake.receive_all()
    assert not path.exists()
    assert [one.state for one in intake.process_all()] == ["loaded"]
    assert len(query("select from ops.submissions where part = 'between'")) == 1
    assert len(rows_of("raw", "population", number)) == 9


def test_it_goes_down_while_somebody_decides(
    server: EmbeddedServer, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A command of any kind says what happened and what to do; nothing was decided, and the same command decides it."""
    drop(csv_bytes(tambon_rows(9, men=40)), "a.csv", part="deciding")
    [number] = intake.receive_all()
    intake.process_all()
    withdraw = ledger.withdraw

    def stop_and_withdraw(connection: ledger.AnyConnection, submission_id: int, reason: str) -> None:
        server.stop()
        withdraw(connection, submission_id, reason)

    monkeypatch.setattr(ledger, "withdraw", stop_and_withdraw)
    monkeypatch.setattr(sys, "argv", ["chaidaen", "withdraw", str(number), "--reason", "sent by mistake"])
    with pytest.raises(SystemExit) as ended:
        main()
    told = capsys.readouterr().err
    assert ended.value.code == 1
    assert "→ Nothing is half done." in told
    assert "Traceback" not in told
    monkeypatch.setattr(ledger, "withdraw", withdraw)
    server.start()
    assert query(f"select state from ops.submissions where submission_id = {number}") == [{"state": "loaded"}]
    with pytest.raises(SystemExit) as ended:
        main()
    assert not ended.value.code
    assert query(f"select state from ops.submissions where submission_id = {number}") == [{"state": "withdrawn"}]
