"""Keys for identifiers: stable with one secret, different with another, and never computable without it."""

import hashlib
import stat
from collections.abc import Iterator
from pathlib import Path

import pyarrow as pa
import pytest

from core.errors import UserFacingError
from core.settings import reload as reload_settings
from core.settings import settings
from ingestion.pseudonyms import keys

SECRET = bytes(range(32))
INVENTED = ["0000000000001", None, "0000000000002", "0000000000001"]  # no person has a number like these


@pytest.fixture(autouse=True)
def key_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    monkeypatch.setenv("CHAIDAEN_HOME", str(tmp_path))
    reload_settings()
    yield settings().pseudonym_key_file
    monkeypatch.undo()
    reload_settings()


def test_the_key_is_keyed_blake2b_of_128_bits(key_file: Path) -> None:
    key_file.parent.mkdir()
    key_file.write_text(SECRET.hex())
    expected = hashlib.blake2b(b"0000000000001", digest_size=16, key=SECRET, person=b"person").digest()
    assert keys(pa.array(INVENTED), "person").to_pylist()[0] == expected


def test_equal_identifiers_have_equal_keys_and_a_missing_one_has_none() -> None:
    first, missing, other, again = keys(pa.chunked_array([INVENTED[:2], INVENTED[2:]]), "person").to_pylist()
    assert first == again != other
    assert missing is None


def test_a_person_and_a_household_of_the_same_number_are_not_linked() -> None:
    assert keys(pa.array(INVENTED[:1]), "person") != keys(pa.array(INVENTED[:1]), "household")


def test_the_secret_is_made_once_and_readable_by_the_owner_only(key_file: Path) -> None:
    before = keys(pa.array(INVENTED), "person")
    assert stat.S_IMODE(key_file.stat().st_mode) == 0o600
    assert len(bytes.fromhex(key_file.read_text())) == 32
    assert keys(pa.array(INVENTED), "person") == before


def test_no_rows_are_no_keys() -> None:
    assert len(keys(pa.array([], pa.string()), "person")) == 0
    assert keys(pa.array([None], pa.string()), "person").to_pylist() == [None]


@pytest.mark.parametrize("content", ["not hex", "00", ""])
def test_a_damaged_key_file_stops_everything_instead_of_making_other_keys(key_file: Path, content: str) -> None:
    key_file.parent.mkdir()
    key_file.write_text(content)
    with pytest.raises(UserFacingError, match="pseudonym key"):
        keys(pa.array(INVENTED), "person")
