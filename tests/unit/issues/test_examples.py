"""docs/issues.md shows what the check really says, and no code of the catalogue is dead."""

import ast

import pytest

from core.settings import PROJECT_ROOT
from ingestion.examples.cases import CASES
from ingestion.examples.page import PAGE, example, issues_page, raised
from ingestion.issues import catalogue

NOT_RAISING = {"examples", "issues"}


def texts_in_code() -> set[str]:
    """Every text constant of the intake's code, but for the catalogue and the examples."""
    found: set[str] = set()
    for path in (PROJECT_ROOT / "ingestion").rglob("*.py"):
        if path.relative_to(PROJECT_ROOT / "ingestion").parts[0] not in NOT_RAISING:
            tree = ast.parse(path.read_text(encoding="utf-8"))
            found |= {
                node.value for node in ast.walk(tree) if isinstance(node, ast.Constant) and isinstance(node.value, str)
            }
    return found


@pytest.mark.parametrize("code", CASES)
def test_the_smallest_file_raises_its_code(code: str) -> None:
    """By a real check of the file; what is said is bilingual and has its cure."""
    assert code in {issue.code for issue in raised(CASES[code])}
    _, issue = example(code)
    assert issue.message_th
    assert issue.cure_th
    assert issue.severity == catalogue()[code].severity or code == "id_no_person"


def test_no_code_is_dead_and_none_is_raised_without_being_in_the_catalogue() -> None:
    """Every code either comes out of a real check here, or is written where the intake raises it."""
    elsewhere = catalogue().keys() - CASES.keys()
    assert elsewhere - texts_in_code() == set()
    assert CASES.keys() - catalogue().keys() == set()


def test_well_over_forty_kinds_come_out_of_real_checks() -> None:
    assert len(CASES) >= 70


def test_the_page_in_docs_is_fresh() -> None:
    """`chaidaen contracts sync` writes it again."""
    assert (PROJECT_ROOT / "docs" / PAGE).read_text(encoding="utf-8") == issues_page()


def test_the_page_shows_no_identifier() -> None:
    page = issues_page()
    messages = "\n".join(line for line in page.splitlines() if not line.startswith("* ในไฟล์"))
    assert "1234567890122" not in messages
    assert "1-2xxx-xxxxx-xx-2" in messages
