"""How the suite is spread over workers."""

import pytest

from core.settings import PROJECT_ROOT
from tests.spreading import DEAR, WITHOUT_IT, unit_of


@pytest.mark.parametrize("unit", [*DEAR, *WITHOUT_IT])
def test_what_is_put_first_exists(unit: str) -> None:
    assert (PROJECT_ROOT / unit).exists()


def test_files_that_read_the_one_build_of_the_small_survey_stay_together() -> None:
    folder = PROJECT_ROOT / "tests" / "warehouse"
    readers = {
        path.relative_to(PROJECT_ROOT).as_posix()
        for path in folder.glob("test_*.py")
        if any(word in path.read_text(encoding="utf-8") for word in ("release: dict[str", "query: Query"))
    }
    assert len(readers) > 5
    assert {unit_of(f"{file}::test_it[1]") for file in readers} == {"tests/warehouse"}
    assert unit_of("tests/unit/test_clock.py::test_it") == "tests/unit/test_clock.py"
