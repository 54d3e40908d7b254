"""ITA scores of the simulator: the centre's published ones, all others invented and steady from year to year."""

from functools import partial

import numpy as np

from chaidaen.simulate.feeds.integrity import FEEDS
from chaidaen.simulate.randomness import stream
from chaidaen.simulate.tables import Table

YEARS = range(2563, 2569)


def _sent(year: int) -> Table:
    return FEEDS[0].table("sbpac_strategy", str(year), partial(stream, 0))


def test_the_centre_has_its_published_scores() -> None:
    for year, score in ((2564, 95.64), (2565, 95.98)):
        table = _sent(year)
        [at] = np.flatnonzero(table.texts["assessed_agency_id"] == "sbpac")
        assert (table.numbers["score"][at], table.texts["level"][at]) == (score, "aa")


def test_everybody_else_is_named_as_invented_and_stays_the_same_agency() -> None:
    codes = [tuple(_sent(year).texts["assessed_code"]) for year in YEARS]
    assert len(set(codes)) == 1 and len(set(codes[0])) == len(codes[0]) == 16
    assert all("สมมุติ" in name for name in _sent(2565).texts["assessed_name"][1:])


def test_scores_lie_in_their_limits_spread_over_levels_and_some_have_no_parts() -> None:
    tables = [_sent(year) for year in YEARS]
    levels = {level for table in tables for level in table.texts["level"]}
    assert {"aa", "a", "b", "c"} <= levels
    figures = [
        value for table in tables for name in ("iit_score", "eit_score", "oit_score", "score")
        for value in table.numbers[name]
    ]  # fmt: skip
    assert None in figures
    assert all(0 <= value <= 100 for value in figures if value is not None)
