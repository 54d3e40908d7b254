"""The documentation as a site: it builds without a warning, loads nothing from elsewhere, and finds Thai words wherever
they stand."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from core.settings import PROJECT_ROOT
from tests.site_search import SiteSearch

DOCS = PROJECT_ROOT / "docs"
# What people look for, and the page that must be among the first three.
QUERIES = {
    "ครัวเรือน": "marts-catalogue.html",
    "ตัวชี้วัด": "data-dictionary.html",
    "เบิกจ่าย": "marts.html",
    "คนจนเป้าหมาย": "marts.html",
    "คำชี้แจง": "th/marked.html",
    "ระบายสี": "th/marked.html",
    "แบบฟอร์ม": "th/template.html",
    "พักไว้": "th/held.html",
    "บัตรสวัสดิการ": "data-dictionary.html",
    "กลุ่มเปราะบาง": "data-dictionary.html",
    "ข้อมูลส่วนบุคคล": "th/index.html",
    "รหัสผ่าน": "issues.html",
    "ขัดสน": "marts.html",
    "เลขประจำตัวประชาชน": "data-dictionary.html",
    "ใบรับ": "glossary.html",
    "บัณฑิต ปัตตานี": "marts.html",
    "rollback": "architecture.html",
    "poor_persons_pct": "marts-catalogue.html",
}
# Words that stand only inside longer runs of letters, and the section where.
INSIDE = {
    "เรือนยากจน": "data-dictionary.html#การเยี่ยมครัวเรือนยากจน--visits-to-poor-households",
    "สวัสดิการ": "data-dictionary.html#ผู้ลงทะเบียนบัตรสวัสดิการแห่งรัฐ--state-welfare-card-registrants",
    "จากมาเลเซีย": "data-dictionary.html#ผู้เดินทางกลับจากมาเลเซีย--returnees-from-malaysia",
    "ยากจนในปัตตานี": "marts.html#4-which-indicators-drive-poverty-in-pattani--ตัวชี้วัดใดทำให้ยากจนในปัตตานี",
    "ยากจนหลายมิติ": "marts-catalogue.html#ความยากจนหลายมิติ--multidimensional-poverty",
    "quarter_households": "marts-catalogue.html#case_progress_by_area",
}


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("site")
    built = build(PROJECT_ROOT / "mkdocs.yml", folder)
    assert built.returncode == 0, built.stderr
    return folder


@pytest.fixture(scope="module")
def search(site: Path) -> SiteSearch:
    return SiteSearch(site)


def build(config: Path, folder: Path) -> "subprocess.CompletedProcess[str]":
    command = [sys.executable, "-W", "error", "-m", "mkdocs", "build"]  # --quiet would count no warnings
    return subprocess.run(
        [*command, "--config-file", config, "--site-dir", folder],
        env=os.environ | {"NO_MKDOCS_2_WARNING": "1"},
        capture_output=True,
        text=True,
        check=False,
    )


def test_a_link_to_nowhere_or_a_page_in_no_list_fails_the_build(tmp_path: Path) -> None:
    pages = {"index.md": "[gone](gone.md)", "glossary.md": "[lost](index.md#lost)", "orphan.md": "# In no list"}
    (tmp_path / "docs").mkdir()
    for page, content in pages.items():
        (tmp_path / "docs" / page).write_text(content, encoding="utf-8")
    config = (PROJECT_ROOT / "mkdocs.yml").read_text(encoding="utf-8").replace("tools/", f"{PROJECT_ROOT}/tools/")
    config = re.sub(r"\nnav:\n.*?\n\n", "\nnav: [index.md, glossary.md]\n\n", config, flags=re.DOTALL)
    (tmp_path / "mkdocs.yml").write_text(config, encoding="utf-8")
    built = build(tmp_path / "mkdocs.yml", tmp_path / "site")
    assert built.returncode != 0
    assert {told for told in ("gone.md", "#lost", "orphan.md") if told not in built.stderr} == set()


def test_nothing_is_loaded_from_elsewhere(site: Path) -> None:
    """No font, script, style or picture: the pages work in a closed office, and nobody learns who reads what."""
    loading = re.compile(r"""(?:\ssrc=|<link[^>]*\shref=|url\(|@import\s)["']?(?:https?:)?//""")
    read = [path for path in site.rglob("*") if path.suffix in {".html", ".css"}]
    assert len(read) > 20
    assert [path.name for path in read if loading.search(path.read_text(encoding="utf-8"))] == []
    # The theme fetches its drawing library where a page has such a diagram.
    assert [path.name for path in read if 'class="mermaid"' in path.read_text(encoding="utf-8")] == []


def test_lists_and_tables_are_written_so_that_they_show_as_such() -> None:
    """Elsewhere three spaces continue a list, which needs no empty line before it; here all would be one paragraph."""
    item = re.compile(r"\s*(?:[*+-]|\d+\.)\s")
    wrong = []
    for path in sorted(DOCS.rglob("*.md")):
        before, fenced = "", False
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
            fence = line.lstrip().startswith("```")
            if not fenced:
                nested = not before and re.match(r" {1,3}\S", line)
                glued = item.match(line) and before.strip() and not item.match(before) and not before.startswith(" ")
                headless = line.startswith("|") and before.strip() and not before.startswith("|")
                if nested or glued or headless:
                    wrong.append(f"{path.relative_to(DOCS)}:{number}")
            fenced ^= fence
            before = line
    assert wrong == []


@pytest.mark.parametrize(("query", "page"), QUERIES.items())
def test_what_people_look_for_is_among_the_first_pages_found(search: SiteSearch, query: str, page: str) -> None:
    assert page in [sections[0].page for sections in search(query)[:3]]


@pytest.mark.parametrize(("query", "section"), INSIDE.items())
def test_a_word_is_found_inside_a_longer_run(search: SiteSearch, query: str, section: str) -> None:
    assert section in [found.location for sections in search(query) for found in sections]


@pytest.mark.parametrize("query", [*QUERIES, *INSIDE])
def test_the_very_words_are_marked_in_what_is_found(search: SiteSearch, query: str) -> None:
    """And nothing beside them, however often the search was asked before."""
    marked = [text.lower() for sections in search(query) for found in sections for text in found.marked]
    words = query.split()
    assert marked
    assert {text for text in marked if not any(text.startswith(word) for word in words)} == set()
    assert set(words) & set(marked)


def test_a_query_longer_than_counts_is_found_by_its_beginning(search: SiteSearch) -> None:
    first, *_ = search("ตำบลใดมีสัดส่วนคนจนเป้าหมายสูงที่สุด")
    assert first[0].page == "marts.html"


def test_what_stands_nowhere_is_not_found(search: SiteSearch) -> None:
    assert search("ซซซซ") == []


def test_a_found_row_of_a_table_is_shown_without_the_rest(search: SiteSearch) -> None:
    shown = next(found for sections in search("คนจนเป้าหมาย") for found in sections if found.page == "glossary.html")
    assert "target poor" in shown.text
    assert len(shown.text) < 300
