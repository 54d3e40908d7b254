"""Engineers are told once of a failed flow, a held release and an old one, through a real webhook and mail server."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from core import clock, database
from core.settings import reload as reload_settings
from publication import notifying
from publication.notifying import Told, flow_failed, tell
from publication.releases import hold, publish
from tests.end_to_end.hand_made import mark_gated, stored_release
from tests.end_to_end.listening import Heard, mail_server, webhook

THAI, LATIN = re.compile("[\u0e01-\u0e3a]"), re.compile("[A-Za-z]{4}")
NOW = datetime(2022, 2, 1, 3, tzinfo=UTC)


@pytest.fixture(autouse=True)
def nothing_told(module_home: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """No release, nothing noticed before; the clock stands."""
    with database.connect() as connection:
        connection.execute("update store.current set release_id = null")
        connection.execute("truncate ops.releases, ops.release_events, store.parts, ops.notices cascade")
        connection.execute("insert into store.current default values on conflict do nothing")
    with clock.fixed(NOW):
        yield
    monkeypatch.undo()
    reload_settings()


def configure(monkeypatch: pytest.MonkeyPatch, url: str, **others: str) -> None:
    monkeypatch.setenv("CHAIDAEN_NOTIFY_URL", url)
    for name, value in others.items():
        monkeypatch.setenv(f"CHAIDAEN_{name}", value)
    reload_settings()


@pytest.fixture
def hook(monkeypatch: pytest.MonkeyPatch) -> Iterator[Heard]:
    with webhook() as heard:
        configure(monkeypatch, f"http://127.0.0.1:{heard.port}/hook")
        yield heard


def held_release(gate: str = "failed") -> int:
    release_id = stored_release(1)
    mark_gated(release_id, gate)
    hold(release_id, "tests", f"gate {gate}")
    return release_id


def unsent() -> list[tuple[object, ...]]:
    with database.connect() as connection:
        return connection.execute(
            "select notice_key, attempts, last_error from ops.notices where sent_at is null order by 1"
        ).fetchall()


def test_without_an_address_nothing_is_told_and_nothing_kept() -> None:
    held_release()
    assert tell(flow_failed("a_flow", "Title", "run 1", [])) == Told()
    assert unsent() == []


def test_a_held_release_is_told_once_in_both_languages(hook: Heard) -> None:
    release_id = held_release()
    assert tell() == Told(1)
    assert tell() == Told()
    [post] = hook.posts
    assert (post["key"], post["kind"]) == (f"release_held:{release_id}", "release_held")
    assert post["text"] == f"{post['subject']}\n{post['body']}"
    assert all(THAI.search(post[name]) and LATIN.search(post[name]) for name in ("subject", "body"))
    assert str(release_id) in post["subject"]


def test_who_must_approve_is_told_how(hook: Heard) -> None:
    release_id = held_release("warning")
    tell()
    assert f"chaidaen publish {release_id} --approve" in hook.posts[0]["body"]


def fallback_of(failed: int, gate: str, *datasets: str) -> int:
    release_id = stored_release(1)
    mark_gated(release_id, gate)
    with database.connect() as connection:
        connection.execute("update ops.releases set fallback_of = %s where release_id = %s", [failed, release_id])
        for dataset in datasets:
            connection.execute(
                "insert into ops.release_held_back values (%s, %s, %s, %s)", [release_id, dataset, clock.now(), failed]
            )
    return release_id


def test_a_failed_release_and_the_one_in_its_place_are_one_event(hook: Heard) -> None:
    """Not that readers stay where they were, nor each attempt that failed too."""
    failed = held_release()
    hold(fallback_of(failed, "failed", "welfare_card"), "gate", "gate failed")
    passed = fallback_of(failed, "warning", "population", "welfare_card")
    publish(passed, "tests")
    assert tell() == Told(1)
    [post] = hook.posts
    assert post["key"] == f"release_held:{failed}"
    assert post["subject"].endswith("What is new in population, welfare_card is held back")
    assert f"Release {passed} has passed and takes its place" in post["body"]
    assert "The published release stands" not in post["body"]


def test_one_in_its_place_that_waits_for_a_person_is_told_too(hook: Heard) -> None:
    failed = held_release()
    waiting = fallback_of(failed, "warning", "population")
    hold(waiting, "tests", "waits for approval")
    assert tell() == Told(2)
    assert f"chaidaen publish {waiting} --approve" in hook.posts[1]["body"]


def test_a_failed_flow_is_told_once_for_each_run(hook: Heard) -> None:
    """Airflow may call twice for one run; the next run that fails is another event."""
    for run in ("run 1", "run 1", "run 2"):
        tell(flow_failed("build_and_publish", "สร้าง · Build", run, ["gate"]))
    assert [post["key"] for post in hook.posts] == [f"flow_failed:build_and_publish:run {n}" for n in (1, 2)]
    assert "gate" in hook.posts[0]["body"]


def test_an_old_release_is_told_once_and_a_new_one_again_when_it_is_old(hook: Heard) -> None:
    first = stored_release(1)
    mark_gated(first)
    publish(first, "tests")
    assert tell() == Told()
    with clock.fixed(NOW + timedelta(hours=169)):
        assert tell() == Told(1)
        assert tell() == Told()
        second = stored_release(2)
        mark_gated(second)
        publish(second, "tests")
        assert tell() == Told()
    with clock.fixed(NOW + timedelta(hours=400)):
        assert tell() == Told(1)
    assert [post["key"] for post in hook.posts] == [f"release_stale:{number}" for number in (first, second)]


def test_the_age_that_is_old_is_a_setting(hook: Heard, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CHAIDAEN_STALE_HOURS", "2")
    reload_settings()
    release_id = stored_release(1)
    mark_gated(release_id)
    publish(release_id, "tests")
    with clock.fixed(NOW + timedelta(hours=1)):
        assert tell() == Told()
    with clock.fixed(NOW + timedelta(hours=3)):
        assert tell() == Told(1)


def test_what_could_not_be_told_is_kept_and_told_the_next_time(hook: Heard) -> None:
    """Nothing is raised into the flow; the answer of the server is kept, its address is not."""
    release_id = held_release()
    hook.answer = 503
    assert tell() == Told(0, 1)
    assert tell() == Told(0, 1)
    assert unsent() == [(f"release_held:{release_id}", 2, "the webhook answered 503")]
    hook.answer = 200
    assert tell() == Told(1)
    assert len(hook.posts) == 1
    assert unsent() == []


def test_a_server_that_is_not_there_fails_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    configure(monkeypatch, "http://127.0.0.1:9/secret-token")
    held_release()
    assert tell() == Told(0, 1)
    assert "secret-token" not in str(unsent())
    configure(monkeypatch, "smtp://127.0.0.1:9/?from=a@example.org&to=b@example.org")
    assert tell() == Told(0, 1)


def test_news_that_could_not_be_told_for_days_is_no_news(hook: Heard) -> None:
    held_release()
    hook.answer = 500
    tell()
    hook.answer = 200
    with clock.fixed(NOW + notifying.TRIED_FOR + timedelta(hours=1)):
        assert tell() == Told()


def test_a_flow_that_failed_for_want_of_a_database_is_told_all_the_same(
    hook: Heard, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as away:
        away.setenv("CHAIDAEN_DATABASE_URL", "postgresql://nobody@127.0.0.1:1/nothing")
        reload_settings()
        database.forget()
        assert tell(flow_failed("a_flow", "Title", "run 1", [])) == Told(1)
    reload_settings()
    database.forget()
    assert [post["key"] for post in hook.posts] == ["flow_failed:a_flow:run 1"]


def test_an_address_that_means_nothing_fails_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    configure(monkeypatch, "carrier-pigeon://loft")
    assert tell(flow_failed("a_flow", "Title", "run 1", [])) == Told(failed=1)


def test_the_same_by_mail_in_thai_to_everybody_named(monkeypatch: pytest.MonkeyPatch) -> None:
    with mail_server() as heard:
        configure(monkeypatch, f"smtp://127.0.0.1:{heard.port}/?from=dw@example.org&to=a@example.org&to=b@example.org")
        release_id = held_release()
        heard.answer = 451
        assert tell() == Told(0, 1)
        heard.answer = 200
        assert tell() == Told(1)
        [mail] = heard.mails
    assert mail["Subject"] == f"ชุดที่ {release_id} ถูกระงับ · Release {release_id} is held"
    assert "ชุดที่เผยแพร่อยู่ยังคงเดิม" in mail.get_content()
    assert heard.recipients == ["a@example.org", "b@example.org"]
    assert mail["X-Chaidaen-Key"] == f"release_held:{release_id}"
