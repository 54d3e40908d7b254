"""Two expectations of ours for Great Expectations: conditions on rows in one pass, queries that run once.

Imported late, with Great Expectations itself. A condition becomes an aggregate, which Great Expectations bundles with
all others of the batch into one SELECT; its own expectation on a query runs that query twice even for a yes or no.
"""

from typing import Any, ClassVar

from great_expectations.compatibility.sqlalchemy import sqlalchemy as sa
from great_expectations.core.metric_domain_types import MetricDomainTypes
from great_expectations.core.metric_function_types import MetricPartialFunctionTypes
from great_expectations.execution_engine import SqlAlchemyExecutionEngine
from great_expectations.expectations.core import UnexpectedRowsExpectation
from great_expectations.expectations.expectation import BatchExpectation
from great_expectations.expectations.metrics.metric_provider import metric_partial
from great_expectations.expectations.metrics.table_metric_provider import TableMetricProvider


class RowsWhere(TableMetricProvider):  # type: ignore[misc]  # Great Expectations is not typed for us
    """How many rows meet a condition, as one aggregate."""

    metric_name = "table.rows_where"
    value_keys = ("condition",)

    @metric_partial(  # type: ignore[untyped-decorator]  # theirs
        engine=SqlAlchemyExecutionEngine,
        partial_fn_type=MetricPartialFunctionTypes.AGGREGATE_FN,
        domain_type=MetricDomainTypes.TABLE,
    )
    def _sqlalchemy(
        cls,  # noqa: N805  # as Great Expectations wants it
        execution_engine: object,
        metric_domain_kwargs: dict[str, Any],
        metric_value_kwargs: dict[str, Any],
        metrics: dict[str, Any],
        runtime_configuration: dict[str, Any],
    ) -> tuple[Any, dict[str, Any], dict[str, Any]]:
        condition = sa.literal_column(f"({metric_value_kwargs['condition']})")
        return sa.func.count().filter(condition), metric_domain_kwargs, {}


class ExpectNoRowsWhere(BatchExpectation):  # type: ignore[misc]
    """No row meets the SQL `condition`; a condition that is NULL is not met."""

    condition: str
    metric_dependencies: ClassVar[tuple[str, ...]] = ("table.rows_where",)
    success_keys: ClassVar[tuple[str, ...]] = ("condition",)

    def _validate(
        self, metrics: dict[str, Any], runtime_configuration: object = None, execution_engine: object = None
    ) -> dict[str, Any]:
        count = metrics["table.rows_where"]
        return {"success": count == 0, "result": {"observed_value": count}}


class ExpectQueryToReturnNoRows(UnexpectedRowsExpectation):  # type: ignore[misc]
    """The query is run once and its rows are counted; none is fetched."""

    metric_dependencies: ClassVar[tuple[str, ...]] = ("unexpected_rows_query.row_count",)

    def _validate(
        self, metrics: dict[str, Any], runtime_configuration: object = None, execution_engine: object = None
    ) -> dict[str, Any]:
        count = metrics["unexpected_rows_query.row_count"]
        return {"success": count == 0, "result": {"observed_value": count}}
