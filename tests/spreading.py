"""How the suite is spread over workers: dear files first, so that both workers end at once, and what is dear once."""

import pytest
from xdist.remote import Producer
from xdist.scheduler import LoadFileScheduling

SMALL_SURVEY = "tests/warehouse"
WITHOUT_IT = ("tests/warehouse/test_five_provinces.py", "tests/warehouse/test_slices.py")
# By what they cost. The first two do not want the same home built at the same time.
DEAR = (
    "tests/warehouse/test_slices.py",
    "tests/warehouse/test_five_provinces.py",
    "tests/end_to_end/test_release_fallback.py",
    SMALL_SURVEY,
    "tests/faults/test_release_kills.py",
    "tests/dags/test_flow_run.py",
    "tests/end_to_end/test_rebuild.py",
    "tests/end_to_end/test_trace.py",
    "tests/faults/hostile/test_hostile_files.py",
    "tests/dags/test_approval_flow.py",
    "tests/end_to_end/test_whole_way.py",
    "tests/end_to_end/test_benchmarks.py",
)


def unit_of(nodeid: str) -> str:
    """What one worker runs in one go: a file, or all files that read the one build of the small survey."""
    file = nodeid.split("::", 1)[0]
    return SMALL_SURVEY if file.startswith(f"{SMALL_SURVEY}/") and file not in WITHOUT_IT else file


class Spreading(LoadFileScheduling):
    def _split_scope(self, nodeid: str) -> str:
        return unit_of(nodeid)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    ranks = {unit: place for place, unit in enumerate(DEAR)}
    items.sort(key=lambda item: ranks.get(unit_of(item.nodeid), len(ranks)))


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> Spreading | None:
    if config.getvalue("dist") != "loadfile":
        return None
    config.option.loadscopereorder = False  # by the number of tests, which says little of their cost
    return Spreading(config, log)
