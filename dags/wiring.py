"""What the flows share: the assets that connect them, and how our errors become Airflow's."""

from collections.abc import Callable
from datetime import timedelta
from functools import wraps
from typing import Any, ParamSpec, TypeVar

from airflow.sdk import Asset, AssetWatcher, Context
from airflow.sdk.exceptions import AirflowFailException

from core.errors import DatabaseUnavailable, UserFacingError
from dags.landing_trigger import LandingTrigger
from dags.ledger_trigger import LedgerTrigger

P = ParamSpec("P")
T = TypeVar("T")

FILES_LANDED = Asset(
    name="files_landed",
    uri="chaidaen://landing",
    group="chaidaen",
    watchers=[AssetWatcher(name="landing_folder", trigger=LandingTrigger())],
)
SUBMISSIONS_RECEIVED = Asset(
    name="submissions_received",
    uri="chaidaen://ledger/received",
    group="chaidaen",
    watchers=[AssetWatcher(name="ledger", trigger=LedgerTrigger())],
)
SUBMISSIONS_LOADED = Asset(name="submissions_loaded", uri="chaidaen://warehouse/raw", group="chaidaen")
RELEASE_PUBLISHED = Asset(name="release_published", uri="chaidaen://warehouse/marts", group="chaidaen")

# Every step may run twice with one effect, so anything that looks like a passing fault is tried again.
RETRIES: dict[str, Any] = {
    "owner": "data_engineering",
    "retries": 2,
    "retry_delay": timedelta(seconds=15),
    "execution_timeout": timedelta(hours=2),
}


def step(function: Callable[P, T]) -> Callable[P, T]:
    """A task body whose trouble a person must mend fails at once, with message and cure, instead of being retried."""

    @wraps(function)
    def run(*args: P.args, **kwargs: P.kwargs) -> T:
        try:
            return function(*args, **kwargs)
        except DatabaseUnavailable:
            raise
        except UserFacingError as error:
            raise AirflowFailException(" — ".join(filter(None, [error.message, error.cure]))) from error

    return run


def tell_failed(context: Context) -> None:
    """A run of a flow has failed: engineers are told once, if they want to be (`CHAIDAEN_NOTIFY_URL`)."""
    from publication import notifying

    last = context.get("ti")  # the step that decided the run, where Airflow names it
    dag = context["dag"]
    run_id = context.get("run_id") or context["dag_run"].run_id
    steps = [last.task_id] if last is not None else []
    notifying.tell(notifying.flow_failed(dag.dag_id, dag.dag_display_name, run_id, steps))


def by_hand() -> bool:
    """Whether a person started this run, who wants it done and ended rather than staying awake for more."""
    from airflow.sdk import get_current_context

    return get_current_context()["dag_run"].run_type == "manual"
