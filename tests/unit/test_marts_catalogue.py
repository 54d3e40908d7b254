"""docs/marts-catalogue.md says of every mart what its model says, in Thai and English."""

import re
import shutil
from pathlib import Path

import pytest
import yaml

from core.errors import BuildFailed
from core.settings import PROJECT_ROOT
from publication.marts_catalogue import PAGE, catalogue_page

DBT = PROJECT_ROOT / "dbt_project"
ROW = re.compile(r"^\| `(\w+)` \| [^|]*[ก-๛][^|]* \| [^|]*[A-Za-z][^|]* \| `[^`]+`, ", re.MULTILINE)


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """The part of the dbt project the page is made from, to be changed."""
    copied = tmp_path / "dbt_project"
    for folder in ("models", "macros"):
        shutil.copytree(DBT / folder, copied / folder)
    return copied


@pytest.fixture(scope="module")
def page() -> str:
    return catalogue_page()


def mart(page: str, name: str) -> str:
    return page.split(f"\n### `{name}`\n")[1].split("\n#", maxsplit=1)[0]


def change(project: Path, name: str, before: str, after: str) -> None:
    path = project / "models" / "marts" / f"{name}.yml"
    text = path.read_text(encoding="utf-8")
    assert before in text
    path.write_text(text.replace(before, after, 1), encoding="utf-8")


def test_the_page_is_fresh(page: str) -> None:
    """When this fails, a model was changed without: chaidaen contracts sync."""
    assert (PROJECT_ROOT / "docs" / PAGE).read_text(encoding="utf-8") == page


def test_every_mart_and_column_is_there_in_both_languages(page: str) -> None:
    """Read as lines from the models' files, and not as the page reads them."""
    models = sorted((DBT / "models" / "marts").glob("*.sql"))
    assert len(models) > 20
    for model in models:
        name = model.stem.removesuffix("_listed")  # readers know it by its alias; a seed has the name
        described = model.with_suffix(".yml").read_text(encoding="utf-8")
        columns = re.findall(r"^      - name: (\w+)", described, re.MULTILINE)
        assert ROW.findall(mart(page, name)) == columns, name


def test_what_a_column_is_computed_from_and_hidden_with_stands_beside_it(page: str) -> None:
    poverty, measures = mart(page, "poverty_by_area"), mart(page, "poverty_measures_by_area")
    assert "สัดส่วน \\| share, `target_poor_persons` ÷ `surveyed_persons` |" in poverty
    assert "จำนวนนับ \\| count, ครัวเรือน \\| households |" in poverty
    assert "ซ่อนพร้อม \\| hidden with `poor_units` |" in measures


def test_readers_grain_datasets_and_uses_are_told(page: str) -> None:
    cases, poverty = mart(page, "household_cases"), mart(page, "poverty_by_area")
    assert "`cases`" in cases
    assert "`marts_exact`" not in cases
    assert "One row per: `area_code` × `survey_year_be`" in poverty
    assert "(data-dictionary.md#welfare_card)" in poverty
    assert "Poverty dashboards of the BI tools" in poverty
    assert "the poverty scheme is provisional" in poverty


def test_every_column_of_an_area_in_one_picture_says_which_mart_it_comes_from() -> None:
    """In both languages, and the same mart that gate and trace look it up in; a share is of columns of its row."""
    described = yaml.safe_load((DBT / "models" / "marts" / "area_profiles.yml").read_text(encoding="utf-8"))
    [model] = described["models"]
    for column in model["columns"]:
        thai, english = column["description"].split(" | ")
        meta = column["config"]["meta"]
        if column["name"] in model["config"]["meta"]["grain"]:
            continue
        if english.endswith("(of columns of this row)"):
            assert thai.endswith("คิดจากคอลัมน์ในแถวนี้")
            assert "taken_from" not in meta
            continue
        said = re.search(r" \(from (\w+)\)$", english)
        assert said, column["name"]
        assert thai.endswith(f"ที่มา: {said[1]}")
        assert (DBT / "models" / "marts" / f"{said[1]}.sql").exists()
        assert meta.get("taken_from", {}).get("mart", said[1]) == said[1]


def test_a_changed_model_makes_another_page(project: Path, page: str) -> None:
    assert catalogue_page(project) == page
    change(project, "areas", "Thai name without its prefix", "Thai name alone")
    assert "| Thai name alone |" in mart(catalogue_page(project), "areas")


def test_a_unit_without_thai_words_is_refused(project: Path) -> None:
    change(project, "poverty_by_area", "unit: households", "unit: dwellings")
    with pytest.raises(BuildFailed, match=r"poverty_by_area\.surveyed_households: .* no Thai words for “dwellings”"):
        catalogue_page(project)
