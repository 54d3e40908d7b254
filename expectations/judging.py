"""Runs suites by Great Expectations, in a context made in code: nothing of it is kept but data docs.

Everything is judged first with `BOOLEAN_ONLY`, which costs few queries; what failed is judged again with samples.
"""

import os
import shutil
import warnings
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import chain, count
from pathlib import Path
from typing import Any
from urllib.parse import quote

from core import clock, database
from expectations.carried import Standing
from expectations.docs import write_pages
from expectations.model import Expectation, Query, Severity, Suite
from expectations.wording import hide_numbers, short_message

SAMPLES = 5
GxObject = Any  # Great Expectations' classes load too slowly to be imported for their names alone


@dataclass(frozen=True, slots=True)
class Verdict:
    """What became of one expectation. raised: it could not be judged. `observed` shows areas and figures only.

    datasets: those that what breaks it belongs to, as far as it names them or was declared for some only.
    judged_in: the earlier release whose verdict it is; None: reached now. asked: hash of all that was asked, which lets
    other releases take it over. marts: those the expectation reads.
    """

    expectation_id: str
    mart: str
    severity: Severity
    success: bool
    raised: bool
    title_th: str
    title_en: str
    observed: str | None = None
    owner: str = ""
    datasets: tuple[str, ...] = ()
    judged_in: int | None = None
    asked: str | None = None
    marts: tuple[str, ...] = ()


class Judge:
    """Reads the warehouse as the gate's role with every session pinned to one release."""

    def __init__(self, release_id: int) -> None:
        gx = load_great_expectations()
        self._context: Any = gx.get_context(mode="ephemeral")
        self._context.enable_analytics(enable=False)
        self._context.variables.progress_bars = {"globally": False}
        self._forget_site()
        # It lives in memory, yet would write all of its configuration as YAML after each table it comes to know.
        self._context._save_project_config = lambda *_, **__: None
        self._sources = {
            view: self._context.data_sources.add_postgres(view, connection_string=_pinned_url(release_id, view))
            for view in ("marts_exact", "marts", "gate")
        }
        for source in self._sources.values():
            _read_numbers_as_floats(source.get_execution_engine().engine)
        self._judged: dict[str, GxObject] = {}  # by the name of what was judged

    def _forget_site(self) -> None:
        """The pages a context would write by itself, in a temporary folder that it never removes."""
        for name, site in dict(self._context.list_data_docs_sites()).items():
            self._context.delete_data_docs_site(name)
            shutil.rmtree(site["store_backend"]["base_directory"], ignore_errors=True)

    def judge(self, suite: Suite, standing: Standing) -> list[Verdict]:
        """Every expectation of the suite has a verdict; one that Great Expectations lost counts as raised."""
        verdicts = {}
        left: defaultdict[tuple[Query | None, str | None], dict[str, Expectation]] = defaultdict(dict)
        for one in suite.expectations:
            name = suite.id_of(one)
            if name in standing.judged_in:
                verdicts[name] = _passed(suite, name, one)
            else:
                left[suite.query_of(one), standing.only.get(name)][name] = one
        for (query, only), expectations in left.items():
            verdicts |= {verdict.expectation_id: verdict for verdict in self._reach(suite, query, only, expectations)}
        return [_told(verdict, standing) for verdict in verdicts.values()]

    def _reach(
        self, suite: Suite, query: Query | None, only: str | None, expectations: dict[str, Expectation]
    ) -> Iterator[Verdict]:
        """On the mart's own rows or those of a query of the suite, all of them or those that meet a condition."""
        key, name = (query.key, f"{suite.name}.{query.name}") if query else (suite.key, suite.name)
        name = self._new_name(f"{name} (changed rows)" if only else name)
        rows = self._rows(suite, name, query, only)
        results = self._run(suite, name, {i: (e, _as_config(e)) for i, e in expectations.items()}, rows)
        failed = {i: e for i, e in expectations.items() if i in results and not results[i].success}
        for kind, how in (("rows", _rows_as_samples()), ("values", _values_as_samples(key))):
            again = {
                i: e for i, e in failed.items() if (e.expect is None) == (kind == "rows") and not _raised(results[i])
            }
            if again:
                sampled = {i: (e, _as_samples(e, key)) for i, e in again.items()}
                results |= self._run(suite, f"{name} failures ({kind})", sampled, rows, how)
        for i, expectation in expectations.items():
            yield _verdict(suite, i, expectation, results.get(i), key)

    def _new_name(self, wanted: str) -> str:
        """What is judged on different rows of one mart is told apart."""
        names = chain([wanted], (f"{wanted} {number}" for number in count(2)))
        return next(name for name in names if name not in self._judged)

    def _rows(self, suite: Suite, name: str, query: Query | None, only: str | None) -> GxObject:
        source = self._sources[suite.view]
        if query:
            sql: str | None = query.sql if only is None else f"select * from ({query.sql}) as judged where {only}"
        elif suite.rows:
            sql = suite.rows.replace("{only}", only or "true")
        else:
            sql = f"select * from {suite.view}.{suite.mart} where {only}" if only else None
        asset = source.add_query_asset(name, query=sql) if sql else source.add_table_asset(name, table_name=suite.mart)
        return asset.add_batch_definition_whole_table("all rows")

    def write_docs(self, folder: Path, earlier: Sequence[int] = ()) -> Path:
        """Data docs of everything judged so far, a page for each of its results. Returns the index page.

        earlier: releases whose verdicts stand.
        """
        from great_expectations.render.renderer import ValidationResultsPageRenderer
        from great_expectations.render.view import DefaultJinjaPageView

        renderer, view = ValidationResultsPageRenderer(), DefaultJinjaPageView()
        return write_pages(
            folder,
            {name: view.render(renderer.render(r), show_how_to_buttons=False) for name, r in self._judged.items()},
            earlier,
        )

    def close(self) -> None:
        for source in self._sources.values():
            source.get_engine().dispose()
            source.get_execution_engine().engine.dispose()

    def _run(
        self,
        suite: Suite,
        name: str,
        expectations: dict[str, tuple[Expectation, dict[str, Any]]],
        rows: GxObject,
        result_format: str | dict[str, Any] = "BOOLEAN_ONLY",
    ) -> dict[str, Any]:
        from great_expectations import ExpectationSuite, RunIdentifier

        # All at once: each one added later would be compared with all before it.
        judged = ExpectationSuite(
            name,
            [_translate(suite, number, expectation, config) for number, (expectation, config) in expectations.items()],
        )
        outcome = rows.get_batch().validate(judged, result_format=result_format)
        outcome.meta["run_id"] = RunIdentifier(run_time=clock.now())
        self._judged[name] = outcome
        return {result.expectation_config.meta["id"]: result for result in outcome.results}


def load_great_expectations() -> GxObject:
    """Imported late, for it takes seconds; with its own use of old modules kept out of our warnings."""
    os.environ.setdefault("GX_ANALYTICS_ENABLED", "false")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        import great_expectations

        from expectations import gx_rows  # noqa: F401  # makes our own expectations known to it

        return great_expectations


def _read_numbers_as_floats(engine: GxObject) -> None:
    """Great Expectations makes floats of decimals in the end, and looks through the whole call stack for each of them.

    In a process of Airflow, with its many modules, that was half of the gate's time.
    """
    from psycopg2.extensions import DECIMAL, new_type, register_type  # type: ignore[import-untyped]  # no types
    from sqlalchemy import event

    as_float = new_type(DECIMAL.values, "DECIMAL_AS_FLOAT", lambda text, _: None if text is None else float(text))
    event.listen(engine, "connect", lambda connection, _: register_type(as_float, connection))
    engine.dispose()  # a connection was tried before


def _pinned_url(release_id: int, view: str) -> str:
    url = database.url("chaidaen_gate").replace("postgresql://", "postgresql+psycopg2://", 1)
    settings = {
        "chaidaen.release": release_id,
        "search_path": view,
        "TimeZone": "UTC",
        "default_transaction_read_only": "on",
    }
    options = quote(" ".join(f"-c {name}={value}" for name, value in settings.items()))
    return f"{url}{'&' if '?' in url else '?'}options={options}&application_name=chaidaen%20gate"


def _as_config(expectation: Expectation) -> dict[str, Any]:
    """For a yes or no: conditions in one pass, queries counted."""
    if expectation.breaks is not None:
        return {"type": "expect_no_rows_where", "kwargs": {"condition": expectation.breaks}}
    if expectation.sql is not None:
        kwargs = {"unexpected_rows_query": expectation.sql}
        return {"type": "expect_query_to_return_no_rows", "kwargs": kwargs}
    return {"type": expectation.expect, "kwargs": dict(expectation.arguments)}


def _as_samples(expectation: Expectation, key: Sequence[str]) -> dict[str, Any]:
    """The same with the rows that break it; those of a condition by their key."""
    if expectation.expect is not None:
        return _as_config(expectation)
    sql = expectation.sql
    if expectation.breaks is not None:
        columns = ", ".join(key)
        condition = expectation.breaks.replace("{", "{{").replace("}", "}}")
        sql = f"select {columns} from {{batch}} where {condition} order by {columns}"
    return {"type": "unexpected_rows_expectation", "kwargs": {"unexpected_rows_query": sql}}


def _translate(suite: Suite, number: str, expectation: Expectation, config: dict[str, Any]) -> GxObject:
    from great_expectations.expectations.expectation_configuration import ExpectationConfiguration

    owner = expectation.owner or suite.owner
    return ExpectationConfiguration(
        **config,
        severity=expectation.severity,
        description=f"{expectation.title_th} | {expectation.title_en}",
        notes=f"{expectation.title_th}\n\n{expectation.title_en}\n\n{expectation.severity} · {owner} · {number}",
        meta={"id": number, "owner": owner},
    ).to_domain_obj()


def _rows_as_samples() -> dict[str, Any]:
    return {"result_format": "COMPLETE"}  # less would leave the rows out; the query itself is limited


def _values_as_samples(key: Sequence[str]) -> dict[str, Any]:
    how: dict[str, Any] = {"result_format": "SUMMARY", "partial_unexpected_count": SAMPLES}
    if key:
        how |= {"unexpected_index_column_names": list(key), "return_unexpected_index_query": False}
    return how


def _raised(result: GxObject) -> str | None:
    """The message of the exception that kept this expectation from being judged; None when it was judged."""
    info = result.exception_info or {}
    entries = [info] if "raised_exception" in info else list(info.values())
    messages = [entry.get("exception_message") or "raised" for entry in entries if entry.get("raised_exception")]
    return (short_message(messages[0]) or "raised") if messages else None


def _passed(suite: Suite, number: str, expectation: Expectation) -> Verdict:
    return Verdict(
        expectation_id=number,
        mart=suite.mart,
        severity=expectation.severity,
        success=True,
        raised=False,
        title_th=expectation.title_th,
        title_en=expectation.title_en,
        owner=expectation.owner or suite.owner,
    )


def _told(verdict: Verdict, standing: Standing) -> Verdict:
    name = verdict.expectation_id
    if (one := standing.asked.get(name)) is None:
        return verdict
    return replace(verdict, judged_in=standing.judged_in.get(name), asked=one.words, marts=tuple(sorted(one.marts)))


def _verdict(suite: Suite, number: str, expectation: Expectation, result: GxObject, key: Sequence[str]) -> Verdict:
    passed = _passed(suite, number, expectation)
    problem = "Great Expectations gave no result" if result is None else _raised(result)
    if problem is not None:
        return replace(passed, success=False, raised=True, observed=problem)
    if result.success:
        return passed
    told = result.result
    return replace(passed, success=False, observed=_observed(told, key), datasets=_datasets(expectation, told))


def _datasets(expectation: Expectation, result: dict[str, Any]) -> tuple[str, ...]:
    named = (dict(row).get("dataset_id") for row in result.get("details", {}).get("unexpected_rows", ()))
    return tuple(sorted({str(dataset) for dataset in named if dataset})) or expectation.datasets


def _observed(result: dict[str, Any], key: Sequence[str]) -> str | None:
    """How many rows broke the expectation, and a few of them: by key alone, or as the reviewed SQL shows them.

    The text of a warning is published in release_notes, so it never repeats a value of the exact mart by itself.
    """
    if rows := result.get("details", {}).get("unexpected_rows"):
        return _sampled(result.get("observed_value"), rows)
    if samples := result.get("partial_unexpected_index_list"):
        return _sampled(result.get("unexpected_count"), [{name: row[name] for name in key} for row in samples])
    if (count := result.get("unexpected_count")) is not None:
        return f"{count} row(s)"
    if (value := result.get("observed_value")) is not None:
        return hide_numbers(str(value))[:400]
    return None


def _sampled(count: object, rows: Sequence[Any]) -> str:
    texts = [", ".join(f"{name}={value}" for name, value in dict(row).items()) for row in rows[:SAMPLES]]
    more = " …" if len(rows) > SAMPLES else ""
    return f"{count} row(s): {hide_numbers('; '.join(texts))[:600]}{more}"
