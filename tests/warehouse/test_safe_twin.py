"""What the safe mart hides, on a mart made for it."""

from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

from core import database
from tests.warehouse import dbt_runs

Query = Callable[[str], list[dict[str, Any]]]

# Helped households and baht of four areas: many, few, nobody, and one whose households are not known.
SQL = """
select
    area_code, helped_households, cast(paid as numeric(12, 2)) as paid_baht,
    cast(score as numeric(3, 1)) as average_score,
    {{ share_pct('paid', 'planned') }} as paid_pct, cast(planned as numeric(12, 2)) as planned_baht
from (values
    ('9401', cast(12 as bigint), 6000.50, 3.5, 12001), ('9402', 2, 900, 4, 1000), ('9403', 0, 0, null, 1000),
    ('9404', null, 50, 1, 1000)
) as made (area_code, helped_households, paid, score, planned)
"""
COLUMNS = {
    "area_code": ("text", "kind: key"),
    "helped_households": ("bigint", "kind: count, unit: households"),
    "paid_baht": ("numeric(12, 2)", "kind: sum, unit: baht, depends_on: helped_households"),
    "average_score": ("numeric(3, 1)", "kind: score, unit: points, depends_on: helped_households"),
    "paid_pct": ("numeric(5, 1)", "kind: share, unit: percent, numerator: paid_baht, denominator: planned_baht"),
    "planned_baht": ("numeric(12, 2)", "kind: sum, unit: baht"),
}
HEAD = """version: 2
models:
  - name: made_help
    description: "ทดสอบ | Made for a test"
    config: {group: places, meta: {grain: [area_code]}}
    columns:
"""


def write(project: Path, **other: str) -> None:
    """The mart with its columns described, some of them by another meta."""
    marts = project / "models" / "marts"
    (marts / "made_help.sql").write_text(SQL, encoding="utf-8")
    lines = [
        f'      - {{name: {name}, data_type: "{kind}", description: "ไทย | English",'
        f" config: {{meta: {{{other.get(name, meta)}}}}}}}\n"
        for name, (kind, meta) in COLUMNS.items()
    ]
    (marts / "made_help.yml").write_text(HEAD + "".join(lines), encoding="utf-8")


def test_a_sum_is_hidden_with_the_count_it_depends_on(
    release: dict[str, Any], project_copy: Path, query: Query
) -> None:
    """Two households' 900 baht would tell what one of them got; so would the share of the plan they are."""
    write(project_copy)
    try:
        outcome = dbt_runs.invoke("run", "--select", "made_help", project=project_copy, variables=release)
        assert dbt_runs.problems(outcome) == []
        rows = {row["area_code"]: row for row in query("select * from candidate_safe.made_help")}
    finally:
        with database.connect() as connection:
            connection.execute("drop table if exists candidate.made_help, candidate_safe.made_help")
    assert (rows["9401"]["paid_baht"], rows["9401"]["paid_pct"]) == (Decimal("6000.50"), Decimal("50.0"))
    assert rows["9401"]["_redacted"] == []
    for area in ("9402", "9403", "9404"):
        row = rows[area]
        assert (row["helped_households"], row["paid_baht"], row["average_score"], row["paid_pct"]) == (None,) * 4
        assert row["planned_baht"] == 1000
    assert rows["9402"]["_redacted"] == ["helped_households", "paid_baht", "average_score", "paid_pct"]
    assert rows["9403"]["_redacted"] == ["helped_households", "paid_baht", "paid_pct"], "an empty score hides nothing"
    assert rows["9404"]["_redacted"] == ["paid_baht", "average_score", "paid_pct"]


def test_a_sum_can_only_depend_on_a_count(release: dict[str, Any], project_copy: Path) -> None:
    write(project_copy, paid_baht="kind: sum, unit: baht, depends_on: area_code")
    outcome = dbt_runs.invoke("run", "--select", "made_help", project=project_copy, variables=release)
    assert not outcome.success
    assert "made_help.paid_baht: meta.depends_on names area_code" in " ".join(dbt_runs.problems(outcome))
