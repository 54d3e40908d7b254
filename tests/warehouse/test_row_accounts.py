"""Every accepted row of the small survey is in a mart or in a named exclusion, and a lost one is missed."""

from collections.abc import Callable
from typing import Any

Query = Callable[[str], list[dict[str, Any]]]


def test_rows_go_where_the_small_survey_says(query: Query) -> None:
    """By hand: household A20 came twice, one member's household was never surveyed."""
    rows = query("select dataset_id, destination, accounted_rows from candidate.row_accounts where period = '2564'")
    assert {(row["dataset_id"], row["destination"]): row["accounted_rows"] for row in rows} == {
        ("population", "in_marts"): 3,
        ("household_survey", "in_marts"): 36,
        ("household_survey", "household_listed_again"): 1,
        ("household_member", "in_marts"): 56,
        ("household_member", "household_not_surveyed"): 1,
        ("welfare_card", "in_marts"): 13,
    }


def test_rows_add_up_to_those_accepted(query: Query) -> None:
    sums = "select dataset_id, sum({}) as rows from candidate.{} where {} group by 1 order by 1"
    accounted = query(sums.format("accounted_rows", "row_accounts", "true"))
    assert accounted == query(sums.format("accepted_rows", "submission_status", "parts > 0"))


def test_every_destination_is_named_in_thai_and_english(query: Query) -> None:
    assert query("select from seeds.row_destinations where label_th !~ '[ก-๛]' or label_en !~ '[A-Za-z]'") == []
